"""The pages of one submission: list, sheet, handing in, moves, record, files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reporting.access import own_submissions, roles_at, submission_for
from reporting.actions.submissions import give_heading, make_move, save_figures
from reporting.documents.files import submission_file
from reporting.documents.formats import FORMATS
from reporting.documents.record import record_of
from reporting.entry import Entries, box_text, read_entries
from reporting.forms import HeadingForm
from reporting.models import Submission
from reporting.periods import why_closed
from reporting.queries.figures import changes_after, snapshot
from reporting.queries.submissions import is_late, listed, previous_submission
from reporting.refusals import Conflict, Refused
from reporting.sheet import build_sheet
from reporting.snapshot import SubmissionSnapshot
from reporting.views.files import download
from reporting.views.requests import SignedInRequest, posted_revision
from reporting.views.sessions import sign_in_again
from reporting.workflow import EDITABLE, HANDED_IN, MOVES, Role, State, open_moves

# Handing in has a page of its own; starting happens with the first figure saved.
BUTTONS_ELSEWHERE = frozenset({"start", "submit"})


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A figure that was typed but not taken over, so that the person can carry it elsewhere."""

    name: str
    saved: str
    typed: str


@login_required
@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """List the reports that the person fills in, those still to do first."""
    today = timezone.localdate()
    reports = listed(own_submissions(request.user), today)
    to_do = [
        report
        for report in reports
        if report.state in EDITABLE and not report.submission.round.is_archive
    ]
    done = [report for report in reports if report not in to_do]
    return render(request, "reports/mine.html", {"to_do": to_do, "done": done, "today": today})


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a submission; a POST saves what was typed."""
    if request.method == "POST" and not request.user.is_authenticated:
        return sign_in_again(request)
    return _sheet(cast(SignedInRequest, request), pk)


@login_required
def _sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    submission = submission_for(request.user, pk)
    if request.method == "POST":
        return _save(request, submission)
    return _sheet_page(request, submission)


def _save(request: SignedInRequest, submission: Submission) -> HttpResponse:
    revision = posted_revision(request)
    now = snapshot(submission)
    base = dict(now.cells) | {
        key: change.before for key, change in changes_after(submission, revision).items()
    }
    entries = read_entries(now.form, request.POST.dict(), base)
    try:
        saved = save_figures(
            submission=submission, cells=entries.cells, base_revision=revision, by=request.user
        )
    except Refused as refusal:
        unsaved = _unsaved(now, entries)
        return _sheet_page(request, submission, error=str(refusal), unsaved=unsaved, status=409)
    left = len(entries.refused) + len(saved.conflicts)
    if left:
        return _sheet_page(
            request,
            submission,
            refused_entries=entries,
            conflicts=saved.conflicts,
            saved=len(saved.keys),
            status=422,
        )
    if saved.keys:
        messages.success(request, f"Đã lưu {len(saved.keys)} ô.")
    elif "submit" not in request.POST:
        messages.info(request, "Không có ô nào thay đổi.")
    return redirect("submit" if "submit" in request.POST else "submission", pk=submission.pk)


def _unsaved(now: SubmissionSnapshot, entries: Entries) -> Sequence[Unsaved]:
    rows = now.form.by_key
    typed: Mapping[str, str] = {
        key: box_text(cell, rows[key]) + (f" (ghi chú: {cell.note})" if cell.note else "")
        for key, cell in entries.cells.items()
    } | {key: refusal.typed for key, refusal in entries.refused.items()}
    return [
        Unsaved(rows[key].name(), box_text(now.cell(key), rows[key]) or "trống", text)
        for key, text in typed.items()
    ]


def _sheet_page(  # noqa: PLR0913
    request: SignedInRequest,
    submission: Submission,
    *,
    refused_entries: Entries | None = None,
    conflicts: Sequence[Conflict] = (),
    saved: int = 0,
    error: str = "",
    reason: str = "",
    unsaved: Sequence[Unsaved] = (),
    status: int = 200,
) -> HttpResponse:
    submission.refresh_from_db(fields=["state", "state_at", "state_by", "revision"])
    state = State(submission.state)
    roles = roles_at(request.user, submission.agency)
    round_ = submission.round
    closed = why_closed(round_.name, round_.opens_on, round_.closes_on, timezone.localdate())
    may_edit = state in EDITABLE and not closed and not roles.isdisjoint({Role.CLERK, Role.HEAD})
    previous = previous_submission(submission)
    page = build_sheet(
        snapshot(submission),
        previous=snapshot(previous) if previous else None,
        refused=refused_entries.refused if refused_entries else None,
        conflicts=conflicts,
    )
    last_return = (
        submission.transitions.filter(target=State.RETURNED).select_related("by").last()
        if state is State.RETURNED
        else None
    )
    return render(
        request,
        "reports/sheet.html",
        {
            "submission": submission,
            "state": state,
            "sheet": page,
            "previous": previous,
            "may_edit": may_edit,
            "is_handed_in": state in HANDED_IN,
            "closed": closed,
            "moves": [
                move
                for move in open_moves(state, roles)
                if move.name not in BUTTONS_ELSEWHERE and not (closed and move.only_while_open)
            ],
            "last_return": last_return,
            "is_late": is_late(submission, timezone.localdate()),
            "formats": FORMATS.values(),
            "saved": saved,
            "error": error,
            "reason": reason,
            "unsaved": unsaved,
            "reads_round": not roles.isdisjoint({Role.REVIEWER, Role.VIEWER}),
        },
        status=status,
    )


@login_required
@require_http_methods(["GET", "POST"])
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for report number and signer, show what is still blank, and hand the report in."""
    submission = submission_for(request.user, pk)
    form = HeadingForm(request.POST) if request.method == "POST" else HeadingForm.of(submission)
    error, status = "", 200
    if request.method == "POST" and form.is_valid():
        try:
            give_heading(submission=submission, heading=form.heading(), by=request.user)
            make_move(
                submission=submission,
                move=MOVES["submit"],
                by=request.user,
                revision=posted_revision(request),
            )
        except Refused as refusal:
            error, status = str(refusal), 409
        else:
            messages.success(request, "Đã gửi báo cáo đến Sở Nội vụ.")
            return redirect("submission", pk=submission.pk)
    submission.refresh_from_db(fields=["state", "revision"])
    return render(
        request,
        "reports/submit.html",
        {
            "submission": submission,
            "state": State(submission.state),
            "sheet": build_sheet(snapshot(submission)),
            "form": form,
            "error": error,
            "may_submit": MOVES["submit"].is_open_to(
                State(submission.state), roles_at(request.user, submission.agency)
            ),
        },
        status=422 if form.errors else status,
    )


@login_required
@require_POST
def move(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Take the submission through one move of the workflow."""
    submission = submission_for(request.user, pk)
    if name not in MOVES or name in BUTTONS_ELSEWHERE:
        raise Http404("Không có việc này.")
    reason = request.POST.get("reason", "")
    try:
        make_move(
            submission=submission,
            move=MOVES[name],
            by=request.user,
            revision=posted_revision(request),
            reason=reason,
        )
    except Refused as refusal:
        return _sheet_page(request, submission, error=str(refusal), reason=reason, status=409)
    messages.success(request, f"Đã {MOVES[name].done}: {submission.agency}.")
    return redirect("submission", pk=submission.pk)


@login_required
@require_GET
def record(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show every change of state and figure, newest first."""
    submission = submission_for(request.user, pk)
    return render(
        request,
        "reports/record.html",
        {"submission": submission, "record": record_of(submission)},
    )


@login_required
@require_GET
def export(request: SignedInRequest, pk: int, extension: str) -> HttpResponse:
    """Send the appendix of a submission as a file."""
    submission = submission_for(request.user, pk)
    return download(submission_file(submission, FORMATS[extension], by=request.user))
