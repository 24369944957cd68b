"""How an agency has reported: days, returns, figures, and those of the agencies before it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from indicators.models import Indicator, Row
from indicators.queries.definitions import form_definition
from reporting.actions.rounds import open_round
from reporting.models import (
    Agency,
    AgencyKind,
    Figure,
    KeyIndicator,
    Round,
    Submission,
    Succession,
    User,
)
from reporting.queries.tracks import Figured, Track, shown_indicators, track_of
from tests.cast import agency, approved, moved, planned_round, report_of, submitted, typed

DOCUMENTS = "chi_dao.van_ban.so_luong"
PLAN = "chi_dao.ke_hoach.ty_le_hoan_thanh"


def track(of: Agency, *indicators: str, alone: bool = False) -> Track:
    assert of.parent is not None
    return track_of(of, of.parent, indicators or [DOCUMENTS], with_those_before=not alone)


def told(of: Figured) -> dict[str, str]:
    return {code: cell.text for code, cell in of.cells.items()}


def test_a_report_that_came_in_time_is_not_late(report: Submission, so_cong_thuong: Agency) -> None:
    submitted(report, {"1.1": "3"})
    (one,) = track(so_cong_thuong).sent
    assert (one.day, one.days_late, one.sendings, one.returned) == (
        timezone.localdate(),
        0,
        1,
        0,
    )


def test_lateness_is_of_the_first_sending_against_the_day_due_then(
    report: Submission, so_cong_thuong: Agency, hanh: User
) -> None:
    today = timezone.localdate()
    Round.objects.filter(pk=report.round_id).update(due_on=today - timedelta(days=4))
    submitted(report, {"1.1": "3"})
    moved(report, "return", by=hanh, reason="Xem lại.")
    submitted(report, {"1.1": "4"})
    Round.objects.filter(pk=report.round_id).update(due_on=today + timedelta(days=4))
    found = track(so_cong_thuong)
    (one,) = found.sent
    assert (one.days_late, one.sendings, one.returned) == (4, 2, 1)
    assert (found.handed_in, found.timed, found.in_time, found.returned) == (1, 1, 0, 1)


def test_a_report_reopened_after_it_was_approved_was_sent_back_too(
    report: Submission, so_cong_thuong: Agency, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    moved(report, "return", by=hanh, reason="Xem lại.")
    approved(report, {"1.1": "4"})
    moved(report, "reopen", by=hanh, reason="Sửa.")
    assert track(so_cong_thuong).returned == 2


def test_what_was_not_handed_in_is_neither(report: Submission, so_cong_thuong: Agency) -> None:
    typed(report, {"1.1": "3"})
    found = track(so_cong_thuong)
    assert (found.handed_in, found.timed, found.sent[0].days_late) == (0, 0, None)
    assert found.figures == []


def test_only_approved_figures_are_followed(
    report: Submission, noi_vu_report: Submission, so_cong_thuong: Agency, so_noi_vu: Agency
) -> None:
    approved(report, {"1.1": "3", "1.2.a": "4", "1.2.b": "3"})
    submitted(noi_vu_report, {"1.1": "3"})
    (one,) = track(so_cong_thuong, DOCUMENTS, PLAN).figures
    assert told(one) == {DOCUMENTS: "3", PLAN: "75"}
    assert track(so_noi_vu).figures == []


def test_what_is_said_for_the_whole_province_is_not_the_agencys_own(
    noi_vu_report: Submission, so_noi_vu: Agency, minh_hoa: Agency
) -> None:
    """Sở Nội vụ is named to report how many bodies of the province were inspected."""
    row = form_definition(noi_vu_report.form_version).by_key["1.4.a"]
    assert (noi_vu_report.capacity, row.designated) == ("both", "noi_vu")
    approved(noi_vu_report, {"1.1": "3", "1.4.a": "30"})
    (one,) = track(so_noi_vu, DOCUMENTS, row.indicator).figures
    assert told(one) == {DOCUMENTS: "3"}
    for position, code in enumerate((row.indicator, DOCUMENTS)):
        indicator = Indicator.objects.get(code=code)
        KeyIndicator.objects.create(province=minh_hoa, indicator=indicator, position=position)
    assert [one.code for one in shown_indicators(so_noi_vu, minh_hoa)] == [DOCUMENTS]


def test_the_indicators_are_those_of_the_report_of_the_agency_itself(
    noi_vu_report: Submission, so_noi_vu: Agency, minh_hoa: Agency
) -> None:
    rows = form_definition(noi_vu_report.form_version).by_indicator
    for capacity in ("both", "own"):
        Submission.objects.filter(agency=so_noi_vu).update(capacity=capacity)
        shown = shown_indicators(so_noi_vu, minh_hoa)
        assert len(shown) == 10
        assert not any(rows[one.code].designated == "noi_vu" for one in shown)
    Submission.objects.filter(agency=so_noi_vu).update(capacity="province")
    assert shown_indicators(so_noi_vu, minh_hoa) == ()


def test_what_did_not_arise_or_is_not_the_agencys_matter_is_told_in_words(
    report: Submission, so_cong_thuong: Agency
) -> None:
    approved(report, {"1.1": "không phát sinh", "5.4.a": "không thuộc phạm vi", "1.6": "1"})
    rows = form_definition(report.form_version).by_key
    codes = [rows[key].indicator for key in ("1.1", "5.4.a", "1.6")]
    (one,) = track(so_cong_thuong, *codes).figures
    assert list(told(one).values()) == ["Không phát sinh", "Không thuộc phạm vi", "Có"]
    assert not any(cell.is_number for cell in one.cells.values())


@pytest.fixture
def merged(minh_hoa: Agency, so_cong_thuong: Agency, so_noi_vu: Agency, hanh: User) -> Agency:
    """Two departments reported once, then went into one that has not reported yet."""
    round_ = planned_round(minh_hoa, "MH-TRUOC", data_to_days_ago=200)
    open_round(round=round_, by=hanh)
    approved(report_of(round_, so_cong_thuong), {"1.1": "3", "1.2.a": "4", "1.2.b": "3"})
    approved(report_of(round_, so_noi_vu), {"1.1": "4", "1.2.a": "100", "1.2.b": "30"})
    heir = agency("MH.MOI", "Sở mới", AgencyKind.DEPARTMENT, minh_hoa)
    for old in (so_cong_thuong, so_noi_vu):
        Succession.objects.create(
            predecessor=old, successor=heir, on=timezone.localdate() - timedelta(days=30)
        )
    return heir


def test_before_a_merger_figures_are_those_of_the_agencies_that_went_into_it(
    merged: Agency,
) -> None:
    """Counts are added; a rate is the rate of the sums."""
    (one,) = track(merged, DOCUMENTS, PLAN).figures
    assert told(one) == {DOCUMENTS: "7", PLAN: "31,73"}
    assert one.of == ("Sở Công Thương", "Sở Nội vụ")
    assert track(merged, alone=True).figures == []


def test_where_one_of_them_lacks_the_figure_there_is_no_sum(
    merged: Agency, so_noi_vu: Agency, hanh: User
) -> None:
    report = Submission.objects.select_related("round").get(agency=so_noi_vu)
    moved(report, "reopen", by=hanh, reason="Sửa.")
    typed(report, {"1.1": ""})
    moved(report, "submit", by=User.objects.get(username="clerk-MH.SNV"))
    moved(report, "approve", by=hanh)
    (one,) = track(merged, DOCUMENTS, PLAN).figures
    assert DOCUMENTS not in told(one)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("3", "không phát sinh", "3"),
        ("không phát sinh", "không phát sinh", "Không phát sinh"),
        ("3", "không thuộc phạm vi", "3"),
        ("không phát sinh", "không thuộc phạm vi", "Không phát sinh"),
        ("không thuộc phạm vi", "không thuộc phạm vi", "Không thuộc phạm vi"),
    ],
)
def test_nothing_is_0_in_a_sum_of_several(
    merged: Agency,
    so_cong_thuong: Agency,
    so_noi_vu: Agency,
    hanh: User,
    first: str,
    second: str,
    said: str,
) -> None:
    for at, text in ((so_cong_thuong, first), (so_noi_vu, second)):
        report = report_of(Round.objects.get(), at)
        moved(report, "reopen", by=hanh, reason="Sửa.")
        approved(report, {"1.1": text})
    (one,) = track(merged).figures
    assert told(one) == {DOCUMENTS: said}


def test_a_rate_that_is_not_the_matter_of_one_of_them_is_that_of_the_others(
    merged: Agency, so_noi_vu: Agency, hanh: User
) -> None:
    report = report_of(Round.objects.get(), so_noi_vu)
    moved(report, "reopen", by=hanh, reason="Sửa.")
    approved(report, dict.fromkeys(("1.2.a", "1.2.b"), "không thuộc phạm vi"))
    (one,) = track(merged, PLAN).figures
    assert told(one) == {PLAN: "75"}


def test_where_a_report_of_one_of_them_is_not_approved_there_is_no_sum_of_the_others(
    merged: Agency, so_noi_vu: Agency, hanh: User
) -> None:
    moved(report_of(Round.objects.get(), so_noi_vu), "reopen", by=hanh, reason="Sửa.")
    (one,) = track(merged, DOCUMENTS, PLAN).figures
    assert (told(one), one.lacking) == ({}, ("Sở Nội vụ",))
    assert one.of == ("Sở Công Thương", "Sở Nội vụ")


def test_where_none_of_them_is_approved_there_is_nothing_to_tell(merged: Agency) -> None:
    Submission.objects.update(state="returned")
    assert track(merged).figures == []


def test_parts_typed_with_a_rate_are_added_apart(merged: Agency) -> None:
    """A rate of few that the form does not compute from rows of its own."""
    row = Row.objects.select_related("indicator").get(version__code="PL2-KH-2022", key="4.3.d")
    assert row.indicator is not None
    for at, number, parts in (("MH.SCT", "75", (3, 4)), ("MH.SNV", "0", (0, 8))):
        Figure.objects.create(
            submission=Submission.objects.get(agency__code=at),
            row=row,
            number=Decimal(number),
            numerator=parts[0],
            denominator=parts[1],
        )
    (one,) = track(merged, row.indicator.code).figures
    assert told(one) == {row.indicator.code: "25"}


def test_an_agency_that_was_divided_leaves_nobody_its_figures(
    merged: Agency, so_noi_vu: Agency, minh_hoa: Agency
) -> None:
    other = agency("MH.MOI2", "Sở mới nữa", AgencyKind.DEPARTMENT, minh_hoa)
    Succession.objects.create(predecessor=so_noi_vu, successor=other, on=date(2026, 1, 1))
    (one,) = track(merged).figures
    assert (told(one), one.of) == ({DOCUMENTS: "3"}, ("Sở Công Thương",))


def test_data_of_after_the_merger_are_not_taken_from_the_old(
    merged: Agency, minh_hoa: Agency
) -> None:
    Round.objects.filter(code="MH-TRUOC").update(data_to=timezone.localdate())
    assert track(merged).figures == []


def test_the_provinces_choice_is_followed_where_the_form_asks_for_it(
    report: Submission, so_cong_thuong: Agency, minh_hoa: Agency, so_khac: Agency
) -> None:
    shown = shown_indicators(so_cong_thuong, minh_hoa)
    assert len(shown) == 10
    assert shown[0].kind == "percent"
    chosen = Indicator.objects.get(code=DOCUMENTS)
    KeyIndicator.objects.create(province=minh_hoa, indicator=chosen, position=1)
    assert [one.code for one in shown_indicators(so_cong_thuong, minh_hoa)] == [DOCUMENTS]
    assert shown_indicators(so_khac, so_khac.parent) == ()  # type: ignore[arg-type]


def test_the_queries_do_not_grow_with_the_rounds(
    report: Submission,
    so_cong_thuong: Agency,
    minh_hoa: Agency,
    hanh: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    approved(report, {"1.1": "3"})
    track(so_cong_thuong)
    with django_assert_num_queries(4):
        track(so_cong_thuong)
    for number in range(2):
        round_ = planned_round(minh_hoa, f"MH-{number}", data_to_days_ago=100 * (number + 1))
        open_round(round=round_, by=hanh)
        approved(report_of(round_, so_cong_thuong), {"1.1": "3"})
    with django_assert_num_queries(4):
        assert len(track(so_cong_thuong).figures) == 3
