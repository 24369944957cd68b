"""An Appendix as comma-separated text that Excel opens with its diacritics whole."""

import csv
from decimal import Decimal
from io import StringIO

from reporting.documents.formats.workbook import printable
from reporting.printing.appendix import (
    FIGURE_HEADING,
    MARK_HEADING,
    STT_HEADING,
    UNIT_HEADING,
    Appendix,
    Line,
)
from reporting.printing.cells import PrintedCell

CONTENT_TYPE = "text/csv; charset=utf-8"
# Without this mark Excel reads the file in the machine's old code page.
BYTE_ORDER_MARK = "\ufeff"


def render(appendix: Appendix) -> bytes:
    """Return ``appendix`` as bytes: title lines, one heading row, then the table, and below it the
    code of the file.

    Decimals carry a comma and thousands no sign, the one writing that a Vietnamese Excel
    reads right and no other reads ten times too large.
    """
    target = StringIO()
    writer = csv.writer(target)
    for text in (appendix.label, appendix.title, appendix.legal_line, appendix.notice):
        if text:
            writer.writerow([words(text)])
    headings = (
        STT_HEADING,
        appendix.label_heading,
        UNIT_HEADING,
        FIGURE_HEADING,
        appendix.last_heading,
    )
    writer.writerow(map(words, headings))
    writer.writerows(_cells(line) for line in appendix.lines)
    if appendix.mark is not None:
        writer.writerow([MARK_HEADING, appendix.mark.code, appendix.mark.address])
    return (BYTE_ORDER_MARK + target.getvalue()).encode()


def _cells(line: Line) -> list[str]:
    indent = "  " * max(line.depth - 1, 0)
    return [
        words(line.stt),
        words(indent + line.label),
        words(line.unit),
        _figure(line.figure),
        words(line.remark),
    ]


def _figure(cell: PrintedCell) -> str:
    if cell.number is None:
        return words(cell.text)
    return number(cell.number, cell.decimals)


def number(number: Decimal, decimals: int) -> str:
    return f"{number:.{decimals}f}".replace(".", ",")


def words(text: str) -> str:
    """Put a space before what a spreadsheet would take for a formula; leave out control characters,
    at which some programs end the file."""
    text = printable(text)
    return f" {text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
