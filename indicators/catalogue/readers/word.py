"""The tables of a Word file as grids."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from indicators.catalogue.cells import BadFile, Cell, Grid, Odd, written
from indicators.catalogue.readers.limits import check_cells, check_lines, check_read

MAIN = re.compile(r"word/document\d*\.xml")
_RELATIONS = "_rels/.rels"
PARTS = re.compile(rf"{re.escape(_RELATIONS)}|{MAIN.pattern}")

_TABLE_CELL = re.compile(rb"<(?:[^<>\s:/]+:)?tc[\s>/]")
_TABLE_ROW = re.compile(rb"<(?:[^<>\s:/]+:)?tr[\s>/]")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Marks around the blocks, rows and cells of a Word table: inserted with changes tracked, filled in.
_AROUND = {f"{_WORD}{tag}" for tag in ("sdt", "sdtContent", "ins", "customXml", "smartTag")}
_SIGNS = {f"{_WORD}tab": " ", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-"}
_PARAGRAPH, _RUN, _TEXT, _BOX = (f"{_WORD}{tag}" for tag in ("p", "r", "t", "txbxContent"))
# What an empty paragraph takes of the room for text.
_LINE = 10
_OFF = {"0", "false", "none", "off"}


def read_document(name: str, parts: Mapping[str, bytes]) -> list[Grid]:
    """Return the tables of a Word file.

    Only the part with the text is read, for what else a file holds may be broken or huge; and all
    of it, with what stands in content controls or was inserted with changes tracked, which
    libraries for Word leave out without a word.
    """
    content = _main(name, parts)
    check_cells(name, len(_TABLE_CELL.findall(content)))
    check_lines(name, "Các bảng", len(_TABLE_ROW.findall(content)))
    check_read(name, len(content))
    # Declarations have been refused: there are no entities to expand.
    body = ElementTree.fromstring(content).find(f"{_WORD}body")  # noqa: S314
    if body is None:
        raise ElementTree.ParseError("no body")
    grids: list[Grid] = []
    above: list[str] = []
    said = told = 0
    for block in _within(body, "p", "tbl"):
        if block.tag == f"{_WORD}tbl":
            told += said
            check_read(name, told)  # each table keeps all that stands above it
            lines = [
                (number, _word_row(name, row))
                for number, row in enumerate(_within(block, "tr"), start=1)
                if row.find(f"{_WORD}trPr/{_WORD}del") is None
            ]
            grids.append(Grid(f"Bảng {len(grids) + 1}", lines, lettered=False, above=tuple(above)))
        else:
            above.append(written(_words(block)).text)
            said += _LINE + len(above[-1])
    return grids


def _main(name: str, parts: Mapping[str, bytes]) -> bytes:
    """Return the part with the text: the one that the package names, as Word opens that one."""
    mains = [part for part in parts if MAIN.fullmatch(part)]
    # Declarations have been refused: there are no entities to expand.
    relations = ElementTree.fromstring(parts.get(_RELATIONS, b""))  # noqa: S314
    named = [
        posixpath.normpath(relation.get("Target", "").replace("\\", "/")).lstrip("/")
        for relation in relations.iter()
        if relation.get("Type", "").endswith("/officeDocument")
    ]
    if len(mains) > 1 or len(named) > 1:
        raise BadFile(
            f"Tệp «{name}» chứa nhiều văn bản Word trong một, nên không biết phải đọc văn bản nào."
            " Hãy mở bằng Word, lưu thành tệp mới rồi tải lại."
        )
    if named != mains:
        raise ElementTree.ParseError("no main document")
    return parts[mains[0]]


def _within(element: ElementTree.Element, *tags: str) -> Iterator[ElementTree.Element]:
    """Yield the children with one of ``tags``, through the marks that may stand around them."""
    wanted = [f"{_WORD}{tag}" for tag in tags]
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in _AROUND:
            yield from _within(child, *tags)


def _word_row(name: str, row: ElementTree.Element) -> list[Cell]:
    """Return the cells of a row; a cell over several columns is followed by empty ones."""
    cells = [Cell()] * _number(row.find(f"{_WORD}trPr/{_WORD}gridBefore"), 0)
    for place, cell in enumerate(_within(row, "tc")):
        about = f"{_WORD}tcPr/{_WORD}"
        merged = cell.find(f"{about}vMerge")
        goes_on = merged is not None and merged.get(f"{_WORD}val", "continue") == "continue"
        cells.append(Cell() if goes_on else _word_cell(name, cell, is_first=place == 0))
        cells += [Cell()] * (_number(cell.find(f"{about}gridSpan"), 1) - 1)
    return cells


def _number(element: ElementTree.Element | None, otherwise: int) -> int:
    said = "" if element is None else element.get(f"{_WORD}val", "")
    return min(int(said), 60) if said.isdecimal() else otherwise


def _word_cell(name: str, cell: ElementTree.Element, *, is_first: bool) -> Cell:
    text = _text_of(name, cell)
    lines = ["".join(line.pieces) for line in text.lines]
    if is_first and not any(line.strip() for line in lines):
        return Cell(odd=Odd.COUNTED if any(line.is_counted for line in text.lines) else None)
    lines = [
        f"- {line}" if about.is_counted and line.strip() and not is_first else line
        for line, about in zip(lines, text.lines, strict=True)
    ]
    runs = list(text.runs.values())
    return written(
        "\n".join(lines),
        bold=bool(runs) and all(_has(run, "b") for run in runs),
        italic=bool(runs) and all(_has(run, "i") for run in runs),
    )


@dataclass(slots=True)
class _Line:
    is_counted: bool
    pieces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Text:
    """The paragraphs of a cell, and the runs that say something."""

    lines: list[_Line] = field(default_factory=list)
    runs: dict[int, ElementTree.Element] = field(default_factory=dict)


def _text_of(name: str, cell: ElementTree.Element) -> _Text:
    """Visit each element of a cell once, however deep a forged file nests them."""
    found = _Text()
    waiting: list[tuple[ElementTree.Element, _Line | None, ElementTree.Element | None]]
    waiting = [(cell, None, None)]
    while waiting:
        element, line, run = waiting.pop()
        if element.tag == _BOX:  # has paragraphs of its own
            line = run = None
        elif (element.tag == _PARAGRAPH and line is not None) or (
            element.tag == _RUN and run is not None
        ):
            raise BadFile(
                f"Tệp «{name}» có đoạn văn nằm trong một đoạn văn khác, điều Word không bao giờ"
                " ghi, nên không được đọc. Hãy mở bằng Word, lưu thành tệp mới rồi tải lại."
            )
        elif element.tag == _PARAGRAPH:
            line = _Line(_is_counted(element))
            found.lines.append(line)
        elif element.tag == _RUN:
            run = element
        elif piece := _piece(element):
            if line is not None:
                line.pieces.append(piece)
            if run is not None and piece.strip():
                found.runs[id(run)] = run
        waiting += [(child, line, run) for child in reversed(element)]
    return found


def _words(element: ElementTree.Element) -> str:
    return "".join(map(_piece, element.iter()))


def _piece(element: ElementTree.Element) -> str:
    """Return the text that is shown: what was deleted with changes tracked is not in ``w:t``."""
    return element.text or "" if element.tag == _TEXT else _SIGNS.get(element.tag, "")


def _is_counted(paragraph: ElementTree.Element) -> bool:
    number = paragraph.find(f"{_WORD}pPr/{_WORD}numPr/{_WORD}numId")
    return number is not None and number.get(f"{_WORD}val") != "0"


def _has(run: ElementTree.Element, look: str) -> bool:
    found = run.find(f"{_WORD}rPr/{_WORD}{look}")
    return found is not None and found.get(f"{_WORD}val", "1") not in _OFF
