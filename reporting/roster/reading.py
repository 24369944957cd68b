"""A file with a list of agencies, read into lines with everything that is wrong with the file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from indicators.catalogue.cells import BadFile, Cell, Grid, Odd
from indicators.catalogue.grids import open_grids
from indicators.catalogue.spelling import lowered
from reporting.roster.columns import (
    CALLED,
    COLUMNS,
    DAYS,
    KIND_OF,
    NEEDED,
    TITLES,
    YES_OR_NO,
    Line,
)

MOST_AGENCIES = 1_000
_TITLE_ROWS = 30
_SEPARATORS = re.compile(r"[\s,;]+")
_NEW_LINE = re.compile(r"(?<!\s)\s*[|\n]\s*")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a list: its line in the file, the column, what stands there, what should,
    and what to do."""

    line: int
    column: str
    found: str
    expected: str
    todo: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A list as read. ``numbers`` are the lines' places in the file; a line holds only the columns
    that the file has; ``faults`` are of the file's own writing."""

    lines: Sequence[Line]
    numbers: Sequence[int]
    faults: Sequence[Fault]


def read_roster(name: str, content: bytes) -> Roster:
    """Read the list of agencies in a file, Excel or CSV. Raises BadFile with a sentence."""
    grids = open_grids(name, content)
    headed = [(grid, *found) for grid in grids if (found := _header(grid))]
    if not headed:
        raise BadFile(
            f"Tệp «{name}» không có dòng tiêu đề nào đủ các cột"
            f" {', '.join(f'«{TITLES[column]}»' for column in NEEDED)}. Hãy tải tệp mẫu về, điền"
            " vào đó rồi nạp lại."
        )
    if len(headed) > 1:
        sheets = ", ".join(f"«{grid.name}»" for grid, *_ in headed)
        raise BadFile(
            f"Tệp «{name}» có nhiều trang cùng là danh sách đơn vị ({sheets}). Hãy chỉ để"
            " một trang."
        )
    grid, first, places = headed[0]
    body = [
        (number, cells)
        for number, cells in grid.rows[first + 1 :]
        if any(_at(cells, place).text for place in places.values())
    ]
    if not body:
        raise BadFile(f"Tệp «{name}» không có đơn vị nào dưới dòng tiêu đề. Hãy điền rồi nạp lại.")
    if len(body) > MOST_AGENCIES:
        raise BadFile(
            f"Tệp «{name}» có {len(body)} đơn vị; mỗi lần nạp nhiều nhất {MOST_AGENCIES}. Hãy chia"
            " thành nhiều tệp."
        )
    return Roster(
        lines=[_line(cells, places) for _, cells in body],
        numbers=[number for number, _ in body],
        faults=[*_strange_columns(grid, first, places), *_odd_cells(body, places)],
    )


def _header(grid: Grid) -> tuple[int, Mapping[str, int]] | None:
    """Return where the titles stand; of several rows with all that is needed, the first."""
    for index, (_, cells) in enumerate(grid.rows[:_TITLE_ROWS]):
        places: dict[str, int] = {}
        for place, cell in enumerate(cells):
            if column := CALLED.get(lowered(cell.text)):
                places.setdefault(column, place)
        if places.keys() >= set(NEEDED):
            return index, {column: places[column] for column in COLUMNS if column in places}
    return None


def _strange_columns(grid: Grid, first: int, places: Mapping[str, int]) -> Iterator[Fault]:
    """Yield the columns that would not be read: nothing of a file is dropped unsaid."""
    number, titles = grid.rows[first]
    seen = set(places.values())
    for place, cell in enumerate(titles):
        if cell.text and place not in seen:
            seen.add(place)
            expected = f"một trong các cột: {', '.join(TITLES.values())}; mỗi cột một lần"
            yield Fault(number, cell.text, cell.text, expected, "Bỏ cột này hoặc sửa tên cột.")
    for number, cells in grid.rows[first + 1 :]:
        for place, cell in enumerate(cells):
            if cell.text and place not in seen:
                seen.add(place)
                where = grid.place(number, place)
                expected = "tiêu đề ở đầu cột"
                yield Fault(number, where, cell.text, expected, "Xóa nội dung, hoặc ghi tiêu đề.")


def _odd_cells(
    body: Sequence[tuple[int, Sequence[Cell]]], places: Mapping[str, int]
) -> Iterator[Fault]:
    for number, cells in body:
        for column, place in places.items():
            cell = _at(cells, place)
            if cell.odd in {Odd.FORMULA, Odd.ERROR}:
                expected = "chữ hoặc ngày, không phải công thức"
                yield Fault(number, TITLES[column], cell.text, expected, cell.odd.value)


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else Cell()


def _line(cells: Sequence[Cell], places: Mapping[str, int]) -> Line:
    return {column: _value(column, _at(cells, place).text) for column, place in places.items()}


def _value(column: str, text: str) -> str:
    """Return what a cell means; what is not understood stays as written, to be told of."""
    if column in DAYS:
        return _day(text)
    match column:
        case "kind":
            return KIND_OF.get(lowered(text), text)
        case "wants_signature":
            return YES_OR_NO.get(lowered(text), text)
        case "functions":
            return _SEPARATORS.sub(" ", text).strip()
        case "signer_title":
            return _NEW_LINE.sub("\n", text).strip()
    return " ".join(text.split())


def _day(text: str) -> str:
    """Return a day with its zeros, as everything else writes it.

    >>> _day("1/7/2025"), _day("tháng 7")
    ('01/07/2025', 'tháng 7')
    """
    try:
        return f"{datetime.strptime(text, '%d/%m/%Y'):%d/%m/%Y}"
    except ValueError:
        return text
