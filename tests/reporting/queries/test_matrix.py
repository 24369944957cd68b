"""The figures of a round as tables over all agencies read them from the database."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.queries.definitions import form_definition
from reporting.calculations.columns import columns
from reporting.calculations.contributions import Basis
from reporting.documents.matrix import matrix_rows
from reporting.models import Round, Submission
from reporting.queries.matrix import figures_of
from reporting.queries.province import province_table, round_sources
from reporting.workflow import State
from tests.cast import approved, form, submitted


def test_reports_are_read_in_the_states_of_the_basis(
    report: Submission, noi_vu_report: Submission, open_quarter: Round
) -> None:
    approved(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "4"})
    for basis, expected in (
        (Basis.APPROVED, {report.pk}),
        (Basis.HANDED_IN, {report.pk, noi_vu_report.pk}),
    ):
        found = round_sources(open_quarter, basis)
        assert {one.submission_id for one in found if one.is_taken} == expected
        assert len(found) == 4
    states = {one.submission_id: one.state for one in found}
    assert states[noi_vu_report.pk] is State.SUBMITTED


@pytest.mark.parametrize("layout", ["PL2-KH-2022", "PL2-XA-QN-2022"])
def test_totals_are_those_of_the_provinces_table(
    report: Submission,
    noi_vu_report: Submission,
    cong_an_report: Submission,
    commune_report: Submission,
    layout: str,
) -> None:
    approved(report, {"1.1": "3", "3.1.2": "5", "3.4.3.b": "100", "3.4.3.c": "90"})
    approved(noi_vu_report, {"1.1": "không phát sinh", "4.1.3": "2", "1.6": "1"})
    approved(cong_an_report, {"1.1": "50", "3.1.4.a": "20"})
    approved(commune_report, {"1.1.3": "4", "3.4.3": "30/50", "3.1.1": "127"})
    definition = form_definition(form(layout))
    found = round_sources(report.round, Basis.APPROVED)
    figures = figures_of(found, definition, definition.rows)
    totals = [one.total for one in columns(definition.rows, definition, found, figures)]
    table = province_table(report.round, form(layout))
    assert totals == [replace(one, without=()) for one in table.totals]
    # A column alone reads less and says the same.
    for row in matrix_rows(definition, "3"):
        alone = figures_of(found, definition, [row])
        whole, single = (
            next(iter(columns([row], definition, found, read))) for read in (figures, alone)
        )
        assert single == whole


def test_four_queries_whatever_is_read(
    report: Submission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    approved(report, {"1.1": "3"})
    definition = form_definition(form("PL2-KH-2022"))
    round_sources(report.round, Basis.APPROVED)
    for rows in (definition.rows, [definition.by_key["1.2"]]):
        with django_assert_num_queries(4):
            figures_of(round_sources(report.round, Basis.APPROVED), definition, rows)
