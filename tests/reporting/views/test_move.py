"""The buttons of the workflow."""

import pytest
from django.test import Client

from reporting.models import Submission, Transition, User
from tests.cast import approved, brought_to, moved, stored, submitted, typed


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


def now(report: Submission) -> str:
    """Return the revision that a page drawn now would post."""
    return str(stored(report).revision)


@pytest.mark.parametrize(
    ("state", "name", "target", "message"),
    [
        ("submitted", "approve", "approved", "Đã duyệt báo cáo: Sở Công Thương."),
        ("approved", "reopen", "returned", "Đã mở lại báo cáo đã duyệt: Sở Công Thương."),
    ],
)
def test_the_reviewer_moves_a_report(
    report: Submission, hanhs: Client, state: str, name: str, target: str, message: str
) -> None:
    brought_to(state, report, {"1.1": "3"})
    response = hanhs.post(
        f"/bao-cao/{report.pk}/viec/{name}/",
        {"revision": now(report), "reason": "Vì sai."},
        follow=True,
    )
    assert response.redirect_chain == [(f"/bao-cao/{report.pk}/", 302)]
    assert [str(said) for said in response.context["messages"]] == [message]
    assert stored(report).state == target


def test_the_clerk_takes_a_report_back(report: Submission, hoa: User, client: Client) -> None:
    submitted(report, {"1.1": "3"})
    client.force_login(hoa)
    response = client.post(f"/bao-cao/{report.pk}/viec/withdraw/", {"revision": now(report)})
    assert response.status_code == 302
    assert stored(report).state == "draft"


def test_a_reopening_without_reason_is_told(report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "3"})
    response = hanhs.post(
        f"/bao-cao/{report.pk}/viec/reopen/", {"revision": now(report), "reason": "  "}
    )
    assert response.status_code == 409
    assert response.context["error"].startswith("Cần ghi lý do để mở lại báo cáo đã duyệt")
    assert stored(report).state == "approved"


def test_a_refused_reason_is_not_lost(report: Submission, hanhs: Client) -> None:
    typed(report, {"1.1": "3"})
    response = hanhs.post(
        f"/bao-cao/{report.pk}/viec/reopen/",
        {"revision": now(report), "reason": "Xem lại <b>1.1</b>."},
    )
    assert response.status_code == 409
    assert response.context["reason"] == "Xem lại <b>1.1</b>."
    assert "<b>1.1</b>" not in response.content.decode()


@pytest.mark.parametrize(
    ("reason", "kept"),
    [("a\x00b", "ab"), ("đ" * 2001, "đ" * 2000), ("🙂", "🙂"), (" một\r\nhai ", "một\nhai")],
)
def test_a_reason_of_any_letters_is_kept(
    report: Submission, hanhs: Client, reason: str, kept: str
) -> None:
    approved(report, {"1.1": "3"})
    response = hanhs.post(
        f"/bao-cao/{report.pk}/viec/reopen/", {"revision": now(report), "reason": reason}
    )
    assert response.status_code == 302
    last = Transition.objects.filter(submission=report).last()
    assert last is not None
    assert last.reason == kept


def test_the_second_approval_is_told_who_was_first(report: Submission, hanhs: Client) -> None:
    submitted(report, {"1.1": "3"})
    seen = {"revision": now(report)}
    first = hanhs.post(f"/bao-cao/{report.pk}/viec/approve/", seen)
    second = hanhs.post(f"/bao-cao/{report.pk}/viec/approve/", seen)
    assert (first.status_code, second.status_code) == (302, 409)
    assert "bởi Trần Minh Hạnh), không cần làm lại." in second.context["error"]
    assert Transition.objects.filter(submission=report, move="approve").count() == 1


def test_approving_figures_that_were_not_seen_is_refused(
    report: Submission, hoa: User, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    seen = {"revision": now(report)}
    moved(report, "withdraw", by=hoa)
    submitted(stored(report), {"1.1": "4"})
    response = hanhs.post(f"/bao-cao/{report.pk}/viec/approve/", seen)
    assert response.status_code == 409
    assert str(response.context["submission"].revision) == now(report)
    assert stored(report).state == "submitted"


@pytest.mark.parametrize("revision", ["", "x", "²", "9" * 40])
def test_a_forged_revision_approves_nothing(
    report: Submission, hanhs: Client, revision: str
) -> None:
    submitted(report, {"1.1": "3"})
    response = hanhs.post(f"/bao-cao/{report.pk}/viec/approve/", {"revision": revision})
    assert response.status_code == 409
    assert stored(report).state == "submitted"


@pytest.mark.parametrize("name", ["start", "submit", "present", "return", "khong-co"])
def test_what_is_no_button_is_not_found(report: Submission, hanhs: Client, name: str) -> None:
    submitted(report, {"1.1": "3"})
    assert (
        hanhs.post(f"/bao-cao/{report.pk}/viec/{name}/", {"revision": now(report)}).status_code
        == 404
    )
