"""A figure that somebody worked out by hand beside the one the form computes."""

from indicators.definition import RowDefinition
from indicators.words import clean
from reporting.numbers import Unreadable, is_rounding, places_written, read
from reporting.snapshot import SubmissionSnapshot, answers_with_number


def agrees(written: str, row: RowDefinition, snapshot: SubmissionSnapshot) -> bool | None:
    """Say whether ``written`` is what the form computes in ``row``, rounded or cut to the places
    written; None where it computes nothing or the text is no number."""
    computed = snapshot.computed(row)
    if computed is None or not answers_with_number(row.kind):
        return None
    try:
        number = read(clean(written), row.kind)
    except Unreadable:
        return None
    if number.numerator is not None and number.denominator:
        return 100 * number.numerator / number.denominator == computed
    return is_rounding(number.value, computed, places_written(written, number.value, row.kind))
