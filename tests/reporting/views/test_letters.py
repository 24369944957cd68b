"""Letters are offered where a person looks for them, and each that goes out is recorded."""

import hashlib
import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reporting.models import ExportRecord, Round, Submission, User
from tests.cast import moved, submitted
from tests.documents.test_letters import words_in

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


def test_a_reminder_is_offered_for_what_is_not_handed_in_and_for_nothing_else(
    client: Client, open_quarter: Round, report: Submission, noi_vu_report: Submission, hanh: User
) -> None:
    client.force_login(hanh)
    submitted(noi_vu_report, {"1.1": "3"})
    desk = reverse("round", args=[open_quarter.code])
    assert not [one for one in letters_on(client, desk, "thu-nhac") if _is_of(one, noi_vu_report)]
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


def test_all_who_are_late_are_reminded_in_one_go(
    client: Client,
    open_quarter: Round,
    report: Submission,
    noi_vu_report: Submission,
    hanh: User,
    dat: User,
    hoa: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    submitted(noi_vu_report, {"1.1": "3"})
    desk = reverse("round", args=[open_quarter.code])
    path = f"{desk}thu-nhac.zip"
    client.force_login(hanh)
    assert path not in client.get(desk).content.decode()
    nobody = client.get(path)
    assert nobody.status_code == 404
    assert "không có báo cáo nào quá hạn" in nobody.content.decode()

    Round.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    client.force_login(hoa)
    assert client.get(path).status_code == 404
    client.force_login(dat)
    assert f'href="{path}" download' in client.get(desk).content.decode()
    with django_assert_max_num_queries(20):
        content = taken(client, path)
    with ZipFile(BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    waited = Submission.objects.filter(round=open_quarter).exclude(pk=noi_vu_report.pk)
    assert report in waited
    assert len(files) == len({one.agency_id for one in waited})
    word = files["ThuNhac_MinhHoa_MH-QUY_SoCongThuong.docx"]
    assert "Kính gửi: Sở Công Thương" in words_in(word)
    told = {one.file_name: one for one in ExportRecord.objects.all()}
    assert told.keys() == files.keys() | {"ThuNhac_MinhHoa_MH-QUY_QuaHan.zip"}
    whole = told["ThuNhac_MinhHoa_MH-QUY_QuaHan.zip"]
    assert (whole.by, whole.sha256) == (dat, hashlib.sha256(content).hexdigest())
    for name, inside in files.items():
        assert told[name].sha256 == hashlib.sha256(inside).hexdigest()


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
