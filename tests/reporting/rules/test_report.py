"""One report as the checks read it: what was filed, what is computed, what stands elsewhere."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from indicators.definition import FormDefinition
from indicators.formulas import operands, parse_check
from indicators.kinds import AcrossAgencies, AcrossPeriods, Kind
from reporting.rules import NO_HISTORY, History, Past, Report
from reporting.snapshot import Cell, FigureStatus, SubmissionSnapshot
from tests.reporting.forms_by_hand import form_of, row

NIL, OUT = Cell(status=FigureStatus.NIL), Cell(status=FigureStatus.OUT_OF_SCOPE)
FORM = form_of(
    row("h", Kind.HEADING, AcrossAgencies.NONE, indicator=""),
    row("a", indicator="tong"),
    row("b", indicator="phan"),
    row("r", Kind.PERCENT, AcrossAgencies.RATE, formula="percent([b], [a])", indicator="ty_le"),
    row("c", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có", indicator="chon"),
    row("t", Kind.TEXT, AcrossAgencies.NONE, indicator=""),
    row("x", asked="xa"),
    row("s", across_periods=AcrossPeriods.STOCK, indicator="ton"),
)


def number(text: str) -> Cell:
    return Cell(number=Decimal(text))


def report(
    cells: Mapping[str, Cell],
    history: History = NO_HISTORY,
    *,
    form: FormDefinition = FORM,
    is_paper: bool = False,
    kind: str = "so",
) -> Report:
    return Report(SubmissionSnapshot(form, cells, is_paper=is_paper, agency_kind=kind), history)


# Its numbers


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        ({}, {}),
        ({"a": number("4")}, {"a": "4"}),
        ({"a": NIL}, {"a": "0"}),
        ({"a": OUT}, {}),
        ({"a": Cell(status=FigureStatus.NOTE, note="Chưa có")}, {}),
        ({"c": Cell(choice="1")}, {}),
        # What the form computes is there too.
        ({"a": number("4"), "b": number("3")}, {"a": "4", "b": "3", "r": "75"}),
        ({"a": number("4"), "b": NIL}, {"a": "4", "b": "0", "r": "0"}),
        ({"a": NIL, "b": NIL}, {"a": "0", "b": "0"}),
        # What was filed counts before what is computed.
        (
            {"a": number("4"), "b": number("3"), "r": number("80")},
            {"a": "4", "b": "3", "r": "80"},
        ),
    ],
)
def test_a_report_has_the_numbers_filed_and_computed(
    cells: Mapping[str, Cell], numbers: Mapping[str, str]
) -> None:
    found = report(cells).numbers
    assert found == {key: Decimal(text) for key, text in numbers.items()}


def test_of_a_paper_only_what_was_filed_is_there() -> None:
    cells = {"a": number("4"), "b": number("3")}
    assert "r" not in report(cells, is_paper=True).numbers
    assert report({**cells, "r": number("80")}, is_paper=True).numbers["r"] == 80


def test_what_is_asked_is_what_the_agency_is_to_answer() -> None:
    assert report({}).asked == {"a", "b", "r", "c", "t", "s"}
    assert report({}, kind="xa").asked == {"a", "b", "r", "c", "t", "s", "x"}


# What formulas read


def figures(condition: str, found: Report) -> Mapping[str, Decimal]:
    """Return what a rule reads of a report beside its numbers."""
    read = found.figures(operands(parse_check(condition)))
    return {address: value for address, value in read.items() if " " in address}


@pytest.mark.parametrize(
    ("condition", "cell", "read"),
    [
        ('chosen([c], "1")', Cell(choice="1"), {"chosen c=1": 1}),
        ('chosen([c], "0")', Cell(choice="1"), {"chosen c=0": 0}),
        # An answer that is none of the codes is not this one.
        ('chosen([c], "1")', NIL, {"chosen c=1": 0}),
        ('chosen([c], "1")', OUT, {"chosen c=1": 0}),
        ('chosen([c], "1")', Cell(), {}),
        ('chosen([c], "1")', Cell(status=FigureStatus.NOTE, note="?"), {}),
        ("given([c])", Cell(choice="0"), {"given c": 1}),
        ("given([c])", NIL, {"given c": 1}),
        ("given([c])", OUT, {"given c": 1}),
        ("given([c])", Cell(), {"given c": 0}),
        ("given([c])", Cell(status=FigureStatus.NOTE, note="?"), {"given c": 0}),
    ],
)
def test_answers_are_read_as_true_or_false(
    condition: str, cell: Cell, read: Mapping[str, int]
) -> None:
    assert figures(condition, report({"c": cell})) == read


def test_a_text_is_an_answer() -> None:
    assert figures("given([t])", report({"t": Cell(text="Đã làm")})) == {"given t": 1}


def test_a_row_that_is_not_asked_may_be_given_but_is_not_missed() -> None:
    assert figures("given([x])", report({})) == {}
    assert figures("given([x])", report({"x": number("0")})) == {"given x": 1}
    assert figures("given([nowhere])", report({})) == {}


def test_a_computed_rate_is_given() -> None:
    cells = {"a": number("4"), "b": number("3")}
    assert figures("given([r])", report(cells)) == {"given r": 1}
    assert figures("given([r])", report({"a": number("4")})) == {"given r": 0}


PAST = History(
    previous=Past("kỳ trước", None, {"tong": Decimal(6), "ty_le": Decimal(50), "": Decimal(9)}),
    last_year=Past("cùng kỳ", None, {"tong": Decimal(5)}),
    earlier=[{"tong": Decimal(20)}],
    elsewhere={"PL2:tong": Decimal(7)},
)


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        ("previous([a]) > 0", {"previous a": "6"}),
        ("previous([r]) > 0", {"previous r": "50"}),
        ("last_year([a]) > 0", {"last_year a": "5"}),
        ("year_to_date([a]) > 0", {"year_to_date a": "24"}),
        ("year_to_date([s]) > 0", {"year_to_date s": "3"}),
        ("elsewhere([PL2:tong]) > 0", {"elsewhere PL2:tong": "7"}),
        (
            "previous([a]) + last_year([a]) > elsewhere([PL2:tong])",
            {"previous a": "6", "last_year a": "5", "elsewhere PL2:tong": "7"},
        ),
        # What was not reported there is missing here.
        ("previous([b]) > 0", {}),
        ("last_year([r]) > 0", {}),
        ("year_to_date([b]) > 0", {}),
        ("elsewhere([PL2:phan]) > 0", {}),
        ("elsewhere([PL1:tong]) > 0", {}),
        # Without an indicator there is nothing to find a figure by.
        ("previous([t]) > 0", {}),
        ("previous([h]) > 0", {}),
        ("previous([nowhere]) > 0", {}),
        ("year_to_date([nowhere]) > 0", {}),
    ],
)
def test_figures_of_other_reports_are_read_by_indicator(
    condition: str, read: Mapping[str, str]
) -> None:
    found = report({"a": number("4"), "s": number("3")}, PAST)
    assert figures(condition, found) == {name: Decimal(text) for name, text in read.items()}


@pytest.mark.parametrize("when", ["previous", "last_year", "year_to_date"])
def test_without_a_history_nothing_was_before(when: str) -> None:
    assert figures(f"{when}([a]) > 0", report({"a": number("4")})) == {}


def test_the_numbers_of_the_report_itself_are_always_read() -> None:
    found = report({"a": number("4"), "b": NIL})
    assert found.figures(()) == {"a": 4, "b": 0, "r": 0}
    assert found.figures(operands(parse_check("previous([a]) > [a]"))) == found.figures(())
