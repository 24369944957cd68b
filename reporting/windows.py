"""The days that figures are of: which windows lie inside which, and which lie end to end."""

from collections.abc import Iterator, Mapping, Sequence
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
    twice, in order of time. One that is as long as the whole is no part of it; of two with the same
    days the first is taken.

    >>> year = Window(date(2025, 12, 15), date(2026, 12, 14))
    >>> half = Window(date(2025, 12, 15), date(2026, 6, 14))
    >>> rest = Window(date(2026, 6, 15), date(2026, 12, 14))
    >>> quarter = Window(date(2025, 12, 15), date(2026, 3, 14))
    >>> list(tilings([(half, "6T"), (rest, "6TC"), (quarter, "Q1"), (year, "năm")], year))
    [['6T', '6TC']]
    """
    parts = _parts(rounds, whole)
    left = _fewest_left(parts, whole)

    def ways(first: date) -> Iterator[Sequence[_T]]:
        if first > whole.last:
            yield []
        for window, one in parts.get(first, ()):
            # Only what leads to the end is followed: dead ends may be very many.
            if window.last + _DAY in left:
                yield from ([one, *rest] for rest in ways(window.last + _DAY))

    yield from ways(whole.first)


def fewest(rounds: Sequence[tuple[Window, _T]], whole: Window) -> Sequence[_T]:
    """Return the fewest of ``rounds`` that tile ``whole``, those that come first where there are
    several ways; none where they leave a gap."""
    parts = _parts(rounds, whole)
    left = _fewest_left(parts, whole)
    found: list[_T] = []
    first = whole.first
    while left.get(first):
        window, one = next(
            part for part in parts[first] if left.get(part[0].last + _DAY) == left[first] - 1
        )
        found.append(one)
        first = window.last + _DAY
    return found


_Parts = Mapping[date, Sequence[tuple[Window, _T]]]


def _parts(rounds: Sequence[tuple[Window, _T]], whole: Window) -> "_Parts[_T]":
    """Return those that lie inside the whole, by their first day."""
    found: dict[date, list[tuple[Window, _T]]] = {}
    seen: set[Window] = {whole}
    for window, one in rounds:
        if window.is_within(whole) and window not in seen:
            seen.add(window)
            found.setdefault(window.first, []).append((window, one))
    return found


def _fewest_left(parts: "_Parts[_T]", whole: Window) -> Mapping[date, int]:
    """Return by day how few windows reach from it to the end of the whole; a day from which none
    do is not there."""
    left: dict[date, int] = {whole.last + _DAY: 0}
    for first in sorted(parts, reverse=True):
        reached = [left[w.last + _DAY] + 1 for w, _ in parts[first] if w.last + _DAY in left]
        if reached:
            left[first] = min(reached)
    return left
