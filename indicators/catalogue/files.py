"""What a file brought to a draft means: our own tables filled in, or the table of a paper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from indicators.catalogue.cells import BadFile, Fault, Grid, Odd, cell_faults
from indicators.catalogue.grids import open_grids
from indicators.catalogue.own_tables import (
    Header,
    OwnTable,
    find_header,
    hidden_rows,
    read_table,
    same,
)
from indicators.catalogue.printed import Columns, PrintedTable, find_columns, read_rows
from indicators.catalogue.problems import Problem
from indicators.catalogue.workbooks import GUIDE, SHEETS
from indicators.catalogue.written import Document, Line
from indicators.kinds import Severity

__all__ = ["BadFile", "Fault", "Reading", "left_out", "read_file"]

_MOST_SHOWN = 12  # lines below a table, each cut at so many letters:
_LONGEST_SHOWN = 160
_PRINTED_TITLES = {"stt": "STT", "label": "Chỉ tiêu", "unit": "Đơn vị tính", "last": "cột cuối"}


@dataclass(frozen=True)
class Reading:
    """What was read. ``table`` is set, and the document empty, when the file is a printed table;
    ``faults`` says all that is wrong with the file itself."""

    document: Document
    table: PrintedTable | None
    faults: tuple[Fault, ...]
    sheet: str
    own: Mapping[str, OwnTable] = field(default_factory=dict)

    def place(self, problem: Problem) -> tuple[str, str]:
        """Return the sheet and the cell where ``problem`` is to be mended; empty where the file
        does not hold the line, as the rules of a draft to which only rows were brought."""
        if self.table is not None:
            lines = self.table.lines if problem.table == "rows" else ()
            is_held = problem.index is not None and problem.index < len(lines)
            return self.sheet, lines[problem.index or 0].place if is_held else ""
        own = self.own.get(problem.table)
        if own is None:
            return "", ""
        if problem.index is None:
            return own.grid.name, ""
        return own.grid.name, own.place(problem.index, problem.column)


def read_file(name: str, content: bytes, *, base: Document) -> Reading:
    """Read a file, of whatever program, for a draft that holds ``base``.

    Tables that the file lacks stay as ``base`` has them. Raises BadFile with a sentence where
    nothing can be read; all else that is wrong is in ``faults``.
    """
    grids = [grid for grid in open_grids(name, content) if not same(grid.name, GUIDE)]
    filled = [grid for grid in grids if any(cell.text for _, cells in grid.rows for cell in cells)]
    if not filled:
        raise BadFile(f"Tệp «{name}» không có nội dung nào trong bảng. Hãy tải lên tệp đã điền.")
    headers = [(grid, header) for grid in filled if (header := find_header(grid))]
    if any(header.table == "rows" for _, header in headers):
        return _own(filled, headers, base)
    printed = [(grid, columns) for grid in filled if (columns := find_columns(grid.rows))]
    if printed:
        if printed[0][0].lettered:
            # Only papers are read for their looks: it takes five times as long.
            looks = {grid.name: grid for grid in open_grids(name, content, looks=True)}
            # A sheet that only one of the two readers finds is taken without its looks.
            filled = [looks.get(grid.name, grid) for grid in filled]
            printed = [(looks.get(grid.name, grid), columns) for grid, columns in printed]
        return _printed(filled, printed)
    if headers:
        return _own(filled, headers, base)
    raise BadFile(
        f"Tệp «{name}» không có bảng nào của biểu ({_names(filled)}). Cần một dòng tiêu đề có các"
        " cột «STT», «Chỉ tiêu», «Đơn vị tính» như bảng in, hoặc các cột của trang «Dòng chỉ tiêu»"
        " trong tệp tải về từ cổng."
    )


def _names(grids: Sequence[Grid]) -> str:
    return ", ".join(f"«{grid.name}»" for grid in grids[:10])


def _own(grids: Sequence[Grid], headers: Sequence[tuple[Grid, Header]], base: Document) -> Reading:
    """Read our own tables: of several of one kind the first."""
    own: dict[str, OwnTable] = {}
    faults: list[Fault] = []
    for grid, header in headers:
        if header.table in own:
            faults.append(_second(grid, own[header.table].grid))
        else:
            own[header.table] = read_table(grid, header)
    for table in own.values():
        faults += [*_hidden_sheet(table.grid), *table.faults]
    known = {id(grid) for grid, _ in headers}
    faults += _unread([grid for grid in grids if id(grid) not in known])
    kept = {"rows": base.rows, "rules": base.rules, "indicators": base.indicators}
    faults += _kept(own, kept)
    rows, rules, indicators = (
        own[table].lines if table in own else lines for table, lines in kept.items()
    )
    document = Document(rows, rules, indicators, _still_proposed(rows, base))
    return Reading(document, None, tuple(faults), headers[0][0].name, own)


def _kept(own: Mapping[str, OwnTable], kept: Mapping[str, Sequence[Line]]) -> Iterator[Fault]:
    for table, lines in kept.items():
        if lines and table not in own:
            yield Fault(
                SHEETS[table],
                "",
                "",
                f"Tệp không có trang «{SHEETS[table]}»: giữ nguyên {len(lines)} dòng của bản thảo.",
                Severity.NOTE,
            )


def _still_proposed(rows: Sequence[Line], base: Document) -> dict[str, dict[str, str]]:
    """Return the proposals of ``base`` whose values came back as they went out: nobody has
    decided on them by sending the workbook round."""
    before = {row["key"]: row for row in base.rows}
    found = {
        row["key"]: {
            column: why
            for column, why in base.proposals.get(row["key"], {}).items()
            if row[column] == before[row["key"]][column]
        }
        for row in rows
        if row["key"] in before
    }
    return {key: said for key, said in found.items() if said}


def _printed(grids: Sequence[Grid], printed: Sequence[tuple[Grid, Columns]]) -> Reading:
    """Read a printed table: of several sheets the first, of a text all tables alike."""
    grid, columns = printed[0]
    goes_on = [other for other in grids if _continues(other, grid, columns)]
    rest = [other for other in grids if other is not grid and other not in goes_on]
    tables = [_table(grid, columns)]
    tables += [_table(other, _below(other, columns)) for other in goes_on]
    lines = [
        replace(line, place=f"{part.name}, {line.place}" if goes_on else line.place)
        for part, table in zip([grid, *goes_on], tables, strict=True)
        for line in table.lines
    ]
    faults = [*_hidden_sheet(grid)]
    for part in (grid, *goes_on):
        faults += _odd_in_print(part, columns)
    others = {id(other) for other, _ in printed}
    faults += [_second(other, grid) for other in rest if id(other) in others]
    faults += _unread([other for other in rest if id(other) not in others])
    table = replace(
        tables[0],
        lines=tuple(lines),
        below=tuple(text for one in tables for text in one.below),
    )
    return Reading(Document(), table, (*faults, *left_out(table, grid.name)), grid.name)


def left_out(table: PrintedTable, sheet: str) -> Iterator[Fault]:
    """Say in one fault what stands below a printed table and is no row of it."""
    if not table.below:
        return
    said = "; ".join(f"«{_short(text)}»" for text in table.below[:_MOST_SHOWN])
    more = len(table.below) - _MOST_SHOWN
    rest = f" và {more} dòng nữa" if more > 0 else ""
    sentence = (
        f"Dòng dưới bảng không đưa vào biểu: {said}{rest}. Nếu là một dòng của biểu, hãy thêm dòng"
        " ấy ở bản thảo."
    )
    yield Fault(sheet, "", "", sentence, Severity.NOTE)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _continues(other: Grid, grid: Grid, columns: Columns) -> bool:
    """Whether a table of a text is the rest of the one before: Word files are cut at pages."""
    if other is grid or other.lettered:
        return False
    found = find_columns(other.rows)
    width = max((len(cells) for _, cells in other.rows), default=0)
    return found.places == columns.places if found else width == columns.width


def _below(grid: Grid, columns: Columns) -> Columns:
    """Return the columns of a table that goes on; it may or may not repeat the headings."""
    return find_columns(grid.rows) or replace(columns, heading=0, first=0)


def _table(grid: Grid, columns: Columns) -> PrintedTable:
    table = read_rows(grid.rows, columns, grid.place)
    return replace(table, above=(*(text for text in grid.above if text), *table.above))


def _odd_in_print(grid: Grid, columns: Columns) -> Iterator[Fault]:
    first = grid.rows[columns.first][0] if columns.first < len(grid.rows) else 0
    for column, place in columns.places.items():
        harmless = set() if column == "stt" else {Odd.NUMBER, Odd.COUNTED}
        title = _PRINTED_TITLES[column]
        yield from cell_faults(grid, place, title, first=first, harmless=harmless)
    hidden = [number for number in grid.hidden if number >= first]
    if hidden:
        yield hidden_rows(grid, hidden)


def _hidden_sheet(grid: Grid) -> Iterator[Fault]:
    if grid.is_hidden:
        sentence = f"Trang «{grid.name}» đang ẩn mà vẫn được đọc. Hãy xem có đúng trang cần không."
        yield Fault(grid.name, "", "", sentence, Severity.WARNING)


def _second(grid: Grid, read: Grid) -> Fault:
    return Fault(
        grid.name,
        "",
        "",
        f"Trang «{grid.name}» cũng là một bảng như trang «{read.name}»; chỉ trang «{read.name}»"
        " được đọc. Nếu cần trang kia, hãy tải nó lên trong một tệp riêng.",
        Severity.WARNING,
    )


def _unread(grids: Sequence[Grid]) -> Iterator[Fault]:
    for grid in grids:
        sentence = f"«{grid.name}» không có cột của biểu nên không được đọc."
        yield Fault(grid.name, "", "", sentence, Severity.NOTE)
