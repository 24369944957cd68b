"""The people of the trial: clerks before their sheets, and the reviewer who judges their reports.

A clerk's entries go as static/js/queue.js sends them: named PAGE.NUMBER, one posting at a time,
again until acknowledged. What is no entry is sent once, as by a person, who then looks what became
of it.
"""

import json
import random
import re
import threading
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from pypdf import PdfWriter

from tests.chaos.ledger import Act, File, Ledger, Saved, now

FIRST_PAUSE, LONGEST_PAUSE = 1, 8  # seconds; a page goes up to 30
TIMEOUT = 20
BOUNDARY = "chaos"
REVISION = re.compile(rb'name="revision" value="(\d+)"')
SEEN = re.compile(rb'name="seen" value="([0-9a-f]+)"')
HEAD_OF_FILE = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n'
    "Content-Type: application/pdf\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` 0: none came, or half of one."""

    status: int
    body: bytes = b""

    @property
    def is_done(self) -> bool:
        return self.status in {200, 302}

    @property
    def is_unsure(self) -> bool:
        return self.status == 0 or self.status >= 500


class Person(threading.Thread):
    """Somebody signed in, who goes on until told to stop."""

    def __init__(
        self, host: str, account: dict[str, Any], seed: int, over: threading.Event
    ) -> None:
        super().__init__(daemon=True)
        self.host, self.account, self.over = host, account, over
        self.random = random.Random(seed)
        self.ledger = Ledger()

    def run(self) -> None:
        try:
            self.over.wait(self.random.uniform(0, 2))
            while not self.over.is_set():
                self.step()
                self.over.wait(self.random.uniform(0.5, 1.5))
        except Exception as error:
            self.ledger.strange.append(f"{type(self).__name__}: {error!r}")

    def step(self) -> None:
        raise NotImplementedError

    def send(self, path: str, content: bytes | None = None, content_type: str = "") -> Answer:
        """Get a page, or post to it."""
        self.ledger.requests += 1
        token = self.account["token"]
        headers = {
            "Cookie": f"sessionid={self.account['session']}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": content_type or "application/x-www-form-urlencoded",
        }
        answer = Answer(0)
        connection = HTTPConnection(self.host, timeout=TIMEOUT)
        try:
            connection.request("GET" if content is None else "POST", path, content, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.read())
        except (OSError, HTTPException):
            self.ledger.unanswered += 1
        finally:
            connection.close()
        self.ledger.away += answer.status == 503
        if answer.status in {400, 401, 403, 404, 500} or b"Traceback" in answer.body:
            self.ledger.strange.append(f"{answer.status} of {path}: {answer.body[-300:]!r}")
        return answer

    def act(self, what: str, about: int, path: str, **fields: str) -> bool:
        """Post a form, and write down that it was done, or that nobody knows."""
        answer = self.send(path, urlencode(fields).encode())
        if answer.status == 302:
            self.ledger.acts.append(Act(now(), what, about))
        elif answer.is_unsure:
            self.ledger.unsure[what, about] += 1
        return answer.status == 302

    def revision(self, report: int) -> str:
        found = REVISION.search(self.send(f"/bao-cao/{report}/").body)
        return found[1].decode() if found else "0"


class Clerk(Person):
    def __init__(self, rows: list[int], *given: Any) -> None:
        super().__init__(*given)
        self.rows = rows
        self.report = int(self.account["report"])
        self.page = "".join(self.random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=16))
        self.number = 0
        self.base = 0
        self.is_closed = False

    def step(self) -> None:
        chance = self.random.random()
        if self.is_closed:
            self.look(withdrawing=chance < 0.2)
        elif chance < 0.1:
            self.hand_in()
        elif chance < 0.15:
            self.attach()
        else:
            self.type()

    def type(self) -> None:
        """Leave a cell, or two, and see what was typed through to its acknowledgement."""
        entries = []
        for row in self.random.sample(self.rows, self.random.choice((1, 1, 2))):
            self.number = max(self.number + 1, int(1000 * now()))
            figure = str(self.number % 10**9)
            name = f"{self.page}.{self.number}"
            entries.append({"name": name, "row": row, "base": self.base, "figure": figure})
        pause = FIRST_PAUSE
        while not self.is_taken(entries):
            # Entries are kept in the browser: no end of the trial drops them.
            threading.Event().wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            self.ledger.sent_again += 1

    def is_taken(self, entries: list[dict[str, Any]]) -> bool:
        content = {"user": self.account["user"], "seen": self.base, "entries": entries}
        sent = json.dumps(content).encode()
        answer = self.send(f"/bao-cao/{self.report}/o/", sent, "application/json")
        if answer.status == 409:  # a handing in of which nobody knew was done
            self.is_closed = True
        if answer.status != 200:
            return not answer.is_unsure
        told = json.loads(answer.body)
        self.base = told["revision"]
        for entry, result in zip(entries, told["results"], strict=True):
            if result["is"] == "saved" and result["name"] == entry["name"]:
                saved = Saved(now(), entry["name"], self.report, entry["row"], entry["figure"])
                self.ledger.saved.append(saved)
            else:
                self.ledger.strange.append(f"{entry} was answered {result}")
        return True

    def hand_in(self) -> None:
        path = f"/bao-cao/{self.report}/gui/"
        self.is_closed = self.act("submit", self.report, path, revision=str(self.base))
        if not self.is_closed:
            self.look()

    def look(self, *, withdrawing: bool = False) -> None:
        """Withdraw the report, or ask whether it may be typed into."""
        if withdrawing:
            path = f"/bao-cao/{self.report}/viec/withdraw/"
            self.act("withdraw", self.report, path, revision=self.revision(self.report))
        content = {"user": self.account["user"], "seen": self.base, "entries": []}
        sent = json.dumps(content).encode()
        answer = self.send(f"/bao-cao/{self.report}/o/", sent, "application/json")
        if answer.status == 200:
            self.base, self.is_closed = json.loads(answer.body)["revision"], False
        elif answer.status == 409:
            self.is_closed = True

    def attach(self) -> None:
        content = pdf(f"{self.page} {now()}")
        body = HEAD_OF_FILE.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        path = f"/bao-cao/{self.report}/tep/"
        answer = self.send(path, body, f"multipart/form-data; boundary={BOUNDARY}")
        if answer.status == 302:
            digest = sha256(content).hexdigest()
            self.ledger.attached.append(File(now(), self.report, digest))
        elif answer.is_unsure:
            self.ledger.unsure["attach", self.report] += 1
        elif answer.status == 422:
            self.ledger.strange.append(f"a file was refused: {answer.body[-2000:]!r}")


class Reviewer(Person):
    def __init__(self, round_: dict[str, Any], clerks: list[Clerk], *given: Any) -> None:
        super().__init__(*given)
        self.round, self.clerks = round_, clerks

    def step(self) -> None:
        handed_in = [clerk for clerk in self.clerks if clerk.is_closed]
        report = self.random.choice(handed_in or self.clerks).report
        chance = self.random.random()
        if chance < 0.15:
            self.publish()
        elif chance < 0.2:
            path = f"/dot/{self.round['code']}/quyen/"
            self.act("book", self.round["id"], path, dang="quyen")
        elif chance < 0.35:
            self.take_out(report)
        else:
            self.judge(report)

    def judge(self, report: int) -> None:
        """Do one thing after another that the report's state may allow."""
        here, revision = f"/bao-cao/{report}", self.revision(report)
        why = {"revision": revision, "reason": "Xem lại các dòng đã đánh dấu."}
        moves = [
            ("approve", f"{here}/viec/approve/"),
            ("return", f"{here}/tra-lai/"),
            ("reopen", f"{here}/viec/reopen/"),
        ]
        self.random.shuffle(moves)
        for move, path in moves:
            if self.act(move, report, path, **why):
                return

    def publish(self) -> None:
        path = f"/dot/{self.round['code']}/cong-bo/"
        found = SEEN.search(self.send(path).body)
        if found:
            fields = {
                "seen": found[1].decode(),
                "sure": "on",
                "reason": "Có báo cáo mới được duyệt.",
            }
            self.act("publish", self.round["id"], path, **fields)

    def take_out(self, report: int) -> None:
        answer = self.send(f"/bao-cao/{report}/phu-luc.xlsx")
        if answer.status == 200:
            digest = sha256(answer.body).hexdigest()
            self.ledger.taken_out.append(File(now(), report, digest))


def pdf(title: str) -> bytes:
    """Return a PDF of one empty page; another title makes another content."""
    writer, target = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": title})
    writer.write(target)
    return target.getvalue()
