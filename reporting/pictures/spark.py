"""A trend as small as a word: its course and its last point, without axis or letters."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.numbers import write
from reporting.pictures.svg import at, picture, with_unit

_WIDTH, _HEIGHT, _EDGE = 120, 32, 5
# The least part of the highest figure that the height stands for.
_NARROWEST = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Spark:
    """Figures as printed in order of time, None where there is none; ``anew`` are the places at
    which counting begins anew, so that no line leads there."""

    name: str
    title: str
    numbers: Sequence[Decimal | None]
    unit: str = ""
    anew: Collection[int] = ()


def spark(asked: Spark) -> str:
    """Return the tiny trend as SVG text."""
    return picture(
        asked.name,
        "spark",
        (_WIDTH, _HEIGHT),
        title=asked.title,
        description=described(asked),
        body=list(_drawn(asked)),
    )


def described(asked: Spark) -> str:
    """Tell the figures one after the other, as they are few."""
    if all(number is None for number in asked.numbers):
        return "Chưa có số liệu."
    told = (
        ("tính lại từ đầu: " if place in asked.anew else "")
        + ("chưa có số" if number is None else with_unit(write(number), asked.unit))
        for place, number in enumerate(asked.numbers)
    )
    return f"Lần lượt: {'; '.join(told)}."


def _between(numbers: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Return what the foot and the head stand for. There is no axis to tell how far they are
    apart, so that they are never so close that a hair's breadth looks like a fall."""
    low, high = min(numbers), max(numbers)
    lacking = max(max(abs(low), abs(high)) * _NARROWEST - (high - low), Decimal(0))
    low, high = low - lacking / 2, high + lacking / 2
    return (low, high) if high > low else (low - 1, high + 1)


def _runs(asked: Spark) -> Sequence[Sequence[tuple[int, Decimal]]]:
    """Return the figures that a line joins, with their places."""
    runs: list[list[tuple[int, Decimal]]] = [[]]
    for place, number in enumerate(asked.numbers):
        if number is None or place in asked.anew:
            runs.append([])
        if number is not None:
            runs[-1].append((place, number))
    return [run for run in runs if run]


def _drawn(asked: Spark) -> Iterator[str]:
    found = [(place, n) for place, n in enumerate(asked.numbers) if n is not None]
    if not found:
        return
    low, high = _between([n for _, n in found])
    step = Decimal(_WIDTH - 2 * _EDGE) / max(len(asked.numbers) - 1, 1)

    def x(place: int) -> str:
        return at(_EDGE + place * step if len(asked.numbers) > 1 else Decimal(_WIDTH) / 2)

    def y(number: Decimal) -> str:
        share = (number - low) / (high - low)
        return at(_HEIGHT - _EDGE - share * (_HEIGHT - 2 * _EDGE))

    for run in _runs(asked):
        place, number = run[0]
        if len(run) > 1:
            points = " ".join(f"{x(place)},{y(number)}" for place, number in run)
            yield (
                f'<polyline class="line" points="{points}" fill="none"'
                ' stroke="currentColor" stroke-width="2"/>'
            )
        elif place < len(asked.numbers) - 1:
            # A figure between two gaps has no line to stand on.
            left, top = x(place), y(number)
            yield f'<circle class="dot" cx="{left}" cy="{top}" r="2" fill="currentColor"/>'
    place, number = found[-1]
    # Only what is newest is a dot of its own; where it is missing, so is the dot.
    if place == len(asked.numbers) - 1:
        yield f'<circle class="dot" cx="{x(place)}" cy="{y(number)}" r="3.5" fill="currentColor"/>'
