"""Which printed line stands under which, and by what key, told by its STT and its bullets."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from string import ascii_lowercase

from indicators.catalogue.printed import PrintedLine
from indicators.catalogue.problems import LONGEST

_SECTION = re.compile(r"[IVXLC]{1,6}|[A-ZĐ]")
_ROMAN_SECTION = re.compile(r"[IVXLC]{1,6}")
_NUMBER = re.compile(r"[0-9]{1,3}")
_LETTER = re.compile(r"[a-zđ]")
# A bare number before a label is an STT only where no STT stands in its own column.
_IN_LABEL = re.compile(r"\s*([IVXLC]{1,6}|[0-9]{1,3}(?:\.[0-9]{1,3})+|[a-zđ])[.)]\s+\S")
_NUMBER_IN_LABEL = re.compile(r"\s*([0-9]{1,3})[.)]\s+\S")
_BULLET = re.compile(r"\s*([-–—−+*•·▪◦])")
# What stands under what where there is no STT: "+" under "-", "-" under a line without a bullet.
_RANKS = {"": 0, "-": 2, "–": 2, "—": 2, "−": 2, "+": 3}
_LETTER_RANK, _LAST_RANK = 1, 4
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands; and why, where its STT alone does not say so."""

    key: str
    parent: str
    why_key: str = ""
    why_parent: str = ""


@dataclass(frozen=True, slots=True)
class _Mark:
    """What stands before the words of a line: section, numbers, letter, bullet, or nothing."""

    section: str = ""
    numbers: tuple[int, ...] = ()
    letter: str = ""
    bullet: str = ""

    @property
    def rank(self) -> int:
        return _LETTER_RANK if self.letter else _RANKS.get(self.bullet, _LAST_RANK)


@dataclass(frozen=True, slots=True)
class _Above:
    """The line that a numbered one belongs to, and where the two have their numbers."""

    numbers: tuple[int, ...]
    key: str
    why: str = ""


def places(lines: Sequence[PrintedLine]) -> list[Place]:
    """Return the place of every line. Keys are unique and no longer than the store holds."""
    inside = [_IN_LABEL]
    if not any(line.stt.strip() for line in lines):
        inside.append(_NUMBER_IN_LABEL)
    marks = [_mark(line, inside) for line in lines]
    outline = _Outline()
    return [
        outline.placed(line, mark, following)
        for line, mark, following in zip(lines, marks, [*marks[1:], _Mark()], strict=False)
    ]


def numeral(number: int) -> str:
    """Return a number from 1 in Roman numerals.

    >>> numeral(14)
    'XIV'
    """
    written = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        written += sign * times
    return written + "I" * number


def _mark(line: PrintedLine, inside: Sequence[re.Pattern[str]]) -> _Mark:
    stt = unicodedata.normalize("NFC", line.stt).strip()
    found = None if stt else next(filter(None, (one.match(line.label) for one in inside)), None)
    parts = [part for part in re.split(r"[.()\s]+", found[1] if found else stt) if part]
    section = parts.pop(0) if parts and _SECTION.fullmatch(parts[0]) else ""
    letter = parts.pop() if parts and _LETTER.fullmatch(parts[-1]) else ""
    if (section or letter or parts) and all(_NUMBER.fullmatch(part) for part in parts):
        return _Mark(section, tuple(map(int, parts)), letter)
    bullet = _BULLET.match(stt) or _BULLET.match(line.label)
    return _Mark(bullet=bullet[1] if bullet else "")


@dataclass(slots=True)
class _Outline:
    """What is open while a table is read from its first line to its last."""

    taken: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)
    # "A" over "I" over "1", where a table has them; keys.
    outer: str = ""
    section: str = ""
    numeral: str = ""
    unnumbered_sections: int = 0
    # The numbered lines above the next one, each a level deeper than the one before.
    open: list[_Above] = field(default_factory=list)
    # All numbered lines of the section, and the highest number given below each.
    met: dict[tuple[int, ...], _Above] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    # A heading without STT among the parts of a numbered line takes the parts that follow it.
    heads: dict[str, str] = field(default_factory=dict)
    # The line that lines without STT belong to, and those of them that may have parts.
    base: str = ""
    run: list[tuple[int, str]] = field(default_factory=list)
    lettered: Counter[str] = field(default_factory=Counter)

    def placed(self, line: PrintedLine, mark: _Mark, following: _Mark) -> Place:
        place = self._place(line, mark, following)
        self.lines.add(place.key)
        # "I.1" may stand in a table that has no line "I".
        return place if place.parent in self.lines else replace(place, parent="")

    def _place(self, line: PrintedLine, mark: _Mark, following: _Mark) -> Place:
        if mark.letter or not (mark.section or mark.numbers):
            is_heading = mark == _Mark() and not (line.unit.strip() or line.stt.strip())
            return (self._heading(line, following) if is_heading else None) or self._part(mark)
        if mark.section and (mark.section != self.numeral or not mark.numbers):
            place = self._printed_section(mark.section)
            if not mark.numbers:
                return place
        return self._numbered(line, mark)

    def _heading(self, line: PrintedLine, following: _Mark) -> Place | None:
        """A line without STT and unit opens a section where the numbers begin anew after it or,
        printed bold, where a top number follows; and a part of a numbered line where that line's
        numbers go on after it."""
        is_top = len(following.numbers) == 1 and not (following.section or following.letter)
        if is_top and (line.bold or following.numbers == (1,)):
            self.unnumbered_sections += 1
            key = self._free(numeral(self.unnumbered_sections))
            self._enter(key, key)
            return Place(key, "", why_key="dòng không có STT mở một phần mới")
        near = self.open if line.bold else self.open[-2:]
        owners = [one.key for one in near if one.numbers == following.numbers[:-1]]
        if self.run or not owners:
            return None
        key = self._lettered(owners[0])
        self.heads[owners[0]] = self.base = key
        why = f"dòng không có STT đứng giữa các dòng của {owners[0]}"
        return Place(key, owners[0], why_key=why, why_parent=why)

    def _part(self, mark: _Mark) -> Place:
        """A line without STT belongs to the last numbered line, or to the bullet above it."""
        named = self.met.get(mark.numbers)
        while self.run and self.run[-1][0] >= mark.rank:
            self.run.pop()
        parent = self.run[-1][1] if self.run else named.key if named else self.base
        key = self._lettered(parent, mark.letter if mark.letter.isascii() else "")
        self.run.append((mark.rank, key))
        why = "dòng không có số thứ tự riêng" + (f", đứng dưới dòng {parent}" if parent else "")
        is_printed = bool(named and mark.letter and key == f"{parent}.{mark.letter}")
        return Place(key, parent, "" if is_printed else why, "" if is_printed else why)

    def _printed_section(self, printed: str) -> Place:
        is_letter = not _ROMAN_SECTION.fullmatch(printed) or (printed, self.outer) == ("C", "B")
        parent = "" if is_letter else self.outer
        key = self._free(_joined(parent, printed))
        if is_letter:
            self.outer = key
        self._enter(key, printed)
        why = f"đứng trong phần {parent}" if parent else f"STT «{printed}» đã có ở dòng trên"
        return Place(key, parent, "" if key == printed else why, why if parent else "")

    def _enter(self, key: str, printed: str) -> None:
        self.section = self.base = key
        self.numeral = printed
        self.open, self.run, self.met = [], [], {}

    def _numbered(self, line: PrintedLine, mark: _Mark) -> Place:
        above = self._above(mark.numbers)
        numbers = (*above.numbers, *mark.numbers[len(above.numbers) :])
        numbers, why = self._with_its_zero(above.key, numbers) or (numbers, above.why)
        wished = _joined(above.key, *numbers[len(above.numbers) :])
        key = self._free(wished)
        if key != wished:
            why = above.why or f"STT «{line.stt.strip()}» đã có ở dòng trên"
        this = _Above(numbers, key)
        self.open = [*(one for one in self.open if len(one.numbers) <= len(above.numbers)), this]
        self.met.setdefault(numbers, this)
        self.highest[above.key] = max(self.highest.get(above.key, 0), numbers[-1])
        self.base, self.run = key, []
        parent = self.heads.get(above.key, above.key)
        head, _, _ = (printed := _joined(mark.section, *mark.numbers)).rpartition(".")
        why = why or f"STT đánh trong phạm vi {parent or self.section}"
        return Place(key, parent, "" if key == printed else why, "" if parent == head else why)

    def _above(self, numbers: tuple[int, ...]) -> _Above:
        """Find the line that one with these printed numbers belongs to.

        Where the numbers contradict the place (1.1.1 printed under 1.2), the place wins.
        """
        head = numbers[:-1]
        top = _Above((), self.section)
        found = next((one for one in self.open if one.numbers == head), top if not head else None)
        if found:
            return found
        shallower = [one for one in self.open if len(one.numbers) < len(numbers)]
        shared = [one for one in shallower if one.numbers == numbers[: len(one.numbers)]]
        nearest = shallower[-1] if shallower else top
        begins_next = head[0] == (nearest.numbers or (0,))[0] + 1
        if head > nearest.numbers and (shared or begins_next or nearest is top):
            missing = ".".join(map(str, head))
            above = self.met.get(head) or (shared[-1] if shared else top)
            return _Above(above.numbers, above.key, f"phía trên không có dòng {missing}")
        return _Above(
            # The numbers that the line would have if it were counted where it stands.
            (*nearest.numbers, *numbers[len(nearest.numbers) : -1]),
            nearest.key,
            f"STT «{'.'.join(map(str, numbers))}» đứng dưới dòng {nearest.key}",
        )

    def _with_its_zero(
        self, above: str, numbers: tuple[int, ...]
    ) -> tuple[tuple[int, ...], str] | None:
        """A spreadsheet writes 1.10 as 1.1: the second 1.1 after 1.9 is 1.10."""
        following = self.highest.get(above, 0) + 1
        is_cut = str(following).rstrip("0") == str(numbers[-1])
        if len(numbers) != 2 or not is_cut or _joined(above, numbers[-1]) not in self.taken:
            return None
        whole = (*numbers[:-1], following)
        return whole, f"bảng tính đã bỏ số 0 cuối: {_joined(above, following)}"

    def _lettered(self, parent: str, wished: str = "") -> str:
        key = _joined(parent, wished)
        while not wished or key in self.taken:
            wished = _letters(self.lettered[parent])
            self.lettered[parent] += 1
            key = _joined(parent, wished)
        return self._free(key)

    def _free(self, wished: str) -> str:
        """Return ``wished`` or, where it is taken or too long, a key made from it."""
        stem = wished if len(wished) <= LONGEST["key"] - 5 else f"d{len(self.taken) + 1}"
        tries = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
        key = next(key for key in tries if key not in self.taken)
        self.taken.add(key)
        return key


def _joined(*parts: object) -> str:
    return ".".join(str(part) for part in parts if part != "")


def _letters(number: int) -> str:
    """0 is a, 25 is z, 26 is aa."""
    above, this = divmod(number, len(ascii_lowercase))
    return (_letters(above - 1) if above else "") + ascii_lowercase[this]
