"""What the rules of a form find in the figures of one submission."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from indicators.definition import RuleDefinition
from indicators.kinds import AcrossAgencies, Kind, Severity
from reporting.rules import Finding, Report
from reporting.rules.declared import broken_rules
from reporting.snapshot import Cell, FigureStatus, SubmissionSnapshot
from tests.reporting import forms_by_hand
from tests.reporting.forms_by_hand import form_of, row


def rule(code: str, condition: str, severity: Severity = Severity.WARNING) -> RuleDefinition:
    return forms_by_hand.rule(
        condition, f"Câu {code}.", f"Sửa {code}.", code=code, severity=severity
    )


def findings(snapshot: SubmissionSnapshot) -> list[Finding]:
    return list(broken_rules(Report(snapshot)))


def filled(
    figures: Mapping[str, str], *rules: RuleDefinition, is_paper: bool = False
) -> SubmissionSnapshot:
    """Return a report of a form with a rate; a figure is a number, "kps" or "ktpv"."""
    silent = {"kps": FigureStatus.NIL, "ktpv": FigureStatus.OUT_OF_SCOPE}
    rate = row("rate", Kind.PERCENT, AcrossAgencies.RATE, formula="percent([part], [whole])")
    return SubmissionSnapshot(
        form_of(row("whole"), row("part"), row("late"), rate, rules=rules),
        {
            key: Cell(status=silent[text]) if text in silent else Cell(number=Decimal(text))
            for key, text in figures.items()
        },
        is_paper=is_paper,
    )


WITHIN = rule("trong", "[part] + [late] <= [whole]")
FULL = rule("du", "[rate] >= [late]")


@pytest.mark.parametrize(
    ("figures", "is_found"),
    [
        ({"whole": "10", "part": "8", "late": "2"}, False),
        ({"whole": "10", "part": "8", "late": "3"}, True),
        ({"whole": "10", "part": "11", "late": "kps"}, True),
        ({"whole": "10", "part": "10", "late": "kps"}, False),
        ({"whole": "kps", "part": "1", "late": "0"}, True),
        ({"whole": "10", "part": "11"}, False),
        ({"whole": "10", "part": "11", "late": "ktpv"}, False),
        ({}, False),
    ],
)
def test_nothing_arising_is_zero_and_a_missing_figure_says_nothing(
    figures: Mapping[str, str], is_found: bool
) -> None:
    assert bool(findings(filled(figures, WITHIN))) is is_found


def test_a_finding_says_what_is_wrong_where_and_what_to_do() -> None:
    twice = rule("hai-lan", "[part] + [part] <= [whole]", Severity.ERROR)
    assert findings(filled({"whole": "10", "part": "8"}, twice)) == [
        Finding(
            "hai-lan",
            Severity.ERROR,
            ("part", "whole"),
            "Câu hai-lan.",
            "Sửa hai-lan.",
            found="8 + 8 = 16, lớn hơn 10",
            expected="ít nhất 16",
            formula="part. Dòng part + part. Dòng part ≤ whole. Dòng whole",
            version=twice.version,
        )
    ]


def test_a_rule_reads_a_computed_rate_but_on_a_paper_only_what_was_filed() -> None:
    figures = {"whole": "4", "part": "3", "late": "80"}
    assert [finding.code for finding in findings(filled(figures, FULL))] == ["du"]
    assert findings(filled(figures, FULL, is_paper=True)) == []
    assert [
        finding.code for finding in findings(filled({**figures, "rate": "79"}, FULL, is_paper=True))
    ] == ["du"]


def test_a_rule_of_a_trial_that_names_no_row_says_nothing() -> None:
    assert findings(filled({"part": "1"}, rule("la", "[part] < [khong-co]"))) == []


def test_a_form_without_rules_finds_nothing() -> None:
    assert findings(filled({"whole": "1", "part": "9"})) == []
