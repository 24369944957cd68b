"""Type into a portal that breaks down again and again, and look for what was lost: ``make soak``.

    python -m tests.resilience [CELLS [SEED]]

One clerk fills in one report in Debian's Chromium while gunicorn is killed, the network goes, the
tab is closed or reloaded, the session ends, a second tab types too and answers are lost on the way:
each at a random moment in the middle of a word. In the end every cell must hold what was typed into
it last. Prints the counts; exits with 1 when anything was lost. The portal runs on a database of
its own that is removed at the end; what is compared is read from there, not through the portal.
"""

import json
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from playwright.sync_api import Browser, Dialog, Error, Page, Route, sync_playwright

from tests.served import Portal

CELLS = 1000
FAULT_EVERY = 6  # cells
PATIENCE = 45  # seconds: the page waits up to 30 before it tries again
SILENT = {"kps": "nil", "không phát sinh": "nil", "không thuộc phạm vi": "out_of_scope"}
SAVED = "Đã lưu mọi ô"
THOUSANDS = re.compile(r"\.(?=[0-9]{3}(?![0-9]))")

Place = tuple[str, str]  # a row's key, and "figure" or "note"


def main(cells: int, seed: int) -> int:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with (
        tempfile.TemporaryDirectory(prefix="cchc-soak-") as directory,
        one_clerks_portal(Path(directory)) as (portal, clerk),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        outcome = survived(browser, portal, clerk, cells=cells, seed=seed)
        browser.close()
    print(outcome.told())
    return 0 if outcome.is_whole else 1


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who types where: the account, the report's address, and the kind of each box by its row."""

    username: str
    password: str
    address: str
    kinds: Mapping[str, str]


@contextmanager
def one_clerks_portal(directory: Path) -> Iterator[tuple[Portal, Clerk]]:
    """Serve an empty report of one clerk for as long as the block lasts."""
    portal = Portal(directory, f"sqlite:///{directory}/portal.sqlite3")
    portal.prepare()
    clerk = Clerk(**json.loads(portal.run("-m", "tests.one_clerk")))
    portal.start()
    try:
        yield portal, clerk
    finally:
        portal.kill()


@dataclass
class Outcome:
    """What became of everything typed. ``strange`` is what a person would have stumbled over."""

    typed: int
    faults: Counter[str]
    cells: int = 0
    acknowledged: int = 0
    queued: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not (self.queued or self.lost or self.strange)

    def told(self) -> str:
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.faults.items()))
        lines = [
            f"{self.typed} texts typed into {self.cells} boxes; {self.faults.total()} faults",
            f"  {faults}",
            f"acknowledged {self.acknowledged}, queued {len(self.queued)}, lost {len(self.lost)}",
        ]
        return "\n".join([*lines, *self.queued, *self.lost, *self.strange])


def survived(
    browser: Browser, portal: Portal, clerk: Clerk, *, cells: int, seed: int, each: bool = False
) -> Outcome:
    """Type ``cells`` texts amid faults, wait until all is well again, and compare. With ``each``
    every kind of fault comes at least once."""
    desk = Desk(browser, portal, clerk, random.Random(seed))
    coming = list(FAULTS) if each else []
    every = max(1, cells // (len(coming) + 1)) if each else FAULT_EVERY
    desk.open(desk.page)
    for number in range(1, cells + 1):
        if number % every == 0:
            desk.fault = coming.pop() if coming else desk.random.choice(list(FAULTS))
        desk.step()
    desk.come_to_rest()
    outcome = compared(desk, Path(portal.directory) / "portal.sqlite3")
    desk.context.close()
    return outcome


# The clerk


class Desk:
    """One clerk before one browser: what they type, and what happens to them meanwhile."""

    def __init__(
        self, browser: Browser, portal: Portal, clerk: Clerk, randomness: random.Random
    ) -> None:
        self.portal, self.clerk, self.random = portal, clerk, randomness
        self.context = browser.new_context(
            viewport={"width": 1440, "height": 900}, base_url=portal.address, locale="vi-VN"
        )
        self.context.set_default_timeout(15_000)
        self.page = self.new_page()
        self.second: Page | None = None
        self.fault = ""
        self.mends: list[tuple[float, Callable[[], None]]] = []
        self.ledger: dict[Place, str] = {}
        self.faults: Counter[str] = Counter()
        self.strange: list[str] = []
        self.story: list[str] = []  # of every text and every fault, for who looks into a loss
        self.typed = 0
        self.last = ""

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("dialog", leave_anyway)
        page.on("pageerror", lambda error: self.strange.append(f"script: {error}"))
        return page

    # Opening

    def open(self, page: Page) -> None:
        """Open the report, however often it takes and whoever has to sign in."""
        for _ in range(200):
            self.mend()
            with suppress(Error):
                page.goto(self.clerk.address)
                if "/dang-nhap/" in page.url:
                    self.sign_in(page, "")
                page.locator("html.js").wait_for(timeout=3000)
                return
            page.wait_for_timeout(200)
        raise SystemExit(f"The report did not open again.\n{self.portal.log.read_text()[-2000:]}")

    def open_again(self, page: Page) -> None:
        """Open the report and see that what was typed just before stands in its box."""
        fault = self.story[-1]
        self.open(page)
        key = self.last
        box, typed = page.locator(f'[id="r-{key}"]'), self.ledger.get((key, "figure"), "kps")
        shown = box.input_value()
        if typed not in {"kps", shown} and plain(shown) != plain(typed).removesuffix(".0"):
            self.strange.append(
                f"{fault}: «{typed}» was typed into {key}, and its box shows «{shown}»"
            )

    def sign_in(self, page: Page, within: str) -> None:
        page.locator(f"{within} [name=username]").fill(self.clerk.username)
        page.locator(f"{within} [name=password]").fill(self.clerk.password)
        page.locator(f"{within} .btn.main, .gate .btn.main").first.click()

    def sign_in_again(self, page: Page) -> bool:
        """Answer the dialog of a session that has ended; tell whether it stood there."""
        dialog = page.locator("#dang-nhap-lai[open]")
        if not dialog.count():
            return False
        self.faults["signed in again"] += 1
        self.sign_in(page, "#dang-nhap-lai")
        with suppress(Error):  # while the portal is away it stays, and is answered later
            dialog.wait_for(state="hidden", timeout=2000)
        return True

    # Typing

    def step(self) -> None:
        """Type one text into one box of one tab, and leave it."""
        self.mend()
        if self.second and self.random.random() < 0.1:
            self.close_second()
        page = self.random.choice([self.page, self.second or self.page])
        self.sign_in_again(page)
        self.typed += 1
        if self.random.random() < 0.15:
            self.note(page, self.random.choice(self.keys(page)))
        else:
            self.figure(page, self.next_key(page))
        if not page.is_closed():
            self.sign_in_again(page)

    def keys(self, page: Page) -> list[str]:
        """The rows whose boxes stand open; the second tab has the form's other half."""
        keys: list[str] = page.evaluate(
            """[...document.querySelectorAll(".v [name^=f]")]
            .filter((box) => box.checkVisibility()).map((box) => box.id.slice(2))"""
        )
        middle = len(self.clerk.kinds) // 2
        halves = list(self.clerk.kinds)[:middle], list(self.clerk.kinds)[middle:]
        return [key for key in keys if key in halves[page is self.second]]

    def next_key(self, page: Page) -> str:
        """Where the last key led, mostly; now and then back to the cell just left, or anywhere."""
        keys, chance = self.keys(page), self.random.random()
        at: str = page.evaluate("document.activeElement?.id.slice(2) ?? ''")
        if chance < 0.6 and at in keys:
            return at
        return self.last if chance < 0.8 and self.last in keys else self.random.choice(keys)

    def figure(self, page: Page, key: str) -> None:
        box, kind = page.locator(f'[id="r-{key}"]'), self.clerk.kinds[key]
        self.last = key
        if kind == "choice":
            codes: list[str] = box.evaluate("(box) => [...box.options].map((one) => one.value)")
            self.strike(page)
            if page.is_closed() or not box.count():
                return
            code = self.random.choice(codes)
            box.select_option(code)
            self.note_down((key, "figure"), code)
        else:
            self.write(page, f'[id="r-{key}"]', (key, "figure"), self.text(kind))
        self.leave(page, self.random.choice(("Enter", "ArrowDown", "Tab")))

    def note(self, page: Page, key: str) -> None:
        line = page.locator("tr", has=page.locator(f'[id="r-{key}"]'))
        line.locator("details.n").last.evaluate("(details) => { details.open = true; }")
        self.write(
            page,
            f'[aria-label="Ghi chú dòng {key}"]',
            (key, "note"),
            f"Đã đối chiếu lần {self.typed}",
        )
        self.leave(page, "Control+Enter")

    def text(self, kind: str) -> str:
        """A text that no box holds yet, as people write it; now and then none."""
        number, chance = self.typed, self.random.random()
        if chance < 0.05:
            return ""
        if chance < 0.1:
            return "kps"
        if kind == "percent":
            return f"{number % 97},{number % 89:02}" if chance < 0.7 else f"{number}/{number + 7}"
        return f"{1 + number // 1000}.{number % 1000:03}" if chance < 0.4 else str(number)

    def write(self, page: Page, selector: str, place: Place, text: str) -> None:
        """Type over what a box holds; a fault that is due comes between two letters."""
        box = page.locator(selector)
        box.focus()
        page.keyboard.press("Control+A")
        at = self.random.randrange(len(text) + 1) if self.fault else -1
        for number, letter in enumerate(text):
            if number == at and self.strike(page):
                return
            page.keyboard.type(letter)
            self.note_down(place, text[: number + 1])
        if not text:
            page.keyboard.press("Delete")
            self.note_down(place, "")
        if at == len(text) and self.strike(page):
            return
        self.look(page, selector, place, text)

    def look(self, page: Page, selector: str, place: Place, text: str) -> None:
        """See whether the box shows what was typed; a dialog takes the letters typed after it."""
        shown = page.locator(selector).input_value()
        if shown == text:
            return
        if page.locator("#dang-nhap-lai[open]").count():
            self.note_down(place, shown)
        else:
            self.strange.append(f"{place}: typed «{text}», the box shows «{shown}»")

    def note_down(self, place: Place, text: str) -> None:
        self.ledger[place] = text
        self.story.append(f"{self.typed} {' '.join(place)} «{text}»")

    def leave(self, page: Page, key: str) -> None:
        if not page.is_closed():
            page.keyboard.press(key)

    # What happens

    def strike(self, page: Page) -> bool:
        """Let the fault that is due happen; tell whether the page is another one now."""
        name, self.fault = self.fault, ""
        if not name:
            return False
        self.faults[name] += 1
        self.story.append(f"{self.typed} {name}")
        return FAULTS[name](self, page)

    def after(self, mend: Callable[[], None]) -> None:
        self.mends.append((time.monotonic() + self.random.uniform(1, 3), mend))

    def mend(self) -> None:
        """Repair what has been broken for long enough."""
        now = time.monotonic()
        due = [mend for at, mend in self.mends if at <= now]
        self.mends = [(at, mend) for at, mend in self.mends if at > now]
        for mend in due:
            self.story.append("mended")
            mend()

    def kill(self, page: Page) -> bool:
        if self.portal.process:
            self.portal.kill()
            self.after(self.portal.launch)
        return False

    def disconnect(self, page: Page) -> bool:
        self.context.set_offline(True)
        self.after(lambda: self.context.set_offline(False))
        return False

    def lose_answers(self, page: Page) -> bool:
        """Postings arrive, their answers do not."""

        def swallow(route: Route) -> None:
            with suppress(Error):
                route.fetch()
            with suppress(Error):
                route.abort()

        self.context.route("**/o/", swallow)
        self.after(lambda: self.context.unroute("**/o/"))
        return False

    def end_session(self, page: Page) -> bool:
        if self.random.random() < 0.5:
            self.context.clear_cookies(name="sessionid")
            return False
        database = self.portal.directory / "portal.sqlite3"
        with closing(sqlite3.connect(database, timeout=20)) as connection:
            connection.execute("DELETE FROM django_session")
            connection.commit()
        return False

    def close(self, page: Page) -> bool:
        page.close()
        if page is self.second:
            self.second = None
        else:
            self.page = self.new_page()
            self.open_again(self.page)
        return True

    def crash(self, page: Page) -> bool:
        """The tab's own process goes, and no event tells the page."""
        with suppress(Error):
            page.goto("chrome://crash", timeout=1000)
        return self.close(page)

    def reload(self, page: Page) -> bool:
        with suppress(Error):
            page.reload()
        self.open_again(page)
        return True

    def type_elsewhere(self, page: Page) -> bool:
        """Another tab of the same report is opened and typed in, while this one stands open."""
        if self.second is None:
            self.second = self.new_page()
            self.open(self.second)
        if page is not self.second:
            self.figure(self.second, self.random.choice(self.keys(self.second)))
            page.bring_to_front()
        return False

    def close_second(self) -> None:
        if self.second:
            self.second.close()
            self.second = None

    # The end

    def come_to_rest(self) -> None:
        """Repair everything, sign in, correct what was refused, and wait until all is saved."""
        while self.mends:
            self.mend()
            self.page.wait_for_timeout(100)
        self.close_second()
        if not self.is_at_rest(PATIENCE):
            self.faults["opened again to send what was left"] += 1
        for _ in range(3):
            if not self.waiting():
                return
            self.reload(self.page)
            self.correct()
            self.is_at_rest(PATIENCE)

    def is_at_rest(self, patience: float) -> bool:
        end = time.monotonic() + patience
        while time.monotonic() < end:
            self.sign_in_again(self.page)
            self.correct()
            if SAVED in self.page.locator("#tinh-trang").inner_text() and not self.waiting():
                return True
            self.page.wait_for_timeout(200)
        return False

    def waiting(self) -> list[str]:
        """What the browser still keeps."""
        kept: list[str] = self.page.evaluate(
            "Object.entries(localStorage).filter(([key]) => key.startsWith('cchc:')).map(String)"
        )
        return kept

    def correct(self) -> None:
        """Write anew what was refused: half a word, left when the page was closed. It must stand
        in its box as it was typed."""
        keys: list[str] = self.page.evaluate(
            "[...document.querySelectorAll('.v [aria-invalid=true]')].map(({ id }) => id.slice(2))"
        )
        for key in keys:
            shown = self.page.locator(f'[id="r-{key}"]').input_value()
            typed = self.ledger.get((key, "figure"))
            if shown != typed:
                self.strange.append(f"{key}: refused was «{typed}», the box shows «{shown}»")
            self.typed += 1
            self.faults["refused and corrected"] += 1
            self.write(self.page, f'[id="r-{key}"]', (key, "figure"), str(self.typed % 90))
            self.leave(self.page, "Enter")
            if not self.is_settled(key):
                self.strange.append(f"{key}: corrected, and refused again")
                self.ledger.pop((key, "figure"))

    def is_settled(self, key: str) -> bool:
        with suppress(Error):
            said = f'[id="r-{key}"]:not([aria-invalid=true])'
            self.page.locator(said).wait_for(timeout=5000)
            return True
        return False


def leave_anyway(dialog: Dialog) -> None:
    """Leave although cells wait; where the page has gone by itself, the question has too."""
    with suppress(Error):
        dialog.accept()


FAULTS: Mapping[str, Callable[[Desk, Page], bool]] = {
    "portal killed": Desk.kill,
    "network lost": Desk.disconnect,
    "answers lost": Desk.lose_answers,
    "session ended": Desk.end_session,
    "tab closed": Desk.close,
    "tab crashed": Desk.crash,
    "page reloaded": Desk.reload,
    "second tab": Desk.type_elsewhere,
}


# The comparison


@dataclass(frozen=True, slots=True)
class Stored:
    """One figure as the database has it."""

    status: str = "reported"
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    choice: str = ""
    text: str = ""
    note: str = ""
    written: str = ""

    def says(self, typed: str) -> bool:
        """Tell whether this is what ``typed`` means; read here anew, not by the portal's reader."""
        if not typed:
            return self == Stored("note" if self.note else "reported", note=self.note)
        if typed.lower() in SILENT:
            return self.status == SILENT[typed.lower()]
        if typed == self.choice:
            return True
        if "/" in typed:
            return f"{self.numerator}/{self.denominator}" == typed
        with suppress(InvalidOperation):  # half a word that no cell may hold
            return self.number == Decimal(plain(typed).replace(",", "."))
        return False


def plain(text: str) -> str:
    """Return a number without the dots between its thousands, and half of one as it stands."""
    return THOUSANDS.sub("", text)


def compared(desk: Desk, database: Path) -> Outcome:
    outcome = Outcome(desk.typed, desk.faults, queued=desk.waiting(), strange=desk.strange)
    with closing(sqlite3.connect(database)) as connection:
        stored = figures(connection)
        outcome.strange += made_twice(connection)
    outcome.cells = len(desk.ledger)
    for (key, half), typed in desk.ledger.items():
        cell = stored.get(key, Stored())
        if cell.note == typed.strip() if half == "note" else cell.says(typed):
            outcome.acknowledged += 1
        else:
            outcome.lost.append(f"{key} {half}: «{typed}» was typed last, stored is {cell}")
            outcome.lost += told_around(desk.story, f"{key} {half}")
    return outcome


def told_around(story: list[str], place: str) -> list[str]:
    """Return what happened shortly before and after a text was typed that is lost."""
    at = max((number for number, line in enumerate(story) if f" {place} «" in line), default=0)
    return [f"    {line}" for line in story[max(0, at - 6) : at + 6]]


def figures(connection: sqlite3.Connection) -> dict[str, Stored]:
    found = connection.execute(
        "SELECT r.key, f.status, f.number, f.numerator, f.denominator, f.choice, f.text, f.note,"
        " f.written FROM reporting_figure f JOIN indicators_row r ON r.id = f.row_id"
    )
    return {
        key: Stored(status, decimal(number), decimal(part), decimal(whole), *words)
        for key, status, number, part, whole, *words in found
    }


def decimal(stored: float | None) -> Decimal | None:
    return None if stored is None else Decimal(str(stored))


def made_twice(connection: sqlite3.Connection) -> list[str]:
    """An entry is in the record once; only an entry, whose name is kept, may have changed
    nothing."""
    repeated = connection.execute(
        "SELECT entry, COUNT(*) FROM reporting_figurechange WHERE entry <> ''"
        " GROUP BY entry HAVING COUNT(*) > 1"
    )
    idle = connection.execute(
        "SELECT id FROM reporting_figurechange WHERE before = after AND entry = ''"
    )
    return [f"{entry} is {count} times in the record" for entry, count in repeated] + [
        f"change {change} changed nothing" for (change,) in idle
    ]


if __name__ == "__main__":
    cells, seed = (*(int(argument) for argument in sys.argv[1:]), *(CELLS, 1)[len(sys.argv) - 1 :])
    sys.exit(main(cells, seed))
