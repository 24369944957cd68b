"""The running number of each page of a book, small at the bottom left of pages drawn elsewhere."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

from reporting.documents.formats.archival import leaves

STYLESHEET = Path(__file__).with_name("contents.css")
# No renderer calls a font of its own so.
_FONT = NameObject("/QuyenTrang")
_SIZE = 8
# In points from the left and from below: where the text begins, on the line of the report's code.
_PLACE = 85, 38
# All the signs that a stamp has.
_SIGNS = "Quyển, trang 0123456789/"
_SAME = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>")


@dataclass(frozen=True, slots=True)
class _Font:
    """The font of the pages, with the number in it of each sign that a stamp has."""

    font: DictionaryObject
    glyphs: Mapping[str, str]

    def drawn(self, words: str) -> str:
        return "".join(self.glyphs[sign] for sign in words)


def stamp(book: PdfWriter, pages: Sequence[PageObject]) -> None:
    """Number all ``pages`` of a book. What is drawn on them stays as it is: it is put between two
    marks that undo what it has changed, and the number comes after."""
    font = _font()
    ours = book._add_object(font.font.clone(book))
    before = _added(book, b"q")
    for number, page in enumerate(pages, start=1):
        words = f"Quyển, trang {number}/{len(pages)}"
        x, y = _PLACE
        after = f"Q BT {_FONT} {_SIZE} Tf 0 g {x} {y} Td <{font.drawn(words)}> Tj ET"
        # Whatever the leaf has, one or several pieces, is known by what it refers to.
        drawn = page.raw_get("/Contents")
        pieces: Iterable[object] = drawn if isinstance(drawn, ArrayObject) else [drawn]
        page[NameObject("/Contents")] = ArrayObject(
            [before, *pieces, _added(book, after.encode("ascii"))]
        )
        _fonts(page)[_FONT] = ours


def _added(book: PdfWriter, content: bytes) -> object:
    stream = DecodedStreamObject()
    stream.set_data(content)
    return book._add_object(stream)


def _fonts(page: PageObject) -> DictionaryObject:
    resources = cast(DictionaryObject, page["/Resources"])
    if "/Font" not in resources:
        resources[NameObject("/Font")] = DictionaryObject()
    return cast(DictionaryObject, resources["/Font"])


def _font() -> _Font:
    """Return the pages' own font with the few signs of a stamp: the renderer draws a page of them
    and lists which number in the font is which sign."""
    page = f"<html lang='vi'><head><title>x</title></head><body><p>{_SIGNS}</p></body></html>"
    drawn = PdfReader(BytesIO(leaves(page, STYLESHEET))).pages[0]
    [font] = (one.get_object() for one in _fonts(drawn).values())
    listed = font["/ToUnicode"].get_object().get_data()
    glyphs = {chr(int(sign, 16)): glyph.decode() for glyph, sign in _SAME.findall(listed)}
    return _Font(font, glyphs)
