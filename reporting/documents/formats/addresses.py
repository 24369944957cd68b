"""Which cell of a workbook holds which figure, for the formulas that read it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property

from indicators.formulas import Chosen, Elsewhere, Given, Ref, When
from indicators.formulas.excel import (
    MISSING,
    SILENT,
    Cells,
    Entry,
    added,
    chosen,
    computed_in_cell,
    constant,
    given,
    in_cell,
)
from reporting.printing.appendix import Appendix, Line
from reporting.printing.cells import UNDEFINED
from reporting.snapshot import FigureStatus

# What is shown as exact as it is: the rest is how the machine holds the number.
EXACT_PLACES = 9
_NIL = FigureStatus.NIL.label


@dataclass(frozen=True)
class Addresses:
    """The cells of the figures of an appendix, by row key, and what its rules read beside them."""

    lines: Mapping[str, Line]
    at: Mapping[str, str]
    beside: Mapping[str, Decimal]
    asked: Collection[str]

    def on(self, sheet: str) -> "Addresses":
        """Return the same cells as another sheet calls them."""
        return replace(self, at={key: f"'{sheet}'!{at}" for key, at in self.at.items()})

    @cached_property
    def cells(self) -> Cells:
        """What the rules read: also figures that are computed themselves."""
        return Cells(cache(self._figure), self._fact)

    @cached_property
    def typed_cells(self) -> Cells:
        """What computed figures read: only what was typed, as ``SubmissionSnapshot.computed``."""
        return Cells(cache(self._typed), self._fact)

    def _figure(self, operand: Ref | Elsewhere) -> Entry:
        if isinstance(operand, Elsewhere):
            return constant(self.beside.get(operand.address))
        now = self._of_this_report(operand.key)
        match operand.when:
            case When.NOW:
                return now
            case When.YEAR_TO_DATE:
                return added(now, constant(self.beside.get(operand.address)))
            case _:
                return constant(self.beside.get(operand.address))

    def _of_this_report(self, key: str) -> Entry:
        if key not in self.at:
            return MISSING
        computed = self.lines[key].computed
        if computed is None or computed.places is None:
            return in_cell(self.at[key], _NIL)
        return computed_in_cell(
            self.at[key], _NIL, computed.formula, self.typed_cells, computed.places
        )

    def _typed(self, operand: Ref | Elsewhere) -> Entry:
        if isinstance(operand, Elsewhere) or operand.when or operand.key not in self.at:
            return MISSING
        is_typed = self.lines[operand.key].computed is None
        return in_cell(self.at[operand.key], _NIL) if is_typed else MISSING

    def _fact(self, operand: Chosen | Given) -> str:
        if operand.key not in self.at:
            return SILENT
        at = self.at[operand.key]
        if isinstance(operand, Chosen):
            return chosen(at, operand.code)
        blank = UNDEFINED if self.lines[operand.key].computed else ""
        return given(at, blank=blank, is_asked=operand.key in self.asked)


def addresses_of(appendix: Appendix, column: str, first: int) -> Addresses:
    """Return where the figures of ``appendix`` stand in a table that begins in row ``first``."""
    checks = appendix.checks
    return Addresses(
        lines={line.key: line for line in appendix.lines},
        at={line.key: f"{column}{row}" for row, line in enumerate(appendix.lines, first)},
        beside=checks.beside if checks else {},
        asked=checks.asked if checks else (),
    )
