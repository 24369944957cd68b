"""What agencies say of themselves, as it prints: the figure of one report, or several added."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from indicators.catalogue.spelling import lowered
from indicators.definition import RowDefinition
from indicators.formulas import Ratio, keys
from indicators.kinds import Kind, Scope
from reporting.printing.cells import (
    BLANK,
    UNDEFINED,
    PrintedCell,
    printed_figure,
    printed_number,
)
from reporting.snapshot import FigureStatus, SubmissionSnapshot, answers_with_number

_NIL = FigureStatus.NIL


def own_figures(
    snapshots: Sequence[SubmissionSnapshot], indicators: Sequence[str]
) -> Mapping[str, PrintedCell]:
    """Return, by code, what ``indicators`` print of the agencies that filed ``snapshots``, several
    of which are added; nothing of what is said for the whole province."""
    found = {}
    for code in indicators:
        asked = [
            (row, one)
            for one in snapshots
            if (row := one.form.by_indicator.get(code)) is not None and _is_own(row, one)
        ]
        cell = _single(*asked[0]) if len(asked) == 1 else _together(asked)
        if cell != BLANK:
            found[code] = cell
    return found


def _is_own(row: RowDefinition, snapshot: SubmissionSnapshot) -> bool:
    """Say whether the report says of the agency itself what ``row`` asks; what it was not asked
    for is not missed, but not dropped either."""
    match snapshot.scope(row):
        case Scope.OWN:
            return True
        case Scope.PROVINCE:
            return False
        case Scope.OUTSIDE:
            return snapshot.cell(row.key).is_answered or snapshot.value(row) is not None


def _single(row: RowDefinition, snapshot: SubmissionSnapshot) -> PrintedCell:
    """Return one figure of one report; an answer in its words, as the form is not beside it."""
    option = row.option(snapshot.cell(row.key).choice)
    return PrintedCell(option.label) if option else printed_figure(row, snapshot)


def _together(asked: Sequence[tuple[RowDefinition, SubmissionSnapshot]]) -> PrintedCell:
    """Return the sum of several figures, or their rate of sums; nothing where one is missing.
    Nothing that arose is 0 in a sum; whom a row does not concern adds nothing to it."""
    kept = [one for one in asked if _status(*one) is not FigureStatus.OUT_OF_SCOPE]
    if not kept:
        return PrintedCell(FigureStatus.OUT_OF_SCOPE.label) if asked else BLANK
    if all(_status(*one) is FigureStatus.NIL for one in kept):
        return PrintedCell(FigureStatus.NIL.label)
    # Triệu đồng is not tỷ đồng; counts are of one measure, whatever paper calls it.
    measures = {(row.kind, lowered(row.unit) * (row.kind is Kind.AMOUNT)) for row, _ in kept}
    kind = kept[0][0].kind
    if len(measures) > 1 or not answers_with_number(kind):
        return BLANK
    return _rate(kept) if kind is Kind.PERCENT else _sum(kept)


def _status(row: RowDefinition, snapshot: SubmissionSnapshot) -> FigureStatus:
    """Return what a figure says; a computed one that it is nobody's matter, where what it is
    computed from says so."""
    cell = snapshot.cell(row.key)
    if row.formula and not cell.is_answered and snapshot.value(row) is None:
        behind = {snapshot.cell(key).status for key in keys(row.formula)}
        return FigureStatus.OUT_OF_SCOPE if FigureStatus.OUT_OF_SCOPE in behind else cell.status
    return cell.status


def _rate(kept: Sequence[tuple[RowDefinition, SubmissionSnapshot]]) -> PrintedCell:
    ratios = [snapshot.parts(row) for row, snapshot in kept if _status(row, snapshot) is not _NIL]
    if not all(one.is_complete for one in ratios):
        return BLANK
    ratio = Ratio(
        sum((one.part or Decimal(0) for one in ratios), Decimal(0)),
        sum((one.whole or Decimal(0) for one in ratios), Decimal(0)),
    )
    percent = ratio.percent
    return PrintedCell(UNDEFINED) if percent is None else printed_number(percent, Kind.PERCENT)


def _sum(kept: Sequence[tuple[RowDefinition, SubmissionSnapshot]]) -> PrintedCell:
    numbers = [
        Decimal(0) if _status(row, snapshot) is _NIL else snapshot.value(row)
        for row, snapshot in kept
    ]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers):
        return BLANK
    return printed_number(sum(known, Decimal(0)), kept[0][0].kind)
