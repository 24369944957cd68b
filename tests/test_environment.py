"""What an installation says of itself is read strictly, and everything wrong is told at once."""

import gc
import os
import re
import subprocess
import sys
import weakref
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cchc_portal import serving
from cchc_portal import settings as portal
from cchc_portal.environment import Environment

HTTPS = {
    "HTTPS": "on",
    "PORTAL_URL": "https://thongke.example.vn",
    "ALLOWED_HOSTS": "thongke.example.vn",
    "SECRET_KEY": "k" * 50,
}


@pytest.mark.parametrize(("given", "read"), [("on", True), ("TRUE", True), ("0", False)])
def test_a_switch(given: str, read: bool) -> None:
    assert Environment({"X": given}).flag("X", default=not read) is read


@pytest.mark.parametrize("given", ["", "  "])
def test_what_is_empty_was_not_given(given: str) -> None:
    said = Environment({"X": given})
    assert (said.flag("X", default=True), said.number("X", 7, least=1, most=9)) == (True, 7)
    assert (said.text("X", "a"), said.names("X", ["b"])) == ("a", ["b"])
    said.refuse_faults()


@pytest.mark.parametrize("given", ["yess", "onn", "-1", "2"])
def test_what_is_no_switch_is_refused(given: str) -> None:
    said = Environment({"X": given})
    said.flag("X", default=False)
    with pytest.raises(ImproperlyConfigured, match=f"X: đang ghi «{given}», cần on hoặc off"):
        said.refuse_faults()


@pytest.mark.parametrize("given", ["0", "10", "1.5", "1e2", "²", "９", "nhiều", "1" * 30])
def test_a_number_out_of_its_bounds_is_refused(given: str) -> None:
    said = Environment({"X": given})
    assert said.number("X", 5, least=1, most=9) == 5
    assert len(said.faults) == 1


@pytest.mark.parametrize("given", ["*", "*.example.vn", "https://example.vn", "a b"])
def test_hosts_are_names(given: str) -> None:
    said = Environment({"X": given})
    assert said.hosts("X", ["localhost"]) == ["localhost"]
    assert len(said.faults) == 1


def test_a_host_with_all_below_it() -> None:
    assert Environment({"X": ".example.vn, cong.vn"}).hosts("X", []) == [".example.vn", "cong.vn"]


@pytest.mark.parametrize(
    "given", ["thongke.vn", "ftp://a.vn", "https://a.vn/cong", "https://u@a.vn", "https://a.vn:x"]
)
def test_an_address_of_a_site_is_nothing_more(given: str) -> None:
    said = Environment({"X": given})
    assert said.origin("X", "http://localhost") == "http://localhost"
    assert len(said.faults) == 1


def test_a_folder_is_named_from_the_root() -> None:
    said = Environment({"X": "media"})
    assert said.folder("X", Path("/var/media")) == Path("/var/media")
    assert len(said.faults) == 1


@pytest.mark.parametrize(
    "given", ["postgres//x", "mysql://u:p@h/n", "postgres://u:p@h", "postgres://u:p@h:port/n"]
)
def test_a_database_that_is_none_is_refused_and_its_password_not_shown(given: str) -> None:
    said = Environment({"X": given})
    said.database("X", "sqlite://:memory:")
    assert said.faults[0].startswith("X: không đọc được")
    assert given not in said.faults[0]


@pytest.mark.parametrize("given", ["smtpp://a.vn", "a.vn", "smtp://"])
def test_mail_that_goes_nowhere_is_refused(given: str) -> None:
    said = Environment({"X": given})
    said.mail("X", "filemail:///tmp")
    assert said.faults[0].startswith("X: không đọc được")


def started(**environment: str) -> str:
    """Return what starting the portal with these variables says before it gives up, or nothing."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.run(
        [sys.executable, "-c", "import cchc_portal.settings as s; print(s.ALLOWED_HOSTS)"],
        env={**bare, "SECRET_KEY": "x", **environment},
        cwd=settings.BASE_DIR,
        check=False,
        capture_output=True,
        text=True,
    )
    return process.stderr if process.returncode else ""


def test_all_faults_are_told_at_once_and_nothing_starts() -> None:
    told = started(
        DEBUG="yess",
        DATABASE_URL="mysql://a",
        LOG_LEVEL="LOUD",
        EVIDENCE_MAX_MB="0",
        MEDIA_ROOT="media",
        METRICS_TOKEN="short",
    )
    names = ["DEBUG", "DATABASE_URL", "LOG_LEVEL", "EVIDENCE_MAX_MB", "MEDIA_ROOT", "METRICS_TOKEN"]
    assert [name for name in names if f"  - {name}: " in told] == names


def test_an_installation_that_says_everything_starts() -> None:
    assert started(**HTTPS) == ""


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("DEBUG", "on"),
        ("PORTAL_URL", "http://thongke.example.vn"),
        ("PORTAL_URL", "https://thongke.vn"),
        ("PORTAL_URL", ""),
        ("PORTAL_URL", "https://localhost"),
        ("PORTAL_URL", "https://127.0.0.1:8443"),
        ("SECRET_KEY", "short"),
    ],
)
def test_what_people_must_not_meet_behind_https_is_refused(name: str, given: str) -> None:
    loopback = {"ALLOWED_HOSTS": "thongke.example.vn,localhost,127.0.0.1"}
    assert f"  - {name}: " in started(**HTTPS | loopback | {name: given})


@pytest.mark.parametrize(
    ("static", "media"),
    [
        ("/srv/static", "/srv/static/media"),
        ("/srv/static", "/srv/a/../static"),
        ("/srv/static", ""),
    ],
)
def test_what_people_attach_lies_where_nobody_is_served_from(static: str, media: str) -> None:
    media = media or f"{settings.BASE_DIR}/static/media"
    assert "  - MEDIA_ROOT: " in started(STATIC_ROOT=static, MEDIA_ROOT=media)


def test_a_key_that_can_not_be_kept_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Environment({})
    monkeypatch.setattr(portal, "env", said)
    assert portal.installation_secret(tmp_path / "secret_key") == (
        portal.installation_secret(tmp_path / "secret_key")
    )
    (tmp_path / "var").write_text("where a folder should be")
    portal.installation_secret(tmp_path / "var" / "secret_key")
    [fault] = said.faults
    assert fault.startswith("SECRET_KEY: còn trống, mà khóa tự tạo không cất được vào «")
    assert "openssl rand -hex 32" in fault


def test_counts_that_can_not_be_kept_are_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").write_text("where a folder should be")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "run" / "metrics"))
    with pytest.raises(RuntimeError, match="PROMETHEUS_MULTIPROC_DIR: không ghi được vào «"):
        serving.on_starting(None)


def test_what_processes_share_holds_no_connection_and_no_thread() -> None:
    """The portal is read before the processes are made: two would speak on one connection, and a
    thread would hold its locks for ever in a process that has no such thread."""
    assert serving.preload_app
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import threading, cchc_portal.wsgi\n"
            "from django.db import connections\n"
            "print(any(one.connection for one in connections.all()), threading.active_count())",
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=settings.BASE_DIR,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    assert told == "False 1\n"


@pytest.mark.parametrize(
    ("header", "is_cleared"), [("Content-Disposition", True), ("Content-Type", False)]
)
def test_what_a_file_leaves_is_cleared_up_once_it_is_sent(header: str, is_cleared: bool) -> None:
    class Ring:
        pass

    ring = Ring()
    ring.itself = ring  # type: ignore[attr-defined]
    left = weakref.ref(ring)
    gc.disable()  # or Python might look by itself
    try:
        del ring
        serving.post_request(None, None, None, SimpleNamespace(headers=[(header, "x")]))
        assert (left() is None) == is_cleared
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("given", "said"), [("", "workers = 2\n"), ("x", "WEB_CONCURRENCY: đang ghi «x», cần một số")]
)
def test_how_many_processes_is_read_before_gunicorn_reads_it(given: str, said: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "cchc_portal.serving", "--print-config"],
        env={**os.environ, "WEB_CONCURRENCY": given, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=settings.BASE_DIR,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ).stdout
    assert said in re.sub(" +", " ", told)


PRIMARY, REPLICA = "postgres://u@a/n", "postgres://u@b/n"


@pytest.mark.parametrize(
    ("primary", "replica", "is_refused"),
    [
        (PRIMARY, REPLICA, False),
        (PRIMARY, PRIMARY, True),
        (PRIMARY, "sqlite:////n", True),
        ("sqlite:////n", REPLICA, True),
        (PRIMARY, "b", True),
    ],
)
def test_a_replica_is_a_second_server_of_the_same_kind(
    primary: str, replica: str, is_refused: bool
) -> None:
    told = started(DATABASE_URL=primary, REPLICA_URL=replica)
    assert ("  - REPLICA_URL: " in told) is is_refused
