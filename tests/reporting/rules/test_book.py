"""The rule book of a form."""

from dataclasses import replace

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import Kind, Missing, Severity
from reporting.rules import GENERAL
from reporting.rules.book import OF_NO_ROW, BookRule, general_rules, parts
from tests.reporting.forms_by_hand import form_of, row, rule


def numbered(*rows: RowDefinition) -> list[RowDefinition]:
    return [replace(one, position=place) for place, one in enumerate(rows, start=1)]


ROWS = numbered(
    row("1", Kind.HEADING),
    row("1.a", parent="1"),
    row("1.b", parent="1"),
    row("2", Kind.HEADING),
    row("2.a", parent="2"),
)
FORM = form_of(
    *ROWS,
    rules=(
        rule("[2.a] >= [1.a]", code="Q01", severity=Severity.NOTE),
        rule("elsewhere([BM7:x]) > 0", code="Q02"),
        rule("[1.b] <= [1.a]", "Số b lớn hơn số a.", "Sửa b.", code="Q03", missing=Missing.ZERO),
        rule("[1.a] >= 1", code="Q04"),
    ),
)


def codes(form: FormDefinition) -> list[tuple[str, list[str]]]:
    return [(part.heading, [one.code for one in part.rules]) for part in parts(form)]


def test_rules_stand_where_the_first_row_that_they_name_stands() -> None:
    assert codes(FORM) == [
        ("1. Dòng 1", ["Q04", "Q03"]),
        ("2. Dòng 2", ["Q01"]),
        (OF_NO_ROW, ["Q02"]),
    ]
    assert [part.key for part in parts(FORM)] == ["1", "2", ""]


def test_a_rule_is_told_whole() -> None:
    found = next(one for part in parts(FORM) for one in part.rules if one.code == "Q03")
    assert (found.words, found.condition) == ("1.b Dòng 1.b ≤ 1.a Dòng 1.a", "[1.b] <= [1.a]")
    assert found.missing == "số thiếu coi là 0"
    assert (found.severity, found.sentence, found.instruction) == (
        Severity.WARNING,
        "Số b lớn hơn số a.",
        "Sửa b.",
    )


def test_a_rule_is_found_by_its_words_in_any_case() -> None:
    found = BookRule("Q03", Severity.ERROR, [], "Sửa b.", "Số đúng hạn.", "[1.b] <= [1.a]")
    assert all(found.has(words) for words in ("", "q03", "ĐÚNG hạn", "sửa", "[1.b]"))
    assert not found.has("trễ hạn")


def test_a_form_without_rules_has_an_empty_book() -> None:
    assert parts(form_of(*ROWS)) == []


def test_the_general_checks_are_those_that_are_run() -> None:
    told = list(general_rules())
    assert [one.code for one in told] == [check.code for check in GENERAL]
    assert [one.words for one in told] == [check.asks for check in GENERAL]
    assert all(one.instruction and not one.sentence for one in told)
