"""A workbook written cell by cell: how cells look, and what a formula shows before it is run."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZipInfo

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import quote_sheetname
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import ARC_CORE

from indicators.words import in_workbook
from reporting.documents.formats.packages import Package
from reporting.numbers import is_beyond_spreadsheets
from reporting.printing.cells import PrintedCell

FONT = "Times New Roman"
DEEPEST_INDENT = 4
LEADING = 16.5
# Small letters of a text are narrower than the digits that columns are measured in, capitals are
# half as wide again; beside them a cell has a margin.
_LETTERS, _MARGIN = 1.12, 0.7
HIGHEST_ROW = 409  # points, the most that Excel takes
# 42A is Vietnamese: LibreOffice then writes 5.356 and 29,6 on any machine; Excel follows
# the region set on the machine.
NUMBER_FORMATS = (
    "[$-42A]#,##0",
    "[$-42A]#,##0.0",
    "[$-42A]#,##0.00",
    "[$-42A]#,##0.000",
)
EMU_PER_POINT = 12700
# Control characters that XML cannot hold: with one of them the file opens "for repair".
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A cell with a formula as openpyxl writes it, what it shows left out.
_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^<>]*)>(<f>[^<]*</f>)<v ?(?:/>|></v>)</c>')

# When a file was written, as openpyxl always says.
_WRITTEN_WHEN = re.compile(rb"<dcterms:(created|modified)\b[^<]*</dcterms:\1>")

# What a cell shows: words or a number.
Shown = str | Decimal


@dataclass(frozen=True)
class Look:
    """One way a cell looks; openpyxl's values, made once and shared by all workbooks."""

    font: Font
    alignment: Alignment
    border: Border | None
    number_format: str = "General"


_TYPE = Font(name=FONT, size=12)


def _looks() -> Iterator[tuple[str, Look]]:
    thin = Side(style="thin")
    grid = Border(left=thin, right=thin, top=thin, bottom=thin)
    centre = Alignment(wrap_text=True, horizontal="center", vertical="center")
    top = Alignment(wrap_text=True, horizontal="center", vertical="top")
    # A number too long for its column is written smaller, not as "####".
    right = Alignment(shrink_to_fit=True, horizontal="right", vertical="center", indent=1)
    fonts = {
        "plain": _TYPE,
        "bold": Font(name=FONT, size=12, bold=True),
        "italic": Font(name=FONT, size=12, italic=True),
    }
    beside = Alignment(horizontal="left", vertical="center", indent=5)
    yield "above", Look(fonts["plain"], top, None)
    # One line, and of the decree's size: wider than half of the paper by a hair.
    one_line = Alignment(shrink_to_fit=True, horizontal="center", vertical="top")
    yield "country", Look(fonts["bold"], one_line, None)
    yield "issuer", Look(fonts["bold"], top, None)
    yield "motto", Look(Font(name=FONT, size=13, bold=True, underline="single"), top, None)
    yield "mark", Look(Font(name=FONT, size=9), beside, None)
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


class Book:
    """A workbook in the making.

    A named style is looked up once; later cells share what the first one got, for looking it up
    cell by cell takes most of the time of writing.
    """

    def __init__(self, title: str) -> None:
        """Say what the file is, and nothing of who or what made it when."""
        self._book = Workbook()
        self._book.remove(self._book.worksheets[0])
        # The first type is the one whose digits columns are measured in: one of our own is as
        # wide on every machine, openpyxl's is not on all of them.
        self._book._fonts = IndexedList([_TYPE])  # type: ignore[attr-defined]
        self._book._named_styles["Normal"].font = _TYPE  # type: ignore[attr-defined]
        said = self._book.properties
        said.title, said.language, said.creator = UNPRINTABLE.sub("", title)[:255], "vi-VN", None
        self._looks: dict[str, StyleArray] = {}
        self._writers: list[Writer] = []

    def sheet(self, name: str) -> "Writer":
        """Add a sheet after those that are there."""
        sheet: Worksheet = self._book.create_sheet(name)
        self._writers.append(Writer(sheet, self._looks))
        return self._writers[-1]

    def name(self, name: str, sheet: str, at: str) -> None:
        """Call a cell of ``sheet`` by a name that formulas everywhere may use."""
        column, row = re.fullmatch("([A-Z]+)([0-9]+)", at).groups()  # type: ignore[union-attr]
        self._book.defined_names[name] = DefinedName(
            name, attr_text=f"{quote_sheetname(sheet)}!${column}${row}"
        )

    def content(self) -> bytes:
        """Return the bytes of the file; the same cells give the same bytes."""
        target = BytesIO()
        shown = {
            f"xl/worksheets/sheet{number}.xml": writer.shown
            for number, writer in enumerate(self._writers, start=1)
        }
        ExcelWriter(self._book, _Package(target, shown)).save()
        return target.getvalue()


class _Package(Package):
    """The parts of a workbook; openpyxl, which writes no results of formulas, gets them written
    between its own file of a sheet and the package, which does not say when it was written."""

    def __init__(self, target: BytesIO, shown: Mapping[str, Mapping[str, Shown]]) -> None:
        super().__init__(target)
        self._shown = shown

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        shown = self._shown.get(str(zinfo_or_arcname))
        if shown:
            data = with_results(data, shown)
        elif zinfo_or_arcname == ARC_CORE:
            data = _WRITTEN_WHEN.sub(b"", data)
        super().writestr(zinfo_or_arcname, data)


def with_results(sheet: bytes, shown: Mapping[str, Shown]) -> bytes:
    """Return the XML of a sheet in which every formula says what it comes to."""

    def result(cell: re.Match[bytes]) -> bytes:
        at, attributes, formula = cell.groups()
        value = shown[at.decode()]
        kind = b' t="str"' if isinstance(value, str) else b""
        text = escape(UNPRINTABLE.sub("", value)) if isinstance(value, str) else f"{value:f}"
        return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (at, attributes, kind, formula, text.encode())

    return _FORMULA.sub(result, sheet)


class Writer:
    """Puts styled cells into a sheet."""

    def __init__(self, sheet: Worksheet, looks: dict[str, StyleArray]) -> None:
        self.sheet = sheet
        self.shown: dict[str, Shown] = {}
        self._looks = looks

    def words(self, row: int, column: int, text: str, style: str) -> None:
        cell = self.sheet.cell(row, column)
        put_words(cell, text)
        self._style(cell, style)

    def number(self, row: int, column: int, number: Decimal, style: str) -> None:
        self._style(self.sheet.cell(row, column, number), style)

    def figure(self, row: int, column: int, cell: PrintedCell, weight: str) -> None:
        """Write a printed figure: a number where a spreadsheet can keep it whole, else words."""
        if cell.number is None or is_beyond_spreadsheets(cell.number):
            self.words(row, column, cell.text, f"centre {weight}")
        else:
            self.number(row, column, cell.number, f"number {weight} {cell.decimals}")

    def formula(self, row: int, column: int, formula: str, shown: Shown, style: str) -> None:
        """Write a formula of ours, and what it comes to: not every program computes it, and none
        should show anything else before a figure is changed."""
        cell = self.sheet.cell(row, column, f"={UNPRINTABLE.sub('', formula)}")
        self.shown[cell.coordinate] = shown
        self._style(cell, style)

    def across(self, row: int, first: int, last: int, text: str, style: str) -> None:
        """Write words into cells of one row that are merged into one."""
        self._merged((row, row), (first, last), text, style)

    def down(self, row: int, column: int, text: str, style: str) -> None:
        """Write words into a cell that is merged with the one below."""
        self._merged((row, row + 1), (column, column), text, style)

    def _merged(
        self, rows: tuple[int, int], columns: tuple[int, int], text: str, style: str
    ) -> None:
        """Openpyxl's own merging lays borders out anew cell by cell, at a tenth of all the time of
        writing; here every cell has its whole look before."""
        (top, bottom), (left, right) = rows, columns
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self.words(row, column, text if (row, column) == (top, left) else "", style)
        area = CellRange(min_row=top, max_row=bottom, min_col=left, max_col=right)
        self.sheet.merged_cells.add(area)

    def picture(self, row: int, column: int, png: bytes, *, side: int) -> None:
        """Put a square picture of ``side`` points into the sheet, its corner in a cell."""
        drawn = Image(BytesIO(png))
        start = AnchorMarker(col=column - 1, row=row - 1)
        size = XDRPositiveSize2D(side * EMU_PER_POINT, side * EMU_PER_POINT)
        drawn.anchor = OneCellAnchor(_from=start, ext=size)
        self.sheet.add_image(drawn)

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


def printable(text: str) -> str:
    """Return what a file of XML holds of ``text``: no control characters, lines that end alike."""
    return UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def put_words(cell: Any, text: str) -> None:
    """Write words as words: a text that begins with "=" does not become a formula."""
    if text:
        cell.value = in_workbook(printable(text))
        cell.data_type = "s"


def printed_lines(text: str, width: int) -> int:
    """Estimate the lines that ``text`` takes in a cell ``width`` characters wide.

    Heights are written because not every program measures wrapped text when it opens a file.
    """
    letters = int((width - _MARGIN) * _LETTERS)
    return sum(_lines(part, letters) for part in text.split("\n"))


def _lines(text: str, letters: int) -> int:
    """Return the lines of so many ``letters`` that ``text`` is broken into between its words."""
    if _long(text) <= letters:
        return 1
    lines, left = 0, 0
    for word in text.split(" "):
        long = _long(word)
        if long < left:
            left -= long + 1
        else:
            more = -(-long // letters) or 1
            lines, left = lines + more, more * letters - long
    return lines


def _long(text: str) -> int:
    """Return how many small letters take as much room as ``text``."""
    return len(text) + sum(map(str.isupper, text)) // 2


def lay_out(
    sheet: Worksheet,
    widths: Mapping[str, int],
    *,
    headings: tuple[int, int],
    last: int,
    foot: str = "",
) -> None:
    """Page and screen: A4, headings kept on screen and repeated, a page number from page 2 on,
    ``foot`` on all pages."""
    for column, width in widths.items():
        sheet.column_dimensions[column].width = width
    first, second = headings
    sheet.freeze_panes = f"A{second + 1}"
    sheet.print_title_rows = f"{first}:{second}"
    sheet.print_area = f"A1:{list(widths)[-1]}{last}"
    sheet.page_setup.paperSize = "9"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.HeaderFooter.differentFirst = True
    page_number = _HeaderFooterPart(text="&P", font=f"{FONT},Regular", size=13)
    sheet.HeaderFooter.oddHeader = HeaderFooterItem(center=page_number)
    if foot:
        # A single "&" would begin a code of Excel's.
        said = _HeaderFooterPart(text=foot.replace("&", "&&"), font=f"{FONT},Regular", size=8)
        sheet.HeaderFooter.firstFooter = HeaderFooterItem(right=said)
        sheet.HeaderFooter.oddFooter = HeaderFooterItem(right=said)
