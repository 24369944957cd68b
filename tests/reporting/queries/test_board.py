"""Where agencies stand in rounds, counted and narrowed down; at a fixed cost."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from indicators.kinds import Capacity
from reporting.actions.rounds import expect, open_round
from reporting.models import Agency, AgencyKind, Filing, Round, Submission, User
from reporting.progress import Only
from reporting.queries.board import Board, BoardRow, Wanted, board, rounds_of, told_of
from tests.cast import (
    agency,
    approved,
    form,
    moved,
    opened_round,
    planned_round,
    report_of,
    submitted,
    typed,
)

Show = Callable[..., Board]


@pytest.fixture
def show(minh_hoa: Agency) -> Show:
    """The board of Minh Họa today, over all its rounds."""

    def show(wanted: Wanted | None = None, rounds: list[Round] | None = None) -> Board:
        shown = rounds_of(minh_hoa) if rounds is None else rounds
        return board(minh_hoa, shown, wanted or Wanted(), timezone.localdate())

    return show


def names(found: Board) -> list[str]:
    return [row.name for row in found.rows]


def row_of(found: Board, at: Agency) -> BoardRow:
    return next(row for row in found.rows if row.pk == at.pk)


def signs(found: Board, at: Agency, round_: Round) -> list[str]:
    return [one.progress.sign for one in row_of(found, at).reports.get(round_.pk, ())]


def filed(submission: Submission, number: int, *, is_late: bool, is_nil: bool = False) -> None:
    Filing.objects.create(
        submission=submission,
        number=number,
        revision=number,
        at=timezone.now(),
        by=User.objects.order_by("pk")[0],
        is_late=is_late,
        is_nil=is_nil,
        figures=1,
        content="{}",
        sha256="",
    )


def test_each_agency_says_where_it_stands(
    show: Show,
    open_quarter: Round,
    report: Submission,
    noi_vu_report: Submission,
    commune_report: Submission,
    cong_an: Agency,
) -> None:
    approved(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "3"})
    typed(commune_report, {"1.1.3": "3"})
    found = show()
    assert [signs(found, one.agency, open_quarter) for one in (report, noi_vu_report)] == [
        ["✓"],
        ["↑"],
    ]
    assert signs(found, cong_an, open_quarter) == ["–"]
    assert signs(found, commune_report.agency, open_quarter) == ["1 %"]


def test_departments_come_first_and_names_stand_in_vietnamese_order(
    show: Show, minh_hoa: Agency, open_quarter: Round
) -> None:
    agency("MH.DT", "Ban Đô thị", AgencyKind.DEPARTMENT, minh_hoa)
    agency("MH.DC", "Ban Dân chủ", AgencyKind.DEPARTMENT, minh_hoa)
    assert names(show()) == [
        "Ban Dân chủ",
        "Ban Đô thị",
        "Sở Công Thương",
        "Sở Nội vụ",
        "Công an tỉnh",
        "UBND xã Minh An",
    ]


def test_who_was_not_asked_is_there_without_a_report(
    show: Show, minh_hoa: Agency, open_quarter: Round
) -> None:
    later = agency("MH.MOI", "Sở Mới", AgencyKind.DEPARTMENT, minh_hoa)
    assert row_of(show(), later).reports == {}


def test_who_has_ended_is_there_only_with_the_reports_of_its_time(
    show: Show, minh_hoa: Agency, open_quarter: Round, so_cong_thuong: Agency
) -> None:
    gone = agency("MH.CU", "Sở Cũ", AgencyKind.DEPARTMENT, minh_hoa)
    yesterday = timezone.localdate() - timedelta(days=1)
    Agency.objects.filter(pk__in=(gone.pk, so_cong_thuong.pk)).update(valid_to=yesterday)
    assert "Sở Cũ" not in names(show())
    assert "Sở Công Thương" in names(show())


def test_who_moved_away_leaves_its_reports(
    show: Show,
    open_quarter: Round,
    so_cong_thuong: Agency,
    tinh_khac: Agency,
    so_khac: Agency,
) -> None:
    so_cong_thuong.parent = tinh_khac
    so_cong_thuong.save()
    assert "Sở Công Thương" in names(show())
    assert "Sở Công Thương Tỉnh Khác" not in names(show())
    theirs = board(tinh_khac, rounds_of(tinh_khac), Wanted(), timezone.localdate())
    assert (theirs.rows, theirs.totals) == ([], {})


def test_an_archive_asks_nobody_else(
    show: Show, open_quarter: Round, so_cong_thuong: Agency, hanh: User
) -> None:
    paper = planned_round(open_quarter.province, "MH-GIAY")
    Round.objects.filter(pk=paper.pk).update(is_archive=True)
    asked = [(so_cong_thuong, form("PL2-KH-2022"), Capacity.BOTH)]
    expect(round=paper, asked=asked, by=hanh)
    assert names(show(rounds=[Round.objects.get(pk=paper.pk)])) == ["Sở Công Thương"]


def test_rounds_that_were_never_opened_are_left_out(open_quarter: Round) -> None:
    planned_round(open_quarter.province, "MH-SAP")
    older = planned_round(open_quarter.province, "MH-HUY", data_to_days_ago=90)
    Round.objects.filter(pk=older.pk).update(status="cancelled")
    assert rounds_of(open_quarter.province) == [open_quarter, older]


def test_of_two_reports_of_one_agency_the_worse_comes_first(
    show: Show, open_quarter: Round, report: Submission, so_cong_thuong: Agency, hanh: User
) -> None:
    approved(report, {"1.1": "3"})
    version = form("PL1-GL-2023")
    expect(round=open_quarter, asked=[(so_cong_thuong, version, Capacity.BOTH)], by=hanh)
    found = show()
    assert signs(found, so_cong_thuong, open_quarter) == ["–", "✓"]
    assert found.totals[open_quarter.pk].counts[Only.ALL] == 5
    for only in (Only.APPROVED, Only.NOT_STARTED):
        assert "Sở Công Thương" in names(show(Wanted(only=only, at=open_quarter.pk)))


def test_the_first_handing_in_says_whether_in_time_and_the_last_whether_nothing_arose(
    show: Show, open_quarter: Round, report: Submission, noi_vu_report: Submission
) -> None:
    filed(report, 1, is_late=False, is_nil=True)
    filed(report, 2, is_late=True)
    filed(noi_vu_report, 1, is_late=True)
    filed(noi_vu_report, 2, is_late=False, is_nil=True)
    Submission.objects.update(state="approved")
    found = show()
    assert signs(found, report.agency, open_quarter) == ["✓"]
    assert signs(found, noi_vu_report.agency, open_quarter) == ["✓ muộn KPS"]


def test_nothing_is_in_time_where_no_day_was_set(
    show: Show, open_quarter: Round, report: Submission
) -> None:
    filed(report, 1, is_late=False)
    Submission.objects.update(state="approved")
    Round.objects.update(is_archive=True, due_on=None)
    found = show()
    assert row_of(found, report.agency).reports[open_quarter.pk][0].progress.words == "đã duyệt"
    assert found.totals[open_quarter.pk].percent_on_time is None


def test_an_extension_and_mending_have_days_of_their_own(
    show: Show,
    open_quarter: Round,
    report: Submission,
    noi_vu_report: Submission,
    commune_report: Submission,
    cong_an: Agency,
    hanh: User,
) -> None:
    submitted(noi_vu_report, {"1.1": "3"})
    moved(noi_vu_report, "return", by=hanh, reason="Thiếu số liệu.")
    today = timezone.localdate()
    Round.objects.update(due_on=today - timedelta(days=1))
    Submission.objects.filter(pk=report.pk).update(extended_until=today)
    found = show()
    assert signs(found, report.agency, open_quarter) == ["–"]
    assert signs(found, noi_vu_report.agency, open_quarter) == ["↩"]
    assert signs(found, commune_report.agency, open_quarter) == ["! –"]
    assert names(show(Wanted(only=Only.OVERDUE, at=open_quarter.pk))) == [
        cong_an.name,
        commune_report.agency.name,
    ]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(kind="xa"), ["UBND xã Minh An"]),
        (Wanted(area="Huyện An"), ["Sở Công Thương", "UBND xã Minh An"]),
        (Wanted(search="NỘI"), ["Sở Nội vụ"]),
        (Wanted(search="noi"), ["Sở Nội vụ"]),
        (Wanted(search="nòi"), []),
        (Wanted(search="%"), []),
        (Wanted(kind="so", area="Huyện An"), ["Sở Công Thương"]),
        (Wanted(kind="so", search="công"), ["Sở Công Thương"]),
        (Wanted(kind="huyen"), []),
    ],
)
def test_the_board_is_narrowed(
    show: Show,
    open_quarter: Round,
    so_cong_thuong: Agency,
    xa_minh_an: Agency,
    wanted: Wanted,
    expected: list[str],
) -> None:
    both = Agency.objects.filter(pk__in=(so_cong_thuong.pk, xa_minh_an.pk))
    both.update(area="Huyện An")
    found = show(wanted)
    assert (names(found), found.agencies) == (expected, len(expected))
    assert found.totals[open_quarter.pk].counts[Only.ALL] == len(expected)
    assert found.areas == ["Huyện An"]
    assert found.kinds == [AgencyKind.DEPARTMENT, AgencyKind.VERTICAL, AgencyKind.COMMUNE]


def test_a_report_that_does_not_say_its_area_stands_where_its_agency_does(
    show: Show, open_quarter: Round, xa_minh_an: Agency
) -> None:
    """Reports of the first release kept name and kind only."""
    Submission.objects.filter(agency=xa_minh_an).update(agency_area="")
    Agency.objects.filter(pk=xa_minh_an.pk).update(area="Huyện An")
    assert names(show(Wanted(area="Huyện An", at=open_quarter.pk))) == ["UBND xã Minh An"]


def test_a_round_shows_and_filters_its_agencies_as_they_were(
    show: Show, open_quarter: Round, minh_hoa: Agency, xa_minh_an: Agency, hanh: User
) -> None:
    """Renamed and moved since: the round of before is told, found and counted as before."""
    Submission.objects.filter(agency=xa_minh_an).update(agency_area="Huyện Cũ")
    Agency.objects.filter(pk=xa_minh_an.pk).update(name="UBND phường Mới", area="Khu Mới")
    found = show(Wanted(area="Huyện Cũ", at=open_quarter.pk))
    assert names(found) == ["UBND xã Minh An"]
    assert found.totals[open_quarter.pk].counts[Only.ALL] == 1
    assert found.areas == ["Huyện Cũ"]
    assert names(show(Wanted(area="Khu Mới", at=open_quarter.pk))) == []
    later = opened_round(minh_hoa, "MH-SAU", by=hanh, data_to_days_ago=-80)
    assert names(show(Wanted(area="Khu Mới", at=later.pk))) == ["UBND phường Mới"]


def test_totals_are_of_all_wherever_they_stand(
    show: Show, open_quarter: Round, report: Submission, noi_vu_report: Submission, hanh: User
) -> None:
    approved(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "3"})
    earlier = opened_round(open_quarter.province, "MH-TRUOC", by=hanh, data_to_days_ago=90)
    Round.objects.filter(pk=earlier.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    found = show(Wanted(only=Only.APPROVED, at=open_quarter.pk))
    assert names(found) == ["Sở Công Thương"]
    assert found.agencies == 4
    now, before = found.totals[open_quarter.pk], found.totals[earlier.pk]
    assert now.counts == {
        Only.ALL: 4,
        Only.SENT: 2,
        Only.ON_TIME: 2,
        Only.LATE: 0,
        Only.NOT_SENT: 2,
        Only.OVERDUE: 0,
        Only.RETURNED: 0,
        Only.APPROVED: 1,
    }
    assert (now.timed, now.percent_on_time) == (2, Decimal("100.0"))
    assert (before.counts[Only.OVERDUE], before.timed) == (4, 4)
    assert before.percent_on_time == 0


def test_a_part_in_time_is_rounded_once(show: Show, open_quarter: Round) -> None:
    for place, one in enumerate(Submission.objects.order_by("pk")[:3]):
        filed(one, 1, is_late=place > 0)
    Submission.objects.update(state="submitted")
    assert show().totals[open_quarter.pk].percent_on_time == Decimal("33.3")


def test_no_rounds_show_no_agency_as_expected(show: Show, minh_hoa: Agency) -> None:
    assert show().rows == []


def test_what_a_file_tells_of_a_report(open_quarter: Round, report: Submission) -> None:
    submitted(report, {"1.1": "3"})
    told = told_of([open_quarter])
    assert len(told) == 4
    assert (told[report.pk].form, told[report.pk].capacity) == ("PL2-KH-2022", "both")
    assert told[report.pk].filed_at == Filing.objects.get().at
    other = next(one for pk, one in told.items() if pk != report.pk)
    assert (other.filed_at, other.received_on) == (None, None)


def test_a_board_costs_the_same_for_one_and_three(
    minh_hoa: Agency,
    so_cong_thuong: Agency,
    hanh: User,
    show: Show,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first = opened_round(minh_hoa, "MH-1", by=hanh)
    show()  # the forms are read once in a process
    with django_assert_num_queries(6):  # rounds, reports, forms, handings in, own terms, agencies
        assert len(show().rows) == 1
    for number in range(2):
        agency(f"MH.{number}", f"Sở số {number}", AgencyKind.DEPARTMENT, minh_hoa)
    open_round(round=first, by=hanh)
    for number in range(2, 4):
        opened_round(minh_hoa, f"MH-{number}", by=hanh)
    for one in Submission.objects.all():
        submitted(report_of(one.round, one.agency), {"1.1": "3"})
    with django_assert_num_queries(6):
        found = show()
    assert (len(found.rows), len(found.totals)) == (3, 3)
    rounds = rounds_of(minh_hoa)
    with django_assert_num_queries(1):
        assert len(told_of(rounds)) == 9
