"""A form of a thousand rows is typed into like any other: nothing moves under the hand."""

import time

import pytest
from playwright.sync_api import Page, Route, expect

from reporting.models import Figure
from tests.bench_forms import large_form, report_on
from tests.browser.test_whole_path import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROWS = 1000
# A shift within half a second of a keystroke is excused by the browser: answers come later here.
EXCUSED = 0.7
OBSERVE = """() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) shifts.push(shift.value);
    }).observe({ type: "layout-shift" });
}"""


def answer_late(route: Route) -> None:
    time.sleep(EXCUSED)
    route.continue_()


def test_typing_into_the_last_row_is_saved_and_moves_nothing(wide_page: Page) -> None:
    report, clerk = report_on(large_form(ROWS, "DO-DAC-DAI"), "X")
    sign_in(wide_page, clerk)
    wide_page.goto(f"/bao-cao/{report.pk}/")
    wide_page.route("**/o/", answer_late)
    box = wide_page.locator(f'[id="r-{ROWS}"]')
    box.focus()
    wide_page.wait_for_timeout(1000)  # scrolled there, and drawn
    wide_page.evaluate(OBSERVE)
    for number in (1234, 5678):
        box.focus()
        wide_page.keyboard.press("Control+A")
        wide_page.keyboard.type(str(number))
        wide_page.keyboard.press("Enter")
        expect(wide_page.locator("#tinh-trang")).to_contain_text("Đã lưu mọi ô")
        expect(wide_page.locator("td[data-s=saved]", has=box)).to_be_visible()
    wide_page.wait_for_timeout(200)
    assert Figure.objects.get(submission=report, row__key=str(ROWS)).number == 5678
    assert wide_page.evaluate("window.shifts") == []
