"""Each file format read back, by a library or program that does not write it."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, NamedTuple

from docx import Document
from python_calamine import CalamineWorkbook

from tests.documents.conftest import poppler


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
    tables: list[PdfTable] = []
    rows: list[list[str]] = []
    inside_cell = False
    for line in poppler("pdfinfo", "-struct-text", path).splitlines():
        text = re.fullmatch(r'\s*"(.*)"', line)
        tag = re.match(r"\s*(\w+)", line)
        if text:
            if inside_cell:
                rows[-1][-1] = f"{rows[-1][-1]} {text[1]}".strip()
            continue
        match tag and tag[1]:
            case "Table":
                tables.append(PdfTable())
            case "THead":
                rows = tables[-1].head
            case "TBody":
                rows = tables[-1].body
            case "TR":
                rows.append([])
            case "TH" | "TD":
                rows[-1].append("")
                inside_cell = True
            case "Div":
                inside_cell = False
    return tables


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
