"""A table in a file against what was printed: what is changed is told, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from indicators.catalogue.cells import BadFile
from reporting.verification.comparison import (
    WHOLE_ROW,
    WITHHELD,
    Comparison,
    Difference,
    compare,
    outside,
    says,
)
from reporting.verification.content import Content, Kept
from reporting.verification.tables import MOST_TABLES, FileRow, tables_of

Rows = Sequence[Sequence[object]]
HEAD = ["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú"]
LINES = [
    Kept("1", "1", "Văn bản đã ban hành", "Văn bản", "5.356", Decimal(5356), ""),
    Kept("1.a", "", "Trong đó: đúng hạn", "Văn bản", "40", Decimal(40), ""),
    Kept("2", "2", "Tỷ lệ hoàn thành", "%", "29,6", Decimal("29.6"), "8/27"),
    Kept("2.a", "", "Trong đó: đúng hạn", "Văn bản", "", None, ""),
    Kept("3", "3", "Cơ chế một cửa", "Có/Không", "Không phát sinh", None, ""),
    Kept("4", "3", "STT in hai lần", "Việc", "0", Decimal(0), "ghi"),
]
CONTENT = Content(
    above=["PHỤ LỤC", "quý I năm 2022"],
    signature=["GIÁM ĐỐC"],
    label_heading="Chỉ tiêu",
    last_heading="Ghi chú",
    lines=LINES,
    sha256="",
)
WORDS = "PHỤLỤCquýInăm2022NGƯỜILẬPBIỂUGIÁMĐỐC"
AS_PRINTED = [
    FileRow(f"D{at}", line.stt, line.label, line.unit, line.figure, line.remark)
    for at, line in enumerate(LINES, 9)
]


def told(rows: Sequence[FileRow], words: str = WORDS) -> Sequence[Difference]:
    return compare("x", CONTENT, LINES, rows, outside(CONTENT, words)).differences


def test_what_says_the_same_is_the_same() -> None:
    assert told(AS_PRINTED) == []


def test_where_lines_are_broken_says_nothing() -> None:
    first, *rest = AS_PRINTED
    broken = replace(first, label="Văn bản\nđã ban hành", unit="Văn\xa0bản", remark="\n")
    assert told([broken, *rest]) == []


@given(
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["stt", "label", "unit", "figure", "remark"]),
)
def test_whichever_cell_is_changed_it_alone_is_told(at: int, column: str) -> None:
    rows = [*AS_PRINTED]
    changed: dict[str, str] = {column: "khác"}
    rows[at] = replace(rows[at], **changed)
    [one] = told(rows)
    assert (one.place, one.in_file) == (f"D{at + 9}", "khác")
    assert one.in_portal == (getattr(AS_PRINTED[at], column) or "trống")


@given(st.integers(0, len(LINES) - 1))
def test_whichever_row_is_gone_it_alone_is_told(at: int) -> None:
    [one] = told([*AS_PRINTED[:at], *AS_PRINTED[at + 1 :]])
    assert (one.label, one.column) == (LINES[at].label, WHOLE_ROW)


@given(st.integers(0, len(LINES)))
def test_wherever_a_row_is_added_it_alone_is_told(at: int) -> None:
    new = FileRow("D99", "", "Dòng thêm", "", "7", "")
    [one] = told([*AS_PRINTED[:at], new, *AS_PRINTED[at:]])
    assert (one.place, one.label, one.in_file) == ("D99", "Dòng thêm", "7")


def test_two_rows_that_changed_places_are_told() -> None:
    first, second, *rest = AS_PRINTED
    assert told([second, first, *rest])


@pytest.mark.parametrize("text", ["PHỤ LỤC", "quý I năm 2022", "GIÁM ĐỐC"])
def test_words_that_are_gone_around_the_table_are_told(text: str) -> None:
    [one] = told(AS_PRINTED, WORDS.replace("".join(text.split()), ""))
    assert one.in_portal == text


def test_a_table_without_signature_has_none_to_miss() -> None:
    assert told(AS_PRINTED, "PHỤLỤCquýInăm2022") == []


@pytest.mark.parametrize(
    ("text", "is_same"),
    [
        *((text, True) for text in ("5.356", "5356", " 5 356 ", "5356,00", "05356")),
        *((text, False) for text in ("5,356", "5.357", "", "-5356", "5356x")),
    ],
)
def test_a_number_is_the_same_however_it_is_written(text: str, is_same: bool) -> None:
    assert says(text, LINES[0]) is is_same


def test_a_file_of_other_figures_is_another() -> None:
    other = [replace(row, figure="9") for row in AS_PRINTED]
    found = compare("x", CONTENT, LINES, other)
    assert found.is_another
    few = compare("x", CONTENT, LINES, [other[0], *AS_PRINTED[1:]])
    assert not few.is_another


@pytest.mark.parametrize(
    ("agreeing", "apart", "is_another"),
    [(0, 0, False), (3, 1, True), (4, 1, False), (5, 2, True), (6, 2, False), (100, 34, True)],
)
def test_what_is_kept_is_told_where_most_figures_agree(
    agreeing: int, apart: int, is_another: bool
) -> None:
    assert Comparison([], {*map(str, range(agreeing))}, apart).is_another is is_another


def test_what_the_report_says_is_told_of_those_groups_of_rows_that_the_file_shows() -> None:
    lines = [
        replace(LINES[0], key=f"{group}.{at}", figure=str(at), number=Decimal(at))
        for group in "12"
        for at in range(1, 6)
    ]

    def told(*changes: tuple[int, dict[str, str]], lines: Sequence[Kept] = lines) -> Sequence[str]:
        brought = [
            FileRow("", one.stt, one.label, one.unit, one.figure, one.remark) for one in lines
        ]
        for at, changed in changes:
            brought[at] = replace(brought[at], **changed)
        groups = [[one for one in lines if one.key[0] == group] for group in "12"]
        found = compare("x", CONTENT, lines, brought)
        return [one.in_portal for one in found.told(CONTENT, groups)]

    nine, blank = {"figure": "9"}, {"figure": ""}
    assert told((0, nine)) == ["1"]
    assert told((0, nine), (1, {"remark": "khác"})) == [WITHHELD, WITHHELD]
    assert told((0, nine), (5, blank), (6, blank)) == ["1", WITHHELD, WITHHELD]
    # What stands on the form is no secret.
    assert told((5, blank), (6, blank | {"unit": "Cái"})) == [WITHHELD, "Văn bản", WITHHELD]
    # What many rows say is soon guessed.
    for figure, number in (("Không phát sinh", None), ("0", Decimal(0)), ("1", Decimal(1))):
        alike = [replace(one, figure=figure, number=number) for one in lines]
        assert told((0, nine), lines=alike) == [WITHHELD]


def test_a_file_of_many_tables_is_none_of_ours() -> None:
    with pytest.raises(BadFile, match=f"có {MOST_TABLES + 1} bảng phụ lục"):
        tables_of("x.xlsx", workbook(*[ROWS] * (MOST_TABLES + 1)))


def test_a_file_far_too_long_is_refused() -> None:
    many = [replace(AS_PRINTED[0], label=str(number)) for number in range(400)]
    with pytest.raises(BadFile, match="có 400 dòng, bản in của mã này có 6 dòng"):
        told(many)


# The table in a workbook


def workbook(*sheets: Rows, hidden: Sequence[int] = ()) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Trang {number}")
        for row in rows:
            sheet.append(row)
        if number in hidden:
            sheet.sheet_state = "hidden"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


ROWS: Rows = [HEAD, ["1", "Văn bản", "Văn bản", 5356, ""], ["2", "Tỷ lệ", "%", 29.6, ""]]


def figures(content: bytes) -> Sequence[Sequence[str]]:
    return [[row.figure for row in table] for table in tables_of("x.xlsx", content).tables]


def test_numbers_of_a_workbook_are_no_thousands() -> None:
    amounts: Rows = [HEAD, ["1", "Vốn", "Triệu đồng", 5.356, ""]]
    assert figures(workbook(amounts)) == [["5,356"]]
    assert figures(workbook(ROWS)) == [["5356", "29,6"]]


def test_a_hidden_sheet_counts_for_nothing() -> None:
    other: Rows = [HEAD, ["1", "Văn bản", "Văn bản", 7, ""]]
    assert figures(workbook(ROWS, other, hidden=[0])) == [["7"]]


def test_every_table_in_sight_is_read() -> None:
    other: Rows = [HEAD, ["1", "Văn bản", "Văn bản", 7, ""]]
    assert figures(workbook(ROWS, other)) == [["5356", "29,6"], ["7"]]


def test_rows_after_an_empty_one_are_read_and_the_signature_is_not() -> None:
    signed: Rows = [[], ["", "", "Nơi, ngày 1"], ["", "NGƯỜI LẬP BIỂU"]]
    rows: Rows = [*ROWS, [], ["3", "Thêm", "", 1, ""], *signed]
    assert figures(workbook(rows)) == [["5356", "29,6", "1"]]


def test_a_row_that_holds_a_note_alone_is_read() -> None:
    rows: Rows = [*ROWS[:2], ["", "", "", "", "Đã điều chỉnh"], ROWS[2], ["", "NGƯỜI LẬP BIỂU"]]
    [table] = tables_of("x.xlsx", workbook(rows)).tables
    assert [row.remark for row in table] == ["", "Đã điều chỉnh", ""]


def test_a_formula_nobody_computed_says_nothing() -> None:
    rows: Rows = [HEAD, ["1", "Văn bản", "Văn bản", "=1+1", ""]]
    assert figures(workbook(rows)) == [[""]]


def test_a_cell_a_million_rows_away_is_refused() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEAD)
    sheet["ZZ900000"] = 1
    target = BytesIO()
    book.save(target)
    with pytest.raises(BadFile, match="có ô nằm rất xa bảng"):
        tables_of("x.xlsx", target.getvalue())


def test_headings_without_rows_are_no_table() -> None:
    with pytest.raises(BadFile, match="không có bảng của phụ lục"):
        tables_of("x.xlsx", workbook([HEAD]))
