"""The page of one agency over the rounds: for its own people and for who reads the province."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from reporting.models import Agency, Round, Submission, User
from tests.cast import approved, moved, submitted


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
    assert [cell and cell.text for cell in lines["chi_dao.ke_hoach.ty_le_hoan_thanh"]] == ["75"]
    assert "/dien-bien/" in text_of(page)


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
