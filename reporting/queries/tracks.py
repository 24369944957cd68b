"""How one agency has reported, round by round: when, how often it was sent back, and some of its
figures; before a merger those of the agencies that went into it, added."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from indicators.kinds import Capacity, Scope
from indicators.models import Indicator
from indicators.queries.definitions import form_definition
from reporting.models import Agency, Filing, Round, Submission, Succession
from reporting.printing.cells import PrintedCell
from reporting.printing.own import own_figures
from reporting.queries.filed import rows_of, snapshots_of
from reporting.queries.overview import (
    MOST_INDICATORS,
    SHOWN_KINDS,
    chosen_indicators,
    named_indicators,
)
from reporting.workflow import RoundStatus, State


@dataclass(frozen=True, slots=True)
class Sent:
    """How one report came in. ``day`` is that of its first handing in, None where it was never
    handed in; ``days_late`` how long after the day that was due then, 0 in time, None where that is
    not known; ``returned`` how often it was sent back to be mended, be it after it was approved."""

    submission: Submission
    day: date | None
    due_on: date | None
    days_late: int | None
    sendings: int
    returned: int
    is_nil: bool

    @property
    def state(self) -> State:
        return State(self.submission.state)


@dataclass(frozen=True, slots=True)
class Figured:
    """The agency's approved figures in one round as they print, by indicator; none of what is said
    for the whole province. ``of`` are the agencies that they are the sum of, where they are of
    those that went into this one; where reports of some of these, ``lacking``, are not approved,
    there is no figure at all."""

    round: Round
    cells: Mapping[str, PrintedCell]
    of: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Track:
    """The reports of one agency, newest round first, and its figures, oldest first."""

    sent: Sequence[Sent]
    figures: Sequence[Figured]

    @property
    def handed_in(self) -> int:
        return sum(one.day is not None for one in self.sent)

    @property
    def timed(self) -> int:
        """Those of which it is known whether they came in time."""
        return sum(one.days_late is not None for one in self.sent)

    @property
    def in_time(self) -> int:
        return sum(one.days_late == 0 for one in self.sent)

    @property
    def returned(self) -> int:
        return sum(one.returned for one in self.sent)


def shown_indicators(agency: Agency, province: Agency) -> Sequence[Indicator]:
    """Return the indicators in which ``agency`` is followed: those of the province's choice that
    its newest form asks it for its own figure in, else the first rates, counts and amounts of that
    form that are its own. Three queries at most, and the form's."""
    reports = _reports(province).filter(agency=agency).exclude(capacity=Capacity.PROVINCE.value)
    newest = reports.order_by(*_NEWEST_FIRST).first()
    if newest is None:
        return ()
    form = form_definition(newest.form_version)
    functions, capacity = newest.agency_functions.split(), Capacity(newest.capacity)
    own = [
        row
        for row in form.rows
        if row.indicator and row.scope(newest.agency_kind, functions, capacity) is Scope.OWN
    ]
    codes_of_own = {row.indicator for row in own}
    asked = [one for one in chosen_indicators(province) if one.code in codes_of_own]
    if asked:
        return asked
    rows = [row for row in own if row.kind in SHOWN_KINDS]
    rows.sort(key=lambda row: SHOWN_KINDS.index(row.kind))
    return named_indicators(row.indicator for row in rows[:MOST_INDICATORS])


def track_of(
    agency: Agency, province: Agency, indicators: Sequence[str], *, with_those_before: bool
) -> Track:
    """Return how ``agency`` has reported to ``province``, with its figures in ``indicators``
    (codes) and, where asked for, of those that went into it. Five queries at most, and the
    forms'."""
    own = list(_reports(province).filter(agency=agency).order_by(*_NEWEST_FIRST))
    filings: dict[int, list[Filing]] = defaultdict(list)
    for filing in Filing.objects.filter(submission__in=own).defer("content").order_by("number"):
        filings[filing.submission_id].append(filing)
    before = _before(agency, province) if with_those_before else []
    return Track(
        sent=[_sent(one, filings[one.pk]) for one in own],
        figures=_figures(agency, [*own, *before], indicators),
    )


_NEWEST_FIRST = (F("round__data_to").desc(nulls_last=True), "round__code", "pk")


_RETURNED = Q(transitions__target=State.RETURNED.value)


def _reports(province: Agency) -> QuerySet[Submission]:
    return (
        Submission.objects.filter(round__province=province)
        .exclude(round__status__in=[RoundStatus.PLANNED.value, RoundStatus.CANCELLED.value])
        .select_related("round", "form_version__form")
        .annotate(returns=Count("transitions", filter=_RETURNED))
    )


def _sent(submission: Submission, filings: Sequence[Filing]) -> Sent:
    first = filings[0] if filings else None
    day = None
    if first is not None:
        day = first.received_on or timezone.localdate(first.at)
    due_on = first.due_on if first is not None else submission.round.due_on
    late = max((day - due_on).days, 0) if day is not None and due_on is not None else None
    return Sent(
        submission=submission,
        day=day,
        due_on=due_on,
        days_late=late,
        sendings=len(filings),
        returned=submission.returns,  # type: ignore[attr-defined]
        is_nil=bool(filings) and filings[-1].is_nil,
    )


def _before(agency: Agency, province: Agency) -> list[Submission]:
    """Return the reports of the agencies that went whole into ``agency``, of data before that day.
    One that was divided among several left nobody its figures."""
    links = Succession.objects.filter(successor=agency).annotate(
        heirs=Count("predecessor__successions")
    )
    until = {one.predecessor_id: one.on for one in links if one.heirs == 1}
    return [
        one
        for one in _reports(province).filter(agency__in=list(until))
        if one.round.data_to is not None and one.round.data_to < until[one.agency_id]
    ]


def _figures(
    agency: Agency, reports: Sequence[Submission], indicators: Sequence[str]
) -> Sequence[Figured]:
    """Return the approved figures by round. What an agency says for the whole province is not its
    own; in a round that it has reported in itself, those before it say nothing."""
    of_round: dict[int, list[Submission]] = defaultdict(list)
    for one in reports:
        if one.capacity != Capacity.PROVINCE:
            of_round[one.round_id].append(one)
    groups = list(filter(None, (_group(group, agency) for group in of_round.values())))
    snapshots = snapshots_of(
        [one for group in groups for one in group.taken],
        lambda form: rows_of(form, indicators=indicators),
        with_parts=True,
    )
    found = [
        Figured(
            round=group.round,
            cells=own_figures([snapshots[one.pk] for one in group.taken], indicators),
            of=group.of,
            lacking=group.lacking,
        )
        for group in groups
    ]
    return sorted(found, key=lambda one: (one.round.data_to or date.min, one.round.code))


@dataclass(frozen=True, slots=True)
class _Group:
    """The reports of one round that the figures are taken from; whose they are and whose are
    lacking, where they are of those before the agency."""

    round: Round
    taken: Sequence[Submission]
    of: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def _group(reports: Sequence[Submission], agency: Agency) -> _Group | None:
    """Return what of ``reports``, all of one round, is taken; None where nothing is approved. The
    figures of some of those that went into one agency are not its figures: all or none."""
    approved = [one for one in reports if one.state == State.APPROVED]
    if not approved:
        return None
    round_ = approved[0].round
    if own := [one for one in approved if one.agency_id == agency.pk]:
        return _Group(round_, own)
    before = [one for one in reports if one.agency_id != agency.pk]
    lacking = _names([one for one in before if one.state != State.APPROVED])
    return _Group(round_, () if lacking else approved, _names(before), lacking)


def _names(reports: Sequence[Submission]) -> tuple[str, ...]:
    return tuple(sorted({one.agency_name for one in reports}))
