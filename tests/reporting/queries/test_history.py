"""What checks compare with: which reports, of which province, adding up to which year."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.actions.versions import load_indicators, load_version
from indicators.kinds import Capacity
from indicators.models import FormVersion
from reporting.actions.rounds import expect, plan_round
from reporting.models import Agency, AgencyKind, Round, Submission, User
from reporting.periods import Period, first_months, quarter
from reporting.queries.history import history_beside
from tests import cast
from tests.indicators import sheets

YEAR = 2026
ASKS = {**sheets.RULE, "condition": "year_to_date([1.1.a]) >= 0", "severity": "note"}
OTHER = {**sheets.RULE, "condition": "elsewhere([PL2-KH:chi_dao.van_ban.so_luong]) >= 0"}


def a_form(*rules: Mapping[str, str]) -> FormVersion:
    load_indicators(sheets.indicator_lines())
    load_version(sheets.sheet(rules=[{**rule, "code": f"Q{n}"} for n, rule in enumerate(rules)]))
    return cast.form("THU-2026")


def a_round(province: Agency, form: FormVersion, period: Period, code: str = "") -> Round:
    return plan_round(
        round=Round(
            province=province,
            code=code or f"{province.code}-{period.code}",
            name=f"{period.name} {province.code}",
            period_kind=period.kind.value,
            period_text=period.name,
            data_from=period.data_from,
            data_to=period.data_to,
            opens_on=date(2000, 1, 1),
            due_on=date(2100, 1, 1),
            closes_on=date(2100, 1, 1),
            summary_version=form,
        ),
        forms={AgencyKind.DEPARTMENT: [form]},
        by=None,
    )


def reported(
    round_: Round,
    at: Agency,
    form: FormVersion,
    figures: Mapping[str, str] | None = None,
    *,
    by: User,
) -> Submission:
    """Return the agency's report; approved with ``figures`` where there are some."""
    expect(round=round_, asked=[(at, form, Capacity.BOTH)], by=by)
    found = cast.stored(Submission.objects.get(round=round_, agency=at, form_version=form))
    return cast.approved(found, figures) if figures else found


def numbers(texts: Mapping[str, int]) -> dict[str, Decimal]:
    return {name: Decimal(number) for name, number in texts.items()}


FIGURES = {"1.1.a": "8", "1.1.b": "kps"}


def test_the_round_before_and_the_same_of_last_year(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User
) -> None:
    form = a_form()
    figures = {**FIGURES, "1.1.b": "6"}
    for period in (quarter(3, YEAR - 1), first_months(6, YEAR)):
        reported(a_round(minh_hoa, form, period), so_cong_thuong, form, figures, by=hanh)
    now = reported(a_round(minh_hoa, form, quarter(3, YEAR)), so_cong_thuong, form, by=hanh)
    history = history_beside(now)
    assert history.window is not None
    assert (history.window.first, history.window.last) == (date(2026, 6, 15), date(2026, 9, 14))
    assert history.previous is not None
    assert history.last_year is not None
    assert history.previous.name == "6 tháng đầu năm 2026 MH"
    assert history.last_year.name == "Quý III năm 2025 MH"
    expected = numbers({"thu.tong_so": 8, "thu.dung_han": 6, "thu.ty_le": 75})
    assert history.previous.numbers == history.last_year.numbers == expected


def test_one_report_that_is_both_is_compared_once(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User
) -> None:
    form = a_form()
    before = a_round(minh_hoa, form, quarter(1, YEAR - 1))
    reported(before, so_cong_thuong, form, FIGURES, by=hanh)
    now = reported(a_round(minh_hoa, form, quarter(1, YEAR)), so_cong_thuong, form, by=hanh)
    history = history_beside(now)
    assert history.previous is not None
    assert history.previous.numbers["thu.dung_han"] == 0
    assert history.last_year is history.previous


def test_nothing_of_another_province(
    minh_hoa: Agency, tinh_khac: Agency, so_cong_thuong: Agency, hanh: User, khac: User
) -> None:
    form = a_form()
    before = a_round(tinh_khac, form, quarter(1, YEAR))
    reported(before, so_cong_thuong, form, FIGURES, by=khac)
    now = reported(a_round(minh_hoa, form, quarter(2, YEAR)), so_cong_thuong, form, by=hanh)
    assert history_beside(now).previous is None


def test_rounds_that_lie_end_to_end_make_the_year_so_far(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User
) -> None:
    form = a_form(ASKS)
    given = ((first_months(6, YEAR), "30"), (quarter(1, YEAR), "10"), (quarter(2, YEAR), "21"))
    for period, figure in given:
        round_ = a_round(minh_hoa, form, period)
        reported(round_, so_cong_thuong, form, {"1.1.a": figure, "1.1.b": "1"}, by=hanh)
    now = reported(a_round(minh_hoa, form, quarter(3, YEAR)), so_cong_thuong, form, by=hanh)
    earlier = history_beside(now).earlier
    assert earlier is not None
    # The half-year alone, never its quarters too.
    assert [report["thu.tong_so"] for report in earlier] == [30]


def test_a_gap_leaves_the_year_unknown_and_the_first_window_has_nothing_before_it(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User
) -> None:
    form = a_form(ASKS)
    first = a_round(minh_hoa, form, quarter(1, YEAR))
    assert history_beside(reported(first, so_cong_thuong, form, by=hanh)).earlier == []
    cast.approved(cast.report_of(first, so_cong_thuong), FIGURES)
    third = a_round(minh_hoa, form, quarter(3, YEAR))
    assert history_beside(reported(third, so_cong_thuong, form, by=hanh)).earlier is None


def test_figures_of_the_same_round_under_another_form(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User
) -> None:
    form, other = a_form(OTHER), cast.form("PL2-KH-2022")
    round_ = a_round(minh_hoa, form, quarter(1, YEAR))
    beside = reported(round_, so_cong_thuong, other, by=hanh)
    cast.typed(beside, {"1.1": "13"})
    now = reported(round_, so_cong_thuong, form, by=hanh)
    assert history_beside(now).elsewhere == {"PL2-KH:chi_dao.van_ban.so_luong": Decimal(13)}


def test_a_round_of_unknown_window_has_no_history(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User
) -> None:
    form = a_form(ASKS)
    now = reported(a_round(minh_hoa, form, quarter(1, YEAR)), so_cong_thuong, form, by=hanh)
    Round.objects.update(data_from=None, data_to=None)
    history = history_beside(cast.stored(now))
    assert replace(history, earlier=None) == type(history)()
    assert history.earlier is None


@pytest.mark.parametrize("periods", [1, 3])
def test_it_costs_three_queries_however_much_was_before(
    minh_hoa: Agency,
    so_cong_thuong: Agency,
    hanh: User,
    periods: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    form = a_form()
    for number in range(periods):
        round_ = a_round(minh_hoa, form, quarter(number + 1, YEAR))
        reported(round_, so_cong_thuong, form, FIGURES, by=hanh)
    now = reported(a_round(minh_hoa, form, quarter(4, YEAR)), so_cong_thuong, form, by=hanh)
    history_beside(now)
    with django_assert_num_queries(3):
        history_beside(now)
