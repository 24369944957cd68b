"""What machines ask the portal: whether it lives, can serve, and how it is doing."""

import json
import logging
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cchc_portal import probes
from cchc_portal.logs import WithRequest, configuration, without_secrets
from indicators.tracing import traced
from reporting.models import User
from reporting.queries.jobs import jobs
from reporting.tasks import deliver_mail
from reporting.urls import urlpatterns
from tests.served import ROOT

TOKEN = "a-token-of-twenty-letters"


def test_alive_asks_nobody(client: Client) -> None:
    # Without a database: this test has none.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_tells_by_what(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assert client.get("/readyz").json() == {
        "ready": True,
        "database": "ok",
        "migrations": "ok",
        "media": "ok",
        "jobs": "ok",
    }
    with django_assert_max_num_queries(2):  # the tables were found once, and are not again
        client.get("/readyz")


@pytest.mark.django_db
def test_who_waits_for_a_worker_is_told_of_but_can_be_served(client: Client) -> None:
    deliver_mail.enqueue()
    jobs().update(enqueued_at=timezone.now() - timedelta(hours=1))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["jobs"]) == (200, "late")


@pytest.mark.django_db
def test_without_its_folder_it_is_not_ready(client: Client, tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where a folder should be")
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "database": "ok",
        "migrations": "ok",
        "media": "failed",
    }


def test_why_the_database_is_away_is_for_the_log(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> str:
        raise OperationalError("password of cchc at 10.0.0.7 is wrong")

    monkeypatch.setattr(probes, "NEEDED", {"database": away})
    response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "failed")
    assert "10.0.0.7" not in response.content.decode()
    assert "10.0.0.7" in caplog.text
    # What Django adds when the request is over names it as well.
    [added] = [line for line in caplog.records if line.name == "django.request"]
    WithRequest().filter(added)
    assert vars(added)["request_id"] == response.headers["X-Request-ID"]


@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["thongke.example.vn", "127.0.0.1"])
def test_probes_come_past_the_proxy(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/dang-nhap/", headers={"host": "127.0.0.1:8000"}).status_code == 301


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", TOKEN[:-1]])
def test_counts_are_nobodys_without_the_token(client: Client, given: str) -> None:
    assert client.get("/metrics", headers={"authorization": given}).status_code == 404
    with override_settings(METRICS_TOKEN=TOKEN):
        assert client.get("/metrics", headers={"authorization": given}).status_code == 404


_ASK = f"""
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
client = Client(headers={{"host": "127.0.0.1"}})
client.get("/dang-nhap/"), client.get("/dang-nhap/"), client.get("/khong-co/")
client.generic("BREW", "/dang-nhap/")
answer = client.get("/metrics", headers={{"authorization": "Bearer {TOKEN}"}})
print(answer.status_code, answer.content.decode())
"""


def test_counts_of_all_processes_by_page(tmp_path: Path) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cchc_portal.settings",
        "METRICS_TOKEN": TOKEN,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DATABASE_URL": "sqlite://:memory:",
        "MEDIA_ROOT": str(tmp_path / "media"),
        "DEBUG": "on",
        "SECRET_KEY": "x",
    }
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _ASK],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    assert told.startswith("200 ")
    assert 'cchc_requests_total{method="GET",page="login",status="200"} 2.0' in told
    assert 'cchc_requests_total{method="GET",page="",status="404"} 1.0' in told
    assert 'method="other",page="",status="405"} 1.0' in told
    assert 'cchc_request_seconds_count{page="login"} 2.0' in told
    assert "cchc_jobs_overdue_seconds 0.0" in told


@pytest.mark.django_db
def test_a_line_of_the_log_tells_a_request_without_its_secrets(
    client: Client, hoa: User, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(hoa)
    with caplog.at_level(logging.INFO, "cchc_portal.requests"):
        client.get("/bao-cao/?tim=rieng")
        client.get("/loi-moi/MQ/abc-def/")
    first, second = (vars(record) for record in caplog.records)
    assert (first["path"], first["page"], first["status"], first["user"]) == (
        "/bao-cao/",
        "my-reports",
        200,
        hoa.pk,
    )
    assert "rieng" not in caplog.text
    assert second["path"] == "/loi-moi/…"
    assert "abc-def" not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("begins", ["/loi-moi/", "/dat-lai-mat-khau/"])
@pytest.mark.parametrize(
    "cut",
    [
        "MQ/abc-def",
        "MQ/abc-def/?a=%00",
        "MQ/abc-def%00/",
        "MQ/abc-def/=",
        "MQ/abc-def%0A/",
        "MQ//abc-def//",
        "/abc-def/",
    ],
)
def test_a_link_that_a_mail_program_has_cut_keeps_its_secret(
    client: Client, caplog: pytest.LogCaptureFixture, begins: str, cut: str
) -> None:
    """No page may answer to such an address, or nothing even looks which."""
    with caplog.at_level(logging.INFO, "cchc_portal.requests"):
        client.get(f"{begins}{cut}")
    assert begins in caplog.text
    assert "abc-def" not in caplog.text


def test_every_address_with_a_secret_is_known_to_the_log() -> None:
    secret = [
        reverse(one.name, args=["MQ", "abc-def"])
        for one in urlpatterns
        if "<token>" in str(one.pattern)
    ]
    assert len(secret) == 2
    assert [path for path in secret if "abc-def" in without_secrets(path)] == []


def test_what_django_says_of_a_request_that_failed_hides_it_too() -> None:
    said = ("%s: %s", ("Internal Server Error", "/dat-lai-mat-khau/MQ/abc-def/"))
    record = logging.LogRecord("django.request", logging.ERROR, "f", 1, *said, None)
    WithRequest().filter(record)
    assert record.getMessage() == "Internal Server Error: /dat-lai-mat-khau/…"


def test_a_log_of_json_has_the_name_of_its_request(tmp_path: Path) -> None:
    ask = (
        "import logging, logging.config\n"
        "from cchc_portal.logs import WithRequest, configuration\n"
        "from indicators.tracing import traced\n"
        "logging.config.dictConfig(configuration(form='json', level='INFO'))\n"
        "with traced('abc12345'):\n"
        "    try: 1 / 0\n"
        "    except ZeroDivisionError:\n"
        "        logging.getLogger('a').exception('hỏng', extra={'request': object(), 'page': 'p'})"
    )
    line = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, check=True, stderr=subprocess.PIPE, text=True
    ).stderr
    told = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*", told.pop("time"))
    assert "ZeroDivisionError" in told.pop("exc_info")
    assert told == {
        "level": "ERROR",
        "logger": "a",
        "request_id": "abc12345",
        "message": "hỏng",
        "page": "p",
    }


def test_the_log_of_text_has_it_too() -> None:
    made = configuration(form="text", level="INFO")
    record = logging.LogRecord("a", logging.INFO, "f", 1, "chào", None, None)
    with traced("abc12345"):
        WithRequest().filter(record)
    formatter = logging.Formatter(made["formatters"]["text"]["format"], style="{")
    assert formatter.format(record).endswith("INFO a [abc12345] chào")
