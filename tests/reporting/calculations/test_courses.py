"""Which readings of an indicator may be compared, and where each round asks for it."""

from dataclasses import replace
from datetime import date

import pytest

from indicators.kinds import AcrossAgencies, AcrossPeriods
from indicators.series import Series
from reporting.calculations.courses import before, place_of, year_before
from tests.reporting.forms_by_hand import form_of, row
from tests.reporting.readings import COUNT, RATE, in_quarter, in_year, on, reading


def test_the_newest_name_in_the_provinces_own_layout_comes_first() -> None:
    own = form_of(row("1", indicator="old"), id=1)
    other = form_of(row("2", indicator="new"), row("3", indicator="old"), id=2)
    found = place_of([Series(["new", "old"])], [own, other])
    assert found is not None
    assert (found.layout.id, found.row.key, found.meaning) == (1, "1", 0)


def test_the_series_asked_for_comes_before_the_one_that_it_broke_off_from() -> None:
    own = form_of(row("1", indicator="old"), id=1)
    other = form_of(row("2", indicator="new"), id=2)
    found = place_of([Series(["new"]), Series(["old"])], [own, other])
    assert found is not None
    assert (found.row.key, found.meaning) == ("2", 0)
    found = place_of([Series(["new"]), Series(["old"])], [own])
    assert found is not None
    assert (found.row.key, found.meaning) == ("1", 1)


def test_a_row_that_is_not_added_has_no_figure_of_the_province() -> None:
    layout = form_of(row("1", across=AcrossAgencies.NONE, indicator="a"))
    assert place_of([Series(["a"])], [layout]) is None
    assert place_of([Series(["b"])], [layout]) is None


def test_only_periods_of_one_kind_are_compared() -> None:
    first, year, third = (
        reading(in_quarter(1, 2026), "3"),
        reading(in_year(2025), "9"),
        reading(in_quarter(3, 2025), "4"),
    )
    assert before([third, year, first], first) is third
    assert before([year, first], first) is None


def test_what_is_counted_from_the_start_of_the_year_begins_anew_with_it() -> None:
    cumulative = replace(COUNT, across_periods=AcrossPeriods.CUMULATIVE)
    found = [
        reading(moment, "3", of=cumulative)
        for moment in (in_quarter(3, 2025), in_quarter(1, 2026), in_quarter(3, 2026))
    ]
    assert before(found, found[1]) is None
    assert before(found, found[2]) is found[1]
    assert year_before(found, found[2]) is found[0]


def test_the_same_period_of_the_year_before_has_the_same_month() -> None:
    first, third, last = (
        reading(in_quarter(1, 2025)),
        reading(in_quarter(3, 2025)),
        reading(in_quarter(1, 2026)),
    )
    assert year_before([first, third, last], last) is first
    assert year_before([third, last], last) is None
    assert year_before([reading(on(date(2025, 3, 14)))], last) is None


@pytest.mark.parametrize("turned", [1, -1])
def test_of_one_period_the_live_round_is_compared_and_not_its_paper(turned: int) -> None:
    """Whatever the order, and although the paper says a later day."""
    live, now = reading(in_quarter(1, 2025), "3"), reading(in_quarter(1, 2026), "4")
    moment = live.moment
    paper, other = (
        replace(live, moment=replace(moment, code=code, data_to=day, is_archive=True))
        for code, day in (("A", moment.data_to), ("Z", date(2025, 3, 31)))
    )
    found = [paper, live, other][::turned]
    assert year_before([*found, now], now) is live
    assert before([*found, now], now) is live
    # Of papers alone the later; of one day the last by its code.
    assert year_before([one for one in found if one is not live], now) is other
    twin = replace(other, moment=replace(other.moment, code="B"))
    assert year_before([twin, other][::turned], now) is other


def test_figures_measured_otherwise_do_not_go_on() -> None:
    now = reading(in_quarter(1, 2026), "3")
    assert now.goes_on_from(reading(in_quarter(1, 2025), "3", of=replace(COUNT, unit="hồ sơ")))
    assert not now.goes_on_from(reading(in_quarter(1, 2025), "3", of=replace(COUNT, unit="Tỷ")))
    assert not now.goes_on_from(reading(in_quarter(1, 2025), "3", meaning=1))
    assert not now.goes_on_from(reading(in_quarter(1, 2025), "3", of=RATE))
    bare = reading(in_quarter(1, 2026), "3", of=replace(COUNT, unit=""))
    assert not bare.goes_on_from(reading(in_quarter(1, 2025), "3", of=RATE))
