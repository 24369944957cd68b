"""A real browser before a real server: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

# Playwright's synchronous interface runs an event loop in this thread, which makes Django
# refuse the database from it; nothing here is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        message = "No Chromium on this machine: .ci/packages test installs it where there is one"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


SIZES = {"1440": (1440, 900), "390": (390, 844)}


@pytest.fixture(params=[*SIZES.values()], ids=[*SIZES])
def page(
    request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer
) -> Iterator[Page]:
    """A page at each width; a complaint of the browser (a blocked script or style, say) fails."""
    yield from opened(chromium, live_server, request.param)


@pytest.fixture
def wide_page(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page on an office screen, for what does not depend on its width."""
    yield from opened(chromium, live_server, SIZES["1440"])


@pytest.fixture(params=[*SIZES.values()], ids=[*SIZES])
def plain_page(
    request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer
) -> Iterator[Page]:
    """A page at each width in a browser that runs no scripts."""
    yield from opened(chromium, live_server, request.param, scripts=False)


def opened(
    chromium: Browser, live_server: LiveServer, size: tuple[int, int], *, scripts: bool = True
) -> Iterator[Page]:
    width, height = size
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        base_url=live_server.url,
        locale="vi-VN",
        accept_downloads=True,
        java_script_enabled=scripts,
        permissions=["clipboard-read", "clipboard-write"],
    )
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # The browser reports each refused posting (409, 422) as a failed resource: expected here.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    context.on("console", note)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert complaints == []
