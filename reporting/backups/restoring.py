"""A backup put back into an empty place, proven to be what it was before anything uses it."""

import errno
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from reporting.backups.archive import read_archive
from reporting.backups.manifest import MEDIA, Manifest
from reporting.backups.stores import store_of
from reporting.refusals import BackupFailed


def restore_backup(path: Path, *, identity: Path | None) -> Manifest:
    """Bring the database and the files of a backup into an empty database and an empty MEDIA_ROOT.

    Raises BackupFailed; then both are as they were. The files come first: a portal without tables
    answers nobody, and one with tables has all of its files.
    """
    store, media = store_of(connection), Path(settings.MEDIA_ROOT)
    try:
        store.require_empty(connection)
        _require_empty(media)
        media.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".restoring-", dir=media) as folder:
            unpacked = Path(folder)
            manifest = read_archive(path, identity=identity, into=unpacked)
            _require_known(manifest)
            os.sync()
            placed = []
            try:
                for part in (unpacked / MEDIA).glob("*"):
                    placed.append(part.rename(media / part.name))
                store.restore(connection, unpacked / store.DUMP, manifest.tables)
            except BaseException:
                for part in placed:
                    shutil.rmtree(part)
                raise
            os.sync()
            return manifest
    except Error as error:
        raise BackupFailed(
            f"Cơ sở dữ liệu không trả lời nên chưa khôi phục gì ({' '.join(str(error).split())})."
            " Hãy kiểm tra DATABASE_URL và máy chủ rồi chạy lại."
        ) from error
    except OSError as error:
        raise BackupFailed(_sentence(error, media)) from error


def unknown_migrations(manifest: Manifest) -> list[str]:
    """Return the steps of the backup's tables that this version of the portal does not know."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    return sorted(set(manifest.migrations) - known)


def missing_migrations(manifest: Manifest) -> list[str]:
    """Return the steps that this version knows and the backup's tables have not made yet."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    return sorted(known - set(manifest.migrations))


def _require_empty(media: Path) -> None:
    found = sorted(path.name for path in media.iterdir()) if media.is_dir() else []
    if found:
        raise BackupFailed(
            f"Thư mục {media} đã có «{found[0]}». Chỉ khôi phục vào nơi trống: hãy dời hết những gì"
            " trong đó đi nơi khác, hoặc ghi MEDIA_ROOT khác, rồi chạy lại."
        )


def _require_known(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise BackupFailed(
            f"Bản sao lưu là của {manifest.vendor}, còn DATABASE_URL ghi {connection.vendor}. Hãy"
            f" ghi DATABASE_URL của một cơ sở dữ liệu {manifest.vendor} trống rồi chạy lại."
        )
    unknown = unknown_migrations(manifest)
    if unknown:
        raise BackupFailed(
            f"Bản sao lưu là của một phiên bản khác ({manifest.version} {manifest.commit[:12]}): nó"
            f" có {', '.join(unknown)} mà mã này chưa biết. Hãy cài phiên bản đó rồi chạy lại."
        )


def _sentence(error: OSError, media: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return (
            f"Đĩa của {media} đã đầy nên chưa khôi phục gì. Hãy dọn chỗ, hoặc ghi MEDIA_ROOT trên"
            " đĩa khác, rồi chạy lại."
        )
    return f"Chưa khôi phục gì: {error}. Hãy kiểm tra đường dẫn và quyền rồi chạy lại."
