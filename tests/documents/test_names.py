"""What files are called."""

import re

import pytest

from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import Basis
from reporting.documents.files import (
    File,
    filing_file,
    publication_file,
    record_export,
    round_file,
    submission_file,
)
from reporting.documents.findings import findings_file
from reporting.documents.formats import FORMATS
from reporting.documents.names import LONGEST_PART, form_name, matrix_stem
from reporting.documents.record import record_of
from reporting.models import Round, Submission, User
from reporting.printing.appendix import Paper
from reporting.printing.sections import sections
from tests.cast import approved, form, moved, published, stored, submitted, typed

CSV = FORMATS["csv"]


@pytest.fixture
def first_quarter(report: Submission) -> Round:
    """The round of a province and a period that are called as real ones are."""
    round_ = report.round
    round_.period_text = "quý I năm 2022"
    round_.save()
    round_.province.name = "Tỉnh Khánh Hòa"
    round_.province.save()
    return round_


def test_a_report_is_named_as_people_speak_of_it(
    first_quarter: Round, report: Submission, hoa: User, hanh: User
) -> None:
    begin = "PL2_KhanhHoa_QuyI-2022_SoCongThuong"
    typed(report, {"1.1": "3"})
    assert submission_file(stored(report), CSV, by=hoa).name == f"{begin}_ban-nhap.csv"
    submitted(report, {"1.1": "4"})
    now = stored(report)
    assert submission_file(now, CSV, by=hoa).name == f"{begin}_lan1.csv"
    assert filing_file(now, now.filings.get(), CSV, by=hoa).name == f"{begin}_lan1.csv"
    assert findings_file(now, by=hoa).name == f"KiemTra_{begin}_lan1.xlsx"
    moved(report, "return", by=hanh, reason="Xem lại.")
    assert submission_file(stored(report), CSV, by=hoa).name == f"{begin}_ban-nhap.csv"
    approved(report, {"1.1": "5"})
    assert submission_file(stored(report), CSV, by=hoa).name == f"{begin}_lan2.csv"


def test_a_provinces_table_is_named_by_what_it_is(
    first_quarter: Round, report: Submission, hanh: User
) -> None:
    begin, layout = "PL2_KhanhHoa_QuyI-2022", form("PL2-KH-2022")
    provisional = round_file(first_quarter, layout, CSV, by=hanh, basis=Basis.HANDED_IN)
    assert provisional.name == f"{begin}_TamTinh.csv"
    assert round_file(first_quarter, layout, CSV, by=hanh).name == f"{begin}_TongHop.csv"
    approved(report, {"1.1": "3"})
    made = published(first_quarter)
    assert publication_file(made, CSV, by=hanh).name == f"{begin}_TongHop_congbo1.csv"
    assert matrix_stem(layout, first_quarter) == f"BangSo_{begin}"


def test_two_forms_of_one_heading_have_two_names(first_quarter: Round, hanh: User) -> None:
    other = form("PL2-XA-QN-2022")
    assert other.appendix_label == form("PL2-KH-2022").appendix_label
    assert round_file(first_quarter, other, CSV, by=hanh).name == (
        "PL2-XA-QN-2022_KhanhHoa_QuyI-2022_TongHop.csv"
    )


def test_a_part_is_named_by_its_place_in_the_form(
    first_quarter: Round, report: Submission, hoa: User
) -> None:
    third = sections(form_definition(report.form_version))[2]
    paper = Paper(is_document=True, is_wide=True, section=third.key)
    assert submission_file(report, CSV, by=hoa, paper=paper).name == (
        "PL2_KhanhHoa_QuyI-2022_SoCongThuong_ban-nhap_Phan3.csv"
    )


def test_a_name_is_plain_and_short_whatever_an_agency_is_called(
    first_quarter: Round, report: Submission, hoa: User
) -> None:
    report.agency_name = "../<Sở> “Đủ Thứ” & 🙂\n" + "Một Tên Rất Dài " * 20
    report.round.province.name = "Tỉnh " + "Dài " * 60
    name = submission_file(report, CSV, by=hoa).name
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", name)
    assert len(name) <= 200
    assert f"_SoDuThu{'MotTenRatDai' * 20}"[: LONGEST_PART + 1] in name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("PHỤ LỤC 2", "PL2"),
        ("Phụ lục I", "PLI"),
        ("Biểu mẫu 7", "BM7"),
        ("Biểu số 03", "B03"),
        ("Phụ lục 2a", "PL2a"),
        ("", "PL2-KH-2022"),
        ("🙂", "PL2-KH-2022"),
        ("Phụ lục của báo cáo cải cách hành chính quý của các sở ban ngành", "PL2-KH-2022"),
    ],
)
def test_a_form_is_called_by_its_heading(label: str, name: str) -> None:
    assert form_name(label, "PL2-KH-2022") == name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ThuTraLai_MinhHoa_QuyI-2022_SoCongThuong.docx", "thư trả lại"),
        ("KiemTra_PL2_MinhHoa_QuyI-2022_SoCongThuong_lan1.xlsx", "kết quả kiểm tra"),
        ("Quyen_PL2_MinhHoa_QuyI-2022.zip", "quyển phụ lục"),
        ("PL2_MinhHoa_QuyI-2022_SoCongThuong_lan1.pdf", "phụ lục"),
    ],
)
def test_the_record_calls_a_file_by_what_it_is(
    report: Submission, hoa: User, name: str, told: str
) -> None:
    record_export(
        File(name, "x", b"x"), "docx", round_=report.round, submission=report, by=hoa, via="page"
    )
    [event] = [one for one in record_of(stored(report)).events if name in one.what]
    assert event.what == f"tải {told} DOCX ({name})"
