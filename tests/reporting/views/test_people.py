"""The pages about people and their roles, and one's own account."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from reporting.actions.people import end_role, give_role, name_deputy
from reporting.models import Agency, AgencyKind, Membership, RecordLine, User
from reporting.workflow import MOVES, Role
from tests.cast import PASSWORD, agency, person
from tests.reporting.background import by_mail, work
from tests.reporting.views.pages import text_of

DAY = timedelta(days=1)


@pytest.fixture
def desk(client: Client, hanh: User) -> Client:
    """The browser of the reviewer."""
    client.force_login(hanh)
    return client


@pytest.fixture
def son(so_cong_thuong: Agency) -> User:
    """The head of Sở Công Thương."""
    return person("son", "Bùi Văn Sơn", (Role.HEAD, so_cong_thuong))


def names(response: Any) -> list[str]:
    return [one.person.full_name for one in response.context["page"]]


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def day(days: int = 0) -> str:
    return f"{timezone.localdate() + days * DAY:%d/%m/%Y}"


# The list


def test_the_list_stands_in_the_order_of_given_names(
    desk: Client, hoa: User, thu: User, dat: User, khac: User
) -> None:
    assert names(desk.get("/nguoi-dung/")) == [
        "Phạm Quốc Đạt",
        "Trần Minh Hạnh",
        "Nguyễn Thị Hoa",
        "Lê Thị Thu",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tim=nguyen+hoa", ["Nguyễn Thị Hoa"]),
        ("tim=HOA+Nguyễn", ["Nguyễn Thị Hoa"]),
        ("tim=cong+thuong", ["Nguyễn Thị Hoa"]),
        ("tim=công+thưởng", []),
        ("tim=hoa%40example", ["Nguyễn Thị Hoa"]),
        ("vai-tro=reviewer", ["Trần Minh Hạnh"]),
        ("don-vi=minh+an", ["Lê Thị Thu"]),
        ("tinh-trang=lam-thay", ["Lê Thị Thu"]),
        ("tinh-trang=khong-thu&vai-tro=clerk", ["Lê Thị Thu"]),
        ("tinh-trang=chua-vao&vai-tro=clerk", ["Nguyễn Thị Hoa", "Lê Thị Thu"]),
        ("tinh-trang=khong-vai", ["Bùi Văn Sơn"]),
        ("tinh-trang=da-nghi", []),
        ("tim=%3Cscript%3E", []),
    ],
)
def test_people_are_found(
    desk: Client, hoa: User, thu: User, son: User, hanh: User, query: str, found: list[str]
) -> None:
    hoa.email = "hoa@example.vn"
    hoa.save()
    place = Membership.objects.get(user=hoa).agency
    today = timezone.localdate()
    name_deputy(person=hoa, deputy=thu, agency=place, valid_from=today, valid_to=today, by=hanh)
    Membership.objects.filter(user=thu, agency=place).update(agency=place.parent)
    end_role(membership=Membership.objects.get(user=son), by=hanh)
    response = desk.get(f"/nguoi-dung/?{query}")
    assert names(response) == found
    assert "<script>" not in response.content.decode()


def test_an_empty_list_says_what_to_do(desk: Client, hoa: User) -> None:
    page = desk.get("/nguoi-dung/?tim=khong+co").content.decode()
    assert "Không có ai khớp" in page
    assert 'href="/nguoi-dung/?tinh-trang="' in page


def test_a_long_list_has_pages(desk: Client, so_cong_thuong: Agency) -> None:
    for number in range(51):
        person(f"p{number}", f"Người {number}", (Role.CLERK, so_cong_thuong))
    first = desk.get("/nguoi-dung/?vai-tro=clerk")
    assert len(names(first)) == 50
    assert 'rel="next" href="?vai-tro=clerk&amp;trang=2"' in first.content.decode()
    assert len(names(desk.get("/nguoi-dung/?vai-tro=clerk&trang=2"))) == 1


@pytest.mark.parametrize("path", ["/nguoi-dung/", "/nguoi-dung/ai-lam-gi/", "person"])
def test_a_page_costs_the_same_whatever_the_number_of_rows(
    desk: Client,
    hoa: User,
    hanh: User,
    so_cong_thuong: Agency,
    xa_minh_an: Agency,
    minh_hoa: Agency,
    path: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    where = f"/nguoi-dung/{hoa.pk}/" if path == "person" else path
    number = {"/nguoi-dung/": 5, "/nguoi-dung/ai-lam-gi/": 5, "person": 18}[path]
    with django_assert_num_queries(number):
        desk.get(where)
    today = timezone.localdate()
    for username in ("a", "b", "c"):
        new = person(username, f"Người {username}", (Role.CLERK, xa_minh_an))
        name_deputy(
            person=hoa, deputy=new, agency=so_cong_thuong, valid_from=today, valid_to=today, by=hanh
        )
        give_role(person=hoa, role=Role.HEAD, agency=place_of(username, minh_hoa), by=hanh)
    give_role(person=hoa, role=Role.VIEWER, agency=minh_hoa, by=hanh)
    with django_assert_num_queries(number):
        desk.get(where)


def place_of(code: str, province: Agency) -> Agency:
    return agency(f"MH.{code}", f"Sở {code}", AgencyKind.DEPARTMENT, province)


# Inviting


def invitation(**more: str) -> dict[str, str]:
    fields = {
        "full_name": "Đỗ Đức  Đạt",
        "username": "",
        "email": "dat@example.vn",
        "phone": "",
        "way": "thu",
        "roles-TOTAL_FORMS": "3",
        "roles-INITIAL_FORMS": "0",
        "roles-0-role": "clerk",
        "roles-0-agency": "Sở Công Thương (MH.SCT)",
    }
    return fields | more


@pytest.mark.parametrize("named", ["Sở Công Thương (MH.SCT)", "mh.sct", " sở  công thương "])
def test_a_person_is_invited_by_letter(
    desk: Client,
    so_cong_thuong: Agency,
    named: str,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post("/nguoi-dung/moi/", invitation(**{"roles-0-agency": named}))
    new = User.objects.get(username="datdd")
    assert response.headers["Location"] == f"/nguoi-dung/{new.pk}/"
    assert new.full_name == "Đỗ Đức Đạt"
    assert [(one.role, one.agency) for one in new.memberships.all()] == [("clerk", so_cong_thuong)]
    assert "Thư mời đang chờ gửi" in desk.get(response.headers["Location"]).content.decode()
    work()
    assert len(mailoutbox) == 1
    page = desk.get(response.headers["Location"]).content.decode()
    assert "Đã gửi thư mời lúc" in page


def test_the_name_of_the_page_says_that_a_role_is_wrong_too(
    desk: Client, so_cong_thuong: Agency
) -> None:
    response = desk.post("/nguoi-dung/moi/", invitation(**{"roles-0-agency": "Sở Không Có"}))
    assert response.status_code == 422
    assert "<title>Lỗi: Mời người dùng" in response.content.decode()


def test_a_letter_that_does_not_go_out_is_told_and_offered_again(
    desk: Client,
    so_cong_thuong: Agency,
    settings: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.EMAIL_BACKEND = "tests.reporting.actions.test_people.Broken"
    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post("/nguoi-dung/moi/", invitation())
    place = response.headers["Location"]
    work()
    page = desk.get(place).content.decode()
    assert "Chưa gửi được thư mời" in page
    assert f'action="{place}viec/thu-moi/"' in page
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{place}viec/thu-moi/")
    work()
    assert "Đã gửi thư mời lúc" in desk.get(place).content.decode()


def test_a_first_password_is_shown_once(
    desk: Client, so_cong_thuong: Agency, xa_minh_an: Agency, mailoutbox: list[Any]
) -> None:
    second = {"roles-1-role": "head", "roles-1-agency": "MH.X001", "way": "mat-khau", "email": ""}
    response = desk.post("/nguoi-dung/moi/", invitation(**second))
    password = response.context["password"]
    assert password in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    new = User.objects.get(username="datdd")
    assert new.check_password(password)
    assert new.memberships.count() == 2
    assert password not in desk.get(f"/nguoi-dung/{new.pk}/").content.decode()
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"roles-0-agency": "Sở Không Có"}, "Không có đơn vị này trong phạm vi"),
        ({"roles-0-agency": "TK.SCT"}, "Không có đơn vị này trong phạm vi"),
        ({"roles-0-role": "manager"}, "manager"),
        ({"roles-0-role": "viewer"}, "chỉ giao tại tỉnh"),
        ({"roles-0-role": ""}, "Trường này là bắt buộc"),
        ({"roles-1-role": "head"}, "Trường này là bắt buộc"),
        ({"email": ""}, "Chưa có e-mail để gửi thư mời"),
        ({"username": "hanh"}, "Đã có tài khoản mang tên đăng nhập này"),
        ({"full_name": ""}, "Trường này là bắt buộc"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_is_kept(
    desk: Client, so_cong_thuong: Agency, so_khac: Agency, more: dict[str, str], sentence: str
) -> None:
    before = User.objects.count(), RecordLine.objects.count()
    response = desk.post("/nguoi-dung/moi/", invitation(phone="0901 234", **more))
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert 'value="0901 234"' in page
    assert (User.objects.count(), RecordLine.objects.count()) == before


def test_a_name_that_two_agencies_bear_is_asked_for_its_code(
    desk: Client, hanh: User, tinh_khac: Agency, so_khac: Agency, so_cong_thuong: Agency
) -> None:
    so_khac.name = "Sở Công Thương"
    so_khac.save()
    Membership.objects.create(user=hanh, agency=tinh_khac, role=Role.REVIEWER)
    named = {"roles-0-agency": "Sở Công Thương"}
    page = desk.post("/nguoi-dung/moi/", invitation(**named)).content.decode()
    assert "Sở Công Thương (MH.SCT), Sở Công Thương (TK.SCT)" in page


# One person


def act(desk: Client, whose: User, name: str, **fields: object) -> Any:
    return desk.post(f"/nguoi-dung/{whose.pk}/viec/{name}/", fields, follow=True)


def test_roles_are_given_and_ended_on_the_page(desk: Client, hoa: User, xa_minh_an: Agency) -> None:
    fields = {"role-role": "head", "role-agency": "MH.X001", "role-valid_to": day(3)}
    response = act(desk, hoa, "vai-tro", **fields)
    assert told(response) == ["Đã giao vai trò lãnh đạo đơn vị tại UBND xã Minh An."]
    held = Membership.objects.get(user=hoa, agency=xa_minh_an)
    assert f"đến hết {day(3)}" in response.content.decode()
    response = act(desk, hoa, "thoi", membership=held.pk, reason="Hết việc.")
    assert told(response) == ["Đã thôi vai trò lãnh đạo đơn vị tại UBND xã Minh An."]
    assert list(response.context["past"]) == [held]
    page = response.content.decode()
    assert "<blockquote>Hết việc.</blockquote>" in page
    assert "Trần Minh Hạnh thôi giao" in page
    again = act(desk, hoa, "thoi", membership=held.pk)
    assert again.status_code == 409


def test_a_day_that_is_none_and_a_forged_role_are_told(
    desk: Client, hoa: User, minh_hoa: Agency
) -> None:
    wrong = {"role-role": "head", "role-agency": "MH.SCT", "role-valid_to": "31/2/2026"}
    response = act(desk, hoa, "vai-tro", **wrong)
    assert response.status_code == 422
    assert 'value="31/2/2026"' in response.content.decode()
    forged = {"role-role": "manager", "role-agency": "MH"}
    assert act(desk, hoa, "vai-tro", **forged).status_code == 422
    assert Membership.objects.filter(user=hoa).count() == 1


@pytest.mark.parametrize("number", ["", "0", "x", "9" * 30])
def test_a_forged_number_of_a_role_is_unknown(desk: Client, hoa: User, number: str) -> None:
    assert act(desk, hoa, "thoi", membership=number).status_code == 404


def test_anothers_role_is_not_ended_through_this_person(desk: Client, hoa: User, thu: User) -> None:
    theirs = Membership.objects.get(user=thu)
    assert act(desk, hoa, "thoi", membership=theirs.pk).status_code == 404
    theirs.refresh_from_db()
    assert theirs.ended_at is None


def test_roles_of_another_province_are_neither_shown_nor_ended(
    desk: Client, hoa: User, khac: User, so_khac: Agency
) -> None:
    there = give_role(person=hoa, role=Role.CLERK, agency=so_khac, by=khac)
    page = desk.get(f"/nguoi-dung/{hoa.pk}/").content.decode()
    assert "Tỉnh Khác" not in page
    assert "mà ông/bà không giao được" in page
    assert act(desk, hoa, "thoi", membership=there.pk).status_code == 404
    assert act(desk, hoa, "mat-khau").status_code == 409
    assert act(desk, hoa, "nghi", reason="x").status_code == 409


@pytest.mark.parametrize("path", ["", "sua/", "viec/nghi/"])
def test_anothers_person_looks_like_one_that_does_not_exist(
    desk: Client, khac: User, path: str
) -> None:
    for pk in (khac.pk, 999_999):
        assert desk.get(f"/nguoi-dung/{pk}/{path}").status_code == 404
        assert desk.post(f"/nguoi-dung/{pk}/{path or 'sua/'}").status_code == 404


def test_a_deputy_is_named_on_the_page_and_shown_on_both(
    desk: Client, son: User, hoa: User, so_cong_thuong: Agency
) -> None:
    fields = {
        "deputy-deputy": "Nguyễn Thị Hoa (hoa)",
        "deputy-agency": so_cong_thuong.pk,
        "deputy-valid_from": day(),
        "deputy-valid_to": day(5),
    }
    response = act(desk, son, "lam-thay", **fields)
    assert told(response) == ["Đã cử Nguyễn Thị Hoa làm thay Bùi Văn Sơn."]
    assert f"từ {day()} đến hết {day(5)}" in response.content.decode()
    theirs = desk.get(f"/nguoi-dung/{hoa.pk}/").content.decode()
    assert f"làm thay Bùi Văn Sơn đến hết {day(5)}" in theirs
    wrong = act(desk, son, "lam-thay", **(fields | {"deputy-valid_to": day(-1)}))
    assert wrong.status_code == 422
    assert list(wrong.context["deputy_form"].errors) == ["valid_to"]


def test_leaving_asks_for_a_reason_and_tells_what_it_ended(desk: Client, hoa: User) -> None:
    missing = act(desk, hoa, "nghi", reason="  ")
    assert missing.status_code == 409
    assert "Hãy ghi lý do" in missing.content.decode()
    page = act(desk, hoa, "nghi", reason="Chuyển <b>công tác</b>.").content.decode()
    assert "Chuyển &lt;b&gt;công tác&lt;/b&gt;." in page
    assert "Đã nghỉ" in page
    assert "đang giao</span> → đã thôi" in page
    back = act(desk, hoa, "tro-lai")
    assert "Không giữ vai trò nào" in back.content.decode()
    hoa.refresh_from_db()
    assert hoa.is_active


def test_a_person_is_corrected_and_the_second_writer_is_told(desk: Client, hoa: User) -> None:
    drawn = {
        f"{prefix}{name}": value
        for prefix in ("", "initial-")
        for name, value in {"full_name": "Nguyễn Thị Hoa", "email": "", "phone": ""}.items()
    }
    path = f"/nguoi-dung/{hoa.pk}/sua/"
    assert desk.post(path, drawn | {"phone": "0901"}).status_code == 302
    stale = desk.post(path, drawn | {"phone": "0902"})
    assert stale.status_code == 409
    assert "điện thoại nay là «0901»" in stale.content.decode()
    assert 'value="0902"' in stale.content.decode()
    # Another box of the same page is nobody's conflict.
    assert desk.post(path, drawn | {"email": "hoa@example.vn"}).status_code == 302
    hoa.refresh_from_db()
    assert (hoa.phone, hoa.email) == ("0901", "hoa@example.vn")
    wrong = desk.post(path, drawn | {"email": "x", "full_name": ""})
    assert list(wrong.context["form"].errors) == ["full_name", "email"]


# Who may do what


def test_the_table_of_acts_names_every_move_and_follows_the_rules(desk: Client) -> None:
    groups = desk.get("/nguoi-dung/ai-lam-gi/").context["duties"]
    cells = {duty.what: duty.cells for group in groups for duty in group.duties}
    assert {move.label for move in MOVES.values()} <= cells.keys()
    clerk, head, reviewer = list(Role).index(Role.CLERK), 1, list(Role).index(Role.REVIEWER)
    assert cells["Gửi Sở Nội vụ"][clerk] == "khi không cần lãnh đạo ký"
    assert cells["Gửi Sở Nội vụ"][head] == "được"
    assert cells["Duyệt"][reviewer] == "được"
    assert cells["Duyệt"][clerk] == ""
    assert cells["Giao và thôi vai trò quản trị danh mục"][reviewer] == (
        "khi cũng là quản trị danh mục"
    )


def test_agencies_that_lack_somebody_are_marked(
    desk: Client, hoa: User, so_cong_thuong: Agency, so_noi_vu: Agency, so_khac: Agency
) -> None:
    so_cong_thuong.wants_signature = True
    so_cong_thuong.save()
    lines = desk.get("/nguoi-dung/ai-lam-gi/?thieu=on").context["lines"]
    assert {line["agency"]: list(line["lacks"]) for line in lines} == {
        so_cong_thuong: [Role.HEAD],
        so_noi_vu: [Role.CLERK],
    }
    page = desk.get("/nguoi-dung/ai-lam-gi/?tim=hoa+cong+thuong").content.decode()
    assert "Chưa có lãnh đạo đơn vị" in page
    assert "Tỉnh Khác" not in page


def test_who_left_or_whose_days_are_over_holds_nothing(
    desk: Client, hoa: User, so_cong_thuong: Agency
) -> None:
    [line] = desk.get("/nguoi-dung/ai-lam-gi/?tim=MH.SCT").context["lines"]
    assert line["lacks"] == []
    yesterday = timezone.localdate() - DAY
    Membership.objects.filter(user=hoa).update(valid_to=yesterday)
    [line] = desk.get("/nguoi-dung/ai-lam-gi/?tim=MH.SCT").context["lines"]
    assert list(line["lacks"]) == [Role.CLERK]
    Membership.objects.filter(user=hoa).update(valid_to=None)
    hoa.is_active = False
    hoa.save()
    [line] = desk.get("/nguoi-dung/ai-lam-gi/?tim=MH.SCT").context["lines"]
    assert list(line["lacks"]) == [Role.CLERK]


def test_the_workbook_holds_what_the_page_was_asked_for_and_is_recorded(
    desk: Client, hoa: User, thu: User, hanh: User, minh_hoa: Agency
) -> None:
    response = desk.get("/nguoi-dung/ai-lam-gi.xlsx?vai-tro=clerk")
    rows = list(load_workbook(BytesIO(response.content)).worksheets[0].values)
    assert [row[:5] for row in rows[4:]] == [
        ("MH.SCT", "Sở Công Thương", "chuyên viên nhập liệu", "Nguyễn Thị Hoa", "hoa"),
        ("MH.X001", "UBND xã Minh An", "chuyên viên nhập liệu", "Lê Thị Thu", "thu"),
    ]
    line = RecordLine.objects.get(act="export")
    assert (line.by, line.province) == (hanh, minh_hoa)


# One's own account


def own(client: Client, user: User, **more: str) -> Any:
    fields = {
        f"{prefix}{name}": getattr(user, name)
        for prefix in ("", "initial-")
        for name in ("full_name", "email", "phone", "mail")
    }
    return client.post("/tai-khoan/", fields | more, follow=True)


def test_ones_own_email_is_changed_by_password_and_the_old_one_is_told(
    client: Client,
    hoa: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    by_mail(hoa)
    client.force_login(hoa)
    for password in ("", "sai"):
        refused = own(client, hoa, email="trom@minh-hoa.example", password=password)
        assert refused.status_code == 422
        assert "mật khẩu đang dùng để đổi e-mail" in refused.content.decode()
    hoa.refresh_from_db()
    assert hoa.email == "hoa@minh-hoa.example"
    with django_capture_on_commit_callbacks(execute=True):
        assert told(own(client, hoa, email="moi@minh-hoa.example", password=PASSWORD)) == [
            "Đã lưu."
        ]
    hoa.refresh_from_db()
    assert (hoa.email, hoa.check_password(PASSWORD)) == ("moi@minh-hoa.example", True)
    work()
    [letter] = mail.outbox
    assert letter.to == ["hoa@minh-hoa.example"]
    assert "Tài khoản hoa" in str(letter.body)


def test_ones_own_email_is_changed_on_ones_own_page(desk: Client, hanh: User) -> None:
    response = desk.post(f"/nguoi-dung/{hanh.pk}/sua/", {"email": "trom@minh-hoa.example"})
    assert response.headers["Location"] == "/tai-khoan/"


@pytest.mark.parametrize("why", ["found by it", "no password"])
def test_an_email_that_says_who_somebody_is_elsewhere_is_not_changed_by_oneself(
    client: Client, hoa: User, settings: LazySettings, why: str
) -> None:
    by_mail(hoa)
    if why == "found by it":
        settings.OIDC_ISSUER, settings.OIDC_CLAIM = "https://sso.example", "email"
    else:
        hoa.set_unusable_password()
        hoa.save()
    client.force_login(hoa)
    assert "hãy nhờ Sở Nội vụ" in client.get("/tai-khoan/").content.decode()
    own(client, hoa, email="giamdoc@minh-hoa.example", password=PASSWORD, phone="0901")
    hoa.refresh_from_db()
    assert (hoa.email, hoa.phone) == ("hoa@minh-hoa.example", "0901")


def test_everybody_changes_their_own_account(client: Client, hoa: User) -> None:
    client.force_login(hoa)
    page = client.get("/tai-khoan/").content.decode()
    assert "<b>Chuyên viên nhập liệu</b>: Sở Công Thương" in page
    assert "Cử người làm thay" not in page
    words = text_of(page)
    assert "Từng thông báo Mỗi ngày một thư gộp Không nhận thư" in words
    assert "mỗi ngày nhiều nhất 3 thư, còn lại gộp vào một thư sáng hôm sau." in words
    assert 'href="/tai-khoan/">Nguyễn Thị Hoa</a>' in page
    assert told(own(client, hoa, mail="daily", phone="0901")) == ["Đã lưu."]
    line = RecordLine.objects.get(act="change")
    assert line.what == "sửa tài khoản của mình"
    assert [change["after"] for change in line.changes] == ["0901", "Mỗi ngày một thư gộp"]
    assert own(client, hoa, mail="luôn luôn").status_code == 422
    hoa.refresh_from_db()
    assert (hoa.mail, hoa.phone) == ("daily", "0901")


def test_a_head_names_and_ends_a_deputy(
    client: Client, son: User, hoa: User, thu: User, so_cong_thuong: Agency
) -> None:
    client.force_login(son)
    fields = {
        "deputy-deputy": "hoa",
        "deputy-agency": so_cong_thuong.pk,
        "deputy-valid_from": day(),
        "deputy-valid_to": day(2),
    }
    stranger = client.post("/tai-khoan/viec/lam-thay/", fields | {"deputy-deputy": "thu"})
    assert stranger.status_code == 422
    assert "Lê Thị Thu" not in stranger.content.decode()
    response = client.post("/tai-khoan/viec/lam-thay/", fields, follow=True)
    assert told(response) == ["Đã cử Nguyễn Thị Hoa làm thay ông/bà."]
    given = Membership.objects.get(stands_in_for=son)
    client.force_login(hoa)
    assert client.post("/tai-khoan/viec/thoi/", {"membership": given.pk}).status_code == 404
    assert client.post("/tai-khoan/viec/lam-thay/", fields).status_code == 422
    client.force_login(son)
    response = client.post("/tai-khoan/viec/thoi/", {"membership": given.pk}, follow=True)
    assert told(response) == ["Nguyễn Thị Hoa thôi làm thay ông/bà tại Sở Công Thương."]
    given.refresh_from_db()
    assert given.ended_by == son


def test_only_reviewers_find_the_way_to_people(client: Client, hoa: User, hanh: User) -> None:
    for user, count in ((hoa, 0), (hanh, 1)):
        client.force_login(user)
        assert client.get("/bao-cao/").content.decode().count('href="/nguoi-dung/"') == count


def test_a_body_that_is_still_to_begin_lacks_nobody(
    desk: Client, hoa: User, so_noi_vu: Agency
) -> None:
    so_noi_vu.valid_from = timezone.localdate() + DAY
    so_noi_vu.save()
    lines = desk.get("/nguoi-dung/ai-lam-gi/").context["lines"]
    assert so_noi_vu not in [line["agency"] for line in lines]


def test_who_holds_a_role_in_their_own_right_comes_before_deputies_in_every_database(
    desk: Client, hoa: User
) -> None:
    with CaptureQueriesContext(connection) as queries:
        desk.get("/nguoi-dung/ai-lam-gi/")
    assert any('"stands_in_for_id" ASC NULLS FIRST' in one["sql"] for one in queries)


@pytest.mark.parametrize("name", ["HANH", "quаntri", "hạnh"])
def test_a_username_that_looks_like_another_is_refused(
    desk: Client, so_cong_thuong: Agency, quantri: User, name: str
) -> None:
    response = desk.post("/nguoi-dung/moi/", invitation(username=name))
    assert response.status_code == 422
    assert not User.objects.filter(full_name="Đỗ Đức Đạt").exists()


def test_neither_session_nor_password_comes_back_with_an_account(desk: Client, hoa: User) -> None:
    theirs = Client()
    theirs.force_login(hoa)
    desk.post(f"/nguoi-dung/{hoa.pk}/viec/nghi/", {"reason": "Chuyển công tác."})
    desk.post(f"/nguoi-dung/{hoa.pk}/viec/tro-lai/")
    hoa.refresh_from_db()
    assert hoa.is_active
    assert theirs.get("/tai-khoan/").status_code == 302
    assert not hoa.check_password(PASSWORD)


def test_an_agency_is_named_without_accents_but_never_guessed(
    desk: Client, so_cong_thuong: Agency, xa_minh_an: Agency
) -> None:
    response = desk.post("/nguoi-dung/moi/", invitation(**{"roles-0-agency": "minh an"}))
    assert response.status_code == 422
    assert "Có phải: UBND xã Minh An (MH.X001)?" in response.content.decode()
    desk.post("/nguoi-dung/moi/", invitation(**{"roles-0-agency": "ubnd xa minh an"}))
    new = User.objects.get(username="datdd")
    assert [one.agency for one in new.memberships.all()] == [xa_minh_an]
