"""What the checks find in one report: the rules of its form, and what is asked of every form."""

from reporting.rules.finding import Finding
from reporting.rules.general import GENERAL
from reporting.rules.history import NO_HISTORY, History, Past
from reporting.rules.report import Report
from reporting.rules.running import findings, rule_version

__all__ = [
    "GENERAL",
    "NO_HISTORY",
    "Finding",
    "History",
    "Past",
    "Report",
    "findings",
    "rule_version",
]
