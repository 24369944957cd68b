"""How a PDF tells its parts to who does not see it, put right where the renderer falls short."""

from collections.abc import Iterator
from typing import Any

import pydyf

_POINTS = 0.75  # of a pixel, in which the renderer says where a picture is


class Structure:
    """The parts of one PDF before it is written."""

    def __init__(self, made: Any) -> None:
        self._objects = made.objects
        root = self._at(made.catalog["StructTreeRoot"])
        self._document = self._at(root["K"][0])
        pages: list[bytes] = list(made.page_references)
        # Which part each piece of a page's text belongs to, by the page.
        self._owners = dict(zip(pages, self._at(root["ParentTree"])["Nums"][1::2], strict=False))

    def settle(self) -> None:
        """Let each part hold its words itself, head columns by their headings, say where pictures
        are, and leave what stands in the margins to the eye."""
        inside = set(self._document["K"])
        for found in list(self._objects):
            if type(found) is not pydyf.Dictionary or found.get("Type") != "/StructElem":
                continue
            match found["S"]:
                case "/Span":
                    self._merge(found)
                case "/TH":
                    # Scope says it all; the renderer's own ties go astray below a spanned heading.
                    found["A"]["Scope"] = "/Column"
                    found.pop("ID", None)
                case "/TD":
                    found["A"].pop("Headers", None)
                case "/Figure":
                    self._place(found)
                case _:
                    continue
        for found in list(self._objects):
            if _is_margin(found, self._document.reference) and found.reference not in inside:
                self._set_apart(found)

    def _merge(self, span: Any) -> None:
        """A line of words is no part of its own: half of all objects are such."""
        match span["K"]:
            case [int(piece)]:
                pass
            case _:
                return
        part = self._at(span["P"])
        part["K"][part["K"].index(span.reference)] = piece
        self._owners[span["Pg"]][piece] = part.reference
        self._drop(span)

    def _place(self, picture: Any) -> None:
        """Say where a picture is as PDF measures: in points, from the foot of the page."""
        left, top, right, bottom = (_POINTS * side for side in picture["A"]["BBox"])
        height = self._at(picture["Pg"])["MediaBox"][3]
        picture["A"]["BBox"] = pydyf.Array((left, height - bottom, right, height - top))

    def _set_apart(self, margin: Any) -> None:
        """What stands in a margin belongs to the page and is not read with the text."""
        stream = self._at(self._at(margin["Pg"])["Contents"]).stream
        pieces = set(self._pieces(margin))
        for at, said in enumerate(stream):
            if type(said) is pydyf.Dictionary and said.get("MCID") in pieces:
                stream[at - 1] = "/Artifact"
                stream[at] = pydyf.Dictionary({"Type": "/Pagination"})
        for piece in pieces:
            self._owners[margin["Pg"]][piece] = b"null"

    def _pieces(self, part: Any) -> Iterator[int]:
        """Yield the pieces of text below a part, which goes out."""
        for kid in part["K"]:
            if isinstance(kid, int):
                yield kid
            else:
                yield from self._pieces(self._at(kid))
        self._drop(part)

    def _at(self, reference: bytes) -> Any:
        return self._objects[int(reference.split()[0])]

    def _drop(self, found: Any) -> None:
        self._objects[found.number] = Nothing(found.number)


def _is_margin(found: Any, document: bytes) -> bool:
    return type(found) is pydyf.Dictionary and found.get("P") == document


class Nothing(pydyf.Object):
    """What stands for an object that nobody names any more: the others keep their numbers."""

    data = b"null"

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
