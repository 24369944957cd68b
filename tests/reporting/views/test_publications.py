"""Publishing on the page: what is shown before, what is asked, what stays to be read."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from reporting.models import ExportRecord, Publication, Submission, User
from tests.cast import approved, moved, published, submitted
from tests.guards import record_open

PAGE = "/dot/MH-QUY/cong-bo/"
FIRST = "/dot/MH-QUY/cong-bo/PL2-KH-2022/1/"


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def seen(client: Client) -> str:
    found: str = client.get(PAGE).context["seen"]
    return found


def test_a_table_is_published_with_number_date_and_signer(
    report: Submission, hanhs: Client, hanh: User
) -> None:
    approved(report, {"1.1": "3"})
    page = hanhs.get(PAGE)
    assert "Còn 3/4 báo cáo chưa duyệt" in text_of(page)
    posted = {
        "seen": page.context["seen"],
        "report_number": "31/BC-UBND",
        "report_date": "20/3/2026",
        "signer_title": "KT. CHỦ TỊCH",
        "signer_name": "Đặng Văn Sơn",
        "sure": "on",
    }
    answer = hanhs.post(PAGE, posted)
    assert (answer.status_code, answer.headers["Location"]) == (302, FIRST)
    made = Publication.objects.get()
    assert (made.report_number, made.signer_name, made.by) == ("31/BC-UBND", "Đặng Văn Sơn", hanh)
    shown = text_of(hanhs.get(FIRST))
    assert made.sha256 in shown
    assert "Đặng Văn Sơn" in shown
    assert "Tổng hợp khi đã duyệt 1/4 báo cáo." in shown


def test_what_should_be_known_has_to_be_confirmed(report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "3"})
    answer = hanhs.post(PAGE, {"seen": seen(hanhs)})
    assert answer.status_code == 422
    assert "Hãy đánh dấu là đã xem những điều cần lưu ý." in text_of(answer)
    assert not Publication.objects.exists()


def test_figures_that_changed_meanwhile_are_shown_before_they_are_published(
    report: Submission, noi_vu_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "3"})
    before = seen(hanhs)
    approved(noi_vu_report, {"1.1": "4"})
    answer = hanhs.post(PAGE, {"seen": before, "sure": "on", "report_date": ""})
    assert answer.status_code == 422
    assert "Số tổng hợp đã thay đổi sau khi ông/bà mở trang này." in text_of(answer)
    assert answer.context["seen"] != before


@pytest.mark.parametrize(
    ("field", "typed_", "told"),
    [
        ("report_date", "1/1/2999", "hãy ghi ngày ký báo cáo"),
        ("report_date", "ba mươi", "Ngày báo cáo"),
        ("report_number", "x" * 61, "Số báo cáo"),
    ],
)
def test_a_heading_that_cannot_be_is_told(
    report: Submission, hanhs: Client, field: str, typed_: str, told: str
) -> None:
    approved(report, {"1.1": "3"})
    answer = hanhs.post(PAGE, {"seen": seen(hanhs), "sure": "on", field: typed_})
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not Publication.objects.exists()


def test_a_round_without_approved_reports_offers_no_form(report: Submission, hanhs: Client) -> None:
    submitted(report, {"1.1": "3"})
    assert "<b>Chưa có báo cáo nào được duyệt</b> nên chưa có số để công bố" in text_of(
        hanhs.get(PAGE)
    )


def test_a_viewer_reads_publications_and_publishes_none(
    report: Submission, dat: User, client: Client
) -> None:
    approved(report, {"1.1": "3"})
    published(report.round)
    client.force_login(dat)
    page = client.get(PAGE)
    assert "form" not in page.context
    assert "Lần 1" in text_of(page)
    assert client.get(FIRST).status_code == 200
    assert client.post(PAGE, {}).status_code == 404


@pytest.fixture
def twice(report: Submission, noi_vu_report: Submission, hanh: User) -> Submission:
    """Published, corrected, published again."""
    approved(report, {"1.1": "3"})
    published(report.round)
    moved(report, "reopen", by=hanh, reason="Sai.")
    approved(report, {"1.1": "5"})
    approved(noi_vu_report, {"1.1": "100"})
    published(report.round, reason="Sở Công Thương sửa số.")
    return report


def test_the_second_tells_what_it_changed_and_the_first_that_it_is_replaced(
    twice: Submission, hanhs: Client
) -> None:
    second = hanhs.get("/dot/MH-QUY/cong-bo/PL2-KH-2022/2/")
    (line,) = second.context["changed"]
    assert (line.before.figure.text, line.after.figure.text) == ("3", "105")
    assert {(one.agency, one.what) for one in second.context["changed_reports"]} == {
        ("Sở Công Thương", "sửa 1 số liệu"),
        ("Sở Nội vụ", "mới được cộng"),
    }
    assert "Sở Công Thương sửa số." in text_of(second)
    first = hanhs.get(FIRST)
    assert first.context["later"].number == 2
    assert first.context["changed"] == ()


def test_an_old_publication_prints_as_it_did(twice: Submission, hanhs: Client) -> None:
    before = hanhs.get(f"{FIRST}phu-luc.csv").content
    sheet = load_workbook(BytesIO(hanhs.get(f"{FIRST}phu-luc.xlsx").content)).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (line,) = [row for row in cells if row[0] == "1.1"]
    assert line[3] == 3
    assert hanhs.get(f"{FIRST}phu-luc.csv").content == before
    assert hanhs.get(f"{FIRST}phu-luc.pdf").content.startswith(b"%PDF")
    names = list(ExportRecord.objects.values_list("file_name", flat=True))
    assert names[0] == "PL2_MinhHoa_MH-QUY_TongHop_congbo1.csv"


def test_a_published_figure_opens_to_what_it_stood_on_then(
    twice: Submission, hanhs: Client
) -> None:
    page = hanhs.get(f"{FIRST}dong/1.1/")
    (part,) = [part for part in page.context["parts"] if part.is_counted]
    assert (part.agency, part.figure, part.filing, part.approved_by) == (
        "Sở Công Thương",
        "3",
        "lần gửi 1",
        "Trần Minh Hạnh",
    )
    assert page.context["line"].figure.text == "3"


@pytest.mark.parametrize(
    "path",
    [
        "cong-bo/PL2-KH-2022/3/",
        "cong-bo/PL2-XA-QN-2022/1/",
        "cong-bo/khong-co/1/",
        "cong-bo/PL2-KH-2022/0/",
        "cong-bo/PL2-KH-2022/1/dong/99/",
        "cong-bo/PL2-KH-2022/1/dong/1/",
        "cong-bo/PL2-KH-2022/1/phu-luc.exe",
    ],
)
def test_what_was_not_published_is_not_found(twice: Submission, hanhs: Client, path: str) -> None:
    assert hanhs.get(f"/dot/MH-QUY/{path}").status_code == 404


def test_a_text_that_no_longer_gives_its_hash_is_not_to_be_used(
    report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "3"})
    made = published(report.round)
    with record_open():
        Publication.objects.filter(pk=made.pk).update(sha256="0" * 64)
    assert "không còn khớp mã băm ghi khi công bố" in text_of(hanhs.get(FIRST))


def test_the_table_says_that_it_was_published(report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "3"})
    published(report.round)
    assert f'<a href="{FIRST}">lần 1</a>' in text_of(hanhs.get("/dot/MH-QUY/tong-hop/"))
