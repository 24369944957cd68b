"""A list as a file: what is told to people, every cell a text, ready to be filtered."""

import csv as commas
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from reporting.documents.formats import csv, xlsx
from reporting.documents.formats.workbook import FONT, LEADING, put_words


@dataclass(frozen=True, slots=True)
class Listing:
    """A titled list; ``headings`` are its columns, each with its width in characters. Its rows are
    taken one by one, so that a long list need not be held whole."""

    name: str
    title: str
    notes: Sequence[str]
    headings: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[str]]


def render_csv(listing: Listing) -> bytes:
    """Return ``listing`` as comma-separated text: title, notes, one heading row, rows."""
    target = StringIO()
    writer = commas.writer(target)
    for text in (listing.title, *listing.notes):
        writer.writerow([csv.words(text)])
    writer.writerow([heading for heading, _ in listing.headings])
    writer.writerows([csv.words(text) for text in row] for row in listing.rows)
    return (csv.BYTE_ORDER_MARK + target.getvalue()).encode()


def render_listing(listing: Listing) -> bytes:
    """Return ``listing`` as the bytes of a workbook of one sheet, headings frozen and filtered."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(listing.name)
    top = len(listing.notes) + 3
    for column, (_, width) in enumerate(listing.headings, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"A{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

    def look(**styles: Any) -> Callable[[str], Cell]:
        """Cells of one look share what its first one got: looking it up takes most of the time."""
        first = WriteOnlyCell(sheet)
        for name, style in styles.items():
            setattr(first, name, style)

        def cell(text: str) -> Cell:
            made = copy(first)
            put_words(made, text)
            return made

        return cell

    wrapped = Alignment(wrap_text=True, vertical="top")
    title, note = (
        look(font=Font(name=FONT, size=14, bold=True)),
        look(font=Font(name=FONT, size=12)),
    )
    head = look(
        font=Font(name=FONT, size=12, bold=True),
        alignment=wrapped,
        fill=PatternFill("solid", fgColor="DDE8F0"),
    )
    plain = look(font=Font(name=FONT, size=12), alignment=wrapped)
    sheet.append([title(listing.title)])
    for text in listing.notes:
        sheet.append([note(text)])
    sheet.append([])
    sheet.append([head(heading) for heading, _ in listing.headings])
    number = top
    for number, row in enumerate(listing.rows, start=top + 1):
        widths = zip(row, listing.headings, strict=True)
        lines = max(-(-len(text) // width) for text, (_, width) in widths)
        # Not every program measures wrapped text when it opens a file.
        sheet.row_dimensions[number].height = LEADING * min(max(lines, 1), 20)
        sheet.append([plain(text) for text in row])
        del sheet.row_dimensions[number]
    last = get_column_letter(len(listing.headings))
    sheet.auto_filter.ref = f"A{top}:{last}{number}"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class ListFormat:
    """One way to write a list; ``extension`` is also its name in addresses."""

    extension: str
    label: str
    content_type: str
    render: Callable[[Listing], bytes]


LIST_FORMATS = {
    found.extension: found
    for found in (
        ListFormat("xlsx", "Excel", xlsx.CONTENT_TYPE, render_listing),
        ListFormat("csv", "CSV", csv.CONTENT_TYPE, render_csv),
    )
}
