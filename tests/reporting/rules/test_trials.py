"""Rules tried on what was filed, judged by hand."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.definition import FormDefinition
from indicators.kinds import AcrossAgencies, Kind, Missing
from reporting.rules import History, Past
from reporting.rules.trials import Filed, carried, outcomes
from reporting.snapshot import Cell, FigureStatus, SubmissionSnapshot
from tests.reporting.forms_by_hand import form_of, row, rule

NIL = Cell(status=FigureStatus.NIL)
# The old form; the new one has the same indicators under other keys, and other codes.
OLD = form_of(
    row("a", indicator="tong"),
    row("b", indicator="phan"),
    row("r", Kind.PERCENT, AcrossAgencies.RATE, indicator="ty_le", formula="percent([b], [a])"),
    row("c", Kind.CHOICE, AcrossAgencies.CHOICES, indicator="chon", choices="0=Không|1=Có"),
    row("m", Kind.AMOUNT, indicator="tien"),
    row("t", Kind.TEXT, AcrossAgencies.NONE, indicator="chu"),
    id=1,
)
NEW = form_of(
    row("1", indicator="tong"),
    row("2", indicator="phan"),
    row("3", Kind.PERCENT, AcrossAgencies.RATE, indicator="ty_le"),
    row("4", Kind.CHOICE, AcrossAgencies.CHOICES, indicator="chon", choices="1=Không|2=Có"),
    row("5", Kind.AMOUNT, indicator="tien"),
    row("6", indicator="chu"),
    row("7", indicator="moi"),
    id=2,
)


def filed(figures: Mapping[str, str], form: FormDefinition = OLD) -> SubmissionSnapshot:
    """Return a report; a figure is a number or "kps"."""
    return SubmissionSnapshot(
        form,
        {
            key: NIL if text == "kps" else Cell(number=Decimal(text))
            for key, text in figures.items()
        },
        agency_kind="so",
    )


def with_rules(form: FormDefinition, *conditions: str, missing: Missing) -> FormDefinition:
    found = (
        rule(text, code=f"Q{place:02d}", missing=missing)
        for place, text in enumerate(conditions, start=1)
    )
    return replace(form, rules=tuple(found))


# Carried over


def test_figures_are_carried_by_indicator() -> None:
    now = carried(NEW, filed({"a": "8", "b": "kps"}))
    assert now.form is NEW
    assert now.operands == {"1": Decimal(8), "2": Decimal(0), "3": Decimal(0)}
    assert now.agency_kind == "so"


def test_a_rate_that_the_old_form_computed_is_a_figure_where_the_new_one_asks_for_it() -> None:
    assert carried(NEW, filed({"a": "8", "b": "2"})).operands["3"] == Decimal(25)
    assert "3" not in carried(NEW, filed({"a": "8"})).operands


def test_a_rate_that_the_new_form_computes_is_computed_there() -> None:
    rate = row(
        "3", Kind.PERCENT, AcrossAgencies.RATE, indicator="ty_le", formula="percent([1],[2])"
    )
    form = form_of(row("1", indicator="tong"), row("2", indicator="phan"), rate, id=2)
    now = carried(form, filed({"a": "8", "b": "2"}))
    assert "3" not in now.operands
    assert now.computed(rate) == Decimal(400)


@pytest.mark.parametrize(("code", "carried_as"), [("0", "1"), ("1", "2"), ("9", "")])
def test_an_answer_is_carried_by_its_words_not_its_code(code: str, carried_as: str) -> None:
    snapshot = SubmissionSnapshot(OLD, {"c": Cell(choice=code)})
    assert carried(NEW, snapshot).cell("4").choice == carried_as


def test_what_is_measured_otherwise_is_not_carried() -> None:
    """Words are no number, and đồng are no triệu đồng."""
    snapshot = SubmissionSnapshot(
        OLD, {"t": Cell(text="ba việc"), "m": Cell(number=Decimal(5), written_unit="đồng")}
    )
    assert carried(NEW, snapshot).cells == {}
    other_unit = replace(NEW, rows=tuple(replace(one, unit="Đồng") for one in NEW.rows))
    assert carried(other_unit, filed({"m": "5", "a": "1"})).operands == {"1": Decimal(1)}


def test_a_report_of_the_very_form_stays_as_it_is() -> None:
    report = filed({"a": "8"})
    form = with_rules(OLD, "[a] > 0", missing=Missing.SKIP_ANY)
    assert carried(form, report).cells is report.cells
    assert carried(form, report).form is form


# Tried

REPORTS = [
    Filed(1, "Sở Một", filed({"a": "8", "b": "9"})),
    Filed(2, "Sở Hai", filed({"a": "8", "b": "8"})),
    Filed(3, "Sở Ba", filed({"a": "8"})),
    Filed(4, "Sở Bốn", filed({"a": "kps", "b": "1"})),
    Filed(5, "Sở Năm", filed({})),
]


@pytest.mark.parametrize(
    ("condition", "missing", "judged", "hit"),
    [
        ("[2] <= [1]", Missing.SKIP_ANY, 3, ["Sở Một", "Sở Bốn"]),
        ("[2] >= [1]", Missing.SKIP_ANY, 3, []),
        ("[2] >= [1]", Missing.ZERO, 4, ["Sở Ba"]),
        ("[2] + [7] >= [1]", Missing.SKIP_ALL, 3, []),
        ("[7] > 0", Missing.SKIP_ANY, 0, []),
        # None of it was answered, and it is asked of everybody.
        ("[7] > 0", Missing.ZERO, 5, ["Sở Một", "Sở Hai", "Sở Ba", "Sở Bốn", "Sở Năm"]),
        ("[3] <= 100", Missing.SKIP_ANY, 2, ["Sở Một"]),
    ],
)
def test_how_often_a_rule_would_speak(
    condition: str, missing: Missing, judged: int, hit: list[str]
) -> None:
    [found] = outcomes(with_rules(NEW, condition, missing=missing), REPORTS)
    assert found.judged == judged
    assert [one.agency for one in found.hits] == hit


def test_what_is_found_is_told_with_the_figures() -> None:
    [found] = outcomes(with_rules(NEW, "[2] <= [1]", missing=Missing.SKIP_ANY), REPORTS[:1])
    [hit] = found.hits
    assert (hit.submission_id, hit.finding.found, hit.finding.expected) == (
        1,
        "9, lớn hơn 8",
        "nhiều nhất 8",
    )


def test_every_rule_has_its_own_outcome_in_the_order_of_the_form() -> None:
    form = with_rules(NEW, "[1] > 0", "[2] > 8", "[2] <= [1]", missing=Missing.SKIP_ANY)
    assert [(one.judged, len(one.hits)) for one in outcomes(form, REPORTS)] == [
        (4, 1),
        (3, 2),
        (3, 2),
    ]


def test_a_rule_looks_back_at_what_stands_beside_the_report() -> None:
    form = with_rules(NEW, "[1] >= previous([1])", missing=Missing.SKIP_ANY)
    before = History(previous=Past("Quý trước", None, {"tong": Decimal(9)}))
    [found] = outcomes(form, [replace(REPORTS[0], history=before), REPORTS[1]])
    assert (found.judged, [one.agency for one in found.hits]) == (1, ["Sở Một"])


def test_a_draft_with_one_code_twice_is_tried_all_the_same() -> None:
    twice = (rule("[1] > 0", code="Q01"), rule("[1] > 100", code="Q01"))
    found = outcomes(replace(NEW, rules=twice), REPORTS)
    assert len(found) == 2
