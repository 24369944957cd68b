"""What the clipboard holds: the lines of a table by their columns, or those of one column."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from indicators.catalogue.printed import (
    BREAK_IN_CELL,
    Columns,
    PrintedLine,
    Rows,
    pasted_lines,
    pasted_rows,
    read_rows,
)
from indicators.catalogue.spelling import folded
from indicators.words import clean
from reporting.numbers import write
from reporting.pasted.names import FormNames

MOST_LINES = 2_000
MOST_SIGNS = 500_000
MOST_CELLS = 20_000

_NUMBER_LIKE = re.compile(r"[=<>≤≥~(+-]?\s?\d")
_WORDY = 3
# Headings of a column of figures or units, as folded words.
_HEADINGS = {"so lieu", "ket qua", "ket qua thong ke", "don vi tinh", "dvt", "don vi", "gia tri"}
_COPY_LESS = "Hãy chép riêng bảng số liệu của biểu này rồi dán lại."


class Unpastable(ValueError):
    """The block as a whole cannot be read; the message is a Vietnamese sentence that says what was
    found and what to do."""


@dataclass(frozen=True, slots=True)
class BlockLine:
    """One line of a block; ``number`` counts the lines of the pasted text from 1."""

    number: int
    stt: str = ""
    label: str = ""
    unit: str = ""
    figure: str = ""

    @property
    def text(self) -> str:
        return " ".join(filter(None, (self.stt, self.label, self.unit, self.figure)))


@dataclass(frozen=True, slots=True)
class Block:
    """The lines that were pasted. Without labels they say by their order alone which rows they
    are, and blank ones count. ``aside`` stood in the block without being a line of a table."""

    lines: Sequence[BlockLine]
    has_labels: bool
    aside: Sequence[str] = ()


def read_block(text: str, names: FormNames) -> Block:
    """Read what copying cells or a table puts into a text box; raise Unpastable."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace(BREAK_IN_CELL, "")
    _check_size(whole)
    rows, tabs, found = pasted_rows(whole)
    width = max((len(cells) for _, cells in rows), default=0)
    if width * len(rows) > MOST_CELLS:
        raise Unpastable(
            f"Khối dán có {_grouped(len(rows))} dòng, {_grouped(width)} cột, quá nhiều cho bảng của"
            f" một biểu. {_COPY_LESS}"
        )
    label = found.places["label"] if found else _label_column(rows, width, names)
    if label is None or (not tabs and not found and _are_answers(rows, names)):
        return _without_labels(whole, width, names)
    columns = _columns(rows, width, label, found, names)
    table = read_rows(rows, columns, lambda number, _: str(number))
    return Block([_block_line(line) for line in table.lines], has_labels=True, aside=table.below)


def _check_size(text: str) -> None:
    if not text.strip():
        raise Unpastable(
            "Chưa có nội dung nào. Hãy chép bảng hoặc cột số liệu trong Excel, Word rồi dán vào ô."
        )
    if len(text) > MOST_SIGNS:
        raise Unpastable(
            f"Khối dán có {_grouped(len(text))} ký tự; nhiều nhất {_grouped(MOST_SIGNS)}."
            f" {_COPY_LESS}"
        )
    lines = text.rstrip().count("\n") + 1
    if lines > MOST_LINES:
        raise Unpastable(
            f"Khối dán có {_grouped(lines)} dòng; nhiều nhất {_grouped(MOST_LINES)}. {_COPY_LESS}"
        )


def _grouped(number: int) -> str:
    return write(Decimal(number))


def _block_line(line: PrintedLine) -> BlockLine:
    return BlockLine(int(line.place), line.stt, line.label, line.unit, line.figure)


def _texts(rows: Rows, place: int) -> list[str]:
    """Return what stands in one column, blanks and repeated headings left out."""
    texts = (cells[place].text for _, cells in rows if place < len(cells))
    return [text for text in texts if text and not _is_heading(text)]


def _is_heading(text: str) -> bool:
    return len(text) < 30 and folded(text) in _HEADINGS


def _share(texts: Sequence[str], passing: Sequence[bool]) -> float:
    return sum(passing) / len(texts) if texts else 0


def _label_column(rows: Rows, width: int, names: FormNames) -> int | None:
    """Return the column in which rows of the form are named, else the first that holds words where
    it should hold figures or units; None where there are only those."""
    named = {
        place: sum(bool(names.called(text).rows) for text in _texts(rows, place))
        for place in range(width)
    }
    best = max(named, key=lambda place: named[place], default=0)
    if named.get(best):
        return best
    return next((place for place in range(width) if _is_wordy(_texts(rows, place), names)), None)


def _is_wordy(texts: Sequence[str], names: FormNames) -> bool:
    said = [len(text.split()) >= _WORDY and not names.is_unit(text) for text in texts]
    return _share(texts, said) >= 0.5


def _are_answers(rows: Rows, names: FormNames) -> bool:
    """Whether one column, in which some words happen to name rows or to be many, holds answers."""
    texts = _texts(rows, 0)
    return _share(texts, [bool(names.called(text).rows) for text in texts]) < 0.5


def _columns(
    rows: Rows, width: int, label: int, found: Columns | None, names: FormNames
) -> Columns:
    """Tell STT, unit and figure beside the label by headings, and by content where these do not
    say. Headings are passed over wherever they stand: rows may come before them."""
    places = dict(found.places) if found else {"label": label}
    if label and "stt" not in places:
        places["stt"] = label - 1
    if "unit" not in places:
        unit = _unit_column(rows, range(label + 1, width), names)
        places |= {} if unit is None else {"unit": unit}
    places["figure"] = _figure_column(rows, width, places)
    if found:
        return replace(found, places=places, heading=0, first=0)
    return Columns(places, width)


def _unit_column(rows: Rows, among: Sequence[int], names: FormNames) -> int | None:
    for place in among:
        texts = _texts(rows, place)
        if _share(texts, [names.is_unit(text) for text in texts]) >= 0.5:
            return place
    return None


def _figure_column(rows: Rows, width: int, places: Mapping[str, int]) -> int:
    """Return the one column beside the label that can be the figures'; raise Unpastable."""
    beside = [
        place
        for place in range(places["label"] + 1, width)
        if place not in places.values() and _texts(rows, place)
    ]
    numbers = [place for place in beside if _is_number_like(_texts(rows, place))]
    if len(numbers) > 1:
        raise Unpastable(_several(numbers))
    after_unit = places["unit"] + 1 if "unit" in places else None
    likely = numbers or [place for place in beside if place == after_unit or len(beside) == 1]
    if not likely:
        raise Unpastable(
            "Khối dán không có cột số liệu nào có số. Hãy chép cả cột tên chỉ tiêu và cột số liệu,"
            " hoặc chỉ cột số liệu."
        )
    return likely[0]


def _is_number_like(texts: Sequence[str]) -> bool:
    return _share(texts, [_NUMBER_LIKE.match(text) is not None for text in texts]) >= 0.5


def _several(places: Sequence[int]) -> str:
    told = ", ".join(f"cột {place + 1}" for place in places)
    return (
        f"Khối dán có {len(places)} cột số ({told}), chưa rõ cột nào là số liệu của kỳ này."
        " Hãy ẩn hoặc xóa các cột kia trong Excel, Word rồi chép lại."
    )


def _without_labels(whole: str, width: int, names: FormNames) -> Block:
    """Read lines that only their order places: a column of figures, perhaps beside its units."""
    lines = [
        (number, [clean(cell.replace(BREAK_IN_CELL, "\n")) for cell in line.split("\t")])
        for number, line in pasted_lines(whole)
    ]
    aside: list[str] = []
    while lines and all(_is_heading(cell) for cell in lines[0][1] if cell) and any(lines[0][1]):
        aside.append(" ".join(lines.pop(0)[1]).strip())
    while lines and not any(lines[-1][1]):
        lines.pop()
    unit, figure = _unlabelled_columns(lines, width, names)
    return Block(
        [
            BlockLine(number, unit=_at(cells, unit), figure=_at(cells, figure))
            for number, cells in lines
        ],
        has_labels=False,
        aside=aside,
    )


def _unlabelled_columns(
    lines: Sequence[tuple[int, Sequence[str]]], width: int, names: FormNames
) -> tuple[int | None, int]:
    texts = {
        place: [text for _, cells in lines if (text := _at(cells, place))] for place in range(width)
    }
    filled = [place for place in texts if texts[place]]
    units = [
        place
        for place in filled
        if _share(texts[place], [names.is_unit(text) for text in texts[place]]) >= 0.5
    ]
    figures = [place for place in filled if place not in units[:1]]
    if len(figures) > 1:
        raise Unpastable(_several(figures))
    if not figures:
        raise Unpastable("Khối dán không có số nào. Hãy chép lại cột số liệu rồi dán.")
    return (units[0] if units else None), figures[0]


def _at(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""
