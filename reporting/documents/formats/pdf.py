"""An Appendix as a PDF page of the state's paper."""

from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from reporting.printing.appendix import (
    FIGURE_HEADING,
    SPANNED_HEADING,
    STT_HEADING,
    UNIT_HEADING,
    Appendix,
)

CONTENT_TYPE = "application/pdf"
STYLESHEET = Path(__file__).with_name("appendix.css")


def render(appendix: Appendix) -> bytes:
    """Return ``appendix`` as a tagged PDF; text is real text in Liberation Serif."""
    written: bytes = _document(appendix).write_pdf(pdf_tags=True)
    return written


def render_leaves(appendix: Appendix) -> bytes:
    """Return the same pages to be bound into a book: without the tags, which only a file of its own
    can have, and which take most of the time to read again."""
    written: bytes = _document(appendix).write_pdf()
    return written


def _document(appendix: Appendix) -> Document:
    html = render_to_string(
        "documents/appendix.html",
        {
            "appendix": appendix,
            "stt_heading": STT_HEADING,
            "spanned_heading": SPANNED_HEADING,
            "unit_heading": UNIT_HEADING,
            "figure_heading": FIGURE_HEADING,
        },
    )
    fonts, stylesheet = _look()
    return HTML(string=html).render(stylesheets=[stylesheet], font_config=fonts)


@cache
def _look() -> tuple[FontConfiguration, CSS]:
    """Read stylesheet and fonts once a process; the fonts are the system's."""
    fonts = FontConfiguration()
    return fonts, CSS(filename=STYLESHEET, font_config=fonts)
