"""Bars: lengths in proportion, figures at the end, what stands out in words and by its shape."""

from decimal import Decimal

import pytest

from reporting.pictures import Bar, Bars, bars
from tests.reporting.pictures.drawn import Drawn


def drawn(*asked: Bar, unit: str = "hồ sơ") -> Drawn:
    return Drawn(bars(Bars("b", "So sánh các đơn vị", asked, unit)))


def lengths(found: Drawn) -> list[Decimal]:
    return [Decimal(one.get("width") or "") for one in found.all("rect", "bar")]


def test_lengths_are_in_proportion_from_0() -> None:
    found = drawn(
        Bar("Sở Y tế", Decimal(300)), Bar("Sở Nội vụ", Decimal(150)), Bar("X", Decimal(0))
    )
    assert lengths(found) == [600, 300, 0]
    assert found.words("figure") == ["300", "150", "0"]


def test_the_bars_of_rates_are_parts_of_100() -> None:
    found = drawn(Bar("Sở Y tế", Decimal(50)), Bar("Sở Nội vụ", Decimal("12.5")), unit="%")
    assert lengths(found) == [300, 75]


def test_what_stands_instead_of_a_figure_is_said() -> None:
    found = drawn(Bar("2025", None, instead="không phát sinh"), Bar("2026", Decimal(1)))
    assert "không phát sinh" in found.words("soft")
    assert found.description == "2026, 1 hồ sơ. Không phát sinh: 2025."


def test_a_missing_figure_has_no_bar_and_is_said_to_be_missing() -> None:
    found = drawn(Bar("Sở Y tế", Decimal(3)), Bar("Sở Nội vụ", None))
    assert len(lengths(found)) == 1
    assert "chưa có số" in found.words("soft")
    assert "Chưa có số: Sở Nội vụ." in found.description


def test_what_stands_out_has_a_shape_and_words() -> None:
    found = drawn(Bar("Sở Y tế", Decimal(300), outlier="cao hơn hẳn"), Bar("X", Decimal(1)))
    assert len(found.all("polygon", "odd")) == 1
    assert found.words("odd") == ["cao hơn hẳn"]
    assert found.told[0] == "Sở Y tế: 300, cao hơn hẳn"
    assert "Khác thường: Sở Y tế (cao hơn hẳn)." in found.description


def test_long_names_are_cut_and_told_in_full() -> None:
    name = "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông và nông nghiệp tỉnh"
    found = drawn(Bar(name, Decimal("12345.5")))
    [label] = [text for text in found.written if text.endswith("…")]
    assert name.startswith(label[:-1].rstrip())
    assert found.told == [f"{name}: 12.345,5"]


def test_the_whole_is_told_in_words() -> None:
    found = drawn(Bar("Sở Y tế", Decimal("97.5")), Bar("Sở Nội vụ", Decimal(80)), unit="%")
    assert found.description == (
        "2 dòng có số. Cao nhất: Sở Y tế, 97,5 %. Thấp nhất: Sở Nội vụ, 80 %."
    )
    assert drawn(Bar("A", Decimal(2)), Bar("B", Decimal(2))).description == (
        "2 dòng có số, bằng nhau: 2 hồ sơ."
    )
    assert drawn(Bar("A", Decimal(2))).description == "A, 2 hồ sơ."
    assert drawn(Bar("A", None)).description == "Chưa có số liệu."
    assert drawn().description == "Chưa có số liệu."


def test_what_people_wrote_is_no_markup() -> None:
    found = drawn(Bar('<b>"&</b>', Decimal(1), outlier="<i>", note="<u>", href='/?a="&b=1'))
    assert found.all("b") == []
    assert found.told == ['<b>"&</b>: 1, <i>, <u>']


@pytest.mark.parametrize("number", [0, 1, -5, 9_999_999_999_999_999])
@pytest.mark.parametrize("many", [1, 150])
def test_everything_stays_in_the_picture(number: int, many: int) -> None:
    asked = [Bar(f"UBND xã {n}", Decimal(number + n % 2), outlier="thấp") for n in range(many)]
    found = drawn(*asked)
    _, _, width, height = (int(part) for part in (found.root.get("viewBox") or "").split())
    assert all(0 <= number <= max(width, height) for number in found.coordinates)
    assert len(lengths(found)) == many
    assert height >= 50 * many
