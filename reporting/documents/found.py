"""The findings of a report in words, as they stand or as they were when it was handed in."""

from indicators.definition import FormDefinition
from reporting.models import Submission
from reporting.printing.notes import Found, FoundLine
from reporting.queries.findings import last_check, weighed_findings
from reporting.rules.answers import Answer, Weighed
from reporting.snapshot import SubmissionSnapshot
from reporting.workflow import HANDED_IN, State


def found_in(submission: Submission, now: SubmissionSnapshot) -> Found:
    """Return the findings of ``submission``: those of its last handing in while it is handed in,
    else of its figures as they are ``now``."""
    checked = last_check(submission) if State(submission.state) in HANDED_IN else None
    found = checked.found if checked else weighed_findings(submission, now)
    return Found(
        when=f"Kiểm tra khi gửi lúc {checked.at:%H:%M ngày %d/%m/%Y}." if checked else "",
        lines=[_line(one, now.form) for one in found],
    )


def _line(one: Weighed, form: FormDefinition) -> FoundLine:
    found = one.finding
    return FoundLine(
        code=found.code,
        severity=found.severity.label,
        row=form.names.get(found.place, "cả báo cáo"),
        sentence=found.sentence,
        found=found.found,
        expected=found.expected,
        formula=found.formula,
        instruction=found.instruction,
        answers=[_said(answer) for answer in one.said],
    )


def _said(answer: Answer) -> str:
    return f"{answer.kind.label}: {answer.text} ({answer.by}, {answer.at:%d/%m/%Y})"
