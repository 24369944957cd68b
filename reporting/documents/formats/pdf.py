"""An Appendix as pages of the state's paper, its figures attached as data."""

import re
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

CONTENT_TYPE = archival.CONTENT_TYPE
STYLESHEET = Path(__file__).with_name("appendix.css")
# What the file within the file is called, for programs that list it.
DATA_NAME = "so-lieu.csv"
DATA_DESCRIPTION = "Số liệu của phụ lục này"
# A row with so many letters in a wide cell would leave most of a page white if it were kept whole,
# or not fit any; in a narrow one fewer would.
LONGEST_KEPT_WHOLE = 700
_NARROWER = 3
_LAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A line with what paper asks beyond it: where its narrow cells are broken, and how it stands
    to the break of a page."""

    line: Line
    css: str
    unit: str
    remark: str


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
        yield PaperRow(line, " ".join(css), unit_broken(line.unit), remark_broken(line.remark))


def _is_long(line: Line) -> bool:
    wide, narrow = (line.label, line.remark), (line.stt, line.unit, line.figure.text)
    return (
        max(map(len, wide)) > LONGEST_KEPT_WHOLE
        or max(map(len, narrow)) * _NARROWER > LONGEST_KEPT_WHOLE
    )


def unit_broken(unit: str) -> str:
    """Begin a line with each answer of a choice, and keep its code beside it.

    >>> unit_broken("Trực tuyến = 0 Kết hợp = 2")
    'Trực tuyến\\xa0=\\xa00\\nKết hợp\\xa0=\\xa02'
    """
    answers = re.sub(r"(=\s?\d+) (?=\S)", r"\1\n", unit)
    return re.sub(r" ?= ?(?=\d)", "\u00a0=\u00a0", answers)


def remark_broken(remark: str) -> str:
    """Begin a line with each dash of a list that was written in one line.

    >>> remark_broken("- Sở Nội vụ báo cáo; - Các đơn vị khác (nếu có)")
    '- Sở Nội vụ báo cáo;\\n- Các đơn vị khác (nếu có)'
    """
    return remark.replace(" - ", "\n- ") if remark.startswith("- ") else remark


def together(title: str) -> str:
    """Keep the last words of a title on one line, so that none is left alone.

    >>> together("BÁO CÁO CCHC QUÝ I/2022")
    'BÁO CÁO CCHC\\xa0QUÝ\\xa0I/2022'
    """
    return "\u00a0".join(title.rsplit(" ", _LAST_WORDS - 1))
