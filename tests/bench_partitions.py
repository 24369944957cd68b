"""What it would bring to keep the figures of each year apart, in a table of partitions.

    python tests/with_postgres.py python -m tests.bench_partitions [MILLIONS]

The table of figures as it is, with its indexes, beside one partitioned by year, both with the same
rows in a database that is removed at the end. docs/scaling.md says what follows from it.
"""

import os
import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import connection

from reporting.models import Figure
from tests.twins import throwaway

MILLIONS = 20
YEARS, FIRST_YEAR, ROWS, AGENCIES = 10, 2017, 250, 150
TURNS = 15
MIB = 1024 * 1024
TABLES = ("plain", "by_year")


def main(millions: float) -> int:
    submissions = int(millions * 1e6 / ROWS)
    with throwaway():
        make_tables()
        for table in TABLES:
            took = seconds(partial(fill, table, submissions))
            print(
                f"{table}: {submissions * ROWS:,} figures of {YEARS} years in {took:.0f} s",
                flush=True,
            )
        print(f"{'':52}{'plain':>12}{'by year':>12}{'… unsaid':>12}")
        for name, column in (("table, MiB", "table"), ("its indexes, MiB", "indexes")):
            tell(name, *(size(table, column) for table in TABLES))
        last = submissions - submissions // YEARS // 2
        ways = (
            ("plain", ""),
            ("by_year", f" AND f.year = {FIRST_YEAR + YEARS - 1}"),
            ("by_year", ""),
        )
        for name, work in WORKS.items():
            tell(name, *(milliseconds(partial(work, *way, last)) for way in ways))
        tell("a year taken out, s", seconds(delete_year), seconds(drop_year))
    return 0


def tell(name: str, *figures: float) -> None:
    print(f"{name:52}" + "".join(f"{figure:>12.1f}" for figure in figures), flush=True)


def make_tables() -> None:
    columns = f"LIKE {Figure._meta.db_table} INCLUDING DEFAULTS, year smallint NOT NULL"
    run(f"CREATE TABLE plain ({columns})")
    run(f"CREATE TABLE by_year ({columns}) PARTITION BY LIST (year)")
    for year in range(FIRST_YEAR, FIRST_YEAR + YEARS):
        run(f"CREATE TABLE by_year_{year} PARTITION OF by_year FOR VALUES IN ({year})")


def make_indexes(table: str) -> None:
    """Make the portal's own; where partitions are, unique ones need the year."""
    for [definition] in rows(
        f"SELECT indexdef FROM pg_indexes WHERE tablename = '{Figure._meta.db_table}'"
    ):
        unique = "UNIQUE " if "UNIQUE" in definition else ""
        first, bracket, rest = definition.partition(" USING ")[2].partition(")")
        year = ", year" if unique and table == "by_year" else ""
        run(f"CREATE {unique}INDEX ON {table} USING {first}{year}{bracket}{rest}")


def fill(table: str, submissions: int) -> None:
    a_year = -(-submissions // YEARS)
    values = {
        "id": f"s * {ROWS} + r",
        "submission_id": "s",
        "row_id": "r",
        "number": "(s * r) % 4000",
        "status": "'reported'",
        "written": "((s * r) % 4000)::text",
        "reading": "'as_is'",
        "year": f"{FIRST_YEAR} + s / {a_year}",
    }
    empty = {"numerator": "NULL::numeric", "denominator": "NULL::numeric"}
    columns = [
        name
        for [name] in rows(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'plain'::regclass AND attnum > 0"
        )
    ]
    found = ", ".join(values.get(column) or empty.get(column) or "''" for column in columns)
    run(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {found}"
        f" FROM generate_series(0, {submissions - 1}) s, generate_series(1, {ROWS}) r"
    )
    make_indexes(table)
    run(f"VACUUM ANALYZE {table}")


def size(table: str, what: str) -> float:
    [[found]] = rows(
        f"SELECT sum(pg_{what}_size(c.oid)) FROM pg_class c WHERE c.relkind = 'r'"
        f" AND (c.relname = '{table}' OR c.relname LIKE '{table}\\_%')"
    )
    return float(found) / MIB


# What is measured: with the table, the words that name the year or nothing, and a report


def round_added_up(table: str, year: str, last: int) -> None:
    run(
        f"SELECT row_id, sum(number) FROM {table} f WHERE submission_id"
        f" BETWEEN {last} AND {last + AGENCIES - 1}{year} GROUP BY row_id"
    )


def report_read(table: str, year: str, last: int) -> None:
    run(f"SELECT * FROM {table} f WHERE submission_id = {last}{year}")


def cell_written(table: str, year: str, last: int) -> None:
    run(
        f"UPDATE {table} f SET number = number + 1"
        f" WHERE submission_id = {last} AND row_id = 7{year}"
    )


def row_over_years(table: str, year: str, last: int) -> None:
    """A trend names its reports, of all years."""
    step = max(1, last // 60)
    wanted = ", ".join(str(one) for one in range(0, last, step))
    run(f"SELECT * FROM {table} f WHERE submission_id IN ({wanted}) AND row_id = 7")


WORKS: dict[str, Callable[[str, str, int], None]] = {
    f"a round of {AGENCIES} reports added up, ms": round_added_up,
    "a report read, ms": report_read,
    "a cell written, ms": cell_written,
    "a row of 60 reports over all years, ms": row_over_years,
}


def delete_year() -> None:
    run(f"DELETE FROM plain WHERE year = {FIRST_YEAR}")
    run("VACUUM plain")


def drop_year() -> None:
    run(f"DROP TABLE by_year_{FIRST_YEAR}")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def rows(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def milliseconds(work: Callable[[], object]) -> float:
    return 1000 * median(seconds(work) for _ in range(TURNS))


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else MILLIONS))
