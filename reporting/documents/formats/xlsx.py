"""An Appendix as an Excel workbook."""

from collections.abc import Mapping

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.worksheet import Worksheet

from indicators.formulas.excel import computed
from reporting.documents.formats.addresses import EXACT_PLACES, Addresses, addresses_of
from reporting.documents.formats.checks_sheet import write_checks
from reporting.documents.formats.names import cell_name
from reporting.documents.formats.notes_sheet import write_found, write_notes
from reporting.documents.formats.qr import png
from reporting.documents.formats.workbook import (
    DEEPEST_INDENT,
    FONT,
    LEADING,
    NUMBER_FORMATS,
    UNPRINTABLE,
    Book,
    Writer,
    lay_out,
    printed_lines,
)
from reporting.printing.appendix import (
    FIGURE_HEADING,
    SPANNED_HEADING,
    STT_HEADING,
    UNIT_HEADING,
    Appendix,
    Letterhead,
    Line,
    Mark,
)
from reporting.printing.breaks import broken, together
from reporting.printing.cells import UNDEFINED
from reporting.printing.letterhead import COUNTRY, MOTTO

__all__ = ["CONTENT_TYPE", "FONT", "UNPRINTABLE", "render"]

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "Phụ lục"
# All of the paper between its margins, so that nothing is printed smaller than it is written.
UPRIGHT = {"A": 7, "B": 27, "C": 14, "D": 11, "E": 18}
ACROSS = {"A": 8, "B": 58, "C": 17, "D": 12, "E": 23}
Widths = Mapping[str, int]
COLUMNS = len(UPRIGHT)
# To what part of its width a heading is filled by as many letters of the table's size.
TITLE, ISSUER, LEGAL = 0.85, 0.95, 0.92
# The first column of the country's half of a letterhead.
COUNTRY_COLUMN = 3
# How large the picture of a mark is, in points, and how many rows it takes.
MARK_SIDE, MARK_ROWS = 66, 4
LABEL_COLUMN, FIGURE_COLUMN = 2, 4
# A number format inside a rule bears a number that no format of the cells has.
_FIRST_FORMAT = 200


def render(appendix: Appendix) -> bytes:
    """Return ``appendix`` as the bytes of a workbook: numbers are numbers, computed figures are
    formulas over the cells of their rows, which have names; the checks of a report, what was said
    beside its figures and what was found are sheets of their own."""
    book = Book(appendix.title)
    write = book.sheet(SHEET)
    widths = ACROSS if appendix.is_wide else UPRIGHT
    first_heading = _write_top(write, appendix, widths)
    _write_headings(write, first_heading, appendix, widths)
    first = first_heading + 2
    addresses = addresses_of(appendix, "D", first)
    for row, line in enumerate(appendix.lines, first):
        _write_line(write, row, broken(line), addresses, widths)
    _show_as_many_decimals(write)
    _name_figures(book, addresses)
    last = _write_signature(write, first + len(appendix.lines) + 1, appendix)
    if appendix.mark:
        last = _write_mark(write, last + 2, appendix.mark)
    _lay_out(write.sheet, appendix, widths, first_heading=first_heading, last=last)
    if appendix.checks:
        write_checks(book, appendix, appendix.checks, addresses.on(SHEET))
    if appendix.notes:
        write_notes(book, appendix)
    if appendix.found:
        write_found(book, appendix, appendix.found)
    return book.content()


def _write_top(write: Writer, appendix: Appendix, widths: Widths) -> int:
    """Write what stands above the table; return the row where its headings begin."""
    row = _write_letterhead(write, appendix.letterhead, widths) if appendix.letterhead else 1
    for text, style, letters in (
        (appendix.label, "top", TITLE),
        (together(appendix.title), "top", TITLE),
        (appendix.legal_line, "legal", LEGAL),
        (appendix.notice, "legal", LEGAL),
    ):
        if text:
            write.across(row, 1, COLUMNS, text, style)
            write.height(row, 19 * printed_lines(text, int(letters * sum(widths.values()))))
            row += 1
    return row + 1


def _write_letterhead(write: Writer, head: Letterhead, widths: Widths) -> int:
    """Write issuing body and country side by side; return the row below them."""
    names = [(head.above, "above"), (head.issuer, "issuer")]
    bodies = [said for said in names if said[0]] + [said for said in names if not said[0]]
    country = [(COUNTRY, "country"), (MOTTO, "motto"), (head.place_and_date, "place")]
    half = widths["A"] + widths["B"]
    halves = zip((*bodies, (head.number, "above")), country, strict=True)
    for row, ((text, style), (word, look)) in enumerate(halves, start=1):
        write.across(row, 1, COUNTRY_COLUMN - 1, text, style)
        write.across(row, COUNTRY_COLUMN, COLUMNS, word, look)
        write.height(row, LEADING * printed_lines(text, int(ISSUER * half)) + 2)
    return 5


def _write_headings(write: Writer, row: int, appendix: Appendix, widths: Widths) -> None:
    for column, text in (
        (1, STT_HEADING),
        (2, appendix.label_heading),
        (5, appendix.last_heading),
    ):
        write.down(row, column, text, "head")
    lines = max(
        printed_lines(appendix.label_heading, widths["B"]),
        printed_lines(appendix.last_heading, widths["E"]),
    )
    write.height(row + 1, LEADING * max(2, lines - 1))
    write.across(row, 3, 4, SPANNED_HEADING, "head")
    write.words(row + 1, 3, UNIT_HEADING, "head")
    write.words(row + 1, 4, FIGURE_HEADING, "head")


def _write_line(write: Writer, row: int, line: Line, addresses: Addresses, widths: Widths) -> None:
    weight = "bold" if line.is_bold else "italic" if line.is_italic else "plain"
    depth = min(max(line.depth - 1, 0), DEEPEST_INDENT)
    write.words(row, 1, line.stt, f"centre {weight}")
    write.words(row, 2, line.label, f"label {weight} {depth}")
    write.words(row, 3, line.unit, "centre plain")
    write.words(row, 5, line.remark, "label plain 0")
    texts = (line.stt, line.label, line.unit, line.figure.text, line.remark)
    lines = max(
        printed_lines(text, width - 2 * depth * (column == LABEL_COLUMN))
        for column, (text, width) in enumerate(zip(texts, widths.values(), strict=True), start=1)
    )
    write.height(row, LEADING * lines)
    _write_figure(write, row, line, weight, addresses)


def _write_figure(write: Writer, row: int, line: Line, weight: str, addresses: Addresses) -> None:
    if line.computed:
        shown = line.figure.text if line.figure.number is None else line.figure.number
        places = EXACT_PLACES if line.computed.places is None else line.computed.places
        formula = computed(
            line.computed.formula, addresses.typed_cells, places=places, undefined=UNDEFINED
        )
        decimals = line.computed.places or 0 if shown == "" else line.figure.decimals
        style = f"centre {weight}" if shown == UNDEFINED else f"number {weight} {decimals}"
        write.formula(row, FIGURE_COLUMN, formula, shown, style)
    else:
        write.figure(row, FIGURE_COLUMN, line.figure, weight)


def _name_figures(book: Book, addresses: Addresses) -> None:
    for key, at in addresses.at.items():
        if name := key and cell_name(key):
            book.name(name, SHEET, at)


def _show_as_many_decimals(write: Writer) -> None:
    """Let a computed figure show the decimals that it needs once others are changed, as it does
    now: its own format is for what it comes to now."""
    if not write.shown:
        return
    first = next(iter(write.shown))
    for decimals, code in enumerate(NUMBER_FORMATS):
        number_format = NumberFormat(numFmtId=_FIRST_FORMAT + decimals, formatCode=code)
        write.sheet.conditional_formatting.add(
            " ".join(write.shown),
            Rule(
                type="expression",
                dxf=DifferentialStyle(numFmt=number_format),
                formula=[f"ROUND({first},{decimals})={first}"],
                stopIfTrue=True,
            ),
        )


def _write_signature(write: Writer, row: int, appendix: Appendix) -> int:
    """Write the signature block; return its last row."""
    signature = appendix.signature
    write.across(row, 3, COLUMNS, signature.place_and_date, "place")
    write.words(row + 1, 2, "NGƯỜI LẬP BIỂU", "sign")
    write.across(row + 1, 3, COLUMNS, signature.signer_title, "sign")
    write.height(row + 1, 17 * (1 + signature.signer_title.count("\n")))
    write.across(row + 6, 3, COLUMNS, signature.signer_name, "sign")
    return row + 6


def _write_mark(write: Writer, row: int, mark: Mark) -> int:
    """Write by what the file is known again; return the last row of it."""
    write.picture(row, 1, png(mark.address), side=MARK_SIDE)
    for place, text in enumerate(mark.words):
        write.across(row + place, 2, COLUMNS, text, "mark")
    for place in range(MARK_ROWS):
        write.height(row + place, LEADING)
    return row + MARK_ROWS - 1


def _lay_out(
    sheet: Worksheet, appendix: Appendix, widths: Widths, *, first_heading: int, last: int
) -> None:
    """A4 with the margins of Decree 30/2020/NĐ-CP."""
    headings = (first_heading, first_heading + 1)
    lay_out(sheet, widths, headings=headings, last=last, foot=appendix.foot)
    sheet.page_setup.orientation = "landscape" if appendix.is_wide else "portrait"
    margins = sheet.page_margins
    margins.top, margins.bottom, margins.left, margins.right = 0.79, 0.79, 1.18, 0.6
