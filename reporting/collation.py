"""The order of Vietnamese names, Đ after D, Ê after E, tones last; and of agencies."""

import unicodedata
from functools import lru_cache

from indicators.kinds import AgencyKind

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng


# The same names are sorted on every opening of a list.
@lru_cache(maxsize=8192)
def vietnamese(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return a sort key: first the letters, then, where those are equal, the tones.

    >>> sorted(["Đông", "Dương", "An", "Ân", "Bình", "Ăn", "Bỉnh"], key=vietnamese)
    ['An', 'Ăn', 'Ân', 'Bình', 'Bỉnh', 'Dương', 'Đông']
    """
    places = [_place(letter) for letter in unicodedata.normalize("NFC", text).lower()]
    return tuple(letter for letter, _ in places), tuple(tone for _, tone in places)


# Lists of thousands of names are made of some two hundred letters.
@lru_cache(maxsize=1024)
def _place(letter: str) -> tuple[int, int]:
    base = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in base if mark in _TONES), "")
    plain = unicodedata.normalize("NFC", base.replace(tone, "") if tone else base)
    place = _ALPHABET.find(plain)
    return (
        1000 + place if place >= 0 else min(ord(letter), 999),
        _TONES.index(tone) + 1 if tone else 0,
    )


# A kind is told here by its value, as the tables hold it.
_KINDS = {kind.value: place for place, kind in enumerate(AgencyKind)}


def by_kind_and_name(kind: str, name: str) -> tuple[object, ...]:
    """Return where an agency stands in a list: by its kind, the province first, departments before
    communes, and in Vietnamese order within a kind.

    >>> sorted([("xa", "UBND xã An"), ("so", "Sở Y tế")], key=lambda one: by_kind_and_name(*one))
    [('so', 'Sở Y tế'), ('xa', 'UBND xã An')]
    """
    return _KINDS[kind], vietnamese(name)
