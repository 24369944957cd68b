"""The short codes that printed files carry: drawn at random, read back as people type them."""

import re
import secrets
import unicodedata

# No 0 and O, 1, I and L, which paper does not tell apart. 31 is a prime: with weights that differ,
# one wrong character and any two that changed places always give another remainder.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
_GROUP = 4
_PAGE = re.compile(r"/kiem-chung/([^/?#]+)", re.IGNORECASE)
_APART = re.compile(r"[\s\-‐‑‒–—―_.]+")
_LONGEST_TYPED = 300


class NoCode(ValueError):
    """What was typed is no code; ``str()`` is the sentence to show."""


def new_code() -> str:
    """Return a code that nobody can guess: eleven characters at random, 54 bits, and one that the
    others determine."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return grouped(drawn + check_character(drawn))


def check_character(characters: str) -> str:
    """Return the last character of a code that begins with ``characters``.

    >>> check_character("K7QM3XWP9T4")
    'A'
    """
    return ALPHABET[-_weighed(characters) % len(ALPHABET)]


def _weighed(characters: str) -> int:
    """Add up the characters, the one before last twice, the one before it three times, and so on;
    a last one that is not there yet counts as nothing."""
    return sum(
        weight * ALPHABET.index(character)
        for weight, character in zip(range(LENGTH, 0, -1), characters, strict=False)
    )


def grouped(characters: str) -> str:
    """Return a code as it is printed.

    >>> grouped("K7QM3XWP9T4A")
    'K7QM-3XWP-9T4A'
    """
    return "-".join(characters[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))


def read_code(typed: str) -> str:
    """Return the code that a person typed, with or without dashes and capitals, or the address that
    holds it; raise NoCode.

    >>> read_code(" k7qm 3xwp–9t4a ")
    'K7QM-3XWP-9T4A'
    """
    text = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED])
    found = _PAGE.search(text)
    characters = _APART.sub("", found[1] if found else text).upper()
    if not characters:
        raise NoCode("Chưa có mã. Hãy gõ mã kiểm chứng in trên tệp, ví dụ dạng K7QM-3XWP-9T4A.")
    strange = "".join(dict.fromkeys(sign for sign in characters if sign not in ALPHABET))
    if strange:
        raise NoCode(
            f"Mã gõ sai: trong mã không có «{strange[:LENGTH]}». Mã chỉ gồm số từ 2 đến 9 và chữ"
            " cái không dấu, không dùng 0, 1, I, L, O. Hãy xem lại trên giấy."
        )
    if len(characters) != LENGTH:
        raise NoCode(
            f"Mã gõ sai: có {len(characters)} ký tự, mã kiểm chứng có đúng {LENGTH} ký tự."
            " Hãy xem lại trên giấy."
        )
    if _weighed(characters) % len(ALPHABET):
        raise NoCode(
            f"Mã gõ sai: «{grouped(characters)}» có ít nhất một ký tự sai hoặc đổi chỗ."
            " Hãy xem lại trên giấy."
        )
    return grouped(characters)
