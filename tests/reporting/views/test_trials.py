"""A form version tried out: figures that are read like real ones, and belong to no report."""

import re
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from indicators.actions.drafts import begin_draft, write_draft
from indicators.catalogue.documents import from_record
from indicators.catalogue.editing import changed
from indicators.catalogue.written import Document
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.models import ExportRecord, Figure, Submission, User
from tests.indicators.sheets import HEAD, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(mai: User) -> FormVersion:
    return begin_draft(head=HEAD, document=Document(rows()), by=mai)


def field(version: FormVersion, key: str) -> str:
    return f"f{form_definition(version).by_key[key].id}"


def tried(client: Client, version: FormVersion, **typed: str) -> str:
    """Post figures for rows (dots as underscores) and return the page that follows."""
    boxes = {field(version, key.replace("_", ".")): text for key, text in typed.items()}
    response = client.post(f"/bieu-mau/{version.code}/nhap-thu/", boxes, follow=True)
    return response.content.decode()


@pytest.fixture
def manager(client: Client, mai: User) -> Client:
    client.force_login(mai)
    return client


def test_a_draft_computes_and_keeps_what_is_typed_for_the_session(
    manager: Client, draft: FormVersion
) -> None:
    page = tried(manager, draft, **{"1_1_a": "8", "1_1_b": "4"})
    assert "Đã nhận 2 ô." in page
    assert re.search(r'<output id="o-\d+">50</output>', page)
    again = manager.get(f"/bieu-mau/{draft.code}/nhap-thu/").content.decode()
    assert 'value="8"' in again
    assert not Submission.objects.exists()
    assert not Figure.objects.exists()


def test_a_letter_in_a_number_is_refused_as_on_a_real_sheet(
    manager: Client, draft: FormVersion
) -> None:
    response = manager.post(
        f"/bieu-mau/{draft.code}/nhap-thu/",
        {field(draft, "1.1.a"): "tám", field(draft, "1.1.b"): "4"},
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="tám"' in page
    assert 'value="4"' in page


def test_what_was_tried_survives_an_edit_of_the_draft(
    manager: Client, draft: FormVersion, mai: User
) -> None:
    tried(manager, draft, **{"1_1_a": "8"})
    document = changed(from_record(draft.draft), "1.1.b", {"label": "- Số đúng hạn"})
    write_draft(version=draft, revision=0, document=document, by=mai)
    assert 'value="8"' in manager.get(f"/bieu-mau/{draft.code}/nhap-thu/").content.decode()


def test_another_person_sees_nothing_of_it_and_it_can_be_thrown_away(
    manager: Client, draft: FormVersion, mai: User
) -> None:
    tried(manager, draft, **{"1_1_a": "8"})
    other = Client()
    other.force_login(mai)
    address = f"/bieu-mau/{draft.code}/nhap-thu/"
    assert 'value="8"' not in other.get(address).content.decode()
    thrown = manager.post(address, {"drop": "1"}, follow=True).content.decode()
    assert "Đã bỏ số liệu nhập thử." in thrown
    assert 'value="8"' not in thrown


@pytest.mark.parametrize(("body", "is_folded"), [("", False), ("noi_vu", False), ("xa", True)])
def test_the_form_can_be_seen_as_the_bodies_it_asks(
    manager: Client, draft: FormVersion, body: str, is_folded: bool
) -> None:
    page = manager.get(f"/bieu-mau/{draft.code}/nhap-thu/?la={body}").content.decode()
    assert ("Nhập nếu có" in page) is is_folded


def test_the_appendix_on_trial_says_that_it_is_one_and_is_not_recorded(
    manager: Client, draft: FormVersion
) -> None:
    tried(manager, draft, **{"1_1_a": "8", "1_1_b": "4"})
    content = manager.get(f"/bieu-mau/{draft.code}/nhap-thu/phu-luc.xlsx").content
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert 8.0 in cells
    assert "Số liệu nhập thử, không phải báo cáo." in cells
    assert not ExportRecord.objects.exists()


def test_the_blank_form_prints_every_row_of_a_published_version(client: Client, hoa: User) -> None:
    client.force_login(hoa)
    page = client.get("/bieu-mau/BM7-2025/xem-tren-giay/").content.decode()
    assert "Số DVCTT có phát sinh hồ sơ trực tuyến" in page
    response = client.get("/bieu-mau/BM7-2025/mau-trong.pdf")
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="BM7-2025_MauTrong.pdf"'
    )
    text = "".join(p.extract_text() for p in PdfReader(BytesIO(response.content)).pages)
    assert "4.2.2." in text


def test_the_blank_form_leaves_agency_and_period_to_be_written(client: Client, hoa: User) -> None:
    client.force_login(hoa)
    text = client.get("/bieu-mau/PL2-KH-2022/mau-trong.csv").content.decode("utf-8-sig")
    assert "ĐỊNH KỲ ……………" in text
    assert "của ……………" in text
