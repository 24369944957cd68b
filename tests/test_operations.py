"""What `deploy/` installs and `docs/operations.md` tells to type fits the portal."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse

from tests.test_docs import documented, first_column

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
UNITS = sorted(
    path for path in (DEPLOY / "systemd").iterdir() if path.suffix in {".service", ".timer"}
)
PAGE = documented("operations.md")
NGINX = (DEPLOY / "nginx" / "cchc.conf").read_text(encoding="utf-8")
MANAGE = "/opt/cchc/current/.venv/bin/python manage.py "


def unit(path: Path) -> ConfigParser:
    """Return what a unit says; of a key that stands there twice, the last."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def wanted() -> list[str]:
    """Return the units that the target starts."""
    text = (DEPLOY / "systemd" / "cchc.target").read_text(encoding="utf-8")
    return " ".join(re.findall(r"^Wants=(.*)$", text, flags=re.MULTILINE)).split()


def test_the_environment_names_every_setting_of_an_installation() -> None:
    text = (DEPLOY / "cchc.env").read_text(encoding="utf-8")
    named = re.findall(r"^#?([A-Z_]+)=", text, flags=re.MULTILINE)
    assert sorted(named) == sorted({*first_column("settings.md")} - {"DEBUG"})


def test_the_environment_names_folders_that_the_portal_may_write() -> None:
    text = (DEPLOY / "cchc.env").read_text(encoding="utf-8")
    named = re.findall(r"^[A-Z_]+=(/.*)$", text, flags=re.MULTILINE)
    assert len(named) == 2
    common = (DEPLOY / "systemd/cchc-.service.d/common.conf").read_text(encoding="utf-8")
    assert "StateDirectory=cchc\n" in common
    assert unit(DEPLOY / "systemd/cchc-portal.service")["Service"]["RuntimeDirectory"] == "cchc"
    assert all(folder.startswith(("/var/lib/cchc/", "/run/cchc/")) for folder in named)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_what_there_is(path: Path) -> None:
    said = unit(path)
    assert said["Unit"]["Description"].startswith("CCHC portal: ")
    if path.suffix == ".timer":
        started = said["Timer"]["Unit"]
        assert (DEPLOY / "systemd" / re.sub(r"@.*\.", "@.", started)).exists()
        assert "Asia/Ho_Chi_Minh" in said["Timer"]["OnCalendar"]
        command = re.search(r"@(.*)\.service", started)
        assert command is None or command[1] in get_commands()
    elif MANAGE in (line := said["Service"]["ExecStart"]):
        name = line.removeprefix(MANAGE).split()[0]
        assert name == "%i" or name in get_commands()
    else:
        assert line == "/opt/cchc/current/.venv/bin/python -m cchc_portal.serving"


def test_the_target_starts_all_that_runs_by_itself() -> None:
    named = sorted({re.sub(r"@.*\.", "@.", name) for name in wanted()})
    by_timers = {"cchc-backup.service", "cchc-command@.service"}
    alone = {path.name for path in UNITS} | {"cchc-portal.socket"}
    assert named == sorted(alone - by_timers)
    for name in alone - by_timers:
        assert "PartOf=cchc.target" in (DEPLOY / "systemd" / name).read_text(encoding="utf-8")


def test_each_queue_has_a_worker() -> None:
    queues = settings.TASKS["default"]["QUEUES"]
    assert {f"cchc-worker@{queue}.service" for queue in queues} <= set(wanted())


def test_every_command_that_the_page_tells_to_type_exists() -> None:
    typed = re.findall(r"(?:^\s*|[`;] ?)cchc ([a-z_]+)", PAGE, flags=re.MULTILINE)
    assert len(typed) > 10
    assert set(typed) <= set(get_commands())


def test_the_page_installs_every_file_and_no_other() -> None:
    named = re.findall(r"/opt/cchc/(?:current|source)/deploy/([\w./-]+)", PAGE)
    # nginx reads its pages where they are.
    named += [f"nginx/{name}" for name in re.findall(r"location = /([\w-]+\.html)", NGINX)]
    told = {DEPLOY / name.rstrip(".") for name in named}
    assert [path for path in told if not path.exists()] == []
    kept = {path for path in DEPLOY.rglob("*") if path.is_file()}
    assert [path for path in kept if path not in told and not told & {*path.parents}] == []


def test_the_page_installs_the_packages_that_the_portal_needs() -> None:
    [needed] = re.findall(r'^run="(.*)"', (ROOT / ".ci/packages").read_text(), flags=re.MULTILINE)
    assert set(needed.split()) <= set(PAGE.split())


def test_nginx_lets_through_what_the_portal_takes_and_hides_what_machines_ask() -> None:
    [most] = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(most) > settings.POSTING_MAX_MB
    assert NGINX.count("location ~ ^/(healthz|readyz|metrics)$") == 2


def test_no_server_of_nginx_writes_down_what_stands_in_links() -> None:
    servers = NGINX.split("\nserver {\n")[1:]
    assert len(servers) == 4
    assert [one for one in servers if "\n    access_log off;" not in one] == []


def test_nginx_writes_down_no_link_that_lets_somebody_in() -> None:
    """What it could not pass on is written with its whole address."""
    [hidden] = re.findall(
        r"location ~ (\^\S+) \{\s+error_log /dev/null emerg;\s+proxy_pass http://cchc;", NGINX
    )
    link = {"uidb64": "MQ", "token": "t"}
    for address in (
        reverse("invitation", kwargs=link),
        reverse("reset", kwargs=link),
        reverse("login"),
        reverse("sso-callback"),
    ):
        assert re.match(hidden, address), address


def test_postgresql_writes_down_no_statement() -> None:
    said = (DEPLOY / "postgresql" / "cchc.conf").read_text(encoding="utf-8")
    assert "log_min_duration_statement = -1\n" in said
    assert "log_min_error_statement = panic\n" in said


def test_every_migration_of_the_portal_can_go_back() -> None:
    loader = MigrationLoader(None)
    steps = [
        (name, step)
        for name, migration in loader.disk_migrations.items()
        if name[0] in {"reporting", "indicators"}
        for step in migration.operations
    ]
    assert len(steps) > 50
    assert [name for name, step in steps if not step.reversible] == []
    assert any(isinstance(step, RunPython | RunSQL) for _, step in steps)
