"""Which of many agencies' figures lie far outside the others."""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import TypeVar

from indicators.kinds import Labelled

# With fewer values two quartiles say nothing of the others.
FEWEST = 8
FENCES = 3
# Where most agencies report one and the same number, so few may differ and still be told of.
_ONE_IN = 20
# Rates have 28 digits; four times the distance of two of them must still be exact.
_DIGITS = 60

Who = TypeVar("Who", bound=Hashable)


class Side(Labelled):
    """On which side of the others a figure lies."""

    HIGH = "high", "cao hẳn"
    LOW = "low", "thấp hẳn"

    @property
    def sign(self) -> str:
        return "▲" if self is Side.HIGH else "▼"


def outliers(values: Mapping[Who, Decimal]) -> Mapping[Who, Side]:
    """Return whose value lies far outside the others, and on which side.

    Tukey's outer fences: below Q1 - 3 IQR or above Q3 + 3 IQR, where IQR = Q3 - Q1. On the inner
    fences (1.5 IQR) one agency in ten would be told of in every skewed column, and nobody would
    look any more. Quartiles are those of Excel's QUARTILE.INC, which a reader can check: of the
    n values in order the one at place (n - 1) k / 4, between two of them the point that divides
    their distance alike. Fewer than eight values have no outliers.

    Where IQR is 0 at least half of the agencies report one number, and there is no distance that
    others could be far in terms of: zero once, five twice and 100 % everywhere else would all be
    "far". Those that differ are told of only where they are a rarity, one agency or at most one
    in twenty: then they are what somebody looking through the column looks for.

    The order of the values does not matter; adding a number to all, or multiplying all by one
    above 0, changes nothing.

    >>> column = dict(enumerate(map(Decimal, (5, 6, 6, 7, 8, 8, 9, 5000))))
    >>> outliers(column)
    {7: <Side.HIGH: 'high'>}
    >>> outliers(dict.fromkeys(range(9), Decimal(100)) | {9: Decimal(98)})
    {9: <Side.LOW: 'low'>}
    """
    if len(values) < FEWEST:
        return {}
    with localcontext() as context:
        context.prec = _DIGITS
        ordered = sorted(values.values())
        first, third = _four_quartiles(ordered, 1), _four_quartiles(ordered, 3)
        reach = FENCES * (third - first)
        low, high = first - reach, third + reach
        found = {}
        for who, value in values.items():
            if not low <= 4 * value <= high:
                found[who] = Side.HIGH if 4 * value > high else Side.LOW
    is_rarity = bool(reach) or len(found) <= max(1, len(values) // _ONE_IN)
    return found if is_rarity else {}


def _four_quartiles(ordered: Sequence[Decimal], number: int) -> Decimal:
    """Four times a quartile: without the division it is exact."""
    place, quarters = divmod((len(ordered) - 1) * number, 4)
    below = ordered[place]
    if not quarters:
        return 4 * below
    return 4 * below + quarters * (ordered[place + 1] - below)
