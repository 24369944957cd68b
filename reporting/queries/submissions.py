"""Submissions as lists show them, and the neighbours of one submission in time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery

from indicators.definition import FormDefinition
from indicators.kinds import Capacity, Severity
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import Basis, Source
from reporting.collation import by_kind_and_name
from reporting.filing import whose
from reporting.models import AgencyKind, Filing, Round, Submission, Transition
from reporting.periods import EntryDays, last_day, why_shut
from reporting.progress import is_overdue, wanted_by
from reporting.workflow import HANDED_IN, RoundStatus, State


@dataclass(frozen=True, slots=True)
class Listed:
    """One submission as a list shows it: how many of the rows asked of its agency are answered,
    if it is late, if it takes no figures today, and how many findings of each severity it was
    handed in with; None where that is not known. ``asks_to_pass`` says that the agency asks for an
    error to be waived; ``filed`` how it was handed in, None where it was not, or where that was not
    looked up; ``why_not_at_once`` why a report that waits can't be approved together with others:
    "" where it can, None where that is not this person's question."""

    submission: Submission
    answered: int
    typed: int
    is_late: bool
    is_shut: bool = False
    checked: Sequence[tuple[Severity, int]] | None = None
    asks_to_pass: bool = False
    filed: "Filed | None" = None
    why_not_at_once: str | None = None

    @property
    def state(self) -> State:
        return State(self.submission.state)

    @property
    def is_waited_for(self) -> bool:
        """Its agency may be reminded of it."""
        return self.state not in HANDED_IN and _waits(self.submission.round)

    @property
    def due(self) -> date | None:
        """The last day on which it comes in time."""
        return wanted_day(self.submission)

    @property
    def last_day(self) -> date | None:
        """The last day on which it takes figures."""
        return last_day(entry_days(self.submission))


def listed(submissions: QuerySet[Submission], today: date) -> list[Listed]:
    """Return ``submissions`` with all that a list prints, newest round first. Three queries, and
    the forms': many reports share a round and a form, which are read once and not with each."""
    found = list(
        submissions.select_related("state_by")
        .prefetch_related(
            "round", Prefetch("form_version", FormVersion.objects.select_related("form"))
        )
        .order_by(
            F("round__data_to").desc(nulls_last=True),
            "round__code",
            "agency__code",
            "form_version__code",
            "-capacity",
        )
    )
    return [
        Listed(
            submission,
            answered=min(submission.answered, typed),
            typed=typed,
            is_late=is_late(submission, today),
            is_shut=bool(why_shut(entry_days(submission), today)),
        )
        for submission, typed in ((submission, typed_rows(submission)) for submission in found)
    ]


def typed_rows(submission: Submission) -> int:
    """Return how many rows the agency of ``submission`` is to type. No query but the form's."""
    form = form_definition(submission.form_version)
    capacity = Capacity(submission.capacity)
    return len(form.typed_by(submission.agency_kind, submission.agency_functions, capacity))


def of_round(round_: Round) -> QuerySet[Submission]:
    return Submission.objects.filter(round=round_)


def waited_for(round_: Round, agency: int) -> Sequence[Submission]:
    """Return the reports that a round still waits for from an agency, which the round names; none
    where it does not ask, or does not ask any more. One query."""
    return _waited_for(round_, of_round(round_).filter(agency=agency))


def waited_for_of_all(round_: Round) -> Sequence[Sequence[Submission]]:
    """Return the reports that a round still waits for, those of each agency together. One query."""
    reports = sorted(
        _waited_for(round_, of_round(round_)),
        key=lambda one: (by_kind_and_name(one.agency_kind, one.agency_name), one.agency_id),
    )
    return [list(of_agency) for _, of_agency in groupby(reports, lambda one: one.agency_id)]


def _waited_for(round_: Round, among: QuerySet[Submission]) -> Sequence[Submission]:
    if not _waits(round_):
        return []
    missing = among.exclude(state__in=HANDED_IN).select_related("form_version__form")
    reports = list(missing.order_by("form_version__code", "-capacity"))
    for one in reports:
        one.round = round_
    return reports


def _waits(round_: Round) -> bool:
    return not round_.is_archive and round_.status in {RoundStatus.OPEN, RoundStatus.CLOSED}


def last_return(submission: Submission) -> Transition | None:
    """Return the move by which a report was sent back the last time; None where it never was. One
    query."""
    returned = submission.transitions.filter(target=State.RETURNED.value)
    return returned.select_related("by").last()


def is_late(submission: Submission, today: date) -> bool:
    """Not handed in although the last day has passed on which it was in time."""
    is_over = is_overdue(State(submission.state), wanted_day(submission), today)
    return is_over and submission.round.status != RoundStatus.CANCELLED


def wanted_day(submission: Submission) -> date | None:
    """Return the last day on which the report comes in time: of one that was sent back, the last
    day of corrections, where there is one."""
    round_ = submission.round
    return wanted_by(
        round_.due_on, round_.edit_until, submission.extended_until, mends=submission.mends
    )


def entry_days(submission: Submission) -> EntryDays:
    """Return when the report takes figures."""
    round_ = submission.round
    return EntryDays(
        name=round_.name,
        status=RoundStatus(round_.status),
        opens_on=round_.opens_on,
        closes_on=round_.closes_on,
        edit_until=round_.edit_until,
        extended_until=submission.extended_until,
        mends=submission.mends,
    )


class Filed(NamedTuple):
    """How a report was handed in: whether late the first time, since what is sent back is mended in
    its own time; and of the last time whether nothing had arisen, and on which day it was received
    outside the portal, where it was."""

    is_late: bool
    is_nil: bool
    received_on: date | None


def filed_in(rounds: Iterable[int]) -> Mapping[int, Filed]:
    """Return, by id, how the reports of ``rounds`` were handed in that were. One query."""
    found: dict[int, Filed] = {}
    filings = Filing.objects.filter(submission__round__in=list(rounds)).order_by("number")
    told = filings.values_list("submission_id", "is_late", "is_nil", "received_on")
    for pk, is_late, is_nil, received_on in told.iterator(chunk_size=5000):
        first = found.get(pk)
        found[pk] = Filed(first.is_late if first else is_late, is_nil, received_on)
    return found


class Earlier(NamedTuple):
    """The agency's approved reports that stand beside one of now: the last of an earlier round, and
    that of the same kind of period a year before, whose data end in the same month."""

    previous: Submission | None = None
    last_year: Submission | None = None


def earlier_submissions(submission: Submission) -> Earlier:
    """Return the reports beside ``submission``, of the same form where there are such, else of any;
    none where the round's window is unknown. Two queries; one where there are none."""
    ends = submission.round.data_to
    if ends is None:
        return Earlier()
    candidates = (
        Submission.objects.filter(
            agency=submission.agency_id,
            state=State.APPROVED.value,
            round__data_to__lt=ends,
            capacity__in=Capacity(submission.capacity).comparable,
        )
        .exclude(round__status=RoundStatus.CANCELLED.value)
        .values_list("form_version__form", "round__data_to", "round__period_kind", "pk")
    )
    own_form = submission.form_version.form_id
    ranked = sorted(
        ((form == own_form, until, kind, pk) for form, until, kind, pk in candidates), reverse=True
    )
    alike_to = submission.round.period_kind, ends.year - 1, ends.month
    alike = [
        pk for _, until, kind, pk in ranked if until and (kind, until.year, until.month) == alike_to
    ]
    wanted = [pk for *_, pk in ranked[:1]], alike[:1]
    if not ranked:
        return Earlier()
    fetched = Submission.objects.select_related("round", "form_version__form").in_bulk(
        [pk for one in wanted for pk in one]
    )
    for one in fetched.values():
        one.agency = submission.agency
        if one.round.province_id == submission.round.province_id:
            one.round.province = submission.round.province
    return Earlier(*(fetched[one[0]] if one else None for one in wanted))


def for_totals(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Fetch of ``submissions`` what ``sources`` reads. Two queries: the forms, of which a round has
    few, are not fetched with each report."""
    return with_codes(with_last_filing(submissions)).prefetch_related("form_version")


def with_last_filing(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    last = Filing.objects.filter(submission=OuterRef("pk")).order_by("-number").values("pk")[:1]
    return submissions.annotate(last_filing=Subquery(last))


def with_codes(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    return submissions.annotate(code=F("agency__code"))


def sources(submissions: Iterable[Submission], basis: Basis = Basis.APPROVED) -> Sequence[Source]:
    """Return submissions, fetched ``for_totals``, as sources of totals."""
    states = basis.states
    return [
        source_of(submission, form_definition(submission.form_version), states)
        for submission in submissions
    ]


# What ``source_of`` reads of a report.
OF_A_SOURCE = (
    "pk",
    "agency_id",
    "agency_name",
    "agency_kind",
    "agency_functions",
    "agency_area",
    "agency_district",
    "within_id",
    "capacity",
    "state",
    "code",
    "last_filing",
)


def source_of(report: Any, form: FormDefinition, states: Collection[State]) -> Source:
    """Return one report, which has the columns ``OF_A_SOURCE``, as a source of totals."""
    state = _STATES[report.state]
    return Source(
        submission_id=report.pk,
        agency_id=report.agency_id,
        code=report.code,
        agency=whose(report.agency_name, report.capacity),
        kind=_KINDS[report.agency_kind],
        functions=_held(report.agency_functions),
        form=form,
        state=state,
        is_taken=state in states,
        capacity=_CAPACITIES[report.capacity],
        area=report.agency_area,
        district=report.agency_district,
        within=report.within_id,
        sent=report.last_filing or 0,
    )


# A course over ten years reads thousands of reports; making an enumeration's member of a code takes
# longer than looking it up.
_STATES = {state.value: state for state in State}
_KINDS = {kind.value: kind for kind in AgencyKind}
_CAPACITIES = {capacity.value: capacity for capacity in Capacity}


@lru_cache(maxsize=1024)
def _held(functions: str) -> frozenset[str]:
    return frozenset(functions.split())
