"""A list that is wider than paper, cut into bands of columns that stand one below the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.documents.formats.listing import Listing
from reporting.numbers import write

# What a character of a column takes on paper, and what a page across has room for, in millimetres.
CHARACTER = 1.4
PAGE = 250.0


@dataclass(frozen=True, slots=True)
class Said:
    """One cell in words; numbers stand at the right."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Band:
    """Some columns over all rows: how wide each is in millimetres, its heading, and the cells."""

    widths: Sequence[float]
    headings: Sequence[str]
    rows: Sequence[Sequence[Said]]


def bands(listing: Listing) -> Iterator[Band]:
    """Yield the bands of ``listing``: the columns that stay in sight on a screen begin each, then
    as many follow as a page has room for, at least one."""
    widths = [min(width * CHARACTER, PAGE) for _, width in listing.headings]
    rows = [[_said(cell) for cell in row] for row in listing.rows]
    for places in _cut(widths, listing.frozen):
        yield Band(
            widths=[widths[place] for place in places],
            headings=[listing.headings[place][0] for place in places],
            rows=[[row[place] for place in places] for row in rows],
        )


def _cut(widths: Sequence[float], frozen: int) -> Sequence[Sequence[int]]:
    always = list(range(frozen))
    room = PAGE - sum(widths[:frozen])
    found: list[list[int]] = []
    left = 0.0
    for place in range(frozen, len(widths)):
        if not found or widths[place] > left:
            found.append([*always])
            left = room
        found[-1].append(place)
        left -= widths[place]
    return found or [always]


def _said(cell: str | Decimal) -> Said:
    return (
        Said(cell, is_number=False) if isinstance(cell, str) else Said(write(cell), is_number=True)
    )
