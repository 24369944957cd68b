"""A stream encrypted for who holds a key, and read again, by the program age.

The portal's machine needs the public key alone: who breaks into it reads no earlier backup.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from typing import IO, Any, cast

from reporting.refusals import BackupFailed

SUFFIX = ".age"


@contextmanager
def encrypted(target: IO[bytes], recipients: Path) -> Iterator[IO[bytes]]:
    """Yield where to write what ``target`` gets, encrypted for every key in ``recipients``."""
    with (
        TemporaryFile() as errors,
        _age("--encrypt", "-R", recipients, stdin=PIPE, stdout=target, stderr=errors) as process,
    ):
        stream = cast(IO[bytes], process.stdin)
        with suppress(BrokenPipeError):  # it has ended, and says why
            yield stream
        with suppress(BrokenPipeError):
            stream.close()
        if process.wait():
            raise BackupFailed(
                f"Không mã hóa được bản sao lưu, age báo: «{_first_line(errors)}». Hãy kiểm tra tệp"
                f" khóa công khai {recipients} và chỗ trống trên đĩa, rồi chạy lại."
            )


@contextmanager
def decrypted(path: Path, identity: Path) -> Iterator[IO[bytes]]:
    """Yield the content of ``path``. Raises BackupFailed, whatever the reader made of it, where the
    key is another or the bytes are not those that were written."""
    with (
        TemporaryFile() as errors,
        _age("--decrypt", "-i", identity, path, stdout=PIPE, stderr=errors) as process,
    ):
        stream = cast(IO[bytes], process.stdout)
        try:
            yield stream
        finally:
            while stream.read(1_048_576):
                pass  # only at its end is it known to be whole
            if process.wait():
                raise BackupFailed(
                    f"Không giải mã được {path}, age báo: «{_first_line(errors)}». Khóa trong"
                    f" {identity} không phải của bản sao lưu này, hoặc tệp đã bị cắt ngắn hay bị"
                    " sửa. Hãy kiểm tra lại khóa, hoặc dùng bản sao lưu khác."
                )


def _age(*arguments: str | Path, **streams: Any) -> Popen[bytes]:
    try:
        return Popen(["age", *arguments], **streams)  # noqa: S603, S607 - found as a shell would
    except FileNotFoundError as error:
        raise BackupFailed(
            "Máy này chưa có chương trình age, cần để mã hóa và giải mã. Hãy cài gói «age»"
            " (apt-get install age) rồi chạy lại."
        ) from error


def _first_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read().decode(errors="replace").splitlines()
    return lines[0].removeprefix("age: error: ") if lines else "không rõ"
