"""An Appendix as pages of the state's paper, its figures attached as data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string

from reporting.documents.formats import archival, csv, qr
from reporting.printing.appendix import (
    FIGURE_HEADING,
    SPANNED_HEADING,
    STT_HEADING,
    UNIT_HEADING,
    Appendix,
    Line,
)
from reporting.printing.breaks import broken, together

CONTENT_TYPE = archival.CONTENT_TYPE
STYLESHEET = Path(__file__).with_name("appendix.css")
# What the file within the file is called, for programs that list it.
DATA_NAME = "so-lieu.csv"
DATA_DESCRIPTION = "Số liệu của phụ lục này"
# A row with so many letters in a wide cell would leave most of a page white if it were kept whole,
# or not fit any; in a narrow one fewer would.
LONGEST_KEPT_WHOLE = 700
_NARROWER = 3


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A line with how it looks and stands to the break of a page."""

    line: Line
    css: str


def render(appendix: Appendix) -> bytes:
    """Return ``appendix`` as a tagged PDF that keeps; text is real text in Liberation Serif."""
    data = archival.Data(DATA_NAME, DATA_DESCRIPTION, csv.render(appendix))
    return archival.archived(page(appendix), STYLESHEET, data=data)


def render_leaves(appendix: Appendix) -> bytes:
    """Return the same pages to be bound into a book."""
    return archival.leaves(page(appendix), STYLESHEET)


def page(appendix: Appendix) -> str:
    """Return what is printed, as a page of XML."""
    return render_to_string(
        "documents/appendix.html",
        {
            "appendix": appendix,
            "title": together(appendix.title),
            "issuer": together(appendix.letterhead.issuer) if appendix.letterhead else "",
            "rows": list(_rows(appendix.lines)),
            "is_remarked": any(line.remark for line in appendix.lines),
            "stt_heading": STT_HEADING,
            "spanned_heading": SPANNED_HEADING,
            "unit_heading": UNIT_HEADING,
            "figure_heading": FIGURE_HEADING,
            "picture": qr.svg_address(appendix.mark.address) if appendix.mark else "",
        },
    )


def _rows(lines: Sequence[Line]) -> Iterator[PaperRow]:
    for left, line in zip(range(len(lines), 0, -1), lines, strict=True):
        css = ["bold"] * line.is_bold + ["italic"] * (line.is_italic and not line.is_bold)
        css += ["long"] * _is_long(line)
        css += ["last"] * (left == 1)
        yield PaperRow(broken(line), " ".join(css))


def _is_long(line: Line) -> bool:
    wide, narrow = (line.label, line.remark), (line.stt, line.unit, line.figure.text)
    return (
        max(map(len, wide)) > LONGEST_KEPT_WHOLE
        or max(map(len, narrow)) * _NARROWER > LONGEST_KEPT_WHOLE
    )
