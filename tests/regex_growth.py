"""How the work of a regular expression grows with the text: judged by its structure alone.

The expression becomes Glushkov's automaton: one state for each place that takes a character, one
edge for each way from one to the next. An engine that tries one way after the other works

* exponentially, where a state comes back to itself in two ways on the same text: ``(a+)+$``;
* by a power of the length, where a loop and a later loop can share the same text: ``a*a*b``.

A search that may begin anywhere is a loop before the expression: ``a+b`` on ``aaaa``. What follows
from ambiguity alone is sought, so that a verdict may be too strict, never too mild: a group that
gives nothing back is taken as one that does, and a count to ``LARGE`` or more as one without end.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from math import inf
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

LARGE = 13
# Where classes of characters differ: ASCII, Latin, Vietnamese, marks, and some of everything else.
_SAMPLE = {
    *range(0x80),
    *map(
        ord,
        "\x85\xa0²ºăâđêôơưáàảãạĐƠ\u0300\u0301\u0660\u2003\u200b–\u202f\u3000\ud800\ufeff\uffff😀",
    ),
}
_CATEGORIES = {
    code.CATEGORY_DIGIT: r"\d",
    code.CATEGORY_NOT_DIGIT: r"\D",
    code.CATEGORY_SPACE: r"\s",
    code.CATEGORY_NOT_SPACE: r"\S",
    code.CATEGORY_WORD: r"\w",
    code.CATEGORY_NOT_WORD: r"\W",
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the automaton: where it begins and ends, and in how many ways it takes nothing.

    What is ``sure`` holds whatever stands around; the rest hangs on an assertion such as ``$``.
    """

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    empty: int = 1
    sure_last: frozenset[int] = frozenset()
    is_surely_empty: bool = True


@dataclass
class _Automaton:
    flags: int
    alphabet: Sequence[str]
    takes: list[frozenset[str]] = field(default_factory=list)
    ways: Counter[tuple[int, int]] = field(default_factory=Counter)

    def place(self, characters: Iterable[str]) -> _Part:
        self.takes.append(frozenset(characters))
        at = len(self.takes) - 1
        return _Part((at,), (at,), 0, frozenset({at}), False)

    def join(self, before: _Part, after: _Part) -> _Part:
        self.ways.update(product(before.last, after.first))
        return _Part(
            before.first + after.first * before.empty,
            after.last + before.last * after.empty,
            min(before.empty * after.empty, 2),
            after.sure_last | (before.sure_last if after.is_surely_empty else frozenset()),
            before.is_surely_empty and after.is_surely_empty,
        )

    def loop(self, part: _Part) -> _Part:
        self.ways.update(product(part.last, part.first))
        return part

    def read(self, tree: Iterable[tuple[Any, Any]]) -> _Part:
        whole = _Part()
        for name, said in tree:
            whole = self.join(whole, self._one(name, said))
        return whole

    def before(self, tree: Sequence[tuple[Any, Any]]) -> _Part:
        """Return what must stand before the first place: one sign that is not, ``(?<!\\s)``."""
        for name, said in tree[:1]:
            if name is code.ASSERT_NOT and said[0] == -1 and len(said[1]) == 1:
                sign = said[1][0]
                return self.place(c for c in self.alphabet if not self._is_in(c, *sign))
        return _Part()

    def _one(self, name: Any, said: Any) -> _Part:
        match name:
            case code.LITERAL | code.NOT_LITERAL | code.ANY | code.IN:
                return self.place(c for c in self.alphabet if self._is_in(c, name, said))
            case code.AT | code.GROUPREF:
                return _Part(is_surely_empty=False)
            case code.ASSERT | code.ASSERT_NOT:
                # Ways into what is looked at cost steps, and lead no further.
                return _Part(self.read(said[1]).first, is_surely_empty=False)
            case code.SUBPATTERN:
                return self.read(said[-1])
            case code.ATOMIC_GROUP:
                return self.read(said)
            case code.BRANCH:
                return self._either([self.read(one) for one in said[1]])
            case code.GROUPREF_EXISTS:
                return self._either([self.read(one or ()) for one in said[1:]])
            case code.MAX_REPEAT | code.MIN_REPEAT | code.POSSESSIVE_REPEAT:
                return self._repeated(*said)
        raise NotImplementedError(name)

    def _either(self, parts: Sequence[_Part]) -> _Part:
        return _Part(
            tuple(at for one in parts for at in one.first),
            tuple(at for one in parts for at in one.last),
            min(sum(one.empty for one in parts), 2),
            frozenset().union(*(one.sure_last for one in parts)),
            any(one.is_surely_empty for one in parts),
        )

    def _repeated(self, least: int, most: int, tree: Any) -> _Part:
        whole = _Part()
        endless = most >= LARGE
        needed = min(least, LARGE)
        for _ in range(needed - endless if needed else 0):
            whole = self.join(whole, self.read(tree))
        if endless:
            again = self.loop(self.read(tree))
            if again.empty and needed > 1:
                # Each of the many may be the one that takes nothing: (a?){30}.
                self.loop(again)
            return self.join(whole, again if needed else self._either([again, _Part()]))
        rest = _Part()
        for _ in range(most - needed):
            rest = self._either([self.join(self.read(tree), rest), _Part()])
        return self.join(whole, rest)

    def _is_in(self, character: str, name: Any, said: Any) -> bool:
        cases = {character}
        if self.flags & re.IGNORECASE:
            cases |= {one for one in (character.lower(), character.upper()) if len(one) == 1}
        match name:
            case code.LITERAL:
                return said in map(ord, cases)
            case code.NOT_LITERAL:
                return said not in map(ord, cases)
            case code.ANY:
                return character != "\n" or bool(self.flags & re.DOTALL)
            case code.RANGE:
                return any(said[0] <= ord(one) <= said[1] for one in cases)
            case code.CATEGORY:
                flags = self.flags & re.ASCII
                return re.match(_CATEGORIES[said], character, flags) is not None
            case code.IN:
                is_negated = said[0][0] is code.NEGATE
                return is_negated != any(self._is_in(character, *one) for one in said[is_negated:])
        raise NotImplementedError(name)


def degree(pattern: str | bytes, flags: int = 0, way: str = "search") -> float:
    """Say which power of the length the work of ``way`` grows with: search, match or fullmatch.

    >>> degree("[a-z]+(-[a-z]+)*", way="fullmatch"), degree("a+$"), degree("(a|a)*b", way="match")
    (1, 2, inf)
    """
    tree = parser.parse(pattern, flags)
    flags = tree.state.flags | (re.ASCII if isinstance(pattern, bytes) else 0)
    automaton = _Automaton(flags, _alphabet(pattern))
    whole = automaton.read(tree)
    if way == "fullmatch":
        whole = automaton.join(whole, _Part(is_surely_empty=False))
    begins = [(code.AT, code.AT_BEGINNING_STRING)]
    if not flags & re.MULTILINE:
        begins.append((code.AT, code.AT_BEGINNING))
    if way == "search" and not (len(tree) and tree[0] in begins):
        anything = automaton.loop(automaton.place(automaton.alphabet))
        automaton.join(automaton.join(anything, automaton.before(tree)), whole)
    return _judged(automaton, whole.sure_last)


def _alphabet(pattern: str | bytes) -> Sequence[str]:
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    near = {ord(one) + step for one in text for step in (-1, 0, 1)}
    most = 0x100 if isinstance(pattern, bytes) else 0x110000
    return [chr(one) for one in sorted(_SAMPLE | near) if 0 <= one < most]


def _judged(automaton: _Automaton, done: frozenset[int]) -> float:
    """``done``: whoever comes there has found what is sought, and need not try another way."""
    ways, takes = automaton.ways, automaton.takes
    after = defaultdict[int, list[int]](list)
    for before, behind in ways:
        after[before].append(behind)
    # A text that passes a place where all is done cannot fail: loops go around these places.
    inside = {
        at: [one for one in after[at] if one not in done] for at in [*after] if at not in done
    }
    reached = {at: _reached(inside, at) for at in inside}
    loops = {
        at: frozenset(one for one in reached[at] if at in reached.get(one, ()))
        for at in inside
        if at in reached[at]
    }
    if any(_comes_back_twice(at, loop, inside, ways, takes) for at, loop in loops.items()):
        return inf

    @cache
    def power(first: int) -> int:
        later = (_reached(after, first) & loops.keys()) - loops[first]
        shared = (one for one in later if _is_shared(first, one, loops, after, takes))
        return 1 + max(map(power, shared), default=0)

    return max(map(power, loops), default=1)


def _reached(after: Mapping[int, Iterable[int]], start: int) -> frozenset[int]:
    found, waiting = set[int](), [start]
    while waiting:
        for one in after.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return frozenset(found)


def _comes_back_twice(
    start: int,
    loop: frozenset[int],
    after: Mapping[int, Sequence[int]],
    ways: Counter[tuple[int, int]],
    takes: Sequence[frozenset[str]],
) -> bool:
    """Whether two different ways lead from a state of a loop back to it on the same text."""
    seen, waiting = set[tuple[int, int, bool]](), [(start, start, False)]
    while waiting:
        one, other, differs = waiting.pop()
        for pair in product(after.get(one, ()), after.get(other, ())):
            if not loop.issuperset(pair) or not takes[pair[0]] & takes[pair[1]]:
                continue
            twice = pair[0] == pair[1] and one == other and ways[one, pair[0]] > 1
            state = (*pair, differs or twice or pair[0] != pair[1])
            if state == (start, start, True):
                return True
            if state not in seen:
                seen.add(state)
                waiting.append(state)
    return False


def _is_shared(
    first: int,
    second: int,
    loops: Mapping[int, frozenset[int]],
    after: Mapping[int, Sequence[int]],
    takes: Sequence[frozenset[str]],
) -> bool:
    """Whether a text leads around one loop, around a later one, and from the one to the other."""
    start, goal = (first, first, second), (first, second, second)
    seen, waiting = {start}, [start]
    while waiting:
        one, middle, other = waiting.pop()
        for state in product(
            loops[first].intersection(after[one]),
            after[middle],
            loops[second].intersection(after[other]),
        ):
            if state in seen or not takes[state[0]] & takes[state[1]] & takes[state[2]]:
                continue
            if state == goal:
                return True
            seen.add(state)
            waiting.append(state)
    return False
