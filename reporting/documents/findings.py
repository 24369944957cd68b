"""The findings of a report as a list for Excel."""

from indicators.definition import FormDefinition
from reporting.documents.files import File, record_export
from reporting.documents.formats import xlsx
from reporting.documents.formats.listing import Listing, render_listing
from reporting.documents.names import CHECKS_STEM, UNSENT, handed_in, report_stem
from reporting.models import Submission, User
from reporting.queries.figures import snapshot
from reporting.queries.filings import filing_in_force
from reporting.queries.findings import last_check, weighed_findings
from reporting.rules.answers import Answer, Weighed
from reporting.workflow import HANDED_IN, State

HEADINGS = (
    ("Mã", 8),
    ("Mức", 11),
    ("Dòng", 38),
    ("Điều không đúng", 38),
    ("Số ghi", 26),
    ("Phải là", 20),
    ("Công thức", 44),
    ("Việc cần làm", 38),
    ("Giải trình, lý do miễn", 38),
)


def findings_file(submission: Submission, *, by: User | None, via: str = "page") -> File:
    """Return all findings of ``submission`` as a workbook, and record that it went out."""
    state, now = State(submission.state), snapshot(submission)
    checked = last_check(submission) if state in HANDED_IN else None
    found = checked.found if checked else weighed_findings(submission, now)
    when = f"Kiểm tra khi gửi lúc {checked.at:%H:%M ngày %d/%m/%Y}." if checked else ""
    listing = Listing(
        name="Kết quả kiểm tra",
        title=f"Kết quả kiểm tra số liệu: {submission.whose}",
        notes=[f"{submission.round}, {submission.form_version.code}. {when}".strip()],
        headings=HEADINGS,
        rows=[_row(one, now.form) for one in found],
    )
    filing = filing_in_force(submission)
    standing = handed_in(filing.number) if filing is not None else UNSENT
    stem = report_stem(submission.form_version, submission.round, submission.whose, standing)
    file = File(f"{CHECKS_STEM}_{stem}.xlsx", xlsx.CONTENT_TYPE, render_listing(listing))
    record_export(file, "xlsx", round_=submission.round, submission=submission, by=by, via=via)
    return file


def _row(one: Weighed, form: FormDefinition) -> list[str]:
    found = one.finding
    return [
        found.code,
        found.severity.label,
        form.names.get(found.place, "cả báo cáo"),
        found.sentence,
        found.found,
        found.expected,
        found.formula,
        found.instruction,
        "\n".join(map(_said, one.said)),
    ]


def _said(answer: Answer) -> str:
    return f"{answer.kind.label}: {answer.text} ({answer.by}, {answer.at:%d/%m/%Y})"
