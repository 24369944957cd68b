"""What the formats hold besides the cells of the table, which the contract reads back."""

import os
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reporting.documents.formats import FORMATS
from reporting.printing.appendix import Appendix, Line, Signature
from reporting.printing.cells import BLANK, PrintedCell
from tests.documents.conftest import Pdf, Render, poppler
from tests.documents.readers import csv_cells, excel_rows, pdf_tables, sheet_of, squeezed
from tests.golden import BIEU_7, CONG_THUONG, FOLDER, SEEDS, SON_LIEN, TU_PHAP, Filed, written

pytestmark = pytest.mark.django_db

EVERY = (*SEEDS, "round")
HEADINGS = {
    CONG_THUONG: ("Chỉ tiêu thống kê", "Cơ quan, đơn vị, địa phương thực hiện"),
    TU_PHAP: (
        "Chỉ tiêu thống kê (Sử dụng trong kỳ báo cáo hàng quý, 6 tháng, năm)",
        "Đơn vị thực hiện",
    ),
    "round": ("Chỉ tiêu thống kê", "Số đơn vị đã tính"),
}

Appendices = Mapping[str, Appendix]
Cells = Sequence[str | float]


# Excel


@pytest.mark.parametrize("name", list(HEADINGS))
def test_excel_has_two_heading_rows_with_the_spanned_one(rendered: Render, name: str) -> None:
    label, last = HEADINGS[name]
    rows = sheet_of(rendered(name, "xlsx"))
    first = next(number for number, row in enumerate(rows) if row[0] == "STT")
    assert rows[first] == ["STT", label, "Kết quả thống kê", "", last]
    assert rows[first + 1] == ["", "", "Đơn vị tính", "Số liệu", ""]


def test_excel_has_title_and_legal_line_above_and_the_signature_below(rendered: Render) -> None:
    rows = [[cell for cell in row if cell != ""] for row in sheet_of(rendered(SON_LIEN, "xlsx"))]
    assert rows[:4] == [
        ["Phụ lục 2"],
        [
            "THỐNG KÊ SỐ LIỆU VỀ KẾT QUẢ THỰC HIỆN CÔNG TÁC CẢI CÁCH HÀNH CHÍNH TẠI"
            " XÃ\xa0SƠN\xa0LIÊN"
        ],
        [
            "(Ban hành kèm theo Báo cáo số 24/BC-UBND ngày 10/3/2022 của UBND xã Sơn Liên)",
        ],
        ["Nhập lại từ báo cáo giấy."],
    ]
    assert [row for row in rows[-7:] if row] == [
        ["Sơn Liên, ngày 10 tháng 3 năm 2022"],
        ["NGƯỜI LẬP BIỂU", "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"],
        ["Đình Văn Dây"],
    ]


def worksheet(content: bytes) -> Worksheet:
    sheet = load_workbook(BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_excel_repeats_its_headings_on_paper_and_keeps_them_on_screen(rendered: Render) -> None:
    sheet = worksheet(rendered(TU_PHAP, "xlsx"))
    assert sheet["A6"].value == "STT"
    assert sheet.print_title_rows == "$6:$7"
    assert sheet.freeze_panes == "A8"
    assert {"A6:A7", "B6:B7", "C6:D6", "E6:E7"} <= {str(area) for area in sheet.merged_cells.ranges}


def test_excel_prints_on_a4_portrait_with_a_page_number_from_page_2(rendered: Render) -> None:
    sheet = worksheet(rendered(TU_PHAP, "xlsx"))
    assert (str(sheet.page_setup.paperSize), sheet.page_setup.orientation) == ("9", "portrait")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.HeaderFooter.differentFirst
    header = sheet.HeaderFooter
    assert header.oddHeader is not None
    assert header.oddHeader.center is not None
    assert header.oddHeader.center.text == "&P"
    assert not header.firstHeader
    assert sheet.print_area == f"'Phụ lục'!$A$1:$E${sheet.max_row}"


ODD = (
    "=1+1",
    '=HYPERLINK("http://example.org";"Hộ tịch")',
    "+ Nuôi con nuôi: 4",
    "-5",
    "@SUM(A1)",
    "chuông\x07 và \x0b dấu \x1f",
    "<b>&amp;</b>",
    "hai\ndòng",
)
NUMBERS = {
    "0": "0",
    "5.356": "5356",
    "29,6": "29.6",
    "98,64": "98.64",
    "1.250,125": "1250.125",
    "9.999.999.999": "9999999999",
}


def odd_appendix() -> Appendix:
    """An appendix of texts and numbers that a careless writer spoils."""
    plain = Line("", "", "", "", BLANK, "", 0, is_bold=False, is_italic=False)
    return Appendix(
        label="=PHỤ LỤC",
        title="Tiêu đề",
        legal_line="",
        notice="",
        label_heading="Chỉ tiêu",
        last_heading="Ghi chú",
        lines=[
            *(replace(plain, stt=text, label=text, unit=text, remark=text) for text in ODD),
            *(replace(plain, figure=PrintedCell(text)) for text in ODD),
            *(
                replace(plain, figure=PrintedCell(text, Decimal(number)))
                for text, number in NUMBERS.items()
            ),
        ],
        signature=Signature("=Nơi ký", "=Chức danh", "=Tên"),
    )


def test_excel_keeps_a_text_that_looks_like_a_formula_as_text() -> None:
    sheet = worksheet(FORMATS["xlsx"].render(odd_appendix()))
    texts = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in texts} == {"s"}
    starts = sum(str(cell.value).startswith("=") for cell in texts)
    assert starts == 2 * 4 + 2 + 1 + 3  # two texts in four columns and as figures, label, signature


def test_excel_opens_although_a_text_holds_control_characters() -> None:
    rows = excel_rows(FORMATS["xlsx"].render(odd_appendix()), 22)
    assert [row.label for row in rows[: len(ODD)]] == [
        *ODD[:5],
        "chuông và  dấu ",
        *ODD[6:],
    ]


def test_excel_writes_numbers_as_numbers_in_vietnamese() -> None:
    sheet = worksheet(FORMATS["xlsx"].render(odd_appendix()))
    numbers = [cell for (cell,) in sheet.iter_rows(min_col=4, max_col=4) if cell.data_type == "n"]
    shown = [(cell.value, cell.number_format) for cell in numbers if cell.value is not None]
    assert shown == [
        (0, "[$-42A]#,##0"),
        (5356, "[$-42A]#,##0"),
        (29.6, "[$-42A]#,##0.0"),
        (98.64, "[$-42A]#,##0.00"),
        (1250.125, "[$-42A]#,##0.000"),
        (9999999999, "[$-42A]#,##0"),
    ]


# PDF


@pytest.mark.parametrize("name", [TU_PHAP, "round"])
def test_pdf_repeats_the_headings_on_every_page(pdf_file: Pdf, name: str) -> None:
    label, last = HEADINGS[name]
    tables = pdf_tables(pdf_file(name))
    assert len(tables) == len(pypdf.PdfReader(pdf_file(name)).pages) > 5
    for table in tables:
        assert table.head == [
            ["STT", label, "Kết quả thống kê", last],
            ["Đơn vị tính", "Số liệu"],
        ]


def test_pdf_numbers_its_pages_from_the_second_on(pdf_file: Pdf) -> None:
    path = pdf_file(TU_PHAP)
    pages = len(pypdf.PdfReader(path).pages)
    # The top margin is 22 mm = 62 points high.
    margin = ("-x", "0", "-y", "0", "-W", "595", "-H", "62")
    printed = [
        poppler("pdftotext", "-f", str(page), "-l", str(page), *margin, path, "-").strip()
        for page in range(1, pages + 1)
    ]
    assert printed == ["", *map(str, range(2, pages + 1))]


@pytest.mark.parametrize("name", [TU_PHAP, BIEU_7])
def test_pdf_carries_its_letters_in_one_family(pdf_file: Pdf, name: str) -> None:
    """Another family means letters that Liberation Serif 1 lacks: then version 2 is missing."""
    fonts = [line.split() for line in poppler("pdffonts", pdf_file(name)).splitlines()[2:]]
    assert {font[0].partition("+")[2] for font in fonts} >= {"Liberation-Serif"}
    for font in fonts:
        assert font[0].partition("+")[2].startswith("Liberation-Serif")
        embedded, subset, unicode = font[-5:-2]
        assert (embedded, subset, unicode) == ("yes", "yes", "yes")


def test_pdf_is_tagged_and_says_its_language_and_title(pdf_file: Pdf) -> None:
    read = pypdf.PdfReader(pdf_file(SON_LIEN))
    assert str(read.root_object["/Lang"]) == "vi"
    assert str(read.root_object["/MarkInfo"]) == "{'/Marked': True}"
    assert read.metadata is not None
    assert read.metadata.title == (
        "THỐNG KÊ SỐ LIỆU VỀ KẾT QUẢ THỰC HIỆN CÔNG TÁC CẢI CÁCH HÀNH CHÍNH TẠI XÃ SƠN LIÊN"
    )
    assert [float(side) for side in read.pages[0].mediabox] == pytest.approx(
        [0, 0, 595.28, 841.89], abs=0.01
    )


def test_pdf_gives_its_vietnamese_whole(pdf_file: Pdf) -> None:
    text = poppler("pdftotext", pdf_file(SON_LIEN), "-")
    assert unicodedata.is_normalized("NFC", text)
    found = " ".join(text.split())
    for sentence in (
        "THỐNG KÊ SỐ LIỆU VỀ KẾT QUẢ THỰC HIỆN CÔNG TÁC CẢI CÁCH HÀNH CHÍNH TẠI XÃ SƠN LIÊN",
        "(Ban hành kèm theo Báo cáo số 24/BC-UBND ngày 10/3/2022 của UBND xã Sơn Liên)",
        "Sơn Liên, ngày 10 tháng 3 năm 2022",
        "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
        "Đình Văn Dây",
    ):
        assert sentence in found


def test_pdf_keeps_odd_texts_and_ten_digits_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "odd.pdf"
    path.write_bytes(FORMATS["pdf"].render(odd_appendix()))
    rows = [row for table in pdf_tables(path) for row in table.body]
    printable = [number for number, text in enumerate(ODD) if text.isprintable()]
    assert printable == [0, 1, 2, 3, 4, 6]
    for number in printable:
        assert squeezed(rows[number][1]) == squeezed(ODD[number])
    assert [row[3] for row in rows[-6:]] == list(NUMBERS)


# CSV


def test_csv_begins_with_the_mark_that_keeps_excel_from_guessing(rendered: Render) -> None:
    assert rendered(BIEU_7, "csv").startswith("\ufeffBiểu mẫu 7\r\n".encode())


def test_csv_puts_no_text_where_a_spreadsheet_takes_it_for_a_formula() -> None:
    cells = [cell for row in csv_cells(FORMATS["csv"].render(odd_appendix())) for cell in row]
    assert {" =1+1", " + Nuôi con nuôi: 4", " -5", " @SUM(A1)", " =PHỤ LỤC"} <= set(cells)
    assert [cell for cell in cells if cell[:1] in set("=+-@\t\r")] == []


def test_csv_writes_decimals_with_a_comma_and_thousands_without_a_sign() -> None:
    rows = csv_cells(FORMATS["csv"].render(odd_appendix()))
    assert [row[3] for row in rows[-6:]] == [
        "0",
        "5356",
        "29,6",
        "98,64",
        "1250,125",
        "9999999999",
    ]


# JSON, and all that is printed of a paper at once


@pytest.mark.parametrize("seed", SEEDS)
def test_json_says_what_the_paper_says_and_no_other_figure(
    filed: Mapping[str, Filed], seed: str
) -> None:
    filled = {
        number: (Decimal(entry["value"]), entry["written"])
        for number, entry in enumerate(filed[seed].exported, start=1)
        if entry["value"] is not None
    }
    assert filled == {line.row: (line.value, line.written) for line in written(seed)}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_appendix_prints_as_it_was_checked_by_eye(rendered: Render, seed: str) -> None:
    """REFRESH_GOLDEN=1 writes the appendix anew; read the difference before committing it."""
    golden = FOLDER / "appendix" / f"{seed}.csv"
    if os.environ.get("REFRESH_GOLDEN") == "1":
        golden.write_bytes(rendered(seed, "csv"))
    assert rendered(seed, "csv").decode() == golden.read_bytes().decode()
