"""Vietnamese names: put in order, Đ after D, Ê after E, tones last; and searched."""

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


def folded(text: str) -> str:
    """Return ``text`` as searches compare it: accents count, capitals do not. Compared in Python,
    because SQLite folds the case of ASCII letters only.

    >>> folded("ĐẤT") in folded("Văn phòng Đăng ký đất đai")
    True
    """
    return unicodedata.normalize("NFC", text).casefold()
