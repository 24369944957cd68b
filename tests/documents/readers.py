"""Each file format read back, by a library or program that does not write it."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pypdf
from docx import Document
from python_calamine import CalamineWorkbook


class Read(NamedTuple):
    """One row of a table as a file says it; a figure is a number where the file keeps one.

    A file may break label, unit and remark into lines: ``unbroken`` they are without space.
    """

    stt: str
    label: str
    unit: str
    figure: str | Decimal
    remark: str

    @property
    def unbroken(self) -> "Read":
        return self._replace(
            label=squeezed(self.label), unit=squeezed(self.unit), remark=squeezed(self.remark)
        )


# Excel


def sheet_of(content: bytes, name: str = "Phụ lục") -> list[list[str | float]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[return-value]


def sheet_names(content: bytes) -> list[str]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names


def excel_rows(content: bytes, lines: int) -> list[Read]:
    """Return the rows between headings and signature."""
    rows = sheet_of(content)
    first = next(number for number, row in enumerate(rows) if row[0] == "STT") + 2
    return [
        Read(str(stt), str(label), str(unit), _number(figure), str(remark))
        for stt, label, unit, figure, remark in rows[first : first + lines]
    ]


def _number(cell: str | float) -> str | Decimal:
    return cell if isinstance(cell, str) else Decimal(str(cell))


# Word


def word_tables(content: bytes) -> list[list[list[str]]]:
    """Return the tables of a Word file: rows of cells, a cell over two columns once."""
    return [
        [_cells(row) for row in table._tbl.tr_lst] for table in Document(BytesIO(content)).tables
    ]


def _cells(row: Any) -> list[str]:
    return ["\n".join(paragraph.text for paragraph in cell.p_lst) for cell in row.tc_lst]


def word_rows(content: bytes) -> list[Read]:
    """Return the rows below the headings of the table that has them."""
    (table,) = (found for found in word_tables(content) if found[0][0] == "STT")
    return [Read(*cells) for cells in table[2:]]


# PDF: the tags of the file give each cell as a whole


@dataclass
class PdfTable:
    """One table of a tagged PDF; a table that runs over pages is one for each page."""

    head: list[list[str]] = field(default_factory=list)
    body: list[list[str]] = field(default_factory=list)


@cache
def pdf_tables(path: Path) -> list[PdfTable]:
    """Return the tables of a file, which is not written again."""
    read = pypdf.PdfReader(path)
    said = {page.indirect_reference.idnum: _marked(page) for page in read.pages}  # type: ignore[union-attr]
    root = read.root_object["/StructTreeRoot"]

    def rows(part: Any) -> list[list[str]]:
        return [[_said(cell, said) for cell in _below(row)] for row in _below(part)]

    tables: list[PdfTable] = []
    for tag in _tags(root):
        if tag["/S"] == "/Table":
            parts = {part["/S"]: part for part in _below(tag)}
            head, body = parts.get("/THead"), parts.get("/TBody")
            tables.append(PdfTable(rows(head) if head else [], rows(body) if body else []))
    return tables


def _below(tag: Any) -> list[Any]:
    """Return what stands right below a tag: other tags, or numbers of marked words."""
    below = tag.get("/K", [])
    return [one.get_object() for one in (below if isinstance(below, list) else [below])]


def _tags(root: Any) -> Iterator[Any]:
    for one in _below(root):
        if not isinstance(one, int):
            yield one
            yield from _tags(one)


def _said(tag: Any, said: Mapping[int, Mapping[int, str]]) -> str:
    """Return the words of a tag, in the order that the tags give them."""
    found = (
        said[tag.raw_get("/Pg").idnum][one] if isinstance(one, int) else _said(one, said)
        for one in _below(tag)
    )
    return " ".join(filter(None, found))


def _marked(page: pypdf.PageObject) -> dict[int, str]:
    """Return the words of a page by the numbers that they are marked with."""
    letters = {
        name: _letters(font.get_object()["/ToUnicode"].get_data().decode())
        for name, font in page["/Resources"].get("/Font", {}).items()  # type: ignore[attr-defined]
    }
    said: dict[int, str] = {}
    mark, font = -1, ""
    for operands, operator in page.get_contents().operations:  # type: ignore[union-attr]
        match operator:
            case b"BDC" | b"BMC":
                about = operands[1] if len(operands) > 1 else {}
                mark = int(about.get("/MCID", -1))
                said.setdefault(mark, "")
            case b"EMC":
                mark = -1
            case b"Tf":
                font = operands[0]
            case b"Tj" | b"TJ":
                shown = operands[0] if isinstance(operands[0], list) else operands
                for piece in shown:
                    if hasattr(piece, "original_bytes"):
                        glyphs = piece.original_bytes.hex()
                        pairs = (glyphs[at : at + 4] for at in range(0, len(glyphs), 4))
                        said[mark] = said.get(mark, "") + "".join(letters[font][x] for x in pairs)
    return said


@cache
def _letters(to_unicode: str) -> Mapping[str, str]:
    """Return what each glyph of a letter type stands for."""
    found = re.findall(r"^<([0-9a-f]{4})> <([0-9a-f]+)>$", to_unicode, re.MULTILINE)
    return {glyph: bytes.fromhex(text).decode("utf-16-be") for glyph, text in found}


def pdf_rows(path: Path) -> list[Read]:
    return [Read(*row) for table in pdf_tables(path) for row in table.body]


# CSV


def csv_cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def csv_rows(content: bytes, lines: int) -> list[Read]:
    """Return the rows below the heading; a space before a text keeps it from being a formula."""
    rows = csv_cells(content)
    first = next(number for number, row in enumerate(rows) if row[0] == "STT") + 1
    return [Read(*(cell.lstrip() for cell in row)) for row in rows[first : first + lines]]


def squeezed(text: object) -> str:
    """Leave out all space: a file may break a line wherever it likes."""
    return "".join(str(text).split())


def filled(rows: Sequence[Read]) -> dict[int, str | Decimal]:
    """Return the figures that are there, by their place in the table, counted from 1."""
    return {place: row.figure for place, row in enumerate(rows, start=1) if row.figure != ""}
