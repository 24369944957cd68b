"""Trends: gaps where figures are missing, marks where the form changed, the whole in words."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from reporting.pictures import Mark, Point, Trend, Turn, trend
from tests.reporting.pictures.drawn import Drawn


def drawn(
    numbers: Sequence[int | str | None], *, unit: str = "hồ sơ", marks: Sequence[Mark] = ()
) -> Drawn:
    points = [
        Point(f"Q{place}", None if number is None else Decimal(number), name=f"quý {place}")
        for place, number in enumerate(numbers, start=1)
    ]
    return Drawn(trend(Trend("t", "Hồ sơ đã giải quyết", points, unit, marks)))


def test_each_figure_is_a_point_on_one_line() -> None:
    found = drawn([3, 7, 5])
    assert len(found.all("circle", "dot")) == 3
    assert found.lines == [3]
    assert found.told[:3] == ["quý 1: 3", "quý 2: 7", "quý 3: 5"]


def test_a_missing_figure_is_a_gap_and_never_a_zero() -> None:
    found = drawn([3, 7, None, 5, 6])
    assert found.lines == [2, 2]
    assert len(found.all("circle", "dot")) == 4
    assert "quý 3: chưa có số" in found.told
    assert "chưa có số" in found.words("soft")


def test_a_gap_says_what_stands_in_place_of_the_figure() -> None:
    points = [
        Point("Q1", None, instead="không phát sinh"),
        Point("Q2", None),
        Point("Q3", Decimal(1)),
    ]
    found = Drawn(trend(Trend("t", "Hồ sơ", points)))
    assert found.told[:2] == ["Q1: không phát sinh", "Q2: chưa có số"]
    assert found.description.endswith("Không phát sinh: Q1. Chưa có số: Q2.")
    assert "không phát sinh, chưa có số" in found.words("soft")


def test_a_zero_is_a_point_on_the_foot_of_the_axis() -> None:
    found = drawn([4, 0, 2])
    assert found.lines == [3]
    [foot] = {one.get("y1") for one in found.all("line", "base") if one.get("x1") != one.get("x2")}
    assert found.all("circle", "dot")[1].get("cy") == foot


def test_a_figure_between_two_gaps_is_a_point_without_a_line() -> None:
    found = drawn([None, 5, None])
    assert found.lines == []
    assert len(found.all("circle", "dot")) == 1


def test_another_edition_is_a_dashed_line_with_its_code() -> None:
    found = drawn([3, 7, 5], marks=[Mark(1, "PL2-KH-2022")])
    dashed = [one for one in found.all("line", "turn") if one.get("stroke-dasharray")]
    # One in the plot, one in the legend.
    assert len(dashed) == 2
    left, right = (Decimal(one.get("cx") or "") for one in found.all("circle", "dot")[:2])
    assert left < Decimal(dashed[0].get("x1") or "") < right
    assert "PL2-KH-2022" in found.words("mark")
    assert found.lines == [3]


def test_no_line_leads_across_a_break_and_older_points_have_another_shape() -> None:
    found = drawn([3, 7, 5, 6], marks=[Mark(2, "đổi cách tính", Turn.BREAK)])
    assert found.lines == [2, 2]
    squares = [one for one in found.all("rect", "dot") if one.get("x") != "5"]
    assert len(squares) == 2
    assert len(found.all("circle", "dot")) == 2
    assert "Đứt chuỗi số liệu từ quý 3: đổi cách tính." in found.description


def test_the_highest_and_the_lowest_are_of_what_lies_after_the_last_break() -> None:
    found = drawn([900, 1, 5, 6, None, 5, 7, 8], marks=[Mark(2, "đổi cách tính", Turn.BREAK)])
    assert "Cao nhất từ quý 3: 8 hồ sơ (quý 8). Thấp nhất từ quý 3: 5 hồ sơ" in found.description
    assert found.words("figure") == ["8", "5"]
    alone = drawn([900, 1, 5], marks=[Mark(2, "đổi cách tính", Turn.BREAK)])
    assert "nhất từ" not in alone.description
    assert "Cao nhất" not in alone.description
    equal = drawn([900, 5, 5], marks=[Mark(1, "đổi cách tính", Turn.BREAK)])
    assert "Các kỳ từ quý 2 có số bằng nhau." in equal.description


def test_without_any_figure_there_is_no_axis_to_misread() -> None:
    found = drawn([None, None])
    assert found.all("line") == []
    assert found.written == ["chưa có số liệu"]


def test_a_mark_before_the_first_point_says_nothing() -> None:
    assert drawn([3, 4], marks=[Mark(0, "PL2-KH-2022")]).words("mark") == []


def test_a_figure_of_few_agencies_is_hollow() -> None:
    points = [Point("Q1", Decimal(3), is_partial=True, note="2/3 đơn vị"), Point("Q2", Decimal(4))]
    found = Drawn(trend(Trend("t", "Hồ sơ", points)))
    hollow = found.all("circle", "partial")
    assert [one.get("fill") for one in hollow] == ["#fff", "#fff"]  # the point, the legend
    assert "Q1: 3 (2/3 đơn vị)" in found.told
    assert "chưa đủ đơn vị" in found.words("soft")


def test_the_whole_is_told_in_words() -> None:
    found = drawn(["97.5", None, "88.25", "91"], unit="%")
    assert found.title == "Hồ sơ đã giải quyết"
    assert found.description == (
        "4 kỳ, từ quý 1 đến quý 4. Mới nhất: 91 % (quý 4). Cao nhất: 97,5 % (quý 1)."
        " Thấp nhất: 88,25 % (quý 3). Chưa có số: quý 2."
    )
    assert found.root.get("role") == "group"
    assert found.root.get("aria-labelledby") == "t-t t-d"


def test_an_axis_that_does_not_begin_at_0_says_so() -> None:
    assert any("không từ 0" in text for text in drawn([95, 96, 97]).words("soft"))
    assert not any("không từ 0" in text for text in drawn([5, 96, 97]).words("soft"))


def test_a_point_leads_to_what_is_behind_it_for_the_pointer_alone() -> None:
    points = [Point("Q1", Decimal(3), href="/dot/Q1/?bieu=A&dong=1.1")]
    [link] = Drawn(trend(Trend("t", "Hồ sơ", points))).all("a")
    assert link.get("href") == "/dot/Q1/?bieu=A&dong=1.1"
    assert link.get("tabindex") == "-1"


def test_what_people_wrote_is_no_markup() -> None:
    nasty = '</title><script>"&\x0b'
    points = [Point(nasty, Decimal(1), note=nasty), Point("Q2", Decimal(2))]
    text = trend(Trend("t", nasty, points, nasty, [Mark(1, nasty)]))
    assert "<script" not in text
    found = Drawn(text)
    assert found.title == '</title><script>"&'
    assert found.all("script") == []


@pytest.mark.parametrize(
    "numbers",
    [
        [],
        [None],
        [5],
        [0],
        [5, 5, 5],
        [-3, 4],
        [9_999_999_999_999_999, 1],
        [9_999_999_999_999_999, 9_999_999_999_999_998],
        [number * 37 % 100 for number in range(60)],
        [None] * 60,
    ],
    ids=lambda numbers: f"{len(numbers)} from {numbers[:1]}",
)
def test_everything_stays_in_the_picture(numbers: Sequence[int | None]) -> None:
    found = drawn(numbers, marks=[Mark(2, "PL2-KH-2022"), Mark(30, "x" * 90, Turn.BREAK)])
    assert all(-1 <= number <= 600 for number in found.coordinates)
    assert found.description
    assert len(found.all("circle", "dot")) + len(found.all("rect", "dot")) >= sum(
        number is not None for number in numbers
    )


def test_sixty_periods_are_named_only_where_there_is_room() -> None:
    found = drawn(list(range(60)))
    named = [text for text in found.words("soft") if text.startswith("Q")]
    assert 2 <= len(named) <= 12
    assert named[-1] == "Q60"


def test_the_same_figures_are_the_same_bytes() -> None:
    points = [Point("Q1", Decimal("3.10")), Point("Q2", Decimal(4))]
    again = [Point("Q1", Decimal("3.1")), Point("Q2", Decimal("4.000"))]
    assert trend(Trend("t", "A", points)) == trend(Trend("t", "A", again))
