"""The tables of a Word file as grids."""

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from indicators.catalogue.cells import Cell, Grid, Odd, written
from indicators.catalogue.readers.limits import check_cells, check_lines, check_read

PARTS = re.compile(r"word/document\d*\.xml")

_TABLE_CELL = re.compile(rb"<(?:\w+:)?tc[ >/]")
_TABLE_ROW = re.compile(rb"<(?:\w+:)?tr[ >/]")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Marks around the blocks, rows and cells of a Word table: inserted with changes tracked, filled in.
_AROUND = {f"{_WORD}{tag}" for tag in ("sdt", "sdtContent", "ins", "customXml", "smartTag")}
_SIGNS = {f"{_WORD}tab": " ", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-"}
_OFF = {"0", "false", "none", "off"}


def read_document(name: str, parts: Mapping[str, bytes]) -> list[Grid]:
    """Return the tables of a Word file.

    Only the part with the text is read, for what else a file holds may be broken or huge; and all
    of it, with what stands in content controls or was inserted with changes tracked, which
    libraries for Word leave out without a word.
    """
    content = max(parts.values(), key=len)
    check_cells(name, len(_TABLE_CELL.findall(content)))
    check_lines(name, "Các bảng", len(_TABLE_ROW.findall(content)))
    check_read(name, len(content))
    # Declarations have been refused: there are no entities to expand.
    body = ElementTree.fromstring(content).find(f"{_WORD}body")  # noqa: S314
    if body is None:
        raise ElementTree.ParseError("no body")
    grids: list[Grid] = []
    above: list[str] = []
    for block in _within(body, "p", "tbl"):
        if block.tag == f"{_WORD}tbl":
            lines = [
                (number, _word_row(row))
                for number, row in enumerate(_within(block, "tr"), start=1)
                if row.find(f"{_WORD}trPr/{_WORD}del") is None
            ]
            grids.append(Grid(f"Bảng {len(grids) + 1}", lines, lettered=False, above=tuple(above)))
        else:
            above.append(written(_words(block)).text)
    return grids


def _within(element: ElementTree.Element, *tags: str) -> Iterator[ElementTree.Element]:
    """Yield the children with one of ``tags``, through the marks that may stand around them."""
    wanted = [f"{_WORD}{tag}" for tag in tags]
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in _AROUND:
            yield from _within(child, *tags)


def _word_row(row: ElementTree.Element) -> list[Cell]:
    """Return the cells of a row; a cell over several columns is followed by empty ones."""
    cells = [Cell()] * _number(row.find(f"{_WORD}trPr/{_WORD}gridBefore"), 0)
    for place, cell in enumerate(_within(row, "tc")):
        about = f"{_WORD}tcPr/{_WORD}"
        merged = cell.find(f"{about}vMerge")
        goes_on = merged is not None and merged.get(f"{_WORD}val", "continue") == "continue"
        cells.append(Cell() if goes_on else _word_cell(cell, is_first=place == 0))
        cells += [Cell()] * (_number(cell.find(f"{about}gridSpan"), 1) - 1)
    return cells


def _number(element: ElementTree.Element | None, otherwise: int) -> int:
    said = "" if element is None else element.get(f"{_WORD}val", "")
    return min(int(said), 60) if said.isdecimal() else otherwise


def _word_cell(cell: ElementTree.Element, *, is_first: bool) -> Cell:
    paragraphs = list(cell.iter(f"{_WORD}p"))
    lines = [_words(paragraph) for paragraph in paragraphs]
    is_counted = [_is_counted(paragraph) for paragraph in paragraphs]
    if is_first and not any(line.strip() for line in lines):
        return Cell(odd=Odd.COUNTED if any(is_counted) else None)
    lines = [
        f"- {line}" if counted and line.strip() and not is_first else line
        for line, counted in zip(lines, is_counted, strict=True)
    ]
    runs = [run for run in cell.iter(f"{_WORD}r") if _words(run).strip()]
    return written(
        "\n".join(lines),
        bold=bool(runs) and all(_has(run, "b") for run in runs),
        italic=bool(runs) and all(_has(run, "i") for run in runs),
    )


def _words(element: ElementTree.Element) -> str:
    """Return the text that is shown: what was deleted with changes tracked is not in ``w:t``."""
    return "".join(
        part.text or "" if part.tag == f"{_WORD}t" else _SIGNS.get(part.tag, "")
        for part in element.iter()
    )


def _is_counted(paragraph: ElementTree.Element) -> bool:
    number = paragraph.find(f"{_WORD}pPr/{_WORD}numPr/{_WORD}numId")
    return number is not None and number.get(f"{_WORD}val") != "0"


def _has(run: ElementTree.Element, look: str) -> bool:
    found = run.find(f"{_WORD}rPr/{_WORD}{look}")
    return found is not None and found.get(f"{_WORD}val", "1") not in _OFF
