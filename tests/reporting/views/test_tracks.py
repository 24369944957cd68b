"""The page of one agency over the rounds: for its own people and for who reads the province."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from indicators.models import Indicator
from reporting.actions.rounds import open_round
from reporting.models import Agency, AgencyKind, KeyIndicator, Round, Submission, Succession, User
from tests.cast import agency, approved, moved, planned_round, report_of, submitted


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_days_returns_and_figures_are_shown(
    report: Submission, so_cong_thuong: Agency, hanh: User, client: Client
) -> None:
    Round.objects.filter(pk=report.round_id).update(due_on=timezone.localdate() - timedelta(days=2))
    submitted(report, {"1.1": "3"})
    moved(report, "return", by=hanh, reason="Xem lại.")
    approved(report, {"1.1": "1.234", "1.2.a": "4", "1.2.b": "3"})
    client.force_login(hanh)
    page = client.get(f"/don-vi/{so_cong_thuong.pk}/qua-cac-dot/")
    assert "muộn 2 ngày" in text_of(page)
    assert "<b>0/1</b>" in text_of(page)
    lines = {line.indicator.code: line.figures for line in page.context["lines"]}
    assert [cell and cell.text for _, cell in lines["chi_dao.ke_hoach.ty_le_hoan_thanh"]] == ["75"]
    assert "/dien-bien/" in text_of(page)
    # On a narrow screen there is no head above the figures.
    assert '<td class="num" data-l="quý này">75</td>' in text_of(page)
    assert '<td class="num" data-l="quý này"><span class="soft">–</span></td>' in text_of(page)


def test_the_agencys_own_people_see_it_without_the_ways_into_the_province(
    report: Submission, so_cong_thuong: Agency, hoa: User, client: Client
) -> None:
    approved(report, {"1.1": "3"})
    client.force_login(hoa)
    page = client.get(f"/don-vi/{so_cong_thuong.pk}/qua-cac-dot/")
    assert page.status_code == 200
    assert "/dien-bien/" not in text_of(page)
    assert f'href="/don-vi/{so_cong_thuong.pk}/"' not in text_of(page)


def test_an_agency_without_reports_says_so(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User, client: Client
) -> None:
    client.force_login(hanh)
    page = client.get(f"/don-vi/{so_cong_thuong.pk}/qua-cac-dot/")
    assert "Đơn vị chưa được giao báo cáo nào." in text_of(page)


def test_figures_that_are_lacking_before_a_merger_are_told_in_words(
    report: Submission,
    noi_vu_report: Submission,
    so_cong_thuong: Agency,
    so_noi_vu: Agency,
    minh_hoa: Agency,
    hanh: User,
    client: Client,
) -> None:
    documents = Indicator.objects.get(code="chi_dao.van_ban.so_luong")
    KeyIndicator.objects.create(province=minh_hoa, indicator=documents, position=1)
    older = planned_round(minh_hoa, "MH-TRUOC", data_to_days_ago=200)
    open_round(round=older, by=hanh)
    approved(report_of(older, so_cong_thuong), {"1.1": "3"})
    heir = agency("MH.MOI", "Sở mới", AgencyKind.DEPARTMENT, minh_hoa)
    for old in (so_cong_thuong, so_noi_vu):
        Succession.objects.create(
            predecessor=old, successor=heir, on=timezone.localdate() - timedelta(days=30)
        )
    open_round(round=report.round, by=hanh)
    approved(report_of(report.round, heir), {"1.1": "không phát sinh"})
    client.force_login(hanh)
    page = client.get(f"/don-vi/{heir.pk}/qua-cac-dot/")
    assert (
        "không có số, vì trước khi sáp nhập Sở Công Thương, Sở Nội vụ báo cáo riêng"
        " và báo cáo của Sở Nội vụ chưa được duyệt."
    ) in text_of(page)
    lines = {line.indicator.code: line.figures for line in page.context["lines"]}
    cells = lines[documents.code]
    assert [cell and cell.text for _, cell in cells] == [None, "Không phát sinh"]
    assert "Không phát sinh</td>" in text_of(page)
