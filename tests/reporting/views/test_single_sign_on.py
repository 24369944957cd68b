"""Signing in by a provider of single sign-on: whose account it is, which tokens are not believed.

The provider here is a small one in this process that can lie; `make sso` tries a real one.
"""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import LazySettings
from django.db import transaction
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from requests import Timeout

from indicators.models import Row
from reporting.actions.limits import Limit
from reporting.actions.people import give_first_password, unlink_person
from reporting.actions.single_sign_on import Claims, _linked_now, account_of
from reporting.models import Link, RecordLine, Submission, User
from reporting.queries.second_factor import second_factor_of
from reporting.queries.single_sign_on import has_password_of_own
from reporting.refusals import WrongState
from reporting.single_sign_on import PAUSE
from reporting.views import limits
from reporting.views.single_sign_on import LONGEST_CARRIED
from tests.cast import PASSWORD
from tests.fuzz.pages import read
from tests.reporting.background import by_mail

START, BACK = "/dang-nhap/chung/", "/dang-nhap/chung/tra-ve/"
SECRET = "bi-mat-cua-cong-va-noi-xac-thuc-2026"
KEY, ANOTHER = RSAKey.generate_key(2048, {"kid": "a"}), RSAKey.generate_key(2048, {"kid": "a"})


def unsigned(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@dataclass
class Lying:
    """A provider: what it says in its tokens, and how it signs them."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=lambda: {"alg": "RS256", "kid": "a"})
    key: Any = field(default_factory=lambda: KEY)
    nonce: str = ""
    challenge: str = ""
    is_silent: bool = False
    hidden: str = ""
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def token(self) -> str:
        now = int(time.time())
        told = {
            "iss": self.address,
            "sub": "s-1",
            "aud": "cong",
            "exp": now + 60,
            "iat": now,
            "nonce": self.nonce,
            "preferred_username": "hoa",
        } | self.claims
        told = {name: value for name, value in told.items() if value is not None}
        if self.header["alg"] == "none":
            return f"{unsigned(self.header)}.{unsigned(told)}."
        return jwt.encode(self.header, told, self.key, algorithms=[self.header["alg"]])

    def answer(self, path: str, posted: dict[str, list[str]]) -> object:
        if path == "/.well-known/openid-configuration":
            said = {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/auth",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "end_session_endpoint": f"{self.address}/end",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            }
            return {name: one for name, one in said.items() if name != self.hidden}
        if path == "/keys":
            return {"keys": [KEY.as_dict(private=False)]}
        self.asked.append(posted)
        if create_s256_code_challenge(posted["code_verifier"][0]) != self.challenge:
            return {"error": "invalid_grant"}
        given = {"access_token": "x", "token_type": "Bearer"}
        return given if self.is_silent else given | {"id_token": self.token()}


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[Lying]:
    lying = Lying()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            posted = parse_qs(self.rfile.read(length).decode())
            content = json.dumps(lying.answer(urlsplit(self.path).path, posted)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - the names that http.server asks for

        def log_message(self, *_: object) -> None:
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    lying.address = settings.OIDC_ISSUER = f"http://127.0.0.1:{server.server_port}"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "cong", SECRET
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield lying
    server.shutdown()
    server.server_close()
    thread.join()


def back(client: Client, provider: Lying, target: str = "", **posted: Any) -> Any:
    """Go to the provider and come back with its code."""
    led = client.post(f"{START}?next={target}", posted)
    asked = parse_qs(urlsplit(led.headers["Location"]).query)
    assert asked["redirect_uri"] == [f"http://127.0.0.1:8000{BACK}"]
    assert asked["code_challenge_method"] == ["S256"]
    provider.nonce = provider.nonce or asked["nonce"][0]
    provider.challenge = asked["code_challenge"][0]
    return client.get(BACK, {"code": "c", "state": asked["state"][0]})


def is_in(client: Client) -> bool:
    return bool(client.get("/tai-khoan/").status_code == 200)


def test_the_first_time_the_account_is_found_by_name_and_then_by_what_never_changes(
    provider: Lying, hoa: User, thu: User, client: Client
) -> None:
    assert back(client, provider, "/thong-bao/").headers["Location"] == "/thong-bao/"
    assert is_in(client)
    link = Link.objects.get()
    assert (link.user, link.issuer, link.subject) == (hoa, provider.address, "s-1")
    told = list(RecordLine.objects.order_by("pk").values_list("act", "what"))
    assert told == [
        ("link", "nối với tài khoản chung của tỉnh (hoa, mã s-1)"),
        ("sign_in", "đăng nhập bằng tài khoản chung của tỉnh từ 127.0.0.1"),
    ]
    provider.claims, provider.nonce = {"preferred_username": "thu"}, ""
    again = Client()
    back(again, provider)
    assert again.session["_auth_user_id"] == str(hoa.pk)


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"preferred_username": "nguoi-la"}, "không có tài khoản mang tên «nguoi-la»"),
        ({"preferred_username": None}, "không cho biết tên đăng nhập"),
        ({"preferred_username": ["hoa"]}, "không cho biết tên đăng nhập"),
        ({"preferred_username": ""}, "không cho biết tên đăng nhập"),
        ({"preferred_username": "<b>hoa</b>"}, "«&lt;b&gt;hoa&lt;/b&gt;»"),
    ],
)
def test_a_stranger_gets_a_sentence_and_no_account(
    provider: Lying, hoa: User, client: Client, claims: dict[str, Any], said: str
) -> None:
    provider.claims = claims
    people = User.objects.count()
    refused = back(client, provider)
    assert refused.status_code == 403
    assert said in refused.content.decode()
    assert (User.objects.count(), Link.objects.count(), is_in(client)) == (people, 0, False)


def test_an_email_counts_where_it_was_verified_and_is_one_persons(
    provider: Lying, settings: LazySettings, hoa: User, thu: User
) -> None:
    settings.OIDC_CLAIM = "email"
    by_mail(hoa)
    for is_verified in (None, False, "true", 1):
        provider.claims = {"email": hoa.email, "email_verified": is_verified}
        provider.nonce = ""
        assert "e-mail đã xác minh" in back(Client(), provider).content.decode()
    provider.claims = {"email": hoa.email.upper(), "email_verified": True}
    by_mail(thu, address=hoa.email)
    provider.nonce = ""
    assert "có nhiều tài khoản" in back(Client(), provider).content.decode()
    by_mail(thu, address="thu@minh-hoa.example")
    client, provider.nonce = Client(), ""
    back(client, provider)
    assert is_in(client)


def test_who_has_left_does_not_stand_in_the_way_of_who_has_their_email_now(
    provider: Lying, settings: LazySettings, hoa: User, thu: User, client: Client
) -> None:
    settings.OIDC_CLAIM = "email"
    User.objects.filter(pk=by_mail(hoa).pk).update(is_active=False)
    by_mail(thu, address=hoa.email)
    provider.claims = {"email": hoa.email, "email_verified": True}
    back(client, provider)
    assert client.session["_auth_user_id"] == str(thu.pk)
    Link.objects.all().delete()
    User.objects.filter(pk=thu.pk).update(is_active=False)
    provider.nonce = ""
    assert "đã ngừng hoạt động" in back(Client(), provider).content.decode()


def test_a_link_to_another_issuer_says_nothing_of_this_one(
    provider: Lying, settings: LazySettings, hoa: User, hanh: User, client: Client
) -> None:
    old = Link.objects.create(
        user=hoa, issuer="https://cu.example", subject="s-cu", at=timezone.now()
    )
    settings.OIDC_PASSWORDS = False
    assert has_password_of_own(hoa)
    back(client, provider)
    assert is_in(client)
    assert not has_password_of_own(hoa)
    unlink_person(person=hoa, by=hanh)
    assert Link.objects.get() == old


@pytest.mark.django_db
def test_of_two_tabs_that_come_back_together_the_second_is_let_in_too(
    provider: Lying, hoa: User
) -> None:
    """What it finds once the first has let go of the account."""
    claims = Claims("s-1", "hoa", is_sure=True)
    assert account_of(claims) == hoa
    with transaction.atomic():
        assert _linked_now(claims) == hoa
    assert Link.objects.count() == 1


def test_a_provider_that_does_not_say_where_its_keys_are_is_told(
    provider: Lying, hoa: User, client: Client
) -> None:
    provider.hidden = "jwks_uri"
    refused = back(client, provider)
    assert refused.status_code == 503
    assert "chưa trả lời" in refused.content.decode()


def test_an_account_that_is_shut_stays_shut(provider: Lying, hoa: User, client: Client) -> None:
    back(client, provider)
    User.objects.filter(pk=hoa.pk).update(is_active=False)
    provider.nonce = ""
    refused = back(client, provider)
    assert "đã ngừng hoạt động" in refused.content.decode()
    assert not is_in(client)


def test_an_account_is_taken_over_by_no_other_subject_until_it_is_unlinked(
    provider: Lying, hoa: User, hanh: User, client: Client
) -> None:
    back(client, provider)
    provider.claims, provider.nonce = {"sub": "s-2"}, ""
    assert "đã nối với một tài khoản khác" in back(Client(), provider).content.decode()
    client.force_login(hanh)
    assert "đã nối" in client.get(f"/nguoi-dung/{hoa.pk}/").content.decode()
    assert client.post(f"/nguoi-dung/{hoa.pk}/viec/bo-noi/").status_code == 302
    assert RecordLine.objects.get(act="unlink").by == hanh
    with pytest.raises(WrongState):
        unlink_person(person=hoa, by=hanh)
    provider.nonce = ""
    back(Client(), provider)
    assert Link.objects.get().subject == "s-2"


LATE = int(time.time()) - 3600


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param({"key": ANOTHER}, id="wrong signature"),
        pytest.param({"header": {"alg": "none"}, "key": None}, id="alg none"),
        pytest.param(
            {
                "header": {"alg": "HS256"},
                "key": OctKey.import_key(SECRET),
            },
            id="signed with the secret that both know",
        ),
        pytest.param({"claims": {"aud": "khac"}}, id="wrong audience"),
        pytest.param({"claims": {"aud": "khac", "azp": "cong"}}, id="wrong audience, right party"),
        pytest.param({"claims": {"aud": ["cong", "khac"], "azp": "khac"}}, id="wrong party"),
        pytest.param({"claims": {"iss": "http://evil.example"}}, id="wrong issuer"),
        pytest.param({"nonce": "khac"}, id="wrong nonce"),
        pytest.param({"claims": {"nonce": None}}, id="no nonce"),
        pytest.param({"claims": {"exp": LATE}}, id="expired"),
        pytest.param({"claims": {"exp": None}}, id="no end"),
        pytest.param({"claims": {"sub": None}}, id="no subject"),
        pytest.param({"claims": {"sub": ""}}, id="empty subject"),
        pytest.param({"is_silent": True}, id="no token"),
    ],
)
def test_a_token_that_is_not_right_in_every_part_is_not_believed(
    provider: Lying, hoa: User, client: Client, lie: dict[str, Any]
) -> None:
    for name, value in lie.items():
        setattr(provider, name, value)
    refused = back(client, provider)
    assert refused.status_code == 403
    assert "không đúng với yêu cầu của cổng" in refused.content.decode()
    assert not is_in(client)
    assert not Link.objects.exists()


def test_an_answer_to_nothing_that_was_asked_is_not_heard(
    provider: Lying, hoa: User, client: Client
) -> None:
    for asked in ({"code": "c", "state": "bịa"}, {"code": "c"}, {}, {"state": "x" * 3000}):
        refused = client.get(BACK, asked)
        assert refused.status_code == 403
        assert "bắt đầu lại" in refused.content.decode()
    assert provider.asked == []


def test_an_answer_is_heard_once_and_in_its_own_browser(
    provider: Lying, hoa: User, client: Client
) -> None:
    led = client.get(START)
    state = parse_qs(urlsplit(led.headers["Location"]).query)["state"][0]
    assert Client().get(BACK, {"code": "c", "state": state}).status_code == 403
    back(client, provider)
    client.post("/dang-xuat/")
    assert client.get(BACK, {"code": "c", "state": state}).status_code == 403


def test_who_cancels_is_told_so(provider: Lying, client: Client, db: None) -> None:
    refused = client.get(BACK, {"error": "access_denied", "error_description": "<script>"})
    assert refused.status_code == 403
    assert "chưa đăng nhập xong bằng tài khoản chung của tỉnh" in refused.content.decode()
    assert "<script>" not in refused.content.decode()


def test_a_provider_that_is_away_or_another_is_told(
    provider: Lying, settings: LazySettings, client: Client, db: None
) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert client.get(START).status_code == 503
    settings.OIDC_ISSUER = f"{provider.address}/../khac"
    refused = client.get(START)
    assert refused.status_code == 503
    page = refused.content.decode()
    assert "Hệ thống tài khoản chung của tỉnh chưa trả lời" in page
    assert "hoặc đăng nhập bằng mật khẩu của cổng" in page
    settings.OIDC_PASSWORDS = False
    assert "mật khẩu của cổng" not in client.get(START).content.decode()


def test_what_was_typed_is_carried_through(
    provider: Lying, report: Submission, hoa: User, client: Client
) -> None:
    done = back(client, provider, f"/bao-cao/{report.pk}/", **{"kept-f1": "5"})
    assert done.context["kept"] == [("f1", "5")]
    assert done.context["target"] == f"/bao-cao/{report.pk}/"


def test_what_was_typed_waits_on_the_page_that_tells_how_long_to_wait(
    provider: Lying,
    report: Submission,
    hoa: User,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    once = replace(limits.ELSEWHERE, limit=replace(limits.ELSEWHERE.limit, most=1))
    monkeypatch.setattr(limits, "COUNTED", {"sso": once})
    client.get(START)
    target = f"/bao-cao/{report.pk}/"
    refused = client.post(START, {"next": target, "kept-f1": "5", "kept-chon": ["a", "<b>"]})
    assert refused.status_code == 429
    [waiting] = [one for one in read(refused.content.decode())[1] if ("kept-f1", "5") in one.pairs]
    monkeypatch.setattr(limits, "COUNTED", {})
    posted: dict[str, Any] = {}
    for name, text in waiting.pairs:
        posted.setdefault(name, []).append(text)
    done = back(client, provider, **posted)
    assert done.context["kept"] == [("f1", "5"), ("chon", "a"), ("chon", "<b>")]
    assert done.context["target"] == target


def test_what_is_longer_than_any_sheet_waits_on_the_page_and_not_in_a_session(
    provider: Lying, report: Submission, client: Client
) -> None:
    """Nobody has signed in yet, and what is kept here is written into the database."""
    rows = Row.objects.values("version").annotate(rows=Count("pk")).order_by("-rows")[0]["rows"]
    sheet = {f"kept-{box}{one}": "9" * 300 for one in range(rows) for box in ("f", "n")}
    assert sum(len(name + text) for name, text in sheet.items()) < LONGEST_CARRIED / 1.5
    assert client.post(START, sheet).status_code == 302
    text = "ố" * (LONGEST_CARRIED // 3)
    refused = Client().post(START, {"next": "/bao-cao/", "kept-text": text})
    assert refused.status_code == 413
    assert "dài quá" in refused.content.decode()
    assert (refused.context["next"], refused.context["kept"]) == (
        "/bao-cao/",
        [("kept-text", text)],
    )
    assert "sessionid" not in refused.cookies


def test_few_carry_what_they_typed_there_and_all_others_still_get_in(
    provider: Lying, client: Client, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    once = replace(limits.CARRIED, limit=Limit("sso-carried", 1, 600))
    monkeypatch.setattr("reporting.views.single_sign_on.CARRIED", once)
    assert Client().post(START, {"kept-f1": "5"}).status_code == 302
    refused = client.post(START, {"kept-f1": "6"})
    assert refused.status_code == 429
    assert ("kept-f1", "6") in refused.context["kept"]
    assert "sessionid" not in refused.cookies
    assert client.post(START).status_code == 302


def test_who_came_by_it_and_sets_up_a_factor_here_is_still_one_who_came_by_it(
    provider: Lying, hoa: User, hanh: User, client: Client
) -> None:
    back(client, provider)
    client.get("/tai-khoan/xac-thuc-hai-buoc/")
    code = f"{totp(bytes.fromhex(client.session['second-factor-key'])):06d}"
    posted = {"act": "bat", "bat-code": code, "bat-password": PASSWORD}
    assert client.post("/tai-khoan/xac-thuc-hai-buoc/", posted).status_code == 200
    assert second_factor_of(hoa) is not None
    assert is_in(client)
    unlink_person(person=hoa, by=hanh)
    assert not is_in(client)


@pytest.mark.parametrize("since", ["unlinked", "is_staff", "is_superuser"])
def test_nobody_stays_whom_it_would_not_let_in_any_more(
    provider: Lying, hoa: User, hanh: User, client: Client, since: str
) -> None:
    back(client, provider)
    assert is_in(client)
    if since == "unlinked":
        unlink_person(person=hoa, by=hanh)
    else:
        User.objects.filter(pk=hoa.pk).update(**{since: True})
    assert client.get("/bao-cao/").status_code == 302
    assert not is_in(client)


def test_what_was_typed_waits_on_the_page_that_tells_what_failed(
    provider: Lying, report: Submission, hoa: User, client: Client
) -> None:
    target, field = f"/bao-cao/{report.pk}/", {"kept-f1": "5"}
    client.post(START, {"next": target, **field})
    cancelled = client.get(BACK, {"error": "access_denied"})
    assert (cancelled.context["next"], [*cancelled.context["kept"]]) == (target, [["kept-f1", "5"]])
    page = cancelled.content.decode()
    assert '<input type="hidden" name="kept-f1" value="5">' in page
    assert "Những gì vừa gõ được giữ nguyên" in page
    done = back(client, provider, target, **field)  # as the button of that page posts
    assert done.context["kept"] == [("f1", "5")]


def test_it_leads_to_no_other_host(provider: Lying, hoa: User, client: Client) -> None:
    assert back(client, provider, "https://evil.example/").headers["Location"] == "/"


def test_signing_out_goes_on_to_sign_out_there(provider: Lying, hoa: User, client: Client) -> None:
    back(client, provider)
    left = client.post("/dang-xuat/").headers["Location"]
    assert left.startswith(f"{provider.address}/end?id_token_hint=ey")
    assert "post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2Fdang-nhap%2F" in left
    assert not is_in(client)


def test_the_providers_own_factor_counts_and_a_first_password_is_not_asked_for(
    provider: Lying, settings: LazySettings, hoa: User, hanh: User, client: Client
) -> None:
    settings.SECOND_FACTOR = "everybody"
    give_first_password(person=hoa, by=hanh)
    back(client, provider)
    assert is_in(client)


def test_passwords_may_be_switched_off_for_who_is_linked_but_never_for_operators(
    provider: Lying, settings: LazySettings, hoa: User, thu: User, quantri: User, client: Client
) -> None:
    def entered(name: str) -> int:
        return Client().post("/dang-nhap/", {"username": name, "password": PASSWORD}).status_code

    back(client, provider)
    linked(quantri, provider)
    assert [entered(name) for name in ("hoa", "thu", "quantri")] == [302, 302, 302]
    settings.OIDC_PASSWORDS = False
    assert [entered(name) for name in ("hoa", "thu", "quantri")] == [200, 302, 302]
    assert "Đổi mật khẩu</a>" not in client.get("/tai-khoan/").content.decode()
    asked = Client().post("/quen-mat-khau/", {"name": "hoa"}).content.decode()
    assert "bằng tài khoản chung của tỉnh: mật khẩu đặt lại ở đó" in asked
    settings.OIDC_ISSUER = ""
    assert entered("hoa") == 302


def linked(person: User, provider: Lying) -> None:
    Link.objects.create(user=person, issuer=provider.address, subject="s-9", at=timezone.now())


@pytest.mark.parametrize("power", ["is_staff", "is_superuser"])
def test_no_operator_is_let_in_by_it_linked_or_not(
    provider: Lying, hoa: User, client: Client, power: str
) -> None:
    User.objects.filter(pk=hoa.pk).update(**{power: True})
    assert "Tài khoản quản trị hệ thống" in back(client, provider).content.decode()
    assert not Link.objects.exists()
    linked(hoa, provider)
    provider.claims, provider.nonce = {"sub": "s-9"}, ""
    assert back(client, provider).status_code == 403
    assert not is_in(client)


@pytest.mark.parametrize(
    ("claim", "told"), [("preferred_username", "thıen"), ("email", "thıen@minh-hoa.example")]
)
def test_letters_that_a_database_takes_for_one_another_are_not_one_name(
    provider: Lying, settings: LazySettings, hoa: User, client: Client, claim: str, told: str
) -> None:
    User.objects.filter(pk=hoa.pk).update(username="thien", email="thien@minh-hoa.example")
    settings.OIDC_CLAIM = claim
    provider.claims = {claim: told, "email_verified": True}
    assert "không có tài khoản" in back(client, provider).content.decode()
    provider.claims, provider.nonce = {claim: told.replace("ı", "I"), "email_verified": True}, ""
    back(client, provider)
    assert is_in(client)


def test_a_provider_that_is_away_is_not_asked_again_at_once(
    provider: Lying, hoa: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def hang(*_: object, **__: object) -> None:
        asked.append(1)
        raise Timeout

    with monkeypatch.context() as patch:
        patch.setattr("requests.Session.send", hang)
        answers = [client.get(path).status_code for path in (START, START, f"{BACK}?state=x")]
    assert (answers, len(asked)) == ([503, 503, 503], 1)
    later = monotonic() + PAUSE
    monkeypatch.setattr("reporting.single_sign_on.monotonic", lambda: later)
    back(client, provider)
    assert is_in(client)


def test_what_comes_with_the_address_writes_no_line_into_the_log(
    provider: Lying, client: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    client.get(BACK, {"error": "x\nERROR a line of a stranger", "state": "x"})
    client.get(BACK, {"error": "access_denied"})
    told = [one.getMessage() for one in caplog.records if one.name.endswith("single_sign_on")]
    assert told == [f"single sign-on refused: {word}" for word in ("other", "access_denied")]


def test_without_an_issuer_there_is_no_such_page(client: Client, db: None) -> None:
    assert (client.get(START).status_code, client.get(BACK).status_code) == (404, 404)
    assert "tài khoản chung" not in client.get("/dang-nhap/").content.decode()


def test_the_page_of_signing_in_offers_it(provider: Lying, client: Client, db: None) -> None:
    assert "Đăng nhập bằng tài khoản chung của tỉnh" in client.get("/dang-nhap/").content.decode()
