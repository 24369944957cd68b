"""Typing into the sheet: each cell goes to the portal by itself, and says what became of it."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django_otp.plugins.otp_static.models import StaticDevice
from playwright.sync_api import Page, Route, expect

from reporting.models import Figure, FigureChange, Round, Submission, User
from reporting.workflow import Role
from tests.browser.test_whole_path import box, sign_in
from tests.cast import PASSWORD, approved, moved, opened_round, person, report_of, stored, typed
from tests.reporting.views.test_second_factor import with_factor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN, DONE, RATE = "1.2.a", "1.2.b", "1.2"


def open_sheet(page: Page, report: Submission, clerk: User) -> None:
    sign_in(page, clerk)
    page.wait_for_url("**/bao-cao/")
    page.goto(f"/bao-cao/{report.pk}/")


def stands(page: Page, key: str) -> str | None:
    """Return how the cell of a row is marked."""
    return page.locator("td.v", has=box(page, key)).get_attribute("data-s")


def expect_mark(page: Page, key: str, mark: str) -> None:
    expect(page.locator("td.v", has=box(page, key))).to_have_attribute("data-s", mark)


def computed(page: Page, report: Submission, key: str) -> str:
    row = report.form_version.rows.get(key=key)
    return page.locator(f"#o-{row.pk}").inner_text()


def number(report: Submission, key: str) -> object:
    return Figure.objects.get(submission=report, row__key=key).number


def is_alone(page: Page) -> bool:
    """Nothing waits in this browser."""
    return bool(page.evaluate("!Object.keys(localStorage).some((key) => key.startsWith('cchc:'))"))


def test_each_cell_is_saved_when_it_is_left_and_rates_follow(
    page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(page, report, hoa)
    box(page, PLAN).click()
    page.keyboard.type("27")
    expect(page.locator("#nghe")).to_have_text("Hiểu là: 27 Nhiệm vụ")
    page.keyboard.press("Enter")
    expect(box(page, DONE)).to_be_focused()
    expect_mark(page, PLAN, "saved")
    page.keyboard.type("08")
    row = report.form_version.rows.get(key=RATE)
    expect(page.locator(f"#o-{row.pk}.tried")).to_have_text("29,63")
    assert Figure.objects.filter(submission=report).count() == 1
    page.keyboard.press("Enter")
    expect_mark(page, DONE, "saved")
    expect(page.locator(f"#o-{row.pk}:not(.tried)")).to_have_text("29,63")
    expect(box(page, DONE)).to_have_value("8")
    expect(page.locator("#da-nhap")).to_have_text(re.compile(r"^2/"))
    expect(page.locator("#tinh-trang")).to_contain_text("Đã lưu mọi ô lúc")
    assert (number(report, PLAN), number(report, DONE)) == (27, 8)
    assert is_alone(page)


def test_what_cannot_be_read_stays_in_its_box_until_it_is_mended(
    page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(page, report, hoa)
    box(page, "1.1").fill("năm nghìn")
    page.keyboard.press("Enter")
    expect_mark(page, "1.1", "refused")
    expect(page.get_by_role("alert")).to_contain_text("có chữ, nhưng ô này nhận một số nguyên")
    expect(box(page, "1.1")).to_have_attribute("aria-invalid", "true")
    page.reload()
    expect(box(page, "1.1")).to_have_value("năm nghìn")
    expect(page.get_by_role("alert")).to_contain_text("có chữ")
    expect(page.locator("#tinh-trang")).to_contain_text("1 ô chưa nhận")
    page.get_by_role("button", name="Lưu và gửi…").click()
    expect(box(page, "1.1")).to_be_focused()
    box(page, "1.1").fill("5.000")
    page.keyboard.press("Enter")
    expect_mark(page, "1.1", "saved")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert number(report, "1.1") == 5000
    assert is_alone(page)


def test_escape_brings_back_what_is_stored(wide_page: Page, report: Submission, hoa: User) -> None:
    typed(report, {"1.1": "13", PLAN: "27", DONE: "8"})
    open_sheet(wide_page, stored(report), hoa)
    box(wide_page, DONE).fill("27")
    row = report.form_version.rows.get(key=RATE)
    expect(wide_page.locator(f"#o-{row.pk}.tried")).to_have_text("100")
    wide_page.keyboard.press("Escape")
    expect(box(wide_page, DONE)).to_have_value("8")
    expect(wide_page.locator(f"#o-{row.pk}:not(.tried)")).to_have_text("29,63")
    box(wide_page, "1.1").fill("x")
    wide_page.keyboard.press("Enter")
    expect_mark(wide_page, "1.1", "refused")
    box(wide_page, "1.1").focus()
    wide_page.keyboard.press("Escape")
    expect(box(wide_page, "1.1")).to_have_value("13")
    assert is_alone(wide_page)
    assert FigureChange.objects.filter(submission=report).count() == 3


def test_keys_move_as_in_a_spreadsheet(wide_page: Page, report: Submission, hoa: User) -> None:
    page = wide_page
    open_sheet(page, report, hoa)
    box(page, PLAN).focus()
    for key, reached in (
        ("Enter", DONE),
        ("Shift+Enter", PLAN),
        ("ArrowDown", DONE),
        ("ArrowUp", PLAN),
        ("ArrowUp", "1.1"),
    ):
        page.keyboard.press(key)
        expect(box(page, reached)).to_be_focused()
    box(page, "1.6").focus()  # a list: the arrows leave it as it is
    page.keyboard.press("ArrowDown")
    expect(box(page, "1.6.a")).to_be_focused()
    expect(box(page, "1.6")).to_have_value("")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect_mark(page, "1.6", "saved")
    assert Figure.objects.get(submission=report).choice == "1"


def test_acts_are_one_press_away(page: Page, report: Submission, hoa: User) -> None:
    open_sheet(page, report, hoa)
    box(page, "1.1").focus()
    page.get_by_role("button", name="Không phát sinh", exact=True).click()
    expect_mark(page, "1.1", "saved")
    expect(box(page, "1.1")).to_have_value("Không phát sinh")
    assert Figure.objects.get(submission=report).status == "nil"
    page.get_by_role("button", name="Xóa", exact=True).click()
    expect(box(page, "1.1")).to_have_value("")
    expect(page.locator("#da-nhap")).to_have_text(re.compile(r"^0/"))
    assert not Figure.objects.filter(submission=report).exists()


def test_a_note_is_saved_by_itself(wide_page: Page, report: Submission, hoa: User) -> None:
    open_sheet(wide_page, report, hoa)
    row = wide_page.locator("tr", has=box(wide_page, "1.1"))
    row.get_by_text("Ghi chú").click()
    row.get_by_label("Ghi chú dòng 1.1").fill("theo báo cáo tháng")
    box(wide_page, PLAN).focus()
    expect_mark(wide_page, "1.1", "saved")
    assert Figure.objects.get(submission=report).note == "theo báo cáo tháng"


def test_without_a_network_cells_wait_and_then_arrive(
    page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(page, report, hoa)
    page.context.set_offline(True)
    box(page, PLAN).fill("27")
    page.keyboard.press("Enter")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    expect(page.locator("#tinh-trang")).to_contain_text("Mất kết nối: 2 ô chờ gửi")
    assert stands(page, PLAN) == "waiting"
    assert not Figure.objects.filter(submission=report).exists()
    page.context.set_offline(False)
    expect_mark(page, PLAN, "saved")
    expect_mark(page, DONE, "saved")
    assert (number(report, PLAN), number(report, DONE)) == (27, 8)


def test_a_closed_tab_leaves_its_cells_to_the_next(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(wide_page, report, hoa)
    wide_page.context.set_offline(True)
    box(wide_page, PLAN).fill("27")
    wide_page.keyboard.press("Enter")
    wide_page.keyboard.type("8")  # and is not left
    context = wide_page.context
    wide_page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto("/bao-cao/")
    expect(again.get_by_text("2 ô đã gõ trên máy này chưa được gửi")).to_be_visible()
    again.goto(f"/bao-cao/{report.pk}/")
    expect_mark(again, PLAN, "saved")
    expect_mark(again, DONE, "saved")
    assert (number(report, PLAN), number(report, DONE)) == (27, 8)
    assert is_alone(again)


def test_what_is_typed_after_a_fast_clock_was_set_right_counts(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    """What a closed tab has left behind is on its way under a name from the future, when its cell
    is typed into once more."""
    wide_page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=2))
    open_sheet(wide_page, report, hoa)
    wide_page.context.set_offline(True)
    box(wide_page, PLAN).fill("27")
    wide_page.keyboard.press("Enter")
    context = wide_page.context
    wide_page.close()
    context.set_offline(False)
    again, held = context.new_page(), list[Route]()

    def hold_the_first(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    again.route("**/o/", hold_the_first)
    with again.expect_request("**/o/"):
        again.goto(f"/bao-cao/{report.pk}/")
    box(again, PLAN).fill("28")
    again.keyboard.press("Enter")
    held[0].continue_()
    expect_mark(again, PLAN, "saved")
    expect(box(again, PLAN)).to_have_value("28")
    assert is_alone(again)
    assert number(report, PLAN) == 28


def test_an_answer_lost_on_its_way_writes_nothing_twice(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(wide_page, report, hoa)
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    wide_page.route("**/o/", lose_the_first)
    box(wide_page, "1.1").fill("13")
    wide_page.keyboard.press("Enter")
    expect_mark(wide_page, "1.1", "saved")
    assert lost == [200]
    assert FigureChange.objects.filter(submission=report).count() == 1


def test_a_session_that_ended_is_renewed_in_place(
    page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(page, report, hoa)
    page.context.clear_cookies(name="sessionid")
    box(page, "1.1").fill("13")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Phiên làm việc đã hết hạn")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Mật khẩu").fill("sai")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng")
    dialog.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect_mark(page, "1.1", "saved")
    assert number(report, "1.1") == 13
    box(page, PLAN).fill("27")
    page.get_by_role("button", name="Lưu và gửi…").click()
    page.wait_for_url("**/gui/")
    assert number(report, PLAN) == 27


def test_who_signs_in_in_another_tab_goes_on_when_back_in_this_one(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(wide_page, report, hoa)
    held = wide_page.context.cookies()
    wide_page.context.clear_cookies(name="sessionid")
    box(wide_page, "1.1").fill("13")
    wide_page.keyboard.press("Enter")
    dialog = wide_page.get_by_role("dialog", name="Phiên làm việc đã hết hạn")
    expect(dialog).to_be_visible()
    wide_page.context.add_cookies(held)  # type: ignore[arg-type]  # what the other tab was given
    wide_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(dialog).not_to_be_visible()
    expect_mark(wide_page, "1.1", "saved")
    assert number(report, "1.1") == 13


def test_signing_in_again_in_place_asks_for_the_code_too(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(wide_page, report, hoa)
    codes = with_factor(hoa)  # which ends the session
    box(wide_page, "1.1").fill("13")
    wide_page.keyboard.press("Enter")
    dialog = wide_page.get_by_role("dialog", name="Phiên làm việc đã hết hạn")
    dialog.get_by_label("Mật khẩu").fill(PASSWORD)
    wide_page.keyboard.press("Enter")
    expect(dialog.get_by_label("Mã xác thực")).to_be_focused()
    wide_page.keyboard.type("abc")
    wide_page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Mã không đúng hoặc đã dùng rồi")
    StaticDevice.objects.update(throttling_failure_count=0)
    dialog.get_by_label("Mã xác thực").fill(codes[0])
    wide_page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect_mark(wide_page, "1.1", "saved")
    assert number(report, "1.1") == 13


@pytest.mark.parametrize(("press", "kept"), [("Giữ «7»", 7), ("Ghi «6»", 6)])
def test_the_later_of_two_chooses(
    wide_page: Page, report: Submission, hoa: User, press: str, kept: int
) -> None:
    lan = person("lan", "Phạm Thị Lan", (Role.CLERK, report.agency))
    open_sheet(wide_page, report, hoa)
    typed(report, {"1.1": "7"}, by=lan)
    box(wide_page, "1.1").fill("6")
    wide_page.keyboard.press("Enter")
    expect_mark(wide_page, "1.1", "contested")
    expect(wide_page.get_by_role("alert")).to_contain_text("Phạm Thị Lan đã ghi «7» ở ô này lúc")
    wide_page.get_by_role("button", name=press).click()
    expect_mark(wide_page, "1.1", "saved")
    expect(box(wide_page, "1.1")).to_have_value(str(kept))
    assert number(report, "1.1") == kept
    assert is_alone(wide_page)


def test_what_another_saved_appears_with_the_next_answer(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    lan = person("lan", "Phạm Thị Lan", (Role.CLERK, report.agency))
    open_sheet(wide_page, report, hoa)
    typed(report, {PLAN: "27"}, by=lan)
    box(wide_page, "1.1").fill("13")
    wide_page.keyboard.press("Enter")
    expect(box(wide_page, PLAN)).to_have_value("27")


def test_a_report_that_was_sent_meanwhile_says_so_and_keeps_what_was_typed(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    typed(report, {PLAN: "27"})
    open_sheet(wide_page, stored(report), hoa)
    moved(report, "submit", by=hoa)
    box(wide_page, "1.1").fill("13")
    wide_page.keyboard.press("Enter")
    expect(wide_page.get_by_role("alert")).to_contain_text("Hãy rút báo cáo về rồi sửa.")
    wide_page.on("dialog", lambda dialog: dialog.accept())
    wide_page.goto(f"/bao-cao/{report.pk}/")
    expect(wide_page.get_by_text("1 ô gõ trên máy này chưa được gửi")).to_be_visible()
    wide_page.get_by_role("button", name="Đã xem, bỏ các ô này").click()
    assert is_alone(wide_page)


def paste(page: Page, text: str) -> None:
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def test_a_pasted_column_is_shown_before_it_is_taken(
    page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(page, report, hoa)
    box(page, PLAN).focus()
    paste(page, "27\r\n8\r\n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dán")
    assert not Figure.objects.filter(submission=report).exists()
    page.get_by_role("button", name=re.compile("^Ghi 2 ô")).click()
    page.wait_for_url(f"**/bao-cao/{report.pk}/#r-{PLAN}")
    expect(box(page, PLAN)).to_have_value("27")
    assert (number(report, PLAN), number(report, DONE)) == (27, 8)
    assert set(FigureChange.objects.values_list("via", flat=True)) == {"paste"}


def test_one_pasted_figure_goes_into_its_box(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(wide_page, report, hoa)
    box(wide_page, PLAN).focus()
    paste(wide_page, "5.356\r\n")
    wide_page.keyboard.press("Enter")
    expect_mark(wide_page, PLAN, "saved")
    assert number(report, PLAN) == 5356


def test_a_run_of_cells_and_the_whole_sheet_are_copied(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    typed(report, {PLAN: "5356", DONE: "8"})
    open_sheet(wide_page, stored(report), hoa)
    box(wide_page, PLAN).focus()
    wide_page.keyboard.press("Shift+ArrowDown")
    wide_page.keyboard.press("Control+C")
    read = "navigator.clipboard.readText()"
    assert wide_page.evaluate(read) == "5.356\r\n8"
    wide_page.get_by_role("button", name="Chép cả bảng để dán vào Excel").click()
    expect(wide_page.get_by_role("button", name="Đã chép 207 dòng")).to_be_visible()
    lines = wide_page.evaluate(read).split("\r\n")
    assert "\t- Số nhiệm vụ đề ra trong kế hoạch\tNhiệm vụ\t5.356" in lines
    assert len(lines) == 207


def test_only_what_is_still_blank_is_shown(page: Page, report: Submission, hoa: User) -> None:
    typed(report, {PLAN: "27"})
    open_sheet(page, stored(report), hoa)
    page.get_by_role("link", name="Còn trống").click()
    expect(box(page, PLAN)).not_to_be_visible()
    expect(box(page, DONE)).to_be_visible()
    expect(page.get_by_text("1.3.", exact=True).first).to_be_visible()
    page.get_by_role("link", name="Tất cả").click()
    expect(box(page, PLAN)).to_be_visible()


def test_the_page_of_a_row_opens_beside_the_sheet(
    page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(page, report, hoa)
    box(page, PLAN).fill("7")
    page.keyboard.press("F2")
    drawer = page.locator("#ngan")
    expect(drawer.get_by_role("heading", name="Dòng chi tiết")).to_be_visible()
    expect(drawer).to_contain_text("trống → 7")
    drawer.get_by_label("Nội dung dòng chi tiết 1").fill("Quý I")
    drawer.get_by_label("Số dòng chi tiết 1").fill("9")
    drawer.get_by_label("Điền tổng vào ô số").check()
    drawer.get_by_role("button", name=re.compile("^Lưu")).first.click()
    expect(box(page, PLAN)).to_have_value("9")
    page.keyboard.press("Escape")
    expect(drawer).not_to_be_visible()
    expect(box(page, PLAN)).to_be_focused()
    assert number(report, PLAN) == 9


def test_nothing_behind_the_page_of_a_row_is_reached_where_it_covers_the_window(
    page: Page, report: Submission, hoa: User
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_sheet(page, report, hoa)
    box(page, PLAN).focus()
    page.keyboard.press("F2")
    drawer = page.locator("#ngan")
    expect(drawer).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert not page.evaluate("document.querySelector('main form').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(box(page, PLAN)).to_be_focused()


def test_figures_of_the_rounds_before_stand_beside_the_boxes(
    page: Page, open_quarter: Round, report: Submission, hoa: User, hanh: User
) -> None:
    earlier = opened_round(open_quarter.province, "MH-TRUOC", by=hanh, data_to_days_ago=90)
    approved(report_of(earlier, report.agency), {PLAN: "21"})
    open_sheet(page, report, hoa)
    row = page.locator("tr", has=box(page, PLAN))
    expect(row.locator("td.p")).to_have_text("21")
    box(page, PLAN).focus()
    expect(page.locator("#nghe")).to_contain_text("kỳ trước 21")


def test_enter_passes_folded_rows_by(wide_page: Page, report: Submission, hoa: User) -> None:
    open_sheet(wide_page, report, hoa)
    box(wide_page, "1.3.2.b").focus()
    wide_page.keyboard.type("7")
    wide_page.keyboard.press("Enter")  # 1.4 is reported by another department
    expect(box(wide_page, "1.5.a")).to_be_focused()
    wide_page.keyboard.type("8")
    wide_page.keyboard.press("ArrowUp")
    expect(box(wide_page, "1.3.2.b")).to_be_focused()
    expect_mark(wide_page, "1.5.a", "saved")
    assert (number(report, "1.3.2.b"), number(report, "1.5.a")) == (7, 8)


def test_what_is_typed_after_a_click_takes_the_place_of_a_figure(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    typed(report, {"1.1": "29"})
    open_sheet(wide_page, stored(report), hoa)
    box(wide_page, "1.1").click()
    wide_page.keyboard.type("9")
    wide_page.keyboard.press("Enter")
    expect_mark(wide_page, "1.1", "saved")
    assert number(report, "1.1") == 9


def test_an_act_is_taken_back(wide_page: Page, report: Submission, hoa: User) -> None:
    typed(report, {"1.1": "29"})
    open_sheet(wide_page, stored(report), hoa)
    for by_key in (True, False):
        box(wide_page, "1.1").focus()
        wide_page.get_by_role("button", name="Xóa", exact=True).click()
        expect(box(wide_page, "1.1")).to_have_value("")
        if by_key:
            wide_page.keyboard.press("Control+z")
        else:
            wide_page.get_by_role("button", name="Lấy lại", exact=True).click()
        expect(box(wide_page, "1.1")).to_have_value("29")
        expect_mark(wide_page, "1.1", "saved")
    assert number(report, "1.1") == 29


def test_what_one_typed_is_not_sent_as_anothers_who_signs_in_beside(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    lan = person("lan", "Phạm Thị Lan", (Role.CLERK, report.agency))
    open_sheet(wide_page, report, hoa)
    beside = wide_page.context.new_page()
    beside.goto("/bao-cao/")
    beside.get_by_role("button", name="Đăng xuất").click()
    sign_in(beside, lan)
    beside.wait_for_url("**/bao-cao/")
    box(wide_page, "1.1").fill("12")
    wide_page.keyboard.press("Enter")
    expect(wide_page.get_by_role("dialog", name="Phiên làm việc đã hết hạn")).to_be_visible()
    assert not FigureChange.objects.filter(submission=report).exists()


def test_typing_goes_on_although_another_tab_takes_over_its_beginning(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    open_sheet(wide_page, report, hoa)
    box(wide_page, "1.1").click()
    wide_page.keyboard.type("12")
    wide_page.evaluate(
        """() => { for (const [key, text] of Object.entries(localStorage)) {
            if (!key.startsWith("cchc:")) continue;
            const entry = JSON.parse(text);
            localStorage.setItem(key, JSON.stringify({ ...entry, at: entry.at - 20_000 }));
        } }"""
    )
    beside = wide_page.context.new_page()
    # As over plain HTTP, where a page can't tell which others are open.
    beside.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    beside.goto(f"/bao-cao/{report.pk}/")
    expect_mark(beside, "1.1", "saved")
    wide_page.bring_to_front()
    box(wide_page, "1.1").focus()
    wide_page.keyboard.press("End")
    wide_page.keyboard.type("3")
    wide_page.keyboard.press("Enter")
    expect_mark(wide_page, "1.1", "saved")
    assert number(report, "1.1") == 123
    assert is_alone(wide_page)


def test_who_lets_the_others_figure_stand_keeps_ones_own_note(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    lan = person("lan", "Phạm Thị Lan", (Role.CLERK, report.agency))
    open_sheet(wide_page, report, hoa)
    typed(report, {"1.1": "7"}, by=lan)
    wide_page.context.set_offline(True)
    row = wide_page.locator("tr", has=box(wide_page, "1.1"))
    box(wide_page, "1.1").fill("6")
    row.get_by_text("Ghi chú").click()
    row.get_by_label("Ghi chú dòng 1.1").fill("tạm tính")
    box(wide_page, PLAN).focus()
    wide_page.context.set_offline(False)
    wide_page.get_by_role("button", name="Giữ «7»").click()
    expect_mark(wide_page, "1.1", "saved")
    expect(box(wide_page, "1.1")).to_have_value("7")
    found = Figure.objects.get(submission=report)
    assert (found.number, found.note) == (Decimal(7), "tạm tính")


def test_many_long_notes_are_no_lost_network(
    wide_page: Page, report: Submission, hoa: User
) -> None:
    """Browsers keep a posting of at most 64 KiB alive, and count bytes, not letters."""
    open_sheet(wide_page, report, hoa)
    wide_page.context.set_offline(True)
    written = wide_page.evaluate(
        """() => [...document.querySelectorAll("textarea[name^=n]")].slice(0, 28).map((box) => {
            box.value = "Đã xử lý đúng hạn. ".repeat(100);
            for (const name of ["input", "change"])
                box.dispatchEvent(new Event(name, { bubbles: true }));
        }).length"""
    )
    wide_page.context.set_offline(False)
    expect(wide_page.locator("#tinh-trang")).to_contain_text("Đã lưu mọi ô", timeout=20_000)
    assert Figure.objects.filter(submission=report).count() == written == 28
