"""A small form with rules of each severity, and the report of one department under it."""

from collections.abc import Mapping

import pytest

from indicators.actions.versions import load_indicators, load_version
from indicators.kinds import Capacity
from indicators.models import FormVersion
from reporting.actions.rounds import expect
from reporting.models import Agency, Submission, User
from reporting.queries.findings import weighed_findings
from reporting.rules.answers import Said, Weighed
from tests import cast
from tests.indicators import sheets

Typed = Mapping[str, Said]
ERROR, WARNING, NOTE = "Q01 1.1.b", "Q02 1.1.a", "Q03 1.1.a"
RULES = [
    {
        "code": "Q01",
        "severity": "error",
        "condition": "[1.1.b] <= [1.1.a]",
        "missing": "",
        "sentence": "Số đúng hạn <b>lớn hơn</b> tổng số.",
        "instruction": "Hãy xem lại hai dòng.",
    },
    {
        "code": "Q02",
        "severity": "warning",
        "condition": "[1.1.a] <= 100",
        "missing": "",
        "sentence": "Tổng số hồ sơ lớn khác thường.",
        "instruction": "Xem lại, hoặc giải trình.",
    },
    {
        "code": "Q03",
        "severity": "note",
        "condition": "[1.1.a] <> 7",
        "missing": "",
        "sentence": "Tổng số là bảy.",
        "instruction": "Không cần làm gì.",
    },
]
# Figures that break one rule alone.
WRONG = {"1.1.a": "4", "1.1.b": "5"}
STRANGE = {"1.1.a": "150", "1.1.b": "150"}
GOOD = {"1.1.a": "5", "1.1.b": "4"}


@pytest.fixture
def checked_form(db: None) -> FormVersion:
    load_indicators(sheets.indicator_lines())
    load_version(sheets.sheet(rules=RULES))
    return cast.form("THU-2026")


@pytest.fixture
def report(
    checked_form: FormVersion, minh_hoa: Agency, so_cong_thuong: Agency, hoa: User, hanh: User
) -> Submission:
    """The report of Sở Công Thương under the form, in a round that is open."""
    round_ = cast.planned_round(minh_hoa, "MH-THU")
    expect(round=round_, asked=[(so_cong_thuong, checked_form, Capacity.BOTH)], by=hanh)
    return cast.report_of(round_, so_cong_thuong)


def found(report: Submission) -> dict[str, Weighed]:
    """Return the findings of a report as it is stored, by name."""
    return {one.finding.name: one for one in weighed_findings(cast.stored(report))}


def said(report: Submission) -> list[tuple[str, ...]]:
    """Return all that was ever said of findings, oldest first."""
    answers = report.finding_answers.select_related("by").order_by("pk")
    return [(one.code, one.place, one.kind, one.text, one.by.username) for one in answers]


def seen(report: Submission, texts: Mapping[str, str], *, of_reviewer: bool = False) -> Typed:
    """Return what somebody types for findings, by their names, as they see them now."""
    now = found(report)
    typed = {}
    for name, text in texts.items():
        one = now.get(name)
        mine = one.answer(of_reviewer=of_reviewer) if one else None
        figures = one.finding.found if one else ""
        typed[name] = Said(text, figures, mine.text if mine else "")
    return typed


def boxes(typed: Typed) -> dict[str, str]:
    """Return the fields that the page of findings posts for them."""
    return {
        f"{field}-{name}": text
        for name, said in typed.items()
        for field, text in (("noi", said.text), ("so", said.found), ("truoc", said.before))
    }
