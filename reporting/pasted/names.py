"""How a form calls its rows and units, in one spelling: by what a pasted line is recognised."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indicators.catalogue.spelling import today_called, words
from indicators.definition import FormDefinition, RowDefinition

Words = tuple[str, ...]

# An agency's own breakdown may stand behind the label, each part after a plus.
_DETAILS = re.compile(r"(?:^|\s)\+\s*\S")
# Where there is no column for it, the STT stands before the label.
_NUMBERED = re.compile(r"\(?(\d{1,2}(?:\.\d{1,3})*|[IVXLC]{1,6}|[a-zđ])[.)]{0,2}\s(.*)", re.DOTALL)
_INTRODUCES = ("trong", "đó")
_LONGEST = 10_000


class Called(NamedTuple):
    """The places of the rows that a label may mean, and what it says beyond their name."""

    rows: Sequence[int] = ()
    stt: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class FormNames:
    """The rows of a form by the words of their labels, as places in ``FormDefinition.rows``."""

    rows: Mapping[Words, Sequence[int]]
    units: frozenset[Words]

    def called(self, label: str) -> Called:
        """Return the rows that ``label`` names: by all its words, else by those before the
        agency's own details or behind a number."""
        if len(label) > _LONGEST:
            return Called()
        if rows := self.rows.get(label_words(label)):
            return Called(rows)
        details = _DETAILS.search(label)
        name, beyond = (label[: details.start()], label[details.start() :]) if details else ("", "")
        if rows := self.rows.get(label_words(name)):
            return Called(rows, details=beyond.strip())
        numbered = _NUMBERED.fullmatch(label)
        if numbered and (rows := self.rows.get(label_words(numbered[2]))):
            return Called(rows, stt=numbered[1])
        return Called()

    def is_unit(self, text: str) -> bool:
        return unit_words(text) in self.units


def names_of(form: FormDefinition) -> FormNames:
    """Return how ``form`` calls its rows: a row renamed in place has two names."""
    rows: dict[Words, list[int]] = defaultdict(list)
    for place, row in enumerate(form.rows):
        for name in {label_words(row.label), label_words(today_called(row.label))}:
            if name:
                rows[name].append(place)
    return FormNames(rows, frozenset(unit_words(row.unit) for row in form.rows if row.unit))


def full_name(row: RowDefinition, form: FormDefinition) -> str:
    """Return what messages call a row, with the numbered row above it where it has no number."""
    above = numbered_above(row, form)
    return f"{row.name()} (thuộc {above})" if above else row.name()


def numbered_above(row: RowDefinition, form: FormDefinition) -> str:
    """Return the number of the nearest row above that has one; "" where the row has its own."""
    above: RowDefinition | None = row
    while above is not None and not above.stt[:1].isdigit():
        above = form.by_key.get(above.parent)
    return above.stt.rstrip(".") if above is not None and above is not row else ""


def label_words(label: str) -> Words:
    """Return the words that make a label; that its parts follow is none of its name.

    >>> label_words("- Số TTHC công bố mới. Trong đó:")
    ('số', 'thủ', 'tục', 'hành', 'chính', 'công', 'bố', 'mới')
    """
    said = tuple(words(label))
    return said[:-2] if said[-2:] == _INTRODUCES else said


def unit_words(unit: str) -> Words:
    return tuple(words(unit))


def stt_of(text: str) -> str:
    """Return an STT without what papers add to it: ``1.2.``, ``1.2`` and ``(1.2)`` are one."""
    return text.strip(" .()").casefold()
