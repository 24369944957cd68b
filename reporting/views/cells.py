"""Cells sent one by one by an open sheet: saved, or only read; each answer says what to redraw."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError
from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from indicators.definition import FormDefinition, RowDefinition
from indicators.queries.definitions import form_definition
from reporting.access import submission_for
from reporting.actions.figures import Outcome, save_attempts
from reporting.actions.submissions import require_entry
from reporting.entry import Attempt, box_attempt, box_text
from reporting.lines import Beneath, SheetRow, kept, other_wrote
from reporting.models import Submission
from reporting.numbers import Unreadable
from reporting.printing.cells import printed_figure
from reporting.queries.comments import open_comments
from reporting.queries.evidence import evidence_counts
from reporting.queries.figures import saved_since, snapshot
from reporting.queries.findings import weighed_findings
from reporting.refusals import Conflict, Refused
from reporting.rules.answers import waiting_of
from reporting.sheet import build_update, shown_while_typing
from reporting.snapshot import SubmissionSnapshot
from reporting.views.requests import SignedInRequest
from reporting.views.rows import beside_words, details_html, findings_html

MOST_ENTRIES = 500
HIGHEST_REVISION = 999_999_999
_NAME = re.compile(r"[a-z0-9]{8,40}\.[0-9]{1,15}")
_UNREADABLE = (
    "Trang gửi nội dung mà máy chủ không đọc được; chưa ô nào được lưu."
    " Số đã gõ vẫn giữ trong máy này: hãy tải lại trang."
)
_ANOTHER = (
    "Trang này là của người đã đăng nhập trước đó; chưa ô nào được lưu. Số đã gõ vẫn giữ trong máy"
    " này cho người ấy."
)
_NO_ROW = "Biểu mẫu không có ô nhập này, nên không lưu được. Hãy tải lại trang để xem biểu đúng."

Result = dict[str, Any]


class BadEntries(ValueError):
    """What a page sent is no list of entries."""


class AnotherPerson(Exception):
    """The page belongs to somebody who is no longer the one signed in here."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page sends: the revision that it shows, what it makes of cells, and what of it names
    no box of the form, each with its answer."""

    seen: int
    attempts: Sequence[Attempt]
    strays: Sequence[Result]


def _sent(request: SignedInRequest, form: FormDefinition) -> Sent:
    """Read a posting; raise BadEntries, or AnotherPerson."""
    if request.content_type != "application/json":
        raise BadEntries
    try:
        sent = json.loads(request.body)
        user, seen, entries = sent["user"], sent["seen"], sent["entries"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadEntries from error
    if not (_is_revision(seen) and isinstance(entries, list) and len(entries) <= MOST_ENTRIES):
        raise BadEntries
    if user != request.user.pk:
        raise AnotherPerson
    boxes = {row.id: row for row in form.typed_rows}
    attempts: dict[str, Attempt] = {}
    strays = []
    for entry in entries:
        attempt = _attempt(entry, boxes)
        if attempt is not None and attempt.entry not in attempts:
            attempts[attempt.entry] = attempt
        elif isinstance(entry, dict):
            name, row = entry.get("name"), entry.get("row")
            strays.append({"name": name, "row": row, "is": "refused", "sentence": _NO_ROW})
    return Sent(seen, list(attempts.values()), strays)


def _attempt(entry: object, boxes: Mapping[int, RowDefinition]) -> Attempt | None:
    """An entry names itself and its row, says what the person saw, and brings words."""
    is_entry = (
        isinstance(entry, dict)
        and isinstance(entry.get("name"), str)
        and _NAME.fullmatch(entry["name"]) is not None
        and type(entry.get("row")) is int
        and _is_revision(entry.get("base"))
        and all(isinstance(entry.get(half), str | None) for half in ("figure", "note"))
    )
    row = boxes.get(entry["row"]) if is_entry and isinstance(entry, dict) else None
    if row is None or not isinstance(entry, dict):
        return None
    return box_attempt(row, entry["base"], entry.get("figure"), entry.get("note"), entry["name"])


def _is_revision(number: object) -> bool:
    return type(number) is int and 0 <= number <= HIGHEST_REVISION


def _answering(
    work: Callable[[SignedInRequest, Submission, Sent], Result],
) -> Callable[[SignedInRequest, int], JsonResponse]:
    """Let ``work`` answer for a submission that the person may see, refusals in a sentence."""

    @require_POST
    def view(request: SignedInRequest, pk: int) -> JsonResponse:
        submission = submission_for(request.user, pk)
        try:
            sent = _sent(request, form_definition(submission.form_version))
            return JsonResponse(work(request, submission, sent))
        except (BadEntries, IntegrityError):  # the latter: a name that the record has already
            return JsonResponse({"sentence": _UNREADABLE}, status=400)
        except AnotherPerson:
            return JsonResponse({"sentence": _ANOTHER}, status=401)
        except Refused as refusal:
            return JsonResponse({"sentence": str(refusal)}, status=409)

    return view


@_answering
def save(request: SignedInRequest, submission: Submission, sent: Sent) -> Result:
    """Save the entries of an open sheet, and say what has become of each; with none, only what
    others have saved since."""
    if not sent.attempts:
        return _news(request, submission, sent)
    saved = save_attempts(
        submission=submission, attempts=sent.attempts, by=request.user, via="cell", seen=sent.seen
    )
    touched = {attempt.key for attempt in sent.attempts}.union(saved.changed)
    return _answer(submission, saved.now, saved.revision, touched, saved.moved) | {
        "results": [*sent.strays, *(_result(one, saved.now) for one in saved.outcomes)]
    }


def _news(request: SignedInRequest, submission: Submission, sent: Sent) -> Result:
    """Say what has been saved since the page was drawn, files and comments included. Nobody is
    kept waiting for it: what is saved meanwhile comes with the next answer."""
    require_entry(submission, by=request.user)
    changed = {saving.key for saving in saved_since(submission, sent.seen)}
    now = snapshot(submission)
    files, comments = evidence_counts(submission), open_comments(submission)
    beside = {
        row.id: beside_words(
            len(now.cell(row.key).details), files.get(row.id, 0), len(comments.get(row.id, ()))
        )
        for row in now.form.rows
    }
    return _answer(submission, now, submission.revision, changed, changed) | {
        "results": sent.strays,
        "beside": beside,
    }


def _answer(
    submission: Submission,
    now: SubmissionSnapshot,
    revision: int,
    touched: Collection[str],
    moved: Collection[str],
) -> Result:
    return {
        "revision": revision,
        "at": f"{timezone.localtime():%H:%M}",
        "moved": [now.form.by_key[key].id for key in moved],
        **_redrawn(now, touched, submission),
    }


@_answering
def read(request: SignedInRequest, submission: Submission, sent: Sent) -> Result:  # noqa: ARG001
    """Say what would be understood of what is being typed, and what it would make of the rows
    computed from it. Nothing is written."""
    now = snapshot(submission)
    results, cells = [*sent.strays], dict(now.cells)
    for attempt in sent.attempts:
        row = now.form.by_key[attempt.key]
        try:
            cells[attempt.key] = attempt.make(now.cell(attempt.key))
        except Unreadable as error:
            results.append(_said(attempt, row, "refused", sentence=str(error)))
            continue
        results.append(_said(attempt, row, "read", heard=_heard(row, replace(now, cells=cells))))
    touched = {attempt.key for attempt in sent.attempts}
    return {"results": results, **_redrawn(replace(now, cells=cells), touched, submission)}


def _result(outcome: Outcome, now: SubmissionSnapshot) -> Result:
    """Say what has become of one entry."""
    attempt, unread, conflict = outcome.attempt, outcome.refusal, outcome.conflict
    row = now.form.by_key[attempt.key]
    if conflict is not None:
        told = _contested(conflict, row, unread.sentence if unread else "")
        return _said(attempt, row, "contested", **told)
    if unread is not None:
        sentence = f"{unread.sentence} {kept(now, attempt.key)}"
        return _said(attempt, row, "refused", sentence=sentence)
    return _said(attempt, row, "saved", heard=_heard(row, now))


def _said(attempt: Attempt, row: RowDefinition, what: str, **more: object) -> Result:
    return {"name": attempt.entry, "row": row.id, "is": what, **more}


def _contested(conflict: Conflict, row: RowDefinition, unread: str) -> dict[str, object]:
    return {
        "sentence": " ".join(filter(None, (unread, f"{other_wrote(conflict, row)}."))),
        "theirs": {
            "figure": box_text(conflict.theirs, row),
            "note": conflict.theirs.note,
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


def _redrawn(
    now: SubmissionSnapshot, touched: Collection[str], submission: Submission
) -> dict[str, Any]:
    every = weighed_findings(submission, now)
    shown = shown_while_typing(every)
    update = build_update(now, touched, shown)
    found: dict[int, Sequence[Beneath]] = {}
    for finding in update.findings:
        for row in finding.rows:
            found.setdefault(row.id, row.findings)
    checks = reverse("checks", args=[submission.pk])
    return {
        "rows": [_drawn(row) for row in update.rows],
        "sections": [[tally.key, tally.answered, tally.typed] for tally in update.sections],
        "answered": update.answered,
        "typed": update.typed,
        "found": found,
        "findings": findings_html(update.findings, checks, waiting_of(every)),
    }


def _drawn(row: SheetRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "key": row.key,
        "details": details_html(row),
        "box": row.box,
        "note": row.note,
        "shown": row.shown,
        "echo": row.echo,
        "isBlank": row.is_blank,
    }
