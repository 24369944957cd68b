"""The course of an indicator over rounds: where each asked for it, and which may be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indicators.catalogue.spelling import lowered
from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import AcrossPeriods, Kind
from indicators.series import Series
from reporting.calculations.totals import Total
from reporting.periods import PeriodKind, short_name


@dataclass(frozen=True, slots=True)
class Moment:
    """One round as a point of time: ``text`` is its period inside a sentence. An archive round was
    entered from paper afterwards."""

    id: int
    code: str
    text: str
    kind: PeriodKind
    data_to: date
    is_archive: bool = False

    @property
    def label(self) -> str:
        return short_name(self.kind, self.data_to)

    def is_year_after(self, other: "Moment") -> bool:
        """The other is the same period of the year before."""
        own = self.kind, self.data_to.year - 1, self.data_to.month
        return own == (other.kind, other.data_to.year, other.data_to.month)


@dataclass(frozen=True, slots=True)
class Place:
    """The row of a round's table that an indicator stands in; ``meaning`` is the place of its
    series: 0 of the one asked for, 1 of the one that this broke off from, and so on."""

    layout: FormDefinition
    row: RowDefinition
    meaning: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The province's figure of an indicator in one round."""

    moment: Moment
    place: Place
    total: Total

    @property
    def is_partial(self) -> bool:
        return self.total.reported < self.total.expected

    @property
    def unit(self) -> str:
        """What the figure is measured in; a choice in answers."""
        row = self.total.row
        if row.kind is Kind.PERCENT:
            return "%"
        return "" if row.options else row.unit

    def goes_on_from(self, other: "Reading") -> bool:
        """The two figures mean the same and are measured alike, so that a line may join them."""
        return self.place.meaning == other.place.meaning and self.is_measured_like(other)

    def is_measured_like(self, other: "Reading") -> bool:
        """The two figures may stand on one axis: of one unit, and both rates, both answers or
        neither. A rate is asked for apart: of its sign nothing is left in small letters."""
        return self._measure == other._measure

    @property
    def _measure(self) -> tuple[bool, bool, str]:
        row = self.total.row
        return row.kind is Kind.PERCENT, bool(row.options), lowered(self.unit)


def place_of(series: Sequence[Series], layouts: Sequence[FormDefinition]) -> Place | None:
    """Return where a round's ``layouts``, the province's own first, have the newest of ``series``;
    None where they have none of them, or do not add it up."""
    for meaning, one in enumerate(series):
        for layout in layouts:
            for code in one.codes:
                row = layout.by_indicator.get(code)
                if row is not None and row.is_added:
                    return Place(layout, row, meaning)
    return None


def before(readings: Sequence[Reading], at: Reading) -> Reading | None:
    """Return the reading next before ``at`` of the same kind of period: windows of different kinds
    overlap, so that their figures say nothing beside each other. What is counted from the start of
    the year begins anew with it, and has nothing before it then."""
    earlier = [
        one
        for one in readings
        if one.moment.kind is at.moment.kind and one.moment.data_to < at.moment.data_to
    ]
    if at.place.row.across_periods is AcrossPeriods.CUMULATIVE:
        earlier = [one for one in earlier if one.moment.data_to.year == at.moment.data_to.year]
    return max(earlier, key=_order, default=None)


def year_before(readings: Sequence[Reading], at: Reading) -> Reading | None:
    """Return the reading of the same period of the year before; where that was entered from paper
    beside a live round, the live one."""
    same = [one for one in readings if at.moment.is_year_after(one.moment)]
    return max(same, key=_order, default=None)


def _order(reading: Reading) -> tuple[int, int, bool, date, str]:
    """The order in which one of several is the last: of one period that which was live, not its
    paper; then the later, and by code, so that it is the same every time."""
    moment, day = reading.moment, reading.moment.data_to
    return day.year, day.month, not moment.is_archive, day, moment.code
