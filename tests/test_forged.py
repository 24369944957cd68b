"""Requests that another site or a proxy makes up: none acts, leads away, or says where we live."""

import ast
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from reporting.models import RecordLine, User
from tests.cast import PASSWORD
from tests.fuzz.judge import fingerprint
from tests.fuzz.running import made_up, routes

AWAY = (
    "https://fz.example/",
    "//fz.example/",
    "///fz.example/",
    "/\\fz.example/",
    "\\\\fz.example",
    "https:fz.example",
    "http:///fz.example",
    "javascript:alert(1)",
    "\thttps://fz.example/",
)
ROOMS = ("cchc_portal", "reporting", "indicators")


def test_no_address_acts_on_a_posting_of_another_site(quantri: User) -> None:
    """Every address of the resolver, the administration's too, as somebody who may much."""
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(quantri)
    before, acted = fingerprint(), {}
    for _, route in routes(get_resolver()):
        status = forger.post(f"/{made_up(route)}", {"reason": "x"}).status_code
        if status != 403:
            acted[route] = status
    # What machines ask is answered before anybody is known, and takes no posting.
    assert set(acted.values()) <= {405}
    assert all(route in {"healthz", "readyz", "metrics"} for route in acted)
    assert fingerprint() == before


@pytest.mark.parametrize("away", AWAY)
def test_signing_in_leads_nowhere_else(hoa: User, client: Client, away: str) -> None:
    said = {"username": "hoa", "password": PASSWORD, "next": away}
    response = client.post("/dang-nhap/", said)
    assert response.status_code == 302
    assert urlsplit(response.headers["Location"]).netloc == ""
    assert response.headers["Location"].startswith("/")
    assert away not in client.get("/dang-nhap/", {"next": away}).headers.get("Location", "")


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("path", ["/dang-xuat/", "/quan-tri/logout/"])
def test_signing_out_leads_nowhere_else(hoa: User, client: Client, path: str, away: str) -> None:
    client.force_login(hoa)
    response = client.post(path, {"next": away})
    assert response.status_code == 302
    assert urlsplit(response.headers["Location"]).netloc == ""
    assert response.headers["Location"].startswith("/")


@pytest.mark.parametrize("host", ["fz.example", "127.0.0.1.fz.example", "a b", "testserver:x", ""])
def test_only_the_names_of_the_installation_are_answered(
    client: Client, settings: Settings, host: str
) -> None:
    settings.ALLOWED_HOSTS = ["thongke.example.vn"]
    page = client.get("/dang-nhap/", headers={"Host": host})
    assert page.status_code == 400
    assert "fz.example" not in page.content.decode()


def test_what_a_client_says_of_proxies_changes_nothing(hoa: User, client: Client) -> None:
    forged = {
        "X-Forwarded-Host": "fz.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "203.0.113.9",
        "Forwarded": "host=fz.example;for=203.0.113.9",
        "X-Original-URL": "/quan-tri/",
        "X-HTTP-Method-Override": "DELETE",
    }
    response = client.post("/dang-nhap/", {"username": "hoa", "password": "sai"}, headers=forged)
    assert "fz.example" not in response.content.decode() + str(response.headers)
    assert "203.0.113.9" not in RecordLine.objects.latest("pk").what


def test_no_code_asks_the_request_under_which_name_it_came() -> None:
    """Letters and codes lead to ``PORTAL_URL`` alone."""
    asking = {"build_absolute_uri", "get_host", "get_current_site", "get_raw_uri"}
    found = [
        f"{path.name}: {node.attr}"
        for room in ROOMS
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in asking
    ]
    assert found == []
