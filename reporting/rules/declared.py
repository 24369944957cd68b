"""The rules of a form, run over one report."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import assert_never

from indicators.definition import FormDefinition, RuleDefinition
from indicators.formulas import (
    Call,
    Check,
    Children,
    Choose,
    Chosen,
    Either,
    Every,
    Figures,
    Given,
    Node,
    Not,
    Number,
    Operand,
    Percent,
    Provided,
    Ref,
    Test,
    operands,
    truth_of,
    value_of,
)
from indicators.formulas.words import Word, named, words
from indicators.kinds import Missing
from reporting.numbers import PLACES, PRINTED_RATE_PLACES, decimals_of, rounded, write
from reporting.rules.finding import Finding
from reporting.rules.report import Report

BLANK = "trống"
MOST_NAMED = 4
# How a broken comparison is told: what the left side is to the right one.
_BROKEN: Mapping[str, str] = {
    "<=": "lớn hơn",
    ">=": "nhỏ hơn",
    "<>": "bằng",
    "<": "không nhỏ hơn",
    ">": "không lớn hơn",
    "=": "khác",
}
_EXPECTED: Mapping[str, str] = {
    "<=": "nhiều nhất",
    ">=": "ít nhất",
    "<>": "khác",
    "<": "nhỏ hơn",
    ">": "lớn hơn",
    "=": "bằng",
}
# The same said of the right side.
_TURNED: Mapping[str, str] = {"<=": ">=", ">=": "<=", "<": ">", ">": "<", "=": "=", "<>": "<>"}


def broken_rules(report: Report) -> Iterator[Finding]:
    """Yield a finding for each rule of the form that the figures break, in the form's order. A
    rule that misses a figure it needs says nothing."""
    form = report.snapshot.form
    figures = report.figures(form.special_operands)
    for rule in form.rules:
        if rule.holds(figures) is False and _is_asked(rule, report, figures):
            yield _finding(rule, form, figures)


def _is_asked(rule: RuleDefinition, report: Report, figures: Figures) -> bool:
    """A rule that takes what is missing for 0 is not for an agency that none of it is asked of."""
    return rule.missing is not Missing.ZERO or any(
        key in report.asked or key in figures for key in rule.keys
    )


def _finding(rule: RuleDefinition, form: FormDefinition, figures: Figures) -> Finding:
    found, expected = _told(rule.test, form, figures)
    waits = _waits(rule.test, rule.missing, figures)
    blank = _blank(rule, form, figures) if waits else []
    return Finding(
        code=rule.code,
        severity=rule.severity,
        keys=_places(rule, form),
        sentence=rule.sentence,
        instruction=f"{_fill_in(blank, form)} {rule.instruction}" if blank else rule.instruction,
        found=found,
        # What is reported so far is no measure of what it should be.
        expected="" if blank else expected,
        formula=rule_in_words(rule, form),
        version=rule.version,
        waits=waits,
    )


def _blank(rule: RuleDefinition, form: FormDefinition, figures: Figures) -> Sequence[str]:
    """The rows of this report whose figure or answer is still to come; choices mend nothing."""
    lacking = (
        one.key
        for one in rule.operands
        if (isinstance(one, Given) and not figures.get(one.address))
        or (isinstance(one, Ref) and not one.when and one.address not in figures)
    )
    return [key for key in dict.fromkeys(lacking) if key in form.by_key]


def _fill_in(blank: Sequence[str], form: FormDefinition) -> str:
    """Name the rows that may mend it, the first few where they are many."""
    names = ", ".join(form.names[key] for key in blank[:MOST_NAMED])
    more = f" và {len(blank) - MOST_NAMED} dòng nữa" if len(blank) > MOST_NAMED else ""
    return f"Còn trống: {names}{more}; nhập, hoặc ghi «không phát sinh»."


def rule_in_words(rule: RuleDefinition, form: FormDefinition) -> str:
    """Return what a rule asks, the rows called by their names."""
    return form.rules_in_words[rule.code]


def name_of(form: FormDefinition, key: str) -> str:
    return form.names.get(key, f"[{key}]")


def _places(rule: RuleDefinition, form: FormDefinition) -> tuple[str, ...]:
    """The rows that a rule is about, each once, as far as the form has them."""
    return tuple(key for key in rule.keys if key in form.by_key)


def _told(test: Test, form: FormDefinition, figures: Figures) -> tuple[str, str]:
    """Say what stands there, and what should."""
    if isinstance(test, Check):
        left, right = _side(test.left, form, figures), _side(test.right, form, figures)
        return f"{left}, {_BROKEN[test.sign]} {right}", _expected(test, figures)
    read = operands(test)
    said = dict.fromkeys(_said(operand, form, figures) for operand in read)
    told = [one for one in said if one] or [_fact(one, form, figures) for one in read]
    return "; ".join(told), ""


def _expected(check: Check, figures: Figures) -> str:
    """Say what the side of a single row should be, beside what the other side comes to."""
    sign, whole, single = check.sign, check.right, check.left
    if not isinstance(single, Ref) and isinstance(whole, Ref):
        sign, whole, single = _TURNED[sign], check.left, check.right
    value = value_of(whole, fills=True)(figures)
    if value is None:
        return ""
    shown = write(value) if isinstance(whole, Number) else _number(value)
    return f"{_EXPECTED[sign]} {shown}"


def _side(node: Node, form: FormDefinition, figures: Figures) -> str:
    """Write one side out: its figures, and what they come to."""
    if isinstance(node, Ref | Number):
        return _written(node, form, figures)  # blank, even where a rule takes it for 0
    value = value_of(node, fills=True)(figures)
    total = BLANK if value is None else _number(value)
    # Which of several numbers was taken says the formula in words.
    is_chosen = isinstance(node, Choose) or (isinstance(node, Call) and node.name != "abs")
    if is_chosen or (isinstance(node, Children) and len(node.of) == 1):
        return total
    return f"{_written(node, form, figures)} = {total}"


def _written(node: Node, form: FormDefinition, figures: Figures) -> str:
    match node:
        case Ref():
            number = figures.get(node.address)
            return BLANK if number is None else _number(number)
        case Number(number):
            return write(number)
        case Children(_, of):
            return " + ".join(_written(Ref(key), form, figures) for key in of)
        case Percent(part, whole):
            above, below = (_in_brackets(one, form, figures) for one in (part, whole))
            return f"{above} ÷ {below} × 100"
        case _:
            return "".join(_word(word, form, figures) for word in words(node))


def _word(word: Word, form: FormDefinition, figures: Figures) -> str:
    """One piece of a formula with figures for names; what is no figure keeps its name."""
    if isinstance(word, Ref | Children):
        return _in_brackets(word, form, figures)
    return word if isinstance(word, str) else named(word, lambda key: name_of(form, key))


def _in_brackets(node: Node, form: FormDefinition, figures: Figures) -> str:
    text = _written(node, form, figures)
    is_single = isinstance(node, Ref | Number) or (isinstance(node, Children) and len(node.of) == 1)
    return text if is_single else f"({text})"


def _said(operand: Operand, form: FormDefinition, figures: Figures) -> str:
    """Write one figure with the name of its row; of several answers only the one that is given."""
    if isinstance(operand, Chosen):
        is_so = figures.get(operand.address)
        return named(operand, lambda key: name_of(form, key)) if is_so else ""
    if isinstance(operand, Given):
        is_so = figures.get(operand.address)
        return "" if is_so else f"{name_of(form, operand.key)}: {BLANK}"
    name = named(operand, lambda key: name_of(form, key))
    number = figures.get(operand.address)
    return f"{name}: {BLANK if number is None else _number(number)}"


def _fact(operand: Operand, form: FormDefinition, figures: Figures) -> str:
    """Say how an answer stands where a rule asks for nothing but answers."""
    words = named(operand, lambda key: name_of(form, key))
    return words if figures.get(operand.address) else f"không có: {words}"


def _number(value: Decimal) -> str:
    """Write a figure as it is; what was computed is cut to the places that rates print."""
    is_computed = decimals_of(value) > PLACES
    return write(rounded(value, PRINTED_RATE_PLACES) if is_computed else value)


def _waits(test: Test, missing: Missing, figures: Figures) -> bool:
    """Say of a broken test whether figures still to come may mend it."""
    match test:
        case Check():
            return _may_grow(test, figures)
        case Given():
            return True
        case Every(tests):
            broken = [one for one in tests if truth_of(one, missing)(figures) is False]
            return all(_waits(one, missing, figures) for one in broken)
        case Either(tests):
            return any(_waits(one, missing, figures) for one in tests)
        case Provided(condition, then, otherwise):
            rest = then if truth_of(condition, missing)(figures) else otherwise
            return rest is not None and _waits(rest, missing, figures)
        case Chosen() | Not():
            return False
        case _:
            assert_never(test)


def _may_grow(check: Check, figures: Figures) -> bool:
    """Say whether the side that is too small lacks figures: what is reported only adds to it."""
    sides = check.left, check.right
    left, right = (value_of(side, fills=True)(figures) for side in sides)
    if left is None or right is None:
        return True
    small = check.left if left < right else check.right
    lacking = sides if left == right else (small,)
    return any(one.address not in figures for side in lacking for one in operands(side))
