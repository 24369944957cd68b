"""A province's figure over a longer time out of those of shorter rounds that lie end to end."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from indicators.definition import RowDefinition
from indicators.formulas import Ratio
from indicators.kinds import AcrossAgencies, AcrossPeriods, Kind
from reporting.calculations.totals import Total


@dataclass(frozen=True, slots=True)
class Accumulated:
    """What the rounds of a longer time come to. ``lacking`` are the places, in order of time, of
    the rounds that have no figure: then there is none of the whole either. ``is_last`` says that
    the last round's figure holds for the whole; nothing was added. ``all_nil``: nothing arose in
    any of them."""

    number: Decimal | None = None
    parts: Ratio | None = None
    lacking: tuple[int, ...] = ()
    is_last: bool = False
    all_nil: bool = False


def accumulated(row: RowDefinition, totals: Sequence[Total]) -> Accumulated | None:
    """Return the figure of ``row`` over the time that the rounds of ``totals`` tile, in order of
    time; None where the form does not say how it behaves over time, or it is not a number."""
    if row.kind not in {Kind.COUNT, Kind.AMOUNT, Kind.PERCENT} or not row.is_added:
        return None
    match row.across_periods:
        case AcrossPeriods.UNSAID:
            return None
        case AcrossPeriods.CUMULATIVE | AcrossPeriods.STOCK:
            last = totals[-1]
            lacking = () if _has_figure(last) else (len(totals) - 1,)
            return Accumulated(
                number_of_total(last), last.parts, lacking, is_last=True, all_nil=last.all_nil
            )
        case AcrossPeriods.IN_PERIOD:
            return _added(row, totals)
        case _:
            assert_never(row.across_periods)


def _added(row: RowDefinition, totals: Sequence[Total]) -> Accumulated | None:
    lacking = tuple(place for place, total in enumerate(totals) if not _has_figure(total))
    if row.across_agencies in {AcrossAgencies.MAX, AcrossAgencies.LATEST}:
        return None
    if lacking:
        return Accumulated(lacking=lacking)
    if all(total.all_nil for total in totals):
        return Accumulated(None if row.kind is Kind.PERCENT else Decimal(0), all_nil=True)
    if row.kind is not Kind.PERCENT:
        return Accumulated(
            sum((number_of_total(total) or Decimal(0) for total in totals), Decimal(0))
        )
    # A rate is the rate of the sums; a bare percentage can't be added to anything.
    known = [total.parts for total in totals if total.parts is not None]
    if len(known) < sum(not total.all_nil for total in totals):
        return None
    parts = Ratio(
        sum((ratio.part or Decimal(0) for ratio in known), Decimal(0)),
        sum((ratio.whole or Decimal(0) for ratio in known), Decimal(0)),
    )
    return Accumulated(parts.percent, parts)


def _has_figure(total: Total) -> bool:
    return total.number is not None or total.parts is not None or total.all_nil


def number_of_total(total: Total) -> Decimal | None:
    """A total's number, 0 where everybody says that nothing arose."""
    return Decimal(0) if total.number is None and total.all_nil else total.number
