"""A list as a file: what is told to people, cells of words and of numbers, ready to be filtered."""

import csv as commas
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from reporting.documents.formats import csv, xlsx
from reporting.documents.formats.workbook import (
    FONT,
    HIGHEST_ROW,
    LEADING,
    NUMBER_FORMATS,
    put_words,
)
from reporting.numbers import SIGNIFICANT_DIGITS, decimals_of, write


@dataclass(frozen=True, slots=True)
class Listing:
    """A titled list; ``headings`` are its columns, each with its width in characters, of which the
    first ``frozen`` stay in sight. Its rows are taken one by one, so that a long list need not be
    held whole."""

    name: str
    title: str
    notes: Sequence[str]
    headings: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[str | Decimal]]
    frozen: int = 0


def render_csv(listing: Listing) -> bytes:
    """Return ``listing`` as comma-separated text: title, notes, one heading row, rows."""
    target = StringIO()
    writer = commas.writer(target)
    for text in (listing.title, *listing.notes):
        writer.writerow([csv.words(text)])
    writer.writerow([csv.words(heading) for heading, _ in listing.headings])
    writer.writerows([_in_csv(said) for said in row] for row in listing.rows)
    return (csv.BYTE_ORDER_MARK + target.getvalue()).encode()


def _in_csv(said: str | Decimal) -> str:
    return csv.words(said) if isinstance(said, str) else csv.number(said, decimals_of(said))


def _as_number(said: str | Decimal) -> str | Decimal:
    """A spreadsheet keeps fifteen digits of a number: a longer one is written out as words."""
    if isinstance(said, str) or len(said.normalize().as_tuple().digits) <= SIGNIFICANT_DIGITS:
        return said
    return write(said)


def render_listing(listing: Listing) -> bytes:
    """Return ``listing`` as the bytes of a workbook of one sheet, headings frozen and filtered."""
    book = Workbook(write_only=True)
    book.properties.creator = None
    sheet = book.create_sheet(listing.name)
    top = len(listing.notes) + 3
    _lay_out(sheet, listing, top)

    def look(**styles: Any) -> Callable[[str | Decimal], Cell]:
        """Cells of one look share what its first one got: looking it up takes most of the time."""
        first = WriteOnlyCell(sheet)
        for name, style in styles.items():
            setattr(first, name, style)

        def cell(said: str | Decimal) -> Cell:
            made = copy(first)
            if isinstance(said, str):
                put_words(made, said)
            else:
                made.value = said
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
    right = Alignment(horizontal="right", vertical="top")
    numbers = [
        look(font=Font(name=FONT, size=12), alignment=right, number_format=number_format)
        for number_format in NUMBER_FORMATS
    ]
    sheet.append([title(listing.title)])
    for text in listing.notes:
        sheet.append([note(text)])
    sheet.append([])
    # Not every program measures wrapped text when it opens a file.
    lines = _lines([heading for heading, _ in listing.headings], listing)
    if lines > 1:
        sheet.row_dimensions[top].height = min(LEADING * lines, HIGHEST_ROW)
    sheet.append([head(heading) for heading, _ in listing.headings])
    number = top
    for number, row in enumerate(listing.rows, start=top + 1):
        shown = [_as_number(said) for said in row]
        sheet.row_dimensions[number].height = LEADING * min(_lines(shown, listing), 20)
        sheet.append(
            [
                plain(said) if isinstance(said, str) else numbers[min(decimals_of(said), 3)](said)
                for said in shown
            ]
        )
        del sheet.row_dimensions[number]
    last = get_column_letter(len(listing.headings))
    sheet.auto_filter.ref = f"A{top}:{last}{number}"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _lay_out(sheet: Any, listing: Listing, top: int) -> None:
    """Widths, what stays in sight, and paper; ``top`` is the row of headings."""
    for column, (_, width) in enumerate(listing.headings, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"{get_column_letter(listing.frozen + 1)}{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"
    if sum(width for _, width in listing.headings) > _WIDEST_ON_ONE_PAGE:
        # Drawn together into the width of one page its letters would be too small to read.
        sheet.page_setup.scale = _SCALE
        if listing.frozen:
            sheet.print_title_cols = f"A:{get_column_letter(listing.frozen)}"
        return
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


# In characters: at a scale of some 45 in 100, the least that can be read. What is wider goes on on
# further pages, at this scale in 100.
_WIDEST_ON_ONE_PAGE = 330
_SCALE = 65


def _lines(row: Sequence[str | Decimal], listing: Listing) -> int:
    """How many lines a row takes in the widths of its columns."""
    widths = zip(row, listing.headings, strict=True)
    needed = [-(-len(said) // width) for said, (_, width) in widths if isinstance(said, str)]
    return max(needed, default=1) or 1


@dataclass(frozen=True, slots=True)
class ListFormat:
    """One way to write a list; ``extension`` is also its name in addresses. One that ``is_paper``
    is read as it lies there and never filtered."""

    extension: str
    label: str
    content_type: str
    render: Callable[[Listing], bytes]
    is_paper: bool = False


LIST_FORMATS = {
    found.extension: found
    for found in (
        ListFormat("xlsx", "Excel", xlsx.CONTENT_TYPE, render_listing),
        ListFormat("csv", "CSV", csv.CONTENT_TYPE, render_csv),
    )
}
