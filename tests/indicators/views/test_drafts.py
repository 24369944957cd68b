"""Beginning a draft, its head and its rules."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import Form, FormVersion, Upload
from indicators.queries.definitions import document_of
from reporting.models import User
from tests.cast import form
from tests.indicators.views.catalogue_pages import (
    HEAD_POSTED,
    begun,
    document,
    file,
    stored,
)

pytestmark = pytest.mark.django_db

RULE = {
    "code": "Q1",
    "severity": "warning",
    "condition": "[1.1.b] <= [1.1.a]",
    "missing": "",
    "sentence": "Số đúng hạn lớn hơn tổng số.",
    "instruction": "Kiểm tra lại hai số.",
}


@pytest.fixture
def manager(client: Client, mai: User) -> Client:
    client.force_login(mai)
    return client


@pytest.fixture
def draft(mai: User) -> FormVersion:
    return begun(mai)


def test_an_empty_draft_is_begun_with_its_head_and_its_record(manager: Client, mai: User) -> None:
    response = manager.post("/bieu-mau/moi/", HEAD_POSTED)
    assert (response.status_code, response.headers["Location"]) == (302, "/bieu-mau/MOI-2027/sua/")
    draft = form("MOI-2027")
    assert (draft.status, draft.form.name, draft.valid_from) == (
        "draft",
        "Biểu mới",
        date(2027, 1, 1),
    )
    [event] = draft.events.all()
    assert (event.act, event.by, event.note) == ("begin", mai, "Bắt đầu từ biểu trống.")


def test_a_new_version_takes_over_the_rows_of_the_old_one(manager: Client) -> None:
    page = manager.get("/bieu-mau/moi/?tu=PL2-KH-2022").content.decode()
    assert "Lập phiên bản mới từ PL2-KH-2022" in page
    year = timezone.localdate().year + 1
    assert f'value="PL2-KH-{year}"' in page
    assert f'value="01/01/{year}"' in page
    assert 'value="PL2-KH"' in page
    manager.post("/bieu-mau/moi/", {**HEAD_POSTED, "form": "PL2-KH", "source": "PL2-KH-2022"})
    draft = form("MOI-2027")
    assert draft.form == form("PL2-KH-2022").form
    assert list(document(draft).rows) == list(document_of(form("PL2-KH-2022")).rows)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("code", "PL2 KH", "Mã chỉ gồm chữ không dấu"),
        ("code", "PL2-KH-2022", "đã tồn tại"),
        ("code", "moi", "là địa chỉ của cổng"),
        ("form_name", "", "là mã mới; hãy ghi tên biểu"),
        ("valid_from", "2027-01-01", "Ngày không đúng"),
        ("valid_to", "31/12/2026", "Ngày cuối phải từ ngày có hiệu lực trở đi."),
        ("title", "BIỂU {KY}", "«{KY}» không có nghĩa"),
        ("title", "BIỂU {PERIOD", "«{PERIOD» không có nghĩa"),
        ("title", "", "bắt buộc"),
    ],
)
def test_a_wrong_head_is_told_and_nothing_is_begun(
    manager: Client, name: str, text: str, sentence: str
) -> None:
    before = FormVersion.objects.count(), Form.objects.count()
    response = manager.post("/bieu-mau/moi/", {**HEAD_POSTED, name: text})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert (FormVersion.objects.count(), Form.objects.count()) == before


def test_a_file_with_faults_begins_nothing_and_lists_them(manager: Client) -> None:
    before = FormVersion.objects.count()
    table = "key,label,kind\n1,Một,tiêu đề\n1,,số lẻ\n"
    response = manager.post("/bieu-mau/moi/", {**HEAD_POSTED, "file": file("b.csv", table)})
    page = response.content.decode()
    assert response.status_code == 422
    assert "bị lặp ở 2 dòng" in page
    assert "«số lẻ» không có trong danh sách" in page
    assert "Dòng chưa có tên chỉ tiêu." in page
    assert FormVersion.objects.count() == before
    assert not Upload.objects.exists()


def test_what_was_typed_stays_on_a_refused_page(manager: Client) -> None:
    pasted = "STT\tChỉ tiêu\tĐơn vị tính\n1\tSố văn bản\tVăn bản"
    response = manager.post("/bieu-mau/moi/", {**HEAD_POSTED, "code": "", "pasted": pasted})
    page = response.content.decode()
    assert response.status_code == 422
    assert "BIỂU MỚI {PERIOD}" in page
    assert "Số văn bản" in page


def test_the_head_is_changed_under_the_revision_that_was_seen(
    manager: Client, draft: FormVersion
) -> None:
    said = {**HEAD_POSTED, "code": "THU-2028", "form": "THU", "form_name": ""}
    response = manager.post("/bieu-mau/THU-2027/dau-bieu/", {**said, "revision": 0})
    assert response.headers["Location"] == "/bieu-mau/THU-2028/sua/"
    changed = stored(draft)
    assert (changed.code, changed.title, changed.revision) == ("THU-2028", "BIỂU MỚI {PERIOD}", 1)
    assert "mã phiên bản: «THU-2027» → «THU-2028»" in changed.events.latest("pk").changes
    again = manager.post("/bieu-mau/THU-2028/dau-bieu/", {**said, "title": "KHÁC", "revision": 0})
    assert again.status_code == 409
    assert "KHÁC" in again.content.decode()
    assert stored(draft).title == "BIỂU MỚI {PERIOD}"


def rules_posted(*rules: dict[str, str], revision: int = 0, initial: int = 0) -> dict[str, object]:
    posted: dict[str, object] = {
        "form-TOTAL_FORMS": len(rules),
        "form-INITIAL_FORMS": initial,
        "revision": revision,
    }
    for number, rule in enumerate(rules):
        posted |= {f"form-{number}-{name}": text for name, text in rule.items()}
    return posted


def test_rules_are_added_changed_and_removed(manager: Client, draft: FormVersion) -> None:
    address = "/bieu-mau/THU-2027/quy-tac/"
    second = {**RULE, "code": "Q2", "severity": "note"}
    assert manager.post(address, rules_posted(RULE, second)).status_code == 302
    assert [rule["code"] for rule in document(draft).rules] == ["Q1", "Q2"]
    page = manager.get(address).content.decode()
    assert "Quy tắc Q1" in page
    gone = {**RULE, "DELETE": "on"}
    changed = {**second, "sentence": "Câu khác."}
    manager.post(address, rules_posted(gone, changed, revision=1, initial=2))
    [left] = document(draft).rules
    assert (left["code"], left["sentence"]) == ("Q2", "Câu khác.")
    assert stored(draft).events.latest("pk").act == "rules"


def test_the_page_of_rules_offers_one_blank_rule_that_need_not_be_filled_in(
    manager: Client, draft: FormVersion
) -> None:
    address = "/bieu-mau/THU-2027/quy-tac/"
    page = manager.get(address).content.decode()
    assert 'name="form-TOTAL_FORMS" value="1"' in page
    untouched = {"code": "", "severity": "warning", "condition": "", "sentence": ""}
    assert manager.post(address, rules_posted(RULE, untouched)).status_code == 302
    assert [rule["code"] for rule in document(draft).rules] == ["Q1"]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("condition", "[1.1.b] so với [1.1.a]", "không đọc được"),
        ("condition", "[1.1.b]", "dấu so sánh"),
        ("sentence", "", "bắt buộc"),
    ],
)
def test_a_rule_that_cannot_be_read_is_told_at_its_box_and_not_kept(
    manager: Client, draft: FormVersion, name: str, text: str, sentence: str
) -> None:
    response = manager.post("/bieu-mau/THU-2027/quy-tac/", rules_posted({**RULE, name: text}))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert document(draft).rules == []


def test_a_rule_that_names_no_row_is_kept_told_and_stops_publishing(
    manager: Client, draft: FormVersion
) -> None:
    address = "/bieu-mau/THU-2027/quy-tac/"
    manager.post(address, rules_posted({**RULE, "condition": "[1.1.b] <= [9]"}))
    page = manager.get(address).content.decode()
    assert "Cần sửa trước khi công bố" in page
    assert "Quy tắc gọi dòng không có: 9." in page


def test_two_rules_of_one_code_are_refused(manager: Client, draft: FormVersion) -> None:
    address = "/bieu-mau/THU-2027/quy-tac/"
    response = manager.post(address, rules_posted(RULE, {**RULE, "sentence": "Khác."}))
    assert response.status_code == 422
    assert f"Mã {RULE['code']} đã dùng cho một quy tắc khác." in response.content.decode()
    assert document(draft).rules == []
