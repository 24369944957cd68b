"""A formula written for a spreadsheet, over the cells where its figures stand.

What is missing is told as in ``values``: a cell that holds a number, or the words for "nothing
arose", says something; every other cell says nothing. A spreadsheet has no third answer between
true and false, so that every test is written twice: when it surely holds, and when it surely does
not.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from indicators.formulas.tree import (
    Call,
    Check,
    Children,
    Choose,
    Chosen,
    Either,
    Elsewhere,
    Every,
    Given,
    Node,
    Not,
    Number,
    Operand,
    Percent,
    Product,
    Provided,
    Ref,
    Sum,
    Test,
    operands,
)
from indicators.kinds import Missing

# Doubles hold 15 digits: differences beyond are of the spreadsheet, not of the figures.
_PLACES = 9


@dataclass(frozen=True, slots=True)
class Cells:
    """Where a spreadsheet has the figures of a formula.

    ``at`` returns the address of an operand's cell (``D12``), its constant where it stands in no
    cell, or "" where it is missing. ``nil`` are the words for "nothing arose".
    """

    at: Callable[[Operand], str]
    nil: str

    def said(self, operand: Operand) -> str:
        """Return the condition that ``operand`` is there."""
        at = self.at(operand)
        if not at or _is_constant(at):
            return "TRUE" if at else "FALSE"
        if isinstance(operand, Chosen | Given):
            return f'{at}<>""'
        return f'OR(ISNUMBER({at}),{at}="{self.nil}")'

    def number(self, operand: Operand) -> str:
        at = self.at(operand)
        return at if _is_constant(at) else f"N({at})" if at else "0"


def _is_constant(at: str) -> bool:
    return at.lstrip("-")[:1].isdigit()


def value(node: Node, cells: Cells) -> str:
    """Return the Excel expression of ``node``; a missing figure is taken for 0, whether it may be
    says ``known``."""
    match node:
        case Number(number):
            return format(number, "f")
        case Ref() | Elsewhere():
            return cells.number(node)
        case Children(_, of):
            return f"({'+'.join(cells.number(Ref(key)) for key in of) or '0'})"
        case Sum(terms, signs):
            pairs = zip(terms, signs, strict=True)
            written = "".join(f"{'+' if s > 0 else '-'}{value(t, cells)}" for t, s in pairs)
            return f"({written.removeprefix('+')})"
        case Product(factors, powers):
            pairs = zip(factors, powers, strict=True)
            written = "".join(f"{'*' if p > 0 else '/'}{value(f, cells)}" for f, p in pairs)
            return f"({written[1:]})"
        case Percent(part, whole):
            return f"(100*{value(part, cells)}/{value(whole, cells)})"
        case Call(name, of):
            return f"{name.upper()}({','.join(value(one, cells) for one in of)})"
        case Choose(test, then, otherwise):
            holds = surely(test, cells, Missing.SKIP_ANY)
            return f"IF({holds},{value(then, cells)},{value(otherwise, cells)})"
        case _:
            assert_never(node)


def known(node: Node, cells: Cells) -> str:
    """Return the condition that nothing ``node`` needs is missing."""
    match node:
        case Choose(test, then, otherwise):
            yes = surely(test, cells, Missing.SKIP_ANY)
            no = surely_not(test, cells, Missing.SKIP_ANY)
            return _or([_and([yes, known(then, cells)]), _and([no, known(otherwise, cells)])])
        case Sum(inner, _) | Product(inner, _) | Call(_, inner):
            return _and(known(one, cells) for one in inner)
        case Percent(part, whole):
            return _and([known(part, cells), known(whole, cells)])
        case _:
            return _and(cells.said(operand) for operand in operands(node))


def surely(test: Test, cells: Cells, missing: Missing) -> str:
    """Return the Excel condition that ``test`` holds."""
    match test:
        case Check():
            return _check(test, cells, missing, "")
        case Chosen(_, code):
            return f'{cells.at(test)}&""="{code}"' if cells.at(test) else "FALSE"
        case Given():
            return f'{cells.at(test)}<>""' if cells.at(test) else "FALSE"
        case Every(tests):
            return _and(surely(one, cells, missing) for one in tests)
        case Either(tests):
            return _or(surely(one, cells, missing) for one in tests)
        case Not(inner):
            return surely_not(inner, cells, missing)
        case Provided(condition, then, otherwise):
            other = surely(otherwise, cells, missing) if otherwise is not None else "TRUE"
            return _provided(condition, cells, missing, surely(then, cells, missing), other)
        case _:
            assert_never(test)


def surely_not(test: Test, cells: Cells, missing: Missing) -> str:
    """Return the Excel condition that ``test`` fails."""
    match test:
        case Check():
            return _check(test, cells, missing, "NOT")
        case Chosen(_, code):
            at = cells.at(test)
            return f'AND({at}<>"",{at}&""<>"{code}")' if at else "FALSE"
        case Given():
            return f'{cells.at(test)}=""' if cells.at(test) else "FALSE"
        case Every(tests):
            return _or(surely_not(one, cells, missing) for one in tests)
        case Either(tests):
            return _and(surely_not(one, cells, missing) for one in tests)
        case Not(inner):
            return surely(inner, cells, missing)
        case Provided(condition, then, otherwise):
            other = surely_not(otherwise, cells, missing) if otherwise is not None else "FALSE"
            return _provided(condition, cells, missing, surely_not(then, cells, missing), other)
        case _:
            assert_never(test)


def _provided(test: Test, cells: Cells, missing: Missing, then: str, otherwise: str) -> str:
    yes, no = surely(test, cells, missing), surely_not(test, cells, missing)
    return _or([_and([yes, then]), _and([no, otherwise])])


def _check(check: Check, cells: Cells, missing: Missing, negation: str) -> str:
    """A division by zero makes the comparison say nothing, either way."""
    apart = f"ROUND({value(check.left, cells)}-{value(check.right, cells)},{_PLACES})"
    compared = f"IFERROR({negation}({apart}{check.sign}0),FALSE)"
    return _and([*_enough(check, cells, missing), compared])


def _enough(check: Check, cells: Cells, missing: Missing) -> list[str]:
    sides = (check.left, check.right)
    match missing:
        case Missing.SKIP_ANY:
            return [known(side, cells) for side in sides]
        case Missing.SKIP_ALL:
            read = [operands(side) for side in sides]
            return [_or(cells.said(one) for one in side) for side in read if side]
        case Missing.ZERO:
            return []
        case _:
            assert_never(missing)


def _and(conditions: Iterable[str]) -> str:
    return _together("AND", "TRUE", "FALSE", conditions)


def _or(conditions: Iterable[str]) -> str:
    return _together("OR", "FALSE", "TRUE", conditions)


def _together(word: str, none: str, settles: str, conditions: Iterable[str]) -> str:
    wanted = [one for one in conditions if one != none]
    if settles in wanted:
        return settles
    if len(wanted) < 2:
        return wanted[0] if wanted else none
    return f"{word}({','.join(wanted)})"


def constant(number: Decimal | None) -> str:
    """Write a figure that stands in no cell; "" where it is missing."""
    return "" if number is None else format(number, "f")
