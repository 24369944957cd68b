"""A list as pages across: bands of columns, one below the other, all of it attached as data."""

from dataclasses import replace
from pathlib import Path

from django.template.loader import render_to_string

from reporting.documents.formats import archival
from reporting.documents.formats.bands import bands
from reporting.documents.formats.listing import Listing, render_csv

STYLESHEET = Path(__file__).with_name("listing.css")
DATA_NAME = "bang-so.csv"
DATA_DESCRIPTION = "Các ô của bảng này"


def render(listing: Listing) -> bytes:
    """Return ``listing`` as a tagged PDF that keeps; headings are repeated on every page."""
    whole = replace(listing, rows=list(listing.rows))
    page = render_to_string(
        "documents/listing.html", {"listing": whole, "bands": list(bands(whole))}
    )
    data = archival.Data(DATA_NAME, DATA_DESCRIPTION, render_csv(whole))
    return archival.archived(page, STYLESHEET, data=data)
