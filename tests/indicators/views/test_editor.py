"""The editor: one row open, every button one edit, nothing typed lost, nobody overwritten."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from indicators.catalogue.written import Document
from indicators.models import FormVersion, Indicator
from indicators.queries.definitions import document_of
from reporting.models import User
from tests.cast import form
from tests.indicators.sheets import rows
from tests.indicators.views.catalogue_pages import (
    HEAD_POSTED,
    begun,
    boxes,
    document,
    edited,
    row,
    stored,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(mai: User) -> FormVersion:
    return begun(mai)


@pytest.fixture
def manager(client: Client, mai: User) -> Client:
    client.force_login(mai)
    return client


def keys(version: FormVersion) -> list[str]:
    return [line["key"] for line in document(version).rows]


def test_the_page_shows_every_row_with_what_is_wrong_with_it(
    manager: Client, draft: FormVersion
) -> None:
    page = manager.get("/bieu-mau/THU-2027/sua/").content.decode()
    assert page.count('<tr id="r-') == 5
    assert "Chỉ tiêu «thu.tong_so» không có trong danh mục." in page
    assert "4</span> lỗi phải sửa" in page


def test_an_opened_row_shows_its_boxes_and_the_others_none(
    manager: Client, draft: FormVersion
) -> None:
    page = manager.get("/bieu-mau/THU-2027/sua/?sua=1.2").content.decode()
    assert page.count('name="label"') == 1
    assert "0 = Trực tuyến\n1 = Phát phiếu</textarea>" in page
    assert '<option value="choice" selected>' in page


def test_saving_a_row_writes_it_with_its_record(
    manager: Client, draft: FormVersion, mai: User
) -> None:
    changed = boxes(row(draft, "1.2"), label="Hình thức khảo sát", choices="0 = Không\n1=Có")
    status, page = edited(manager, draft, "save:1.2", open="1.2", **changed)
    assert (status, "✓ Đã lưu" in page) == (200, True)
    assert 'name="label"' not in page  # closed again
    assert row(draft, "1.2")["label"] == "Hình thức khảo sát"
    assert row(draft, "1.2")["choices"] == "0=Không|1=Có"
    event = stored(draft).events.latest("pk")
    assert (event.act, event.by, event.revision) == ("edit", mai, 1)
    assert "dòng 1.2, chỉ tiêu: «Hình thức» → «Hình thức khảo sát»" in event.changes


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("label", "  ", "Hãy ghi tên chỉ tiêu."),
        ("choices", "Không", "«Không» không có dạng mã=nhãn"),
        ("key", "1 2", "Khóa không có dấu cách"),
        ("kind", "number", "không phải là một"),
        ("unit", "x" * 201, "201"),
    ],
)
def test_what_a_box_cannot_hold_is_told_beneath_it_and_stays_in_it(
    manager: Client, draft: FormVersion, name: str, text: str, sentence: str
) -> None:
    before = document(draft)
    changed = boxes(row(draft, "1.2"), who_reports="Vừa gõ thêm", **{name: text})
    status, page = edited(manager, draft, "save:1.2", open="1.2", **changed)
    assert status == 422
    assert sentence in page
    assert "Vừa gõ thêm" in page
    assert document(draft) == before


def test_moving_an_open_row_saves_what_was_typed_in_it(manager: Client, draft: FormVersion) -> None:
    changed = boxes(row(draft, "1.2"), label="Đổi tên rồi dời")
    status, page = edited(manager, draft, "up:1.2", open="1.2", **changed)
    assert status == 200
    assert keys(draft) == ["1", "1.2", "1.1", "1.1.a", "1.1.b"]
    assert row(draft, "1.2")["label"] == "Đổi tên rồi dời"
    assert "Đổi tên rồi dời</textarea>" in page  # still open


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("down:1.1", ["1", "1.2", "1.1", "1.1.a", "1.1.b"]),
        ("remove:1.1", ["1", "1.2"]),
        ("out:1.2", ["1", "1.1", "1.1.a", "1.1.b", "1.2"]),
    ],
)
def test_buttons_move_and_remove(
    manager: Client, draft: FormVersion, act: str, expected: list[str]
) -> None:
    assert edited(manager, draft, act)[0] == 200
    assert keys(draft) == expected


def test_counting_anew_gives_numbers_and_keys_by_place(manager: Client, draft: FormVersion) -> None:
    edited(manager, draft, "up:1.2")
    edited(manager, draft, "renumber:")
    assert [(line["key"], line["stt"]) for line in document(draft).rows] == [
        ("1", "1."),
        ("1.1", "1.1"),
        ("1.2", "1.2"),
        ("1.2.a", ""),
        ("1.2.b", ""),
    ]
    assert row(draft, "1.2")["formula"] == "percent([1.2.b], [1.2.a])"


def test_an_act_that_makes_no_sense_is_a_sentence_and_changes_nothing(
    manager: Client, draft: FormVersion
) -> None:
    before = stored(draft)
    for act, sentence in {
        "up:1": "đã đứng đầu",
        "up:9": "Không còn dòng «9»",
        "fly:1": "Không rõ việc cần làm",
        "": "Không rõ việc cần làm",
    }.items():
        status, page = edited(manager, draft, act)
        assert (status, sentence in page) == (409, True), act
    assert stored(draft).draft == before.draft
    assert stored(draft).revision == before.revision


def test_a_row_is_added_where_it_was_asked_for(manager: Client, draft: FormVersion) -> None:
    page = manager.get("/bieu-mau/THU-2027/sua/?them=1.1&noi=duoi").content.decode()
    assert "Dòng con mới của dòng 1.1" in page
    assert 'value="1.1.1"' in page
    new = boxes(row(draft, "1.1.a"), key="1.1.c", label="- Số quá hạn", indicator="")
    edited(manager, draft, "add-below:1.1", **new)
    assert keys(draft) == ["1", "1.1", "1.1.a", "1.1.b", "1.1.c", "1.2"]
    assert row(draft, "1.1.c")["parent"] == "1.1"
    status, page = edited(manager, draft, "add-after:1.2", **{**new, "key": "1.2"})
    assert (status, "đã dùng cho dòng khác" in page) == (409, True)
    assert "- Số quá hạn</textarea>" in page


def test_a_new_indicator_is_made_only_where_that_is_asked(
    manager: Client, draft: FormVersion
) -> None:
    line = row(draft, "1.1.a")
    edited(manager, draft, "save:1.1.a", open="1.1.a", **boxes(line, unit="Bộ hồ sơ"))
    assert document(draft).indicators == []
    edited(manager, draft, "save:1.1.a", open="1.1.a", **boxes(line, is_new="on"))
    [new] = document(draft).indicators
    assert (new["code"], new["name"], new["kind"]) == ("thu.tong_so", "Tổng số", "count")
    assert not Indicator.objects.filter(code="thu.tong_so").exists()


def test_a_rate_is_given_by_its_two_rows(manager: Client, draft: FormVersion) -> None:
    page = manager.get("/bieu-mau/THU-2027/sua/?sua=1.1").content.decode()
    assert '<option value="1.1.b" selected>1.1.b - Đúng hạn</option>' in page
    assert '<option value="1.1.a" selected>1.1.a - Tổng số</option>' in page
    line = row(draft, "1.1")
    turned = boxes(line, formula="", part="1.1.a", whole="1.1.b")
    edited(manager, draft, "save:1.1", open="1.1", **turned)
    assert row(draft, "1.1")["formula"] == "percent([1.1.a], [1.1.b])"
    half = boxes(line, formula="", part="1.1.a")
    status, page = edited(manager, draft, "save:1.1", open="1.1", **half)
    assert (status, "Một tỷ lệ cần cả hai dòng" in page) == (422, True)
    both = boxes(line, formula="percent([1.1.a], [1.1.a])", part="1.1.a", whole="1.1.b")
    status, page = edited(manager, draft, "save:1.1", open="1.1", **both)
    assert (status, "Hãy chọn một" in page) == (422, True)
    edited(manager, draft, "save:1.1", open="1.1", **boxes(line, formula=""))
    assert row(draft, "1.1")["formula"] == ""


def test_a_row_without_a_code_gets_one_made_of_its_words(
    manager: Client, draft: FormVersion
) -> None:
    page = manager.get("/bieu-mau/THU-2027/sua/?them=1.1&noi=duoi").content.decode()
    assert 'name="is_new"' in page
    new = boxes(row(draft, "1.1.a"), key="1.1.c", label="- Số quá hạn", indicator="", is_new="on")
    edited(manager, draft, "add-below:1.1", **new)
    code = row(draft, "1.1.c")["indicator"]
    assert code.endswith("so_qua_han")
    assert [line["code"] for line in document(draft).indicators] == [code]
    # A heading measures nothing, whatever is ticked.
    head = boxes(row(draft, "1"), is_new="on")
    edited(manager, draft, "save:1", open="1", **head)
    assert [line["code"] for line in document(draft).indicators] == [code]


def test_two_people_at_one_draft_are_told_of_each_other(
    manager: Client, draft: FormVersion
) -> None:
    changed = boxes(row(draft, "1.2"), label="Của tôi")
    edited(manager, draft, "up:1.2")
    response = manager.post(
        "/bieu-mau/THU-2027/sua/",
        {"act": "save:1.2", "open": "1.2", "revision": 0, **changed},
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "Đỗ Thị Mai đã đổi bản thảo lúc" in page
    assert "Của tôi</textarea>" in page
    assert row(draft, "1.2")["label"] == "Hình thức"
    # The page drawn again stands on the newest state, so that pressing once more saves.
    assert 'name="revision" value="1"' in page


def test_a_page_drawn_again_for_a_bad_box_stands_on_what_was_seen(
    manager: Client, draft: FormVersion
) -> None:
    edited(manager, draft, "up:1.2")  # somebody else, meanwhile
    bad = boxes(row(draft, "1.2"), label=" ")
    response = manager.post(
        "/bieu-mau/THU-2027/sua/", {"act": "save:1.2", "open": "1.2", "revision": 0, **bad}
    )
    assert response.status_code == 422
    assert 'name="revision" value="0"' in response.content.decode()
    head = {**HEAD_POSTED, "title": "", "revision": 0}
    response = manager.post("/bieu-mau/THU-2027/dau-bieu/", head)
    assert 'name="revision" value="0"' in response.content.decode()


@pytest.mark.parametrize(("name", "text"), [("key", "1.2\n"), ("indicator", "thu.x\n\nthu.y")])
def test_line_ends_do_not_slip_into_names(
    manager: Client, draft: FormVersion, name: str, text: str
) -> None:
    edited(manager, draft, "save:1.2", open="1.2", **boxes(row(draft, "1.2"), **{name: text}))
    assert row(draft, "1.2")["key"] == "1.2"
    assert "\n" not in row(draft, "1.2")["indicator"]


def test_signs_that_cannot_be_seen_do_not_reach_the_record(
    manager: Client, draft: FormVersion
) -> None:
    edited(manager, draft, "up:1.2")
    edited(manager, draft, f"renumber:\x00{'x' * 5000}")
    note = stored(draft).events.latest("pk").note
    assert "\x00" not in note
    assert len(note) < 200


def test_the_words_of_an_option_may_hold_the_sign_of_equality(
    manager: Client, draft: FormVersion
) -> None:
    changed = boxes(row(draft, "1.2"), choices="0 = a=b\n1 = c")
    edited(manager, draft, "save:1.2", open="1.2", **changed)
    assert row(draft, "1.2")["choices"] == "0=a=b|1=c"
    page = manager.get("/bieu-mau/THU-2027/sua/?sua=1.2").content.decode()
    assert "0 = a=b\n1 = c</textarea>" in page


def test_proposals_are_accepted_by_row_by_column_and_all(manager: Client, mai: User) -> None:
    asked = {
        "1.1": {"kind": "đơn vị tính là %", "formula": "từ hai dòng dưới"},
        "1.1.a": {"kind": "đơn vị tính là Hồ sơ"},
        "1.2": {"choices": "đọc từ đơn vị tính"},
    }
    draft = begun(mai, Document(rows(), proposals=asked))
    page = manager.get("/bieu-mau/THU-2027/sua/").content.decode()
    assert "Nhận 2 đề xuất loại số liệu" in page
    assert "<li>Loại số liệu: đơn vị tính là %</li>" in page
    edited(manager, draft, "accept:1.1")
    assert set(document(draft).proposals) == {"1.1.a", "1.2"}
    edited(manager, draft, "accept:/choices")
    assert set(document(draft).proposals) == {"1.1.a"}
    edited(manager, draft, "accept:")
    assert document(draft).proposals == {}
    # Saving a row settles what was proposed for it.
    other = begun(mai, Document(rows(), proposals=asked), code="THU-2028")
    edited(manager, other, "save:1.2", open="1.2", **boxes(row(other, "1.2")))
    assert set(document(other).proposals) == {"1.1", "1.1.a"}


@pytest.mark.parametrize(("name", "shown"), [("", 5), ("loi", 4), ("de-xuat", 1), ("so-lieu", 4)])
def test_filters_hide_the_other_rows(manager: Client, mai: User, name: str, shown: int) -> None:
    lines = rows()
    lines[-1]["label"] = "Mức độ hài lòng"  # as it was, the lint asks about the heading too
    begun(mai, Document(lines, proposals={"1.2": {"kind": "vì"}}))
    page = manager.get(f"/bieu-mau/THU-2027/sua/?loc={name}").content.decode()
    assert page.count('<tr id="r-') == shown


def test_an_empty_draft_says_what_to_do(manager: Client, mai: User) -> None:
    begun(mai, Document())
    page = manager.get("/bieu-mau/THU-2027/sua/").content.decode()
    assert "Bản thảo chưa có dòng nào." in page
    assert "Biểu chưa có dòng nào." in page


def test_markup_in_a_row_is_shown_as_text(manager: Client, draft: FormVersion) -> None:
    evil = '<script>alert("x")</script>'
    edited(manager, draft, "save:1.2", open="1.2", **boxes(row(draft, "1.2"), label=evil))
    for query in ("", "?sua=1.2"):
        page = manager.get(f"/bieu-mau/THU-2027/sua/{query}").content.decode()
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_the_editor_costs_the_same_whatever_the_number_of_rows(
    manager: Client, mai: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    begun(mai)
    begun(mai, document_of(form("PL2-KH-2022")), code="LON-2027")
    for code in ("THU-2027", "LON-2027"):
        with django_assert_num_queries(6):
            manager.get(f"/bieu-mau/{code}/sua/")
