"""Excel and Word of one appendix against the barest way to write the same cells with the same
library."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from reporting.documents.formats import docx, xlsx
from reporting.documents.formats.checks_sheet import WORDS
from reporting.documents.formats.workbook import FONT, NUMBER_FORMATS
from reporting.printing.appendix import (
    FIGURE_HEADING,
    SPANNED_HEADING,
    STT_HEADING,
    UNIT_HEADING,
    Appendix,
)
from tests.budgets import Budget, milliseconds

Row = Sequence[str | Decimal]
_LINE = Side(style="thin")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_ACROSS = {True: WD_ALIGN_PARAGRAPH.LEFT, False: WD_ALIGN_PARAGRAPH.RIGHT}
_PLAIN = Font(name=FONT, size=12)
_LEFT = Alignment(wrap_text=True, horizontal="left", vertical="center")
_RIGHT = Alignment(wrap_text=True, horizontal="right", vertical="center")


def office(appendix: Appendix) -> list[Budget]:
    """Both against the same cells written one by one, each with its look."""
    rows = len(appendix.lines)
    workbook, bare_workbook, word, bare_word = milliseconds(
        lambda: xlsx.render(appendix),
        lambda: workbook_of(appendix),
        lambda: docx.render(appendix),
        lambda: word_of(appendix),
        turns=7,
    )
    return [
        Budget(
            f"Excel of one appendix, {rows} rows", workbook, "ms", most=2, baseline=bare_workbook
        ),
        Budget(f"Word of one appendix, {rows} rows", word, "ms", most=1, baseline=bare_word),
    ]


def table(appendix: Appendix) -> list[Row]:
    """Return the cells of the table as they are printed."""
    return [
        [STT_HEADING, appendix.label_heading, SPANNED_HEADING, "", appendix.last_heading],
        ["", "", UNIT_HEADING, FIGURE_HEADING, ""],
        *(
            [line.stt, line.label, line.unit, _figure(line.figure), line.remark]
            for line in appendix.lines
        ),
    ]


def _figure(cell: object) -> str | Decimal:
    number: Decimal | None = getattr(cell, "number", None)
    text: str = getattr(cell, "text", "")
    return text if number is None else number


def workbook_of(appendix: Appendix) -> bytes:
    """Write the same cells of the same sheets with the same looks; what is a formula of the
    portal's is the word or the number that it comes to."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _write(book.create_sheet("Phụ lục"), table(appendix))
    if appendix.checks:
        rules = (
            [one.rule.code, one.rule.severity, one.words, WORDS[one.holds], one.rule.instruction]
            for one in appendix.checks.rules
        )
        _write(book.create_sheet("Kiểm tra"), list(rules))
    if appendix.notes:
        notes = (
            [one.stt, one.label, _figure(one.figure), one.kind, one.text, _figure(one.number)]
            for one in appendix.notes
        )
        _write(book.create_sheet("Ghi chú"), list(notes))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _write(sheet: Worksheet, rows: Sequence[Row]) -> None:
    for at, row in enumerate(rows, start=1):
        for column, said in enumerate(row, start=1):
            cell = sheet.cell(at, column, said)
            cell.font = _PLAIN
            cell.border = _GRID
            cell.alignment = _LEFT if isinstance(said, str) else _RIGHT
            if isinstance(said, Decimal):
                cell.number_format = NUMBER_FORMATS[0]


def word_of(appendix: Appendix) -> bytes:
    rows = table(appendix)
    document = Document()
    made = document.add_table(len(rows), len(rows[0]))
    for row, said in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, said, strict=True):
            cell.text = str(text)
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            (paragraph,) = cell.paragraphs
            paragraph.alignment = _ACROSS[isinstance(text, str)]
            paragraph.paragraph_format.keep_with_next = False
            paragraph.runs[0].font.size = Pt(11.5)
    target = BytesIO()
    document.save(target)
    return target.getvalue()
