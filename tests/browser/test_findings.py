"""What the checks find, in a browser: beneath the row while typing, explained there, cleared."""

import pytest
from playwright.sync_api import Page, expect

from reporting.models import Submission, User
from tests.browser.test_typing import expect_mark, open_sheet
from tests.browser.test_whole_path import box
from tests.cast import stored, typed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOUND, SOLVED = "1.3.2.a", "1.3.2.b"
TOTAL = {"3.1.4": "127", "3.1.4.a": "111", "3.1.4.b": "14", "3.1.4.c": "3"}


def sentence(page: Page, key: str) -> str:
    return page.locator("tr", has=box(page, key)).locator("th .f").inner_text()


def test_a_slip_is_told_beneath_its_row_and_goes_when_it_is_mended(
    page: Page, report: Submission, hoa: User
) -> None:
    typed(report, {FOUND: "6"})
    open_sheet(page, report, hoa)
    for figure, told in (("9", "9, lớn hơn 6."), ("7", "7, lớn hơn 6.")):
        box(page, SOLVED).fill(figure)
        box(page, SOLVED).press("Enter")
        expect_mark(page, SOLVED, "saved")
        expect(page.locator("tr", has=box(page, SOLVED)).locator("th .f")).to_contain_text(told)
    assert sentence(page, SOLVED).startswith("Lỗi: Số vấn đề đã xử lý xong nhiều hơn")
    expect(page.locator("#so-xem-lai")).to_have_text("Cảnh báo, lỗi cần xem lại: 1")
    box(page, SOLVED).fill("6")
    box(page, SOLVED).press("Enter")
    expect(page.locator("tr", has=box(page, SOLVED)).locator("th .f")).to_have_count(0)
    expect(page.locator("#so-xem-lai")).to_be_hidden()
    box(page, SOLVED).focus()
    expect(page.locator("#o-nao")).to_have_text("1.3.2. › Số vấn đề phát hiện đã xử lý xong")


def test_a_link_to_a_row_that_is_filtered_out_shows_all_rows(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    typed(report, {FOUND: "6", SOLVED: "9"})
    open_sheet(wide_page, report, hoa)
    wide_page.locator("[data-only=trong]").click()
    expect(box(wide_page, SOLVED)).to_be_hidden()
    wide_page.locator(f"#can-xem-lai a[href='#r-{SOLVED}']").click()
    expect(box(wide_page, SOLVED)).to_be_visible()
    expect(box(wide_page, SOLVED)).to_be_focused()


def test_a_warning_is_explained_beside_its_row(page: Page, report: Submission, hoa: User) -> None:
    typed(report, TOTAL)
    open_sheet(page, report, hoa)
    box(page, "3.1.4").focus()
    page.keyboard.press("F2")
    drawer = page.locator("#ngan")
    drawer.get_by_label("Giải trình", exact=True).fill("Một thủ tục làm ở hai cấp.")
    if page.evaluate("innerWidth") > 390:  # there the panel covers the sheet, which is inert
        box(page, "3.1.4.a").focus()
        page.keyboard.press("F2")
        expect(drawer.get_by_role("alert")).to_contain_text("Có nội dung chưa ghi")
    drawer.get_by_role("button", name="Lưu giải trình").click()
    expect(drawer).to_contain_text("Đã ghi 1 giải trình.")
    expect(page.locator("#so-xem-lai")).to_be_hidden()
    told = page.locator("tr", has=box(page, "3.1.4")).locator("th .f")
    expect(told).to_contain_text("Cảnh báo, đã giải trình:")
    expect(told).to_contain_text("Một thủ tục làm ở hai cấp.")


def test_all_is_cleared_before_handing_in_without_scripts(
    plain_page: Page, report: Submission, hoa: User
) -> None:
    typed(report, TOTAL)
    open_sheet(plain_page, report, hoa)
    plain_page.goto(f"/bao-cao/{report.pk}/gui/")
    expect(plain_page.get_by_role("button", name="Gửi Sở Nội vụ")).to_have_count(0)
    plain_page.get_by_label("Giải trình", exact=True).fill("Một thủ tục làm ở hai cấp.")
    plain_page.get_by_role("button", name="Lưu giải trình").click()
    plain_page.get_by_role("button", name="Gửi Sở Nội vụ").click()
    plain_page.wait_for_url(f"**/bao-cao/{report.pk}/lan-gui/1/")
    assert stored(report).state == "submitted"
