"""The figures of other reports that checks compare with, frozen and by indicator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from indicators.kinds import AcrossPeriods

_DAY = timedelta(days=1)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Window:
    """The days that figures are of, first and last included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def year(self) -> int:
        """The reporting year, which begins on 15/12 of the year before; a quarter of the calendar
        that ends the year is still of it.

        >>> Window(date(2021, 12, 15), date(2022, 3, 14)).year
        2022
        >>> Window(date(2022, 12, 15), date(2022, 12, 31)).year
        2023
        """
        return self.last.year + (self.first >= date(self.last.year, 12, 15))

    def is_within(self, other: "Window") -> bool:
        return other.first <= self.first and self.last <= other.last

    def is_as_long_as(self, other: "Window") -> bool:
        """Quarters differ by a day or two; a half-year is no quarter."""
        return abs(self.days - other.days) <= 10


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier report of the agency: its round, the round's window, its numbers."""

    name: str
    window: Window | None
    numbers: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class History:
    """What stands beside one report.

    ``earlier`` are the reports of the same year before this one, by indicator, where their rounds
    tile the year up to it: none where it begins the year; None where they don't. ``elsewhere``
    holds the figures of the agency's other reports of the round under "FORM:INDICATOR".
    """

    window: Window | None = None
    previous: Past | None = None
    last_year: Past | None = None
    earlier: Sequence[Mapping[str, Decimal]] | None = None
    elsewhere: Mapping[str, Decimal] = field(default_factory=dict)

    def year_to_date(
        self, indicator: str, number: Decimal | None, across_periods: AcrossPeriods
    ) -> Decimal | None:
        """Return a figure from the start of the year to the end of this round; None if unknown."""
        if number is None or across_periods in {AcrossPeriods.CUMULATIVE, AcrossPeriods.STOCK}:
            return number
        # What one of the reports lacks is not known of the whole.
        if self.earlier is None or any(indicator not in report for report in self.earlier):
            return None
        return sum((report[indicator] for report in self.earlier), number)


NO_HISTORY = History()


def end_to_end(
    reports: Sequence[tuple[Window | None, _T]], until: date, year: int
) -> list[_T] | None:
    """Return those of ``reports``, the ones to prefer first, whose windows lie end to end from the
    start of the reporting year up to ``until``; None where they leave a gap. Windows that overlap
    are never taken together.

    >>> whole = Window(date(2025, 12, 15), date(2026, 6, 14))
    >>> first = Window(date(2025, 12, 15), date(2026, 3, 14))
    >>> end_to_end([(first, "quý I"), (whole, "6 tháng")], date(2026, 6, 15), 2026)
    ['6 tháng']
    >>> end_to_end([(first, "quý I")], date(2026, 6, 15), 2026) is None
    True
    """
    # A reporting year begins by the decree, or with the calendar.
    if until in {date(year - 1, 12, 15), date(year, 1, 1)}:
        return []
    for window, report in reports:
        if window is not None and window.last + _DAY == until:
            before = end_to_end(reports, window.first, year)
            if before is not None:
                return [*before, report]
    return None
