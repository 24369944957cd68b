"""The deadline hour of a province, against the portal as it is installed: ``make load``.

    python tests/with_postgres.py python -m tests.load [MINUTES]

300 clerks of 150 agencies type, hand in and mend; reviewers judge with the board open beside them,
leaders look, files are taken out and a book is made, while gunicorn, the workers of both queues,
PostgreSQL (which waits for its disk) and the people share this machine. Every answer but the
expected one is a failure; what was acknowledged must be in the database, once in the record. The
database is one of its own that is removed at the end. Exits with 1 when a budget is exceeded.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

import psutil

os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from reporting.entry import box_text
from reporting.models import Book, Figure, FigureChange, Mail, Submission
from reporting.queries.figures import snapshot
from tests.budgets import Budget, p95, report
from tests.load import floor
from tests.load.crowd import AGENCIES, ARRIVE_A_SECOND, ARRIVING, CLERKS, PEOPLE
from tests.load.province import province_at_work
from tests.load.watch import Trees, Watch
from tests.served import ROOT, Portal
from tests.twins import settle, size, throwaway

MINUTES = 10.0
CORES = os.cpu_count() or 1
QUEUES = ("default", "books")
A_FIFTH = 7  # what a process is niced by for that
READINGS, SHOWN = 120, 10
# What the portal itself keeps running, whose memory must not grow.
FLAT = ("gunicorn", "worker of letters", "worker of books")
MIB = 1024 * 1024


def main(minutes: float) -> int:
    with throwaway() as database, tempfile.TemporaryDirectory(prefix="cchc-load-") as path:
        keep_its_word()
        call_command("load_catalogue", stdout=sys.stderr)
        began = time.monotonic()
        place = province_at_work(ARRIVING + 60 * minutes)
        settle(database)
        directory = Path(path)
        (directory / "accounts.json").write_text(json.dumps(place))
        print(
            f"{AGENCIES} agencies, {CLERKS} clerks, {Figure.objects.count():,} figures; entered in"
            f" {time.monotonic() - began:.0f} s; {CORES} cores",
            flush=True,
        )
        with installed(directory) as (portal, trees):
            floors = Floors(
                floor.bare_answer(),
                floor.bare_write(),
                *floor.alone(portal.address, place["clerks"][-1]),
            )
            told, watch = driven(portal, trees, minutes)
        budgets = judged(told, watch, floors)
        tell_requests(told, watch.seconds)
        tell_memory(watch)
        tell_processors(watch)
        print(f"database {size(database) / MIB:.0f} MiB, {Mail.objects.count()} letters\n")
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


@contextmanager
def installed(directory: Path) -> Iterator[tuple[Portal, Trees]]:
    """Run the portal with both workers behind a proxy that ends TLS; yield its process trees."""
    server = urlsplit(os.environ["DATABASE_URL"])
    portal = Portal(
        directory,
        server._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        DEBUG="off",
        HTTPS="on",
        PORTAL_URL="https://thongke.example.vn",
        ALLOWED_HOSTS="thongke.example.vn",  # and, as always, the loopback that is asked here
        WEB_CONCURRENCY=str(2 * CORES),  # as deploy/cchc.env has it
        EMAIL_URL=f"filemail:///{directory}/mail",
    )
    portal.run("manage.py", "collectstatic", "--noinput", "-v0")
    portal.start()
    workers = [
        subprocess.Popen(
            [sys.executable, "manage.py", "db_worker", "--queue-name", queue, "--verbosity", "0"],
            env=portal.environment,
            cwd=ROOT,
            start_new_session=True,
        )
        for queue in QUEUES
    ]
    for worker in workers:
        weigh_less(worker.pid)
    try:
        yield (
            portal,
            {
                "gunicorn": [portal.process.pid] if portal.process else [],
                "worker of letters": [workers[0].pid],
                "worker of books": [workers[1].pid],
                "PostgreSQL": [postmaster()],
            },
        )
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            with suppress(subprocess.TimeoutExpired):
                worker.wait(timeout=20)
            worker.kill()  # a book that is being made ends with it
            worker.wait()
        portal.stop()


def weigh_less(pid: int) -> None:
    """Give a session a fifth of the claim to a processor, as CPUWeight=20 does in an installation:
    to its first process, and where Linux weighs sessions, not processes, to the session."""
    os.setpriority(os.PRIO_PROCESS, pid, A_FIFTH)
    with suppress(FileNotFoundError):
        Path(f"/proc/{pid}/autogroup").write_text(str(A_FIFTH))


def postmaster() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    try:
        return int(psutil.Process(backend).ppid())
    except psutil.NoSuchProcess as error:
        raise SystemExit("PostgreSQL must run on this machine to be watched.") from error


@dataclass(frozen=True, slots=True)
class Floors:
    """The milliseconds of the barest answer and write; of the form page and a cell saved by a clerk
    who is alone."""

    answer: float
    write: float
    page: float
    cell: float


@dataclass(frozen=True, slots=True)
class Told:
    """What people have seen (``tests.load.people.Told``)."""

    requests: list[tuple[str, float, bool]]
    failed: list[str]
    acknowledged: list[dict[str, Any]]
    acts: dict[str, int]
    book_seconds: float | None

    def taken(self, kind: str) -> list[float]:
        return [time for name, time, _ in self.requests if name == kind]


def driven(portal: Portal, trees: Trees, minutes: float) -> tuple[Told, Watch]:
    seconds = ARRIVING + 60 * minutes
    command = [sys.executable, "-m", "locust", "--locustfile", "tests/load/people.py"]
    command += ["--headless", "--host", portal.address, "--users", str(PEOPLE)]
    command += ["--spawn-rate", str(ARRIVE_A_SECOND), "--run-time", f"{seconds:.0f}s"]
    command += ["--stop-timeout", "20", "--only-summary", "--exit-code-on-error", "0"]
    with (portal.directory / "locust.log").open("w") as log:
        people = subprocess.Popen(
            command,
            env=os.environ | {"LOAD_FILES": str(portal.directory)},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        watch = Watch({**trees, "the people (locust)": [people.pid]}, seconds / READINGS)
        code = people.wait()
        watch.stop()
    if code:
        raise SystemExit(
            f"locust could not be run:\n{(portal.directory / 'locust.log').read_text()}"
        )
    return Told(**json.loads((portal.directory / "told.json").read_text())), watch


# What came of it


def judged(told: Told, watch: Watch, floors: Floors) -> list[Budget]:
    if told.failed:
        print(*Counter(told.failed).most_common(9), sep="\n", file=sys.stderr)
    saved, pages = told.taken("cell saved"), told.taken("form page")
    sent = Counter(entry["name"] for entry in told.acknowledged)
    return [
        Budget("failures", len(told.failed), "", most=0),
        Budget("a cell saved, p95", p95(saved), "ms", most=150),
        Budget("  half of them; beside a clerk alone", median(saved), "ms", baseline=floors.cell),
        Budget("  that one, beside the barest write", floors.cell, "ms", baseline=floors.write),
        Budget("the form page of 207 rows, p95", p95(pages), "ms", most=300),
        Budget("  half of them; beside a clerk alone", median(pages), "ms", baseline=floors.page),
        Budget("  that one, beside the barest answer", floors.page, "ms", baseline=floors.answer),
        *(flat(name, watch) for name in FLAT),
        Budget("acknowledged, not once in the record", not_once_recorded(sent), "", most=0),
        Budget("acknowledged, not in its cell", not_in_cell(told), "", most=0),
        Budget("books of 150 appendices not made", unmade_books(), "", most=0),
    ]


def flat(name: str, watch: Watch) -> Budget:
    """Compare the memory of the last third with that of the second; the first is for warming up.
    The middle of the readings counts: a PDF that is being drawn takes some for a second."""
    readings = [reading.memory[name] / MIB for reading in watch.readings]
    third = len(readings) // 3
    second, last = median(readings[third : 2 * third]), median(readings[2 * third :])
    return Budget(f"memory of {name}, last third beside second", last, "MiB", 1.05, second)


def not_once_recorded(sent: Counter[str]) -> int:
    recorded = Counter(FigureChange.objects.exclude(entry="").values_list("entry", flat=True))
    return sum(recorded[name] != 1 for name in sent)


def not_in_cell(told: Told) -> int:
    """Count the boxes in which something else stands than what was acknowledged last."""
    last = {
        (entry["address"], entry["row"], half): entry[half]
        for entry in told.acknowledged
        for half in ("figure", "note")
        if half in entry
    }
    wrong = 0
    for report_ in Submission.objects.filter(changes__via="cell").distinct():
        now = snapshot(report_)
        for row in now.form.typed_rows:
            cell, box = now.cell(row.key), (f"/bao-cao/{report_.pk}/", row.id)
            stored = {"figure": box_text(cell, row), "note": cell.note}
            wrong += sum(last.pop((*box, half), stored[half]) != stored[half] for half in stored)
    return wrong + len(last)


def unmade_books() -> int:
    return Book.objects.exclude(state="done").count()


def tell_requests(told: Told, seconds: float) -> None:
    kinds = Counter(name for name, _, _ in told.requests)
    print(f"{'':28}{'requests':>9}{'a second':>9}{'failed':>7}{'p50':>7}{'p95':>7}{'p99':>7} ms")
    for kind, number in kinds.most_common():
        taken = told.taken(kind)
        failed = sum(not is_well for name, _, is_well in told.requests if name == kind)
        cuts = quantiles(taken, n=100, method="inclusive") if number > 1 else taken * 99
        figures = f"{cuts[49]:>7.0f}{cuts[94]:>7.0f}{cuts[98]:>7.0f}"
        print(f"{kind:28}{number:>9}{number / seconds:>9.2f}{failed:>7}{figures}")
    number = len(told.requests)
    print(f"{'all':28}{number:>9}{number / seconds:>9.2f}{len(told.failed):>7}")
    acts = ", ".join(f"{number} {act}" for act, number in told.acts.items())
    book = f"{told.book_seconds:.0f} s" if told.book_seconds else "not done"
    print(f"{acts}; {Submission.objects.filter(state='approved').count()} approved; book {book}\n")


def tell_memory(watch: Watch) -> None:
    names = list(watch.trees)
    print(f"{'memory (PSS), MiB, at':>22}" + "".join(f"{name:>20}" for name in names))
    for reading in watch.readings[:: READINGS // SHOWN]:
        figures = "".join(f"{reading.memory[name] / MIB:>20.0f}" for name in names)
        print(f"{reading.at:>20.0f} s{figures}")
    print()


def tell_processors(watch: Watch) -> None:
    print(f"processor time in {watch.seconds:.0f} s on {CORES} cores")
    for name, used in watch.used.items():
        share = 100 * used / (CORES * watch.seconds)
        print(f"{name:>24}{used:>8.0f} s{share:>6.1f} % of all cores")


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES))
