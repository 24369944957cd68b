"""The formats of a list that is also read on paper."""

from reporting.documents.formats import list_docx, list_pdf, pdf
from reporting.documents.formats.listing import LIST_FORMATS, ListFormat

# A PDF takes a millisecond for each cell, and a web worker while it does.
MOST_PDF_CELLS = 5_000

PRINTED_LIST_FORMATS = {
    found.extension: found
    for found in (
        LIST_FORMATS["xlsx"],
        ListFormat("docx", "Word", list_docx.CONTENT_TYPE, list_docx.render, is_paper=True),
        ListFormat("pdf", "PDF", pdf.CONTENT_TYPE, list_pdf.render, is_paper=True),
        LIST_FORMATS["csv"],
    )
}
