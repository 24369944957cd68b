"""An Office file as a package of parts: the same parts give the same bytes, whenever written."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# The first day that a package can name: it says nothing of when the file was made.
_DAY = (1980, 1, 1, 0, 0, 0)


class Package(ZipFile):
    """A package in the making whose parts bear no day of their own."""

    def __init__(self, target: BytesIO) -> None:
        super().__init__(target, "w", ZIP_DEFLATED)

    def write(
        self,
        filename: str | os.PathLike[str],
        arcname: str | os.PathLike[str] | None = None,
        *_: Any,
        **__: Any,
    ) -> None:
        self.writestr(str(arcname or filename), Path(filename).read_bytes())

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        part = zinfo_or_arcname
        name = part.filename if isinstance(part, ZipInfo) else part
        super().writestr(ZipInfo(name, _DAY), data, ZIP_DEFLATED)


def settled(content: bytes) -> bytes:
    """Return a package with the same parts that does not say when it was written."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as written, Package(target) as package:
        for part in written.infolist():
            package.writestr(part.filename, written.read(part))
    return target.getvalue()
