"""The formats of letters: each turns a Letter into bytes."""

from collections.abc import Callable
from dataclasses import dataclass

from reporting.documents.formats import letter_docx, letter_pdf
from reporting.printing.letter import Letter


@dataclass(frozen=True, slots=True)
class LetterFormat:
    """One way to write a Letter; ``extension`` is also its name in addresses."""

    extension: str
    label: str
    content_type: str
    render: Callable[[Letter], bytes]


LETTER_FORMATS = {
    found.extension: found
    for found in (
        LetterFormat("docx", "Word", letter_docx.CONTENT_TYPE, letter_docx.render),
        LetterFormat("pdf", "PDF", letter_pdf.CONTENT_TYPE, letter_pdf.render),
    )
}
