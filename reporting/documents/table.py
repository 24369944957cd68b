"""The province's table and the cells behind one total, as pages show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from reporting.calculations.contributions import EXPECTED, Contribution, Standing
from reporting.calculations.totals import Total
from reporting.collation import vietnamese
from reporting.numbers import is_beyond_spreadsheets
from reporting.printing.cells import (
    PrintedCell,
    coverage,
    printed_number,
    printed_total,
    written_parts,
)
from reporting.publication import Provenance


@dataclass(frozen=True, slots=True)
class GroupCell:
    """The figure of one group of agencies, with what it stands on."""

    name: str
    figure: PrintedCell
    coverage: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class TableLine:
    """One row of the province's table; ``behind`` is the key to open it by, if it opens."""

    key: str
    stt: str
    label: str
    unit: str
    css: str
    figure: PrintedCell
    coverage: str
    parts: str
    behind: str
    is_short: bool
    without: str = ""
    groups: Sequence[GroupCell] = ()
    # A rate whose whole is 0, and a number that no spreadsheet keeps as one.
    is_undefined: bool = False
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class BreakdownLine:
    """One agency's part in one total, and why it is or is not in it. Who ``is_unasked`` has
    reported although its form does not ask it. ``key`` is the row in its own form, ``filing`` which
    sending of the report the figure is of, ``approved_by`` who approved it."""

    submission_id: int
    agency: str
    row: str
    figure: str
    parts: str
    standing: Standing
    is_unasked: bool
    key: str = ""
    filing: str = ""
    approved_by: str = ""
    is_provisional: bool = False

    @property
    def is_counted(self) -> bool:
        return self.standing in {Standing.COUNTED, Standing.NIL}


def table_lines(
    totals: Iterable[Total], groups: Mapping[str, Sequence[Total]] = MappingProxyType({})
) -> Sequence[TableLine]:
    """Return the rows of the table; ``groups`` are the totals of groups of agencies by their names,
    row by row as ``totals``."""
    shares = zip(*groups.values(), strict=True)
    return [
        TableLine(
            key=total.row.key,
            stt=total.row.stt,
            label=total.row.label,
            unit="" if total.row.options else total.row.unit,
            css=f"d{total.row.depth} {total.row.emphasis} {total.row.kind}",
            figure=figure,
            coverage=coverage(total),
            parts=written_parts(total.parts),
            behind=total.row.key if total.row.is_added else "",
            is_short=total.reported < total.expected,
            without=", ".join(total.without) if total.row.is_added else "",
            groups=[_group(*one) for one in zip(groups, next(shares, ()), strict=False)],
            is_undefined=total.parts is not None and total.parts.is_undefined,
            is_long=figure.number is not None and is_beyond_spreadsheets(figure.number),
        )
        for total in totals
        for figure in [printed_total(total)]
    ]


def _group(name: str, total: Total) -> GroupCell:
    is_short = total.reported < total.expected
    return GroupCell(name or "Không ghi", printed_total(total), coverage(total), is_short)


def breakdown_lines(
    contributions: Iterable[Contribution], provenance: Mapping[int, Provenance] | None = None
) -> Sequence[BreakdownLine]:
    """List who stands in a total first, then who does not, each group by agency."""
    lines = [
        _breakdown_line(one, (provenance or {}).get(one.source.submission_id, Provenance()))
        for one in contributions
    ]
    order = list(Standing)
    return sorted(lines, key=lambda line: (order.index(line.standing), vietnamese(line.agency)))


def _breakdown_line(contribution: Contribution, whence: Provenance) -> BreakdownLine:
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
        key=contribution.row.key,
        filing=f"lần gửi {whence.filing}" if whence.filing is not None else "",
        approved_by=whence.approved_by if contribution.source.is_approved else "",
        is_provisional=contribution.source.is_taken and not contribution.source.is_approved,
    )
