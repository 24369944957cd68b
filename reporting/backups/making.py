"""A backup made while people go on working.

The bytes of a file lie under MEDIA_ROOT before its line is committed and stay there for good
(``reporting.actions.evidence``), so that all that a snapshot of the database names can be copied
after it. Books are left out: they are made anew.
"""

import errno
import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.conf import settings
from django.db import Error, connection

from reporting.backups.archive import Writing
from reporting.backups.encryption import SUFFIX, encrypted
from reporting.backups.manifest import MEDIA, Manifest, Part
from reporting.backups.stores import store_of
from reporting.models import Evidence
from reporting.refusals import BackupFailed

_UNFINISHED = ".unfinished-"
_NAME = re.compile(r"cchc-\d{8}T\d{6}Z\.tar(\.age)?")


@dataclass(frozen=True, slots=True)
class Backup:
    path: Path
    manifest: Manifest
    pruned: int


def make_backup(
    folder: Path, *, recipients: Path | None, keep: int | None, lost: int = 0
) -> Backup:
    """Write a backup into ``folder``, encrypted for the keys in ``recipients`` if it is given, and
    take away all but the ``keep`` newest. Raises BackupFailed; then nothing is left of it.

    Where a file is missing or is not the one that the database knows, the manifest says so, and no
    older backup is taken away, for it may have the file; unless these are no more than the ``lost``
    ones that no backup has either.
    """
    try:
        with _only_one(folder), TemporaryDirectory(prefix=_UNFINISHED, dir=folder) as unfinished:
            at = datetime.now(UTC)
            written = Path(unfinished) / "backup"
            manifest = _write(written, Path(unfinished), at, recipients)
            path = folder / f"cchc-{at:%Y%m%dT%H%M%SZ}.tar{SUFFIX if recipients else ''}"
            if recipients:
                written.chmod(0o640)  # of use to nobody without the key: a copier's group may read
            written.replace(path)
            _keep_on_disk(folder)
            is_worse = len(manifest.damaged) > lost
            return Backup(path, manifest, 0 if is_worse else _prune(folder, keep))
    except OSError as error:
        raise BackupFailed(_sentence(error, folder)) from error
    except (Error, sqlite3.Error) as error:
        raise BackupFailed(
            "Cơ sở dữ liệu không trả lời, hoặc ngừng giữa chừng, nên chưa sao lưu được; không để"
            f" lại tệp dở dang nào ({_in_one_line(error)}). Hãy chạy lại khi nó hoạt động."
        ) from error


def _write(written: Path, beside: Path, at: datetime, recipients: Path | None) -> Manifest:
    with os.fdopen(os.open(written, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        if recipients is None:
            manifest = _fill(file, beside, at)
        else:
            with encrypted(file, recipients) as stream:
                manifest = _fill(stream, beside, at)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _fill(target: IO[bytes], beside: Path, at: datetime) -> Manifest:
    """Write the archive; the dump lies ``beside`` it until it is in."""
    store = store_of(connection)
    dump = beside / store.DUMP
    with store.snapshot(connection, dump) as snapshot:
        migrations = snapshot.rows("SELECT app, name FROM django_migrations ORDER BY app, name")
        files = snapshot.rows(
            f"SELECT file, size, sha256, name FROM {Evidence._meta.db_table} ORDER BY file"  # noqa: S608 - a table's own name
        )
    with Writing(target, at) as archive:
        archive.add(store.DUMP, dump)
        found = [_taken(archive, file, Part(size, sha), name) for file, size, sha, name in files]
        manifest = Manifest(
            made_at=at.isoformat(timespec="seconds"),
            version=_version(),
            commit=commit(),
            vendor=connection.vendor,
            migrations=[f"{app}.{name}" for app, name in migrations],
            tables=snapshot.tables,
            parts=archive.parts,
            damaged=[sentence for sentence in found if sentence],
        )
        archive.conclude(manifest)
    return manifest


def _taken(archive: Writing, file: str, known: Part, name: str) -> str:
    """Take one file in; return what is wrong with it, "" where it is as the database knows it."""
    what = f"Tệp đính kèm «{name}» ({file})"
    try:
        found = archive.add(f"{MEDIA}{file}", Path(settings.MEDIA_ROOT) / file)
    except (FileNotFoundError, PermissionError) as error:
        return f"{what} không đọc được trên đĩa: {error.strerror}."
    if found != known:
        return f"{what} trên đĩa không còn là tệp đã nhận: mã băm hoặc kích thước khác."
    return ""


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Keep the folder for this backup alone, and take away what killed ones have left there."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left)
        yield
    except BlockingIOError as error:
        raise BackupFailed(
            f"Một lần sao lưu khác đang ghi vào {folder}. Hãy chờ nó xong rồi chạy lại."
        ) from error
    finally:
        os.close(lock)


def _keep_on_disk(folder: Path) -> None:
    """A file under a new name is there for good once its folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prune(folder: Path, keep: int | None) -> int:
    made = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    old = made[:-keep] if keep else []
    for path in old:
        path.unlink()
    return len(old)


def _version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def commit() -> str:
    """Return the commit of a release (deploy/cchc-release) or a checkout, "" where neither is."""
    of_a_release = settings.BASE_DIR / "COMMIT"
    if of_a_release.exists():
        return of_a_release.read_text().strip()
    try:
        told = subprocess.run(  # noqa: S603 - no shell
            ["git", "-C", settings.BASE_DIR, "rev-parse", "HEAD"],  # noqa: S607 - as a shell would
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return told.stdout.strip()


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _sentence(error: OSError, folder: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return (
            f"Đĩa của {folder} đã đầy nên chưa sao lưu được, không để lại tệp dở dang nào. Hãy dọn"
            " chỗ hoặc chọn thư mục khác rồi chạy lại."
        )
    if str(error.filename) == str(folder) and not folder.is_dir():
        return f"Chưa có thư mục {folder}. Hãy tạo nó (hoặc gắn đĩa sao lưu vào) rồi chạy lại."
    return f"Chưa sao lưu được vào {folder}: {error}. Hãy kiểm tra đĩa và quyền rồi chạy lại."
