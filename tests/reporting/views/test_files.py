"""What a page offers of its appendix, and what the address of a file asks of the paper."""

import csv
from io import StringIO

import pytest
from django.test import Client

from reporting.models import Submission, User
from tests.cast import approved
from tests.reporting.views.pages import text_of


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


def read(client: Client, address: str, **asked: str) -> list[list[str]]:
    response = client.get(address, asked)
    assert response.status_code == 200, response.content[:200]
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def rows(table: list[list[str]]) -> list[list[str]]:
    first = next(place for place, row in enumerate(table) if row[:1] == ["STT"])
    return [row for row in table[first + 1 :] if len(row) == 5]


def test_a_part_is_printed_alone(report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "7"})
    address = f"/bao-cao/{report.pk}/phu-luc.csv"
    whole, part = rows(read(hanhs, address)), rows(read(hanhs, address, phan="1"))
    assert part == whole[: len(part)]
    assert 0 < len(part) < len(whole)
    assert rows(read(hanhs, address, phan="2"))[0] == whole[len(part)]


@pytest.mark.parametrize("part", ["99", "1.1", "' OR 1=1"])
def test_a_part_that_the_form_does_not_have_is_unknown(
    report: Submission, hanhs: Client, part: str
) -> None:
    response = hanhs.get(f"/bao-cao/{report.pk}/phu-luc.csv", {"phan": part})
    assert response.status_code == 404


def test_the_page_offers_every_format_and_part(report: Submission, hanhs: Client) -> None:
    content = hanhs.get(f"/bao-cao/{report.pk}/").content.decode()
    for extension in ("xlsx", "pdf", "csv"):
        address = f"/bao-cao/{report.pk}/phu-luc.{extension}"
        assert f'href="{address}"' in content
        assert f'formaction="{address}"' in content
    assert "1. Công tác chỉ đạo điều hành CCHC" in text_of(content.split("</select>")[0])
    assert "<summary>Chọn phần, khổ giấy, quốc hiệu</summary>" in content


def test_the_provinces_files_keep_the_form_and_the_basis_of_the_page(
    report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "7"})
    content = hanhs.get("/dot/MH-QUY/tong-hop/", {"so": "gui"}).content.decode()
    code = report.form_version.code
    assert f'href="/dot/MH-QUY/phu-luc.xlsx?bieu={code}&amp;so=gui"' in content
    assert f'<input type="hidden" name="bieu" value="{code}">' in content
    assert '<input type="hidden" name="so" value="gui">' in content
    assert "Số tạm tính" in str(read(hanhs, "/dot/MH-QUY/phu-luc.csv", so="gui", phan="1"))
