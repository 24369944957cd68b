"""The main job in a real browser: an agency fills in, the Sở Nội vụ approves, the Phụ lục comes."""

from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from reporting.models import Figure, Round, Submission, Transition, User
from tests.cast import PASSWORD, stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RECEIVED, FINISHED, ON_TIME = "3.4.1.a", "3.4.1.b", "3.4.1.c"


def sign_in(page: Page, user: User, password: str = PASSWORD) -> None:
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Đăng xuất").click()


def box(page: Page, key: str) -> Locator:
    return page.locator(f'[id="r-{key}"]')


def downloaded(page: Page, label: str) -> bytes:
    with page.expect_download() as coming:
        page.get_by_role("link", name=label, exact=True).first.click()
    return Path(coming.value.path()).read_bytes()


def open_report_as_clerk(page: Page, clerk: User, round_: Round) -> None:
    sign_in(page, clerk)
    page.get_by_role("link", name=round_.name).first.click()


def open_report_as_reviewer(page: Page, reviewer: User, round_: Round) -> None:
    sign_in(page, reviewer)
    page.get_by_role("link", name=round_.name).first.click()
    page.get_by_role("link", name="Sở Công Thương").first.click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Lưu và gửi…").click()
    page.get_by_label("Số báo cáo").fill("31/BC-SCT")
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_text("Đã gửi báo cáo đến Sở Nội vụ.")).to_be_visible()


def test_a_wrong_password_is_told_in_a_sentence(page: Page, open_quarter: Round, hoa: User) -> None:
    sign_in(page, hoa, password="sai-mat-khau")
    expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng")
    expect(page.get_by_label("Tên đăng nhập")).to_have_value(hoa.username)


def test_a_letter_in_a_number_stays_in_its_box_and_the_other_boxes_are_saved(
    plain_page: Page, open_quarter: Round, report: Submission, hoa: User
) -> None:
    open_report_as_clerk(plain_page, hoa, open_quarter)
    box(plain_page, RECEIVED).fill("5.356")
    box(plain_page, "1.6").select_option("1")
    box(plain_page, ON_TIME).fill("năm nghìn")
    plain_page.get_by_role("button", name="Lưu", exact=True).click()
    expect(plain_page.get_by_role("alert").first).to_contain_text("1 ô chưa lưu")
    expect(box(plain_page, ON_TIME)).to_have_value("năm nghìn")
    expect(box(plain_page, ON_TIME)).to_have_attribute("aria-invalid", "true")
    expect(box(plain_page, RECEIVED)).to_have_value("5.356")
    expect(box(plain_page, "1.6")).to_have_value("1")
    assert Figure.objects.filter(submission=report).count() == 2


def test_from_the_clerks_first_figure_to_the_printed_appendix(
    page: Page, open_quarter: Round, report: Submission, hoa: User, hanh: User
) -> None:
    open_report_as_clerk(page, hoa, open_quarter)
    for key, text in {RECEIVED: "5.356", FINISHED: "5346", ON_TIME: "5.346"}.items():
        box(page, key).fill(text)
    # Another department is asked for this row: its box is folded away, and opens.
    expect(box(page, "7.3")).not_to_be_visible()
    page.locator("tr", has=box(page, "7.3")).get_by_text("Nhập nếu có").click()
    box(page, "7.3").fill("45/50")
    send(page)
    assert Figure.objects.get(submission=report, row__key="7.3").number == 90
    sign_out(page)

    open_report_as_reviewer(page, hanh, open_quarter)
    page.get_by_role("link", name="Trả lại…").click()
    page.get_by_label("Lý do", exact=True).fill("Dòng 1.1 còn trống.")
    page.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.get_by_text("Đã trả lại báo cáo")).to_be_visible()
    sign_out(page)

    open_report_as_clerk(page, hoa, open_quarter)
    expect(page.get_by_text("Dòng 1.1 còn trống.")).to_be_visible()
    box(page, "1.1").fill("13")
    send(page)
    sign_out(page)

    open_report_as_reviewer(page, hanh, open_quarter)
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.get_by_text("Đã duyệt báo cáo")).to_be_visible()
    assert stored(report).state == "approved"
    moves = Transition.objects.filter(submission=report).values_list("move", flat=True)
    assert list(moves) == ["open", "start", "submit", "return", "submit", "approve"]

    page.goto(f"/bao-cao/{report.pk}/")  # nothing else waits: approving led to the desk

    book = CalamineWorkbook.from_filelike(BytesIO(downloaded(page, "Excel")))
    assert 5356.0 in [row[3] for row in book.get_sheet_by_index(0).to_python()]
    page.goto(f"/dot/{open_quarter.code}/tong-hop/")
    expect(page.get_by_text("1/2 đơn vị").first).to_be_visible()
    pages = PdfReader(BytesIO(downloaded(page, "PDF"))).pages
    text = "".join(printed.extract_text() for printed in pages)
    assert "5.356" in text
    assert "1/2 đơn vị" in text


def test_the_keyboard_alone_signs_in_fills_and_saves(
    plain_page: Page, open_quarter: Round, report: Submission, hoa: User
) -> None:
    plain_page.goto("/dang-nhap/")
    plain_page.get_by_label("Tên đăng nhập").focus()
    plain_page.keyboard.type(hoa.username)
    plain_page.keyboard.press("Tab")
    plain_page.keyboard.type(PASSWORD)
    plain_page.keyboard.press("Enter")
    plain_page.wait_for_url("**/bao-cao/")
    plain_page.goto(f"/bao-cao/{report.pk}/")
    box(plain_page, "1.1").focus()
    plain_page.keyboard.type("13")
    plain_page.keyboard.press("Tab")
    save = plain_page.get_by_role("button", name="Lưu", exact=True)
    save.focus()
    plain_page.keyboard.press("Enter")
    expect(plain_page.get_by_text("Đã lưu 1 ô.")).to_be_visible()
    assert Figure.objects.get(submission=report).number == 13


def test_what_was_typed_survives_a_session_that_ended(
    plain_page: Page, open_quarter: Round, report: Submission, hoa: User
) -> None:
    sign_in(plain_page, hoa)
    plain_page.goto(f"/bao-cao/{report.pk}/")
    box(plain_page, "1.1").fill("13")
    plain_page.context.clear_cookies(name="sessionid")
    plain_page.get_by_role("button", name="Lưu", exact=True).click()
    plain_page.get_by_label("Tên đăng nhập").fill(hoa.username)
    plain_page.get_by_label("Mật khẩu").fill(PASSWORD)
    plain_page.get_by_role("button", name="Đăng nhập").click()
    plain_page.get_by_role("button", name="Làm tiếp việc vừa rồi").click()
    expect(plain_page.get_by_text("Đã lưu 1 ô.")).to_be_visible()
    assert Figure.objects.get(submission=report).number == 13


def test_no_page_is_wider_than_the_screen(
    page: Page, open_quarter: Round, report: Submission, hanh: User
) -> None:
    sign_in(page, hanh)
    code = open_quarter.code
    for address in (
        "/dot/",
        f"/dot/{code}/",
        f"/dot/{code}/tong-hop/",
        f"/dot/{code}/tong-hop/dong/?dong=3.4.1",
        f"/bao-cao/{report.pk}/",
        f"/bao-cao/{report.pk}/nhat-ky/",
        "/mat-khau/",
        "/bao-cao/",
    ):
        page.goto(address)
        wide, screen = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= screen, address
