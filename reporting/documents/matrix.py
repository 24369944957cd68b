"""The figures of all agencies of a round side by side: agencies × rows of one form, ready to
print."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from indicators.catalogue.spelling import says
from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import AgencyKind, Kind, Labelled
from reporting.calculations.columns import Column, columns
from reporting.calculations.contributions import Contribution, Figures, Source, Standing
from reporting.calculations.outliers import Side
from reporting.collation import by_kind_and_name, vietnamese
from reporting.printing.cells import (
    UNDEFINED,
    PrintedCell,
    coverage,
    printed_number,
    printed_total,
)


class Look(Labelled):
    """What a cell says where it holds no plain figure; the value is its class on the page."""

    FIGURE = "", ""
    UNDEFINED = "z", "Mẫu số bằng 0"
    NIL = "n", "Không phát sinh"
    OUT_OF_SCOPE = "x", "Không thuộc phạm vi"
    BLANK = "b", "Bỏ trống"
    NO_PARTS = "t", "Thiếu tử số hoặc mẫu số"
    NOT_ASKED = "k", "Biểu không giao đơn vị này"
    NOT_READ = "d", "Báo cáo chưa được duyệt, hoặc chưa gửi"
    ABSENT = "h", "Biểu của đơn vị không có chỉ tiêu này"


# The same, as short as a cell is wide.
SHORT: Mapping[Look, str] = {
    Look.NIL: "không phát sinh",
    Look.OUT_OF_SCOPE: "ngoài phạm vi",
    Look.BLANK: "trống",
    Look.NO_PARTS: "thiếu tử, mẫu",
    Look.NOT_ASKED: "biểu không giao",
    Look.NOT_READ: "chưa tính",
    Look.ABSENT: "biểu không có",
}


class MatrixCell(NamedTuple):
    """One figure with the report and the row that it stands in, by that report's own form.
    ``outside`` says why it is not in the province's figure, where it is not."""

    look: Look
    text: str
    number: Decimal | None
    submission: int
    key: str
    side: Side | None = None
    outside: str = ""


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """The head of one column; ``name`` is the row in full, with the one above it where it has no
    number of its own."""

    key: str
    stt: str
    label: str
    name: str
    unit: str
    section: str
    kind: Kind
    answers: Sequence[str]
    total: PrintedCell
    coverage: str
    is_added: bool


class Section(NamedTuple):
    """A part of the form, and how many columns of it are shown."""

    key: str
    name: str
    columns: int


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One agency over all columns, a cell for each; None where its form does not ask. ``cells`` is
    empty where none of its reports is read yet. One that ``is_split`` has other lines, too."""

    name: str
    kind: AgencyKind
    area: str
    reports: Sequence[Source]
    cells: Sequence[MatrixCell | None]
    is_split: bool = False

    @property
    def forms(self) -> str:
        return ", ".join(report.form.code for report in self.reports)

    @property
    def standing(self) -> str:
        """Where its reports stand in words, each word once."""
        return ", ".join(dict.fromkeys(report.state.label for report in self.reports))

    @property
    def is_read(self) -> bool:
        return any(report.is_taken for report in self.reports)

    @property
    def has_figure(self) -> bool:
        return any(cell is not None and has_value(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which agencies are shown, whether only columns and agencies with a figure, and by which
    column (``key``) they are sorted."""

    kind: str = ""
    area: str = ""
    search: str = ""
    only_figures: bool = False
    key: str = ""
    is_descending: bool = False

    def takes(self, report: Source) -> bool:
        return (
            self.kind in {"", report.kind.value}
            and self.area in {"", report.area}
            and says(self.search, report.agency)
        )


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole table; by ``kinds`` and ``areas`` it can be narrowed. ``read`` of ``expected``
    reports are in it, whatever it is narrowed to."""

    columns: Sequence[MatrixColumn]
    sections: Sequence[Section]
    lines: Sequence[MatrixLine]
    kinds: Sequence[AgencyKind]
    areas: Sequence[str]
    read: int
    expected: int
    outliers: int


def cells_of(found: Matrix) -> int:
    """Return how many figures the table has room for, the province's included."""
    return len(found.columns) * (len(found.lines) + 1)


def has_value(cell: MatrixCell) -> bool:
    return cell.look in _FIGURES


def matrix_rows(layout: FormDefinition, section: str = "") -> Sequence[RowDefinition]:
    """Return the rows of ``layout`` that make columns, of one section or of all. Words do not:
    they stand on the page of their report."""
    return [
        row
        for row in layout.rows
        if row.is_answered and row.kind is not Kind.TEXT and section in {"", row.section}
    ]


def sections_of(layout: FormDefinition) -> Sequence[Section]:
    """Return the parts of ``layout`` that have columns."""
    return _sections(layout, [row.section for row in matrix_rows(layout)])


def kinds_of(reports: Iterable[Source]) -> Sequence[AgencyKind]:
    there = {report.kind for report in reports}
    return [kind for kind in AgencyKind if kind in there]


def areas_of(reports: Iterable[Source]) -> Sequence[str]:
    return sorted({report.area for report in reports if report.area}, key=vietnamese)


def matrix(
    layout: FormDefinition,
    rows: Sequence[RowDefinition],
    reports: Sequence[Source],
    figures: Figures,
    wanted: Wanted,
) -> Matrix:
    """Lay out ``rows`` of ``layout`` over ``reports``; what stands outside ``wanted`` is counted
    in the province's figures and is no line."""
    found = list(columns(rows, layout, reports, figures))
    heads = [_head(column, layout) for column in found]
    groups = _groups(reports, found)
    of_agency = Counter(group[0].agency for group in groups)
    groups = [group for group in groups if wanted.takes(group[0])]
    lines = [
        _line(group, cells, is_split=of_agency[group[0].agency] > 1)
        for group, cells in zip(groups, _cells(groups, found), strict=True)
    ]
    lines.sort(key=lambda line: by_kind_and_name(line.kind.value, line.name))
    if wanted.only_figures:
        heads, lines = _with_figures(heads, lines)
    return Matrix(
        columns=heads,
        sections=_sections(layout, [head.section for head in heads]),
        lines=sorted_lines(lines, heads, wanted),
        kinds=kinds_of(reports),
        areas=areas_of(reports),
        read=sum(report.is_taken for report in reports),
        expected=len(reports),
        outliers=sum(1 for line in lines for cell in line.cells if cell and cell.side),
    )


def sorted_lines(
    lines: Sequence[MatrixLine], heads: Sequence[MatrixColumn], wanted: Wanted
) -> Sequence[MatrixLine]:
    """Return ``lines`` by the column that is wanted; who has nothing there comes last either way,
    and equals stay in their order."""
    at = next((place for place, head in enumerate(heads) if head.key == wanted.key), None)
    if at is None:
        return lines
    order = _order(heads[at])
    placed = [(order(line.cells[at] if line.cells else None), line) for line in lines]
    there = [(place, line) for place, line in placed if place is not None]
    there.sort(key=lambda one: one[0], reverse=wanted.is_descending)
    return [line for _, line in there] + [line for place, line in placed if place is None]


def _order(head: MatrixColumn) -> Callable[[MatrixCell | None], Decimal | None]:
    """How cells of a column are compared: numbers as printed, answers in the form's order."""
    answers = {label: Decimal(place) for place, label in enumerate(head.answers)}

    def order(cell: MatrixCell | None) -> Decimal | None:
        if cell is None or cell.look is not Look.FIGURE:
            return None
        return cell.number if cell.number is not None else answers.get(cell.text)

    return order


_FIGURES = frozenset({Look.FIGURE, Look.UNDEFINED})
_LOOKS: Mapping[Standing, Look] = {
    Standing.NIL: Look.NIL,
    Standing.OUT_OF_SCOPE: Look.OUT_OF_SCOPE,
    Standing.NO_PARTS: Look.NO_PARTS,
    Standing.NOT_ASKED: Look.NOT_ASKED,
    Standing.NOT_APPROVED: Look.NOT_READ,
    Standing.NOT_HANDED_IN: Look.NOT_READ,
}


def _head(column: Column, layout: FormDefinition) -> MatrixColumn:
    row = column.row
    label = row.label.removeprefix("- ")
    above = layout.by_key.get(row.parent)
    name = f"{row.stt} {label}".strip()
    if above is not None and not row.stt[:1].isdigit():
        name = f"{above.name()}: {label}"
    return MatrixColumn(
        key=row.key,
        stt=layout.stt_of(row),
        label=label,
        name=name,
        unit="" if row.options else row.unit,
        section=row.section,
        kind=row.kind,
        answers=[option.label for option in row.options],
        total=printed_total(column.total),
        coverage=coverage(column.total),
        is_added=row.is_added,
    )


def _sections(layout: FormDefinition, keys: Sequence[str]) -> Sequence[Section]:
    """Return the sections of so many columns, side by side as they come."""
    found: list[Section] = []
    for key in keys:
        if found and found[-1].key == key:
            found[-1] = found[-1]._replace(columns=found[-1].columns + 1)
        else:
            row = layout.by_key.get(key)
            name = " ".join(filter(None, (row.stt, row.label))) if row else key
            found.append(Section(key, name.rstrip(":"), 1))
    return found


def _groups(reports: Sequence[Source], found: Sequence[Column]) -> Sequence[Sequence[Source]]:
    """Return the reports that share a line: those of one agency that ask for different things. Two
    that ask for the same are two lines, so that no figure hides behind another."""
    of_agency: dict[int, list[Source]] = {}
    for report in reports:
        of_agency.setdefault(report.agency_id, []).append(report)
    groups: list[list[Source]] = []
    for of_one in of_agency.values():
        groups += [of_one] if len(of_one) == 1 else _apart(of_one, found)
    return groups


def _apart(reports: Sequence[Source], found: Sequence[Column]) -> list[list[Source]]:
    lines: list[tuple[list[Source], set[int]]] = []
    for report in reports:
        asked = {
            place for place, column in enumerate(found) if report.submission_id in column.parts
        }
        for line, taken in lines:
            alike = line[0].capacity is report.capacity
            if alike and taken.isdisjoint(asked):
                line.append(report)
                taken.update(asked)
                break
        else:
            lines.append(([report], asked))
    return [line for line, _ in lines]


def _line(
    group: Sequence[Source], cells: Sequence[MatrixCell | None], *, is_split: bool
) -> MatrixLine:
    first = group[0]
    return MatrixLine(first.agency, first.kind, first.area, group, cells, is_split)


def _cells(
    groups: Sequence[Sequence[Source]], found: Sequence[Column]
) -> Sequence[Sequence[MatrixCell | None]]:
    """Return the cells of each group. The loop is lean: a round has tens of thousands."""
    lines: list[list[MatrixCell | None]] = [[] for _ in groups]
    reading = [
        (line, group[0].submission_id, [report.submission_id for report in group[1:]])
        for line, group in zip(lines, groups, strict=True)
        if any(report.is_taken for report in group)
    ]
    for column in found:
        parts = column.parts
        for line, pk, others in reading:
            part = parts.get(pk)
            if part is None and others:
                part = next((parts[one] for one in others if one in parts), None)
            line.append(None if part is None else _cell(column, part))
    return lines


def _cell(column: Column, part: Contribution) -> MatrixCell:
    pk, key = part.source.submission_id, part.row.key
    number = part.number
    if part.choice:
        return MatrixCell(_FIGURE, part.choice, None, pk, key, None, column.why_outside(part))
    if number is None and part.parts is None:
        return MatrixCell(_LOOKS.get(part.standing, Look.BLANK), "", None, pk, key)
    if number is None and part.parts is not None:
        number = part.parts.percent
    if number is None:
        return MatrixCell(Look.UNDEFINED, UNDEFINED, None, pk, key, None, column.why_outside(part))
    shown = printed_number(number, column.row.kind)
    side = column.marks.get(pk) if column.marks else None
    return MatrixCell(_FIGURE, shown.text, shown.number, pk, key, side, column.why_outside(part))


# Reaching an enumeration's member takes longer than making a cell.
_FIGURE = Look.FIGURE


def _with_figures(
    heads: Sequence[MatrixColumn], lines: Iterable[MatrixLine]
) -> tuple[list[MatrixColumn], list[MatrixLine]]:
    """Leave out the agencies without any figure, and the columns in which none of them has one."""
    kept = [line for line in lines if line.has_figure]
    places = [
        place
        for place in range(len(heads))
        if any((cell := line.cells[place]) and has_value(cell) for line in kept)
    ]
    narrowed = [replace(line, cells=[line.cells[place] for place in places]) for line in kept]
    return [heads[place] for place in places], narrowed
