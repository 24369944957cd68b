"""A report as it stood, rebuilt from the record, against the report as it was."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from indicators.queries.definitions import form_definition
from reporting.filing import cells_of
from reporting.models import Figure, Submission, User
from reporting.queries.figures import snapshot
from reporting.queries.past import as_it_stood
from reporting.snapshot import Cell
from tests.cast import moved, stored, typed

words = st.sampled_from(["", "3", "5.356", "0", "không phát sinh", "không thuộc phạm vi"])
rates = st.sampled_from(["", "34/43", "29,6", "không phát sinh"])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries({}, optional={"1.1": words, "3.4.1.a": words, "1.4.b": rates}),
        max_size=5,
    )
)
def test_at_each_moment_it_is_what_the_report_was(
    report: Submission, savings: list[Mapping[str, str]]
) -> None:
    """The reports of one example go on from the example before: a longer history."""
    then: list[tuple[datetime, Mapping[str, Cell]]] = []
    for figures in savings:
        typed(report, figures)
        then.append((timezone.now(), snapshot(stored(report)).cells))
    current = stored(report)
    for moment, cells in then:
        assert as_it_stood(current, moment).snapshot.cells == cells
    assert as_it_stood(current, timezone.now()).snapshot == snapshot(current)


def test_no_figure_of_today_is_looked_at(report: Submission) -> None:
    typed(report, {"1.1": "3"})
    before = snapshot(stored(report))
    Figure.objects.all().delete()
    assert as_it_stood(stored(report), timezone.now()).snapshot == before


def test_state_heading_and_figures_are_those_of_the_moment(
    report: Submission, hoa: User, hanh: User
) -> None:
    typed(report, {"1.1": "3"})
    typing = timezone.now()
    moved(report, "submit", by=hoa)
    handed_in = timezone.now()
    moved(report, "return", by=hanh, reason="Xem lại.")
    typed(report, {"1.1": "4"})
    now = as_it_stood(stored(report), timezone.now())
    then, first = (as_it_stood(stored(report), at) for at in (handed_in, typing))
    assert [one.move and one.move.target for one in (first, then, now)] == [
        "draft",
        "submitted",
        "returned",
    ]
    assert [one.move and one.move.by for one in (first, then, now)] == [hoa, hoa, hanh]
    assert first.filing is None
    assert then.filing == now.filing == report.filings.get()
    assert then.filing is not None
    assert then.snapshot.cells == cells_of(then.filing.content)
    assert now.snapshot.cells != then.snapshot.cells


def test_before_it_was_asked_for_there_is_no_state(report: Submission) -> None:
    opened = report.transitions.get().at
    past = as_it_stood(report, opened - timedelta(microseconds=1))
    assert (past.move, past.filing, past.snapshot.cells) == (None, None, {})
    assert past.begins == opened
    assert as_it_stood(report, opened).move == report.transitions.get()


@pytest.mark.parametrize("times", [1, 3])
def test_it_costs_three_queries_however_long_the_record(
    report: Submission, django_assert_num_queries: DjangoAssertNumQueries, times: int
) -> None:
    form_definition(report.form_version)
    for number in range(times):
        typed(report, {"1.1": str(number + 1), "1.2.a": str(number + 1)})
    current = stored(report)
    with django_assert_num_queries(3):
        as_it_stood(current, timezone.now())
