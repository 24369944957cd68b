"""The pages of a round for the Sở Nội vụ and the province's leaders."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.catalogue.spelling import says
from indicators.kinds import Severity
from reporting.access import holds_any, roles_at, round_for, visible_rounds
from reporting.actions.reviews import held_by
from reporting.collation import by_kind_and_name
from reporting.documents.formats.letters import LETTER_FORMATS
from reporting.models import Round
from reporting.queries.comments import open_counts
from reporting.queries.findings import asking_to_pass, checked_counts
from reporting.queries.rounds import rounds_with_counts
from reporting.queries.submissions import Listed, filed_in, listed, of_round
from reporting.reviewing import why_not_at_once
from reporting.views.requests import Desk, SignedInRequest
from reporting.workflow import EDITABLE, HANDED_IN, WAITING, Role, State

LATE = "late"
ASKING = "xin-mien"
NIL = "khong-phat-sinh"
TO_JUDGE = "cho-duyet"
BY_FINDINGS = "kiem-tra"


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List the rounds of the provinces that the person may see whole, newest first."""
    rounds = rounds_with_counts(visible_rounds(request.user))
    return render(
        request,
        "rounds/list.html",
        {
            "rounds": rounds,
            "runs": holds_any(request.user, {Role.REVIEWER}),
            "today": timezone.localdate(),
        },
    )


@require_safe
def detail(request: SignedInRequest, code: str) -> HttpResponse:
    """List the submissions of a round by state, with a search: the reviewer's desk."""
    return desk_page(request, round_for(request.user, code), Desk.of(request.GET))


def desk_page(
    request: SignedInRequest, round_: Round, desk: Desk, *, error: str = "", status: int = 200
) -> HttpResponse:
    """Show the desk as it was asked for, with what was refused on it."""
    reports = sorted(listed(of_round(round_), timezone.localdate()), key=_place)
    counts = Counter(report.state for report in reports)
    ids = [report.submission.pk for report in reports]
    checked, asking = checked_counts(ids), asking_to_pass(ids)
    filed = filed_in([round_.pk])
    may_approve = Role.REVIEWER in roles_at(request.user, round_.province)
    comments = open_counts(ids) if may_approve else {}
    reports = [
        replace(
            report,
            checked=_found(report, checked),
            asks_to_pass=report.submission.pk in asking and report.state in EDITABLE,
            filed=filed.get(report.submission.pk) if report.state in HANDED_IN else None,
            why_not_at_once=why_not_at_once(
                report.state,
                checked.get(report.submission.pk),
                comments.get(report.submission.pk, 0),
                held_by(report.submission, by=request.user),
            )
            if may_approve
            else None,
        )
        for report in reports
    ]
    order = request.GET.get("xep", "")
    shown = [report for report in reports if _matches(report, desk.state, desk.search)]
    return render(
        request,
        "rounds/detail.html",
        {
            "round": round_,
            "reports": sorted(shown, key=_by_findings) if order == BY_FINDINGS else shown,
            "nil": sum(_is_nil(report) for report in reports),
            "is_by_findings": order == BY_FINDINGS,
            "plain": sum(report.why_not_at_once == "" for report in shown),
            "are_chosen": "chon" in request.GET,
            "desk": desk,
            "error": error,
            "asking": sum(report.asks_to_pass for report in reports),
            "counts": [(state, counts[state]) for state in State],
            "expected": len(reports),
            "waiting": sum(report.state in WAITING for report in reports),
            "letter_formats": LETTER_FORMATS.values(),
            "late": sum(report.is_late for report in reports),
            "state": desk.state,
            "search": desk.search,
            "today": timezone.localdate(),
        },
        status=status,
    )


def _found(
    report: Listed, checked: Mapping[int, Mapping[Severity, int]]
) -> Sequence[tuple[Severity, int]] | None:
    """Return what errors and warnings the report was handed in with; None of one that is not
    handed in, or was before there were checks."""
    counts = checked.get(report.submission.pk)
    if counts is None or report.state not in HANDED_IN:
        return None
    asked = (Severity.ERROR, Severity.WARNING)
    return [(severity, counts[severity]) for severity in asked if counts.get(severity)]


def _place(report: Listed) -> tuple[object, ...]:
    return by_kind_and_name(report.submission.agency_kind, report.submission.agency_name)


def _by_findings(report: Listed) -> tuple[int, int, int]:
    """Those with most errors first, then most warnings; those that ask for a waiver before all."""
    counts = dict(report.checked or ())
    return (
        -report.asks_to_pass,
        -counts.get(Severity.ERROR, 0),
        -counts.get(Severity.WARNING, 0),
    )


def _is_nil(report: Listed) -> bool:
    return report.filed is not None and report.filed.is_nil


def _matches(report: Listed, state: str, search: str) -> bool:
    among = {
        "": True,
        LATE: report.is_late,
        ASKING: report.asks_to_pass,
        NIL: _is_nil(report),
        TO_JUDGE: report.state in WAITING,
    }
    is_among = among.get(state, state == report.state.value)
    return is_among and says(search, report.submission.agency_name)
