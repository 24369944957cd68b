"""Axes: steps of 1, 2 or 5, room for every figure, close looks only where they are honest."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.pictures.axis import MOST_STEPS, axis, nice_step

figures = st.lists(
    st.decimals(min_value=0, max_value=10**15, places=2, allow_nan=False), min_size=1, max_size=20
)


@given(figures)
def test_every_figure_finds_room_between_few_steps_of_1_2_or_5(numbers: list[Decimal]) -> None:
    found = axis(numbers)
    assert found.low <= min(numbers)
    assert max(numbers) <= found.high
    assert all(0 <= found.share(number) <= 1 for number in numbers)
    assert 2 <= len(found.ticks) <= MOST_STEPS + 2
    steps = {after - before for before, after in zip(found.ticks, found.ticks[1:], strict=False)}
    [step] = steps
    assert step.normalize().as_tuple().digits in {(1,), (2,), (5,)}


@pytest.mark.parametrize(
    ("numbers", "labels"),
    [
        ("0 7 23", ["0", "5", "10", "15", "20", "25"]),
        ("0", ["0", "1"]),
        ("5 5", ["0", "1", "2", "3", "4", "5"]),
        ("1 1 2", ["0", "1", "2"]),
        ("0.2 0.9", ["0", "0,2", "0,4", "0,6", "0,8", "1"]),
        ("94 96", ["93,5", "94", "94,5", "95", "95,5", "96"]),
        ("-3 4", ["-4", "-2", "0", "2", "4"]),
    ],
)
def test_ticks_are_those_that_a_person_would_write(numbers: str, labels: list[str]) -> None:
    found = [Decimal(text) for text in numbers.split()]
    if numbers == "94 96":
        found.append(Decimal("94.5"))
    assert list(axis(found).labels) == labels


def test_counted_things_have_no_half_steps() -> None:
    assert [int(tick) for tick in axis([Decimal(1), Decimal(0)]).ticks] == [0, 1]


def test_the_axis_of_a_rate_ends_at_100() -> None:
    found = axis([Decimal("98.5"), Decimal("99.9"), Decimal(97)], is_rate=True)
    assert found.high == 100
    assert axis([Decimal(30), Decimal(100)], is_rate=True).high == 100


def test_an_axis_that_must_begins_at_0() -> None:
    assert axis([Decimal(95), Decimal(96)], from_zero=True).low == 0


def test_large_figures_are_written_in_large_units() -> None:
    found = axis([Decimal(2_500_000), Decimal(100)])
    assert (found.scale, found.labels[-1]) == ("triệu", "2,5")
    assert axis([Decimal(10) ** 15]).scale == "nghìn tỷ"


def test_nothing_is_lost_in_sixteen_digits() -> None:
    assert axis([Decimal(9_999_999_999_999_999)]).high == Decimal(10) ** 16
    assert nice_step(Decimal(9_999_999_999_999_999)) == Decimal(2) * 10**15
