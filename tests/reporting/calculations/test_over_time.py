"""A figure over a longer time: each way over time against each kind of total."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.formulas import Ratio
from indicators.kinds import AcrossAgencies, AcrossPeriods, Kind
from reporting.calculations.over_time import Accumulated, accumulated
from reporting.calculations.totals import Answers, Total
from tests.reporting.forms_by_hand import row

COUNT = row("n")
STOCK = row("s", across_periods=AcrossPeriods.STOCK)
CUMULATIVE = row("c", across_periods=AcrossPeriods.CUMULATIVE)
RATE = row("r", Kind.PERCENT, AcrossAgencies.RATE)


def of(row_: object, *numbers: str | None) -> list[Total]:
    return [Total(row_, None if text is None else Decimal(text)) for text in numbers]  # type: ignore[arg-type]


def rates(*pairs: tuple[str, str]) -> list[Total]:
    found = [Ratio(Decimal(part), Decimal(whole)) for part, whole in pairs]
    return [Total(RATE, ratio.percent, ratio) for ratio in found]


def test_what_arises_in_a_period_is_added() -> None:
    assert accumulated(COUNT, of(COUNT, "3", "4", "5")) == Accumulated(Decimal(12))


@pytest.mark.parametrize("target", [STOCK, CUMULATIVE], ids=["stock", "cumulative"])
def test_of_a_stock_and_of_what_is_counted_from_the_start_the_last_holds(target: object) -> None:
    found = accumulated(target, of(target, "3", "4", "5"))  # type: ignore[arg-type]
    assert found == Accumulated(Decimal(5), is_last=True)


def test_a_round_without_a_figure_leaves_none_of_the_whole() -> None:
    """What is missing is not zero: no sum of the others is told for it."""
    assert accumulated(COUNT, of(COUNT, "3", None, "5", None)) == Accumulated(lacking=(1, 3))
    assert accumulated(STOCK, of(STOCK, "3", None)) == Accumulated(lacking=(1,), is_last=True)


def test_that_nothing_arose_is_a_figure() -> None:
    totals = [Total(COUNT, Decimal(3)), Total(COUNT, all_nil=True)]
    assert accumulated(COUNT, totals) == Accumulated(Decimal(3))


def test_a_rate_is_the_rate_of_the_sums_and_never_a_mean() -> None:
    found = accumulated(RATE, rates(("3", "4"), ("30", "100")))
    assert found is not None
    assert found.parts == Ratio(Decimal(33), Decimal(104))
    assert found.number == Decimal(3300) / Decimal(104)


def test_nothing_over_nothing_in_all_rounds_is_undefined() -> None:
    found = accumulated(RATE, rates(("0", "0"), ("0", "0")))
    assert found is not None
    assert found.number is None
    assert found.parts is not None
    assert found.parts.is_undefined


def test_a_bare_percentage_is_added_to_nothing() -> None:
    assert accumulated(RATE, [*rates(("3", "4")), Total(RATE, Decimal(50))]) is None


NOT_ADDED = [
    row("u", across_periods=AcrossPeriods.UNSAID),
    row("m", across=AcrossAgencies.MAX),
    row("l", across=AcrossAgencies.LATEST),
    row("x", across=AcrossAgencies.NONE),
    row("t", Kind.TEXT, AcrossAgencies.NONE),
]


@pytest.mark.parametrize("target", NOT_ADDED, ids=lambda one: one.key)
def test_what_the_form_does_not_say_how_to_add_is_not_added(target: object) -> None:
    assert accumulated(target, of(target, "3", "4")) is None  # type: ignore[arg-type]


def test_answers_are_not_added() -> None:
    choice = row("k", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có")
    totals = [Total(choice, answers=(Answers("Có", 1),)), Total(choice)]
    assert accumulated(choice, totals) is None


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=12))
def test_adding_over_time_is_adding(numbers: Sequence[int]) -> None:
    found = accumulated(COUNT, of(COUNT, *(str(number) for number in numbers)))
    assert found == Accumulated(Decimal(sum(numbers)))


@pytest.mark.parametrize("target", [COUNT, RATE, STOCK], ids=["count", "rate", "stock"])
def test_where_nothing_arose_in_any_of_them_nothing_did_in_the_whole(target: object) -> None:
    found = accumulated(target, [Total(target, all_nil=True)] * 2)  # type: ignore[arg-type]
    assert found is not None
    assert found.all_nil
