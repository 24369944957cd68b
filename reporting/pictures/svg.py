"""The few shapes that all pictures are drawn with, as SVG text in which every word is escaped.

Everything is placed for letters of ``LETTER`` units, the largest that the stylesheet sets (on a
phone); where it sets smaller ones, they stand in the same places with more room around them.
Colours and sizes come from the stylesheet by class; without it a picture is black on white.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from html import escape

WIDTH = 600
LETTER = 22
LINE = 28
# The mean width of a letter or digit, somewhat on the safe side.
_WIDE = Decimal("0.56") * LETTER
# What XML cannot hold at all.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Coordinate = Decimal | int


def esc(text: str) -> str:
    return escape(_UNSEEN.sub("", text))


def at(place: Coordinate) -> str:
    """Write a coordinate to a tenth of a unit.

    >>> at(Decimal("12.3456")), at(Decimal(40)), at(7)
    ('12.3', '40', '7')
    """
    return f"{Decimal(place):.1f}".removesuffix(".0")


def room_for(text: str) -> Decimal:
    """Return how wide ``text`` may become."""
    return len(text) * _WIDE


def cut(text: str, room: Coordinate) -> str:
    """Return ``text`` if it finds room, else its first words with an ellipsis."""
    most = max(int(Decimal(room) / _WIDE), 2)
    return text if len(text) <= most else text[: most - 1].rstrip(" ,.-") + "…"


def words(
    x: Coordinate, y: Coordinate, text: str, css: str = "", anchor: str = "start", full: str = ""
) -> str:
    """Draw a line of text; ``full`` is what it was before it was cut."""
    told = f"<title>{esc(full)}</title>" if full and full != text else ""
    css = f' class="{css}"' if css else ""
    anchor = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text{css} x="{at(x)}" y="{at(y)}"{anchor}>{told}{esc(text)}</text>'


def line(
    x1: Coordinate, y1: Coordinate, x2: Coordinate, y2: Coordinate, css: str, dash: str = ""
) -> str:
    dash = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line class="{css}" x1="{at(x1)}" y1="{at(y1)}" x2="{at(x2)}" y2="{at(y2)}"'
        f' stroke="currentColor"{dash}/>'
    )


def box(x: Coordinate, y: Coordinate, width: Coordinate, height: Coordinate, css: str) -> str:
    return (
        f'<rect class="{css}" x="{at(x)}" y="{at(y)}" width="{at(width)}" height="{at(height)}"'
        ' fill="currentColor"/>'
    )


def shape(css: str, points: Sequence[tuple[Coordinate, Coordinate]]) -> str:
    drawn = " ".join(f"{at(x)},{at(y)}" for x, y in points)
    return f'<polygon class="{css}" points="{drawn}" fill="currentColor"/>'


def diamond(x: Coordinate, y: Coordinate, css: str, size: int = 8) -> str:
    return shape(css, [(x, y - size), (x + size, y), (x, y + size), (x - size, y)])


def told(title: str, drawn: str, href: str = "") -> str:
    """Give a shape its words, shown where the pointer rests on it. A link out of a picture is for
    the pointer alone: to who listens or uses the keyboard a picture is one thing, and the same link
    stands in the table behind it."""
    inner = f"<g><title>{esc(title)}</title>{drawn}</g>"
    return f'<a href="{esc(href)}" tabindex="-1">{inner}</a>' if href else inner


def picture(
    name: str,
    css: str,
    size: tuple[int, int],
    *,
    title: str,
    description: str,
    body: Sequence[str],
) -> str:
    """Put a picture together; ``name`` tells its ids from those of others on the page. It is a
    group and no image: an image may hold no link, not even one for the pointer alone."""
    name = esc(name)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture {css}" role="group"'
        f' viewBox="0 0 {size[0]} {size[1]}" font-size="13"'
        f' aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{esc(title)}</title><desc id="{name}-d">{esc(description)}</desc>'
        f'<g aria-hidden="true">{"".join(body)}</g></svg>'
    )


def key(signs: Sequence[tuple[str, str]], top: int) -> tuple[list[str], int]:
    """Draw a legend of (sign drawn within 24 × 20 units from 0,0; words), as many lines as it
    takes; return it with the place where it ends."""
    drawn: list[str] = []
    x, y = Decimal(0), top
    for sign, said in signs:
        width = 34 + room_for(said) + 18
        if x and x + width > WIDTH:
            x, y = Decimal(0), y + LINE
        drawn.append(f'<g transform="translate({at(x)} {at(y)})">{sign}</g>')
        drawn.append(words(x + 32, y + 17, cut(said, WIDTH - 34), "soft", full=said))
        x += width
    return drawn, y + LINE if signs else top


def with_unit(text: str, unit: str) -> str:
    """Write a unit behind a figure where people do: 29,6 %; others stand in the heading."""
    return f"{text} %" if unit == "%" else text
