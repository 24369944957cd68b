"""Formulas evaluated: compiled once into closures over Decimals, then run over any report.

What is missing is missing, never zero, unless whoever wrote the formula says so. A division by
zero is missing too: it has no value, and nothing follows from it.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
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
    operands,
)
from indicators.kinds import Missing

# By address: a figure, or for Chosen and Given 1 where it holds and 0 where it does not.
Figures = Mapping[str, Decimal]
Value = Callable[[Figures], Decimal | None]
Truth = Callable[[Figures], bool | None]

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
# A quotient is cut at 28 digits: three thirds fall short of one by less than this.
_CUT = Decimal("5e-10")
_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
_CALLS: Mapping[str, Callable[[Sequence[Decimal]], Decimal]] = {
    "abs": lambda of: abs(of[0]),
    "min": min,
    "max": max,
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """A part and a whole that were counted apart; either may be missing.

    >>> Ratio(Decimal(8), Decimal(27)).percent
    Decimal('29.62962962962962962962962963')
    >>> Ratio(Decimal(0), Decimal(0)).percent is None
    True
    >>> Ratio(Decimal(0), Decimal(0)).is_undefined, Ratio(None, Decimal(0)).is_undefined
    (True, False)
    """

    part: Decimal | None
    whole: Decimal | None

    @property
    def is_complete(self) -> bool:
        return self.part is not None and self.whole is not None

    @property
    def is_undefined(self) -> bool:
        """Both parts are there, but the whole is zero: prints "–", never 0 or 100."""
        return self.part is not None and self.whole == 0

    @property
    def percent(self) -> Decimal | None:
        """The rate in percent, unrounded; None when a part is missing or the whole is 0."""
        if self.part is None or not self.whole:
            return None
        return 100 * self.part / self.whole


def evaluate(node: Node, figures: Figures) -> Decimal | None:
    """Return the value of ``node`` over ``figures``; None when an operand is missing.

    >>> from indicators.formulas import parse
    >>> evaluate(parse("[a] + [b]"), {"a": Decimal(2), "b": Decimal(3)})
    Decimal('5')
    >>> evaluate(parse("[a] + [b]"), {"a": Decimal(2)}) is None
    True
    """
    # Rows and rates are most of what is asked for, and quicker told than looked up.
    if isinstance(node, Ref):
        return figures.get(node.address)
    if isinstance(node, Percent):
        return ratio(node, figures).percent
    return value_of(node)(figures)


def ratio(node: Percent, figures: Figures) -> Ratio:
    """Return the two parts of a rate, unreduced, so that they can be added over agencies."""
    return Ratio(part=evaluate(node.part, figures), whole=evaluate(node.whole, figures))


def holds(test: Test, figures: Figures, missing: Missing = Missing.SKIP_ANY) -> bool | None:
    """Say whether ``test`` is true of ``figures``; None when too much is missing to say.

    >>> from indicators.formulas import parse_check
    >>> holds(parse_check("[b] <= [a]"), {"a": Decimal(2), "b": Decimal(3)})
    False
    >>> holds(parse_check("[b] <= [a]"), {"b": Decimal(3)}) is None
    True
    >>> holds(parse_check("[b] + [c] = [a]"), {"a": Decimal(2), "b": Decimal(2)}, Missing.SKIP_ALL)
    True
    """
    return truth_of(test, missing)(figures)


@lru_cache(maxsize=4096)
def value_of(node: Node, *, fills: bool = False) -> Value:
    """Compile ``node``. With ``fills`` a missing figure counts as 0."""
    match node:
        case Number(number):
            return lambda _: number
        case Ref() | Elsewhere():
            return _figure(node.address, fills=fills)
        case Children(_, of):
            return _sum([Ref(key) for key in of], [1] * len(of), fills=fills)
        case Sum(terms, signs):
            return _sum(terms, signs, fills=fills)
        case Product(factors, powers):
            return _product([value_of(factor, fills=fills) for factor in factors], powers)
        case Percent(part, whole):
            return _percent(value_of(part, fills=fills), value_of(whole, fills=fills))
        case Call(name, of):
            return _call(_CALLS[name], [value_of(one, fills=fills) for one in of])
        case Choose(test, then, otherwise):
            return _choose(
                truth_of(test, Missing.ZERO if fills else Missing.SKIP_ANY),
                value_of(then, fills=fills),
                value_of(otherwise, fills=fills),
            )
        case _:
            assert_never(node)


@lru_cache(maxsize=4096)
def truth_of(test: Test, missing: Missing) -> Truth:
    """Compile ``test``: true, false, or None where too much is missing to say.

    ``missing`` counts for each comparison in it: ``SKIP_ANY`` says nothing of one that lacks a
    figure, ``SKIP_ALL`` of one that lacks all figures of a side and takes others for 0, ``ZERO``
    takes every missing figure for 0.
    """
    match test:
        case Check():
            return _check(test, missing)
        case Chosen() | Given():
            return _fact(test.address)
        case Every(tests):
            return _joined([truth_of(one, missing) for one in tests], settles=False)
        case Either(tests):
            return _joined([truth_of(one, missing) for one in tests], settles=True)
        case Not(inner):
            return _negated(truth_of(inner, missing))
        case Provided(condition, then, otherwise):
            return _provided(
                truth_of(condition, missing),
                truth_of(then, missing),
                truth_of(otherwise, missing) if otherwise is not None else lambda _: True,
            )
        case _:
            assert_never(test)


# Closures. Each is run tens of thousands of times for the reports of one round.


def _figure(address: str, *, fills: bool) -> Value:
    if fills:
        return lambda figures: figures.get(address, _ZERO)
    return lambda figures: figures.get(address)


def _sum(terms: Sequence[Node], signs: Sequence[int], *, fills: bool) -> Value:
    if not terms:
        return lambda _: None  # of children that nobody knows: that is no sum of 0
    if all(isinstance(term, Ref) for term in terms) and set(signs) <= {1}:
        return _plain_sum([term.address for term in terms if isinstance(term, Ref)], fills=fills)
    values = [value_of(term, fills=fills) for term in terms]

    def run(figures: Figures) -> Decimal | None:
        total = _ZERO
        for value, sign in zip(values, signs, strict=True):
            number = value(figures)
            if number is None:
                return None
            total = total + number if sign > 0 else total - number
        return total

    return run


def _plain_sum(addresses: Sequence[str], *, fills: bool) -> Value:
    """Most sums are of rows alone."""
    missing = _ZERO if fills else None

    def run(figures: Figures) -> Decimal | None:
        total = _ZERO
        for address in addresses:
            number = figures.get(address, missing)
            if number is None:
                return None
            total += number
        return total

    return run


def _product(values: Sequence[Value], powers: Sequence[int]) -> Value:
    def run(figures: Figures) -> Decimal | None:
        result = Decimal(1)
        for value, power in zip(values, powers, strict=True):
            number = value(figures)
            if number is None or (power < 0 and not number):
                return None
            result = result * number if power > 0 else result / number
        return result

    return run


def _percent(part: Value, whole: Value) -> Value:
    def run(figures: Figures) -> Decimal | None:
        above, below = part(figures), whole(figures)
        if above is None or not below:
            return None
        return _HUNDRED * above / below

    return run


def _call(function: Callable[[Sequence[Decimal]], Decimal], values: Sequence[Value]) -> Value:
    def run(figures: Figures) -> Decimal | None:
        numbers = [value(figures) for value in values]
        there = [number for number in numbers if number is not None]
        return function(there) if len(there) == len(numbers) else None

    return run


def _choose(test: Truth, then: Value, otherwise: Value) -> Value:
    def run(figures: Figures) -> Decimal | None:
        holds = test(figures)
        return None if holds is None else then(figures) if holds else otherwise(figures)

    return run


def _check(check: Check, missing: Missing) -> Truth:
    fills = missing is not Missing.SKIP_ANY
    left, right = value_of(check.left, fills=fills), value_of(check.right, fills=fills)
    compare = _COMPARE[check.sign]
    as_equal = compare(_ZERO, _ZERO)

    def run(figures: Figures) -> bool | None:
        one = left(figures)
        if one is None:
            return None
        other = right(figures)
        if other is None:
            return None
        found = compare(one, other)
        return found if found is as_equal or abs(one - other) > _CUT else as_equal

    if missing is not Missing.SKIP_ALL:
        return run
    sides = [
        addresses
        for side in (check.left, check.right)
        if (addresses := tuple(one.address for one in operands(side)))
    ]

    def run_where_said(figures: Figures) -> bool | None:
        for addresses in sides:
            for address in addresses:
                if address in figures:
                    break
            else:
                return None
        return run(figures)

    return run_where_said


def _fact(address: str) -> Truth:
    def run(figures: Figures) -> bool | None:
        found = figures.get(address)
        return None if found is None else bool(found)

    return run


def _joined(tests: Sequence[Truth], *, settles: bool) -> Truth:
    """One answer of ``settles`` settles the whole; else what is not known leaves it unknown."""

    def run(figures: Figures) -> bool | None:
        answers = [test(figures) for test in tests]
        if settles in answers:
            return settles
        return None if None in answers else not settles

    return run


def _negated(test: Truth) -> Truth:
    def run(figures: Figures) -> bool | None:
        holds = test(figures)
        return None if holds is None else not holds

    return run


def _provided(test: Truth, then: Truth, otherwise: Truth) -> Truth:
    def run(figures: Figures) -> bool | None:
        holds = test(figures)
        return None if holds is None else then(figures) if holds else otherwise(figures)

    return run
