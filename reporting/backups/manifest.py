"""What a backup says of itself: which portal it is of, and the hash of everything in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reporting.refusals import BackupFailed

NAME = "manifest.json"
MEDIA = "media/"  # what names of files under MEDIA_ROOT begin with in the archive
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the archive."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of one table in the order of its key."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``parts`` are the database's dump and the files under MEDIA_ROOT, by their names in the
    archive; ``damaged`` the sentences on files that were no longer as the database knows them."""

    made_at: str
    version: str
    commit: str
    vendor: str
    migrations: Sequence[str]
    tables: Mapping[str, Table]
    parts: Mapping[str, Part]
    damaged: Sequence[str]

    @property
    def files(self) -> int:
        return sum(name.startswith(MEDIA) for name in self.parts)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def written(self) -> bytes:
        content = {"format": _FORMAT, **asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=1).encode()


def read_manifest(written: bytes) -> Manifest:
    """Raises BackupFailed where it is of another format, or none."""
    try:
        content: dict[str, Any] = json.loads(written)
        if content.pop("format") != _FORMAT:
            raise BackupFailed(
                "Bản sao lưu theo một định dạng mà phiên bản này của cổng không đọc được. Hãy dùng"
                f" phiên bản {content.get('version')} ({content.get('commit')})."
            )
        tables = {name: Table(**table) for name, table in content.pop("tables").items()}
        parts = {name: Part(**part) for name, part in content.pop("parts").items()}
        return Manifest(tables=tables, parts=parts, **content)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupFailed(
            "Bản kê (manifest.json) trong bản sao lưu không đọc được. Hãy dùng bản sao lưu khác."
        ) from error
