"""What a formula is made of: numbers, tests of them, and the figures that they read.

A formula is a tree of frozen values. Every figure that it reads is an operand with an *address*,
a text under which whoever evaluates it finds the figure: ``1.2.a`` is a row of the same report,
``previous 1.2.a`` the same row a round before. Row keys hold no space, so that no two addresses
are alike.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, assert_never

from indicators.kinds import Labelled


class When(Labelled):
    """Whose round a row's figure is taken from."""

    NOW = "", ""
    PREVIOUS = "previous", "kỳ trước"
    LAST_YEAR = "last_year", "cùng kỳ năm trước"
    YEAR_TO_DATE = "year_to_date", "lũy kế từ đầu năm"


# Reaching an enumeration's member takes longer than looking a figure up.
_NOW = When.NOW


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Ref:
    """The figure of one row of the same form, of this round or an earlier one."""

    key: str
    when: When = When.NOW

    @property
    def address(self) -> str:
        return self.key if self.when is _NOW else f"{self.when.value} {self.key}"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The figure of an indicator in the same agency's report under another form in this round."""

    form: str
    indicator: str

    @property
    def address(self) -> str:
        return f"elsewhere {self.form}:{self.indicator}"


@dataclass(frozen=True, slots=True)
class Children:
    """The sum of the rows of figures directly below a row; ``of`` are their keys, once known."""

    key: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms added or subtracted; ``signs`` holds +1 or -1 for each term."""

    terms: tuple["Node", ...]
    signs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Factors multiplied or divided by; ``powers`` holds +1 or -1 for each factor."""

    factors: tuple["Node", ...]
    powers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Percent:
    """100 × part ÷ whole."""

    part: "Node"
    whole: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """``abs``, ``min`` or ``max`` of numbers."""

    name: str
    of: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """One number or another, as a test says."""

    test: "Test"
    then: "Node"
    otherwise: "Node"


Node = Number | Ref | Elsewhere | Children | Sum | Product | Percent | Call | Choose


@dataclass(frozen=True, slots=True)
class Check:
    """Two numbers and how they should stand to each other; ``sign`` is one of COMPARISONS."""

    left: Node
    sign: str
    right: Node


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row of choices is answered with one of its codes; ``label`` are its words, once known."""

    key: str
    code: str
    label: str = ""

    @property
    def address(self) -> str:
        return f"chosen {self.key}={self.code}"


@dataclass(frozen=True, slots=True)
class Given:
    """A row has an answer of any kind; "không phát sinh" is one."""

    key: str

    @property
    def address(self) -> str:
        return f"given {self.key}"


@dataclass(frozen=True, slots=True)
class Every:
    """All of some tests hold."""

    tests: tuple["Test", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of some tests holds."""

    tests: tuple["Test", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A test does not hold."""

    test: "Test"


@dataclass(frozen=True, slots=True)
class Provided:
    """Where the first test holds, the second must; elsewhere the third, where there is one."""

    test: "Test"
    then: "Test"
    otherwise: "Test | None" = None


Test = Check | Chosen | Given | Every | Either | Not | Provided
Operand = Ref | Elsewhere | Chosen | Given

COMPARISONS: Mapping[str, str] = {
    "<=": "≤",
    ">=": "≥",
    "<>": "≠",
    "<": "<",
    ">": ">",
    "=": "=",
}


def parts(tree: Node | Test) -> Sequence[Node | Test]:
    """Return what stands directly inside ``tree``, in order of writing."""
    match tree:
        case Number() | Ref() | Elsewhere() | Children() | Chosen() | Given():
            return ()
        case Sum(inner, _) | Product(inner, _) | Call(_, inner):
            return inner
        case Every(tests) | Either(tests):
            return tests
        case Not(test):
            return (test,)
        case Percent(left, right) | Check(left, _, right):
            return left, right
        case Choose(test, then, otherwise):
            return test, then, otherwise
        case Provided(test, holds, otherwise_holds):
            return (test, holds) if otherwise_holds is None else (test, holds, otherwise_holds)
        case _:
            assert_never(tree)


def walk(tree: Node | Test) -> Iterator[Node | Test]:
    """Yield ``tree`` and everything inside it, in order of writing."""
    yield tree
    for part in parts(tree):
        yield from walk(part)


def operands(tree: Node | Test) -> tuple[Operand, ...]:
    """Return the figures that ``tree`` reads, each once, in order of writing."""
    found: dict[Operand, None] = {}
    for part in walk(tree):
        if isinstance(part, Children):
            found |= dict.fromkeys(map(Ref, part.of))
        elif isinstance(part, Ref | Elsewhere | Chosen | Given):
            found[part] = None
    return tuple(found)


def keys(tree: Node | Test) -> Iterator[str]:
    """Yield the keys of the rows that ``tree`` names or reads, of whichever round, in order of
    writing; some more than once."""
    for part in walk(tree):
        if isinstance(part, Children):
            yield part.key
            yield from part.of
        elif isinstance(part, Ref | Chosen | Given):
            yield part.key


def with_children(
    test: Test,
    below: Callable[[str], tuple[str, ...]],
    label: Callable[[str, str], str] = lambda _key, _code: "",
) -> Test:
    """Return ``test`` with every sum of children knowing whose sum it is, and every choice its
    words, as ``label`` tells them by row key and code."""

    def known(part: Any) -> Any:
        if isinstance(part, Children):
            return replace(part, of=below(part.key))
        if isinstance(part, Chosen):
            return replace(part, label=label(part.key, part.code))
        if isinstance(part, tuple):
            return tuple(known(one) for one in part)
        if not is_dataclass(part) or isinstance(part, type):
            return part
        return replace(part, **{one.name: known(getattr(part, one.name)) for one in fields(part)})

    bound: Test = known(test)
    return bound


def is_plain_rate(node: Node) -> bool:
    """Say whether ``node`` is one percent of figures: its two parts can be added over agencies.

    >>> is_plain_rate(Percent(Ref("a"), Sum((Ref("b"), Ref("c")), (1, 1))))
    True
    >>> is_plain_rate(Percent(Percent(Ref("a"), Ref("b")), Ref("c"))), is_plain_rate(Ref("a"))
    (False, False)
    """
    return isinstance(node, Percent) and _counts(node.part) and _counts(node.whole)


def _counts(node: Node) -> bool:
    match node:
        case Ref(_, when):
            return not when
        case Sum(terms):
            return all(_counts(term) for term in terms)
        case _:
            return False
