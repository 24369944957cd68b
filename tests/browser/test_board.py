"""The board refreshes itself while somebody reads it: focus and place stay where they are."""

import pytest
from playwright.sync_api import Page, Route, expect

from reporting.models import Agency, AgencyKind, Round, Submission, User
from tests.browser.test_whole_path import sign_in
from tests.cast import agency, opened_round, report_of, typed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HALF_A_MINUTE = 31_000


@pytest.fixture
def full(minh_hoa: Agency, so_cong_thuong: Agency, hanh: User) -> Round:
    """A round of enough agencies to scroll through."""
    for number in range(60):
        agency(f"MH.{number:02}", f"Sở số {number:02}", AgencyKind.DEPARTMENT, minh_hoa)
    return opened_round(minh_hoa, "MH-DAY", by=hanh)


def test_a_refreshed_table_keeps_focus_and_place(wide_page: Page, full: Round, hanh: User) -> None:
    page = wide_page
    page.clock.install()
    sign_in(page, hanh)
    page.goto("/tien-do/")
    at = Agency.objects.get(code="MH.40")
    report = report_of(full, at)
    link = page.locator(f"#o-{at.pk}-{full.pk}")
    link.focus()
    scrolled = page.evaluate("document.getElementById('bang').scrollTop")
    assert scrolled > 0
    typed(report, {"1.1": "3"})
    with page.expect_response("**/tien-do/?*"):
        page.clock.fast_forward(HALF_A_MINUTE)
    expect(link).to_contain_text("đang nhập 1 %")
    expect(link).to_be_focused()
    assert page.evaluate("document.getElementById('bang').scrollTop") == scrolled


def test_a_table_that_could_not_be_refreshed_says_so(
    wide_page: Page, full: Round, hanh: User
) -> None:
    page = wide_page
    page.clock.install()
    sign_in(page, hanh)
    page.goto("/tien-do/")
    told = page.locator("#khong-cap-nhat")
    expect(told).to_be_hidden()

    def refused(route: Route) -> None:
        route.fulfill(status=401)

    page.route("**/tien-do/?*", refused)
    with page.expect_response("**/tien-do/?*"):
        page.clock.fast_forward(HALF_A_MINUTE)
    expect(told).to_be_visible()
    expect(page.locator("#bang table")).to_be_visible()
    page.unroute("**/tien-do/?*", refused)
    with page.expect_response("**/tien-do/?*"):
        page.clock.fast_forward(HALF_A_MINUTE)
    expect(told).to_be_hidden()


def test_a_phone_shows_one_round_as_a_list_in_words(
    plain_page: Page, full: Round, report: Submission, hanh: User
) -> None:
    page = plain_page
    sign_in(page, hanh)
    page.goto("/tien-do/")
    is_narrow = page.viewport_size is not None and page.viewport_size["width"] < 400
    row = page.locator("tr", has_text="Sở số 40").first
    expect(row.locator("td:visible")).to_have_count(1 if is_narrow else 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    page.get_by_label("Đợt đang xét").select_option("MH-QUY")
    page.get_by_label("Chỉ đơn vị").select_option("Chưa gửi")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator("caption b")).to_have_text(full.name)
    expect(row).to_contain_text("chưa nhập")
