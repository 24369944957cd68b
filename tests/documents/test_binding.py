"""Appendices bound into one PDF, and into a zip."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import Destination

from reporting.documents.binding import (
    Chapter,
    Leaf,
    TitlePage,
    bind,
    numbered,
    zip_together,
)
from reporting.documents.formats.pdf import render_leaves
from tests.documents.conftest import poppler
from tests.reporting.books_by_hand import small_appendix

PAGE = TitlePage("Phụ lục của các đơn vị, Tỉnh Minh Họa", "Báo cáo quý I năm 2026", "3 phụ lục.")
LONG = "Ban Quản lý dự án đầu tư xây dựng các công trình dân dụng, công nghiệp và phát triển " * 3


@pytest.fixture(scope="module")
def leaves(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Leaf]:
    """Three appendices, the second of several pages."""
    folder = tmp_path_factory.mktemp("leaves")
    found = []
    for number, (name, lines) in enumerate(((LONG, 2), ("Sở Y tế", 90), ("UBND xã An", 2))):
        path = folder / f"{number}.pdf"
        path.write_bytes(render_leaves(small_appendix(name, lines=lines)))
        found.append(Leaf(name, path))
    return found


def bound(*chapters: Chapter) -> PdfReader:
    target = BytesIO()
    bind(target, PAGE, chapters)
    return PdfReader(target)


def unstamped(page: PageObject) -> str:
    """Return what stands on a page besides its number in the book."""
    [said] = re.findall(r"(.*?)\s*Quyển, trang \d+/\d+$", page.extract_text(), re.DOTALL)
    return str(said)


def words(reader: PdfReader, number: int) -> str:
    return " ".join(reader.pages[number].extract_text().split())


def flat(outline: object) -> Iterator[Destination]:
    assert isinstance(outline, list)
    for one in outline:
        if isinstance(one, Destination):
            yield one
        else:
            yield from flat(one)


def test_the_contents_say_on_which_page_each_agency_begins(leaves: Sequence[Leaf]) -> None:
    book = bound(Chapter("Phụ lục 2 – PL2", leaves[:2]), Chapter("Phụ lục 3 – PL3", leaves[2:]))
    contents = words(book, 0)
    assert contents.startswith(f"{PAGE.title} {PAGE.subtitle} {PAGE.notice} MỤC LỤC")
    middle = len(PdfReader(leaves[1].path).pages)
    assert middle > 1
    assert f"1 {' '.join(LONG.split())} 1 2" in contents
    assert f"2 Sở Y tế {middle} 3" in contents
    assert f"Phụ lục 3 – PL3 STT Đơn vị Số trang Từ trang 1 UBND xã An 1 {3 + middle}" in contents
    assert len(book.pages) == 1 + 1 + middle + 1
    assert "THỐNG KÊ CỦA UBND XÃ AN" in words(book, 2 + middle)


def test_every_page_is_as_in_the_appendix_by_itself(leaves: Sequence[Leaf]) -> None:
    book = bound(Chapter("PL2", leaves))
    alone = [page.extract_text() for leaf in leaves for page in PdfReader(leaf.path).pages]
    assert [unstamped(page) for page in book.pages[1:]] == alone


def test_every_page_bears_the_number_that_the_contents_give(
    leaves: Sequence[Leaf], tmp_path: Path
) -> None:
    wide = tmp_path / "wide.pdf"
    wide.write_bytes(render_leaves(replace(small_appendix("Sở Nội vụ"), is_wide=True)))
    path = tmp_path / "book.pdf"
    with path.open("wb") as target:
        bind(target, PAGE, [Chapter("PL2", [*leaves, Leaf("Sở Nội vụ", wide)])])
    count = len(PdfReader(path).pages)
    for number in range(1, count + 1):
        left_below = ["-x", "70", "-W", "140", "-H", "60"]
        page = ["-f", f"{number}", "-l", f"{number}"]
        below = "535" if number == count else "782"
        said = poppler("pdftotext", *page, *left_below, "-y", below, path, "-")
        assert said.strip() == f"Quyển, trang {number}/{count}"
    fonts = poppler("pdffonts", path).splitlines()[2:]
    assert all("LiberationSerif" in one.replace("-", "") for one in fonts)
    assert all(re.search(r"Identity-H\s+yes yes yes", one) for one in fonts)


def test_a_leaf_has_the_pages_of_the_file(leaves: Sequence[Leaf], tmp_path: Path) -> None:
    from reporting.documents.formats.pdf import render  # noqa: PLC0415

    file = tmp_path / "file.pdf"
    file.write_bytes(render(small_appendix("Sở Y tế", lines=90)))
    assert poppler("pdftotext", "-layout", file, "-") == (
        poppler("pdftotext", "-layout", leaves[1].path, "-")
    )


def test_bookmarks_and_links_of_the_contents_lead_to_the_same_pages(
    leaves: Sequence[Leaf],
) -> None:
    book = bound(Chapter("PL2", leaves[:2]), Chapter("PL3", leaves[2:]))
    places = {str(one.title): book.get_destination_page_number(one) for one in flat(book.outline)}
    first = 2 + len(PdfReader(leaves[1].path).pages)
    assert places == {
        "Mục lục": 0, "PL2": 1, LONG: 1, "Sở Y tế": 2, "PL3": first, "UBND xã An": first,
    }  # fmt: skip
    links = [link.get_object() for link in book.pages[0].annotations or ()]
    assert {book.get_page_number(link["/Dest"][0].get_object()) for link in links} == {1, 2, first}
    assert not any("/A" in link for link in links)  # none leads out of the book


def test_of_one_form_the_bookmarks_are_the_agencies(leaves: Sequence[Leaf]) -> None:
    book = bound(Chapter("PL2", leaves))
    assert [str(one.title) for one in flat(book.outline)] == [
        "Mục lục",
        *(leaf.name for leaf in leaves),
    ]


def test_contents_of_several_pages_count_themselves(leaves: Sequence[Leaf]) -> None:
    many = [Leaf(f"UBND xã số {number}", leaves[2].path) for number in range(1, 101)]
    book = bound(Chapter("PL3", many))
    length = len(book.pages) - 100
    assert length > 1
    assert f"1 UBND xã số 1 1 {length + 1} 2 UBND xã số 2 1 {length + 2}" in words(book, 0)
    assert f"100 UBND xã số 100 1 {length + 100}" in words(book, length - 1)
    assert "THỐNG KÊ CỦA UBND XÃ AN" in words(book, length)


def test_the_book_says_what_it_is_and_opens_with_its_bookmarks(leaves: Sequence[Leaf]) -> None:
    book = bound(Chapter("PL2", leaves))
    assert book.metadata is not None
    assert book.metadata.title == f"{PAGE.title} – {PAGE.subtitle}"
    assert book.page_mode == "/UseOutlines"
    assert str(book.root_object["/Lang"]) == "vi"
    assert list(book.page_labels) == [str(number + 1) for number in range(len(book.pages))]


def test_markup_in_a_name_stays_words(leaves: Sequence[Leaf]) -> None:
    book = bound(Chapter("<b>PL2</b>", [Leaf("<script>x</script> & Sở", leaves[0].path)]))
    assert "<b>PL2</b>" in words(book, 0)
    assert "<script>x</script> & Sở" in words(book, 0)


def test_a_zip_has_each_file_under_its_name_and_of_its_time() -> None:
    files = [(name, name.encode()) for name in ("a.xlsx", "A_2.xlsx", "b.xlsx")]
    target = BytesIO()
    zip_together(target, files, at=datetime(2026, 4, 7, 9, 5, 42))
    with ZipFile(target) as archive:
        assert archive.testzip() is None
        assert {one.date_time for one in archive.infolist()} == {(2026, 4, 7, 9, 5, 42)}
        assert [(name, archive.read(name)) for name in archive.namelist()] == files


def test_names_that_some_system_takes_for_one_are_told_apart() -> None:
    assert numbered(["a.pdf", "A.pdf", "a.pdf", "a_2.pdf", "b"]) == [
        "a.pdf",
        "A_2.pdf",
        "a_3.pdf",
        "a_2_2.pdf",
        "b",
    ]
