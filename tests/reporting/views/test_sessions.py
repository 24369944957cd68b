"""Signing in and out, the password, and pages that were open too long."""

from typing import Any

import pytest
from django.test import Client

from reporting.models import Submission, User
from tests.cast import PASSWORD, stored

WRONG = (
    "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng Việt rồi"
    " thử lại; quên mật khẩu thì liên hệ quản trị của Sở Nội vụ."
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
