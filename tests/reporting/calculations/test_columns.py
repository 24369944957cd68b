"""One row over all reports: what each says, beside a total that takes some of it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import AcrossAgencies, AgencyKind, Capacity, Kind
from reporting.calculations.columns import (
    Column,
    columns,
    has_figure,
    rows_read,
    value,
)
from reporting.calculations.contributions import Basis, Reported, Source, Standing
from reporting.calculations.outliers import Side
from reporting.calculations.totals import province_totals
from reporting.workflow import State
from tests.reporting.calculations import test_totals
from tests.reporting.calculations.test_totals import by_cell, figure
from tests.reporting.forms_by_hand import form_of, row

COUNT = row("1")
RATE = row("2", Kind.PERCENT, AcrossAgencies.RATE, formula="percent([2.b], [2.a])")
WHOLE, PART = row("2.a"), row("2.b")
CHOICE = row("3", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có")
CENTRE = row("4", across=AcrossAgencies.DESIGNATED, reporter="noi_vu")
APART = row("5", across=AcrossAgencies.NONE)
LAYOUT = form_of(COUNT, RATE, WHOLE, PART, CHOICE, CENTRE, APART)
# Another form with other keys for the same indicators; its rate is typed, one row it does not add.
THEIRS = row("x", indicator="1", across=AcrossAgencies.NONE)
THEIR_RATE = row("y", Kind.PERCENT, AcrossAgencies.RATE, indicator="2")
OTHER = form_of(THEIRS, THEIR_RATE, id=2)


def source(
    submission: int,
    form: FormDefinition = LAYOUT,
    *,
    kind: AgencyKind = AgencyKind.DEPARTMENT,
    functions: str = "noi_vu",
) -> Source:
    return test_totals.source(submission, form, kind=kind, functions=functions)


def column(of: RowDefinition, sources: list[Source], *figures: Reported) -> Column:
    return next(iter(columns([of], LAYOUT, sources, by_cell(figures))))


def test_the_total_is_that_of_the_provinces_table() -> None:
    sources = [source(1), source(2, OTHER), source(3, kind=AgencyKind.VERTICAL)]
    figures = by_cell(
        [
            figure(1, COUNT, "3"),
            figure(2, THEIRS, "4"),
            figure(3, COUNT, "50"),
            figure(1, WHOLE, "10"),
            figure(1, PART, "5"),
            figure(2, THEIR_RATE, "9", parts=("1", "9")),
        ]
    )
    found = [one.total for one in columns(LAYOUT.rows, LAYOUT, sources, figures)]
    totals = province_totals(LAYOUT, sources, figures)
    assert found == [replace(one, without=()) for one in totals]


def test_forms_are_joined_by_indicator() -> None:
    found = column(RATE, [source(1), source(2, OTHER)], figure(2, THEIR_RATE, parts=("34", "43")))
    assert {pk: part.row.key for pk, part in found.parts.items()} == {1: "2", 2: "y"}
    assert value(found.parts[2]) == Decimal(3400) / 43


def test_a_form_without_the_row_is_not_there() -> None:
    assert set(column(CHOICE, [source(1), source(2, OTHER)]).parts) == {1}


def test_a_central_agencys_figure_is_told_and_not_added() -> None:
    found = column(COUNT, [source(1, kind=AgencyKind.VERTICAL)], figure(1, COUNT, "50"))
    assert (found.total.number, found.parts[1].number) == (None, Decimal(50))
    assert found.why_outside(found.parts[1]) == "Ngành dọc, không cộng vào số của tỉnh"


def test_so_is_the_figure_of_who_is_not_designated() -> None:
    sources = [source(1), source(2, functions="")]
    found = column(CENTRE, sources, figure(1, CENTRE, "5"), figure(2, CENTRE, "9"))
    assert (found.total.number, found.parts[2].number) == (Decimal(5), Decimal(9))
    assert found.why_outside(found.parts[1]) == ""
    assert found.why_outside(found.parts[2]) == Standing.NOT_DESIGNATED.label


def test_what_stands_outside_says_what_it_says_where_it_has_no_figure() -> None:
    sources = [source(number, kind=AgencyKind.VERTICAL) for number in (1, 2, 3)]
    sources[2] = sources[2]._replace(is_taken=False, state=State.SUBMITTED)
    found = column(COUNT, sources, figure(1, COUNT, status="nil"))
    assert [found.parts[pk].standing for pk in (1, 2, 3)] == [
        Standing.NIL,
        Standing.BLANK,
        Standing.NOT_APPROVED,
    ]
    assert not any(found.why_outside(part) for part in found.parts.values())


def test_a_row_that_is_not_added_has_its_figures_and_no_total() -> None:
    found = column(APART, [source(1)], figure(1, APART, "127"))
    assert (found.total.number, found.parts[1].number) == (None, Decimal(127))
    # There is nothing that it could be outside of.
    assert found.why_outside(found.parts[1]) == ""


def test_so_has_a_row_that_one_form_adds_and_another_does_not() -> None:
    found = column(
        COUNT, [source(1), source(2, OTHER)], figure(1, COUNT, "3"), figure(2, THEIRS, "4")
    )
    assert (found.total.number, found.total.expected) == (Decimal(3), 1)
    assert found.parts[2].number == Decimal(4)
    assert found.why_outside(found.parts[2]) == "Không cộng vào số của tỉnh"


def test_the_provinces_own_report_is_asked_for_designated_rows_alone() -> None:
    whole = source(1)._replace(capacity=Capacity.PROVINCE)
    assert set(column(COUNT, [whole]).parts) == set()
    assert set(column(CENTRE, [whole]).parts) == {1}


def test_zero_by_zero_is_a_figure_without_a_value() -> None:
    found = column(RATE, [source(1)], figure(1, WHOLE, "0"), figure(1, PART, "0"))
    assert has_figure(found.parts[1])
    assert value(found.parts[1]) is None


def test_a_blank_is_no_zero() -> None:
    found = column(COUNT, [source(1), source(2)], figure(1, COUNT, "0"))
    assert [value(found.parts[pk]) for pk in (1, 2)] == [Decimal(0), None]
    assert [has_figure(found.parts[pk]) for pk in (1, 2)] == [True, False]


def test_agencies_are_compared_with_their_own_kind() -> None:
    """Nine communes of some ten and a department of 900: it is no commune."""
    communes = [source(number, kind=AgencyKind.COMMUNE) for number in range(1, 10)]
    figures = [figure(number, COUNT, str(number)) for number in range(1, 9)]
    figures += [figure(9, COUNT, "500"), figure(10, COUNT, "900")]
    assert column(COUNT, [*communes, source(10)], *figures).marks == {9: Side.HIGH}


@pytest.mark.parametrize("capacity", [Capacity.BOTH, Capacity.PROVINCE])
def test_what_is_said_for_the_whole_province_is_nobodys_peer(capacity: Capacity) -> None:
    """Eight departments with a few each; the ninth says the province's figure in the row."""
    own = [source(number, functions="") for number in range(1, 9)]
    whole = source(9)._replace(capacity=capacity)
    figures = [figure(number, CENTRE, str(number)) for number in range(1, 8)]
    figures += [figure(8, CENTRE, "400"), figure(9, CENTRE, "9000")]
    assert column(CENTRE, [*own, whole], *figures).marks == {8: Side.HIGH}
    # Without it as a peer there are too few to compare.
    assert column(CENTRE, [*own[1:], whole], *figures).marks == {}


def test_what_its_holder_says_of_itself_is_a_peer() -> None:
    sources = [source(number)._replace(capacity=Capacity.OWN) for number in range(1, 10)]
    figures = [figure(number, CENTRE, str(number)) for number in range(1, 9)]
    figures.append(figure(9, CENTRE, "900"))
    assert column(CENTRE, sources, *figures).marks == {9: Side.HIGH}


def test_rates_are_compared_by_the_rate_not_by_what_was_counted() -> None:
    sources = [source(number) for number in range(1, 10)]
    figures = [figure(number, WHOLE, str(10**number)) for number in range(1, 10)]
    figures += [figure(number, PART, str(5 * 10 ** (number - 1))) for number in range(1, 9)]
    figures.append(figure(9, PART, "1"))
    assert column(RATE, sources, *figures).marks == {9: Side.LOW}


def test_answers_in_words_are_compared_with_nothing() -> None:
    sources = [source(number) for number in range(1, 10)]
    figures = [figure(number, CHOICE, choice="1" if number > 1 else "0") for number in range(1, 10)]
    assert column(CHOICE, sources, *figures).marks == {}


def test_only_the_rows_behind_a_column_need_be_read() -> None:
    sources = [source(1), source(2, OTHER)]
    read = rows_read([RATE], LAYOUT, sources)
    assert read == {RATE.id, WHOLE.id, PART.id, THEIR_RATE.id}
    assert rows_read([APART], LAYOUT, sources) == {APART.id}
    assert rows_read([CENTRE], LAYOUT, sources) == {CENTRE.id}


def test_with_those_rows_alone_a_column_is_the_same() -> None:
    sources = [source(1), source(2, OTHER), source(3, kind=AgencyKind.VERTICAL)]
    figures = [figure(one, of, "7") for one in (1, 3) for of in LAYOUT.rows if of is not RATE]
    figures += [figure(2, THEIRS, "7"), figure(2, THEIR_RATE, parts=("1", "2"))]
    for of in LAYOUT.rows:
        read = rows_read([of], LAYOUT, sources)
        narrowed = [one for one in figures if one.row_id in read]
        assert column(of, sources, *narrowed) == column(of, sources, *figures)


def test_a_basis_says_which_reports_are_read() -> None:
    assert Basis.APPROVED.states == {State.APPROVED}
    assert Basis.HANDED_IN.states == {State.SUBMITTED, State.IN_REVIEW, State.APPROVED}


def test_a_figure_outside_for_its_measure_or_whose_it_is_is_seen_all_the_same() -> None:
    """What is said for the whole province by a form that designates, and in another unit."""
    own = form_of(replace(row("a", Kind.AMOUNT), unit="Triệu đồng"))
    (target,) = own.rows
    whole = form_of(
        replace(
            row("b", Kind.AMOUNT, AcrossAgencies.DESIGNATED, indicator="a", reporter="noi_vu"),
            unit="Triệu đồng",
        ),
        id=2,
    )
    other = form_of(replace(row("c", Kind.AMOUNT, indicator="a"), unit="Tỷ đồng"), id=3)
    sources = [source(1, own, functions=""), source(2, whole), source(3, other, functions="")]
    figures = by_cell(
        [
            figure(1, target, "1"),
            figure(2, whole.rows[0], "200"),
            figure(3, other.rows[0], "5"),
        ]
    )
    (found,) = columns([target], own, sources, figures)
    assert {pk: part.number for pk, part in found.parts.items()} == {1: 1, 2: 200, 3: 5}
    assert found.total.number == 1
    assert found.why_outside(found.parts[2]) == Standing.PROVINCE_WIDE.label
    assert found.why_outside(found.parts[3]) == Standing.OTHER_UNIT.label
