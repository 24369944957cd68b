"""A list as pages across: bands of columns, one below the other."""

from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from reporting.documents.formats.bands import bands
from reporting.documents.formats.listing import Listing

STYLESHEET = Path(__file__).with_name("listing.css")


def render(listing: Listing) -> bytes:
    """Return ``listing`` as a tagged PDF; headings are repeated on every page."""
    fonts, stylesheet = _look()
    html = render_to_string(
        "documents/listing.html", {"listing": listing, "bands": list(bands(listing))}
    )
    document = HTML(string=html).render(stylesheets=[stylesheet], font_config=fonts)
    written: bytes = document.write_pdf(pdf_tags=True)
    return written


@cache
def _look() -> tuple[FontConfiguration, CSS]:
    fonts = FontConfiguration()
    return fonts, CSS(filename=STYLESHEET, font_config=fonts)
