"""Named things compared by the length of their bars, with what stands out named in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.numbers import write
from reporting.pictures.axis import axis
from reporting.pictures.svg import (
    WIDTH,
    box,
    cut,
    diamond,
    line,
    picture,
    room_for,
    told,
    with_unit,
    words,
)

_ROW = 50
_TOP = 4
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing with its figure as printed, None where there is none, and ``instead`` what is said
    in its place. ``outlier`` says in a few words why it stands out, "" where it does not; ``note``
    what else is to be known of it."""

    label: str
    number: Decimal | None
    outlier: str = ""
    note: str = ""
    href: str = ""
    instead: str = "chưa có số"


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars in the order in which they are to stand."""

    name: str
    title: str
    bars: Sequence[Bar]
    unit: str = ""


def bars(asked: Bars) -> str:
    """Return the bars as SVG text."""
    drawn = list(_drawn(asked))
    if not drawn:
        drawn = [words(Decimal(WIDTH) / 2, 30, "chưa có số liệu", "soft", "middle")]
    return picture(
        asked.name,
        "bars",
        (WIDTH, _TOP + _ROW * max(len(asked.bars), 1)),
        title=asked.title,
        description=described(asked),
        body=drawn,
    )


def described(asked: Bars) -> str:
    """Tell in sentences what the picture shows."""
    found = [(bar, bar.number) for bar in asked.bars if bar.number is not None]
    if not found:
        return "Chưa có số liệu."
    highest = max(found, key=lambda one: one[1])
    lowest = min(found, key=lambda one: one[1])
    unit = f" {asked.unit}" if asked.unit and asked.unit != "%" else ""

    def figure(bar: Bar, number: Decimal) -> str:
        return f"{bar.label}, {with_unit(write(number), asked.unit)}{unit}"

    if len(found) == 1:
        said = [f"{figure(*found[0])}."]
    elif highest[1] == lowest[1]:
        number = with_unit(write(highest[1]), asked.unit)
        said = [f"{len(found)} dòng có số, bằng nhau: {number}{unit}."]
    else:
        said = [
            f"{len(found)} dòng có số.",
            f"Cao nhất: {figure(*highest)}.",
            f"Thấp nhất: {figure(*lowest)}.",
        ]
    said += _named("Khác thường", [f"{b.label} ({b.outlier})" for b in asked.bars if b.outlier])
    missing = [bar for bar in asked.bars if bar.number is None]
    for instead in dict.fromkeys(bar.instead for bar in missing):
        names = [bar.label for bar in missing if bar.instead == instead]
        said += _named(f"{instead[:1].upper()}{instead[1:]}", names)
    return " ".join(said)


def _named(what: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f" và {len(names) - _MOST_NAMED} dòng khác" if len(names) > _MOST_NAMED else ""
    return [f"{what}: {'; '.join(names[:_MOST_NAMED])}{more}."]


def _drawn(asked: Bars) -> Iterator[str]:
    numbers = [bar.number for bar in asked.bars if bar.number is not None]
    scale = axis(numbers, from_zero=True)
    # The longest bar is the highest figure itself: no axis is drawn whose steps would matter. Rates
    # have a whole of their own.
    whole = Decimal(100) if asked.unit == "%" else Decimal(0)
    low, high = min([*numbers, Decimal(0)]), max([*numbers, whole])
    aside = max((room_for(bar.outlier) + 34 for bar in asked.bars if bar.outlier), default=0)
    room = Decimal(WIDTH) - aside
    reach = high - low or scale.high
    zero = -low / reach * room
    for place, bar in enumerate(asked.bars):
        top = _TOP + _ROW * place
        figure = bar.instead if bar.number is None else with_unit(write(bar.number), asked.unit)
        label = cut(bar.label, WIDTH - room_for(figure) - 16)
        said = f"{bar.label}: {figure}"
        said += "".join(f", {more}" for more in (bar.outlier, bar.note) if more)
        drawn = words(0, top + 20, label) + words(
            WIDTH, top + 20, figure, "figure" if bar.number is not None else "soft", "end"
        )
        drawn += line(zero, top + 26, zero, top + 44, "grid base")
        if bar.number is not None:
            drawn += _bar(bar, bar.number, (zero, top), room / reach)
        yield told(said, drawn, bar.href)


def _bar(bar: Bar, number: Decimal, origin: tuple[Decimal, int], unit: Decimal) -> str:
    zero, top = origin
    length = abs(number) * unit
    start = zero if number >= 0 else zero - length
    drawn = box(start, top + 28, length, 14, "bar odd" if bar.outlier else "bar")
    if bar.outlier:
        end = start + length
        drawn += diamond(end + 14, top + 35, "odd")
        drawn += words(end + 28, top + 42, bar.outlier, "odd")
    return drawn
