"""A list wider than paper, in bands and as a PDF."""

from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pypdf
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reporting.documents.formats import list_pdf
from reporting.documents.formats.bands import PAGE, bands
from reporting.documents.formats.listing import Listing, render_listing

HOSTILE = '<script>alert(1)</script> =HYPERLINK("http://x") & "Đ"'


def listing(*widths: int, frozen: int = 1, rows: int = 2) -> Listing:
    return Listing(
        name="Bảng số",
        title="Bảng số của các đơn vị",
        notes=[HOSTILE],
        headings=[(f"Cột {place}", width) for place, width in enumerate(widths)],
        rows=[
            [f"Đơn vị {row}", *[Decimal(1000 * row + place) for place in range(1, len(widths))]]
            for row in range(rows)
        ],
        frozen=frozen,
    )


def headings(*widths: int, frozen: int = 1) -> list[list[str]]:
    return [list(band.headings) for band in bands(listing(*widths, frozen=frozen))]


def test_columns_go_on_below_with_those_that_stay_in_sight() -> None:
    assert headings(80, 45, 45, 45, 55) == [
        ["Cột 0", "Cột 1", "Cột 2"],
        ["Cột 0", "Cột 3"],
        ["Cột 0", "Cột 4"],
    ]


def test_a_list_as_wide_as_paper_is_one_band() -> None:
    assert headings(80, 45, 45) == [["Cột 0", "Cột 1", "Cột 2"]]


def test_a_column_wider_than_paper_has_a_band_of_its_own_and_no_more_than_the_page() -> None:
    found = list(bands(listing(20, 1000, 20)))
    assert [list(band.headings) for band in found] == [["Cột 0", "Cột 1"], ["Cột 0", "Cột 2"]]
    assert found[0].widths[1] <= PAGE


def test_no_column_is_lost_and_none_but_the_first_is_twice() -> None:
    found = headings(38, *[18] * 40)
    assert sorted(name for band in found for name in band[1:]) == sorted(
        f"Cột {place}" for place in range(1, 41)
    )


def test_every_band_has_every_row_and_numbers_are_written_as_people_write_them() -> None:
    found = list(bands(listing(80, 45, 45, 45, rows=3)))
    assert [[said.text for said in row] for row in found[1].rows] == [
        ["Đơn vị 0", "3"],
        ["Đơn vị 1", "1.003"],
        ["Đơn vị 2", "2.003"],
    ]
    assert [said.is_number for said in found[1].rows[0]] == [False, True]


@pytest.fixture(scope="module")
def pdf() -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(list_pdf.render(listing(80, 45, 45, 45, rows=60))))


def test_a_pdf_holds_the_cells_and_repeats_headings(pdf: pypdf.PdfReader) -> None:
    pages = [page.extract_text() for page in pdf.pages]
    assert len(pages) > 2
    for text in pages:
        assert "Cột 0" in text
    assert "59.003" in pages[-1]


def test_words_of_people_are_words_in_a_pdf(pdf: pypdf.PdfReader) -> None:
    assert "<script>alert(1)</script>" in pdf.pages[0].extract_text()


def test_a_pdf_lies_across(pdf: pypdf.PdfReader) -> None:
    box = pdf.pages[0].mediabox
    assert box.width > box.height


def fits_pages(sheet: Worksheet) -> bool:
    setup = sheet.sheet_properties.pageSetUpPr
    return setup is not None and bool(setup.fitToPage)


def test_a_workbook_of_many_columns_goes_on_on_further_pages() -> None:
    wide = load_workbook(BytesIO(render_listing(listing(38, *[18] * 40)))).worksheets[0]
    assert not fits_pages(wide)
    assert (wide.print_title_cols, wide.page_setup.scale) == ("$A:$A", 65)
    narrow = load_workbook(BytesIO(render_listing(listing(38, 18)))).worksheets[0]
    assert fits_pages(narrow)
    assert narrow.print_title_cols is None


def test_a_workbook_of_a_list_names_no_program_as_its_author() -> None:
    workbook = ZipFile(BytesIO(render_listing(listing(10))))
    assert b"openpyxl" not in workbook.read("docProps/core.xml")
