"""Readings of an indicator made by hand, for tests that need no database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from indicators.definition import RowDefinition
from indicators.formulas import Ratio
from indicators.kinds import AcrossAgencies, Kind
from reporting.calculations.courses import Moment, Place, Reading
from reporting.calculations.totals import Answers, Total
from reporting.periods import PeriodKind, first_months, quarter
from tests.reporting.forms_by_hand import form_of, row

COUNT = replace(row("1.1"), unit="Hồ sơ")
RATE = row("1.2", Kind.PERCENT, AcrossAgencies.RATE)
CHOICE = row("1.3", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có")


def in_quarter(number: int, year: int) -> Moment:
    period = quarter(number, year)
    return Moment(year * 10 + number, period.code, period.in_sentence, period.kind, period.data_to)


def in_year(year: int) -> Moment:
    period = first_months(12, year)
    return Moment(year * 10, period.code, period.in_sentence, period.kind, period.data_to)


def on(day: date) -> Moment:
    return Moment(1, "KHAC", "kỳ khác", PeriodKind.OTHER, day)


def reading(
    moment: Moment,
    number: str | None = None,
    *,
    of: RowDefinition = COUNT,
    stands_on: tuple[int, int] = (3, 3),
    parts: tuple[int, int] | None = None,
    answers: tuple[tuple[str, int], ...] = (),
    all_nil: bool = False,
    form: int = 1,
    meaning: int = 0,
) -> Reading:
    """Return a reading as ``calculations.totals`` would make it."""
    ratio = Ratio(Decimal(parts[0]), Decimal(parts[1])) if parts else None
    exact = ratio.percent if ratio else Decimal(number) if number is not None else None
    total = Total(
        of, exact, ratio, tuple(Answers(*one) for one in answers), *stands_on, all_nil=all_nil
    )
    return Reading(moment, Place(form_of(of, id=form), of, meaning), total)
