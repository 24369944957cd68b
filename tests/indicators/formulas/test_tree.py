"""What a formula is made of: its parts, the figures it reads, the rows it names."""

from decimal import Decimal

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
    Operand,
    Ref,
    Sum,
    Test,
    When,
    evaluate,
    is_plain_rate,
    keys,
    operands,
    parse,
    parse_check,
    walk,
    with_children,
)
from indicators.formulas.tree import parts
from tests.indicators.formulas.trees import BELOW, KEYS, any_number, any_test, bound

A, B, C = map(Ref, "abc")
EVERYTHING = (
    'if(given([a]) and not(chosen([b], "1")) or [c] > 0,'
    " percent([d], previous([e])) >= abs([f] * 2) - min(children([g]), elsewhere([X:h])),"
    " max([i], if([j] = 1, [k], [l])) <> 3)"
)


@pytest.mark.parametrize(
    ("operand", "address"),
    [
        (Ref("1.2.a"), "1.2.a"),
        (Ref("1.2.a", When.PREVIOUS), "previous 1.2.a"),
        (Ref("1.2.a", When.LAST_YEAR), "last_year 1.2.a"),
        (Ref("1.2.a", When.YEAR_TO_DATE), "year_to_date 1.2.a"),
        (Elsewhere("PL2-KH", "tthc.cong_bo"), "elsewhere PL2-KH:tthc.cong_bo"),
        (Chosen("1.6", "0"), "chosen 1.6=0"),
        (Given("1.6"), "given 1.6"),
    ],
)
def test_every_figure_has_an_address_of_its_own(operand: Operand, address: str) -> None:
    assert operand.address == address


@given(any_test(), any_test())
def test_no_two_figures_share_an_address(one: Test, other: Test) -> None:
    found = {*operands(bound(one)), *operands(bound(other))}
    assert len({operand.address for operand in found}) == len(found)


def test_parts_stand_in_order_of_writing() -> None:
    check = Check(Sum((A, B), (1, -1)), "<=", C)
    assert list(parts(check)) == [check.left, C]
    assert list(parts(check.left)) == [A, B]
    assert list(parts(A)) == []
    assert list(walk(check)) == [check, check.left, A, B, C]


def test_everything_inside_a_formula_is_walked() -> None:
    tree = parse_check(EVERYTHING)
    assert {type(part).__name__ for part in walk(tree)} == {
        "Provided",
        "Either",
        "Every",
        "Given",
        "Not",
        "Chosen",
        "Check",
        "Percent",
        "Ref",
        "Sum",
        "Call",
        "Product",
        "Number",
        "Children",
        "Elsewhere",
        "Choose",
    }


def test_keys_come_in_order_of_writing() -> None:
    assert list(keys(parse("percent([b] + [a], [c] - ([a] + [d]))"))) == ["b", "a", "c", "a", "d"]
    assert list(keys(parse_check("[c] + [a] <= percent([b], [a])"))) == ["c", "a", "b", "a"]
    # A row of another form has no key in this one.
    assert list(keys(parse_check(EVERYTHING))) == [*"abcdefg", *"ijkl"]


def test_figures_come_once_each_in_order_of_writing() -> None:
    tree = parse_check('[b] + [a] > previous([a]) and chosen([c], "1") or [a] > [b]')
    assert operands(tree) == (B, A, Ref("a", When.PREVIOUS), Chosen("c", "1"))


def test_children_are_read_where_they_are_known() -> None:
    tree = parse_check("[a] = children([a])")
    assert operands(tree) == (A,)
    assert list(keys(tree)) == ["a", "a"]
    known = with_children(tree, {"a": ("b", "c")}.__getitem__)
    assert known == Check(A, "=", Children("a", ("b", "c")))
    assert operands(known) == (A, B, C)
    assert list(keys(known)) == ["a", "a", "b", "c"]


@pytest.mark.parametrize(
    "text",
    [
        "if(given([a]), children([a]) > 0)",
        "if(children([a]) > 0, given([a]))",
        "if(given([b]), given([b]), children([a]) > 0)",
        "not(children([a]) > 0)",
        "given([b]) and children([a]) > 0",
        "given([b]) or children([a]) > 0",
        "percent([b], children([a])) > 0",
        "min([b], 2 * children([a])) > 0",
        "if([b] > 0, 1, -children([a])) > 0",
        "0 < abs(children([a]))",
    ],
)
def test_children_become_known_wherever_they_stand(text: str) -> None:
    known = with_children(parse_check(text), lambda key: (f"{key}.1", f"{key}.2"))
    assert [part for part in walk(known) if isinstance(part, Children)] == [
        Children("a", ("a.1", "a.2"))
    ]
    assert with_children(known, lambda _: ()) == parse_check(text)


def test_choices_learn_their_words_wherever_they_stand() -> None:
    tree = parse_check('if(chosen([a], "1"), not(chosen([b], "0") or [c] > 0))')
    known = with_children(tree, lambda _: (), lambda key, code: f"lời {code} của {key}")
    assert [part for part in walk(known) if isinstance(part, Chosen)] == [
        Chosen("a", "1", "lời 1 của a"),
        Chosen("b", "0", "lời 0 của b"),
    ]
    # Its words are not what it is found by.
    assert [one.address for one in operands(known)] == [one.address for one in operands(tree)]


@given(any_test())
def test_nothing_but_children_changes_when_they_become_known(tree: Test) -> None:
    known = bound(tree)
    assert [type(part) for part in walk(known)] == [type(part) for part in walk(tree)]
    for part, before in zip(walk(known), walk(tree), strict=True):
        if isinstance(part, Children) and isinstance(before, Children):
            assert part == Children(before.key, BELOW[before.key])
    assert with_children(known, lambda _: ()) == tree


@given(any_number())
def test_what_is_not_read_does_not_matter(node: Node) -> None:
    read = {operand.address: Decimal(3) for operand in operands(node)}
    others = {address: Decimal(7) for address in ("nowhere", "previous nowhere", "given nowhere")}
    assert evaluate(node, read | others) == evaluate(node, read)


@given(any_test())
def test_keys_are_those_of_the_figures_and_of_the_sums(tree: Test) -> None:
    known = bound(tree)
    read = {one.key for one in operands(known) if not isinstance(one, Elsewhere)}
    sums = {part.key for part in walk(known) if isinstance(part, Children)}
    assert set(keys(known)) == read | sums
    assert set(keys(known)) <= set(KEYS)


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("percent([a], [b])", True),
        ("percent([a] - [c], ([b] + [c]))", True),
        ("percent(-[a], [b])", True),
        ("percent(percent([a], [b]), [c])", False),
        ("percent([a], [b] + percent([a], [b]))", False),
        ("percent([a], [b]) + [c]", False),
        ("percent([a], 100)", False),
        ("percent(2 * [a], [b])", False),
        ("percent([a] + 1, [b])", False),
        ("percent(previous([a]), [b])", False),
        ("percent([a], [b] + last_year([b]))", False),
        ("percent(children([a]), [b])", False),
        ("percent(elsewhere([X:a]), [b])", False),
        ("percent(max([a], [b]), [b])", False),
        ("percent(if([a] > 0, [a], [b]), [b])", False),
        ("100 * [a] / [b]", False),
        ("[a]", False),
        ("[a] + [b]", False),
        ("5", False),
    ],
)
def test_a_plain_rate_is_one_percent_of_figures(text: str, is_plain: bool) -> None:
    assert is_plain_rate(parse(text)) is is_plain


def test_a_number_is_known_by_its_value() -> None:
    assert Number(Decimal("1.0")) == Number(Decimal(1))
    assert len({Number(Decimal("1.0")), Number(Decimal(1))}) == 1
