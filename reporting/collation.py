"""The Vietnamese order of names, Đ after D, Ê after E, tones last; and how names are searched."""

import unicodedata
from functools import lru_cache

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng


# The same names are sorted on every opening of a list.
@lru_cache(maxsize=8192)
def vietnamese(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return a sort key: first the letters, then, where those are equal, the tones.

    >>> sorted(["Đông", "Dương", "An", "Ân", "Bình", "Ăn", "Bỉnh"], key=vietnamese)
    ['An', 'Ăn', 'Ân', 'Bình', 'Bỉnh', 'Dương', 'Đông']
    """
    letters, tones = [], []
    for letter in unicodedata.normalize("NFC", text).lower():
        base = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in base if mark in _TONES), "")
        plain = unicodedata.normalize("NFC", base.replace(tone, "") if tone else base)
        place = _ALPHABET.find(plain)
        letters.append(1000 + place if place >= 0 else min(ord(letter), 999))
        tones.append(_TONES.index(tone) + 1 if tone else 0)
    return tuple(letters), tuple(tones)


def folded(text: str) -> str:
    """Return ``text`` as a search compares it: SQLite folds the case of ASCII letters only.

    >>> folded("SỞ Y TẾ") == folded("Sở Y tế"), folded("đát") in folded("Đất đai")
    (True, False)
    """
    return unicodedata.normalize("NFC", text).casefold()
