"""An Appendix as an Excel workbook."""

import re
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
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
NUMBER_FORMATS = {0: "[$-42A]#,##0", 1: "[$-42A]#,##0.0", 2: "[$-42A]#,##0.00"}
FINEST_FORMAT = "[$-42A]#,##0.000"
# Control characters that XML cannot hold: with one of them the file opens "for repair".
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render(appendix: Appendix) -> bytes:
    """Return ``appendix`` as the bytes of a workbook of one sheet; numbers are numbers."""
    book = Workbook()
    for style in _styles():
        book.add_named_style(style)
    book.remove(book.worksheets[0])
    sheet: Worksheet = book.create_sheet("Phụ lục")
    row = _write_top(sheet, appendix)
    first_heading = row
    _write_headings(sheet, row, appendix)
    row += 2
    for line in appendix.lines:
        _write_line(sheet, row, line)
        row += 1
    last = _write_signature(sheet, row + 1, appendix)
    _lay_out(sheet, first_heading=first_heading, last=last)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _styles() -> list[NamedStyle]:
    """Styles are shared by name: styling cell by cell takes most of the time of writing."""
    thin = Side(style="thin")
    grid = Border(left=thin, right=thin, top=thin, bottom=thin)

    def style(
        name: str, *, font: Font, border: Border | None = grid, **place: object
    ) -> NamedStyle:
        alignment = Alignment(wrap_text=True, **place)  # type: ignore[arg-type]
        return NamedStyle(name, font=font, border=border, alignment=alignment)

    plain, bold = Font(name=FONT, size=12), Font(name=FONT, size=12, bold=True)
    italic = Font(name=FONT, size=12, italic=True)
    found = [
        style(
            "cchc top",
            font=Font(name=FONT, size=14, bold=True),
            border=None,
            horizontal="center",
            vertical="center",
        ),
        style(
            "cchc legal",
            font=Font(name=FONT, size=13, italic=True),
            border=None,
            horizontal="center",
            vertical="center",
        ),
        style("cchc sign", font=bold, border=None, horizontal="center", vertical="top"),
        style("cchc place", font=italic, border=None, horizontal="center", vertical="top"),
        style("cchc head", font=bold, horizontal="center", vertical="center"),
    ]
    for weight, font in (("plain", plain), ("bold", bold), ("italic", italic)):
        found += [
            style(f"cchc centre {weight}", font=font, horizontal="center", vertical="center"),
            style(
                f"cchc number {weight}",
                font=font,
                horizontal="right",
                vertical="center",
                indent=1,
            ),
        ]
        found += [
            style(
                f"cchc label {weight} {depth}",
                font=font,
                horizontal="left",
                indent=depth,
                vertical="center",
            )
            for depth in range(DEEPEST_INDENT + 1)
        ]
    return found


def _write_top(sheet: Worksheet, appendix: Appendix) -> int:
    """Write what stands above the table; return the row where its headings begin."""
    row = 1
    for text, style in (
        (appendix.label, "cchc top"),
        (appendix.title, "cchc top"),
        (appendix.legal_line, "cchc legal"),
        (appendix.notice, "cchc legal"),
    ):
        if text:
            _across(sheet, row, 1, COLUMNS, text, style)
            sheet.row_dimensions[row].height = 19 * _printed_lines(text, 95)
            row += 1
    return row + 1


def _write_headings(sheet: Worksheet, row: int, appendix: Appendix) -> None:
    for column, text in (
        (1, STT_HEADING),
        (2, appendix.label_heading),
        (5, appendix.last_heading),
    ):
        _put(sheet, row, column, text, "cchc head")
        _put(sheet, row + 1, column, "", "cchc head")
        sheet.merge_cells(start_row=row, end_row=row + 1, start_column=column, end_column=column)
    sheet.row_dimensions[row + 1].height = 2 * LEADING
    _across(sheet, row, 3, 4, SPANNED_HEADING, "cchc head")
    _put(sheet, row + 1, 3, UNIT_HEADING, "cchc head")
    _put(sheet, row + 1, 4, FIGURE_HEADING, "cchc head")


def _write_line(sheet: Worksheet, row: int, line: Line) -> None:
    weight = "bold" if line.is_bold else "italic" if line.is_italic else "plain"
    depth = min(max(line.depth - 1, 0), DEEPEST_INDENT)
    _put(sheet, row, 1, line.stt, f"cchc centre {weight}")
    _put(sheet, row, 2, line.label, f"cchc label {weight} {depth}")
    _put(sheet, row, 3, line.unit, "cchc centre plain")
    _put(sheet, row, 5, line.remark, "cchc label plain 0")
    texts = (line.stt, line.label, line.unit, line.figure.text, line.remark)
    lines = max(
        _printed_lines(text, width - 2 * depth * (text is line.label))
        for text, width in zip(texts, WIDTHS.values(), strict=True)
    )
    sheet.row_dimensions[row].height = min(LEADING * lines, HIGHEST_ROW)
    number = line.figure.number
    if number is None:
        _put(sheet, row, 4, line.figure.text, f"cchc centre {weight}")
        return
    cell = sheet.cell(row, 4, number)
    cell.style = f"cchc number {weight}"
    cell.number_format = NUMBER_FORMATS.get(line.figure.decimals, FINEST_FORMAT)


def _printed_lines(text: str, width: int) -> int:
    """Estimate the lines that ``text`` takes in a cell ``width`` characters wide.

    Heights are written because not every program measures wrapped text when it opens a file.
    """
    letters = int(width * 1.15)
    return sum(-(-len(part) // letters) or 1 for part in text.split("\n"))


def _write_signature(sheet: Worksheet, row: int, appendix: Appendix) -> int:
    """Write the signature block; return its last row."""
    signature = appendix.signature
    _across(sheet, row, 3, COLUMNS, signature.place_and_date, "cchc place")
    _put(sheet, row + 1, 2, "NGƯỜI LẬP BIỂU", "cchc sign")
    _across(sheet, row + 1, 3, COLUMNS, signature.signer_title, "cchc sign")
    sheet.row_dimensions[row + 1].height = 17 * (1 + signature.signer_title.count("\n"))
    _across(sheet, row + 6, 3, COLUMNS, signature.signer_name, "cchc sign")
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


def _across(sheet: Worksheet, row: int, first: int, last: int, text: str, style: str) -> None:
    for column in range(first, last + 1):
        _put(sheet, row, column, text if column == first else "", style)
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)


def _put(sheet: Worksheet, row: int, column: int, text: str, style: str) -> None:
    """Write words as words: a text that begins with "=" does not become a formula."""
    cell = sheet.cell(row, column)
    if text:
        cell.value = UNPRINTABLE.sub("", text)
        cell.data_type = "s"
    cell.style = style
