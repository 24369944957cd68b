"""The objects of a PDF written out once: its identifier is of the same bytes that its body is."""

import zlib
from typing import Any

import pydyf

# The renderer packs as small as can be, which takes twice the time and saves a hundredth.
_LEVEL = 6


class Frozen(pydyf.Object):
    """An object of which the bytes are known already."""

    def __init__(self, found: Any) -> None:
        super().__init__()
        self.number, self.generation, self.free = found.number, found.generation, found.free
        self._data: bytes = _packed(found) if _is_to_pack(found) else found.data
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


def _is_to_pack(found: Any) -> bool:
    return isinstance(found, pydyf.Stream) and bool(found.compress)


def _packed(found: Any) -> bytes:
    bare: bytes = pydyf.Stream(found.stream).data
    content = bare.partition(b"stream\n")[2].removesuffix(b"\nendstream")
    extra = {**found.extra, "Filter": "/FlateDecode"}
    packed: bytes = pydyf.Stream([zlib.compress(content, _LEVEL)], extra).data
    return packed
