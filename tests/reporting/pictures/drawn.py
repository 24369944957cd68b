"""SVG text read back: its parts by name and class, its words, its coordinates."""

from collections.abc import Iterator
from decimal import Decimal
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


class Drawn:
    """A picture as a reader of XML finds it."""

    def __init__(self, text: str) -> None:
        self.root = ET.fromstring(text)  # noqa: S314 - drawn by ourselves

    def all(self, tag: str, css: str = "") -> list[ET.Element]:
        wanted = set(css.split())
        found = self.root.iter(f"{SVG}{tag}")
        return [one for one in found if wanted <= set(one.get("class", "").split())]

    @property
    def title(self) -> str:
        return self.root.findtext(f"{SVG}title") or ""

    @property
    def description(self) -> str:
        return self.root.findtext(f"{SVG}desc") or ""

    @property
    def told(self) -> list[str]:
        """What is told where the pointer rests, in the order of drawing."""
        groups = self.root.iterfind(f"{SVG}g//{SVG}g")
        return [group.findtext(f"{SVG}title") or "" for group in groups if len(group)]

    @property
    def lines(self) -> list[int]:
        """Of how many points each line is."""
        return [len((one.get("points") or "").split()) for one in self.all("polyline")]

    @property
    def written(self) -> list[str]:
        """The lines of text as they are shown."""
        return [_own_words(one) for one in self.all("text")]

    def words(self, css: str) -> list[str]:
        return [_own_words(one) for one in self.all("text", css)]

    @property
    def coordinates(self) -> Iterator[Decimal]:
        for one in self.root.iter():
            for name in ("x", "y", "cx", "cy", "x1", "x2", "y1", "y2", "width", "height"):
                if one.get(name) is not None:
                    yield Decimal(one.get(name) or "")


def _own_words(text: ET.Element) -> str:
    """The words of a line of text, without its title."""
    return "".join([text.text or "", *(child.tail or "" for child in text)])
