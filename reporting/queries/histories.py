"""What stands beside many reports of one round: the same as beside one, read at once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from indicators.definition import FormDefinition
from indicators.formulas import Elsewhere, Ref
from indicators.kinds import Capacity
from reporting.models import Round, Submission
from reporting.queries.filed import Numbers, by_indicator, rows_of, snapshots_of
from reporting.queries.history import window_of
from reporting.rules import History, Past
from reporting.windows import Window, end_to_end
from reporting.workflow import HANDED_IN, RoundStatus, State


class Other(NamedTuple):
    """One other report that may stand beside; ``last`` is the day that its figures end with."""

    pk: int
    agency: int
    form: int
    form_code: str
    round: int
    name: str
    kind: str
    first: date | None
    last: date | None
    capacity: str

    @property
    def window(self) -> Window | None:
        return Window(self.first, self.last) if self.first and self.last else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules of a form look at beside the report itself."""

    indicators: frozenset[str]
    forms: frozenset[str]
    looks_back: bool

    @classmethod
    def by(cls, form: FormDefinition) -> "Asked":
        back = [one for one in form.special_operands if isinstance(one, Ref)]
        other = [one for one in form.special_operands if isinstance(one, Elsewhere)]
        rows = [form.by_key[one.key] for one in back if one.key in form.by_key]
        return cls(
            indicators=frozenset(
                {*(row.indicator for row in rows), *(one.indicator for one in other)} - {""}
            ),
            forms=frozenset(one.form for one in other),
            looks_back=bool(back),
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """Which other reports stand beside one."""

    previous: Other | None
    last_year: Other | None
    year: Sequence[Other] | None
    elsewhere: Sequence[Other]

    def __iter__(self) -> Iterator[Other]:
        yield from (one for one in (self.previous, self.last_year) if one)
        yield from self.year or ()
        yield from self.elsewhere


def histories_of(
    form: FormDefinition, round_: Round, submissions: Collection[Submission]
) -> Mapping[int, History]:
    """Return, by id, what the rules of ``form`` compare the reports of ``round_`` with: approved
    reports of earlier rounds of the same province, and what was handed in under other forms.

    Three queries whatever the number of reports; none where the rules look at nothing else.
    """
    asked = Asked.by(form)
    if not (asked.looks_back or asked.forms):
        return {}
    others = _others(round_, {one.agency_id for one in submissions}, asked)
    beside = {one.pk: _beside(one, round_, others[one.agency_id], asked) for one in submissions}
    numbers = _numbers({other.pk for found in beside.values() for other in found}, asked)
    return {pk: _history(found, round_, numbers) for pk, found in beside.items()}


def _others(
    round_: Round, agencies: Collection[int], asked: Asked
) -> Mapping[int, Sequence[Other]]:
    """Return, by agency, the reports that may stand beside."""
    wanted = Q(round=round_, form_version__form__code__in=asked.forms, state__in=HANDED_IN)
    if asked.looks_back and round_.data_to:
        counts = ~Q(round__status=RoundStatus.CANCELLED.value)
        wanted |= counts & Q(round__data_to__lt=round_.data_to, state=State.APPROVED.value)
    columns = ("form_version__form", "form_version__form__code", "round", "round__name")
    window = ("round__period_kind", "round__data_from", "round__data_to", "capacity")
    found: dict[int, list[Other]] = defaultdict(list)
    candidates = Submission.objects.filter(wanted, agency__in=agencies)
    candidates = candidates.filter(round__province=round_.province_id)
    for line in candidates.values_list("pk", "agency", *columns, *window):
        other = Other(*line)
        found[other.agency].append(other)
    return found


def _beside(submission: Submission, round_: Round, others: Sequence[Other], asked: Asked) -> Beside:
    comparable = {capacity.value for capacity in Capacity(submission.capacity).comparable}
    others = [one for one in others if one.capacity in comparable]
    here = [one for one in others if one.round == round_.pk and one.pk != submission.pk]
    before = [one for one in others if one.round != round_.pk]
    own = submission.form_version.form_id
    # Of the same form where there are such, else of any; the last of them.
    before.sort(key=lambda one: (one.form == own, one.last, one.kind, one.pk), reverse=True)
    ends = round_.data_to
    last_year = [
        one
        for one in before
        if ends and one.last and one.kind == round_.period_kind
        if (one.last.year, one.last.month) == (ends.year - 1, ends.month)
    ]
    return Beside(
        previous=before[0] if before else None,
        last_year=last_year[0] if last_year else None,
        year=_year([one for one in before if one.form == own], window_of(round_)),
        elsewhere=[one for one in here if one.form_code in asked.forms],
    )


def _year(before: Sequence[Other], window: Window | None) -> Sequence[Other] | None:
    if window is None:
        return None
    return end_to_end([(one.window, one) for one in before], window.first, window.year)


def _numbers(found: Collection[int], asked: Asked) -> Mapping[int, Numbers]:
    submissions = Submission.objects.filter(pk__in=found).select_related(
        "round", "form_version__form"
    )
    snapshots = snapshots_of(
        list(submissions), lambda form: rows_of(form, indicators=asked.indicators)
    )
    return {pk: by_indicator(snapshot) for pk, snapshot in snapshots.items()}


def _history(beside: Beside, round_: Round, numbers: Mapping[int, Numbers]) -> History:
    def past(other: Other | None) -> Past | None:
        return Past(other.name, other.window, numbers[other.pk]) if other else None

    return History(
        window=window_of(round_),
        previous=past(beside.previous),
        last_year=past(beside.last_year),
        earlier=None if beside.year is None else [numbers[one.pk] for one in beside.year],
        elsewhere={
            f"{one.form_code}:{indicator}": number
            for one in beside.elsewhere
            for indicator, number in numbers[one.pk].items()
        },
    )
