"""The checks' part of the budgets: one report checked, the rules of a round evaluated.

    python -m tests.bench_rules

Needs no database: the rules are those of the real form, over and over up to the number wanted.
"""

import operator
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

from indicators.catalogue.documents import definition
from indicators.catalogue.folders import read_version
from indicators.catalogue.written import Document
from indicators.definition import FormDefinition, RowDefinition, RuleDefinition
from indicators.formulas import (
    Check,
    Children,
    Chosen,
    Elsewhere,
    Figures,
    Given,
    Node,
    Number,
    Percent,
    Ref,
    Sum,
    Test,
)
from indicators.formulas.tree import Call, Choose, Either, Every, Not, Product, Provided
from indicators.kinds import Kind
from reporting.rules import Finding, History, Past, Report, findings
from reporting.snapshot import Cell, SubmissionSnapshot
from reporting.windows import Window
from tests.budgets import Budget, milliseconds, report

Bare = Callable[[Any], Any]
FOLDER = Path(__file__).parents[1] / "fixtures" / "catalogue" / "PL2-KH-2022"
SUBMISSIONS = 150
ROWS = 250
RULES = 250
# How far figures are from those of another report: of all the rules few are broken.
LEAST, MOST = 40, 60


def main() -> int:
    budgets = [*one_report(), *whole_round()]
    report(budgets)
    return 0 if all(budget.is_kept for budget in budgets) else 1


# What is measured


def one_report() -> list[Budget]:
    """Everything that is checked when a report is opened, beside the last one and last year's."""
    form = large_form()
    history = beside(form)
    works = [
        partial(checked, form, figures_of(form, 1, least, most), history)
        for least, most in ((LEAST, MOST), (0, 5_000))
    ]
    usual, unusual = milliseconds(*works, turns=51)
    found, many = (len(work()) for work in works)
    name = f"checks of one report, {len(form.rows)} rows, {len(form.rules)} rules"
    return [
        Budget(f"{name}, {found} findings", usual, "ms", most=20),
        Budget(f"  the same with {many} findings", unusual, "ms"),
    ]


def checked(form: FormDefinition, cells: Mapping[str, Cell], history: History) -> list[Finding]:
    return findings(SubmissionSnapshot(form, cells, agency_kind="so"), history)


def whole_round() -> list[Budget]:
    """The rules over figures that are laid out already, against the same rules as closures that
    know of nothing missing, of no division by zero, and of no quotient that is cut."""
    form = large_form()
    read = [
        Report(SubmissionSnapshot(form, figures_of(form, seed), agency_kind="so"), beside(form))
        for seed in range(SUBMISSIONS)
    ]
    figures = [complete(one.figures(form.special_operands), form) for one in read]
    ours = [rule.holds for rule in form.rules]
    bare = [bare_closure(rule.test) for rule in form.rules]
    check_equal(evaluated(ours, figures), evaluated(bare, figures), form.rules)
    time, baseline = milliseconds(
        lambda: evaluated(ours, figures), lambda: evaluated(bare, figures), turns=21
    )
    name = f"{SUBMISSIONS} reports × {len(form.rules)} rules evaluated"
    return [Budget(name, time, "ms", most=5, baseline=baseline)]


def evaluated(
    tests: Sequence[Callable[[Figures], Any]], reports: Sequence[Figures]
) -> list[list[Any]]:
    return [[test(figures) for test in tests] for figures in reports]


def check_equal(
    ours: list[list[Any]], bare: list[list[Any]], rules: Sequence[RuleDefinition]
) -> None:
    """Stop when work and baseline do not come to the same: then they are not comparable."""
    for mine, theirs in zip(ours, bare, strict=True):
        for rule, one, other in zip(rules, mine, theirs, strict=True):
            if one is not bool(other):
                raise SystemExit(f"{rule.code} {rule.condition}: {one} is not {other}.")


# Forms and figures


def large_form() -> FormDefinition:
    """Return the real form with rows and rules of it once more, up to the numbers wanted."""
    written = read_version(FOLDER)
    document = Document(written.rows, written.rules)
    form = definition(written.head, document, version_id=1)
    more = islice((again(row) for row in form.rows), ROWS - len(form.rows))
    rules = islice(cycle(form.rules), RULES)
    return replace(
        form,
        rows=(*form.rows, *more),
        rules=tuple(replace(rule, code=f"R{place}") for place, rule in enumerate(rules)),
    )


def again(row: RowDefinition) -> RowDefinition:
    return replace(row, key=f"{row.key}.x", indicator=row.indicator and f"{row.indicator}.x")


def figures_of(
    form: FormDefinition, seed: int, least: int = LEAST, most: int = MOST
) -> Mapping[str, Cell]:
    """Fill in every row that is typed with a number between these, or one of its answers."""
    random = Random(seed)
    return {row.key: filled(row, random, least, most) for row in form.typed_rows}


def filled(row: RowDefinition, random: Random, least: int, most: int) -> Cell:
    if row.options:
        return Cell(choice=random.choice(row.options).code)
    if row.kind is Kind.TEXT:
        return Cell(text="Đã làm")
    number = Decimal(random.randint(least, most))
    return Cell(number=min(number, Decimal(100)) if row.kind is Kind.PERCENT else number)


def beside(form: FormDefinition) -> History:
    """Return two earlier reports with a figure for every row."""
    indicators = {row.key: row.indicator for row in form.typed_rows}
    past = [
        {
            indicators[key]: cell.number
            for key, cell in figures_of(form, seed).items()
            if cell.number is not None
        }
        for seed in (10_001, 10_002)
    ]
    return History(
        window=Window(date(2022, 3, 15), date(2022, 6, 14)),
        previous=Past("kỳ trước", Window(date(2021, 12, 15), date(2022, 3, 14)), past[0]),
        last_year=Past("cùng kỳ", Window(date(2021, 3, 15), date(2021, 6, 14)), past[1]),
        earlier=[past[0]],
    )


def complete(figures: Figures, form: FormDefinition) -> Figures:
    """Return figures of which nothing that a rule reads is missing."""
    read = dict.fromkeys((one.address for rule in form.rules for one in rule.operands), Decimal(1))
    return read | dict(figures)


# The baseline


def bare_closure(tree: Node | Test) -> Bare:
    """Compile ``tree`` as plainly as closures go: a figure that is missing is an error."""
    match tree:
        case Number(value):
            return lambda _: value
        case Ref() | Elsewhere() | Chosen() | Given():
            return operator.itemgetter(tree.address)
        case Children(_, of):
            return bare_sum(list(map(operator.itemgetter, of)), [1] * len(of))
        case Sum(terms, signs):
            return bare_sum(list(map(bare_closure, terms)), signs)
        case Product(factors, powers):
            return bare_product(list(map(bare_closure, factors)), powers)
        case Percent(part, whole):
            return bare_product([lambda _: HUNDRED, *map(bare_closure, (part, whole))], (1, 1, -1))
        case Call(name, of):
            called, inner = CALLED[name], list(map(bare_closure, of))
            return lambda figures: called([one(figures) for one in inner])
        case _:
            return bare_test(tree)


def bare_test(tree: Test | Choose) -> Bare:
    match tree:
        case Check(left, sign, right):
            one, other, compare = bare_closure(left), bare_closure(right), SIGNS[sign]
            return lambda figures: compare(one(figures), other(figures))
        case Every(tests):
            inner = list(map(bare_closure, tests))
            return lambda figures: all(test(figures) for test in inner)
        case Either(tests):
            inner = list(map(bare_closure, tests))
            return lambda figures: any(test(figures) for test in inner)
        case Not(test):
            inside = bare_closure(test)
            return lambda figures: not inside(figures)
        case Provided(test, then, otherwise) | Choose(test, then, otherwise):
            asks, holds = bare_closure(test), bare_closure(then)
            rest = bare_closure(otherwise) if otherwise is not None else lambda _: True
            return lambda figures: holds(figures) if asks(figures) else rest(figures)
        case _:
            raise AssertionError(tree)


HUNDRED = Decimal(100)
CALLED: Mapping[str, Bare] = {"abs": lambda of: abs(of[0]), "min": min, "max": max}
SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}


def bare_sum(terms: Sequence[Bare], signs: Sequence[int]) -> Bare:
    pairs = list(zip(terms, signs, strict=True))

    def run(figures: Figures) -> Decimal:
        total = Decimal(0)
        for term, sign in pairs:
            total = total + term(figures) if sign > 0 else total - term(figures)
        return total

    return run


def bare_product(factors: Sequence[Bare], powers: Sequence[int]) -> Bare:
    pairs = list(zip(factors, powers, strict=True))

    def run(figures: Figures) -> Decimal:
        result = Decimal(1)
        for factor, power in pairs:
            result = result * factor(figures) if power > 0 else result / factor(figures)
        return result

    return run


if __name__ == "__main__":
    sys.exit(main())
