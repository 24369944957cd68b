"""Where an axis of figures begins and ends, and its steps of 1, 2 or 5, all in Decimal."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from reporting.numbers import write

MOST_STEPS = 5
# Figures that differ by less than this part of the highest are looked at closely: an axis from 0
# would show them as one line.
_CLOSE = Decimal("0.4")
_HUNDRED = Decimal(100)
# From this height on an axis counts in larger units, the largest that leaves whole digits.
_UNITS = (
    (Decimal(10) ** 13, Decimal(10) ** 12, "nghìn tỷ"),
    (Decimal(10) ** 10, Decimal(10) ** 9, "tỷ"),
    (Decimal(10) ** 6, Decimal(10) ** 6, "triệu"),
)


@dataclass(frozen=True, slots=True)
class Axis:
    """The ticks of an axis from ``low`` to ``high``; ``scale`` says in which large unit they are
    written, "" in none."""

    ticks: Sequence[Decimal]
    labels: Sequence[str]
    scale: str = ""

    @property
    def low(self) -> Decimal:
        return self.ticks[0]

    @property
    def high(self) -> Decimal:
        return self.ticks[-1]

    def share(self, number: Decimal) -> Decimal:
        """Return how far up the axis ``number`` stands: 0 at its foot, 1 at its head."""
        return (number - self.low) / (self.high - self.low)


def nice_step(span: Decimal, most: int = MOST_STEPS) -> Decimal:
    """Return the smallest step of 1, 2 or 5 (times a power of ten) that goes at most ``most`` times
    into ``span``.

    >>> [nice_step(Decimal(span)) for span in (5, 7, 23, 100)]
    [Decimal('1'), Decimal('2'), Decimal('5'), Decimal('20')]
    >>> nice_step(Decimal("0.37"))
    Decimal('0.1')
    """
    raw = span / most
    base = Decimal(1).scaleb(raw.adjusted())
    step = next(times * base for times in (1, 2, 5, 10) if times * base >= raw)
    return step.normalize() if step < 1 else step.quantize(Decimal(1))


def axis(numbers: Collection[Decimal], *, is_rate: bool = False, from_zero: bool = False) -> Axis:
    """Return the axis on which all ``numbers`` find room. It begins at 0, unless they lie close to
    each other and far from it, and then only without ``from_zero``."""
    if not numbers:
        return _axis(Decimal(0), Decimal(1), Decimal(1))
    lowest, highest = min(numbers), max(numbers)
    spread = highest - lowest
    is_close = 0 < spread < _CLOSE * highest and lowest > 0
    # Looked at closely, the lowest still stands clear of the foot.
    near = max(lowest - spread / 4, Decimal(0))
    low = near if is_close and not from_zero else min(lowest, Decimal(0))
    high = max(highest, Decimal(0))
    step = nice_step(high - low or Decimal(1))
    if all(number == number.to_integral_value() for number in numbers):
        step = max(step, Decimal(1))
    found = _axis(low, high, step)
    # No rate is above 100 %, so its axis is not either.
    if is_rate and highest <= _HUNDRED < found.high:
        kept = [tick for tick in found.ticks if tick < _HUNDRED]
        return _labelled([*kept, _HUNDRED])
    return found


def _axis(low: Decimal, high: Decimal, step: Decimal) -> Axis:
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
    return _labelled([(first + number) * step for number in range(int(last - first) + 1)])


def _labelled(ticks: Sequence[Decimal]) -> Axis:
    for height, unit, name in _UNITS:
        if ticks[-1] >= height:
            return Axis(ticks, [write(tick / unit) for tick in ticks], name)
    return Axis(ticks, [write(tick) for tick in ticks])
