"""What counts as far outside the others, and what can't change it."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.calculations.outliers import FEWEST, Side, outliers

NUMBERS = st.integers(-(10**15), 10**15).map(lambda number: Decimal(number).scaleb(-3))
COLUMNS = st.lists(NUMBERS, min_size=0, max_size=40)
# Few different numbers, so that quartiles fall together and values lie on a fence.
CROWDED = st.lists(st.integers(0, 12).map(Decimal), min_size=FEWEST, max_size=40)


def marks(*numbers: object) -> dict[int, str]:
    found = outliers({place: Decimal(str(number)) for place, number in enumerate(numbers)})
    return {place: side.value for place, side in found.items()}


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((5, 6, 6, 7, 8, 8, 9, 5000), {7: "high"}),
        ((5, 6, 6, 7, 8, 8, 9, -5000), {7: "low"}),
        # Seven values say nothing, however odd one of them is.
        ((5, 6, 6, 7, 8, 8, 5000), {}),
        # Q1 = 2, Q3 = 6, IQR = 4: the fence stands at 18, and what is on it is inside.
        ((0, 1, 2, 3, 4, 5, 6, 7, 18), {}),
        ((0, 1, 2, 3, 4, 5, 6, 7, "18.001"), {8: "high"}),
        # Places between two values: Q1 = 1,75, Q3 = 5,25, the fence at 15,75.
        ((0, 1, 2, 3, 4, 5, 6, "15.75"), {}),
        ((0, 1, 2, 3, 4, 5, 6, "15.751"), {7: "high"}),
        # Everybody reports the same number.
        ((7,) * 30, {}),
        # All but one: a rarity.
        ((100,) * 8 + ("99.9",), {8: "low"}),
        # Two of nine differ: no rarity, and no distance to measure by.
        ((0,) * 7 + (1, 2), {}),
        # Of forty one in twenty may differ.
        ((0,) * 38 + (1, 2), {38: "high", 39: "high"}),
        ((0,) * 37 + (1, 2, 3), {}),
        ((), {}),
    ],
)
def test_far_outside_the_others(numbers: Sequence[object], expected: dict[int, str]) -> None:
    assert marks(*numbers) == expected


@given(st.one_of(COLUMNS, CROWDED), st.randoms())
def test_the_order_of_agencies_changes_nothing(column: list[Decimal], chance: object) -> None:
    values = dict(enumerate(column))
    shuffled = list(values.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert outliers(dict(shuffled)) == outliers(values)


@given(st.one_of(COLUMNS, CROWDED), NUMBERS)
def test_a_number_added_to_all_changes_nothing(column: list[Decimal], more: Decimal) -> None:
    values = dict(enumerate(column))
    assert outliers({who: value + more for who, value in values.items()}) == outliers(values)


@given(st.one_of(COLUMNS, CROWDED), st.sampled_from(["0.001", "0.3", "2", "1000", "12.5"]))
def test_another_unit_changes_nothing(column: list[Decimal], unit: str) -> None:
    values = dict(enumerate(column))
    scaled = {who: value * Decimal(unit) for who, value in values.items()}
    assert outliers(scaled) == outliers(values)


@given(st.one_of(COLUMNS, CROWDED))
def test_turned_over_high_is_low(column: list[Decimal]) -> None:
    values = dict(enumerate(column))
    other = {Side.HIGH: Side.LOW, Side.LOW: Side.HIGH}
    turned = outliers({who: -value for who, value in values.items()})
    assert turned == {who: other[side] for who, side in outliers(values).items()}


@given(st.one_of(COLUMNS, CROWDED))
def test_no_more_than_half_are_unlike_the_others(column: list[Decimal]) -> None:
    values = dict(enumerate(column))
    assert 2 * len(outliers(values)) <= len(values)


@given(st.lists(st.fractions(0, 1, max_denominator=10**6), min_size=FEWEST, max_size=30))
def test_rates_of_twenty_eight_digits_are_compared_as_exactly_as_they_are(
    fractions: list[object],
) -> None:
    column = [100 * Decimal(one.numerator) / one.denominator for one in fractions]  # type: ignore[attr-defined]
    values = dict(enumerate(column))
    found = outliers(values)
    equal_to = {column[who]: side for who, side in found.items()}
    assert {who: equal_to[value] for who, value in values.items() if value in equal_to} == found
