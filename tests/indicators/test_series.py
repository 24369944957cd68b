"""Which indicators make one series, and where it breaks off."""

import pytest

from indicators.kinds import Change, Kind, Meaning
from indicators.series import Link, Named, Series, breaks, series


def named(code: str, kind: Kind = Kind.COUNT) -> Named:
    return Named(code, f"Chỉ tiêu {code}", kind)


def link(
    older: str,
    newer: str,
    change: Change = Change.RENAMED,
    meaning: Meaning = Meaning.SAME,
    *,
    older_kind: Kind = Kind.COUNT,
) -> Link:
    return Link(named(older, older_kind), named(newer), change, meaning)


def codes(found: list[Series]) -> list[list[str]]:
    return [list(one.codes) for one in found]


def test_what_was_renamed_goes_on_in_both_directions() -> None:
    links = [link("a", "b"), link("b", "c"), link("x", "y")]
    assert codes(list(series(named("b"), links))) == [["b", "a", "c"]]
    assert codes(list(series(named("c"), links))) == [["c", "b", "a"]]


def test_an_indicator_without_links_is_its_own_series() -> None:
    assert list(series(named("a"), [])) == [Series(["a"])]


def test_a_break_begins_an_older_series() -> None:
    broken = link("b", "c", meaning=Meaning.BREAK)
    [newer, older] = series(named("c"), [link("a", "b"), broken])
    assert (list(newer.codes), list(older.codes)) == (["c"], ["b", "a"])
    assert (newer.after, older.after) == (None, broken)


@pytest.mark.parametrize("change", [Change.MERGED, Change.SPLIT])
def test_what_was_merged_or_split_does_not_go_on_even_with_the_same_meaning(change: Change) -> None:
    assert codes(list(series(named("b"), [link("a", "b", change)]))) == [["b"], ["a"]]


def test_of_several_that_went_into_one_none_stands_for_it() -> None:
    links = [link("a", "c", Change.MERGED), link("b", "c", Change.MERGED)]
    assert codes(list(series(named("c"), links))) == [["c"]]
    assert [one.older.code for one in breaks(["c"], links).before] == ["a", "b"]


def test_a_count_is_not_followed_into_a_rate() -> None:
    links = [link("a", "b", meaning=Meaning.BREAK, older_kind=Kind.PERCENT)]
    assert codes(list(series(named("b"), links))) == [["b"]]


def test_a_circle_comes_to_an_end() -> None:
    links = [link("a", "b"), link("b", "a")]
    assert codes(list(series(named("a"), links))) == [["a", "b"]]
    broken = [
        link(older, newer, meaning=Meaning.BREAK) for older, newer in (("a", "b"), ("b", "a"))
    ]
    assert codes(list(series(named("a"), broken))) == [["a"], ["b"]]


def test_breaks_are_told_on_both_sides() -> None:
    links = [
        link("a", "b", meaning=Meaning.BREAK),
        link("b", "c"),
        link("c", "d", Change.SPLIT, Meaning.BREAK),
    ]
    found = breaks(["b", "c"], links)
    assert [one.older.code for one in found.before] == ["a"]
    assert [one.newer.code for one in found.after] == ["d"]
