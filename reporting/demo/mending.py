"""Invented figures made to obey the rules of their form, as those of a careful agency do."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from indicators.definition import FormDefinition, RuleDefinition
from indicators.formulas import (
    Check,
    Chosen,
    Either,
    Every,
    Figures,
    Given,
    Node,
    Not,
    Provided,
    Ref,
    Test,
    keys,
    value_of,
)
from indicators.kinds import Severity
from reporting.entry import read_cell
from reporting.rules import Report
from reporting.snapshot import EMPTY, Cell, SubmissionSnapshot

_PASSES = 8
_SHARE = Decimal("0.9")


def obey(form: FormDefinition, typed: dict[str, str], severities: Collection[Severity]) -> None:
    """Change what is ``typed`` (row key → text) until no rule of these severities is broken; a rule
    that asks for more than this knows is left without its figures."""
    read: dict[tuple[str, str], Cell] = {}
    for turn in range(_PASSES):
        figures = _figures(form, typed, read)
        broken = [
            rule
            for rule in form.rules
            if rule.severity in severities and rule.holds(figures) is False
        ]
        if not broken:
            return
        for rule in broken:
            if turn == _PASSES - 1:
                _leave_out(rule, typed)
            else:
                _mend(rule.test, typed, _figures(form, typed, read))


def _figures(
    form: FormDefinition, typed: Mapping[str, str], read: dict[tuple[str, str], Cell]
) -> Figures:
    """What the rules read of ``typed``; few texts change from one mending to the next, so that
    those ``read`` before are kept."""
    for key, text in typed.items():
        if (key, text) not in read:
            read[key, text] = read_cell(text, form.by_key[key], EMPTY)
    cells = {key: read[key, text] for key, text in typed.items()}
    return Report(SubmissionSnapshot(form, cells)).figures(form.special_operands)


def _leave_out(rule: RuleDefinition, typed: dict[str, str]) -> None:
    for key in keys(rule.test):
        typed.pop(key, None)


def _mend(test: Test, typed: dict[str, str], figures: Figures) -> None:
    match test:
        case Check(left, sign, right):
            _bring_together(left, sign, right, typed, figures)
        case Provided(_, then, _):
            _mend(then, typed, figures)
        case Every(tests):
            for one in tests:
                _mend(one, typed, figures)
        case Either(tests):
            _mend(tests[-1], typed, figures)
        case Not(inner):
            for key in keys(inner):
                typed.pop(key, None)
        case Given(key):
            typed[key] = "1"
        case Chosen(key, code):
            typed[key] = code


def _bring_together(
    left: Node, sign: str, right: Node, typed: dict[str, str], figures: Figures
) -> None:
    """Let the two sides of a comparison stand to each other as it asks."""
    one, other = (value_of(side, fills=True)(figures) for side in (left, right))
    if one is None or other is None:
        return
    match sign:
        case "=":
            single, wanted = (left, other) if isinstance(left, Ref) else (right, one)
            _set(single, wanted, typed, figures)
        case "<=" | "<":
            _set(left, _SHARE * other, typed, figures)
        case ">=" | ">":
            _set(left, max(other, Decimal(5)), typed, figures)


def _set(side: Node, wanted: Decimal, typed: dict[str, str], figures: Figures) -> None:
    """Make the figures of one side come to ``wanted``, each in its share."""
    now = value_of(side, fills=True)(figures)
    for key in dict.fromkeys(keys(side)):
        if isinstance(side, Ref):
            typed[key] = str(int(wanted))
        elif key in typed and now and typed[key].isdecimal():
            typed[key] = str(int(int(typed[key]) * wanted / now))
