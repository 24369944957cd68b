"""The files behind a report as lists and counts."""

from pytest_django import DjangoAssertNumQueries

from indicators.queries.definitions import form_definition
from reporting.actions.evidence import remove_file
from reporting.models import Submission, User
from reporting.queries.evidence import attached_files, evidence_counts
from tests.reporting.files_by_hand import attached, pdf


def test_files_are_listed_by_place_those_of_the_whole_report_first(
    report: Submission, hoa: User
) -> None:
    attached(report, "c.pdf", row_key="1.6")
    attached(report, "b.pdf", row_key="1.1")
    made = attached(report, "a.pdf", row_key=None)
    remove_file(evidence=attached(report, "gone.pdf", pdf("gone"), row_key=None), by=hoa)
    files = attached_files(report)
    assert [(file.name, file.row_key, file.row_name) for file in files] == [
        ("a.pdf", "", "Cả báo cáo"),
        ("b.pdf", "1.1", "1.1 Số văn bản chỉ đạo CCHC đã ban hành (Kế…"),
        ("c.pdf", "1.6", "1.6 Khảo sát sự hài lòng của người dân, tổ chức"),
    ]
    first = files[0]
    assert (first.pk, first.size, first.sha256, first.by, first.at) == (
        made.pk,
        made.size,
        made.sha256,
        "Nguyễn Thị Hoa",
        made.at,
    )


def test_the_files_of_one_row_are_its_own(report: Submission) -> None:
    for row_key in ("1.6", "1.1", None):
        attached(report, f"{row_key}.pdf", row_key=row_key)
    assert [file.name for file in attached_files(report, row_key="1.1")] == ["1.1.pdf"]
    assert attached_files(report, row_key="99.9") == []


def test_files_are_counted_by_row(report: Submission, commune_report: Submission) -> None:
    rows = form_definition(report.form_version).by_key
    for title in ("a", "b"):
        attached(report, f"{title}.pdf", pdf(title), row_key="1.1")
    gone = attached(report, "c.pdf", pdf("c"), row_key="1.1")
    remove_file(evidence=gone, by=gone.by)
    attached(report, row_key="1.6")
    attached(report, row_key=None)
    attached(commune_report, row_key=None)
    assert evidence_counts(report) == {None: 1, rows["1.1"].id: 2, rows["1.6"].id: 1}
    assert evidence_counts(commune_report) == {None: 1}


def test_lists_and_counts_cost_the_same_queries_however_many(
    report: Submission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    form_definition(report.form_version)
    for number in range(4):
        attached(report, f"{number}.pdf", pdf(str(number)), row_key=["1.1", "1.6"][number % 2])
        with django_assert_num_queries(1):
            assert len(attached_files(report)) == number + 1
        with django_assert_num_queries(1):
            evidence_counts(report)
