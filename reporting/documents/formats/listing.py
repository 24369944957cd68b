"""A list as an Excel workbook: what is told to people, every cell a text, ready to be filtered."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from reporting.documents.formats.workbook import FONT, LEADING, put_words


@dataclass(frozen=True, slots=True)
class Listing:
    """A titled list; ``headings`` are its columns, each with its width in characters."""

    name: str
    title: str
    notes: Sequence[str]
    headings: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str]]


def render_listing(listing: Listing) -> bytes:
    """Return ``listing`` as the bytes of a workbook of one sheet, headings frozen and filtered."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(listing.name)
    top = 1
    for text, bold in ((listing.title, True), *((note, False) for note in listing.notes)):
        put_words(sheet.cell(top, 1), text)
        sheet.cell(top, 1).font = Font(name=FONT, size=14 if bold else 12, bold=bold)
        top += 1
    top += 1
    wrapped = Alignment(wrap_text=True, vertical="top")
    plain, bold_font = Font(name=FONT, size=12), Font(name=FONT, size=12, bold=True)
    for column, (heading, width) in enumerate(listing.headings, start=1):
        cell = sheet.cell(top, column)
        put_words(cell, heading)
        cell.font, cell.alignment = bold_font, wrapped
        cell.fill = PatternFill("solid", fgColor="DDE8F0")
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(listing.rows, start=top + 1):
        lines = 1
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            put_words(cell, text)
            cell.font, cell.alignment = plain, wrapped
            lines = max(lines, -(-len(text) // listing.headings[column - 1][1]))
        # Not every program measures wrapped text when it opens a file.
        sheet.row_dimensions[number].height = LEADING * min(lines, 20)
    sheet.freeze_panes = f"A{top + 1}"
    last = get_column_letter(len(listing.headings))
    sheet.auto_filter.ref = f"A{top}:{last}{top + len(listing.rows)}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target = BytesIO()
    book.save(target)
    return target.getvalue()
