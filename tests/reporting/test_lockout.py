"""Who fails to sign in too often waits, by account, address and browser; nobody else does."""

from collections.abc import Mapping
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client
from django.utils import timezone

from reporting.actions.accounts import invitation_path
from reporting.actions.people import give_first_password, record_password, unlock_person
from reporting.models import RecordLine, User
from reporting.queries.lockout import MOST, MOST_OF_ACCOUNT, MOST_OF_ADDRESS
from reporting.refusals import NotYours, WrongState
from tests.cast import PASSWORD

OFFICE, ELSEWHERE = "203.0.113.9", "198.51.100.7"


def tried(
    username: str,
    password: str = "sai",  # noqa: S107 - a wrong one
    *,
    at: str = OFFICE,
    browser: Client | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    return (browser or Client()).post(
        "/dang-nhap/",
        {"username": username, "password": password},
        REMOTE_ADDR=at,
        headers=dict(headers or {}),
    )


def failed(username: str, times: int, *, at: str = OFFICE) -> None:
    """Have signing in failed so many times: the last one for true."""
    tried(username, at=at)
    newest = AccessAttempt.objects.latest("pk")
    AccessAttempt.objects.filter(pk=newest.pk).update(
        failures_since_start=F("failures_since_start") + times - 1
    )


def is_in(response: Any) -> bool:
    return bool(response.status_code == 302)


def test_the_tenth_wrong_password_locks_and_the_right_one_is_not_heard_then(hoa: User) -> None:
    for _ in range(MOST - 1):
        assert tried("hoa").status_code == 200
    locked = tried("hoa")
    assert locked.status_code == 429
    [sentence] = locked.context["form"].non_field_errors()
    until = timezone.localtime() + timedelta(minutes=16)
    assert f"{until:%H:%M}" in sentence or f"{until - timedelta(minutes=1):%H:%M}" in sentence
    assert "Sở Nội vụ mở khóa" in sentence
    assert tried("hoa", PASSWORD).status_code == 429
    assert AccessAttempt.objects.get().failures_since_start == MOST


def test_a_strange_browser_is_told_of_the_usual_one_and_the_usual_one_of_a_new_password(
    hoa: User, hanh: User, client: Client
) -> None:
    own = Client()
    tried("hoa", PASSWORD, browser=own)
    client.force_login(hanh)
    page = f"/nguoi-dung/{hoa.pk}/"
    failed("hoa", MOST)
    [strange] = tried("hoa").context["form"].non_field_errors()
    assert "bấm «Quên mật khẩu»" in strange
    assert "dùng máy vẫn thường đăng nhập" in strange
    assert "vẫn thường dùng thì vẫn đăng nhập được" in client.get(page).content.decode()
    for _ in range(MOST):
        locked = tried("hoa", browser=own)
    [at_home] = locked.context["form"].non_field_errors()
    assert "bấm «Quên mật khẩu»" in at_home
    assert "máy vẫn thường đăng nhập" not in at_home
    assert "kể cả ở máy" in client.get(page).content.decode()


def test_one_time_is_told_of_one_lock(hoa: User, hanh: User, client: Client) -> None:
    client.force_login(hanh)
    failed("hoa", MOST - 1)
    [sentence] = tried("hoa").context["form"].non_field_errors()
    until = sentence.partition("tạm khóa đến ")[2][:5]
    what = RecordLine.objects.get(act="locked_out").what
    page = client.get(f"/nguoi-dung/{hoa.pk}/")
    assert page.context["lock"].until > timezone.now() + timedelta(minutes=14, seconds=50)
    assert f"đến {until} ngày" in what
    assert f"đến {until} vì" in page.content.decode()


def test_it_ends_by_itself_and_what_is_tried_meanwhile_does_not_lengthen_it(hoa: User) -> None:
    failed("hoa", MOST)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert not is_in(tried("hoa", PASSWORD))
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert is_in(tried("hoa", PASSWORD))


def test_signing_in_forgets_what_failed_before(hoa: User) -> None:
    failed("hoa", MOST - 1)
    assert is_in(tried("hoa", PASSWORD))
    failed("hoa", MOST - 1)
    assert is_in(tried("hoa", PASSWORD))


def test_a_colleague_behind_the_same_address_locks_one_person_and_no_other(
    hoa: User, thu: User
) -> None:
    failed("hoa", MOST)
    assert not is_in(tried("hoa", PASSWORD))
    assert is_in(tried("thu", PASSWORD))
    assert is_in(tried("hoa", PASSWORD, at=ELSEWHERE))


def test_who_is_locked_with_the_whole_address_is_not_sent_to_who_cannot_unlock_that(
    hoa: User, thu: User
) -> None:
    failed("khong-ai", MOST_OF_ADDRESS)
    locked = tried("hoa", PASSWORD)
    assert locked.status_code == 429
    [sentence] = locked.context["form"].non_field_errors()
    assert "Sở Nội vụ mở khóa" not in sentence
    assert "«Quên mật khẩu»" in sentence
    assert "dùng máy vẫn thường đăng nhập" in sentence
    failed("thu", MOST, at=ELSEWHERE)
    [sentence] = tried("thu", at=ELSEWHERE).context["form"].non_field_errors()
    assert "hoặc nhờ Sở Nội vụ mở khóa." in sentence


def test_a_password_that_an_operator_gives_lifts_the_lock(hoa: User, quantri: User) -> None:
    failed("hoa", MOST)
    hoa.set_unusable_password()
    record_password(person=hoa, by=quantri)
    assert AccessAttempt.objects.exists()
    hoa.set_password(PASSWORD)
    hoa.save()
    record_password(person=hoa, by=quantri)
    assert is_in(tried("hoa", PASSWORD))


def test_who_is_at_home_in_a_browser_is_locked_by_nobody_elsewhere(hoa: User, thu: User) -> None:
    own = Client()
    assert is_in(tried("hoa", PASSWORD, browser=own))
    failed("hoa", MOST_OF_ACCOUNT)
    failed("thu", MOST_OF_ADDRESS)
    assert is_in(tried("hoa", PASSWORD, browser=own))
    assert not is_in(tried("hoa", PASSWORD))


def test_a_browser_where_one_is_at_home_has_no_more_tries_and_is_no_home_of_others(
    hoa: User, thu: User
) -> None:
    own = Client()
    tried("hoa", PASSWORD, browser=own)
    for _ in range(MOST - 1):
        assert tried("hoa", browser=own).status_code == 200
    assert tried("hoa", browser=own).status_code == 429
    assert not is_in(tried("hoa", PASSWORD, browser=own))
    failed("thu", MOST)
    assert not is_in(tried("thu", PASSWORD, browser=own))


def test_a_home_cannot_be_made_up(hoa: User) -> None:
    own, forged = Client(), Client()
    tried("hoa", PASSWORD, browser=own)
    [name] = [name for name in own.cookies if name.startswith("quen-")]
    forged.cookies[name] = own.cookies[name].value.partition(":")[0] + ":1abcde:bia"
    failed("hoa", MOST)
    assert not is_in(tried("hoa", PASSWORD, browser=forged))


def test_many_addresses_together_lock_an_account_in_strange_browsers(hoa: User, thu: User) -> None:
    for last in range(6):
        failed("hoa", MOST - 1, at=f"198.51.100.{last}")
    assert not is_in(tried("hoa", PASSWORD, at="198.51.100.77"))
    assert is_in(tried("thu", PASSWORD, at="198.51.100.77"))


def test_one_address_trying_many_accounts_is_locked_and_no_other_address(hoa: User) -> None:
    for account in range(12):
        failed(f"nguoi{account}", MOST - 1)
    assert not is_in(tried("hoa", PASSWORD))
    assert is_in(tried("hoa", PASSWORD, at=ELSEWHERE))


def test_the_address_is_never_what_a_client_says(hoa: User) -> None:
    for last in range(MOST):
        tried("hoa", headers={"X-Forwarded-For": f"192.0.2.{last}", "X-Real-IP": "192.0.2.1"})
    assert {one.ip_address for one in AccessAttempt.objects.all()} == {OFFICE}
    assert not is_in(tried("hoa", PASSWORD))


def test_all_addresses_of_a_house_are_one(hoa: User) -> None:
    for last in range(MOST):
        tried("hoa", at=f"2001:db8:1:2::{last + 1:x}")
    assert not is_in(tried("hoa", PASSWORD, at="2001:db8:1:2:ffff::9"))


def test_an_unknown_name_is_counted_alike_and_not_kept(db: None) -> None:
    for _ in range(MOST - 1):
        assert tried("mat-khau-lo-tay").status_code == 200
    assert tried("mat-khau-lo-tay").status_code == 429
    assert "lo-tay" not in str(list(AccessAttempt.objects.values()))
    assert not RecordLine.objects.exists()


def test_capital_letters_are_no_other_account(hoa: User) -> None:
    for name in ("HOA", " hoa", "Hoa", "hoA", "hOa") * 2:
        tried(name)
    assert not is_in(tried("hoa", PASSWORD))


def test_nothing_that_was_posted_is_kept(hoa: User) -> None:
    Client().post("/dang-nhap/?next=/x", {"username": "hoa", "password": "sai", "kept-f1": "5.356"})
    assert "5.356" not in str(list(AccessAttempt.objects.values()))


def test_signing_in_in_place_is_told_in_a_sentence(hoa: User) -> None:
    failed("hoa", MOST)
    answer = tried("hoa", PASSWORD, headers={"Accept": "application/json"})
    assert answer.status_code == 429
    assert "tạm khóa đến" in answer.json()["sentence"]


def test_the_record_tells_of_the_lock_once(hoa: User) -> None:
    failed("hoa", MOST - 1)
    for _ in range(3):
        tried("hoa")
    acts = list(RecordLine.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["sign_in_failed", "sign_in_failed", "locked_out"]
    what = RecordLine.objects.get(act="locked_out").what
    assert what.startswith(f"sai quá nhiều lần, tạm khóa đăng nhập từ {OFFICE} đến ")


def test_the_desk_sees_the_lock_and_lifts_it(hoa: User, hanh: User, client: Client) -> None:
    client.force_login(hanh)
    page = f"/nguoi-dung/{hoa.pk}/"
    assert "Mở khóa đăng nhập" not in client.get(page).content.decode()
    assert client.post(f"{page}viec/mo-khoa/").status_code == 409
    failed("hoa", MOST)
    assert "Mở khóa đăng nhập" in client.get(page).content.decode()
    client.post(f"{page}viec/mo-khoa/")
    assert is_in(tried("hoa", PASSWORD))
    line = RecordLine.objects.get(act="unlock")
    assert (line.what, line.by, line.person) == (f"mở khóa đăng nhập cho {hoa}", hanh, hoa)


def test_an_operator_is_unlocked_by_no_reviewer(quantri: User, hanh: User) -> None:
    failed("quantri", MOST)
    with pytest.raises(NotYours):
        unlock_person(person=quantri, by=hanh)
    assert not is_in(tried("quantri", PASSWORD))


def test_who_is_not_locked_is_not_unlocked(hoa: User, hanh: User) -> None:
    failed("hoa", MOST - 1)
    with pytest.raises(WrongState):
        unlock_person(person=hoa, by=hanh)


def test_the_command_unlocks_an_operator_and_tells(quantri: User) -> None:
    def run(username: str) -> str:
        out = StringIO()
        call_command("unlock_sign_in", username, stdout=out)
        return out.getvalue()

    assert run("quantri") == "Việc đăng nhập của quantri không bị khóa.\n"
    failed("quantri", MOST)
    assert run("quantri") == "Đã mở khóa đăng nhập cho quantri.\n"
    assert is_in(tried("quantri", PASSWORD))
    assert RecordLine.objects.get(act="unlock").via == "command"
    with pytest.raises(CommandError, match="Không có tài khoản «ai»"):
        run("ai")


def test_a_new_password_lifts_the_lock(hoa: User, hanh: User) -> None:
    failed("hoa", MOST)
    password = give_first_password(person=hoa, by=hanh)
    assert is_in(tried("hoa", password))


def test_the_link_of_an_invitation_lifts_it_too(hoa: User) -> None:
    failed("hoa", MOST)
    link, browser = invitation_path(hoa), Client()
    place = browser.get(link).headers["Location"]
    new = "rất khó đoán 2026"
    browser.post(place, {"new_password1": new, "new_password2": new})
    assert is_in(tried("hoa", new))
