"""The two databases that can be backed up, by what Django calls them."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

from reporting.backups import postgresql, sqlite
from reporting.backups.manifest import Table
from reporting.backups.snapshot import Snapshot


class Store(Protocol):
    """What a module that knows one database offers."""

    DUMP: str

    def snapshot(
        self, connection: BaseDatabaseWrapper, dump: Path
    ) -> AbstractContextManager[Snapshot]: ...

    def require_empty(self, connection: BaseDatabaseWrapper) -> None: ...

    def restore(
        self, connection: BaseDatabaseWrapper, dump: Path, tables: Mapping[str, Table]
    ) -> None: ...


def store_of(connection: BaseDatabaseWrapper) -> Store:
    stores: dict[str, Store] = {"postgresql": postgresql, "sqlite": sqlite}
    return stores[connection.vendor]
