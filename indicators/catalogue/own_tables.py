"""Our own tables of a form as somebody has filled them in: read from a grid, faults and all."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indicators.catalogue.cells import BadFile, Cell, Fault, Grid, Odd, cell_faults
from indicators.catalogue.problems import WAYS
from indicators.catalogue.spelling import lowered
from indicators.catalogue.titles import ALL_VOCABULARIES, TITLES, YES
from indicators.catalogue.workbooks import NEEDED, SHEETS, TABLES
from indicators.catalogue.written import Line, numbered
from indicators.kinds import AcrossAgencies, Kind, Severity

# By what titles a table is known: the first one, with any of the others.
_TELLING = {
    "rows": ("label", {"key", "kind"}),
    "rules": ("condition", {"code", "severity", "sentence"}),
    "indicators": ("name", {"code", "kind", "definition"}),
}
_NUMBERING = {"key", "stt", "parent"}
_CODES = {
    column: {
        lowered(said): member.value for member in vocabulary for said in (member.label, member)
    }
    for column, vocabulary in ALL_VOCABULARIES.items()
} | {"vertical": {"1": "1", YES: "1", "x": "1", "0": "", "không": ""}}
# How the way of adding up follows from the kind where a table has no such column.
_USUAL_WAYS = {
    Kind.HEADING: AcrossAgencies.NONE,
    Kind.TEXT: AcrossAgencies.NONE,
    Kind.COUNT: AcrossAgencies.SUM,
    Kind.AMOUNT: AcrossAgencies.SUM,
    Kind.PERCENT: AcrossAgencies.RATE,
    Kind.CHOICE: AcrossAgencies.CHOICES,
}
# What each column of a table is called, in small letters: its title or its name.
_CALLED = {
    table: {lowered(said): column for column in columns for said in (column, TITLES[column])}
    for table, columns in TABLES.items()
}
_SEPARATORS = re.compile(r"[\s,;]+")
_TITLE_ROWS = 30


@dataclass(frozen=True, slots=True)
class Header:
    """Where one of our tables begins in a grid, and which column stands where."""

    table: str
    index: int
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OwnTable:
    """One of our tables as read: its lines, and where in the file each of them stands."""

    grid: Grid
    header: Header
    lines: Sequence[Line]
    numbers: Sequence[int]
    faults: Sequence[Fault]

    def place(self, index: int, column: str) -> str:
        """Return the cell of line ``index``; of a column that the file lacks, the first cell."""
        places = self.header.places
        return self.grid.place(self.numbers[index], places.get(column, min(places.values())))


def find_header(grid: Grid) -> Header | None:
    """Return where one of our tables begins in ``grid``, by its titles or by the sheet's name;
    None where it is none of ours."""
    named = next((table for table, name in SHEETS.items() if same(name, grid.name)), "")
    found = [
        Header(table, index, places)
        for index, (_, cells) in enumerate(grid.rows[:_TITLE_ROWS])
        for table in ([named] if named else TABLES)
        if (places := _places(cells, table)) and (named or _is_told(places, table))
    ]
    if found:
        return max(found, key=lambda header: len(header.places))
    is_filled = any(cell.text for _, cells in grid.rows for cell in cells)
    return Header(named, 0, {}) if named and is_filled else None


def same(one: str, other: str) -> bool:
    return lowered(one) == lowered(other)


def _is_told(places: Mapping[str, int], table: str) -> bool:
    first, others = _TELLING[table]
    return first in places and not others.isdisjoint(places)


def _places(cells: Sequence[Cell], table: str) -> dict[str, int]:
    """Return where the columns stand; of two with one title, the first."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        column = _CALLED[table].get(lowered(cell.text))
        if column:
            places.setdefault(column, place)
    return places


def read_table(grid: Grid, header: Header) -> OwnTable:
    """Read one of our tables, all that is wrong with it in one list; raise BadFile where it lacks
    a column without which its lines mean nothing."""
    _require_columns(grid, header)
    read = {column: place for column, place in header.places.items() if column != "position"}
    body = [
        (number, cells)
        for number, cells in grid.rows[header.index + 1 :]
        if any(_at(cells, place).text for place in read.values())
    ]
    lines = [_line(cells, header.table, read) for _, cells in body]
    return OwnTable(
        grid,
        header,
        numbered(lines) if header.table == "rows" else lines,
        [number for number, _ in body],
        [*_title_faults(grid, header), *_shape_faults(grid, header), *_odd_cells(grid, header)],
    )


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else Cell()


def _line(cells: Sequence[Cell], table: str, places: Mapping[str, int]) -> dict[str, str]:
    line = dict.fromkeys(TABLES[table], "") | {
        column: _value(column, _at(cells, place).text) for column, place in places.items()
    }
    if table == "rows" and not line["across_agencies"] and line["kind"] in WAYS:
        kind = Kind(line["kind"])
        if "across_agencies" not in places or len(WAYS[kind]) == 1:
            line["across_agencies"] = _USUAL_WAYS[kind].value
    return line


def _value(column: str, text: str) -> str:
    """Return what a cell means: a code for its words; unknown words stay, to be told of."""
    if column in _CODES:
        return _CODES[column].get(lowered(text), text)
    if column == "choices":
        return text.replace("\n", "|")
    if column in {"asked", "reporter"}:
        return _SEPARATORS.sub(" ", text).strip()
    return text


def _require_columns(grid: Grid, header: Header) -> None:
    missing = [column for column in NEEDED[header.table] if column not in header.places]
    if not missing:
        return
    number, cells = grid.rows[header.index]
    others = [
        f"«{cell.text}» ({grid.place(number, place)})"
        for place, cell in enumerate(cells)
        if cell.text and place not in header.places.values()
    ]
    also = f" Các cột không rõ là cột nào: {', '.join(others)}." if others else ""
    raise BadFile(
        f"Trang «{grid.name}», dòng tiêu đề {number}: thiếu cột"
        f" {', '.join(f'«{TITLES[column]}»' for column in missing)}.{also} Hãy đặt lại tên cột như"
        " trong tệp tải về từ cổng."
    )


def _title_faults(grid: Grid, header: Header) -> Iterator[Fault]:
    number, cells = grid.rows[header.index]
    known = _CALLED[header.table]
    for place, cell in enumerate(cells):
        if place in header.places.values():
            continue
        where = grid.place(number, place)
        if lowered(cell.text) in known:
            column = known[lowered(cell.text)]
            first = grid.place(number, header.places[column])
            sentence = f"Cột «{TITLES[column]}» có hai lần, lần đầu ở ô {first}. Hãy bỏ một cột."
            yield Fault(grid.name, where, cell.text, sentence)
        elif cell.text:
            sentence = (
                f"Cột «{cell.text}» không có trong mẫu. Hãy bỏ cột này, hoặc đặt lại tên theo mẫu:"
                f" {', '.join(TITLES[column] for column in TABLES[header.table])}."
            )
            yield Fault(grid.name, where, cell.text, sentence)
    yield from _untitled(grid, header)
    absent = [column for column in TABLES[header.table] if column not in header.places]
    absent = [column for column in absent if column != "position"]
    if absent:
        way = "" if "across_agencies" not in absent else ", cách cộng lấy theo loại số liệu"
        sentence = (
            f"Không có cột {', '.join(f'«{TITLES[column]}»' for column in absent)}: được đọc như để"
            f" trống{way}."
        )
        yield Fault(grid.name, grid.place(number, 0), "", sentence, Severity.NOTE)


def _untitled(grid: Grid, header: Header) -> Iterator[Fault]:
    """Yield the first cell of each column that holds something under no title."""
    _, titles = grid.rows[header.index]
    seen = {place for place, cell in enumerate(titles) if cell.text}
    for number, cells in grid.rows[header.index + 1 :]:
        for place, cell in enumerate(cells):
            if cell.text and place not in seen:
                seen.add(place)
                yield Fault(
                    grid.name,
                    grid.place(number, place),
                    cell.text,
                    "Cột này có nội dung nhưng không có tiêu đề. Hãy xóa nội dung, hoặc ghi tiêu đề"
                    " theo mẫu.",
                )


def _shape_faults(grid: Grid, header: Header) -> Iterator[Fault]:
    begin = grid.rows[header.index][0]
    for top, left, bottom, right in grid.merged:
        if bottom >= begin:
            area = f"{grid.place(top, left - 1)}:{grid.place(bottom, right - 1)}"
            sentence = (
                f"Các ô {area} bị gộp; bảng này cần mỗi dòng, mỗi cột một ô. Hãy bỏ gộp ô (Unmerge)"
                " rồi ghi đủ từng ô."
            )
            yield Fault(grid.name, area, "", sentence)
    hidden = [number for number in grid.hidden if number > begin]
    if hidden:
        yield hidden_rows(grid, hidden)


def hidden_rows(grid: Grid, hidden: Sequence[int]) -> Fault:
    """Return what is said of rows that are not shown but read."""
    named = ", ".join(_runs(hidden))
    return Fault(
        grid.name,
        grid.place(hidden[0], 0),
        named,
        f"{len(hidden)} dòng đang ẩn cũng được đọc: {named}. Nếu không cần, hãy xóa hẳn các dòng"
        " ấy.",
        Severity.WARNING,
    )


def _runs(numbers: Sequence[int]) -> list[str]:
    """Return numbers in a row as one range.

    >>> _runs([5, 6, 7, 12])
    ['5–7', '12']
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]


def _odd_cells(grid: Grid, header: Header) -> Iterator[Fault]:
    first = grid.rows[header.index][0] + 1
    for column, place in header.places.items():
        if column == "position":
            continue
        harmless = set() if column in _NUMBERING else {Odd.NUMBER, Odd.COUNTED}
        harmless |= {Odd.FLAG} if column == "vertical" else set()
        yield from cell_faults(grid, place, TITLES[column], first=first, harmless=harmless)
