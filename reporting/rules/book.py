"""The rule book of a form: every check that its reports go through, told in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from indicators.catalogue.conditions import Phrase, phrases
from indicators.definition import FormDefinition, RowDefinition, RuleDefinition
from indicators.formulas import keys
from indicators.kinds import Severity
from reporting.rules.general import GENERAL

OF_NO_ROW = "Các biểu khác"


@dataclass(frozen=True, slots=True)
class BookRule:
    """One check: what must be so, and what people are told where it is not.

    ``condition`` is the check as it is written in the catalogue and ``missing`` what it does where
    figures are missing; both are "" of a general check, which tells its own sentence each time.
    """

    code: str
    severity: Severity
    asks: Sequence[Phrase]
    instruction: str
    sentence: str = ""
    condition: str = ""
    missing: str = ""

    @property
    def words(self) -> str:
        return "".join(phrase.text for phrase in self.asks)

    def has(self, words: str) -> bool:
        """Say whether ``words`` stand somewhere in the rule, in whatever case."""
        told = (self.code, self.words, self.condition, self.sentence, self.instruction)
        return words.casefold() in "\n".join(told).casefold()


@dataclass(frozen=True, slots=True)
class BookPart:
    """The rules of one part of the form, in its order; ``key`` is the row that heads it."""

    heading: str
    key: str
    rules: Sequence[BookRule]


def parts(form: FormDefinition) -> Sequence[BookPart]:
    """Return the rules of ``form`` by its parts, each where the first row that it names stands;
    rules that name no row come last."""
    placed = sorted(((_row(rule, form), rule) for rule in form.rules), key=lambda one: _at(one[0]))
    return [
        BookPart(
            _heading(form.by_key.get(section)),
            section,
            [book_rule(rule, form) for _, rule in group],
        )
        for section, group in groupby(placed, key=lambda one: one[0].section if one[0] else "")
    ]


def book_rule(rule: RuleDefinition, form: FormDefinition) -> BookRule:
    return BookRule(
        code=rule.code,
        severity=rule.severity,
        asks=list(phrases(rule.test, form.names)),
        instruction=rule.instruction,
        sentence=rule.sentence,
        condition=rule.condition,
        missing=rule.missing.label,
    )


def general_rules() -> Iterator[BookRule]:
    """Yield the checks that every form has."""
    for check in GENERAL:
        yield BookRule(check.code, check.severity, [Phrase(check.asks)], check.instruction)


def _row(rule: RuleDefinition, form: FormDefinition) -> RowDefinition | None:
    """Return the first row that a rule names, as far as the form has it."""
    return next((form.by_key[key] for key in keys(rule.test) if key in form.by_key), None)


def _at(row: RowDefinition | None) -> tuple[bool, int]:
    return row is None, row.position if row else 0


def _heading(section: RowDefinition | None) -> str:
    return f"{section.stt} {section.label}".strip() if section else OF_NO_ROW
