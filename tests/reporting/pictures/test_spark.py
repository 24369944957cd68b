"""Sparks: the course of a figure as small as a word, gaps and all."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from reporting.pictures import Spark, spark
from tests.reporting.pictures.drawn import Drawn


def drawn(numbers: Sequence[int | None]) -> Drawn:
    found = [None if number is None else Decimal(number) for number in numbers]
    return Drawn(spark(Spark("k", "Hồ sơ qua các kỳ", found)))


def test_the_course_ends_in_a_dot() -> None:
    found = drawn([1, 4, 3])
    assert found.lines == [3]
    assert len(found.all("circle")) == 1
    assert found.description == "Lần lượt: 1; 4; 3."


def test_a_small_change_does_not_look_like_a_large_one() -> None:
    def heights(*numbers: int) -> list[Decimal]:
        points = drawn(numbers).all("polyline")[0].get("points") or ""
        return [Decimal(point.split(",")[1]) for point in points.split()]

    small, large = heights(1000, 999), heights(1000, 500)
    assert abs(small[0] - small[1]) < 1
    assert large == [5, 27]
    flat = heights(7, 7)
    assert flat[0] == flat[1] == 16


def test_a_missing_figure_is_a_gap() -> None:
    found = drawn([1, 4, None, 3, 2])
    assert found.lines == [2, 2]
    assert found.description == "Lần lượt: 1; 4; chưa có số; 3; 2."


def test_no_line_leads_to_where_counting_begins_anew() -> None:
    found = Drawn(spark(Spark("k", "Hồ sơ", [Decimal(n) for n in (1, 4, 2, 3)], anew={2})))
    assert found.lines == [2, 2]
    assert found.description == "Lần lượt: 1; 4; tính lại từ đầu: 2; 3."
    alone = Drawn(spark(Spark("k", "Hồ sơ", [Decimal(n) for n in (1, 2, 3)], anew={1, 2})))
    assert alone.lines == []
    assert len(alone.all("circle")) == 3


def test_where_the_newest_is_missing_no_older_one_stands_for_it() -> None:
    assert drawn([1, 4, None]).all("circle") == []


def test_a_figure_between_two_gaps_is_seen() -> None:
    assert len(drawn([None, 4, None, 1]).all("circle")) == 2


@pytest.mark.parametrize("numbers", [[], [None], [7], [5, 5], [0, 0], [9_999_999_999_999_999, -1]])
def test_everything_stays_in_the_picture(numbers: Sequence[int | None]) -> None:
    found = drawn(numbers)
    assert all(0 <= number <= 120 for number in found.coordinates)
    assert found.title == "Hồ sơ qua các kỳ"
