"""What people write in words, made safe to keep: one spelling of each letter, no unseen signs."""

import re
import unicodedata

LONGEST_WORDS = 2000
# Control characters, halves of pairs and non-characters: PostgreSQL refuses some, and Excel opens a
# file with any of them "for repair".
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    # Marks of direction and spaces of no width, which come along when text is copied.
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
)


# A text that looks like a workbook's own writing of a sign: "_x0041_" would be read as "A".
_LIKE_A_SIGN = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def in_workbook(text: str) -> str:
    """Return what a workbook's cell holds so that ``text`` is read in it.

    >>> in_workbook("_x0041_ = A_x")
    '_x005F_x0041_ = A_x'
    """
    return _LIKE_A_SIGN.sub("_x005F_", text)


def clean(text: str) -> str:
    r"""NFC, no idle space at the ends, line ends as one sign, no signs that cannot be seen.

    >>> clean(" Nha\u0300\x00 \uffff")
    'Nhà'
    """
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text.replace("\r\n", "\n"))).strip()
