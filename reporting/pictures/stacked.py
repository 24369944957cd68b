"""What wholes are made of: bars of equal length whose parts are told apart by their pattern."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from reporting.numbers import write
from reporting.pictures.svg import (
    WIDTH,
    at,
    box,
    cut,
    esc,
    key,
    line,
    picture,
    room_for,
    told,
    words,
)

_ROW = 62
_BAR = 26
_MOST_TOLD = 10
# In order of the series: full, lines upward, dots, empty, lines downward, crossed lines. What is
# done comes first and is darkest; what is missing should be the empty one.
PATTERNS = 6
_HATCHES = (
    "",
    "M-2 2l4 -4M0 8l8 -8M6 10l4 -4",
    "M1.5 1.5h1.5v1.5h-1.5zM5.5 5.5h1.5v1.5h-1.5z",
    "",
    "M-2 6l4 4M0 0l8 8M6 -2l4 4",
    "M0 4h8M4 0v8",
)
_EMPTY = 3


@dataclass(frozen=True, slots=True)
class Stack:
    """One whole with its parts in order of the series; ``said`` stands at its end, the sum of the
    parts where it is empty."""

    label: str
    parts: Sequence[Decimal]
    said: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Stacked:
    """Wholes side by side, each divided into the same ``series``: at most six, each with the place
    of its pattern (0 full … 3 empty) where that is not its own place."""

    name: str
    title: str
    series: Sequence[str]
    stacks: Sequence[Stack]
    patterns: Sequence[int] = ()

    def pattern(self, place: int) -> int:
        return self.patterns[place] if self.patterns else place % PATTERNS


def stacked(asked: Stacked) -> str:
    """Return the bars as SVG text."""
    legend, top = key(
        [
            (_part(asked, place, (Decimal(0), 2), (Decimal(24), 18)), name)
            for place, name in enumerate(asked.series)
        ],
        0,
    )
    drawn = [
        drawn
        for place, one in enumerate(asked.stacks)
        for drawn in _stack(asked, one, (top + 4 + _ROW * place))
    ]
    if not asked.stacks:
        drawn = [words(Decimal(WIDTH) / 2, top + 30, "chưa có số liệu", "soft", "middle")]
    return picture(
        asked.name,
        "stacked",
        (WIDTH, top + 4 + _ROW * max(len(asked.stacks), 1)),
        title=asked.title,
        description=described(asked),
        body=[_patterns(asked), *legend, *drawn],
    )


def described(asked: Stacked) -> str:
    """Tell in sentences what the picture shows."""
    if not asked.stacks:
        return "Chưa có số liệu."
    told_of = [
        f"{stack.label}: "
        + (
            ", ".join(
                f"{write(part)} {name}"
                for name, part in zip(asked.series, stack.parts, strict=True)
                if part
            )
            or "không có"
        )
        for stack in asked.stacks[:_MOST_TOLD]
    ]
    more = len(asked.stacks) - _MOST_TOLD
    ending = f". Còn {more} dòng nữa ở bảng số liệu." if more > 0 else "."
    return "; ".join(told_of) + ending


def _patterns(asked: Stacked) -> str:
    """The patterns of this picture under names of its own: ids are shared by the whole page."""
    used = sorted({asked.pattern(place) for place in range(len(asked.series))})
    drawn = "".join(
        f'<pattern id="{esc(asked.name)}-{number}" width="8" height="8"'
        f' patternUnits="userSpaceOnUse"><rect class="g{number}" width="8" height="8" fill="#fff"/>'
        f'<path class="h{number}" d="{_HATCHES[number]}" fill="none" stroke="currentColor"'
        ' stroke-width="1.5"/></pattern>'
        for number in used
        if _HATCHES[number]
    )
    return f"<defs>{drawn}</defs>"


def _stack(asked: Stacked, stack: Stack, top: int) -> Iterator[str]:
    whole = sum(stack.parts, Decimal(0))
    said = stack.said or write(whole)
    label = cut(stack.label, WIDTH - room_for(said) - 16)
    drawn = words(0, top + 20, label) + words(WIDTH, top + 20, said, "figure", "end")
    # The outline of the whole, so that an empty part has an edge.
    drawn += f'<rect class="edge" x="1" y="{top + 28}" width="{WIDTH - 2}" height="{_BAR}"'
    drawn += ' fill="none" stroke="currentColor"/>'
    drawn += "".join(_parts(asked, stack, whole, top + 28)) if whole > 0 else ""
    counts = ", ".join(
        f"{name} {write(part)}" for name, part in zip(asked.series, stack.parts, strict=True)
    )
    yield told(f"{stack.label}: {counts}", drawn, stack.href)


def _parts(asked: Stacked, stack: Stack, whole: Decimal, top: int) -> Iterator[str]:
    room = Decimal(WIDTH - 2) / whole
    ends = [Decimal(1)]
    for part in stack.parts:
        ends.append(ends[-1] + part * room)
    for place, (part, (start, end)) in enumerate(zip(stack.parts, pairwise(ends), strict=True)):
        if part <= 0:
            continue
        yield _part(asked, place, (start, top), (end - start, _BAR))
        text = write(part)
        if end - start >= room_for(text) + 14:
            css = "inside on-full" if asked.pattern(place) == 0 else "inside"
            yield words((start + end) / 2, top + 20, text, css, "middle")
    for end in ends[1:-1]:
        yield line(end, top, end, top + _BAR, "edge")


def _part(
    asked: Stacked, place: int, corner: tuple[Decimal, int], size: tuple[Decimal, int]
) -> str:
    number = asked.pattern(place)
    if not number:
        return box(*corner, *size, "p0")
    fill = "#fff" if number == _EMPTY else f"url(#{esc(asked.name)}-{number})"
    outline = ' stroke="currentColor"' if size[0] == 24 else ""
    return (
        f'<rect class="p{number}" x="{at(corner[0])}" y="{at(corner[1])}" width="{at(size[0])}"'
        f' height="{at(size[1])}" fill="{fill}"{outline}/>'
    )
