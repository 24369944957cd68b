"""A figure that somebody worked out by hand beside the one the form computes."""

import re
from decimal import Decimal

from indicators.definition import RowDefinition
from indicators.kinds import Kind
from indicators.words import clean
from reporting.numbers import Unreadable, decimals_of, read
from reporting.snapshot import SubmissionSnapshot, answers_with_number

_DECIMALS = re.compile(r"[.,](\d+)\s*%?\s*$")


def agrees(written: str, row: RowDefinition, snapshot: SubmissionSnapshot) -> bool | None:
    """Say whether ``written`` is what the form computes in ``row``; None where it computes nothing
    or the text is no number. Papers round or cut, to any number of places: one unit of the last
    place written is no difference."""
    computed = snapshot.computed(row)
    if computed is None or not answers_with_number(row.kind):
        return None
    try:
        number = read(clean(written), row.kind)
    except Unreadable:
        return None
    if number.numerator is not None and number.denominator:
        return 100 * number.numerator / number.denominator == computed
    unit = Decimal(1).scaleb(-_places(written, number.value, row.kind))
    return abs(number.value - computed) < unit


def _places(written: str, value: Decimal, kind: Kind) -> int:
    decimals = _DECIMALS.search(written)
    return len(decimals[1]) if kind is Kind.PERCENT and decimals else decimals_of(value)
