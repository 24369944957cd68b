"""Letters are offered where a person looks for them, and each that goes out is recorded."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reporting.models import ExportRecord, Round, Submission, User
from tests.cast import moved, submitted

OFFERED = re.compile(r'href="([^"]+\.(?:docx|pdf))" download')


def letters_on(client: Client, path: str, name: str) -> list[str]:
    """Return the addresses of the letters called ``name`` that a page offers."""
    page = client.get(path).content.decode()
    return [found for found in OFFERED.findall(page) if f"/{name}." in found]


def taken(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return response.content


def test_a_return_and_a_receipt_are_offered_on_their_pages(
    client: Client, report: Submission, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    moved(report, "return", by=hanh, reason="Sai.")
    client.force_login(hoa)
    for page, name in (
        (reverse("letter", args=[report.pk]), "thu-tra-lai"),
        (reverse("filing", args=[report.pk, 1]), "giay-bien-nhan"),
    ):
        word, pdf = letters_on(client, page, name)
        assert taken(client, word).startswith(b"PK")
        assert taken(client, pdf).startswith(b"%PDF-1.7")
    names = ExportRecord.objects.order_by("pk").values_list("file_name", "format", "by__username")
    assert list(names) == [
        ("ThuTraLai_MinhHoa_MH-QUY_SoCongThuong.docx", "docx", "hoa"),
        ("ThuTraLai_MinhHoa_MH-QUY_SoCongThuong.pdf", "pdf", "hoa"),
        ("GiayBienNhan_MinhHoa_MH-QUY_SoCongThuong_lan1.docx", "docx", "hoa"),
        ("GiayBienNhan_MinhHoa_MH-QUY_SoCongThuong_lan1.pdf", "pdf", "hoa"),
    ]


def test_a_reminder_is_offered_for_what_is_late_and_for_nothing_else(
    client: Client, open_quarter: Round, report: Submission, hanh: User
) -> None:
    client.force_login(hanh)
    desk = reverse("round", args=[open_quarter.code])
    assert not letters_on(client, desk, "thu-nhac")
    Round.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    word, _pdf = [one for one in letters_on(client, desk, "thu-nhac") if _is_of(one, report)]
    content = taken(client, word)
    record = ExportRecord.objects.get()
    assert record.sha256 == hashlib.sha256(content).hexdigest()
    assert (record.submission, record.round) == (report, open_quarter)
    assert record.file_name == "ThuNhac_MinhHoa_MH-QUY_SoCongThuong.docx"
    told = client.get(reverse("record", args=[report.pk])).content.decode()
    assert "trang của đợt, mã băm" in told
    assert "trang nhập liệu, mã băm" not in told


def test_the_pages_call_letters_as_the_letters_do(
    client: Client, report: Submission, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    client.force_login(hoa)
    sheet = client.get(reverse("submission", args=[report.pk])).content.decode()
    assert "Giấy biên nhận lần gửi 1</a>" in sheet
    receipt = client.get(reverse("filing", args=[report.pk, 1])).content.decode()
    assert "<h1>Giấy biên nhận báo cáo</h1>" in receipt
    assert "phiếu" not in receipt.lower()
    moved(report, "return", by=hanh, reason="Sai.")
    letter = client.get(reverse("letter", args=[report.pk])).content.decode()
    assert "Ctrl" not in letter
    assert "Bản để in, ký, gửi đi là tệp Word, PDF này" in letter


def _is_of(path: str, report: Submission) -> bool:
    return f"/don-vi/{report.agency_id}/" in path


@pytest.mark.parametrize("extension", ["csv", "xlsx", "html"])
def test_a_letter_has_no_other_format(
    client: Client, report: Submission, hanh: User, extension: str
) -> None:
    submitted(report, {"1.1": "3"})
    client.force_login(hanh)
    path = reverse("receipt-file", args=[report.pk, 1, "pdf"]).replace(".pdf", f".{extension}")
    assert client.get(path).status_code == 404
