"""What an answer says, in its page and in its files; and whose marks it bears."""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile, is_zipfile

from pypdf import PdfReader

from tests.two_provinces import FIGURES, MARK

FIGURE = "figure"


def words_of(response: Any) -> Iterator[str]:
    """Yield all that an answer says: its heads, its page, what is in its files."""
    yield unquote(str(response.headers))
    content = b"".join(response) if response.streaming else response.content
    yield from words_in(content)


def words_in(content: bytes) -> Iterator[str]:
    if content.startswith(b"%PDF") and b"%%EOF" in content:
        yield "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    elif is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as package:
            for one in package.infolist():
                yield one.filename
                yield from words_in(package.read(one))
    else:
        text = unescape(content.decode(errors="replace"))
        yield text
        yield re.sub(r"<[^>]+>", "", text)  # a word may be cut by what is between its letters


def marks_in(response: Any) -> set[tuple[str, str]]:
    """Return whose marks an answer bears, and of what."""
    found = set()
    for text in words_of(response):
        close = re.sub(r"\s", "", text)
        found |= {(one[1].lower(), one[2].lower()) for one in MARK.finditer(close)}
        digits = close.replace(".", "")
        found |= {(whose, FIGURE) for whose, figure in FIGURES.items() if figure in digits}
    return found
