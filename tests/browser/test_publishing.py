"""From approved reports to a published table and back to the cell behind a figure, without scripts
and at both widths; a matrix that is scrolled by the keyboard keeps its heads in sight."""

import pytest
from playwright.sync_api import Page, expect

from reporting.models import Publication, Round, Settlement, Submission, User
from tests.browser.test_whole_path import sign_in
from tests.cast import approved, moved, report_of
from tests.reporting.views.test_province import year

__all__ = ["year"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_table_is_published_corrected_and_opened(
    plain_page: Page, report: Submission, noi_vu_report: Submission, hanh: User, dat: User
) -> None:
    page = plain_page
    approved(report, {"1.1": "3", "1.2.a": "4", "1.2.b": "3"})
    approved(noi_vu_report, {"1.1": "4"})
    sign_in(page, hanh)
    page.goto("/dot/MH-QUY/tong-hop/")
    page.get_by_role("link", name="Công bố", exact=True).click()
    page.get_by_label("Số báo cáo").fill("31/BC-UBND")
    page.get_by_role("button", name="Công bố").click()
    # A browser asks for the box itself where it is required; without it nothing is published.
    assert not Publication.objects.exists()
    page.get_by_label("Tôi đã xem những điều trên và vẫn công bố").check()
    page.get_by_role("button", name="Công bố").click()
    expect(page.get_by_role("heading", name="Số của tỉnh, công bố lần 1")).to_be_visible()

    moved(report, "reopen", by=hanh, reason="Sai.")
    approved(report, {"1.1": "5"})
    page.goto("/dot/MH-QUY/cong-bo/")
    expect(page.locator("main")).to_contain_text("1 dòng khác lần 1")
    page.get_by_label("Vì sao công bố lại").fill("Sở Công Thương sửa số văn bản.")
    page.get_by_label("Tôi đã xem những điều trên và vẫn công bố").check()
    page.get_by_role("button", name="Công bố").click()
    expect(page.locator("main")).to_contain_text("Khác lần 1: 1 dòng, 1 báo cáo")

    page.get_by_role("link", name="9", exact=True).click()
    expect(page.locator("main")).to_contain_text("Sở Công Thương")
    page.goto("/dot/MH-QUY/tong-hop/dong/?dong=1.1")
    page.get_by_role("link", name="5", exact=True).click()
    expect(page.locator("main")).to_contain_text("Lịch sử ô này")
    page.get_by_role("link", name="Số tổng hợp của tỉnh ở dòng này").click()
    expect(page.locator("main .big")).to_have_text("9 Văn bản")


def test_a_difference_is_explained_with_the_keyboard_alone(
    wide_page: Page, year: Round, report: Submission, hanh: User
) -> None:
    page = wide_page
    approved(report, {"1.1": "9"})
    approved(report_of(year, report.agency), {"1.1": "4"})
    sign_in(page, hanh)
    page.goto("/dot/MH-NAM/doi-chieu/")
    page.locator("summary", has_text="Ghi vì sao lệch").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Quý này ghi nhầm, đã sửa ở báo cáo năm.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Cả 1 chỗ lệch đều đã có ghi chú.")
    assert Settlement.objects.get().text == "Quý này ghi nhầm, đã sửa ở báo cáo năm."


def test_the_matrix_keeps_its_heads_while_it_is_scrolled(
    wide_page: Page, report: Submission, hanh: User
) -> None:
    page = wide_page
    approved(report, {"1.1": "3"})
    sign_in(page, hanh)
    page.goto("/dot/MH-QUY/bang-so/")
    region = page.get_by_role("region").first
    name = region.locator("tbody th", has_text="Sở Công Thương")

    def left() -> float:
        """How far the names of the agencies stand from the edge of the region."""
        named, around = name.bounding_box(), region.bounding_box()
        assert named is not None
        assert around is not None
        return named["x"] - around["x"]

    before = left()
    region.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)  # scrolling by keys is smooth
    assert region.evaluate("element => element.scrollLeft") > 0
    assert left() == before
