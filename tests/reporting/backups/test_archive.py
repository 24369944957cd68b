"""An archive is read back as it was written, or not at all."""

import subprocess
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reporting.backups.archive import Writing, read_archive
from reporting.backups.encryption import encrypted
from reporting.backups.manifest import Manifest, Table, read_manifest
from reporting.refusals import BackupFailed

AT = datetime(2026, 11, 29, 5, 0, tzinfo=UTC)
MANIFEST = Manifest(
    made_at=AT.isoformat(),
    version="1.2.3",
    commit="abc",
    vendor="sqlite",
    migrations=["reporting.0001_initial"],
    tables={"reporting_figure": Table(3, "f" * 64)},
    parts={},
    damaged=["Tệp «Kế hoạch.pdf» không còn."],
)
FILES = {
    "database.dump": bytes(range(256)) * 3000,
    "media/evidence/2026/11/abc": "Phụ lục".encode(),
}


def archive(
    folder: Path, recipients: Path | None = None, files: Mapping[str, bytes] = FILES
) -> Path:
    """Write an archive of ``files``, as ``make_backup`` does."""
    path = folder / ("backup.tar.age" if recipients else "backup.tar")
    with path.open("wb") as file:
        stream = encrypted(file, recipients) if recipients else nullcontext(file)
        with stream as target, Writing(target, AT) as writing:
            for number, (name, content) in enumerate(files.items()):
                source = folder / f"source-{number}"
                source.write_bytes(content)
                writing.add(name, source)
            writing.conclude(replace(MANIFEST, parts=writing.parts))
    return path


def key(folder: Path, name: str) -> tuple[Path, Path]:
    """Return the file of a secret key, and of its public one."""
    secret, public = folder / name, folder / f"{name}.pub"
    subprocess.run(["age-keygen", "-o", secret], check=True, capture_output=True)
    public.write_bytes(
        subprocess.run(["age-keygen", "-y", secret], check=True, capture_output=True).stdout
    )
    return secret, public


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(BackupFailed) as refusal:
        act()
    return str(refusal.value)


@pytest.mark.parametrize("is_encrypted", [False, True], ids=["plain", "encrypted"])
def test_it_is_read_back_as_it_was_written(tmp_path: Path, is_encrypted: bool) -> None:
    secret, public = key(tmp_path, "key") if is_encrypted else (None, None)
    path, into = archive(tmp_path, public), tmp_path / "unpacked"
    found = read_archive(path, identity=secret, into=into)
    assert {name: (into / name).read_bytes() for name in FILES} == FILES
    assert replace(found, parts={}) == MANIFEST
    assert (found.files, found.rows) == (1, 3)
    assert read_archive(path, identity=secret) == found
    assert (b"reporting_figure" in path.read_bytes()) is not is_encrypted


def test_it_is_opened_by_none_but_its_keys(tmp_path: Path) -> None:
    _, public = key(tmp_path, "key")
    other, _ = key(tmp_path, "other")
    path = archive(tmp_path, public)
    assert "không phải của bản sao lưu này" in refused(lambda: read_archive(path, identity=other))
    assert "sau --identity" in refused(lambda: read_archive(path, identity=None))
    nowhere = tmp_path / "nowhere"
    assert f"Không đọc được {nowhere}" in refused(lambda: read_archive(path, identity=nowhere))
    assert "age báo: «" in refused(lambda: archive(tmp_path, nowhere))


@pytest.mark.parametrize("is_encrypted", [False, True], ids=["plain", "encrypted"])
def test_what_is_cut_short_or_altered_is_refused_anywhere(
    tmp_path: Path, is_encrypted: bool
) -> None:
    secret, public = key(tmp_path, "key") if is_encrypted else (None, None)
    path = archive(tmp_path, public)
    whole = path.read_bytes()
    end = len(whole.rstrip(b"\0"))  # what follows only fills a tar up
    for place in (0, 100, 1000, len(whole) // 2, end - 1):
        path.write_bytes(whole[:place])
        assert str(path) in refused(lambda: read_archive(path, identity=secret))
        altered = bytes([whole[place] ^ 1])
        path.write_bytes(whole[:place] + altered + whole[place + 1 :])
        assert "Hãy" in refused(lambda: read_archive(path, identity=secret))


def test_nothing_is_unpacked_outside_its_folder(tmp_path: Path) -> None:
    into = tmp_path / "unpacked"
    for name in ("../out", f"{tmp_path}/out", "media/../../out"):
        path = archive(tmp_path, files={name: b"x"})
        said = refused(lambda path=path: read_archive(path, identity=None, into=into))  # type: ignore[misc]
        assert "không thể có trong đó" in said
    assert not (tmp_path / "out").exists()


def test_a_manifest_of_another_format_names_the_version_that_reads_it() -> None:
    later = MANIFEST.written().replace(b'"format": 1', b'"format": 2')
    assert "phiên bản 1.2.3 (abc)" in refused(lambda: read_manifest(later))
    for broken in (b"", b"[]", b'{"format": 1}', b'{"format": 1, "tables": [], "parts": {}}'):
        assert "không đọc được" in refused(lambda broken=broken: read_manifest(broken))  # type: ignore[misc]


def test_where_age_is_missing_its_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, public = key(tmp_path, "key")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt-get install age" in refused(lambda: archive(tmp_path, public))
