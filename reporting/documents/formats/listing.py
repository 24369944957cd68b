"""A list as a file: what is told to people, every cell a text, ready to be filtered."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from reporting.documents.formats import csv as plain
from reporting.documents.formats import xlsx
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


def render_plain(listing: Listing) -> bytes:
    """Return ``listing`` as comma-separated text that Excel opens with its diacritics whole."""
    target = StringIO()
    writer = csv.writer(target)
    for text in (listing.title, *listing.notes):
        writer.writerow([plain.words(text)])
    writer.writerow([heading for heading, _ in listing.headings])
    writer.writerows([plain.words(text) for text in row] for row in listing.rows)
    return (plain.BYTE_ORDER_MARK + target.getvalue()).encode()


@dataclass(frozen=True, slots=True)
class ListFormat:
    """One way to write a Listing; ``extension`` is also its name in addresses."""

    extension: str
    label: str
    content_type: str
    render: Callable[[Listing], bytes]


LIST_FORMATS = {
    found.extension: found
    for found in (
        ListFormat("xlsx", "Excel", xlsx.CONTENT_TYPE, render_listing),
        ListFormat("csv", "CSV", plain.CONTENT_TYPE, render_plain),
    )
}
