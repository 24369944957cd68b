"""All checks of one report together: in which order, under which version."""

from decimal import Decimal

from indicators.kinds import Severity
from reporting.rules import findings, rule_version
from reporting.snapshot import Cell, SubmissionSnapshot
from tests.reporting.forms_by_hand import form_of, row, rule


def test_errors_stand_first_and_each_severity_in_the_order_of_the_form() -> None:
    said = tuple(
        rule("[a] < [a]", code=code, severity=severity)
        for code, severity in (
            ("w", Severity.NOTE),
            ("x", Severity.WARNING),
            ("y", Severity.ERROR),
            ("z", Severity.WARNING),
        )
    )
    filled = SubmissionSnapshot(form_of(row("a"), rules=said), {"a": Cell(number=Decimal(1))})
    assert [finding.code for finding in findings(filled)] == ["y", "x", "z", "w"]


def test_a_rule_and_a_general_check_have_the_version_that_their_findings_carry() -> None:
    form = form_of(row("a"), rules=(rule("[a] > 1", code="Q01"),))
    found = findings(SubmissionSnapshot(form, {"a": Cell(number=Decimal("0.5"))}))
    assert {one.code for one in found} == {"Q01", "C04"}
    assert all(one.version == rule_version(form, one.code) for one in found)
    assert rule_version(form, "Q99") == ""
