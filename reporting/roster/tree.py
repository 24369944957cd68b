"""How agencies may stand below one another."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

DEEPEST = 3
TOO_DEEP = "Cây đơn vị có nhiều nhất ba cấp: tỉnh, huyện, xã hoặc cơ quan."
CIRCLE = "Đơn vị không thể là cấp trên của chính mình."

Key = TypeVar("Key", bound=Hashable)


def line_up(key: Key, parents: Mapping[Key, Key | None]) -> list[Key]:
    """Return ``key`` and all above it, up to the top or until one comes a second time.

    >>> line_up("xa", {"xa": "huyen", "huyen": "tinh", "tinh": None})
    ['xa', 'huyen', 'tinh']
    >>> line_up("a", {"a": "b", "b": "a"})
    ['a', 'b', 'a']
    """
    line = [key]
    while (above := parents.get(line[-1])) is not None:
        line.append(above)
        if above in line[:-1]:
            break
    return line


def why_misplaced(key: Key, parents: Mapping[Key, Key | None]) -> str:
    """Return the sentence why ``key`` can't stand where it does; empty if it can."""
    line = line_up(key, parents)
    if len(set(line)) < len(line):
        return CIRCLE
    return TOO_DEEP if len(line) > DEEPEST else ""
