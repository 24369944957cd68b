"""A list as a Word file: bands of columns on pages across, one below the other."""

from collections.abc import Iterator

from reporting.documents.formats.bands import Band, bands
from reporting.documents.formats.listing import Listing
from reporting.documents.formats.word import (
    CONTENT_TYPE,
    WordFile,
    cell,
    columns,
    paragraph,
    row,
    runs,
    table,
)

__all__ = ["CONTENT_TYPE", "render"]


def render(listing: Listing) -> bytes:
    """Return ``listing`` as the bytes of a Word file; headings are repeated on every page."""
    file = WordFile(title=listing.title, is_wide=True)
    file.add(paragraph(runs(listing.title), "title"))
    file.add(*(paragraph(runs(note), "notice") for note in listing.notes))
    for band in bands(listing):
        file.add(paragraph("", "notice"), _table(band, listing.title))
    return file.content()


def _table(band: Band, name: str) -> str:
    widths = columns(*band.widths)
    heads = (
        cell(width, paragraph(runs(heading), "list-head"))
        for width, heading in zip(widths, band.headings, strict=True)
    )
    return table(
        widths, [row(*heads, is_heading=True), *_rows(band, widths)], has_grid=True, name=name
    )


def _rows(band: Band, widths: tuple[int, ...]) -> Iterator[str]:
    for said in band.rows:
        yield row(
            *(
                cell(
                    width,
                    paragraph(runs(one.text), "list-figure" if one.is_number else "list-cell"),
                )
                for width, one in zip(widths, said, strict=True)
            )
        )
