"""Which windows cover a longer one without a gap and without a day twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reporting.periods import all_periods, first_months, last_half, quarter
from reporting.windows import Window, fewest, tilings

YEAR = Window(date(2025, 12, 15), date(2026, 12, 14))


def named(*periods: str) -> list[tuple[Window, str]]:
    return [
        (Window(period.data_from, period.data_to), period.code)
        for period in all_periods(2026)
        if period.code in periods
    ]


def test_quarters_and_halves_tile_a_year_each_among_themselves() -> None:
    rounds = named("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026-6T", "2026-6TC")
    assert sorted(tilings(rounds, YEAR), key=len) == [
        ["2026-6T", "2026-6TC"],
        ["2026-Q1", "2026-Q2", "2026-6TC"],
        ["2026-6T", "2026-Q3", "2026-Q4"],
        ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"],
    ]


def test_the_usual_rhythm_overlaps_and_is_never_added() -> None:
    """Quý I lies inside 6 tháng; nothing reaches from quý III to the end of the year."""
    assert list(tilings(named("2026-Q1", "2026-6T", "2026-Q3", "2026-NAM"), YEAR)) == []


def test_a_round_is_no_part_of_itself_and_none_reaches_out() -> None:
    half = first_months(6, 2026)
    whole = Window(half.data_from, half.data_to)
    assert list(tilings(named("2026-6T", "2026-NAM"), whole)) == []
    late = quarter(1, 2026)
    before = (Window(late.data_from - timedelta(days=1), late.data_to), "sớm một ngày")
    assert list(tilings([before, *named("2026-Q2")], whole)) == []


def test_a_gap_of_one_day_is_a_gap() -> None:
    rest = last_half(2026)
    late = (Window(rest.data_from + timedelta(days=1), rest.data_to), "muộn một ngày")
    assert list(tilings([*named("2026-6T"), late], YEAR)) == []


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(1, 6)), max_size=12))
def test_every_tiling_has_each_day_of_the_whole_exactly_once(
    spans: list[tuple[int, int]],
) -> None:
    first = date(2026, 1, 1)
    whole = Window(first, first + timedelta(days=11))
    rounds = [
        (Window(first + timedelta(days=at), first + timedelta(days=at + length - 1)), number)
        for number, (at, length) in enumerate(spans)
    ]
    windows = {number: window for window, number in rounds}
    for tiles in tilings(rounds, whole):
        days = [
            windows[number].first + timedelta(days=day)
            for number in tiles
            for day in range(windows[number].days)
        ]
        assert days == [first + timedelta(days=day) for day in range(12)]


def test_the_fewest_are_found_among_many_ways() -> None:
    every = [
        (Window(period.data_from, period.data_to), period.code)
        for period in all_periods(2026)
        if period.code.startswith("2026-")
    ]
    assert fewest(every, YEAR) == ["2026-6T", "2026-6TC"]
    assert sum(1 for _ in tilings(every, YEAR)) == 27
    assert fewest(named("2026-Q1", "2026-6T"), YEAR) == []


def test_of_two_rounds_with_the_same_days_the_first_is_taken() -> None:
    (window, code), rest = named("2026-6T", "2026-6TC")
    assert fewest([(window, code), (window, "đột xuất"), rest], YEAR) == [code, "2026-6TC"]
    assert list(tilings([(window, "đột xuất"), (window, code), rest], YEAR)) == [
        ["đột xuất", "2026-6TC"]
    ]


def test_many_dead_ends_are_not_walked() -> None:
    """Three rounds a month, and nothing in December: no way, told at once."""
    first = date(2026, 1, 1)
    days = [
        (Window(first + timedelta(days=30 * at + shift), first + timedelta(days=30 * at + 29)), at)
        for at in range(40)
        for shift in (0, 0, 0)
    ]
    overlapping = [
        (Window(window.first, window.last + timedelta(days=30)), -at) for window, at in days
    ]
    whole = Window(first, first + timedelta(days=30 * 41 + 15))
    assert list(tilings([*days, *overlapping], whole)) == []
    assert fewest([*days, *overlapping], whole) == []


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(1, 6)), max_size=12))
def test_the_fewest_are_as_few_as_any_way(spans: list[tuple[int, int]]) -> None:
    first = date(2026, 1, 1)
    whole = Window(first, first + timedelta(days=11))
    rounds = [
        (Window(first + timedelta(days=at), first + timedelta(days=at + length - 1)), number)
        for number, (at, length) in enumerate(spans)
    ]
    every = list(tilings(rounds, whole))
    found = fewest(rounds, whole)
    assert len(found) == min((len(way) for way in every), default=0)
    assert not every or found in every
