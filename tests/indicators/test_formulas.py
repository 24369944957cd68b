"""The expression language over row keys."""

from decimal import Decimal

import pytest

from indicators.formulas import (
    BadFormula,
    Percent,
    Ratio,
    Ref,
    Sum,
    evaluate,
    keys,
    parse,
    ratio,
)

FIGURES = {"a": Decimal(8), "b": Decimal(27), "c": Decimal("0.5"), "0": Decimal(0)}


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
        ("[a] + 1", "Công thức «[a] + 1»: không đọc được từ «1»."),
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
