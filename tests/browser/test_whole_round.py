"""A whole round with five people: clerk, head, reviewer, a second reviewer who races the first, and
a leader who looks on; with a comment, a return, more time, a late handing in and a second one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from reporting.models import Agency, Filing, Notice, Round, User
from reporting.workflow import Role
from tests.browser.conftest import SIZES, opened
from tests.browser.test_whole_path import box, sign_in
from tests.cast import person, planned_round, report_of, stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "Số văn bản chưa khớp với sổ theo dõi."
REMARK = "Đề nghị đếm lại theo sổ."


@contextmanager
def desk_of(chromium: Browser, live_server: LiveServer, user: User) -> Iterator[Page]:
    """One person at their own machine."""
    pages = opened(chromium, live_server, SIZES["1440"])
    page = next(pages)
    sign_in(page, user)
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    yield page
    next(pages, None)


def click(page: Page, role: str, name: str, *, exact: bool = True) -> None:
    page.get_by_role(role, name=name, exact=exact).first.click()  # type: ignore[arg-type]


@pytest.fixture
def round_to_come(minh_hoa: Agency, so_cong_thuong: Agency, xa_minh_an: Agency, thu: User) -> Round:
    """A planned round whose due day was yesterday, and which closes today; Sở Công Thương wants its
    head to sign."""
    Agency.objects.filter(pk=so_cong_thuong.pk).update(wants_signature=True)
    round_ = planned_round(minh_hoa, "MH-CA-DOT", name="Báo cáo cả đợt")
    today = timezone.localdate()
    round_.due_on, round_.closes_on = today - timedelta(days=1), today
    round_.save()
    return round_


def test_five_people_play_a_whole_round(  # noqa: PLR0915 - a story is told in one piece
    chromium: Browser,
    live_server: LiveServer,
    round_to_come: Round,
    so_cong_thuong: Agency,
    minh_hoa: Agency,
    hoa: User,
    hanh: User,
    dat: User,
) -> None:
    head = person("truong", "Lý Văn Trưởng", (Role.HEAD, so_cong_thuong))
    second = person("hai", "Bùi Thị Hai", (Role.REVIEWER, minh_hoa))
    code, today = round_to_come.code, timezone.localdate()
    with (
        desk_of(chromium, live_server, hoa) as clerk,
        desk_of(chromium, live_server, head) as boss,
        desk_of(chromium, live_server, hanh) as reviewer,
        desk_of(chromium, live_server, second) as racer,
        desk_of(chromium, live_server, dat) as viewer,
    ):
        # The reviewer opens the round; the clerk is told.
        reviewer.goto(f"/dot/{code}/mo/")
        click(reviewer, "button", "Mở đợt, giao", exact=False)
        expect(reviewer.get_by_text("Đang mở").first).to_be_visible()
        report = report_of(Round.objects.get(code=code), so_cong_thuong)
        clerk.goto("/thong-bao/")
        click(clerk, "link", "Mở đợt: Báo cáo cả đợt", exact=False)
        expect(clerk.get_by_role("heading", name="Sở Công Thương")).to_be_visible()

        # The leader sees who is late, and more time is granted.
        viewer.goto("/tien-do/")
        expect(viewer.locator("table")).to_contain_text("Sở Công Thương")
        reviewer.goto(f"/dot/{code}/gia-han/")
        until = today + timedelta(days=2)
        reviewer.get_by_label("đến hết ngày", exact=False).first.fill(f"{until:%d/%m/%Y}")
        reviewer.get_by_label("Lý do").fill("Mất điện hai ngày.")
        reviewer.get_by_label("UBND xã Minh An").check()
        click(reviewer, "button", "Gia hạn cho các đơn vị đã đánh dấu")
        commune = report_of(Round.objects.get(code=code), Agency.objects.get(code="MH.X001"))
        assert commune.extended_until == until

        # Clerk types and presents; the head signs, late: the receipt says so.
        clerk.goto(f"/bao-cao/{report.pk}/")
        box(clerk, "1.1").fill("12")
        click(clerk, "button", "Lưu và gửi…")
        click(clerk, "button", "Trình lãnh đạo ký")
        expect(clerk.get_by_text("Chờ lãnh đạo ký").first).to_be_visible()
        boss.goto("/thong-bao/")
        click(boss, "link", "Sở Công Thương", exact=False)
        click(boss, "link", "Ký và gửi Sở Nội vụ…")
        click(boss, "button", "Ký và gửi Sở Nội vụ")
        expect(boss.get_by_role("heading", name="Giấy biên nhận báo cáo")).to_be_visible()
        expect(boss.get_by_text("Quá hạn")).to_be_visible()

        # The reviewer takes it up, comments on a cell and sends it back in one letter.
        reviewer.goto(f"/bao-cao/{report.pk}/")
        click(reviewer, "button", "Nhận xem xét")
        reviewer.goto(f"/bao-cao/{report.pk}/dong/1.1/")
        reviewer.get_by_label("Ý kiến", exact=False).last.fill(REMARK)
        click(reviewer, "button", "Ghi ý kiến")
        expect(reviewer.get_by_text(REMARK).first).to_be_visible()
        reviewer.goto(f"/bao-cao/{report.pk}/tra-lai/")
        reviewer.get_by_label("Lý do", exact=True).fill(REASON)
        click(reviewer, "button", "Trả lại")
        assert stored(report).state == "returned"

        # The clerk reads letter and comment, mends, presents again; the head signs again.
        clerk.goto(f"/bao-cao/{report.pk}/thu-tra-lai/")
        expect(clerk.get_by_text(REASON)).to_be_visible()
        expect(clerk.get_by_text(REMARK)).to_be_visible()
        clerk.goto(f"/bao-cao/{report.pk}/")
        box(clerk, "1.1").fill("15")
        click(clerk, "button", "Lưu và gửi…")
        click(clerk, "button", "Trình lãnh đạo ký")
        expect(clerk.get_by_text("Chờ lãnh đạo ký").first).to_be_visible()
        boss.goto(f"/bao-cao/{report.pk}/gui/")
        click(boss, "button", "Ký và gửi Sở Nội vụ")
        expect(boss.get_by_text("Thay đổi so với lần gửi 1 (1 dòng)")).to_be_visible()

        # What was said is settled before anybody approves.
        reviewer.goto(f"/bao-cao/{report.pk}/")
        click(reviewer, "button", "Duyệt")
        expect(reviewer.get_by_role("alert")).to_contain_text("Còn 1 ý kiến chưa xong")
        reviewer.goto(f"/bao-cao/{report.pk}/y-kien/")
        click(reviewer, "button", "Đã xong", exact=False)

        # Two reviewers have the same page open: one wins, the other is told who.
        for page in (reviewer, racer):
            page.goto(f"/bao-cao/{report.pk}/")
            expect(page.get_by_text("lần trước").first).to_be_visible()
        click(reviewer, "button", "Duyệt")
        expect(reviewer.get_by_text("Đã duyệt báo cáo")).to_be_visible()
        click(racer, "button", "Duyệt")
        expect(racer.get_by_role("alert")).to_contain_text(str(hanh))

        # The leader sees it approved; the round is closed with the commune missing.
        viewer.goto("/tien-do/")
        expect(viewer.locator("table")).to_contain_text("Sở Công Thương")
        reviewer.goto(f"/dot/{code}/dong/")
        expect(reviewer.get_by_text("UBND xã Minh An")).to_be_visible()

        # The record tells the story, and the report as it was first handed in.
        reviewer.goto(f"/bao-cao/{report.pk}/nhat-ky/")
        told = reviewer.locator(".events").inner_text()
        for words in (
            "trình lãnh đạo ký",
            "nhận xem xét",
            "trả lại báo cáo",
            REMARK,
            "duyệt báo cáo",
            str(hoa),
            str(head),
            str(hanh),
        ):
            assert words in told, words
        reviewer.goto("/nhat-ky/")
        for words in ("mở đợt", "gia hạn cho UBND xã Minh An", "Mất điện hai ngày."):
            expect(reviewer.get_by_text(words).first).to_be_visible()
    first, last = Filing.objects.filter(submission=report).order_by("number")
    assert (first.is_late, first.by, last.by) == (True, head, head)
    assert [line.move for line in report.transitions.order_by("pk")] == [
        "open",
        "start",
        "present",
        "submit",
        "review",
        "return",
        "present",
        "submit",
        "approve",
    ]
    heard = set(Notice.objects.filter(user=hoa).values_list("kind", flat=True))
    assert {"opened", "returned", "approved"} <= heard
