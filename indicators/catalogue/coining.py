"""Codes and names for indicators that no earlier form has."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import count

from indicators.catalogue.problems import LONGEST
from indicators.catalogue.spelling import folded, today_called, words
from indicators.catalogue.written import INDICATOR_COLUMNS, Line, VersionSheet
from indicators.kinds import Kind

LONGEST_NAME = 400
LONGEST_UNIT = 100
_LONGEST_AREA, _LONGEST_PLACE = 20, 42
_BEFORE = re.compile(r"^(?:\s*[-–—−+*•·▪◦]+|\s*(?:[a-zđ]|[0-9]+)[.)](?=\s))\s*")
_AFTER = re.compile(r"(?<![\s.,;:])[\s.,;:]*(?:\btrong đó[\s.,;:]*)?$", re.IGNORECASE)
_IN_PARENTHESES = re.compile(r"\([^()]*\)?")
# «Cấp tỉnh» says nothing without the row above it.
_SHORT = 3
# How much of their words the headings of one area share on two papers.
_SAME_AREA = 0.5


def coined(
    rows: Sequence[Line],
    found: Mapping[str, str],
    earlier: Sequence[VersionSheet],
    taken: Collection[str],
) -> dict[str, Line]:
    """Return, by row key, a new indicator for each row with a figure that is not in ``found``
    (row key → code). No code is in ``taken``; each begins with the area that its section is in."""
    by_key = {row["key"]: row for row in rows}
    above = {row["key"]: _above(row, by_key) for row in rows}
    new = [row for row in rows if row["kind"] != Kind.HEADING and row["key"] not in found]
    areas = _areas(rows, found, earlier)
    alike: dict[str, list[str]] = defaultdict(list)
    for row in new:
        alike[_stem(row)].append(row["key"])
    made: dict[str, Line] = {}
    used = set(taken)
    for row in new:
        stem, name = _stem(row), plain_name(row["label"])
        parts = [areas[(above[row["key"]] or [row])[-1]["key"]]]
        place = _telling(row["key"], alike[stem], above)
        if place and (len(alike[stem]) > 1 or len(words(name)) <= _SHORT):
            parts.append(_shortened(_stem(place), _LONGEST_PLACE))
            name = f"{plain_name(place['label'])}: {name}"
        code = _free([*parts, stem], used)
        used.add(code)
        said = {
            "code": code,
            "name": name[:LONGEST_NAME],
            "unit": "" if row["kind"] == Kind.CHOICE else row["unit"][:LONGEST_UNIT],
            "kind": row["kind"],
        }
        made[row["key"]] = dict.fromkeys(INDICATOR_COLUMNS, "") | said
    return made


def plain_name(label: str) -> str:
    """Return a label without its bullet and without what only leads to the next row.

    >>> plain_name("- Tổng số TTHC đang có hiệu lực. Trong đó:")
    'Tổng số TTHC đang có hiệu lực'
    """
    name = " ".join(today_called(label).split())
    return _AFTER.sub("", _BEFORE.sub("", name)) or name


def _above(row: Line, by_key: Mapping[str, Line]) -> list[Line]:
    """Return what stands above ``row``, nearest first."""
    found = []
    while row["parent"]:
        row = by_key[row["parent"]]
        found.append(row)
    return found


def _telling(key: str, alike: Sequence[str], above: Mapping[str, Sequence[Line]]) -> Line | None:
    """Return the row above ``key`` whose words tell it from the others called alike."""
    for level, row in enumerate(above[key]):
        others = [above[other][level : level + 1] for other in alike if other != key]
        if all(_stem(other) != _stem(row) for found in others for other in found):
            return row
    return above[key][0] if above[key] else None


def _stem(row: Line) -> str:
    name = _IN_PARENTHESES.sub(" ", plain_name(row["label"]))
    return "_".join(re.findall(r"[a-z0-9]+", folded(name))) or "chi_tieu"


def _shortened(stem: str, longest: int) -> str:
    """Leave out words in the middle: what tells two rows apart stands first or last."""
    kept = stem.split("_")
    while len("_".join(kept)) > longest and len(kept) > 1:
        del kept[len(kept) // 2]
    return "_".join(kept)[:longest]


def _free(parts: Sequence[str], used: Collection[str]) -> str:
    *places, stem = parts
    before = "".join(f"{place}." for place in places)[: LONGEST["indicator"] - 10]
    code = before + _shortened(stem, LONGEST["indicator"] - 5 - len(before))
    tries = (code if number == 1 else f"{code}_{number}" for number in count(1))
    return next(one for one in tries if one not in used)


def _areas(
    rows: Sequence[Line], found: Mapping[str, str], earlier: Sequence[VersionSheet]
) -> dict[str, str]:
    """Return the first part of codes by the key of each top row: that of what was found below it,
    else that of the same section on an earlier paper, else of all that was found, else its words.
    """
    counted = _counted(rows, found)
    everywhere = sum(counted.values(), Counter[str]())
    known = [section for sheet in earlier for section in _sections(sheet.rows)]
    return {
        row["key"]: _first(counted[row["key"]])
        or _same(frozenset(words(row["label"])), known)
        or _first(everywhere)
        or _shortened(_stem(row), _LONGEST_AREA)
        for row in rows
        if not row["parent"]
    }


def _sections(rows: Sequence[Line]) -> list[tuple[frozenset[str], str]]:
    """Return the words of each section's heading with the area that its indicators are in."""
    counted = _counted(rows, {row["key"]: row["indicator"] for row in rows if row["indicator"]})
    return [
        (frozenset(words(row["label"])), _first(counted[row["key"]]))
        for row in rows
        if row["key"] in counted
    ]


def _counted(rows: Sequence[Line], codes: Mapping[str, str]) -> dict[str, Counter[str]]:
    """Count the areas of the indicators below each top row."""
    by_key = {row["key"]: row for row in rows}
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for key, code in codes.items():
        row = by_key[key]
        top = (_above(row, by_key) or [row])[-1]
        counted[top["key"]][code.partition(".")[0]] += 1
    return counted


def _first(areas: Counter[str]) -> str:
    return areas.most_common(1)[0][0] if areas else ""


def _same(said: frozenset[str], known: Sequence[tuple[frozenset[str], str]]) -> str:
    shared = [
        (len(said & other) / len(said | other), area) for other, area in known if said | other
    ]
    best = max(shared, default=(0.0, ""))
    return best[1] if best[0] >= _SAME_AREA else ""
