"""Two versions side by side in words that a page can show: what changed, and the words that did."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indicators.catalogue.comparison import Comparison, Pair, RowChange, RulePair, word_parts
from indicators.catalogue.problems import VOCABULARIES
from indicators.catalogue.titles import ALL_VOCABULARIES
from indicators.catalogue.written import Line
from indicators.kinds import Kind
from indicators.models import FormVersion, Row, Rule
from indicators.views.lines import who

Parts = Sequence[tuple[str, bool]]

# What is said in words beside the rows, for each change that the printed words do not show.
_BESIDE: Mapping[RowChange, Sequence[str]] = {
    RowChange.REKINDED: ("kind", "choices"),
    RowChange.REFIGURED: ("formula", "across_agencies", "across_periods"),
    RowChange.REASSIGNED: ("vertical", "who_reports"),
    RowChange.REINDICATED: ("indicator",),
    RowChange.REKEYED: ("key",),
}
_TITLES = {field.name: str(field.verbose_name) for field in Row._meta.fields} | {
    "indicator": "chỉ tiêu gốc"
}
_HEAD_TITLES = {field.name: str(field.verbose_name) for field in FormVersion._meta.fields} | {
    "form": "mã biểu mẫu",
    "form_name": "tên biểu mẫu",
}
_RULE_TITLES = {field.name: str(field.verbose_name) for field in Rule._meta.fields}
_DAYS = frozenset({"valid_from", "valid_to"})
_BULLETS = ("-", "+", "•")


@dataclass(frozen=True, slots=True)
class Detail:
    """Something that changed beside the printed words: its title, what it was, what it is."""

    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Side:
    """One row on one side, its texts in parts, each with whether it changed."""

    key: str
    stt: str
    is_renumbered: bool
    label: Parts
    unit: Parts


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One row on both sides. ``under`` names the row above it where its own words do not say what
    it is about."""

    css: str
    under: str
    changes: Sequence[RowChange]
    details: Sequence[Detail]
    old: Side | None
    new: Side | None


@dataclass(frozen=True, slots=True)
class ComparedRule:
    """One rule that differs: what happened to it, with the parts that changed."""

    code: str
    what: str
    details: Sequence[Detail]


def compared_rows(
    comparison: Comparison, shown: RowChange | None, functions: Mapping[str, str], *, whole: bool
) -> Sequence[ComparedRow]:
    """Return the rows with the change ``shown``; those with any where that is None; all of them
    where the ``whole`` is wanted."""
    old = {pair.old["key"]: pair.old for pair in comparison.pairs if pair.old}
    new = {pair.new["key"]: pair.new for pair in comparison.pairs if pair.new}
    return [
        _row(pair, old, new, functions)
        for pair in comparison.pairs
        if whole or (shown in pair.changes if shown else pair.changes)
    ]


def head_details(comparison: Comparison) -> Sequence[Detail]:
    """Return what differs in the heads, the code of the version apart."""
    return [
        Detail(
            _HEAD_TITLES[change.field],
            _day(change.field, change.old),
            _day(change.field, change.new),
        )
        for change in comparison.head
        if change.field != "code"
    ]


def compared_rules(comparison: Comparison) -> Sequence[ComparedRule]:
    return [_rule(pair) for pair in comparison.rules]


def _row(
    pair: Pair,
    old: Mapping[str, Line],
    new: Mapping[str, Line],
    functions: Mapping[str, str],
) -> ComparedRow:
    line = pair.new or pair.old or {}
    above = (new if pair.new else old).get(line["parent"])
    is_bare = not line["stt"] or line["label"].startswith(_BULLETS)
    return ComparedRow(
        css=" ".join(
            filter(None, ["" if line["parent"] else "d0", line["kind"], line["emphasis"]])
        ),
        under=f"{above['stt']} {above['label']}".strip() if above and is_bare else "",
        changes=pair.changes,
        details=list(_beside(pair, functions)),
        old=_side(pair.old, pair.new, newer=False),
        new=_side(pair.new, pair.old, newer=True),
    )


def _side(line: Line | None, other: Line | None, *, newer: bool) -> Side | None:
    if line is None:
        return None

    def parts(column: str) -> Parts:
        if other is None:
            return [(line[column], True)] if line[column] else []
        before, after = (other, line) if newer else (line, other)
        return word_parts(before[column], after[column])[newer]

    return Side(
        key=line["key"],
        stt=line["stt"],
        is_renumbered=other is None or other["stt"] != line["stt"],
        label=parts("label"),
        unit=parts("unit"),
    )


def _beside(pair: Pair, functions: Mapping[str, str]) -> Iterator[Detail]:
    if pair.old is None or pair.new is None:
        return
    if RowChange.REASSIGNED in pair.changes:
        before, after = _reporters(pair.old, functions), _reporters(pair.new, functions)
        if before != after:
            yield Detail("ai báo cáo", before, after)
    for change in pair.changes:
        for column in _BESIDE.get(change, ()):
            before, after = pair.old[column], pair.new[column]
            if before != after:
                words = _WORDS.get(column, str)
                yield Detail(_TITLES[column], words(before), words(after))


def _reporters(line: Line, functions: Mapping[str, str]) -> str:
    if line["kind"] == Kind.HEADING:
        return ""
    reporters = line["reporter"].split()
    return "; ".join(who(line["asked"].split(), reporters, line["across_agencies"], functions))


def _rule(pair: RulePair) -> ComparedRule:
    line = pair.new or pair.old or {}
    what = "thêm" if pair.old is None else "bỏ" if pair.new is None else "đổi"
    old, new = pair.old or {}, pair.new or {}
    columns = pair.columns or ("condition", "sentence")
    return ComparedRule(
        line["code"],
        what,
        [
            Detail(_RULE_TITLES[column], _said(column, old), _said(column, new))
            for column in columns
        ],
    )


def _said(column: str, line: Line) -> str:
    text = line.get(column, "")
    vocabulary = ALL_VOCABULARIES.get(column)
    return vocabulary(text).label if vocabulary and line and text in set(vocabulary) else text


def _day(field: str, text: str) -> str:
    return "/".join(reversed(text.split("-"))) if field in _DAYS else text


def _of_vocabulary(column: str) -> Callable[[str], str]:
    labels = {member.value: member.label for member in VOCABULARIES[column]}
    return lambda text: labels.get(text, text)


def _flag(text: str) -> str:
    return "có" if text else "không"


_WORDS: Mapping[str, Callable[[str], str]] = {"vertical": _flag} | {
    column: _of_vocabulary(column) for column in VOCABULARIES
}
