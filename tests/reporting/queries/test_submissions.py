"""The neighbours of one submission in time."""

from collections.abc import Callable
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.kinds import Capacity
from reporting.actions.rounds import expect
from reporting.models import Agency, Round, Submission, User
from reporting.queries.submissions import earlier_submissions
from tests.cast import form, planned_round, report_of, stored

YEAR_BEFORE = date(2026, 3, 14)
Filed = Callable[..., Submission]


@pytest.fixture
def filed(minh_hoa: Agency, so_cong_thuong: Agency, hanh: User) -> Filed:
    """Enter a report of Sở Công Thương in a round of its own, as if it stood in ``state``."""

    def filed(
        data_to: date | None,
        *,
        kind: str = "quy",
        version: str = "PL2-KH-2022",
        state: str = "approved",
        at: Agency = so_cong_thuong,
    ) -> Submission:
        round_ = planned_round(minh_hoa, f"MH-{Round.objects.count()}")
        Round.objects.filter(pk=round_.pk).update(data_from=None, data_to=data_to, period_kind=kind)
        expect(round=round_, asked=[(at, form(version), Capacity.BOTH)], by=hanh)
        report = report_of(round_, at)
        Submission.objects.filter(pk=report.pk).update(state=state)
        return stored(report)

    return filed


@pytest.fixture
def quarter(filed: Filed) -> Submission:
    return filed(date(2027, 3, 14), state="draft")


@pytest.mark.parametrize("day", [date(2026, 3, 1), YEAR_BEFORE, date(2026, 3, 31)])
def test_the_same_period_ends_in_the_same_month_a_year_before(
    filed: Filed, quarter: Submission, day: date
) -> None:
    a_year_ago = filed(day)
    assert earlier_submissions(quarter).last_year == a_year_ago


@pytest.mark.parametrize(
    "day",
    [date(2025, 3, 14), date(2026, 2, 28), date(2026, 4, 1), date(2026, 12, 14), date(2027, 3, 13)],
)
def test_no_other_month_is_the_same_period(filed: Filed, quarter: Submission, day: date) -> None:
    filed(day)
    assert earlier_submissions(quarter).last_year is None


@pytest.mark.parametrize("state", ["not_started", "draft", "submitted", "returned"])
def test_only_an_approved_report_is_compared_with(
    filed: Filed, quarter: Submission, state: str
) -> None:
    filed(YEAR_BEFORE, state=state)
    assert earlier_submissions(quarter).last_year is None
    assert earlier_submissions(quarter).previous is None


def test_another_kind_of_period_is_another_window(filed: Filed, quarter: Submission) -> None:
    """Nine months and a year of local rules may end in the month of a quarter."""
    longer = filed(YEAR_BEFORE, kind="nam")
    assert earlier_submissions(quarter).last_year is None
    assert earlier_submissions(quarter).previous == longer


def test_another_agencys_report_is_not_ones_own(
    filed: Filed, quarter: Submission, so_noi_vu: Agency
) -> None:
    filed(YEAR_BEFORE, at=so_noi_vu)
    assert earlier_submissions(quarter).last_year is None


def test_the_same_form_goes_before_a_later_day(filed: Filed, quarter: Submission) -> None:
    other = filed(date(2026, 3, 20), version="PL1-GL-2023")
    assert earlier_submissions(quarter).last_year == other
    same = filed(YEAR_BEFORE)
    assert earlier_submissions(quarter).last_year == same
    assert earlier_submissions(quarter).previous == same
    filed(date(2026, 3, 2))
    assert earlier_submissions(quarter).last_year == same


def test_another_edition_is_the_same_form(filed: Filed, quarter: Submission) -> None:
    edition = filed(YEAR_BEFORE, version="PL2-KH-2021")
    assert edition.form_version.form == quarter.form_version.form
    filed(date(2026, 3, 20), version="PL1-GL-2023")
    assert earlier_submissions(quarter).last_year == edition


def test_without_a_window_there_is_no_year_before(filed: Filed) -> None:
    filed(YEAR_BEFORE)
    assert earlier_submissions(filed(None, state="draft")).last_year is None


def test_the_reports_beside_one_cost_two_queries(
    filed: Filed, quarter: Submission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    filed(YEAR_BEFORE)
    with django_assert_num_queries(2):
        found = earlier_submissions(quarter).last_year
        assert found is not None
        assert (found.round.data_to, found.form_version.form.code) == (YEAR_BEFORE, "PL2-KH")
