"""The findings of one report: as a page to clear before handing in, and as a list for Excel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from indicators.kinds import Labelled, Severity
from indicators.words import LONGEST_WORDS, clean
from reporting.access import FILLS_IN, roles_on, submission_for
from reporting.actions.findings import Kept, answer_findings, why_no_answer
from reporting.documents.findings import findings_file
from reporting.lines import shown
from reporting.models import Submission
from reporting.queries.figures import snapshot
from reporting.queries.findings import last_check, weighed_findings
from reporting.refusals import Refused
from reporting.rules.answers import Answer, AnswerKind, Said, Weighed
from reporting.snapshot import SubmissionSnapshot
from reporting.views.files import download
from reporting.views.requests import SignedInRequest, way_back
from reporting.workflow import HANDED_IN, Role, State

# Boxes for what is said of findings, and ticks that what was said before still holds.
SAID, STILL = "noi-", "con-dung-"
# What a page showed: the figures, and what stood in the box.
SEEN, BEFORE = "so-", "truoc-"
# Where a finding is about many rows, the first of them are led to.
MOST_ROWS = 8


class Wanted(Labelled):
    """Which findings a page shows."""

    ALL = "", "Tất cả"
    OPEN = "con-lai", "Còn phải xử lý"
    ERRORS = "loi", "Lỗi"
    WARNINGS = "canh-bao", "Cảnh báo"
    NOTES = "luu-y", "Lưu ý"


_SEVERITY = {
    Wanted.ERRORS: Severity.ERROR,
    Wanted.WARNINGS: Severity.WARNING,
    Wanted.NOTES: Severity.NOTE,
}


@dataclass(frozen=True, slots=True)
class PlaceOfFinding:
    """One row that a finding is about, with its figure as it prints."""

    key: str
    name: str
    shown: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as a page shows it, with what others said of it.

    ``box`` is the name of the box to answer in, "" where this person can't, ``typed`` what stands
    in it; ``mine`` what this side has said; ``again`` what it said of other figures, offered once
    more under ``still``.
    """

    weighed: Weighed
    rows: Sequence[PlaceOfFinding]
    more_rows: int
    said: Sequence[Answer] = ()
    box: str = ""
    still: str = ""
    typed: str = ""
    mine: Answer | None = None
    again: Answer | None = None
    is_changed: bool = False

    @property
    def anchor(self) -> str:
        return f"k-{self.weighed.finding.name.replace(' ', '-')}"


def shown_findings(
    found: Sequence[Weighed],
    now: SubmissionSnapshot,
    *,
    answers: AnswerKind | None = None,
    changed: frozenset[str] = frozenset(),
    typed: Mapping[str, Said] | None = None,
) -> list[ShownFinding]:
    """Return findings for a page on which this person gives ``answers`` of one kind, or none."""
    return [
        _shown(
            one,
            now,
            kind=answers if answers and one.takes(answers) else None,
            is_changed=one.finding.code in changed,
            typed=(typed or {}).get(one.finding.name),
        )
        for one in found
    ]


def _shown(
    one: Weighed,
    now: SubmissionSnapshot,
    *,
    kind: AnswerKind | None,
    is_changed: bool,
    typed: Said | None,
) -> ShownFinding:
    mine = one.answer(of_reviewer=kind.is_of_reviewer) if kind else None
    keys = [key for key in one.finding.keys if key in now.form.by_key]
    return ShownFinding(
        one,
        rows=list(_places(keys[:MOST_ROWS], now)),
        more_rows=max(0, len(keys) - MOST_ROWS),
        said=[answer for answer in one.said if answer is not mine],
        box=SAID + one.finding.name if kind else "",
        still=STILL + one.finding.name if kind else "",
        typed=typed.text if typed else mine.text if mine else "",
        mine=mine,
        again=one.outdated_answer(of_reviewer=kind.is_of_reviewer) if kind else None,
        is_changed=is_changed,
    )


def _places(keys: Sequence[str], now: SubmissionSnapshot) -> Iterator[PlaceOfFinding]:
    for key in keys:
        row = now.form.by_key[key]
        yield PlaceOfFinding(key, now.form.names[key], shown(row, now) or "trống")


def answers_given_by(request: SignedInRequest, submission: Submission) -> AnswerKind | None:
    """Return what this person may say of findings now; None where nothing."""
    for kind in AnswerKind:
        if not why_no_answer(submission, kind, by=request.user):
            return kind
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show all findings of a report, with what was said of them; a POST says something."""
    submission = submission_for(request.user, pk)
    if request.method == "POST":
        return _say(request, submission)
    return _page(request, submission)


def _say(request: SignedInRequest, submission: Submission) -> HttpResponse:
    via = "submit" if "submit" in request.POST else "checks"
    typed = posted_answers(request)
    try:
        kind, kept = keep_answers(request, submission, via=via)
    except Refused as refusal:
        errors = [str(refusal), *_unsaved(typed)]
        return _page(request, submission, errors=errors, typed=typed, status=409)
    if kept.answers or not kept.missed:
        messages.success(request, told(kind, kept))
    if kept.missed:
        return _page(request, submission, errors=kept.missed, typed=typed, status=409)
    if via == "submit":
        return redirect("submit", pk=submission.pk)
    wanted = _wanted(request)
    query = f"?loc={wanted.value}" if wanted else ""
    return redirect(reverse("checks", args=[submission.pk]) + query)


def _unsaved(typed: Mapping[str, Said]) -> Iterator[str]:
    """Yield what was typed, so that nothing of it is lost where its box is gone."""
    for name, said in typed.items():
        if said.text and not said.is_untouched:
            yield f"Chưa được ghi, {name}: «{said.text}»."


def keep_answers(
    request: SignedInRequest, submission: Submission, *, via: str
) -> tuple[AnswerKind, Kept]:
    """Keep what was posted of findings: by the agency as explanations, by the reviewer as waivers
    or refusals. Raises Refused."""
    fills_in = not FILLS_IN.isdisjoint(roles_on(request.user, submission))
    wanted = request.POST.get("kind", "")
    kind = AnswerKind(wanted) if wanted in set(AnswerKind) else None
    kind = kind or (AnswerKind.EXPLANATION if fills_in else AnswerKind.WAIVER)
    return kind, answer_findings(
        submission=submission,
        kind=kind,
        said=posted_answers(request),
        by=request.user,
        via=via,
    )


def told(kind: AnswerKind, kept: Kept) -> str:
    """Say what was kept, and who acts on it next."""
    if not kept.answers:
        return "Không có nội dung nào mới."
    taken_back = sum(not answer.text for answer in kept.answers)
    said_so = [f"Đã rút lại {taken_back} nội dung."] * bool(taken_back)
    said = [answer for answer in kept.answers if answer.text]
    errors = sum(answer.severity == Severity.ERROR for answer in said)
    if kind is AnswerKind.WAIVER:
        said_so += [f"Đã miễn {errors} lỗi; đơn vị gửi được nếu không còn điểm nào khác."] * bool(
            errors
        )
    elif kind is AnswerKind.REFUSAL:
        said_so += [f"Đã ghi không miễn {errors} lỗi; đơn vị đọc được lý do."] * bool(errors)
    else:
        said_so += [f"Đã ghi {len(said) - errors} giải trình."] * (len(said) > errors)
        said_so += [f"Đã chuyển {errors} đề nghị miễn lỗi đến Sở Nội vụ."] * bool(errors)
    return " ".join(said_so)


def posted_answers(request: SignedInRequest) -> Mapping[str, Said]:
    """Return what was said by finding's name: what was typed, or again what was said before."""
    texts = {}
    for name, value in request.POST.items():
        if name.startswith(SAID):
            finding = name.removeprefix(SAID)
            again = clean(str(request.POST.get(STILL + finding, ""))).strip()
            texts[finding] = Said(
                text=clean(str(value)).strip() or again,
                found=str(request.POST.get(SEEN + finding, "")),
                before=clean(str(request.POST.get(BEFORE + finding, ""))).strip(),
            )
    return texts


def _page(
    request: SignedInRequest,
    submission: Submission,
    *,
    errors: Sequence[str] = (),
    typed: Mapping[str, Said] | None = None,
    status: int = 200,
) -> HttpResponse:
    submission.refresh_from_db(fields=["state", "state_at", "state_by", "revision"])
    state, now = State(submission.state), snapshot(submission)
    checked = last_check(submission) if state in HANDED_IN else None
    is_stored = checked is not None and "nay" not in request.GET
    found = checked.found if checked and is_stored else weighed_findings(submission, now)
    kind = answers_given_by(request, submission)
    wanted = _wanted(request)
    roles = roles_on(request.user, submission)
    return render(
        request,
        "reports/checks.html",
        {
            "submission": submission,
            "state": state,
            "found": shown_findings(
                [one for one in found if _is_wanted(one, wanted)],
                now,
                answers=kind,
                changed=checked.changed if checked and is_stored else frozenset(),
                typed=typed,
            ),
            "filters": [(one, sum(_is_wanted(it, one) for it in found)) for one in Wanted],
            "wanted": wanted,
            "open": sum(one.is_open for one in found),
            "checked": checked,
            "is_stored": is_stored,
            "kind": kind,
            "is_reviewer": Role.REVIEWER in roles,
            **way_back(request, submission),
            "may_hand_in": kind is AnswerKind.EXPLANATION,
            "longest": LONGEST_WORDS,
            "errors": errors,
        },
        status=status,
    )


def _wanted(request: SignedInRequest) -> Wanted:
    wanted = request.POST.get("loc", request.GET.get("loc", ""))
    return Wanted(wanted) if wanted in set(Wanted) else Wanted.ALL


def _is_wanted(one: Weighed, wanted: Wanted) -> bool:
    if wanted is Wanted.OPEN:
        return one.is_open
    return wanted is Wanted.ALL or one.finding.severity is _SEVERITY[wanted]


@require_GET
def checks_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the findings as an Excel list, for a colleague without an account."""
    submission = submission_for(request.user, pk)
    return download(findings_file(submission, by=request.user))
