"""Finished files: their names, their notice, and the record of what went out."""

import csv
import hashlib
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from indicators.actions.versions import load_indicators, load_version
from indicators.kinds import Capacity
from reporting.actions.rounds import expect
from reporting.calculations.contributions import Basis
from reporting.documents.files import (
    appendix_of_round,
    appendix_of_submission,
    round_file,
    submission_file,
)
from reporting.documents.formats import FORMATS, Format
from reporting.documents.found import found_in
from reporting.models import Agency, ExportRecord, Round, Submission, User
from reporting.printing.appendix import Appendix
from reporting.queries.figures import snapshot
from tests.cast import (
    approved,
    form,
    moved,
    planned_round,
    report_of,
    stored,
    submitted,
    typed,
)
from tests.documents.readers import sheet_of
from tests.indicators import sheets

CSV = FORMATS["csv"]


@pytest.mark.parametrize(
    ("extension", "content_type", "begins"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        (
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            b"PK",
        ),
        ("pdf", "application/pdf", b"%PDF-"),
        ("csv", "text/csv; charset=utf-8", "\ufeffPhụ lục 2".encode()),
    ],
)
def test_a_submissions_file_is_named_after_form_agency_and_round(
    report: Submission, hoa: User, extension: str, content_type: str, begins: bytes
) -> None:
    file = submission_file(report, FORMATS[extension], by=hoa)
    assert file.name == f"PL2_MinhHoa_MH-QUY_SoCongThuong_ban-nhap.{extension}"
    assert file.content_type == content_type
    assert file.content.startswith(begins)


def test_the_workbook_of_a_report_tells_what_the_checks_find_in_it(
    report: Submission, hoa: User
) -> None:
    typed(report, {"1.2.a": "8", "1.2.b": "9"})
    rows = sheet_of(submission_file(stored(report), FORMATS["xlsx"], by=hoa).content, "Phát hiện")
    found = found_in(report, snapshot(report))
    codes = [row[0] for row in rows][-len(found.lines) :]
    assert codes == [line.code for line in found.lines]
    assert codes


def test_only_a_file_with_room_for_findings_asks_for_them(report: Submission, hoa: User) -> None:
    submission_file(report, CSV, by=hoa)  # what it is called by is there from then on
    with CaptureQueriesContext(connection) as plain:
        submission_file(report, CSV, by=hoa)
    with CaptureQueriesContext(connection) as told:
        submission_file(report, FORMATS["xlsx"], by=hoa)
    assert len(plain) < len(told) <= len(plain) + 6


def test_the_workbook_of_a_province_computes_its_rates(open_quarter: Round, hanh: User) -> None:
    for submission in open_quarter.submissions.filter(form_version__code="PL2-KH-2022"):
        approved(submission, {"1.2.a": "27", "1.2.b": "8"})
    content = round_file(open_quarter, form("PL2-KH-2022"), FORMATS["xlsx"], by=hanh).content
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    formulas = [cell.value for (cell,) in sheet["D1:D300"] if cell.data_type == "f"]
    assert len(formulas) == 1


def test_a_rounds_file_is_named_after_layout_and_round(open_quarter: Round, hanh: User) -> None:
    file = round_file(open_quarter, form("PL2-XA-QN-2022"), CSV, by=hanh)
    assert file.name == "PL2-XA-QN-2022_MinhHoa_MH-QUY_TongHop.csv"


def test_what_goes_out_is_recorded_with_the_hash_of_its_very_bytes(
    report: Submission, hoa: User
) -> None:
    before = timezone.now()
    file = submission_file(report, CSV, by=hoa)
    record = ExportRecord.objects.get()
    assert (record.submission, record.round, record.by) == (report, report.round, hoa)
    assert (record.format, record.file_name, record.via) == ("csv", file.name, "page")
    assert record.sha256 == hashlib.sha256(file.content).hexdigest()
    assert before <= record.at <= before + timedelta(minutes=1)


def test_a_rounds_table_is_recorded_without_a_submission(open_quarter: Round, hanh: User) -> None:
    file = round_file(open_quarter, form("PL2-KH-2022"), CSV, by=hanh)
    record = ExportRecord.objects.get()
    assert (record.submission, record.round, record.by) == (None, open_quarter, hanh)
    assert record.sha256 == hashlib.sha256(file.content).hexdigest()


def test_a_file_taken_twice_is_recorded_twice(report: Submission, hoa: User, hanh: User) -> None:
    first = submission_file(report, CSV, by=hoa)
    again = submission_file(report, CSV, by=hanh)
    assert [record.by for record in ExportRecord.objects.all()] == [hoa, hanh]
    assert first.content == again.content


def test_a_file_that_was_not_made_is_not_recorded(report: Submission, hoa: User) -> None:
    def full_disk(appendix: Appendix) -> bytes:
        raise OSError(appendix.title)

    with pytest.raises(OSError, match="BIỂU MẪU THỐNG KÊ"):
        submission_file(report, Format("csv", "CSV", "text/csv", full_disk), by=hoa)
    assert not ExportRecord.objects.exists()


# What is printed above the table


def test_a_report_not_yet_approved_says_so_and_where_it_stands(
    report: Submission, hanh: User
) -> None:
    assert appendix_of_submission(report).notice == "Bản chưa duyệt (chưa nhập)."
    typed(report, {"1.1": "3"})
    assert appendix_of_submission(stored(report)).notice == "Bản chưa duyệt (đang nhập)."
    submitted(report, {"1.1": "4"})
    assert appendix_of_submission(stored(report)).notice == "Bản chưa duyệt (đã gửi)."
    moved(report, "return", by=hanh, reason="Kiểm tra lại.")
    assert appendix_of_submission(stored(report)).notice == "Bản chưa duyệt (trả lại)."
    assert appendix_of_submission(stored(report)).standing == "Bản chưa duyệt"


def test_an_approved_report_carries_no_such_notice(report: Submission) -> None:
    approved(report, {"1.1": "3"})
    assert appendix_of_submission(stored(report)).notice == ""
    assert appendix_of_submission(stored(report)).standing == ""


def test_a_provisional_table_says_so_and_no_other(open_quarter: Round) -> None:
    layout = form("PL2-KH-2022")
    provisional = appendix_of_round(open_quarter, layout, Basis.HANDED_IN)
    assert provisional.standing == "Số tạm tính"
    assert provisional.notice.startswith("Số tạm tính. ")
    assert appendix_of_round(open_quarter, layout).standing == ""


def test_the_rounds_own_notice_stands_before_it(report: Submission) -> None:
    report.round.notice = "Số liệu minh họa, không phải số liệu thật."
    assert appendix_of_submission(report).notice == (
        "Số liệu minh họa, không phải số liệu thật. Bản chưa duyệt (chưa nhập)."
    )


def test_the_notice_is_in_the_file(report: Submission, hoa: User) -> None:
    content = submission_file(report, CSV, by=hoa).content.decode("utf-8-sig")
    assert ["Bản chưa duyệt (chưa nhập)."] in list(csv.reader(StringIO(content)))


def test_a_rounds_table_says_on_how_many_reports_it_stands(
    open_quarter: Round, report: Submission, noi_vu_report: Submission
) -> None:
    approved(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "4"})
    appendix = appendix_of_round(open_quarter, form("PL2-KH-2022"))
    assert appendix.notice == "Tổng hợp khi đã duyệt 1/4 báo cáo."
    assert [line.figure.text for line in appendix.lines if line.key == "1.1"] == ["3"]


def test_the_signer_is_the_reports_own_or_else_the_agencys(report: Submission) -> None:
    assert appendix_of_submission(report).signature.signer_title == "GIÁM ĐỐC"
    report.signer_title, report.signer_name = "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "Đỗ Thị Lan"
    signature = appendix_of_submission(report).signature
    assert (signature.signer_title, signature.signer_name) == (
        "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
        "Đỗ Thị Lan",
    )


# What the checks of a report compare it with


def reports_of_two_rounds(
    province: Agency, at: Agency, by: User, condition: str
) -> tuple[Submission, Submission]:
    """Return two reports, one a round after the other, under a form with one rule."""
    load_indicators(sheets.indicator_lines())
    load_version(sheets.sheet(rules=[{**sheets.RULE, "condition": condition}]))
    version = form("THU-2026")
    rounds = [planned_round(province, f"MH-{ago}", data_to_days_ago=ago) for ago in (100, 0)]
    for round_ in rounds:
        expect(round=round_, asked=[(at, version, Capacity.BOTH)], by=by)
    before, now = (report_of(round_, at) for round_ in rounds)
    approved(before, {"1.1.a": "8", "1.1.b": "8"})
    return before, stored(now)


def holds(report: Submission) -> list[bool | None]:
    checks = appendix_of_submission(stored(report)).checks
    assert checks is not None
    return [line.holds for line in checks.rules]


def test_a_report_is_checked_against_the_round_before(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User
) -> None:
    condition = "[1.1.a] >= previous([1.1.a])"
    before, now = reports_of_two_rounds(minh_hoa, so_cong_thuong, hanh, condition)
    assert (holds(before), holds(now)) == ([None], [None])
    typed(now, {"1.1.a": "7", "1.1.b": "7"})
    assert holds(now) == [False]


def test_earlier_reports_are_read_only_for_rules_that_ask_for_them(
    minh_hoa: Agency,
    so_cong_thuong: Agency,
    hanh: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    condition = "[1.1.b] <= [1.1.a] and given([1.1.a])"
    _, now = reports_of_two_rounds(minh_hoa, so_cong_thuong, hanh, condition)
    appendix_of_submission(now)
    with django_assert_num_queries(2):  # figures and details; the form is remembered
        appendix_of_submission(now)
