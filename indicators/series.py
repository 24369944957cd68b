"""Which indicators make one series of figures, and where a series breaks off in meaning."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indicators.kinds import Change, Kind, Meaning


class Named(NamedTuple):
    """An indicator as its link calls it."""

    code: str
    name: str
    kind: Kind


class Link(NamedTuple):
    """A newer indicator that came out of an older one."""

    older: Named
    newer: Named
    change: Change
    meaning: Meaning
    note: str = ""

    @property
    def goes_on(self) -> bool:
        """Figures go on under the newer name: one became one, and means the same. What was merged
        or split has no figures that could stand in one line with those of its parts."""
        return self.change is Change.RENAMED and self.meaning is Meaning.SAME


@dataclass(frozen=True, slots=True)
class Series:
    """The codes under which the same thing was asked, that which is asked for first. ``after`` is
    the link over which the series after it broke off from this one; None of the first."""

    codes: Sequence[str]
    after: Link | None = None


def series(start: Named, links: Collection[Link]) -> Sequence[Series]:
    """Return the series of ``start``, and before it those from which it broke off, newest first.

    An older series is followed only where it alone stands before the newer one and is of its kind:
    several lines, or counts beside rates, are no line.
    """
    found = [Series(_going_on(start, links))]
    seen = set(found[0].codes)
    while True:
        before = [
            one for one in breaks(found[-1].codes, links).before if one.older.code not in seen
        ]
        if len(before) != 1 or before[0].older.kind is not start.kind:
            return found
        codes = _going_on(before[0].older, links)
        found.append(Series(codes, after=before[0]))
        seen.update(codes)


def _going_on(start: Named, links: Collection[Link]) -> Sequence[str]:
    """Return the codes that go on into one another, the nearest to ``start`` first."""
    found = [start.code]
    for code in found:  # grows while it is walked
        for link in links:
            ends = {link.older.code, link.newer.code}
            if link.goes_on and code in ends:
                found += sorted(ends.difference(found))
    return found


@dataclass(frozen=True, slots=True)
class Breaks:
    """The links over which a series broke off from others, before it and after it."""

    before: Sequence[Link]
    after: Sequence[Link]


def breaks(codes: Collection[str], links: Collection[Link]) -> Breaks:
    broken = [link for link in links if not link.goes_on]
    return Breaks(
        before=[link for link in broken if link.newer.code in codes],
        after=[link for link in broken if link.older.code in codes],
    )
