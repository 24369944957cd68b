"""All checks of one report, and which version of each is the one that counts now."""

from collections.abc import Mapping

from indicators.definition import FormDefinition
from indicators.kinds import Severity
from reporting.rules.declared import broken_rules
from reporting.rules.finding import Finding
from reporting.rules.general import GENERAL, broken_checks
from reporting.rules.history import NO_HISTORY, History
from reporting.rules.report import Report
from reporting.snapshot import SubmissionSnapshot

_ORDER: Mapping[Severity, int] = {severity: place for place, severity in enumerate(Severity)}


def findings(snapshot: SubmissionSnapshot, history: History = NO_HISTORY) -> list[Finding]:
    """Return what the rules of the form and the general checks find, errors first, then in the
    order of the form's rows; what is about the whole report comes last of its kind."""
    report = Report(snapshot, history)
    places = {row.key: row.position for row in snapshot.form.rows}
    last = len(places) + 1
    return sorted(
        (*broken_rules(report), *broken_checks(report)),
        key=lambda one: (_ORDER[one.severity], places.get(one.place, last)),
    )


def rule_version(form: FormDefinition, code: str) -> str:
    """Return the mark of what the check of this ``code`` asks today; "" if there is none such."""
    marks = {check.code: str(check.version) for check in GENERAL}
    marks |= {rule.code: rule.version for rule in form.rules}
    return marks.get(code, "")
