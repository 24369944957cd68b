"""Places in a ranking."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.calculations.ranking import ranks


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([5], [1]),
        ([90, 80, 80, 70], [1, 2, 2, 4]),
        ([70, 80, 90, 80], [4, 2, 1, 2]),
        ([3, 3, 3, 1], [1, 1, 1, 4]),
        (["79.07", "79.070", "79.06"], [1, 1, 3]),
        ([0, -1], [1, 2]),
    ],
)
def test_equals_share_a_place_and_leave_out_as_many(
    values: list[object], expected: list[int]
) -> None:
    assert list(ranks([Decimal(str(value)) for value in values])) == expected


@given(st.lists(st.integers(0, 9).map(Decimal)))
def test_a_place_is_one_more_than_those_that_are_larger(values: list[Decimal]) -> None:
    expected = [1 + sum(other > value for other in values) for value in values]
    assert list(ranks(values)) == expected
