"""Which rows of two papers count the same thing, told by their words and by where they stand."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest

from indicators.catalogue.spelling import ABBREVIATIONS, FILLERS, introduced, today_called, words
from indicators.catalogue.written import Line, VersionSheet
from indicators.kinds import Kind

# Found by trying on the five forms of fixtures/catalogue, each against the others and against every
# one and two of them: a tenth more or less of any of these moves a match or two in a hundred.
_ENOUGH = 0.6
_LABEL, _PLACE, _BOTH = 0.55, 0.25, 0.2
_LEAST_LABEL = 0.55
# Where the same words stand in several places, their places decide.
_OFTEN_LABEL, _OFTEN_PLACE, _OFTEN_BOTH = 0.15, 0.15, 0.7
_FAMILY = 0.1
# One side says more; both sides say something that the other does not.
_MORE, _ELSE = 0.5, 1.2
_ASIDE, _FILLER = 0.3, 0.5
_PER_LEVEL, _NEAREST = 0.6, 0.6
# What is beyond doubt is settled first, and then helps to settle what stands beside it: how much
# better it must be than a rival with the same words, and than any other.
_MARGINS = ((0.1, 0.1), (0.05, 0.04), (0.02, 0.0))
_MOST_LOOKED_AT = 40

_ALIKE = (
    (
        re.compile(r"\b(?:cơ quan chuyên môn|sở (?:ban )?ngành) cấp tỉnh\b|\bsở ban ngành\b"),
        "sở ngành",
    ),
    (re.compile(r" trong đó$"), ""),
)
_IN_PARENTHESES = re.compile(r"\([^()]*\)?")
# Words that look like the name of a level.
_NO_LEVEL = re.compile(r"\bxã hội\b|\b(?:cơ|trụ) sở\b")
_LEVELS = frozenset({"sở", "huyện", "xã", "dọc"})
_BODIES = ("chính phủ", "hội đồng nhân dân", "ủy ban nhân dân")
# Of each of these a label says at most what the other says too, or the two are about other things.
_EITHER = tuple(
    tuple(" ".join(words(one)) for one in family)
    for family in (
        ("tiếp nhận", "giải quyết", "trả"),
        ("đúng hạn", "quá hạn", "trễ hạn", "trước hạn"),
        ("công chức", "viên chức", "người làm việc"),
        ("kiểm tra", "thanh tra", "rà soát"),
        ("tháng", "quý", "năm"),
    )
)
_FIELD = re.compile(r"lĩnh vực (.+?)(?= được| đang|$)")

Bag = Mapping[str, float]
_Said = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """The row of an earlier form that counts what a new row counts; ``labels`` are its own and
    those of the rows above it, nearest first."""

    row: Line
    form: str
    labels: Sequence[str]
    is_same_label: bool


@dataclass(eq=False, slots=True)
class _Entry:
    """A row as it is compared; ``above`` and ``below`` are its neighbours in the hierarchy."""

    row: Line
    form: str
    above: "_Entry | None"
    said: tuple[str, ...]
    aside: tuple[str, ...]
    below: list["_Entry"] = field(default_factory=list)
    # The words that tell, joined: what is the same here is the same label.
    label: str = ""
    is_repeated: bool = False
    levels: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    either: tuple[frozenset[str], ...] = ()
    numbers: frozenset[str] = frozenset()
    matter: str = ""
    words: Bag = field(default_factory=dict)
    place: Bag = field(default_factory=dict)
    both: Bag = field(default_factory=dict)

    @property
    def indicator(self) -> str:
        return self.row["indicator"]

    def labels(self) -> list[str]:
        found, entry = [self.row["label"]], self.above
        while entry is not None:
            found.append(entry.row["label"])
            entry = entry.above
        return found


@dataclass(frozen=True, slots=True)
class _Pair:
    """A new row, an earlier one, and how much alike they are: 0 to 1, family not counted."""

    new: _Entry
    old: _Entry
    alike: float


def matches(
    rows: Sequence[Line], earlier: Sequence[VersionSheet], known: Mapping[str, Line]
) -> dict[str, Match]:
    """Return, by row key, the earlier row with the same indicator, for rows where one is clear.

    No indicator is given twice, and each has the kind that ``known`` (code → line) gives it.
    """
    latest_first = sorted(earlier, key=lambda sheet: sheet.head.valid_from, reverse=True)
    said = _said(rows, *(sheet.rows for sheet in latest_first))
    new = _entries(rows, "", said)
    old = [entry for sheet in latest_first for entry in _entries(sheet.rows, sheet.head.code, said)]
    _weigh([*new, *old])
    usable = [
        entry
        for entry in _distinct(old)
        if known.get(entry.indicator, {}).get("kind") == entry.row["kind"]
    ]
    pairs = _pairs(new, usable)
    settled: dict[str, _Entry] = {}
    for margins in _MARGINS:
        settled = _settled(pairs, settled, margins)
    by_key = {entry.row["key"]: entry for entry in new}
    return {
        key: Match(found.row, found.form, found.labels(), found.label == by_key[key].label)
        for key, found in settled.items()
    }


def _said(*papers: Sequence[Line]) -> dict[str, _Said]:
    """Return, by label, its words in one spelling: the main ones, and those in parentheses."""
    labels = dict.fromkeys(row["label"] for rows in papers for row in rows)
    short = {**ABBREVIATIONS, **introduced(labels)}
    found = {}
    for label in labels:
        name = today_called(label)
        aside = " ".join(_IN_PARENTHESES.findall(name))
        main = _IN_PARENTHESES.sub(" ", name)
        found[label] = _spelled(main, short), _spelled(aside, short)
    return found


def _spelled(text: str, short: Mapping[str, str]) -> tuple[str, ...]:
    spelled = " ".join(words(text, short))
    for pattern, alike in _ALIKE:
        spelled = pattern.sub(alike, spelled)
    return tuple(spelled.split())


def _entries(rows: Sequence[Line], form: str, said: Mapping[str, _Said]) -> list[_Entry]:
    by_key: dict[str, _Entry] = {}
    for row in rows:
        above = by_key.get(row["parent"])
        entry = _Entry(row, form, above, *said[row["label"]])
        _mark_traits(entry)
        if above:
            above.below.append(entry)
        by_key[row["key"]] = entry
    counted = [entry for entry in by_key.values() if entry.row["kind"] != Kind.HEADING]
    often = Counter(entry.label for entry in counted)
    for entry in counted:
        entry.is_repeated = often[entry.label] > 1
    return list(by_key.values())


def _mark_traits(entry: _Entry) -> None:
    """What two rows that count the same must not differ in, however alike their words are."""
    text, above = " ".join(entry.said), entry.above
    entry.label = " ".join(word for word in entry.said if word not in FILLERS)
    levels = _LEVELS.intersection(_NO_LEVEL.sub("", text).split())
    entry.levels = levels | above.levels if above else levels
    bodies = frozenset(body for body in _BODIES if body in text)
    entry.bodies = bodies or (above.bodies if above else bodies)
    spaced = f" {text} "
    entry.either = tuple(
        frozenset(one for one in family if f" {one} " in spaced) for family in _EITHER
    )
    entry.numbers = frozenset(word for word in entry.said if word.isdigit())
    matter = _FIELD.search(text)
    entry.matter = matter[1] if matter else ""


def _group(entry: _Entry) -> object:
    """Rows that count the same stand in one group: of a kind, of a level, both done or both not."""
    return entry.row["kind"], entry.levels, "chưa" in entry.said


def _can_be_one(new: _Entry, old: _Entry) -> bool:
    """Say whether nothing in two rows of a group speaks against their counting the same. Where
    only one side is exact, the other may mean the same."""
    return not (
        (new.numbers and old.numbers and new.numbers != old.numbers)
        or (new.matter and old.matter and new.matter != old.matter)
        or any(
            one and other and one.isdisjoint(other)
            for one, other in zip((new.bodies, *new.either), (old.bodies, *old.either), strict=True)
        )
    )


def _weigh(entries: Sequence[_Entry]) -> None:
    """Give each word the weight of how rarely labels use it, and each row its bags of words."""
    labels = {(entry.said, entry.aside) for entry in entries}
    used = Counter(word for said, aside in labels for word in {*said, *aside})
    rare = {word: math.log(1 + len(labels) / times) for word, times in used.items()}
    for entry in entries:  # parents stand before their parts
        entry.words = {word: _ASIDE * rare[word] for word in entry.aside} | {
            word: rare[word] * (_FILLER if word in FILLERS else 1) for word in entry.said
        }
        above = entry.above
        if above:
            farther = {word: weight * _PER_LEVEL for word, weight in above.place.items()}
            entry.place = _joined(above.words, farther)
        entry.both = _joined(entry.words, entry.place)


def _joined(one: Bag, other: Bag) -> Bag:
    joined = dict(other)
    for word, weight in one.items():
        if weight > joined.get(word, 0):
            joined[word] = weight
    return joined


def _distinct(entries: Iterable[_Entry]) -> list[_Entry]:
    """Leave out what an edition repeats of a later one."""
    seen: dict[object, _Entry] = {}
    for entry in entries:
        if entry.indicator:
            family = tuple(one.indicator for one in (entry.above, *entry.below) if one)
            labels = (entry.label, entry.above.label if entry.above else "", len(entry.place))
            seen.setdefault((entry.indicator, labels, family), entry)
    return list(seen.values())


def _pairs(new: Sequence[_Entry], old: Sequence[_Entry]) -> list[_Pair]:
    """Compare each new row with those of its group that share most of its rare words."""
    earlier, pairs = _grouped(old), []
    for group, members in _grouped(new).items():
        index = _Index(earlier.get(group, ()))
        for entry in members:
            near = [other for other in index.nearest(entry) if _can_be_one(entry, other)]
            is_often = entry.is_repeated or any(
                other.is_repeated and other.label == entry.label for other in near
            )
            pairs += [
                _Pair(entry, other, _likeness(entry, other, is_often or other.is_repeated))
                for other in near
            ]
    return pairs


def _grouped(entries: Iterable[_Entry]) -> dict[object, list[_Entry]]:
    groups = defaultdict(list)
    for entry in entries:
        if entry.row["kind"] != Kind.HEADING:
            groups[_group(entry)].append(entry)
    return groups


class _Index:
    """Earlier rows of one group by their words."""

    def __init__(self, entries: Sequence[_Entry]) -> None:
        self.entries = entries
        self.having: dict[str, list[int]] = defaultdict(list)
        for place, entry in enumerate(entries):
            for word in entry.both:
                self.having[word].append(place)

    def nearest(self, entry: _Entry) -> list[_Entry]:
        shared = [0.0] * len(self.entries)
        for word, weight in entry.both.items():
            for place in self.having.get(word, ()):
                shared[place] += weight
        best = nlargest(_MOST_LOOKED_AT, range(len(shared)), key=shared.__getitem__)
        return [self.entries[place] for place in best]


def _likeness(new: _Entry, old: _Entry, is_often: bool) -> float:
    label, both = _overlap(new.words, old.words), _overlap(new.both, old.both)
    if not (new.above and old.above):
        return 0.8 * label + 0.2 * both
    nearest = _overlap(new.above.words, old.above.words)
    place = _NEAREST * nearest + (1 - _NEAREST) * _overlap(new.place, old.place)
    if is_often:
        return _OFTEN_LABEL * label + _OFTEN_PLACE * place + _OFTEN_BOTH * both
    # A word changed in a short label changes all, however well the places agree.
    return _LABEL * label + _PLACE * place + _BOTH * both if label >= _LEAST_LABEL else 0.0


def _overlap(one: Bag, other: Bag) -> float:
    shared = sum(min(weight, other[word]) for word, weight in one.items() if word in other)
    if not shared:
        return 0.0
    less, more = sorted((sum(one.values()) - shared, sum(other.values()) - shared))
    return shared / (shared + _MORE * more + _ELSE * less)


def _settled(
    pairs: Sequence[_Pair], before: Mapping[str, _Entry], margins: tuple[float, float]
) -> dict[str, _Entry]:
    """Return the earlier row of each new one, best likeness first; none where a rival is near.

    ``before`` is what an earlier round has settled: relatives of what belongs together do too.
    """
    best: dict[tuple[str, str], tuple[float, _Pair]] = {}
    for pair in pairs:
        place = pair.new.row["key"], pair.old.indicator
        alike = pair.alike + _family(pair, before)
        if alike >= _ENOUGH and alike > best.get(place, (0.0,))[0]:
            best[place] = alike, pair
    ranked = sorted(best.values(), key=lambda one: one[0], reverse=True)
    found: dict[str, _Entry] = {}
    # Rows and indicators that nothing more is to be tied to.
    rows, codes = set[str](), set[str]()
    rivals = _Rivals(ranked, rows, codes, margins)
    for alike, pair in ranked:
        key, code = pair.new.row["key"], pair.old.indicator
        if key in rows or code in codes:
            continue
        if rivals.for_indicator(alike, pair):
            codes.add(code)
        elif rivals.for_row(alike, pair):
            rows.add(key)
        else:
            found[key] = pair.old
            rows.add(key)
            codes.add(code)
    return found


class _Rivals:
    """What else is open and nearly as much alike as a pair."""

    def __init__(
        self,
        ranked: Sequence[tuple[float, _Pair]],
        rows: Collection[str],
        codes: Collection[str],
        margins: tuple[float, float],
    ) -> None:
        self.rows, self.codes, self.margins = rows, codes, margins
        self.of_row: dict[str, list[tuple[float, _Pair]]] = defaultdict(list)
        self.of_code: dict[str, list[tuple[float, _Pair]]] = defaultdict(list)
        for alike, pair in ranked:
            self.of_row[pair.new.row["key"]].append((alike, pair))
            self.of_code[pair.old.indicator].append((alike, pair))

    def for_indicator(self, alike: float, pair: _Pair) -> bool:
        return any(
            other.new is not pair.new
            and other.new.row["key"] not in self.rows
            and self._is_near(near, other, alike, pair)
            for near, other in self.of_code[pair.old.indicator]
        )

    def for_row(self, alike: float, pair: _Pair) -> bool:
        return any(
            other.old.indicator != pair.old.indicator
            and other.old.indicator not in self.codes
            and self._is_near(near, other, alike, pair)
            for near, other in self.of_row[pair.new.row["key"]]
        )

    def _is_near(self, near: float, other: _Pair, alike: float, pair: _Pair) -> bool:
        is_same = (other.new.label, other.old.label) == (pair.new.label, pair.old.label)
        return near > alike - self.margins[0 if is_same else 1]


def _family(pair: _Pair, settled: Mapping[str, _Entry]) -> float:
    """Return what it adds, or takes away, that the row's parent and parts are settled."""
    new, old, share = pair.new, pair.old, 0.0
    parent = settled.get(new.above.row["key"]) if new.above else None
    if parent and old.above and old.above.indicator:
        share += _FAMILY / 2 if parent.indicator == old.above.indicator else -_FAMILY / 2
    parts = {settled[part.row["key"]].indicator for part in new.below if part.row["key"] in settled}
    old_parts = {part.indicator for part in old.below if part.indicator}
    if parts and old_parts:
        share += -_FAMILY if parts.isdisjoint(old_parts) else _FAMILY
    return share
