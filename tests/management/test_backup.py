"""A backup made while people write, put back into an empty place, and everything in its way."""

import fcntl
import os
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn, Self

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import Settings

from reporting.actions.evidence import remove_file
from reporting.backups import making
from reporting.backups.archive import Writing
from reporting.backups.manifest import NAME, Manifest, Table, read_manifest
from reporting.backups.stores import store_of
from reporting.models import Evidence, Figure, FigureChange, Submission, User
from tests.cast import stored, typed
from tests.guards import guarded_tables
from tests.reporting.files_by_hand import attached, pdf
from tests.twins import within

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="its programs")


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"


def run(name: str, *arguments: object) -> str:
    out, errors = StringIO(), StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=errors)
    return out.getvalue() + errors.getvalue()


def refused(name: str, *arguments: object) -> str:
    with pytest.raises(CommandError) as refusal:
        run(name, *arguments)
    return str(refusal.value)


@contextmanager
def elsewhere(folder: Path) -> Iterator[BaseDatabaseWrapper]:
    """An empty database of the same kind."""
    empty, creation = connection.copy(), connection.creation
    name = "restored_" + str(connection.settings_dict["NAME"]).rsplit("/", maxsplit=1)[-1]
    if connection.vendor == "sqlite":
        empty.settings_dict["NAME"] = folder / name
        yield empty
        empty.close()
        return
    empty.settings_dict["NAME"] = name
    with creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield empty
    finally:
        empty.close()
        with creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'DROP DATABASE "{name}"')


class Writer(threading.Thread):
    """Somebody who types and attaches, one thing after the other, until told to stop."""

    def __init__(self, report: Submission, by: User) -> None:
        super().__init__()
        self.report, self.by = report, by
        self.is_over, self.has_begun = threading.Event(), threading.Event()
        self.acknowledged = 0
        self.failed: BaseException | None = None

    def __enter__(self) -> Self:
        self.start()
        self.has_begun.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.join()

    def run(self) -> None:
        try:
            while not self.is_over.is_set():
                number = self.acknowledged + 1
                typed(stored(self.report), {"1.1": str(number)}, by=self.by)
                made = attached(self.report, content=pdf(f"Lần {number}"), by=self.by)
                remove_file(evidence=made, by=self.by)
                self.acknowledged = number
                if number == 3:
                    self.has_begun.set()
        except BaseException as error:
            self.failed = error
            self.has_begun.set()
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(
    report: Submission, hoa: User, media: Path, shelf: Path, settings: Settings, tmp_path: Path
) -> None:
    kept = attached(report, "Quyết định.pdf", pdf("Quyết định"), by=hoa)
    with Writer(report, hoa) as writer:
        before = writer.acknowledged
        said = run("backup", shelf)
    assert writer.failed is None
    assert before >= 3
    [path] = shelf.iterdir()
    assert said.startswith("Đã sao lưu ")
    assert "mọi mã băm đều khớp" in run("check_backup", path)
    typed(stored(report), {"1.1": "999"}, by=hoa)  # what comes later is not in it
    guards = guarded_tables()

    settings.MEDIA_ROOT = tmp_path / "restored"
    with elsewhere(tmp_path) as empty, within(empty):
        assert "mọi mã băm đều khớp" in run("restore", path)
        assert guarded_tables() == guards
        files = list(Evidence.objects.values_list("file", "size", "sha256"))
        assert len(files) > before
        assert kept.file.name in {name for name, _, _ in files}
        for name, size, digest in files:
            content = (tmp_path / "restored" / name).read_bytes()
            assert (len(content), sha256(content).hexdigest()) == (size, digest)
        changes = FigureChange.objects.filter(submission=report).order_by("pk")
        numbers = [int((change.after or {})["number"]) for change in changes]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= before
        assert Figure.objects.get(submission=report).number == numbers[-1]
        empty.check_constraints()
        typed(stored(report), {"1.2": "7"})  # life goes on: keys are given where they ended
        assert "đã có" in refused("restore", path)  # and it is no empty place now


@pytest.mark.django_db(transaction=True)
def test_what_stands_in_the_way_is_told_and_leaves_nothing(
    report: Submission, hoa: User, media: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = shelf / "nowhere"
    assert f"Chưa có thư mục {nowhere}" in refused("backup", nowhere)
    lock = os.open(shelf, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    assert "sao lưu khác đang ghi" in refused("backup", shelf)
    os.close(lock)
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full_disk)
        assert f"Đĩa của {shelf} đã đầy" in refused("backup", shelf)
    assert list(shelf.iterdir()) == []

    (shelf / ".unfinished-killed").mkdir()
    old = [shelf / f"cchc-2026010{day}T000000Z.tar" for day in (1, 2, 3)]
    for path in (*old, shelf / "cchc.txt"):
        path.touch()
    evidence = attached(report, "Kế hoạch.pdf", by=hoa)
    where = media / evidence.file.name
    content = where.read_bytes()
    for harm in (lambda: where.write_bytes(content[:-1]), where.unlink):
        harm()
        assert "1 tệp kèm theo đã hỏng hoặc mất" in refused("backup", shelf, "--keep", 2)
        [*_, made] = sorted(shelf.glob("cchc-*.tar"))
        assert sorted(shelf.iterdir()) == sorted([*old, made, shelf / "cchc.txt"])
        assert "đã hỏng hoặc mất trước khi sao lưu" in refused("check_backup", made)
        made.unlink()
        where.write_bytes(content)
    where.unlink()
    assert "xóa 2 bản cũ" in run("backup", shelf, "--keep", 2, "--lost", 1)
    assert sorted(shelf.iterdir())[::2] == [old[2], shelf / "cchc.txt"]  # and between them the new
    assert "«0» không phải số nguyên" in refused("backup", shelf, "--keep", 0)


def away(*_: object) -> NoReturn:
    raise OperationalError("server closed the connection")


def full_disk(_: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_encrypted", [False, True])
def test_the_group_of_the_folder_may_read_what_is_encrypted(
    media: Path, shelf: Path, tmp_path: Path, is_encrypted: bool
) -> None:
    key = tmp_path / "key"
    subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True).stdout
    (tmp_path / "recipients").write_bytes(public)
    run("backup", shelf, *(["--recipients", tmp_path / "recipients"] if is_encrypted else []))
    [path] = shelf.iterdir()
    assert path.stat().st_mode & 0o777 == (0o640 if is_encrypted else 0o600)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_program_that_is_missing_or_too_old_is_named(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "chưa có chương trình pg_dump" in refused("backup", shelf)
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    program.chmod(0o755)
    assert "pg_dump ở máy này là phiên bản 9, cũ hơn" in refused("backup", shelf)
    program.write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 99 || { echo 'x: error: y' >&2; exit 1; }\n"
    )
    assert "nó báo: «x: error: y»" in refused("backup", shelf)
    with connection.execute_wrapper(away):
        assert "Cơ sở dữ liệu không trả lời, hoặc ngừng giữa chừng" in refused("backup", shelf)
    assert list(shelf.iterdir()) == []


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_does_not_read_as_it_was_is_taken_away_whole(
    media: Path, shelf: Path, tmp_path: Path
) -> None:
    run("backup", shelf)
    [path] = shelf.iterdir()
    with tarfile.open(path) as archive:
        dump = archive.extractfile(store_of(connection).DUMP)
        manifest = archive.extractfile(NAME)
        assert dump
        assert manifest
        tables = read_manifest(manifest.read()).tables
        other = forged(
            tmp_path, dump.read(), tables={**tables, "reporting_figure": Table(1, "0" * 64)}
        )
    guards = guarded_tables()
    with elsewhere(tmp_path) as empty, within(empty):
        said = refused("restore", other)
        assert "Bảng reporting_figure sau khi khôi phục không giống lúc sao lưu" in said
        assert "mọi mã băm đều khớp" in run("restore", path)
        assert guarded_tables() == guards
    with elsewhere(tmp_path) as empty, within(empty):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("reporting.backups.postgresql._tables", away)
            assert "chưa khôi phục gì" in refused("restore", path)
        assert list(media.iterdir()) == []
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("reporting.backups.postgresql._tables", away)
            patched.setattr("reporting.backups.postgresql._empty", away)
            said = refused("restore", path)
        assert "cũng không bỏ đi được" in said
        assert "xóa nó (dropdb), tạo lại (createdb)" in said
        assert "đã có bảng hoặc hàm" in refused("restore", path)
    with elsewhere(tmp_path) as left, within(left):
        with left.cursor() as cursor:
            cursor.execute("CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        assert "đã có bảng hoặc hàm" in refused("restore", path)


def forged(folder: Path, content: bytes = b"no database", **said: Any) -> Path:
    """An archive that is whole and of some other portal."""
    path, dump = folder / "forged.tar", folder / "dump"
    dump.write_bytes(content)
    with path.open("wb") as file, Writing(file, datetime(2026, 1, 1, tzinfo=UTC)) as writing:
        writing.add(store_of(connection).DUMP, dump)
        own = Manifest("", "9.9", "f" * 40, connection.vendor, [], {}, writing.parts, [])
        writing.conclude(replace(own, **said))
    return path


@pytest.mark.django_db
def test_only_what_fits_is_put_back_and_only_into_an_empty_place(
    media: Path, shelf: Path, tmp_path: Path
) -> None:
    newer = forged(shelf, migrations=["reporting.9999_later"])
    assert "đã có" in refused("restore", newer)  # the database of the tests
    assert "chưa biết reporting.9999_later" in run("check_backup", newer)
    with elsewhere(tmp_path) as empty, within(empty):
        media.mkdir()
        (media / "evidence").touch()
        assert f"Thư mục {media} đã có «evidence»" in refused("restore", newer)
        (media / "evidence").unlink()
        said = refused("restore", newer)
        assert "phiên bản khác (9.9 ffffffffffff): nó có reporting.9999_later" in said
        said = refused("restore", forged(shelf, vendor="oracle"))
        assert "Bản sao lưu là của oracle" in said
        assert "Hãy" in refused("restore", forged(shelf))  # its dump is none
        assert "Không đọc được" in refused("restore", shelf / "nowhere.tar")
        assert list(media.iterdir()) == []
        assert empty.introspection.table_names() == []


def test_every_file_that_a_table_names_is_backed_up() -> None:
    """``making`` knows one column of files; another would have to be taken along, too."""
    named = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    ]
    assert named == ["Evidence.file"]


def test_a_backup_names_the_commit_of_a_release_that_is_no_checkout(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "COMMIT").write_text("c93808f1\n")
    settings.BASE_DIR = tmp_path
    assert making.commit() == "c93808f1"
