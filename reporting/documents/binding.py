"""Appendices bound together: one PDF with contents and bookmarks, or a zip of their files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.template.loader import render_to_string
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    TextStringObject,
)

from reporting.documents.formats.archival import leaves
from reporting.documents.stamping import stamp

STYLESHEET = Path(__file__).with_name("contents.css")
# How an address of the contents page says «page so many of this book».
_PAGE = "trang:"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One appendix of a book: its agency, and the PDF of its pages."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Chapter:
    """The appendices by one form."""

    title: str
    leaves: Sequence[Leaf]


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What stands above the contents."""

    title: str
    subtitle: str
    notice: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """A leaf in the contents: how many pages it has, and on which of the book it begins."""

    name: str
    pages: int
    first: int


@dataclass(frozen=True, slots=True)
class _Entries:
    title: str
    leaves: Sequence[_Entry]


def bind(target: IO[bytes], page: TitlePage, chapters: Sequence[Chapter]) -> None:
    """Write a PDF: the contents, then every appendix as it is by itself, with a bookmark for each
    and, where there are several forms, for each form. Pages are counted through from 1 and say so,
    at the bottom left."""
    book = PdfWriter()
    entries = [
        _Entries(one.title, [_append(book, leaf) for leaf in one.leaves]) for one in chapters
    ]
    contents = _contents(page, entries)
    length = len(contents.pages)
    book.merge(0, contents, import_outline=False)
    pages = list(book.pages)
    _link(pages, length)
    stamp(book, pages)
    _bookmark(book, [_moved(one, by=length) for one in entries])
    book.set_page_label(0, len(pages) - 1, style=PageLabelStyle.DECIMAL)
    book.page_mode = "/UseOutlines"
    book.add_metadata({"/Title": f"{page.title} – {page.subtitle}"})
    root = book.root_object
    root[NameObject("/Lang")] = TextStringObject("vi")
    root[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    book.write(target)


def _append(book: PdfWriter, leaf: Leaf) -> _Entry:
    """Append the pages of a leaf; its first page is counted without the contents."""
    before = len(book.pages)
    book.append(leaf.path, import_outline=False)
    return _Entry(leaf.name, len(book.pages) - before, before + 1)


def _moved(chapter: _Entries, *, by: int) -> _Entries:
    return replace(chapter, leaves=[replace(one, first=one.first + by) for one in chapter.leaves])


def _contents(page: TitlePage, entries: Sequence[_Entries]) -> PdfReader:
    """Return the contents. How many pages they take moves all that they tell; the numbers
    themselves move no line."""
    length = 1
    while True:
        found = _drawn(page, [_moved(one, by=length) for one in entries])
        if len(found.pages) <= length:
            return found
        length = len(found.pages)


def _drawn(page: TitlePage, entries: Sequence[_Entries]) -> PdfReader:
    html = render_to_string(
        "documents/contents.html",
        {
            "title": page.title,
            "subtitle": page.subtitle,
            "notice": page.notice,
            "chapters": entries,
        },
    )
    return PdfReader(BytesIO(leaves(html, STYLESHEET)))


def _link(pages: Sequence[PageObject], length: int) -> None:
    """Have what the contents name lead to its page."""
    for page in pages[:length]:
        for reference in page.get("/Annots", ()):
            link = reference.get_object()
            address = str(link.get("/A", {}).get("/URI", ""))
            if address.startswith(_PAGE):
                goal = pages[int(address.removeprefix(_PAGE)) - 1].indirect_reference
                del link["/A"]
                link[NameObject("/Dest")] = _top_of(goal)


def _top_of(page: IndirectObject | None) -> ArrayObject:
    whole = [NullObject(), NullObject(), NullObject()]
    return ArrayObject([page or NullObject(), NameObject("/XYZ"), *whole])


def _bookmark(book: PdfWriter, chapters: Sequence[_Entries]) -> None:
    book.add_outline_item(title="Mục lục", page_number=0)
    for chapter in chapters:
        parent = None
        if len(chapters) > 1:
            parent = book.add_outline_item(
                title=chapter.title, page_number=chapter.leaves[0].first - 1
            )
        for leaf in chapter.leaves:
            book.add_outline_item(title=leaf.name, page_number=leaf.first - 1, parent=parent)


def zip_together(target: IO[bytes], files: Iterable[tuple[str, bytes]], *, at: datetime) -> None:
    """Write a zip of ``files``, each under its name and of the local time ``at``: the same files of
    the same time make the same zip."""
    with ZipFile(target, "w") as archive:
        for name, content in files:
            info = ZipInfo(name, at.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, content)


def numbered(names: Iterable[str]) -> Sequence[str]:
    """Return ``names`` with those numbered that some system would take for one before.

    >>> numbered(["a.pdf", "A.pdf", "b.pdf"])
    ['a.pdf', 'A_2.pdf', 'b.pdf']
    """
    taken: set[str] = set()
    found = []
    for name in names:
        stem, dot, extension = name.rpartition(".")
        free, number = name, 2
        while free.lower() in taken:
            free, number = f"{stem}_{number}{dot}{extension}", number + 1
        taken.add(free.lower())
        found.append(free)
    return found
