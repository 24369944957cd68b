"""A hundred clerks typing at once, against the installed portal on PostgreSQL.

    python tests/with_postgres.py python -m tests.bench_load

What counts here is the time that a clerk waits, from sending a cell to its answer, while gunicorn,
PostgreSQL and the clerks share this machine; and that every acknowledged cell is in the database,
with one line in the record. The database is one of its own that is removed at the end. Exits with 1
when a budget is exceeded.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils.crypto import get_random_string

from indicators.kinds import Kind
from indicators.queries.definitions import form_definition
from reporting.models import Agency, AgencyKind, Figure, FigureChange, Submission
from reporting.workflow import Role
from tests import cast
from tests.budgets import Budget, p95, report
from tests.served import ROOT, Portal

CLERKS = 100
SAVES_A_SECOND = 30
SECONDS = 60
# Beside this the clerks begin one after another.
BEGINNING = CLERKS / SAVES_A_SECOND


def main() -> int:
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        keep_its_word()
        with tempfile.TemporaryDirectory(prefix="cchc-load-") as directory:
            budgets = load(Path(directory))
    finally:
        connection.creation.destroy_test_db(urlsplit(os.environ["DATABASE_URL"]).path[1:], 0)
    report(budgets)
    return 0 if all(budget.is_kept for budget in budgets) else 1


def keep_its_word() -> None:
    """A throwaway server does not wait for its disk; here it does, as an installation's."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        if cursor.fetchall() == [("off",)]:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                cursor.execute(f"ALTER SYSTEM SET {name} = on")
            cursor.execute("SELECT pg_reload_conf()")


def load(directory: Path) -> list[Budget]:
    call_command("load_catalogue", stdout=sys.stderr)
    (directory / "accounts.json").write_text(json.dumps(clerks()))
    server = urlsplit(os.environ["DATABASE_URL"])
    database = server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    portal = Portal(directory, database, DJANGO_SETTINGS_MODULE="tests.settings", DEBUG="off")
    portal.start()
    try:
        drive(portal)
    finally:
        driving = processor_time()
        portal.stop()
        serving = processor_time() - driving
    return judged(Told(**json.loads((directory / "told.json").read_text())), serving)


def clerks() -> list[dict[str, Any]]:
    """Enter the clerks, each with a report of its own that is filled; return how to go on there."""
    province = cast.agency("L", "Tỉnh Đông Người", AgencyKind.PROVINCE)
    reviewer = cast.person("reviewer", "Trần Minh Hạnh", (Role.REVIEWER, province))
    Agency.objects.bulk_create(
        Agency(code=f"L.{number}", name=f"Sở số {number}", kind="so", parent=province)
        for number in range(CLERKS)
    )
    round_ = cast.opened_round(province, "L-QUY", by=reviewer)
    rows = form_definition(cast.form("PL2-KH-2022")).typed_rows
    counted = [row for row in rows if row.kind is Kind.COUNT]
    figures = {row.key: "1.234" for row in counted}
    return [
        {
            **signed_in(submission, figures),
            "address": f"/bao-cao/{submission.pk}/o/",
            "rows": [row.id for row in counted],
            "token": get_random_string(32),
        }
        for submission in round_.submissions.select_related("agency", "form_version__form", "round")
    ]


def signed_in(submission: Submission, figures: dict[str, str]) -> dict[str, Any]:
    clerk = cast.clerk_of(submission.agency)
    cast.typed(submission, figures, by=clerk)
    client = Client()
    client.force_login(clerk)
    session = client.cookies["sessionid"].value
    return {"user": clerk.pk, "session": session, "revision": submission.revision}


def drive(portal: Portal) -> None:
    command = [sys.executable, "-m", "locust", "--locustfile", "tests/load.py", "--headless"]
    command += ["--host", portal.address, "--users", str(CLERKS), "--spawn-rate", str(CLERKS)]
    command += ["--run-time", f"{SECONDS + BEGINNING:.0f}s", "--stop-timeout", "10"]
    command += ["--only-summary", "--exit-code-on-error", "0"]
    environment = os.environ | {
        "LOAD_FILES": str(portal.directory),
        "LOAD_EACH": str(SAVES_A_SECOND / CLERKS),
    }
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"locust could not be run:\n{done.stderr}")


def processor_time() -> float:
    """Return the seconds that programs started from here, and ended, have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True, slots=True)
class Told:
    """What the clerks have seen: times in ms, sentences of what failed, entries acknowledged."""

    taken: list[float]
    failed: list[str]
    acknowledged: list[dict[str, Any]]


def judged(told: Told, serving: float) -> list[Budget]:
    if told.failed:
        print(*Counter(told.failed).most_common(5), sep="\n", file=sys.stderr)
    sent = Counter(entry["name"] for entry in told.acknowledged)
    return [
        Budget(f"a cell saved, {CLERKS} clerks, PostgreSQL, p95", p95(told.taken), "ms", most=150),
        Budget("  half of them", median(told.taken), "ms"),
        Budget("  saved in a second", len(sent) / SECONDS, ""),
        Budget("  processor time of the portal for each", 1000 * serving / len(told.taken), "ms"),
        Budget("  errors", len(told.failed), "", most=0),
        Budget("  sent again", sent.total() - len(sent), ""),
        Budget("  acknowledged, not once in the record", not_once_recorded(told), "", most=0),
        Budget("  acknowledged, not in its cell", not_in_cell(told), "", most=0),
    ]


def not_once_recorded(told: Told) -> int:
    lines: dict[str, list[str | None]] = {}
    for name, after in FigureChange.objects.exclude(entry="").values_list("entry", "after"):
        lines.setdefault(name, []).append(after and after["number"])
    figures = {entry["name"]: entry["figure"] for entry in told.acknowledged}
    return sum(lines.get(name) != [figure] for name, figure in figures.items())


def not_in_cell(told: Told) -> int:
    """Count the cells that do not hold what was acknowledged last."""
    last = {(entry["address"], entry["row"]): entry["figure"] for entry in told.acknowledged}
    stored = {
        (f"/bao-cao/{submission}/o/", row): number
        for submission, row, number in Figure.objects.values_list("submission", "row", "number")
    }
    return sum(stored.get(cell) != Decimal(figure) for cell, figure in last.items())


if __name__ == "__main__":
    sys.exit(main())
