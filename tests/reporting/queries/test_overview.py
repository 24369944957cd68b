"""What the leaders' page reads: the round that says enough, the indicators that matter."""

from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from indicators.kinds import Kind
from indicators.models import Indicator
from indicators.queries.definitions import form_definition
from reporting.models import Agency, KeyIndicator, Round, Submission, User
from reporting.progress import Only
from reporting.queries.overview import (
    LAST_ROUNDS,
    MOST_INDICATORS,
    Standing,
    courses,
    key_indicators,
    standings_of,
    to_look_at,
)
from reporting.queries.province import province_table
from reporting.queries.trends import timeline_of
from tests.cast import approved, form, opened_round, report_of


def standings(province: Agency) -> list[Standing]:
    return list(standings_of(province, timeline_of(province), timezone.localdate()))


def test_the_last_rounds_are_counted_newest_first(
    report: Submission, minh_hoa: Agency, hanh: User
) -> None:
    approved(report, {"1.1": "3"})
    opened_round(minh_hoa, "MH-CU", by=hanh, data_to_days_ago=91)
    newest, older = standings(minh_hoa)
    assert (newest.round.code, newest.approved, newest.expected) == ("MH-QUY", 1, 4)
    assert newest.totals.counts[Only.ON_TIME] == 1
    assert (older.round.code, older.approved) == ("MH-CU", 0)
    for number in range(LAST_ROUNDS):
        opened_round(minh_hoa, f"MH-C{number}", by=hanh, data_to_days_ago=200 + number)
    assert len(standings(minh_hoa)) == LAST_ROUNDS


def test_the_round_to_look_at_is_the_newest_with_half_its_reports_approved(
    report: Submission, open_quarter: Round, minh_hoa: Agency, hanh: User
) -> None:
    older = opened_round(minh_hoa, "MH-CU", by=hanh, data_to_days_ago=91)
    looked_at = to_look_at(standings(minh_hoa), "")
    assert looked_at is not None
    assert looked_at.round == open_quarter  # nothing is approved anywhere
    Submission.objects.filter(round=older, agency_kind="so").update(state="approved")
    approved(report, {"1.1": "3"})
    looked_at = to_look_at(standings(minh_hoa), "")
    assert looked_at is not None
    assert looked_at.round == older
    asked = to_look_at(standings(minh_hoa), "MH-QUY")
    assert asked is not None
    assert asked.round == open_quarter
    assert to_look_at([], "") is None


def test_rates_with_a_figure_come_first_then_counts(report: Submission) -> None:
    approved(report, {"1.1": "3", "1.2.a": "8", "1.2.b": "3"})
    totals = province_table(report.round, form("PL2-KH-2022")).totals
    found = key_indicators(report.round.province, totals)
    assert len(found) == MOST_INDICATORS
    rows = form_definition(form("PL2-KH-2022")).by_indicator
    assert [rows[one.code].key for one in found[:4]] == ["1.2", "1.1", "1.2.a", "1.2.b"]
    assert {rows[one.code].kind for one in found[4:]} == {Kind.PERCENT}


def test_what_was_chosen_for_the_province_comes_instead_and_in_its_order(
    report: Submission, minh_hoa: Agency, tinh_khac: Agency
) -> None:
    totals = province_table(report.round, form("PL2-KH-2022")).totals
    wanted = ["tthc.pakn.ty_le_giai_quyet", "chi_dao.van_ban.so_luong"]
    for position, code in enumerate(wanted):
        indicator = Indicator.objects.get(code=code)
        KeyIndicator.objects.create(province=minh_hoa, indicator=indicator, position=position)
    assert [one.code for one in key_indicators(minh_hoa, totals)] == wanted
    assert len(key_indicators(tinh_khac, totals)) == MOST_INDICATORS


def test_ten_indicators_are_read_in_one_pass(
    report: Submission,
    minh_hoa: Agency,
    hanh: User,
    so_cong_thuong: Agency,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    approved(report, {"1.1": "3"})
    for number in (1, 3):
        if number == 3:
            for place in (1, 2):
                older = opened_round(minh_hoa, f"MH-C{place}", by=hanh, data_to_days_ago=91 * place)
                approved(report_of(older, so_cong_thuong), {"1.1": "2"})
        timeline = timeline_of(minh_hoa)
        totals = province_table(report.round, form("PL2-KH-2022")).totals
        with django_assert_num_queries(2):  # those chosen, else those of the table
            wanted = key_indicators(report.round.province, totals)
        with django_assert_num_queries(3):  # links, reports, figures
            found = courses(timeline, timeline.moments[-1], wanted)
        assert len(found) == MOST_INDICATORS
        assert {len(course) for course in found.values()} == {number}


def test_the_year_before_is_read_however_many_rounds_lie_between(
    report: Submission, minh_hoa: Agency, hanh: User
) -> None:
    ends = report.round.data_to
    assert ends is not None
    old = opened_round(minh_hoa, "MH-NT", by=hanh, data_to_days_ago=300)
    Round.objects.filter(pk=old.pk).update(
        data_to=ends.replace(year=ends.year - 1, day=1), data_from=None
    )
    for number in range(LAST_ROUNDS):
        opened_round(minh_hoa, f"MH-C{number}", by=hanh, data_to_days_ago=1 + number)
    approved(report, {"1.1": "3"})
    timeline = timeline_of(minh_hoa)
    totals = province_table(report.round, form("PL2-KH-2022")).totals
    [first, *_] = courses(
        timeline, timeline.moments[-1], key_indicators(report.round.province, totals)
    ).values()
    assert first[0].moment.code == "MH-NT"
    assert len(first) == LAST_ROUNDS + 1
