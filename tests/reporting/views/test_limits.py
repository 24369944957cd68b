"""Who asks too often is told how long to wait; honest work near a deadline never meets it."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.contrib.auth import views as auth
from django.forms import BaseForm
from django.test import Client
from django.urls import URLPattern, get_resolver

from reporting import forms, people_forms
from reporting.actions.limits import Limit
from reporting.models import Evidence, ExportRecord, Submission, Tally, User
from reporting.views import limits
from reporting.views.limits import (
    ATTACHED,
    BOOKS,
    COUNTED,
    ELSEWHERE,
    FILES,
    LARGE_FILES,
    PASSWORDS,
    READINGS,
    Counted,
    house,
    minutes,
)

AGENCIES = 150
ADDRESSES = {
    str(pattern.name): pattern
    for pattern in get_resolver().url_patterns
    for pattern in getattr(pattern, "url_patterns", [pattern])
    if isinstance(pattern, URLPattern) and pattern.name
}


@pytest.fixture
def two_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every limit is reached by the third."""
    low = {name: replace(one, limit=replace(one.limit, most=2)) for name, one in COUNTED.items()}
    monkeypatch.setattr(limits, "COUNTED", low)


def test_files_are_sent_so_many_times_to_one_person(
    two_at_most: None, report: Submission, hoa: User, hanh: User, client: Client
) -> None:
    path = f"/bao-cao/{report.pk}/phu-luc.csv"
    client.force_login(hoa)
    for _ in range(2):
        assert client.get(path).status_code == 200
    response = client.get(path)
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 600
    page = response.content.decode()
    assert "Ông/bà đã tải tệp 2 lần trong 10 phút" in page
    assert "Hãy đợi 10 phút rồi làm lại." in page
    assert ExportRecord.objects.count() == 2
    client.force_login(hanh)
    assert client.get(path).status_code == 200


def test_all_kinds_of_small_files_are_counted_together(
    two_at_most: None, report: Submission, hoa: User, client: Client
) -> None:
    client.force_login(hoa)
    assert client.get(f"/bao-cao/{report.pk}/phu-luc.csv").status_code == 200
    assert client.get(f"/bao-cao/{report.pk}/kiem-tra.xlsx").status_code == 200
    assert client.head(f"/bao-cao/{report.pk}/phu-luc.csv").status_code == 429


def test_what_is_only_looked_at_is_not_counted(
    two_at_most: None, report: Submission, hoa: User, client: Client
) -> None:
    client.force_login(hoa)
    for _ in range(4):
        assert client.get(f"/bao-cao/{report.pk}/tep/").status_code == 200
        assert client.get(f"/bao-cao/{report.pk}/").status_code == 200
    assert not Tally.objects.exists()


def test_a_refused_posting_changes_nothing(
    two_at_most: None, report: Submission, hoa: User, client: Client
) -> None:
    client.force_login(hoa)
    answers = [client.post(f"/bao-cao/{report.pk}/tep/").status_code for _ in range(3)]
    assert answers == [422, 422, 429]
    assert not Evidence.objects.exists()


def test_who_is_not_signed_in_is_counted_by_address(
    monkeypatch: pytest.MonkeyPatch, db: None, client: Client
) -> None:
    asked = Counted(Limit("asked", 2, 600), "hỏi")
    monkeypatch.setattr(limits, "COUNTED", {"login": asked})
    for _ in range(2):
        assert client.get("/dang-nhap/").status_code == 200
    response = client.get("/dang-nhap/")
    assert response.status_code == 429
    assert "Từ mạng của cơ quan ông/bà đã hỏi 2 lần" in response.content.decode()
    assert client.get("/dang-nhap/", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_who_is_not_signed_in_is_asked_to_before_anything_is_counted(
    report: Submission, client: Client
) -> None:
    assert client.get(f"/bao-cao/{report.pk}/phu-luc.csv").status_code == 302
    assert not Tally.objects.exists()


def test_who_goes_to_the_single_sign_on_leaves_no_session_without_end(
    two_at_most: None, db: None, client: Client
) -> None:
    path = "/dang-nhap/chung/"
    answers = [client.get(path), client.post(path), client.get(path)]
    assert [one.status_code for one in answers] == [404, 404, 429]


@pytest.mark.parametrize(
    "name", [name for name in ADDRESSES if name.endswith(("-file", "-blank", "-original"))]
)
def test_every_file_is_counted(name: str) -> None:
    assert not COUNTED[name].is_posted


@pytest.mark.parametrize(
    "name", [name for name, one in ADDRESSES.items() if "." in str(one.pattern)]
)
def test_every_address_with_the_ending_of_a_file_is_one_of_them(name: str) -> None:
    assert name in COUNTED


def names_in(pattern: URLPattern) -> set[str]:
    """Return the names in what answers the address, and in what beside it that names."""
    view = getattr(pattern.callback, "view_class", None) or inspect.unwrap(pattern.callback)
    module = inspect.getmodule(view)
    if module is None or module is auth:
        return set()
    beside = {
        one.name: one
        for one in ast.parse(inspect.getsource(module)).body
        if isinstance(one, ast.FunctionDef | ast.ClassDef)
    }
    waiting, seen = [view.__name__], set[str]()
    while waiting:
        name = waiting.pop()
        if name in beside and name not in seen:
            seen.add(name)
            waiting += _named(beside[name])
    return {name for one in seen for name in _named(beside[one])}


def _named(part: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    for node in ast.walk(part):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_every_page_that_takes_files_is_counted() -> None:
    taking = {name for name, pattern in ADDRESSES.items() if "FILES" in names_in(pattern)}
    # The page of a code counts by itself, by its code as well.
    assert taking - set(COUNTED) == {"verified"}
    assert len(taking) == 5


def checks_a_password(one: type) -> bool:
    """Say whether it is a form that compares what is posted with somebody's password."""
    return issubclass(one, BaseForm) and any(
        "check_password" in inspect.getsource(part)
        for part in one.__mro__
        if part.__module__.startswith(("reporting", "django.contrib"))
    )


def test_every_page_that_checks_a_password_is_counted() -> None:
    """Of signing in failures are counted, by who is tried: SignInForm leaves that to the door."""
    checking = {
        name
        for module in (forms, people_forms)
        for name, one in inspect.getmembers(module, inspect.isclass)
        if checks_a_password(one)
    }
    assert {"ChangePasswordForm", "ConfirmedForm"} <= checking
    asking = {
        name
        for name, pattern in ADDRESSES.items()
        if names_in(pattern) & {*checking, "check_password"}
    }
    asking -= {"account-act"}  # draws the form of the page it stands on, reads it never
    assert asking == {"account", "password", "second-factor-setup"}
    assert {COUNTED[name] for name in asking} == {PASSWORDS}


def test_a_password_is_guessed_at_no_page_without_end(
    two_at_most: None, hoa: User, client: Client
) -> None:
    """All pages that ask for it count together."""
    client.force_login(hoa)
    path = "/tai-khoan/xac-thuc-hai-buoc/"
    wrong = {"act": "bat", "bat-password": "sai", "bat-code": "000000"}
    assert [client.post(path, wrong).status_code for _ in range(2)] == [422, 422]
    response = client.post(path, wrong)
    assert response.status_code == 429
    assert "Ông/bà đã nhập mật khẩu đang dùng 2 lần trong 10 phút" in response.content.decode()
    assert client.post("/mat-khau/", {}).status_code == 429
    assert client.get(path).status_code == 200


def test_what_was_typed_before_a_password_had_to_be_changed_outlives_the_limit(
    two_at_most: None, hoa: User, client: Client
) -> None:
    client.force_login(hoa)
    sent = {"next": "/bao-cao/", "kept-f1": "5", "old_password": "sai", "new_password1": "bi-mat"}
    for _ in range(2):
        assert client.post("/mat-khau/", sent).status_code == 200
    response = client.post("/mat-khau/", sent)
    assert response.status_code == 429
    page = response.content.decode()
    assert '<input type="hidden" name="next" value="/bao-cao/">' in page
    assert '<input type="hidden" name="kept-f1" value="5">' in page
    assert "bi-mat" not in page


def test_no_address_is_counted_that_is_gone() -> None:
    assert set(COUNTED) <= set(ADDRESSES)


@pytest.mark.parametrize(
    ("counted", "honest"),
    [
        (FILES, AGENCIES),
        (LARGE_FILES, 30),
        (BOOKS, 15),
        (READINGS, 30),
        (ATTACHED, 50),
        (PASSWORDS, 5),
        (ELSEWHERE, 3 * AGENCIES),  # of all agencies, from one address
    ],
)
def test_honest_work_never_meets_a_limit(counted: Counted, honest: int) -> None:
    """What one person, or one address, may come to in ten minutes of a last day."""
    assert counted.limit.seconds == 600
    assert counted.limit.most > honest


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("", "unknown"),
        ("không", "unknown"),
    ],
)
def test_who_an_address_is_counted_as(address: str, counted_as: str) -> None:
    assert house(address) == counted_as


def test_a_wait_is_never_told_shorter_than_it_is() -> None:
    assert [minutes(seconds) for seconds in (1, 60, 61, 600)] == [1, 1, 2, 10]
