"""The pages of one submission: list, sheet, handing in, moves, record, files."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_safe,
)

from indicators.queries.definitions import form_definition
from indicators.words import LONGEST_WORDS, clean
from reporting.access import (
    FILLS_IN,
    covered_agencies,
    earlier_for,
    may_read_round,
    own_submissions,
    roles_on,
    submission_for,
)
from reporting.actions.figures import Saved, save_posted
from reporting.actions.reviews import keep_seen
from reporting.actions.submissions import hand_in, handing_in, make_move, why_not, why_not_open
from reporting.documents.files import submission_file
from reporting.documents.formats import FORMATS
from reporting.documents.record import record_of
from reporting.entry import box_text, read_entries
from reporting.forms import HeadingForm
from reporting.lines import Beside
from reporting.models import Submission
from reporting.periods import last_day
from reporting.queries.comments import open_comments
from reporting.queries.evidence import evidence_counts
from reporting.queries.figures import changes_after, snapshot
from reporting.queries.filings import last_filing
from reporting.queries.findings import last_check, weighed_findings
from reporting.queries.history import history_beside
from reporting.queries.record import Wanted, mark_from
from reporting.queries.submissions import (
    Listed,
    earlier_submissions,
    entry_days,
    is_late,
    listed,
    wanted_day,
)
from reporting.refusals import Refused, StaleSubmission
from reporting.rules.answers import waiting_of
from reporting.sheet import Only, build_sheet, shown_while_typing
from reporting.tidings import RecordKind
from reporting.views.checks import answers_given_by, shown_findings
from reporting.views.files import download, offers, paper_asked
from reporting.views.requests import SignedInRequest, desk_of, posted_revision, way_back
from reporting.views.reviews import earlier_of, lead_on, line_at
from reporting.views.rows import edit_sections, findings_html, read_sections
from reporting.workflow import EDITABLE, HANDED_IN, MOVES, Role, RoundStatus, State, open_moves

LOOK_FIRST = "Hãy xem lại bảng số liệu trước khi gửi."
# Handing in and sending back have pages of their own; starting happens with the first figure saved.
BUTTONS_ELSEWHERE = frozenset({"start", "submit", "present", "return"})

# What the record of one report holds.
OF_A_REPORT = (
    RecordKind.FIGURES,
    RecordKind.STATES,
    RecordKind.CHECKS,
    RecordKind.COMMENTS,
    RecordKind.FILES,
    RecordKind.ROUNDS,
)


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A figure that was typed but not taken over, so that the person can carry it elsewhere."""

    name: str
    saved: str
    typed: str


@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """List the reports that the person fills in, those still to do first."""
    today = timezone.localdate()
    reports = listed(own_submissions(request.user), today)
    presented = {report.submission.agency_id for report in reports if report.state is State.SIGNING}
    heads = covered_agencies(request.user, {Role.HEAD}).filter(pk__in=presented)
    signs = set(heads.values_list("pk", flat=True)) if presented else set()
    to_do: list[Listed] = []
    signing: list[Listed] = []
    done: list[Listed] = []
    for report in reports:
        round_, is_presented = report.submission.round, report.state is State.SIGNING
        if round_.status == RoundStatus.CANCELLED:
            done.append(report)
        elif is_presented and report.submission.agency_id not in signs:
            signing.append(report)
        elif is_presented or report.state is State.RETURNED:
            to_do.append(report)
        else:
            waits = report.state in EDITABLE and not round_.is_archive
            (to_do if waits else done).append(report)
    context = {"to_do": to_do, "signing": signing, "done": done, "today": today}
    return render(request, "reports/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the form of a submission; a POST saves what was typed."""
    submission = submission_for(request.user, pk)
    if request.method == "POST":
        return _save(request, submission)
    return _sheet_page(request, submission)


def _save(request: SignedInRequest, submission: Submission) -> HttpResponse:
    revision = posted_revision(request)
    try:
        saved = save_posted(
            submission=submission,
            posted=request.POST.dict(),
            base_revision=revision,
            by=request.user,
        )
    except Refused as refusal:
        unsaved = _unsaved(request, submission)
        return _sheet_page(request, submission, error=str(refusal), unsaved=unsaved, status=409)
    if saved.refused or saved.conflicts:
        return _sheet_page(request, submission, saved=saved, status=422)
    if saved.keys:
        messages.success(request, f"Đã lưu {len(saved.keys)} ô.")
    elif "submit" not in request.POST:
        messages.info(request, "Không có ô nào thay đổi.")
    return redirect("submit" if "submit" in request.POST else "submission", pk=submission.pk)


def _unsaved(request: SignedInRequest, submission: Submission) -> Sequence[Unsaved]:
    """Return what was typed on a page that could not be saved, beside what stands in the store."""
    now = snapshot(submission)
    rows = now.form.by_key
    later = changes_after(submission, posted_revision(request))
    shown = dict(now.cells) | {key: savings[0].before for key, savings in later.items()}
    entries = read_entries(now.form, request.POST.dict(), shown)
    typed = [(key, box_text(cell, rows[key]), cell.note) for key, cell in entries.cells.items()]
    typed += [(key, refusal.typed, refusal.note) for key, refusal in entries.refused.items()]
    return [
        Unsaved(
            rows[key].name(),
            saved=box_text(now.cell(key), rows[key]) or "trống",
            typed=f"{text} (ghi chú: {note})" if note else text,
        )
        for key, text, note in typed
    ]


def _sheet_page(
    request: SignedInRequest,
    submission: Submission,
    *,
    saved: Saved | None = None,
    error: str = "",
    reason: str = "",
    unsaved: Sequence[Unsaved] = (),
    status: int = 200,
) -> HttpResponse:
    if request.method == "POST":
        submission.refresh_from_db(fields=["state", "state_at", "state_by", "revision"])
    if saved is not None:
        # What somebody saves after this saving has not been shown to this person.
        submission.revision = saved.revision
    state = State(submission.state)
    roles = roles_on(request.user, submission)
    today = timezone.localdate()
    closed = why_not_open(submission, today)
    may_edit = state in EDITABLE and not closed and not roles.isdisjoint(FILLS_IN)
    neighbours = earlier_submissions(submission)
    previous, last_year = earlier_for(request.user, submission, neighbours)
    if last_year == previous:
        last_year = None
    before = snapshot(previous, with_details=False) if previous else None
    year_before = snapshot(last_year, with_details=False) if last_year else None
    files, comments = evidence_counts(submission), open_comments(submission)
    earlier = earlier_of(request, submission, roles)
    now = snapshot(submission)
    # Who reads sees what was found at handing in, with what was said of it.
    checked = last_check(submission) if state in HANDED_IN else None
    if checked:
        every = found = checked.found
    else:
        read = [(previous, before), (last_year, year_before)]
        every = weighed_findings(submission, now, history_beside(submission, neighbours, read))
        found = shown_while_typing(every)
    page = build_sheet(
        now,
        found=found,
        previous=before,
        last_year=year_before,
        refused=saved.refused if saved else None,
        conflicts=saved.conflicts if saved else (),
        beside=Beside(files, comments, earlier.before, earlier.fresh),
        only=_only(request),
    )
    here, is_paper = reverse("submission", args=[submission.pk]), submission.round.is_archive
    panels, talk = f"{here}dong/", reverse("comments", args=[submission.pk])
    reads_round = may_read_round(request.user, submission.round)
    # What was asked for stays in sight of both sides until the report is approved.
    last_return = (
        None
        if state is State.APPROVED
        else submission.transitions.filter(target=State.RETURNED).select_related("by").last()
    )
    return render(
        request,
        "reports/sheet.html",
        {
            "submission": submission,
            "state": state,
            "sheet": page,
            "bodies": (
                edit_sections(
                    page,
                    here,
                    is_paper=is_paper,
                    panels=panels,
                    nil=reverse("nil", args=[submission.pk]),
                    comments=talk,
                )
                if may_edit
                else read_sections(page, is_paper=is_paper, panels=panels, comments=talk)
            ),
            "findings": findings_html(
                page.findings,
                reverse("checks", args=[submission.pk]),
                waiting_of(every) if may_edit else 0,
            ),
            "found": shown_findings(found, now) if checked else (),
            "checked": checked,
            "previous": previous,
            "last_year": last_year,
            "files": sum(files.values()),
            "may_edit": may_edit,
            "is_handed_in": state in HANDED_IN,
            "closed": closed,
            "filing": last_filing(submission) if state in HANDED_IN or submission.mends else None,
            "may_sign": state is State.SIGNING
            and MOVES["submit"].is_open_to(
                state, roles, is_signed=submission.agency.wants_signature
            ),
            "moves": [
                move
                for move in open_moves(state, roles, is_signed=submission.agency.wants_signature)
                if move.name not in BUTTONS_ELSEWHERE and not (closed and move.only_while_open)
            ],
            "last_return": last_return,
            "is_late": is_late(submission, today),
            "due": wanted_day(submission),
            "last_day": last_day(entry_days(submission)),
            "offers": offers(submission.form_version, "submission-file", submission.pk),
            "saved": len(saved.keys) if saved else 0,
            "error": error,
            "reason": reason,
            "unsaved": unsaved,
            "reads_round": reads_round,
            "line": line_at(request, submission) if reads_round else None,
            "desk": desk_of(request),
            "may_return": MOVES["return"].is_open_to(state, roles),
            "comments": sum(map(len, comments.values())),
            "on_whole": comments.get(None, ()),
            "earlier": earlier,
        },
        status=status,
    )


def _only(request: SignedInRequest) -> Only:
    wanted = request.GET.get("loc", "")
    return Only(wanted) if wanted in set(Only) else Only.ALL


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for report number and signer, show what is still blank, and hand the report in."""
    submission = submission_for(request.user, pk)
    is_posted = request.method == "POST"
    form = (
        HeadingForm.posted(request.POST, submission)
        if is_posted
        else HeadingForm.of(submission, request.user)
    )
    # A page drawn again after a refusal still stands on the figures that the person has seen.
    revision = posted_revision(request) if request.method == "POST" else submission.revision
    error, status, stale = "", 200, False
    if request.method == "POST" and form.is_valid():
        try:
            passed_on = hand_in(
                submission=submission,
                heading=form.heading(),
                by=request.user,
                revision=revision,
            )
        except Refused as refusal:
            error, status = str(refusal), 409
            stale = isinstance(refusal, StaleSubmission)
        else:
            messages.success(request, _PASSED_ON[State(passed_on.state)])
            return _after_handing_in(passed_on)
    submission.refresh_from_db(fields=["state", "revision"])
    now = snapshot(submission)
    found = [] if submission.round.is_archive else weighed_findings(submission, now)
    kind = answers_given_by(request, submission)
    handing = handing_in(submission, by=request.user)
    return render(
        request,
        "reports/submit.html",
        {
            "submission": submission,
            "state": State(submission.state),
            "sheet": build_sheet(now, found=()),
            "found": shown_findings([one for one in found if one.is_open], now, answers=kind),
            "answered": sum(bool(one.said) for one in found),
            "kind": kind,
            "longest": LONGEST_WORDS,
            "form": form,
            "revision": revision,
            "error": error,
            # Figures that were not seen are looked at first: no button to send them unseen.
            "why_not": LOOK_FIRST if stale else why_not(submission, handing, by=request.user),
            "handing": handing,
            "due": wanted_day(submission),
        },
        status=422 if form.errors else status,
    )


def _after_handing_in(submission: Submission) -> HttpResponse:
    """Lead on to the receipt; what waits for the head's signature has none yet."""
    last = last_filing(submission) if State(submission.state) in HANDED_IN else None
    if last is None:
        return redirect("submission", pk=submission.pk)
    return redirect("filing", pk=submission.pk, number=last.number)


_PASSED_ON = {
    State.SIGNING: "Đã trình báo cáo để lãnh đạo đơn vị ký; ký xong báo cáo mới đến Sở Nội vụ.",
    State.SUBMITTED: "Đã gửi báo cáo đến Sở Nội vụ.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Take the submission through one move of the workflow; who only looks is led to it."""
    submission = submission_for(request.user, pk)
    if name not in MOVES or name in BUTTONS_ELSEWHERE:
        raise Http404("Không có việc này.")
    if request.method != "POST":
        return redirect("submission", pk=submission.pk)
    reason = clean(request.POST.get("reason", ""))[:LONGEST_WORDS]
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
    messages.success(request, f"Đã {MOVES[name].done}: {submission.whose}.")
    if name == "approve":
        return lead_on(request, submission)
    return redirect(reverse("submission", args=[pk]) + desk_of(request).passed_on)


@require_http_methods(["GET", "HEAD", "POST"])
def seen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep that the person has seen the report whole; who only looks is led to it."""
    submission = submission_for(request.user, pk)
    address = reverse("submission", args=[pk]) + desk_of(request).passed_on
    if request.method != "POST":
        return redirect(address)
    try:
        keep_seen(submission=submission, by=request.user, revision=posted_revision(request))
    except Refused as refusal:
        return _sheet_page(request, submission, error=str(refusal), status=409)
    messages.success(request, "Đã đánh dấu đã xem hết; từ nay ô nào đổi sau lúc này là mới.")
    return redirect(address)


@require_safe
def record(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what happened to the report, newest first: all of it, or of one kind, or of one row."""
    submission = submission_for(request.user, pk)
    form = form_definition(submission.form_version)
    kind, key = request.GET.get("loai", ""), request.GET.get("dong", "")
    wanted = Wanted(
        kind=RecordKind(kind) if kind in set(RecordKind) else None,
        row=form.by_key.get(key),
    )
    if key and wanted.row is None:
        raise Http404("Biểu này không có dòng đó.")
    after = mark_from(request.GET.get("sau", ""))
    return render(
        request,
        "reports/record.html",
        {
            "submission": submission,
            **way_back(request, submission),
            "told": record_of(submission, wanted, after=after),
            "is_first": after is None,
            "kinds": OF_A_REPORT,
            "kind": wanted.kind,
            "row": wanted.row,
            "rows": form.rows,
            "query": urlencode(
                {"loai": wanted.kind or "", "dong": key, "ds": desk_of(request).query}
            ),
        },
    )


@require_GET
def export(request: SignedInRequest, pk: int, extension: str) -> HttpResponse:
    """Send the appendix of a submission as a file."""
    submission = submission_for(request.user, pk)
    return download(
        submission_file(
            submission,
            FORMATS[extension],
            by=request.user,
            paper=paper_asked(request, submission.form_version),
        )
    )
