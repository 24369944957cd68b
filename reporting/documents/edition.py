"""The mark of the programs that render files: it changes with every change of any of them, so that
nothing rendered before is taken for what would be rendered now."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

_SOURCES = (
    "reporting/documents/formats",
    "reporting/documents/binding.py",
    "reporting/documents/contents.css",
    "reporting/documents/stamping.py",
    "reporting/printing",
    "indicators/formulas",
    "templates/documents",
)
_KINDS = {".py", ".css", ".html"}
_PACKAGES = ("openpyxl", "pypdf", "python-docx", "segno", "weasyprint")


@cache
def edition() -> str:
    """Return the mark, worked out once a process."""
    found = hashlib.sha256()
    for path in sorted(_files()):
        found.update(path.name.encode())
        found.update(path.read_bytes())
    for package in _PACKAGES:
        found.update(f"{package} {version(package)}\n".encode())
    return found.hexdigest()


def _files() -> list[Path]:
    roots = [Path(settings.BASE_DIR) / source for source in _SOURCES]
    return [
        path
        for root in roots
        for path in ([root] if root.is_file() else root.rglob("*"))
        if path.suffix in _KINDS
    ]
