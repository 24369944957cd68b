"""What the cells of figures are called in a workbook, by the keys of their rows."""

import re

PREFIX = "CT_"
# Excel keeps no longer name.
LONGEST = 255
_ODD = re.compile(r"[^a-z0-9.]")


def cell_name(key: str) -> str:
    """Return the name of the cell of row ``key``; "" where it would be too long.

    Excel does not tell small letters from capitals and allows few signs besides: a capital has "_"
    before it, any other sign is its number between two. So no two keys share a name.

    >>> cell_name("1.3.2.a"), cell_name("II.1"), cell_name("1-đ_2")
    ('CT_1.3.2.a', 'CT__I_I.1', 'CT_1_45__273__95_2')
    """
    name = PREFIX + _ODD.sub(_written, key)
    return name if len(name) <= LONGEST else ""


def _written(found: re.Match[str]) -> str:
    sign = found[0]
    return f"_{sign}" if sign.isascii() and sign.isupper() else f"_{ord(sign)}_"
