"""The objects of a PDF written out once: its identifier is of the same bytes that its body is."""

from typing import Any

import pydyf


class Frozen(pydyf.Object):
    """An object of which the bytes are known already."""

    def __init__(self, found: Any) -> None:
        super().__init__()
        self.number, self.generation, self.free = found.number, found.generation, found.free
        self._data: bytes = found.data
        self._compressible: bool = found.compressible

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return self._compressible


def freeze(pdf: Any) -> None:
    """Write out every object of ``pdf``, which writes each twice otherwise: for the identifier of
    the file, and for the file."""
    pdf.objects[1:] = [Frozen(found) for found in pdf.objects[1:]]
