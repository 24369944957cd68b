"""The second factor: switched on, asked for, required, one-time, throttled, recovered and reset."""

import re
from datetime import timedelta
from io import StringIO
from time import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import DjangoAssertNumQueries

from reporting.actions.accounts import reset_password, resets
from reporting.actions.second_factor import key_address, new_key, switch_off, switch_on
from reporting.models import RecordLine, Submission, User
from tests.cast import PASSWORD, stored

SETUP = "/tai-khoan/xac-thuc-hai-buoc/"


def code_of(person: User, *, steps: int = 0) -> str:
    """Return what the person's app shows now, or so many half minutes later."""
    key = bytes.fromhex(TOTPDevice.objects.get(user=person).key)
    return f"{totp(key, drift=steps):06d}"


def with_factor(person: User) -> list[str]:
    """Give the person a second factor, as of some minutes ago; return the recovery codes."""
    key = new_key()
    codes = switch_on(key=key, code=f"{totp(bytes.fromhex(key)):06d}", by=person)
    TOTPDevice.objects.filter(user=person).update(last_t=-1)
    return list(codes)


def signed_in(client: Client, name: str = "hoa", **more: str) -> Any:
    return client.post("/dang-nhap/", {"username": name, "password": PASSWORD, **more})


def coded(client: Client, code: str, **more: str) -> Any:
    return client.post("/dang-nhap/ma/", {"code": code, **more})


def is_in(client: Client) -> bool:
    return bool(client.get("/tai-khoan/").status_code == 200)


def test_it_is_switched_on_with_the_app_and_the_password(hoa: User, client: Client) -> None:
    client.force_login(hoa)
    elsewhere = Client()
    elsewhere.force_login(hoa)
    page = client.get(SETUP)
    assert 'src="data:image/svg' in page.content.decode()
    key = bytes.fromhex(client.session["second-factor-key"])
    code = f"{totp(key):06d}"
    wrong = client.post(SETUP, {"act": "bat", "bat-password": "sai", "bat-code": code})
    assert wrong.status_code == 422
    wrong = client.post(SETUP, {"act": "bat", "bat-password": PASSWORD, "bat-code": "000000"})
    assert wrong.status_code == 422
    assert "nhập một mã dự phòng" not in wrong.content.decode()
    assert not TOTPDevice.objects.exists()
    posted = {"act": "bat", "bat-password": PASSWORD, "bat-code": code}
    done = client.post(f"{SETUP}?next=/thong-bao/", posted)
    assert "Mã dự phòng của tài khoản hoa, Thống kê CCHC" in done.content.decode()
    assert '<a class="btn main" href="/thong-bao/">' in done.content.decode()
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", done.content.decode())
    assert len(set(codes)) == 10
    assert is_in(client)
    assert not is_in(elsewhere)
    assert not set(codes) & set(StaticToken.objects.values_list("token", flat=True))
    line = RecordLine.objects.get(act="second_factor_on")
    assert (line.what, line.by) == ("bật xác thực hai bước", hoa)


def test_another_factor_ends_sessions_that_showed_the_one_before(hoa: User, client: Client) -> None:
    with_factor(hoa)
    signed_in(client)
    coded(client, code_of(hoa))
    assert is_in(client)
    switch_off(by=hoa)
    assert is_in(client)
    with_factor(hoa)
    assert not is_in(client)


def test_the_address_in_the_code_is_what_apps_read(hoa: User) -> None:
    assert key_address("00" * 20, hoa) == (
        "otpauth://totp/Th%E1%BB%91ng%20k%C3%AA%20CCHC%3Ahoa?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "&issuer=Th%E1%BB%91ng%20k%C3%AA%20CCHC"
    )


def test_the_password_alone_opens_nothing(hoa: User, client: Client) -> None:
    with_factor(hoa)
    asked = signed_in(client, next="/thong-bao/")
    assert asked.status_code == 200
    assert "Mã xác thực" in asked.content.decode()
    assert not is_in(client)
    assert not RecordLine.objects.filter(act="sign_in").exists()
    done = coded(client, code_of(hoa), next="/thong-bao/")
    assert done.headers["Location"] == "/thong-bao/"
    assert is_in(client)
    assert RecordLine.objects.filter(act="sign_in").count() == 1


def test_a_code_is_good_once(hoa: User) -> None:
    with_factor(hoa)
    code, first, second = code_of(hoa), Client(), Client()
    signed_in(first)
    signed_in(second)
    assert coded(first, code).status_code == 302
    refused = coded(second, code)
    assert refused.status_code == 422
    assert "chỉ dùng một lần" in refused.content.decode()
    assert not is_in(second)


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "-00001", "１２３４５６", "a\x00b", "x" * 50]
)
def test_what_is_no_code_is_refused(hoa: User, client: Client, code: str) -> None:
    with_factor(hoa)
    signed_in(client)
    assert coded(client, code).status_code == 422
    assert not is_in(client)


def test_each_wrong_code_doubles_the_wait_and_is_recorded(hoa: User, client: Client) -> None:
    with_factor(hoa)
    signed_in(client)
    wrong = f"{(int(code_of(hoa)) + 500_000) % 1_000_000:06d}"
    assert "không đúng" in coded(client, wrong).content.decode()
    TOTPDevice.objects.update(throttling_failure_count=9)
    refused = coded(client, code_of(hoa)).content.decode()
    assert re.search(r"phải đợi [45] phút", refused)
    assert RecordLine.objects.filter(act="code_failed").count() == 1
    TOTPDevice.objects.update(
        throttling_failure_timestamp=timezone.now() - timedelta(seconds=2**8 + 1)
    )
    assert coded(client, code_of(hoa)).status_code == 302


def test_the_wait_is_never_longer_than_a_quarter_of_an_hour_and_ends_with_a_new_password(
    hoa: User, client: Client
) -> None:
    codes = with_factor(hoa)
    signed_in(client)
    for model in (TOTPDevice, StaticDevice):
        model.objects.update(
            throttling_failure_count=40, throttling_failure_timestamp=timezone.now()
        )
    for code in (code_of(hoa), codes[0]):
        assert "phải đợi 9 phút" in coded(client, code).content.decode()
    reset_password(person=hoa, token=resets.make_token(hoa), password=PASSWORD)
    signed_in(client)
    assert coded(client, code_of(hoa)).status_code == 302
    StaticDevice.objects.update(
        throttling_failure_count=40,
        throttling_failure_timestamp=timezone.now() - timedelta(minutes=15),
    )
    again = Client()
    signed_in(again)
    assert coded(again, codes[0]).status_code == 302


def test_a_recovery_code_is_good_once_however_it_is_written(hoa: User, client: Client) -> None:
    codes = with_factor(hoa)
    signed_in(client)
    assert coded(client, codes[0].upper().replace("-", " ")).status_code == 302
    assert RecordLine.objects.get(act="recovery_code").what.endswith("còn 9 mã")
    assert "vừa dùng một mã dự phòng, còn 9 mã" in client.get("/tai-khoan/").content.decode()
    again = Client()
    signed_in(again)
    assert coded(again, codes[0]).status_code == 422


def test_a_recovery_code_is_one_persons(hoa: User, thu: User, client: Client) -> None:
    with_factor(hoa)
    theirs = with_factor(thu)
    signed_in(client)
    assert coded(client, theirs[0]).status_code == 422


def test_the_password_counts_for_five_minutes_and_while_it_is_the_password(
    hoa: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_factor(hoa)
    signed_in(client)
    with monkeypatch.context() as patch:
        patch.setattr("reporting.views.sessions.time", lambda: time() + 301)
        late = coded(client, code_of(hoa), next="/thong-bao/", **{"kept-f1": "5"})
    assert late.status_code == 403
    assert "Đã quá 5 phút từ lúc nhập mật khẩu" in late.content.decode()
    assert (late.context["next"], late.context["kept"]) == ("/thong-bao/", [("kept-f1", "5")])
    signed_in(client)
    hoa.set_password("rất khó đoán 2026")
    hoa.save()
    assert coded(client, code_of(hoa)).status_code == 403
    assert not is_in(client)


def test_what_was_typed_is_carried_through_both_steps(
    report: Submission, hoa: User, client: Client
) -> None:
    with_factor(hoa)
    asked = signed_in(client, next=f"/bao-cao/{report.pk}/", **{"kept-f1": "5"})
    assert ("kept-f1", "5") in asked.context["kept"]
    wrong = coded(client, "abc", next=f"/bao-cao/{report.pk}/", **{"kept-f1": "5"})
    assert ("kept-f1", "5") in wrong.context["kept"]
    StaticDevice.objects.update(throttling_failure_count=0)
    done = coded(client, code_of(hoa), next=f"/bao-cao/{report.pk}/", **{"kept-f1": "5"})
    assert done.context["target"] == f"/bao-cao/{report.pk}/"
    assert done.context["kept"] == [("f1", "5")]


def test_signing_in_leads_to_no_other_host(hoa: User, client: Client) -> None:
    with_factor(hoa)
    signed_in(client, next="https://evil.example/")
    assert coded(client, code_of(hoa), next="https://evil.example/").headers["Location"] == "/"
    TOTPDevice.objects.update(last_t=-1)
    signed_in(client, next="foo")
    assert coded(client, code_of(hoa), next="foo").headers["Location"] == "/"


def test_signing_in_in_place_asks_for_the_code(hoa: User, client: Client) -> None:
    with_factor(hoa)
    as_json = {"Accept": "application/json"}
    asked = client.post("/dang-nhap/", {"username": "hoa", "password": PASSWORD}, headers=as_json)
    assert asked.json() == {"code": "/dang-nhap/ma/"}
    wrong = client.post("/dang-nhap/ma/", {"code": "abc"}, headers=as_json)
    assert (wrong.status_code, "không đúng" in wrong.json()["sentence"]) == (422, True)
    done = client.post("/dang-nhap/ma/", {"code": code_of(hoa)}, headers=as_json)
    assert done.json() == {"user": hoa.pk}
    late = Client().post("/dang-nhap/ma/", {"code": code_of(hoa)}, headers=as_json)
    assert (late.status_code, late.json()["again"]) == (403, True)


@pytest.mark.parametrize(
    ("setting", "who", "is_required"),
    [
        ("optional", "hanh", False),
        ("reviewers", "hanh", True),
        ("reviewers", "mai", True),
        ("reviewers", "quantri", True),
        ("reviewers", "hoa", False),
        ("reviewers", "dat", False),
        ("everybody", "hoa", True),
        ("off", "hanh", False),
    ],
)
def test_who_must_have_one_sets_it_up_before_all_else(
    settings: LazySettings,
    client: Client,
    request: pytest.FixtureRequest,
    setting: str,
    who: str,
    is_required: bool,
) -> None:
    settings.SECOND_FACTOR = setting
    client.force_login(request.getfixturevalue(who))
    response = client.get("/thong-bao/")
    if is_required:
        assert response.headers["Location"] == f"{SETUP}?next=/thong-bao/"
        assert "rồi mới làm việc tiếp được" in client.get(SETUP).content.decode()
        part = client.get("/thong-bao/", headers={"HX-Request": "true"})
        assert (part.status_code, "xác thực hai bước" in part.content.decode()) == (403, True)
    else:
        assert response.status_code == 200


def test_the_administration_is_behind_it(
    settings: LazySettings, quantri: User, client: Client
) -> None:
    settings.SECOND_FACTOR = "reviewers"
    client.force_login(quantri)
    for path in ("/quan-tri/", "/quan-tri/reporting/user/"):
        assert client.get(path).headers["Location"] == f"{SETUP}?next={path}"
    with_factor(quantri)
    asked = client.get("/quan-tri/", follow=True)
    assert asked.redirect_chain[-1][0] == "/dang-nhap/?next=%2Fquan-tri%2F"
    signed_in(client, "quantri", next="/quan-tri/")
    coded(client, code_of(quantri))
    assert client.get("/quan-tri/").status_code == 200
    listed = client.get("/quan-tri/").content.decode()
    assert "otp" not in listed.lower()
    assert client.get("/quan-tri/otp_totp/totpdevice/").status_code == 404


def test_what_was_posted_waits_until_it_is_set_up(
    settings: LazySettings, report: Submission, hoa: User, client: Client
) -> None:
    settings.SECOND_FACTOR = "everybody"
    client.force_login(hoa)
    row = report.form_version.rows.get(key="1.1")
    refused = client.post(f"/bao-cao/{report.pk}/", {f"f{row.pk}": "5"})
    assert refused.status_code == 403
    assert refused.context["kept"] == [(f"f{row.pk}", "5")]
    assert SETUP in refused.content.decode()
    assert stored(report).revision == 0
    cells = client.post(f"/bao-cao/{report.pk}/o/", "{}", content_type="application/json")
    assert (cells.status_code, "xác thực hai bước" in cells.json()["sentence"]) == (403, True)


def test_switched_off_in_the_settings_nobody_is_asked(
    settings: LazySettings, hoa: User, client: Client
) -> None:
    with_factor(hoa)
    settings.SECOND_FACTOR = "off"
    assert signed_in(client).status_code == 302
    assert is_in(client)
    assert client.get(SETUP).status_code == 404


def test_it_is_switched_off_and_codes_are_renewed_with_password_and_code(
    hoa: User, client: Client
) -> None:
    old = with_factor(hoa)
    signed_in(client)
    coded(client, old[0])
    for act in ("ma-moi", "tat"):
        for password, code in (("sai", code_of(hoa)), (PASSWORD, "abc")):
            posted = {"act": act, f"{act}-password": password, f"{act}-code": code}
            assert client.post(SETUP, posted).status_code == 422
    StaticDevice.objects.update(throttling_failure_count=0)
    posted = {"act": "ma-moi", "ma-moi-password": PASSWORD, "ma-moi-code": code_of(hoa)}
    new = re.findall(r"<code>(\w{5}-\w{5})</code>", client.post(SETUP, posted).content.decode())
    assert len(new) == 10
    posted = {"act": "tat", "tat-password": PASSWORD, "tat-code": old[1]}
    assert client.post(SETUP, posted).status_code == 422
    StaticDevice.objects.update(throttling_failure_count=0)
    assert client.post(SETUP, posted | {"tat-code": new[0]}).status_code == 302
    assert is_in(client)
    assert signed_in(Client()).status_code == 302
    acts = set(RecordLine.objects.values_list("act", flat=True))
    assert {"recovery_codes", "second_factor_off"} <= acts


def test_an_old_page_does_nothing(hoa: User, client: Client) -> None:
    client.force_login(hoa)
    for act in ("tat", "khac", ""):
        assert client.post(SETUP, {"act": act}).status_code == 409


def test_who_may_give_a_password_resets_it(hoa: User, hanh: User, client: Client) -> None:
    with_factor(hoa)
    client.force_login(hanh)
    act = f"/nguoi-dung/{hoa.pk}/viec/dat-lai-ma/"
    assert "đang bật" in client.get(f"/nguoi-dung/{hoa.pk}/").content.decode()
    assert client.post(act).status_code == 302
    assert client.post(act).status_code == 409
    assert signed_in(Client()).status_code == 302
    line = RecordLine.objects.get(act="second_factor_reset")
    assert (line.what, line.by, line.person) == (f"đặt lại xác thực hai bước của {hoa}", hanh, hoa)
    assert client.post(f"/nguoi-dung/{hanh.pk}/viec/dat-lai-ma/").status_code == 409


def test_the_command_resets_it(quantri: User) -> None:
    def run(username: str) -> str:
        out = StringIO()
        call_command("reset_second_factor", username, stdout=out)
        return out.getvalue()

    with_factor(quantri)
    assert run("quantri") == "Đã đặt lại xác thực hai bước của quantri.\n"
    assert run("quantri") == "quantri chưa bật xác thực hai bước.\n"
    with pytest.raises(CommandError, match="Không có tài khoản"):
        run("ai")


def test_it_costs_a_page_no_query(
    settings: LazySettings,
    hoa: User,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with_factor(hoa)
    signed_in(client)
    coded(client, code_of(hoa))
    for setting in ("off", "optional", "reviewers", "everybody"):
        settings.SECOND_FACTOR = setting
        with django_assert_num_queries(4):  # session, account, roles, forms' reports
            client.get("/bao-cao/")
