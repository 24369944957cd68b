"""The page that ranks agencies by one row."""

import re

import pytest
from django.test import Client

from indicators.queries.definitions import form_definition
from reporting.models import Round, Submission, User
from tests.cast import approved, form, submitted
from tests.reporting.views.pages import text_of

PAGE = "/dot/MH-QUY/xep-hang/"


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


def page(client: Client, **asked: str) -> str:
    response = client.get(PAGE, {name.replace("_", "-"): text for name, text in asked.items()})
    assert response.status_code == 200
    return response.content.decode()


def lines(content: str) -> list[str]:
    table = content.split('class="list block total ranking"')[1].split("</table>", maxsplit=1)[0]
    return [text_of(line) for line in re.findall(r"<tr.*?</tr>", table)[1:]]


def test_rates_with_their_parts_and_the_provinces_between_them(
    report: Submission, noi_vu_report: Submission, commune_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.2.a": "43", "1.2.b": "34"})
    approved(noi_vu_report, {"1.2.a": "10", "1.2.b": "5"})
    content = page(hanhs, dong="1.2")
    assert lines(content) == [
        "1 Sở Công Thương 34/43 = 79,07 %",
        "Toàn tỉnh 39/53 = 73,58 %",
        "2 Sở Nội vụ 5/10 = 50 %",
    ]
    link = f"/bao-cao/{report.pk}/dong/1.2/"
    assert f'href="{link}"' in content
    assert hanhs.get(link).status_code == 200
    assert "Chưa gửi báo cáo" in text_of(content)
    assert f'href="/bao-cao/{commune_report.pk}/"' in content


def test_without_a_row_the_first_rate_is_ranked(report: Submission, hanhs: Client) -> None:
    content = page(hanhs)
    assert '<option value="1.2" selected>' in content
    assert "Chưa đơn vị nào có số để xếp hạng." in content


def test_rows_are_chosen_by_section(report: Submission, hanhs: Client) -> None:
    groups = re.findall(r'<optgroup label="(.*?)">', page(hanhs))
    sections = [row for row in form_definition(form("PL2-KH-2022")).rows if row.depth == 0]
    assert len(groups) == len(sections) == 7


@pytest.mark.parametrize("key", ["1", "1.3", "99", "'", "<b>"])
def test_a_row_without_figures_is_not_ranked(open_quarter: Round, hanhs: Client, key: str) -> None:
    response = hanhs.get(PAGE, {"dong": key})
    assert response.status_code == 404
    assert "Không có dòng này trong biểu tổng hợp." in response.content.decode()


def test_counts_and_answers(report: Submission, noi_vu_report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "3", "1.6": "1"})
    approved(noi_vu_report, {"1.1": "12", "1.6": "0"})
    assert lines(page(hanhs, dong="1.1")) == [
        "Toàn tỉnh 15",
        "1 Sở Nội vụ 12",
        "2 Sở Công Thương 3",
    ]
    told = text_of(page(hanhs, dong="1.6"))
    assert "Không (1) Sở Nội vụ" in told
    assert "Có (1) Sở Công Thương" in told


def test_what_is_handed_in_is_provisional(report: Submission, hanhs: Client) -> None:
    submitted(report, {"1.1": "3"})
    assert "Số tạm tính" not in page(hanhs, dong="1.1")
    content = page(hanhs, dong="1.1", so="gui")
    assert "<b>Số tạm tính:</b> gồm 1/4 báo cáo" in content
    assert lines(content)[1] == "1 Sở Công Thương 3"


def test_the_page_is_narrowed(report: Submission, noi_vu_report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "3"})
    approved(noi_vu_report, {"1.1": "12"})
    content = page(hanhs, dong="1.1", tim="cong thuong")
    assert lines(content) == ["Toàn tỉnh 15", "1 Sở Công Thương 3"]
    assert "Chưa đơn vị nào có số để xếp hạng." in page(hanhs, dong="1.1", loai="xa")


def test_ways_lead_to_table_matrix_and_breakdown(report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "3"})
    content = page(hanhs, dong="1.1")
    for address in (
        "/dot/MH-QUY/tong-hop/dong/?bieu=PL2-KH-2022&amp;dong=1.1",
        "/dot/MH-QUY/tong-hop/?bieu=PL2-KH-2022",
        "/dot/MH-QUY/bang-so/?bieu=PL2-KH-2022&amp;phan=1&amp;xep=-1.1",
    ):
        assert f'href="{address}"' in content
        assert hanhs.get(address.replace("&amp;", "&")).status_code == 200
