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


def make_a_slip(page: Page) -> None:
    fill_in(page)
    page.locator("[id='r-1.1']").fill("mười ba")
    page.locator("[id='r-1.2.a']").fill("5,356")
    page.locator("button[name=save]").click()


def hand_in(page: Page) -> None:
    fill_in(page)
    page.locator("button[name=submit]").click()


def current_round(page: Page) -> None:
    page.locator("main a[href^='/dot/MH-']").first.click()


def one_of_the_sent(page: Page) -> None:
    current_round(page)
    page.goto(f"{page.url.split('?')[0]}?trang-thai=submitted")
    page.locator("main a[href^='/bao-cao/']").first.click()


def its_record(page: Page) -> None:
    one_of_the_sent(page)
    page.get_by_role("link", name="Nhật ký thay đổi").click()


def province_table(page: Page) -> None:
    current_round(page)
    page.goto(f"{page.url.split('?')[0]}tong-hop/")


def behind_a_total(page: Page) -> None:
    province_table(page)
    page.locator("a[href*='dong=1.1']").first.click()


PICTURES: tuple[tuple[str, str, Callable[[Page], None]], ...] = (
    ("dang-nhap", "", stay),
    ("bao-cao-cua-toi", "xa001", stay),
    ("bieu-nhap-so-lieu", "congthuong", fill_in),
    ("o-chua-luu", "congthuong", make_a_slip),
    ("gui-bao-cao", "congthuong", hand_in),
    ("cac-dot", "sonoivu", stay),
    ("ban-lam-viec", "sonoivu", current_round),
    ("xem-xet", "sonoivu", one_of_the_sent),
    ("nhat-ky", "sonoivu", its_record),
    ("bang-tong-hop", "lanhdao", province_table),
    ("phia-sau-mot-so", "lanhdao", behind_a_total),
)

if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
