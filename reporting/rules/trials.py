"""The rules of one form tried on reports that were filed, under that form or another one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indicators.definition import FormDefinition, RowDefinition, RuleDefinition
from indicators.formulas import Figures
from indicators.kinds import Kind
from reporting.rules.declared import broken_rules
from reporting.rules.finding import Finding
from reporting.rules.history import NO_HISTORY, History
from reporting.rules.report import Report
from reporting.snapshot import EMPTY, Cell, SubmissionSnapshot


@dataclass(frozen=True, slots=True)
class Filed:
    """One report as it was filed: whose it is, its figures, and what stands beside them."""

    submission_id: int
    agency: str
    snapshot: SubmissionSnapshot
    history: History = NO_HISTORY


@dataclass(frozen=True, slots=True)
class Hit:
    """One report that a rule would have found fault with."""

    submission_id: int
    agency: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule would have said of some reports; ``judged`` is of how many it could say
    anything: figures that it needs were there."""

    judged: int
    hits: Sequence[Hit]


def outcomes(form: FormDefinition, reports: Iterable[Filed]) -> Sequence[Outcome]:
    """Return the outcome of each rule of ``form``, in their order."""
    judged = [0] * len(form.rules)
    hits: dict[int, list[Hit]] = defaultdict(list)
    places = {rule.code: place for place, rule in enumerate(form.rules)}
    for filed in reports:
        report = Report(carried(form, filed.snapshot), filed.history)
        found = {places[finding.code]: finding for finding in broken_rules(report)}
        figures = report.figures(form.special_operands)
        for place, rule in enumerate(form.rules):
            judged[place] += place in found or _is_judged(rule, figures)
        for place, finding in found.items():
            hits[place].append(Hit(filed.submission_id, filed.agency, finding))
    return [Outcome(number, hits[place]) for place, number in enumerate(judged)]


def _is_judged(rule: RuleDefinition, figures: Figures) -> bool:
    """A rule that takes what is missing for 0 holds of a report with none of its figures: that
    tells nothing."""
    is_there = any(operand.address in figures for operand in rule.operands)
    return is_there and rule.holds(figures) is not None


def carried(form: FormDefinition, filed: SubmissionSnapshot) -> SubmissionSnapshot:
    """Return the figures of a report in the rows of ``form``, joined by indicator: keys differ
    from form to form."""
    if filed.form.id == form.id:
        return replace(filed, form=form)
    cells = {}
    for row in form.rows:
        old = filed.form.by_indicator.get(row.indicator) if row.indicator else None
        cell = _carried(row, old, filed) if old else EMPTY
        if not cell.is_empty:
            cells[row.key] = cell
    return replace(filed, form=form, cells=cells)


def _carried(row: RowDefinition, old: RowDefinition, filed: SubmissionSnapshot) -> Cell:
    cell = filed.cell(old.key)
    if row.kind is not old.kind or _in_another_unit(row, old, cell):
        return EMPTY
    if row.kind is Kind.CHOICE:
        return replace(cell, choice=_same_words(row, old, cell.choice))
    if not cell.is_answered and old.is_derived and not row.is_derived:
        return Cell(number=filed.value(old))
    return cell


def _in_another_unit(row: RowDefinition, old: RowDefinition, cell: Cell) -> bool:
    """Money in đồng is no money in triệu đồng; what is counted goes by many names."""
    if row.kind is not Kind.AMOUNT:
        return False
    return bool(cell.written_unit) or row.unit.casefold() != old.unit.casefold()


def _same_words(row: RowDefinition, old: RowDefinition, code: str) -> str:
    """Return the code under which ``row`` offers the answer that was given; "" where it does not:
    one code means different things on different forms."""
    given = old.option(code)
    if given is None:
        return ""
    words = given.label.casefold()
    return next((option.code for option in row.options if option.label.casefold() == words), "")
