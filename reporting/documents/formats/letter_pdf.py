"""A Letter as pages of the state's paper."""

from pathlib import Path

from django.template.loader import render_to_string

from reporting.documents.formats import archival
from reporting.documents.formats.pdf import LONGEST_KEPT_WHOLE
from reporting.printing.breaks import together
from reporting.printing.letter import Letter

CONTENT_TYPE = archival.CONTENT_TYPE
STYLESHEET = Path(__file__).with_name("letter.css")


def render(letter: Letter) -> bytes:
    """Return ``letter`` as a tagged PDF that keeps."""
    issuer = together(letter.letterhead.issuer)
    rows = letter.table.rows if letter.table else ()
    html = render_to_string(
        "documents/letter.html",
        {
            "letter": letter,
            "issuer": issuer,
            "rows": [(row, max(map(len, row)) > LONGEST_KEPT_WHOLE) for row in rows],
        },
    )
    return archival.archived(html, STYLESHEET)
