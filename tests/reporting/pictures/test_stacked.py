"""Stacked bars: parts in proportion and told apart by their pattern, empty wholes left empty."""

from decimal import Decimal

from reporting.pictures import Stack, Stacked, stacked
from tests.reporting.pictures.drawn import Drawn

SERIES = ("đã duyệt", "đã gửi", "trả lại", "chưa gửi")


def drawn(*stacks: Stack, name: str = "s") -> Drawn:
    return Drawn(stacked(Stacked(name, "Báo cáo của đợt", SERIES, stacks)))


def stack(label: str, *parts: int, said: str = "") -> Stack:
    return Stack(label, [Decimal(part) for part in parts], said)


def test_parts_are_in_proportion_and_fill_the_whole() -> None:
    found = drawn(stack("Quý I", 75, 30, 15, 30))
    widths = [
        Decimal(one.get("width") or "")
        for place in range(4)
        for one in found.all("rect", f"p{place}")
        if one.get("width") != "24"
    ]
    assert widths == [299, Decimal("119.6"), Decimal("59.8"), Decimal("119.6")]
    assert found.words("inside") == ["75", "30", "15", "30"]
    assert found.words("figure") == ["150"]


def test_parts_are_told_apart_without_colour() -> None:
    found = drawn(stack("Quý I", 1, 1, 1, 1))
    fills = {one.get("fill") for n in range(4) for one in found.all("rect", f"p{n}")}
    assert fills == {"currentColor", "url(#s-1)", "url(#s-2)", "#fff"}
    assert {one.get("id") for one in found.all("pattern")} == {"s-1", "s-2"}


def test_two_pictures_of_a_page_share_no_id() -> None:
    ids = [
        {one.get("id") for one in drawn(stack("A", 1, 1, 1, 1), name=name).root.iter()} - {None}
        for name in ("s1", "s2")
    ]
    assert ids[0].isdisjoint(ids[1])


def test_a_part_that_is_not_there_is_not_drawn() -> None:
    found = drawn(stack("Quý I", 4, 0, 0, 0))
    assert [one for one in found.all("rect", "p1") if one.get("width") != "24"] == []
    assert found.words("inside") == ["4"]


def test_an_empty_whole_is_an_empty_edge() -> None:
    found = drawn(stack("Quý I", 0, 0, 0, 0))
    assert found.words("inside") == []
    assert len(found.all("rect", "edge")) == 1
    assert found.description == "Quý I: không có."


def test_a_narrow_part_keeps_its_number_for_the_pointer() -> None:
    found = drawn(stack("Quý I", 1_000, 1, 0, 0))
    assert found.words("inside") == ["1.000"]
    assert "Quý I: đã duyệt 1.000, đã gửi 1, trả lại 0, chưa gửi 0" in found.told


def test_the_whole_is_told_in_words() -> None:
    found = drawn(stack("Quý I", 75, 0, 15, 30), stack("6 tháng", 1, 0, 0, 0))
    assert found.description == (
        "Quý I: 75 đã duyệt, 15 trả lại, 30 chưa gửi; 6 tháng: 1 đã duyệt."
    )
    assert drawn().description == "Chưa có số liệu."
    many = drawn(*(stack(f"Đợt {n}", 1, 0, 0, 0) for n in range(12)))
    assert many.description.endswith("Còn 2 dòng nữa ở bảng số liệu.")


def test_what_people_wrote_is_no_markup() -> None:
    text = stacked(Stacked("s", "<b>", ["<i>"], [Stack("<u>", [Decimal(1)], said="<s>")]))
    found = Drawn(text)
    assert found.all("b") + found.all("i") + found.all("u") + found.all("s") == []
    assert found.title == "<b>"
