"""Which lines of a block are which rows of a form where several bear one name, told by order.

Lines come in the order of the rows. Of all ways to give lines to rows in that order the best is the
one of the greatest weight; what all best ways agree on is certain, the rest is not known.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Pair = tuple[int, int]
# How much it adds that two lines follow each other as their rows do.
FOLLOWS = 3


class Chain(NamedTuple):
    """The weight of the best ways up to some place, and how many there are."""

    weight: int
    ways: int


NOTHING = Chain(0, 1)


def certain(
    weights: Sequence[Mapping[int, int]], rows: int, follow: Callable[[Pair, Pair], bool]
) -> dict[int, int]:
    """Return line → row where all best ways agree. ``weights`` has, for each line, the rows it may
    be and how well each fits; ``follow`` says of two near pairs whether one belongs behind the
    other. Costs lines × rows steps."""
    ahead = _chains(weights, rows, follow, step=1)
    back = _chains(weights, rows, follow, step=-1)
    best = max((chain.weight for chain in ahead.values()), default=0)
    ways = sum(chain.ways for chain in ahead.values() if chain.weight == best)
    return {
        line: row
        for (line, row), chain in ahead.items()
        if chain.weight + back[line, row].weight - weights[line][row] == best
        and chain.ways * back[line, row].ways == ways
    }


def _chains(
    weights: Sequence[Mapping[int, int]],
    rows: int,
    follow: Callable[[Pair, Pair], bool],
    *,
    step: int,
) -> dict[Pair, Chain]:
    """Return the best ways that end in each pair, walking down (``step`` 1) or up (-1)."""
    found: dict[Pair, Chain] = {}
    ending = [Chain(0, 0)] * rows
    for line in range(len(weights))[::step]:
        if not weights[line]:
            continue
        before = _before(ending, step)
        for row, weight in weights[line].items():
            chain = before[row]
            for gap in (1, 2):
                near = (line - step * gap, row - step * gap)
                if near in found and follow(*sorted((near, (line, row)))):
                    held = found[near]
                    chain = _better(chain, Chain(held.weight + FOLLOWS, held.ways))
            found[line, row] = Chain(chain.weight + weight, chain.ways)
        for row in weights[line]:
            ending[row] = _better(ending[row], found[line, row])
    return found


def _before(ending: Sequence[Chain], step: int) -> list[Chain]:
    """Return, for each row, the best ways that end in a row before it."""
    before, best = [NOTHING] * len(ending), NOTHING
    for row in range(len(ending))[::step]:
        before[row] = best
        if ending[row].weight >= best.weight:
            best = _better(best, ending[row])
    return before


def _better(one: Chain, other: Chain) -> Chain:
    if one.weight == other.weight:
        return Chain(one.weight, one.ways + other.ways)
    return max(one, other)
