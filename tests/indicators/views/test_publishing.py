"""The end of a draft: published, discarded; a version retired; and the record of it all."""

from datetime import date

import pytest
from django.test import Client

from indicators.actions.versions import load_indicators
from indicators.models import FormVersion, Indicator
from reporting.models import User
from tests.cast import form
from tests.indicators.sheets import indicator_lines
from tests.indicators.views.catalogue_pages import begun, document, edited, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client, mai: User) -> Client:
    client.force_login(mai)
    return client


@pytest.fixture
def draft(mai: User) -> FormVersion:
    load_indicators(indicator_lines())
    return begun(mai)


def publish(client: Client, version: FormVersion, note: str = "Công văn 12.") -> tuple[int, str]:
    response = client.post(
        f"/bieu-mau/{version.code}/cong-bo/",
        {"revision": stored(version).revision, "note": note},
        follow=True,
    )
    return response.status_code, response.content.decode()


def test_publishing_freezes_the_draft_under_its_hash_with_the_note(
    manager: Client, draft: FormVersion, mai: User
) -> None:
    assert publish(manager, draft)[0] == 200
    version = stored(draft)
    assert (version.status, len(version.content_hash), version.draft) == ("published", 64, None)
    event = version.events.latest("pk")
    assert (event.act, event.by, event.note) == ("publish", mai, "Công văn 12.")
    assert all(line.startswith("cảnh báo đã chấp nhận: ") for line in event.changes)


def test_without_a_note_or_with_errors_nothing_is_published(
    manager: Client, draft: FormVersion, mai: User
) -> None:
    status, page = publish(manager, draft, note=" ")
    assert (status, "Hãy ghi chú" in page) == (422, True)
    edited(manager, draft, "accept:")
    Indicator.objects.filter(code="thu.ty_le").delete()
    page = manager.get("/bieu-mau/THU-2027/cong-bo/").content.decode()
    assert "1 lỗi phải sửa trước" in page
    assert 'name="note"' not in page
    status, page = publish(manager, draft)
    assert (status, "Chưa công bố được: còn 1 lỗi." in page) == (409, True)
    assert stored(draft).status == "draft"


def test_a_draft_changed_meanwhile_is_not_published_unseen(
    manager: Client, draft: FormVersion
) -> None:
    edited(manager, draft, "up:1.2")
    response = manager.post("/bieu-mau/THU-2027/cong-bo/", {"revision": 0, "note": "Công văn 12."})
    assert response.status_code == 409
    assert "Công văn 12." in response.content.decode()
    assert stored(draft).status == "draft"


@pytest.mark.parametrize("page", ["sua", "dau-bieu", "quy-tac", "nap", "cong-bo", "bo"])
def test_a_published_version_has_no_page_that_changes_it(manager: Client, page: str) -> None:
    response = manager.post(f"/bieu-mau/BM7-2025/{page}/", {"revision": 0, "act": "renumber:"})
    assert response.headers["Location"] == "/bieu-mau/BM7-2025/"
    told = manager.get("/bieu-mau/BM7-2025/").content.decode()
    assert "«đã công bố» nên việc vừa rồi không được thực hiện" in told


def test_retiring_asks_for_the_last_day_and_a_reason(manager: Client) -> None:
    address = "/bieu-mau/BM7-2025/het-hieu-luc/"
    for posted, sentence in (
        ({"last_day": "", "note": "Vì"}, "Hãy ghi ngày/tháng/năm"),
        ({"last_day": "31/12/2026", "note": ""}, "Hãy ghi chú"),
        ({"last_day": "01/01/2020", "note": "Vì"}, "ở trước ngày có hiệu lực"),
    ):
        response = manager.post(address, posted)
        assert (response.status_code, sentence in response.content.decode()) == (422, True)
        assert form("BM7-2025").status == "published"
    manager.post(address, {"last_day": "31/12/2026", "note": "Thông tư mới."})
    version = form("BM7-2025")
    assert (version.status, version.retired_on) == ("retired", date(2026, 12, 31))


def test_a_discarded_draft_is_gone_from_the_list_and_its_code_is_free(
    manager: Client, draft: FormVersion, mai: User
) -> None:
    page = manager.get("/bieu-mau/THU-2027/bo/").content.decode()
    assert "Bản thảo có 5 dòng" in page
    manager.post("/bieu-mau/THU-2027/bo/", {"revision": 0})
    assert stored(draft).status == "discarded"
    assert len(document(draft).rows) == 5
    assert begun(mai).code == "THU-2027"


def test_a_draft_can_be_discarded_whatever_other_codes_there_are(
    manager: Client, draft: FormVersion, mai: User
) -> None:
    begun(mai, code=f"THU-2027-bo-{draft.pk}")
    response = manager.post("/bieu-mau/THU-2027/bo/", {"revision": 0})
    assert response.status_code == 302
    assert stored(draft).status == "discarded"


def test_the_record_tells_every_act_and_takes_a_draft_back(
    manager: Client, draft: FormVersion, mai: User
) -> None:
    first = stored(draft).events.get()
    edited(manager, draft, "remove:1.1")
    page = manager.get("/bieu-mau/THU-2027/lich-su/").content.decode()
    assert page.index("dòng 1.1.b: bị bỏ") < page.index("Lập bản thảo")
    response = manager.post(
        "/bieu-mau/THU-2027/lich-su/", {"event": first.pk, "revision": 1}, follow=True
    )
    assert "Đã quay lại nội dung của lần ghi đã chọn." in response.content.decode()
    assert len(document(draft).rows) == 5
    assert stored(draft).events.latest("pk").act == "take_up"
    stale = manager.post("/bieu-mau/THU-2027/lich-su/", {"event": first.pk, "revision": 1})
    assert stale.status_code == 409
    for event in ("0", "x", "99999999999999999999"):
        unknown = manager.post("/bieu-mau/THU-2027/lich-su/", {"event": event, "revision": 2})
        assert unknown.status_code == 404
