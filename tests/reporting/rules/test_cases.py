"""Every rule of every form, held to cases that were judged by hand.

``cases/<form version>.csv`` holds lines of a rule, figures and the verdict: holds, breaks or
silent. Figures are ``1.5.a=29``, ``1.5.c=kps`` (không phát sinh), ``1.6=#0`` (the choice with that
code) and ``previous:3.1.4=127`` (what the row held a round before).
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from indicators.catalogue.documents import definition
from indicators.catalogue.folders import read_version
from indicators.catalogue.written import Document
from indicators.definition import FormDefinition, RuleDefinition
from indicators.formulas import (
    COMPARISONS,
    Check,
    Figures,
    operands,
    parse_check,
    truth_of,
    walk,
)
from indicators.formulas.tree import Test as Tree  # pytest would collect a class called Test
from indicators.kinds import Kind, Missing
from reporting.rules import History, Past, Report
from reporting.snapshot import Cell, FigureStatus, SubmissionSnapshot

CATALOGUE = settings.BASE_DIR / "fixtures" / "catalogue"
CASES = Path(__file__).parent / "cases"
VERDICTS: Mapping[str, bool | None] = {"holds": True, "breaks": False, "silent": None}
NIL, CHOICE, BEFORE = "kps", "#", "previous:"
ANSWERED = {Kind.COUNT, Kind.AMOUNT, Kind.PERCENT, Kind.CHOICE}


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a file of cases."""

    form: str
    rule: str
    figures: str
    verdict: str


def read_cases(path: Path) -> list[Case]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Case(path.stem, line["rule"], line["figures"], line["verdict"])
            for line in csv.DictReader(lines)
        ]


FORMS = sorted(path.parent.name for path in CATALOGUE.glob("*/rules.csv"))
ALL = [case for path in sorted(CASES.glob("*.csv")) for case in read_cases(path)]


@cache
def form(code: str) -> FormDefinition:
    written = read_version(CATALOGUE / code)
    return definition(written.head, Document(written.rows, written.rules), version_id=1)


@cache
def rules(code: str) -> Mapping[str, RuleDefinition]:
    return {rule.code: rule for rule in form(code).rules}


@cache
def cases(code: str, rule: str) -> list[Case]:
    return [case for case in ALL if (case.form, case.rule) == (code, rule)]


RULES = [(code, rule) for code in FORMS for rule in rules(code)]


# The figures of a case


@cache
def figures(code: str, text: str) -> Figures:
    """Return what the rules of a form read where a report holds the figures of ``text``."""
    now: dict[str, Cell] = {}
    before: dict[str, Decimal] = {}
    for figure in text.split():
        name, _, value = figure.partition("=")
        row = form(code).by_key[name.removeprefix(BEFORE)]
        if value.startswith(CHOICE):
            assert row.option(value.removeprefix(CHOICE)), f"{figure}: no such choice"
        elif value != NIL:
            # A choice printed over several rows holds 0 where another row is the answer.
            assert row.kind in ANSWERED, f"{figure}: the row holds no number"
        if name.startswith(BEFORE):
            assert row.indicator, f"{figure}: a row without indicator has no past"
            before[row.indicator] = Decimal(0) if value == NIL else Decimal(value)
        else:
            now[name] = cell(value)
    snapshot = SubmissionSnapshot(form(code), now)
    history = History(previous=Past("kỳ trước", None, before)) if before else History()
    return Report(snapshot, history).figures(form(code).special_operands)


def cell(value: str) -> Cell:
    if value == NIL:
        return Cell(status=FigureStatus.NIL)
    if value.startswith(CHOICE):
        return Cell(choice=value.removeprefix(CHOICE))
    return Cell(number=Decimal(value))


def verdicts(code: str, rule: str, test: Tree, missing: Missing) -> list[bool | None]:
    """Return what ``test`` says of each case of a rule."""
    truth = truth_of(test, missing)
    return [truth(figures(code, case.figures)) for case in cases(code, rule)]


# What is written


def test_each_form_with_rules_has_its_cases_and_no_other() -> None:
    assert sorted(path.stem for path in CASES.glob("*.csv")) == FORMS


@pytest.mark.parametrize("code", FORMS)
def test_every_written_rule_can_be_read(code: str) -> None:
    assert list(rules(code)) == [line["code"] for line in read_version(CATALOGUE / code).rules]


def test_no_case_stands_twice() -> None:
    written = [(case.form, case.rule, frozenset(case.figures.split())) for case in ALL]
    assert len(written) == len(set(written))


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.form} {case.rule} {case.figures}")
def test_a_rule_says_of_a_case_what_was_judged_by_hand(case: Case) -> None:
    rule = rules(case.form)[case.rule]
    assert rule.holds(figures(case.form, case.figures)) is VERDICTS[case.verdict]


@pytest.mark.parametrize(("code", "rule"), RULES)
def test_every_rule_has_a_case_that_holds_and_one_that_breaks(code: str, rule: str) -> None:
    assert {"holds", "breaks"} - {case.verdict for case in cases(code, rule)} == set()


# What the cases would find if a rule were another


@pytest.mark.parametrize(("code", "rule"), RULES)
def test_no_comparison_could_have_another_sign(code: str, rule: str) -> None:
    asked = rules(code)[rule]
    said = verdicts(code, rule, asked.test, asked.missing)
    unnoticed = [
        mutant
        for mutant in with_another_sign(asked.test)
        if verdicts(code, rule, mutant, asked.missing) == said
    ]
    assert unnoticed == []


@pytest.mark.parametrize(("code", "rule"), RULES)
def test_missing_figures_could_not_be_taken_otherwise(code: str, rule: str) -> None:
    asked = rules(code)[rule]
    said = verdicts(code, rule, asked.test, asked.missing)
    unnoticed = [
        other
        for other in Missing
        if other is not asked.missing
        and can_tell_apart(asked.test, asked.missing, other)
        and verdicts(code, rule, asked.test, other) == said
    ]
    assert unnoticed == []


def with_another_sign(part: Any) -> Iterator[Any]:
    """Yield ``part`` once for each sign that one comparison in it could have instead."""
    if isinstance(part, tuple):
        for place, one in enumerate(part):
            for other in with_another_sign(one):
                yield (*part[:place], other, *part[place + 1 :])
    if not is_dataclass(part) or isinstance(part, type):
        return
    if isinstance(part, Check):
        yield from (replace(part, sign=sign) for sign in COMPARISONS if sign != part.sign)
    for field in fields(part):
        for other in with_another_sign(getattr(part, field.name)):
            yield replace(part, **{field.name: other})


def can_tell_apart(test: Tree, one: Missing, other: Missing) -> bool:
    """Say whether there can be figures of which a test says different things under two policies.

    They are policies of comparisons: answers that are there or chosen know none. Whether one
    figure of a side is missing or all of them is the same where each side reads at most one.
    """
    checks = [part for part in walk(test) if isinstance(part, Check)]
    if {one, other} != {Missing.SKIP_ANY, Missing.SKIP_ALL}:
        return bool(checks)
    return any(len(operands(side)) > 1 for check in checks for side in (check.left, check.right))


# What is tried above is all that can be


def test_each_comparison_is_given_each_other_sign_wherever_it_stands() -> None:
    test = parse_check('if([a] > 0, [b] <= 1 and not([c] = 2) or chosen([d], "1"))')
    mutants = list(with_another_sign(test))
    assert len(set(mutants)) == len(mutants) == 3 * (len(COMPARISONS) - 1)
    assert test not in mutants


@pytest.mark.parametrize(
    ("condition", "apart"),
    [
        ("[a] <= [b]", {Missing.ZERO}),
        ("[a] <= [b] + [c]", {Missing.ZERO, Missing.SKIP_ALL}),
        ("if([a] > 0, max([b], [c]) > 0)", {Missing.ZERO, Missing.SKIP_ALL}),
        ("[a] <= 100", {Missing.ZERO}),
        ('if(chosen([a], "1"), given([b]))', set()),
    ],
)
def test_policies_are_told_apart_where_a_side_can_lack_a_part(
    condition: str, apart: set[Missing]
) -> None:
    test = parse_check(condition)
    others = set(Missing) - {Missing.SKIP_ANY}
    assert {other for other in others if can_tell_apart(test, Missing.SKIP_ANY, other)} == apart
