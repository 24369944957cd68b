"""The table of an appendix found again in a file that somebody brought: Excel, Word or CSV."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indicators.catalogue.cells import BadFile, Cell, Grid, Odd
from indicators.catalogue.grids import open_grids
from indicators.words import clean
from reporting.printing.appendix import FIGURE_HEADING, MARK_HEADING, STT_HEADING, UNIT_HEADING

DRAWN_UP_BY = "NGƯỜI LẬP BIỂU"
_BELOW = (DRAWN_UP_BY, MARK_HEADING)
_WANTED = (
    "Hãy tải lên tệp Excel (.xlsx), Word (.docx), PDF hoặc CSV đã tải từ cổng; ảnh chụp và bản quét"
    " thì không so được."
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row as a file shows it, and what people call its place there."""

    place: str
    stt: str
    label: str
    unit: str
    figure: str
    remark: str


# Ours has one; each is compared with the whole form and with each of its sections.
MOST_TABLES = 10


@dataclass(frozen=True, slots=True)
class FileTables:
    """The rows of each table, and all words of the file without what stands between them."""

    tables: Sequence[Sequence[FileRow]]
    words: str


@dataclass(frozen=True, slots=True)
class _Columns:
    stt: int
    label: int
    unit: int
    figure: int
    last: int


def squashed(text: str) -> str:
    """Return ``text`` without anything that programs change when they break or join lines."""
    return "".join(clean(text).split())


def tables_of(name: str, content: bytes) -> FileTables:
    """Return every table of an appendix that a file shows; raise BadFile where there is none, or
    far too many, or where it cannot be read at all."""
    found_grids = open_grids(name, content, results=True, wanted=_WANTED)
    grids = [grid for grid in found_grids if not grid.is_hidden]
    words = squashed(
        " ".join(
            [
                *(text for grid in grids for text in grid.above),
                *(cell.text for grid in grids for _, cells in grid.rows for cell in cells),
            ]
        )
    )
    found = [rows for grid in grids if (rows := list(_rows_of(grid)))]
    if len(found) > MOST_TABLES:
        raise BadFile(
            f"Tệp «{name}» có {len(found)} bảng phụ lục, tệp tải từ cổng có một. Hãy chọn đúng tệp"
            " phụ lục đã tải từ cổng."
        )
    if not found:
        raise BadFile(
            f"Tệp «{name}» không có bảng của phụ lục: cần dòng tiêu đề có «{STT_HEADING}»,"
            f" «{UNIT_HEADING}», «{FIGURE_HEADING}» và các dòng bên dưới. Hãy chọn đúng tệp phụ lục"
            " đã tải từ cổng."
        )
    return FileTables(found, words)


def _rows_of(grid: Grid) -> Iterator[FileRow]:
    head = _head(grid)
    if head is None:
        return
    first, columns = head
    # The line of place and date above the signature stands under no heading of its own.
    waiting: FileRow | None = None
    for number, cells in grid.rows[first:]:
        texts = [cell.text for cell in cells]
        if any(text.startswith(_BELOW) for text in texts):
            return
        row = _row(grid.place(number, columns.figure), cells, columns)
        if not any(texts) or row.stt.upper() == STT_HEADING:
            continue
        if waiting is not None:
            yield waiting
        waiting = row
        if row.stt or row.label or row.figure:
            yield row
            waiting = None


def _head(grid: Grid) -> tuple[int, _Columns] | None:
    """Return where the rows below the headings begin, and which column is which; the headings may
    stand in one row or in two."""
    rows = [[squashed(cell.text).lower() for cell in cells] for _, cells in grid.rows]
    stt, unit, figure = (
        squashed(text).lower() for text in (STT_HEADING, UNIT_HEADING, FIGURE_HEADING)
    )
    for at, texts in enumerate(rows):
        if stt not in texts:
            continue
        for depth, names in enumerate(rows[at : at + 2]):
            if unit in names and figure in names:
                first = texts.index(stt)
                columns = _Columns(
                    stt=first,
                    label=_next(texts, first),
                    unit=names.index(unit),
                    figure=names.index(figure),
                    last=_next(texts, names.index(figure)),
                )
                return at + depth + 1, columns
    return None


def _next(texts: Sequence[str], after: int) -> int:
    """Return the next column that has a heading, or the very next."""
    return next((at for at in range(after + 1, len(texts)) if texts[at]), after + 1)


def _row(place: str, cells: Sequence[Cell], columns: _Columns) -> FileRow:
    def text(column: int) -> str:
        return cells[column].text if column < len(cells) else ""

    figure = text(columns.figure)
    if columns.figure < len(cells) and cells[columns.figure].odd is Odd.NUMBER:
        # A number of a workbook, whose point is no sign of thousands.
        figure = figure.replace(".", ",")
    return FileRow(
        place,
        text(columns.stt),
        text(columns.label),
        text(columns.unit),
        figure,
        text(columns.last),
    )
