"""The pages on which a province's agencies are looked at, entered, changed, ended and moved."""

from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reporting.actions.record import About, remember
from reporting.models import (
    Agency,
    AgencyKind,
    Membership,
    RecordLine,
    Submission,
    Succession,
    User,
)
from reporting.refusals import AgencyUnfit
from reporting.tidings import Subject
from reporting.workflow import Role
from tests.cast import agency, person
from tests.reporting.views.pages import text_of

ON = "01/03/2025"
BASIS = "Nghị quyết 25/NQ-HĐND"


@pytest.fixture
def keeper(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


@pytest.fixture
def communes(minh_hoa: Agency) -> list[Agency]:
    district = agency("MH.H1", "UBND huyện Sơn Tây", AgencyKind.DISTRICT, minh_hoa)
    return [
        agency(f"MH.Y{number}", f"UBND xã Sơn {number}", AgencyKind.COMMUNE, district)
        for number in range(3)
    ]


def named(response: Any) -> list[str]:
    """Return the agencies of a list as the page shows them."""
    return [line.agency.name for line in response.context["page"].object_list]


def mark(response: Any) -> str:
    return str(response.context["seen"])


# The list


def test_the_list_is_a_tree_by_kind(
    keeper: Client, communes: list[Agency], so_noi_vu: Agency, so_cong_thuong: Agency
) -> None:
    page = keeper.get("/don-vi/")
    assert named(page) == [
        "Sở Công Thương",
        "Sở Nội vụ",
        "UBND huyện Sơn Tây",
        "UBND xã Sơn 0",
        "UBND xã Sơn 1",
        "UBND xã Sơn 2",
    ]
    assert [(kind.value, number) for kind, number in page.context["counts"]] == [
        ("so", 2),
        ("huyen", 1),
        ("xa", 3),
    ]
    assert "MH.Y0 · UBND cấp xã · thuộc UBND huyện Sơn Tây" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tim=so+noi", ["Sở Nội vụ"]),
        ("tim=sở+nội", ["Sở Nội vụ"]),
        ("tim=sớ", []),
        ("tim=mh.y1", ["UBND xã Sơn 1"]),
        ("loai=xa", ["UBND xã Sơn 1", "UBND xã Sơn 2"]),
        ("loai=khong-co", ["Sở Nội vụ", "UBND huyện Sơn Tây", "UBND xã Sơn 1", "UBND xã Sơn 2"]),
        ("dia-ban=Bắc", ["UBND xã Sơn 2"]),
        ("tinh-trang=ket-thuc", ["UBND xã Sơn 0"]),
        ("tinh-trang=chua&ngay=01/01/2019", ["UBND xã Sơn 2"]),
        ("ngay=30/6/2025&loai=xa", ["UBND xã Sơn 0", "UBND xã Sơn 1", "UBND xã Sơn 2"]),
        ("tinh-trang=tat-ca&tim=son&loai=xa", [f"UBND xã Sơn {n}" for n in range(3)]),
    ],
)
def test_search_and_filters(
    keeper: Client, communes: list[Agency], so_noi_vu: Agency, query: str, expected: list[str]
) -> None:
    communes[0].valid_to = date(2025, 6, 30)
    communes[2].valid_from, communes[2].area = date(2020, 1, 1), "Bắc"
    for one in communes:
        one.save()
    assert named(keeper.get(f"/don-vi/?{query}")) == expected


def test_a_day_that_is_none_is_told(keeper: Client, communes: list[Agency]) -> None:
    page = keeper.get("/don-vi/?ngay=hom-nay")
    assert "«hom-nay» không phải ngày" in page.content.decode()
    assert len(named(page)) == 4


def test_a_list_that_is_empty_or_matches_nothing_says_what_to_do(
    keeper: Client, minh_hoa: Agency
) -> None:
    assert "Tỉnh chưa có đơn vị nào." in keeper.get("/don-vi/").content.decode()
    agency("MH.A", "Sở A", AgencyKind.DEPARTMENT, minh_hoa)
    assert "Không có đơn vị nào khớp." in keeper.get("/don-vi/?tim=xyz").content.decode()


def test_a_long_list_has_pages(keeper: Client, minh_hoa: Agency) -> None:
    Agency.objects.bulk_create(
        Agency(code=f"MH.{n:03}", name=f"Xã {n:03}", kind="xa", parent=minh_hoa) for n in range(130)
    )
    first, last = keeper.get("/don-vi/?tim=xa"), keeper.get("/don-vi/?tim=xa&trang=2")
    assert (len(named(first)), len(named(last))) == (100, 30)
    assert "?tim=xa&amp;trang=2" in first.content.decode()
    assert named(keeper.get("/don-vi/?trang=99")) == named(last)
    assert "Chuyển cả 130 đơn vị đang lọc" in first.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_whatever_its_length(
    keeper: Client,
    minh_hoa: Agency,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for place in range(number):
        agency(f"MH.{place}", f"Sở {place}", AgencyKind.DEPARTMENT, minh_hoa, "noi_vu")
    with django_assert_num_queries(7):
        # session, account, roles, province, tree, functions, provinces
        keeper.get("/don-vi/")


def test_a_leader_looks_and_finds_nothing_to_press(
    client: Client, dat: User, so_cong_thuong: Agency
) -> None:
    client.force_login(dat)
    for path in ("/don-vi/", f"/don-vi/{so_cong_thuong.pk}/"):
        content = client.get(path).content.decode()
        assert "Sở Công Thương" in content
        assert 'type="checkbox"' not in content
        assert "Sáp nhập" not in content
        assert 'href="/don-vi/moi/' not in content


def test_who_keeps_two_provinces_chooses(
    client: Client, so_cong_thuong: Agency, so_khac: Agency, minh_hoa: Agency, tinh_khac: Agency
) -> None:
    both = person("hai", "Hai", (Role.REVIEWER, minh_hoa), (Role.REVIEWER, tinh_khac))
    client.force_login(both)
    other = client.get("/don-vi/?tinh=TK")
    assert named(other) == ["Sở Công Thương Tỉnh Khác"]
    assert "Tỉnh: Tỉnh Minh Họa · Tỉnh Khác" in text_of(other.content.decode())
    assert named(client.get("/don-vi/?tinh=MH")) == ["Sở Công Thương"]
    assert client.get("/don-vi/?tinh=XX").status_code == 404
    assert client.get("/don-vi/moi/?tinh=TK").context["province"] == tinh_khac


def test_another_provinces_agency_looks_like_none(
    client: Client, khac: User, report: Submission
) -> None:
    client.force_login(khac)
    for path in ("", "sua/", "chia-tach/", "ket-thuc/"):
        assert client.get(f"/don-vi/{report.agency_id}/{path}").status_code == 404
    assert client.get("/don-vi/?tinh=MH").status_code == 404


# One agency


def test_the_page_of_one_without_people_says_who_can_fill_in(
    keeper: Client, so_cong_thuong: Agency, minh_hoa: Agency, hoa: User
) -> None:
    with_people = text_of(keeper.get(f"/don-vi/{so_cong_thuong.pk}/").content.decode())
    assert "Người có vai trò ở cấp trên cũng làm được tại đây." in with_people
    hoa.memberships.all().delete()
    words = text_of(keeper.get(f"/don-vi/{so_cong_thuong.pk}/").content.decode())
    assert (
        "Chưa ai có vai trò riêng tại Sở Công Thương. Người có vai trò ở cấp trên cũng làm được tại"
        " đây; cấp trên cũng không có ai thì không nhập được báo cáo của đơn vị."
    ) in words
    assert "cấp trên cũng" not in text_of(keeper.get(f"/don-vi/{minh_hoa.pk}/").content.decode())


def test_the_page_of_one_tells_people_reports_and_record(
    keeper: Client, report: Submission, hoa: User, hanh: User
) -> None:
    Agency.objects.filter(pk=report.agency_id).update(name="Sở <b>Mới</b>")
    about = About(province=report.round.province, agency=report.agency)
    remember(Subject.AGENCY, "x", "đổi tên đơn vị", by=hanh, via="page", about=about)
    content = keeper.get(f"/don-vi/{report.agency_id}/").content.decode()
    assert "Sở &lt;b&gt;Mới&lt;/b&gt;" in content
    assert "<b>Mới</b>" not in content
    assert '<td data-l="Tên khi báo cáo">Sở Công Thương</td>' in content
    assert f'href="/bao-cao/{report.pk}/"' in content
    assert "Nguyễn Thị Hoa" in content
    assert "đổi tên đơn vị" in content


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_one_takes_as_many_queries_whatever_hangs_on_it(
    keeper: Client,
    so_cong_thuong: Agency,
    minh_hoa: Agency,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for place in range(number):
        person(f"nguoi{place}", f"Người {place}", (Role.CLERK, so_cong_thuong))
        old = agency(f"MH.C{place}", f"Sở Cũ {place}", AgencyKind.DEPARTMENT, minh_hoa)
        Succession.objects.create(
            predecessor=old, successor=so_cong_thuong, on=timezone.localdate()
        )
        RecordLine.objects.create(
            subject="agency",
            act="x",
            what="x",
            agency=so_cong_thuong,
            province=minh_hoa,
            at=timezone.now(),
            via="page",
        )
    with django_assert_num_queries(11):
        keeper.get(f"/don-vi/{so_cong_thuong.pk}/")


# Entering and changing


FIELDS = {
    "code": "MH.SYT",
    "name": "Sở Y tế",
    "kind": "so",
    "functions": ["noi_vu"],
    "area": "Tỉnh lỵ",
    "place": "Minh Họa",
    "signer_title": "GIÁM ĐỐC",
    "wants_signature": "on",
    "valid_from": "1/3/2025",
    "reason": "Quyết định 1",
}


def test_an_agency_is_entered(keeper: Client, minh_hoa: Agency, hanh: User) -> None:
    answer = keeper.post("/don-vi/moi/", {**FIELDS, "parent": minh_hoa.pk})
    new = Agency.objects.get(code="MH.SYT")
    assert answer.headers["Location"] == f"/don-vi/{new.pk}/"
    assert (new.parent, new.functions, new.wants_signature, new.valid_from) == (
        minh_hoa,
        "noi_vu",
        True,
        date(2025, 3, 1),
    )
    line = RecordLine.objects.get(agency=new)
    assert (line.by, line.reason) == (hanh, "Quyết định 1")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"code": "MH.SCT"}, "Mã MH.SCT đã có đơn vị dùng"),
        ({"code": "TK.SCT"}, "Mã TK.SCT đã có đơn vị dùng"),
        ({"code": "tk.sct"}, "Mã tk.sct đã có đơn vị dùng"),
        ({"code": "Sở Y tế"}, "Mã chỉ gồm chữ không dấu"),
        ({"kind": "tinh"}, "tinh"),
        ({"functions": ["la_la"]}, "la_la"),
        ({"valid_from": "30/2/2025"}, "Ngày không đúng"),
        ({"valid_from": "1/1/0200"}, "Năm phải từ 1945"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_with_a_new_agency_is_told_and_kept(
    keeper: Client,
    so_cong_thuong: Agency,
    so_khac: Agency,
    minh_hoa: Agency,
    values: dict[str, Any],
    sentence: str,
) -> None:
    number = Agency.objects.count()
    answer = keeper.post("/don-vi/moi/", {**FIELDS, "parent": minh_hoa.pk, **values})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'value="Tỉnh lỵ"' in answer.content.decode()
    assert Agency.objects.count() == number


def test_a_refused_entering_is_told_and_keeps_what_was_typed(
    keeper: Client, minh_hoa: Agency
) -> None:
    why = AgencyUnfit("Đã có ngày kết thúc.")
    with patch("reporting.views.agencies.enter_agency", side_effect=why):
        answer = keeper.post("/don-vi/moi/", {**FIELDS, "parent": minh_hoa.pk})
    assert answer.status_code == 409
    assert "Đã có ngày kết thúc." in answer.content.decode()
    assert 'value="Tỉnh lỵ"' in answer.content.decode()


def test_a_forged_parent_in_another_province_is_refused(
    keeper: Client, minh_hoa: Agency, tinh_khac: Agency
) -> None:
    answer = keeper.post("/don-vi/moi/", {**FIELDS, "parent": tinh_khac.pk})
    assert answer.status_code == 422
    assert not Agency.objects.filter(code="MH.SYT").exists()


def change(keeper: Client, found: Agency, seen: str, **values: Any) -> Any:
    kept = Agency.objects.get(pk=found.pk)
    fields = {"code": kept.code, "name": kept.name, "kind": kept.kind, "parent": kept.parent_id}
    return keeper.post(f"/don-vi/{found.pk}/sua/", {**fields, "seen": seen, **values})


def test_an_agency_is_changed(keeper: Client, so_cong_thuong: Agency) -> None:
    seen = mark(keeper.get(f"/don-vi/{so_cong_thuong.pk}/sua/"))
    answer = change(keeper, so_cong_thuong, seen, name="Sở Công Thương và Du lịch")
    assert answer.headers["Location"] == f"/don-vi/{so_cong_thuong.pk}/"
    assert Agency.objects.get(pk=so_cong_thuong.pk).name == "Sở Công Thương và Du lịch"
    again = mark(keeper.get(f"/don-vi/{so_cong_thuong.pk}/sua/"))
    assert again != seen


def test_the_second_of_two_is_shown_both_and_decides(
    keeper: Client, so_cong_thuong: Agency
) -> None:
    seen = mark(keeper.get(f"/don-vi/{so_cong_thuong.pk}/sua/"))
    Agency.objects.filter(pk=so_cong_thuong.pk).update(name="Sở Của Người Kia")
    answer = change(keeper, so_cong_thuong, seen, name="Sở Của Tôi")
    content = answer.content.decode()
    assert answer.status_code == 409
    assert "Đang lưu: Sở Của Người Kia" in content
    assert 'value="Sở Của Tôi"' in content
    assert Agency.objects.get(pk=so_cong_thuong.pk).name == "Sở Của Người Kia"
    assert change(keeper, so_cong_thuong, mark(answer), name="Sở Của Tôi").status_code == 302
    assert Agency.objects.get(pk=so_cong_thuong.pk).name == "Sở Của Tôi"


def test_a_slip_does_not_make_a_stale_page_fresh(keeper: Client, so_cong_thuong: Agency) -> None:
    seen = mark(keeper.get(f"/don-vi/{so_cong_thuong.pk}/sua/"))
    Agency.objects.filter(pk=so_cong_thuong.pk).update(place="Nơi Khác")
    answer = change(keeper, so_cong_thuong, seen, name="")
    assert answer.status_code == 422
    assert mark(answer) == seen


def test_the_province_is_not_changed_here(keeper: Client, minh_hoa: Agency) -> None:
    answer = keeper.get(f"/don-vi/{minh_hoa.pk}/sua/")
    assert answer.status_code == 409
    assert "Tỉnh do quản trị hệ thống sửa" in answer.content.decode()


# Ending, moving


def test_an_agency_is_ended_and_what_hangs_on_it_is_told_first(
    keeper: Client, report: Submission, hoa: User
) -> None:
    page = keeper.get(f"/don-vi/{report.agency_id}/ket-thuc/")
    assert "1 báo cáo chưa duyệt trong các đợt đang mở" in page.content.decode()
    assert "Nguyễn Thị Hoa" in page.content.decode()
    fields = {"on": ON, "reason": "Giải thể", "seen": mark(page)}
    answer = keeper.post(f"/don-vi/{report.agency_id}/ket-thuc/", fields)
    assert answer.status_code == 302
    assert Agency.objects.get(pk=report.agency_id).valid_to == date(2025, 2, 28)
    again = keeper.post(f"/don-vi/{report.agency_id}/ket-thuc/", fields)
    assert again.status_code == 409


def test_ending_without_a_day_or_reason_keeps_what_was_typed(
    keeper: Client, so_cong_thuong: Agency
) -> None:
    answer = keeper.post(f"/don-vi/{so_cong_thuong.pk}/ket-thuc/", {"reason": "Giải thể"})
    assert answer.status_code == 422
    assert "Giải thể" in answer.content.decode()
    assert Agency.objects.get(pk=so_cong_thuong.pk).valid_to is None


def test_chosen_agencies_are_moved(
    keeper: Client, communes: list[Agency], minh_hoa: Agency
) -> None:
    page = keeper.get(f"/don-vi/chuyen/?chon={communes[0].pk}&chon={communes[1].pk}&chon=x")
    assert page.context["chosen"] == communes[:2]
    fields = {
        "chon": [one.pk for one in communes[:2]],
        "parent": minh_hoa.pk,
        "area": "Sơn Tây",
        "on": f"{timezone.localdate():%d/%m/%Y}",
        "reason": "Bỏ cấp huyện",
        "seen": mark(page),
    }
    assert keeper.post("/don-vi/chuyen/", fields).status_code == 302
    kept = Agency.objects.filter(parent=minh_hoa, kind="xa").values_list("code", "area")
    assert sorted(kept) == [("MH.Y0", "Sơn Tây"), ("MH.Y1", "Sơn Tây")]


@pytest.mark.parametrize(
    ("values", "status", "sentence"),
    [
        ({"chon": []}, 422, "Hãy chọn ít nhất một đơn vị"),
        ({"area": ""}, 422, "Hãy chọn cấp trên, loại hoặc ghi địa bàn mới"),
        ({"chon": ["999999"]}, 422, "999999"),
        ({"reason": ""}, 422, "Hãy ghi lý do"),
        ({"seen": "cu"}, 409, "đã thay đổi sau khi"),
        ({"on": "01/01/2099"}, 422, "không thể ở sau hôm nay"),
    ],
)
def test_a_move_that_is_refused_moves_nothing(
    keeper: Client,
    communes: list[Agency],
    values: dict[str, Any],
    status: int,
    sentence: str,
) -> None:
    fields = {
        "chon": [communes[0].pk],
        "area": "Sơn Tây",
        "on": f"{timezone.localdate():%d/%m/%Y}",
        "reason": "Nghị quyết 1",
        "seen": mark(keeper.get("/don-vi/chuyen/")),
    }
    answer = keeper.post("/don-vi/chuyen/", {**fields, **values})
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not Agency.objects.filter(area="Sơn Tây").exists()


# Merging and splitting: typed, previewed, confirmed


def merger(communes: list[Agency], **values: Any) -> dict[str, Any]:
    return {
        "chon": [one.pk for one in communes],
        "on": ON,
        "legal_basis": BASIS,
        "into": "0",
        "moi-code": "MH.SON",
        "moi-name": "UBND xã Sơn Tây",
        "moi-kind": "xa",
        "moi-parent": Agency.objects.get(code="MH").pk,
        "moi-functions": [],
        **values,
    }


def test_a_merger_is_previewed_with_people_and_then_made(
    keeper: Client, communes: list[Agency], hanh: User
) -> None:
    an = person("an", "An <i>", (Role.CLERK, communes[0]))
    fields = merger(communes)
    page = keeper.post("/don-vi/sap-nhap/", fields)
    content = page.content.decode()
    assert page.status_code == 200
    assert "hoạt động đến hết 28/02/2025" in content
    assert "An &lt;i&gt;" in content
    assert "<i>" not in content
    assert not Succession.objects.exists()
    [offer] = page.context["offers"]
    [box] = offer.boxes
    assert box.is_ticked
    confirmed = {
        **dict_of(page.context["hidden"]),
        "seen": mark(page),
        "vai-tro": [box.value],
        "confirm": "1",
    }
    answer = keeper.post("/don-vi/sap-nhap/", confirmed)
    made = Agency.objects.get(code="MH.SON")
    assert answer.headers["Location"] == f"/don-vi/{made.pk}/"
    assert (made.valid_from, made.origins.count()) == (date(2025, 3, 1), 3)
    assert Membership.objects.get(agency=made).user == an
    chain = keeper.get(f"/don-vi/{made.pk}/").content.decode()
    assert BASIS in chain
    assert "UBND xã Sơn 2" in chain


def test_each_kind_counts_the_agencies_that_it_lists(
    keeper: Client, communes: list[Agency], so_cong_thuong: Agency
) -> None:
    """Those chosen already stand above, once."""
    chosen = {"chon": [communes[0].pk, communes[1].pk]}
    for path in ("/don-vi/sap-nhap/", "/don-vi/chuyen/"):
        page = keeper.get(path, chosen)
        words = text_of(page.content.decode())
        commune = AgencyKind.COMMUNE.label
        assert f"{commune} (1) {communes[2].name} {communes[2].code}" in words
        assert page.content.decode().count(f'value="{communes[0].pk}" checked') == 1
    split = keeper.get(f"/don-vi/{so_cong_thuong.pk}/chia-tach/")
    assert f"{commune} (3)" in text_of(split.content.decode())


def dict_of(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        found.setdefault(name, []).append(text)
    return found


def test_what_was_ticked_is_what_is_given(keeper: Client, communes: list[Agency]) -> None:
    person("an", "An", (Role.CLERK, communes[0]))
    page = keeper.post("/don-vi/sap-nhap/", merger(communes))
    keeper.post("/don-vi/sap-nhap/", {**merger(communes), "seen": mark(page), "confirm": "1"})
    assert not Membership.objects.filter(agency__code="MH.SON").exists()


def test_a_role_that_could_not_be_handed_on_is_told(keeper: Client, communes: list[Agency]) -> None:
    an = person("an", "An", (Role.CLERK, communes[0]))
    an.is_staff = True
    an.save()
    page = keeper.post("/don-vi/sap-nhap/", merger(communes))
    ticked = {"vai-tro": [f"{an.memberships.get().pk}-0"], "seen": mark(page), "confirm": "1"}
    answer = keeper.post("/don-vi/sap-nhap/", {**merger(communes), **ticked}, follow=True)
    assert "Chưa giao vai trò cho An, chuyên viên nhập liệu tại UBND xã Sơn Tây" in (
        answer.content.decode()
    )
    assert Agency.objects.get(code="MH.SON").origins.count() == 3


def test_going_back_from_the_preview_keeps_what_was_typed(
    keeper: Client, communes: list[Agency]
) -> None:
    page = keeper.post("/don-vi/sap-nhap/", {**merger(communes), "back": "1"})
    assert page.status_code == 200
    assert page.context["chosen"] == communes
    assert 'value="UBND xã Sơn Tây"' in page.content.decode()


def test_a_merger_into_one_that_is_there_asks_for_no_new_one(
    keeper: Client, communes: list[Agency]
) -> None:
    fields = merger(communes[:2], into=communes[2].pk, **{"moi-code": "", "moi-name": ""})
    page = keeper.post("/don-vi/sap-nhap/", fields)
    keeper.post("/don-vi/sap-nhap/", {**fields, "seen": mark(page), "confirm": "1"})
    assert communes[2].origins.count() == 2


@pytest.mark.parametrize(
    ("values", "status", "sentence"),
    [
        ({"chon": []}, 422, "Hãy chọn ít nhất một đơn vị"),
        ({"on": ""}, 422, "Hãy ghi ngày/tháng/năm"),
        ({"legal_basis": ""}, 422, "Căn cứ"),
        ({"moi-code": "MH.Y0"}, 422, "Mã MH.Y0 đã có đơn vị dùng"),
        ({"into": "999999"}, 422, "999999"),
    ],
)
def test_a_merger_that_can_not_be_is_told(
    keeper: Client,
    communes: list[Agency],
    values: dict[str, Any],
    status: int,
    sentence: str,
) -> None:
    answer = keeper.post("/don-vi/sap-nhap/", merger(communes, **values))
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not Succession.objects.exists()


def test_a_tree_that_changed_after_the_preview_is_shown_again(
    keeper: Client, communes: list[Agency], minh_hoa: Agency
) -> None:
    page = keeper.post("/don-vi/sap-nhap/", merger(communes))
    agency("MH.SMOI", "Sở Mới", AgencyKind.DEPARTMENT, minh_hoa)
    again = {**merger(communes), "seen": mark(page), "confirm": "1"}
    answer = keeper.post("/don-vi/sap-nhap/", again)
    assert answer.status_code == 409
    assert not Succession.objects.exists()
    assert keeper.post("/don-vi/sap-nhap/", {**again, "seen": mark(answer)}).status_code == 302


def test_what_the_decision_can_not_do_is_told_without_a_button(
    keeper: Client, communes: list[Agency]
) -> None:
    Agency.objects.filter(pk=communes[0].pk).update(valid_from=date(2025, 3, 1))
    answer = keeper.post("/don-vi/sap-nhap/", merger(communes))
    assert answer.status_code == 422
    assert "hãy chọn ngày sau ngày đó" in answer.content.decode()
    assert 'name="confirm"' not in answer.content.decode()


def division(**values: str) -> dict[str, str]:
    return {
        "way": "divide",
        "on": ON,
        "legal_basis": BASIS,
        "moi-TOTAL_FORMS": "4",
        "moi-INITIAL_FORMS": "0",
        "moi-0-code": "MH.A",
        "moi-0-name": "Sở A",
        "moi-0-functions": "noi_vu",
        "moi-1-code": "MH.B",
        "moi-1-name": "Sở B",
        **values,
    }


def test_a_division_is_previewed_and_made(keeper: Client, report: Submission) -> None:
    path = f"/don-vi/{report.agency_id}/chia-tach/"
    page = keeper.post(path, division())
    assert "1 báo cáo chưa duyệt" in page.content.decode()
    [offer] = page.context["offers"]
    assert [box.is_ticked for box in offer.boxes] == [False, False]
    roles = {"vai-tro": offer.boxes[1].value}
    keeper.post(path, {**division(), **roles, "seen": mark(page), "confirm": "1"})
    made = list(Agency.objects.filter(origins__predecessor=report.agency).order_by("code"))
    assert [(one.code, one.kind, one.functions, one.place) for one in made] == [
        ("MH.A", "so", "noi_vu", "Minh Họa"),
        ("MH.B", "so", "", "Minh Họa"),
    ]
    assert Membership.objects.get(agency=made[1]).role == "clerk"
    assert not Membership.objects.filter(agency=made[0]).exists()
    assert Submission.objects.get(pk=report.pk).agency_name == "Sở Công Thương"


def test_one_splits_off_into_one_that_is_there(
    keeper: Client, so_cong_thuong: Agency, so_noi_vu: Agency
) -> None:
    path = f"/don-vi/{so_cong_thuong.pk}/chia-tach/"
    fields = division(way="split_off", chon=str(so_noi_vu.pk))
    for name in list(fields):
        if name.startswith(("moi-0", "moi-1")):
            del fields[name]
    page = keeper.post(path, fields)
    assert page.status_code == 200
    assert keeper.post(path, {**fields, "seen": mark(page), "confirm": "1"}).status_code == 302
    assert Agency.objects.get(pk=so_cong_thuong.pk).valid_to is None
    assert so_noi_vu.origins.get().predecessor == so_cong_thuong


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"moi-1-code": "", "moi-1-name": ""}, "ít nhất hai đơn vị mới"),
        ({"moi-1-name": ""}, "Đơn vị mới cần cả mã và tên"),
        ({"moi-1-code": "MH.SCT"}, "Mã MH.SCT đã có đơn vị dùng"),
        ({"moi-1-code": "MH.A"}, "có mã được ghi hai lần"),
        ({"moi-0-functions": "la_la"}, "Chức năng la_la không có trong danh mục"),
        ({"way": "khac"}, "khac"),
    ],
)
def test_a_division_that_can_not_be_is_told(
    keeper: Client, so_cong_thuong: Agency, values: dict[str, str], sentence: str
) -> None:
    answer = keeper.post(f"/don-vi/{so_cong_thuong.pk}/chia-tach/", division(**values))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Succession.objects.exists()


# Lists in files


def bring(keeper: Client, text: str) -> Any:
    file = SimpleUploadedFile("<i>ds.csv", text.encode(), content_type="text/csv")
    return keeper.post("/don-vi/nap/", {"file": file})


GOOD = "mã;tên;loại;mã cấp trên\nMH.A;Sở <i>A;so;MH\nMH.SCT;Sở Công Thương Mới;so;MH\n"


def test_a_list_is_previewed_and_taken_in(keeper: Client, so_cong_thuong: Agency) -> None:
    page = bring(keeper, GOOD)
    content = page.content.decode()
    assert page.status_code == 200
    assert "<del>Sở Công Thương</del> → <ins>Sở Công Thương Mới</ins>" in content
    assert "<i>" not in content
    assert not Agency.objects.filter(code="MH.A").exists()
    answer = keeper.post("/don-vi/nap/", {"brought": page.context["brought"]}, follow=True)
    assert "1 đơn vị mới, 1 đơn vị thay đổi" in answer.content.decode()
    assert Agency.objects.get(pk=so_cong_thuong.pk).name == "Sở Công Thương Mới"
    assert "SHA-256" in RecordLine.objects.get(act="import").reason


def test_bad_lines_are_told_all_at_once(keeper: Client, so_cong_thuong: Agency) -> None:
    text = "mã;tên;loại;mã cấp trên\nMH.A;<i>;thôn;MH\n;B;so;MH\nMH.C;C;so;MH.K\n"
    answer = bring(keeper, text)
    content = answer.content.decode()
    assert answer.status_code == 422
    assert "&lt;i&gt;ds.csv: 3 chỗ phải sửa" in content
    assert [fault.line for fault in answer.context["judged"].faults] == [2, 3, 4]
    assert 'name="brought"' not in content
    assert Agency.objects.filter(parent=so_cong_thuong.parent).count() == 1


def test_a_forged_preview_is_not_taken_in(keeper: Client, so_cong_thuong: Agency) -> None:
    brought = bring(keeper, GOOD).context["brought"]
    answer = keeper.post("/don-vi/nap/", {"brought": f"x{brought}"})
    assert answer.status_code == 409
    assert "không còn nguyên vẹn" in answer.content.decode()
    assert not Agency.objects.filter(code="MH.A").exists()


def test_a_preview_of_one_province_is_not_taken_into_another(
    client: Client, so_cong_thuong: Agency, so_khac: Agency, minh_hoa: Agency, tinh_khac: Agency
) -> None:
    both = person("hai", "Hai", (Role.REVIEWER, minh_hoa), (Role.REVIEWER, tinh_khac))
    client.force_login(both)
    file = SimpleUploadedFile("ds.csv", GOOD.encode())
    brought = client.post("/don-vi/nap/?tinh=MH", {"file": file}).context["brought"]
    answer = client.post("/don-vi/nap/?tinh=TK", {"brought": brought})
    assert answer.status_code == 409
    assert not Agency.objects.filter(code="MH.A").exists()


def test_a_stale_preview_is_compared_anew(keeper: Client, so_cong_thuong: Agency) -> None:
    brought = bring(keeper, GOOD).context["brought"]
    Agency.objects.filter(pk=so_cong_thuong.pk).update(name="Sở Của Người Kia")
    answer = keeper.post("/don-vi/nap/", {"brought": brought})
    assert answer.status_code == 409
    assert "<del>Sở Của Người Kia</del>" in answer.content.decode()
    again = keeper.post("/don-vi/nap/", {"brought": answer.context["brought"]})
    assert again.status_code == 302
    assert Agency.objects.get(pk=so_cong_thuong.pk).name == "Sở Công Thương Mới"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "trống"), ("a;b\nc;d\n", "không có dòng tiêu đề"), ("%PDF-", "là tệp PDF")],
)
def test_a_file_that_is_no_list(
    keeper: Client, so_cong_thuong: Agency, text: str, sentence: str
) -> None:
    answer = bring(keeper, text)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_file_too_large_is_not_read(keeper: Client, so_cong_thuong: Agency) -> None:
    answer = bring(keeper, "x" * (5 * 1024 * 1024 + 1))
    assert answer.status_code == 422
    assert "nhiều nhất 5 MB" in answer.content.decode()


@pytest.mark.parametrize("path", ["/don-vi.xlsx", "/don-vi.csv", "/don-vi/mau.xlsx"])
def test_files_are_sent_to_be_saved(keeper: Client, so_cong_thuong: Agency, path: str) -> None:
    answer = keeper.get(path)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    # A blank form holds nothing; what goes out with content is in the record.
    acts = RecordLine.objects.filter(act="export_agencies")
    assert acts.count() == (0 if "mau" in path else 1)


# The operator's pages


def test_what_an_operator_enters_and_changes_is_recorded(
    client: Client, quantri: User, minh_hoa: Agency
) -> None:
    client.force_login(quantri)
    fields = {"code": "MH.SYT", "name": "Sở Y tế", "kind": "so", "parent": minh_hoa.pk}
    client.post("/quan-tri/reporting/agency/add/", fields)
    new = Agency.objects.get(code="MH.SYT")
    path = f"/quan-tri/reporting/agency/{new.pk}/change/"
    client.post(path, {**fields, "name": "Sở Y tế Mới"})
    client.post(path, {**fields, "name": "Sở Y tế Mới"})
    lines = RecordLine.objects.filter(agency=new).order_by("pk")
    assert [(line.act, line.by, line.via) for line in lines] == [
        ("enter", quantri, "admin"),
        ("change", quantri, "admin"),
    ]
    assert lines[1].changes == [{"label": "Tên", "before": "Sở Y tế", "after": "Sở Y tế Mới"}]


def test_one_below_a_body_that_has_ended_is_changed_and_no_other_put_there(
    keeper: Client, communes: list[Agency]
) -> None:
    district = communes[0].parent
    assert district is not None
    Agency.objects.filter(pk=district.pk).update(valid_to=date(2025, 6, 30))
    path = f"/don-vi/{communes[0].pk}/sua/"
    answer = change(keeper, communes[0], mark(keeper.get(path)), area="Sơn Tây")
    assert answer.status_code == 302
    assert f'value="{district.pk}"' not in keeper.get("/don-vi/moi/").content.decode()


def test_the_successor_is_offered_the_tasks_of_all_and_a_lost_one_is_told(
    keeper: Client, so_noi_vu: Agency, minh_hoa: Agency
) -> None:
    other = agency("MH.STP", "Sở Tư pháp", AgencyKind.DEPARTMENT, minh_hoa, "tu_phap")
    page = keeper.get(f"/don-vi/sap-nhap/?chon={so_noi_vu.pk}&chon={other.pk}")
    assert page.context["successor"].initial["functions"] == ["noi_vu", "tu_phap"]
    fields = merger([so_noi_vu, other], **{"moi-kind": "so", "moi-functions": ["noi_vu"]})
    lost = keeper.post("/don-vi/sap-nhap/", fields)
    assert lost.context["lost"] == ["Sở Tư pháp"]
    assert "không có đơn vị nào tiếp nhận: Sở Tư pháp" in lost.content.decode()
    fields["moi-functions"] = ["noi_vu", "tu_phap"]
    assert keeper.post("/don-vi/sap-nhap/", fields).context["lost"] == []


def test_faults_of_a_new_agency_are_told_above_the_form_too(
    keeper: Client, communes: list[Agency], so_cong_thuong: Agency
) -> None:
    for path, fields in (
        ("/don-vi/sap-nhap/", merger(communes, **{"moi-name": ""})),
        (f"/don-vi/{so_cong_thuong.pk}/chia-tach/", division(**{"moi-1-name": ""})),
    ):
        assert 'role="alert"' in keeper.post(path, fields).content.decode()
