"""Our own tables filled in by people: columns in any order, words or codes, faults all at once."""

import pytest

from indicators.catalogue.files import Fault, Reading, read_file
from indicators.catalogue.problems import unreadable
from indicators.catalogue.titles import TITLES
from indicators.catalogue.workbooks import TABLES
from indicators.catalogue.written import Document
from indicators.kinds import Severity
from tests.indicators.catalogue.books import workbook

TITLE_ROW = ("Khóa", "Chỉ tiêu", "Loại số liệu", "Cộng giữa các đơn vị")
ROW = ("1", "Số hồ sơ", "số đếm", "cộng")


def read(*rows: tuple[object, ...], sheet: str = "Dòng chỉ tiêu") -> Reading:
    return read_file("t", workbook({sheet: rows}), base=Document())


def serious(reading: Reading) -> list[Fault]:
    return [fault for fault in reading.faults if fault.severity is not Severity.NOTE]


def value(column: str, text: object, kind: str = "số đếm") -> str:
    """Return what a cell of one column is read as."""
    columns = {"key": "1", "label": "Số hồ sơ", "kind": kind, column: text}
    titles = tuple(TITLES[name] for name in columns)
    return read(titles, tuple(columns.values())).document.rows[0][column]


@pytest.mark.parametrize(
    "titles",
    [
        TITLE_ROW,
        ("key", "label", "kind", "across_agencies"),
        (" KHÓA ", "chỉ  tiêu", "Loại số liệu *", "ACROSS_AGENCIES"),
    ],
)
def test_titles_and_names_are_both_known_in_any_case(titles: tuple[str, ...]) -> None:
    reading = read(titles, ROW)
    assert reading.document.rows == read(TITLE_ROW, ROW).document.rows
    assert serious(reading) == []


@pytest.mark.parametrize("sheet", ["Dòng chỉ tiêu", "Sheet1"])
def test_columns_may_stand_in_any_order(sheet: str) -> None:
    reading = read(TITLE_ROW[::-1], ROW[::-1], sheet=sheet)
    assert reading.document.rows == read(TITLE_ROW, ROW).document.rows


def test_titles_may_stand_below_words_of_ones_own() -> None:
    reading = read(("Biểu của Sở Nội vụ",), (), TITLE_ROW, ROW, sheet="Biểu")
    assert len(reading.document.rows) == 1


def test_positions_are_counted_anew_and_empty_rows_skipped() -> None:
    titles = ("Thứ tự", *TITLE_ROW)
    reading = read(titles, ("7", *ROW), (), ("8",), ("3", "2", *ROW[1:]))
    rows = reading.document.rows
    assert [(row["position"], row["key"]) for row in rows] == [("1", "1"), ("2", "2")]
    assert list(unreadable(rows)) == []


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("kind", "số đếm", "count"),
        ("kind", " Số Đếm", "count"),
        ("kind", "count", "count"),
        ("kind", "tỷ lệ %", "percent"),
        ("kind", "đếm số", "đếm số"),
        ("across_agencies", "tỷ lệ của các tổng", "rate"),
        ("across_periods", "lũy kế", "cumulative"),
        ("across_periods", "không nói", ""),
        ("emphasis", "thường", ""),
        ("emphasis", "bold", "bold"),
        ("vertical", "có", "1"),
        ("vertical", "X", "1"),
        ("vertical", 1, "1"),
        ("vertical", True, "1"),
        ("vertical", False, ""),
        ("vertical", "không", ""),
        ("vertical", "có lẽ", "có lẽ"),
        ("asked", "so, huyen;\nxa", "so huyen xa"),
        ("reporter", " noi_vu ", "noi_vu"),
        ("choices", "0=Không\n1=Có", "0=Không|1=Có"),
        ("label", "A, B; C", "A, B; C"),
    ],
)
def test_cells_are_read_as_their_codes(column: str, text: object, code: str) -> None:
    assert value(column, text) == code


def test_a_flag_is_no_fault_where_a_flag_is_asked_for() -> None:
    titles = (*TITLE_ROW, "Gồm ngành dọc")
    assert serious(read(titles, (*ROW, True))) == []


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("tiêu đề", "none"),
        ("chữ", "none"),
        ("số đếm", "sum"),
        ("số tiền", "sum"),
        ("tỷ lệ %", "rate"),
        ("lựa chọn", "choices"),
        ("đếm số", ""),
    ],
)
def test_without_its_column_the_way_of_adding_up_follows_the_kind(kind: str, way: str) -> None:
    reading = read(TITLE_ROW[:3], ("1", "Số hồ sơ", kind))
    assert reading.document.rows[0]["across_agencies"] == way


@pytest.mark.parametrize(("kind", "way"), [("tiêu đề", "none"), ("số đếm", ""), ("tỷ lệ %", "")])
def test_a_blank_way_is_only_filled_where_there_is_but_one(kind: str, way: str) -> None:
    assert read(TITLE_ROW, ("1", "A", kind, None)).document.rows[0]["across_agencies"] == way


def test_missing_columns_are_noted() -> None:
    titles = [column for column in TABLES["rows"] if column not in {"formula", "position"}]
    row = [{"key": "1", "label": "A", "kind": "count"}.get(column) for column in titles]
    assert read(tuple(titles), tuple(row)).faults == (
        Fault(
            "Dòng chỉ tiêu",
            "A1",
            "",
            "Không có cột «Công thức»: được đọc như để trống.",
            Severity.NOTE,
        ),
    )
    assert (
        read(TITLE_ROW[:3], ROW[:3])
        .faults[0]
        .sentence.endswith("«Kiểu chữ»: được đọc như để trống, cách cộng lấy theo loại số liệu.")
    )


def test_an_unknown_column_is_told_with_the_columns_there_are() -> None:
    fault = serious(read((*TITLE_ROW, "Ý kiến"), (*ROW, "x")))[0]
    assert (fault.sheet, fault.cell, fault.found) == ("Dòng chỉ tiêu", "E1", "Ý kiến")
    assert fault.severity is Severity.ERROR
    assert fault.sentence == (
        "Cột «Ý kiến» không có trong mẫu. Hãy bỏ cột này, hoặc đặt lại tên theo mẫu: Thứ tự, Khóa,"
        " STT, Chỉ tiêu, Đơn vị tính, Cột cuối trên giấy, Dòng cha, Loại số liệu, Các lựa chọn, Mã"
        " chỉ tiêu, Công thức, Cộng giữa các đơn vị, Qua các kỳ, Đơn vị báo cáo số của mình, Cơ"
        " quan báo cáo số của cả tỉnh, Gồm ngành dọc, Kiểu chữ."
    )


def test_two_columns_with_one_title_are_told_and_the_first_is_read() -> None:
    reading = read((*TITLE_ROW, "label"), (*ROW, "Số khác"))
    assert reading.document.rows[0]["label"] == "Số hồ sơ"
    assert serious(reading) == [
        Fault(
            "Dòng chỉ tiêu",
            "E1",
            "label",
            "Cột «Chỉ tiêu» có hai lần, lần đầu ở ô B1. Hãy bỏ một cột.",
        )
    ]


def test_words_under_no_title_are_told_once() -> None:
    reading = read(TITLE_ROW, ROW, ("2", *ROW[1:], None, "ghi thêm"), ("3", *ROW[1:], None, "nữa"))
    assert serious(reading) == [
        Fault(
            "Dòng chỉ tiêu",
            "F3",
            "ghi thêm",
            "Cột này có nội dung nhưng không có tiêu đề. Hãy xóa nội dung, hoặc ghi tiêu đề theo"
            " mẫu.",
        )
    ]


def test_all_faults_come_in_one_list() -> None:
    reading = read(
        (*TITLE_ROW, "Ý kiến", "STT"), ("1", "=A1", "số đếm", "cộng", "x", 1.1), ("1", "#REF!", "?")
    )
    assert [(fault.cell, fault.severity.value) for fault in reading.faults] == [
        ("E1", "error"),
        ("A1", "note"),
        ("B2", "error"),
        ("B3", "error"),
        ("F2", "warning"),
    ]
    assert [reading.place(problem)[1] for problem in unreadable(reading.document.rows)] == [
        "A2",
        "A3",
        "C3",
        "D3",
    ]


def test_rules_and_indicators_are_known_by_their_titles() -> None:
    rules = [("Mã", "Mức", "Điều phải đúng"), ("r1", "cảnh báo", "[1] <= [2]")]
    indicators = [("code", "Tên chỉ tiêu", "Loại số liệu"), ("a.b", "Số hồ sơ", "số đếm")]
    book = workbook({"A": [TITLE_ROW, ROW], "B": rules, "C": indicators})
    document = read_file("t", book, base=Document()).document
    assert document.rules == [
        {
            "code": "r1",
            "severity": "warning",
            "condition": "[1] <= [2]",
            "missing": "",
            "sentence": "",
            "instruction": "",
        }
    ]
    assert [(line["code"], line["kind"]) for line in document.indicators] == [("a.b", "count")]


def test_rules_alone_may_be_brought() -> None:
    base = Document([{"key": "1"}], [], [])
    book = workbook({"Quy tắc": [("Mã", "Điều phải đúng"), ("r1", "[1] <= [2]")]})
    reading = read_file("t", book, base=base)
    assert (reading.document.rows, reading.sheet) == (base.rows, "Quy tắc")
    assert [rule["code"] for rule in reading.document.rules] == ["r1"]
    assert [fault.sheet for fault in reading.faults] == ["Quy tắc", "Dòng chỉ tiêu"]
