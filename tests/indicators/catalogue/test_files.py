"""Files of every kind that people bring, the wrong ones told in a sentence or a full list."""

import csv
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.formula import ArrayFormula

from indicators.catalogue.cells import Odd
from indicators.catalogue.files import BadFile, Fault, Reading, read_file
from indicators.catalogue.printed import PrintedLine
from indicators.catalogue.problems import Problem, unreadable
from indicators.catalogue.workbooks import write_csv
from indicators.catalogue.written import RULE_COLUMNS, Document
from indicators.kinds import Severity
from tests.indicators.catalogue.books import (
    OWN,
    OWN_ROWS,
    OWN_TITLES,
    PRINTED,
    draft,
    forged,
    own_workbook,
    packed,
    put,
    unpacked,
    word,
    workbook,
)

ROWS = "Dòng chỉ tiêu"
SHEET = "xl/worksheets/sheet1.xml"
UP = "Hãy tải lên tệp Excel (.xlsx), Word (.docx) hoặc CSV."
AS_XLSX = "Hãy mở bằng Excel, chọn Lưu thành (Save As) kiểu «Excel Workbook (*.xlsx)» rồi tải lại."
AS_DOCX = "Hãy mở bằng Word, chọn Lưu thành (Save As) kiểu «Word Document (*.docx)» rồi tải lại."
UNZIP = "Hãy giải nén rồi tải lên tệp Excel, Word hoặc CSV bên trong."
APART = "Hãy chép riêng bảng của biểu sang một tệp mới."
LOCKED = (
    "Tệp «t» được đặt mật khẩu nên không đọc được. Hãy mở tệp, bỏ mật khẩu (Tệp → Thông tin → Bảo"
    " vệ) rồi lưu và tải lại."
)
BROKEN = (
    "Tệp «t» bị hỏng hoặc không đúng chuẩn nên không đọc được. Hãy mở bằng Excel hoặc Word, lưu"
    " thành tệp mới rồi tải lại."
)
DECLARED = (
    "Tệp «t» chứa khai báo XML mà Excel và Word không bao giờ ghi, nên không được đọc. Hãy mở tệp"
    " bằng Excel hoặc Word, lưu lại rồi tải lên."
)
NO_TEXT = (
    "Tệp «t» không phải Excel, Word, cũng không phải chữ theo UTF-8. Nếu là tệp CSV, hãy mở bằng"
    " Excel và lưu kiểu «CSV UTF-8»; nếu không, hãy tải lên tệp Excel (.xlsx), Word (.docx)."
)
NEEDS = (
    "Cần một dòng tiêu đề có các cột «STT», «Chỉ tiêu», «Đơn vị tính» như bảng in, hoặc các cột của"
    " trang «Dòng chỉ tiêu» trong tệp tải về từ cổng."
)
BLANK = "Tệp «t» không có nội dung nào trong bảng. Hãy tải lên tệp đã điền."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OWN_BOOK = workbook(OWN)


def read(content: bytes, base: Document | None = None, name: str = "t") -> Reading:
    return read_file(name, content, base=base or Document())


def refusal(content: bytes) -> str:
    with pytest.raises(BadFile) as refused:
        read(content)
    return str(refused.value)


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le")


def with_flag(content: bytes, flag: int) -> bytes:
    """Return a zipped file whose first entry has ``flag`` set in the directory."""
    place = content.rindex(b"PK\x01\x02") if flag == 0 else content.index(b"PK\x01\x02")
    return content[: place + 8] + bytes([content[place + 8] | flag]) + content[place + 9 :]


def shortened(content: bytes) -> bytes:
    """Return a zipped file whose directory says that its last part is ten bytes long."""
    place = content.rindex(b"PK\x01\x02")
    return content[: place + 24] + (10).to_bytes(4, "little") + content[place + 28 :]


def as_csv(rows: Iterable[Iterable[object]] = OWN[ROWS], separator: str = ",") -> str:
    target = StringIO(newline="")
    csv.writer(target, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return target.getvalue()


# Files of another kind


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", f"Tệp «t» trống, không có nội dung nào. {UP}"),
        (b" \r\n\n", f"Tệp «t» trống, không có nội dung nào. {UP}"),
        (b"%PDF-1.7\n\xe2\xe3", f"Tệp «t» là tệp PDF. {UP}"),
        (b"\x89PNG\r\n\x1a\n\0", f"Tệp «t» là hình ảnh. {UP}"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", f"Tệp «t» là hình ảnh. {UP}"),
        (b"MZ\x90\0\x03", f"Tệp «t» là chương trình, không phải bảng. {UP}"),
        (b"Rar!\x1a\x07", f"Tệp «t» là tệp nén. {UNZIP}"),
        (b"{\\rtf1\\ansi", f"Tệp «t» là tệp RTF. {AS_DOCX}"),
        (ole("Workbook"), f"Tệp «t» là tệp Excel kiểu cũ (.xls). {AS_XLSX}"),
        (ole("WordDocument"), f"Tệp «t» là tệp Word kiểu cũ (.doc). {AS_DOCX}"),
        (ole("EncryptedPackage"), LOCKED),
        (ole("VisioDocument"), f"Tệp «t» là tệp Office kiểu cũ. {UP}"),
        (
            b"\xef\xbb\xbf\r\n<HTML><table><tr><td>STT</td></tr></table>",
            f"Tệp «t» thực ra là trang web hoặc XML, dù tên tệp có thể là Excel. {AS_XLSX}",
        ),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            f"Tệp «t» thực ra là trang web hoặc XML, dù tên tệp có thể là Excel. {AS_XLSX}",
        ),
        (b"\x93\xfa\x96{\x8c\xea", NO_TEXT),
        (b"STT\0\0\0\0\0\0\0", f"Tệp «t» không phải bảng chữ. {UP}"),
        (packed({"a.txt": b"a"}), f"Tệp «t» là tệp nén (.zip). {UNZIP}"),
        (
            packed({"xl/workbook.bin": b"a"}),
            f"Tệp «t» là tệp Excel kiểu nhị phân (.xlsb). {AS_XLSX}",
        ),
        (packed({"ppt/presentation.xml": b"a"}), f"Tệp «t» là tệp trình chiếu. {UP}"),
        (
            packed({"content.xml": b"a", "mimetype": b"application/vnd.oasis"}),
            f"Tệp «t» là tệp của LibreOffice, OpenOffice (.ods, .odt). {AS_XLSX}",
        ),
        (with_flag(OWN_BOOK, 1), LOCKED),
        (
            b"x" * 10_000_001,
            f"Tệp «t» nặng 10 MB; nhiều nhất 10 MB. {APART}",
        ),
    ],
)
def test_a_file_of_another_kind_is_told_what_it_is(content: bytes, sentence: str) -> None:
    assert refusal(content) == sentence


@pytest.mark.parametrize(
    "content",
    [
        OWN_BOOK[:-200],
        OWN_BOOK[:2000],
        b"PK\x03\x04 and then nothing",
        shortened(OWN_BOOK),
        forged(OWN_BOOK, SHEET, b"<sheetData>", b"<sheetDat>"),
        forged(OWN_BOOK, "xl/workbook.xml", b"<sheets>", b"<<sheets>"),
        packed({"word/document.xml": b"<a/>"}),
        packed({"word/document.xml": b"<a"}),
    ],
)
def test_a_broken_file_is_refused_in_a_sentence(content: bytes) -> None:
    assert refusal(content) == BROKEN


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "xl/styles.xml"])
def test_entities_are_never_expanded(part: str) -> None:
    parts = unpacked(OWN_BOOK)
    parts[part] = ENTITIES + parts[part]
    assert refusal(packed(parts)) == DECLARED


def test_entities_are_not_hidden_by_another_encoding() -> None:
    parts = unpacked(word(PRINTED))
    parts["word/document.xml"] = ENTITIES.decode().encode("utf-16")
    assert refusal(packed(parts)) == DECLARED


# Files too large


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    content = packed({**unpacked(OWN_BOOK), "xl/media/image1.png": b"\0" * 110_000_000})
    assert len(content) < 200_000
    begun = time.process_time()
    assert refusal(content).startswith("Tệp «t» khi mở ra quá lớn (110 MB, ")
    assert time.process_time() - begun < 0.1


def test_a_package_of_countless_parts_is_refused() -> None:
    content = packed({f"xl/{number}.xml": b"" for number in range(5_001)})
    assert refusal(content).startswith("Tệp «t» khi mở ra quá lớn (0 MB, 5001 phần)")


def test_cells_ruled_down_to_the_last_row_cost_nothing() -> None:
    ruled = b"".join(
        b'<row r="%d"><c r="A%d" s="0"/></row>' % (number, number) for number in range(4, 1_048_577)
    )
    content = forged(OWN_BOOK, SHEET, b"</sheetData>", ruled + b"</sheetData>")
    begun = time.process_time()
    reading = read(content)
    assert time.process_time() - begun < 2
    assert reading.document == read(OWN_BOOK).document
    assert reading.faults == read(OWN_BOOK).faults


def test_a_hundred_thousand_rows_are_refused_by_their_number() -> None:
    many = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (number, number)
        for number in range(4, 100_001)
    )
    content = forged(OWN_BOOK, SHEET, b"</sheetData>", many + b"</sheetData>")
    begun = time.process_time()
    assert refusal(content) == (
        f"Một trang của tệp «t» có 100.000 dòng; một biểu có nhiều nhất 1.000 dòng. {APART}"
    )
    assert time.process_time() - begun < 2


def test_rows_beyond_those_of_a_form_are_counted() -> None:
    rows = [(str(number), "", "Số hồ sơ", "", "số đếm", "cộng") for number in range(1_001)]
    found = list(unreadable(read(workbook({ROWS: (OWN_TITLES, *rows)})).document.rows))
    assert [problem.sentence for problem in found] == ["Biểu có 1001 dòng; nhiều nhất 1000 dòng."]
    assert refusal(as_csv([OWN_TITLES, *rows, *rows]).encode()) == (
        f"Nội dung của tệp «t» có 2.003 dòng; một biểu có nhiều nhất 1.000 dòng. {APART}"
    )


def test_a_word_table_of_thousands_of_rows_is_refused() -> None:
    content = forged(
        word(PRINTED), "word/document.xml", b"</w:tbl>", b"<w:tr/>" * 2_000 + b"</w:tbl>"
    )
    assert refusal(content) == (
        f"Các bảng của tệp «t» có 2.003 dòng; một biểu có nhiều nhất 1.000 dòng. {APART}"
    )


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("XFD1048576", "Trang «Dòng chỉ tiêu» của tệp «t» kéo dài đến ô XFD1048576."),
        ("A90000", "Trang «Dòng chỉ tiêu» của tệp «t» kéo dài đến ô F90000."),
    ],
)
def test_a_cell_far_away_is_named(place: str, sentence: str) -> None:
    assert refusal(workbook(OWN, put(**{place: "x"}))) == (
        f"{sentence} Hãy xóa những ô nằm xa bảng, hoặc chép riêng bảng sang một tệp mới."
    )


def test_too_many_cells_and_texts_are_counted_before_they_are_read() -> None:
    wide = [("x",) * 30] * 700
    assert refusal(workbook({"A": wide})) == (
        f"Tệp «t» có 21.000 ô, quá nhiều cho một biểu (nhiều nhất 20.000). {APART}"
    )
    parts = unpacked(OWN_BOOK)
    parts["xl/sharedStrings.xml"] = b"<sst>" + b"<si><t>a</t></si>" * 30_000 + b"</sst>"
    assert refusal(packed(parts)).startswith("Tệp «t» có 30.0")


def test_a_part_full_of_text_is_refused() -> None:
    content = forged(word(PRINTED), "word/document.xml", b"STT", b"STT" * 4_100_000)
    assert refusal(content) == (
        f"Tệp «t» có 12 MB chữ, quá nhiều cho một biểu (nhiều nhất 12 MB). {APART}"
    )


# Workbooks without what is needed


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (workbook({"Sheet1": []}), BLANK),
        (workbook({"Sheet1": [(None, "  ")]}), BLANK),
        (word(), BLANK),
        (
            workbook({"Ngân sách": [("Mục", "Số tiền"), ("Lương", 5)], "B": [("x",)]}),
            f"Tệp «t» không có bảng nào của biểu («Ngân sách», «B»). {NEEDS}",
        ),
        (
            word([("STT", "Nội dung", "Số hồ sơ"), ("1", "Đất đai", "5")]),
            f"Tệp «t» không có bảng nào của biểu («Bảng 1»). {NEEDS}",
        ),
        (b"Kinh gui: So Noi vu", f"Tệp «t» không có bảng nào của biểu («t»). {NEEDS}"),
        (
            as_csv([("STT", "Chỉ tiêu", "Đơn vị tính"), ("1", "Số hồ sơ", "x")]).encode() + b'"a',
            "Tệp «t» có dấu ngoặc kép mở mà không đóng, nên không biết ô nào kết thúc ở đâu. Hãy mở"
            " bằng Excel, lưu lại kiểu «CSV UTF-8» rồi tải lên.",
        ),
        (
            workbook({ROWS: [("STT", "Chỉ tiêu", "Loại sô liệu"), ("1", "Số hồ sơ", "số đếm")]}),
            "Trang «Dòng chỉ tiêu», dòng tiêu đề 1: thiếu cột «Khóa», «Loại số liệu». Các cột không"
            " rõ là cột nào: «Loại sô liệu» (C1). Hãy đặt lại tên cột như trong tệp tải về từ"
            " cổng.",
        ),
        (
            workbook({**OWN, "Quy tắc": [("A", "B"), ("1", "2")]}),
            "Trang «Quy tắc», dòng tiêu đề 1: thiếu cột «Mã», «Điều phải đúng». Các cột không rõ là"
            " cột nào: «A» (A1), «B» (B1). Hãy đặt lại tên cột như trong tệp tải về từ cổng.",
        ),
    ],
)
def test_a_file_without_a_table_is_told_what_it_needs(content: bytes, sentence: str) -> None:
    assert refusal(content) == sentence


# Single cells


def faults_of(**cells: object) -> tuple[Fault, ...]:
    """Return what is said of our own table with some cells changed, but for missing columns."""
    found = read(workbook(OWN, put(**cells))).faults
    return tuple(fault for fault in found if fault.severity is not Severity.NOTE)


@pytest.mark.parametrize(
    ("value", "place", "found", "odd"),
    [
        ("=A2&B2", "C3", "=A2&B2", Odd.FORMULA),
        (ArrayFormula("C3", "=A2:A3"), "C3", "=A2:A3", Odd.FORMULA),
        (date(2022, 1, 2), "B3", "02/01/2022", Odd.DATE),
        (timedelta(hours=1, minutes=2), "B3", "1:02:00", Odd.DATE),
        (True, "D3", "1", Odd.FLAG),
        ("#REF!", "C3", "#REF!", Odd.ERROR),
    ],
)
def test_what_is_no_text_is_told_with_its_cell(
    value: object, place: str, found: str, odd: Odd
) -> None:
    assert faults_of(**{place: value}) == (Fault(ROWS, place, found, odd.value),)


def test_the_sentences_say_what_to_do() -> None:
    assert [odd.value for odd in (Odd.FORMULA, Odd.ERROR, Odd.DATE, Odd.FLAG)] == [
        "Ô chứa công thức, không phải giá trị. Hãy chép ô rồi dán lại chỉ giá trị (Paste Values).",
        "Ô đang báo lỗi của Excel. Hãy gõ lại nội dung đúng.",
        "Excel đã đổi nội dung ô thành ngày giờ. Hãy định dạng ô là Văn bản (Text) rồi gõ lại như"
        " trên giấy.",
        "Ô là giá trị đúng/sai của Excel. Hãy gõ lại bằng chữ.",
    ]


def test_a_formula_without_a_stored_value_is_not_taken_for_an_empty_cell() -> None:
    """A workbook that no Excel has opened holds formulas without values."""
    reading = read(workbook(OWN, put(D3='="Hồ "&"sơ"')))
    assert [fault.found for fault in reading.faults if fault.cell == "D3"] == ['="Hồ "&"sơ"']


def test_numbers_in_the_columns_that_number_rows_may_have_lost_a_zero() -> None:
    reading = read(workbook(OWN, put(A3=1.1, B3=1.1, B2=1, D3=0.5)))
    assert [row["key"] for row in reading.document.rows] == ["1", "1.1"]
    assert [(row["stt"], row["unit"]) for row in reading.document.rows] == [
        ("1", ""),
        ("1.1", "0.5"),
    ]
    assert [fault for fault in reading.faults if fault.severity is Severity.WARNING] == [
        Fault(
            ROWS,
            f"{letter}3",
            "1.1",
            f"1 ô của cột «{title}» là số thập phân, không phải chữ ({letter}3): nếu trên giấy là"
            " 1.10 thì Excel đã bỏ số 0 cuối. Hãy xem lại; nếu sai thì định dạng cột là Văn bản"
            " (Text) rồi gõ lại.",
            Severity.WARNING,
        )
        for letter, title in (("A", "Khóa"), ("B", "STT"))
    ]


def test_a_number_is_read_as_excel_shows_it() -> None:
    assert read(workbook(OWN, put(B3=0.1 + 0.2))).document.rows[1]["stt"] == "0.3"


def test_control_characters_are_left_out_and_told() -> None:
    content = as_csv([OWN_TITLES, ("1", "1.", "Mục\x01 một", "", "tiêu đề", "không cộng")])
    reading = read(content.encode())
    assert reading.document.rows[0]["label"] == "Mục một"
    assert [fault for fault in reading.faults if fault.severity is not Severity.NOTE] == [
        Fault(
            "t",
            "C2",
            "Mục một",
            "Ô có ký tự điều khiển không nhìn thấy, đã bỏ đi. Hãy xem lại nội dung ô.",
            Severity.WARNING,
        )
    ]


def test_decomposed_text_is_composed_without_a_word() -> None:
    decomposed = unicodedata.normalize("NFD", "Số hồ sơ đã giải quyết")
    reading = read(workbook(OWN, put(C3=decomposed)))
    assert reading.document.rows[1]["label"] == "Số hồ sơ đã giải quyết"
    assert faults_of(C3=decomposed) == ()


def test_soft_line_breaks_of_word_are_breaks() -> None:
    reading = read(as_csv([OWN_TITLES, ("1", "", "Mục\x0bmột", "", "tiêu đề", "")]).encode())
    assert reading.document.rows[0]["label"] == "Mục\nmột"


@pytest.mark.parametrize("text", ["#NAME?", "#REF!", "#N/A"])
def test_what_excel_made_of_a_csv_is_told(text: str) -> None:
    """Excel takes "- Số hồ sơ" in a CSV for a formula and saves #NAME? in its place."""
    reading = read(as_csv([OWN_TITLES, ("1", "2-Jan", text, "", "số đếm", "cộng")]).encode())
    assert [(fault.cell, fault.found, fault.sentence) for fault in reading.faults[1:]] == [
        ("B2", "2-Jan", Odd.DATE.value),
        ("C2", text, Odd.ERROR.value),
    ]


# Sheets


def test_merged_cells_are_told_by_their_range() -> None:
    content = workbook(OWN, lambda sheet: sheet.merge_cells("D2:D3"))
    assert read(content).faults[-1] == Fault(
        ROWS,
        "D2:D3",
        "",
        "Các ô D2:D3 bị gộp; bảng này cần mỗi dòng, mỗi cột một ô. Hãy bỏ gộp ô (Unmerge) rồi ghi"
        " đủ từng ô.",
    )


def test_hidden_rows_are_read_and_named() -> None:
    rows = [(str(number), "", "Số hồ sơ", "", "số đếm", "cộng") for number in range(1, 7)]

    def hide(sheet: Any) -> None:
        for number in (3, 4, 6, 40):
            sheet.row_dimensions[number].hidden = True

    reading = read(workbook({ROWS: (OWN_TITLES, *rows)}, hide))
    assert len(reading.document.rows) == 6
    assert reading.faults[-1] == Fault(
        ROWS,
        "A3",
        "3–4, 6",
        "3 dòng đang ẩn cũng được đọc: 3–4, 6. Nếu không cần, hãy xóa hẳn các dòng ấy.",
        Severity.WARNING,
    )


def test_of_two_tables_the_first_is_read_and_the_other_named() -> None:
    reading = read(workbook({"A": (OWN_TITLES, OWN_ROWS[0]), "B": (OWN_TITLES, *OWN_ROWS)}))
    assert (len(reading.document.rows), reading.sheet) == (1, "A")
    assert reading.faults[0] == Fault(
        "B",
        "",
        "",
        "Trang «B» cũng là một bảng như trang «A»; chỉ trang «A» được đọc. Nếu cần trang kia, hãy"
        " tải nó lên trong một tệp riêng.",
        Severity.WARNING,
    )


def test_a_sheet_that_is_hidden_or_not_ours_is_told() -> None:
    content = workbook(
        {**OWN, "Nháp": [("abc",)], "Trống": [], "Hướng dẫn": [("Cách làm",)]},
        lambda sheet: setattr(sheet, "sheet_state", "hidden"),
    )
    parts = unpacked(content)
    assert b'state="hidden"' in parts["xl/workbook.xml"]
    found = [fault for fault in read(content).faults if not fault.cell]
    assert found == [
        Fault(
            ROWS,
            "",
            "",
            "Trang «Dòng chỉ tiêu» đang ẩn mà vẫn được đọc. Hãy xem có đúng trang cần không.",
            Severity.WARNING,
        ),
        Fault("Nháp", "", "", "«Nháp» không có cột của biểu nên không được đọc.", Severity.NOTE),
    ]


def test_tables_that_the_file_lacks_stay_as_they_were() -> None:
    rule = {"code": "r", "severity": "note", "condition": "[1] > [2]"}
    base = Document(draft({"key": "9"}).rows, [rule], [{"code": "c"}])
    reading = read(OWN_BOOK, base)
    assert (reading.document.rules, reading.document.indicators) == (base.rules, base.indicators)
    assert [(fault.sheet, fault.sentence) for fault in reading.faults[-2:]] == [
        ("Quy tắc", "Tệp không có trang «Quy tắc»: giữ nguyên 1 dòng của bản thảo."),
        ("Chỉ tiêu mới", "Tệp không có trang «Chỉ tiêu mới»: giữ nguyên 1 dòng của bản thảo."),
    ]


def test_an_emptied_sheet_of_rules_is_no_rules() -> None:
    base = Document(draft({"key": "1", "label": "A", "kind": "heading"}).rows, [{"code": "r"}])
    assert read(own_workbook(replace(base, rules=())), base).document.rules == []


def test_proposals_wait_until_somebody_changes_them() -> None:
    rows = draft(
        {"key": "1", "kind": "count", "label": "A"}, {"key": "2", "kind": "count", "label": "B"}
    )
    base = replace(
        rows,
        proposals={"1": {"kind": "vì đơn vị tính", "stt": "vì chỗ đứng"}, "2": {"kind": "vậy"}},
    )
    changed = [{**base.rows[0], "kind": "amount"}, base.rows[1]]
    reading = read(own_workbook(Document(changed)), base)
    assert reading.document.proposals == {"1": {"stt": "vì chỗ đứng"}, "2": {"kind": "vậy"}}
    assert read(own_workbook(base), base).document == base


# Where a problem stands


def test_a_problem_of_a_row_leads_to_its_cell() -> None:
    titles = ("Ghi chú riêng", *OWN_TITLES[::-1])
    rows = (("BIỂU THỬ",), (), titles, *((None, *row[::-1]) for row in (OWN_ROWS[0], OWN_ROWS[0])))
    reading = read(workbook({"Bảng của tôi": rows}))
    found = [reading.place(problem) for problem in unreadable(reading.document.rows)]
    assert found == [("Bảng của tôi", "G4"), ("Bảng của tôi", "G5")]
    assert [problem.code for problem in unreadable(reading.document.rows)] == ["trung-khoa"] * 2


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (Problem("x", "", index=1, column="unit"), (ROWS, "D3")),
        (Problem("x", "", index=1, column="formula"), (ROWS, "A3")),
        (Problem("x", "", index=1), (ROWS, "A3")),
        (Problem("x", ""), (ROWS, "")),
        (Problem("x", "", table="rules", index=0, column="condition"), ("", "")),
        (Problem("x", "", table="head"), ("", "")),
    ],
)
def test_a_problem_leads_as_far_as_the_file_goes(
    problem: Problem, expected: tuple[str, str]
) -> None:
    assert read(OWN_BOOK).place(problem) == expected


def test_problems_of_rules_lead_to_their_sheet() -> None:
    base = draft({"key": "1", "label": "A", "kind": "heading"})
    rule = dict.fromkeys(RULE_COLUMNS, "x")
    reading = read(own_workbook(replace(base, rules=[rule, rule])))
    problem = Problem("x", "", table="rules", index=1, column="condition")
    assert reading.place(problem) == ("Quy tắc", "C3")


# CSV


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_with_any_separator_and_mark(separator: str, encoding: str) -> None:
    reading = read(as_csv(separator=separator).encode(encoding), name="bảng.csv")
    assert reading.document == read(OWN_BOOK).document
    assert reading.sheet == "bảng.csv"


def test_commas_within_cells_do_not_win_over_the_separator() -> None:
    row = ("1", "", "a, b, c, d, e", "f, g", "số đếm", "cộng")
    reading = read(as_csv([OWN_TITLES, row, row], separator=";").encode())
    assert [row["label"] for row in reading.document.rows] == ["a, b, c, d, e"] * 2


def test_a_csv_of_rows_keeps_the_rules_of_the_draft() -> None:
    row = {"key": "1", "label": "A", "kind": "heading", "across_agencies": "none"}
    base = Document(draft(row).rows, [{"code": "r"}])
    reading = read(write_csv(base), base)
    assert reading.document == base
    assert [fault.severity for fault in reading.faults] == [Severity.NOTE]


# Printed tables


def lines(reading: Reading) -> list[PrintedLine]:
    assert reading.table is not None
    assert reading.document == Document()
    return list(reading.table.lines)


def test_a_printed_table_in_a_workbook_is_read_with_its_looks() -> None:
    rows = [("Phụ lục 2",), ("BIỂU MẪU",), (), *PRINTED]

    def look(sheet: Any) -> None:
        sheet["B5"].font = Font(bold=True)
        sheet["B6"].font = Font(italic=True)
        sheet.merge_cells("A1:E1")

    reading = read(workbook({"PL2": rows}, look))
    assert lines(reading) == [
        PrintedLine("1.", "Mục một", "", "", bold=True, place="B5"),
        PrintedLine("1.1.", "Số hồ sơ", "Hồ sơ", "Sở Nội vụ báo cáo", italic=True, place="B6"),
    ]
    assert reading.table is not None
    assert reading.table.above == ("Phụ lục 2", "BIỂU MẪU")
    assert (reading.table.last_heading, reading.faults, reading.sheet) == ("Ghi chú", (), "PL2")
    assert reading.place(Problem("x", "", index=1, column="unit")) == ("PL2", "B6")
    assert reading.place(Problem("x", "", index=2)) == ("PL2", "")
    assert reading.place(Problem("x", "", table="rules", index=0)) == ("PL2", "")


def test_merged_headings_and_cells_are_normal_in_a_printed_table() -> None:
    rows = [
        ("STT", "Chỉ tiêu", "Kết quả thống kê", None, "Cơ quan thực hiện"),
        (None, None, "Đơn vị tính", "Số liệu", None),
        ("I. CẢI CÁCH THỂ CHẾ", None, None, None, None),
        ("1.", "Số văn bản", "Văn bản", 5, "Sở Nội vụ"),
        ("2.", "Số phiếu", "Phiếu", "=D4+1", None),
    ]

    def merge(sheet: Any) -> None:
        for area in ("A1:A2", "B1:B2", "C1:D1", "E1:E2", "A3:E3", "E4:E5"):
            sheet.merge_cells(area)

    reading = read(workbook({"PL2": rows}, merge))
    assert lines(reading) == [
        PrintedLine("I.", "CẢI CÁCH THỂ CHẾ", "", "", place="B3"),
        PrintedLine("1.", "Số văn bản", "Văn bản", "Sở Nội vụ", place="B4"),
        PrintedLine("2.", "Số phiếu", "Phiếu", "", place="B5"),
    ]
    assert reading.faults == ()


@pytest.mark.parametrize(
    ("place", "value", "odd"),
    [
        ("A3", "=A2+1", Odd.FORMULA),
        ("A3", date(2022, 1, 1), Odd.DATE),
        ("B3", "#REF!", Odd.ERROR),
        ("C3", True, Odd.FLAG),
    ],
)
def test_odd_cells_of_a_printed_table_are_told(place: str, value: object, odd: Odd) -> None:
    reading = read(workbook({"PL2": PRINTED}, put(**{place: value})))
    assert [(fault.cell, fault.sentence) for fault in reading.faults] == [(place, odd.value)]


def test_numbers_and_hidden_rows_of_a_printed_table_are_told() -> None:
    def change(sheet: Any) -> None:
        sheet["A3"] = 1.1
        sheet.row_dimensions[3].hidden = True

    reading = read(workbook({"PL2": PRINTED, "PL3": PRINTED}, change))
    assert [(fault.sheet, fault.cell, fault.found) for fault in reading.faults] == [
        ("PL2", "A3", "1.1"),
        ("PL2", "A3", "3"),
        ("PL3", "", ""),
    ]
    assert {fault.severity for fault in reading.faults} == {Severity.WARNING}


def test_a_printed_table_in_a_csv_is_read() -> None:
    reading = read(as_csv(PRINTED, separator=";").encode())
    assert [line.label for line in lines(reading)] == ["Mục một", "Số hồ sơ"]


def test_what_stands_below_a_printed_table_is_told_in_one_note() -> None:
    below = [("Ghi chú: tính từ 15/12.",), (), ("Nơi nhận:",), *[(f"- Sở {n}",) for n in range(12)]]
    reading = read(workbook({"PL2": [*PRINTED, *below, ("x" * 200,)]}))
    assert len(lines(reading)) == 2
    [fault] = reading.faults
    assert (fault.sheet, fault.severity) == ("PL2", Severity.NOTE)
    assert fault.sentence.startswith(
        "Dòng dưới bảng không đưa vào biểu: «Ghi chú: tính từ 15/12.»; «Nơi nhận:»; «- Sở 0»"
    )
    assert "«- Sở 9» và 3 dòng nữa. Nếu là một dòng của biểu" in fault.sentence


def test_a_long_line_below_a_table_is_told_by_its_beginning() -> None:
    reading = read(workbook({"PL2": [*PRINTED, (f"Ghi chú: {'x' * 200}",)]}))
    [fault] = reading.faults
    assert f"«Ghi chú: {'x' * 151}…»." in fault.sentence


# Word


def test_notes_below_every_part_of_a_table_in_word_are_told() -> None:
    reading = read(word([*PRINTED, ("Ghi chú: một", "", "", "", "")]))
    assert [fault.sentence.partition(". ")[0] for fault in reading.faults] == [
        "Dòng dưới bảng không đưa vào biểu: «Ghi chú: một»"
    ]


def test_a_printed_table_in_word_is_read_with_its_looks() -> None:
    rows = (*PRINTED[:1], ("*1.", "*Mục một", "", "", ""), *PRINTED[2:])
    reading = read(word(rows, above=("Phụ lục 2", "BIỂU MẪU")))
    assert lines(reading) == [
        PrintedLine("1.", "Mục một", "", "", bold=True, place="dòng 2"),
        PrintedLine("1.1.", "Số hồ sơ", "Hồ sơ", "Sở Nội vụ báo cáo", place="dòng 3"),
    ]
    assert reading.table is not None
    assert reading.table.above == ("Phụ lục 2", "BIỂU MẪU")
    assert (reading.sheet, reading.faults) == ("Bảng 1", ())
    assert reading.place(Problem("x", "", index=1)) == ("Bảng 1", "dòng 3")


def test_a_look_that_is_switched_off_is_none() -> None:
    rows = (PRINTED[0], ("1.", "*Mục một", "", "", ""))
    content = forged(word(rows), "word/document.xml", b"<w:b/>", b'<w:b w:val="0"/>')
    assert [line.bold for line in (*lines(read(word(rows))), *lines(read(content)))] == [
        True,
        False,
    ]


def test_merged_cells_of_word_hold_their_text_once() -> None:
    rows = [
        ("STT", "Chỉ tiêu", "Kết quả thống kê", "", "Cơ quan thực hiện"),
        ("", "", "Đơn vị tính", "Số liệu", ""),
        ("1.", "Số văn bản", "Văn bản", "5", "Sở Nội vụ"),
        ("2.", "Số phiếu", "Phiếu", "6", "Sở Tư pháp"),
    ]
    parts = unpacked(word(rows))
    text = parts["word/document.xml"].decode()
    cells = text.split("<w:tcPr>")
    for place, mark in ((3, '<w:gridSpan w:val="2"/>'), (15, '<w:vMerge w:val="restart"/>')):
        cells[place] = mark + cells[place]
    cells[20] = "<w:vMerge/>" + cells[20]
    # The cell that the spanning heading covers is not written at all.
    begin = cells[3].index("<w:tc>")
    cells[3] = cells[3][:begin] + cells[4][cells[4].index("<w:tc>") :]
    del cells[4]
    parts["word/document.xml"] = "<w:tcPr>".join(cells).encode()
    assert lines(read(packed(parts))) == [
        PrintedLine("1.", "Số văn bản", "Văn bản", "Sở Nội vụ", place="dòng 3"),
        PrintedLine("2.", "Số phiếu", "Phiếu", "", place="dòng 4"),
    ]


def test_what_was_inserted_is_read_and_what_was_deleted_is_not() -> None:
    run = "<w:r><w:rPr/><w:t>Số hồ sơ</w:t></w:r>"
    tracked = (
        "<w:del><w:r><w:delText>Bỏ đi </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>Tổng số</w:t><w:br/><w:t>hồ sơ</w:t></w:r></w:ins>"
        "<w:sdt><w:sdtContent><w:r><w:t> mới</w:t></w:r></w:sdtContent></w:sdt>"
    )
    content = forged(word(PRINTED), "word/document.xml", run.encode(), tracked.encode())
    cell = b"<w:tc><w:p><w:r><w:t>9.</w:t></w:r></w:p></w:tc>"
    deleted = b"<w:tr><w:trPr><w:del/></w:trPr>" + cell + b"</w:tr>"
    content = forged(content, "word/document.xml", b"</w:tbl>", deleted + b"</w:tbl>")
    assert [line.label for line in lines(read(content))] == ["Mục một", "Tổng số hồ sơ mới"]


def test_a_table_in_a_content_control_is_read() -> None:
    parts = unpacked(word(PRINTED))
    text = parts["word/document.xml"].decode()
    text = text.replace("<w:tbl>", "<w:sdt><w:sdtContent><w:tbl>")
    text = text.replace("</w:tbl>", "</w:tbl></w:sdtContent></w:sdt>")
    parts["word/document.xml"] = text.encode()
    assert len(lines(read(packed(parts)))) == 2


def test_a_table_cut_into_several_is_read_as_one() -> None:
    second = [("2.", "Mục hai", "", "", ""), ("2.1.", "Số phiếu", "Phiếu", "5", "")]
    third = [PRINTED[0], ("3.", "Mục ba", "", "", "")]
    other = [("Họ tên", "Ký"), ("A", "")]
    reading = read(word(PRINTED, second, third, other))
    assert [(line.label, line.place) for line in lines(reading)] == [
        ("Mục một", "Bảng 1, dòng 2"),
        ("Số hồ sơ", "Bảng 1, dòng 3"),
        ("Mục hai", "Bảng 2, dòng 1"),
        ("Số phiếu", "Bảng 2, dòng 2"),
        ("Mục ba", "Bảng 3, dòng 2"),
    ]
    assert [(fault.sheet, fault.severity) for fault in reading.faults] == [
        ("Bảng 4", Severity.NOTE)
    ]


def test_numbers_that_word_counts_itself_are_told_and_its_bullets_are_kept() -> None:
    numbered = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    parts = unpacked(word(PRINTED))
    text = parts["word/document.xml"].decode()
    for cell in ("1.", "1.1.", "Số hồ sơ"):
        run = f"<w:r><w:rPr/><w:t>{cell}</w:t></w:r>"
        assert f"<w:p>{run}" in text
        text = text.replace(f"<w:p>{run}", numbered + (run if cell == "Số hồ sơ" else ""))
    parts["word/document.xml"] = text.encode()
    reading = read(packed(parts))
    assert [(line.stt, line.label) for line in lines(reading)] == [
        ("", "Mục một"),
        ("", "- Số hồ sơ"),
    ]
    assert reading.faults == (
        Fault(
            "Bảng 1",
            "dòng 2",
            "",
            "2 ô của cột «STT» do Word tự đánh số (dòng 2, dòng 3), nên trong tệp không có chữ của"
            " số ấy. Hãy chép cả bảng trong Word rồi dán vào ô dán bảng: khi dán, số thứ tự được"
            " chép thành chữ.",
        ),
    )


def test_pictures_and_links_of_a_workbook_are_not_needed() -> None:
    """A chart, a link or a name that the library cannot read keeps nobody from reading cells."""
    parts = unpacked(OWN_BOOK)
    extra = (
        b'<definedNames><definedName name="x">#REF!$A$1:</definedName></definedNames>'
        b'<pivotCaches><pivotCache cacheId="1" r:id="rId99" xmlns:r="http://schemas.openxmlformats'
        b'.org/officeDocument/2006/relationships"/></pivotCaches>'
    )
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"</workbook>", extra + b"</workbook>"
    )
    parts[SHEET] = parts[SHEET].replace(
        b"</worksheet>", b'<tableParts count="1"><tablePart r:id="rId7"/></tableParts></worksheet>'
    )
    assert read(packed(parts)).document == read(OWN_BOOK).document
