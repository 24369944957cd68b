"""A sheet of a workbook that lists things beside its table: heading, columns and paper."""

from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter

from reporting.documents.formats.workbook import (
    LEADING,
    Book,
    Writer,
    lay_out,
    printed_lines,
)
from reporting.printing.appendix import Appendix


class ListSheet:
    """The sheet in the making; ``headings`` are its columns, each with its width in characters."""

    def __init__(
        self,
        book: Book,
        name: str,
        headings: Mapping[str, int],
        *,
        title: str,
        appendix: Appendix,
        notes: Sequence[str] = (),
    ) -> None:
        self.write: Writer = book.sheet(name)
        self._widths = list(headings.values())
        self.heading_row = self._top(title, appendix, notes)
        self.last = self.heading_row
        for column, heading in enumerate(headings, start=1):
            self.write.words(self.heading_row, column, heading, "head")
        self.write.height(self.heading_row, 2 * LEADING)

    def _top(self, title: str, appendix: Appendix, notes: Sequence[str]) -> int:
        """Write what stands above the list; return the row of its headings."""
        row = 1
        texts = (appendix.title, appendix.notice, *notes)
        for text, style in ((title, "top"), *((text, "legal") for text in texts)):
            if text:
                self.write.across(row, 1, len(self._widths), text, style)
                self.write.height(row, 19 * printed_lines(text, int(sum(self._widths) * 0.8)))
                row += 1
        return row + 1

    def row_for(self, *texts: str) -> int:
        """Return the next row, as high as ``texts``, one for each column, need it."""
        self.last += 1
        lines = max(
            printed_lines(text, width) for text, width in zip(texts, self._widths, strict=True)
        )
        self.write.height(self.last, LEADING * lines)
        return self.last

    def finish(self) -> None:
        """Lay the sheet out: across, headings frozen, repeated and filtered."""
        sheet, heading = self.write.sheet, self.heading_row
        letters = [get_column_letter(column) for column in range(1, len(self._widths) + 1)]
        widths = dict(zip(letters, self._widths, strict=True))
        lay_out(sheet, widths, headings=(heading, heading), last=self.last)
        sheet.auto_filter.ref = f"A{heading}:{letters[-1]}{self.last}"
        sheet.page_setup.orientation = "landscape"
        # Else its pages are counted on from those of the appendix.
        sheet.page_setup.firstPageNumber = 1
        sheet.page_setup.useFirstPageNumber = True
        margins = sheet.page_margins
        margins.top, margins.bottom, margins.left, margins.right = 0.79, 0.79, 0.6, 0.6
