"""A form's rows as the checks read them: what a label says now, what it asks for, its STT."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indicators.catalogue.problems import Problem
from indicators.catalogue.spelling import lowered, today_called, words
from indicators.catalogue.written import Line
from indicators.definition import Option, options
from indicators.kinds import Kind, Severity

BULLET = re.compile(r"\s*[-–+*•]\s*")
CHANGE = re.compile(r"(?:\(\s*)?điều chỉnh(?: lại)? thành\b", re.I)
_IN_IT = re.compile(r"(?<!\s)\s*\btrong đó$")
_ITS_SHORT_FORM = re.compile(r"\([A-ZĐ&]{2,12}\)")
_NUMBER = re.compile(r"(?:[0-9]+|[IVX]+)(?:\.[0-9]+)*[.)]?|[^\W\d_][.)]?")
# What the first words of a label ask for: a count, a total, a rate.
A_COUNT = re.compile(r"(?:tổng số|số lượng|số(?! (?:liệu|hóa|hoá|thứ)\b))\s")
A_TOTAL = re.compile(r"tổng số\b")
A_RATE = re.compile(r"t[ỷỉ] lệ\b")


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One printed row. ``label`` is what it is called now; ``said`` the same in small letters;
    ``name`` its words in one spelling; ``parts`` those of its STT, none where it has no number."""

    index: int
    line: Line
    above: "Row | None"
    section: int
    label: str
    said: str
    name: str
    parts: tuple[str, ...]
    options: tuple[Option, ...]

    @property
    def key(self) -> str:
        return self.line["key"]

    @property
    def stt(self) -> str:
        return self.line["stt"].strip()

    @property
    def unit(self) -> str:
        return self.line["unit"].strip()

    @property
    def kind(self) -> str:
        return self.line["kind"]

    @property
    def kind_in_words(self) -> str:
        return Kind(self.kind).label if self.kind in set(Kind) else self.kind

    @property
    def is_counted(self) -> bool:
        return self.kind in {Kind.COUNT, Kind.AMOUNT}

    @property
    def short(self) -> str:
        """The first words of the label, as messages call the row."""
        said = self.label.split()
        return " ".join(said[:10]) + ("…" if len(said) > 10 else "")


@dataclass(frozen=True, slots=True)
class Form:
    """The rows in printed order, and those under each by its place; under None the top ones."""

    rows: Sequence[Row]
    children: Mapping[int | None, Sequence[Row]]

    def under(self, row: Row | None) -> Sequence[Row]:
        return self.children.get(row.index if row else None, ())

    def says_in_it(self, row: Row) -> bool:
        """Whether the paper says «Trong đó» between ``row`` and the rows under it."""
        below = self.under(row)
        return ends_with_in_it(row) or bool(below and lowered(below[0].stt) == "trong đó")


def read(lines: Sequence[Line]) -> Form:
    """Return the rows of a draft in any state: a parent that is not above its row is none."""
    rows: list[Row] = []
    children: dict[int | None, list[Row]] = defaultdict(list)
    by_key: dict[str, Row] = {}
    for index, line in enumerate(lines):
        above = by_key.get(line["parent"])
        label = renamed(line["label"])[1]
        name = " ".join(words(_ITS_SHORT_FORM.sub("", label)))
        row = Row(
            index=index,
            line=line,
            above=above,
            section=above.section if above else index,
            label=label,
            said=lowered(label),
            name=_IN_IT.sub("", name),
            parts=number_parts(line["stt"]),
            options=_options(line["choices"]),
        )
        rows.append(row)
        children[above.index if above else None].append(row)
        by_key[line["key"]] = row
    return Form(rows, children)


def renamed(label: str) -> tuple[str, str]:
    """Return what a label was called and is called now: twice the same where nothing changed.

    >>> renamed("- Số TTHC cấp sở (điều chỉnh thành “Số TTHC cấp tỉnh”)")
    ('Số TTHC cấp sở', 'Số TTHC cấp tỉnh')
    """
    bare = label[bullet.end() :] if (bullet := BULLET.match(label)) else label
    change = CHANGE.search(bare)
    if change is None:
        return bare, bare
    now = today_called(bare)
    return bare[: change.start()].strip(), now if now != bare else bare[change.end() :].strip(
        " :()"
    )


def number_parts(stt: str) -> tuple[str, ...]:
    """
    >>> number_parts("1.2.3."), number_parts("IV"), number_parts("Trong đó")
    (('1', '2', '3'), ('IV',), ())
    """
    bare = stt.strip()
    return tuple(bare.rstrip(".)").split(".")) if _NUMBER.fullmatch(bare) else ()


def ends_with_in_it(row: Row) -> bool:
    return _IN_IT.search(row.said) is not None


def _options(text: str) -> tuple[Option, ...]:
    try:
        return options(text)
    except ValueError:
        return ()


def at(
    row: Row, code: str, column: str, sentence: str, severity: Severity = Severity.WARNING
) -> Problem:
    """Return a slip found in one column of ``row``."""
    return Problem(code, sentence, severity, index=row.index, column=column, found=row.line[column])


def listed(names: Iterable[str]) -> str:
    """
    >>> listed("abc"), listed(str(n) for n in range(12))
    ('a, b, c', '0, 1, 2, 3, 4, 5, 6, 7 và 4 dòng khác')
    """
    found = list(names)
    return ", ".join(found[:8]) + (f" và {len(found) - 8} dòng khác" if len(found) > 8 else "")


def keys_of(rows: Iterable[Row]) -> str:
    return listed(row.key for row in rows)
