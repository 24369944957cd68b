"""The written form of the catalogue: what is wrong with it, what differs, under which hash."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from indicators.catalogue import (
    INDICATOR_COLUMNS,
    ROW_COLUMNS,
    BadCatalogue,
    VersionSheet,
    differences,
    problems,
    read_table,
    read_version,
)
from tests.indicators.sheets import HEAD, INDICATORS, head, rows, sheet, write_catalogue

FAULTS = [
    ("1.1", "position", "7", "dòng 7 (1.1): thứ tự phải là 2"),
    ("1.1.b", "parent", "9", "dòng 4 (1.1.b): dòng cha «9» không đứng ở phía trên"),
    ("1.1", "parent", "1.2", "dòng 2 (1.1): dòng cha «1.2» không đứng ở phía trên"),
    (
        "1.1.a",
        "across_periods",
        "sometimes",
        "dòng 3 (1.1.a): across_periods «sometimes» không có trong , in_period, cumulative, stock",
    ),
    (
        "1.1.a",
        "across_agencies",
        "",
        "dòng 3 (1.1.a): across_agencies «» không có trong"
        " sum, rate, choices, max, designated, none",
    ),
    (
        "1.1.a",
        "emphasis",
        "red",
        "dòng 3 (1.1.a): emphasis «red» không có trong , bold, italic",
    ),
    ("1.1.a", "indicator", "", "dòng 3 (1.1.a): dòng có số liệu phải gắn với một chỉ tiêu"),
    (
        "1.1.a",
        "indicator",
        "thu.la",
        "dòng 3 (1.1.a): chỉ tiêu «thu.la» không có trong danh mục",
    ),
    (
        "1.1.b",
        "indicator",
        "thu.tong_so",
        "dòng 4 (1.1.b): chỉ tiêu «thu.tong_so» đã dùng ở dòng khác",
    ),
    (
        "1.1.a",
        "choices",
        "0=Không",
        "dòng 3 (1.1.a): chỉ dòng lựa chọn mới có, và phải có, các lựa chọn",
    ),
    ("1.2", "choices", "", "dòng 5 (1.2): chỉ dòng lựa chọn mới có, và phải có, các lựa chọn"),
    ("1.2", "choices", "0=Không|Có", "dòng 5 (1.2): «Có» không có dạng mã=nhãn"),
    (
        "1.2",
        "reporter",
        "",
        "dòng 5 (1.2): cách cộng «designated» và cột reporter phải đi cùng nhau",
    ),
    (
        "1.1.a",
        "reporter",
        "noi_vu",
        "dòng 3 (1.1.a): cách cộng «designated» và cột reporter phải đi cùng nhau",
    ),
    ("1.1.a", "vertical", "0", "dòng 3 (1.1.a): vertical «0» phải là 1 hoặc để trống"),
    (
        "1.1",
        "formula",
        "percent(percent([1.1.b], [1.1.a]), [1.1.a])",
        "dòng 2 (1.1): công thức phải là percent(phần, tổng) của các dòng số, và đứng ở dòng tỷ lệ",
    ),
    (
        "1.1",
        "formula",
        "percent([1.1.b], [8])",
        "dòng 2 (1.1): công thức gọi dòng không có: 8",
    ),
    (
        "1.1",
        "formula",
        "[1.1.b] + [1.1.a]",
        "dòng 2 (1.1): công thức phải là percent(phần, tổng) của các dòng số, và đứng ở dòng tỷ lệ",
    ),
    (
        "1.1",
        "formula",
        "percent([1.1.b], [1.2])",
        "dòng 2 (1.1): công thức gọi dòng 1.2, không phải dòng số đếm hay số tiền được nhập",
    ),
    (
        "1.1",
        "formula",
        "percent([1.1.b], [1.1])",
        "dòng 2 (1.1): công thức gọi dòng 1.1, không phải dòng số đếm hay số tiền được nhập",
    ),
    (
        "1.1",
        "across_agencies",
        "sum",
        "dòng 2 (1.1): loại «percent» không cộng theo cách «sum»",
    ),
    (
        "1.1.a",
        "across_agencies",
        "rate",
        "dòng 3 (1.1.a): loại «count» không cộng theo cách «rate»",
    ),
    (
        "1",
        "across_agencies",
        "sum",
        "dòng 1 (1): loại «heading» không cộng theo cách «sum»",
    ),
    (
        "1.1.a",
        "kind",
        "amount",
        "dòng 3 (1.1.a): loại «amount» khác loại «count» của chỉ tiêu «thu.tong_so»",
    ),
    (
        "1.2",
        "choices",
        "12345678901=Có|0=Không",
        "dòng 5 (1.2): mã lựa chọn «12345678901» dài hơn 10 ký tự",
    ),
    (
        "1.1",
        "formula",
        "[1.1.a] *",
        "dòng 2 (1.1): Công thức «[1.1.a] *»: không đọc được từ «*».",
    ),
]


def test_a_good_sheet_has_no_problem() -> None:
    assert list(problems(sheet(), INDICATORS)) == []


@pytest.mark.parametrize(("key", "column", "text", "sentence"), FAULTS)
def test_one_fault_is_told_in_one_sentence(key: str, column: str, text: str, sentence: str) -> None:
    assert list(problems(sheet(key, column, text), INDICATORS)) == [sentence]


def test_a_repeated_key_is_told() -> None:
    found = list(problems(sheet("1.1.b", "key", "1.1.a"), INDICATORS))
    assert found == [
        "dòng 2 (1.1): công thức gọi dòng không có: 1.1.b",
        "dòng 4 (1.1.a): khóa bị lặp",
    ]


def test_a_repeated_code_of_a_choice_is_told_each_time() -> None:
    assert list(problems(sheet("1.2", "choices", "0=Không|0=Có"), INDICATORS)) == [
        "dòng 5 (1.2): mã lựa chọn «0» bị lặp",
        "dòng 5 (1.2): mã lựa chọn «0» bị lặp",
    ]


def test_a_formula_on_a_counted_row_is_told() -> None:
    assert list(problems(sheet("1.1.a", "formula", "percent([1.1.b], [1.1.b])"), INDICATORS)) == [
        "dòng 2 (1.1): công thức gọi dòng 1.1.a, không phải dòng số đếm hay số tiền được nhập",
        "dòng 3 (1.1.a): công thức phải là percent(phần, tổng) của các dòng số,"
        " và đứng ở dòng tỷ lệ",
    ]


def test_an_unknown_kind_is_told_with_the_known_ones() -> None:
    found = list(problems(sheet("1.2", "kind", "number"), INDICATORS))
    assert found[0] == (
        "dòng 5 (1.2): kind «number» không có trong heading, count, percent, amount, choice, text"
    )


def test_all_faults_are_told_at_once() -> None:
    spoilt = rows()
    spoilt[0]["position"] = "9"
    spoilt[2]["indicator"] = "thu.la"
    spoilt[4]["choices"] = ""
    spoilt[4]["emphasis"] = "red"
    assert list(problems(VersionSheet(sheet().head, spoilt), INDICATORS)) == [
        "dòng 9 (1): thứ tự phải là 1",
        "dòng 3 (1.1.a): chỉ tiêu «thu.la» không có trong danh mục",
        "dòng 5 (1.2): emphasis «red» không có trong , bold, italic",
        "dòng 5 (1.2): chỉ dòng lựa chọn mới có, và phải có, các lựa chọn",
    ]


def test_equal_sheets_differ_nowhere() -> None:
    assert list(differences(sheet(), sheet())) == []


def test_a_changed_cell_is_named_with_row_column_old_and_new() -> None:
    assert list(differences(sheet(), sheet("1.1.a", "label", "- Tất cả"))) == [
        "dòng 1.1.a, label: «- Tổng số» → «- Tất cả»"
    ]


def test_a_changed_head_is_named() -> None:
    assert list(differences(sheet(), head(title="KHÁC", note=""))) == [
        "title: «THỐNG KÊ {PERIOD} CỦA {AGENCY}» → «KHÁC»",
        "note: «Chỉ để thử.» → «»",
    ]


def test_dropped_and_added_rows_are_named() -> None:
    without = VersionSheet(sheet().head, rows()[:-1])
    assert list(differences(sheet(), without)) == ["dòng 1.2: bị bỏ"]
    assert list(differences(without, sheet())) == ["dòng 1.2: được thêm"]


def test_many_dropped_rows_are_named_in_reading_order() -> None:
    assert list(differences(sheet(), VersionSheet(sheet().head, []))) == [
        "dòng 1: bị bỏ",
        "dòng 1.1: bị bỏ",
        "dòng 1.1.a: bị bỏ",
        "dòng 1.1.b: bị bỏ",
        "dòng 1.2: bị bỏ",
    ]


@pytest.mark.parametrize("lines", [rows()[::-1], [*rows(), rows()[-1]]])
def test_rows_in_another_order_or_twice_are_a_difference(lines: list[dict[str, str]]) -> None:
    assert list(differences(sheet(), VersionSheet(sheet().head, lines))) == [
        "thứ tự hoặc số lần của các dòng"
    ]


def test_equal_content_has_the_same_hash() -> None:
    assert sheet().content_hash == VersionSheet(sheet().head, tuple(rows())).content_hash


@pytest.mark.parametrize("column", ROW_COLUMNS)
@pytest.mark.parametrize("key", [row["key"] for row in rows()])
def test_the_hash_changes_with_any_cell(key: str, column: str) -> None:
    assert sheet(key, column, "khác hẳn").content_hash != sheet().content_hash


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in sheet().head.__dataclass_fields__
        if name not in {"valid_from", "valid_to", "form_name"}
    ],
)
def test_the_hash_changes_with_any_entry_of_the_head(name: str) -> None:
    assert head(**{name: "khác hẳn"}).content_hash != sheet().content_hash


def test_a_form_that_is_renamed_keeps_the_hash_of_its_editions() -> None:
    assert head(form_name="Tên mới").content_hash == sheet().content_hash


def test_the_hash_changes_with_its_days_of_validity() -> None:
    later = replace(HEAD, valid_from=date(2026, 1, 2))
    ended = replace(HEAD, valid_to=date(2026, 12, 31))
    hashes = {VersionSheet(changed, rows()).content_hash for changed in (HEAD, later, ended)}
    assert len(hashes) == 3


def test_the_hash_changes_with_the_order_of_rows() -> None:
    turned = VersionSheet(sheet().head, rows()[::-1])
    assert turned.content_hash != sheet().content_hash


def test_text_moved_to_the_next_column_changes_the_hash() -> None:
    moved = rows()
    moved[2]["label"], moved[2]["unit"] = moved[2]["unit"], moved[2]["label"]
    assert VersionSheet(sheet().head, moved).content_hash != sheet().content_hash


def test_a_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_catalogue(tmp_path, sheet())
    assert read_version(tmp_path / "THU-2026") == sheet()


def test_files_are_read_as_composed_letters(tmp_path: Path) -> None:
    write_catalogue(tmp_path, sheet("1.1.a", "label", "To\u0302\u0309ng"))
    assert read_version(tmp_path / "THU-2026").rows[2]["label"] == "Tổng"


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = write_catalogue(tmp_path, sheet()) / "indicators.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read_table(path, INDICATOR_COLUMNS)[0]["code"] == "thu.dung_han"


def test_other_columns_are_refused_with_both_lists(tmp_path: Path) -> None:
    path = tmp_path / "indicators.csv"
    path.write_text("code,unit\na,b\n", encoding="utf-8")
    with pytest.raises(BadCatalogue) as refusal:
        read_table(path, INDICATOR_COLUMNS)
    assert str(refusal.value) == (
        f"{tmp_path.name}/indicators.csv: cột phải là code, name, unit, kind; tệp có code, unit"
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCatalogue) as refusal:
        read_version(tmp_path)
    assert str(refusal.value) == (
        f"Không mở được tệp {tmp_path}/version.toml: No such file or directory"
    )


@pytest.mark.parametrize("toml", ["code =", 'code = "A"', 'colour = "red"'])
def test_a_head_that_is_none_is_refused_with_its_file(tmp_path: Path, toml: str) -> None:
    write_catalogue(tmp_path, sheet())
    (tmp_path / "THU-2026" / "version.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(BadCatalogue, match=r"^THU-2026/version\.toml không đọc được: "):
        read_version(tmp_path / "THU-2026")
