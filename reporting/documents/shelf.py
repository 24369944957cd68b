"""Where rendered files lie: written whole or not at all, found by the hash of what they are of.

No half file is ever found: each is written beside its place and moved there once the disk has it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import uuid4

_RENDERED = "rendered"
_BOOKS = "books"
# What is written now and not whole yet; all of it is on the same disk as where it goes.
_UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder below which all rendered files lie."""

    root: Path

    def rendered(self, key: str, extension: str) -> Path:
        """Return the place of one rendered appendix."""
        return self.root / _RENDERED / key[:2] / f"{key}.{extension}"

    def book(self, key: str, extension: str) -> Path:
        return self.root / _BOOKS / f"{key}.{extension}"

    def books(self, *, before: datetime) -> list[Path]:
        """Return the books that nobody has made or found again since."""
        return [path for path in _entries(self.root / _BOOKS) if _is_older(path, before)]

    @contextmanager
    def unfinished(self, name: str) -> Iterator[Path]:
        """Work in a folder that is gone afterwards, with all that is left there; what was left of
        an earlier work of that ``name``, whose process was killed, is gone before."""
        folder = self.root / _UNFINISHED / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def found(self, place: Path) -> bool:
        """Say whether a file is there, and keep it as one that is in use."""
        with suppress(FileNotFoundError):
            os.utime(place)
            return True
        return False

    def clear_unfinished(self, before: datetime) -> None:
        """Take away what is left of works that nobody has touched since."""
        for folder in _entries(self.root / _UNFINISHED):
            if _is_older(folder, before):
                shutil.rmtree(folder, ignore_errors=True)

    def clear_rendered(self, now: datetime, *, unused_for: timedelta, most_bytes: int) -> int:
        """Take away rendered appendices that were not in use for so long and then, the longest
        unused first, until the rest takes no more than so many bytes; return how many."""
        files = [
            (entry.stat(), entry)
            for folder in _entries(self.root / _RENDERED)
            for entry in _entries(folder)
        ]
        files.sort(key=lambda one: one[0].st_mtime, reverse=True)
        oldest, kept, gone = (now - unused_for).timestamp(), 0, 0
        for found, path in files:
            kept += found.st_size
            if found.st_mtime < oldest or kept > most_bytes:
                path.unlink(missing_ok=True)
                gone += 1
        return gone


@contextmanager
def written_whole(place: Path, *, within: Path) -> Iterator[IO[bytes]]:
    """Write a file that is at ``place`` once the block has ended well, and nowhere if it has not;
    until then it grows in the folder ``within``. Raises OSError, where the disk is full for
    instance."""
    unfinished = within / uuid4().hex
    try:
        with unfinished.open("wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished.replace(place)
        _sync_folder(place.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Have the disk keep the new name, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _is_older(path: Path, moment: datetime) -> bool:
    return path.stat().st_mtime < moment.timestamp()
