"""The archive of a backup: a tar whose last member tells the hash of each one before it."""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from os import fstat
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Self

from reporting.backups.encryption import SUFFIX, decrypted
from reporting.backups.manifest import NAME, Manifest, Part, read_manifest
from reporting.refusals import BackupFailed

_PIECE = 1_048_576
_LARGEST_MANIFEST = 500_000_000
_NOT_WHOLE = (
    "{path} không phải bản sao lưu, hoặc đã bị cắt ngắn hay bị sửa ({why}). Hãy dùng bản khác."
)


class Writing:
    """An archive being written into a stream, from its beginning to its manifest."""

    def __init__(self, target: IO[bytes], at: datetime) -> None:
        self.tar = tarfile.open(fileobj=target, mode="w|")  # noqa: SIM115 - closed by __exit__
        self.at = at.timestamp()
        self.parts: dict[str, Part] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Where writing has failed, what the stream still holds cannot be written either.
        with suppress(OSError) if error else nullcontext():
            self.tar.__exit__(kind, error, trace)

    def add(self, name: str, path: Path) -> Part:
        """Take the file in. Raises OSError where it cannot be read."""
        with path.open("rb") as file:
            counted = _Counted(file)
            self._add(name, fstat(file.fileno()).st_size, counted)
        self.parts[name] = counted.part
        return counted.part

    def conclude(self, manifest: Manifest) -> None:
        written = manifest.written()
        self._add(NAME, len(written), BytesIO(written))

    def _add(self, name: str, size: int, source: IO[bytes] | "_Counted") -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, int(self.at), 0o600
        self.tar.addfile(member, source)


class _Counted:
    """A file that counts and hashes what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest, self.size = file, sha256(), 0

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.digest.update(piece)
        self.size += len(piece)
        return piece

    @property
    def part(self) -> Part:
        return Part(self.size, self.digest.hexdigest())


def read_archive(path: Path, *, identity: Path | None, into: Path | None = None) -> Manifest:
    """Read the whole archive, unpack it into a folder where one is given, and return what it says
    of itself once every part is as that says. Raises BackupFailed."""
    try:
        with _opened(path, identity) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            parts, written = _unpacked(tar, into)
    except (tarfile.TarError, EOFError) as error:
        raise BackupFailed(_NOT_WHOLE.format(path=path, why=error)) from error
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise BackupFailed(
            f"Không đọc được {error.filename} ({error.strerror}). Hãy kiểm tra đường dẫn và quyền."
        ) from error
    if not written:
        raise BackupFailed(_NOT_WHOLE.format(path=path, why="thiếu bản kê ở cuối"))
    manifest = read_manifest(written)
    for name in sorted({*parts, *manifest.parts}):
        if parts.get(name) != manifest.parts.get(name):
            raise BackupFailed(_NOT_WHOLE.format(path=path, why=f"{name} không khớp bản kê"))
    return manifest


@contextmanager
def _opened(path: Path, identity: Path | None) -> Iterator[IO[bytes]]:
    if path.suffix != SUFFIX:
        with path.open("rb") as file:
            yield file
    elif identity is None:
        raise BackupFailed(
            f"{path} được mã hóa. Hãy ghi tệp khóa bí mật sau --identity rồi chạy lại."
        )
    else:
        for needed in (path, identity):
            needed.stat()  # age would say so in other words
        with decrypted(path, identity) as stream:
            yield stream


def _unpacked(tar: tarfile.TarFile, into: Path | None) -> tuple[dict[str, Part], bytes]:
    """Return what was in it by name, and its last member's text."""
    parts: dict[str, Part] = {}
    for member in tar:
        name = PurePosixPath(member.name)
        content = tar.extractfile(member) if member.isreg() else None
        if content is None or name.is_absolute() or ".." in name.parts or member.name in parts:
            raise tarfile.ReadError(f"«{member.name}» không thể có trong đó")
        if member.name == NAME:
            return parts, content.read(_LARGEST_MANIFEST)
        counted = _Counted(content)
        if into is None:
            while counted.read(_PIECE):
                pass
        else:
            target = into / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                while piece := counted.read(_PIECE):
                    file.write(piece)
        parts[member.name] = counted.part
    return parts, b""
