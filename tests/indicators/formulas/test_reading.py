"""What is a formula, what is none, and what people are told of the latter."""

import sys
from collections.abc import Callable
from decimal import Decimal
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.formulas import (
    COMPARISONS,
    LONGEST,
    BadFormula,
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
    When,
    evaluate,
    parse,
    parse_check,
)
from indicators.formulas.reading import DEEPEST, LONGEST_SHOWN, MOST_ARGUMENTS, MOST_DIGITS
from indicators.formulas.tree import Call, Choose, Either, Every, Not, Product, Provided
from tests.indicators.formulas.trees import any_number, any_test, written

A, B, C, D = map(Ref, "abcd")
IN_BRACKETS = "khóa của dòng đặt trong ngoặc vuông, ví dụ [1.2.a]"
CALLED = (
    "các phép, viết chữ thường, là percent, abs, min, max, if, not, children, previous, last_year,"
    " year_to_date, elsewhere, chosen, given; and, or đặt giữa hai phép so sánh"
)
A_NUMBER = "không phải dòng [khóa], số hay phép tính"
A_SIGN = "chờ dấu so sánh <= >= <> < > ="


def number(text: str) -> Number:
    return Number(Decimal(text))


def above(key: str, least: str = "0") -> Check:
    return Check(Ref(key), ">", number(least))


# Numbers


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[a]", A),
        ("12", number("12")),
        ("0.5", number("0.5")),
        ("007", number("7")),
        ("9" * MOST_DIGITS, number("9" * MOST_DIGITS)),
        ("(([a]))", A),
        ("[3.4.1.c]", Ref("3.4.1.c")),
        ("[ III.3.1 ]", Ref("III.3.1")),
        ("[Trong đó]", Ref("Trong đó")),
        ("previous([a])", Ref("a", When.PREVIOUS)),
        ("last_year([a])", Ref("a", When.LAST_YEAR)),
        ("year_to_date([a])", Ref("a", When.YEAR_TO_DATE)),
        ("children([a])", Children("a")),
        ("elsewhere([PL2-KH:tthc.cong_bo])", Elsewhere("PL2-KH", "tthc.cong_bo")),
        ("elsewhere([ PL2-KH : tthc.cong_bo ])", Elsewhere("PL2-KH", "tthc.cong_bo")),
        ("percent([a], [b])", Percent(A, B)),
        ("abs([a])", Call("abs", (A,))),
        ("min([a], 0, 5)", Call("min", (A, number("0"), number("5")))),
        ("max([a], [b])", Call("max", (A, B))),
        ("if([a] > 0, [b], [c])", Choose(above("a"), B, C)),
    ],
)
def test_each_number_is_read(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[a]-[b]+[c]", Sum((A, B, C), (1, -1, 1))),
        ("[a] - ([b] - [c])", Sum((A, Sum((B, C), (1, -1))), (1, -1))),
        ("-[a] + [b]", Sum((A, B), (-1, 1))),
        ("-[a]", Sum((A,), (-1,))),
        ("[a] × [b] ÷ [c]", Product((A, B, C), (1, 1, -1))),
        ("[a] / ([b] * [c])", Product((A, Product((B, C), (1, 1))), (1, -1))),
        # × and ÷ before + and −, whatever stands first.
        ("[a] + [b] * [c]", Sum((A, Product((B, C), (1, 1))), (1, 1))),
        ("[a] * [b] + [c]", Sum((Product((A, B), (1, 1)), C), (1, 1))),
        ("([a] + [b]) * [c]", Product((Sum((A, B), (1, 1)), C), (1, 1))),
        ("-[a] * [b]", Sum((Product((A, B), (1, 1)),), (-1,))),
        ("2 * (-[a])", Product((number("2"), Sum((A,), (-1,))), (1, 1))),
    ],
)
def test_what_binds_closer_is_read_first(text: str, tree: Node) -> None:
    assert parse(text) == tree


# Tests


@pytest.mark.parametrize("sign", COMPARISONS)
def test_each_sign_is_read(sign: str) -> None:
    assert parse_check(f"[a]{sign}[b]") == Check(A, sign, B)


@pytest.mark.parametrize(("printed", "sign"), [("≤", "<="), ("≥", ">="), ("≠", "<>"), ("!=", "<>")])
def test_signs_as_papers_print_them_are_read(printed: str, sign: str) -> None:
    assert parse_check(f"[a]{printed}[b]") == Check(A, sign, B)


def test_signs_inside_a_key_are_left_alone() -> None:
    assert parse("[≤] − [×]") == Sum((Ref("≤"), Ref("×")), (1, -1))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            " [1.5.b]+[1.5.c] <= [1.5.a] ",
            Check(Sum((Ref("1.5.b"), Ref("1.5.c")), (1, 1)), "<=", Ref("1.5.a")),
        ),
        ("[a] > -5", Check(A, ">", Sum((number("5"),), (-1,)))),
        ('chosen([a], "1")', Chosen("a", "1")),
        ("chosen([a], “1”)", Chosen("a", "1")),
        ('chosen([a], "Không, chưa")', Chosen("a", "Không, chưa")),
        ('chosen([a], "")', Chosen("a", "")),
        ("given([a])", Given("a")),
        ("not(given([a]))", Not(Given("a"))),
        ("not([a] > 0)", Not(above("a"))),
        ("([a] > 0)", above("a")),
        ("if(given([a]), given([b]))", Provided(Given("a"), Given("b"))),
        (
            "if(given([a]), given([b]), given([c]))",
            Provided(Given("a"), Given("b"), Given("c")),
        ),
        (
            "if(given([a]), 1, 2) > [b]",
            Check(Choose(Given("a"), number("1"), number("2")), ">", B),
        ),
        ("given([a]) and given([b])", Every((Given("a"), Given("b")))),
        ("given([a]) or given([b]) or given([c])", Either((Given("a"), Given("b"), Given("c")))),
    ],
)
def test_each_test_is_read(text: str, tree: Test) -> None:
    assert parse_check(text) == tree


def test_and_binds_closer_than_or() -> None:
    first, second, third = above("a"), above("b"), above("c")
    assert parse_check("[a] > 0 or [b] > 0 and [c] > 0") == Either((first, Every((second, third))))
    assert parse_check("[a] > 0 and [b] > 0 or [c] > 0") == Either((Every((first, second)), third))
    assert parse_check("([a] > 0 or [b] > 0) and [c] > 0") == Every(
        (Either((first, second)), third)
    )


def test_comparing_binds_closer_than_and() -> None:
    assert parse_check("[a] + 1 > 0 and [b] > 0") == Every(
        (Check(Sum((A, number("1")), (1, 1)), ">", number("0")), above("b"))
    )


@pytest.mark.parametrize(
    ("loose", "tight"),
    [
        ("  percent( [a] ,[b] ) \n ", "percent([a],[b])"),
        ("percent\t([a], [b])", "percent([a], [b])"),
        ("[ a ]", "[a]"),
        ("[a]\u00a0+\u00a0[b]", "[a]+[b]"),
    ],
)
def test_blanks_do_not_matter(loose: str, tight: str) -> None:
    assert parse(loose) == parse(tight)


# What is no formula


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", f"«hết công thức» {A_NUMBER}"),
        ("[a] +", f"«hết công thức» {A_NUMBER}"),
        ("+ [a]", f"«+» {A_NUMBER}"),
        ("--[a]", f"«-» {A_NUMBER}"),
        ("[a] * -[b]", f"«-» {A_NUMBER}"),
        ("[a] ** 2", f"«*» {A_NUMBER}"),
        ("9**9**9", f"«*» {A_NUMBER}"),
        ("[a] [b]", "chờ «hết công thức» nhưng gặp «b»"),
        ("[a] [and]", "chờ «hết công thức» nhưng gặp «and»"),
        ("([a]", "chờ «)» nhưng gặp «hết công thức»"),
        ("[a])", "chờ «hết công thức» nhưng gặp «)»"),
        ("percent([a])", "chờ «,» nhưng gặp «)»"),
        ("percent([a], [b], [c])", "chờ «)» nhưng gặp «,»"),
        ("abs([a], [b])", "chờ «)» nhưng gặp «,»"),
        ("min([a])", "min(…) cần ít nhất hai số"),
        ("max(5)", "max(…) cần ít nhất hai số"),
        # A word that is known asks for its bracket, one that is not tells those that are.
        ("percent [a], [b]", "chờ «(» nhưng gặp «a»"),
        ("percent", "chờ «(» nhưng gặp «hết công thức»"),
        ("sum([a])", f"không có phép «sum»; {CALLED}"),
        ("PERCENT([a], [b])", f"không có phép «PERCENT»; {CALLED}"),
        ("tổng([a])", f"không đọc được từ «tổng([a])»; {CALLED}"),
        # A key that lacks its brackets.
        ("[a] + b", f"«b» {A_NUMBER}; {IN_BRACKETS}"),
        ("[a] + B", f"«B» {A_NUMBER}; {IN_BRACKETS}"),
        ("[a] b", f"chờ «hết công thức» nhưng gặp «b»; {IN_BRACKETS}"),
        ("percent(1.2.b, [a])", f"không đọc được từ «1.2.b, [a])»; {IN_BRACKETS}"),
        ("iv.2", f"không đọc được từ «iv.2»; {IN_BRACKETS}"),
        ("§23456789012345678901234", "không đọc được từ «§2345678901234567890»"),
        ("[a] + Đ.1", f"không đọc được từ «Đ.1»; {IN_BRACKETS}"),
        ("children(", "chờ một dòng [khóa] nhưng gặp «hết công thức»"),
        ("children(1.2)", f"chờ một dòng [khóa] nhưng gặp «1.2»; {IN_BRACKETS}"),
        (
            "[a",
            "không đọc được từ «[a»; giữa hai ngoặc vuông là khóa của một dòng, ví dụ [1.2.a]",
        ),
        (
            "[]",
            "không đọc được từ «[]»; giữa hai ngoặc vuông là khóa của một dòng, ví dụ [1.2.a]",
        ),
        ("[ ]", f"ngoặc vuông trống; {IN_BRACKETS}"),
        # Numbers as people write them, which could be two things.
        (
            "[a] + 1,5",
            "không đọc được từ «1,5»; số lẻ viết dấu chấm, ví dụ 0.5; hai số cách nhau bằng dấu"
            " phẩy và dấu cách",
        ),
        (
            "min([a], 0,5)",
            "không đọc được từ «0,5)»; số lẻ viết dấu chấm, ví dụ 0.5; hai số cách nhau bằng dấu"
            " phẩy và dấu cách",
        ),
        (
            "[a] + 1.000",
            "«1.000» có thể là hàng nghìn hoặc số lẻ; hàng nghìn viết 1000, số lẻ viết 1.0000",
        ),
        (
            "[a] + 12.125",
            "«12.125» có thể là hàng nghìn hoặc số lẻ; hàng nghìn viết 12125, số lẻ viết 12.1250",
        ),
        (
            "[a] + 1.000.000",
            "không đọc được từ «1.000.000»; hàng nghìn viết liền, không có dấu chấm; khóa của dòng"
            " đặt trong ngoặc vuông",
        ),
        ("1" * (MOST_DIGITS + 1), f"số «{'1' * (MOST_DIGITS + 1)}» có quá {MOST_DIGITS} chữ số"),
        ("1e5", f"không đọc được từ «1e5»; {IN_BRACKETS}"),
        # What cannot be computed, whatever the figures.
        ("[a] / 0", "chia cho 0"),
        ("[a] / 0.0", "chia cho 0"),
        ("[a] * 0 / (0)", "chia cho 0"),
        ("percent([a], 0)", "chia cho 0"),
        # A test where a number is due.
        ("[a] <= [b]", "chờ một số nhưng gặp một phép so sánh"),
        ("given([a])", "chờ một số nhưng gặp một phép so sánh"),
        ("percent([a] > 1, [b])", "chờ một số nhưng gặp một phép so sánh"),
        ("min([a], given([b]))", "chờ một số nhưng gặp một phép so sánh"),
        ("abs([a] > 1)", "chờ một số nhưng gặp một phép so sánh"),
        ("([a] > 1) + [b]", "hai bên dấu + - phải là số"),
        ("-given([a])", "hai bên dấu + - phải là số"),
        ("[b] * ([a] > 1)", "hai bên dấu × ÷ phải là số"),
        (
            "elsewhere([PL2-KH])",
            "elsewhere(…) cần mã biểu và mã chỉ tiêu, ví dụ elsewhere([PL2-KH:tthc.cong_bo])",
        ),
        (
            "elsewhere([:x])",
            "elsewhere(…) cần mã biểu và mã chỉ tiêu, ví dụ elsewhere([PL2-KH:tthc.cong_bo])",
        ),
        (
            "elsewhere([PL2-KH: ])",
            "elsewhere(…) cần mã biểu và mã chỉ tiêu, ví dụ elsewhere([PL2-KH:tthc.cong_bo])",
        ),
        (
            "elsewhere([a], [b])",
            "elsewhere(…) cần mã biểu và mã chỉ tiêu, ví dụ elsewhere([PL2-KH:tthc.cong_bo])",
        ),
        ("previous([a] + [b])", "chờ «)» nhưng gặp «+»"),
        ("previous(previous([a]))", "chờ một dòng [khóa] nhưng gặp «previous»"),
        ("year_to_date(5)", f"chờ một dòng [khóa] nhưng gặp «5»; {IN_BRACKETS}"),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadFormula) as refusal:
        parse(text)
    assert str(refusal.value) == f"Công thức «{text}»: {sentence}."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", f"«hết công thức» {A_NUMBER}"),
        ("[a] <=", f"«hết công thức» {A_NUMBER}"),
        ("<= [a]", f"«<=» {A_NUMBER}"),
        ("[a] == [b]", f"«=» {A_NUMBER}"),
        ("a <= [b]", f"«a» {A_NUMBER}; {IN_BRACKETS}"),
        ("1.5.b <= 1.5.a", f"không đọc được từ «1.5.b <= 1.5.a»; {IN_BRACKETS}"),
        # A number where a test is due.
        ("[a]", f"{A_SIGN} nhưng gặp «hết công thức»"),
        ("[a] [b]", f"{A_SIGN} nhưng gặp «b»"),
        ("[a] [<=] [b]", f"{A_SIGN} nhưng gặp «<=»"),
        ("[a] b", f"{A_SIGN} nhưng gặp «b»; {IN_BRACKETS}"),
        ("not([a])", f"{A_SIGN} nhưng gặp «)»"),
        ("if([a], given([b]))", f"{A_SIGN} nhưng gặp «,»"),
        ("[a] and [b] > 0", "hai bên chữ «and» phải là phép so sánh"),
        ("[b] > 0 or [a]", "hai bên chữ «or» phải là phép so sánh"),
        ("([a] > 1) > 2", "hai bên dấu «>» phải là số"),
        ("2 < ([a] > 1)", "hai bên dấu «<» phải là số"),
        # Comparisons joined as in mathematics, in Excel, in capitals.
        (
            "0 <= [a] <= 100",
            "«<=» đứng sau một phép so sánh; nối hai phép so sánh bằng and, ví dụ 0 <= [1.2.a] and"
            " [1.2.a] <= 100",
        ),
        (
            "if([a] < [b] < [c], given([d]))",
            "«<» đứng sau một phép so sánh; nối hai phép so sánh bằng and, ví dụ 0 <= [1.2.a] and"
            " [1.2.a] <= 100",
        ),
        ("and([a] > 1, [b] > 1)", f"không có phép «and»; {CALLED}"),
        (
            "[a] > 1 AND [b] > 1",
            "chờ «hết công thức» nhưng gặp «AND»; «and» viết chữ thường, đặt giữa hai phép so sánh",
        ),
        (
            "or [a] > 1",
            f"«or» {A_NUMBER}; «or» viết chữ thường, đặt giữa hai phép so sánh",
        ),
        ("not [a] > 1", "chờ «(» nhưng gặp «a»"),
        # Answers.
        ("chosen([a])", "chờ «,» nhưng gặp «)»"),
        (
            "chosen([a], 1)",
            'chờ mã lựa chọn trong ngoặc kép, ví dụ "1", nhưng gặp «1»',
        ),
        (
            "chosen([a], [b])",
            'chờ mã lựa chọn trong ngoặc kép, ví dụ "1", nhưng gặp «b»',
        ),
        (
            "chosen([a], '1')",
            "không đọc được từ «'1')»; mã lựa chọn đặt trong ngoặc kép, ví dụ \"1\"",
        ),
        (
            'chosen([a], "1)',
            'không đọc được từ «"1)»; mã lựa chọn đặt trong ngoặc kép, ví dụ "1"',
        ),
        ('chosen(1.2, "1")', f"chờ một dòng [khóa] nhưng gặp «1.2»; {IN_BRACKETS}"),
        ('chosen("1", [a])', "chờ một dòng [khóa] nhưng gặp «1»"),
        ("given([a] + [b])", "chờ «)» nhưng gặp «+»"),
        # A condition of its own kind.
        ("if(given([a]))", "chờ «,» nhưng gặp «)»"),
        *[
            (
                text,
                "if(…) là if(điều kiện, phép so sánh), có thể thêm phép so sánh khi điều kiện sai,"
                " hoặc if(điều kiện, số, số)",
            )
            for text in (
                "if(given([a]), [b])",
                "if(given([a]), [b], given([c]))",
                "if(given([a]), given([b]), [c])",
            )
        ],
        ("if(given([a]), [b], [c])", f"{A_SIGN} nhưng gặp «hết công thức»"),
    ],
)
def test_what_is_no_test_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadFormula) as refusal:
        parse_check(text)
    assert str(refusal.value) == f"Công thức «{text}»: {sentence}."


@pytest.mark.parametrize(
    "text", ["[(] [a])", "[percent]([a], [b])", "[+][a]", "percent[(][a], [b])", "([a][)]"]
)
def test_a_key_in_brackets_never_stands_for_a_sign(text: str) -> None:
    with pytest.raises(BadFormula):
        parse(text)


@pytest.mark.parametrize(
    "text", ['"("[a])', '[a] "+" [b]', '[a] "<=" [b]', 'percent([a]"," [b])', '"abs"([a])']
)
def test_a_text_in_quotes_never_stands_for_a_sign(text: str) -> None:
    for read in (parse, parse_check):
        with pytest.raises(BadFormula):
            read(text)


# Whoever means harm


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('id')",
        "__import__([a])",
        "eval([a])",
        "exec([a]) > 0",
        "open([a])",
        "[a].__class__",
        "[a].__class__.__mro__[1]",
        "().__class__",
        "lambda: [a]",
        "lambda x: x > 0",
        "[x for x in [a]]",
        'f"{[a]}"',
        '"{0.__class__}".format([a])',
        "{0}",
        "{[a]}",
        "%s",
        '"%s" % [a]',
        "[a] := [b]",
        "[a]; [b]",
        "[a] # [b]",
        "[a] if 1 else [b]",
        "[a] @ [b]",
        "[a] // [b]",
        "[a] << 99",
        "~[a]",
        "[a] ^ [b]",
        "`id`",
        "$(id)",
        "=cmd|' /C calc'!A0",
        "[a]\x00",
        "\x00[a]",
        "[a] +\x00 [b]",
        "[a] + ²",
        "٣ + [a]",
        "１ + [a]",
        "ｍｉｎ([a], [b])",
        "mіn([a], [b])",  # a Cyrillic і
        "min\u200b([a], [b])",
        "\u202e[a] + [b]",
        "[a] ＜＝ [b]",
        "1_000 + [a]",
        "0x10 + [a]",
        "1j",
        "Infinity",
        "NaN",
        "nan > 1",
        "inf",
        "True",
        "None",
    ],
)
def test_code_and_signs_from_elsewhere_are_no_formula(text: str) -> None:
    for read in (parse, parse_check):
        with pytest.raises(BadFormula):
            read(text)


def test_a_key_is_a_name_and_nothing_else() -> None:
    """Whatever stands between the brackets is looked up, never run."""
    text = "__import__('os').system('id') {0.__class__} %s \x00"
    assert parse(f"[{text}]") == Ref(text)
    assert evaluate(parse(f"[{text}]"), {}) is None


def nested(layers: int) -> str:
    return f"{'(' * layers}[a]{')' * layers}"


def test_brackets_may_be_nested_as_deep_as_anybody_needs() -> None:
    assert parse(nested(DEEPEST - 1)) == A


@pytest.mark.parametrize(
    "text",
    [
        nested(DEEPEST),
        f"{'([a])+' * 30}{nested(DEEPEST)}",
        f"{'percent(' * DEEPEST}[a]",
        f"{'not(' * DEEPEST}[a] > 0",
        f"{'if(' * DEEPEST}[a] > 0",
        f"{'abs(' * DEEPEST}[a]",
        f"{'min(' * DEEPEST}[a]",
        "(" * 700,
    ],
)
@pytest.mark.parametrize("read", [parse, parse_check])
def test_brackets_without_end_are_refused(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(BadFormula, match="ngoặc lồng nhau quá nhiều lớp"):
        read(text)


@pytest.mark.parametrize("word", ["min", "max"])
def test_so_many_numbers_are_compared_and_no_more(word: str) -> None:
    most = ",".join(["[a]"] * MOST_ARGUMENTS)
    assert parse(f"{word}({most})") == Call(word, (A,) * MOST_ARGUMENTS)
    with pytest.raises(
        BadFormula, match=rf"có {MOST_ARGUMENTS + 1} số; nhiều nhất {MOST_ARGUMENTS}\.$"
    ):
        parse(f"{word}({most},[a])")


def test_one_bracket_after_another_is_not_deep() -> None:
    assert evaluate(parse("+".join(["([a])"] * 100)), {"a": Decimal(8)}) == 800


def test_a_formula_may_be_so_long_and_no_longer() -> None:
    longest = "[a]+" * (LONGEST // 4 - 1) + "[ab]"
    assert len(longest) == LONGEST
    assert parse(f"{longest}  \n") == parse(longest)
    with pytest.raises(BadFormula, match=rf": dài {LONGEST + 1} ký tự; nhiều nhất {LONGEST}\.$"):
        parse(longest.replace("[ab]", "[abc]"))


def test_a_formula_is_shown_whole_as_long_as_it_is_not_endless() -> None:
    with pytest.raises(BadFormula, match=f"^Công thức «{'x' * LONGEST_SHOWN}»: "):
        parse("x" * LONGEST_SHOWN)
    with pytest.raises(BadFormula, match=f"^Công thức «{'x' * LONGEST_SHOWN}…»: "):
        parse("x" * (LONGEST_SHOWN + 1))


@pytest.mark.parametrize("text", ["x" * 10_000, nested(10_000), "(" * 10_000, "[a]+" * 10_000])
def test_an_endless_text_is_refused_before_it_is_read(text: str) -> None:
    with pytest.raises(BadFormula) as refusal:
        parse(text)
    shown = text[:LONGEST_SHOWN]
    assert str(refusal.value) == (
        f"Công thức «{shown}…»: dài {len(text)} ký tự; nhiều nhất {LONGEST}."
    )


# Whatever is written


@given(any_number())
@settings(max_examples=300)
def test_a_number_that_is_written_is_read_back(tree: Node) -> None:
    assert parse(written(tree)) == tree


@given(any_test())
@settings(max_examples=300)
def test_a_test_that_is_written_is_read_back(tree: Test) -> None:
    assert parse_check(written(tree)) == tree


@given(any_test())
def test_what_is_written_as_papers_print_it_is_the_same(tree: Test) -> None:
    text = written(tree)
    for plain, printed in [
        ("<=", "≤"),
        (">=", "≥"),
        ("<>", "≠"),
        ("*", "×"),
        ("/", "÷"),
        ("-", "−"),
    ]:
        text = text.replace(plain, printed)
    assert parse_check(text.replace('"', "”")) == tree


USUAL = ["[a]", "[1.2.b]", "0", "7.5", "(", ")", ",", "+", "-", "*", "min(", "percent(", "abs("]
TESTED = ["<=", "=", " and ", " or ", "not(", "if(", "given(", "chosen(", '"1"', "previous("]
STRANGE = [
    "1.000",
    "0,5",
    "[",
    "]",
    '"',
    "“",
    "'",
    ".",
    "_",
    "é",
    "\x00",
    "\n",
    "\ud800",
    "😀",
    "%",
]
WORDS = ["AND", "sum(", "children(", "elsewhere(", "last_year(", "/", "<>", "≤", "÷", "−"]
PIECES = [*USUAL * 3, *TESTED * 2, *STRANGE, *WORDS]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
@settings(max_examples=1500)
def test_whatever_is_written_is_read_or_refused_with_a_whole_sentence(text: str) -> None:
    for read in (parse, parse_check):
        if (refused := refusal_of(read, text)) is not None:
            assert refused.startswith(f"Công thức «{text}»: ")
            assert refused.endswith(".")


def refusal_of(read: Callable[[str], object], text: str) -> str | None:
    """Return why ``text`` is refused; None where it is read. Anything else is an error."""
    try:
        read(text)
    except BadFormula as refusal:
        return str(refusal)
    return None


def test_the_pieces_make_formulas_too() -> None:
    """Else the test above would be of refusals alone."""
    found: list[bool] = []

    @given(st.lists(st.sampled_from(USUAL), min_size=1, max_size=5).map("".join))
    @settings(max_examples=500, derandomize=True)
    def count(text: str) -> None:
        found.append(refusal_of(parse, text) is None)

    count()
    assert 5 < sum(found) < len(found) / 2


# How long it takes


def calls_of(read: Callable[[str], object], text: str) -> int:
    """Return how many functions are called to read ``text``, or to refuse it."""
    count = 0

    def called(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(called)
    try:
        refusal_of(read, text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "[a]+",
        "[a]*",
        "[a]>0 and ",
        "[a]>0 or ",
        "given([a]) and ",
        "([a])-",
        "1.5 ",
        "x ",
        '"',
        "[",
        "[a",
        "= ",
        ", ",
        " ",
    ],
)
@pytest.mark.parametrize("begin", ["", "min(", "percent(", "if(", "if([a]>0,", "((((((((("])
def test_twice_as_much_to_read_is_no_more_than_twice_the_work(begin: str, piece: str) -> None:
    once = begin + piece * ((LONGEST - len(begin)) // len(piece) // 2)
    twice = begin + piece * ((LONGEST - len(begin)) // len(piece))
    for read in (parse, parse_check):
        assert calls_of(read, twice) <= 2 * calls_of(read, once) + 50
