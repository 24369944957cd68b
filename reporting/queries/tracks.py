"""How one agency has reported, round by round: when, how often it was sent back, and some of its
figures; before a merger those of the agencies that went into it, added."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from indicators.formulas import Ratio
from indicators.kinds import Capacity, Kind, Scope
from indicators.models import Indicator
from indicators.queries.definitions import form_definition
from reporting.models import Agency, Filing, KeyIndicator, Round, Submission, Succession
from reporting.queries.filed import rows_of, snapshots_of
from reporting.snapshot import SubmissionSnapshot
from reporting.workflow import RoundStatus, State


@dataclass(frozen=True, slots=True)
class Sent:
    """How one report came in. ``day`` is that of its first handing in, None where it was never
    handed in; ``days_late`` how long after the day that was due then, 0 in time, None where that is
    not known; ``returned`` how often it was sent back."""

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
    """The agency's approved figures in one round, by indicator. ``of`` are the agencies that they
    are the sum of, where they are of those that went into this one."""

    round: Round
    numbers: Mapping[str, Decimal]
    of: tuple[str, ...] = ()


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


MOST_INDICATORS = 10
_SHOWN_KINDS = (Kind.PERCENT, Kind.COUNT, Kind.AMOUNT)


def shown_indicators(agency: Agency, province: Agency) -> Sequence[Indicator]:
    """Return the indicators in which ``agency`` is followed: those of the province's choice that
    its newest form asks for, else the first rates, counts and amounts of that form that are its
    own. Three queries at most, and the form's."""
    newest = _reports(province).filter(agency=agency).order_by(*_NEWEST_FIRST).first()
    if newest is None:
        return ()
    form = form_definition(newest.form_version)
    chosen = KeyIndicator.objects.filter(province=province).select_related("indicator")
    asked = [one.indicator for one in chosen if one.indicator.code in form.by_indicator]
    if asked:
        return asked
    functions = newest.agency_functions.split()
    rows = [
        row
        for row in form.rows
        if row.indicator
        and row.kind in _SHOWN_KINDS
        and row.scope(newest.agency_kind, functions) is not Scope.OUTSIDE
    ]
    rows.sort(key=lambda row: _SHOWN_KINDS.index(row.kind))
    codes = [row.indicator for row in rows[:MOST_INDICATORS]]
    found = {one.code: one for one in Indicator.objects.filter(code__in=codes)}
    return [found[code] for code in codes]


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


def _reports(province: Agency) -> QuerySet[Submission]:
    return (
        Submission.objects.filter(round__province=province)
        .exclude(round__status__in=[RoundStatus.PLANNED.value, RoundStatus.CANCELLED.value])
        .select_related("round", "form_version__form")
        .annotate(returns=Count("transitions", filter=Q(transitions__move="return")))
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
        if one.state == State.APPROVED and one.capacity != Capacity.PROVINCE:
            of_round[one.round_id].append(one)
    taken = []
    for group in of_round.values():
        own = [one for one in group if one.agency_id == agency.pk]
        taken.append((own or group, () if own else tuple(one.agency_name for one in group)))
    snapshots = snapshots_of(
        [one for group, _ in taken for one in group],
        lambda form: rows_of(form, indicators=indicators),
    )
    found = [
        Figured(
            round=group[0].round,
            numbers=_numbers([snapshots[one.pk] for one in group], indicators),
            of=tuple(sorted(set(of))),
        )
        for group, of in taken
    ]
    return sorted(found, key=lambda one: (one.round.data_to or date.min, one.round.code))


def _numbers(
    snapshots: Sequence[SubmissionSnapshot], indicators: Sequence[str]
) -> Mapping[str, Decimal]:
    found = {}
    for code in indicators:
        asking = [one for one in snapshots if code in one.form.by_indicator]
        number = _number(asking, code)
        if number is not None:
            found[code] = number
    return found


def _number(asking: Sequence[SubmissionSnapshot], code: str) -> Decimal | None:
    """Return one figure of one report; of several their sum, or their rate of sums, where none is
    missing."""
    rows = [one.form.by_indicator[code] for one in asking]
    if len(asking) == 1:
        return asking[0].value(rows[0])
    parts = [one.parts(row) for one, row in zip(asking, rows, strict=True)]
    if any(row.kind is Kind.PERCENT for row in rows):
        complete = [(one.part, one.whole) for one in parts if one.is_complete]
        if not complete or len(complete) < len(parts):
            return None
        return Ratio(
            sum((part or Decimal(0) for part, _ in complete), Decimal(0)),
            sum((whole or Decimal(0) for _, whole in complete), Decimal(0)),
        ).percent
    numbers = [one.value(row) for one, row in zip(asking, rows, strict=True)]
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(numbers) else None
