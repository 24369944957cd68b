"""Signing in and out, the password, and pages that were open too long."""

from typing import Any

import pytest
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.test import Client

from reporting.actions.accounts import invitation_path
from reporting.actions.people import give_first_password
from reporting.models import RecordLine, Submission, User
from reporting.tidings import Subject
from tests.cast import PASSWORD, stored

WRONG = (
    "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng Việt rồi"
    " thử lại; không nhớ thì bấm «Quên mật khẩu» ở dưới."
)


def sign_in(client: Client, username: str = "hoa", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/dang-nhap/", {"username": username, "password": password, **more})


def test_signing_in_leads_home(hoa: User, client: Client) -> None:
    response = sign_in(client)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/").headers["Location"] == "/bao-cao/"


@pytest.mark.parametrize(
    ("who", "place"),
    [("hoa", "/bao-cao/"), ("hanh", "/dot/"), ("mai", "/bieu-mau/"), ("quantri", "/quan-tri/")],
)
def test_the_front_page_leads_each_person_to_their_work(
    who: str, place: str, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get("/").headers["Location"] == place


def test_no_password_is_ever_carried_in_a_page(client: Client, db: None) -> None:
    posted = {"old_password": "bi-mat-cu", "new_password1": "bi-mat-moi", "note": "giữ lại"}
    for address in ("/mat-khau/", "/bieu-mau/moi/"):
        page = client.post(address, posted).content.decode()
        assert "bi-mat" not in page
        assert "giữ lại" in page


def test_several_values_of_one_box_survive_signing_in_again(mai: User, client: Client) -> None:
    address = "/bieu-mau/PL2-KH-2022/sua/?loc=loi"
    refused = client.post(address, {"asked": ["so", "xa"], "label": "Số hồ sơ"})
    page = refused.content.decode()
    assert refused.status_code == 401
    assert page.count('name="kept-asked"') == 2
    assert 'name="next" value="/bieu-mau/PL2-KH-2022/sua/?loc=loi"' in page
    kept = {"kept-asked": ["so", "xa"], "kept-label": "Số hồ sơ", "next": address}
    resumed = client.post("/dang-nhap/", {"username": "mai", "password": PASSWORD, **kept})
    again = resumed.content.decode()
    assert again.count('name="asked"') == 2
    assert f'action="{address}"' in again


@pytest.mark.parametrize(
    ("username", "password"),
    [("hoa", "sai"), ("khong-co", PASSWORD), ("HOA", PASSWORD), ("hoa'--", "x")],
)
def test_a_wrong_pair_is_told_in_one_sentence(
    hoa: User, client: Client, username: str, password: str
) -> None:
    response = sign_in(client, username, password)
    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [WRONG]
    assert "_auth_user_id" not in client.session


def test_an_account_that_was_closed_looks_like_an_unknown_one(hoa: User, client: Client) -> None:
    hoa.is_active = False
    hoa.save()
    assert sign_in(client).context["form"].non_field_errors() == [WRONG]


@pytest.mark.parametrize("username", ["", "a\x00b", "x" * 1000])
def test_a_username_of_any_letters_is_no_error_of_the_server(
    hoa: User, client: Client, username: str
) -> None:
    response = sign_in(client, username)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_signing_in_returns_to_the_page_that_was_asked(hoa: User, client: Client) -> None:
    asked = client.get("/bao-cao/")
    assert asked.headers["Location"] == "/dang-nhap/?next=/bao-cao/"
    assert sign_in(client, next="/bao-cao/").headers["Location"] == "/bao-cao/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "https:/evil.example",
        # No path: Django would take it for the name of a page.
        "foo",
        "metrics",
        "reporting.models.User",
    ],
)
def test_signing_in_leads_to_no_other_host(hoa: User, client: Client, target: str) -> None:
    assert sign_in(client, next=target).headers["Location"] == "/"


def test_kept_figures_are_posted_to_no_other_host(hoa: User, client: Client) -> None:
    response = sign_in(client, next="https://evil.example/", **{"kept-f1": "5"})
    assert response.context["target"] == "/"


def test_kept_figures_survive_a_wrong_password_and_are_escaped(hoa: User, client: Client) -> None:
    evil = '"><script>alert(1)</script>'
    response = sign_in(client, password="sai", **{"kept-f1": evil})
    assert response.context["kept"] == [("kept-f1", evil)]
    assert "<script>alert(1)" not in response.content.decode()


def test_signing_out_ends_the_session(hoa: User, client: Client) -> None:
    client.force_login(hoa)
    assert client.post("/dang-xuat/").headers["Location"] == "/dang-nhap/"
    assert client.get("/bao-cao/").headers["Location"] == "/dang-nhap/?next=/bao-cao/"


def test_the_password_is_changed_and_the_session_goes_on(hoa: User, client: Client) -> None:
    client.force_login(hoa)
    fields = {
        "old_password": PASSWORD,
        "new_password1": "rất khó đoán 2026",
        "new_password2": "rất khó đoán 2026",
    }
    response = client.post("/mat-khau/", fields, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Đã đổi mật khẩu."]
    hoa.refresh_from_db()
    assert hoa.check_password("rất khó đoán 2026")


def test_what_is_asked_of_a_password_is_said_politely_and_truly(
    hoa: User, client: Client, settings: Any
) -> None:
    client.force_login(hoa)
    page = client.get("/mat-khau/").content.decode()
    assert "Ông/bà chọn mật khẩu có ít nhất 8 ký tự" in page
    assert "của bạn" not in page
    assert [name["NAME"].rpartition(".")[-1] for name in settings.AUTH_PASSWORD_VALIDATORS] == [
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    ]
    assert MinimumLengthValidator().min_length == 8


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("sai", "rất khó đoán 2026", "rất khó đoán 2026", "old_password"),
        (PASSWORD, "rất khó đoán 2026", "khác", "new_password2"),
        (PASSWORD, "12345678", "12345678", "new_password2"),
        (PASSWORD, "hoa", "hoa", "new_password2"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused(
    hoa: User, client: Client, old: str, new: str, again: str, field: str
) -> None:
    client.force_login(hoa)
    response = client.post(
        "/mat-khau/", {"old_password": old, "new_password1": new, "new_password2": again}
    )
    assert list(response.context["form"].errors) == [field]
    hoa.refresh_from_db()
    assert hoa.check_password(PASSWORD)


@pytest.mark.parametrize("path", ["/dang-nhap/", "/mat-khau/", "/dang-xuat/"])
def test_a_posting_without_the_token_gets_a_page_in_vietnamese(hoa: User, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(hoa)
    response = strict.post(path, {})
    assert response.status_code == 403
    assert "errors/csrf.html" in [template.name for template in response.templates]
    assert '<html lang="vi"' in response.content.decode()


def test_figures_posted_without_the_token_are_not_saved(report: Submission, hoa: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(hoa)
    row = report.form_version.rows.get(key="1.1")
    assert strict.post(f"/bao-cao/{report.pk}/", {f"f{row.pk}": "5"}).status_code == 403
    assert stored(report).revision == 0


def test_pages_may_run_no_foreign_script(hoa: User, client: Client) -> None:
    client.force_login(hoa)
    response = client.get("/bao-cao/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "<script>" not in response.content.decode()
    assert " style=" not in response.content.decode()


# What the record keeps of it


def sign_ins() -> list[tuple[object, ...]]:
    lines = RecordLine.objects.filter(subject=Subject.SIGN_IN).order_by("pk")
    return [(line.act, line.what, line.person, line.by) for line in lines]


def test_signing_in_and_out_is_recorded_with_the_address(hoa: User, client: Client) -> None:
    sign_in(client)
    client.post("/dang-xuat/")
    client.post("/dang-xuat/")
    assert sign_ins() == [
        ("sign_in", "đăng nhập từ 127.0.0.1", hoa, hoa),
        ("sign_out", "đăng xuất từ 127.0.0.1", hoa, hoa),
    ]
    assert {line.province.code for line in RecordLine.objects.all() if line.province} == {"MH"}


PROXIED = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("proxy", "forwarded", "recorded"),
    [
        (PROXIED, "203.0.113.9", "203.0.113.9"),
        (PROXIED, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (PROXIED, "203.0.113.9,2001:db8::7 ", "2001:db8::7"),
        (PROXIED, "10.0.0.1, 203.0.113.9:443", "203.0.113.9"),
        (PROXIED, "[2001:db8::7]:443", "2001:db8::7"),
        (PROXIED, "[2001:db8::7]", "2001:db8::7"),
        (PROXIED, "203.0.113.9, bịa", "127.0.0.1"),
        (PROXIED, "203.0.113.9:bịa", "127.0.0.1"),
        (PROXIED, "", "127.0.0.1"),
        (None, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(
    hoa: User,
    client: Client,
    settings: Any,
    proxy: tuple[str, str] | None,
    forwarded: str,
    recorded: str,
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = proxy
    client.post(
        "/dang-nhap/",
        {"username": "hoa", "password": PASSWORD},
        headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"},
    )
    assert [what for _, what, *_ in sign_ins()] == [f"đăng nhập từ {recorded}"]


def test_the_administration_is_entered_and_left_by_the_same_door(
    quantri: User, client: Client
) -> None:
    asked = client.get("/quan-tri/", follow=True)
    assert asked.redirect_chain[-1][0] == "/dang-nhap/?next=%2Fquan-tri%2F"
    given = {"username": "quantri", "password": PASSWORD}
    client.post("/quan-tri/login/?next=/quan-tri/", given)
    assert "_auth_user_id" not in client.session
    response = client.post("/dang-nhap/?next=/quan-tri/", given)
    assert response.headers["Location"] == "/quan-tri/"
    client.post("/quan-tri/logout/")
    assert "_auth_user_id" not in client.session
    assert [act for act, *_ in sign_ins()] == ["sign_in", "sign_out"]


def test_a_wrong_password_is_recorded_of_a_known_account_without_the_password(
    hoa: User, client: Client
) -> None:
    sign_in(client, " hoa\u200b", "mat-khau-lo-tay")
    sign_in(client, "mat-khau-lo-tay", "hoa")
    assert sign_ins() == [
        ("sign_in_failed", "đăng nhập không thành công bằng tên «hoa» từ 127.0.0.1", hoa, None)
    ]
    assert "lo-tay" not in str(list(RecordLine.objects.values()))


def test_other_forms_of_the_letters_of_a_name_are_recorded_and_locked_alike(
    hoa: User, client: Client
) -> None:
    for _ in range(10):
        sign_in(client, "ｈｏａ", "sai")
    acts = list(RecordLine.objects.values_list("act", flat=True))
    assert (acts.count("sign_in_failed"), acts.count("locked_out")) == (10, 1)


def test_the_record_of_who_belongs_to_two_provinces_is_the_operators(
    hoa: User, khac: User, client: Client
) -> None:
    khac.memberships.model.objects.filter(user=khac).update(user=hoa)
    sign_in(client)
    assert RecordLine.objects.get(act="sign_in").province is None


def test_changing_the_password_is_recorded(hoa: User, client: Client) -> None:
    client.force_login(hoa)
    change_password(client, PASSWORD)
    line = RecordLine.objects.get(act="password")
    assert (line.what, line.by, line.person) == ("đổi mật khẩu của mình", hoa, hoa)
    assert NEW not in str(list(RecordLine.objects.values()))


# A password that somebody else gave

NEW = "rất khó đoán 2026"


def change_password(client: Client, old: str, new: str = NEW, **more: str) -> Any:
    fields = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/mat-khau/", fields | more)


@pytest.fixture
def given(hoa: User, hanh: User, client: Client) -> str:
    """Sign Hoa in with a first password."""
    password = give_first_password(person=hoa, by=hanh)
    sign_in(client, password=password)
    return password


@pytest.mark.parametrize("path", ["/", "/bao-cao/", "/tai-khoan/", "/dot/KHONG-CO/"])
def test_no_page_opens_before_a_first_password_is_changed(
    given: str, client: Client, path: str
) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Location"]) == (302, f"/mat-khau/?next={path}")
    page = client.get(f"/mat-khau/?next={path}").content.decode()
    assert "do người khác cấp" in page
    assert "giữ mật khẩu cũ" not in page
    changed = change_password(client, given, next=path)
    assert changed.headers["Location"] == path
    assert client.get("/tai-khoan/").status_code == 200


def test_the_first_password_is_not_chosen_again(given: str, client: Client) -> None:
    response = change_password(client, given, given)
    assert list(response.context["form"].errors) == ["new_password1"]
    assert client.get("/bao-cao/").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "foo", "metrics"])
def test_changing_a_first_password_leads_to_no_other_host(
    given: str, client: Client, target: str
) -> None:
    response = change_password(client, given, next=target)
    assert response.headers["Location"] == "/"


def test_parts_of_pages_and_scripts_are_told_in_a_sentence(
    report: Submission, given: str, client: Client
) -> None:
    part = client.get(f"/bao-cao/{report.pk}/", headers={"HX-Request": "true"})
    assert part.status_code == 403
    assert "Hãy đổi mật khẩu" in part.content.decode()
    cells = client.post(f"/bao-cao/{report.pk}/o/", "{}", content_type="application/json")
    assert cells.status_code == 403
    assert "Hãy đổi mật khẩu" in cells.json()["sentence"]


def test_signing_in_in_place_tells_to_change_the_password_first(
    hoa: User, hanh: User, client: Client
) -> None:
    fields = {"username": "hoa", "password": give_first_password(person=hoa, by=hanh)}
    response = client.post("/dang-nhap/", fields, headers={"Accept": "application/json"})
    assert response.status_code == 403
    assert "Hãy đổi mật khẩu" in response.json()["sentence"]


def test_what_was_posted_is_carried_through_changing_the_password(
    report: Submission, given: str, client: Client
) -> None:
    row = report.form_version.rows.get(key="1.1")
    path = f"/bao-cao/{report.pk}/"
    refused = client.post(path, {f"f{row.pk}": "5", "password": "lộ"})
    assert refused.status_code == 403
    page = refused.content.decode()
    assert f'name="kept-f{row.pk}" value="5"' in page
    assert "lộ" not in page
    assert stored(report).revision == 0
    resumed = change_password(client, given, next=path, **{f"kept-f{row.pk}": "5"})
    assert resumed.context["target"] == path
    assert resumed.context["kept"] == [(f"f{row.pk}", "5")]


def test_signing_out_is_open_before_the_password_is_changed(given: str, client: Client) -> None:
    assert client.post("/dang-xuat/").headers["Location"] == "/dang-nhap/"


# Invitations


def opened(client: Client, user: User) -> Any:
    """Follow the link of an invitation; return the page behind it."""
    return client.get(invitation_path(user), follow=True)


def test_an_invitation_is_followed_without_its_secret_in_the_address(
    hoa: User, client: Client
) -> None:
    link = invitation_path(hoa)
    response = client.get(link)
    assert response.status_code == 302
    place = response.headers["Location"]
    assert link.split("/")[3] not in place
    page = client.get(place)
    assert page.status_code == 200
    assert "Nguyễn Thị Hoa" in page.content.decode()
    chosen = client.post(place, {"new_password1": NEW, "new_password2": NEW}, follow=True)
    assert "Hãy đăng nhập bằng tên «hoa»" in chosen.content.decode()
    assert sign_in(client, password=NEW).status_code == 302
    assert Client().get(link).status_code == 410


@pytest.mark.parametrize(("new", "again"), [("123", "123"), (NEW, "khác"), ("hoa12345", "")])
def test_a_weak_password_is_refused_and_the_link_stays_good(
    hoa: User, client: Client, new: str, again: str
) -> None:
    place = opened(client, hoa).redirect_chain[0][0]
    response = client.post(place, {"new_password1": new, "new_password2": again})
    assert response.status_code == 422
    hoa.refresh_from_db()
    assert hoa.check_password(PASSWORD)
    assert client.get(place).status_code == 200


def test_a_link_used_meanwhile_in_another_browser_is_over(hoa: User, client: Client) -> None:
    place = opened(client, hoa).redirect_chain[0][0]
    hoa.set_password("đã đổi ở nơi khác")
    hoa.save()
    response = client.post(place, {"new_password1": NEW, "new_password2": NEW})
    assert response.status_code == 410
    assert "gửi lại thư mời" in response.content.decode()
    hoa.refresh_from_db()
    assert not hoa.check_password(NEW)


@pytest.mark.parametrize("uid", ["MQ", "x", "99999999999999", "_"])
def test_a_forged_link_looks_like_one_that_is_over(hoa: User, client: Client, uid: str) -> None:
    assert client.get(f"/loi-moi/{uid}/abc-def/").status_code == 410
    assert client.get(f"/loi-moi/{uid}/chon-mat-khau/").status_code == 410
