"""The pages of indicators: the search, one with its life, what a manager says of it."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.actions.indicators import last_event, link
from indicators.kinds import Change, Meaning
from indicators.models import FormVersion, Indicator, IndicatorEvent, IndicatorLink, Row
from reporting.models import User
from tests.indicators.actions.acts import begun, published
from tests.indicators.sheets import document

CODE = "chi_dao.van_ban.so_luong"
ADDRESS = f"/chi-tieu/{CODE}/"


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    """A clerk's browser."""
    client.force_login(hoa)
    return client


@pytest.fixture
def mais(mai: User) -> Client:
    """The catalogue manager's browser."""
    client = Client()
    client.force_login(mai)
    return client


@pytest.fixture
def used(db: None) -> Indicator:
    """An indicator of published forms."""
    return Indicator.objects.get(code=CODE)


@pytest.fixture
def new(db: None) -> Indicator:
    """An indicator that no form uses."""
    return Indicator.objects.create(code="moi.so", name="Số mới", unit="Hồ sơ", kind="count")


def page(client: Client, address: str, **asked: str) -> str:
    response = client.get(address, asked)
    assert response.status_code == 200
    return response.content.decode()


# The search


def test_words_found_are_marked_and_lead_to_indicator_and_form(hoas: Client) -> None:
    text = page(hoas, "/chi-tieu/", tim="van ban chi dao cchc", bieu="PL2-KH-2022")
    assert "Số <mark>văn</mark> <mark>bản</mark> <mark>chỉ</mark> <mark>đạo</mark>" in text
    assert f'href="{ADDRESS}"' in text
    assert 'href="/bieu-mau/PL2-KH-2022/#r-1.1"' in text


def test_a_heading_leads_to_its_form(hoas: Client) -> None:
    text = page(hoas, "/chi-tieu/", tim="cải cách thể chế", loai="heading", bieu="PL2-KH-2022")
    assert 'href="/bieu-mau/PL2-KH-2022/#r-2"' in text


def test_without_a_search_the_sections_are_offered(hoas: Client) -> None:
    text = page(hoas, "/chi-tieu/")
    assert 'href="?bieu=PL2-KH-2022&amp;phan=3"' in text
    assert "Cải cách thủ tục hành chính" in text
    assert "<b>0</b>" not in text


def test_a_catalogue_with_nothing_in_force_says_so(hoas: Client) -> None:
    FormVersion.objects.update(valid_from=date(2999, 1, 1))
    assert "Hôm nay không có biểu mẫu nào đang có hiệu lực" in page(hoas, "/chi-tieu/")


@pytest.mark.parametrize("words", ["zzz", "'", '"><script>', "%", "_", "\\", "…"])
def test_nothing_found_says_what_to_do(hoas: Client, words: str) -> None:
    text = page(hoas, "/chi-tieu/", tim=words, loai="heading")
    assert "Không có dòng nào khớp" in text
    assert "bỏ dấu" in text
    assert "<script>" not in text


def test_what_was_typed_stays_in_the_boxes(hoas: Client) -> None:
    text = page(
        hoas, "/chi-tieu/", tim="Hồ sơ & <b>", bieu="PL2-KH-2022", phan="3", dvt="%", loai="percent"
    )
    assert 'value="Hồ sơ &amp; &lt;b&gt;"' in text
    for chosen in ("PL2-KH-2022", "3", "percent"):
        assert f'<option value="{chosen}" selected>' in text


def test_the_links_to_other_pages_keep_what_was_asked(hoas: Client) -> None:
    text = page(hoas, "/chi-tieu/", bieu="PL2-KH-2022", trang="2")
    assert 'rel="prev" href="?bieu=PL2-KH-2022&amp;trang=1"' in text
    assert 'rel="next" href="?bieu=PL2-KH-2022&amp;trang=3"' in text
    asked = {"tim": "hồ sơ", "loai": "count"}
    assert "?tim=h%E1%BB%93+s%C6%A1&amp;loai=count&amp;trang=2" in page(hoas, "/chi-tieu/", **asked)


@pytest.mark.parametrize(
    ("typed", "shown"), [("x", 1), ("-1", 1), ("0", 1), ("9" * 30, 1), ("99", 5)]
)
def test_any_page_number_is_understood(hoas: Client, typed: str, shown: int) -> None:
    response = hoas.get("/chi-tieu/", {"bieu": "PL2-KH-2022", "trang": typed})
    assert response.context["found"].page == shown


@pytest.mark.parametrize("name", ["tim", "bieu", "phan", "dvt", "loai", "trang"])
def test_signs_that_cannot_be_seen_do_no_harm(hoas: Client, name: str) -> None:
    assert hoas.get("/chi-tieu/", {name: "\u200b\ufffe"}).status_code == 200


def test_drafts_are_not_found(mais: Client, mai: User) -> None:
    begun(mai, document("1.1", "label", "Chưa từng nghe"))
    assert "Không có dòng nào khớp" in page(mais, "/chi-tieu/", tim="chưa từng nghe")
    published(mai, document("1.1", "label", "Chưa từng nghe"), code="THU-2027")
    assert "<b>1</b> dòng" in page(mais, "/chi-tieu/", tim="chưa từng nghe")


def test_a_search_costs_the_same_for_one_row_and_for_many(hoas: Client) -> None:
    hoas.get("/chi-tieu/", {"tim": "1.1"})
    counts = []
    for words in ("lgsp", "hồ sơ"):
        with CaptureQueriesContext(connection) as queries:
            hoas.get("/chi-tieu/", {"tim": words})
        counts.append(len(queries))
    assert counts == [7, 7]  # three of them for the person


# One indicator


def test_an_indicator_is_told_form_by_form(hoas: Client) -> None:
    text = page(hoas, ADDRESS)
    places = [
        text.index(f'href="/bieu-mau/{code}/#r-')
        for code in ("PL2-KH-2021", "PL2-KH-2022", "PL2-XA-QN-2022", "PL1-GL-2023")
    ]
    assert places == sorted(places)
    assert "<ins>(Kế hoạch, công văn chỉ đạo, quán triệt)</ins>" in text
    assert "<del>(Kế hoạch, công văn chỉ đạo, quán triệt)</del>" in text


def test_another_unit_is_marked(mais: Client, mai: User) -> None:
    published(mai)
    published(mai, document("1.1.a", "unit", "Thủ tục"), code="THU-2027", edition="2027")
    text = page(mais, "/chi-tieu/thu.tong_so/")
    assert "<del>Hồ sơ</del> <ins>Thủ tục</ins>" in text
    assert "tên như ở THU-2026" in text


def test_drafts_are_told_to_managers_only(hoas: Client, mais: Client, mai: User) -> None:
    begun(mai)
    address = "/chi-tieu/thu.tong_so/"
    assert "Chưa biểu mẫu nào đã công bố dùng chỉ tiêu này" in page(hoas, address)
    assert "/bieu-mau/THU-2026/#r-1.1.a" in page(mais, address)


def test_who_reports_is_told_for_each_form(hoas: Client) -> None:
    text = page(hoas, "/chi-tieu/so_hoa.lgsp.tinh_trang/")
    assert "Sở Thông tin và Truyền thông báo cáo số của tỉnh" in text


def test_the_chain_is_told_with_its_meaning(
    hoas: Client, used: Indicator, new: Indicator, mai: User
) -> None:
    link(
        older=used,
        newer=new,
        change=Change.MERGED,
        meaning=Meaning.BREAK,
        note="Khác cách đếm.",
        by=mai,
    )
    before, after = page(hoas, "/chi-tieu/moi.so/"), page(hoas, ADDRESS)
    for text in (before, after):
        assert "gộp vào" in text
        assert "đứt chuỗi số liệu" in text
        assert "Khác cách đếm." in text
        assert "nối: «chi_dao.van_ban.so_luong» gộp vào «moi.so»" in text
    assert f'href="{ADDRESS}"' in before
    assert 'href="/chi-tieu/moi.so/"' in after


def test_what_is_not_written_down_is_said(hoas: Client, new: Indicator) -> None:
    text = page(hoas, "/chi-tieu/moi.so/")
    assert "chưa ghi định nghĩa" in text
    assert "chưa ghi căn cứ" in text
    assert "Nguồn gốc và thay đổi" in text
    assert "không ghi chỉ tiêu nào có trước" in text
    assert "Lịch sử" not in text


def test_words_of_managers_are_text(hoas: Client, new: Indicator) -> None:
    Indicator.objects.filter(pk=new.pk).update(definition="<script>1</script>\n\nHai")
    text = page(hoas, "/chi-tieu/moi.so/")
    assert "<p>&lt;script&gt;1&lt;/script&gt;</p>" in text
    assert "<p>Hai</p>" in text


@pytest.mark.parametrize("code", ["khong.co", "chi_dao.van_ban", "CHI_DAO.VAN_BAN.SO_LUONG"])
def test_an_unknown_indicator_is_not_there(hoas: Client, code: str) -> None:
    assert hoas.get(f"/chi-tieu/{code}/").status_code == 404


# What a manager says


def form_fields(indicator: Indicator, **changes: str) -> dict[str, str]:
    """Return what the page posts when the description is saved."""
    return {
        "seen": str(last_event(indicator)),
        "name": indicator.name,
        "unit": indicator.unit,
        "kind": indicator.kind,
        "definition": indicator.definition,
        "legal_basis": indicator.legal_basis,
        "note": "",
    } | changes


def link_fields(indicator: Indicator, other: str, **changes: str) -> dict[str, str]:
    """Return what the page posts when two indicators are linked."""
    return (
        form_fields(indicator)
        | {
            "link": "1",
            "link-place": "older",
            "link-other": other,
            "link-change": "renamed",
            "link-meaning": "same",
            "link-note": "",
        }
        | changes
    )


def stored(indicator: Indicator) -> Indicator:
    return Indicator.objects.get(pk=indicator.pk)


def test_only_a_manager_edits(hoas: Client, mais: Client, used: Indicator, new: Indicator) -> None:
    assert "sua/" not in page(hoas, ADDRESS)
    assert f'href="{ADDRESS}sua/">Sửa định nghĩa, nối chỉ tiêu</a>' in page(mais, ADDRESS)
    assert hoas.get(f"{ADDRESS}sua/").status_code == 404
    for fields in (
        form_fields(used, name="X"),
        link_fields(used, "moi.so", name="X"),
        form_fields(used, name="X", unlink="1"),
    ):
        assert hoas.post(f"{ADDRESS}sua/", fields).status_code == 404
    assert (stored(used).name, IndicatorEvent.objects.count()) == (used.name, 0)


def test_what_is_said_is_saved_and_shown(mais: Client, used: Indicator) -> None:
    fields = form_fields(
        used, definition=" Đếm văn bản.\r\nKhông đếm bản sao. ", note="Rà soát 2026"
    )
    response = mais.post(f"{ADDRESS}sua/", fields, follow=True)
    assert response.redirect_chain == [(ADDRESS, 302)]
    assert stored(used).definition == "Đếm văn bản.\nKhông đếm bản sao."
    text = response.content.decode()
    assert "Đã lưu" in text
    assert "Rà soát 2026" in text
    assert "Đỗ Thị Mai" in text


def test_saving_nothing_new_is_said(mais: Client, used: Indicator) -> None:
    response = mais.post(f"{ADDRESS}sua/", form_fields(used), follow=True)
    assert "Không có gì thay đổi" in response.content.decode()
    assert IndicatorEvent.objects.count() == 0


def test_kind_and_unit_of_a_published_indicator_are_not_offered(
    mais: Client, used: Indicator
) -> None:
    text = page(mais, f"{ADDRESS}sua/")
    assert "không đổi được nữa" in text
    assert 'name="kind"' not in text
    assert 'name="unit"' not in text
    mais.post(f"{ADDRESS}sua/", form_fields(used, kind="amount", unit="Đồng", definition="Mới"))
    now = stored(used)
    assert (now.kind, now.unit, now.definition) == (used.kind, used.unit, "Mới")


def test_kind_and_unit_of_a_new_indicator_may_change(mais: Client, new: Indicator) -> None:
    assert 'name="kind"' in page(mais, "/chi-tieu/moi.so/sua/")
    mais.post("/chi-tieu/moi.so/sua/", form_fields(new, kind="amount", unit="Đồng"))
    assert (stored(new).kind, stored(new).unit) == ("amount", "Đồng")


@pytest.mark.parametrize("seen", ["0", "", "x"])
def test_a_page_drawn_before_another_change_loses_nothing(
    mais: Client, used: Indicator, new: Indicator, hanh: User, seen: str
) -> None:
    link(older=used, newer=new, change=Change.RENAMED, meaning=Meaning.SAME, by=hanh)
    fields = form_fields(used, definition="Của tôi", seen=seen)
    response = mais.post(f"{ADDRESS}sua/", fields)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Trần Minh Hạnh" in text
    assert ">\nCủa tôi</textarea>" in text
    assert "Nội dung hiện có" in text
    assert stored(used).definition == used.definition
    again = mais.post(f"{ADDRESS}sua/", fields | {"seen": str(response.context["seen"])})
    assert (again.status_code, stored(used).definition) == (302, "Của tôi")


def test_an_empty_name_is_refused_beside_its_box(mais: Client, used: Indicator) -> None:
    response = mais.post(f"{ADDRESS}sua/", form_fields(used, name="  ", definition="Giữ lại"))
    assert response.status_code == 422
    assert 'href="#id_name"' in response.content.decode()
    assert "Giữ lại" in response.content.decode()


@pytest.mark.parametrize(
    ("place", "older", "newer"), [("older", "moi.so", CODE), ("newer", CODE, "moi.so")]
)
def test_two_indicators_are_linked_in_the_order_chosen(
    mais: Client, used: Indicator, new: Indicator, place: str, older: str, newer: str
) -> None:
    fields = link_fields(
        used, "moi.so", **{"link-place": place, "link-change": "split", "link-meaning": "break"}
    )
    response = mais.post(f"{ADDRESS}sua/", fields, follow=True)
    assert "Đã nối với «moi.so»" in response.content.decode()
    [made] = IndicatorLink.objects.filter(newer__code=newer, older__code=older)
    assert (made.change, made.meaning) == ("split", "break")


@pytest.mark.parametrize(
    ("other", "status", "words"),
    [
        ("khong.co", 422, "Danh mục không có chỉ tiêu mang mã"),
        ("", 422, "Hãy ghi mã của chỉ tiêu kia"),
        (CODE, 409, "không nối với chính nó"),
        ("\x00", 422, "Hãy ghi mã của chỉ tiêu kia"),
    ],
)
def test_a_link_that_cannot_be_is_refused_with_what_was_typed(
    mais: Client, used: Indicator, other: str, status: int, words: str
) -> None:
    fields = link_fields(used, other, definition="Chữ vừa gõ", **{"link-note": "Công văn 5"})
    response = mais.post(f"{ADDRESS}sua/", fields)
    text = response.content.decode()
    assert (response.status_code, words in text) == (status, True)
    assert ">\nChữ vừa gõ</textarea>" in text
    assert 'value="Công văn 5"' in text
    assert (IndicatorEvent.objects.count(), stored(used).definition) == (0, used.definition)


def test_linking_saves_the_description_too(mais: Client, used: Indicator, new: Indicator) -> None:
    fields = link_fields(used, "moi.so", definition="Chữ vừa gõ", note="Rà soát 2026")
    response = mais.post(f"{ADDRESS}sua/", fields, follow=True)
    text = response.content.decode()
    assert response.redirect_chain == [(f"{ADDRESS}sua/", 302)]
    assert "Đã nối với «moi.so». Nội dung đã sửa cũng được lưu." in text
    assert ">\nChữ vừa gõ</textarea>" in text
    assert IndicatorLink.objects.filter(older=new, newer=used).exists()
    assert [event.note for event in used.events.order_by("pk")] == ["Rà soát 2026", ""]


@pytest.mark.parametrize(
    ("changes", "status"), [({"name": " "}, 422), ({"seen": "0"}, 409), ({"seen": "x"}, 409)]
)
def test_nothing_is_linked_where_the_description_is_refused(
    mais: Client,
    used: Indicator,
    new: Indicator,
    hanh: User,
    changes: dict[str, str],
    status: int,
) -> None:
    other = Indicator.objects.exclude(pk__in=[used.pk, new.pk]).first()
    assert other is not None
    made = link(older=used, newer=other, change=Change.RENAMED, meaning=Meaning.SAME, by=hanh)
    typed = {"definition": "Chữ vừa gõ", "link-note": "Công văn 5"} | changes
    asked = (link_fields(used, "moi.so", **typed), form_fields(used, unlink=str(made.pk), **typed))
    for fields in asked:
        response = mais.post(f"{ADDRESS}sua/", fields)
        text = response.content.decode()
        assert response.status_code == status
        assert ">\nChữ vừa gõ</textarea>" in text
        assert 'value="Công văn 5"' in text
    assert [one.pk for one in IndicatorLink.objects.filter(older=used)] == [made.pk]
    assert not IndicatorLink.objects.filter(newer=used).exists()
    assert stored(used).definition == used.definition


def test_the_page_is_one_form_that_saves_without_linking(mais: Client, used: Indicator) -> None:
    text = page(mais, f"{ADDRESS}sua/")
    main = text[text.index("<main") : text.index("</main>")]
    assert main.count("<form") == 1
    assert main.index(">Lưu</button>") < main.index(">Nối hai chỉ tiêu</button>")
    other = main[main.index('name="link-other"') :].partition(">")[0]
    assert "required" not in other


def test_a_link_is_taken_back(mais: Client, used: Indicator, new: Indicator, mai: User) -> None:
    made = link(older=used, newer=new, change=Change.RENAMED, meaning=Meaning.SAME, by=mai)
    assert f'name="unlink" value="{made.pk}"' in page(mais, f"{ADDRESS}sua/")
    fields = form_fields(used, unlink=str(made.pk), definition="Chữ vừa gõ")
    response = mais.post(f"{ADDRESS}sua/", fields, follow=True)
    assert "Đã bỏ liên hệ" in response.content.decode()
    assert stored(used).definition == "Chữ vừa gõ"
    assert not IndicatorLink.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize("named", ["elsewhere", "0", "x", "9" * 30])
def test_only_a_link_of_this_indicator_is_taken_back(
    mais: Client, used: Indicator, new: Indicator, mai: User, named: str
) -> None:
    other = Indicator.objects.exclude(pk__in=[used.pk, new.pk]).first()
    assert other is not None
    made = link(older=other, newer=new, change=Change.RENAMED, meaning=Meaning.SAME, by=mai)
    value = str(made.pk) if named == "elsewhere" else named
    response = mais.post(f"{ADDRESS}sua/", form_fields(used, unlink=value))
    assert response.status_code == 409
    assert IndicatorLink.objects.filter(pk=made.pk).exists()


def test_an_indicator_of_rows_keeps_its_rows(mais: Client, used: Indicator) -> None:
    """Renaming an indicator changes no printed word."""
    before: Any = list(Row.objects.filter(indicator=used).values_list("version", "label"))
    mais.post(f"{ADDRESS}sua/", form_fields(used, name="Tên khác"))
    assert list(Row.objects.filter(indicator=used).values_list("version", "label")) == before
    assert stored(used).name == "Tên khác"
