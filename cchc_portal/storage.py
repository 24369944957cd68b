"""Static files compressed and named by their content; attached files that stay."""

import os
from collections.abc import Callable
from pathlib import Path
from re import Match
from typing import cast

from django.core.files import File
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

Converter = Callable[[Match[str]], str]


class StaticFiles(CompressedManifestStaticFilesStorage):
    """The portal's own scripts too import each other under the names that their contents give them:
    after an upgrade no page mixes a new script with an old one out of a cache. Packages' scripts
    are served as they are: their comments mention imports that are none."""

    support_js_module_import_aggregation = True

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Converter:
        if name.endswith(".js") and not name.startswith("js/"):
            return lambda found: found[0]
        return cast(Converter, super().url_converter(name, hashed_files, template))


class AttachedFiles(FileSystemStorage):
    """A file is on the disk before the line that names it is committed: a power cut takes neither
    without the other."""

    def _save(self, name: str, content: File[bytes]) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]  # django-stubs lack it
        path = Path(self.path(saved))
        for written in (path, *path.relative_to(self.location).parents):
            _to_the_disk(Path(self.location) / written)
        return saved


def _to_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
