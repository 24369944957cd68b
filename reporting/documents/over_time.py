"""The figures of shorter rounds beside those of the round that they tile, as a page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.definition import FormDefinition
from indicators.kinds import AcrossPeriods
from reporting.calculations.over_time import Accumulated, accumulated, number_of_total
from reporting.calculations.totals import Total
from reporting.printing.cells import UNDEFINED, PrintedCell, printed_number, printed_total
from reporting.reconciling import Gathered


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One row: its figure in each shorter round, what they come to (``why`` says in words where
    they come to nothing), and its figure in the round itself."""

    stt: str
    label: str
    unit: str
    css: str
    figures: Sequence[PrintedCell]
    whole: PrintedCell
    why: str
    now: PrintedCell
    differs: bool


def time_lines(
    layout: FormDefinition, now: Gathered, shorter: Sequence[Gathered]
) -> Sequence[TimeLine]:
    """Return the rows of ``layout`` over ``shorter``, which lie end to end, in order of time."""
    totals = [one.totals(layout) for one in shorter]
    names = [one.name for one in shorter]
    return [
        _line(long, short, names) for long, *short in zip(now.totals(layout), *totals, strict=True)
    ]


def _line(long: Total, short: Sequence[Total], names: Sequence[str]) -> TimeLine:
    row = long.row
    whole = accumulated(row, short)
    number = whole.number if whole is not None else None
    compared = number_of_total(long)
    return TimeLine(
        stt=row.stt,
        label=row.label,
        unit="" if row.options else row.unit,
        css=f"d{row.depth} {row.emphasis} {row.kind}",
        figures=[printed_total(one) for one in short],
        whole=_printed(long, whole),
        why=_why(long, whole, names),
        now=printed_total(long),
        differs=number is not None and compared is not None and number != compared,
    )


def _printed(long: Total, whole: Accumulated | None) -> PrintedCell:
    if whole is None:
        return PrintedCell()
    if whole.number is not None:
        return printed_number(whole.number, long.row.kind)
    is_undefined = whole.parts is not None and whole.parts.is_undefined
    return PrintedCell(UNDEFINED) if is_undefined else PrintedCell()


def _why(long: Total, whole: Accumulated | None, names: Sequence[str]) -> str:
    """Say how the whole came about, or why there is none."""
    row = long.row
    if not row.is_added:
        return ""
    if whole is None:
        if row.across_periods is AcrossPeriods.UNSAID:
            return "biểu không nói cộng qua các kỳ"
        return "không cộng qua các kỳ"
    if whole.lacking:
        return "thiếu số " + ", ".join(names[place] for place in whole.lacking)
    return f"{row.across_periods.label}: lấy đợt cuối" if whole.is_last else ""
