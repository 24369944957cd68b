"""What a rule asks, in words for people: each row called by its name, ready to lead to it."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from indicators.formulas import Elsewhere, Node, Test
from indicators.formulas.words import named, words

_NUMBERED = re.compile(r"Q([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words; ``key`` is the row that they name, "" where they name none of the form."""

    text: str
    key: str = ""


def phrases(tree: Node | Test, names: Mapping[str, str]) -> Iterator[Phrase]:
    """Yield a condition as people read it; ``names`` are those of a form's rows by key. A row that
    the form does not have keeps its brackets.

    >>> from indicators.formulas import parse_check
    >>> found = phrases(parse_check("[b] <= previous([a])"), {"b": "Số xong"})
    >>> [(phrase.text, phrase.key) for phrase in found]
    [('Số xong', 'b'), (' ≤ ', ''), ('[a] kỳ trước', '')]
    """
    for word in words(tree):
        if isinstance(word, str):
            yield Phrase(word)
        else:
            key = "" if isinstance(word, Elsewhere) else word.key
            told = named(word, lambda row: names.get(row, f"[{row}]"))
            yield Phrase(told, key if key in names else "")


def next_code(taken: Collection[str]) -> str:
    """Return the code for one more rule: after the highest that counts rules, "Q07".

    >>> next_code(["Q01", "dung-han", "Q9"]), next_code([])
    ('Q10', 'Q01')
    """
    numbers = [int(match[1]) for code in taken if (match := _NUMBERED.fullmatch(code))]
    return f"Q{max(numbers, default=0) + 1:02d}"
