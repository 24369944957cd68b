"""Keys and parents out of STT and bullets, also where the paper numbers wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.catalogue.numbering import Place, numeral, places
from indicators.catalogue.printed import PrintedLine
from indicators.catalogue.problems import LONGEST


def placed(*lines: str, bold: tuple[int, ...] = ()) -> list[Place]:
    """Each line is written "stt|label|unit"; what is left out is «Dòng» and «Hồ sơ»."""
    table = []
    for index, written in enumerate(lines):
        stt, label, unit = [*written.split("|"), *["Dòng", "Hồ sơ"][written.count("|") :]]
        table.append(PrintedLine(stt, label, unit, "", bold=index in bold))
    return places(table)


def tree(*lines: str, bold: tuple[int, ...] = ()) -> list[tuple[str, str]]:
    return [(place.key, place.parent) for place in placed(*lines, bold=bold)]


def test_dotted_numbers_say_the_hierarchy_with_and_without_their_last_dot() -> None:
    found = placed("1.", "1.1", "1.1.1.", "1.2.", "1. 3", "2")
    assert found == [
        Place("1", ""),
        Place("1.1", "1"),
        Place("1.1.1", "1.1"),
        Place("1.2", "1"),
        Place("1.3", "1"),
        Place("2", ""),
    ]


def test_bullets_belong_to_the_last_numbered_line() -> None:
    found = placed("1.", "1.1.", "|- Cấp tỉnh", "|- Cấp huyện", "1.2.", "|- Cấp xã")
    assert [(place.key, place.parent) for place in found] == [
        ("1", ""),
        ("1.1", "1"),
        ("1.1.a", "1.1"),
        ("1.1.b", "1.1"),
        ("1.2", "1"),
        ("1.2.a", "1.2"),
    ]
    assert (
        found[2].why_key
        == found[2].why_parent
        == ("dòng không có số thứ tự riêng, đứng dưới dòng 1.1")
    )


def test_a_plus_stands_under_the_dash_above_it() -> None:
    assert tree("1", "|- a", "|+ b", "|+ c", "|- d", "|+ e", "|* f") == [
        ("1", ""),
        ("1.a", "1"),
        ("1.a.a", "1.a"),
        ("1.a.b", "1.a"),
        ("1.b", "1"),
        ("1.b.a", "1.b"),
        ("1.b.a.a", "1.b.a"),
    ]
    assert tree("1", "|+ a", "|- b") == [("1", ""), ("1.a", "1"), ("1.b", "1")]


def test_trong_do_in_the_stt_column_is_no_stt() -> None:
    found = tree("3.1.3.", "Trong đó|Số TTHC cấp tỉnh", "|Số TTHC cấp huyện", "3.1.4.")
    assert found[1:3] == [("3.1.3.a", "3.1.3"), ("3.1.3.b", "3.1.3")]


def test_letters_are_keys_where_they_are_printed() -> None:
    found = placed("1.1", "a)", "b)", "1.2", "1.2.a", "1.2.b", "|c) Dòng", "đ)")
    assert [place.key for place in found] == [
        "1.1", "1.1.a", "1.1.b", "1.2", "1.2.a", "1.2.b", "1.2.c", "1.2.d",
    ]  # fmt: skip
    assert found[4] == Place("1.2.a", "1.2")
    assert found[1].why_parent


def test_more_lines_than_letters_go_on_with_two() -> None:
    keys = [place.key for place in placed("1", *["|- Dòng"] * 28)]
    assert keys[26:] == ["1.z", "1.aa", "1.ab"]


def test_numbers_that_restart_under_headings_without_stt_make_sections() -> None:
    found = placed("|Công tác chỉ đạo|", "1", "1.1", "|Cải cách thể chế|", "1", "2")
    assert [(place.key, place.parent) for place in found] == [
        ("I", ""),
        ("I.1", "I"),
        ("I.1.1", "I.1"),
        ("II", ""),
        ("II.1", "II"),
        ("II.2", "II"),
    ]
    assert all(place.why_key for place in found)
    assert not found[3].why_parent


def test_a_bold_heading_opens_a_section_although_the_numbers_go_on() -> None:
    lines = ("|Phần A|", "1", "|Phần B|", "2", "2.1")
    assert tree(*lines, bold=(0, 2)) == [
        ("I", ""), ("I.1", "I"), ("II", ""), ("II.2", "II"), ("II.2.1", "II.2"),
    ]  # fmt: skip
    assert tree(*lines)[2] == ("I.1.a", "I.1")


def test_a_heading_without_stt_between_parts_takes_the_parts_below_it() -> None:
    found = tree("5", "|Chính phủ giao|", "5.1", "5.2", "|UBND tỉnh giao|", "5.3", "6")
    assert found == [
        ("5", ""),
        ("5.a", "5"),
        ("5.1", "5.a"),
        ("5.2", "5.a"),
        ("5.b", "5"),
        ("5.3", "5.b"),
        ("6", ""),
    ]


def test_only_a_bold_heading_reaches_back_over_deeper_lines() -> None:
    lines = ("5", "5.1", "5.1.1", "|Nhóm|", "5.2")
    assert tree(*lines, bold=(3,))[3:] == [("5.a", "5"), ("5.2", "5.a")]
    assert tree(*lines)[3:] == [("5.1.1.a", "5.1.1"), ("5.2", "5")]


def test_a_line_without_unit_after_bullets_is_one_of_them() -> None:
    assert tree("4", "4.1", "|Trong số này", "|Cấp xã|", "4.2")[3] == ("4.1.b", "4.1")


def test_printed_sections_hold_what_is_numbered_below_them() -> None:
    found = placed("I.", "1", "1.1", "II", "1", "II.2")
    assert [(place.key, place.parent) for place in found] == [
        ("I", ""), ("I.1", "I"), ("I.1.1", "I.1"), ("II", ""), ("II.1", "II"), ("II.2", "II"),
    ]  # fmt: skip
    assert found[0] == Place("I", "")
    assert found[5] == Place("II.2", "II")


def test_letters_stand_over_roman_numerals() -> None:
    assert tree("A", "I", "1", "II", "B", "I", "1", "C", "1") == [
        ("A", ""),
        ("A.I", "A"),
        ("A.I.1", "A.I"),
        ("A.II", "A"),
        ("B", ""),
        ("B.I", "B"),
        ("B.I.1", "B.I"),
        ("C", ""),
        ("C.1", "C"),
    ]


def test_a_number_of_a_section_that_is_not_printed_has_no_parent() -> None:
    assert tree("I.1", "I.2", "II.1") == [("I.1", ""), ("I.2", ""), ("II.1", "")]


def test_the_place_wins_over_a_number_of_another_parent() -> None:
    found = placed("1", "1.1", "1.1.1", "1.2.", "1.1.1.", "1.1.2.", "1.3")
    assert [(place.key, place.parent) for place in found][3:] == [
        ("1.2", "1"),
        ("1.2.1", "1.2"),
        ("1.2.2", "1.2"),
        ("1.3", "1"),
    ]
    assert found[4].why_key == found[4].why_parent == "STT «1.1.1» đứng dưới dòng 1.2"


def test_one_mistyped_number_does_not_mislead_those_after_it() -> None:
    assert tree("7", "7.7", "7.7.1", "77.2", "7.7.3", "7.8")[3:] == [
        ("7.2", "7"),
        ("7.7.3", "7.7"),
        ("7.8", "7"),
    ]


def test_a_number_whose_parent_is_not_printed_keeps_its_key() -> None:
    found = placed("3", "3.3", "3.4.1", "3.4.2", "4.1", "4.2")
    assert [(place.key, place.parent) for place in found][2:] == [
        ("3.4.1", "3"),
        ("3.4.2", "3"),
        ("4.1", ""),
        ("4.2", ""),
    ]
    assert (found[2].why_key, found[2].why_parent) == ("", "phía trên không có dòng 3.4")


def test_a_number_printed_twice_gets_a_key_of_its_own() -> None:
    found = placed("1", "1.1", "1.2", "1.2", "1.2.1", "1.3")
    assert [place.key for place in found] == ["1", "1.1", "1.2", "1.2-2", "1.2-2.1", "1.3"]
    assert found[3].why_key == "STT «1.2» đã có ở dòng trên"


def test_a_zero_that_a_spreadsheet_dropped_is_put_back() -> None:
    found = placed("1", *(f"1.{number}" for number in range(1, 10)), "1.1", "1.11")
    assert [place.key for place in found][-3:] == ["1.9", "1.10", "1.11"]
    assert found[-2].why_key == "bảng tính đã bỏ số 0 cuối: 1.10"
    assert tree("1", "1.9", "1.1")[-1] == ("1.1", "1")


def test_a_key_too_long_for_the_store_is_another() -> None:
    deep = ".".join(["1", *["100"] * 12])
    assert tree("1", deep, "|- Dòng") == [("1", ""), ("d2", "1"), ("d2.a", "d2")]


def test_numbers_are_read_off_the_label_where_they_stand_there() -> None:
    assert tree("|I. Công tác chỉ đạo|", "|1. Kế hoạch", "|1.1. Nhiệm vụ", "|- Đã xong") == [
        ("I", ""), ("I.1", "I"), ("I.1.1", "I.1"), ("I.1.1.a", "I.1.1"),
    ]  # fmt: skip
    # With a column of STT a single number before a label is only a way to list.
    assert tree("2.3", "|1. Cấp tỉnh", "|2. Cấp xã")[1:] == [("2.3.a", "2.3"), ("2.3.b", "2.3")]


def test_no_lines_have_no_places() -> None:
    assert places([]) == []


@pytest.mark.parametrize(("number", "written"), [(1, "I"), (4, "IV"), (49, "XLIX"), (90, "XC")])
def test_roman_numerals(number: int, written: str) -> None:
    assert numeral(number) == written


STTS = st.sampled_from(
    [
        *("", "1", "2", "1.", "1.1", "1.1.1", "2.1.1", "9.9", "I", "II", "A", "C", "I.1", "a)"),
        *("1.a", "Trong đó", "-", "999.999.999.999.999.999", "0", "(1)"),
    ]
)
LABELS = st.sampled_from(["Dòng", "- Dòng", "+ Dòng", "a) Dòng", "1. Dòng", "1.1. Dòng", "I. Dòng"])


@given(
    st.lists(
        st.tuples(
            STTS | st.text(max_size=6), LABELS, st.sampled_from(["", "Hồ sơ"]), st.booleans()
        ),
        max_size=30,
    )
)
def test_whatever_is_printed_every_line_has_a_key_and_a_parent_above(
    table: list[tuple[str, str, str, bool]],
) -> None:
    found = places([PrintedLine(stt, label, unit, "", bold) for stt, label, unit, bold in table])
    keys = [place.key for place in found]
    assert len(set(keys)) == len(table)
    assert all(key and len(key) <= LONGEST["key"] for key in keys)
    assert all(
        not place.parent or place.parent in keys[:index] for index, place in enumerate(found)
    )
