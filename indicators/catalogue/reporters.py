"""Who reports a row, read from the last column of the paper: which bodies, and for whom."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from indicators.catalogue.written import Line
from indicators.kinds import AgencyKind, Kind


class Reporters(NamedTuple):
    """The columns ``asked`` and ``reporter`` of a row, and whether only one body reports it."""

    asked: str
    reporter: str
    is_designated: bool


class _Clause(NamedTuple):
    """Bodies that stand together before one predicate."""

    bodies: tuple[str, ...]
    is_for_province: bool


_EVERYBODY = "*"
# What papers call the kinds of agency, small letters without punctuation, UBND abbreviated.
_CALLED: Mapping[str, Sequence[str]] = {
    _EVERYBODY: ("cơ quan đơn vị địa phương", "cơ quan đơn vị", "đơn vị địa phương", "đơn vị"),
    AgencyKind.DEPARTMENT: (
        "cơ quan chuyên môn cấp tỉnh",
        "cơ quan chuyên môn thuộc ubnd tỉnh",
        "sở ban ngành cấp tỉnh",
        "sở ban ngành tỉnh",
        "sở ban ngành",
        "sở ngành cấp tỉnh",
        "sở ngành",
    ),
    AgencyKind.VERTICAL: (
        "cơ quan ngành dọc",
        "cơ quan ngành dọc trên địa bàn tỉnh",
        "cơ quan ngành dọc đóng trên địa bàn tỉnh",
    ),
    AgencyKind.DISTRICT: (
        "ubnd cấp huyện",
        "ubnd các huyện thị xã thành phố",
        "ubnd huyện thị xã thành phố",
        "ubnd các huyện",
        "ubnd huyện",
        "cấp huyện",
    ),
    AgencyKind.COMMUNE: (
        "ubnd cấp xã",
        "ubnd các xã phường thị trấn",
        "ubnd xã phường thị trấn",
        "ubnd các xã phường đặc khu",
        "ubnd xã phường đặc khu",
        "ubnd các xã phường",
        "ubnd xã phường",
        "ubnd các xã",
        "ubnd xã",
        "cấp xã",
    ),
}
_SHORTER = (
    (re.compile(r"\([^()]*\)?|[⟨⟩]"), " "),
    (re.compile("&"), " và "),
    (re.compile(r"\b(?:ủy|uỷ)\s+ban\s+nhân\s+dân\b"), "ubnd"),
    (re.compile(r"\bvăn\s+phòng\b"), "vp"),
)
_BODY = "⟨([^⟨⟩]*)⟩"
# Few at most: a cell that repeats one of them must not be searched again from each.
_LEAD = r"(?:(?:các|đối\s+với|tất\s+cả|những)\s+){0,3}"
# A line or a sentence ends a clause only before the next body: cells are cut into lines anywhere.
_BREAK = re.compile(rf";|(?:^|(?<=\s))[-–—•*+]|(?<!,)[.\n](?=\s*{_LEAD}⟨)")
_CLAUSE = re.compile(
    rf"{_LEAD}{_BODY}(?:(?:\s*,\s*(?:và\s+)?|\s+và\s+){_LEAD}{_BODY})*"
    r"(?P<predicate>\s+(?:khác|được\s+giao|thực\s+hiện|tổng\s+hợp|báo)\b[^⟨]*)?[\s,.]*"
)
_FOR_PROVINCE = re.compile(r"\btổng\s+hợp\b|\b(?:của|cả|toàn)\s+tỉnh\b")


def read_reporters(text: str, functions: Sequence[Line]) -> Reporters:
    """Read who reports a row; ``functions`` are lines under ``FUNCTION_COLUMNS``.

    Text that is not wholly understood, such as an agency's remark or a body that is not among
    ``functions``, says nothing: then every agency reports its own figure.

    >>> functions = [{"code": "noi_vu", "name": "Nội vụ", "called": "Sở Nội vụ"}]
    >>> read_reporters("Sở Nội vụ báo cáo", functions)
    Reporters(asked='', reporter='noi_vu', is_designated=True)
    >>> read_reporters("- Sở Nội vụ tổng hợp, báo cáo - UBND cấp huyện báo cáo", functions)
    Reporters(asked='huyen', reporter='noi_vu', is_designated=False)
    >>> read_reporters("Không phát sinh", functions)
    Reporters(asked='', reporter='', is_designated=False)
    """
    clauses = _clauses(text, functions)
    bodies = list(dict.fromkeys(body for clause in clauses for body in clause.bodies))
    kinds = [kind.value for kind in AgencyKind if kind in bodies]
    named = [body for body in bodies if body not in _CALLED]
    if _EVERYBODY in bodies:
        # A body named beside everybody is named because it says more than its own figure.
        return Reporters("", " ".join(named), False)
    if len(named) == 1 and not kinds:
        return Reporters("", named[0], True)
    for_province = {body for clause in clauses if clause.is_for_province for body in clause.bodies}
    reporters = [body for body in named if body in for_province]
    if len(reporters) == len(bodies):
        # Several report for the province and nobody else is listed: nobody else is asked.
        return Reporters(" ".join(reporters), " ".join(reporters), False)
    own = [body for body in named if body not in for_province]
    return Reporters(" ".join([*kinds, *own]), " ".join(reporters), False)


def handed_down(rows: Sequence[Line]) -> list[str]:
    """Return for each row the text of the last column that holds for it.

    Where its own cell is empty, a row lies in the merged cell of the row before it under the same
    parent; the first of its parent, a heading, and what follows a heading take their parent's.
    """
    found: list[str] = []
    by_key: dict[str, str] = {}
    before: dict[str, str | None] = {}
    for row in rows:
        is_heading = row["kind"] == Kind.HEADING
        above = None if is_heading else before.get(row["parent"])
        text = row["who_reports"] or (by_key.get(row["parent"], "") if above is None else above)
        found.append(text)
        by_key[row["key"]] = text
        before[row["parent"]] = None if is_heading else text
    return found


def _clauses(text: str, functions: Sequence[Line]) -> list[_Clause]:
    """Return the clauses of a text, none if one of them does not name a known body and no more."""
    pattern, codes = _names(tuple((line["code"], line["called"]) for line in functions))
    marked = pattern.sub(lambda name: f"⟨{codes[_words(name[0])]}⟩", _spelled(text))
    clauses = []
    for part in filter(str.strip, _BREAK.split(marked)):
        clause = _CLAUSE.fullmatch(part.strip())
        if clause is None:
            return []
        is_for_province = _FOR_PROVINCE.search(clause["predicate"] or "") is not None
        clauses.append(_Clause(tuple(re.findall(_BODY, part)), is_for_province))
    return clauses


@lru_cache(maxsize=8)
def _names(functions: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Return a pattern of all names, longest first, and what each means by its words."""
    codes = {name: body for body, names in _CALLED.items() for name in names}
    codes |= {
        _words(_spelled(name)): code for code, called in functions for name in called.split("|")
    }
    longest = sorted(filter(None, codes), key=len, reverse=True)
    names = (r"\W+".join(map(re.escape, name.split())) for name in longest)
    return re.compile(rf"\b(?:{'|'.join(names)})\b"), codes


def _spelled(text: str) -> str:
    """Return ``text`` in one spelling; what stands in parentheses says nothing of who reports."""
    spelled = unicodedata.normalize("NFC", text.casefold())
    # One sign for each gap: the patterns look ahead over gaps, which may be a cell of blank lines.
    spelled = re.sub(r"\s+", lambda gap: "\n" if "\n" in gap[0] else " ", spelled)
    for pattern, shorter in _SHORTER:
        spelled = pattern.sub(shorter, spelled)
    return spelled


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))
