"""Who is at work in the deadline hour, as locust drives them: ``tests.load`` starts it and judges.

Clerks type as static/js/sheet.js does: what is typed is tried out after a pause, saved when the
cell is left, named PAGE.NUMBER, on the revision that the last answer brought; now and then an entry
is sent again, as after an answer that was lost. Everybody signs in with a password, follows what
the pages say, and takes any answer but the expected one for a failure.
"""

import html
import json
import os
import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from locust import FastHttpUser, between, constant, constant_pacing, events, task
from locust.contrib.fasthttp import ResponseContextManager
from locust.env import Environment

from tests.load.crowd import (
    BINDERS,
    EACH_CELL,
    EACH_FILE,
    LEADERS,
    PRINTERS,
    REVIEWERS,
    SENT_BACK,
    SESSION,
    TABS,
    TOKEN,
)

# Where the accounts come from, and where what happened goes.
FILES = Path(os.environ.get("LOAD_FILES", "."))
SENT_AGAIN = 0.02
SIGNS = {"pdf": b"%PDF-", "xlsx": b"PK", "docx": b"PK"}
_FIELD = re.compile(r'<input[^>]* name="([^"]+)" value="([^"]*)"')
_BOX = re.compile(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>')
_REPORT = re.compile(r'href="/bao-cao/(\d+)/')


@dataclass(slots=True)
class Report:
    """One report as its clerks and the reviewers pass it on to each other; ``is_away`` while it is
    being handed in and after, ``taken`` once a reviewer has it."""

    address: str
    hands_in: bool
    is_away: bool = False
    taken: bool = False
    left: int = 0


@dataclass(slots=True)
class Told:
    """What happened: every request as kind, milliseconds, whether it was as expected; sentences of
    what failed; entries acknowledged; how long a book took."""

    requests: list[tuple[str, float, bool]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    acts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    book_seconds: float | None = None


told = Told()
place: dict[str, Any] = {}
reports: dict[str, Report] = {}


@events.init.add_listener
def read_accounts(environment: Environment, **_: object) -> None:
    place.update(json.loads((FILES / "accounts.json").read_text()))
    for clerk in place["clerks"]:
        report = reports.setdefault(
            clerk["address"], Report(clerk["address"], hands_in=clerk["hands_in"])
        )
        report.left += len(clerk["cells"])


@events.request.add_listener
def note(name: str, response_time: float, exception: Exception | None, **_: object) -> None:
    told.requests.append((name, response_time, exception is None))
    if exception:
        told.failed.append(f"{name}: {exception}")


@events.quitting.add_listener
def write_down(environment: Environment, **_: object) -> None:
    content = {name: getattr(told, name) for name in Told.__slots__}
    (FILES / "told.json").write_text(json.dumps(content))


class Person(FastHttpUser):
    """Somebody with an account, signed in through the page; behind the proxy, like all."""

    abstract = True
    post = ""  # whose accounts these are

    def on_start(self) -> None:
        self.account: dict[str, Any] = place[self.post].pop()
        self.cookies: dict[str, str] = {}
        self.origin = urlsplit(self.host or "")._replace(scheme="https").geturl()
        page = self.page("/dang-nhap/", "sign-in page", "password")
        account = {"username": self.account["username"], "password": place["password"]}
        self.send("/dang-nhap/", "signed in", fields(page) | account)
        if not self.cookies.get(SESSION):
            told.failed.append(f"{self.account['username']} is not signed in")

    @property
    def headers(self) -> dict[str, str]:
        """What the proxy passes on. To each request it opens a connection of its own."""
        return {
            "Connection": "close",
            "Accept-Encoding": "gzip",
            "Origin": self.origin,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.account["house"],
            "X-CSRFToken": self.cookies.get(TOKEN, ""),
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }

    def page(self, address: str, kind: str, words: str, *, part: bool = False) -> str:
        """Open a page, on which ``words`` must stand; with ``part`` as htmx asks for it."""
        headers = self.headers | ({"HX-Request": "true"} if part else {})
        with self.client.get(
            address, name=kind, headers=headers, allow_redirects=False, catch_response=True
        ) as response:
            text = response.text or ""
            if response.status_code != 200 or words not in text:
                refuse(response)
            self.keep_cookies(response)
        return text

    def send(self, address: str, kind: str, content: dict[str, str]) -> str:
        """Post a form, after which the portal must lead on; return where to."""
        with self.client.post(
            address,
            name=kind,
            data=urlencode(content),
            headers=self.headers | {"Content-Type": "application/x-www-form-urlencoded"},
            allow_redirects=False,
            catch_response=True,
        ) as response:
            if response.status_code != 302:
                refuse(response)
            self.keep_cookies(response)
            return str(response.headers.get("Location", "")) if response.headers else ""

    def file(self, address: str, kind: str, sign: bytes) -> None:
        with self.client.get(
            address, name=kind, headers=self.headers, allow_redirects=False, catch_response=True
        ) as response:
            if response.status_code != 200 or not (response.content or b"").startswith(sign):
                refuse(response)

    def keep_cookies(self, response: ResponseContextManager) -> None:
        for line in response.headers.getlist("Set-Cookie") if response.headers else []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if not morsel.value or morsel["max-age"] == "0":
                    del self.cookies[name]


def refuse(response: ResponseContextManager) -> None:
    words = re.sub(r"<[^>]*>", " ", (response.text or "").partition("<main")[2]).split()
    told = f"{response.status_code} {' '.join(words)[:300]}"
    response.failure(told)  # type: ignore[no-untyped-call]


def fields(page: str) -> dict[str, str]:
    """Return what the forms of a page would post."""
    found = [*_FIELD.findall(page), *_BOX.findall(page)]
    return {name: html.unescape(value) for name, value in found}


class Clerk(Person):
    """One of the two who fill in a report, each their own half of its rows."""

    post = "clerks"
    # Not locust's even pace: it makes up for the first pause, and all would save at one moment.
    wait_time = between(0.4 * EACH_CELL, 1.2 * EACH_CELL)

    def on_start(self) -> None:
        super().on_start()
        self.cells: list[tuple[int, str]] = self.account["cells"]
        self.rows: list[int] = self.account["rows"]
        self.report = reports[self.account["address"]]
        self.address = self.report.address
        self.page_name = "".join(random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=16))
        self.last = 0
        self.mine()
        self.open_form()

    def open_form(self) -> None:
        is_away, marked = self.report.is_away, f'data-submission="{self.address.split("/")[2]}"'
        kind = "report that is handed in" if is_away else "form page"
        page = self.page(self.address, kind, marked)
        self.revision = int(fields(page).get("revision", 0))

    @task(40)
    def work(self) -> None:
        report = self.report
        if report.is_away:
            self.look()
        elif self.cells:
            row, text = self.cells.pop()
            self.type(row, "figure", text)
            report.left -= 1
        elif report.hands_in and not report.left:
            self.hand_in()
        else:
            self.type(random.choice(self.rows), "note", f"Theo sổ, trang {random.randrange(99)}")

    def look(self) -> None:
        """What is handed in is waited for; who has sent one looks at it again now and then."""
        if random.random() < 0.2:
            self.open_form()

    @task(3)
    def come_back(self) -> None:
        """The page asks what others have saved when its tab comes to the front again."""
        if not self.report.is_away:
            self.post_cells("o", "news of a form", [])

    @task(2)
    def open_again(self) -> None:
        self.open_form()

    @task(1)
    def mine(self) -> None:
        self.page("/bao-cao/", "own reports", f'href="{self.report.address}')

    @task(1)
    def panel(self) -> None:
        key = random.choice(self.account["keys"])
        self.page(f"{self.address}dong/{key}/", "panel of a row", key, part=True)

    @task(1)
    def look_at_checks(self) -> None:
        self.page(f"{self.address}kiem-tra/", "checks page", "Kết quả kiểm tra")

    def type(self, row: int, half: str, text: str) -> None:
        """Type into one cell; leave it, and the page sends it."""
        entry = {"row": row, "base": self.revision, half: text}
        if half == "figure":
            self.post_cells("doc", "cell tried out", [entry | {"name": f"{self.page_name}.0"}])
        time.sleep(random.uniform(0.1, 0.3) * EACH_CELL)
        if self.report.is_away:  # the colleague hands in what is there
            return
        self.last = max(self.last + 1, int(1000 * time.time()))
        entry["name"] = f"{self.page_name}.{self.last}"
        if self.is_saved(entry) and random.random() < SENT_AGAIN:
            self.is_saved(entry)

    def is_saved(self, entry: dict[str, Any]) -> bool:
        """Send one entry, and write down that the portal has acknowledged it."""
        answer = self.post_cells("o", "cell saved", [entry])
        if answer is None:
            return False
        self.revision = answer["revision"]
        told.acknowledged.append({"address": self.address} | entry)
        return True

    def post_cells(
        self, where: str, kind: str, entries: list[dict[str, Any]]
    ) -> dict[str, Any] | None:
        """Post entries as the page does; return the answer where every one was taken."""
        content = {"user": self.account["user"], "seen": self.revision, "entries": entries}
        with self.client.post(
            f"{self.address}{where}/",
            name=kind,
            json=content,
            headers=self.headers,
            catch_response=True,
        ) as response:
            if response.status_code != 200:
                refuse(response)
                return None
            answer: dict[str, Any] = response.json()
            wanted = "saved" if where == "o" else "read"
            if [result["is"] for result in answer["results"]] != [wanted] * len(entries):
                response.failure(f"{answer['results']}")
                return None
            return answer

    def hand_in(self) -> None:
        """Look the findings through, explain them, hand the report in, and keep the receipt."""
        self.report.is_away = True
        time.sleep(2)  # a cell of the colleague may be on its way
        page = self.page(f"{self.address}kiem-tra/", "checks page", "Kết quả kiểm tra")
        answers = {name: text for name, text in fields(page).items() if name != "loc"}
        open_ones = [name for name, text in answers.items() if name.startswith("noi-") and not text]
        if open_ones:
            answers |= dict.fromkeys(open_ones, "Số theo sổ theo dõi của đơn vị.")
            self.send(f"{self.address}kiem-tra/", "findings explained", answers)
        page = self.page(f"{self.address}gui/", "hand-in page", "Gửi báo cáo")
        receipt = self.send(f"{self.address}gui/", "handed in", fields(page))
        if "lan-gui" in receipt:
            told.acts["handed in"] += 1
            self.report.taken = False
            self.page(receipt, "receipt page", "lan-gui")
            self.file(f"{receipt}giay-bien-nhan.pdf", "receipt, PDF", SIGNS["pdf"])


class OfTheDepartment(Person):
    """Somebody of the Sở Nội vụ."""

    abstract = True
    post = "reviewers"

    @property
    def round(self) -> str:
        return f"/dot/{place['round']}/"


class Reviewer(OfTheDepartment):
    """Opens what was handed in, judges it, and looks at the province's figures between."""

    fixed_count = REVIEWERS
    wait_time = between(5, 15)

    @task(4)
    def judge(self) -> None:
        desk = self.page(f"{self.round}?trang-thai=cho-duyet", "desk of reviewers", "Chờ duyệt")
        waiting = [reports[f"/bao-cao/{number}/"] for number in set(_REPORT.findall(desk))]
        report = next((one for one in waiting if not one.taken), None)
        if report is None:
            return
        report.taken = True  # whoever sits beside takes another
        page = self.page(report.address, "report under review", 'name="revision"')
        time.sleep(random.uniform(5, 15))
        revision = {"revision": fields(page)["revision"], "csrfmiddlewaretoken": token(page)}
        if random.random() < SENT_BACK:
            self.send_back(report)
        elif self.send(f"{report.address}viec/approve/", "approved", revision):
            told.acts["approved"] += 1

    def send_back(self, report: Report) -> None:
        page = self.page(f"{report.address}tra-lai/", "page of sending back", "Lý do trả lại")
        reason = {"reason": "Số hồ sơ chưa khớp với báo cáo tháng; đề nghị xem lại mục 3.4."}
        posting = {name: text for name, text in fields(page).items() if name != "ds"}
        if self.send(f"{report.address}tra-lai/", "sent back", posting | reason):
            told.acts["sent back"] += 1
            report.is_away = False

    @task(1)
    def table(self) -> None:
        self.page(f"{self.round}tong-hop/", "province table", "tong-hop")

    @task(1)
    def breakdown(self) -> None:
        row = random.choice(place["rows"])
        self.page(f"{self.round}tong-hop/dong/?dong={row}", "one figure opened", "<table")

    @task(1)
    def matrix(self) -> None:
        self.page(f"{self.round}bang-so/", "matrix", "<table")


class Tab(OfTheDepartment):
    """The board, left open in a tab: its page asks again every 30 seconds (rounds/board.html)."""

    fixed_count = TABS
    wait_time = constant(30)

    @task
    def refresh(self) -> None:
        self.page("/tien-do/", "board", "<table", part=True)


class Leader(Person):
    """A leader of the province, who looks."""

    post = "leaders"
    fixed_count = LEADERS
    wait_time = between(10, 30)

    @task(2)
    def overview(self) -> None:
        self.page("/tong-quan/", "overview", "<h1")

    @task(1)
    def trend(self) -> None:
        self.page(f"/dien-bien/?chi-tieu={place['indicator']}", "trend", "<svg")

    @task(1)
    def ranking(self) -> None:
        self.page(f"/dot/{place['past']}/xep-hang/", "ranking", "<table")


class Printer(OfTheDepartment):
    """Takes files out, one after the other: of reports, of the province's table, of the matrix."""

    fixed_count = PRINTERS
    wait_time = constant_pacing(EACH_FILE)

    @task(6)
    def report(self) -> None:
        extension = random.choice(list(SIGNS))
        address = random.choice(place["filed"])
        kind = f"report, {extension.upper()}"
        self.file(f"{address}phu-luc.{extension}", kind, SIGNS[extension])

    @task(2)
    def province(self) -> None:
        extension = random.choice(list(SIGNS))
        kind = f"province table, {extension.upper()}"
        self.file(f"/dot/{place['past']}/phu-luc.{extension}", kind, SIGNS[extension])

    @task(1)
    def matrix(self) -> None:
        self.file(f"{self.round}bang-so.xlsx", "matrix, XLSX", SIGNS["xlsx"])


class Binder(OfTheDepartment):
    """Has the book of a round made, and watches the page that says how far it is."""

    fixed_count = BINDERS
    wait_time = constant(2)  # as the page asks

    def on_start(self) -> None:
        super().on_start()
        self.books = f"/dot/{place['past']}/quyen/"
        page = self.page(self.books, "page of books", "Quyển phụ lục")
        self.began = time.monotonic()
        self.send(self.books, "book asked for", fields(page) | {"dang": place["kind_of_book"]})

    @task
    def look(self) -> None:
        if told.book_seconds is None:
            page = self.page(self.books, "page of books", "quyen", part=True)
            if found := re.search(r'href="([^"]+/tep/)"', page):
                told.book_seconds = time.monotonic() - self.began
                self.file(html.unescape(found[1]), "book", SIGNS["pdf"])


def token(page: str) -> str:
    return fields(page)["csrfmiddlewaretoken"]
