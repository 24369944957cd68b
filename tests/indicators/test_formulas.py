"""The expression language over row keys."""

from decimal import Decimal

import pytest

from indicators.formulas import (
    COMPARISONS,
    BadFormula,
    Check,
    Percent,
    Ratio,
    Ref,
    Sum,
    evaluate,
    holds,
    is_plain_rate,
    keys,
    parse,
    parse_check,
    ratio,
)
from indicators.formulas.reading import DEEPEST, LONGEST_SHOWN

FIGURES = {"a": Decimal(8), "b": Decimal(27), "c": Decimal("0.5"), "0": Decimal(0)}

IN_BRACKETS = "khóa của dòng đặt trong ngoặc vuông, ví dụ [1.2.a]"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[a]", Decimal(8)),
        ("[a] + [b]", Decimal(35)),
        ("[a] - [b]", Decimal(-19)),
        ("[a] + [b] - [c]", Decimal("34.5")),
        ("[a] - ([b] - [c])", Decimal("-18.5")),
        ("(([a]))", Decimal(8)),
        ("percent([a], [a])", Decimal(100)),
        ("percent([a] - [c], [b] + [c])", 100 * Decimal("7.5") / Decimal("27.5")),
        ("percent([a], [a]) + percent([0], [a])", Decimal(100)),
        ("percent([0], [b])", Decimal(0)),
        ("percent([a], [0])", None),
        ("percent([0], [0])", None),
        ("percent([nowhere], [b])", None),
        ("percent([a], [nowhere])", None),
        ("[a] + [nowhere]", None),
        ("[a] + percent([0], [0])", None),
        ("[nowhere]", None),
    ],
)
def test_a_formula_has_the_value_worked_out_by_hand(text: str, value: Decimal | None) -> None:
    assert evaluate(parse(text), FIGURES) == value


def test_a_row_key_may_hold_dots_and_letters() -> None:
    assert parse("percent([3.4.1.c], [III.3.1])") == Percent(Ref("3.4.1.c"), Ref("III.3.1"))


def test_a_sum_keeps_the_sign_of_each_term() -> None:
    assert parse("[a]-[b]+[c]") == Sum((Ref("a"), Ref("b"), Ref("c")), (1, -1, 1))


def test_brackets_make_a_term_of_a_sum() -> None:
    inner = Sum((Ref("b"), Ref("c")), (1, -1))
    assert parse("[a] - ([b] - [c])") == Sum((Ref("a"), inner), (1, -1))


def test_blanks_do_not_matter() -> None:
    assert parse("  percent( [a] ,[b] )  ") == parse("percent([a],[b])")


def test_keys_come_in_order_of_writing() -> None:
    assert list(keys(parse("percent([b] + [a], [c] - ([a] + [d]))"))) == ["b", "a", "c", "a", "d"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Công thức «»: «hết công thức» không phải dòng [khóa] hay percent(…)."),
        ("[a] +", "Công thức «[a] +»: «hết công thức» không phải dòng [khóa] hay percent(…)."),
        ("[a] [b]", "Công thức «[a] [b]»: chờ «hết công thức» nhưng gặp «b»."),
        ("([a]", "Công thức «([a]»: chờ «)» nhưng gặp «hết công thức»."),
        ("[a])", "Công thức «[a])»: chờ «hết công thức» nhưng gặp «)»."),
        ("percent([a])", "Công thức «percent([a])»: chờ «,» nhưng gặp «)»."),
        ("percent [a], [b]", "Công thức «percent [a], [b]»: chờ «(» nhưng gặp «a»."),
        (
            "percent([a], [b], [c])",
            "Công thức «percent([a], [b], [c])»: chờ «)» nhưng gặp «,».",
        ),
        ("sum([a])", "Công thức «sum([a])»: «sum» không phải dòng [khóa] hay percent(…)."),
        ("+ [a]", "Công thức «+ [a]»: «+» không phải dòng [khóa] hay percent(…)."),
        ("[a] * [b]", "Công thức «[a] * [b]»: không đọc được từ «* [b]»."),
        ("[a] + 1", f"Công thức «[a] + 1»: không đọc được từ «1»; {IN_BRACKETS}."),
        (
            "percent(1.2.b, [a])",
            f"Công thức «percent(1.2.b, [a])»: không đọc được từ «1.2.b, [a])»; {IN_BRACKETS}.",
        ),
        (
            "[a] + b",
            f"Công thức «[a] + b»: «b» không phải dòng [khóa] hay percent(…); {IN_BRACKETS}.",
        ),
        ("[a] b", f"Công thức «[a] b»: chờ «hết công thức» nhưng gặp «b»; {IN_BRACKETS}."),
        ("iv.2", f"Công thức «iv.2»: không đọc được từ «.2»; {IN_BRACKETS}."),
        ("[a", "Công thức «[a»: không đọc được từ «[a»."),
        ("[]", "Công thức «[]»: không đọc được từ «[]»."),
    ],
)
def test_what_is_no_formula_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadFormula) as refusal:
        parse(text)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "text", ["[(] [a])", "[percent]([a], [b])", "[+][a]", "percent[(][a], [b])", "([a][)]"]
)
def test_a_key_in_brackets_never_stands_for_a_sign(text: str) -> None:
    with pytest.raises(BadFormula):
        parse(text)


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


def test_the_parts_of_a_rate_are_not_reduced() -> None:
    node = parse("percent([a] + [0], [b])")
    assert isinstance(node, Percent)
    assert ratio(node, FIGURES) == Ratio(Decimal(8), Decimal(27))


def test_one_missing_part_leaves_the_other_known() -> None:
    node = parse("percent([nowhere], [b])")
    assert isinstance(node, Percent)
    assert ratio(node, FIGURES) == Ratio(None, Decimal(27))


def nested(layers: int) -> str:
    return f"{'(' * layers}[a]{')' * layers}"


def test_brackets_may_be_nested_as_deep_as_anybody_needs() -> None:
    assert parse(nested(DEEPEST - 1)) == Ref("a")


@pytest.mark.parametrize(
    "text", [nested(DEEPEST), nested(100_000), f"{'percent(' * DEEPEST}[a]", "(" * 100_000]
)
def test_brackets_without_end_are_refused(text: str) -> None:
    with pytest.raises(BadFormula, match="ngoặc lồng nhau quá nhiều lớp"):
        parse(text)


def test_one_bracket_after_another_is_not_deep() -> None:
    assert evaluate(parse(" + ".join(["([a])"] * 100)), FIGURES) == 800


def test_a_sentence_shows_the_beginning_of_an_endless_formula() -> None:
    with pytest.raises(BadFormula) as refusal:
        parse("x" * 100_000)
    assert str(refusal.value).startswith(f"Công thức «{'x' * LONGEST_SHOWN}…»: ")


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("percent([a], [b])", True),
        ("percent([a] - [c], ([b] + [c]))", True),
        ("percent(percent([a], [b]), [c])", False),
        ("percent([a], [b] + percent([a], [b]))", False),
        ("percent([a], [b]) + [c]", False),
        ("[a]", False),
        ("[a] + [b]", False),
    ],
)
def test_a_plain_rate_is_one_percent_of_figures(text: str, is_plain: bool) -> None:
    assert is_plain_rate(parse(text)) is is_plain


# Checks


def test_a_check_has_two_sides_and_a_sign() -> None:
    assert parse_check(" [1.5.b]+[1.5.c] <= [1.5.a] ") == Check(
        Sum((Ref("1.5.b"), Ref("1.5.c")), (1, 1)), "<=", Ref("1.5.a")
    )


@pytest.mark.parametrize("sign", COMPARISONS)
def test_each_sign_is_read(sign: str) -> None:
    assert parse_check(f"[a]{sign}[b]") == Check(Ref("a"), sign, Ref("b"))


@pytest.mark.parametrize(("printed", "sign"), [("≤", "<="), ("≥", ">=")])
def test_signs_as_papers_print_them_are_read(printed: str, sign: str) -> None:
    assert parse_check(f"[a]{printed}[b]") == parse_check(f"[a] {sign} [b]")
    assert [one.key for one in (parse(f"[{printed}]"),) if isinstance(one, Ref)] == [printed]


# Whether it holds for a left side that is less, equal, greater.
TRUTH = {
    "<=": (True, True, False),
    ">=": (False, True, True),
    "<": (True, False, False),
    ">": (False, False, True),
    "=": (False, True, False),
}


@pytest.mark.parametrize(
    ("sign", "place"), [(sign, place) for sign in COMPARISONS for place in range(3)]
)
def test_a_check_holds_as_its_sign_says(sign: str, place: int) -> None:
    figures = {"x": [Decimal(7), Decimal("8.0"), Decimal("8.01")][place], "y": Decimal(8)}
    assert holds(parse_check(f"[x] {sign} [y]"), figures) is TRUTH[sign][place]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("[a] + [c] < [b] - [a]", True),
        ("percent([a], [b]) <= percent([b], [b])", True),
        ("percent([b], [a]) <= percent([a], [a])", False),
        ("[a] - [b] >= [0]", False),
        ("[nowhere] <= [a]", None),
        ("[a] <= [nowhere]", None),
        ("[nowhere] = [nowhere]", None),
        ("[a] <= [b] + [nowhere]", None),
        # A rate of nothing is missing, not zero.
        ("percent([0], [0]) <= [a]", None),
        ("[0] = [0]", True),
    ],
)
def test_a_check_of_what_is_missing_says_nothing(text: str, held: bool | None) -> None:
    assert holds(parse_check(text), FIGURES) is held


def test_the_keys_of_a_check_come_in_order_of_writing() -> None:
    assert list(keys(parse_check("[c] + [a] <= percent([b], [a])"))) == ["c", "a", "b", "a"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "«hết công thức» không phải dòng [khóa] hay percent(…)"),
        ("[a]", "chờ dấu so sánh <= >= < > = nhưng gặp «hết công thức»"),
        ("[a] [b]", "chờ dấu so sánh <= >= < > = nhưng gặp «b»"),
        ("[a] <=", "«hết công thức» không phải dòng [khóa] hay percent(…)"),
        ("<= [a]", "«<=» không phải dòng [khóa] hay percent(…)"),
        ("[a] <= [b] <= [c]", "chờ «hết công thức» nhưng gặp «<=»"),
        ("[a] == [b]", "«=» không phải dòng [khóa] hay percent(…)"),
        ("[a] != [b]", "không đọc được từ «!= [b]»"),
        ("[a] <= 3", f"không đọc được từ «3»; {IN_BRACKETS}"),
        ("1.5.b <= 1.5.a", f"không đọc được từ «1.5.b <= 1.5.a»; {IN_BRACKETS}"),
        ("a <= [b]", f"«a» không phải dòng [khóa] hay percent(…); {IN_BRACKETS}"),
        ("[a] b", f"chờ dấu so sánh <= >= < > = nhưng gặp «b»; {IN_BRACKETS}"),
        ("[a] ≠ [b]", "không đọc được từ «≠ [b]»"),
        ("([a] <= [b])", "chờ «)» nhưng gặp «<=»"),
        ("[a] [<=] [b]", "chờ dấu so sánh <= >= < > = nhưng gặp «<=»"),
    ],
)
def test_what_is_no_check_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadFormula) as refusal:
        parse_check(text)
    assert str(refusal.value) == f"Công thức «{text}»: {sentence}."


@pytest.mark.parametrize("text", ["[a] <= [b]", "[a] = [b]", "percent([a], [b]) > [c]"])
def test_a_comparison_is_no_formula(text: str) -> None:
    with pytest.raises(BadFormula):
        parse(text)
