"""An Appendix as an Excel workbook."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reporting.documents.appendix import (
    FIGURE_HEADING,
    SPANNED_HEADING,
    STT_HEADING,
    UNIT_HEADING,
    Appendix,
    Line,
)

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT = "Times New Roman"
WIDTHS = {"A": 8, "B": 50, "C": 17, "D": 14, "E": 30}
COLUMNS = len(WIDTHS)
DEEPEST_INDENT = 4
LEADING = 16.5
HIGHEST_ROW = 409  # points, the most that Excel takes
# 42A is Vietnamese: LibreOffice then writes 5.356 and 29,6 on any machine; Excel follows
# the region set on the machine.
NUMBER_FORMATS = (
    "[$-42A]#,##0",
    "[$-42A]#,##0.0",
    "[$-42A]#,##0.00",
    "[$-42A]#,##0.000",
)
# Control characters that XML cannot hold: with one of them the file opens "for repair".
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Look:
    """One way a cell looks; openpyxl's values, made once and shared by all workbooks."""

    font: Font
    alignment: Alignment
    border: Border | None
    number_format: str = "General"


def _looks() -> Iterator[tuple[str, Look]]:
    thin = Side(style="thin")
    grid = Border(left=thin, right=thin, top=thin, bottom=thin)
    centre = Alignment(wrap_text=True, horizontal="center", vertical="center")
    top = Alignment(wrap_text=True, horizontal="center", vertical="top")
    right = Alignment(wrap_text=True, horizontal="right", vertical="center", indent=1)
    fonts = {
        "plain": Font(name=FONT, size=12),
        "bold": Font(name=FONT, size=12, bold=True),
        "italic": Font(name=FONT, size=12, italic=True),
    }
    yield "top", Look(Font(name=FONT, size=14, bold=True), centre, None)
    yield "legal", Look(Font(name=FONT, size=13, italic=True), centre, None)
    yield "sign", Look(fonts["bold"], top, None)
    yield "place", Look(fonts["italic"], top, None)
    yield "head", Look(fonts["bold"], centre, grid)
    for weight, font in fonts.items():
        yield f"centre {weight}", Look(font, centre, grid)
        for decimals, number_format in enumerate(NUMBER_FORMATS):
            yield f"number {weight} {decimals}", Look(font, right, grid, number_format)
        for depth in range(DEEPEST_INDENT + 1):
            left = Alignment(wrap_text=True, horizontal="left", vertical="center", indent=depth)
            yield f"label {weight} {depth}", Look(font, left, grid)


LOOKS = dict(_looks())


def render(appendix: Appendix) -> bytes:
    """Return ``appendix`` as the bytes of a workbook of one sheet; numbers are numbers."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet: Worksheet = book.create_sheet("Phụ lục")
    write = _Writer(sheet)
    row = first_heading = _write_top(write, appendix)
    _write_headings(write, row, appendix)
    row += 2
    for line in appendix.lines:
        _write_line(write, row, line)
        row += 1
    last = _write_signature(write, row + 1, appendix)
    _lay_out(sheet, first_heading=first_heading, last=last)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


class _Writer:
    """Puts styled cells into a sheet.

    A named style is looked up once; its later cells share what the first one got, for looking it
    up cell by cell takes most of the time of writing.
    """

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self._looks: dict[str, StyleArray] = {}

    def words(self, row: int, column: int, text: str, style: str) -> None:
        """Write words as words: a text that begins with "=" does not become a formula."""
        cell = self.sheet.cell(row, column)
        if text:
            cell.value = UNPRINTABLE.sub("", text)
            cell.data_type = "s"
        self._style(cell, style)

    def number(self, row: int, column: int, number: Decimal, style: str) -> None:
        self._style(self.sheet.cell(row, column, number), style)

    def across(self, row: int, first: int, last: int, text: str, style: str) -> None:
        """Write words into cells that are merged into one."""
        for column in range(first, last + 1):
            self.words(row, column, text if column == first else "", style)
        self.sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)

    def height(self, row: int, points: float) -> None:
        self.sheet.row_dimensions[row].height = min(points, HIGHEST_ROW)

    def _style(self, cell: Any, name: str) -> None:
        if name not in self._looks:
            look = LOOKS[name]
            cell.style = NamedStyle(
                f"cchc {name}",
                font=look.font,
                alignment=look.alignment,
                border=look.border,
                number_format=look.number_format,
            )
            self._looks[name] = cell._style
        cell._style = self._looks[name]


def _write_top(write: _Writer, appendix: Appendix) -> int:
    """Write what stands above the table; return the row where its headings begin."""
    row = 1
    for text, style in (
        (appendix.label, "top"),
        (appendix.title, "top"),
        (appendix.legal_line, "legal"),
        (appendix.notice, "legal"),
    ):
        if text:
            write.across(row, 1, COLUMNS, text, style)
            write.height(row, 19 * _printed_lines(text, 95))
            row += 1
    return row + 1


def _write_headings(write: _Writer, row: int, appendix: Appendix) -> None:
    for column, text in (
        (1, STT_HEADING),
        (2, appendix.label_heading),
        (5, appendix.last_heading),
    ):
        write.words(row, column, text, "head")
        write.words(row + 1, column, "", "head")
        write.sheet.merge_cells(
            start_row=row, end_row=row + 1, start_column=column, end_column=column
        )
    write.height(row + 1, 2 * LEADING)
    write.across(row, 3, 4, SPANNED_HEADING, "head")
    write.words(row + 1, 3, UNIT_HEADING, "head")
    write.words(row + 1, 4, FIGURE_HEADING, "head")


def _write_line(write: _Writer, row: int, line: Line) -> None:
    weight = "bold" if line.is_bold else "italic" if line.is_italic else "plain"
    depth = min(max(line.depth - 1, 0), DEEPEST_INDENT)
    write.words(row, 1, line.stt, f"centre {weight}")
    write.words(row, 2, line.label, f"label {weight} {depth}")
    write.words(row, 3, line.unit, "centre plain")
    write.words(row, 5, line.remark, "label plain 0")
    texts = (line.stt, line.label, line.unit, line.figure.text, line.remark)
    lines = max(
        _printed_lines(text, width - 2 * depth * (text is line.label))
        for text, width in zip(texts, WIDTHS.values(), strict=True)
    )
    write.height(row, LEADING * lines)
    number = line.figure.number
    if number is None:
        write.words(row, 4, line.figure.text, f"centre {weight}")
        return
    write.number(row, 4, number, f"number {weight} {line.figure.decimals}")


def _printed_lines(text: str, width: int) -> int:
    """Estimate the lines that ``text`` takes in a cell ``width`` characters wide.

    Heights are written because not every program measures wrapped text when it opens a file.
    """
    letters = int(width * 1.15)
    return sum(-(-len(part) // letters) or 1 for part in text.split("\n"))


def _write_signature(write: _Writer, row: int, appendix: Appendix) -> int:
    """Write the signature block; return its last row."""
    signature = appendix.signature
    write.across(row, 3, COLUMNS, signature.place_and_date, "place")
    write.words(row + 1, 2, "NGƯỜI LẬP BIỂU", "sign")
    write.across(row + 1, 3, COLUMNS, signature.signer_title, "sign")
    write.height(row + 1, 17 * (1 + signature.signer_title.count("\n")))
    write.across(row + 6, 3, COLUMNS, signature.signer_name, "sign")
    return row + 6


def _lay_out(sheet: Worksheet, *, first_heading: int, last: int) -> None:
    """Page and screen: A4 portrait, the margins of Decree 30/2020/NĐ-CP, headings repeated."""
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = f"A{first_heading + 2}"
    sheet.print_title_rows = f"{first_heading}:{first_heading + 1}"
    sheet.print_area = f"A1:E{last}"
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = "9"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.top, margins.bottom, margins.left, margins.right = 0.79, 0.79, 1.18, 0.6
    sheet.HeaderFooter.differentFirst = True
    page_number = _HeaderFooterPart(text="&P", font=f"{FONT},Regular", size=13)
    sheet.HeaderFooter.oddHeader = HeaderFooterItem(center=page_number)
