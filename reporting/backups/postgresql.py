"""A PostgreSQL database dumped by pg_dump from one snapshot, and put back by pg_restore."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import Error, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg2.extensions import make_dsn

from reporting.backups.manifest import Table
from reporting.backups.snapshot import LEFT_OUT, Snapshot, differing
from reporting.refusals import BackupFailed

DUMP = "database.dump"
# As pg_dump has it: what a server or an account is set to must not show in a hash.
_ONE_WAY_OF_WRITING = """
SET datestyle = ISO; SET intervalstyle = postgres; SET extra_float_digits = 3;
SET bytea_output = hex; SET timezone = UTC
"""
# Each table with the order of its key, or of whole lines; by bytes, wherever the server stands.
_ORDERS = """
SELECT c.relname, COALESCE(
    string_agg(
        format('%I', a.attname) || CASE WHEN a.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END,
        ', ' ORDER BY array_position(i.indkey::int2[], a.attnum)),
    format('%I::text COLLATE "C"', c.relname))
FROM pg_class c
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
GROUP BY c.relname ORDER BY c.relname COLLATE "C"
"""
# What an extension brought is not the portal's: it is there before the tables and stays.
_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND NOT EXISTS (
    SELECT FROM pg_depend d
    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
"""
_ANYTHING = f"""
SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
UNION ALL {_FUNCTIONS} LIMIT 1
"""  # noqa: S608 - nothing of anybody's is in it


@contextmanager
def snapshot(connection: BaseDatabaseWrapper, dump: Path) -> Iterator[Snapshot]:
    """Dump the database into ``dump`` and yield how to read what is in it: both are of the moment
    at which the transaction began, whatever is written meanwhile."""
    _require_program("pg_dump", connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [(name,)] = cursor.fetchall()
        left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
        options = ["--format=custom", "--compress=6", f"--snapshot={name}", f"--file={dump}"]
        _run(connection, "pg_dump", *options, *left_out)

        def rows(query: str) -> list[tuple[Any, ...]]:
            cursor.execute(query)
            return list(cursor.fetchall())

        yield Snapshot(rows, _tables(connection))


def require_empty(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ANYTHING)
        if cursor.fetchall():
            raise BackupFailed(
                f"Cơ sở dữ liệu «{connection.settings_dict['NAME']}» đã có bảng hoặc hàm. Chỉ khôi"
                " phục vào nơi trống: hãy tạo cơ sở dữ liệu mới (createdb), chưa chạy migrate, ghi"
                " nó vào DATABASE_URL, rồi chạy lại."
            )


def restore(connection: BaseDatabaseWrapper, dump: Path, tables: Mapping[str, Table]) -> None:
    """Bring the dump in, all of it or nothing, and see that it reads as when it was made."""
    _require_program("pg_restore", connection)
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run(connection, "pg_restore", *options, str(dump))
    # It is committed, and not yet known to be right: whatever happens before that takes it away.
    try:
        wrong = differing(_tables(connection), tables)
        if wrong:
            raise BackupFailed(
                f"Bảng {wrong} sau khi khôi phục không giống lúc sao lưu nên đã bỏ hết những gì vừa"
                " khôi phục. Hãy báo người phát triển cổng, kèm phiên bản PostgreSQL của hai máy."
            )
    except BaseException:
        _take_away(connection)
        raise
    # A dump brings no statistics: pages would be slow for a while, and are right without.
    with suppress(Error), connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _take_away(connection: BaseDatabaseWrapper) -> None:
    connection.close()  # it may be in the middle of a transaction that failed, or gone
    try:
        _empty(connection)
    except Error as error:
        name = connection.settings_dict["NAME"]
        raise BackupFailed(
            f"Đã khôi phục vào cơ sở dữ liệu «{name}» nhưng chưa kiểm tra xong thì lỗi, và cũng"
            f" không bỏ đi được ({' '.join(str(error).split())}). Đừng dùng cơ sở dữ liệu này: hãy"
            " xóa nó (dropdb), tạo lại (createdb) rồi chạy lại."
        ) from error


def _run(connection: BaseDatabaseWrapper, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on the database that the portal itself is connected to."""
    connection.ensure_connection()
    # Only what the portal was told: psycopg2 brings a libpq that may know more than the program's.
    known = connection.connection.info.dsn_parameters
    told = {
        name: said for name, said in connection.get_connection_params().items() if name in known
    }
    password = connection.connection.info.password
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(  # noqa: S603 - no shell
        [program, f"--dbname={make_dsn(**told)}", "--no-password", *arguments],
        env=environment,  # a password among the arguments would show in the list of processes
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "error" in line), done.stderr)
        raise BackupFailed(
            f"{program} không làm được, nó báo: «{said.strip()}». Hãy xử lý lỗi đó (chỗ trống trên"
            " đĩa, quyền của tài khoản cơ sở dữ liệu, phiên bản PostgreSQL) rồi chạy lại."
        )


def _require_program(program: str, connection: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    server = connection.connection.info.server_version // 10_000
    try:
        told = subprocess.run(  # noqa: S603 - no shell
            [program, "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        raise BackupFailed(
            f"Máy này chưa có chương trình {program}. Hãy cài gói «postgresql-client-{server}»"
            " (hoặc mới hơn) rồi chạy lại."
        ) from error
    version = int((re.search(r"\d+", told) or ["0"])[0])
    if version < server:
        raise BackupFailed(
            f"{program} ở máy này là phiên bản {version}, cũ hơn máy chủ PostgreSQL {server}. Hãy"
            f" cài gói «postgresql-client-{server}» (hoặc mới hơn) rồi chạy lại."
        )


def _tables(connection: BaseDatabaseWrapper) -> dict[str, Table]:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_WAY_OF_WRITING)
        cursor.execute(_ORDERS)
        orders = cursor.fetchall()
        return {name: _table(cursor, name, by) for name, by in orders if name not in LEFT_OUT}


def _table(cursor: CursorWrapper, name: str, order: str) -> Table:
    """Read a table as COPY writes it: one line each, whatever stands in it."""
    lines = _Lines()
    cursor.copy_expert(f'COPY (SELECT * FROM "{name}" ORDER BY {order}) TO STDOUT', lines)  # noqa: S608 - a table's own name
    return Table(lines.count, lines.digest.hexdigest())


class _Lines:
    """What COPY writes into; kept is the hash alone."""

    def __init__(self) -> None:
        self.digest, self.count = sha256(), 0

    def write(self, piece: bytes) -> None:
        self.digest.update(piece)
        self.count += piece.count(b"\n")


def _empty(connection: BaseDatabaseWrapper) -> None:
    """Take away all that was just brought into an empty database."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'DROP TABLE "{table}" CASCADE')
        cursor.execute(_FUNCTIONS)
        for (function,) in cursor.fetchall():  # those of the record's guards
            cursor.execute(f"DROP FUNCTION {function}")
