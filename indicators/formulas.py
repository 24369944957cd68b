"""The expression language over row keys, parsed once and evaluated in Decimal.

A formula is written with row keys in square brackets::

    percent([1.2.b], [1.2.a])
    percent([3.1.a] + [3.1.b], [3.1])

A missing operand makes the result missing; it is never taken for zero. A check compares two of
them, as ``[1.5.b] + [1.5.c] <= [1.5.a]``; ``≤`` and ``≥`` are read as ``<=`` and ``>=``.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

# Brackets in brackets beyond this are a slip, and would exhaust whatever walks the tree.
DEEPEST = 20
LONGEST_SHOWN = 400
_END = "hết công thức"
TOKEN = re.compile(r"\s*(?:\[(?P<key>[^\[\]]+)\]|(?P<word>[a-z]+)|(?P<sign><=|>=|[-+(),<>=≤≥]))")
_ONE_SIGN = {"≤": "<=", "≥": ">="}
_BARE_KEY = re.compile(r"\.?\w")
_IN_BRACKETS = "; khóa của dòng đặt trong ngoặc vuông, ví dụ [1.2.a]"


class BadFormula(ValueError):
    """The text is not a formula; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Ref:
    """The figure of one row of the same form."""

    key: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms added or subtracted; ``signs`` holds +1 or -1 for each term."""

    terms: tuple["Node", ...]
    signs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Percent:
    """100 × part ÷ whole."""

    part: "Node"
    whole: "Node"


Node = Ref | Sum | Percent

COMPARISONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Check:
    """Two nodes and how they should stand to each other; ``sign`` is one of COMPARISONS."""

    left: Node
    sign: str
    right: Node


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


def parse(text: str) -> Node:
    """Return the tree of ``text``; raise BadFormula with a sentence when it is none.

    >>> parse("percent([b], [a])")
    Percent(part=Ref(key='b'), whole=Ref(key='a'))
    >>> parse("[a] + [b] - [c]").signs
    (1, 1, -1)
    """
    parser = _Parser(text)
    node = parser.sum()
    parser.expect("")
    return node


def parse_check(text: str) -> Check:
    """Return the comparison written in ``text``; raise BadFormula with a sentence.

    >>> parse_check("[b] <= [a]")
    Check(left=Ref(key='b'), sign='<=', right=Ref(key='a'))
    """
    parser = _Parser(text)
    left = parser.sum()
    sign = parser.comparison()
    right = parser.sum()
    parser.expect("")
    return Check(left, sign, right)


def check_keys(check: Check) -> Iterator[str]:
    """Yield the row keys that ``check`` reads, in order of writing."""
    yield from keys(check.left)
    yield from keys(check.right)


def holds(check: Check, figures: Mapping[str, Decimal]) -> bool | None:
    """Say whether ``check`` is true of ``figures``; None when a figure it reads is missing.

    >>> holds(parse_check("[b] <= [a]"), {"a": Decimal(2), "b": Decimal(3)})
    False
    >>> holds(parse_check("[b] <= [a]"), {"b": Decimal(3)}) is None
    True
    """
    left, right = evaluate(check.left, figures), evaluate(check.right, figures)
    if left is None or right is None:
        return None
    return COMPARISONS[check.sign](left, right)


def keys(node: Node) -> Iterator[str]:
    """Yield the row keys that ``node`` reads, in order of writing."""
    match node:
        case Ref(key):
            yield key
        case Sum(terms):
            for term in terms:
                yield from keys(term)
        case Percent(part, whole):
            yield from keys(part)
            yield from keys(whole)
        case _:
            assert_never(node)


def is_plain_rate(node: Node) -> bool:
    """Say whether ``node`` is one percent of figures: its two parts can be added over agencies.

    >>> is_plain_rate(parse("percent([a], [b] + [c])"))
    True
    >>> is_plain_rate(parse("percent(percent([a], [b]), [c])")), is_plain_rate(parse("[a]"))
    (False, False)
    """
    return isinstance(node, Percent) and _counts(node.part) and _counts(node.whole)


def _counts(node: Node) -> bool:
    match node:
        case Ref():
            return True
        case Sum(terms):
            return all(_counts(term) for term in terms)
        case Percent():
            return False
        case _:
            assert_never(node)


def evaluate(node: Node, figures: Mapping[str, Decimal]) -> Decimal | None:
    """Return the value of ``node`` over ``figures``; None when an operand is missing.

    >>> evaluate(parse("[a] + [b]"), {"a": Decimal(2), "b": Decimal(3)})
    Decimal('5')
    >>> evaluate(parse("[a] + [b]"), {"a": Decimal(2)}) is None
    True
    """
    match node:
        case Ref(key):
            return figures.get(key)
        case Sum(terms, signs):
            total = Decimal(0)
            for term, sign in zip(terms, signs, strict=True):
                value = evaluate(term, figures)
                if value is None:
                    return None
                total += sign * value
            return total
        case Percent():
            return ratio(node, figures).percent
        case _:
            assert_never(node)


def ratio(node: Percent, figures: Mapping[str, Decimal]) -> Ratio:
    """Return the two parts of a rate, unreduced, so that they can be added over agencies."""
    return Ratio(part=evaluate(node.part, figures), whole=evaluate(node.whole, figures))


class _Parser:
    """One pass over the text; each method reads what it is named for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        self.depth = 0
        position, end = 0, len(text.rstrip())
        while position < end:
            match = TOKEN.match(text, position)
            if match is None:
                rest = text[position:].strip()
                hint = _IN_BRACKETS if _BARE_KEY.match(rest) else ""
                raise self.bad(f"không đọc được từ «{rest[:20]}»{hint}")
            kind = match.lastgroup or ""
            token = match[kind].strip()
            self.tokens.append((kind, _ONE_SIGN.get(token, token) if kind == "sign" else token))
            position = match.end()
        self.tokens.append(("end", ""))

    def bad(self, why: str) -> BadFormula:
        shown = self.text if len(self.text) <= LONGEST_SHOWN else f"{self.text[:LONGEST_SHOWN]}…"
        return BadFormula(f"Công thức «{shown}»: {why}.")

    def met(self, kind: str, why: str) -> BadFormula:
        """Say what stands at the wrong place; a word is most often a key without its brackets."""
        is_key = kind == "word" and self.tokens[0] != ("sign", "(")
        return self.bad(f"{why}{_IN_BRACKETS if is_key else ''}")

    def expect(self, token: str) -> None:
        kind, found = self.tokens.pop(0)
        if found != token or kind == "key":
            raise self.met(kind, f"chờ «{token or _END}» nhưng gặp «{found or _END}»")

    def comparison(self) -> str:
        kind, token = self.tokens.pop(0)
        if kind != "sign" or token not in COMPARISONS:
            raise self.met(
                kind, f"chờ dấu so sánh {' '.join(COMPARISONS)} nhưng gặp «{token or _END}»"
            )
        return token

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.bad("ngoặc lồng nhau quá nhiều lớp")
        terms, signs = [self.term()], [1]
        while self.tokens[0][1] in {"+", "-"} and self.tokens[0][0] == "sign":
            signs.append(1 if self.tokens.pop(0)[1] == "+" else -1)
            terms.append(self.term())
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Sum(tuple(terms), tuple(signs))

    def term(self) -> Node:
        kind, token = self.tokens.pop(0)
        if kind == "key":
            return Ref(token)
        if token == "(":
            inner = self.sum()
            self.expect(")")
            return inner
        if token == "percent":
            self.expect("(")
            part = self.sum()
            self.expect(",")
            whole = self.sum()
            self.expect(")")
            return Percent(part, whole)
        raise self.met(kind, f"«{token or _END}» không phải dòng [khóa] hay percent(…)")
