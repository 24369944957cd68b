"""An Appendix as an Excel workbook."""

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.worksheet import Worksheet

from indicators.formulas.excel import computed
from reporting.documents.formats.addresses import EXACT_PLACES, Addresses, addresses_of
from reporting.documents.formats.checks_sheet import write_checks
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
from reporting.numbers import is_beyond_spreadsheets
from reporting.printing.appendix import (
    FIGURE_HEADING,
    SPANNED_HEADING,
    STT_HEADING,
    UNIT_HEADING,
    Appendix,
    Line,
)
from reporting.printing.cells import UNDEFINED

__all__ = ["CONTENT_TYPE", "FONT", "UNPRINTABLE", "render"]

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "Phụ lục"
WIDTHS = {"A": 8, "B": 50, "C": 17, "D": 14, "E": 30}
COLUMNS = len(WIDTHS)
FIGURE_COLUMN = 4
# A number format inside a rule bears a number that no format of the cells has.
_FIRST_FORMAT = 200


def render(appendix: Appendix) -> bytes:
    """Return ``appendix`` as the bytes of a workbook: numbers are numbers, computed figures are
    formulas over the cells of their rows, and the checks of a report are a second sheet."""
    book = Book()
    write = book.sheet(SHEET)
    first_heading = _write_top(write, appendix)
    _write_headings(write, first_heading, appendix)
    first = first_heading + 2
    addresses = addresses_of(appendix, "D", first)
    for row, line in enumerate(appendix.lines, first):
        _write_line(write, row, line, addresses)
    _show_as_many_decimals(write)
    last = _write_signature(write, first + len(appendix.lines) + 1, appendix)
    _lay_out(write.sheet, first_heading=first_heading, last=last)
    if appendix.checks:
        write_checks(book, appendix, appendix.checks, addresses.on(SHEET))
    return book.content()


def _write_top(write: Writer, appendix: Appendix) -> int:
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
            write.height(row, 19 * printed_lines(text, 95))
            row += 1
    return row + 1


def _write_headings(write: Writer, row: int, appendix: Appendix) -> None:
    for column, text in (
        (1, STT_HEADING),
        (2, appendix.label_heading),
        (5, appendix.last_heading),
    ):
        write.down(row, column, text, "head")
    write.height(row + 1, 2 * LEADING)
    write.across(row, 3, 4, SPANNED_HEADING, "head")
    write.words(row + 1, 3, UNIT_HEADING, "head")
    write.words(row + 1, 4, FIGURE_HEADING, "head")


def _write_line(write: Writer, row: int, line: Line, addresses: Addresses) -> None:
    weight = "bold" if line.is_bold else "italic" if line.is_italic else "plain"
    depth = min(max(line.depth - 1, 0), DEEPEST_INDENT)
    write.words(row, 1, line.stt, f"centre {weight}")
    write.words(row, 2, line.label, f"label {weight} {depth}")
    write.words(row, 3, line.unit, "centre plain")
    write.words(row, 5, line.remark, "label plain 0")
    texts = (line.stt, line.label, line.unit, line.figure.text, line.remark)
    lines = max(
        printed_lines(text, width - 2 * depth * (text is line.label))
        for text, width in zip(texts, WIDTHS.values(), strict=True)
    )
    write.height(row, LEADING * lines)
    _write_figure(write, row, line, weight, addresses)


def _write_figure(write: Writer, row: int, line: Line, weight: str, addresses: Addresses) -> None:
    shown = line.figure.text if line.figure.number is None else line.figure.number
    if line.computed:
        places = EXACT_PLACES if line.computed.places is None else line.computed.places
        formula = computed(
            line.computed.formula, addresses.typed_cells, places=places, undefined=UNDEFINED
        )
        decimals = line.computed.places or 0 if shown == "" else line.figure.decimals
        style = f"centre {weight}" if shown == UNDEFINED else f"number {weight} {decimals}"
        write.formula(row, FIGURE_COLUMN, formula, shown, style)
    elif isinstance(shown, str) or is_beyond_spreadsheets(shown):
        write.words(row, FIGURE_COLUMN, line.figure.text, f"centre {weight}")
    else:
        write.number(row, FIGURE_COLUMN, shown, f"number {weight} {line.figure.decimals}")


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


def _lay_out(sheet: Worksheet, *, first_heading: int, last: int) -> None:
    """A4 portrait, the margins of Decree 30/2020/NĐ-CP."""
    lay_out(sheet, WIDTHS, headings=(first_heading, first_heading + 1), last=last)
    sheet.page_setup.orientation = "portrait"
    margins = sheet.page_margins
    margins.top, margins.bottom, margins.left, margins.right = 0.79, 0.79, 1.18, 0.6
