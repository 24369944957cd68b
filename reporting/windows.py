"""The days that figures are of: which windows lie inside which, and which lie end to end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

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


def tilings(rounds: Sequence[tuple[Window, _T]], whole: Window) -> Iterator[Sequence[_T]]:
    """Yield each way in which some of ``rounds`` cover ``whole`` without a gap and without a day
    twice, in order of time. One that is as long as the whole is no part of it.

    >>> year = Window(date(2025, 12, 15), date(2026, 12, 14))
    >>> half = Window(date(2025, 12, 15), date(2026, 6, 14))
    >>> rest = Window(date(2026, 6, 15), date(2026, 12, 14))
    >>> quarter = Window(date(2025, 12, 15), date(2026, 3, 14))
    >>> list(tilings([(half, "6T"), (rest, "6TC"), (quarter, "Q1"), (year, "năm")], year))
    [['6T', '6TC']]
    """
    parts = [(window, one) for window, one in rounds if window.is_within(whole) and window != whole]
    yield from _from(whole.first, whole.last, parts)


def _from(first: date, last: date, parts: Sequence[tuple[Window, _T]]) -> Iterator[Sequence[_T]]:
    for window, one in parts:
        if window.first != first:
            continue
        if window.last == last:
            yield [one]
        else:
            yield from ([one, *rest] for rest in _from(window.last + _DAY, last, parts))
