"""The province's table: one round of 150 agencies, and the same in a database of ten years.

    python -m tests.bench_province
    python tests/with_postgres.py python -m tests.bench_province

What counts is the time waited, the database's share included; the medians of turns taken in both
databases one after the other. Exits with 1 when a budget is exceeded.
"""

import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal

os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import cchc_portal.wsgi  # noqa: F401 - starts the portal as the server does

# isort: split
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext

from indicators.kinds import Kind
from indicators.models import Indicator
from indicators.queries.lineage import all_links, named
from indicators.series import series
from reporting.models import Agency, Figure, Round, User
from reporting.periods import PeriodKind
from reporting.queries.province import province_table
from reporting.queries.trends import readings, timeline_of
from tests.bench_board import page_of
from tests.bench_forms import large_form
from tests.bench_matrix import matrix
from tests.budgets import Budget, report, waited_milliseconds
from tests.many_rounds import QUARTERS, ROUNDS_A_YEAR, copied_into, filled_round, rounds
from tests.twins import settle, size, throwaway, twin, within

AGENCIES = 150
ROWS = 250
YEARS = 10
TURNS = 9
MIB = 1024 * 1024


def main() -> int:
    with throwaway() as small:
        call_command("load_catalogue", stdout=sys.stderr)
        round_, reviewer = filled_round("T", large_form(ROWS), AGENCIES)
        with twin(small) as large:
            with within(large):
                last = ten_years(round_)
            for database in (small, large):
                settle(database)
            print(f"{small.vendor}, {size(small) / MIB:.0f} and {size(large) / MIB:.0f} MiB")
            budgets = [
                *one_round(round_, reviewer),
                *among_many(large, round_, last, reviewer),
                *trend(large, last),
            ]
    report(budgets)
    return 0 if all(budget.is_kept for budget in budgets) else 1


def one_round(round_: Round, reviewer: User) -> list[Budget]:
    """Totals from the database on, against one query of the same figures and a sum for each row."""
    layout = round_.summary_version
    check_equal(round_)
    time, bare, page = waited_milliseconds(
        lambda: province_table(round_, layout),
        lambda: bare_sums(round_),
        page_of(reviewer, f"/dot/{round_.code}/tong-hop/"),
        turns=TURNS,
    )
    name = f"province table, {AGENCIES} agencies × {ROWS} rows"
    return [
        Budget(name, time, "ms", most=3, baseline=bare),
        Budget("  its whole page", page, "ms"),
        *matrix(round_, reviewer, AGENCIES, ROWS),
    ]


def among_many(
    large: BaseDatabaseWrapper, round_: Round, last: Round, reviewer: User
) -> list[Budget]:
    """A round's table in a database of ten years, against the table of a database with that round
    alone."""
    layout = round_.summary_version
    with within(large):
        check_equal(last)
        figures = Figure.objects.count()
        page = page_of(reviewer, f"/dot/{last.code}/tong-hop/")
    alone, newest, oldest, whole = waited_milliseconds(
        lambda: province_table(round_, layout),
        inside(large, lambda: province_table(last, layout)),
        inside(large, lambda: province_table(round_, layout)),
        inside(large, page),
        turns=TURNS,
    )
    name = f"  the same among {figures / 1e6:.2f} million figures"
    return [
        Budget(f"{name}, last round", newest, "ms", most=1.5, baseline=alone),
        Budget(f"{name}, first round", oldest, "ms", most=1.5, baseline=alone),
        Budget("  its whole page", whole, "ms"),
    ]


def trend(large: BaseDatabaseWrapper, last: Round) -> list[Budget]:
    """One indicator over the quarters of ten years, which its page shows together: a count, and a
    rate, for which the two rows behind it are read, too. Against its queries ready made, and
    nothing made of what they bring."""
    with within(large):
        codes = [f"do_dac.{number:03d}" for number in (5, 0)]
        indicators = [Indicator.objects.get(code=code) for code in codes]
        works = [over_time(last.province, one) for one in indicators]
        barely = [sent_again(work) for work in works]
        count, rate, bare_count, bare_rate = waited_milliseconds(
            *(inside(large, work) for work in (*works, *barely)), turns=TURNS
        )
    name = f"trend of one indicator, {YEARS} years of {AGENCIES} agencies"
    beside = "  beside its queries ready made"
    return [
        Budget(name, count, "ms", most=100),
        Budget(beside, count, "ms", most=2.5, baseline=bare_count),
        Budget(f"{name}, a rate", rate, "ms", most=100),
        Budget(beside, rate, "ms", most=2.5, baseline=bare_rate),
    ]


def sent_again(work: Callable[[], object]) -> Callable[[], object]:
    """Return what sends the queries of ``work`` once more, ready made."""
    with CaptureQueriesContext(connection) as sent:
        work()
    texts = [_AS_CURSOR.sub("", query["sql"]) for query in sent.captured_queries]

    def read() -> None:
        with connection.cursor() as cursor:
            for text in texts:
                cursor.execute(text)
                cursor.fetchall()

    return read


def over_time(province: Agency, indicator: Indicator) -> Callable[[], object]:
    """Return what reads an indicator's course over a province's quarters, from the start."""

    def read() -> object:
        timeline = timeline_of(province)
        chain = series(named(indicator), all_links())
        found = readings(timeline, timeline.of_kind(PeriodKind.QUARTER), [chain])
        if len(found[0]) != YEARS * QUARTERS:
            raise SystemExit(f"The trend has {len(found[0])} points.")
        return found

    return read


# Before what PostgreSQL is asked for piece by piece.
_AS_CURSOR = re.compile("^DECLARE .*? FOR (?=SELECT )", re.DOTALL)


def ten_years(first: Round) -> Round:
    """Fill the later rounds of ten years; return the last."""
    wanted = range(1, YEARS * ROUNDS_A_YEAR)
    later = rounds(first.province, first.summary_version, wanted)
    for round_ in later:
        copied_into(first, [round_])
    return later[-1]


def inside(database: BaseDatabaseWrapper, work: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        with within(database):
            return work()

    return run


def bare_sums(round_: Round) -> Mapping[int, Decimal]:
    """Add the figures of every row. SQLite gives whole numbers as int, others as float."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.row_id, f.number FROM reporting_figure f"
            " JOIN reporting_submission s ON s.id = f.submission_id"
            " WHERE s.round_id = %s AND s.state = 'approved' AND f.number IS NOT NULL",
            [round_.pk],
        )
        for row, number in cursor:
            sums[row] += Decimal(repr(number)) if type(number) is float else Decimal(number)
    return sums


def check_equal(round_: Round) -> None:
    """Stop when work and baseline do not come to the same sums: then they are not comparable."""
    bare = bare_sums(round_)
    for total in province_table(round_, round_.summary_version).totals:
        if total.row.kind is Kind.COUNT and total.number != bare[total.row.id]:
            raise SystemExit(f"{total.row.key}: {total.number} is not {bare[total.row.id]}.")


if __name__ == "__main__":
    sys.exit(main())
