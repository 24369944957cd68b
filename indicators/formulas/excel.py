"""A formula written for a spreadsheet, over the cells where its figures stand.

What is missing is told as in ``values``. A spreadsheet knows no third answer beside true and
false, so that a test is written as a number: 0 where it fails, 2 where it holds, 1 where too much
is missing to say. The answers of several tests are then joined by the smallest or the largest of
them, and no part of a formula has to be written twice.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Context, Decimal
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
    Percent,
    Product,
    Provided,
    Ref,
    Sum,
    Test,
    is_plain_rate,
    operands,
    parts,
    walk,
)
from indicators.kinds import Missing

FAILS, SILENT, HOLDS = "0", "1", "2"
_UNKNOWN = "NA()"
# What Excel takes of one formula: so many signs, and so many brackets within brackets.
LONGEST = 8192
DEEPEST = 64
# A spreadsheet's doubles hold 15 digits.
_DIGITS = Context(prec=15)
# Figures have three decimals at most, and so have their sums: a difference beyond is of the
# doubles. What was divided has any number of them; there the doubles are trusted further.
_FIGURE_PLACES = 3
_DIVIDED_PLACES = 9


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure as a spreadsheet reads it: whether it is there, and its number, 0 where it is not.

    ``places`` are the decimals that it may have; None where there is no limit.
    """

    is_there: str
    number: str
    places: int | None = _FIGURE_PLACES


MISSING = Entry("FALSE", "0", 0)


@dataclass(frozen=True, slots=True)
class Cells:
    """Where a spreadsheet has what formulas read: a figure, or whether something was answered."""

    figure: Callable[[Ref | Elsewhere], Entry]
    fact: Callable[[Chosen | Given], str]


# What stands where


def in_cell(at: str, nil: str) -> Entry:
    """Return the figure of the cell ``at``: its number, or 0 for the words that nothing arose."""
    return Entry(f"OR(ISNUMBER({at}),{at}={quoted(nil)})", f"N({at})")


def computed_in_cell(at: str, nil: str, node: Node, cells: Cells, places: int) -> Entry:
    """Return the figure of a cell that shows ``node`` rounded, as exact as it is computed; what
    somebody wrote over it counts as written."""
    exact = value(node, cells, fills=True)
    number = f"IFERROR(IF({at}=ROUND({exact},{places}),{exact},N({at})),N({at}))"
    return replace(in_cell(at, nil), number=number, places=None)


def constant(number: Decimal | None) -> Entry:
    """Return a figure that stands in no cell."""
    if number is None:
        return MISSING
    written = format(_DIGITS.create_decimal(number), "f")
    places = len(written.partition(".")[2])
    return Entry(
        "TRUE",
        f"({written})" if written.startswith("-") else written,
        places if places <= _FIGURE_PLACES else None,
    )


def added(one: Entry, other: Entry) -> Entry:
    """Return the sum of two figures, which is there where both are."""
    is_there = all_of([one.is_there, other.is_there])
    if is_there == "FALSE":
        return MISSING
    is_long = one.places is None or other.places is None
    return Entry(
        is_there,
        f"IF({is_there},{one.number}+{other.number},0)",
        None if is_long else max(one.places or 0, other.places or 0),
    )


def chosen(at: str, code: str) -> str:
    """Return the test that the cell ``at`` answers with ``code``; a number may be written there
    without its idle zeros."""
    written = str(int(code)) if code.isdecimal() else code
    return f'IF({at}="",{SILENT},{HOLDS}*EXACT({at}&"",{quoted(written)}))'


def given(at: str, *, blank: str, is_asked: bool) -> str:
    """Return the test that the cell ``at`` holds an answer, which ``blank`` is not. Of a row that
    is asked of others only, an empty cell says nothing."""
    is_given = all_of([f'{at}<>""', f"{at}<>{quoted(blank)}" if blank else "TRUE"])
    return f"IF({is_given},{HOLDS},{FAILS if is_asked else SILENT})"


def quoted(text: str) -> str:
    """Write words into a formula, as a text between quotation marks, its own ones doubled."""
    return '"' + text.replace('"', '""') + '"'


def fits(formula: str) -> bool:
    """Say whether Excel takes ``formula``.

    >>> fits("=ABS(N(D1))"), fits("=" + "ABS(" * 65 + "1" + ")" * 65), fits("=1" + "+1" * 5000)
    (True, False, False)
    """
    if len(formula) > LONGEST or formula.count("(") <= DEEPEST:
        return len(formula) <= LONGEST
    depth = deepest = 0
    for sign in formula:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest <= DEEPEST


# Numbers


def computed(node: Node, cells: Cells, *, places: int, undefined: str) -> str:
    """Return the Excel expression that shows ``node`` rounded: nothing where a figure is missing,
    ``undefined`` where a rate is one of nothing."""
    written = value(node, cells)
    shown = f"ROUND({written[1:-1] if isinstance(node, Percent) else written},{places})"
    is_plain = is_plain_rate(node)
    if isinstance(node, Percent):
        is_nothing = f"{value(node.whole, cells)}=0"
        if not is_plain:
            is_nothing = all_of([f"ISNUMBER({value(node.part, cells)})", is_nothing])
        shown = f"IF({is_nothing},{quoted(undefined)},{shown})"
    shown = f'IF({known(node, cells)},{shown},"")'
    return shown if is_plain else f'IFERROR({shown},"")'


def value(node: Node, cells: Cells, *, fills: bool = False) -> str:
    """Return the Excel expression of ``node``. A missing figure is taken for 0: whether it may be
    says ``known``, except of a number that is chosen from two."""
    match node:
        case Number(number):
            return format(number, "f")
        case Ref() | Elsewhere():
            return cells.figure(node).number
        case Children(_, of):
            # The sum of children that nobody knows is none.
            return f"({'+'.join(cells.figure(Ref(key)).number for key in of) or _UNKNOWN})"
        case Sum(terms, signs):
            written = _joined(terms, signs, "+-", cells, fills=fills)
            return f"({written.removeprefix('+')})"
        case Product(factors, powers):
            return f"({_joined(factors, powers, '*/', cells, fills=fills)[1:]})"
        case Percent(part, whole):
            above, below = (value(one, cells, fills=fills) for one in (part, whole))
            return f"(100*{above}/{below})"
        case Call(name, of):
            return f"{name.upper()}({','.join(value(one, cells, fills=fills) for one in of)})"
        case Choose(test, then, otherwise):
            missing = Missing.ZERO if fills else Missing.SKIP_ANY
            branches = [_if_known(one, cells, fills=fills) for one in (otherwise, then)]
            return (
                f"CHOOSE(1+{answer(test, cells, missing)},{branches[0]},{_UNKNOWN},{branches[1]})"
            )
        case _:
            assert_never(node)


def _joined(
    nodes: Iterable[Node], signs: Iterable[int], written: str, cells: Cells, *, fills: bool
) -> str:
    """Write numbers, each with its sign before it."""
    return "".join(
        (written[0] if sign > 0 else written[1]) + value(node, cells, fills=fills)
        for node, sign in zip(nodes, signs, strict=True)
    )


def _if_known(node: Node, cells: Cells, *, fills: bool) -> str:
    is_known = "TRUE" if fills else known(node, cells)
    written = value(node, cells, fills=fills)
    return written if is_known == "TRUE" else f"IF({is_known},{written},{_UNKNOWN})"


def known(node: Node, cells: Cells) -> str:
    """Return the condition that no figure of ``node`` is missing, those apart of a number that is
    chosen from two."""
    return all_of(cells.figure(one).is_there for one in dict.fromkeys(_needed(node)))


def _needed(node: Node | Test) -> Iterator[Ref | Elsewhere]:
    match node:
        case Choose():
            return
        case Ref() | Elsewhere():
            yield node
        case Children(_, of):
            yield from map(Ref, of)
        case _:
            for part in parts(node):
                yield from _needed(part)


# Tests


def answer(test: Test, cells: Cells, missing: Missing) -> str:
    """Return the Excel expression of what ``test`` says: FAILS, SILENT or HOLDS."""
    match test:
        case Check():
            return _check(test, cells, missing)
        case Chosen() | Given():
            return cells.fact(test)
        case Every(tests):
            return f"MIN({','.join(answer(one, cells, missing) for one in tests)})"
        case Either(tests):
            return f"MAX({','.join(answer(one, cells, missing) for one in tests)})"
        case Not(inner):
            return f"({HOLDS}-{answer(inner, cells, missing)})"
        case Provided(condition, then, otherwise):
            other = HOLDS if otherwise is None else answer(otherwise, cells, missing)
            asked, wanted = answer(condition, cells, missing), answer(then, cells, missing)
            return f"CHOOSE(1+{asked},{other},{SILENT},{wanted})"
        case _:
            assert_never(test)


def _check(check: Check, cells: Cells, missing: Missing) -> str:
    """A division by zero makes the comparison say nothing, either way."""
    enough = _enough(check, cells, missing)
    if enough == "FALSE":
        return SILENT
    fills = missing is not Missing.SKIP_ANY
    left, right = (value(side, cells, fills=fills) for side in (check.left, check.right))
    apart = f"ROUND({left}-{right},{_places(check, cells)})"
    compared = f"{HOLDS}*({apart}{check.sign}0)"
    if enough != "TRUE":
        compared = f"IF({enough},{compared},{SILENT})"
    return f"IFERROR({compared},{SILENT})" if _may_fail(check) else compared


def _enough(check: Check, cells: Cells, missing: Missing) -> str:
    """Return the condition that enough is there to compare."""
    sides = (check.left, check.right)
    match missing:
        case Missing.SKIP_ANY:
            return all_of(
                cells.figure(one).is_there
                for one in dict.fromkeys(one for side in sides for one in _needed(side))
            )
        case Missing.SKIP_ALL:
            read = [operands(side) for side in sides]
            return all_of(any_of(_said(one, cells) for one in side) for side in read if side)
        case Missing.ZERO:
            return "TRUE"
        case _:
            assert_never(missing)


def _said(operand: Ref | Elsewhere | Chosen | Given, cells: Cells) -> str:
    if isinstance(operand, Chosen | Given):
        return f"{cells.fact(operand)}<>{SILENT}"
    return cells.figure(operand).is_there


def _places(check: Check, cells: Cells) -> int:
    """Return to how many decimals two numbers are compared: one more than they can have."""
    sides = [_decimals(side, cells) for side in (check.left, check.right)]
    found = [places for places in sides if places is not None]
    return min(max(found) + 1, _DIVIDED_PLACES) if len(found) == len(sides) else _DIVIDED_PLACES


def _decimals(node: Node, cells: Cells) -> int | None:
    """Return how many decimals ``node`` has at most; None where there is no limit."""
    match node:
        case Number(number):
            return len(format(number, "f").partition(".")[2])
        case Ref() | Elsewhere():
            return cells.figure(node).places
        case Percent():
            return None
        case Product(_, powers) if -1 in powers:
            return None
    inner = [_decimals(one, cells) for one in _numbers_in(node)]
    found = [places for places in inner if places is not None]
    if len(found) < len(inner):
        return None
    return sum(found) if isinstance(node, Product) else max(found, default=0)


def _numbers_in(node: Node) -> Iterable[Node]:
    match node:
        case Children(_, of):
            return map(Ref, of)
        case Sum(inner, _) | Product(inner, _) | Call(_, inner):
            return inner
        case Choose(_, then, otherwise):
            return (then, otherwise)
        case _:
            return ()


def _may_fail(check: Check) -> bool:
    """Something in it is divided, or may be missing although all else is there."""
    return any(map(_may_be_unknown, walk(check)))


def _may_be_unknown(part: Node | Test) -> bool:
    match part:
        case Percent() | Choose():
            return True
        case Product(_, powers):
            return -1 in powers
        case Children(_, of):
            return not of
        case _:
            return False


def all_of(conditions: Iterable[str]) -> str:
    """Return the Excel condition that all of ``conditions`` are met.

    >>> all_of(["TRUE", "A1>0"]), all_of(["A1>0", "A2>0"]), all_of(["A1>0", "FALSE"])
    ('A1>0', 'AND(A1>0,A2>0)', 'FALSE')
    """
    return _together("AND", "TRUE", "FALSE", conditions)


def any_of(conditions: Iterable[str]) -> str:
    """Return the Excel condition that one of ``conditions`` is met, or more."""
    return _together("OR", "FALSE", "TRUE", conditions)


def _together(word: str, none: str, settles: str, conditions: Iterable[str]) -> str:
    wanted = [one for one in conditions if one != none]
    if settles in wanted:
        return settles
    if len(wanted) < 2:
        return wanted[0] if wanted else none
    return f"{word}({','.join(wanted)})"
