"""Cells sent one by one by an open sheet: saved, or only read; each answer says what to redraw."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from indicators.definition import FormDefinition, RowDefinition
from indicators.queries.definitions import form_definition
from reporting.access import submission_for
from reporting.actions.figures import Saved, save_attempts
from reporting.documents.cells import printed_figure
from reporting.entry import Attempt, box_attempt, box_text
from reporting.lines import SheetRow, kept, other_wrote
from reporting.models import Submission
from reporting.numbers import Unreadable
from reporting.queries.figures import snapshot
from reporting.refusals import Conflict, Refused
from reporting.sheet import SheetUpdate, build_update
from reporting.snapshot import SubmissionSnapshot
from reporting.views.requests import SignedInRequest

MOST_ENTRIES = 500
HIGHEST_REVISION = 999_999_999
_NAME = re.compile(r"[a-z0-9]{8,40}\.[0-9]{1,9}")
_UNREADABLE = (
    "Trang gửi nội dung mà máy chủ không đọc được; chưa ô nào được lưu."
    " Số đã gõ vẫn giữ trong máy này: hãy tải lại trang."
)
_NO_ROW = "Biểu mẫu không có ô nhập này, nên không lưu được. Hãy tải lại trang để xem biểu đúng."


class BadEntries(ValueError):
    """What a page sent is no list of entries."""


def _entries(request: HttpRequest) -> tuple[int, Sequence[Mapping[str, Any]]]:
    """Return the revision that the page shows, and its entries; raise BadEntries."""
    try:
        sent = json.loads(request.body)
        seen, entries = sent["seen"], sent["entries"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadEntries from error
    if not (_is_revision(seen) and isinstance(entries, list) and len(entries) <= MOST_ENTRIES):
        raise BadEntries
    if not all(_is_entry(entry) for entry in entries):
        raise BadEntries
    return seen, entries


def _is_revision(number: object) -> bool:
    return type(number) is int and 0 <= number <= HIGHEST_REVISION


def _is_entry(entry: object) -> bool:
    """An entry names itself and its row, says what the person saw, and brings words."""
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("name"), str)
        and _NAME.fullmatch(entry["name"]) is not None
        and type(entry.get("row")) is int
        and _is_revision(entry.get("base"))
        and all(isinstance(entry.get(half), str | None) for half in ("figure", "note"))
    )


def _answering(
    work: Callable[[SignedInRequest, Submission], dict[str, Any]],
) -> Callable[[SignedInRequest, int], JsonResponse]:
    """Let ``work`` answer for a submission that the person may see, refusals in a sentence."""

    @require_POST
    def view(request: SignedInRequest, pk: int) -> JsonResponse:
        submission = submission_for(request.user, pk)
        try:
            return JsonResponse(work(request, submission))
        except BadEntries:
            return JsonResponse({"sentence": _UNREADABLE}, status=400)
        except Refused as refusal:
            return JsonResponse({"sentence": str(refusal)}, status=409)

    return view


@_answering
def save(request: SignedInRequest, submission: Submission) -> dict[str, Any]:
    """Save the entries of an open sheet, and say what has become of each."""
    seen, entries = _entries(request)
    form = form_definition(submission.form_version)
    attempts, strays = _attempts(form, entries)
    saved = save_attempts(
        submission=submission, attempts=attempts, by=request.user, via="cell", seen=seen
    )
    touched = {attempt.key for attempt in attempts} | set(saved.moved)
    update = build_update(saved.now, touched)
    return {
        "revision": saved.revision,
        "at": f"{timezone.localtime():%H:%M}",
        "results": [*strays, *(_result(attempt, saved) for attempt in attempts)],
        "moved": [form.by_key[key].id for key in saved.moved],
        **_redrawn(update),
    }


@_answering
def read(request: SignedInRequest, submission: Submission) -> dict[str, Any]:
    """Say what would be understood of what is being typed, and what it would make of the rows
    computed from it. Nothing is written."""
    _, entries = _entries(request)
    now = snapshot(submission)
    attempts, strays = _attempts(now.form, entries)
    results, cells = [*strays], dict(now.cells)
    for attempt in attempts:
        row = now.form.by_key[attempt.key]
        try:
            cells[attempt.key] = attempt.make(now.cell(attempt.key))
        except Unreadable as error:
            results.append(_outcome(attempt, row, "refused", sentence=str(error)))
            continue
        tried = replace(now, cells=cells)
        results.append(_outcome(attempt, row, "read", heard=_heard(row, tried)))
    update = build_update(replace(now, cells=cells), {attempt.key for attempt in attempts})
    return {"results": results, **_redrawn(update)}


def _attempts(
    form: FormDefinition, entries: Sequence[Mapping[str, Any]]
) -> tuple[list[Attempt], list[dict[str, Any]]]:
    """Return what the entries make of cells, and the results of those that name no box."""
    boxes = {row.id: row for row in form.typed_rows}
    attempts, strays = [], []
    for entry in entries:
        row = boxes.get(entry["row"])
        if row is None:
            strays.append(
                {"name": entry["name"], "row": entry["row"], "is": "refused", "sentence": _NO_ROW}
            )
            continue
        attempts.append(
            box_attempt(row, entry["base"], entry.get("figure"), entry.get("note"), entry["name"])
        )
    return attempts, strays


def _result(attempt: Attempt, saved: Saved) -> dict[str, Any]:
    """Say what has become of one entry."""
    row, now = saved.now.form.by_key[attempt.key], saved.now
    conflict = next((one for one in saved.conflicts if one.key == attempt.key), None)
    refused = saved.refused.get(attempt.key)
    if conflict is not None:
        return _outcome(
            attempt,
            row,
            "contested",
            **_contested(conflict, row, refused.sentence if refused else ""),
        )
    if refused is not None:
        sentence = f"{refused.sentence} {kept(now, attempt.key)}"
        return _outcome(attempt, row, "refused", sentence=sentence)
    return _outcome(attempt, row, "saved", heard=_heard(row, now))


def _outcome(attempt: Attempt, row: RowDefinition, what: str, **more: object) -> dict[str, Any]:
    return {"name": attempt.entry, "row": row.id, "is": what, **more}


def _contested(conflict: Conflict, row: RowDefinition, unread: str) -> dict[str, object]:
    return {
        "sentence": " ".join(filter(None, (unread, f"{other_wrote(conflict, row)}."))),
        "theirs": {
            "figure": box_text(conflict.theirs, row),
            "note": conflict.theirs.note,
            "by": conflict.by,
        },
        "halves": [
            half
            for half, is_in in (("figure", conflict.in_figure), ("note", conflict.in_note))
            if is_in
        ],
    }


def _heard(row: RowDefinition, now: SubmissionSnapshot) -> str:
    """Say in words what the cell holds: what was understood of what was typed."""
    cell = now.cell(row.key)
    if not cell.is_answered:
        return "để trống: chưa báo cáo"
    text = printed_figure(row, now).text
    option = row.option(cell.choice) if cell.choice else None
    if option is not None:
        return f"{text} = {option.label}"
    return text if cell.number is None or row.options else f"{text} {row.unit}".strip()


def _redrawn(update: SheetUpdate) -> dict[str, Any]:
    found: dict[int, list[str]] = {}
    for finding in update.findings:
        for row in finding.rows:
            found.setdefault(row.id, list(row.findings))
    return {
        "rows": [_drawn(row) for row in update.rows],
        "sections": [[tally.key, tally.answered, tally.typed] for tally in update.sections],
        "answered": update.answered,
        "typed": update.typed,
        "found": found,
        "findings": render_to_string("reports/sheet_findings.html", {"sheet": update}),
    }


def _drawn(row: SheetRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "key": row.key,
        "box": row.box,
        "note": row.note,
        "shown": row.shown,
        "echo": row.echo,
        "isTyped": row.is_typed,
        "isBlank": row.is_blank,
    }
