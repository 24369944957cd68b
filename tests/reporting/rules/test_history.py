"""What was reported before, as the checks compare with it."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.kinds import AcrossPeriods
from reporting.rules import NO_HISTORY, History
from reporting.windows import Window, end_to_end

IN_PERIOD, UNSAID = AcrossPeriods.IN_PERIOD, AcrossPeriods.UNSAID
CUMULATIVE, STOCK = AcrossPeriods.CUMULATIVE, AcrossPeriods.STOCK


def window(first: str, last: str) -> Window:
    return Window(date.fromisoformat(first), date.fromisoformat(last))


FIRST_QUARTER = window("2021-12-15", "2022-03-14")
HALF_YEAR = window("2021-12-15", "2022-06-14")
YEAR = window("2021-12-15", "2022-12-14")


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2022-01-01", "2022-01-01", 1),
        ("2021-12-15", "2022-03-14", 90),
        ("2021-12-15", "2022-12-14", 365),
    ],
)
def test_the_first_and_the_last_day_count(first: str, last: str, days: int) -> None:
    assert window(first, last).days == days


@pytest.mark.parametrize(
    ("first", "last", "year"),
    [
        # Quý I, 6 tháng, quý III, 9 tháng, 6 tháng cuối năm, năm.
        ("2021-12-15", "2022-03-14", 2022),
        ("2021-12-15", "2022-06-14", 2022),
        ("2022-06-15", "2022-09-14", 2022),
        ("2021-12-15", "2022-09-14", 2022),
        ("2022-06-15", "2022-12-14", 2022),
        ("2021-12-15", "2022-12-14", 2022),
        # Months: the first one of a year begins in the December before.
        ("2022-11-15", "2022-12-14", 2022),
        ("2022-12-15", "2023-01-14", 2023),
        ("2022-12-15", "2022-12-31", 2023),
        # Quarters of the calendar.
        ("2022-01-01", "2022-03-31", 2022),
        ("2022-07-01", "2022-09-30", 2022),
        ("2022-10-01", "2022-12-31", 2022),
        ("2022-12-01", "2022-12-31", 2022),
        ("2022-01-01", "2022-12-31", 2022),
    ],
)
def test_a_window_lies_in_a_reporting_year(first: str, last: str, year: int) -> None:
    assert window(first, last).year == year


@pytest.mark.parametrize(
    ("inner", "outer", "is_within"),
    [
        (FIRST_QUARTER, HALF_YEAR, True),
        (HALF_YEAR, YEAR, True),
        (window("2022-03-15", "2022-06-14"), HALF_YEAR, True),
        (YEAR, YEAR, True),
        (HALF_YEAR, FIRST_QUARTER, False),
        (window("2022-03-15", "2022-06-15"), HALF_YEAR, False),
        (window("2021-12-14", "2022-06-14"), HALF_YEAR, False),
        (window("2022-06-15", "2022-09-14"), HALF_YEAR, False),
    ],
)
def test_a_window_lies_within_another(inner: Window, outer: Window, is_within: bool) -> None:
    assert inner.is_within(outer) is is_within


@pytest.mark.parametrize(
    ("first", "last", "is_alike"),
    [
        ("2022-03-15", "2022-06-14", True),
        ("2022-06-15", "2022-09-14", True),
        ("2022-09-15", "2022-12-14", True),
        ("2022-01-01", "2022-03-31", True),
        ("2020-12-15", "2021-03-14", True),
        # Ten days more or less, and eleven.
        ("2021-12-15", "2022-03-24", True),
        ("2021-12-15", "2022-03-04", True),
        ("2021-12-15", "2022-03-25", False),
        ("2021-12-15", "2022-03-03", False),
        ("2021-12-15", "2022-06-14", False),
        ("2021-12-15", "2022-01-14", False),
    ],
)
def test_quarters_are_as_long_as_each_other(first: str, last: str, is_alike: bool) -> None:
    assert FIRST_QUARTER.is_as_long_as(window(first, last)) is is_alike
    assert window(first, last).is_as_long_as(FIRST_QUARTER) is is_alike


# From the start of the year

BEFORE = History(earlier=[{"a": Decimal(10), "0": Decimal(0)}])
BEGINS = History(earlier=())
TWO_BEFORE = History(earlier=[{"a": Decimal(10), "b": Decimal(2)}, {"a": Decimal(7)}])
NOTHING_KNOWN = History(earlier=[{}])


@pytest.mark.parametrize(
    ("history", "indicator", "number", "across", "so_far"),
    [
        (BEFORE, "a", "5", IN_PERIOD, "15"),
        (BEFORE, "a", "5", UNSAID, "15"),
        (BEFORE, "a", "0", IN_PERIOD, "10"),
        (BEFORE, "0", "5", IN_PERIOD, "5"),
        # They are typed as of the year's start, or stand at the end of the window.
        (BEFORE, "a", "5", CUMULATIVE, "5"),
        (BEFORE, "a", "5", STOCK, "5"),
        (NO_HISTORY, "a", "5", CUMULATIVE, "5"),
        (NO_HISTORY, "a", "5", STOCK, "5"),
        # The first window of the year has nothing before it.
        (BEGINS, "a", "5", IN_PERIOD, "5"),
        # A part is missing: it is not zero.
        (BEFORE, "b", "5", IN_PERIOD, None),
        (BEFORE, "a", None, IN_PERIOD, None),
        (BEGINS, "a", None, IN_PERIOD, None),
        (BEFORE, "a", None, STOCK, None),
        # What one report lacks is not known of the whole.
        (TWO_BEFORE, "a", "5", IN_PERIOD, "22"),
        (TWO_BEFORE, "b", "5", IN_PERIOD, None),
        (NOTHING_KNOWN, "a", "5", IN_PERIOD, None),
        # The rounds of the year leave a gap.
        (NO_HISTORY, "a", "5", IN_PERIOD, None),
    ],
)
def test_the_year_so_far_is_added_up_where_its_parts_are_known(
    history: History,
    indicator: str,
    number: str | None,
    across: AcrossPeriods,
    so_far: str | None,
) -> None:
    found = history.year_to_date(indicator, None if number is None else Decimal(number), across)
    assert found == (None if so_far is None else Decimal(so_far))


# Windows that lie end to end

QUARTERS = {
    "I": FIRST_QUARTER,
    "II": window("2022-03-15", "2022-06-14"),
    "III": window("2022-06-15", "2022-09-14"),
    "6": HALF_YEAR,
    "9": window("2021-12-15", "2022-09-14"),
    "lịch I": window("2022-01-01", "2022-03-31"),
    "lịch II": window("2022-04-01", "2022-06-30"),
    "hở": window("2022-03-16", "2022-06-14"),
}


@pytest.mark.parametrize(
    ("names", "until", "chain"),
    [
        # The year begins here, by the decree or with the calendar.
        ("", "2021-12-15", ""),
        ("I", "2021-12-15", ""),
        ("", "2022-01-01", ""),
        ("I", "2022-03-15", "I"),
        ("I,II", "2022-06-15", "I,II"),
        ("II,I", "2022-06-15", "I,II"),
        ("I,II,III", "2022-09-15", "I,II,III"),
        ("lịch II,lịch I", "2022-07-01", "lịch I,lịch II"),
        # Of windows that overlap only those that tile the year are taken, the first ones first.
        ("6,II,I", "2022-06-15", "6"),
        ("II,6,I", "2022-06-15", "I,II"),
        ("I,6", "2022-06-15", "6"),
        ("9,III,6,II,I", "2022-09-15", "9"),
        ("III,6,I", "2022-09-15", "6,III"),
        # A way that leads nowhere is not the end.
        ("II,6", "2022-06-15", "6"),
        # Gaps.
        ("", "2022-03-15", None),
        ("II", "2022-06-15", None),
        ("I", "2022-06-15", None),
        ("I,hở", "2022-06-15", None),
        ("I,III", "2022-09-15", None),
        ("lịch I,II", "2022-06-15", None),
        ("I", "2022-03-16", None),
    ],
)
def test_reports_tile_the_year_up_to_a_day(names: str, until: str, chain: str | None) -> None:
    reports = [(QUARTERS[name], name) for name in filter(None, names.split(","))]
    found = end_to_end([(None, "không rõ"), *reports], date.fromisoformat(until), 2022)
    assert (None if found is None else ",".join(found)) == chain


def test_reports_of_another_year_are_not_before_this_one() -> None:
    assert end_to_end([(FIRST_QUARTER, "I")], date(2022, 3, 15), 2023) is None
