"""Going through waiting reports by keys in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from reporting.models import Submission, User
from tests.browser.test_whole_path import sign_in
from tests.cast import stored, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def first(report: Submission, cong_an_report: Submission, hanh: User) -> Submission:
    """The first of two reports that wait."""
    for one in (report, cong_an_report):
        submitted(one, {"1.1": "3"})
    return report


def open_first(page: Page, first: Submission, hanh: User) -> None:
    sign_in(page, hanh)
    page.goto(f"/bao-cao/{first.pk}/")
    expect(page.locator("html.js")).to_have_count(1)


def test_keys_lead_from_report_to_report_and_to_the_button(
    page: Page, first: Submission, cong_an_report: Submission, hanh: User
) -> None:
    open_first(page, first, hanh)
    page.keyboard.press("j")
    expect(page.get_by_role("heading", level=1)).to_have_text("Công an tỉnh")
    expect(page.locator("html.js")).to_have_count(1)
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sở Công Thương")
    expect(page.locator("html.js")).to_have_count(1)
    page.keyboard.press("d")
    approve = page.get_by_role("button", name="Duyệt", exact=True)
    expect(approve).to_be_focused()
    assert stored(first).state == "submitted"
    approve.press("Enter")
    # What waits next comes by itself.
    expect(page.get_by_role("heading", level=1)).to_have_text("Công an tỉnh")
    assert stored(first).state == "approved"


def test_the_keys_can_be_switched_off(wide_page: Page, first: Submission, hanh: User) -> None:
    page = wide_page
    open_first(page, first, hanh)
    page.keyboard.press("?")
    page.get_by_label("Dùng phím tắt trong máy này").uncheck()
    page.keyboard.press("t")
    page.reload()
    expect(page.locator("html.js")).to_have_count(1)
    page.keyboard.press("t")
    page.locator("#phim-tat summary").click()
    expect(page.get_by_label("Dùng phím tắt trong máy này")).not_to_be_checked()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sở Công Thương")


def test_a_key_is_never_taken_from_who_types(page: Page, first: Submission, hanh: User) -> None:
    open_first(page, first, hanh)
    page.keyboard.press("t")
    box = page.get_by_label("Lý do", exact=True)
    box.fill("")
    box.press_sequentially("tjkdc?")
    expect(box).to_have_value("tjkdc?")
    assert stored(first).state == "submitted"
