"""A nation in one database: 34 provinces, 5,000 agencies, 20 million figures, on PostgreSQL.

    python tests/with_postgres.py python -m tests.bench_large [ROUNDS]

One province's table, its board and one agency's sheet may take there, and among ten provinces,
twice what they take in a database of that province alone. It needs some gigabytes of disk and a few
minutes; what it makes is removed at the end. Exits with 1 when a budget is exceeded, with 75 when
there is no room for it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.utils import timezone

import cchc_portal.wsgi  # noqa: F401 - starts the portal as the server does
from indicators.queries.definitions import form_definition
from reporting.models import Agency, AgencyKind, Figure, Round, User
from reporting.queries.province import province_table
from reporting.views.cells import HIGHEST_REVISION
from reporting.workflow import State
from tests import cast
from tests.bench_board import page_of
from tests.bench_forms import large_form
from tests.bench_province import check_equal, inside
from tests.budgets import Budget, report, waited_milliseconds
from tests.many_rounds import copied_into, filled_round, rounds
from tests.twins import settle, size, throwaway, twin, within

PROVINCES, AGENCIES, ROUNDS, ROWS = 34, 5_000, 16, 250
SOME = 10
# The first province, which the others are copied from, has as many agencies as any.
AT_MOST = -(-AGENCIES // PROVINCES)
TURNS = 9
GIB = 1024**3
ROOM = 13 * GIB


def main(rounds_: int) -> int:
    if connection.vendor != "postgresql":
        print("A nation is measured on PostgreSQL: make bench-large", file=sys.stderr)
        return os.EX_USAGE
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < ROOM:
        print(
            f"Not measured: {ROOM // GIB} GiB of disk are needed under {tempfile.gettempdir()},"
            f" {free / GIB:.1f} are free. TMPDIR names another place.",
            file=sys.stderr,
        )
        return os.EX_TEMPFAIL
    with throwaway() as alone:
        call_command("load_catalogue", stdout=sys.stderr)
        first, reviewer = filled_round("N01", large_form(ROWS), AT_MOST)
        with twin(alone, "some") as some, twin(alone) as nation:
            with within(nation):
                load(first, [first.province, *other_provinces(first.province)], rounds_)
            with within(some):
                load(first, [first.province, *other_provinces(first.province)[: SOME - 1]], rounds_)
            load(first, [first.province], rounds_)
            databases = {1: alone, SOME: some, PROVINCES: nation}
            for number, database in databases.items():
                began = perf_counter()
                settle(database)
                print(
                    f"{number} provinces: {size(database) / GIB:.2f} GiB, vacuumed and analysed in"
                    f" {perf_counter() - began:.0f} s, backed up in {backed_up(database)}"
                )
            budgets = [
                budget
                for name, work in WORKS.items()
                for budget in by_turns(name, work, reviewer, databases)
            ]
    report(budgets)
    return 0 if all(budget.is_kept for budget in budgets) else 1


# The nation


def load(first: Round, provinces: Sequence[Agency], rounds_: int) -> None:
    """Fill every later round of ``provinces``, and of the others the first, period by period."""
    began = perf_counter()
    for number in range(rounds_):
        wanted = [province for province in provinces if number or province != first.province]
        entered = [
            round_
            for province in wanted
            for round_ in rounds(province, first.summary_version, [number])
        ]
        if entered:
            copied_into(first, entered)
            print(
                f"period {number + 1} of {rounds_}: {perf_counter() - began:.0f} s", file=sys.stderr
            )
    print(
        f"{len(provinces)} provinces, {Agency.objects.filter(kind='xa').count():,} agencies,"
        f" {Figure.objects.count():,} figures"
    )


def other_provinces(first: Agency) -> list[Agency]:
    """Enter the other provinces, each with its share of the agencies."""
    found = []
    left = AGENCIES - AT_MOST
    for number in range(2, PROVINCES + 1):
        code = f"N{number:02d}"
        province = cast.agency(code, f"Tỉnh {code}", AgencyKind.PROVINCE)
        share = -(-left // (PROVINCES - number + 1))
        left -= share
        Agency.objects.bulk_create(
            Agency(code=f"{code}.{place}", name=f"UBND xã số {place}", kind="xa", parent=province)
            for place in range(share)
        )
        found.append(province)
    return found


# What is measured


def table(last: Round, reviewer: User) -> Callable[[], object]:
    check_equal(last)
    return lambda: province_table(last, last.summary_version)


def table_page(last: Round, reviewer: User) -> Callable[[], object]:
    return page_of(reviewer, f"/dot/{last.code}/tong-hop/")


def breakdown(last: Round, reviewer: User) -> Callable[[], object]:
    return page_of(reviewer, f"/dot/{last.code}/tong-hop/dong/?dong=1")


def board(last: Round, reviewer: User) -> Callable[[], object]:
    return page_of(reviewer, "/tien-do/")


def sheet(last: Round, reviewer: User) -> Callable[[], object]:
    return page_of(reviewer, f"/bao-cao/{last.submissions.order_by('pk')[AT_MOST // 2].pk}/")


def matrix(last: Round, reviewer: User) -> Callable[[], object]:
    return page_of(reviewer, f"/dot/{last.code}/bang-so/")


def trend(last: Round, reviewer: User) -> Callable[[], object]:
    return page_of(reviewer, "/dien-bien/")


def cell(last: Round, reviewer: User) -> Callable[[], object]:
    """Open the last round again, and one report of it; return what saves a cell there."""
    today, week = timezone.localdate(), timedelta(days=7)
    Round.objects.filter(pk=last.pk).update(
        opens_on=today - week, due_on=today + week, closes_on=today + week
    )
    report_ = last.submissions.order_by("pk")[AT_MOST // 2]
    last.submissions.filter(pk=report_.pk).update(state=State.DRAFT.value)
    clerk = cast.clerk_of(report_.agency)
    rows = [row for row in form_definition(report_.form_version).typed_rows if row.kind == "count"]
    numbers = count(1)
    client = Client(SERVER_NAME="localhost")
    client.force_login(clerk)

    def save() -> None:
        number = next(numbers)
        entry = {"name": f"agrowing.{number}", "row": rows[0].id, "base": HIGHEST_REVISION}
        content = {
            "user": clerk.pk,
            "seen": HIGHEST_REVISION,
            "entries": [entry | {"figure": str(number)}],
        }
        answer = client.post(f"/bao-cao/{report_.pk}/o/", content, content_type="application/json")
        if answer.status_code != 200 or answer.json()["results"][0]["is"] != "saved":
            raise SystemExit(f"A cell is not saved: {answer.status_code} {answer.content[:300]!r}")

    return save


# Saving comes last: it leaves a report that is not approved.
WORKS: Mapping[str, Callable[[Round, User], Callable[[], object]]] = {
    "table of a province": table,
    "its page": table_page,
    "one figure opened": breakdown,
    "its board": board,
    "its matrix": matrix,
    "its trend": trend,
    "one agency's sheet": sheet,
    "a cell saved": cell,
}


def by_turns(
    name: str,
    work: Callable[[Round, User], Callable[[], object]],
    reviewer: User,
    databases: Mapping[int, BaseDatabaseWrapper],
) -> list[Budget]:
    """Measure one work on the last round of the reviewer's province, in each database by turns."""
    works = []
    for database in databases.values():
        with within(database):
            found = Round.objects.select_related("province", "summary_version__form")
            last = found.filter(province=reviewer.memberships.get().agency_id).latest("data_from")
            works.append(inside(database, work(last, reviewer)))
    alone, *others = waited_milliseconds(*works, turns=TURNS)
    return [
        Budget(f"{name}, among {number}", time, "ms", most=2, baseline=alone)
        for number, time in zip(list(databases)[1:], others, strict=True)
    ]


def backed_up(database: BaseDatabaseWrapper) -> str:
    """Back a database up as every night; return how long that took and how large it is."""
    server = urlsplit(os.environ["DATABASE_URL"])
    url = server._replace(path=f"/{database.settings_dict['NAME']}").geturl()
    with tempfile.TemporaryDirectory(prefix="cchc-backup-") as folder:
        began = perf_counter()
        subprocess.run(
            [sys.executable, "manage.py", "backup", folder],
            env=os.environ | {"DATABASE_URL": url, "MEDIA_ROOT": f"{folder}/media"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        took = perf_counter() - began
        written = sum(file.stat().st_size for file in Path(folder).iterdir() if file.is_file())
    return f"{took:.0f} s, {written / GIB:.2f} GiB"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
