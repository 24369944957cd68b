"""The contract of the formats: every cell of an Appendix is read back from each file alike.

What is asked of every appendix is asked of the five papers as they were filed, a province's table,
a blank form, and one whose texts are there to do harm.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from indicators.queries.definitions import form_definition
from reporting.documents.formats import FORMATS
from reporting.documents.formats.workbook import printable
from reporting.numbers import is_beyond_spreadsheets
from reporting.printing.appendix import (
    Appendix,
    Heading,
    Letterhead,
    Line,
    Mark,
    Signature,
    submission_appendix,
)
from reporting.printing.cells import BLANK, PrintedCell
from reporting.snapshot import SubmissionSnapshot
from tests import cast
from tests.documents.conftest import Pdf, Render
from tests.documents.readers import (
    Read,
    csv_cells,
    csv_rows,
    excel_rows,
    filled,
    pdf_rows,
    squeezed,
    word_rows,
)
from tests.golden import SEEDS, written

pytestmark = pytest.mark.django_db

LONG = "Chưa tổng hợp xong vì còn chờ số liệu của các xã, phường. " * 86
HARMFUL = (
    '<script>alert("x")</script> & <b>đậm</b> &amp; ]]>',
    '=HYPERLINK("http://x";"Hộ tịch")',
    "@SUM(A1:A9)|cmd",
    "{PAGE} { MERGEFIELD x } _x0041_",
    LONG,
    "phải sang trái \u200f\u202eABC\u202c \u200eABC",
    "tốt 👍🏽 😀 𝔸",
    unicodedata.normalize("NFD", "Sở Công Thương tỉnh Khánh Hòa"),
    "chuông\x07 dọc\x0b đơn vị\x1f hết\x0c \ufffe\uffff",
    "dòng một\ndòng hai\r\nba\tbốn",
    "'phẩy trên",
    "",
)
NUMBERS = ("0", "-5", "5356", "29.6", "98.64", "1250.125", "9999999999", "12345678901234567.25")


def harmful_appendix() -> Appendix:
    """Every text in every place, every number as a figure."""
    plain = Line("", "", "", "", BLANK, "", 1, is_bold=False, is_italic=False)
    texts = [
        replace(
            plain,
            key=text[:30],
            stt=text[:12],
            label=text,
            unit=text[:40],
            remark=text,
            depth=place % 6,
        )
        for place, text in enumerate(HARMFUL)
    ]
    figures = [replace(plain, figure=PrintedCell(text[:60])) for text in HARMFUL]
    numbers = [replace(plain, figure=PrintedCell(text, Decimal(text))) for text in NUMBERS]
    return Appendix(
        label=HARMFUL[1],
        title=HARMFUL[0],
        legal_line=HARMFUL[8],
        notice=HARMFUL[5],
        label_heading=HARMFUL[3],
        last_heading=HARMFUL[0],
        lines=[*texts, *figures, *numbers],
        signature=Signature(HARMFUL[1], HARMFUL[0], HARMFUL[6]),
        letterhead=Letterhead(HARMFUL[0], HARMFUL[1], HARMFUL[3], HARMFUL[6]),
        mark=Mark("K7QM-3XWP", "https://portal.example/kiem-chung/K7QM-3XWP/?a=<b>&c"),
    )


def blank_appendix() -> Appendix:
    form = form_definition(cast.form("PL2-KH-2022"))
    return submission_appendix(SubmissionSnapshot(form), Heading(agency="", place="", period=""))


@pytest.fixture(params=[*SEEDS, "round", "blank", "harmful"])
def appendix(request: pytest.FixtureRequest, appendices: Mapping[str, Appendix]) -> Appendix:
    match request.param:
        case "blank":
            return blank_appendix()
        case "harmful":
            return harmful_appendix()
        case name:
            return appendices[name]


# What a file says of a text; ``printable`` is what XML can hold of it


def visible(text: object) -> str:
    """A PDF holds what is seen: no space, no sign without a shape, none that no letter type has."""
    seen = unicodedata.normalize("NFC", printable(str(text)))
    return squeezed(
        "".join(
            sign
            for sign in seen
            if unicodedata.category(sign) not in {"Cf", "Cc", "Cn"} and ord(sign) < 0x10000
        )
    )


def as_number(line: Line) -> str | Decimal:
    number = line.figure.number
    return line.figure.text if number is None else number


def in_excel(line: Line) -> Read:
    """A spreadsheet keeps fifteen digits: a longer number is there in words."""
    number = line.figure.number
    kept = number is not None and not is_beyond_spreadsheets(number)
    figure = as_number(line) if kept else printable(line.figure.text)
    said = (printable(text) for text in (line.stt, line.label, line.unit, line.remark))
    stt, label, unit, remark = said
    return Read(stt, label, unit, figure, remark)


def in_word(line: Line) -> Read:
    texts = (line.stt, line.label, line.unit, line.figure.text, line.remark)
    return Read(*map(printable, texts))


def in_pdf(line: Line) -> Read:
    texts = (line.stt, line.label, line.unit, line.figure.text, line.remark)
    return Read(*map(visible, texts))


def in_csv(line: Line) -> Read:
    texts = (line.stt, line.label, line.unit, line.figure.text, line.remark)
    stt, label, unit, figure, remark = (printable(text).lstrip() for text in texts)
    number = line.figure.number
    if number is not None:
        figure = f"{number:.{line.figure.decimals}f}".replace(".", ",")
    return Read(stt, label, unit, figure, remark)


def test_excel_says_every_cell(appendix: Appendix) -> None:
    read = excel_rows(FORMATS["xlsx"].render(appendix), len(appendix.lines))
    assert [row.unbroken for row in read] == [in_excel(line).unbroken for line in appendix.lines]


def test_word_says_every_cell(appendix: Appendix) -> None:
    read = word_rows(FORMATS["docx"].render(appendix))
    assert [row.unbroken for row in read] == [in_word(line).unbroken for line in appendix.lines]


def test_csv_says_every_cell(appendix: Appendix) -> None:
    read = csv_rows(FORMATS["csv"].render(appendix), len(appendix.lines))
    assert read == [in_csv(line) for line in appendix.lines]


@pytest.mark.parametrize("name", [*SEEDS, "round"])
def test_pdf_says_every_cell_and_cuts_no_row(
    appendices: Mapping[str, Appendix], pdf_file: Pdf, name: str
) -> None:
    read = [Read(*map(visible, row)) for row in pdf_rows(pdf_file(name))]
    assert read == [in_pdf(line) for line in appendices[name].lines]


@pytest.mark.parametrize("made", [blank_appendix, harmful_appendix])
def test_pdf_says_every_cell_of_what_is_no_report(
    made: Callable[[], Appendix], tmp_path: Path
) -> None:
    appendix, path = made(), tmp_path / "a.pdf"
    path.write_bytes(FORMATS["pdf"].render(appendix))
    # A row that is taller than a page goes on in the next table: columns are compared whole. A mark
    # of direction turns what is seen, as it does anywhere; none comes in with a text (words.clean).
    read = zip(*(map(visible, row) for row in pdf_rows(path)), strict=True)
    wanted = zip(*(in_pdf(line) for line in appendix.lines), strict=True)
    for column, expected in zip(read, wanted, strict=True):
        assert "".join(column) == "".join(map(str, expected)).replace("ABCABC", "CBAABC")


# The papers: what stands in their number column, and no other figure


@pytest.mark.parametrize("seed", SEEDS)
def test_excel_says_what_the_paper_says(rendered: Render, seed: str) -> None:
    rows = excel_rows(rendered(seed, "xlsx"), written(seed)[-1].row)
    assert filled(rows) == {line.row: line.value for line in written(seed)}


@pytest.mark.parametrize("seed", SEEDS)
def test_word_says_what_the_paper_says(rendered: Render, seed: str) -> None:
    rows = word_rows(rendered(seed, "docx"))
    assert filled(rows) == {line.row: line.printed for line in written(seed)}


@pytest.mark.parametrize("seed", SEEDS)
def test_pdf_says_what_the_paper_says(pdf_file: Pdf, seed: str) -> None:
    assert filled(pdf_rows(pdf_file(seed))) == {line.row: line.printed for line in written(seed)}


@pytest.mark.parametrize("seed", SEEDS)
def test_csv_says_what_the_paper_says(
    appendices: Mapping[str, Appendix], rendered: Render, seed: str
) -> None:
    rows = csv_rows(rendered(seed, "csv"), len(appendices[seed].lines))
    found = {place: Decimal(str(said).replace(",", ".")) for place, said in filled(rows).items()}
    assert found == {line.row: line.value for line in written(seed)}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rows_of_every_file_are_those_of_the_paper(rendered: Render, seed: str) -> None:
    """STT and label as the paper itself has them beside its figures, but for the agency's own
    lines ("+ Nuôi con nuôi: 04"), which stand in the last column."""
    lines = written(seed)
    for rows in (
        excel_rows(rendered(seed, "xlsx"), lines[-1].row),
        word_rows(rendered(seed, "docx")),
        csv_rows(rendered(seed, "csv"), lines[-1].row),
    ):
        for line in lines:
            read = rows[line.row - 1]
            assert read.label
            assert squeezed(read.stt) == squeezed(line.stt)
            own_lines = squeezed(line.label).removeprefix(squeezed(read.label))
            assert own_lines[:1] in {"", "+"}


# Nothing of a text is ever more than text


def test_no_file_holds_a_formula_a_field_or_a_link_of_a_persons_making() -> None:
    appendix = harmful_appendix()
    workbook = ZipFile(BytesIO(FORMATS["xlsx"].render(appendix)))
    sheet = workbook.read("xl/worksheets/sheet1.xml")
    assert not re.search(rb"<f[ >]|<hyperlink", sheet)
    word = ZipFile(BytesIO(FORMATS["docx"].render(appendix)))
    body = word.read("word/document.xml")
    assert not re.search(rb"fldSimple|instrText|hyperlink|<script", body)
    # The template's own relations are all inside the package.
    outside = [name for name in word.namelist() if b'TargetMode="External"' in word.read(name)]
    assert outside == []
    cells = [cell for row in csv_cells(FORMATS["csv"].render(appendix)) for cell in row]
    assert [
        cell for cell in cells if cell[:1] in set("=+-@\t\r") and not cell[1:].isdecimal()
    ] == []


def test_headings_are_no_formulas_either() -> None:
    harmful = replace(harmful_appendix(), label_heading="=1+1", last_heading="@SUM(A1)")
    rows = csv_cells(FORMATS["csv"].render(harmful))
    assert ["STT", " =1+1", "Đơn vị tính", "Số liệu", " @SUM(A1)"] in rows
