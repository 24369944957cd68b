"""The figures of other reports that checks compare with, frozen and by indicator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.kinds import AcrossPeriods
from reporting.windows import Window


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier report of the agency: its round, the round's window, its numbers."""

    name: str
    window: Window | None
    numbers: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class History:
    """What stands beside one report.

    ``earlier`` are the reports of the same year before this one, by indicator, where their rounds
    tile the year up to it: none where it begins the year; None where they don't. ``elsewhere``
    holds the figures of the agency's other reports of the round under "FORM:INDICATOR".
    """

    window: Window | None = None
    previous: Past | None = None
    last_year: Past | None = None
    earlier: Sequence[Mapping[str, Decimal]] | None = None
    elsewhere: Mapping[str, Decimal] = field(default_factory=dict)

    def year_to_date(
        self, indicator: str, number: Decimal | None, across_periods: AcrossPeriods
    ) -> Decimal | None:
        """Return a figure from the start of the year to the end of this round; None if unknown."""
        if number is None or across_periods in {AcrossPeriods.CUMULATIVE, AcrossPeriods.STOCK}:
            return number
        # What one of the reports lacks is not known of the whole.
        if self.earlier is None or any(indicator not in report for report in self.earlier):
            return None
        return sum((report[indicator] for report in self.earlier), number)


NO_HISTORY = History()
