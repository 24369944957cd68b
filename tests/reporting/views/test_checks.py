"""The page that clears findings, the same beside a row and before handing in; its Excel list."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from reporting.models import ExportRecord, Submission, User
from tests.cast import moved, stored, typed
from tests.guards import record_open
from tests.reporting.checked import (
    ERROR,
    GOOD,
    STRANGE,
    WARNING,
    WRONG,
    boxes,
    checked_form,
    found,
    report,
    said,
    seen,
)

__all__ = ["checked_form", "report"]
BOTH = {"1.1.a": "150", "1.1.b": "151"}


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


@pytest.fixture
def hanhs(hanh: User) -> Client:
    client = Client()
    client.force_login(hanh)
    return client


def one_box(
    report: Submission, name: str, text: str, *, of_reviewer: bool = False
) -> dict[str, str]:
    return boxes(seen(report, {name: text}, of_reviewer=of_reviewer))


def page(client: Client, report: Submission, query: str = "") -> str:
    response = client.get(f"/bao-cao/{report.pk}/kiem-tra/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_finding_tells_place_figures_rule_and_next_step(report: Submission, hoas: Client) -> None:
    typed(report, WRONG)
    html = page(hoas, report)
    for told in (
        "Còn <b>1</b> điểm phải xử lý trước khi gửi",
        "Số đúng hạn &lt;b&gt;lớn hơn&lt;/b&gt; tổng số.",
        f'<a href="/bao-cao/{report.pk}/#r-1.1.b">«Đúng hạn»</a>: <b class="figure">5</b>',
        "<dt>Số ghi</dt><dd>5, lớn hơn 4</dd>",
        "<dt>Phải là</dt><dd>nhiều nhất 4</dd>",
        "<dt>Quy tắc</dt><dd>«Đúng hạn» ≤ «Tổng số»</dd>",
        "<dt>Việc cần làm</dt><dd>Hãy xem lại hai dòng.</dd>",
    ):
        assert told in html
    assert "<b>lớn hơn</b>" not in html


def test_a_report_without_findings_says_so(report: Submission, hoas: Client) -> None:
    typed(report, GOOD)
    assert "Kiểm tra không thấy gì cần xem lại." in page(hoas, report)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["Q01", "Q02"]),
        ("?loc=con-lai", ["Q01", "Q02"]),
        ("?loc=loi", ["Q01"]),
        ("?loc=canh-bao", ["Q02"]),
        ("?loc=luu-y", []),
        ("?loc=gi-do", ["Q01", "Q02"]),
    ],
)
def test_findings_are_filtered(
    report: Submission, hoas: Client, query: str, codes: list[str]
) -> None:
    typed(report, BOTH)
    shown = hoas.get(f"/bao-cao/{report.pk}/kiem-tra/{query}").context["found"]
    assert [one.weighed.finding.code for one in shown] == codes


def test_the_agency_explains_and_the_reviewer_waives_on_the_same_page(
    report: Submission, hoas: Client, hanhs: Client
) -> None:
    typed(report, BOTH)
    address = f"/bao-cao/{report.pk}/kiem-tra/"
    texts = boxes(seen(report, {WARNING: " Cấp đổi\r\nđợt hai ", ERROR: "Tồn kỳ trước."}))
    assert hoas.post(address, {"kind": "explanation", **texts}).status_code == 302
    assert "Còn <b>1</b> điểm" in page(hoas, report)
    html = page(hanhs, report)
    assert "<b>Giải trình:</b> Tồn kỳ trước." in html
    assert "Lý do miễn, hoặc không miễn" in html
    assert html.count("<textarea") == 1
    assert (
        hanhs.post(
            address, {"kind": "waiver", **one_box(report, ERROR, "Đúng.", of_reviewer=True)}
        ).status_code
        == 302
    )
    assert sorted(said(report)) == [
        ("Q01", "1.1.b", "explanation", "Tồn kỳ trước.", "hoa"),
        ("Q01", "1.1.b", "waiver", "Đúng.", "hanh"),
        ("Q02", "1.1.a", "explanation", "Cấp đổi\nđợt hai", "hoa"),
    ]
    assert "Không còn điểm nào phải xử lý." in page(hoas, report)


def test_what_is_said_is_shown_as_words(report: Submission, hoas: Client, hanhs: Client) -> None:
    typed(report, STRANGE)
    hoas.post(f"/bao-cao/{report.pk}/kiem-tra/", one_box(report, WARNING, "<script>x</script>"))
    for client in (hoas, hanhs):
        assert "<script>x" not in page(client, report)
        assert "&lt;script&gt;x&lt;/script&gt;" in page(client, report)


def test_what_was_said_of_other_figures_is_offered_again(report: Submission, hoas: Client) -> None:
    typed(report, STRANGE)
    address = f"/bao-cao/{report.pk}/kiem-tra/"
    hoas.post(address, one_box(report, WARNING, "Chiến dịch."))
    typed(report, {"1.1.a": "900"})
    assert "Giữ nội dung cũ: «Chiến dịch.» (ghi ngày " in page(hoas, report)
    hoas.post(address, {**one_box(report, WARNING, ""), f"con-dung-{WARNING}": "Chiến dịch."})
    assert not found(report)[WARNING].is_open


def test_who_may_only_look_has_no_box(report: Submission, dat: User, client: Client) -> None:
    typed(report, BOTH)
    client.force_login(dat)
    html = page(client, report)
    assert "<textarea" not in html
    assert "Lỗi chưa được miễn." in html
    response = client.post(f"/bao-cao/{report.pk}/kiem-tra/", one_box(report, ERROR, "Đúng."))
    assert response.status_code == 409
    assert said(report) == []


def test_a_refused_text_stays_in_its_box(report: Submission, hoas: Client) -> None:
    typed(report, STRANGE)
    response = hoas.post(f"/bao-cao/{report.pk}/kiem-tra/", one_box(report, WARNING, "dài " * 1000))
    assert response.status_code == 409
    assert "nhiều nhất 2000. Hãy viết ngắn lại." in response.content.decode()
    assert response.context["found"][0].typed.startswith("dài dài")


def test_what_was_typed_for_a_figure_that_has_changed_is_shown_again(
    report: Submission, hoas: Client
) -> None:
    typed(report, STRANGE)
    fields = one_box(report, WARNING, "Chiến dịch cấp đổi.")
    typed(report, {"1.1.a": "900"})
    response = hoas.post(f"/bao-cao/{report.pk}/kiem-tra/", fields)
    assert response.status_code == 409
    html = response.content.decode()
    assert "số đã đổi từ khi ông/bà mở trang, nay là 900, lớn hơn 100" in html
    assert html.count("Chiến dịch cấp đổi.") == 2
    assert said(report) == []


def test_handing_in_asks_for_answers_first_and_leads_on(report: Submission, hoas: Client) -> None:
    typed(report, STRANGE)
    address = f"/bao-cao/{report.pk}/gui/"
    html = hoas.get(address).content.decode()
    assert "Phải xử lý trước khi gửi (1)" in html
    assert "Còn 1 cảnh báo chưa giải trình nên báo cáo chưa gửi được." in html
    assert "Gửi Sở Nội vụ</button>" not in html
    refused = hoas.post(address, {"revision": stored(report).revision})
    assert refused.status_code == 409
    answered = hoas.post(
        f"/bao-cao/{report.pk}/kiem-tra/",
        {**one_box(report, WARNING, "Chiến dịch."), "submit": "1"},
    )
    assert answered.headers["Location"] == address
    assert "Gửi Sở Nội vụ</button>" in hoas.get(address).content.decode()
    assert hoas.post(address, {"revision": stored(report).revision}).status_code == 302
    assert stored(report).state == "submitted"


def test_after_handing_in_the_page_shows_what_was_found_then(
    report: Submission, hoas: Client, hoa: User
) -> None:
    typed(report, STRANGE)
    hoas.post(f"/bao-cao/{report.pk}/kiem-tra/", one_box(report, WARNING, "Chiến dịch."))
    moved(report, "submit", by=hoa)
    html = page(hoas, report)
    assert "Như khi gửi lúc" in html
    assert "<b>Giải trình:</b> Chiến dịch." in html
    assert "<textarea" not in html
    assert "Theo quy tắc hiện nay." in page(hoas, report, "?nay")
    last = report.check_runs.get()
    with record_open():
        last.findings.update(version="0000")
    html = page(hoas, report)
    assert "quy tắc đã đổi từ khi gửi" in html
    assert "Quy tắc Q02 đã đổi từ đó." in html


def test_a_warning_is_explained_beside_its_figure(report: Submission, hoas: Client) -> None:
    typed(report, STRANGE)
    address = f"/bao-cao/{report.pk}/dong/1.1.a/"
    html = hoas.get(address).content.decode()
    assert "Tổng số hồ sơ lớn khác thường." in html
    response = hoas.post(
        address, {"kind": "explanation", **one_box(report, WARNING, "Chiến dịch.")}
    )
    assert response.status_code == 302
    assert not found(report)[WARNING].is_open
    assert ">Chiến dịch.</textarea>" in hoas.get(address).content.decode()
    assert "lớn khác thường" not in hoas.get(f"/bao-cao/{report.pk}/dong/1.1.b/").content.decode()


def test_the_list_for_excel_has_all_that_the_page_tells(report: Submission, hoas: Client) -> None:
    typed(report, BOTH)
    hoas.post(f"/bao-cao/{report.pk}/kiem-tra/", one_box(report, WARNING, "=HYPERLINK(1)"))
    response = hoas.get(f"/bao-cao/{report.pk}/kiem-tra.xlsx")
    assert response.status_code == 200
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    header = next(place for place, row in enumerate(rows) if row[0] == "Mã")
    assert [row[:5] for row in rows[header + 1 :]] == [
        ["Q01", "lỗi", "«Đúng hạn»", "Số đúng hạn <b>lớn hơn</b> tổng số.", "151, lớn hơn 150"],
        ["Q02", "cảnh báo", "«Tổng số»", "Tổng số hồ sơ lớn khác thường.", "150, lớn hơn 100"],
    ]
    assert str(rows[-1][8]).startswith("Giải trình: =HYPERLINK(1) (Nguyễn Thị Hoa, ")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    record = ExportRecord.objects.get()
    assert (record.format, record.submission) == ("xlsx", report)


def test_the_desk_tells_what_was_found_and_who_asks_for_a_waiver(
    report: Submission, hoas: Client, hanhs: Client, hoa: User
) -> None:
    typed(report, WRONG)
    desk = f"/dot/{report.round.code}/"
    assert "Đề nghị miễn lỗi" not in hanhs.get(desk).content.decode()
    hoas.post(f"/bao-cao/{report.pk}/kiem-tra/", one_box(report, ERROR, "Đúng vậy."))
    assert "Đề nghị miễn lỗi" in hanhs.get(desk).content.decode()
    asking = hanhs.get(f"{desk}?trang-thai=xin-mien").context["reports"]
    assert [one.submission for one in asking] == [report]
    hanhs.post(
        f"/bao-cao/{report.pk}/kiem-tra/",
        {"kind": "waiver", **one_box(report, ERROR, "Được.", of_reviewer=True)},
    )
    moved(report, "submit", by=hoa)
    html = hanhs.get(desk).content.decode()
    assert "Đề nghị miễn lỗi" not in html
    assert f'<a href="/bao-cao/{report.pk}/kiem-tra/">1 lỗi (đã miễn)</a>' in html


def test_the_page_costs_the_same_however_many_findings(report: Submission, hoas: Client) -> None:
    counts = []
    for figures in (GOOD, BOTH):
        typed(report, figures)
        with CaptureQueriesContext(connection) as captured:
            page(hoas, report)
        counts.append(len(captured))
    assert counts[0] == counts[1]
