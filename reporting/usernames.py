"""How a person's name becomes the name they sign in with."""

from collections.abc import Collection

from indicators.catalogue.spelling import folded

LONGEST = 30


def suggested(full_name: str, taken: Collection[str] = ()) -> str:
    """Return the given name and the initials of the others, without diacritics; a number follows
    where somebody else signs in so.

    >>> suggested("Nguyễn Thị Hoa"), suggested("Đỗ Đức Đạt", {"datdd", "datdd2"}), suggested("?")
    ('hoant', 'datdd3', 'nguoidung')
    """
    words = folded(full_name).split() or ["nguoidung"]
    stem = (words[-1] + "".join(word[0] for word in words[:-1]))[:LONGEST]
    number, name = 2, stem
    while name in taken:
        number, name = number + 1, f"{stem}{number}"
    return name
