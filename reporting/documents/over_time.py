"""The figures of shorter rounds beside those of the round that they tile, as a page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.definition import FormDefinition
from indicators.kinds import AcrossPeriods
from reporting.calculations.over_time import Accumulated, accumulated, number_of_total
from reporting.calculations.totals import Total
from reporting.printing.cells import (
    UNDEFINED,
    PrintedCell,
    coverage,
    printed_number,
    printed_total,
)
from reporting.reconciling import Gathered
from reporting.snapshot import FigureStatus


@dataclass(frozen=True, slots=True)
class TimeCell:
    """The figure of one round, with what it stands on. It ``opens`` in the round ``code`` where
    that has the form."""

    code: str
    name: str
    figure: PrintedCell
    coverage: str
    is_short: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One row: its figure in each shorter round, what they come to (``why`` says in words how, or
    why they come to nothing), and its figure in the round itself."""

    key: str
    stt: str
    label: str
    unit: str
    css: str
    cells: Sequence[TimeCell]
    whole: PrintedCell
    why: str
    now: TimeCell
    differs: bool


def time_lines(
    layout: FormDefinition, now: Gathered, shorter: Sequence[Gathered]
) -> Sequence[TimeLine]:
    """Return the rows of ``layout`` over ``shorter``, which lie end to end, in order of time."""
    totals = [one.totals(layout) for one in shorter]
    return [
        _line(long, short, now, shorter, layout)
        for long, *short in zip(now.totals(layout), *totals, strict=True)
    ]


def _line(
    long: Total,
    short: Sequence[Total],
    now: Gathered,
    shorter: Sequence[Gathered],
    layout: FormDefinition,
) -> TimeLine:
    row = long.row
    whole = accumulated(row, short)
    number = whole.number if whole is not None else None
    compared = number_of_total(long)
    return TimeLine(
        key=row.key if row.is_added else "",
        stt=row.stt,
        label=row.label,
        unit="" if row.options else row.unit,
        css=f"d{row.depth} {row.emphasis} {row.kind}",
        cells=[_cell(one, of, layout) for one, of in zip(short, shorter, strict=True)],
        whole=_printed(long, whole),
        why=_why(short, whole, [one.name for one in shorter]),
        now=_cell(long, now, layout),
        differs=number is not None and compared is not None and number != compared,
    )


def _cell(total: Total, of: Gathered, layout: FormDefinition) -> TimeCell:
    return TimeCell(
        code=of.code,
        name=of.name,
        figure=printed_total(total),
        coverage=coverage(total),
        is_short=total.reported < total.expected,
        opens=total.row.is_added and any(source.form.id == layout.id for source in of.sources),
    )


def _printed(long: Total, whole: Accumulated | None) -> PrintedCell:
    if whole is None:
        return PrintedCell()
    if whole.all_nil:
        return PrintedCell(FigureStatus.NIL.label)
    if whole.number is not None:
        return printed_number(whole.number, long.row.kind)
    is_undefined = whole.parts is not None and whole.parts.is_undefined
    return PrintedCell(UNDEFINED) if is_undefined else PrintedCell()


def _why(short: Sequence[Total], whole: Accumulated | None, names: Sequence[str]) -> str:
    """Say how the whole came about and what it lacks, or why there is none."""
    row = short[0].row
    if not row.is_added:
        return ""
    if whole is None:
        is_unsaid = row.across_periods is AcrossPeriods.UNSAID
        return "biểu không nói cộng qua các kỳ" if is_unsaid else "không cộng qua các kỳ"
    if whole.lacking:
        return "thiếu số " + ", ".join(names[place] for place in whole.lacking)
    counted = short[-1:] if whole.is_last else short
    is_short = any(total.reported < total.expected for total in counted)
    how = f"{row.across_periods.label}: lấy đợt cuối" if whole.is_last else ""
    return "; ".join(filter(None, (how, "chưa đủ đơn vị" if is_short else "")))
