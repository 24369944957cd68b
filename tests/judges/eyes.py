"""One page in Chromium: what axe-core says of it, and what a person would see or not reach."""

import atexit
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    sync_playwright,
)
from playwright.sync_api import Error as BrowserError

from tests.judges.pages import NARROW, PAGES, WIDE, Seen

HERE = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# WCAG 2.2 A and AA with the best practices; the size of targets axe judges only when asked.
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# As tall as the longest page, on which nothing that keeps to the window's edge lies on anything.
TALLEST = 60_000


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found on one page; the page as it was sent and as it was drawn; where it leads."""

    name: str
    by: str
    faults: Sequence[str]
    html: Sequence[str] = ()
    links: Sequence[str] = ()


class Eyes:
    """A browser in which each page is looked at by whom it is for."""

    def __init__(
        self,
        address: str,
        names: Mapping[str, object],
        sessions: Mapping[str, str],
        has_keys: bool,
    ) -> None:
        self.address, self.names, self.sessions = address, names, sessions
        self.has_keys = has_keys
        self.axe = (HERE / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
        self.eyes = (HERE / "eyes.js").read_text(encoding="utf-8")
        playwright = sync_playwright().start()
        self.browser: Browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        atexit.register(playwright.stop)

    def judge(self, seen: Seen) -> Judged:
        """Look at a page at both widths; a walk that does not lead there is a fault as well."""
        context = self._context(seen.by)
        try:
            return self._look(context, seen)
        except (BrowserError, LookupError) as error:
            return Judged(seen.name, seen.by, [f"not seen: {error}"])
        finally:
            context.close()

    def _context(self, person: str) -> BrowserContext:
        width, height = WIDE
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, base_url=self.address, locale="vi-VN"
        )
        if person:
            context.add_cookies(
                [{"name": "sessionid", "value": self.sessions[person], "url": self.address}]
            )
        return context

    def _look(self, context: BrowserContext, seen: Seen) -> Judged:
        page = context.new_page()
        faults: list[str] = []
        answers: list[Response] = []
        page.on("console", lambda message: faults.extend(_complaint(message)))
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("response", lambda response: answers.extend(_page(response)))
        page.goto(seen.address.format_map(self.names))
        seen.walk(page)
        page.wait_for_load_state()
        if answers[-1].status != seen.status:
            faults.append(f"answered {answers[-1].status} where {seen.status} was expected")
        html = [answers[-1].text(), page.content()]
        page.evaluate(self.axe)
        page.evaluate(self.eyes)
        faults += self._judged_at(page, *WIDE)
        page.evaluate("eyes.unfold()")
        faults += self._judged_at(page, *NARROW)
        width, height = seen.keys_at
        page.set_viewport_size({"width": width, "height": height})
        if self.has_keys:
            faults += [f"keyboard: {one}" for one in self._walked_by_keyboard(page)]
        return Judged(seen.name, seen.by, faults, html, page.evaluate("eyes.links()"))

    def _judged_at(self, page: Page, width: int, height: int) -> list[str]:
        page.set_viewport_size({"width": width, "height": height})
        found = [f"at {width}: {one}" for one in page.evaluate("eyes.look()")]
        whole = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": min(max(whole, height), TALLEST)})
        judged = page.evaluate("rules => axe.run(document, rules)", RULES)
        for one in judged["violations"]:
            places = [str(node["target"]) for node in one["nodes"]]
            why = one["nodes"][0]["failureSummary"].splitlines()[-1].strip()
            found.append(f"axe at {width}: {one['id']} at {len(places)}, {places[0]}: {why}")
        return found

    def _walked_by_keyboard(self, page: Page) -> list[str]:
        """Press Tab until each control has had its turn."""
        awaited = page.evaluate("eyes.begin()")
        # Once around the page, and as often again as what scrolls inside it takes turns too; where
        # the keyboard begins is where the page's own focus was.
        for _ in range(4):
            for _ in range(awaited + 2):
                page.keyboard.press("Tab")
            if not page.evaluate("eyes.left()"):
                break
        found: list[str] = page.evaluate("eyes.end()")
        return found


_eyes: Eyes


def open_eyes(
    address: str,
    names: Mapping[str, object],
    sessions: Mapping[str, str],
    has_keys: bool,
) -> None:
    global _eyes  # noqa: PLW0603 - one browser for all pages that this process looks at
    _eyes = Eyes(address, names, sessions, has_keys)


def look(number: int) -> Judged:
    return _eyes.judge(PAGES[number])


def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("No Chromium on this machine: .ci/packages judges installs it.")
    return path


def _complaint(message: ConsoleMessage) -> list[str]:
    # A page that answers 404 or 422 is reported as a failed resource: each says which it expects.
    is_answer = "Failed to load resource" in message.text
    is_complaint = message.type in {"error", "warning"} and not is_answer
    return [f"console: {message.text}"] if is_complaint else []


def _page(response: Response) -> list[Response]:
    is_page = response.request.is_navigation_request() and not 300 <= response.status < 400
    return [response] if is_page else []
