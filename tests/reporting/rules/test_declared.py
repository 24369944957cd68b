"""What the rules of a form find in the figures of one submission."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.definition import RowDefinition, RuleDefinition
from indicators.kinds import AcrossAgencies, Kind, Missing, Severity
from reporting.rules import NO_HISTORY, Finding, History, Past, Report
from reporting.rules.declared import broken_rules
from reporting.snapshot import Cell, FigureStatus, SubmissionSnapshot
from tests.reporting import forms_by_hand
from tests.reporting.forms_by_hand import form_of, row

SILENT = {"kps": FigureStatus.NIL, "ktpv": FigureStatus.OUT_OF_SCOPE}


def rule(code: str, condition: str, severity: Severity = Severity.WARNING) -> RuleDefinition:
    return forms_by_hand.rule(
        condition, f"Câu {code}.", f"Sửa {code}.", code=code, severity=severity
    )


def findings(snapshot: SubmissionSnapshot) -> list[Finding]:
    return list(broken_rules(Report(snapshot)))


def filled(
    figures: Mapping[str, str], *rules: RuleDefinition, is_paper: bool = False
) -> SubmissionSnapshot:
    """Return a report of a form with a rate; a figure is a number, "kps" or "ktpv"."""
    rate = row("rate", Kind.PERCENT, AcrossAgencies.RATE, formula="percent([part], [whole])")
    return SubmissionSnapshot(
        form_of(row("whole"), row("part"), row("late"), rate, rules=rules),
        {
            key: Cell(status=SILENT[text]) if text in SILENT else Cell(number=Decimal(text))
            for key, text in figures.items()
        },
        is_paper=is_paper,
    )


WITHIN = rule("trong", "[part] + [late] <= [whole]")
FULL = rule("du", "[rate] >= [late]")


@pytest.mark.parametrize(
    ("figures", "is_found"),
    [
        ({"whole": "10", "part": "8", "late": "2"}, False),
        ({"whole": "10", "part": "8", "late": "3"}, True),
        ({"whole": "10", "part": "11", "late": "kps"}, True),
        ({"whole": "10", "part": "10", "late": "kps"}, False),
        ({"whole": "kps", "part": "1", "late": "0"}, True),
        ({"whole": "10", "part": "11"}, False),
        ({"whole": "10", "part": "11", "late": "ktpv"}, False),
        ({}, False),
    ],
)
def test_nothing_arising_is_zero_and_a_missing_figure_says_nothing(
    figures: Mapping[str, str], is_found: bool
) -> None:
    assert bool(findings(filled(figures, WITHIN))) is is_found


def test_a_finding_says_what_is_wrong_where_and_what_to_do() -> None:
    twice = rule("hai-lan", "[part] + [part] <= [whole]", Severity.ERROR)
    assert findings(filled({"whole": "10", "part": "8"}, twice)) == [
        Finding(
            "hai-lan",
            Severity.ERROR,
            ("part", "whole"),
            "Câu hai-lan.",
            "Sửa hai-lan.",
            found="8 + 8 = 16, lớn hơn 10",
            expected="ít nhất 16",
            formula="«Dòng part» + «Dòng part» ≤ «Dòng whole»",
            version=twice.version,
        )
    ]


def test_a_rule_reads_a_computed_rate_but_on_a_paper_only_what_was_filed() -> None:
    figures = {"whole": "4", "part": "3", "late": "80"}
    assert [finding.code for finding in findings(filled(figures, FULL))] == ["du"]
    assert findings(filled(figures, FULL, is_paper=True)) == []
    assert [
        finding.code for finding in findings(filled({**figures, "rate": "79"}, FULL, is_paper=True))
    ] == ["du"]


def test_a_rule_of_a_trial_that_names_no_row_says_nothing() -> None:
    assert findings(filled({"part": "1"}, rule("la", "[part] < [khong-co]"))) == []


def test_a_form_without_rules_finds_nothing() -> None:
    assert findings(filled({"whole": "1", "part": "9"})) == []


# What is said of it

FOUR = (row("a"), row("b"), row("c"), row("m", Kind.AMOUNT))


def broken(
    condition: str,
    figures: Mapping[str, str],
    *,
    history: History = NO_HISTORY,
    children: Sequence[str] = (),
    missing: Missing = Missing.SKIP_ANY,
    rows: Sequence[RowDefinition] = FOUR,
    kind: str = "so",
) -> list[Finding]:
    """Return what one rule finds; a figure is a number, "kps", "ktpv" or "«code" of a choice."""
    said = forms_by_hand.rule(condition, children=dict.fromkeys("abc", tuple(children)))
    cells = {
        key: Cell(status=SILENT[text])
        if text in SILENT
        else Cell(choice=text[1:])
        if text.startswith("«")
        else Cell(number=Decimal(text))
        for key, text in figures.items()
    }
    form = form_of(*rows, rules=(replace(said, missing=missing),))
    return list(broken_rules(Report(SubmissionSnapshot(form, cells, agency_kind=kind), history)))


@pytest.mark.parametrize(
    ("condition", "figures", "found", "expected"),
    [
        # Each sign, and the single row on either side.
        ("[a] <= [b]", {"a": "9", "b": "8"}, "9, lớn hơn 8", "nhiều nhất 8"),
        ("[a] >= [b]", {"a": "7", "b": "8"}, "7, nhỏ hơn 8", "ít nhất 8"),
        ("[a] = [b]", {"a": "7", "b": "8"}, "7, khác 8", "bằng 8"),
        ("[a] <> [b]", {"a": "8", "b": "8"}, "8, bằng 8", "khác 8"),
        ("[a] < [b]", {"a": "8", "b": "8"}, "8, không nhỏ hơn 8", "nhỏ hơn 8"),
        ("[a] > [b]", {"a": "8", "b": "8"}, "8, không lớn hơn 8", "lớn hơn 8"),
        ("5 >= [a]", {"a": "6"}, "5, nhỏ hơn 6", "nhiều nhất 5"),
        ("5 <= [a]", {"a": "4"}, "5, lớn hơn 4", "ít nhất 5"),
        ("5 = [a]", {"a": "4"}, "5, khác 4", "bằng 5"),
        ("5 < [a]", {"a": "5"}, "5, không nhỏ hơn 5", "lớn hơn 5"),
        ("5 > [a]", {"a": "5"}, "5, không lớn hơn 5", "nhỏ hơn 5"),
        ("5 <> [a]", {"a": "5"}, "5, bằng 5", "khác 5"),
        # Sides that are made of several figures say what these are, and what they come to.
        (
            "[a] = [b] + [c]",
            {"a": "9", "b": "3", "c": "4"},
            "9, khác 3 + 4 = 7",
            "bằng 7",
        ),
        ("[b] + [c] = [a]", {"a": "9", "b": "3", "c": "4"}, "3 + 4 = 7, khác 9", "bằng 7"),
        (
            "[a] <= [b] - [c]",
            {"a": "9", "b": "8", "c": "1"},
            "9, lớn hơn 8 − 1 = 7",
            "nhiều nhất 7",
        ),
        (
            "[a] >= -[b] + [c]",
            {"a": "1", "b": "2", "c": "5"},
            "1, nhỏ hơn −2 + 5 = 3",
            "ít nhất 3",
        ),
        (
            "[a] <= percent([b], [c])",
            {"a": "90", "b": "2", "c": "3"},
            "90, lớn hơn 2 ÷ 3 × 100 = 66,67",
            "nhiều nhất 66,67",
        ),
        (
            "percent([a], [b] + [c]) <= 100",
            {"a": "9", "b": "1", "c": "2"},
            "9 ÷ (1 + 2) × 100 = 300, lớn hơn 100",
            "nhiều nhất 100",
        ),
        ("[a] <= 2 * [b]", {"a": "9", "b": "4"}, "9, lớn hơn 2 × 4 = 8", "nhiều nhất 8"),
        (
            "[a] <= max([b], [c])",
            {"a": "9", "b": "4", "c": "5"},
            "9, lớn hơn 5",
            "nhiều nhất 5",
        ),
        ("abs([a] - [b]) <= 1", {"a": "9", "b": "4"}, "|(9 − 4)| = 5, lớn hơn 1", "nhiều nhất 1"),
        # As people write numbers.
        (
            "[m] <= 1000.5",
            {"m": "5356.25"},
            "5.356,25, lớn hơn 1.000,5",
            "nhiều nhất 1.000,5",
        ),
        ("[m] <= 0.0025", {"m": "0.125"}, "0,125, lớn hơn 0,0025", "nhiều nhất 0,0025"),
    ],
)
def test_a_finding_says_what_stands_and_what_should(
    condition: str, figures: Mapping[str, str], found: str, expected: str
) -> None:
    [one] = broken(condition, figures)
    assert (one.found, one.expected) == (found, expected)


def test_figures_of_another_time_are_told_as_what_they_were() -> None:
    history = History(last_year=Past("cùng kỳ", None, {"a": Decimal(20)}))
    for condition, told in (
        ("[a] <= 2 * last_year([a])", "50, lớn hơn 2 × 20 = 40"),
        ("abs([a] - last_year([a])) <= 5", "|(50 − 20)| = 30, lớn hơn 5"),
    ):
        [one] = broken(condition, {"a": "50"}, history=history)
        assert one.found == told


def test_children_are_told_one_by_one() -> None:
    [one] = broken("[a] = children([a])", {"a": "9", "b": "3", "c": "4"}, children=["b", "c"])
    assert (one.found, one.expected) == ("9, khác 3 + 4 = 7", "bằng 7")
    assert one.keys == ("a", "b", "c")
    assert one.formula == "«Dòng a» = tổng các dòng con của «Dòng a»"
    [one] = broken("[a] = children([a])", {"a": "9", "b": "3"}, children=["b"])
    assert one.found == "9, khác 3"


def test_a_row_that_has_no_children_is_not_compared_with_nothing() -> None:
    assert broken("[a] = children([a])", {"a": "9"}) == []


def test_figures_of_other_reports_are_told_too() -> None:
    history = History(previous=Past("kỳ trước", None, {"a": Decimal(12)}))
    [one] = broken("[a] >= previous([a])", {"a": "9"}, history=history)
    assert (one.found, one.expected) == ("9, nhỏ hơn 12", "ít nhất 12")
    assert one.formula == "«Dòng a» ≥ «Dòng a» kỳ trước"
    assert one.keys == ("a",)
    assert broken("[a] >= previous([a])", {"a": "9"}) == []


def test_a_condition_is_told_by_the_figures_that_break_it() -> None:
    rows = (*FOUR, row("k", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có"))
    test = 'if(chosen([k], "0"), [a] = 0 and given([b]))'
    [one] = broken(test, {"k": "«0", "a": "9"}, rows=rows)
    assert (one.found, one.expected) == ("«Dòng k» chọn mã 0; «Dòng a»: 9; «Dòng b»: trống", "")
    assert one.keys == ("k", "a", "b")
    assert one.formula == ("nếu «Dòng k» chọn mã 0 thì «Dòng a» = 0 và «Dòng b» có trả lời")
    assert broken(test, {"k": "«1", "a": "9"}, rows=rows) == []
    assert broken(test, {"a": "9"}, rows=rows) == []
    assert broken(test, {"k": "«0", "a": "kps", "b": "kps"}, rows=rows) == []


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("[a] - ([b] + [c]) = [d]", "10 − (3 + 4) = 3, khác 5"),
        ("[a] - ([b] - [c]) = [d]", "10 − (3 − 4) = 11, khác 5"),
        ("-([a] + [b]) >= [d]", "−(10 + 3) = -13, nhỏ hơn 5"),
        ("[a] - 2 × ([b] + [c]) = [d]", "10 − 2 × (3 + 4) = -4, khác 5"),
    ],
)
def test_what_is_told_adds_up(condition: str, told: str) -> None:
    [one] = broken(condition, {"a": "10", "b": "3", "c": "4", "d": "5"})
    assert one.found == told


def test_children_taken_off_are_told_together() -> None:
    figures = {"a": "9", "b": "3", "c": "4", "d": "5"}
    [one] = broken("[a] - children([a]) = [d]", figures, children=["b", "c"])
    assert one.found == "9 − (3 + 4) = 2, khác 5"


def test_where_only_answers_are_asked_for_it_is_told_how_they_stand() -> None:
    rows = (*FOUR, row("k", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có"))
    [one] = broken('chosen([k], "1")', {"k": "«0"}, rows=rows)
    assert one.found == "không có: «Dòng k» chọn mã 1"
    [one] = broken("not(given([a]) and given([b]))", {"a": "9", "b": "kps"}, rows=rows)
    assert one.found == "«Dòng a» có trả lời; «Dòng b» có trả lời"


def test_only_what_may_mend_it_is_to_be_filled_in() -> None:
    """Neither a choice that was made, nor one that was not, nor another round's figure."""
    rows = (
        *FOUR,
        row("k", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có"),
        row("l", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có"),
    )
    test = 'if(chosen([k], "1") or chosen([l], "1"), [a] + [b] > 0)'
    [one] = broken(test, {"k": "«1", "a": "0"}, rows=rows, missing=Missing.ZERO)
    assert one.instruction.startswith("Còn trống: «Dòng b»; nhập,")
    [one] = broken('if(chosen([k], "1"), given([b]))', {"k": "«1"}, rows=rows)
    assert one.instruction.startswith("Còn trống: «Dòng b»; nhập,")
    history = History(previous=Past("kỳ trước", None, {}))
    [one] = broken("[a] > previous([b])", {}, missing=Missing.ZERO, history=history)
    assert one.instruction.startswith("Còn trống: «Dòng a»; nhập,")


# Missing figures


@pytest.mark.parametrize(
    ("missing", "figures", "is_found"),
    [
        (Missing.SKIP_ANY, {"a": "5", "b": "9"}, False),
        (Missing.SKIP_ANY, {"a": "5", "b": "9", "c": "kps"}, True),
        (Missing.SKIP_ALL, {"a": "5", "b": "9"}, True),
        (Missing.SKIP_ALL, {"a": "5", "b": "4"}, False),
        (Missing.SKIP_ALL, {"b": "9"}, False),
        (Missing.SKIP_ALL, {"a": "5", "b": "ktpv"}, False),
        (Missing.ZERO, {"b": "9"}, True),
        (Missing.ZERO, {"a": "5"}, False),
        (Missing.ZERO, {}, False),
    ],
)
def test_a_rule_says_what_a_missing_figure_does(
    missing: Missing, figures: Mapping[str, str], is_found: bool
) -> None:
    assert bool(broken("[a] >= [b] + [c]", figures, missing=missing)) is is_found


def test_a_blank_figure_is_told_as_blank_beside_others() -> None:
    [one] = broken("[a] >= [b] + [c]", {"a": "5", "b": "9"}, missing=Missing.SKIP_ALL)
    assert one.found == "5, nhỏ hơn 9 + trống = 9"


def test_a_blank_figure_is_told_as_blank_alone_too() -> None:
    [one] = broken("[a] >= [b]", {"b": "9"}, missing=Missing.ZERO)
    assert one.found == "trống, nhỏ hơn 9"


def test_a_rule_that_takes_blank_for_zero_is_for_those_who_are_asked() -> None:
    rows = (row("a", asked="xa"), row("b", asked="xa"))
    assert len(broken("[a] + [b] > 0", {}, rows=rows, missing=Missing.ZERO, kind="xa")) == 1
    assert broken("[a] + [b] > 0", {}, rows=rows, missing=Missing.ZERO) == []
    assert len(broken("[a] + [b] > 0", {"a": "0"}, rows=rows, missing=Missing.ZERO)) == 1


@pytest.mark.parametrize(
    ("condition", "missing", "figures", "waits"),
    [
        # More may come to the side that is too small.
        ("[a] = [b] + [c]", Missing.SKIP_ALL, {"a": "9", "b": "3"}, True),
        ("[b] + [c] >= [a]", Missing.SKIP_ALL, {"a": "9", "b": "3"}, True),
        ("[a] <= [b] + [c]", Missing.SKIP_ALL, {"a": "9", "b": "3"}, True),
        # It is too large already, or all is there.
        ("[a] = [b] + [c]", Missing.SKIP_ALL, {"a": "2", "b": "3"}, False),
        ("[a] >= [b] + [c]", Missing.SKIP_ALL, {"a": "2", "b": "3"}, False),
        ("[a] = [b] + [c]", Missing.SKIP_ANY, {"a": "9", "b": "3", "c": "4"}, False),
        ("[a] <= [b]", Missing.SKIP_ANY, {"a": "9", "b": "3"}, False),
        ("[a] = [b] + [c]", Missing.SKIP_ANY, {"a": "9", "b": "3", "c": "kps"}, False),
        # An answer may still be given; one that is given is.
        ("if([a] > 0, given([b]))", Missing.SKIP_ANY, {"a": "9"}, True),
        ("if([a] > 0, [b] = 0)", Missing.SKIP_ANY, {"a": "9", "b": "3"}, False),
        ("not([a] > 0)", Missing.SKIP_ANY, {"a": "9"}, False),
        ("[a] < 5 and given([b])", Missing.SKIP_ANY, {"a": "9"}, False),
        ("[a] > 5 and given([b])", Missing.SKIP_ANY, {"a": "9"}, True),
        ("[a] < 5 or given([b])", Missing.SKIP_ANY, {"a": "9"}, True),
        ("if([a] < 5, given([b]), given([c]))", Missing.SKIP_ANY, {"a": "9"}, True),
    ],
)
def test_a_finding_waits_where_what_is_still_to_come_may_settle_it(
    condition: str, missing: Missing, figures: Mapping[str, str], waits: bool
) -> None:
    [one] = broken(condition, figures, missing=missing)
    assert one.waits is waits


# Which rule it was


def test_what_a_rule_asks_makes_its_version() -> None:
    first = forms_by_hand.rule("[a] > 0")
    assert first.version == forms_by_hand.rule("[a] > 0", "Câu khác.", "Sửa khác.").version
    others = [
        forms_by_hand.rule("[a] > 1"),
        forms_by_hand.rule("[a] > 0", severity=Severity.ERROR),
        forms_by_hand.rule("[a] > 0", missing=Missing.ZERO),
    ]
    assert len({first.version, *(other.version for other in others)}) == 4


def test_a_row_that_is_not_in_the_form_has_no_place() -> None:
    [one] = broken("[a] > [b] - [nowhere]", {"a": "1", "b": "5"}, missing=Missing.SKIP_ALL)
    assert one.keys == ("a", "b")
    assert one.formula == "«Dòng a» > «Dòng b» − [nowhere]"
