"""Rows of two papers that count the same thing, and rows that only look so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from indicators.catalogue.matching import matches
from indicators.catalogue.written import VersionSheet, blank_row
from tests.indicators.sheets import HEAD

Rows = Sequence[dict[str, str]]


def rows(*lines: str) -> list[dict[str, str]]:
    """Each line is "label[|indicator[|kind]]", two blanks deeper than its parent; a line without
    an indicator is a heading, and keys are 1, 2, 3 …"""
    found: list[dict[str, str]] = []
    open_keys: list[str] = []
    for number, line in enumerate(lines, start=1):
        depth = (len(line) - len(line.lstrip())) // 2
        label, indicator, kind = [*line.strip().split("|"), "", ""][:3]
        parent = open_keys[depth - 1] if depth else ""
        open_keys = [*open_keys[:depth], str(number)]
        kind = kind or ("count" if indicator else "heading")
        found.append(
            blank_row(key=str(number), parent=parent, label=label, indicator=indicator, kind=kind)
        )
    return found


def sheet(found: Rows, year: int = 2024) -> VersionSheet:
    return VersionSheet(replace(HEAD, code=f"CU-{year}", valid_from=date(year, 1, 1)), found)


def found(new: Rows, *earlier: VersionSheet) -> dict[str, str]:
    """Indicators found for the new rows, by key; every indicator of the earlier forms exists."""
    known = {row["indicator"]: {"kind": row["kind"]} for old in earlier for row in old.rows}
    unsaid = [{**row, "indicator": ""} for row in new]
    return {key: match.row["indicator"] for key, match in matches(unsaid, earlier, known).items()}


def test_the_same_words_in_another_writing_are_one() -> None:
    old = sheet(rows("Mục", "  Số hồ sơ thủ tục hành chính đã số hoá, luỹ kế|x"))
    assert found(rows("Mục", "  - Số hồ sơ TTHC đã số hóa, lũy kế. Trong đó:|?"), old) == {"2": "x"}


def test_an_abbreviation_that_one_paper_explains_is_understood_on_the_other() -> None:
    old = sheet(rows("Mục", "  Số xã đạt chuẩn nông thôn mới (NTM) nâng cao|x"))
    assert found(rows("Mục", "  Số xã đạt chuẩn NTM nâng cao|?"), old) == {"2": "x"}


def test_the_newer_name_of_a_row_counts() -> None:
    old = sheet(rows("Mục", "  Số văn bản đã tham mưu|x", "  Số văn bản cấp tỉnh ban hành|y"))
    new = rows(
        "Mục", "  Số văn bản đã tham mưu (điều chỉnh thành “Số văn bản cấp tỉnh ban hành”)|?"
    )
    assert found(new, old) == {"2": "y"}


def test_one_label_in_many_places_is_told_by_what_stands_above() -> None:
    labels = ("  Tổng số hồ sơ đã tiếp nhận|{}.a", "  Số hồ sơ đã giải quyết|{}.b")
    old = sheet(
        rows(
            "Hồ sơ của cơ quan chuyên môn cấp tỉnh",
            *(one.format("so") for one in labels),
            "Hồ sơ của UBND cấp huyện",
            *(one.format("huyen") for one in labels),
            "Hồ sơ của UBND cấp xã",
            *(one.format("xa") for one in labels),
        )
    )
    new = rows(
        "Hồ sơ do UBND cấp xã tiếp nhận", *(one.format("?") for one in labels),
        "Hồ sơ do các sở, ban, ngành tiếp nhận", *(one.format("?") for one in labels),
    )  # fmt: skip
    assert found(new, old) == {"2": "xa.a", "3": "xa.b", "5": "so.a", "6": "so.b"}


def test_no_indicator_is_given_twice() -> None:
    old = sheet(rows("Mục", "  Số văn bản chỉ đạo đã ban hành|x"))
    new = rows(
        "Mục", "  Số văn bản chỉ đạo đã ban hành|?", "  Số văn bản chỉ đạo đã ban hành khác|?"
    )
    assert found(new, old) == {"2": "x"}


def test_where_two_rows_have_the_same_claim_neither_gets_it() -> None:
    old = sheet(rows("Dịch vụ công", "  Tổng số dịch vụ đang cung cấp|x"))
    new = rows(
        "Dịch vụ công tại điểm một", "  Tổng số dịch vụ đang cung cấp|?",
        "Dịch vụ công tại điểm hai", "  Tổng số dịch vụ đang cung cấp|?",
    )  # fmt: skip
    assert found(new, old) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Số văn bản do cấp huyện ban hành", "Số văn bản do cấp xã ban hành"),
        ("Số văn bản do cấp huyện ban hành", "Số văn bản do tỉnh ban hành"),
        ("Số văn bản do HĐND tỉnh ban hành", "Số văn bản do UBND tỉnh ban hành"),
        ("Số dịch vụ trực tuyến mức độ 3", "Số dịch vụ trực tuyến mức độ 4"),
        ("Số dịch vụ trực tuyến mức độ 3", "Số dịch vụ trực tuyến mức độ 3, 4"),
        ("Số nhiệm vụ quá hạn đã hoàn thành", "Số nhiệm vụ quá hạn chưa hoàn thành"),
        ("Hồ sơ lĩnh vực đất đai được giải quyết", "Hồ sơ lĩnh vực xây dựng được giải quyết"),
        ("Số công chức được tuyển dụng", "Số viên chức được tuyển dụng"),
        ("Số hồ sơ trực tuyến đã tiếp nhận", "Số hồ sơ trực tuyến đã giải quyết"),
        ("Số nhiệm vụ hoàn thành đúng hạn", "Số nhiệm vụ hoàn thành quá hạn"),
        ("Số báo cáo cải cách hành chính gửi theo quý", "Số báo cáo CCHC gửi theo năm"),
        ("Số báo cáo Năm", "Số báo cáo Nam"),
        ("Số phiếu đã phát", "Số cuộc họp đã tổ chức"),
    ],
)
def test_words_that_tell_things_apart_keep_rows_apart(old: str, new: str) -> None:
    assert found(rows("Mục", f"  {new}|?"), sheet(rows("Mục", f"  {old}|x"))) == {}
    assert found(rows("Mục", f"  {old}|?"), sheet(rows("Mục", f"  {old}|x"))) == {"2": "x"}


def test_who_gave_a_task_tells_it_apart() -> None:
    old = sheet(rows("Nhiệm vụ Chính phủ giao", "  Tổng số nhiệm vụ được giao|x"))
    assert found(rows("Nhiệm vụ UBND tỉnh giao", "  Tổng số nhiệm vụ được giao|?"), old) == {}


def test_kinds_must_agree_with_each_other_and_with_the_catalogue() -> None:
    old = rows("Mục", "  Số hồ sơ trực tuyến|x")
    assert found(rows("Mục", "  Số hồ sơ trực tuyến|?|percent"), sheet(old)) == {}
    new = rows("Mục", "  Số hồ sơ trực tuyến|")
    new[1]["kind"] = "count"
    assert matches(new, [sheet(old)], {"x": {"kind": "percent"}}) == {}
    assert matches(new, [sheet(old)], {}) == {}
    assert matches(new, [sheet(old)], {"x": {"kind": "count"}})["2"].row == old[1]


def test_headings_count_nothing() -> None:
    same = rows("Cải cách thể chế", "  Số văn bản|x")
    assert list(found(same, sheet(same))) == ["2"]


def test_the_latest_form_speaks_for_an_indicator() -> None:
    old = rows("Mục", "  Số hồ sơ trực tuyến|x")
    known = {"x": {"kind": "count"}}
    found = matches(
        [{**row, "indicator": ""} for row in old], [sheet(old), sheet(old, 2025)], known
    )
    assert (found["2"].form, found["2"].is_same_label) == ("CU-2025", True)


def test_what_is_settled_helps_what_stands_beside_it() -> None:
    old = sheet(
        rows(
            "Mục",
            "  Tỷ lệ thanh toán trực tuyến qua cổng của tỉnh|a|percent",
            "    Tổng số giao dịch có phí|b",
            "  Tỷ lệ thanh toán trực tuyến qua cổng quốc gia|c|percent",
            "    Tổng số giao dịch có phí|d",
            "    Số giao dịch qua cổng dịch vụ quốc gia|e",
        )
    )
    new = rows(
        "Mục", "  Tỷ lệ thanh toán trực tuyến|?|percent", "    Tổng số giao dịch có phí|?",
        "    Số giao dịch qua cổng dịch vụ quốc gia|?",
    )  # fmt: skip
    assert found(new, old) == {"2": "c", "3": "d", "4": "e"}


def test_nothing_is_matched_with_nothing() -> None:
    assert found([], sheet(rows("Mục", "  Số|x"))) == {}
    assert found(rows("Mục", "  Số|?")) == {}
    assert found(rows("", "  …|?"), sheet(rows("", "  …|x"))) == {}
