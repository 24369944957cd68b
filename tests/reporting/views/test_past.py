"""A report as it stood at a moment, on its page."""

from datetime import datetime, timedelta
from unittest.mock import Mock, patch
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reporting.models import Submission, User
from tests.cast import moved, typed
from tests.reporting.views.pages import text_of


def past(client: Client, report: Submission, luc: str, status: int = 200) -> str:
    response = client.get(f"/bao-cao/{report.pk}/luc/?luc={quote(luc)}")
    assert response.status_code == status
    return response.content.decode()


def written(at: datetime, precise: str = "") -> str:
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M:%S}{precise and f'.{at:%f}'}"


def test_figures_and_state_are_those_of_the_moment(
    report: Submission, hoa: User, hanh: User, client: Client
) -> None:
    typed(report, {"3.4.1.a": "5356"})
    then = report.changes.get().at
    typed(report, {"3.4.1.a": "1111"})
    moved(report, "submit", by=hoa)
    client.force_login(hanh)
    before = text_of(past(client, report, written(then, "precise")))
    assert "5.356" in before
    assert "1.111" not in before
    assert "Đang nhập" in before
    assert "Khi ấy ở đơn vị, đang nhập" in before
    assert "Lần gửi gần nhất" not in before
    now = text_of(past(client, report, written(timezone.now(), "precise")))
    assert "1.111" in now
    assert "Khi ấy ở Sở Nội vụ, chờ xem xét" in now
    assert "Lần gửi gần nhất lần 1" in now
    assert report.filings.get().sha256[:12] in now


def test_the_heading_is_that_of_the_last_handing_in_before(
    report: Submission, hoa: User, hanh: User, client: Client
) -> None:
    typed(report, {"1.1": "3"})
    client.force_login(hoa)
    revision = Submission.objects.get(pk=report.pk).revision
    heading = {"report_number": "<7>/BC", "signer_name": "Lê A", "revision": revision}
    response = client.post(f"/bao-cao/{report.pk}/gui/", heading)
    assert response.status_code == 302
    then = report.filings.get().at
    moved(report, "return", by=hanh, reason="Sai.")
    Submission.objects.filter(pk=report.pk).update(report_number="9/BC")
    html = past(client, report, written(then, "precise"))
    assert "&lt;7&gt;/BC" in html
    assert "9/BC" not in html
    assert "Lê A" in html


@pytest.mark.parametrize(
    ("luc", "sees"),
    [
        ("12/3/2026", True),
        ("12/03/2026 15:00", True),
        ("12/3/2026 15:00:20", True),
        ("12/3/2026 15:00:20.500000", True),
        ("12/3/2026 15:00:20.499999", False),
        ("12/3/2026 15:00:19", False),
        ("12/3/2026 14:59", False),
        ("11/3/2026", False),
    ],
)
def test_a_day_a_minute_a_second_are_meant_to_their_end(
    report: Submission, hoa: User, client: Client, luc: str, sees: bool
) -> None:
    at = timezone.make_aware(datetime(2026, 3, 12, 15, 0, 20, 500000))
    with patch("reporting.actions.figures.timezone", Mock(now=lambda: at)):
        typed(report, {"3.4.1.a": "5356"})
    with patch("reporting.forms.timezone", Mock(now=lambda: at + timedelta(days=9))):
        client.force_login(hoa)
        response = client.get(f"/bao-cao/{report.pk}/luc/?luc={quote(luc)}")
    cells = response.context["stood"].snapshot.cells
    assert ("3.4.1.a" in cells) is sees


def test_without_a_moment_it_is_now(report: Submission, hoa: User, client: Client) -> None:
    typed(report, {"3.4.1.a": "5356"})
    client.force_login(hoa)
    response = client.get(f"/bao-cao/{report.pk}/luc/")
    assert response.status_code == 200
    assert "5.356" in response.content.decode()


@pytest.mark.parametrize(
    ("luc", "sentence"),
    [
        ("", "Hãy ghi ngày và giờ muốn xem."),
        ("hôm qua", "Ngày giờ không đúng; hãy ghi như 12/3/2026 15:00."),
        ("31/2/2026 10:00", "Ngày giờ không đúng"),
        ("1/1/2999 10:00", "Lúc ấy chưa đến; hãy ghi một lúc đã qua."),
        ("31/12/9999", "Lúc ấy chưa đến"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_a_moment_that_cannot_be_shown_says_why_and_keeps_what_was_typed(
    report: Submission, hoa: User, client: Client, luc: str, sentence: str
) -> None:
    client.force_login(hoa)
    html = past(client, report, luc, status=422)
    assert sentence in html
    assert "<b>" not in html
    assert '<table class="sheet' not in html


def test_before_the_report_was_asked_for_it_says_since_when(
    report: Submission, hoa: User, client: Client
) -> None:
    client.force_login(hoa)
    html = past(client, report, "1/1/2020")
    assert "Lúc ấy báo cáo chưa được giao cho đơn vị." in html
    assert '<table class="sheet' not in html
    begins = report.transitions.get().at
    assert quote(written(begins, "precise"), safe="/") in html


def test_each_event_of_the_record_leads_to_what_it_left(
    report: Submission, hoa: User, client: Client
) -> None:
    typed(report, {"3.4.1.a": "5356"})
    typed(report, {"3.4.1.a": "1111"})
    client.force_login(hoa)
    record = client.get(f"/bao-cao/{report.pk}/nhat-ky/")
    html = record.content.decode()
    for event in record.context["told"].events:
        assert f"luc/?luc={quote(written(event.at, 'precise'), safe='/')}" in html
    first = report.changes.order_by("pk")[0].at
    assert "5.356" in past(client, report, written(first, "precise"))


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_costs_the_same_queries_however_long_the_record(
    report: Submission,
    hoa: User,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    times: int,
) -> None:
    for number in range(times):
        typed(report, {"1.1": str(number + 1), "1.2.a": str(number + 1)})
    client.force_login(hoa)
    client.get(f"/bao-cao/{report.pk}/luc/")
    # Session, account, roles, the report; changes, moves, the handing in.
    with django_assert_num_queries(3 + 1 + 3):
        client.get(f"/bao-cao/{report.pk}/luc/")
