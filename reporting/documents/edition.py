"""The mark of the programs that render files: it changes with every change of any of them, so that
nothing rendered before is taken for what would be rendered now."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from django.conf import settings

# All of the portal's own: what renders reads figures, words and forms from everywhere.
_SOURCES = ("indicators", "reporting", "templates/documents")
_KINDS = {".py", ".css", ".html"}


@cache
def edition() -> str:
    """Return the mark, worked out once a process."""
    found = hashlib.sha256()
    for path in sorted(_files()):
        found.update(str(path.relative_to(settings.BASE_DIR)).encode())
        found.update(path.read_bytes())
    for package in sorted({f"{one.name} {one.version}\n" for one in distributions()}):
        found.update(package.encode())
    return found.hexdigest()


def _files() -> Iterator[Path]:
    for source in _SOURCES:
        for path in (Path(settings.BASE_DIR) / source).rglob("*"):
            if path.suffix in _KINDS:
                yield path
