"""A line over time, with gaps where figures are missing and marks where the form changed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from reporting.numbers import write
from reporting.pictures.axis import Axis, axis
from reporting.pictures.svg import (
    LETTER,
    LINE,
    WIDTH,
    at,
    cut,
    key,
    line,
    picture,
    room_for,
    told,
    with_unit,
    words,
)

_PLOT = 220
_TOP = 50  # the measure, and the figure of a point at the head of the plot
_EDGE = 16  # between the plot's sides and its first and last point
_RIGHT = 24
# Points that lie closer together are drawn smaller.
_CLOSE = 16
# So many points have their figures written beside them, where there is room.
_FEW = 6
# So many periods without a figure are named, then counted.
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its short ``label`` under the axis, its ``name`` in sentences, its figure as
    printed, None where there is none, and ``instead`` what is said in its place; ``note`` says what
    else is to be known of it. A figure that stands on fewer than were expected ``is_partial``."""

    label: str
    number: Decimal | None
    name: str = ""
    note: str = ""
    instead: str = "chưa có số"
    href: str = ""
    is_partial: bool = False

    @property
    def called(self) -> str:
        return self.name or self.label


class Turn(Enum):
    """What happened to a series between two points."""

    VERSION = auto()  # another edition of the form, the same meaning
    BREAK = auto()  # another meaning: no line leads across


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that holds from the point at index ``at`` on."""

    at: int
    label: str
    turn: Turn = Turn.VERSION


@dataclass(frozen=True, slots=True)
class Trend:
    """The figures of one thing over periods, in order of time and at equal distances."""

    name: str
    title: str
    points: Sequence[Point]
    unit: str = ""
    marks: Sequence[Mark] = ()


def trend(asked: Trend) -> str:
    """Return the line as SVG text."""
    size, body = _drawn(asked)
    return picture(
        asked.name, "trend", size, title=asked.title, description=described(asked), body=body
    )


def described(asked: Trend) -> str:
    """Tell in sentences what the picture shows."""
    found = [(point, point.number) for point in asked.points if point.number is not None]
    if not found:
        return "Chưa có số liệu của kỳ nào."
    first, last = asked.points[0], asked.points[-1]
    said = [f"{len(asked.points)} kỳ, từ {first.called} đến {last.called}."]
    if len(asked.points) == 1:
        said = [f"Một kỳ, {first.called}."]
    said.append(f"Mới nhất: {_figure(*found[-1], asked)}.")
    said += _of_extremes(asked)
    said += _of_gaps(asked.points)
    said += [
        f"Đứt chuỗi số liệu từ {asked.points[mark.at].called}: {mark.label}."
        if mark.turn is Turn.BREAK
        else f"Biểu mẫu {mark.label} từ {asked.points[mark.at].called}."
        for mark in _inside(asked)
    ]
    return " ".join(said)


def _figure(point: Point, number: Decimal, asked: Trend) -> str:
    unit = f" {asked.unit}" if asked.unit and asked.unit != "%" else ""
    return f"{with_unit(write(number), asked.unit)}{unit} ({point.called})"


def _of_extremes(asked: Trend) -> Iterator[str]:
    """Tell the highest and the lowest of what may be compared: nothing before the last break."""
    start = _last_break(asked)
    found = [(point, point.number) for point in asked.points[start:] if point.number is not None]
    if len(found) < 2:
        return
    # Of equal figures the latest is told, as the newest is what people ask about.
    highest = max(reversed(found), key=lambda one: one[1])
    lowest = min(reversed(found), key=lambda one: one[1])
    since = f" từ {asked.points[start].called}" if start else ""
    if highest[1] == lowest[1]:
        yield f"Các kỳ{since} có số bằng nhau."
        return
    yield f"Cao nhất{since}: {_figure(*highest, asked)}."
    yield f"Thấp nhất{since}: {_figure(*lowest, asked)}."


def _of_gaps(points: Sequence[Point]) -> Iterator[str]:
    missing: dict[str, list[str]] = defaultdict(list)
    for point in points:
        if point.number is None:
            missing[point.instead].append(point.called)
    for instead, names in missing.items():
        named = ", ".join(names[:_MOST_NAMED])
        more = f" và {len(names) - _MOST_NAMED} kỳ khác" if len(names) > _MOST_NAMED else ""
        yield f"{instead[:1].upper()}{instead[1:]}: {named}{more}."


def _inside(asked: Trend) -> list[Mark]:
    """The marks that stand between two points, in order."""
    return sorted(
        (mark for mark in asked.marks if 0 < mark.at < len(asked.points)),
        key=lambda mark: (mark.at, mark.turn is Turn.BREAK),
    )


def _last_break(asked: Trend) -> int:
    """Return the place of the first point that no break comes after."""
    return max((mark.at for mark in _inside(asked) if mark.turn is Turn.BREAK), default=0)


@dataclass(frozen=True)
class _Plot:
    """Where figures and periods lie in the picture."""

    axis: Axis
    points: Sequence[Point]
    left: Decimal
    top: int

    @property
    def foot(self) -> int:
        return self.top + _PLOT

    @property
    def right(self) -> int:
        return WIDTH - _RIGHT

    @property
    def step(self) -> Decimal:
        room = self.right - self.left - 2 * _EDGE
        return room / max(len(self.points) - 1, 1)

    def x(self, place: Decimal | int) -> Decimal:
        if len(self.points) == 1:
            return (self.left + self.right) / 2
        return self.left + _EDGE + place * self.step

    def y(self, number: Decimal) -> Decimal:
        return self.foot - self.axis.share(number) * _PLOT


def _drawn(asked: Trend) -> tuple[tuple[int, int], list[str]]:
    numbers = [point.number for point in asked.points if point.number is not None]
    if not numbers:
        return (WIDTH, 60), [words(Decimal(WIDTH) / 2, 36, "chưa có số liệu", "soft", "middle")]
    scale = axis(numbers, is_rate=asked.unit == "%")
    marks, rows = _placed_marks(asked, scale)
    top = _TOP + LINE * rows
    plot = _Plot(scale, asked.points, _margin(scale), top)
    drawn = [*_grid(plot, asked.unit), *marks]
    drawn += _lines(plot, asked)
    drawn += _dots(plot, asked)
    drawn += _figures(plot, asked)
    drawn += _periods(plot)
    legend, height = key(_signs(asked, scale), plot.foot + 44)
    return (WIDTH, height if legend else plot.foot + 40), [*drawn, *legend]


def _margin(scale: Axis) -> Decimal:
    return max(room_for(label) for label in scale.labels) + 12


def _grid(plot: _Plot, unit: str) -> Iterator[str]:
    for tick, label in zip(plot.axis.ticks, plot.axis.labels, strict=True):
        y = plot.y(tick)
        css = "grid base" if tick in {0, plot.axis.low} else "grid"
        yield line(plot.left, y, plot.right, y, css)
        yield words(plot.left - 10, y + 6, label, "soft", "end")
    measure = f"{unit} (trục: {plot.axis.scale})" if plot.axis.scale else unit
    if measure:
        yield words(0, 18, cut(measure, WIDTH), "soft", full=measure)


def _placed_marks(asked: Trend, scale: Axis) -> tuple[list[str], int]:
    """Draw the marks, each named on the first row where its name meets no other; return them with
    the number of rows."""
    marks = _inside(asked)
    ends: list[Decimal] = []
    placed = []
    plot = _Plot(scale, asked.points, _margin(scale), 0)
    for mark in marks:
        x = plot.x(mark.at - Decimal("0.5"))
        label = cut(mark.label, max(x, WIDTH - x) - 8)
        is_right = x + 8 + room_for(label) <= WIDTH
        start = x + 8 if is_right else x - 8 - room_for(label)
        row = next((row for row, end in enumerate(ends) if end <= start), len(ends))
        ends[row : row + 1] = [start + room_for(label) + 12]
        placed.append((mark, x, label, is_right, row))
    foot = _TOP + LINE * len(ends) + _PLOT
    return [
        drawn
        for mark, x, label, is_right, row in placed
        for drawn in _mark(mark, x, (label, is_right), (24 + LINE * row, foot))
    ], len(ends)


def _mark(mark: Mark, x: Decimal, named: tuple[str, bool], span: tuple[int, int]) -> Iterator[str]:
    (label, is_right), (top, foot) = named, span
    if mark.turn is Turn.BREAK:
        yield line(x - 2, top, x - 2, foot, "turn broken")
        yield line(x + 2, top, x + 2, foot, "turn broken")
    else:
        yield line(x, top, x, foot, "turn", dash="6 5")
    anchor = "start" if is_right else "end"
    yield words(x + (8 if is_right else -8), top + 18, label, "mark", anchor, full=mark.label)


def _lines(plot: _Plot, asked: Trend) -> Iterator[str]:
    """Lead a line from figure to figure, never across a missing one nor a break."""
    broken = {mark.at for mark in _inside(asked) if mark.turn is Turn.BREAK}
    run: list[str] = []
    for place, point in enumerate(plot.points):
        if point.number is None or place in broken:
            yield from _run(run)
            run = []
        if point.number is not None:
            run.append(f"{at(plot.x(place))},{at(plot.y(point.number))}")
    yield from _run(run)


def _run(run: Sequence[str]) -> Iterator[str]:
    if len(run) > 1:
        yield (
            f'<polyline class="line" points="{" ".join(run)}" fill="none" stroke="currentColor"'
            ' stroke-width="2.5"/>'
        )


def _dots(plot: _Plot, asked: Trend) -> Iterator[str]:
    """Draw the points; those before a break are squares, so that no eye joins them."""
    last_break = _last_break(asked)
    for place, point in enumerate(plot.points):
        x = plot.x(place)
        note = f" ({point.note})" if point.note else ""
        if point.number is None:
            said = f"{point.called}: {point.instead}{note}"
            yield told(said, _cross(x, plot.foot - 10), point.href)
            continue
        said = f"{point.called}: {with_unit(write(point.number), asked.unit)}{note}"
        y = plot.y(point.number)
        css = "dot partial" if point.is_partial else "dot"
        # A wider ground than the dot itself, for the finger.
        ground = f'<circle cx="{at(x)}" cy="{at(y)}" r="12" fill-opacity="0"/>'
        size = 5 if plot.step >= _CLOSE else 3
        yield told(said, ground + _dot((x, y), css, size, is_old=place < last_break), point.href)


def _dot(place: tuple[Decimal, Decimal], css: str, size: int = 5, *, is_old: bool = False) -> str:
    x, y = place
    drawn = ' stroke="currentColor" stroke-width="2.5"'
    drawn += ' fill="#fff"' if "partial" in css else ' fill="currentColor"'
    if is_old:
        corner = f'x="{at(x - size)}" y="{at(y - size)}"'
        return f'<rect class="{css}" {corner} width="{2 * size}" height="{2 * size}"{drawn}/>'
    return f'<circle class="{css}" cx="{at(x)}" cy="{at(y)}" r="{size}"{drawn}/>'


def _cross(x: Decimal | int, y: Decimal | int) -> str:
    return (
        f'<path class="cross" d="M{at(x - 5)} {at(y - 5)}l10 10m0 -10l-10 10"'
        ' fill="none" stroke="currentColor" stroke-width="2"/>'
    )


def _figures(plot: _Plot, asked: Trend) -> Iterator[str]:
    """Write figures beside the points: all of a few, else the last, and the highest and the lowest
    since the last break, as far as they find room."""
    found = [(n, p.number) for n, p in enumerate(plot.points) if p.number is not None]
    start = _last_break(asked)
    by_number = sorted((one for one in found if one[0] >= start), key=lambda one: one[1])
    wanted = [found[-1], *by_number[-1:], *by_number[:1]]
    # Written under its point, where others lie higher.
    valley = by_number[0][1] if by_number and by_number[0][1] != by_number[-1][1] else None
    if len(plot.points) <= _FEW:
        wanted += found
    taken: list[tuple[Decimal, Decimal, Decimal]] = []
    for place, number in dict.fromkeys(wanted):
        text = with_unit(write(number), asked.unit)
        half = room_for(text) / 2
        x = min(max(plot.x(place), half), WIDTH - half)
        y = plot.y(number)
        is_valley = place >= start and number == valley and y + LINE < plot.foot
        y = y + LETTER + 6 if is_valley else y - 12
        if all(abs(x - a) >= half + b + 6 or abs(y - c) >= LETTER + 4 for a, b, c in taken):
            taken.append((x, half, y))
            yield words(x, y, text, "figure", "middle")


def _periods(plot: _Plot) -> Iterator[str]:
    """Name the periods under the axis, as many as find room, counted back from the last."""
    widest = max(room_for(point.label) for point in plot.points)
    every = max(int((widest * Decimal("1.25") + 12) / plot.step) + 1, 1) if plot.step else 1
    # An even step names the same period of every year, where a year has two or four.
    every += every > 1 and every % 2
    last = len(plot.points) - 1
    for place, point in enumerate(plot.points):
        yield line(plot.x(place), plot.foot, plot.x(place), plot.foot + 5, "grid base")
        if (last - place) % every == 0:
            half = room_for(point.label) / 2
            x = min(max(plot.x(place), half), WIDTH - half)
            yield words(x, plot.foot + 26, point.label, "soft", "middle", full=point.called)


def _signs(asked: Trend, scale: Axis) -> list[tuple[str, str]]:
    """The signs that this picture needs words for."""
    middle = Decimal(10), Decimal(10)
    turns = {mark.turn for mark in _inside(asked)}
    instead = dict.fromkeys(one.instead for one in asked.points if one.number is None)
    broken = line(8, 0, 8, 20, "turn broken") + line(12, 0, 12, 20, "turn broken")
    zigzag = '<path class="cross" d="M10 0v5l5 3l-10 4l5 3v5" fill="none" stroke="currentColor"/>'
    found = (
        (bool(instead), _cross(10, 10), ", ".join(instead)),
        (
            any(one.is_partial and one.number is not None for one in asked.points),
            _dot(middle, "dot partial"),
            "chưa đủ đơn vị",
        ),
        (Turn.VERSION in turns, line(10, 0, 10, 20, "turn", dash="6 5"), "biểu mẫu đổi"),
        (Turn.BREAK in turns, broken, "đứt chuỗi số liệu"),
        (Turn.BREAK in turns, _dot(middle, "dot", is_old=True), "trước chỗ đứt"),
        (scale.low > 0, zigzag, f"trục bắt đầu từ {scale.labels[0]}, không từ 0"),
    )
    return [(sign, said) for is_there, sign, said in found if is_there]
