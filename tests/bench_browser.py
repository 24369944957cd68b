"""The browser's part of the budgets: how long typing into a very long form holds the page up."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bench_forms import large_form, report_on
from tests.budgets import Budget
from tests.served import Portal

ROWS = 1000
RUNS = 7
SLOWER = 4
MICROSECONDS = 1000  # of a trace in a ms
CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]


def in_the_browser() -> list[Budget]:
    """Typing into the last row of a form of 1,000: no task of the page's own thread may be one
    that a person notices (50 ms). Its processor time counts, as everywhere here; the wall time
    and that of a processor so much slower are told beside it."""
    submission, clerk = report_on(large_form(ROWS, "DO-DAC-DAI"), "X")
    client = Client()
    client.force_login(clerk)  # before Playwright, in whose loop Django refuses its database
    session, path = client.cookies["sessionid"].value, f"/bao-cao/{submission.pk}/"
    with tempfile.TemporaryDirectory(prefix="cchc-browser-") as directory:
        portal = Portal(Path(directory), os.environ["DATABASE_URL"])
        portal.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
                    args=["--no-sandbox", "--disable-gpu"],
                )
                with opened(browser, portal.address, path, session) as page:
                    busy, taken = longest_task(browser, page, 1000)
                    tools = page.context.new_cdp_session(page)
                    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
                    _, slow = longest_task(browser, page, 2000)
                browser.close()
        finally:
            portal.stop()
    name = f"typing into {ROWS} rows, longest task of {RUNS} runs"
    return [
        Budget(name, busy, "ms", most=50),
        Budget("  the same by the clock", taken, "ms"),
        Budget(f"  by the clock, processor {SLOWER} times slower", slow, "ms"),
    ]


@contextmanager
def opened(browser: Browser, address: str, path: str, session: str) -> Iterator[Page]:
    """Open a report in a browser that is signed in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    page.goto(f"{address}{path}")
    page.locator("html.js").wait_for()
    yield page
    context.close()


def longest_task(browser: Browser, page: Page, first: int) -> tuple[float, float]:
    """Type into the last row several times, as people do: letters, a pause in which the portal
    reads them, the next box; return the longest task by processor and by clock, in ms."""
    box = page.locator(f'[id="r-{ROWS}"]')
    box.focus()
    page.wait_for_timeout(2000)  # opening, and going down forty screens, is not typing
    busy, taken = 0.0, 0.0
    for number in range(first, first + RUNS):
        browser.start_tracing(page=page, categories=CATEGORIES)
        box.focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(str(number), delay=60)
        page.wait_for_timeout(600)
        page.keyboard.press("Shift+Enter")
        expect(page.locator("#tinh-trang")).to_contain_text("Đã lưu mọi ô", timeout=90_000)
        page.wait_for_timeout(300)
        for task in tasks(browser.stop_tracing()):
            busy, taken = max(busy, task.get("tdur", 0)), max(taken, task["dur"])
    return busy / MICROSECONDS, taken / MICROSECONDS


def tasks(trace: bytes) -> list[dict[str, float]]:
    """Return the tasks of the main threads of pages."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return [
        event
        for event in events
        if event.get("ph") == "X"
        and "RunTask" in event["name"]
        and (event["pid"], event["tid"]) in mains
    ]
