"""Draw the user guide's pictures anew: ``make pictures``.

    python -m tests.pictures [FOLDER]

Fills a throwaway database with the example data, serves it on loopback, and photographs the pages
of the guide at 1440 and 390 pixels with Debian's Chromium.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "minh-hoa-cchc"
WIDTHS = {"": (1440, 900), "-dien-thoai": (390, 844)}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with (
        tempfile.TemporaryDirectory() as directory,
        served(Path(directory)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        for suffix, size in WIDTHS.items():
            for name, person, walk in PICTURES:
                page = opened(browser, address, person, size)
                walk(page)
                page.screenshot(path=folder / f"{name}{suffix}.png")
                page.context.close()
        browser.close()


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """Serve the example data on a free port for as long as the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{directory / 'guide.sqlite3'}",
        "MEDIA_ROOT": str(directory / "media"),
        "SECRET_KEY": "pictures-only",
        "DEBUG": "on",
    }
    manage = [sys.executable, str(ROOT / "manage.py")]
    for command in (["migrate", "-v0"], ["load_catalogue"], ["load_demo"]):
        subprocess.run(manage + command, env=environment, check=True, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    with (directory / "log").open("w") as log:
        server = subprocess.Popen(
            [*manage, "runserver", "--noreload", f"127.0.0.1:{port}"],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    for _ in range(100):
        try:
            with urlopen(f"{address}/dang-nhap/"):  # noqa: S310 - our own server
                return
        except URLError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


def opened(browser: Browser, address: str, person: str, size: tuple[int, int]) -> Page:
    """Return a page of ``person``, signed in, or of nobody."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=address, locale="vi-VN"
    )
    page = context.new_page()
    page.goto("/dang-nhap/")
    if person:
        page.get_by_label("Tên đăng nhập").fill(person)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_load_state()
    return page


def stay(page: Page) -> None:
    page.wait_for_load_state()


def fill_in(page: Page) -> None:
    page.locator("main a[href^='/bao-cao/']").first.click()
    page.locator("html.js").wait_for()


def type_some(page: Page) -> None:
    fill_in(page)
    for key, text in {"1.1": "13", "1.2.a": "40"}.items():
        box = page.locator(f"[id='r-{key}']")
        box.fill(text)
        box.press("Enter")
    # The second size finds what the first has left.
    page.keyboard.type("37" if page.locator("[id='r-1.2.b']").input_value() == "38" else "38")
    page.get_by_text("Hiểu là:").wait_for()


def make_a_slip(page: Page) -> None:
    fill_in(page)
    box = page.locator("[id='r-1.2.a']")
    box.fill("5,356")
    box.press("Enter")
    page.get_by_text("1 ô chưa nhận").wait_for()
    box.focus()


def open_a_row(page: Page) -> None:
    fill_in(page)
    page.locator("[id='r-1.2.a']").focus()
    page.keyboard.press("F2")
    page.get_by_role("heading", name="Dòng chi tiết").wait_for()


DIRECTED = "Số văn bản chỉ đạo CCHC đã ban hành (Kế hoạch, công văn chỉ đạo, quán triệt)"
PASTED = f"""1.1\t{DIRECTED}\tVăn bản\t15
\t- Số nhiệm vụ đề ra trong kế hoạch\tNhiệm vụ\t42
\t- Số nhiệm vụ đã hoàn thành\tNhiệm vụ\tbốn mươi
\t- Số việc không có trong biểu\tViệc\t3
"""


def paste_a_block(page: Page) -> None:
    fill_in(page)
    page.get_by_role("link", name="Dán từ Excel, Word").click()
    page.locator("textarea[name=text]").fill(PASTED)
    page.get_by_role("button", name="Xem trước").click()


def fill_from_before(page: Page) -> None:
    fill_in(page)
    page.get_by_role("link", name="Lấy lại số kỳ trước").click()


def attach(page: Page) -> None:
    fill_in(page)
    page.get_by_role("link", name="Tài liệu kèm theo").click()
    if page.get_by_text("Chưa có tệp nào").count():
        picture = ROOT / "docs" / "images" / "dang-nhap.png"
        name = "Ảnh chụp trang một cửa tháng 3.png"
        page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "image/png", "buffer": picture.read_bytes()}
        )
        page.get_by_role("button", name="Tải lên").click()


def hand_in(page: Page) -> None:
    fill_in(page)
    page.locator("button[name=submit]").click()


def findings(page: Page) -> None:
    fill_in(page)
    page.get_by_role("link", name="Kết quả kiểm tra").click()


def rule_book(page: Page) -> None:
    page.goto("/bieu-mau/PL2-KH-2022/quy-tac-kiem-tra/")


def edit_rules(page: Page) -> None:
    the_draft(page)
    page.goto(page.url.split("?")[0].replace("/sua/", "/quy-tac/"))


def try_rules(page: Page) -> None:
    page.goto("/bieu-mau/PL2-KH-2022/quy-tac/thu/")


def current_round(page: Page) -> None:
    page.goto("/dot/")
    page.locator("main a[href^='/dot/MH-']").first.click()


def one_of_the_sent(page: Page) -> None:
    current_round(page)
    page.goto(f"{page.url.split('?')[0]}?trang-thai=submitted")
    page.locator("main a[href^='/bao-cao/']").first.click()


def to_be_signed(page: Page) -> None:
    page.locator("main a[href^='/bao-cao/']").first.click()
    page.get_by_role("link", name="Ký và gửi").wait_for()


def a_receipt(page: Page) -> None:
    one_of_the_sent(page)
    page.get_by_role("link", name="Giấy biên nhận lần gửi").click()


def at(address: str) -> Callable[[Page], None]:
    """Return a walk that leads straight to a page."""

    def walk(page: Page) -> None:
        page.goto(address)

    return walk


def its_record(page: Page) -> None:
    one_of_the_sent(page)
    page.get_by_role("link", name="Nhật ký thay đổi").click()


def province_table(page: Page) -> None:
    current_round(page)
    page.goto(f"{page.url.split('?')[0]}tong-hop/")


def behind_a_total(page: Page) -> None:
    province_table(page)
    page.locator("a[href*='dong=1.1']").first.click()


def differences(page: Page) -> None:
    current_round(page)
    page.goto(f"{page.url.split('?')[0]}doi-chieu/")


def a_publication(page: Page) -> None:
    page.goto("/dot/")
    page.locator("main th a[href^='/dot/MH-']").nth(1).click()
    page.goto(f"{page.url.split('?')[0]}cong-bo/")
    page.locator("main th a[href*='/cong-bo/']").first.click()


def verified(page: Page) -> None:
    """Look up the code that a published table bears."""
    a_publication(page)
    table = page.request.get(f"{page.url.split('?')[0]}phu-luc.csv").text()
    page.goto(f"/kiem-chung/{table.strip().splitlines()[-1].split(',')[1]}/")


def books(page: Page) -> None:
    """Ask for the two books that people ask for most; nobody makes them here."""
    page.goto("/dot/")
    page.locator("main th a[href^='/dot/MH-']").nth(1).click()
    page.goto(f"{page.url.split('?')[0]}quyen/")
    for kind in ("zip-xlsx", "quyen"):
        page.locator("#dang").select_option(kind)
        page.get_by_role("button", name="Làm quyển").click()
        page.wait_for_load_state()


def all_figures(page: Page) -> None:
    current_round(page)
    page.goto(f"{page.url.split('?')[0]}bang-so/?phan=1#bang")


def ranked(page: Page) -> None:
    current_round(page)
    page.goto(f"{page.url.split('?')[0]}xep-hang/?dong=1.2&loai=so")


def the_draft(page: Page) -> None:
    page.goto("/bieu-mau/")
    page.get_by_role("link", name="PL2-MH-", exact=False).first.click()
    if "/sua/" not in page.url:
        page.goto(f"{page.url}sua/")


def edit_a_row(page: Page) -> None:
    the_draft(page)
    page.goto(f"{page.url.split('?')[0]}?sua=1.3.2#r-1.3.2")


PRINTED = """STT\tChỉ tiêu thống kê\tĐơn vị tính\tGhi chú
1.\tChuyển đổi số tại Bộ phận Một cửa\t\t
1.1.\tSố cán bộ được tập huấn kỹ năng số\tNgười\t
1.2.\tTỷ lệ hồ sơ giấy đã được số hóa\t%\t
\t- Tổng số hồ sơ giấy đã tiếp nhận\tHồ sơ\t
\t- Số hồ sơ giấy đã được số hóa\tHồ sơ\t
1.3.\tBố trí máy quét tại Bộ phận Một cửa\tKhông = 0 Có = 1\tUBND cấp xã báo cáo
"""


def proposals(page: Page) -> None:
    """Begin a draft from a pasted table; the second size finds it begun."""
    answer = page.goto("/bieu-mau/PL9-MH-2027/sua/")
    if answer is not None and answer.status == HTTPStatus.NOT_FOUND:
        page.goto("/bieu-mau/moi/")
        for name, text in {
            "code": "PL9-MH-2027",
            "form": "PL9-MH",
            "form_name": "Phụ lục 9 – Chuyển đổi số tại Bộ phận Một cửa",
            "edition": "2027",
            "valid_from": "01/01/2027",
            "title": "CHUYỂN ĐỔI SỐ {PERIOD} CỦA {AGENCY}",
        }.items():
            page.locator(f"#id_{name}").fill(text)
        page.get_by_label("Hoặc dán bảng chép từ Word, Excel").fill(PRINTED)
        page.get_by_role("button", name="Lập bản thảo").click()
    page.goto("/bieu-mau/PL9-MH-2027/sua/")


def preview(page: Page) -> None:
    proposals(page)
    page.goto("/bieu-mau/PL9-MH-2027/nap/")
    changed = PRINTED.replace("số hóa\t%", "số hóa và ký số\t%").replace("Người", "Lượt người")
    page.get_by_label("Hoặc dán bảng chép từ Word, Excel").fill(changed)
    page.get_by_role("button", name="Đọc tệp và xem trước").click()


def compared(page: Page) -> None:
    page.goto("/bieu-mau/so-sanh/?cu=PL2-KH-2021&moi=PL2-KH-2022")


def an_indicator(page: Page) -> None:
    page.goto("/chi-tieu/chi_dao.ke_hoach.ty_le_hoan_thanh/")


def searched(page: Page) -> None:
    page.goto("/chi-tieu/?tim=ho+so+dung+han")


def catalogue(page: Page) -> None:
    page.goto("/bieu-mau/")


PICTURES: tuple[tuple[str, str, Callable[[Page], None]], ...] = (
    ("dang-nhap", "", stay),
    ("bao-cao-cua-toi", "xa001", stay),
    ("bieu-nhap-so-lieu", "congthuong", type_some),
    ("o-chua-luu", "congthuong", make_a_slip),
    ("chi-tiet-dong", "congthuong", open_a_row),
    ("dan-khoi", "congthuong", paste_a_block),
    ("lay-lai-ky-truoc", "congthuong", fill_from_before),
    ("tai-lieu-kem-theo", "congthuong", attach),
    ("kiem-tra", "congthuong", findings),
    ("gui-bao-cao", "congthuong", hand_in),
    ("trinh-ky", "giamdocyte", to_be_signed),
    ("phieu-nhan", "sonoivu", a_receipt),
    ("cac-dot", "sonoivu", stay),
    ("lich-nam", "sonoivu", at("/dot/lich/")),
    ("tong-quan", "lanhdao", at("/tong-quan/")),
    ("dien-bien", "lanhdao", at("/dien-bien/?chi-tieu=tthc.dung_han.cap_xa.ty_le")),
    ("tien-do", "lanhdao", at("/tien-do/")),
    ("don-vi", "sonoivu", at("/don-vi/")),
    ("nguoi-dung", "sonoivu", at("/nguoi-dung/")),
    ("ai-lam-gi", "sonoivu", at("/nguoi-dung/ai-lam-gi/")),
    ("nhat-ky-tinh", "sonoivu", at("/nhat-ky/")),
    ("thong-bao", "xa001", at("/thong-bao/")),
    ("ban-lam-viec", "sonoivu", current_round),
    ("xem-xet", "sonoivu", one_of_the_sent),
    ("nhat-ky", "sonoivu", its_record),
    ("bang-tong-hop", "lanhdao", province_table),
    ("phia-sau-mot-so", "lanhdao", behind_a_total),
    ("doi-chieu", "sonoivu", differences),
    ("ban-cong-bo", "lanhdao", a_publication),
    ("quyen-phu-luc", "sonoivu", books),
    ("kiem-chung", "lanhdao", verified),
    ("bang-so", "lanhdao", all_figures),
    ("xep-hang", "lanhdao", ranked),
    ("danh-muc", "danhmuc", catalogue),
    ("so-quy-tac", "danhmuc", rule_book),
    ("sua-quy-tac", "danhmuc", edit_rules),
    ("thu-quy-tac", "danhmuc", try_rules),
    ("sua-dong", "danhmuc", edit_a_row),
    ("ban-thao", "danhmuc", proposals),
    ("xem-truoc-tep", "danhmuc", preview),
    ("so-sanh", "danhmuc", compared),
    ("chi-tieu", "congthuong", an_indicator),
    ("tra-chi-tieu", "congthuong", searched),
)

if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
