"""The page of one row of a report: its figure, what stands beside it, how it came about.

The sheet opens the same in place, beneath the row: a request of htmx gets the panel alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from indicators.definition import FormDefinition, RowDefinition
from indicators.queries.definitions import form_definition
from indicators.words import LONGEST_WORDS, clean
from reporting.access import FILLS_IN, earlier_for, may_read_round, roles_on, submission_for
from reporting.actions.comments import add_comment, may_resolve, resolve_comment, why_no_comment
from reporting.actions.figures import Saved, save_attempts
from reporting.actions.submissions import require_entry, why_no_entry
from reporting.breakdown import (
    MOST_LINES,
    Line,
    box_lines,
    breakdown_attempt,
    may_be_broken_down,
    may_be_filled,
    off_by,
    posted_lines,
    read_lines,
)
from reporting.carried import looked_at
from reporting.documents.record import history_of, told
from reporting.entry import Attempt, box_attempt
from reporting.models import Comment, Submission
from reporting.queries.comments import comments_of
from reporting.queries.evidence import attached_files
from reporting.queries.figures import snapshot
from reporting.queries.findings import weighed_findings
from reporting.queries.history import history_beside
from reporting.queries.submissions import earlier_submissions
from reporting.refusals import CommentUnfit, Conflict, NotTyped, Refused
from reporting.sheet import build_row, shown_while_typing
from reporting.snapshot import FigureStatus, Reading, SubmissionSnapshot
from reporting.views.checks import (
    answers_given_by,
    keep_answers,
    posted_answers,
    shown_findings,
)
from reporting.views.checks import told as told_of_answers
from reporting.views.requests import SignedInRequest, posted_revision
from reporting.workflow import State

# What the buttons beside the figure write into its box.
ACTS = {
    "nil": FigureStatus.NIL.label,
    "out_of_scope": FigureStatus.OUT_OF_SCOPE.label,
    "clear": "",
}
BUTTONS = {"nil": "Không phát sinh", "out_of_scope": "Không thuộc phạm vi", "clear": "Xóa số"}
# Of a figure taken over from the round before: somebody has looked at it.
KEEP = {"keep": "Giữ số này"}
_MORE_LINES = 5
# Of the history, so many savings stand open.
_RECENT = 5


@dataclass(frozen=True, slots=True)
class Boxes:
    """What stands in the boxes of a panel: as stored, or as somebody has typed it; and the
    revision that this stands on."""

    revision: int
    lines: Sequence[Line] = ()
    spare: int = 1
    note: str = ""
    fill: bool = False

    @property
    def drawn_lines(self) -> Sequence[Line]:
        """The lines with the empty ones after them; never more than may be kept, but all typed."""
        spare = min(self.spare, MOST_LINES - len(self.lines))
        return (*self.lines, *(Line("", "") for _ in range(spare)))


@dataclass(frozen=True, slots=True)
class Told:
    """What the panel says of the last act: done, or why not, and what was typed for it.

    ``unsaved`` is what was typed once more, in words, for a page that has no boxes to keep it.
    """

    said: str = ""
    errors: Sequence[str] = ()
    boxes: Boxes | None = None
    comment: str = ""
    unsaved: Sequence[str] = ()
    status: int = 200


@dataclass(frozen=True, slots=True)
class ShownComment:
    """One comment, and whether the person may mark it as done."""

    comment: Comment
    may_resolve: bool

    @property
    def is_resolved(self) -> bool:
        return self.comment.resolved_at is not None


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    """Show one row of a submission; a POST acts on its figure, lines, note or comments."""
    submission = submission_for(request.user, pk)
    definition = form_definition(submission.form_version).by_key.get(key)
    if definition is None:
        raise Http404("Biểu của báo cáo này không có dòng ấy.")
    if request.method != "POST":
        return _panel(request, submission, definition, Told())
    try:
        return _act(request, submission, definition)
    except Refused as refusal:
        return _panel(request, submission, definition, _refused(request, refusal))


def _act(request: SignedInRequest, submission: Submission, row: RowDefinition) -> HttpResponse:
    """Do what was posted; raise Refused where it can't be done as things stand."""
    posted, by = request.POST, request.user
    if "resolve" in posted:
        wanted = posted["resolve"]
        comment_id = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0
        resolve_comment(submission=submission, comment_id=comment_id, by=by)
        return _done(request, submission, row, "Đã đánh dấu ý kiến là xong.")
    if "comment" in posted:
        add_comment(submission=submission, row_key=row.key, text=posted["comment"], by=by)
        return _done(request, submission, row, "Đã ghi ý kiến.")
    if "kind" in posted:
        kind, kept = keep_answers(request, submission, via="panel")
        if kept.missed:
            saved = [told_of_answers(kind, kept)] if kept.answers else []
            told = Told(errors=[*kept.missed, *saved], status=409)
            return _panel(request, submission, row, told)
        return _done(request, submission, row, told_of_answers(kind, kept))
    if not row.is_typed:
        raise NotTyped(_why_not_typed(row))
    if "more" in posted:
        require_entry(submission, by=by)
        boxes = _posted_boxes(request)
        more = replace(boxes, spare=boxes.spare + _MORE_LINES)
        return _panel(request, submission, row, Told(boxes=more))
    return _save(request, submission, row)


def _why_not_typed(row: RowDefinition) -> str:
    is_what = "là tiêu đề" if not row.is_answered else "được tính từ các dòng khác"
    return f"Dòng này {is_what} nên không nhập được số liệu, dòng chi tiết hay ghi chú."


def _save(request: SignedInRequest, submission: Submission, row: RowDefinition) -> HttpResponse:
    saved = save_attempts(
        submission=submission, attempts=[_attempt(request, row)], by=request.user, via="panel"
    )
    if saved.refused or saved.conflicts:
        return _panel(request, submission, row, _not_saved(request, row, saved))
    said = "Đã lưu dòng này." if saved.keys else "Không có gì thay đổi."
    return _done(request, submission, row, said)


def _attempt(request: SignedInRequest, row: RowDefinition) -> Attempt:
    """Return what was posted makes of the cell: one of the acts, or lines and note."""
    posted, base = request.POST, posted_revision(request)
    if posted.get("act") in KEEP:
        return Attempt(row.key, base, looked_at)
    if "act" in posted:
        if posted["act"] not in ACTS:
            raise Http404("Không có việc này.")
        return box_attempt(row, base, ACTS[posted["act"]], None)
    if "label" not in posted or not may_be_broken_down(row):
        return box_attempt(row, base, None, posted.get("note"))
    boxes = _posted_boxes(request)
    fill = boxes.fill and may_be_filled(row)
    return breakdown_attempt(row, base, boxes.lines, posted.get("note"), fill=fill)


def _posted_boxes(request: SignedInRequest) -> Boxes:
    labels, numbers = request.POST.getlist("label"), request.POST.getlist("number")
    lines = posted_lines(labels, numbers)
    return Boxes(
        revision=posted_revision(request),
        lines=lines,
        spare=max(1, len(labels) - len(lines)),
        note=clean(request.POST.get("note", "")),
        fill="fill" in request.POST,
    )


def _not_saved(request: SignedInRequest, row: RowDefinition, saved: Saved) -> Told:
    """Return what is told of a cell that was not taken over. Its boxes hold what was typed, but
    where only the other person has touched them, what that person wrote."""
    form, stands = saved.now.form, saved.now.cell(row.key)
    errors = [line for refusal in saved.refused.values() for line in refusal.sentence.splitlines()]
    errors += [
        _contested(conflict, row, form, is_read=not saved.refused) for conflict in saved.conflicts
    ]
    boxes = _posted_boxes(request)
    if saved.refused:
        fill = boxes.fill and may_be_filled(row)
        boxes = replace(boxes, lines=read_lines(boxes.lines, row, stands.details, fill=fill).lines)
    else:
        mine = stands if "act" in request.POST else saved.conflicts[0].mine
        boxes = replace(boxes, lines=box_lines(mine.details), note=mine.note)
    return Told(errors=errors, boxes=replace(boxes, revision=saved.revision), status=422)


def _contested(
    conflict: Conflict, row: RowDefinition, form: FormDefinition, *, is_read: bool
) -> str:
    """Say what both people wrote, and what to do."""
    mine = f" Của ông/bà là «{told(conflict.mine, row, form)}», chưa được lưu:" if is_read else ""
    return (
        f"{conflict.by} đã ghi «{told(conflict.theirs, row, form)}» ở dòng này lúc"
        f" {conflict.at:%H:%M ngày %d/%m/%Y}, sau khi ông/bà mở trang.{mine}"
        f"{' bấm lần nữa' if is_read else ' Sửa xong, bấm lần nữa'} để thay,"
        " hoặc giữ nội dung đã ghi."
    )


def _refused(request: SignedInRequest, refusal: Refused) -> Told:
    """Return what is told of an act that can't be done; nothing that was typed is lost."""
    boxes, comment = _posted_boxes(request), clean(request.POST.get("comment", ""))
    typed = [f"{line.label}: {line.number}".strip(": ") for line in boxes.lines]
    typed += [said.text for said in posted_answers(request).values() if not said.is_untouched]
    typed += [(BUTTONS | KEEP).get(request.POST.get("act", ""), ""), boxes.note, comment]
    return Told(
        errors=[str(refusal)],
        boxes=boxes if {"label", "note"}.intersection(request.POST) else None,
        comment=comment,
        unsaved=list(filter(None, typed)),
        status=422 if isinstance(refusal, CommentUnfit) else 409,
    )


def _done(
    request: SignedInRequest, submission: Submission, row: RowDefinition, said: str
) -> HttpResponse:
    """Lead back to the row; in place, draw it anew and tell the sheet that it has changed."""
    if not _is_in_place(request):
        messages.success(request, said)
        return redirect("row", pk=submission.pk, key=row.key)
    response = _panel(request, submission, row, Told(said=said))
    return trigger_client_event(response, "rowSaved", {"key": row.key})


def _is_in_place(request: SignedInRequest) -> bool:
    """Only the panel is wanted. Going back in the browser's history wants the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def _panel(
    request: SignedInRequest, submission: Submission, row: RowDefinition, last: Told
) -> HttpResponse:
    submission.refresh_from_db(fields=["state", "state_at", "state_by", "revision"])
    # Read before the figures: what somebody saves in between counts as not seen.
    revision, now = submission.revision, snapshot(submission)
    cell, closed = now.cell(row.key), why_no_entry(submission, by=request.user)
    may_edit = row.is_typed and not closed
    may_comment = not why_no_comment(submission, by=request.user)
    is_in_place = _is_in_place(request)
    response = render(
        request,
        "reports/row_panel.html" if is_in_place else "reports/row.html",
        {
            "submission": submission,
            "state": State(submission.state),
            "row": row,
            "label": row.label.lstrip("- "),
            "above": now.form.by_key.get(row.parent),
            "cell": cell,
            "is_computed": row.is_derived and not now.is_paper,
            "off_by": off_by(cell, row),
            "may_edit": may_edit,
            # Who only reads needs no reason why there is nothing to press.
            "closed": closed if row.is_typed and _fills_in(request, submission) else "",
            "acts": (KEEP if cell.reading is Reading.COPIED else {}) | BUTTONS,
            "has_lines": may_be_broken_down(row),
            "may_be_filled": may_be_filled(row),
            "boxes": last.boxes or Boxes(revision, box_lines(cell.details), note=cell.note),
            "longest": LONGEST_WORDS,
            "may_comment": may_comment,
            "files": attached_files(submission, row_key=row.key),
            "last": last,
            # What was typed stays in its box where there still is one.
            "has_box": may_comment if "comment" in request.POST else may_edit,
            "is_in_total": row.is_added and may_read_round(request.user, submission.round),
            "is_in_place": is_in_place,
            **_figures(request, submission, row, now),
            **_comments(request, submission, row),
            **_history(submission, row),
        },
        status=last.status,
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def _fills_in(request: SignedInRequest, submission: Submission) -> bool:
    return not roles_on(request.user, submission).isdisjoint(FILLS_IN)


def _figures(
    request: SignedInRequest, submission: Submission, row: RowDefinition, now: SubmissionSnapshot
) -> Mapping[str, object]:
    """The row as the sheet shows it, with the figures of two earlier rounds beside it."""
    neighbours = earlier_submissions(submission)
    previous, last_year = earlier_for(request.user, submission, neighbours)
    before = snapshot(previous, with_details=False) if previous else None
    year_before = snapshot(last_year, with_details=False) if last_year else None
    read = [(previous, before), (last_year, year_before)]
    every = weighed_findings(submission, now, history_beside(submission, neighbours, read))
    found = [one for one in shown_while_typing(every) if row.key in one.finding.keys]
    shown = build_row(now, row, previous=before, last_year=year_before, found=found)
    kind = answers_given_by(request, submission)
    return {
        "shown": shown,
        "previous": previous,
        "last_year": last_year,
        "found": (told := shown_findings(found, now, answers=kind)),
        "has_answers": any(one.box for one in told),
        "kind": kind,
    }


def _comments(
    request: SignedInRequest, submission: Submission, row: RowDefinition
) -> Mapping[str, object]:
    said = [
        ShownComment(comment, may_resolve(comment, submission, by=request.user))
        for comment in comments_of(submission, row.id)
    ]
    return {
        "open_comments": [shown for shown in said if not shown.is_resolved],
        "resolved_comments": [shown for shown in said if shown.is_resolved],
    }


def _history(submission: Submission, row: RowDefinition) -> Mapping[str, object]:
    events = history_of(submission, row)
    return {"recent": events[:_RECENT], "older": events[_RECENT:]}
