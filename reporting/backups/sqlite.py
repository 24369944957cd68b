"""A SQLite database copied while it is written to, and a copy put in its place."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from reporting.backups.manifest import Table
from reporting.backups.snapshot import LEFT_OUT, Snapshot, differing
from reporting.refusals import BackupFailed

DUMP = "database.sqlite3"


@contextmanager
def snapshot(connection: BaseDatabaseWrapper, dump: Path) -> Iterator[Snapshot]:
    """Copy the database into ``dump`` and yield how to read what is in it."""
    connection.ensure_connection()
    with closing(sqlite3.connect(dump)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA secure_delete=ON")
        for table in LEFT_OUT:
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own
        copy.commit()
        yield Snapshot(lambda query: copy.execute(query).fetchall(), _tables(copy))


def require_empty(connection: BaseDatabaseWrapper) -> None:
    path = _place(connection)
    leftovers = [f"{path}{ending}" for ending in ("-wal", "-shm", "-journal")]
    if _has_tables(path) or any(Path(each).exists() for each in leftovers):
        raise BackupFailed(
            f"{path} đã có dữ liệu. Chỉ khôi phục vào nơi trống: hãy dời tệp này (cùng các tệp"
            " -wal, -shm bên cạnh nó) đi nơi khác, hoặc ghi DATABASE_URL khác, rồi chạy lại."
        )


def restore(connection: BaseDatabaseWrapper, dump: Path, tables: Mapping[str, Table]) -> None:
    """Put ``dump`` in the place of the database, once it reads as when it was made."""
    try:
        with closing(sqlite3.connect(f"file:{dump}?mode=ro&immutable=1", uri=True)) as copy:
            wrong = differing(_tables(copy), tables)
    except sqlite3.DatabaseError as error:
        wrong = f"({error})"
    if wrong:
        raise BackupFailed(
            f"Bảng {wrong} đọc từ bản sao lưu không giống lúc sao lưu nên chưa khôi phục gì. Hãy"
            " dùng bản sao lưu khác."
        )
    connection.close()
    place = _place(connection)
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.restoring")
    try:
        shutil.copyfile(dump, beside)  # the folder of files may be on another disk
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _place(connection: BaseDatabaseWrapper) -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _has_tables(path: Path) -> bool:
    if not path.exists() or not path.stat().st_size:
        return False
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as found:
            return bool(found.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall())
    except sqlite3.DatabaseError:
        return True  # something that is not a database is not empty


def _tables(copy: sqlite3.Connection) -> dict[str, Table]:
    names = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE"
        " '!' ORDER BY name"
    ).fetchall()
    return {name: _table(copy, name) for (name,) in names if name not in LEFT_OUT}


def _table(copy: sqlite3.Connection, name: str) -> Table:
    digest, rows = sha256(), 0
    for row in copy.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):  # noqa: S608 - a table's own name
        digest.update(repr(row).encode())
        rows += 1
    return Table(rows, digest.hexdigest())
