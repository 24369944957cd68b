"""The edits of a draft: each takes a document and returns the next one, nothing else changed."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase

from indicators.catalogue.coining import coined
from indicators.catalogue.written import (
    DOUBTFUL,
    INDICATOR_COLUMNS,
    Document,
    Line,
    blank_row,
    numbered,
)
from indicators.kinds import AcrossAgencies, Kind

_KEY_IN_FORMULA = re.compile(r"\[([^\[\]]+)\]")
_NUMBERED = re.compile(r"\d+(\.\d+)*\.?")


class CannotEdit(ValueError):
    """The edit makes no sense where the row stands; the message is a sentence."""


def row_of(document: Document, key: str) -> Line | None:
    """Return the row called ``key``."""
    return next((row for row in document.rows if row["key"] == key), None)


def parts_of(document: Document, key: str) -> int:
    """Return how many rows stand below ``key`` in the hierarchy."""
    start, end = _block(document.rows, _index(document.rows, key))
    return end - start - 1


def changed(document: Document, key: str, values: Mapping[str, str]) -> Document:
    """Set columns of one row. What was proposed for it is settled: the person has seen it.

    A new key is carried into parents, formulas and rules that name the old one.
    """
    index = _index(document.rows, key)
    new_key = values.get("key", key)
    if new_key != key and row_of(document, new_key):
        raise CannotEdit(f"Khóa «{new_key}» đã dùng cho dòng khác.")
    rows = list(document.rows)
    old, new = rows[index], {**rows[index], **values, "key": key}
    rows[index] = new
    settled = replace(
        document,
        rows=numbered(rows),
        indicators=[
            _followed(line, old, new) if line["code"] == new["indicator"] else line
            for line in document.indicators
        ],
        proposals={row: said for row, said in document.proposals.items() if row != key},
    )
    return _renamed(settled, {key: new_key}) if new_key != key else settled


def added(document: Document, values: Mapping[str, str], *, after: str, below: bool) -> Document:
    """Put a new row after ``after`` and all that belongs to it: beside it, or as its part. At the
    very end where ``after`` is empty."""
    rows = list(document.rows)
    place, parent = len(rows), ""
    if after:
        index = _index(rows, after)
        place = _block(rows, index)[1]
        parent = after if below else rows[index]["parent"]
    new = {
        **blank_row(kind=Kind.COUNT.value, across_agencies=AcrossAgencies.SUM.value),
        **values,
        "parent": parent,
    }
    if row_of(document, new["key"]):
        raise CannotEdit(f"Khóa «{new['key']}» đã dùng cho dòng khác.")
    return replace(document, rows=numbered([*rows[:place], new, *rows[place:]]))


def next_key(document: Document, *, after: str, below: bool) -> str:
    """Return a free key that goes on where the new row will stand.

    ``1.2`` is followed by ``1.3``, ``1.2.a`` by ``1.2.b``; the first part of ``1.2`` is ``1.2.1``.
    """
    taken = {row["key"] for row in document.rows}
    if not after:
        return next(key for key in map(str, range(1, len(taken) + 2)) if key not in taken)
    head, last = (after, "0") if below else _split(after)
    stem = f"{head}." if head else ""
    if last in ascii_lowercase:
        letters = ascii_lowercase[ascii_lowercase.index(last) + 1 :]
        free = [f"{stem}{letter}" for letter in letters if f"{stem}{letter}" not in taken]
        if free:
            return free[0]
    number = int(last) + 1 if last.isdecimal() else 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _split(key: str) -> tuple[str, str]:
    head, _, last = key.rpartition(".")
    return head, last


def removed(document: Document, key: str) -> Document:
    """Take a row out with all that belongs to it."""
    start, end = _block(document.rows, _index(document.rows, key))
    gone = {row["key"] for row in document.rows[start:end]}
    return replace(
        document,
        rows=numbered([*document.rows[:start], *document.rows[end:]]),
        proposals={row: said for row, said in document.proposals.items() if row not in gone},
    )


def moved_up(document: Document, key: str) -> Document:
    """Change places with the row before it under the same parent; both take along their parts."""
    rows = list(document.rows)
    start, end = _block(rows, _index(rows, key))
    before = _sibling_before(rows, start)
    if before is None:
        raise CannotEdit("Dòng này đã đứng đầu trong mục của nó.")
    return replace(
        document,
        rows=numbered([*rows[:before], *rows[start:end], *rows[before:start], *rows[end:]]),
    )


def moved_down(document: Document, key: str) -> Document:
    """Change places with the row after it under the same parent."""
    rows = document.rows
    start, end = _block(rows, _index(rows, key))
    if end == len(rows) or rows[end]["parent"] != rows[start]["parent"]:
        raise CannotEdit("Dòng này đã đứng cuối trong mục của nó.")
    return moved_up(document, rows[end]["key"])


def indented(document: Document, key: str) -> Document:
    """Make a row a part of the row before it under the same parent."""
    rows = [dict(row) for row in document.rows]
    index = _index(rows, key)
    before = _sibling_before(rows, index)
    if before is None:
        raise CannotEdit("Không có dòng cùng cấp phía trên để dòng này thuộc về.")
    rows[index]["parent"] = rows[before]["key"]
    return _seen(replace(document, rows=rows), key, "parent")


def outdented(document: Document, key: str) -> Document:
    """Take a row out of the row it is a part of, to stand after all its parts."""
    rows = [dict(row) for row in document.rows]
    index = _index(rows, key)
    parent = rows[index]["parent"]
    if not parent:
        raise CannotEdit("Dòng này đã ở cấp cao nhất.")
    above = _index(rows, parent)
    rows[index]["parent"] = rows[above]["parent"]
    start, end = index, index + 1 + parts_of(document, key)
    after = _block(document.rows, above)[1]
    moved = [*rows[:start], *rows[end:after], *rows[start:end], *rows[after:]]
    return _seen(replace(document, rows=numbered(moved)), key, "parent")


MOVES: Mapping[str, Callable[[Document, str], Document]] = {
    "up": moved_up,
    "down": moved_down,
    "in": indented,
    "out": outdented,
}


def accepted(
    document: Document, *, keys: Collection[str] = (), columns: Collection[str] = ()
) -> Document:
    """Take proposals as they are: of some rows, of some columns, or all where none are named.
    A doubtful one is taken only with its row."""
    left = {
        key: {
            column: why
            for column, why in said.items()
            if (keys and key not in keys)
            or (columns and column not in columns)
            or (not keys and why.startswith(DOUBTFUL))
        }
        for key, said in document.proposals.items()
    }
    return replace(document, proposals={key: said for key, said in left.items() if said})


def renumbered(document: Document) -> Document:
    """Count STT and keys anew by place: 1., 1.1., 1.1.1.

    A row without a number keeps none: its key is a letter, at the top a Roman numeral, and the
    numbers below it begin again. Each number keeps or lacks its last dot as before.
    """
    counts: Counter[tuple[str, bool]] = Counter()
    keys: dict[str, str] = {}
    numbers: dict[str, str] = {}
    rows = []
    for row in document.rows:
        parent = row["parent"]
        is_numbered = bool(_NUMBERED.fullmatch(row["stt"]))
        counts[parent, is_numbered] += 1
        place = counts[parent, is_numbered]
        name = str(place) if is_numbered else _letters(place) if parent else _roman(place)
        keys[row["key"]] = f"{keys[parent]}.{name}" if parent else name
        above = numbers.get(parent, "")
        numbers[row["key"]] = (f"{above}.{name}" if above else name) if is_numbered else ""
        dot = "." if row["stt"].endswith(".") else ""
        stt = f"{numbers[row['key']]}{dot}" if is_numbered else row["stt"]
        rows.append({**row, "stt": stt})
    return _renamed(replace(document, rows=rows), keys)


def _roman(number: int) -> str:
    """Return I, II, III, IV …

    >>> _roman(7), _roman(14)
    ('VII', 'XIV')
    """
    text = ""
    for value, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        times, number = divmod(number, value)
        text += sign * times
    return text


def _letters(place: int) -> str:
    """Return a, b … z, aa, ab …

    >>> _letters(1), _letters(26), _letters(27)
    ('a', 'z', 'aa')
    """
    text = ""
    while place:
        place, rest = divmod(place - 1, 26)
        text = ascii_lowercase[rest] + text
    return text


def with_decisions(document: Document, base: Document) -> Document:
    """Return what was read anew from a printed table, with all that had been decided in ``base``.

    A row whose words, unit and parent are as before keeps its other columns, wherever it stands
    now; what waits is asked only of rows that are new or changed. Formulas and rules name the rows
    they meant; a formula of which a row has gone is proposed anew. New indicators stay.
    """
    names = _same_rows(base.rows, document.rows)
    before = {names[row["key"]]: row for row in base.rows if row["key"] in names}
    rows, proposals = [], {}
    for row in document.rows:
        old = before.get(row["key"])
        if old is None or not names.keys() >= set(_KEY_IN_FORMULA.findall(old["formula"])):
            rows.append(dict(row))
            proposals[row["key"]] = document.proposals.get(row["key"], {})
            continue
        placed = {column: row[column] for column in ("key", "parent", "stt")}
        rows.append({**old, **placed, "formula": _in_keys(old["formula"], names)})
        proposals[row["key"]] = base.proposals.get(old["key"], {})
    begun = {line["code"]: line for line in (*document.indicators, *base.indicators)}
    used = {row["indicator"] for row in rows}
    return Document(
        rows=numbered(rows),
        rules=_rules_in_keys(base.rules, names),
        indicators=[line for code, line in begun.items() if code in used],
        proposals={key: said for key, said in proposals.items() if said},
    )


def _same_rows(old: Sequence[Line], new: Sequence[Line]) -> dict[str, str]:
    """Return old key → new key of the rows that only one row on either side can be."""
    found = []
    for rows in (old, new):
        labels = {row["key"]: row["label"] for row in rows}
        said: dict[tuple[str, ...], list[str]] = {}
        for row in rows:
            words = (row["label"], row["unit"], row["who_reports"], labels.get(row["parent"], ""))
            said.setdefault(words, []).append(row["key"])
        found.append({words: keys[0] for words, keys in said.items() if len(keys) == 1})
    before, after = found
    return {key: after[words] for words, key in before.items() if words in after}


def _rules_in_keys(rules: Sequence[Line], names: Mapping[str, str]) -> list[Line]:
    return [{**rule, "condition": _in_keys(rule["condition"], names)} for rule in rules]


def _in_keys(text: str, names: Mapping[str, str]) -> str:
    return _KEY_IN_FORMULA.sub(lambda found: f"[{names.get(found[1], found[1])}]", text)


def with_code(document: Document, key: str, known: Collection[str]) -> tuple[Document, str]:
    """Return the code of the indicator that a row will begin; one is made of the row's words where
    none is written."""
    row = row_of(document, key)
    if row is None or row["indicator"]:
        return document, row["indicator"] if row else ""
    found = {line["key"]: line["indicator"] for line in document.rows if line["indicator"]}
    code = coined(document.rows, found, (), {*known, *found.values()})[key]["code"]
    rows = [{**line, "indicator": code} if line["key"] == key else line for line in document.rows]
    return replace(document, rows=rows), code


def with_new_indicators(
    document: Document, known: Collection[str], *, make: Collection[str] = ()
) -> Document:
    """Keep the list of new indicators in step with the rows that use them.

    Those of ``make`` are begun from their row's words; those of the draft take their row's kind;
    those that no row uses, or that the catalogue has got meanwhile, are dropped.
    """
    begun = {line["code"]: line for line in document.indicators}
    lines: list[Line] = []
    for row in document.rows:
        code = row["indicator"]
        is_wanted = code not in known and code in {*begun, *make}
        if not code or not is_wanted or any(line["code"] == code for line in lines):
            continue
        line = begun.get(code) or {
            **dict.fromkeys(INDICATOR_COLUMNS, ""),
            "code": code,
            **_begun(row),
        }
        lines.append({**line, "kind": row["kind"]})
    return replace(document, indicators=lines)


def _begun(row: Line) -> dict[str, str]:
    """Return the name and unit that a new indicator takes from its row."""
    return {
        "name": row["label"].lstrip("-+ ").rstrip(" :.")[:400],
        "unit": row["unit"][:100] if row["kind"] != Kind.CHOICE else "",
    }


def _followed(line: Line, old: Line, new: Line) -> Line:
    """Let a new indicator follow its row's words, where they were its words before."""
    was, now = _begun(old), _begun(new)
    return {**line, **{name: now[name] for name in was if line[name] == was[name]}}


def _renamed(document: Document, names: Mapping[str, str]) -> Document:
    """Give rows new keys wherever the old ones stand."""
    return replace(
        document,
        rows=[
            {
                **row,
                "key": names.get(row["key"], row["key"]),
                "parent": names.get(row["parent"], row["parent"]),
                "formula": _in_keys(row["formula"], names),
            }
            for row in document.rows
        ],
        rules=[
            {**rule, "condition": _in_keys(rule["condition"], names)} for rule in document.rules
        ],
        proposals={names.get(key, key): said for key, said in document.proposals.items()},
    )


def _seen(document: Document, key: str, column: str) -> Document:
    said = {name: why for name, why in document.proposals.get(key, {}).items() if name != column}
    return replace(document, proposals={**document.proposals, key: said})


def _index(rows: Sequence[Line], key: str) -> int:
    for index, row in enumerate(rows):
        if row["key"] == key:
            return index
    raise CannotEdit(f"Không còn dòng «{key}» trong bản thảo.")


def _block(rows: Sequence[Line], index: int) -> tuple[int, int]:
    """Return the places from a row to the end of what belongs to it."""
    inside = {rows[index]["key"]}
    end = index + 1
    while end < len(rows) and rows[end]["parent"] in inside:
        inside.add(rows[end]["key"])
        end += 1
    return index, end


def _sibling_before(rows: Sequence[Line], index: int) -> int | None:
    before: Iterable[int] = range(index - 1, -1, -1)
    parent = rows[index]["parent"]
    return next((place for place in before if rows[place]["parent"] == parent), None)
