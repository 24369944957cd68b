"""The checks of every form: what each finds, and all the usual things that it must let pass."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from indicators.definition import RowDefinition, RuleDefinition
from indicators.kinds import AcrossAgencies, AcrossPeriods, Kind, Missing, Severity
from reporting.numbers import read
from reporting.rules import GENERAL, NO_HISTORY, Finding, History, Past, Report
from reporting.rules.general import broken_checks
from reporting.snapshot import Cell, Detail, FigureStatus, Reading, SubmissionSnapshot
from reporting.windows import Window
from tests.reporting.forms_by_hand import form_of, row, rule

SILENT = {"kps": FigureStatus.NIL, "ktpv": FigureStatus.OUT_OF_SCOPE}
FIRST_QUARTER = Window(date(2021, 12, 15), date(2022, 3, 14))
SECOND_QUARTER = Window(date(2022, 3, 15), date(2022, 6, 14))
HALF_YEAR = Window(date(2021, 12, 15), date(2022, 6, 14))
THIRD_QUARTER = Window(date(2022, 6, 15), date(2022, 9, 14))
A_YEAR_AGO = Window(date(2020, 12, 15), date(2021, 3, 14))
WHOLE_LAST_YEAR = Window(date(2020, 12, 15), date(2021, 12, 14))


def cell(said: str | Cell) -> Cell:
    """A number, "kps", "ktpv", "«code" of a choice, or a whole cell."""
    if isinstance(said, Cell):
        return said
    if said in SILENT:
        return Cell(status=SILENT[said])
    if said.startswith("«"):
        return Cell(choice=said[1:])
    return Cell(number=Decimal(said), written=said.replace(".", ","))


def found(
    code: str,
    rows: Iterable[RowDefinition],
    figures: Mapping[str, str | Cell],
    *,
    history: History = NO_HISTORY,
    rules: tuple[RuleDefinition, ...] = (),
    kind: str = "so",
    functions: Sequence[str] = (),
    is_paper: bool = False,
) -> list[Finding]:
    """Return what the check ``code`` finds in the report of a department."""
    snapshot = SubmissionSnapshot(
        form_of(*rows, rules=rules),
        {key: cell(said) for key, said in figures.items()},
        is_paper=is_paper,
        agency_kind=kind,
        agency_functions=functions,
    )
    return [one for one in broken_checks(Report(snapshot, history)) if one.code == code]


def places(findings: Sequence[Finding]) -> list[str]:
    return [one.place for one in findings]


def past(numbers: Mapping[str, str], window: Window | None, name: str = "kỳ trước") -> Past:
    return Past(name, window, {key: Decimal(text) for key, text in numbers.items()})


def after(
    numbers: Mapping[str, str],
    before: Window | None = FIRST_QUARTER,
    now: Window | None = SECOND_QUARTER,
) -> History:
    """What stands beside a report where the last one had these numbers."""
    return History(window=now, previous=past(numbers, before))


def a_year_after(numbers: Mapping[str, str], now: Window = FIRST_QUARTER) -> History:
    return History(window=now, last_year=past(numbers, A_YEAR_AGO, "cùng kỳ"))


def rate(key: str = "r", formula: str = "percent([b], [a])", **said: Any) -> RowDefinition:
    return row(key, Kind.PERCENT, AcrossAgencies.RATE, formula=formula, **said)


def typed_rate(key: str = "r", **said: Any) -> RowDefinition:
    return row(key, Kind.PERCENT, AcrossAgencies.NONE, **said)


def choice(key: str = "c", choices: str = "0=Không|1=Có", **said: Any) -> RowDefinition:
    return row(key, Kind.CHOICE, AcrossAgencies.CHOICES, choices=choices, **said)


A, B = row("a"), row("b")
HEADING = row("h", Kind.HEADING, AcrossAgencies.NONE)
AMOUNT = row("m", Kind.AMOUNT)
STOCK = row("a", across_periods=AcrossPeriods.STOCK)
CUMULATIVE = row("a", across_periods=AcrossPeriods.CUMULATIVE)
UNSAID = row("a", across_periods=AcrossPeriods.UNSAID)


# All of them


def test_checks_are_numbered_and_said_in_words() -> None:
    codes = [check.code for check in GENERAL]
    assert codes == [f"C{number:02d}" for number in range(1, len(GENERAL) + 1)]
    for check in GENERAL:
        assert check.asks.endswith(".")
        assert check.instruction.endswith(".")


def test_only_the_impossible_is_an_error() -> None:
    """The rest may be right after all, and is asked about; notes are only shown."""
    by_severity = {
        severity: [check.code for check in GENERAL if check.severity is severity]
        for severity in Severity
    }
    assert by_severity[Severity.ERROR] == ["C04"]
    assert by_severity[Severity.NOTE] == ["C02", "C08", "C15"]


def test_a_report_as_it_should_be_has_no_finding() -> None:
    rows = [HEADING, A, B, rate(), choice(), AMOUNT, row("t", Kind.TEXT, AcrossAgencies.NONE)]
    figures: dict[str, str | Cell] = {
        "a": "40",
        "b": "34",
        "c": "«1",
        "m": "12.5",
        "t": Cell(text="Đã làm"),
    }
    history = History(
        window=SECOND_QUARTER,
        previous=past({"a": "38", "b": "37", "m": "11", "r": "97"}, FIRST_QUARTER),
        last_year=past({"a": "30", "b": "30", "m": "15"}, A_YEAR_AGO),
    )
    snapshot = SubmissionSnapshot(
        form_of(*rows), {key: cell(said) for key, said in figures.items()}, agency_kind="so"
    )
    assert list(broken_checks(Report(snapshot, history))) == []


def test_a_finding_carries_the_check_and_what_it_was_told_of() -> None:
    [one] = found("C04", [A, B], {"b": "-3"})
    assert one == Finding(
        code="C04",
        severity=Severity.ERROR,
        keys=("b",),
        sentence="Số đếm không thể âm.",
        instruction=next(check.instruction for check in GENERAL if check.code == "C04"),
        found="-3",
        expected="số nguyên từ 0 trở lên",
        version="1",
    )


# C01 and C02: what is there at all

NAMED = row("n", asked="noi_vu")
DESIGNATED = row("n", Kind.COUNT, AcrossAgencies.DESIGNATED, reporter="noi_vu")


@pytest.mark.parametrize("given", [NAMED, DESIGNATED])
def test_a_row_given_to_the_agency_by_name_is_to_be_answered(given: RowDefinition) -> None:
    [one] = found("C01", [A, given], {}, functions=["noi_vu"])
    assert (one.place, one.severity, one.found, one.waits) == (
        "n",
        Severity.WARNING,
        "trống",
        True,
    )
    assert found("C02", [given], {}, functions=["noi_vu"]) == []


@pytest.mark.parametrize("said", ["0", "5", "kps", "ktpv"])
@pytest.mark.parametrize("given", [NAMED, DESIGNATED])
def test_a_row_given_by_name_that_is_answered_is_not_told(given: RowDefinition, said: str) -> None:
    assert found("C01", [given], {"n": said}, functions=["noi_vu"]) == []


@pytest.mark.parametrize(
    "given",
    [
        NAMED,
        DESIGNATED,
        row("n", asked="so"),
        row("n"),
        # The reporter of the province's figure beside others who report their own.
        row("n", asked="so", reporter="noi_vu"),
        row("n", Kind.COUNT, AcrossAgencies.DESIGNATED, asked="so", reporter="noi_vu"),
    ],
)
def test_a_row_that_others_are_given_is_not_told_by_name(given: RowDefinition) -> None:
    assert found("C01", [given], {}, functions=["tu_phap"]) == []


@pytest.mark.parametrize("given", [row("n", asked="so"), row("n")])
def test_a_row_that_all_departments_are_given_is_nobodys_by_name(given: RowDefinition) -> None:
    assert found("C01", [given], {}, functions=["noi_vu"]) == []
    assert len(found("C02", [given], {}, functions=["noi_vu"])) == 1


def test_a_heading_and_a_computed_rate_are_not_to_be_answered() -> None:
    rows = [row("h", Kind.HEADING, AcrossAgencies.NONE, asked="noi_vu"), A, B, rate(asked="noi_vu")]
    assert found("C01", rows, {}, functions=["noi_vu"]) == []


def test_a_form_that_is_only_tried_is_nobodys() -> None:
    assert found("C01", [NAMED, DESIGNATED], {}, kind="", functions=["noi_vu"]) == []


def test_blank_rows_are_told_once_and_counted_among_those_asked() -> None:
    rows = [HEADING, A, B, rate(), choice(), row("x", asked="xa"), NAMED]
    [one] = found("C02", rows, {"b": "3"}, functions=["noi_vu"])
    assert (one.keys, one.severity, one.waits) == ((), Severity.NOTE, True)
    assert one.sentence.startswith("Còn 2 dòng trống.")
    assert one.found == "2 trên 4 dòng"


@pytest.mark.parametrize("said", ["0", "kps", "ktpv"])
def test_zero_and_silent_words_are_answers(said: str) -> None:
    assert found("C02", [A], {"a": said}) == []


def test_a_note_alone_is_no_answer() -> None:
    assert len(found("C02", [A], {"a": Cell(status=FigureStatus.NOTE, note="Chưa có")})) == 1


def test_rows_outside_the_scope_of_the_agency_may_stay_blank() -> None:
    outside = [row("x", asked="xa"), row("d", Kind.COUNT, AcrossAgencies.DESIGNATED, reporter="nv")]
    assert found("C02", outside, {}) == []


# C03: half a rate


@pytest.mark.parametrize(
    ("figures", "lacking", "said", "keys"),
    [
        ({"b": "3"}, "mẫu số", "tử số: 3; mẫu số: trống", ("r", "a")),
        ({"a": "3"}, "tử số", "tử số: trống; mẫu số: 3", ("r", "b")),
        ({"a": "kps"}, "tử số", "tử số: trống; mẫu số: 0", ("r", "b")),
        ({"b": "3", "a": "ktpv"}, "mẫu số", "tử số: 3; mẫu số: trống", ("r", "a")),
    ],
)
def test_a_rate_with_one_of_its_numbers_is_told(
    figures: Mapping[str, str], lacking: str, said: str, keys: tuple[str, ...]
) -> None:
    [one] = found("C03", [A, B, rate()], figures)
    assert (one.keys, one.severity, one.waits) == (keys, Severity.WARNING, True)
    assert one.sentence == f"Tỷ lệ chưa tính được vì thiếu {lacking}."
    assert one.found == said
    assert one.formula == "«Dòng r» = «Dòng b» ÷ «Dòng a» × 100"


def test_every_row_of_a_half_that_is_missing_is_told() -> None:
    [one] = found("C03", [A, B, rate(formula="percent([a], [b] + [a])")], {"a": "1"})
    assert one.keys == ("r", "b", "a")


@pytest.mark.parametrize(
    "figures",
    [
        {},
        {"a": "5", "b": "3"},
        {"a": "0", "b": "0"},
        {"a": "kps", "b": "kps"},
        {"a": "ktpv", "b": "ktpv"},
    ],
)
def test_a_rate_with_both_of_its_numbers_or_none_is_not_told(figures: Mapping[str, str]) -> None:
    assert found("C03", [A, B, rate()], figures) == []


def test_half_a_rate_outside_the_scope_is_not_told() -> None:
    assert found("C03", [A, B, rate(asked="xa")], {"b": "3"}) == []


def test_a_rate_that_is_typed_has_no_halves() -> None:
    assert found("C03", [A, B, typed_rate()], {"b": "3", "r": "4"}) == []


# C04: the impossible


@pytest.mark.parametrize(
    ("rows", "figures", "sentence", "expected"),
    [
        ([A], {"a": "-1"}, "Số đếm không thể âm.", "số nguyên từ 0 trở lên"),
        ([A], {"a": "2.5"}, "Số đếm không thể lẻ.", "số nguyên từ 0 trở lên"),
        ([A], {"a": "-2.5"}, "Số đếm không thể âm.", "số nguyên từ 0 trở lên"),
        (
            [choice()],
            {"c": "«2"},
            "Mã «2» không có trong các lựa chọn của dòng.",
            "0 = Không; 1 = Có",
        ),
        (
            [choice()],
            {"c": "7"},
            "Số 7 không phải mã nào trong các lựa chọn của dòng.",
            "0 = Không; 1 = Có",
        ),
        (
            [choice(choices="1=Đã|2=Chưa")],
            {"c": "0"},
            "Số 0 không phải mã nào trong các lựa chọn của dòng.",
            "1 = Đã; 2 = Chưa",
        ),
        (
            [choice(choices="1=2 cấp")],
            {"c": "3"},
            "Số 3 không phải mã nào trong các lựa chọn của dòng.",
            "1 = 2 cấp",
        ),
        ([A, B, rate()], {"r": "-1"}, "Tỷ lệ âm.", "từ 0 đến 100"),
    ],
)
def test_what_a_kind_of_row_cannot_hold_is_an_error(
    rows: Sequence[RowDefinition], figures: Mapping[str, str], sentence: str, expected: str
) -> None:
    [one] = found("C04", rows, figures)
    assert (one.sentence, one.expected, one.severity) == (sentence, expected, Severity.ERROR)


@pytest.mark.parametrize(
    ("rows", "figures"),
    [
        ([A], {"a": "0"}),
        ([A], {"a": "5356"}),
        ([A], {"a": "5356.000"}),
        ([A], {"a": "kps"}),
        ([A], {"a": "ktpv"}),
        ([A], {}),
        # An amount may be a loss, and have decimals.
        ([AMOUNT], {"m": "-12.5"}),
        ([typed_rate()], {"r": "0"}),
        ([typed_rate()], {"r": "29.6"}),
        ([typed_rate()], {"r": "100"}),
        ([choice()], {"c": "«0"}),
        ([choice()], {"c": "«1"}),
        ([choice()], {"c": "kps"}),
        ([choice()], {}),
        # An answer printed as a row of its own ("2 cấp = 1"), beside which the other one stands.
        ([choice(choices="1=2 cấp")], {"c": "0"}),
        ([choice(choices="1=2 cấp")], {"c": "«1"}),
        ([row("t", Kind.TEXT, AcrossAgencies.NONE)], {"t": Cell(text="-5")}),
    ],
)
def test_what_a_kind_of_row_can_hold_is_not_told(
    rows: Sequence[RowDefinition], figures: Mapping[str, str | Cell]
) -> None:
    assert found("C04", rows, figures) == []


def test_a_negative_rate_that_is_typed_may_be_of_a_growth() -> None:
    [one] = found("C04", [typed_rate()], {"r": "-4.5"})
    assert (one.severity, one.found) == (Severity.WARNING, "-4,5 %")


def test_a_code_that_is_none_is_shown_as_it_was_typed() -> None:
    [one] = found("C04", [choice()], {"c": "«5"})
    assert one.found == "5"


# C05: more than everything


def test_a_rate_above_a_hundred_is_told_typed_or_computed() -> None:
    [one] = found("C05", [A, B, rate()], {"a": "3", "b": "4"})
    assert (one.place, one.severity, one.found) == ("r", Severity.WARNING, "133,33 %")
    assert one.expected == "nhiều nhất 100 %"
    assert one.formula == "«Dòng r» = «Dòng b» ÷ «Dòng a» × 100"
    [one] = found("C05", [typed_rate()], {"r": "100.01"})
    assert (one.found, one.formula) == ("100,01 %", "")


@pytest.mark.parametrize(
    ("rows", "figures"),
    [
        ([typed_rate()], {"r": "100"}),
        ([typed_rate()], {"r": "0"}),
        ([typed_rate()], {}),
        ([A, B, rate()], {"a": "3", "b": "3"}),
        ([A, B, rate()], {"a": "0", "b": "4"}),
        ([A, B, rate()], {"a": "kps", "b": "kps"}),
        # Only a rate has a hundred as its most.
        ([A, AMOUNT], {"a": "101", "m": "100.5"}),
    ],
)
def test_a_hundred_percent_is_not_too_much(
    rows: Sequence[RowDefinition], figures: Mapping[str, str]
) -> None:
    assert found("C05", rows, figures) == []


@pytest.mark.parametrize(
    "condition",
    [
        "[r] <= 100",
        "[r] < 200",
        "[b] <= [a]",
        "[a] >= [b]",
        "[b] < [a]",
        "[a] > [b]",
    ],
)
def test_where_the_form_says_how_large_a_rate_may_be_its_rule_tells_it(condition: str) -> None:
    rules = (rule(condition),)
    assert found("C05", [A, B, rate()], {"a": "3", "b": "4"}, rules=rules) == []


@pytest.mark.parametrize(
    "condition",
    ["[r] >= 0", "[b] <= [a] + [x]", "[b] = [a]", "if([a] > 0, [b] <= [a])", "[b] + [a] <= 99"],
)
def test_a_rule_of_something_else_says_nothing_of_a_rate(condition: str) -> None:
    rows = [A, B, row("x"), rate()]
    assert places(found("C05", rows, {"a": "3", "b": "4"}, rules=(rule(condition),))) == ["r"]


def test_a_rate_that_is_typed_as_two_numbers_has_no_rule_of_its_parts() -> None:
    typed = Cell(number=Decimal("133.33"), numerator=Decimal(4), denominator=Decimal(3))
    rules = (rule("[b] <= [a]"),)
    assert places(found("C05", [A, B, typed_rate()], {"r": typed}, rules=rules)) == ["r"]


def test_a_rule_over_the_parts_says_nothing_of_a_rate_that_is_typed_without_them() -> None:
    rules = (rule("[b] <= [a]"),)
    assert places(found("C05", [A, B, rate()], {"r": "120"}, rules=rules, is_paper=True)) == ["r"]


# C06: a rate beside its two numbers

# Of 8 and 27: 29.6296… %; of 1 and 8: 12.5 %; of 593 and 2000: 29.65 %.


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        ("8", "27", "29,63"),
        ("8", "27", "29,62"),
        ("8", "27", "29,6"),
        ("8", "27", "30"),
        ("8", "27", "29"),
        ("8", "27", "29,63 %"),
        ("8", "27", "=29,63%"),
        ("8", "27", "29.6"),
        ("1", "8", "12,5"),
        ("1", "8", "12,50 %"),
        ("1", "8", "13"),
        ("1", "8", "12"),
        ("593", "2000", "29,7"),
        ("593", "2000", "29,6"),
        ("593", "2000", "29,65"),
        ("3", "3", "100"),
        ("3", "3", "100 %"),
        ("0", "3", "0"),
        ("0", "3", "0,00"),
        ("2", "3", "66,67"),
        ("2", "3", "66,66"),
        ("999", "1000", "100"),
        ("999", "1000", "99"),
        # Idle zeros, as many as anybody types.
        ("1", "8", "12,500"),
        ("1", "8", f"12,5{'0' * 50}"),
        ("8", "27", "29,630"),
        ("8", "27", f"29,63{'0' * 40} %"),
        # Two numbers in the box of the rate: their dot is of thousands.
        ("1235", "5356", "1.235/5.356"),
    ],
)
def test_a_rate_rounded_or_cut_to_the_places_written_is_right(
    part: str, whole: str, written: str
) -> None:
    assert told_of_rate(part, whole, written) == []


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        ("8", "27", "29,61"),
        ("8", "27", "29,64"),
        ("8", "27", "29,7"),
        ("8", "27", "29,5"),
        ("8", "27", "31"),
        ("8", "27", "28"),
        ("1", "8", "12,51"),
        ("1", "8", "12,4"),
        ("593", "2000", "29,8"),
        ("3", "3", "99"),
        ("0", "3", "1"),
        ("2", "3", "66,68"),
        ("2", "3", "66,60"),
        ("8", "27", "29,600"),
        ("8", "27", "0"),
    ],
)
def test_another_rate_than_its_two_numbers_make_is_told(
    part: str, whole: str, written: str
) -> None:
    [one] = told_of_rate(part, whole, written)
    assert one.sentence == "Tỷ lệ ghi khác tỷ lệ tính từ các số của báo cáo."
    assert (one.keys, one.severity) == (("r", "b", "a"), Severity.WARNING)


def told_of_rate(part: str, whole: str, written: str) -> list[Finding]:
    """Check a rate that a paper has beside its two numbers."""
    number = read(written, Kind.PERCENT).value
    typed = Cell(number=number, written=written)
    figures: dict[str, str | Cell] = {"a": whole, "b": part, "r": typed}
    return found("C06", [A, B, rate()], figures, is_paper=True)


def test_another_rate_is_told_with_what_it_should_be() -> None:
    [one] = told_of_rate("8", "27", "31,5 %")
    assert (one.found, one.expected) == ("31,5 %; 8 ÷ 27 × 100 = 29,63 %", "29,63 %")
    assert one.formula == "«Dòng r» = «Dòng b» ÷ «Dòng a» × 100"


def test_two_numbers_that_were_typed_with_a_rate_make_it() -> None:
    right = Cell(number=Decimal("79.07"), numerator=Decimal(34), denominator=Decimal(43))
    wrong = Cell(number=Decimal("80.5"), numerator=Decimal(34), denominator=Decimal(43))
    assert found("C06", [typed_rate()], {"r": right}) == []
    [one] = found("C06", [typed_rate()], {"r": wrong})
    assert (one.keys, one.formula) == (("r",), "")
    assert one.found == "80,5 %; 34 ÷ 43 × 100 = 79,07 %"


@pytest.mark.parametrize("typed", ["0", "100"])
def test_a_rate_of_nothing_has_no_value(typed: str) -> None:
    [one] = told_of_rate("0", "0", typed)
    assert one.sentence == "Mẫu số là 0 nên không có tỷ lệ."
    assert (one.found, one.expected) == (f"{typed} %; 0 ÷ 0 × 100", "–")


@pytest.mark.parametrize(
    "figures",
    [
        # Nothing of nothing, and no rate written: as it should be.
        {"a": "0", "b": "0"},
        {"a": "kps", "b": "kps"},
        {"a": "0", "b": "0", "r": "kps"},
        # Nothing to compare with.
        {"a": "5", "r": "20"},
        {"b": "5", "r": "20"},
        {"r": "20"},
        {},
        {"a": "5", "b": "ktpv", "r": "20"},
    ],
)
def test_a_rate_without_both_numbers_is_not_compared(figures: Mapping[str, str]) -> None:
    assert found("C06", [A, B, rate()], figures, is_paper=True) == []


def test_only_rates_are_compared_with_two_numbers() -> None:
    odd = Cell(number=Decimal(3), numerator=Decimal(1), denominator=Decimal(2))
    assert found("C06", [A, AMOUNT], {"a": odd, "m": odd}) == []


# C07: details


def with_details(number: str | None, *lines: str | None) -> Cell:
    return Cell(
        number=None if number is None else Decimal(number),
        details=tuple(Detail("Hộ tịch", None if one is None else Decimal(one)) for one in lines),
    )


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.AMOUNT])
def test_details_that_do_not_add_up_are_told(kind: Kind) -> None:
    [one] = found("C07", [row("a", kind)], {"a": with_details("10", "4", "5")})
    assert (one.place, one.severity) == ("a", Severity.WARNING)
    assert (one.found, one.expected) == ("4 + 5 = 9, khác 10", "bằng 10")
    assert len(found("C07", [row("a", kind)], {"a": with_details("8", "4", "5")})) == 1


@pytest.mark.parametrize(
    "said",
    [
        with_details("9", "4", "5"),
        with_details("0.3", "0.1", "0.2"),
        with_details("4", "4"),
        with_details("10"),
        # A line without a number says that there is more than the lines tell.
        with_details("10", "4", None),
        with_details("10", None),
        # Nothing to add up to.
        with_details(None, "4", "5"),
        Cell(status=FigureStatus.NIL, details=(Detail("Hộ tịch", Decimal(0)),)),
    ],
)
def test_details_that_add_up_or_do_not_say_all_are_not_told(said: Cell) -> None:
    assert found("C07", [row("a", Kind.AMOUNT)], {"a": said}) == []


def test_the_details_of_a_rate_are_never_added() -> None:
    figures = {"r": with_details("55", "50", "60")}
    assert found("C07", [typed_rate()], figures) == []


# C08: headings


@pytest.mark.parametrize(
    ("said", "shown"),
    [("5", "5"), ("0", "0"), ("«1", "1"), (Cell(text="Đã làm"), "Đã làm")],
)
def test_a_figure_at_a_heading_is_told(said: str | Cell, shown: str) -> None:
    [one] = found("C08", [HEADING, A], {"h": said, "a": "5"})
    assert (one.place, one.severity, one.found) == ("h", Severity.NOTE, shown)


@pytest.mark.parametrize("said", ["kps", "ktpv", Cell(note="Xem dòng dưới")])
def test_silent_words_and_notes_may_stand_at_a_heading(said: str | Cell) -> None:
    assert found("C08", [HEADING, A], {"h": said}) == []


def test_a_figure_at_any_other_row_is_in_its_place() -> None:
    rows = [A, AMOUNT, choice(), typed_rate(), row("t", Kind.TEXT, AcrossAgencies.NONE)]
    figures: dict[str, str | Cell] = {"a": "1", "m": "1", "c": "«1", "r": "1", "t": Cell(text="1")}
    assert found("C08", rows, figures) == []


# C09: what cannot fall


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.AMOUNT])
def test_what_counts_from_the_start_of_the_year_does_not_fall_in_it(kind: Kind) -> None:
    rows = [row("a", kind, across_periods=AcrossPeriods.CUMULATIVE)]
    [one] = found("C09", rows, {"a": "9"}, history=after({"a": "10"}))
    assert (one.place, one.severity) == ("a", Severity.WARNING)
    assert one.sentence == "Thấp hơn kỳ trước, mà số lũy kế trong năm không giảm."
    assert (one.found, one.expected) == ("9; kỳ trước: 10", "ít nhất 10")


@pytest.mark.parametrize("indicator", [row("a"), UNSAID])
def test_a_longer_window_has_no_less_than_the_one_inside_it(indicator: RowDefinition) -> None:
    history = after({"a": "10"}, FIRST_QUARTER, HALF_YEAR)
    [one] = found("C09", [indicator], {"a": "9"}, history=history)
    assert one.sentence == "Thấp hơn kỳ trước, mà kỳ này gồm cả kỳ đó."
    assert found("C09", [indicator], {"a": "10"}, history=history) == []


@pytest.mark.parametrize(
    ("rows", "history"),
    [
        # Stocks may fall, in whatever window.
        ([STOCK], after({"a": "10"})),
        ([STOCK], after({"a": "10"}, FIRST_QUARTER, HALF_YEAR)),
        # In another window there may be less of everything.
        ([row("a")], after({"a": "10"}, FIRST_QUARTER, SECOND_QUARTER)),
        ([UNSAID], after({"a": "10"}, FIRST_QUARTER, SECOND_QUARTER)),
        ([row("a")], after({"a": "10"}, HALF_YEAR, THIRD_QUARTER)),
        ([row("a")], after({"a": "10"}, WHOLE_LAST_YEAR, FIRST_QUARTER)),
        # A shorter window inside the last one.
        ([row("a")], after({"a": "10"}, HALF_YEAR, FIRST_QUARTER)),
        # A new year begins from nothing.
        ([CUMULATIVE], after({"a": "10"}, WHOLE_LAST_YEAR, FIRST_QUARTER)),
        (
            [CUMULATIVE],
            after(
                {"a": "10"},
                Window(date(2021, 10, 1), date(2021, 12, 31)),
                Window(date(2022, 1, 1), date(2022, 3, 31)),
            ),
        ),
        # Windows that are not known.
        ([CUMULATIVE], after({"a": "10"}, None, FIRST_QUARTER)),
        ([CUMULATIVE], after({"a": "10"}, FIRST_QUARTER, None)),
        # Nothing to compare with.
        ([CUMULATIVE], after({})),
        ([CUMULATIVE], after({"khác": "10"})),
        ([row("a", indicator="", across_periods=AcrossPeriods.CUMULATIVE)], after({"": "10"})),
        ([CUMULATIVE], History(window=SECOND_QUARTER)),
        ([CUMULATIVE], NO_HISTORY),
        # Last year's figures are another year's.
        ([CUMULATIVE], a_year_after({"a": "10"})),
        # A rate may fall while both its numbers grow.
        ([typed_rate("a", across_periods=AcrossPeriods.CUMULATIVE)], after({"a": "10"})),
        ([typed_rate("a")], after({"a": "10"}, FIRST_QUARTER, HALF_YEAR)),
    ],
)
def test_what_may_fall_is_not_told(rows: Sequence[RowDefinition], history: History) -> None:
    assert found("C09", rows, {"a": "9"}, history=history) == []


@pytest.mark.parametrize("said", ["10", "11", "ktpv"])
def test_what_stays_or_grows_or_is_not_said_is_not_told(said: str) -> None:
    assert found("C09", [CUMULATIVE], {"a": said}, history=after({"a": "10"})) == []
    assert found("C09", [CUMULATIVE], {}, history=after({"a": "10"})) == []


def test_nothing_arisen_is_zero_and_less_than_something() -> None:
    assert len(found("C09", [CUMULATIVE], {"a": "kps"}, history=after({"a": "10"}))) == 1


# C10: a thousand times


@pytest.mark.parametrize(
    ("now", "before", "times"),
    [
        ("5356", "5", "Gấp khoảng 1.000 lần"),
        ("5356000", "5100", "Gấp khoảng 1.000 lần"),
        ("5", "5356", "Chỉ bằng khoảng một phần nghìn"),
        ("500", "1", "Gấp khoảng 1.000 lần"),
        ("2000", "1", "Gấp khoảng 1.000 lần"),
        ("1", "500", "Chỉ bằng khoảng một phần nghìn"),
        ("1", "2000", "Chỉ bằng khoảng một phần nghìn"),
    ],
)
def test_about_a_thousand_times_is_a_slip(now: str, before: str, times: str) -> None:
    [one] = found("C10", [A], {"a": now}, history=after({"a": before}))
    assert (one.place, one.severity) == ("a", Severity.WARNING)
    assert one.sentence.startswith(f"{times} kỳ trước:")
    # It is told once, and as what it is.
    assert found("C11", [A], {"a": now}, history=after({"a": before})) == []


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("499", "1"),
        ("2001", "1"),
        ("1", "499"),
        ("1", "2001"),
        ("100", "1"),
        ("10000", "1"),
        ("1000", "0"),
        ("0", "1000"),
        ("0", "0"),
        ("5356", "5356"),
    ],
)
def test_other_times_are_no_slip(now: str, before: str) -> None:
    assert found("C10", [A], {"a": now}, history=after({"a": before})) == []


def test_a_slip_is_told_with_its_unit_and_what_stood_there() -> None:
    [one] = found("C10", [AMOUNT], {"m": "1250.5"}, history=after({"m": "1.25"}))
    assert one.found == "1.250,5 ; kỳ trước: 1,25"
    assert one.expected == "khoảng 1,25"


# C10 and C11: what may be compared


@pytest.mark.parametrize(
    ("rows", "history", "is_compared"),
    [
        ([A], after({"a": "5"}), True),
        ([UNSAID], after({"a": "5"}), True),
        ([STOCK], after({"a": "5"}), True),
        ([A], a_year_after({"a": "5"}), True),
        ([STOCK], a_year_after({"a": "5"}), True),
        ([CUMULATIVE], a_year_after({"a": "5"}), True),
        # Of what is there at the end of a window its length says nothing.
        ([STOCK], after({"a": "5"}, FIRST_QUARTER, HALF_YEAR), True),
        ([STOCK], after({"a": "5"}, WHOLE_LAST_YEAR, FIRST_QUARTER), True),
        # Windows that are not known.
        ([STOCK], after({"a": "5"}, None, SECOND_QUARTER), False),
        ([STOCK], after({"a": "5"}, FIRST_QUARTER, None), False),
        # Nothing to compare with.
        ([A], after({}), False),
        ([row("a", indicator="")], after({"": "5"}), False),
        ([A], History(window=SECOND_QUARTER), False),
        # An answer is no size.
        ([choice("a")], after({"a": "5"}), False),
        ([row("a", Kind.TEXT, AcrossAgencies.NONE)], after({"a": "5"}), False),
        ([row("a", Kind.HEADING, AcrossAgencies.NONE)], after({"a": "5"}), False),
    ],
)
def test_figures_are_compared_where_they_are_alike(
    rows: Sequence[RowDefinition], history: History, is_compared: bool
) -> None:
    assert bool(found("C10", rows, {"a": "5000"}, history=history)) is is_compared
    assert bool(found("C11", rows, {"a": "500"}, history=history)) is is_compared


@pytest.mark.parametrize(
    ("rows", "history"),
    [
        # A half-year is no quarter, but no thousand of them either.
        ([A], after({"a": "5"}, FIRST_QUARTER, HALF_YEAR)),
        ([UNSAID], after({"a": "5"}, FIRST_QUARTER, HALF_YEAR)),
        ([A], after({"a": "5"}, HALF_YEAR, THIRD_QUARTER)),
        ([CUMULATIVE], a_year_after({"a": "5"}, HALF_YEAR)),
        # From quarter to quarter it grows, and in the first one it begins anew.
        ([CUMULATIVE], after({"a": "5"})),
    ],
)
def test_windows_that_are_not_alike_are_compared_for_slips_alone(
    rows: Sequence[RowDefinition], history: History
) -> None:
    assert found("C10", rows, {"a": "5000"}, history=history)
    assert found("C11", rows, {"a": "500"}, history=history) == []


def test_a_slip_is_looked_for_as_if_both_windows_were_as_long() -> None:
    """A year has some four quarters: 12.000 are a thousand times what 3 of one come to."""
    year = after({"a": "3"}, FIRST_QUARTER, WHOLE_LAST_YEAR)
    assert found("C10", [A], {"a": "12000"}, history=year)
    assert found("C10", [STOCK], {"a": "12000"}, history=year) == []
    assert found("C10", [A], {"a": "1000"}, history=year) == []


def test_a_figure_unlike_both_reports_is_told_once_of_the_last_one() -> None:
    history = History(
        window=SECOND_QUARTER,
        previous=past({"a": "5"}, FIRST_QUARTER),
        last_year=past({"a": "6"}, A_YEAR_AGO, "cùng kỳ"),
    )
    for code, now in (("C10", "5000"), ("C11", "500")):
        [one] = found(code, [A], {"a": now}, history=history)
        assert "kỳ trước: 5" in one.found


def test_a_figure_like_the_last_report_is_compared_with_last_year_too() -> None:
    history = History(
        window=SECOND_QUARTER,
        previous=past({"a": "5000", "b": "500"}, FIRST_QUARTER),
        last_year=past({"a": "6", "b": "6"}, A_YEAR_AGO, "cùng kỳ"),
    )
    figures = {"a": "5000", "b": "500"}
    assert places(found("C10", [A, B], figures, history=history)) == ["a"]
    [one] = found("C11", [A, B], figures, history=history)
    assert (one.place, one.found) == ("b", "500; cùng kỳ: 6")


# C11: unusual and strange


@pytest.mark.parametrize(
    ("now", "before", "severity", "sentence"),
    [
        # Twice, and by twenty.
        ("40", "20", Severity.NOTE, "Gấp 2 lần kỳ trước."),
        ("20", "40", Severity.NOTE, "Giảm 2 lần so với kỳ trước."),
        ("100", "35", Severity.NOTE, "Gấp 2,9 lần kỳ trước."),
        ("20", "0", Severity.NOTE, "Tăng 20 so với kỳ trước."),
        ("0", "20", Severity.NOTE, "Giảm 20 so với kỳ trước."),
        ("49", "0", Severity.NOTE, "Tăng 49 so với kỳ trước."),
        ("61", "12", Severity.NOTE, "Gấp 5,1 lần kỳ trước."),
        ("499", "100", Severity.NOTE, "Gấp 5 lần kỳ trước."),
        # Five times, and by fifty.
        ("50", "0", Severity.WARNING, "Tăng 50 so với kỳ trước."),
        ("0", "50", Severity.WARNING, "Giảm 50 so với kỳ trước."),
        ("500", "100", Severity.WARNING, "Gấp 5 lần kỳ trước."),
        ("100", "500", Severity.WARNING, "Giảm 5 lần so với kỳ trước."),
        ("62", "12", Severity.WARNING, "Gấp 5,2 lần kỳ trước."),
        ("499", "1", Severity.WARNING, "Gấp 499 lần kỳ trước."),
        ("5000", "2", Severity.WARNING, "Gấp 2.500 lần kỳ trước."),
    ],
)
def test_a_count_that_jumps_is_told(
    now: str, before: str, severity: Severity, sentence: str
) -> None:
    [one] = found("C11", [A], {"a": now}, history=after({"a": before}))
    assert (one.place, one.severity, one.sentence) == ("a", severity, sentence)
    assert one.found == f"{written(now)}; kỳ trước: {written(before)}"


def written(number: str) -> str:
    return f"{int(number):,}".replace(",", ".")


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("5356", "5356"),
        ("0", "0"),
        # Half as much again is a matter of course, and single cases come in any number.
        ("150", "100"),
        ("199", "100"),
        ("100", "199"),
        ("39", "20"),
        ("19", "0"),
        ("0", "19"),
        ("20", "1"),
        ("21", "2"),
        ("10000", "5001"),
    ],
)
def test_a_count_that_moves_as_counts_do_is_not_told(now: str, before: str) -> None:
    assert found("C11", [A], {"a": now}, history=after({"a": before})) == []


def test_an_amount_that_turns_into_a_loss_is_told_by_its_difference() -> None:
    [one] = found("C11", [AMOUNT], {"m": "-10"}, history=after({"m": "40.5"}))
    assert (one.severity, one.sentence) == (Severity.NOTE, "Giảm 50,5 so với kỳ trước.")
    assert found("C11", [AMOUNT], {"m": "-40"}, history=after({"m": "40"})) == []


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [
        ("80", "50", "Tăng 30 điểm phần trăm so với kỳ trước."),
        ("50", "80", "Giảm 30 điểm phần trăm so với kỳ trước."),
        ("100", "0", "Tăng 100 điểm phần trăm so với kỳ trước."),
        ("99.96", "0.5", "Tăng 99,5 điểm phần trăm so với kỳ trước."),
    ],
)
def test_a_rate_that_jumps_is_noted_by_its_points(now: str, before: str, sentence: str) -> None:
    [one] = found("C11", [typed_rate()], {"r": now}, history=after({"r": before}))
    assert (one.severity, one.sentence) == (Severity.NOTE, sentence)
    assert one.found.endswith(f" %; kỳ trước: {before.replace('.', ',')} %")


@pytest.mark.parametrize(
    ("now", "before"), [("79.99", "50"), ("50", "79.99"), ("10", "1"), ("29", "0"), ("60", "60")]
)
def test_a_rate_that_moves_by_few_points_is_not_told(now: str, before: str) -> None:
    assert found("C11", [typed_rate()], {"r": now}, history=after({"r": before})) == []


def test_a_computed_rate_is_compared_too() -> None:
    history = after({"r": "30"})
    [one] = found("C11", [A, B, rate()], {"a": "3", "b": "2"}, history=history)
    assert (one.place, one.found) == ("r", "66,67 %; kỳ trước: 30 %")


# C12: last period's file once more

COPIES = [row(f"x{place}") for place in range(6)]


def copied(count: int, **changed: str) -> Mapping[str, str]:
    return {f"x{place}": str(10 + place) for place in range(count)} | changed


@pytest.mark.parametrize("count", [5, 6])
def test_figures_that_are_all_last_periods_are_told_together(count: int) -> None:
    [one] = found("C12", COPIES, copied(count), history=after(copied(6)))
    assert (one.keys, one.severity) == ((), Severity.WARNING)
    assert one.sentence == f"Cả {count} số phát sinh trong kỳ đều giống hệt kỳ trước."


@pytest.mark.parametrize(
    ("rows", "figures", "history"),
    [
        # So few are alike by chance.
        (COPIES, copied(4), after(copied(6))),
        (COPIES, copied(6), after(copied(4))),
        # One that is not.
        (COPIES, copied(6, x5="16"), after(copied(6))),
        (COPIES, copied(6), after(copied(6, x0="11"))),
        # Nothing is alike everywhere.
        (COPIES, dict.fromkeys(copied(6), "0"), after(dict.fromkeys(copied(6), "0"))),
        (COPIES, dict.fromkeys(copied(6), "kps"), after(dict.fromkeys(copied(6), "0"))),
        (COPIES, copied(6, x4="0", x5="kps"), after(copied(6, x4="0", x5="0"))),
        # Stocks stay, what has been reached stays.
        (
            [row(one.key, across_periods=AcrossPeriods.STOCK) for one in COPIES],
            copied(6),
            after(copied(6)),
        ),
        (
            [row(one.key, across_periods=AcrossPeriods.CUMULATIVE) for one in COPIES],
            copied(6),
            after(copied(6)),
        ),
        # Rates are full, and answers are few.
        ([typed_rate(one.key) for one in COPIES], copied(6), after(copied(6))),
        ([choice(one.key) for one in COPIES], copied(6), after(copied(6))),
        # Last year's are not last period's.
        (COPIES, copied(6), a_year_after(copied(6))),
        (COPIES, copied(6), NO_HISTORY),
        ([row(one.key, indicator="") for one in COPIES], copied(6), after({"": "10"})),
    ],
)
def test_figures_that_may_well_be_the_same_are_not_told(
    rows: Sequence[RowDefinition], figures: Mapping[str, str], history: History
) -> None:
    assert found("C12", rows, figures, history=history) == []


def test_amounts_and_rows_of_which_nothing_is_said_are_of_their_window() -> None:
    rows = [row(one.key, Kind.AMOUNT, across_periods=AcrossPeriods.UNSAID) for one in COPIES]
    assert len(found("C12", rows, copied(6), history=after(copied(6)))) == 1


def test_a_rate_that_two_copied_figures_make_is_no_figure_more() -> None:
    rows = [*COPIES[:4], rate("r", "percent([x0], [x1])")]
    history = after({**copied(4), "r": str(Decimal(1000) / 11)})
    assert found("C12", rows, copied(4), history=history) == []


# C13: taken over and not looked at


def test_figures_taken_over_that_nobody_looked_at_are_told_together() -> None:
    taken = Cell(number=Decimal(5), reading=Reading.COPIED)
    [one] = found("C13", [A, B, choice()], {"a": taken, "b": "5", "c": taken})
    assert (one.keys, one.severity, one.found) == (("a", "c"), Severity.WARNING, "2 dòng: a, c")
    assert one.sentence.startswith("2 số lấy lại từ kỳ trước")


def test_figures_taken_over_are_named_by_stt_or_else_by_key() -> None:
    taken = Cell(number=Decimal(5), reading=Reading.COPIED)
    rows = [replace(A, stt="1.2."), replace(B, stt="")]
    [one] = found("C13", rows, {"a": taken, "b": taken})
    assert one.found == "2 dòng: 1.2, b"


@pytest.mark.parametrize("reading", sorted(set(Reading) - {Reading.COPIED}))
def test_figures_that_somebody_typed_or_kept_are_not_told(reading: Reading) -> None:
    assert found("C13", [A], {"a": Cell(number=Decimal(5), reading=reading)}) == []


# C14: a total left blank

PARTS = [row("t"), row("p1"), row("p2"), row("x")]


@pytest.mark.parametrize(
    "condition", ["[t] = [p1] + [p2]", "[p1] + [p2] = [t]", "[t] = children([t])"]
)
def test_a_total_left_blank_beside_its_parts_is_told(condition: str) -> None:
    rules = (rule(condition, children={"t": ("p1", "p2")}),)
    [one] = found("C14", PARTS, {"p1": "3", "p2": "4"}, rules=rules)
    assert (one.keys, one.severity) == (("t", "p1", "p2"), Severity.WARNING)
    assert (one.found, one.expected) == ("trống, các dòng cộng lại là 7", "7")


@pytest.mark.parametrize(
    ("condition", "figures"),
    [
        ("[t] = [p1] + [p2]", {"t": "9", "p1": "3", "p2": "4"}),
        ("[t] = [p1] + [p2]", {"t": "0", "p1": "3", "p2": "4"}),
        ("[t] = [p1] + [p2]", {"t": "kps", "p1": "3", "p2": "4"}),
        ("[t] = [p1] + [p2]", {"t": "ktpv", "p1": "3", "p2": "4"}),
        ("[t] = [p1] + [p2]", {}),
        ("[t] = [p1] + [p2]", {"x": "4"}),
        # These say nothing of what a total is made of.
        ("[t] >= [p1] + [p2]", {"p1": "3", "p2": "4"}),
        ("[t] = [p1] - [p2]", {"p1": "3", "p2": "4"}),
        ("[t] = [p1]", {"p1": "3"}),
        ("[t] = 2 * [p1]", {"p1": "3"}),
        ("[t] = [p1] + 1", {"p1": "3"}),
        # A part that is no row of this report, or is not simply added.
        ("[t] = [p1] + previous([t])", {"p1": "3"}),
        ("[t] = [p1] + 2 * [p2]", {"p1": "3", "p2": "4"}),
        ("[t] = [p1] + ([p2] - [x])", {"p1": "3", "p2": "4"}),
        ("[t] = [p1] + elsewhere([PL2:t])", {"p1": "3"}),
        ("[p1] = [t]", {"p1": "3"}),
        ("[t] + [x] = [p1] + [p2]", {"p1": "3", "p2": "4"}),
        ("[t] = max([p1], [p2])", {"p1": "3", "p2": "4"}),
        ("previous([t]) = [p1] + [p2]", {"p1": "3", "p2": "4"}),
        ("if(given([x]), [t] = [p1] + [p2])", {"p1": "3", "p2": "4", "x": "1"}),
    ],
)
def test_a_total_that_is_there_or_is_none_is_not_told(
    condition: str, figures: Mapping[str, str]
) -> None:
    rules = (rule(condition),)
    assert found("C14", PARTS, figures, rules=rules) == []


def test_a_total_that_is_not_asked_of_the_agency_is_not_told() -> None:
    rows = [row("t", asked="xa"), *PARTS[1:]]
    rules = (rule("[t] = [p1] + [p2]"),)
    assert found("C14", rows, {"p1": "3", "p2": "4"}, rules=rules) == []


def test_a_total_that_the_form_computes_is_there() -> None:
    rows = [A, B, rate(), *PARTS[1:]]
    rules = (rule("[r] = [p1] + [p2]"),)
    figures = {"a": "4", "b": "3", "p1": "3", "p2": "4"}
    assert found("C14", rows, figures, rules=rules) == []


def test_a_total_of_two_rules_is_told_once() -> None:
    rules = (rule("[t] = [p1] + [p2]"), rule("[t] = [p1] + [x]", code="Q02"))
    assert len(found("C14", PARTS, {"p1": "3", "x": "4"}, rules=rules)) == 1


# C15: a rate without its numbers


def test_a_rate_without_its_numbers_is_noted() -> None:
    [one] = found("C15", [A, B, rate()], {"r": "29.6"}, is_paper=True)
    assert (one.keys, one.severity) == (("r", "b", "a"), Severity.NOTE)
    assert one.found == "29,6 %; hai số: trống"


@pytest.mark.parametrize(
    "figures",
    [
        {"a": "5", "b": "4", "r": "80"},
        {"a": "5", "r": "80"},
        {"b": "4", "r": "80"},
        {"a": "kps", "b": "kps", "r": "0"},
        {"r": "kps"},
        {},
    ],
)
def test_a_rate_with_a_number_of_its_own_or_none_written_is_not_noted(
    figures: Mapping[str, str],
) -> None:
    assert found("C15", [A, B, rate()], figures, is_paper=True) == []


def test_a_rate_that_the_form_does_not_compute_has_no_numbers_to_miss() -> None:
    assert found("C15", [typed_rate()], {"r": "29.6"}) == []


def test_missing_figures_that_a_rule_takes_for_zero_stay_missing_here() -> None:
    rules = (rule("[t] = [p1] + [p2]", missing=Missing.ZERO),)
    assert found("C14", PARTS, {}, rules=rules) == []


def test_a_rate_of_a_draft_that_reads_a_row_that_is_gone_is_told_all_the_same() -> None:
    rate = row("r", Kind.PERCENT, AcrossAgencies.RATE, formula="percent([gone], [a])")
    [one] = found("C03", [A, rate], {"a": "5"})
    assert one.keys == ("r",)
