"""A printed table made into a draft: what the paper does not say is proposed, each with why."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from indicators.catalogue.coining import coined
from indicators.catalogue.matching import Match, matches
from indicators.catalogue.numbering import places
from indicators.catalogue.periods import behaviour, is_cumulative
from indicators.catalogue.printed import PrintedLine, PrintedTable
from indicators.catalogue.problems import LONGEST, LONGEST_LABEL, WAYS
from indicators.catalogue.rates import Count, rate_formula
from indicators.catalogue.reporters import handed_down, read_reporters
from indicators.catalogue.spelling import words
from indicators.catalogue.units import measure, written_out
from indicators.catalogue.written import DOUBTFUL, Document, Line, VersionSheet, blank_row, numbered
from indicators.kinds import AcrossAgencies, Emphasis, Kind

_COUNTED = {Kind.COUNT, Kind.AMOUNT}
_WAY_OF_KIND: Mapping[str, AcrossAgencies] = {
    Kind.HEADING: AcrossAgencies.NONE,
    Kind.TEXT: AcrossAgencies.NONE,
    Kind.COUNT: AcrossAgencies.SUM,
    Kind.AMOUNT: AcrossAgencies.SUM,
    Kind.PERCENT: AcrossAgencies.RATE,
    Kind.CHOICE: AcrossAgencies.CHOICES,
}
_VERTICAL = re.compile(r"\bngành dọc\b")
_NOT_VERTICAL = re.compile(r"\b(?:không (?:bao )?gồm|không tính|trừ)\b.*\bngành dọc\b")
_CALLED = re.compile(r"\[([^\[\]]+)\]")
_SHOWN = 60


@dataclass(slots=True)
class _Draft:
    """Rows under way, and for what is not printed why it was put in: row key → column → why."""

    rows: list[dict[str, str]]
    why: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def put(self, row: dict[str, str], column: str, value: str, why: str) -> None:
        row[column] = value
        if value:
            self.why[row["key"]][column] = why


def propose(
    table: PrintedTable,
    *,
    earlier: Sequence[VersionSheet],
    indicators: Mapping[str, Line],
    functions: Sequence[Line],
) -> Document:
    """Make a draft of a printed table.

    ``earlier`` are the versions that its rows are matched with, ``indicators`` all that exist
    (code → line), ``functions`` lines under FUNCTION_COLUMNS. For every value that is not copied
    from the paper ``proposals`` says why it was put in.
    """
    draft = _begun(table.lines)
    _set_kinds(draft, table.lines)
    found = matches(draft.rows, earlier, indicators)
    made = _set_indicators(draft, found, earlier, indicators)
    _set_formulas(draft, earlier)
    _set_ways(draft, found, earlier)
    _set_periods(draft, found)
    _set_reporters(draft, functions)
    _set_emphasis(draft, table.lines)
    return Document(rows=numbered(draft.rows), indicators=made, proposals=dict(draft.why))


def _begun(lines: Sequence[PrintedLine]) -> _Draft:
    """Copy what the paper prints, under keys and parents."""
    draft = _Draft([])
    for line, place in zip(lines, places(lines), strict=True):
        row = blank_row(key=place.key, parent=place.parent, who_reports=_nfc(line.last).strip())
        draft.rows.append(row)
        for column, why in (("key", place.why_key), ("parent", place.why_parent)):
            if why:
                draft.why[place.key][column] = why
        _copy(draft, row, "stt", line.stt, LONGEST["stt"])
        _copy(draft, row, "label", line.label, LONGEST_LABEL)
        _copy(draft, row, "unit", line.unit, LONGEST["unit"])
    return draft


def _copy(draft: _Draft, row: dict[str, str], column: str, text: str, longest: int) -> None:
    plain = " ".join(_nfc(text).split())
    row[column] = plain[:longest]
    if len(plain) > longest:
        why = f"trên giấy dài {len(plain)} ký tự, chỉ giữ {longest} ký tự đầu"
        draft.put(row, column, row[column], why)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _set_kinds(draft: _Draft, lines: Sequence[PrintedLine]) -> None:
    parents = {row["parent"] for row in draft.rows}
    units = written_out([row["unit"] for row in draft.rows])
    for row, line, unit in zip(draft.rows, lines, units, strict=True):
        found = measure(
            unit,
            row["label"],
            has_parts=row["key"] in parents,
            is_title=line.bold or not row["parent"],
        )
        draft.put(row, "kind", found.kind.value, found.why)
        draft.put(row, "choices", found.choices, found.why)


def _set_indicators(
    draft: _Draft,
    found: Mapping[str, Match],
    earlier: Sequence[VersionSheet],
    indicators: Mapping[str, Line],
) -> list[Line]:
    """Tie rows to the indicators that were found, and the others to new ones; return those."""
    codes = {key: match.row["indicator"] for key, match in found.items()}
    taken = {*indicators, *(row["indicator"] for sheet in earlier for row in sheet.rows)}
    made = coined(draft.rows, codes, earlier, taken)
    for row in draft.rows:
        match = found.get(row["key"])
        if match:
            alike = (
                "trùng tên với"
                if match.is_same_label
                else f"{DOUBTFUL} «{_cut(match.row['label'])}»,"
            )
            why = f"{alike} dòng {match.row['key']} của {match.form}"
            draft.put(row, "indicator", match.row["indicator"], why)
        elif row["key"] in made:
            why = "chưa thấy dòng nào như vậy ở các biểu trước: đề xuất chỉ tiêu mới"
            draft.put(row, "indicator", made[row["key"]]["code"], why)
    return list(made.values())


def _set_formulas(draft: _Draft, earlier: Sequence[VersionSheet]) -> None:
    """Give each rate the formula of its indicator on an earlier form, else one by its words."""
    keys = {row["indicator"]: row["key"] for row in draft.rows if row["kind"] in _COUNTED}
    known = _formulas_of_indicators(earlier)
    for row in draft.rows:
        if row["kind"] == Kind.PERCENT:
            carried = (_over_rows(one, keys) for one in known.get(row["indicator"], ()))
            formula = next(filter(None, carried), "")
            if formula:
                draft.put(row, "formula", formula, "như công thức của chỉ tiêu này ở biểu trước")
            else:
                draft.put(row, "formula", _by_words(row, draft.rows), "theo tên các dòng liền kề")


def _formulas_of_indicators(earlier: Sequence[VersionSheet]) -> Mapping[str, Sequence[str]]:
    """Return the formulas that each indicator had, the latest first, over indicators."""
    known = defaultdict(list)
    for sheet in sorted(earlier, key=lambda sheet: sheet.head.valid_from, reverse=True):
        indicators = {row["key"]: row["indicator"] for row in sheet.rows}
        for row in sheet.rows:
            if row["indicator"] and row["formula"]:
                known[row["indicator"]].append(_over_rows(row["formula"], indicators))
    return known


def _over_rows(formula: str, names: Mapping[str, str]) -> str:
    """Return ``formula`` with every name in it changed; "" where one has no other."""
    called = _CALLED.findall(formula)
    if not all(names.get(name) for name in called):
        return ""
    return _CALLED.sub(lambda name: f"[{names[name[1]]}]", formula)


def _by_words(rate: Line, rows: Sequence[Line]) -> str:
    """Return a formula over the parts of ``rate`` or, if it has none, over what stands next to it:
    the numbers that follow it, else those before it."""
    parts = [row for row in rows if row["parent"] == rate["key"]]
    if parts:
        return rate_formula(rate["label"], _counts(filter(_is_counted, parts)))
    beside = [row for row in rows if row["parent"] == rate["parent"]]
    place = beside.index(rate)
    after = takewhile(_is_counted, beside[place + 1 :])
    before = reversed(list(takewhile(_is_counted, reversed(beside[:place]))))
    tried = (
        rate_formula(rate["label"], _counts(near), are_parts=False) for near in (after, before)
    )
    return next(filter(None, tried), "")


def _is_counted(row: Line) -> bool:
    return row["kind"] in _COUNTED


def _counts(rows: Iterable[Line]) -> list[Count]:
    return [Count(row["key"], row["label"], row["unit"]) for row in rows]


def _set_ways(draft: _Draft, found: Mapping[str, Match], earlier: Sequence[VersionSheet]) -> None:
    """Add up as most earlier forms do; who is designated is said by the paper's last column."""
    known: dict[str, Counter[str]] = defaultdict(Counter)
    for sheet in earlier:
        for row in sheet.rows:
            known[row["indicator"]][row["across_agencies"]] += 1
    for row in draft.rows:
        ways = known[row["indicator"]] if row["key"] in found else Counter[str]()
        # Where some forms designate who reports, others do not add up for that reason only.
        is_passed = {AcrossAgencies.DESIGNATED, AcrossAgencies.NONE}
        fitting = WAYS[row["kind"]] - (is_passed if AcrossAgencies.DESIGNATED in ways else set())
        usual = [way for way, _ in ways.most_common() if way in fitting]
        if usual:
            draft.put(row, "across_agencies", usual[0], "như ở các biểu trước")
        else:
            way = _WAY_OF_KIND[row["kind"]].value
            draft.put(row, "across_agencies", way, f"theo loại «{Kind(row['kind']).label}»")


def _set_periods(draft: _Draft, found: Mapping[str, Match]) -> None:
    """Go on as the earlier form does, unless only one of the two says that its figure runs on."""
    labels = _labels(draft.rows)
    by_key = {row["key"]: row for row in draft.rows}
    figures = [row for row in draft.rows if row["kind"] != Kind.HEADING]
    # A rate behaves as its part, which is told first.
    for row in sorted(figures, key=lambda row: bool(row["formula"])):
        said, match = labels[row["key"]], found.get(row["key"])
        if match and is_cumulative(said) != is_cumulative(match.labels):
            match = None
        if match and (was := match.row["across_periods"]):
            draft.put(row, "across_periods", was, f"như dòng {match.row['key']} của {match.form}")
        elif row["formula"]:
            part = by_key[_CALLED.findall(row["formula"])[0]]
            why = f"như dòng {part['key']}, là phần của tỷ lệ này"
            draft.put(row, "across_periods", part["across_periods"], why)
        else:
            period = behaviour(said, row["unit"]).value
            draft.put(row, "across_periods", period, "theo tên chỉ tiêu")


def _labels(rows: Sequence[Line]) -> dict[str, list[str]]:
    """Return, by key, the label of each row and of those above it, nearest first."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found[row["key"]] = [row["label"], *found.get(row["parent"], ())]
    return found


def _set_reporters(draft: _Draft, functions: Sequence[Line]) -> None:
    """Read the last column, and from it and the labels whether vertical agencies are meant."""
    labels = _labels(draft.rows)
    for row, text in zip(draft.rows, handed_down(draft.rows), strict=True):
        if row["kind"] == Kind.HEADING:
            continue
        asked, reporter, is_designated = read_reporters(text, functions)
        where = "cột cuối" if row["who_reports"] else "cột cuối của dòng ở trên"
        why = f"đọc từ {where}: «{_cut(text)}»"
        for column, codes in (("asked", asked), ("reporter", reporter)):
            if len(codes) <= LONGEST[column]:
                draft.put(row, column, codes, why)
        if is_designated and AcrossAgencies.DESIGNATED in WAYS[row["kind"]]:
            draft.put(row, "across_agencies", AcrossAgencies.DESIGNATED.value, why)
        if any(_is_vertical(said) for said in (*labels[row["key"]], text)):
            draft.put(row, "vertical", "1", "tên dòng hoặc cột cuối nói đến cơ quan ngành dọc")


def _is_vertical(text: str) -> bool:
    said = " ".join(words(text))
    return bool(_VERTICAL.search(said)) and not _NOT_VERTICAL.search(said)


def _set_emphasis(draft: _Draft, lines: Sequence[PrintedLine]) -> None:
    """Copy the paper's letters; where it shows none, print the sections bold."""
    is_shown = any(line.bold or line.italic for line in lines)
    for row, line in zip(draft.rows, lines, strict=True):
        if is_shown:
            row["emphasis"] = _emphasis(line).value
        elif row["kind"] == Kind.HEADING and not row["parent"]:
            draft.put(row, "emphasis", Emphasis.BOLD.value, "tiêu đề của một phần")


def _emphasis(line: PrintedLine) -> Emphasis:
    if line.bold:
        return Emphasis.BOLD
    return Emphasis.ITALIC if line.italic else Emphasis.PLAIN


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN].rstrip()}…"
