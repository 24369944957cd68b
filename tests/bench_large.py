"""A nation in one database: 34 provinces, 5,000 agencies, 20 million figures, on PostgreSQL.

    python tests/with_postgres.py python -m tests.bench_large

One province's table, its board and one agency's sheet may take there twice what they take in a
database of that province alone. It needs some gigabytes of disk and a few minutes; what it makes is
removed at the end. Exits with 1 when a budget is exceeded, with 75 when there is no room for it.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from time import perf_counter

os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

import cchc_portal.wsgi  # noqa: F401 - starts the portal as the server does
from reporting.models import Agency, AgencyKind, Figure, Round, User
from reporting.queries.province import province_table
from tests import cast
from tests.bench_board import page_of
from tests.bench_forms import large_form
from tests.bench_province import check_equal, inside
from tests.budgets import Budget, report, waited_milliseconds
from tests.many_rounds import copied_into, filled_round, rounds
from tests.twins import settle, size, throwaway, twin, within

PROVINCES, AGENCIES, ROUNDS, ROWS = 34, 5_000, 16, 250
# The first province, which the others are copied from, has as many agencies as any.
AT_MOST = -(-AGENCIES // PROVINCES)
TURNS = 9
GIB = 1024**3
ROOM = 10 * GIB


def main() -> int:
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
        with twin(alone) as nation:
            with within(nation):
                load(first, [first.province, *other_provinces(first.province)])
                began = perf_counter()
                settle(nation)
                print(
                    f"vacuumed and analysed in {perf_counter() - began:.0f} s;"
                    f" {size(nation) / GIB:.1f} GiB"
                )
            load(first, [first.province])
            settle(alone)
            budgets = [
                by_turns("table of a province", table, reviewer, (alone, nation)),
                by_turns("  its page", table_page, reviewer, (alone, nation)),
                by_turns("  one figure opened", breakdown, reviewer, (alone, nation)),
                by_turns("its board", board, reviewer, (alone, nation)),
                by_turns("one agency's sheet", sheet, reviewer, (alone, nation)),
            ]
    report(budgets)
    return 0 if all(budget.is_kept for budget in budgets) else 1


# The nation


def load(first: Round, provinces: Sequence[Agency]) -> None:
    """Fill every later round of ``provinces``, and of the others the first, period by period."""
    began = perf_counter()
    for number in range(ROUNDS):
        wanted = [province for province in provinces if number or province != first.province]
        entered = [
            round_
            for province in wanted
            for round_ in rounds(province, first.summary_version, [number])
        ]
        if entered:
            copied_into(first, entered)
            print(
                f"period {number + 1} of {ROUNDS}: {perf_counter() - began:.0f} s", file=sys.stderr
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


def by_turns(
    name: str,
    work: Callable[[Round, User], Callable[[], object]],
    reviewer: User,
    databases: Sequence[BaseDatabaseWrapper],
) -> Budget:
    """Measure one work on the last round of the reviewer's province, in each database by turns."""
    works = []
    for database in databases:
        with within(database):
            found = Round.objects.select_related("province", "summary_version__form")
            last = found.filter(province=reviewer.memberships.get().agency_id).latest("data_from")
            works.append(inside(database, work(last, reviewer)))
    alone, time = waited_milliseconds(*works, turns=TURNS)
    return Budget(name, time, "ms", most=2, baseline=alone)


if __name__ == "__main__":
    sys.exit(main())
