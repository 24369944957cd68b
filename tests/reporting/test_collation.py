"""The Vietnamese order of names."""

import unicodedata

import pytest

from indicators.kinds import AgencyKind
from reporting.collation import by_kind_and_name, vietnamese


@pytest.mark.parametrize(
    "ordered",
    [
        ["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "o", "ô", "ơ", "u", "ư", "y"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mă", "mâ"],
        ["Dương", "Đông"],
        ["Sở Công Thương", "Sở Nội vụ", "Sở Y tế"],
        ["UBND xã An Lộc", "UBND xã Ân Lộc", "UBND xã Đông Sơn"],
        ["xã An", "xã An 2", "xã An Bình"],
        ["hoà", "hoàng"],
    ],
)
def test_names_stand_in_the_order_of_the_dictionary(ordered: list[str]) -> None:
    turned = ordered[::-1]
    assert sorted(turned, key=vietnamese) == ordered


def test_capitals_and_composition_do_not_matter() -> None:
    assert vietnamese("ĐẤT") == vietnamese("đất")
    assert vietnamese(unicodedata.normalize("NFD", "đất")) == vietnamese("đất")


def test_tones_decide_only_where_the_letters_are_equal() -> None:
    assert sorted(["má b", "ma c"], key=vietnamese) == ["má b", "ma c"]


def test_agencies_stand_by_kind_and_then_by_name() -> None:
    ordered = [(kind.value, name) for kind in AgencyKind for name in ("Dương", "Đông")]
    assert ordered[0] == ("tinh", "Dương")
    turned = ordered[::-1]
    assert sorted(turned, key=lambda one: by_kind_and_name(*one)) == ordered
