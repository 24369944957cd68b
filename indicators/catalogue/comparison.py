"""What differs between two writings of a form."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from functools import cached_property

from indicators.catalogue.spelling import today_called, words
from indicators.catalogue.titles import TITLES, in_words
from indicators.catalogue.written import (
    INDICATOR_COLUMNS,
    ROW_COLUMNS,
    RULE_COLUMNS,
    Document,
    Line,
    VersionSheet,
)
from indicators.kinds import Kind, Labelled

# How the change of one column is told, by its name and its text before and after.
_Teller = Callable[[str, str, str], str]


def differences(old: VersionSheet, new: VersionSheet) -> Iterator[str]:
    """Yield what differs between two writings of one version, in reading order, by the names and
    codes that files of the catalogue have."""
    before, after = asdict(old.head), asdict(new.head)
    for name in before:
        if before[name] != after[name]:
            yield _as_kept(name, before[name], after[name])
    yield from row_differences(old.rows, new.rows)
    yield from _line_differences("quy tắc", RULE_COLUMNS, old.rules, new.rules)


def draft_differences(old: Document, new: Document) -> Iterator[str]:
    """Yield what differs between two states of a draft, in the words of its pages; proposals that
    were settled too."""
    yield from row_differences(old.rows, new.rows, _as_read)
    for what, columns, before, after in (
        ("quy tắc", RULE_COLUMNS, old.rules, new.rules),
        ("chỉ tiêu mới", INDICATOR_COLUMNS, old.indicators, new.indicators),
    ):
        yield from _line_differences(what, columns, before, after, _as_read)
    for key, said in old.proposals.items():
        settled = [_title(column) for column in said if column not in new.proposals.get(key, {})]
        if settled:
            yield f"dòng {key}: đã xem đề xuất {', '.join(settled)}"


def _as_kept(column: str, before: str, after: str) -> str:
    return f"{column}: «{before}» → «{after}»"


def _as_read(column: str, before: str, after: str) -> str:
    """
    >>> _as_read("across_periods", "", "in_period"), _as_read("stt", "1.", "2.")
    ('qua các kỳ: «trống» → «trong kỳ»', 'STT: «1.» → «2.»')
    """
    was, now = (in_words(column, text) or "trống" for text in (before, after))
    return f"{_title(column)}: «{was}» → «{now}»"


def _title(column: str) -> str:
    """Return the title of a column as it stands within a sentence."""
    title = TITLES[column]
    return title if title.isupper() else f"{title[0].lower()}{title[1:]}"


def row_differences(
    old: Sequence[Line], new: Sequence[Line], told: _Teller = _as_kept
) -> Iterator[str]:
    """Yield what differs between two lists of rows, joined by key; positions only as order."""
    old_rows, new_rows = ({row["key"]: row for row in rows} for rows in (old, new))
    yield from (f"dòng {key}: bị bỏ" for key in old_rows if key not in new_rows)
    for key, row in new_rows.items():
        if key not in old_rows:
            yield f"dòng {key}: được thêm"
            continue
        for column in ROW_COLUMNS[1:]:
            if row[column] != old_rows[key][column]:
                yield f"dòng {key}, {told(column, old_rows[key][column], row[column])}"
    if _order(old, new_rows) != _order(new, old_rows):
        yield "thứ tự hoặc số lần của các dòng"


def _line_differences(
    what: str,
    columns: Sequence[str],
    old: Sequence[Line],
    new: Sequence[Line],
    told: _Teller = _as_kept,
) -> Iterator[str]:
    before, after = ({line["code"]: line for line in lines} for lines in (old, new))
    yield from (f"{what} {_called(code)}: bị bỏ" for code in before if code not in after)
    for code, line in after.items():
        if code not in before:
            yield f"{what} {_called(code)}: được thêm"
            continue
        for column in columns:
            if line[column] != before[code][column]:
                yield f"{what} {_called(code)}, {told(column, before[code][column], line[column])}"
    if [code for code in before if code in after] != [code for code in after if code in before]:
        yield f"thứ tự {what}"


def _called(code: str) -> str:
    return code or "chưa có mã"


def _order(rows: Sequence[Line], known: Mapping[str, object]) -> list[str]:
    """The keys of ``rows`` that the other writing has too, as often as they are written."""
    return [row["key"] for row in rows if row["key"] in known]


# Two versions side by side


class RowChange(Labelled):
    """What happened to a row from one version to the next."""

    ADDED = "added", "thêm"
    REMOVED = "removed", "bỏ"
    MOVED = "moved", "chuyển chỗ"
    RENUMBERED = "renumbered", "đổi STT"
    RENAMED = "renamed", "đổi tên"
    REUNITED = "reunited", "đổi đơn vị tính"
    REKINDED = "rekinded", "đổi loại số liệu"
    REFIGURED = "refigured", "đổi cách tính"
    REASSIGNED = "reassigned", "đổi nơi báo cáo"
    REINDICATED = "reindicated", "đổi chỉ tiêu gốc"
    REKEYED = "rekeyed", "đổi khóa"
    RESTYLED = "restyled", "đổi cách viết"


@dataclass(frozen=True, slots=True)
class Pair:
    """One row as it was and as it is, with what changed, in the order of RowChange; None where it
    was not there yet or is there no more."""

    old: Line | None
    new: Line | None
    changes: tuple[RowChange, ...] = ()


@dataclass(frozen=True, slots=True)
class HeadChange:
    """A field of VersionHead that differs; both sides as text, dates as 2022-01-31."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RulePair:
    """One rule as it was and as it is, and the columns that differ."""

    old: Line | None
    new: Line | None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two versions side by side: all rows in reading order; of head and rules what differs."""

    pairs: Sequence[Pair] = ()
    head: Sequence[HeadChange] = ()
    rules: Sequence[RulePair] = ()

    @cached_property
    def counts(self) -> Mapping[RowChange, int]:
        """How many rows each change happened to, none left out."""
        found = Counter(change for pair in self.pairs for change in pair.changes)
        return {change: found[change] for change in RowChange}

    @property
    def is_empty(self) -> bool:
        return not (self.head or self.rules or any(pair.changes for pair in self.pairs))


def compare(old: VersionSheet, new: VersionSheet) -> Comparison:
    """Return two versions, or two states of one, side by side.

    Rows are joined by indicator; those left by their name or, failing that, their key, under the
    same parent; headings also by what stands under them. The pairs follow the newer version; a
    removed row stands after the row that it stood after.
    """
    return Comparison(
        pairs=list(_pairs(_Join(_Rows(old.rows), _Rows(new.rows)))),
        head=list(_head_changes(old, new)),
        rules=list(_rule_pairs(old.rules, new.rules)),
    )


MOST_WORDS = 300


def word_parts(old: str, new: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Return both texts cut at their words, each part with whether it changed.

    >>> word_parts("Số TTHC cấp sở", "Số TTHC cấp tỉnh")
    ([('Số TTHC cấp ', False), ('sở', True)], [('Số TTHC cấp ', False), ('tỉnh', True)])
    """
    before, after = (re.findall(r"\s*\S+\s*", text) for text in (old, new))
    if len(before) * len(after) > MOST_WORDS**2:  # comparing takes the square of the words
        return [(old, old != new)], [(new, old != new)]
    left, right = [], []
    bare, new_bare = ([word.strip() for word in side] for side in (before, after))
    cuts = SequenceMatcher(None, bare, new_bare, autojunk=False).get_opcodes()
    for what, start, end, new_start, new_end in cuts:
        is_changed = what != "equal"
        if start < end:
            left.append(("".join(before[start:end]), is_changed))
        if new_start < new_end:
            right.append(("".join(after[new_start:new_end]), is_changed))
    return left, right


def _head_changes(old: VersionSheet, new: VersionSheet) -> Iterator[HeadChange]:
    before, after = asdict(old.head), asdict(new.head)
    for name, value in before.items():
        if value != after[name]:
            yield HeadChange(name, str(value or ""), str(after[name] or ""))


def _rule_pairs(old: Sequence[Line], new: Sequence[Line]) -> Iterator[RulePair]:
    before, after = ({line["code"]: line for line in lines} for lines in (old, new))
    for code, line in after.items():
        was = before.get(code)
        columns = tuple(column for column in RULE_COLUMNS if was and was[column] != line[column])
        if was is None or columns:
            yield RulePair(was, line, columns)
    yield from (RulePair(line, None) for code, line in before.items() if code not in after)


# Joining rows


class _Rows:
    """The rows of one version by their places; a parent that is not above its row is none."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.above: list[int | None] = []
        self.section: list[int] = []
        self.below: dict[int | None, list[int]] = defaultdict(list)
        self.by_key: dict[str, int] = {}
        for place, line in enumerate(lines):
            above = self.by_key.get(line["parent"])
            self.above.append(above)
            self.section.append(place if above is None else self.section[above])
            self.below[above].append(place)
            self.by_key.setdefault(line["key"], place)
        self.names = [_name(line["label"]) for line in lines]


_ITS_SHORT_FORM = re.compile(r"\([A-ZĐ&]{2,12}\)")


def _name(label: str) -> str:
    """The words by which a row is known again."""
    said = " ".join(words(_ITS_SHORT_FORM.sub("", today_called(label))))
    return said.removesuffix("trong đó").strip()


class _Join:
    """Which row of the older version is which of the newer one, by their places."""

    def __init__(self, old: _Rows, new: _Rows) -> None:
        self.old, self.new = old, new
        # None stands for the top of both.
        self.to_new: dict[int | None, int | None] = {None: None}
        self.to_old: dict[int | None, int | None] = {None: None}
        self._by_indicator()
        self._downwards()
        self._headings_by_their_rows()
        self._by_name_anywhere()
        self._downwards()

    def _join(self, was: int, now: int) -> None:
        self.to_new[was], self.to_old[now] = now, was

    def _by_indicator(self) -> None:
        measured = _first_places(line["indicator"] for line in self.new.lines)
        for indicator, was in _first_places(line["indicator"] for line in self.old.lines).items():
            if indicator in measured:
                self._join(was, measured[indicator])

    def _downwards(self) -> None:
        """Join the rows under each pair, from the top: first by name, so that a key that was given
        to another row does not mislead, then by key."""
        for was in (None, *range(len(self.old.lines))):
            if was in self.to_new:
                now = self.to_new[was]
                self._same_names(self.old.below[was], self.new.below[now])
                self._same_keys(self.old.below[was], self.new.below[now])

    def _same_names(self, before: Sequence[int], after: Sequence[int]) -> None:
        named: dict[str, list[int]] = defaultdict(list)
        for now in after:
            if now not in self.to_old:
                named[self.new.names[now]].append(now)
        for was in before:
            if was not in self.to_new and (found := named[self.old.names[was]]):
                self._join(was, found.pop(0))

    def _same_keys(self, before: Sequence[int], after: Sequence[int]) -> None:
        keyed = {self.new.lines[now]["key"]: now for now in after if now not in self.to_old}
        for was in before:
            now = keyed.get(self.old.lines[was]["key"])
            if now is None or was in self.to_new or now in self.to_old:
                continue
            if self._may_be_one(was, now):
                self._join(was, now)

    def _may_be_one(self, was: int, now: int) -> bool:
        """Whether two rows of one key and different names are one: not if they measure different
        things, and a heading became a figure only if it is called much the same."""
        before, after = self.old.lines[was], self.new.lines[now]
        if before["indicator"] and after["indicator"]:
            return False
        if (before["kind"] == Kind.HEADING) == (after["kind"] == Kind.HEADING):
            return True
        left, right = (
            set(rows.names[at].split()) for rows, at in ((self.old, was), (self.new, now))
        )
        return 2 * len(left & right) >= min(len(left), len(right))

    def _headings_by_their_rows(self) -> None:
        """Join two headings where all rows of the one that are still there stand under the other:
        it was called anew."""
        for was in reversed(range(len(self.old.lines))):
            heads = {
                self.new.above[now]
                for row in self.old.below[was]
                if (now := self.to_new.get(row)) is not None
            }
            now = heads.pop() if len(heads) == 1 else None
            if was in self.to_new or now is None or now in self.to_old:
                continue
            if self.old.lines[was]["kind"] == self.new.lines[now]["kind"] == Kind.HEADING:
                self._join(was, now)

    def _by_name_anywhere(self) -> None:
        """Join what has gone under another parent, where a name leaves no choice."""
        before = _only_places(self.old, self.to_new)
        after = _only_places(self.new, self.to_old)
        for name, was in before.items():
            now = after.get(name)
            if was is not None and now is not None and self._may_be_one(was, now):
                self._join(was, now)


def _first_places(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        if name:
            found.setdefault(name, place)
    return found


def _only_places(rows: _Rows, joined: Container[int | None]) -> dict[str, int | None]:
    """The rows not joined yet by their names; None under a name that several have."""
    found: dict[str, int | None] = {}
    for place, name in enumerate(rows.names):
        if place not in joined:
            found[name] = None if name in found else place
    return found


# What changed


def _pairs(join: _Join) -> Iterator[Pair]:
    moved, gone = _moved(join), _gone(join)
    yield from gone[None]
    for now, line in enumerate(join.new.lines):
        was = join.to_old.get(now)
        if was is None:
            yield Pair(None, line, (RowChange.ADDED,))
        else:
            went = (RowChange.MOVED,) if now in moved else ()
            yield Pair(join.old.lines[was], line, (*went, *_changes(join, was, now)))
            yield from gone[was]


def _gone(join: _Join) -> defaultdict[int | None, list[Pair]]:
    """The removed rows by the older place that they follow: the nearest one before them whose row
    is still there and has not gone to another section; None where there is none."""
    found: defaultdict[int | None, list[Pair]] = defaultdict(list)
    last: int | None = None
    for was, line in enumerate(join.old.lines):
        now = join.to_new.get(was)
        if now is None:
            found[last].append(Pair(line, None, (RowChange.REMOVED,)))
        elif join.to_new.get(join.old.section[was]) == join.new.section[now]:
            last = was
    return found


def _moved(join: _Join) -> set[int]:
    """The places of the newer version whose rows stand under another parent, or have changed
    their order among the rows that stayed under theirs."""
    found: set[int] = set()
    for places in join.new.below.values():
        stayed = []
        for now in places:
            was = join.to_old.get(now)
            if was is None:
                continue
            above = join.old.above[was]
            if above in join.to_new and join.to_new[above] == join.new.above[now]:
                stayed.append((was, now))
            else:
                found.add(now)
        kept = _longest_rising([was for was, _ in stayed])
        found |= {now for was, now in stayed if was not in kept}
    return found


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Return a longest selection of different ``numbers`` that rises in the order given.

    >>> sorted(_longest_rising([4, 1, 2, 3]))
    [1, 2, 3]
    """
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(tails, number)
        before[number] = tails[at - 1] if at else None
        tails[at : at + 1] = [number]
    found: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found


_SPELLED: Mapping[str, Callable[[str], object]] = {
    "stt": lambda text: text.strip().rstrip(".)"),
    "label": lambda text: words(text, {}),
    "unit": lambda text: words(text, {}),
    "who_reports": lambda text: words(text, {}),
}
_SETS = frozenset({"asked", "reporter"})
_COLUMNS: Mapping[RowChange, Sequence[str]] = {
    RowChange.RENUMBERED: ("stt",),
    RowChange.RENAMED: ("label",),
    RowChange.REUNITED: ("unit",),
    RowChange.REKINDED: ("kind", "choices"),
    RowChange.REFIGURED: ("formula", "across_agencies", "across_periods"),
    RowChange.REASSIGNED: ("who_reports", "asked", "reporter", "vertical"),
    RowChange.REINDICATED: ("indicator",),
}


def _changes(join: _Join, was: int, now: int) -> tuple[RowChange, ...]:
    before, after = join.old.lines[was], join.new.lines[now]
    if before["formula"]:
        before = {**before, "formula": _formula_in_new_keys(before["formula"], join)}
    found = {
        change
        for change, columns in _COLUMNS.items()
        if any(_means_another(column, before[column], after[column]) for column in columns)
    }
    if _own_key(before) != _own_key(after) and RowChange.RENUMBERED not in found:
        found.add(RowChange.REKEYED)
    if before["emphasis"] != after["emphasis"] or any(
        before[column] != after[column]
        and not _means_another(column, before[column], after[column])
        for column in _SPELLED
    ):
        found.add(RowChange.RESTYLED)
    return tuple(change for change in RowChange if change in found)


def _means_another(column: str, before: str, after: str) -> bool:
    if before == after:
        return False
    if column in _SETS:
        return set(before.split()) != set(after.split())
    spelled = _SPELLED.get(column)
    return spelled is None or spelled(before) != spelled(after)


def _own_key(row: Line) -> str:
    """What a key adds to that of its parent: a row keeps it when its parent gets another key."""
    return row["key"].removeprefix(row["parent"])


def _formula_in_new_keys(formula: str, join: _Join) -> str:
    """Return a formula of the older version with the keys that its rows have in the newer one."""

    def new_key(reference: re.Match[str]) -> str:
        now = join.to_new.get(join.old.by_key.get(reference[1], -1))
        return reference[0] if now is None else f"[{join.new.lines[now]['key']}]"

    return re.sub(r"\[([^\[\]]+)\]", new_key, formula)
