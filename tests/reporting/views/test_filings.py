"""The receipt of a handing in, and the appendix as it was handed in."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reporting.filing import sha256_of
from reporting.models import Agency, ExportRecord, Filing, Submission, User
from reporting.queries.submissions import is_late
from reporting.workflow import Role
from tests.cast import answered, moved, person, stored, submitted, typed
from tests.guards import record_open


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


def page(client: Client, report: Submission, number: int = 1) -> str:
    response = client.get(f"/bao-cao/{report.pk}/lan-gui/{number}/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_receipt_says_who_handed_in_what_and_when(
    report: Submission, hoas: Client, hoa: User
) -> None:
    submitted(report, {"1.1": "3", "1.2": "2"})
    html = page(hoas, report)
    filing = report.filings.get()
    assert f"{report.round.code}/{report.pk}-1" in html
    assert filing.sha256 == sha256_of(filing.content)
    assert filing.sha256 in html
    assert str(hoa) in html
    assert (filing.number, filing.figures, filing.is_late, filing.is_nil) == (1, 2, False, False)
    assert f"{timezone.localtime(filing.at):%H:%M:%S %d/%m/%Y}" in html
    assert "Sở Nội vụ đã nhận được báo cáo." in html
    assert "Thay đổi so với" not in html


def test_sending_leads_to_the_receipt(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "3"})
    answered(report)
    response = hoas.post(
        f"/bao-cao/{report.pk}/gui/", {"revision": stored(report).revision}, follow=True
    )
    assert response.redirect_chain == [(f"/bao-cao/{report.pk}/lan-gui/1/", 302)]
    assert [str(said) for said in response.context["messages"]] == ["Đã gửi báo cáo đến Sở Nội vụ."]


def test_a_second_handing_in_shows_exactly_what_changed(
    report: Submission, hoas: Client, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3", "1.2": "2"})
    moved(report, "return", by=hanh, reason="Xem lại.")
    typed(report, {"1.1": "4", "1.2": "02"})
    moved(report, "submit", by=hoa)
    html = page(hoas, report, 2)
    assert "Thay đổi so với lần gửi 1 (1 dòng)" in html
    assert html.count('data-l="Lần 1" class="soft num">3</td>') == 1
    assert "Đã có lần gửi sau thay cho lần này." in page(hoas, report, 1)
    first, second = report.filings.order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 != second.sha256


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (["return"], "Trần Minh Hạnh đã trả lại báo cáo lúc "),
        (["approve", "reopen"], "Trần Minh Hạnh đã mở lại báo cáo đã duyệt lúc "),
        (["withdraw"], "Nguyễn Thị Hoa đã rút báo cáo về để sửa lúc "),
    ],
)
def test_the_receipt_of_what_went_back_says_so_until_it_is_handed_in_again(
    report: Submission, hoas: Client, hoa: User, hanh: User, states: list[str], told: str
) -> None:
    submitted(report, {"1.1": "3"})
    for name in states:
        moved(report, name, by=hoa if name == "withdraw" else hanh, reason="Xem lại.")
    html = page(hoas, report)
    assert told in html
    assert "chưa có lần gửi nào thay cho lần này" in html
    assert "Sở Nội vụ đã nhận được báo cáo." not in html
    typed(report, {"1.1": "4"}, by=hoa)
    moved(report, "submit", by=hoa)
    assert told not in page(hoas, report)
    assert "Đã có lần gửi sau thay cho lần này." in page(hoas, report)
    assert "Sở Nội vụ đã nhận được báo cáo." in page(hoas, report, 2)


def test_the_appendix_of_a_handing_in_keeps_its_figures(
    report: Submission, hoas: Client, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    path = f"/bao-cao/{report.pk}/lan-gui/1/phu-luc.csv"
    before = hoas.get(path)
    moved(report, "return", by=hanh, reason="Xem lại.")
    typed(report, {"1.1": "4444"})
    Agency.objects.filter(pk=report.agency_id).update(name="Sở Khác")
    after = hoas.get(path)
    assert after.content == before.content
    assert b"4444" not in after.content
    assert "_lan1.csv" in after.headers["Content-Disposition"]
    assert ExportRecord.objects.filter(submission=report, format="csv").count() == 2


def test_a_handing_in_that_was_tampered_with_is_not_vouched_for(
    report: Submission, hoas: Client
) -> None:
    submitted(report, {"1.1": "3"})
    filing = report.filings.get()
    with record_open():
        Filing.objects.filter(pk=filing.pk).update(content=filing.content.replace('"3"', '"9"'))
    assert "không còn khớp mã băm" in page(hoas, report)


def test_a_receipt_that_is_not_there_is_not_found(report: Submission, hoas: Client) -> None:
    submitted(report, {"1.1": "3"})
    for number in ("0", "2", "99999999999999999999"):
        assert hoas.get(f"/bao-cao/{report.pk}/lan-gui/{number}/").status_code == 404


def test_a_report_entered_afterwards_counts_from_the_day_it_was_received(
    report: Submission, hoas: Client
) -> None:
    today = timezone.localdate()
    report.round.__class__.objects.update(due_on=F("opens_on") + timedelta(days=5))
    typed(report, {"1.1": "3"})
    answered(report)
    day = today - timedelta(days=6)
    hoas.post(
        f"/bao-cao/{report.pk}/gui/",
        {"revision": stored(report).revision, "received_on": f"{day:%d/%m/%Y}"},
    )
    filing = report.filings.get()
    assert (filing.received_on, filing.is_late) == (day, False)
    assert f"ngày {day:%d/%m/%Y}, nhập bù sau" in page(hoas, report)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("31/2/2026", "Ngày không đúng; hãy ghi ngày/tháng/năm"),
        ("1/1/1999", "Năm 1999 không phải năm của báo cáo này."),
        ("1/1/2999", "ở sau ngày hôm nay; hãy ghi ngày đã nộp ngoài hệ thống."),
    ],
)
def test_a_day_of_receiving_that_cannot_be_is_refused(
    report: Submission, hoas: Client, given: str, sentence: str
) -> None:
    typed(report, {"1.1": "3"})
    answered(report)
    response = hoas.post(
        f"/bao-cao/{report.pk}/gui/",
        {"revision": stored(report).revision, "received_on": given},
    )
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not report.filings.exists()


def test_a_late_handing_in_stays_late(report: Submission, hoa: User, hanh: User) -> None:
    """What was late when it came is late for ever, whatever time is granted afterwards."""
    report.round.__class__.objects.update(due_on=F("opens_on"))
    submitted(report, {"1.1": "3"})
    assert report.filings.get().is_late
    Submission.objects.filter(pk=report.pk).update(
        extended_until=timezone.localdate() + timedelta(days=3)
    )
    moved(report, "return", by=hanh, reason="Xem lại.")
    moved(report, "submit", by=hoa)
    assert [filing.is_late for filing in report.filings.order_by("number")] == [True, False]


def test_a_day_of_receiving_survives_the_wait_for_the_heads_signature(
    report: Submission, hoas: Client, head: User, hoa: User
) -> None:
    typed(report, {"1.1": "3"})
    answered(report)
    day = timezone.localdate() - timedelta(days=4)
    path = f"/bao-cao/{report.pk}/gui/"
    hoas.post(path, {"revision": stored(report).revision, "received_on": f"{day:%d/%m/%Y}"})
    line = report.transitions.get(move="present")
    assert f"Đã nộp ngoài hệ thống ngày: trống → {day:%d/%m/%Y}" in line.reason
    hoas.force_login(head)
    assert f'value="{day:%d/%m/%Y}"' in hoas.get(path).content.decode()
    moved(report, "submit", by=head)
    assert report.filings.get().received_on == day


def test_a_day_before_the_period_is_not_when_it_was_received(
    report: Submission, hoas: Client
) -> None:
    typed(report, {"1.1": "3"})
    answered(report)
    begins = report.round.data_from
    assert begins is not None
    early = begins - timedelta(days=1)
    response = hoas.post(
        f"/bao-cao/{report.pk}/gui/",
        {"revision": stored(report).revision, "received_on": f"{early:%d/%m/%Y}"},
    )
    assert response.status_code == 422
    assert "hãy ghi ngày đã nộp báo cáo của chính kỳ này" in response.content.decode()


def test_a_correction_is_late_by_the_last_day_of_corrections(
    report: Submission, hoa: User, hanh: User
) -> None:
    """In time, sent back, mended after the due day: neither receipt nor desk calls it late."""
    submitted(report, {"1.1": "3"})
    moved(report, "return", by=hanh, reason="Xem lại.")
    yesterday = timezone.localdate() - timedelta(days=1)
    report.round.__class__.objects.update(due_on=yesterday)
    assert not is_late(stored(report), timezone.localdate())
    moved(report, "submit", by=hoa)
    last = report.filings.latest("number")
    assert (last.number, last.is_late, last.due_on) == (2, False, None)


def test_a_correction_that_is_taken_back_stays_one(
    report: Submission, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    moved(report, "return", by=hanh, reason="Xem lại.")
    moved(report, "submit", by=hoa)
    moved(report, "withdraw", by=hoa)
    assert (stored(report).state, stored(report).mends) == ("draft", True)
    moved(report, "submit", by=hoa)
    assert not stored(report).mends


def test_what_is_sent_back_comes_again_through_the_portal(
    report: Submission, hoas: Client, hanh: User
) -> None:
    typed(report, {"1.1": "3"})
    answered(report)
    day = timezone.localdate() - timedelta(days=4)
    hoas.post(
        f"/bao-cao/{report.pk}/gui/",
        {"revision": stored(report).revision, "received_on": f"{day:%d/%m/%Y}"},
    )
    moved(report, "return", by=hanh, reason="Xem lại.")
    assert stored(report).received_on is None


def test_a_report_of_nothing_is_known_as_one(report: Submission) -> None:
    submitted(report, {"1.1": "kps", "1.2": "kps"})
    assert report.filings.get().is_nil


def test_a_receipt_costs_the_same_however_many_there_are(
    report: Submission,
    hoas: Client,
    hoa: User,
    hanh: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    submitted(report, {"1.1": "3"})
    page(hoas, report)
    with django_assert_num_queries(7) as first:
        page(hoas, report)
    for figure in ("4", "5"):
        moved(report, "return", by=hanh, reason="Xem lại.")
        typed(report, {"1.1": figure})
        moved(report, "submit", by=hoa)
    with django_assert_num_queries(len(first.captured_queries)):
        page(hoas, report, 2)


# An agency that wants its head to sign


@pytest.fixture
def head(report: Submission) -> User:
    Agency.objects.filter(pk=report.agency_id).update(wants_signature=True)
    return person("truong", "Lý Văn Trưởng", (Role.HEAD, report.agency))


def test_the_clerk_presents_and_the_head_signs(
    report: Submission, hoas: Client, head: User, client: Client
) -> None:
    typed(report, {"1.1": "3"})
    answered(report)
    path = f"/bao-cao/{report.pk}/gui/"
    assert "Trình lãnh đạo ký" in hoas.get(path).content.decode()
    response = hoas.post(path, {"revision": stored(report).revision}, follow=True)
    assert response.redirect_chain == [(f"/bao-cao/{report.pk}/", 302)]
    assert stored(report).state == "signing"
    assert not report.filings.exists()
    # The clerk cannot go past the head, and the figures stand still meanwhile.
    response = hoas.post(path, {"revision": stored(report).revision})
    assert response.status_code == 409
    client.force_login(head)
    assert (
        f'href="{path}">Ký và gửi Sở Nội vụ…'
        in client.get(f"/bao-cao/{report.pk}/").content.decode()
    )
    client.post(path, {"revision": stored(report).revision, "signer_name": "Lý Văn Trưởng"})
    assert stored(report).state == "submitted"
    assert report.filings.get().by == head
    assert [line.move for line in report.transitions.all()][-2:] == ["present", "submit"]


def test_a_head_who_does_not_sign_says_why(report: Submission, head: User, hoa: User) -> None:
    typed(report, {"1.1": "3"})
    answered(report)
    moved(report, "present", by=hoa)
    moved(report, "decline", by=head, reason="Mục 1 chưa đủ.")
    assert stored(report).state == "draft"
    line = report.transitions.last()
    assert line is not None
    assert (line.move, line.reason, line.by) == ("decline", "Mục 1 chưa đủ.", head)


def test_what_was_sent_back_stays_open_while_the_head_reads_it(
    report: Submission, head: User, hoa: User, hanh: User
) -> None:
    """Sent back after the round has closed, presented, declined: it can still be mended."""
    typed(report, {"1.1": "3"})
    answered(report)
    moved(report, "submit", by=head)
    yesterday = timezone.localdate() - timedelta(days=1)
    report.round.__class__.objects.update(due_on=yesterday, closes_on=yesterday)
    moved(report, "return", by=hanh, reason="Xem lại.")
    moved(report, "present", by=hoa)
    moved(report, "decline", by=head, reason="Chưa đủ.")
    typed(report, {"1.1": "4"}, by=hoa)
    moved(report, "present", by=hoa)
    moved(report, "submit", by=head)
    assert (stored(report).state, stored(report).mends) == ("submitted", False)


def test_nothing_is_sent_back_that_could_not_be_mended(
    report: Submission, hanh: User, client: Client
) -> None:
    submitted(report, {"1.1": "3"})
    yesterday = timezone.localdate() - timedelta(days=1)
    report.round.__class__.objects.update(
        due_on=yesterday, closes_on=yesterday, edit_until=yesterday
    )
    client.force_login(hanh)
    response = client.post(
        f"/bao-cao/{report.pk}/tra-lai/",
        {"revision": stored(report).revision, "reason": "Xem lại."},
    )
    assert response.status_code == 409
    assert "hãy gia hạn cho đơn vị trước" in response.context["error"]
    assert stored(report).state == "submitted"


def test_a_presented_report_waits_for_the_head_and_nobody_else(
    report: Submission, hoas: Client, head: User, hoa: User, client: Client
) -> None:
    typed(report, {"1.1": "3"})
    answered(report)
    moved(report, "present", by=hoa)
    context = hoas.get("/bao-cao/").context
    assert [one.submission.pk for one in context["signing"]] == [report.pk]
    assert report.pk not in {one.submission.pk for one in context["to_do"]}
    client.force_login(head)
    response = client.get("/bao-cao/")
    assert [one.submission.pk for one in response.context["to_do"]] == [report.pk]
    assert "Xem và ký" in response.content.decode()
    assert response.context["signing"] == []


def test_who_signs_is_offered_as_the_signer(
    report: Submission, head: User, hoa: User, client: Client
) -> None:
    typed(report, {"1.1": "3"})
    answered(report)
    moved(report, "present", by=hoa)
    client.force_login(head)
    assert 'value="Lý Văn Trưởng"' in client.get(f"/bao-cao/{report.pk}/gui/").content.decode()
