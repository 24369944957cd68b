"""The province's figure of each row: contributions folded by the row's declared way."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from indicators.definition import FormDefinition, RowDefinition
from indicators.formulas import Ratio
from indicators.kinds import AcrossAgencies, Kind
from reporting.calculations.contributions import (
    EXPECTED,
    REPORTED,
    Contribution,
    Figures,
    Source,
    Standing,
    contributions,
)


@dataclass(frozen=True, slots=True)
class Answers:
    """How many agencies gave one answer."""

    label: str
    agencies: int


@dataclass(frozen=True, slots=True)
class Total:
    """One province figure with what it stands on: ``reported`` of ``expected`` agencies.

    ``number`` is unrounded. All are None or empty when nobody has reported.
    """

    row: RowDefinition
    number: Decimal | None = None
    parts: Ratio | None = None
    answers: tuple[Answers, ...] = ()
    reported: int = 0
    expected: int = 0
    all_nil: bool = False


def province_totals(
    layout: FormDefinition, sources: Sequence[Source], figures: Figures
) -> tuple[Total, ...]:
    """Return one total for each row of ``layout``, in its order."""
    return tuple(
        total(row, contributions(row, layout, sources, figures)) if row.is_added else Total(row)
        for row in layout.rows
    )


def total(row: RowDefinition, parts: Sequence[Contribution]) -> Total:
    """Fold the contributions to one row into its total."""
    standings = Counter(part.standing for part in parts)
    reported = sum(standings[standing] for standing in REPORTED)
    expected = sum(standings[standing] for standing in EXPECTED)
    in_total = Standing.COUNTED
    counted = [part for part in parts if part.standing is in_total]
    if not counted:
        return Total(row, reported=reported, expected=expected, all_nil=reported > 0)
    number, ratio, answers = _fold(row, counted)
    return Total(row, number, ratio, answers, reported, expected)


def _fold(
    row: RowDefinition, counted: Sequence[Contribution]
) -> tuple[Decimal | None, Ratio | None, tuple[Answers, ...]]:
    """Return the number, the ratio behind it and the answers counted, as far as each applies."""
    match row.across_agencies:
        case AcrossAgencies.SUM:
            return _sum(counted), None, ()
        case AcrossAgencies.MAX:
            return max(_numbers(counted)), None, ()
        case AcrossAgencies.RATE:
            ratio = _rate_of_sums(counted)
            return ratio.percent, ratio, ()
        case AcrossAgencies.CHOICES:
            return None, None, _answers(row, counted)
        case AcrossAgencies.DESIGNATED:
            return _designated(row, counted)
        case AcrossAgencies.NONE:
            return None, None, ()
        case _:
            assert_never(row.across_agencies)


def _designated(
    row: RowDefinition, counted: Sequence[Contribution]
) -> tuple[Decimal | None, Ratio | None, tuple[Answers, ...]]:
    """The figure of the agency named on the form; several of them are added like any others,
    but bare percentages of several are no figure at all."""
    if row.kind is Kind.CHOICE:
        return None, None, _answers(row, counted)
    if row.kind is not Kind.PERCENT:
        return _sum(counted), None, ()
    if all(part.parts is not None for part in counted):
        ratio = _rate_of_sums(counted)
        return ratio.percent, ratio, ()
    return (counted[0].number, None, ()) if len(counted) == 1 else (None, None, ())


def _numbers(counted: Sequence[Contribution]) -> list[Decimal]:
    return [part.number for part in counted if part.number is not None]


def _sum(counted: Sequence[Contribution]) -> Decimal:
    return sum(_numbers(counted), Decimal(0))


def _rate_of_sums(counted: Sequence[Contribution]) -> Ratio:
    """Add parts and wholes apart: a province's rate is never a mean of rates."""
    ratios = [part.parts for part in counted if part.parts is not None]
    return Ratio(
        part=sum((ratio.part for ratio in ratios if ratio.part is not None), Decimal(0)),
        whole=sum((ratio.whole for ratio in ratios if ratio.whole is not None), Decimal(0)),
    )


def _answers(row: RowDefinition, counted: Sequence[Contribution]) -> tuple[Answers, ...]:
    """Count agencies by the words of their answer: codes differ between forms, words join them."""
    counts = Counter(part.choice for part in counted)
    labels = [option.label for option in row.options]
    labels += sorted(label for label in counts if label not in labels)
    return tuple(Answers(label, counts[label]) for label in labels if counts[label])
