"""What an appendix consists of, as one hash: the same content has the same, in any process."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass

from reporting.printing.appendix import Appendix


def hash_of(appendix: Appendix) -> str:
    """Return the hash of all that an appendix prints, its letterhead and mark included."""
    return hash_of_parts(_parts(appendix))


def hash_of_parts(parts: Iterable[str]) -> str:
    """Return the hash of some texts in their order; where one ends and the next begins counts.

    >>> hash_of_parts(["ab", "c"]) == hash_of_parts(["a", "bc"])
    False
    """
    found = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        found.update(b"%d:" % len(encoded))
        found.update(encoded)
    return found.hexdigest()


def _parts(value: object) -> Iterator[str]:
    """Yield a value piece by piece, with what kind of thing each is: 1, "1" and True differ."""
    if value is None or isinstance(value, str | int):
        yield f"{type(value).__name__} {value}"
    elif is_dataclass(value):
        yield type(value).__name__
        for field in fields(value):
            yield from _parts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield f"mapping {len(value)}"
        for key in sorted(value, key=str):
            yield from _parts(key)
            yield from _parts(value[key])
    elif isinstance(value, AbstractSet):  # of no order, or of another in each process
        yield from _parts(sorted(value, key=str))
    elif isinstance(value, Iterable):
        items = list(value)
        yield f"sequence {len(items)}"
        for item in items:
            yield from _parts(item)
    else:
        yield f"{type(value).__name__} {value!r}"
