"""The agencies of a round in the order of one row's figures, and those that have no place in it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import AgencyKind, Kind
from reporting.calculations.columns import Column, columns, value
from reporting.calculations.contributions import Contribution, Figures, Source, Standing
from reporting.calculations.outliers import Side
from reporting.calculations.ranking import ranks
from reporting.collation import by_kind_and_name
from reporting.documents.matrix import (
    Wanted,
    areas_of,
    kinds_of,
    matrix_rows,
    sections_of,
)
from reporting.pictures import Bar, Bars, Figure, bars
from reporting.printing.cells import printed_number, printed_total, written_parts

UNDEFINED = "Mẫu số bằng 0, không có tỷ lệ"


@dataclass(frozen=True, slots=True)
class Placed:
    """One agency with its figure. ``number`` is what it is ranked by, rounded as it is printed:
    what is equal on paper shares a rank. ``filed`` is the percentage that the agency has written,
    where its parts make another one, ``outside`` why it is not in the province's figure. Who
    ``is_twice`` has more than one report with this row."""

    report: Source
    key: str
    form: str
    figure: str
    number: Decimal | None
    parts: str
    filed: str
    side: Side | None
    outside: str = ""
    is_twice: bool = False

    @property
    def name(self) -> str:
        return self.report.agency


class Ranked(NamedTuple):
    """One line of the ranking; the province's own line has no ``rank`` and nobody ``placed``."""

    rank: int | None
    placed: Placed | None


class Aside(NamedTuple):
    """Those without a rank for one reason, or with one answer."""

    reason: str
    agencies: Sequence[Placed]


class Choice(NamedTuple):
    """The rows of one part of the form that may be ranked: key and name, rates first."""

    section: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """``absent`` agencies have a form without this row. ``lines`` hold the province's figure where
    it belongs among the rates; a sum is larger than its parts and stands first."""

    row: RowDefinition
    figure: str
    parts: str
    coverage: tuple[int, int]
    lines: Sequence[Ranked]
    answers: Sequence[Aside]
    asides: Sequence[Aside]
    absent: int
    kinds: Sequence[AgencyKind]
    areas: Sequence[str]

    @property
    def is_rate(self) -> bool:
        return self.row.kind is Kind.PERCENT

    @property
    def ranked(self) -> int:
        return sum(line.placed is not None for line in self.lines)

    @property
    def outside(self) -> int:
        return sum(bool(line.placed and line.placed.outside) for line in self.lines)

    @property
    def outliers(self) -> int:
        return sum(bool(line.placed and line.placed.side) for line in self.lines)


def choices(layout: FormDefinition) -> Sequence[Choice]:
    """Return what may be ranked of ``layout``."""
    found = []
    for section in sections_of(layout):
        rows = sorted(
            matrix_rows(layout, section.key), key=lambda row: row.kind is not Kind.PERCENT
        )
        found.append(Choice(section.name, [(row.key, layout.names[row.key]) for row in rows]))
    return found


def ranking(
    row: RowDefinition,
    layout: FormDefinition,
    reports: Sequence[Source],
    figures: Figures,
    wanted: Wanted,
) -> Ranking:
    """Rank the agencies that are ``wanted`` by ``row`` of ``layout``, the largest figure first."""
    column = next(iter(columns([row], layout, reports, figures)))
    chosen = sorted(
        (one for one in reports if wanted.takes(one)),
        key=lambda one: by_kind_and_name(one.kind.value, one.agency),
    )
    there = [
        (one, column.parts[one.submission_id])
        for one in chosen
        if one.submission_id in column.parts
    ]
    counts = Counter(one.agency for one, _ in there)
    everybody = [
        (replace(_placed(column, one, part), is_twice=counts[one.agency] > 1), part)
        for one, part in there
    ]
    placed, answers, asides = _sorted_out(column.row, everybody, wanted)
    total = column.total
    return Ranking(
        row=row,
        figure=printed_total(total).text,
        parts=written_parts(total.parts),
        coverage=(total.reported, total.expected),
        lines=_lines(column, placed),
        answers=answers,
        asides=asides,
        absent=len(chosen) - len(there),
        kinds=kinds_of(reports),
        areas=areas_of(reports),
    )


def _sorted_out(
    row: RowDefinition,
    there: Iterable[tuple[Placed, Contribution]],
    wanted: Wanted,
) -> tuple[Sequence[Placed], Sequence[Aside], Sequence[Aside]]:
    """Part those with a place from the answers in words and from those without either."""
    placed: list[Placed] = []
    answers: dict[str, list[Placed]] = {option.label: [] for option in row.options}
    asides: dict[str, list[Placed]] = defaultdict(list)
    for one, part in there:
        reason = _why_not(part, wanted)
        if reason:
            asides[reason].append(one)
        elif part.choice:
            answers.setdefault(part.choice, []).append(one)
        else:
            placed.append(one)
    return placed, _asides(answers), _asides(asides)


def _asides(found: Mapping[str, Sequence[Placed]]) -> Sequence[Aside]:
    return [Aside(reason, agencies) for reason, agencies in found.items() if agencies]


def _why_not(part: Contribution, wanted: Wanted) -> str:
    """Say why somebody has no place: what is outside the province's figure is no peer of what is in
    it. Central agencies are ranked among themselves, where only they are asked for."""
    if part.standing is Standing.VERTICAL and wanted.kind == AgencyKind.VERTICAL:
        is_in = True
    else:
        is_in = part.standing is Standing.COUNTED
    if not is_in:
        return part.standing.label
    return UNDEFINED if value(part) is None and not part.choice else ""


def _placed(column: Column, report: Source, part: Contribution) -> Placed:
    kind = column.row.kind
    number = value(part)
    shown = None if number is None else printed_number(number, kind)
    filed = None if part.number is None else printed_number(part.number, kind)
    return Placed(
        report=report,
        key=part.row.key,
        form=report.form.code,
        figure=part.choice or (shown.text if shown else ""),
        number=shown.number if shown else None,
        parts=written_parts(part.parts),
        filed=filed.text if filed and shown and filed != shown else "",
        side=column.marks.get(report.submission_id),
        outside=column.why_outside(part),
    )


def _lines(column: Column, placed: Sequence[Placed]) -> Sequence[Ranked]:
    numbers = [one.number for one in placed if one.number is not None]
    lines = [Ranked(rank, one) for rank, one in zip(ranks(numbers), placed, strict=True)]
    lines.sort(key=lambda line: line.rank or 0)
    total = printed_total(column.total).number
    if total is None or not lines:
        return lines
    # Above those that are less, below its equals.
    above = sum(number >= total for number in numbers) if column.row.kind is Kind.PERCENT else 0
    return [*lines[:above], Ranked(None, None), *lines[above:]]


MOST_BARS = 30


def compared(found: Ranking, title: str) -> Figure | None:
    """Return the ranked agencies as bars, of many the first and the last; None where there are not
    two to compare. The table behind it is the ranking itself."""
    placed = [line for line in found.lines if line.placed is not None]
    if len(placed) < 2:
        return None
    half = MOST_BARS // 2
    shown = placed if len(placed) <= MOST_BARS else [*placed[:half], *placed[-half:]]
    left = len(placed) - len(shown)
    return Figure(
        svg=bars(
            Bars(
                "xep-hang",
                title,
                [_bar(line.rank, line.placed) for line in shown if line.placed is not None],
                unit="%" if found.is_rate else found.row.unit,
            )
        ),
        caption=title,
        head=(),
        rows=(),
        note=f"{half} đơn vị đầu và {half} đơn vị cuối; {left} đơn vị ở giữa có trong bảng dưới."
        if left
        else "",
    )


def _bar(rank: int | None, placed: Placed) -> Bar:
    return Bar(
        label=f"{rank}. {placed.name}",
        number=placed.number,
        outlier=placed.side.label if placed.side else "",
        note=placed.parts,
    )
