"""Pages read from a second PostgreSQL server, tried with real streaming replication.

    python -m tests.with_replica python -m tests.replica

Every reading page comes from the replica and is the same as from the primary; who has written reads
what they wrote; a replica that falls behind is not asked, one that is killed is not missed. Prints
what was counted; ends with 1 where something was not so.
"""

import http.client
import json
import os
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil

os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connections
from django.urls import reverse

from cchc_portal.replica import OLDEST, PAGES, REPLICA
from indicators.queries.definitions import form_definition
from reporting.models import Agency, AgencyKind, Round, Submission, User
from reporting.workflow import Role
from tests import cast
from tests.browsing import Browser
from tests.served import Portal

AGENCIES = 12
READERS, SECONDS = 4, 8
# What differs from one opening of a page to the next: its token, the time of day.
_OWN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|\d\d:\d\d(?::\d\d(?:\.\d+)?)?')
_COUNT = re.compile(rb"<b>(\d+)/%d</b>" % AGENCIES)
_QUERY = re.compile(rb"LOG:  (?:statement|execute)")


def main() -> int:
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", stdout=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="cchc-replica-") as path:
        town = entered()
        with (
            served(Path(path) / "both") as portal,
            served(Path(path) / "one", REPLICA_URL="") as one,
        ):
            reader = Browser.signed_in(portal, town.leader)
            plain = Browser.signed_in(one, town.leader)
            reviewer = Browser.signed_in(portal, town.reviewer)
            told = [
                *answered_by_the_replica(reader, plain, town),
                *own_writing_is_read(reviewer, town),
                *lag_is_noticed(portal, reader, reviewer, town),
                *death_is_not_missed(portal, town),
            ]
    for words, is_so in told:
        print(f"{'so' if is_so else 'NOT SO':8}{words}")
    return 0 if all(is_so for _, is_so in told) else 1


Told = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Town:
    """Who and what there is: a round that is approved and published, one whose reports wait."""

    leader: User
    reviewer: User
    past: Round
    now: Round
    agency: Agency
    reports: list[Submission]

    @property
    def table(self) -> str:
        return reverse("table", args=[self.now.code])


def entered() -> Town:
    province = cast.agency("R", "Tỉnh Đông Người", AgencyKind.PROVINCE)
    reviewer = cast.person("duyet", "Trần Minh Hạnh", (Role.REVIEWER, province))
    leader = cast.person("xem", "Phạm Quốc Đạt", (Role.VIEWER, province))
    agencies = [
        cast.agency(f"R.{number:02d}", f"Sở số {number}", AgencyKind.DEPARTMENT, province)
        for number in range(AGENCIES)
    ]
    past = cast.opened_round(province, "R-TRUOC", by=reviewer, data_to_days_ago=92)
    now = cast.opened_round(province, "R-NAY", by=reviewer)
    rows = form_definition(past.summary_version).typed_rows
    figures = {row.key: "12" for row in rows if row.kind == "count"}
    for at in agencies:
        cast.approved(cast.report_of(past, at), figures)
    cast.published(past)
    reports = [cast.submitted(cast.report_of(now, at), figures) for at in agencies]
    return Town(leader, reviewer, past, now, agencies[0], reports)


@contextmanager
def served(directory: Path, **environment: str) -> Iterator[Portal]:
    directory.mkdir()
    portal = Portal(directory, os.environ["DATABASE_URL"], DEBUG="off", **environment)
    portal.run("manage.py", "collectstatic", "--noinput", "-v0")
    portal.start()
    try:
        yield portal
    finally:
        portal.stop()


def approve(browser: Browser, report: Submission) -> None:
    address = reverse("submission", args=[report.pk])
    token = browser.token_of(address)
    posting = {"csrfmiddlewaretoken": token, "revision": str(report.revision)}
    status, _, _ = browser.ask("POST", f"{address}viec/approve/", posting)
    if status != 302:
        raise SystemExit(f"A report is not approved: {status}")


def approved_in(page: bytes) -> int:
    found = _COUNT.search(page)
    return int(found[1]) if found else 0


# What has to be so


def answered_by_the_replica(reader: Browser, plain: Browser, town: Town) -> Iterator[Told]:
    pages = addresses(town)
    yield f"{len(PAGES)} reading pages, each with an address here", set(pages) == PAGES
    reader.get(town.table)
    time.sleep(1.5)  # what was written last is in the replica, and the portal has seen that
    with spoken("default") as on_primary, spoken(REPLICA) as on_replica:
        for name, address in sorted(pages.items()):
            before = on_primary(), on_replica()
            page = reader.get(address)
            primary, replica = on_primary() - before[0], on_replica() - before[1]
            other = differences(page, plain.get(address))
            words = f"{name}: {replica} queries to the replica, {primary} to the primary{other}"
            # Who asks is read from the primary: whether it is there, the session, the account; and
            # how far it has written. A thread's first page sets up its connection besides.
            yield words, replica > 0 and primary <= 5 and not other


def differences(page: bytes, other: bytes) -> str:
    """Return the lines in which a page differs from the primary's; nothing where it is the same."""
    first, second = (_OWN.sub(b"", one).decode().splitlines() for one in (page, other))
    return "\n".join(
        ["", *unified_diff(first, second, "replica", "primary", lineterm="", n=0)]
    ).rstrip()


def addresses(town: Town) -> dict[str, str]:
    code, key = town.past.code, form_definition(town.past.summary_version).typed_rows[0].key
    publication = [code, town.past.summary_version.code, 1]
    return {
        "agency-track": reverse("agency-track", args=[town.agency.pk]),
        "board": reverse("board"),
        "breakdown": f"{reverse('breakdown', args=[code])}?dong={key}",
        "journal": reverse("journal"),
        "matrix": reverse("matrix", args=[code]),
        "over-time": reverse("over-time", args=[code]),
        "overview": reverse("overview"),
        "publication": reverse("publication", args=publication),
        "publication-row": reverse("publication-row", args=[*publication, key]),
        "ranking": reverse("ranking", args=[code]),
        "table": reverse("table", args=[code]),
        "trend": reverse("trend"),
    }


def own_writing_is_read(reviewer: Browser, town: Town) -> Iterator[Told]:
    """Although the replica stands still all the while."""
    half = AGENCIES // 2
    with standing_still():
        seen = []
        for report in town.reports[:half]:
            approve(reviewer, report)
            seen.append(approved_in(reviewer.get(town.table)))
    yield f"who approves {half} reports counts after each {seen}", seen == [*range(1, half + 1)]


def lag_is_noticed(
    portal: Portal, reader: Browser, reviewer: Browser, town: Town
) -> Iterator[Told]:
    wait_until(lambda: standing(portal) == "ok")
    half = AGENCIES // 2
    with standing_still():
        approve(reviewer, town.reports[half])
        waited = wait_until(lambda: approved_in(reader.get(town.table)) == half + 1)
        words = f"another sees it, with the replica standing still, after {waited:.1f} s"
        yield words, waited < OLDEST + 3
        wait_until(lambda: standing(portal) == "late")
        yield "the portal says that the replica is late, and is ready", True
    waited = wait_until(lambda: standing(portal) == "ok")
    yield f"the replica is asked again {waited:.1f} s after it goes on", True


def death_is_not_missed(portal: Portal, town: Town) -> Iterator[Told]:
    """Kill the replica while people read."""
    browsers = [Browser.signed_in(portal, town.leader) for _ in range(READERS)]
    answers: Counter[int] = Counter()
    slowest = [0.0]
    end = time.monotonic() + SECONDS

    def read(browser: Browser) -> None:
        while time.monotonic() < end:
            began = time.monotonic()
            answers[browser.ask("GET", town.table)[0]] += 1
            slowest[0] = max(slowest[0], time.monotonic() - began)

    readers = [threading.Thread(target=read, args=(browser,)) for browser in browsers]
    for reading in readers:
        reading.start()
    time.sleep(SECONDS / 4)
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = psutil.Process(psutil.Process(cursor.fetchone()[0]).ppid())
    for process in [*postmaster.children(), postmaster]:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    for reading in readers:
        reading.join()
    words = f"killed while {READERS} read {answers.total()} pages: {dict(answers)}"
    yield f"{words}, the slowest {slowest[0]:.1f} s", set(answers) == {200}
    yield "the portal says that the replica has failed, and is ready", standing(portal) == "failed"


# The servers


@contextmanager
def standing_still() -> Iterator[None]:
    """Let the replica take in nothing of what comes."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_wal_replay_resume()")


@contextmanager
def spoken(alias: str) -> Iterator[Callable[[], int]]:
    """Let a server write down every query; yield what counts them."""
    log = Path(parse_qs(urlsplit(os.environ[URLS[alias]]).query)["host"][0]) / "log"
    with connections[alias].cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET log_statement = 'all'")
        cursor.execute("SELECT pg_reload_conf()")
        time.sleep(0.5)
        yield lambda: len(_QUERY.findall(log.read_bytes()))
        cursor.execute("ALTER SYSTEM RESET log_statement")
        cursor.execute("SELECT pg_reload_conf()")


URLS = {"default": "DATABASE_URL", REPLICA: "REPLICA_URL"}


def standing(portal: Portal) -> str:
    """Return what /readyz says of the replica; it must be ready whatever that is."""
    server = http.client.HTTPConnection(urlsplit(portal.address).netloc, timeout=30)
    server.request("GET", "/readyz")
    response = server.getresponse()
    told = response.read().decode()
    server.close()
    if response.status != 200:
        raise SystemExit(f"The portal is not ready: {told}")
    return str(json.loads(told)["replica"])


def wait_until(holds: Callable[[], bool]) -> float:
    """Wait until something holds in every process of the portal: so many times in a row; return
    after how many seconds it did."""
    began = since = time.monotonic()
    in_a_row = 0
    for _ in range(300):
        if holds():
            in_a_row += 1
        else:
            in_a_row, since = 0, time.monotonic()
        if in_a_row == 8:
            return since - began
        time.sleep(0.1)
    raise SystemExit("What is waited for does not come.")


if __name__ == "__main__":
    sys.exit(main())
