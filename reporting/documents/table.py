"""The province's table and the cells behind one total, as pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reporting.calculations.contributions import EXPECTED, Contribution, Standing
from reporting.calculations.totals import Total
from reporting.collation import vietnamese
from reporting.printing.cells import (
    PrintedCell,
    coverage,
    printed_number,
    printed_total,
    written_parts,
)


@dataclass(frozen=True, slots=True)
class TableLine:
    """One row of the province's table; ``behind`` is the key to open it by, if it opens."""

    stt: str
    label: str
    unit: str
    css: str
    figure: PrintedCell
    coverage: str
    parts: str
    behind: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class BreakdownLine:
    """One agency's part in one total, and why it is or is not in it. Who ``is_unasked`` has
    reported although its form does not ask it."""

    submission_id: int
    agency: str
    row: str
    figure: str
    parts: str
    standing: Standing
    is_unasked: bool

    @property
    def is_counted(self) -> bool:
        return self.standing in {Standing.COUNTED, Standing.NIL}


def table_lines(totals: Iterable[Total]) -> Sequence[TableLine]:
    return [
        TableLine(
            stt=total.row.stt,
            label=total.row.label,
            unit="" if total.row.options else total.row.unit,
            css=f"d{total.row.depth} {total.row.emphasis} {total.row.kind}",
            figure=printed_total(total),
            coverage=coverage(total),
            parts=written_parts(total.parts),
            behind=total.row.key if total.row.is_added else "",
            is_short=total.reported < total.expected,
        )
        for total in totals
    ]


def breakdown_lines(contributions: Iterable[Contribution]) -> Sequence[BreakdownLine]:
    """List who stands in a total first, then who does not, each group by agency."""
    lines = [_breakdown_line(contribution) for contribution in contributions]
    order = list(Standing)
    return sorted(lines, key=lambda line: (order.index(line.standing), vietnamese(line.agency)))


def _breakdown_line(contribution: Contribution) -> BreakdownLine:
    parts = contribution.parts
    rate = parts.percent if parts else None
    number = contribution.number if contribution.number is not None else rate
    figure = contribution.choice or (
        printed_number(number, contribution.row.kind).text if number is not None else ""
    )
    return BreakdownLine(
        submission_id=contribution.source.submission_id,
        agency=contribution.source.agency,
        row=contribution.row.name(),
        figure=figure,
        parts=written_parts(parts),
        standing=contribution.standing,
        is_unasked=not contribution.is_asked and contribution.standing in EXPECTED,
    )
