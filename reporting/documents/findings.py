"""The findings of a report as a list for Excel."""

from reporting.documents.files import File, record_export
from reporting.documents.formats import xlsx
from reporting.documents.formats.listing import Listing, render_listing
from reporting.documents.found import found_in
from reporting.documents.names import CHECKS_STEM, UNSENT, handed_in, report_stem
from reporting.models import Submission, User
from reporting.printing.notes import FoundLine
from reporting.queries.figures import snapshot
from reporting.queries.filings import filing_in_force

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
    found = found_in(submission, snapshot(submission))
    listing = Listing(
        name="Kết quả kiểm tra",
        title=f"Kết quả kiểm tra số liệu: {submission.whose}",
        notes=[f"{submission.round}, {submission.form_version.code}. {found.when}".strip()],
        headings=HEADINGS,
        rows=[_row(line) for line in found.lines],
    )
    filing = filing_in_force(submission)
    standing = handed_in(filing.number) if filing is not None else UNSENT
    stem = report_stem(submission.form_version, submission.round, submission.whose, standing)
    file = File(f"{CHECKS_STEM}_{stem}.xlsx", xlsx.CONTENT_TYPE, render_listing(listing))
    record_export(file, "xlsx", round_=submission.round, submission=submission, by=by, via=via)
    return file


def _row(line: FoundLine) -> list[str]:
    return [
        line.code,
        line.severity,
        line.row,
        line.sentence,
        line.found,
        line.expected,
        line.formula,
        line.instruction,
        "\n".join(line.answers),
    ]
