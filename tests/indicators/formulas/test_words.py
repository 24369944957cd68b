"""Formulas told in Vietnamese: as people write them, never so that they could mean two things."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import TypeVar

import pytest
from hypothesis import given

from indicators.formulas import (
    Check,
    Children,
    Chosen,
    Elsewhere,
    Given,
    Node,
    Number,
    Percent,
    Ref,
    Sum,
    Test,
    evaluate,
    holds,
    parse,
    parse_check,
    walk,
)
from indicators.formulas.tree import Call, Choose, Either, Every, Not, Product, Provided
from indicators.formulas.words import in_words, number_in_words, words
from tests.indicators.formulas.trees import any_number, any_test

T = TypeVar("T", Node, Test)
NAMES = {
    "a": "Số đề ra",
    "b": "Số hoàn thành",
    "c": "1.2 Hình thức",
}


def told(tree: Node | Test) -> str:
    return in_words(tree, NAMES.__getitem__)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a]", "Số đề ra"),
        ("1000", "1.000"),
        ("0.5", "0,5"),
        ("[a] + [b] - 2", "Số đề ra + Số hoàn thành − 2"),
        ("-[a] + [b]", "−Số đề ra + Số hoàn thành"),
        ("[a] - ([b] - 2)", "Số đề ra − (Số hoàn thành − 2)"),
        ("[a] + [b] * 2", "Số đề ra + Số hoàn thành × 2"),
        ("([a] + [b]) * 2", "(Số đề ra + Số hoàn thành) × 2"),
        ("[a] / (2 * [b])", "Số đề ra ÷ (2 × Số hoàn thành)"),
        ("percent([b], [a])", "Số hoàn thành ÷ Số đề ra × 100"),
        ("percent([b], [a] - 1)", "Số hoàn thành ÷ (Số đề ra − 1) × 100"),
        ("percent([b], [a]) + 5", "Số hoàn thành ÷ Số đề ra × 100 + 5"),
        ("2 * percent([b], [a])", "2 × (Số hoàn thành ÷ Số đề ra × 100)"),
        ("abs([a])", "|Số đề ra|"),
        ("min([a], [b], 7)", "số nhỏ nhất của (Số đề ra; Số hoàn thành; 7)"),
        ("max([a], [b] + 1)", "số lớn nhất của (Số đề ra; (Số hoàn thành + 1))"),
        ("if(given([a]), [a], 0)", "(nếu Số đề ra có trả lời thì Số đề ra, nếu không thì 0)"),
        ("previous([a])", "Số đề ra kỳ trước"),
        ("last_year([a])", "Số đề ra cùng kỳ năm trước"),
        ("year_to_date([a])", "Số đề ra lũy kế từ đầu năm"),
        ("children([a])", "tổng các dòng con của Số đề ra"),
        ("elsewhere([PL2-KH:tthc.cong_bo])", "chỉ tiêu tthc.cong_bo ở biểu PL2-KH"),
    ],
)
def test_each_number_is_told(text: str, said: str) -> None:
    assert told(parse(text)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[b] <= [a]", "Số hoàn thành ≤ Số đề ra"),
        ("[b] >= [a]", "Số hoàn thành ≥ Số đề ra"),
        ("[b] <> [a]", "Số hoàn thành ≠ Số đề ra"),
        ("[b] < [a]", "Số hoàn thành < Số đề ra"),
        ("[b] > [a]", "Số hoàn thành > Số đề ra"),
        ("[b] = [a]", "Số hoàn thành = Số đề ra"),
        ("[b] + 1 <= [a] * 2", "Số hoàn thành + 1 ≤ Số đề ra × 2"),
        ('chosen([c], "1")', "1.2 Hình thức chọn mã 1"),
        ("given([c])", "1.2 Hình thức có trả lời"),
        ("not(given([c]))", "không phải (1.2 Hình thức có trả lời)"),
        ("[a] > 0 and [b] > 0", "Số đề ra > 0 và Số hoàn thành > 0"),
        ("[a] > 0 or [b] > 0", "Số đề ra > 0 hoặc Số hoàn thành > 0"),
        (
            "([a] > 0 or [b] > 0) and given([c])",
            "(Số đề ra > 0 hoặc Số hoàn thành > 0) và 1.2 Hình thức có trả lời",
        ),
        (
            'if(chosen([c], "0"), [a] = 0)',
            "nếu 1.2 Hình thức chọn mã 0 thì Số đề ra = 0",
        ),
        (
            "if([a] > 0, given([c]), [b] = 0)",
            "nếu Số đề ra > 0 thì 1.2 Hình thức có trả lời, nếu không thì Số hoàn thành = 0",
        ),
        # Whose "nếu không thì" it is.
        (
            "if([a] > 0, if([b] > 0, given([c])), [b] = 0)",
            "nếu Số đề ra > 0 thì (nếu Số hoàn thành > 0 thì 1.2 Hình thức có trả lời), nếu không"
            " thì Số hoàn thành = 0",
        ),
        (
            "if([a] > 0, if([b] > 0, given([c]), [b] = 0))",
            "nếu Số đề ra > 0 thì (nếu Số hoàn thành > 0 thì 1.2 Hình thức có trả lời, nếu không"
            " thì Số hoàn thành = 0)",
        ),
        (
            "if([a] > 0, given([c])) and [b] > 0",
            "(nếu Số đề ra > 0 thì 1.2 Hình thức có trả lời) và Số hoàn thành > 0",
        ),
    ],
)
def test_each_test_is_told(text: str, said: str) -> None:
    assert told(parse_check(text)) == said


def test_a_choice_is_told_by_its_words_where_they_are_known() -> None:
    assert told(Chosen("c", "1", "Trực tuyến")) == "1.2 Hình thức chọn «Trực tuyến»"
    assert told(Not(Chosen("c", "1"))) == "không phải (1.2 Hình thức chọn mã 1)"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("1.50", "1,5"),
        ("100", "100"),
        ("1000000", "1.000.000"),
        ("1E+3", "1.000"),
        ("0.001", "0,001"),
        ("-12.0", "-12"),
    ],
)
def test_a_constant_is_written_the_vietnamese_way(number: str, text: str) -> None:
    assert number_in_words(Decimal(number)) == text


@given(any_test())
def test_what_a_test_names_stands_apart_in_order_of_writing(test: Test) -> None:
    names = Ref | Elsewhere | Children | Chosen | Given
    assert [part for part in words(test) if isinstance(part, names)] == [
        part for part in walk(test) if isinstance(part, names)
    ]


@given(any_number())
def test_the_brackets_of_a_number_close(node: Node) -> None:
    said = in_words(node, lambda key: key)
    depths = [said[:place].count("(") - said[:place].count(")") for place in range(len(said) + 1)]
    assert min(depths) == 0
    assert depths[-1] == 0


# The same words mean the same

FACTS: Sequence[Test] = tuple(map(Given, "ABC"))
ROWS: Sequence[Node] = tuple(map(Ref, "abc"))


def joined(one: Test, other: Test, third: Test) -> Iterator[Test]:
    """Yield every way of making one test of these."""
    yield from (Not(one), Every((one, other)), Either((one, other)), Every((one, other, third)))
    yield from (Provided(one, other), Provided(one, other, third), Either((one, other, third)))


def added(one: Node, other: Node, third: Node) -> Iterator[Node]:
    """Yield every way of making one number of these."""
    yield from (
        Sum((one,), (-1,)),
        Sum((one, other), (1, -1)),
        Sum((one, other, third), (-1, 1, -1)),
    )
    yield from (Product((one, other), (1, 1)), Product((one, other, third), (1, -1, 1)))
    yield from (Percent(one, other), Call("abs", (one,)), Call("min", (one, other)))
    yield from (Call("max", (one, other, third)), Product((one, other, third), (1, -1, -1)))
    test = Check(one, "<=", other)
    yield from (Choose(test, one, third), Choose(Every((test, Given("A"))), third, other))
    yield from (Choose(Provided(test, Given("A")), other, third), Number(Decimal(100)))


def at_each_place(trees: Iterable[T], leaves: Sequence[T]) -> Iterator[tuple[T, T, T]]:
    """Yield three parts, one of them of ``trees``, in every order."""
    for tree in trees:
        for one, other in product(leaves, repeat=2):
            yield from ((tree, one, other), (one, tree, other), (one, other, tree))


def every_test() -> set[Test]:
    shallow = {test for three in product(FACTS, repeat=3) for test in joined(*three)}
    return shallow | {test for three in at_each_place(shallow, FACTS) for test in joined(*three)}


def every_number() -> set[Node]:
    shallow = {node for three in product(ROWS, repeat=3) for node in added(*three)}
    return shallow | {node for three in at_each_place(shallow, ROWS) for node in added(*three)}


def told_alike(trees: Iterable[T]) -> list[list[T]]:
    """Return those of ``trees`` that are told in the same words, together."""
    found: dict[str, list[T]] = {}
    for tree in trees:
        found.setdefault(in_words(tree, str), []).append(tree)
    return [alike for alike in found.values() if len(alike) > 1]


ANSWERS = [
    {f"given {key}": number for key, number in zip("ABC", said, strict=True) if number is not None}
    for said in product((Decimal(1), Decimal(0), None), repeat=3)
]


def test_two_tests_in_the_same_words_say_the_same() -> None:
    trees = every_test()
    assert len(trees) > 10_000
    for alike in told_alike(trees):
        for figures in ANSWERS:
            assert len({holds(test, figures) for test in alike}) == 1, alike


def test_two_numbers_in_the_same_words_are_the_same() -> None:
    """But for the last of 28 digits: 100 × a ÷ b and a ÷ b × 100."""
    trees = every_number()
    assert len(trees) > 10_000
    rows = [
        dict(zip("abc", map(Decimal, said), strict=True)) for said in product((-3, 2, 7), repeat=3)
    ]
    for alike in told_alike(trees):
        for figures in [*rows, *(row | {"given A": Decimal(1)} for row in rows)]:
            found = [evaluate(node, figures) for node in alike]
            assert len({None if one is None else round(one, 9) for one in found}) == 1, alike
