"""Pasting a block from Excel or Word into a form: what would go where, then the writing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from indicators.definition import FormDefinition
from indicators.queries.definitions import form_definition
from reporting.access import submission_for
from reporting.actions.figures import Saved, save_posted
from reporting.actions.submissions import require_entry, why_no_entry
from reporting.entry import box_text, figure_field
from reporting.models import Submission
from reporting.pasted.blocks import Unpastable
from reporting.pasted.names import full_name
from reporting.pasted.placing import Counting, Pasted, place
from reporting.pasted.preview import Preview, PreviewLine, preview
from reporting.queries.figures import snapshot
from reporting.refusals import Refused
from reporting.views.requests import SignedInRequest, posted_revision
from reporting.workflow import State

NOTHING_TICKED = "Ông/bà chưa đánh dấu dòng nào để ghi. Chưa có gì được ghi."


@dataclass(frozen=True, slots=True)
class Given:
    """What the person pasted and how it is to be read."""

    text: str = ""
    start: str = ""
    counting: Counting | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """A line of the preview with its tick, and what another person wrote there meanwhile."""

    line: PreviewLine
    is_ticked: bool
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One part of the form with the keys and names of its rows, to choose the first row from."""

    label: str
    rows: Sequence[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a pasted block, show what it would do, and on a second posting write what is ticked."""
    submission = submission_for(request.user, pk)
    if request.method != "POST":
        return _page(request, submission, Given(start=request.GET.get("tu", "")))
    given = _given(request)
    try:
        require_entry(submission, by=request.user)
        found = _placed(given, form_definition(submission.form_version))
        if "confirm" in request.POST:
            return _write(request, submission, given, found)
    except Refused as refusal:
        return _page(request, submission, given, error=str(refusal), status=409)
    except Unpastable as refusal:
        return _page(request, submission, given, error=str(refusal), status=422)
    return _page(request, submission, given, found=preview(found, snapshot(submission)))


def _given(request: SignedInRequest) -> Given:
    counting = request.POST.get("counting", "")
    return Given(
        text=request.POST.get("text", ""),
        start=request.POST.get("start", ""),
        counting=Counting(counting) if counting in list(Counting) else None,
    )


def _placed(given: Given, form: FormDefinition) -> Pasted:
    return place(given.text, form, start=given.start, counting=given.counting)


def _write(
    request: SignedInRequest, submission: Submission, given: Given, found: Pasted
) -> HttpResponse:
    """Save the ticked rows through the sheet's own boxes, as they were when they were previewed."""
    ticked = set(request.POST.getlist("take"))
    posted = _ticked_boxes(request.POST, ticked, form_definition(submission.form_version))
    if not posted:
        again = preview(found, snapshot(submission))
        return _page(
            request, submission, given, found=again, ticked=(), error=NOTHING_TICKED, status=422
        )
    saved = save_posted(
        submission=submission,
        posted=posted,
        base_revision=posted_revision(request),
        by=request.user,
        via="paste",
    )
    if saved.refused or saved.conflicts:
        again = preview(found, saved.now)
        return _page(
            request, submission, given, found=again, ticked=ticked, saved=saved, status=422
        )
    if saved.keys:
        messages.success(request, f"Đã ghi {len(saved.keys)} ô từ khối dán.")
    else:
        messages.info(request, "Không có ô nào thay đổi.")
    return redirect(_first_written(submission, saved))


def _ticked_boxes(
    posted: Mapping[str, str], ticked: Collection[str], form: FormDefinition
) -> dict[str, str]:
    """Return the boxes of rows to be typed that are ticked; a blank one would clear its row."""
    boxes = {}
    for row in form.typed_rows:
        text = posted.get(figure_field(row), "")
        if str(row.id) in ticked and text.strip():
            boxes[figure_field(row)] = text
    return boxes


def _first_written(submission: Submission, saved: Saved) -> str:
    page = reverse("submission", args=[submission.pk])
    first = next((row.key for row in saved.now.form.rows if row.key in saved.keys), "")
    return f"{page}#r-{quote(first)}" if first else page


def _page(
    request: SignedInRequest,
    submission: Submission,
    given: Given,
    *,
    found: Preview | None = None,
    ticked: Collection[str] | None = None,
    saved: Saved | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    form = form_definition(submission.form_version)
    offered = _offered(found, ticked, saved) if found else ()
    start = form.by_key.get(given.start)
    return render(
        request,
        "reports/paste.html",
        {
            "submission": submission,
            "state": State(submission.state),
            "given": given,
            "choices": _choices(form),
            "start": full_name(start, form) if start else "",
            "found": found,
            "offered": offered,
            "ticked": sum(one.is_ticked for one in offered),
            "conflicts": [one for one in offered if one.conflict],
            # What others save after this saving has not been shown to this person.
            "revision": saved.revision if saved else submission.revision,
            "saved": len(saved.keys) if saved else 0,
            "error": error,
            "why_not": why_no_entry(submission, by=request.user),
        },
        status=status,
    )


def _offered(
    found: Preview, ticked: Collection[str] | None, saved: Saved | None
) -> Sequence[Offered]:
    """Tick what would be written: all of it at first, then what the person has left ticked and
    nobody else has written meanwhile."""
    conflicts = _conflict_sentences(saved) if saved else {}
    return [
        Offered(
            line,
            line.is_taken
            and line.row.key not in conflicts
            and (ticked is None or str(line.row.id) in ticked),
            conflicts.get(line.row.key, ""),
        )
        for line in found.lines
    ]


def _conflict_sentences(saved: Saved) -> Mapping[str, str]:
    rows = saved.now.form.by_key
    return {
        conflict.key: f"{conflict.by} đã ghi «{box_text(conflict.theirs, rows[conflict.key])}» lúc"
        f" {conflict.at:%H:%M ngày %d/%m/%Y}, sau khi ông/bà xem trước; số của ông/bà là"
        f" «{box_text(conflict.mine, rows[conflict.key])}», chưa được ghi. Muốn thay thì đánh dấu"
        " dòng này rồi bấm Ghi lần nữa."
        for conflict in saved.conflicts
    }


def _choices(form: FormDefinition) -> Sequence[Choice]:
    parts = [tuple(rows) for _, rows in groupby(form.rows, key=lambda row: row.section)]
    return [
        Choice(rows[0].name(), [(row.key, full_name(row, form)) for row in rows]) for rows in parts
    ]
