"""Any formula: drawn as a tree, written as text, and worked out the long way round.

The working out is as plain as can be, over fractions, and shares nothing with the portal's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TypeVar, assert_never

from hypothesis import strategies as st

from indicators.formulas import (
    COMPARISONS,
    LONGEST,
    Check,
    Children,
    Chosen,
    Elsewhere,
    Figures,
    Given,
    Node,
    Number,
    Percent,
    Ref,
    Sum,
    Test,
    When,
    operands,
    with_children,
)
from indicators.formulas.reading import DEEPEST
from indicators.formulas.tree import Call, Choose, Either, Every, Not, Product, Provided
from indicators.kinds import Missing

T = TypeVar("T")
KEYS = ("a", "b", "1.2.c")
CODES = ("0", "1")
# Whose figures are added up below a row.
BELOW: Mapping[str, tuple[str, ...]] = {"a": ("b", "1.2.c"), "b": ("1.2.c",), "1.2.c": ()}
# Figures that stay small enough for quotients to be told apart, and the largest that there are.
SMALL = (*map(str, range(-3, 13)), "0", "0.5", "-0.25", "100")
LARGE = (
    *SMALL,
    "999999999999.999",
    "-999999999999.999",
    "999999999999999",
    "0.001",
    "1E+3",
    "0.00",
)
CONSTANTS = ("0", "1", "3", "0.5", "100", "1000")
# As much as two sides may be apart and still be equal: a quotient is cut somewhere.
CUT = Fraction(1, 2_000_000_000)


# Grown from bytes: one draw for a whole formula takes a tenth of the time of a draw for each of its
# parts, and it shrinks as well.


class Seed:
    """Bytes that choose, one after the other; where they end the first choice is taken."""

    def __init__(self, drawn: bytes) -> None:
        self.bytes = iter(drawn)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[next(self.bytes, 0) % len(choices)]

    def number(self, depth: int, *, divides: bool) -> Node:
        """Grow a number that is no deeper than so."""
        quotients = ["product", "percent"] if divides else []
        inner = partial(self.number, depth - 1, divides=divides)
        match self.pick(["leaf", "sum", "call", "choose", *quotients]) if depth else "leaf":
            case "sum":
                return self.sum(inner)
            case "call":
                name = self.pick(("abs", "min", "max"))
                return Call(name, tuple(inner() for _ in range(1 if name == "abs" else 2)))
            case "choose":
                return Choose(self.test(depth - 1, divides=divides), inner(), inner())
            case "product":
                powers = self.pick([(1, 1), (1, -1), (1, 1, -1), (1, -1, 1)])
                return Product(
                    tuple(inner() if power > 0 else self.divisor() for power in powers), powers
                )
            case "percent":
                return Percent(inner(), self.divisor())
            case _:
                return self.leaf()

    def sum(self, inner: Callable[[], Node]) -> Sum:
        signs = self.pick([(1, 1), (1, -1), (-1,), (1, -1, 1), (-1, 1)])
        return Sum(tuple(inner() for _ in signs), signs)

    def divisor(self) -> Node:
        """What is divided by reads figures or adds them up: a quotient that should be zero and is
        not quite would make any number of the quotient by it."""
        if self.pick([False, False, True]):
            return self.sum(self.leaf)
        found = self.leaf()
        return Number(Decimal(7)) if isinstance(found, Number) else found

    def leaf(self) -> Node:
        key = self.pick(KEYS)
        match self.pick(["row", "row", "row", "when", "constant", "children", "elsewhere"]):
            case "when":
                return Ref(key, self.pick(list(When)))
            case "constant":
                return Number(Decimal(self.pick(CONSTANTS)))
            case "children":
                return Children(key)
            case "elsewhere":
                return Elsewhere("PL2", self.pick(("x", "y.z")))
            case _:
                return Ref(key)

    def test(self, depth: int, *, divides: bool = True) -> Test:
        """Grow a test that is no deeper than so."""
        inner = partial(self.test, depth - 1, divides=divides)
        kinds = ["check", "every", "either", "not", "provided", "fact"]
        match self.pick(kinds if depth else ["check", "check", "fact"]):
            case "every":
                return Every(tuple(inner() for _ in range(self.pick((2, 3)))))
            case "either":
                return Either(tuple(inner() for _ in range(self.pick((2, 3)))))
            case "not":
                return Not(inner())
            case "provided":
                return Provided(inner(), inner(), inner() if self.pick([False, True]) else None)
            case "fact":
                chosen = Chosen(self.pick(KEYS), self.pick(CODES))
                return chosen if self.pick([True, False]) else Given(chosen.key)
            case _:
                left = self.number(depth, divides=divides)
                sign = self.pick(list(COMPARISONS))
                return Check(left, sign, self.number(depth, divides=divides))


def any_number(*, depth: int = 2, divides: bool = True) -> st.SearchStrategy[Node]:
    """Draw a number that is no longer than a formula may be."""
    return _seeds.map(lambda seed: seed.number(depth, divides=divides)).filter(_fits)


def any_test(*, depth: int = 2) -> st.SearchStrategy[Test]:
    """Draw a test that is no longer than a formula may be."""
    return _seeds.map(lambda seed: seed.test(depth)).filter(_fits)


def any_figures(pool: Sequence[str]) -> st.SearchStrategy[Callable[[Node | Test], Figures]]:
    """Draw what gives a formula the figures that it reads, of ``pool``; some are missing."""
    return st.binary(min_size=8, max_size=24).map(lambda drawn: partial(_figures, drawn, pool))


def _figures(drawn: bytes, pool: Sequence[str], tree: Node | Test) -> Figures:
    seed = Seed(drawn)
    found = {}
    for address in addresses(tree):
        is_fact = address.startswith(("chosen", "given"))
        text = seed.pick(("1", "0", "") if is_fact else (*pool, ""))
        if text:
            found[address] = Decimal(text)
    return found


_seeds = st.binary(min_size=16, max_size=64).map(Seed)


def bound(tree: Test) -> Test:
    """Return ``tree`` with its sums of children known."""
    return with_children(tree, BELOW.__getitem__)


def addresses(tree: Node | Test) -> Sequence[str]:
    return [operand.address for operand in operands(tree)]


def _fits(tree: Node | Test) -> bool:
    text = written(tree)
    return len(text) <= LONGEST and text.count("(") < DEEPEST


# Written, with brackets only where they are needed


def written(tree: Node | Test) -> str:
    """Return the text of ``tree``."""
    match tree:
        case Ref() | Elsewhere() | Children() | Chosen() | Given():
            return _written_name(tree)
        case Number(value):
            return format(value, "f")
        case Sum(terms, signs):
            return _signed(terms, signs)
        case Product(factors, powers):
            parts = [
                f" {'*' if power > 0 else '/'} {_within(factor, Sum | Product)}"
                for factor, power in zip(factors, powers, strict=True)
            ]
            return "".join(parts)[3:]
        case Percent(part, whole):
            return f"percent({written(part)}, {written(whole)})"
        case Call(name, of):
            return f"{name}({', '.join(map(written, of))})"
        case Choose(test, then, otherwise):
            return f"if({written(test)}, {written(then)}, {written(otherwise)})"
        case _:
            return _written_test(tree)


def _written_name(tree: Ref | Elsewhere | Children | Chosen | Given) -> str:
    match tree:
        case Ref(key, when):
            return f"{when.value}([{key}])" if when else f"[{key}]"
        case Elsewhere(form, indicator):
            return f"elsewhere([{form}:{indicator}])"
        case Children(key):
            return f"children([{key}])"
        case Chosen(key, code):
            return f'chosen([{key}], "{code}")'
        case Given(key):
            return f"given([{key}])"


def _written_test(test: Check | Every | Either | Not | Provided) -> str:
    match test:
        case Check(left, sign, right):
            return f"{written(left)} {sign} {written(right)}"
        case Every(inner):
            return " and ".join(_within(one, Every | Either) for one in inner)
        case Either(inner):
            return " or ".join(_within(one, Either) for one in inner)
        case Not(one):
            return f"not({written(one)})"
        case Provided(condition, then, otherwise):
            parts = (condition, then) if otherwise is None else (condition, then, otherwise)
            return f"if({', '.join(map(written, parts))})"
        case _:
            assert_never(test)


def _signed(terms: Sequence[Node], signs: Sequence[int]) -> str:
    parts = [
        f" {'+' if sign > 0 else '-'} {_within(term, Sum)}"
        for term, sign in zip(terms, signs, strict=True)
    ]
    return "".join(parts)[1:].removeprefix("+ ")


def _within(tree: Node | Test, loose: object) -> str:
    text = written(tree)
    return f"({text})" if isinstance(tree, loose) else text  # type: ignore[arg-type]


# Worked out


@dataclass
class Sheet:
    """The figures that a formula is worked out over; ``most`` is the largest number met."""

    figures: Mapping[str, Fraction]
    most: Fraction = field(default=Fraction(0))

    def number(self, node: Node, *, fills: bool = False) -> Fraction | None:
        found = self._number(node, fills=fills)
        self.most = max(self.most, abs(found or Fraction(0)))
        return found

    def _number(self, node: Node, *, fills: bool) -> Fraction | None:
        match node:
            case Number(value):
                return Fraction(value)
            case Ref() | Elsewhere():
                return self.figures.get(node.address, Fraction(0) if fills else None)
            case Children(_, of):
                return self._added([Ref(key) for key in of], [1] * len(of), fills=fills)
            case Sum(terms, signs):
                return self._added(terms, signs, fills=fills)
            case Product(factors, powers):
                return self._multiplied(factors, powers, fills=fills)
            case Percent(part, whole):
                hundred = Number(Decimal(100))
                return self._multiplied((hundred, part, whole), (1, 1, -1), fills=fills)
            case Call(name, of):
                return self._called(name, of, fills=fills)
            case Choose():
                return self._chosen(node, fills=fills)

    def _added(
        self, terms: Sequence[Node], signs: Sequence[int], *, fills: bool
    ) -> Fraction | None:
        found = [self.number(term, fills=fills) for term in terms]
        if not found or None in found:
            return None
        total = Fraction(0)
        for one, sign in zip(found, signs, strict=True):
            total += sign * (one or 0)
        return total

    def _called(self, name: str, of: Sequence[Node], *, fills: bool) -> Fraction | None:
        found = [self.number(one, fills=fills) for one in of]
        known = sorted(one for one in found if one is not None)
        if len(known) < len(found):
            return None
        return {"abs": abs(known[0]), "min": known[0], "max": known[-1]}[name]

    def _chosen(self, node: Choose, *, fills: bool) -> Fraction | None:
        holds = self.holds(node.test, Missing.ZERO if fills else Missing.SKIP_ANY)
        if holds is None:
            return None
        return self.number(node.then if holds else node.otherwise, fills=fills)

    def _multiplied(
        self, factors: Sequence[Node], powers: Sequence[int], *, fills: bool
    ) -> Fraction | None:
        result = Fraction(1)
        for factor, power in zip(factors, powers, strict=True):
            found = self.number(factor, fills=fills)
            if found is None or (power < 0 and found == 0):
                return None
            result *= found**power
        return result

    def holds(self, test: Test, missing: Missing) -> bool | None:
        match test:
            case Check(left, sign, right):
                return self._compared(left, sign, right, missing)
            case Chosen() | Given():
                found = self.figures.get(test.address)
                return None if found is None else found != 0
            case Every(inner):
                answers = {self.holds(one, missing) for one in inner}
                return False if False in answers else None if None in answers else True
            case Either(inner):
                answers = {self.holds(one, missing) for one in inner}
                return True if True in answers else None if None in answers else False
            case Not(one):
                answer = self.holds(one, missing)
                return None if answer is None else not answer
            case Provided(condition, then, otherwise):
                answer = self.holds(condition, missing)
                if answer is None:
                    return None
                branch = then if answer else otherwise
                return True if branch is None else self.holds(branch, missing)
            case _:
                assert_never(test)

    def _compared(self, left: Node, sign: str, right: Node, missing: Missing) -> bool | None:
        for side in (left, right):
            read = addresses(side)
            if missing is Missing.SKIP_ALL and read and not self.figures.keys() & set(read):
                return None
        fills = missing is not Missing.SKIP_ANY
        one, other = self.number(left, fills=fills), self.number(right, fills=fills)
        if one is None or other is None:
            return None
        apart = one - other
        if abs(apart) <= CUT:
            return "=" in sign
        return sign == "<>" or (sign[0] == "<" if apart < 0 else sign[0] == ">")
