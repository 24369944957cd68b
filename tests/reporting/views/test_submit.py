"""Handing a report in."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from reporting.actions.rounds import reschedule_round
from reporting.models import Submission, Transition, User
from tests.cast import stored, submitted, typed
from tests.reporting.views.pages import ASKED_OF_A_DEPARTMENT, post_sheet

GOOD = {
    "report_number": "31/BC-SCT",
    "report_date": "10/3/2022",
    "signer_title": "GIÁM ĐỐC",
    "signer_name": "Nguyễn Văn A",
}


def now(report: Submission) -> str:
    """Return the revision that a page drawn now would post."""
    return str(stored(report).revision)


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


def test_the_page_offers_the_agencys_signer_and_says_what_is_blank(
    report: Submission, hoas: Client
) -> None:
    typed(report, {"1.1": "3"})
    response = hoas.get(f"/bao-cao/{report.pk}/gui/")
    assert response.status_code == 200
    assert response.context["form"].initial["signer_title"] == "GIÁM ĐỐC"
    assert response.context["why_not"] == ""
    sheet = response.context["sheet"]
    assert (sheet.answered, sheet.typed) == (1, ASKED_OF_A_DEPARTMENT)


def test_a_report_is_handed_in_with_its_heading(
    report: Submission, hoas: Client, hoa: User
) -> None:
    typed(report, {"1.1": "3"})
    response = hoas.post(
        f"/bao-cao/{report.pk}/gui/", {"revision": now(report), **GOOD}, follow=True
    )
    assert response.redirect_chain == [(f"/bao-cao/{report.pk}/lan-gui/1/", 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "Đã gửi báo cáo đến Sở Nội vụ."
    ]
    found = stored(report)
    assert (found.state, found.state_by) == ("submitted", hoa)
    assert (found.report_number, found.report_date, found.signer_name) == (
        "31/BC-SCT",
        date(2022, 3, 10),
        "Nguyễn Văn A",
    )


def test_the_heading_may_be_left_for_the_paper(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "3"})
    response = hoas.post(f"/bao-cao/{report.pk}/gui/", {"revision": now(report)})
    assert response.status_code == 302
    assert stored(report).state == "submitted"
    assert stored(report).report_date is None


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("report_date", "31/2/2022", "Ngày không đúng; hãy ghi ngày/tháng/năm, ví dụ 01/01/2027."),
        ("report_date", "hôm nay", "Ngày không đúng; hãy ghi ngày/tháng/năm, ví dụ 01/01/2027."),
        ("report_date", "03/13/2022", "Ngày không đúng; hãy ghi ngày/tháng/năm, ví dụ 01/01/2027."),
        (
            "report_date",
            "31/12/2999",
            "Ngày 31/12/2999 ở sau ngày hôm nay; hãy ghi ngày ký báo cáo.",
        ),
    ],
)
def test_a_wrong_day_is_told_and_nothing_is_handed_in(
    report: Submission, hoas: Client, field: str, text: str, sentence: str
) -> None:
    typed(report, {"1.1": "3"})
    response = hoas.post(
        f"/bao-cao/{report.pk}/gui/", {"revision": now(report), **GOOD, field: text}
    )
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [sentence]}
    assert response.context["form"]["report_number"].value() == "31/BC-SCT"
    assert stored(report).state == "draft"
    assert stored(report).report_number == ""


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("report_number", "x" * 61),
        ("signer_title", "x" * 121),
        ("signer_name", "x" * 121),
    ],
)
def test_a_heading_that_does_not_fit_is_told(
    report: Submission, hoas: Client, field: str, text: str
) -> None:
    typed(report, {"1.1": "3"})
    response = hoas.post(
        f"/bao-cao/{report.pk}/gui/", {"revision": now(report), **GOOD, field: text}
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert stored(report).state == "draft"


@pytest.mark.parametrize("day", ["10/3/2022", "10/03/2022", " 10/3/2022 "])
def test_a_day_may_be_written_with_or_without_zeros(
    report: Submission, hoas: Client, day: str
) -> None:
    typed(report, {"1.1": "3"})
    response = hoas.post(
        f"/bao-cao/{report.pk}/gui/", {"revision": now(report), "report_date": day}
    )
    assert response.status_code == 302
    assert stored(report).report_date == date(2022, 3, 10)


def test_today_is_no_day_to_come(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "3"})
    today = timezone.localdate()
    fields = {"revision": now(report), "report_date": f"{today:%d/%m/%Y}"}
    assert hoas.post(f"/bao-cao/{report.pk}/gui/", fields).status_code == 302


def test_an_empty_report_is_not_handed_in(report: Submission, hoas: Client) -> None:
    post_sheet(hoas, report, notes={"1.1": "chờ"})
    response = hoas.post(f"/bao-cao/{report.pk}/gui/", {"revision": now(report)})
    assert response.status_code == 409
    assert response.context["error"].startswith("Báo cáo chưa có số liệu nào nên chưa gửi được.")
    assert stored(report).state == "draft"


def test_a_report_never_begun_says_that_it_cannot_be_handed_in(
    report: Submission, hoas: Client
) -> None:
    response = hoas.post(f"/bao-cao/{report.pk}/gui/", {"revision": now(report)})
    assert response.status_code == 409
    assert "«Chưa nhập»" in response.context["error"]


def test_handing_in_twice_is_told_and_recorded_once(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "3"})
    fields = {"revision": now(report), **GOOD}
    first = hoas.post(f"/bao-cao/{report.pk}/gui/", fields)
    second = hoas.post(f"/bao-cao/{report.pk}/gui/", fields)
    assert (first.status_code, second.status_code) == (302, 409)
    assert "«Đã gửi»" in second.context["error"]
    assert Transition.objects.filter(submission=report, move="submit").count() == 1


def test_a_page_older_than_the_figures_is_told(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "3"})
    seen = {"revision": now(report)}
    typed(report, {"1.1": "4"})
    response = hoas.post(f"/bao-cao/{report.pk}/gui/", seen)
    assert response.status_code == 409
    assert response.context["error"].startswith("Báo cáo đã thay đổi sau khi ông/bà mở trang này.")
    assert str(response.context["submission"].revision) == now(report)
    assert stored(report).state == "draft"


def test_what_was_typed_stays_where_a_finding_came_up_meanwhile(
    report: Submission, hoas: Client
) -> None:
    typed(report, {"1.1": "3", "1.2.a": "8", "1.2.b": "9"})
    fields = {"revision": now(report), "report_number": "31/BC-SCT"}
    response = hoas.post(f"/bao-cao/{report.pk}/gui/", fields)
    assert response.status_code == 409
    page = response.content.decode()
    assert 'value="31/BC-SCT"' in page
    assert "Gửi Sở Nội vụ</button>" not in page
    assert response.context["why_not"] in page


def test_a_closed_round_takes_nothing(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "3"})
    day = timezone.localdate() - timedelta(days=1)
    reschedule_round(round=report.round, opens_on=day, due_on=day, closes_on=day)
    response = hoas.post(f"/bao-cao/{report.pk}/gui/", {"revision": now(report)})
    assert response.status_code == 409
    assert "đã đóng sau ngày" in response.context["error"]
    assert stored(report).state == "draft"


def test_a_reader_is_told_that_it_is_not_theirs(
    report: Submission, hanh: User, client: Client
) -> None:
    typed(report, {"1.1": "3"})
    client.force_login(hanh)
    assert client.get(f"/bao-cao/{report.pk}/gui/").context["why_not"] == (
        "Vai trò của ông/bà tại đơn vị này không cho phép: gửi Sở Nội vụ."
    )
    assert client.post(f"/bao-cao/{report.pk}/gui/", {"revision": now(report)}).status_code == 409
    assert stored(report).state == "draft"


def test_a_handed_in_report_cannot_be_handed_in_again_from_the_page(
    report: Submission, hoas: Client
) -> None:
    submitted(report, {"1.1": "3"})
    assert (
        hoas.get(f"/bao-cao/{report.pk}/gui/")
        .context["why_not"]
        .startswith("Báo cáo đã ở trạng thái «Đã gửi»")
    )


def test_a_page_refused_for_its_date_does_not_come_back_on_figures_that_were_not_seen(
    report: Submission, hoas: Client
) -> None:
    """A colleague saves while the date is being mended: the second try is told, not let through."""
    typed(report, {"1.1": "3"})
    seen = now(report)
    typed(stored(report), {"1.1": "4"})
    address = f"/bao-cao/{report.pk}/gui/"
    response = hoas.post(address, {"revision": seen, "report_date": "31/2/2022"})
    assert response.status_code == 422
    assert str(response.context["revision"]) == seen
    response = hoas.post(address, {"revision": seen, **GOOD})
    assert response.status_code == 409
    assert response.context["why_not"] == "Hãy xem lại bảng số liệu trước khi gửi."
    assert stored(report).state == "draft"
