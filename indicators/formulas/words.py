"""A formula told in Vietnamese, the rows that it reads apart so that a page can lead to them."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import assert_never

from indicators.formulas.tree import (
    COMPARISONS,
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
)

# What names a row or an indicator; all else are words.
Named = Ref | Elsewhere | Children | Chosen | Given
Word = str | Named
_CALLS = {
    "abs": ("|", "|"),
    "min": ("số nhỏ nhất của (", ")"),
    "max": ("số lớn nhất của (", ")"),
}


def words(tree: Node | Test) -> Iterator[Word]:
    """Yield ``tree`` as people write it, what it names apart."""
    if isinstance(tree, Ref | Elsewhere | Children | Chosen | Given):
        yield tree
    elif isinstance(tree, Test):
        yield from _test(tree)
    else:
        yield from _number(tree)


def _number(node: Node) -> Iterator[Word]:
    match node:
        case Ref() | Elsewhere() | Children():
            yield node
        case Number(value):
            yield number_in_words(value)
        case Sum(terms, signs):
            yield from _sum(terms, signs)
        case Product(factors, powers):
            yield from _product(factors, powers)
        case Percent(part, whole):
            yield from _product((part, whole), (1, -1))
            yield " × 100"
        case Call(name, of):
            opens, closes = _CALLS[name]
            yield opens
            yield from _joined(of, "; ")
            yield closes
        case Choose(test, then, otherwise):
            yield "("
            yield from _conditional(test, then, otherwise)
            yield ")"
        case _:
            assert_never(node)


def _test(test: Test) -> Iterator[Word]:
    match test:
        case Chosen() | Given():
            yield test
        case Check(left, sign, right):
            yield from words(left)
            yield f" {COMPARISONS[sign]} "
            yield from words(right)
        case Every(tests):
            yield from _joined(tests, " và ")
        case Either(tests):
            yield from _joined(tests, " hoặc ")
        case Not(inner):
            yield "không phải ("
            yield from words(inner)
            yield ")"
        case Provided(condition, then, otherwise):
            yield from _conditional(condition, then, otherwise)
        case _:
            assert_never(test)


def in_words(tree: Node | Test, name: Callable[[str], str]) -> str:
    """Return ``tree`` as one text; ``name`` says how the row of a key is called.

    >>> from indicators.formulas import parse, parse_check
    >>> names = {"b": "Số đã hoàn thành", "a": "Số đề ra"}.__getitem__
    >>> in_words(parse("percent([b], [a])"), names)
    'Số đã hoàn thành ÷ Số đề ra × 100'
    >>> in_words(parse_check("[b] - 0.5 <= 2 * ([a] + previous([a]))"), names)
    'Số đã hoàn thành − 0,5 ≤ 2 × (Số đề ra + Số đề ra kỳ trước)'
    """
    return "".join(part if isinstance(part, str) else named(part, name) for part in words(tree))


def named(operand: Named, name: Callable[[str], str]) -> str:
    """Return the words for one thing that a formula names."""
    match operand:
        case Ref(key, when):
            return f"{name(key)} {when.label}".strip()
        case Children(key):
            return f"tổng các dòng con của {name(key)}"
        case Chosen(key, code, label):
            return f"{name(key)} chọn {f'«{label}»' if label else f'mã {code}'}"
        case Given(key):
            return f"{name(key)} có trả lời"
        case Elsewhere(form, indicator):
            return f"chỉ tiêu {indicator} ở biểu {form}"
        case _:
            assert_never(operand)


def number_in_words(value: Decimal) -> str:
    """Write a constant the Vietnamese way.

    >>> number_in_words(Decimal("1234.50")), number_in_words(Decimal("-0.5"))
    ('1.234,5', '-0,5')
    """
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def _sum(terms: Sequence[Node], signs: Sequence[int]) -> Iterator[Word]:
    for place, (term, sign) in enumerate(zip(terms, signs, strict=True)):
        if place:
            yield " + " if sign > 0 else " − "
        elif sign < 0:
            yield "−"
        if isinstance(term, Product | Percent):
            yield from words(term)
        else:
            yield from _inside(term)


def _product(factors: Sequence[Node], powers: Sequence[int]) -> Iterator[Word]:
    for place, (factor, power) in enumerate(zip(factors, powers, strict=True)):
        if place:
            yield " × " if power > 0 else " ÷ "
        yield from _inside(factor)


def _inside(tree: Node | Test) -> Iterator[Word]:
    """Yield a formula inside another: in brackets where it is made of several."""
    if isinstance(tree, Sum | Product | Percent | Every | Either | Provided):
        yield "("
        yield from words(tree)
        yield ")"
    else:
        yield from words(tree)


def _joined(trees: Sequence[Node | Test], between: str) -> Iterator[Word]:
    for place, tree in enumerate(trees):
        if place:
            yield between
        yield from _inside(tree)


def _conditional(test: Test, then: Node | Test, otherwise: Node | Test | None) -> Iterator[Word]:
    yield "nếu "
    yield from _clause(test)
    yield " thì "
    yield from _clause(then)
    if otherwise is not None:
        yield ", nếu không thì "
        yield from _clause(otherwise)


def _clause(tree: Node | Test) -> Iterator[Word]:
    """Yield one branch; a condition in it is bracketed, or its "nếu không" could be the outer
    one's."""
    yield from _inside(tree) if isinstance(tree, Provided) else words(tree)
