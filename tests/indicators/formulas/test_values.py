"""Formulas worked out: exactly, with what is missing kept missing, never with an error."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators.formulas import (
    COMPARISONS,
    Figures,
    Node,
    Percent,
    Ratio,
    Test,
    evaluate,
    holds,
    parse,
    parse_check,
    ratio,
    with_children,
)
from indicators.kinds import Missing
from tests.indicators.formulas.trees import (
    LARGE,
    SMALL,
    Sheet,
    any_figures,
    any_number,
    any_test,
    bound,
)

FIGURES = {
    "a": Decimal(8),
    "b": Decimal(27),
    "c": Decimal("0.5"),
    "0": Decimal(0),
    "-": Decimal(-19),
    "previous a": Decimal(6),
    "last_year a": Decimal(5),
    "year_to_date a": Decimal(20),
    "elsewhere PL2:a": Decimal(9),
    "chosen d=1": Decimal(1),
    "chosen d=2": Decimal(0),
    "given a": Decimal(1),
    "given e": Decimal(0),
}


# Numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[a]", "8"),
        ("2.50", "2.5"),
        ("[a] + [b]", "35"),
        ("[a] - [b]", "-19"),
        ("[a] + [b] - [c]", "34.5"),
        ("[a] - ([b] - [c])", "-18.5"),
        ("-[a]", "-8"),
        ("-[a] + [b]", "19"),
        ("-[a] * 2 + [b]", "11"),
        ("(([a]))", "8"),
        ("[a] * [c]", "4"),
        ("[a] / [c]", "16"),
        ("[a] × [b] ÷ [c]", "432"),
        ("[b] / [a] / [c]", "6.75"),
        ("[b] / ([a] * [c])", "6.75"),
        ("[a] + [b] * 2", "62"),
        ("([a] + [b]) * 2", "70"),
        ("2 * [a] - [b] / 3", "7"),
        ("[0] / [a]", "0"),
        ("[0] * [b]", "0"),
        ("percent([a], [a])", "100"),
        ("percent([c], [a])", "6.25"),
        ("percent([0], [b])", "0"),
        ("percent([a] - [c], [c] * 30)", "50"),
        ("percent([a], [a]) + percent([0], [a])", "100"),
        ("percent(percent([c], [a]), 50)", "12.5"),
        ("abs([-])", "19"),
        ("abs([a])", "8"),
        ("abs([a] - [b])", "19"),
        ("min([a], [b], [c])", "0.5"),
        ("min([b], [-])", "-19"),
        ("max([a], [b], [c])", "27"),
        ("max([a], 8)", "8"),
        ("if([a] > [b], [a], [b])", "27"),
        ("if([a] < [b], [a], [b])", "8"),
        ('if(chosen([d], "1"), 1, 2)', "1"),
        ('if(chosen([d], "2"), 1, 2)', "2"),
        ("if(given([e]), [nowhere], [a])", "8"),
        ("previous([a])", "6"),
        ("last_year([a])", "5"),
        ("year_to_date([a])", "20"),
        ("elsewhere([PL2:a])", "9"),
        ("[a] - previous([a]) + last_year([a])", "7"),
    ],
)
def test_a_number_is_what_was_worked_out_by_hand(text: str, value: str) -> None:
    assert evaluate(parse(text), FIGURES) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "[nowhere]",
        "-[nowhere]",
        "[a] + [nowhere]",
        "[nowhere] - [a]",
        "[0] * [nowhere]",
        "[nowhere] * [0]",
        "[a] / [nowhere]",
        "percent([nowhere], [b])",
        "percent([a], [nowhere])",
        "percent([nowhere], [nowhere])",
        "abs([nowhere])",
        "min([a], [nowhere])",
        "max([nowhere], [a])",
        "if([nowhere] > 0, 1, 2)",
        "if([a] > 0, [nowhere], 2)",
        "if([a] < 0, 1, [nowhere])",
        'if(chosen([nowhere], "1"), 1, 2)',
        "previous([b])",
        "last_year([b])",
        "year_to_date([b])",
        "previous([nowhere])",
        "elsewhere([PL2:b])",
        "elsewhere([PL1:a])",
        "children([a])",
    ],
)
def test_what_is_missing_is_missing_in_every_number(text: str) -> None:
    assert evaluate(parse(text), FIGURES) is None


@pytest.mark.parametrize(
    "text",
    [
        "[a] / [0]",
        "[0] / [0]",
        "[a] / ([b] - [b])",
        "[a] / [0] * [0]",
        "1 / (1 - 1)",
        "percent([a], [0])",
        "percent([0], [0])",
        "percent([a], [a] - [a])",
        "[a] + percent([0], [0])",
        "min([a], [a] / [0])",
        "abs(percent([a], [0]))",
        "if([a] / [0] > 1, 1, 2)",
    ],
)
def test_what_is_divided_by_zero_is_missing(text: str) -> None:
    assert evaluate(parse(text), FIGURES) is None


def test_a_branch_that_is_not_taken_is_not_missed() -> None:
    assert evaluate(parse("if([0] = 0, 100, percent([a], [0]))"), FIGURES) == 100


def children_of(condition: str, *below: str) -> Test:
    return with_children(parse_check(condition), lambda _: below)


@pytest.mark.parametrize(
    ("below", "held"),
    [
        (("a", "b"), True),
        (("b", "a"), True),
        (("a",), False),
        (("a", "b", "0"), True),
        (("a", "b", "c"), False),
        (("a", "b", "nowhere"), None),
        # A row without rows of figures below it has no sum, not a sum of 0.
        ((), None),
    ],
)
def test_children_are_added_up(below: Sequence[str], held: bool | None) -> None:
    assert holds(children_of("children([x]) = 35", *below), FIGURES) is held


@pytest.mark.parametrize("missing", Missing)
def test_a_sum_of_no_children_says_nothing_whatever_is_missing(missing: Missing) -> None:
    assert holds(children_of("children([x]) = [a]"), FIGURES, missing) is None


@pytest.mark.parametrize(
    "text",
    [
        "0.1 + 0.2 = 0.3",
        "1.1 + 2.2 = 3.3",
        "[tenth] * 3 = 0.3",
        "[tenth] + [tenth] + [tenth] = 0.3",
        "[long] + 0.001 = [long] + 0.001",
        "[long] + 0.001 > [long]",
        "[long] - [long] = 0",
        "[long] * 2 - [long] = [long]",
        "abs(-[long]) = [long]",
        "4.35 * 100 = 435",
        "percent(29, 100) = 29",
        "percent([long], [long]) = 100",
    ],
)
def test_decimals_are_exact(text: str) -> None:
    figures = {"tenth": Decimal("0.1"), "long": Decimal("999999999999.999")}
    assert holds(parse_check(text), figures) is True


@pytest.mark.parametrize(
    "text",
    [
        "1 / 3 * 3 = 1",
        "1 / 3 + 1 / 3 + 1 / 3 = 1",
        "percent(1, 3) + percent(1, 3) + percent(1, 3) = 100",
        "percent([one], 7) * 7 >= 100",
        "[third] + [third] + [third] >= 100",
        "2 / 3 * 3 <= 2",
        "not(1 / 3 * 3 < 1)",
        "not(2 / 3 + 1 / 3 > 1)",
        "not(1 / 3 * 3 <> 1)",
        "max(1 / 3, 2 / 3) * 3 = 2",
    ],
)
def test_a_quotient_that_has_to_be_cut_somewhere_is_still_equal(text: str) -> None:
    """A rate that the form computes is a figure too: 33.33… three times."""
    figures = {"one": Decimal(1), "third": Decimal(100) / 3}
    assert holds(parse_check(text), figures) is True


@pytest.mark.parametrize(
    ("apart", "held"),
    [("0.0000000004", True), ("0.0000000006", False), ("0.001", False), ("0.000001", False)],
)
def test_what_is_apart_in_any_place_that_a_figure_has_is_not_equal(apart: str, held: bool) -> None:
    for sign in (1, -1):
        figures = {"a": Decimal(5) + sign * Decimal(apart)}
        assert holds(parse_check("[a] = 5"), figures) is held
        assert holds(parse_check("[a] <> 5"), figures) is not held
        assert holds(parse_check("[a] > 5"), figures) is (sign > 0 and not held)
        assert holds(parse_check("[a] < 5"), figures) is (sign < 0 and not held)
        assert holds(parse_check("[a] >= 5"), figures) is (sign > 0 or held)
        assert holds(parse_check("[a] <= 5"), figures) is (sign < 0 or held)


# Rates in two parts


@pytest.mark.parametrize(
    ("part", "whole", "complete", "undefined", "percent"),
    [
        (Decimal(4910), Decimal(5346), True, False, Decimal(491000) / 5346),
        (Decimal(0), Decimal(29), True, False, Decimal(0)),
        (Decimal(0), Decimal(0), True, True, None),
        (Decimal(3), Decimal(0), True, True, None),
        (None, Decimal(0), False, False, None),
        (None, Decimal(5), False, False, None),
        (Decimal(5), None, False, False, None),
        (None, None, False, False, None),
    ],
)
def test_a_ratio_knows_what_is_missing_and_what_is_undefined(
    part: Decimal | None,
    whole: Decimal | None,
    complete: bool,
    undefined: bool,
    percent: Decimal | None,
) -> None:
    found = Ratio(part, whole)
    assert (found.is_complete, found.is_undefined, found.percent) == (complete, undefined, percent)


def ratio_of(text: str) -> Ratio:
    node = parse(text)
    assert isinstance(node, Percent)
    return ratio(node, FIGURES)


def test_the_parts_of_a_rate_are_not_reduced() -> None:
    assert ratio_of("percent([a] + [0], [b])") == Ratio(Decimal(8), Decimal(27))


def test_one_missing_part_leaves_the_other_known() -> None:
    assert ratio_of("percent([nowhere], [b])") == Ratio(None, Decimal(27))
    assert ratio_of("percent([a], [nowhere])") == Ratio(Decimal(8), None)


# Comparisons

# Whether it holds for a left side that is less, equal, greater.
TRUTH = {
    "<=": (True, True, False),
    ">=": (False, True, True),
    "<>": (True, False, True),
    "<": (True, False, False),
    ">": (False, False, True),
    "=": (False, True, False),
}


@pytest.mark.parametrize(
    ("sign", "place"), [(sign, place) for sign in COMPARISONS for place in range(3)]
)
def test_a_comparison_holds_as_its_sign_says(sign: str, place: int) -> None:
    figures = {"x": [Decimal(7), Decimal("8.0"), Decimal("8.01")][place], "y": Decimal(8)}
    assert holds(parse_check(f"[x] {sign} [y]"), figures) is TRUTH[sign][place]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("[a] + [c] < [b] - [a]", True),
        ("percent([a], [b]) <= percent([b], [b])", True),
        ("percent([b], [a]) <= percent([a], [a])", False),
        ("[a] - [b] >= [0]", False),
        ("[a] > -5", True),
        ("[-] > -5", False),
        ("previous([a]) <= [a]", True),
        ("[0] = [0]", True),
        ("[nowhere] <= [a]", None),
        ("[a] <= [nowhere]", None),
        ("[nowhere] = [nowhere]", None),
        ("[a] <= [b] + [nowhere]", None),
        # A rate of nothing is missing, not zero.
        ("percent([0], [0]) <= [a]", None),
        ("[a] / [0] <> 1", None),
    ],
)
def test_a_comparison_of_what_is_missing_says_nothing(text: str, held: bool | None) -> None:
    assert holds(parse_check(text), FIGURES) is held


# What is missing, by what the rule says of it: "" / all / zero. Figures: a = 8, b = 27, 0 = 0; x
# and y are missing.
@pytest.mark.parametrize(
    ("text", "any_", "all_", "zero"),
    [
        ("[a] < [b]", True, True, True),
        ("[a] > [b]", False, False, False),
        # One side is missing as a whole.
        ("[x] < [a]", None, None, True),
        ("[a] < [x]", None, None, False),
        ("[x] + [y] < [a]", None, None, True),
        ("[x] >= 0", None, None, True),
        ("0 <= [x]", None, None, True),
        ("[x] > 0", None, None, False),
        # Both sides are.
        ("[x] = [y]", None, None, True),
        ("[x] <> [y]", None, None, False),
        # A part of a side.
        ("[a] + [x] = [a]", None, True, True),
        ("[a] + [x] = [b]", None, False, False),
        ("[x] + [a] - [y] < [b]", None, True, True),
        ("[a] = [a] + [x]", None, True, True),
        ("min([a], [x]) = 0", None, True, True),
        ("[a] * [x] = 0", None, True, True),
        ("abs([x] - [a]) = [a]", None, True, True),
        # A missing whole taken for 0 is divided by: that has no value, whatever the rule says.
        ("percent([a], [x]) <= 100", None, None, None),
        ("percent([x], [a]) <= 100", None, True, True),
        ("[a] / [x] > 1", None, None, None),
        # A number with a condition takes what is missing in it in the same way.
        ("if([x] = 0, 1, 2) = 1", None, None, True),
        ("if([x] = 0, [a], [b]) = [a]", None, True, True),
        ("if([a] > 0, [a] + [x], [b]) = [a]", None, True, True),
        # Without figures on one side only the other counts.
        ("5 > 3", True, True, True),
        ("3 > 5", False, False, False),
    ],
)
def test_a_rule_says_what_is_done_where_figures_are_missing(
    text: str, any_: bool | None, all_: bool | None, zero: bool | None
) -> None:
    said = [holds(parse_check(text), FIGURES, missing) for missing in Missing]
    assert list(Missing) == [Missing.SKIP_ANY, Missing.SKIP_ALL, Missing.ZERO]
    assert said == [any_, all_, zero]


def test_children_that_are_missing_are_taken_as_the_rule_says() -> None:
    test = children_of("[a] = children([a])", "a", "x")
    said = [holds(test, FIGURES, missing) for missing in Missing]
    assert said == [None, True, True]
    test = children_of("[a] = children([a])", "x", "y")
    assert [holds(test, FIGURES, missing) for missing in Missing] == [None, None, False]


def test_each_comparison_of_a_rule_looks_at_its_own_figures() -> None:
    test = parse_check("[x] > 0 or [a] + [y] > 0")
    assert [holds(test, FIGURES, missing) for missing in Missing] == [None, True, True]
    test = parse_check("[a] + [y] > 99 and [x] > 0")
    assert [holds(test, FIGURES, missing) for missing in Missing] == [None, False, False]


@pytest.mark.parametrize("missing", Missing)
@pytest.mark.parametrize(
    ("text", "held"),
    [
        ('chosen([d], "1")', True),
        ('chosen([d], "2")', False),
        ('chosen([d], "3")', None),
        ('chosen([nowhere], "1")', None),
        ("given([a])", True),
        ("given([e])", False),
        ("given([nowhere])", None),
    ],
)
def test_an_answer_that_is_missing_is_never_taken_for_another(
    text: str, held: bool | None, missing: Missing
) -> None:
    assert holds(parse_check(text), FIGURES, missing) is held


# And, or, not, if: true, false or unknown

KNOWN: Mapping[bool | None, Mapping[str, Decimal]] = {
    True: {"given {}": Decimal(1)},
    False: {"given {}": Decimal(0)},
    None: {},
}


def worlds(*keys: str) -> Iterator[tuple[list[bool | None], dict[str, Decimal]]]:
    """Yield every way in which answers to ``keys`` can be given, not given or unknown."""
    for answers in product((True, False, None), repeat=len(keys)):
        figures = {
            address.format(key): number
            for key, answer in zip(keys, answers, strict=True)
            for address, number in KNOWN[answer].items()
        }
        yield list(answers), figures


@pytest.mark.parametrize("missing", Missing)
def test_and_is_false_where_one_is_and_unknown_where_one_might_be(missing: Missing) -> None:
    table = {
        (True, True): True,
        (True, False): False,
        (True, None): None,
        (False, True): False,
        (False, False): False,
        (False, None): False,
        (None, True): None,
        (None, False): False,
        (None, None): None,
    }
    test = parse_check("given([a]) and given([b])")
    for (one, other), figures in worlds("a", "b"):
        assert holds(test, figures, missing) is table[one, other]


@pytest.mark.parametrize("missing", Missing)
def test_or_is_true_where_one_is_and_unknown_where_one_might_be(missing: Missing) -> None:
    table = {
        (True, True): True,
        (True, False): True,
        (True, None): True,
        (False, True): True,
        (False, False): False,
        (False, None): None,
        (None, True): True,
        (None, False): None,
        (None, None): None,
    }
    test = parse_check("given([a]) or given([b])")
    for (one, other), figures in worlds("a", "b"):
        assert holds(test, figures, missing) is table[one, other]


def test_not_turns_what_is_known() -> None:
    for [answer], figures in worlds("a"):
        expected = None if answer is None else not answer
        assert holds(parse_check("not(given([a]))"), figures) is expected


def test_if_asks_only_where_its_condition_holds() -> None:
    """Where it is unknown whether the condition holds, nothing is asked."""
    for (condition, then), figures in worlds("a", "b"):
        expected = {True: then, False: True, None: None}[condition]
        assert holds(parse_check("if(given([a]), given([b]))"), figures) is expected


def test_if_has_another_branch() -> None:
    for (condition, then, otherwise), figures in worlds("a", "b", "c"):
        expected = {True: then, False: otherwise, None: None}[condition]
        test = parse_check("if(given([a]), given([b]), given([c]))")
        assert holds(test, figures) is expected


def test_three_at_once_are_as_two_and_one() -> None:
    pairs = [
        ("given([a]) and given([b]) and given([c])", "(given([a]) and given([b])) and given([c])"),
        ("given([a]) or given([b]) or given([c])", "given([a]) or (given([b]) or given([c]))"),
        (
            "not(given([a]) and given([b]) and given([c]))",
            "not(given([a])) or not(given([b])) or not(given([c]))",
        ),
    ]
    for one, other in pairs:
        for _, figures in worlds("a", "b", "c"):
            assert holds(parse_check(one), figures) is holds(parse_check(other), figures)


# Whatever the figures

Pick = Callable[[Node | Test], Figures]


def sheet_of(figures: Figures) -> Sheet:
    return Sheet({address: Fraction(number) for address, number in figures.items()})


@given(any_number(divides=False), any_figures(SMALL))
@settings(max_examples=500)
def test_a_number_without_quotients_is_exact(node: Node, pick: Pick) -> None:
    figures = pick(node)
    found, expected = evaluate(node, figures), sheet_of(figures).number(node)
    assert (None if found is None else Fraction(found)) == expected


@given(any_number(), any_figures(SMALL))
@settings(max_examples=500)
def test_a_number_is_what_fractions_make_it(node: Node, pick: Pick) -> None:
    figures = pick(node)
    sheet = sheet_of(figures)
    found, expected = evaluate(node, figures), sheet.number(node)
    assume(sheet.most < 10**12)
    assert (found is None) is (expected is None)
    if found is not None and expected is not None:
        assert abs(Fraction(found) - expected) < Fraction(1, 10**10)


@given(any_test().map(bound), st.sampled_from(Missing), any_figures(SMALL))
@settings(max_examples=1500)
def test_a_test_says_what_fractions_make_it_say(test: Test, missing: Missing, pick: Pick) -> None:
    figures = pick(test)
    sheet = sheet_of(figures)
    expected = sheet.holds(test, missing)
    assume(sheet.most < 10**12)
    assert holds(test, figures, missing) is expected


@pytest.mark.parametrize("answer", [True, False, None])
def test_the_tests_drawn_are_often_true_false_and_unknown(answer: bool | None) -> None:
    """Else the properties here would hold of little."""
    found: list[bool | None] = []

    @given(any_test().map(bound), any_figures(SMALL))
    @settings(max_examples=300, derandomize=True)
    def count(test: Test, pick: Pick) -> None:
        found.append(holds(test, pick(test)))

    count()
    assert found.count(answer) > len(found) / 8


@given(any_test(depth=3).map(bound), st.sampled_from(Missing), any_figures(LARGE))
@settings(max_examples=1500)
def test_no_figures_make_an_error(test: Test, missing: Missing, pick: Pick) -> None:
    assert holds(test, pick(test), missing) in {True, False, None}


@given(any_number(depth=3), any_figures(LARGE))
@settings(max_examples=500)
def test_no_figures_make_anything_but_a_number(node: Node, pick: Pick) -> None:
    for figures in ({}, pick(node)):
        found = evaluate(node, figures)
        assert found is None or found.is_finite()


@given(any_test().map(bound), any_figures(SMALL), st.integers(0))
@settings(max_examples=500)
def test_who_says_more_is_told_the_same_again(test: Test, pick: Pick, left_out: int) -> None:
    """What is certain of some figures stays so when others come in, where nothing missing is taken
    for anything."""
    figures = pick(test)
    fewer = {
        address: number
        for place, (address, number) in enumerate(figures.items())
        if not left_out >> place & 1
    }
    said = holds(test, fewer)
    assert said is None or holds(test, figures) is said


@pytest.mark.parametrize("power", ["*", "/"])
def test_the_longest_product_of_the_largest_figures_is_a_number(power: str) -> None:
    figures = {"a": Decimal("999999999999999"), "b": Decimal("-0.001")}
    for key in figures:
        node = parse(power.join([f"[{key}]"] * 200))
        found = evaluate(node, figures)
        assert found is not None
        assert found.is_finite()
