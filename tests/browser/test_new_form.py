"""A form that no repository knows: from a plain Excel table to the printed appendix, all in the
browser, with no developer."""

from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from indicators.models import FormVersion
from reporting.models import Agency, Figure, Submission, User
from tests.browser.test_whole_path import box, downloaded, send, sign_in, sign_out
from tests.cast import form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# As somebody at the Sở would type it: a title, two rows of headings, sections, bullets, a rate
# with its parts, a choice, a form's own words in the last column.
TABLE = (
    ("Phụ lục 9",),
    ("THỐNG KÊ CHUYỂN ĐỔI SỐ TẠI BỘ PHẬN MỘT CỬA",),
    (),
    ("STT", "Chỉ tiêu thống kê", "Kết quả thống kê", "", "Ghi chú"),
    ("", "", "Đơn vị tính", "Số liệu", ""),
    ("1.", "Chuyển đổi số tại Bộ phận Một cửa", "", "", ""),
    ("1.1.", "Số cán bộ được tập huấn kỹ năng số", "Người", "", ""),
    ("1.2.", "Tỷ lệ hồ sơ giấy đã được số hóa", "%", "", ""),
    ("", "- Tổng số hồ sơ giấy đã tiếp nhận", "Hồ sơ", "", ""),
    ("", "- Số hồ sơ giấy đã được số hóa", "Hồ sơ", "", ""),
    ("1.3.", "Bố trí máy quét tại Bộ phận Một cửa", "Không = 0 Có = 1", "", ""),
    ("2.", "Kinh phí", "", "", ""),
    ("2.1.", "Kinh phí mua sắm trang thiết bị", "Triệu đồng", "", "UBND cấp xã báo cáo"),
)
CODE = "PL9-MH-2026"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in TABLE:
        sheet.append(row)
    for merged in ("A1:E1", "A2:E2", "A4:A5", "B4:B5", "C4:D4", "E4:E5"):
        sheet.merge_cells(merged)
    path = tmp_path / "Phu luc 9.xlsx"
    book.save(path)
    return path


def draw_up(page: Page, manager: User, table: Path) -> None:
    """Upload the table as a new form, look at what was proposed, accept it and publish."""
    sign_in(page, manager)
    page.get_by_role("link", name="Danh mục", exact=True).click()
    page.get_by_role("link", name="Lập biểu mẫu mới").click()
    for name, text in {
        "code": CODE,
        "form": "PL9-MH",
        "form_name": "Phụ lục 9 – Chuyển đổi số tại Bộ phận Một cửa",
        "edition": "2026",
        "valid_from": "01/01/2026",
        "appendix_label": "Phụ lục 9",
        "title": "THỐNG KÊ CHUYỂN ĐỔI SỐ {PERIOD} CỦA {AGENCY}",
    }.items():
        page.locator(f"#id_{name}").fill(text)
    page.get_by_label("Tệp Excel, Word hoặc CSV").set_input_files(table)
    page.get_by_role("button", name="Lập bản thảo").click()
    expect(page.get_by_text(f"Đã lập bản thảo {CODE} với 8 dòng.")).to_be_visible()
    expect(page.get_by_role("heading", name="Đề xuất chờ xem")).to_be_visible()
    expect(page.locator("[id='r-1.2']")).to_contain_text("[1.2.b] ÷ [1.2.a] × 100")
    page.get_by_role("button", name="Nhận tất cả").click()
    expect(page.get_by_role("heading", name="Đề xuất chờ xem")).to_have_count(0)


def edit_in_place(page: Page) -> None:
    """Open one row, change its words, move it up and down again."""
    page.get_by_role("link", name="Số cán bộ được tập huấn kỹ năng số").click()
    page.get_by_label("Chỉ tiêu", exact=True).fill("Số cán bộ, công chức được tập huấn kỹ năng số")
    page.get_by_role("button", name="↓ Xuống").click()
    expect(page.get_by_label("Chỉ tiêu", exact=True)).to_have_value(
        "Số cán bộ, công chức được tập huấn kỹ năng số"
    )
    page.get_by_role("button", name="↑ Lên").click()
    page.get_by_role("button", name="Lưu dòng").last.click()
    expect(page.get_by_text("✓ Đã lưu")).to_be_visible()
    expect(page.get_by_role("link", name="Số cán bộ, công chức được tập huấn")).to_be_visible()


def try_out(page: Page) -> None:
    page.get_by_role("link", name="Nhập thử", exact=True).click()
    box(page, "1.2.a").fill("40")
    box(page, "1.2.b").fill("30")
    page.get_by_role("button", name="Thử", exact=True).click()
    expect(page.locator("[id='r-1.2']")).to_contain_text("75")
    page.go_back()
    page.get_by_role("navigation", name="Đường dẫn").get_by_role("link", name=CODE).click()


def publish(page: Page) -> None:
    page.get_by_role("link", name="Công bố…").click()
    page.get_by_label("Ghi chú").fill("Ban hành theo Công văn số 12/SNV-CCHC.")
    page.get_by_role("button", name="Công bố").click()
    expect(page.get_by_text(f"Đã công bố {CODE}.")).to_be_visible()
    assert form(CODE).status == "published"


def open_a_round(page: Page, operator: User, province: Agency) -> None:
    """Enter a round with the new form for the communes, on the administration's pages."""
    today = timezone.localdate()
    sign_in(page, operator)
    page.goto("/quan-tri/reporting/round/add/")
    page.locator("#id_province").select_option(label=province.name)
    page.locator("#id_code").fill("MH-SO")
    page.locator("#id_name").fill("Chuyển đổi số năm nay")
    page.locator("#id_period_kind").select_option("nam")
    page.locator("#id_period_text").fill("năm nay")
    for name in ("data_from", "data_to", "opens_on", "due_on", "closes_on"):
        page.locator(f"#id_{name}").fill(f"{today:%d/%m/%Y}")
    version = str(form(CODE).pk)
    page.locator("#id_summary_version").select_option(version)
    page.locator("#id_forms-0-agency_kind").select_option("xa")
    page.locator("#id_forms-0-form_version").select_option(version)
    page.locator("input[name=_save]").click()
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").select_option("open_rounds")
    page.locator("button[name=index]").click()
    expect(page.get_by_text("đã tạo 1 báo cáo")).to_be_visible()
    page.context.clear_cookies()


def test_a_form_of_ones_own_goes_from_a_plain_table_to_the_printed_appendix(
    page: Page,
    table: Path,
    minh_hoa: Agency,
    xa_minh_an: Agency,
    mai: User,
    quantri: User,
    thu: User,
    hanh: User,
) -> None:
    draw_up(page, mai, table)
    edit_in_place(page)
    try_out(page)
    publish(page)
    sign_out(page)
    open_a_round(page, quantri, minh_hoa)

    sign_in(page, thu)
    page.get_by_role("link", name="Chuyển đổi số năm nay").first.click()
    for key, text in {"1.1": "12", "1.2.a": "5.356", "1.2.b": "4.017", "2.1": "250,5"}.items():
        box(page, key).fill(text)
    box(page, "1.3").select_option("1")
    send(page)
    sign_out(page)

    sign_in(page, hanh)
    page.get_by_role("link", name="Chuyển đổi số năm nay").first.click()
    page.get_by_role("link", name=xa_minh_an.name).first.click()
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.get_by_text("Đã duyệt báo cáo")).to_be_visible()

    report = Submission.objects.get(round__code="MH-SO")
    assert report.form_version == FormVersion.objects.get(code=CODE)
    assert Figure.objects.filter(submission=report).count() == 5
    page.goto(f"/bao-cao/{report.pk}/")
    book = CalamineWorkbook.from_filelike(BytesIO(downloaded(page, "Excel")))
    printed = [row[:4] for row in book.get_sheet_by_index(0).to_python()]
    assert ["1.2.", "Tỷ lệ hồ sơ giấy đã được số hóa", "%", 75.0] in printed
    assert ["2.1.", "Kinh phí mua sắm trang thiết bị", "Triệu đồng", 250.5] in printed
    pages = PdfReader(BytesIO(downloaded(page, "PDF"))).pages
    text = "".join(found.extract_text() for found in pages)
    assert "Số cán bộ, công chức được tập huấn kỹ năng số" in " ".join(text.split())
    assert "5.356" in text
