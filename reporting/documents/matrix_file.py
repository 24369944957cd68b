"""The figures of all agencies of a round as a list for files: the cells of the page."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils import timezone

from indicators.models import FormVersion
from reporting.calculations.contributions import Basis
from reporting.documents.files import File, record_export
from reporting.documents.formats.listing import ListFormat, Listing
from reporting.documents.matrix import SHORT, Look, Matrix, MatrixCell, MatrixColumn, MatrixLine
from reporting.documents.names import matrix_stem
from reporting.models import Round, User

WHOLE = "Toàn tỉnh"
_WHO = (("Đơn vị", 38), ("Loại", 20), ("Địa bàn", 20), ("Biểu mẫu", 18), ("Báo cáo", 16))
# The columns of those that paper has room for, where not all agencies say the same.
_WHO_ON_PAPER = (3, 4)
_WIDTH, _WIDTH_ON_PAPER = 18, 14


def matrix_file(
    round_: Round,
    layout: FormVersion,
    found: Matrix,
    basis: Basis,
    format_: ListFormat,
    *,
    by: User,
    via: str = "page",
) -> File:
    """Return the table as a file, and record that it went out."""
    listed = paper_listing if format_.is_paper else matrix_listing
    listing = listed(round_, layout, found, basis)
    stem = matrix_stem(layout, round_)
    file = File(f"{stem}.{format_.extension}", format_.content_type, format_.render(listing))
    record_export(file, format_.extension, round_=round_, submission=None, by=by, via=via)
    return file


def matrix_listing(round_: Round, layout: FormVersion, found: Matrix, basis: Basis) -> Listing:
    """Return the table as a list to be filtered, as it stands now."""
    names = "; ".join(found.columns[place].name for place in _outside(found))
    told = f"{_OUTSIDE} (trên trang có dấu °) ở các cột: {names}." if names else ""
    return Listing(
        name="Bảng số",
        title=f"Bảng số của các đơn vị: {round_.province}, {round_}",
        notes=[_about(layout, found, basis), *filter(None, [told, round_.notice])],
        headings=(*_WHO, *((_heading(column), _WIDTH) for column in found.columns)),
        rows=_rows(found),
        frozen=1,
    )


def paper_listing(round_: Round, layout: FormVersion, found: Matrix, basis: Basis) -> Listing:
    """Return the table as a list to be read on paper: of an agency only what tells it from the
    others, and columns with figures outside the province's by their sign alone."""
    outside = frozenset(_outside(found))
    told = f"{_OUTSIDE} ở các cột có dấu °." if outside else ""
    shown = [0, *(place for place in _WHO_ON_PAPER if _differs(found, place))]
    names = (
        f"{_heading(column)} °" if place in outside else _heading(column)
        for place, column in enumerate(found.columns)
    )
    return Listing(
        name="Bảng số",
        title=f"Bảng số của các đơn vị: {round_.province}, {round_}",
        notes=[_about(layout, found, basis), *filter(None, [told, round_.notice])],
        headings=(
            *(_WHO[place] for place in shown),
            *((name, _WIDTH_ON_PAPER) for name in names),
        ),
        rows=([*(row[place] for place in shown), *row[len(_WHO) :]] for row in _rows(found)),
        frozen=1,
    )


_OUTSIDE = "Có số của đơn vị không cộng vào số của tỉnh"


def _about(layout: FormVersion, found: Matrix, basis: Basis) -> str:
    now = timezone.localtime()
    return (
        f"Theo biểu {layout.code}, lúc {now:%H:%M ngày %d/%m/%Y}."
        f" {basis.label}: {found.read}/{found.expected}. {len(found.lines)} dòng đơn vị,"
        f" {len(found.columns)} cột số liệu. Dòng «{WHOLE}» là số của cả tỉnh."
    )


def _heading(column: MatrixColumn) -> str:
    return f"{column.name} ({column.unit})" if column.unit else column.name


def _differs(found: Matrix, place: int) -> bool:
    return len({_who(line)[place] for line in found.lines}) > 1


def _outside(found: Matrix) -> Sequence[int]:
    """Return the places of columns in which figures stand that the province's does not hold: who
    adds such a column up gets another sum."""
    return [
        place
        for place in range(len(found.columns))
        if any(
            cell is not None and cell.outside
            for line in found.lines
            for cell in line.cells[place : place + 1]
        )
    ]


def _rows(found: Matrix) -> Iterator[Sequence[str | Decimal]]:
    totals = [
        column.total.text if column.total.number is None else column.total.number
        for column in found.columns
    ]
    yield [WHOLE, "", "", "", "", *totals]
    for line in found.lines:
        yield [*_who(line), *_cells(line, len(found.columns))]


def _who(line: MatrixLine) -> Sequence[str]:
    return line.name, line.kind.label, line.area, line.forms, line.standing


def _cells(line: MatrixLine, width: int) -> Sequence[str | Decimal]:
    if not line.cells:
        return [SHORT[Look.NOT_READ]] * width
    return [_said(cell) for cell in line.cells]


def _said(cell: MatrixCell | None) -> str | Decimal:
    """What a cell says; one that was left blank stays so."""
    if cell is None:
        return SHORT[Look.ABSENT]
    if cell.number is not None:
        return cell.number
    if cell.look is Look.BLANK:
        return ""
    return SHORT.get(cell.look, cell.text)
