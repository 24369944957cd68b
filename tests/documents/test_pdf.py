"""The paper: what stands on which page, read back by poppler and pypdf."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest

from reporting.documents.formats import csv, pdf
from reporting.printing.appendix import Appendix, Letterhead, Mark, Paper, on_paper
from reporting.printing.cells import PrintedCell
from tests.documents.conftest import Pdf, poppler
from tests.documents.readers import pdf_tables, squeezed
from tests.documents.test_formats import EVERY, Appendices
from tests.golden import BIEU_7, CONG_THUONG, SON_LIEN

pytestmark = pytest.mark.django_db

HEAD = Letterhead(
    "UBND HUYỆN SƠN TÂY",
    "ỦY BAN NHÂN DÂN XÃ SƠN LIÊN",
    "Số: 24/BC-UBND",
    "Sơn Liên, ngày 10 tháng 3 năm 2022",
)
MARK = Mark("SL7-2QF-9TX", "https://cchc.example.vn/kiem-chung/SL7-2QF-9TX/")
A4 = (595.28, 841.89)


@pytest.fixture
def form(appendices: Appendices) -> Appendix:
    return appendices[BIEU_7]


def written(path: Path, appendix: Appendix) -> Path:
    path.write_bytes(pdf.render(appendix))
    return path


def page_text(path: Path, page: int) -> str:
    """Return what stands on one page, without its space."""
    number = str(page)
    return squeezed(poppler("pdftotext", "-f", number, "-l", number, path, "-"))


@pytest.mark.parametrize("name", [BIEU_7, "round"])
def test_the_attached_data_are_the_csv_of_the_same_appendix(
    appendices: Appendices, pdf_file: Pdf, name: str
) -> None:
    read = pypdf.PdfReader(pdf_file(name))
    assert read.attachments == {"so-lieu.csv": [csv.render(appendices[name])]}


def test_the_same_appendix_is_the_same_file(form: Appendix) -> None:
    assert pdf.render(form) == pdf.render(form)


@pytest.mark.parametrize("name", EVERY)
def test_the_signature_stands_with_the_last_rows(
    appendices: Appendices, pdf_file: Pdf, name: str
) -> None:
    path = pdf_file(name)
    pages = len(pypdf.PdfReader(path).pages)
    assert len(pdf_tables(path)[-1].body) >= 2
    assert len(pdf_tables(path)) == pages
    assert squeezed(appendices[name].signature.signer_title) in page_text(path, pages)
    assert "NGƯỜILẬPBIỂU" not in page_text(path, pages - 1)


def test_a_signature_that_finds_no_room_takes_two_rows_along(
    tmp_path: Path, form: Appendix
) -> None:
    """However many rows stand above it, it is never alone on its page."""
    line = replace(form.lines[2], label="Một dòng")
    for rows in range(24, 40):
        path = written(tmp_path / f"{rows}.pdf", replace(form, lines=[line] * rows))
        assert len(pdf_tables(path)[-1].body) >= 2, rows
        assert len(pdf_tables(path)) == len(pypdf.PdfReader(path).pages)


def test_no_section_begins_at_the_foot_of_a_page(appendices: Appendices, pdf_file: Pdf) -> None:
    bold = {squeezed(line.label) for line in appendices[CONG_THUONG].lines if line.is_bold}
    tables = pdf_tables(pdf_file(CONG_THUONG))
    assert len(bold) == 7
    assert not bold & {squeezed(table.body[-1][1]) for table in tables}


def test_across_the_page_lies_and_says_the_same(tmp_path: Path, form: Appendix) -> None:
    path = written(tmp_path / "wide.pdf", replace(form, is_wide=True))
    for page in pypdf.PdfReader(path).pages:
        assert [float(side) for side in page.mediabox[2:]] == pytest.approx(A4[::-1], abs=0.01)
    tables = pdf_tables(path)
    assert all(table.head[0][0] == "STT" for table in tables)
    assert [squeezed(row[1]) for table in tables for row in table.body] == [
        squeezed(line.label) for line in form.lines
    ]


def test_a_whole_document_begins_with_the_state_and_who_issues_it(
    tmp_path: Path, appendices: Appendices
) -> None:
    paper = Paper(is_document=True)
    path = written(tmp_path / "whole.pdf", on_paper(appendices[SON_LIEN], paper, HEAD))
    text = page_text(path, 1)
    above, below = text.split("Phụlục2", 1)
    for words in (
        HEAD.above,
        HEAD.issuer,
        HEAD.number,
        HEAD.place_and_date,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ):
        assert squeezed(words) in above
    assert squeezed(HEAD.place_and_date) not in below


def test_an_appendix_of_a_document_has_no_letterhead(pdf_file: Pdf) -> None:
    assert page_text(pdf_file(SON_LIEN), 1).startswith("Phụlục2")


def test_the_mark_stands_at_the_end_and_its_code_on_every_page(
    tmp_path: Path, form: Appendix
) -> None:
    path = written(tmp_path / "marked.pdf", replace(form, mark=MARK))
    code = f"Mãkiểmchứng{MARK.code}"
    pages = [page_text(path, number) for number in range(1, 3)]
    assert [page.count(code) for page in pages] == [1, 2]
    assert MARK.address in pages[1]
    assert "Figure" in poppler("pdfinfo", "-struct", path)


def test_what_does_not_count_says_so_on_every_page(tmp_path: Path, form: Appendix) -> None:
    draft = replace(form, mark=MARK, standing="Bản chưa duyệt")
    path = written(tmp_path / "draft.pdf", draft)
    for number in range(1, len(pypdf.PdfReader(path).pages) + 1):
        assert f"Bảnchưaduyệt·Mãkiểmchứng{MARK.code}" in page_text(path, number)


def test_a_file_without_a_mark_has_no_code(pdf_file: Pdf) -> None:
    assert "kiểmchứng" not in page_text(pdf_file(BIEU_7), 2)
    assert "Figure" not in poppler("pdfinfo", "-struct", pdf_file(BIEU_7))


# A letter that no form has: all of them are counted.
@pytest.mark.parametrize("long", ["ŵơ ngữ " * 715, "ŵ" * 5000])
def test_five_thousand_characters_run_over_pages_and_off_none(
    tmp_path: Path, form: Appendix, long: str
) -> None:
    lines = [
        replace(form.lines[2], label=long, remark=long),
        replace(form.lines[2], figure=PrintedCell(long)),
        *form.lines,
    ]
    path = written(tmp_path / "long.pdf", replace(form, lines=lines))
    assert len(pypdf.PdfReader(path).pages) > 10
    assert poppler("pdftotext", path, "-").count("ŵ") == 3 * long.count("ŵ")
    ends = re.findall(r'<word [^>]*xMax="([0-9.]+)" yMax="([0-9.]+)"', boxes(path))
    # The margins of 17 and 20 mm stay free; in the lower one the code may stand.
    assert max(float(right) for right, _ in ends) <= A4[0] - 48
    assert max(float(foot) for _, foot in ends) <= A4[1] - 56


def boxes(path: Path) -> str:
    return poppler("pdftotext", "-bbox", path, "-")


HOSTILE = (
    '<img src="http://127.0.0.1:9/x.png">',
    "<style>@import url(http://127.0.0.1:9/x.css);</style>",
    "</td></tr></table><script>alert(1)</script>",
    "&lt;b&gt; &#60;i&#62; <!-- --> ]]> <![CDATA[ x",
    "{{ appendix.title }} {% include 'x' %}",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_typed_stays_text(tmp_path: Path, form: Appendix, text: str) -> None:
    line = replace(
        form.lines[2], stt=text, label=text, unit=text, remark=text, figure=PrintedCell(text)
    )
    hostile = replace(
        form,
        title=text,
        label=text,
        legal_line=text,
        notice=text,
        lines=[line],
        letterhead=Letterhead(text, text, text, text),
        mark=Mark(text, text),
    )
    path = written(tmp_path / "hostile.pdf", hostile)
    said = squeezed(poppler("pdftotext", path, "-"))
    assert said.count(squeezed(text)) >= 8
    assert pypdf.PdfReader(path).metadata.title == text  # type: ignore[union-attr]


def test_ten_digits_stay_on_one_line(tmp_path: Path, form: Appendix) -> None:
    cell = PrintedCell("9.999.999.999", Decimal(9999999999))
    path = written(tmp_path / "ten.pdf", replace(form, lines=[replace(form.lines[2], figure=cell)]))
    assert "9.999.999.999" in poppler("pdftotext", path, "-").split()
