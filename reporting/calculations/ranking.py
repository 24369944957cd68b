"""Places in a ranking."""

from collections.abc import Sequence
from decimal import Decimal


def ranks(values: Sequence[Decimal]) -> Sequence[int]:
    """Return the place of each value, the largest first; equal values share a place, and as many
    are left out after it.

    >>> ranks([Decimal(90), Decimal(70), Decimal(80), Decimal(80)])
    [1, 4, 2, 2]
    """
    first: dict[Decimal, int] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        first.setdefault(value, place)
    return [first[value] for value in values]
