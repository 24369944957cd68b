"""The code that a file bears: one for the same content, another for another."""

import csv
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from pytest_django import Settings

from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import Basis
from reporting.documents.files import (
    appendix_of_submission,
    blank_file,
    filing_file,
    publication_file,
    round_file,
    submission_file,
)
from reporting.documents.formats import FORMATS, Format
from reporting.filing import sha256_of
from reporting.models import ExportRecord, Round, Submission, User, VerificationCode
from reporting.printing.appendix import Appendix, Paper
from reporting.printing.sections import sections
from reporting.verification.codes import read_code
from reporting.verification.content import content_of, content_text
from tests.cast import approved, form, moved, published, stored, submitted, typed

CSV = FORMATS["csv"]


def last_code() -> VerificationCode:
    code = (
        ExportRecord.objects.order_by("pk")
        .select_related("code")[ExportRecord.objects.count() - 1]
        .code
    )
    assert code is not None
    return code


def test_a_report_printed_twice_bears_one_code_in_the_same_bytes(
    report: Submission, hoa: User, hanh: User
) -> None:
    typed(report, {"1.1": "3"})
    first = submission_file(stored(report), CSV, by=hoa)
    again = submission_file(stored(report), CSV, by=hanh)
    assert first.content == again.content
    code = VerificationCode.objects.get()
    assert read_code(code.code) == code.code
    assert [export.code for export in ExportRecord.objects.all()] == [code, code]
    assert (code.submission, code.filing, code.publication) == (report, None, None)
    assert (code.state, code.round, code.form_version) == (
        "draft",
        report.round,
        report.form_version,
    )


def test_another_figure_is_another_code(report: Submission, hoa: User) -> None:
    codes = []
    for figure in ("3", "4", "3"):
        typed(report, {"1.1": figure})
        submission_file(stored(report), CSV, by=hoa)
        codes.append(last_code())
    assert codes[0] != codes[1]
    assert codes[0] == codes[2]  # what was printed before is said again


def test_a_handing_in_has_its_own_code_and_so_has_what_is_printed_of_the_report(
    report: Submission, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    filing = report.filings.get()
    filing_file(stored(report), filing, CSV, by=hoa)
    submission_file(stored(report), CSV, by=hoa)
    moved(report, "approve", by=hanh)
    submission_file(stored(report), CSV, by=hoa)
    codes = VerificationCode.objects.all()
    assert [(code.filing, code.state) for code in codes] == [
        (filing, "submitted"),
        (filing, "submitted"),
        (filing, "approved"),
    ]


def test_the_same_content_handed_in_again_has_a_code_of_its_own(
    report: Submission, hoa: User, hanh: User
) -> None:
    for _ in range(2):
        approved(report, {"1.1": "3"})
        submission_file(stored(report), CSV, by=hoa)
        moved(report, "reopen", by=hanh, reason="Xem lại.")
    first, second = VerificationCode.objects.all()
    assert first.sha256 == second.sha256
    assert (first.filing, second.filing) == tuple(report.filings.order_by("number"))


def test_part_letterhead_and_direction_change_nothing_of_the_code(
    report: Submission, hoa: User
) -> None:
    part = sections(form_definition(report.form_version))[1]
    papers = (
        Paper(),
        Paper(is_wide=True),
        Paper(is_document=True),
        Paper(is_document=True, is_wide=True, section=part.key),
    )
    for paper in papers:
        submission_file(report, CSV, by=hoa, paper=paper)
    assert VerificationCode.objects.count() == 1
    assert list(ExportRecord.objects.order_by("pk").values_list("layout", flat=True)) == [
        "",
        "khổ ngang",
        "có quốc hiệu",
        f"phần {part.name}, có quốc hiệu, khổ ngang",
    ]


def test_a_provinces_table_has_codes_by_basis_content_and_publication(
    open_quarter: Round, report: Submission, hanh: User
) -> None:
    layout = form("PL2-KH-2022")
    round_file(open_quarter, layout, CSV, by=hanh)
    round_file(open_quarter, layout, CSV, by=hanh)
    round_file(open_quarter, layout, CSV, by=hanh, basis=Basis.HANDED_IN)
    approved(report, {"1.1": "3"})
    round_file(open_quarter, layout, CSV, by=hanh)
    made = published(open_quarter)
    publication_file(made, CSV, by=hanh)
    publication_file(made, CSV, by=hanh)
    codes = VerificationCode.objects.all()
    assert [(code.basis, code.publication) for code in codes] == [
        ("duyet", None),
        ("gui", None),
        ("duyet", None),
        ("", made),
    ]


def drawn_appendix(report: Submission, by: User) -> Appendix:
    """Return what a format is given to draw."""
    given: list[Appendix] = []

    def draw(appendix: Appendix) -> bytes:
        given.append(appendix)
        return b"x"

    submission_file(report, Format("csv", "CSV", "text/csv", draw), by=by)
    return given[0]


def test_the_mark_leads_to_the_portals_own_address(
    report: Submission, hoa: User, settings: Settings
) -> None:
    settings.PORTAL_URL = "https://thongke.example.vn"
    mark = drawn_appendix(report, hoa).mark
    assert mark is not None
    assert mark.code == VerificationCode.objects.get().code
    assert mark.address == f"https://thongke.example.vn/kiem-chung/{mark.code}/"


def test_a_csv_ends_with_its_code(report: Submission, hoa: User) -> None:
    content = submission_file(report, CSV, by=hoa).content.decode("utf-8-sig")
    code = VerificationCode.objects.get().code
    assert list(csv.reader(StringIO(content)))[-1] == [
        "Mã kiểm chứng",
        code,
        f"{settings.PORTAL_URL}/kiem-chung/{code}/",
    ]


def test_a_blank_form_bears_no_code(report: Submission) -> None:
    appendix = appendix_of_submission(report)
    file = blank_file(appendix, report.form_version, "Mau trong", CSV)
    assert "Mã kiểm chứng" not in file.content.decode()
    assert not VerificationCode.objects.exists()


def test_what_is_kept_says_what_is_printed(report: Submission, hoa: User) -> None:
    typed(report, {"1.1": "5356"})
    appendix = appendix_of_submission(stored(report))
    content = content_of(content_text(appendix))
    assert [line.label for line in content.lines] == [line.label for line in appendix.lines]
    [line] = [line for line in content.lines if line.key == "1.1"]
    assert (line.figure, str(line.number)) == ("5.356", "5356")
    assert appendix.title in content.above
    assert content.sha256 == sha256_of(content_text(appendix))


@pytest.mark.parametrize("part", ["title", "legal_line", "notice", "label"])
def test_whatever_stands_above_the_table_is_of_the_content(report: Submission, part: str) -> None:
    appendix = appendix_of_submission(report)
    other: dict[str, Any] = {part: "khác"}
    assert content_text(replace(appendix, **other)) != content_text(appendix)
