"""Which figures of a printed table follow from others that are printed in it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from indicators.definition import FormDefinition
from indicators.formulas import evaluate
from indicators.kinds import Kind
from reporting.numbers import PRINTED_RATE_PLACES, rounded
from reporting.printing.appendix import Appendix, Computed, Line
from reporting.snapshot import FigureStatus


def with_formulas(appendix: Appendix, form: FormDefinition) -> Appendix:
    """Return a province's ``appendix`` by ``form`` with the formula of each figure that comes out
    of others of its table exactly as it is printed.

    The sums behind a province's rate may reach further than the rows printed below it: such a
    figure keeps its number alone."""
    operands = dict(_operands(appendix, form))
    return replace(appendix, lines=[_with_formula(one, form, operands) for one in appendix.lines])


def _operands(appendix: Appendix, form: FormDefinition) -> Mapping[str, Decimal]:
    """Return what formulas of a workbook read: numbers that follow from no others, and 0 where
    nothing arose."""
    found = {}
    for line in appendix.lines:
        if form.by_key[line.key].formula is None:
            number = line.figure.number
            nothing_arose = line.figure.text == FigureStatus.NIL.label
            if number is not None or nothing_arose:
                found[line.key] = number or Decimal(0)
    return found


def _with_formula(line: Line, form: FormDefinition, operands: Mapping[str, Decimal]) -> Line:
    row = form.by_key[line.key]
    if row.formula is None or line.figure.number is None:
        return line
    number = evaluate(row.formula, operands)
    places = PRINTED_RATE_PLACES if row.kind is Kind.PERCENT else None
    if number is None or (number if places is None else rounded(number, places)) != (
        line.figure.number
    ):
        return line
    return replace(line, computed=Computed(row.formula, places))
