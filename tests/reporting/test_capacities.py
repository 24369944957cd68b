"""An agency that reports the province's figures in a report of their own, apart from its own."""

import pytest
from django.test import Client

from indicators.kinds import Capacity, Scope
from indicators.queries.definitions import form_definition
from reporting.actions.rounds import open_round
from reporting.models import Agency, Round, Submission, User
from reporting.queries.figures import snapshot
from reporting.queries.province import row_contributions
from reporting.queries.submissions import earlier_submissions, typed_rows
from tests.cast import approved, clerk_of, form, planned_round, stored, typed

# «Số cơ quan, đơn vị, địa phương được thanh tra»: Sở Nội vụ reports it for the province.
FOR_THE_PROVINCE, OF_EVERYBODY = "1.4.a", "1.1"


@pytest.fixture
def split_round(
    minh_hoa: Agency, so_cong_thuong: Agency, so_noi_vu: Agency, hoa: User, hanh: User
) -> Round:
    """A round that asks for the province's figures apart."""
    round_ = planned_round(minh_hoa, "MH-TACH")
    round_.splits_capacities = True
    round_.save()
    open_round(round=round_, by=hanh)
    return round_


def report(round_: Round, at: Agency, capacity: Capacity) -> Submission:
    return stored(Submission.objects.get(round=round_, agency=at, capacity=capacity.value))


def test_only_who_reports_for_the_province_has_two_reports(
    split_round: Round, so_cong_thuong: Agency, so_noi_vu: Agency
) -> None:
    asked = split_round.submissions.order_by("agency__code", "capacity")
    assert [(one.agency.code, one.capacity) for one in asked] == [
        ("MH.SCT", "both"),
        ("MH.SNV", "own"),
        ("MH.SNV", "province"),
    ]
    assert open_round(round=split_round, by=None) == 0
    [province] = asked.filter(capacity="province")
    assert province.whose == "Sở Nội vụ (số của toàn tỉnh)"


def test_each_report_asks_for_its_own_rows(split_round: Round, so_noi_vu: Agency) -> None:
    own = report(split_round, so_noi_vu, Capacity.OWN)
    province = report(split_round, so_noi_vu, Capacity.PROVINCE)
    rows = form_definition(own.form_version).by_key
    scopes = [
        (key, snapshot(one).scope(rows[key]))
        for one in (own, province)
        for key in (FOR_THE_PROVINCE, OF_EVERYBODY)
    ]
    assert scopes == [
        (FOR_THE_PROVINCE, Scope.OUTSIDE),
        (OF_EVERYBODY, Scope.OWN),
        (FOR_THE_PROVINCE, Scope.PROVINCE),
        (OF_EVERYBODY, Scope.OUTSIDE),
    ]
    designated = [row for row in rows.values() if row.designated == "noi_vu" and row.is_answered]
    assert 0 < typed_rows(province) <= len(designated)
    assert typed_rows(own) + typed_rows(province) <= len(form_definition(own.form_version).rows)


def test_the_provinces_figure_is_the_one_that_is_printed_and_never_added(
    split_round: Round, so_noi_vu: Agency, hanh: User
) -> None:
    approved(
        report(split_round, so_noi_vu, Capacity.OWN), {FOR_THE_PROVINCE: "4", OF_EVERYBODY: "2"}
    )
    approved(report(split_round, so_noi_vu, Capacity.PROVINCE), {FOR_THE_PROVINCE: "30"})
    layout = form_definition(form("PL2-KH-2022"))
    total, parts = row_contributions(split_round, layout, layout.by_key[FOR_THE_PROVINCE])
    assert total.number == 30
    assert [part.source.agency for part in parts if part.standing.value == "counted"] == [
        "Sở Nội vụ (số của toàn tỉnh)"
    ]
    total, parts = row_contributions(split_round, layout, layout.by_key[OF_EVERYBODY])
    assert total.number == 2
    assert "Sở Nội vụ (số của toàn tỉnh)" not in {part.source.agency for part in parts}


def test_the_clerk_sees_both_by_name(split_round: Round, so_noi_vu: Agency, client: Client) -> None:
    clerk = clerk_of(so_noi_vu)
    client.force_login(clerk)
    html = client.get("/bao-cao/").content.decode()
    assert "Sở Nội vụ (số của toàn tỉnh)" in html
    province = report(split_round, so_noi_vu, Capacity.PROVINCE)
    typed(province, {FOR_THE_PROVINCE: "3"}, by=clerk)
    assert stored(province).answered == 1
    assert "số của toàn tỉnh" in client.get(f"/bao-cao/{province.pk}/").content.decode()


def test_a_report_stands_beside_those_of_its_own_capacity(
    split_round: Round, minh_hoa: Agency, so_noi_vu: Agency, hanh: User
) -> None:
    for capacity, figure in ((Capacity.OWN, "4"), (Capacity.PROVINCE, "30")):
        approved(report(split_round, so_noi_vu, capacity), {FOR_THE_PROVINCE: figure})
    later = planned_round(minh_hoa, "MH-SAU", data_to_days_ago=-30)
    later.splits_capacities = True
    later.save()
    open_round(round=later, by=hanh)
    for capacity in (Capacity.OWN, Capacity.PROVINCE):
        previous = earlier_submissions(report(later, so_noi_vu, capacity)).previous
        assert previous == report(split_round, so_noi_vu, capacity)
    together = planned_round(minh_hoa, "MH-CHUNG", data_to_days_ago=-60)
    open_round(round=together, by=hanh)
    previous = earlier_submissions(report(together, so_noi_vu, Capacity.BOTH)).previous
    assert previous == report(split_round, so_noi_vu, Capacity.OWN)


def test_what_was_asked_stays_when_an_agency_is_given_a_task_afterwards(
    split_round: Round, so_cong_thuong: Agency, so_noi_vu: Agency, hanh: User
) -> None:
    """Its figures stand in one report already: two more would have them added twice."""
    Agency.objects.filter(pk=so_cong_thuong.pk).update(functions="noi_vu")
    Agency.objects.filter(pk=so_noi_vu.pk).update(functions="")
    assert open_round(round=split_round, by=hanh) == 0
    assert split_round.submissions.filter(agency=so_cong_thuong).count() == 1


def test_an_agency_that_has_become_another_kind_is_not_asked_a_second_form(
    minh_hoa: Agency, xa_minh_an: Agency, so_cong_thuong: Agency, hanh: User
) -> None:
    round_ = planned_round(minh_hoa, "MH-LOAI")
    assert open_round(round=round_, by=hanh) == 2
    Agency.objects.filter(pk=xa_minh_an.pk).update(kind=so_cong_thuong.kind)
    assert open_round(round=round_, by=hanh) == 0


def test_every_page_calls_the_provinces_report_by_name(
    split_round: Round, so_noi_vu: Agency, client: Client
) -> None:
    client.force_login(clerk_of(so_noi_vu))
    province = report(split_round, so_noi_vu, Capacity.PROVINCE)
    for page in ("", "nhat-ky/", "y-kien/", "kiem-tra/", "gui/", "luc/"):
        html = client.get(f"/bao-cao/{province.pk}/{page}").content.decode()
        title = html[html.index("<title>") : html.index("</title>")]
        assert "Sở Nội vụ (số của toàn tỉnh)" in title, page
    csv = client.get(f"/bao-cao/{province.pk}/phu-luc.csv").content.decode()
    assert "SỐ CỦA TOÀN TỈNH" in csv.upper()
