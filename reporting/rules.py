"""What the rules of a form find in one submission."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.formulas import check_keys, holds
from indicators.kinds import Severity
from reporting.snapshot import SubmissionSnapshot


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that the figures break: what is told of it, and the rows that it compares."""

    code: str
    severity: Severity
    keys: tuple[str, ...]
    sentence: str
    instruction: str


def findings(snapshot: SubmissionSnapshot) -> list[Finding]:
    """Return the rules of the form that the figures break, errors first, then as the form has
    them. A rule of which a figure is missing says nothing."""
    found = []
    for rule in snapshot.form.rules:
        keys = tuple(dict.fromkeys(check_keys(rule.check)))
        if holds(rule.check, _numbers(snapshot, keys)) is False:
            found.append(Finding(rule.code, rule.severity, keys, rule.sentence, rule.instruction))
    order = list(Severity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def _numbers(snapshot: SubmissionSnapshot, keys: Iterable[str]) -> Mapping[str, Decimal]:
    """The figures of some rows: as formulas read them, and a rate as the form computes it."""
    found = {}
    for key in keys:
        row = snapshot.form.by_key.get(key)
        number = snapshot.operands.get(key, snapshot.value(row) if row else None)
        if number is not None:
            found[key] = number
    return found
