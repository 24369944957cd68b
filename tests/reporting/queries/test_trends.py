"""An indicator over the rounds of a province: the figures are those of each round's table."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.kinds import Change, Kind, Meaning
from indicators.models import Indicator, IndicatorLink
from indicators.queries.definitions import form_definition
from indicators.queries.lineage import all_links, named
from indicators.series import series
from reporting.actions.rounds import cancel_round
from reporting.calculations.courses import Reading
from reporting.models import Agency, Figure, Round, Submission, User
from reporting.periods import PeriodKind
from reporting.queries.province import layouts, province_table
from reporting.queries.trends import readings, sections_of, timeline_of
from tests.cast import (
    approved,
    clerk_of,
    form,
    opened_round,
    planned_round,
    report_of,
    submitted,
)

DIRECTIVES = "chi_dao.van_ban.so_luong"
PLAN_RATE = "chi_dao.ke_hoach.ty_le_hoan_thanh"


def course_of(province: Agency, code: str = DIRECTIVES) -> Sequence[Reading]:
    timeline = timeline_of(province)
    chain = series(named(Indicator.objects.get(code=code)), all_links())
    [found] = readings(timeline, timeline.moments, [chain])
    return found


@pytest.fixture
def agencies(
    so_cong_thuong: Agency, so_noi_vu: Agency, cong_an: Agency, xa_minh_an: Agency, hoa: User
) -> list[Agency]:
    return [so_cong_thuong, so_noi_vu, cong_an, xa_minh_an]


def past_round(province: Agency, number: int, by: User) -> Round:
    """Open a round whose data closed ``number`` quarters ago."""
    return opened_round(province, f"MH-C{number}", by=by, data_to_days_ago=91 * number)


def test_each_figure_is_that_of_the_rounds_table(
    minh_hoa: Agency, agencies: list[Agency], hanh: User
) -> None:
    for number in (2, 1, 0):
        round_ = past_round(minh_hoa, number, hanh)
        figures = {"1.1": str(10 + number), "1.2.a": "8", "1.2.b": "3"}
        approved(report_of(round_, agencies[0]), figures)
        approved(report_of(round_, agencies[3]), {"1.1.3": "5"})
        submitted(report_of(round_, agencies[1]), {"1.1": "1000"})
    rounds = {one.code: one for one in Round.objects.all()}
    for code in (DIRECTIVES, PLAN_RATE):
        found = course_of(minh_hoa, code)
        assert [one.moment.code for one in found] == ["MH-C2", "MH-C1", "MH-C0"]
        for one in found:
            table = province_table(rounds[one.moment.code], form("PL2-KH-2022"))
            assert one.total in table.totals
    assert [one.total.number for one in course_of(minh_hoa)] == [17, 16, 15]


def test_every_row_of_every_layout_agrees_with_the_table(
    minh_hoa: Agency, agencies: list[Agency], hanh: User
) -> None:
    """All ways of adding up at once: whatever a table adds, its course adds."""
    round_ = past_round(minh_hoa, 0, hanh)
    for report in Submission.objects.filter(round=round_):
        rows = form_definition(report.form_version).rows
        Figure.objects.bulk_create(
            Figure(
                submission=report,
                row_id=row.id,
                number=None if row.options else Decimal(7 + place),
                choice=row.options[0].code if row.options else "",
            )
            for place, row in enumerate(rows)
            if row.is_answered and row.kind is not Kind.TEXT and place % 5
        )
    Submission.objects.exclude(agency=agencies[1]).update(state="approved")
    timeline = timeline_of(minh_hoa)
    links = all_links()
    for layout in layouts(round_):
        totals = [one for one in province_table(round_, layout).totals if one.row.is_added]
        known = Indicator.objects.in_bulk([one.row.indicator for one in totals], field_name="code")
        chains = [series(named(known[one.row.indicator]), links) for one in totals]
        courses = readings(timeline, timeline.moments, chains)
        for total, [found] in zip(totals, courses, strict=True):
            if found.place.layout.code == layout.code and found.place.meaning == 0:
                assert found.total == total


def test_a_round_that_is_planned_or_cancelled_or_has_no_window_is_not_compared(
    minh_hoa: Agency, agencies: list[Agency], hanh: User
) -> None:
    past_round(minh_hoa, 0, hanh)
    planned_round(minh_hoa, "MH-SAP", data_to_days_ago=-90)
    gone = past_round(minh_hoa, 1, hanh)
    cancel_round(round=gone, reason="Nhầm.", by=hanh)
    paper = past_round(minh_hoa, 2, hanh)
    Round.objects.filter(pk=paper.pk).update(is_archive=True, data_from=None, data_to=None)
    assert [one.code for one in timeline_of(minh_hoa).moments] == ["MH-C0"]
    Round.objects.filter(pk=paper.pk).update(data_from=date(2021, 1, 1), data_to=date(2021, 3, 14))
    moments = timeline_of(minh_hoa).moments
    assert [(one.code, one.is_archive) for one in moments] == [("MH-C2", True), ("MH-C0", False)]


def test_nothing_of_another_province_is_read(
    minh_hoa: Agency,
    agencies: list[Agency],
    hanh: User,
    tinh_khac: Agency,
    so_khac: Agency,
    khac: User,
) -> None:
    approved(report_of(past_round(minh_hoa, 0, hanh), agencies[0]), {"1.1": "3"})
    other = opened_round(tinh_khac, "TK-QUY", by=khac)
    approved(report_of(other, so_khac), {"1.1": "1000"})
    [found] = course_of(minh_hoa)
    assert found.total.number == 3


def test_what_nobody_has_approved_is_missing_and_not_zero(
    minh_hoa: Agency, agencies: list[Agency], hanh: User
) -> None:
    submitted(report_of(past_round(minh_hoa, 0, hanh), agencies[0]), {"1.1": "3"})
    [found] = course_of(minh_hoa)
    assert found.total.number is None
    assert (found.total.reported, found.total.expected) == (0, 3)


@pytest.mark.parametrize("meaning", Meaning)
def test_an_older_name_is_joined_and_a_break_is_told_apart(
    minh_hoa: Agency, agencies: list[Agency], hanh: User, meaning: Meaning
) -> None:
    """The older name is that under which a round asked that knows nothing of the newer one."""
    round_ = past_round(minh_hoa, 0, hanh)
    approved(report_of(round_, agencies[0]), {"1.1": "3"})
    newer = Indicator.objects.create(code="moi", name="Tên mới", kind=Kind.COUNT.value)
    IndicatorLink.objects.create(
        older=Indicator.objects.get(code=DIRECTIVES),
        newer=newer,
        change=Change.RENAMED.value,
        meaning=meaning.value,
    )
    [found] = course_of(minh_hoa, "moi")
    assert found.total.number == 3
    assert found.place.meaning == int(meaning is Meaning.BREAK)


def test_one_kind_of_period_is_read_alone(
    minh_hoa: Agency, agencies: list[Agency], hanh: User
) -> None:
    past_round(minh_hoa, 0, hanh)
    year = past_round(minh_hoa, 1, hanh)
    Round.objects.filter(pk=year.pk).update(period_kind="nam")
    timeline = timeline_of(minh_hoa)
    assert [one.code for one in timeline.of_kind(PeriodKind.YEAR)] == ["MH-C1"]
    assert len(timeline.of_kind(None)) == 2


def test_the_number_of_queries_does_not_grow_with_the_rounds(
    minh_hoa: Agency,
    agencies: list[Agency],
    hanh: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    clerk_of(agencies[0])
    links = all_links()
    wanted = Indicator.objects.filter(code__in=[DIRECTIVES, PLAN_RATE])
    chains = [series(named(one), links) for one in wanted]
    for number in range(3):
        approved(report_of(past_round(minh_hoa, number, hanh), agencies[0]), {"1.1": "3"})
        if number == 1:
            continue
        timeline_of(minh_hoa)  # the forms are read once in a process
        with django_assert_num_queries(3):  # rounds, which forms they ask by, the forms
            timeline = timeline_of(minh_hoa)
        with django_assert_num_queries(2):  # reports, figures
            assert len(readings(timeline, timeline.moments, chains)[0]) == number + 1


def test_indicators_to_choose_stand_once_under_the_newest_form_that_has_them(
    minh_hoa: Agency, agencies: list[Agency], hanh: User
) -> None:
    assert sections_of(timeline_of(minh_hoa)) == []
    past_round(minh_hoa, 0, hanh)
    timeline = timeline_of(minh_hoa)
    sections = sections_of(timeline)
    codes = [one.code for section in sections for one in section.offered]
    assert len(codes) == len(set(codes))
    assert (sections[0].form, sections[0].title) == (
        "PL2-KH-2022",
        "1. Công tác chỉ đạo điều hành CCHC",
    )
    assert DIRECTIVES in codes
    [section] = sections_of(timeline, "ke hoach hoan thanh ty le")
    assert PLAN_RATE in [one.code for one in section.offered]
    assert sections_of(timeline, "không có chữ này") == []
