"""The pages of who judges reports, and of what is said about them: comments, the letter that sends
a report back, the line of those that wait, many approved at once."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import Labelled
from indicators.words import LONGEST_WORDS, clean
from reporting.access import may_read_round, reports_of, round_for, submission_for
from reporting.actions.comments import add_comment, may_resolve, resolve_comment, why_no_comment
from reporting.actions.reviews import Judged, approve_at_once, held_by, send_back
from reporting.actions.submissions import why_not
from reporting.documents.formats.letters import LETTER_FORMATS
from reporting.lines import shown
from reporting.models import Comment, Look, Submission
from reporting.queries.comments import all_comments, open_comments
from reporting.queries.figures import saved_since, snapshot
from reporting.queries.reviews import FiledBefore, Line, filed_before, last_look, line_of
from reporting.queries.submissions import last_return
from reporting.refusals import CommentUnfit, NothingChosen, ReasonMissing, Refused
from reporting.reviewing import USUAL_REASON, Point, letter
from reporting.snapshot import Cell, SubmissionSnapshot
from reporting.views.requests import SignedInRequest, desk_of, posted_revision, way_back
from reporting.views.rounds import desk_page
from reporting.workflow import HANDED_IN, MOVES, Role, State

WHOLE = "cả báo cáo"
# A report and the revision of it that the desk showed.
_CHOSEN = re.compile(r"([0-9]{1,18})-([0-9]{1,9})")


# The line of reports that wait


def line_at(request: SignedInRequest, submission: Submission) -> Line:
    desk = desk_of(request)
    return line_of(submission, state=desk.state, search=desk.search)


def lead_on(request: SignedInRequest, submission: Submission) -> HttpResponse:
    """Go on with the next report that waits; back to the desk from the last of them, and where the
    person did not come from the desk stay with this one."""
    desk = desk_of(request)
    if "ds" not in request.POST or not may_read_round(request.user, submission.round):
        return redirect("submission", pk=submission.pk)
    after = line_at(request, submission).next
    if after is None:
        messages.info(request, "Không còn báo cáo nào chờ trong danh sách này.")
        return redirect(desk.address(submission.round))
    messages.info(request, f"Trang này là báo cáo tiếp theo trong danh sách chờ: {after.agency}.")
    return redirect(reverse("submission", args=[after.pk]) + desk.passed_on)


# What a reader of the sheet is told beside the figures


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a report that was handed in is compared with for one person: how it was handed in the
    time before, how far they have seen it and what was saved since; and who else reviews it."""

    filed: FiledBefore | None = None
    look: Look | None = None
    fresh: Collection[str] | None = None
    may_mark: bool = False
    held_by: str = ""

    @property
    def before(self) -> Mapping[str, Cell] | None:
        return self.filed.cells if self.filed else None


def earlier_of(
    request: SignedInRequest, submission: Submission, roles: Collection[Role]
) -> Earlier:
    """Return what the report is compared with, where it was handed in. Three queries at most."""
    if State(submission.state) not in HANDED_IN:
        return Earlier()
    filed = filed_before(submission)
    if Role.REVIEWER not in roles:
        return Earlier(filed)
    look = last_look(submission, by=request.user)
    fresh = {one.key for one in saved_since(submission, look.revision)} if look else None
    return Earlier(filed, look, fresh, may_mark=True, held_by=held_by(submission, by=request.user))


# Comments


class Wanted(Labelled):
    """Which comments a page shows."""

    OPEN = "", "Chưa xong"
    DONE = "xong", "Đã xong"
    ALL = "tat-ca", "Tất cả"


class ShownComment(NamedTuple):
    """One comment, and whether the person may mark it as done."""

    comment: Comment
    may_resolve: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said about one place: a row, or with an empty ``key`` the whole report."""

    key: str
    name: str
    figure: str
    comments: Sequence[ShownComment]


@dataclass(frozen=True, slots=True)
class SectionThreads:
    """What was said within one section of the form; the whole report comes first."""

    key: str
    name: str
    threads: Sequence[Thread]


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show all that was said about a report, by section; a POST says something or settles it."""
    submission = submission_for(request.user, pk)
    if request.method != "POST":
        return _comments_page(request, submission)
    try:
        return _say(request, submission)
    except Refused as refusal:
        status = 422 if isinstance(refusal, CommentUnfit) else 409
        return _comments_page(request, submission, error=str(refusal), status=status)


def _say(request: SignedInRequest, submission: Submission) -> HttpResponse:
    posted, by = request.POST, request.user
    if "resolve" in posted:
        wanted = posted["resolve"]
        comment_id = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0
        resolve_comment(submission=submission, comment_id=comment_id, by=by)
        messages.success(request, "Đã đánh dấu ý kiến là xong.")
    else:
        key, text = posted.get("row", ""), posted.get("comment", "")
        add_comment(submission=submission, row_key=key, text=text, by=by)
        messages.success(request, "Đã ghi ý kiến.")
    return redirect(reverse("comments", args=[submission.pk]) + desk_of(request).passed_on)


def _comments_page(
    request: SignedInRequest, submission: Submission, *, error: str = "", status: int = 200
) -> HttpResponse:
    now, every = snapshot(submission), list(all_comments(submission))
    asked = request.GET.get("loc", "")
    wanted = Wanted(asked) if asked in set(Wanted) else Wanted.OPEN
    return render(
        request,
        "reports/comments.html",
        {
            "submission": submission,
            "state": State(submission.state),
            "sections": _by_section(request, submission, every, wanted, now),
            "filters": [(one, sum(_is_wanted(said, one) for said in every)) for one in Wanted],
            "wanted": wanted,
            "why_no_comment": why_no_comment(submission, by=request.user),
            "places": [(row.key, now.form.names[row.key]) for row in _sections(now.form)],
            "place": request.POST.get("row", request.GET.get("phan", "")),
            "typed": clean(request.POST.get("comment", "")),
            "longest": LONGEST_WORDS,
            **way_back(request, submission),
            "error": error,
        },
        status=status,
    )


def _is_wanted(said: Comment, wanted: Wanted) -> bool:
    return wanted is Wanted.ALL or (said.resolved_at is None) == (wanted is Wanted.OPEN)


def _sections(form: FormDefinition) -> Sequence[RowDefinition]:
    return [row for row in form.rows if row.section == row.key]


def _by_section(
    request: SignedInRequest,
    submission: Submission,
    every: Sequence[Comment],
    wanted: Wanted,
    now: SubmissionSnapshot,
) -> Sequence[SectionThreads]:
    """Group comments by place, in the form's order; a place of which nothing is wanted is left out,
    of the others all is told."""
    form = now.form
    said: dict[int | None, list[Comment]] = {}
    for comment in every:
        said.setdefault(comment.row_id, []).append(comment)

    def thread(row: RowDefinition | None) -> Thread:
        found = said[row.id if row else None]
        return Thread(
            key=row.key if row else "",
            name=form.names[row.key] if row else "Cả báo cáo",
            figure=shown(row, now) or "trống" if row and row.is_answered else "",
            comments=[
                ShownComment(
                    one,
                    one.resolved_at is None and may_resolve(one, submission, by=request.user),
                )
                for one in found
            ],
        )

    kept = {place for place, found in said.items() if any(_is_wanted(it, wanted) for it in found)}
    sections = [SectionThreads("", "", [thread(None)])] if None in kept else []
    for head in _sections(form):
        rows = [row for row in form.rows if row.section == head.key and row.id in kept]
        if rows:
            threads = [thread(row) for row in rows]
            sections.append(SectionThreads(head.key, form.names[head.key], threads))
    return sections


# Sending back


@require_http_methods(["GET", "HEAD", "POST"])
def send_back_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the letter that would go back to the agency; a POST returns the report with it."""
    submission = submission_for(request.user, pk)
    points = _points(submission, snapshot(submission))
    if request.method != "POST":
        reason = USUAL_REASON if points else ""
        return _letter_form(request, submission, points, reason=reason)
    reason = clean(request.POST.get("reason", ""))[:LONGEST_WORDS]
    if "preview" in request.POST:
        return _letter_form(request, submission, points, reason=reason)
    read = request.POST.getlist("seen")
    try:
        send_back(
            submission=submission,
            reason=reason,
            points=points,
            seen={int(one) for one in read if one.isdecimal() and len(one) < 19},
            by=request.user,
            revision=posted_revision(request),
        )
    except Refused as refusal:
        submission.refresh_from_db(fields=["state", "state_at", "state_by", "revision"])
        status = 422 if isinstance(refusal, ReasonMissing) else 409
        return _letter_form(
            request, submission, points, reason=reason, error=str(refusal), status=status
        )
    done = MOVES["return"].done
    messages.success(request, f"Đã {done}: {submission.whose}.")
    return lead_on(request, submission)


def _points(submission: Submission, now: SubmissionSnapshot) -> Sequence[Point]:
    """Return every open comment with its place, the whole report first, then by the form."""
    said = open_comments(submission)
    points = [Point(WHOLE, "", remark) for remark in said.get(None, ())]
    for row in now.form.rows:
        is_section = not row.is_answered
        name = now.form.names[row.key]
        figure = "" if is_section else shown(row, now) or "trống"
        place = f"phần {name}" if is_section else f"dòng {name}"
        points += [Point(place, figure, remark) for remark in said.get(row.id, ())]
    return points


def _letter_form(
    request: SignedInRequest,
    submission: Submission,
    points: Sequence[Point],
    *,
    reason: str,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    # A page drawn again still stands on the figures that the person has seen: others are looked at
    # first, and there is no button to send them back unseen.
    is_posted = request.method == "POST"
    revision = posted_revision(request) if is_posted else submission.revision
    stays = why_not(submission, MOVES["return"], by=request.user)
    if not stays and revision != submission.revision:
        stays = "Báo cáo đã thay đổi sau khi ông/bà mở trang này. Hãy xem lại bảng số liệu trước."
    return render(
        request,
        "reports/return.html",
        {
            "submission": submission,
            "state": State(submission.state),
            "points": points,
            "reason": reason,
            "preview": letter(reason or "(chưa ghi lý do)", points),
            "why_not": stays,
            "error": error,
            "longest": LONGEST_WORDS,
            "revision": revision,
            **way_back(request, submission),
        },
        status=status,
    )


@require_safe
def last_letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the letter of the last return, to be printed."""
    submission = submission_for(request.user, pk)
    found = last_return(submission)
    if found is None:
        raise Http404("Báo cáo này chưa bị trả lại lần nào nên chưa có thư.")
    return render(
        request,
        "reports/letter.html",
        {
            "submission": submission,
            "letter": found,
            "letter_formats": LETTER_FORMATS.values(),
            **way_back(request, submission),
        },
    )


# Many at once


@require_http_methods(["GET", "HEAD", "POST"])
def approvals(request: SignedInRequest, code: str) -> HttpResponse:
    """Approve the chosen reports of a round and say of each what has become of it; who only looks
    is led to the desk."""
    round_ = round_for(request.user, code)
    desk = desk_of(request)
    address = desk.address(round_)
    if request.method != "POST":
        return redirect(address)
    chosen = _chosen(request)
    reports = reports_of(round_, chosen)
    try:
        judged = approve_at_once(round_=round_, chosen=chosen, reports=reports, by=request.user)
    except Refused as refusal:
        status = 422 if isinstance(refusal, NothingChosen) else 409
        return desk_page(request, round_, desk, error=str(refusal), status=status)
    _tell(request, judged)
    return redirect(address)


def _chosen(request: SignedInRequest) -> Mapping[int, int]:
    """Return the revision that the person saw by the report's id; what names no report is none of
    the round's."""
    found = {}
    for text in request.POST.getlist("chon"):
        named = _CHOSEN.fullmatch(text)
        if named is None:
            raise Http404("Đợt này không có báo cáo ấy.")
        found[int(named[1])] = int(named[2])
    return found


def _tell(request: SignedInRequest, judged: Sequence[Judged]) -> None:
    approved = sum(not one.why_not for one in judged)
    left = [f"{one.submission.whose} – {one.why_not}" for one in judged if one.why_not]
    if approved:
        messages.success(request, f"Đã duyệt {approved} báo cáo.")
    if left:
        told = " ".join(left)
        messages.warning(request, f"{len(left)} báo cáo không duyệt được: {told}")
