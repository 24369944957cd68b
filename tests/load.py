"""A hundred clerks typing, as locust drives them: ``tests.bench_load`` starts it and judges.

Each has one open sheet and saves a cell about every three seconds as static/js/queue.js does:
named PAGE.NUMBER, on the revision that the last answer brought. Now and then an entry is sent
again, as after an answer that was lost. What was acknowledged is written down for the comparison.
"""

import json
import os
import random
import time
from pathlib import Path
from typing import Any

from locust import FastHttpUser, between, events, task
from locust.env import Environment

# Where the accounts come from, and where what happened goes.
FILES = Path(os.environ.get("LOAD_FILES", "."))
EACH = float(os.environ.get("LOAD_EACH", "0.3"))  # saves a second of one clerk
SENT_AGAIN = 0.02

accounts: list[dict[str, Any]] = []
acknowledged: list[dict[str, Any]] = []
taken: list[float] = []
failed: list[str] = []


@events.init.add_listener
def read_accounts(environment: Environment, **_: object) -> None:
    accounts.extend(json.loads((FILES / "accounts.json").read_text()))


@events.request.add_listener
def note(response_time: float, exception: Exception | None, **_: object) -> None:
    taken.append(response_time)
    if exception:
        failed.append(str(exception))


@events.quitting.add_listener
def write_down(environment: Environment, **_: object) -> None:
    told = {"taken": taken, "failed": failed, "acknowledged": acknowledged}
    (FILES / "told.json").write_text(json.dumps(told))


class Clerk(FastHttpUser):
    """One person before one sheet."""

    # Not locust's even pace: it makes up for the first pause, and all would save at one moment.
    wait_time = between(0.5 / EACH, 1.5 / EACH)

    def on_start(self) -> None:
        account = accounts.pop()
        self.address: str = account["address"]
        self.rows: list[int] = account["rows"]
        self.revision: int = account["revision"]
        self.page = "".join(random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=16))
        self.user: int = account["user"]
        self.last = 0
        # Between two savings gunicorn lets the connection go, and a browser makes another.
        self.headers = {
            "Connection": "close",
            "X-CSRFToken": account["token"],
            "Cookie": f"sessionid={account['session']}; csrftoken={account['token']}",
        }
        time.sleep(random.uniform(0, 1 / EACH))  # nobody begins at the same moment

    @task
    def save(self) -> None:
        self.last = max(self.last + 1, int(1000 * time.time()))
        entry = {
            "name": f"{self.page}.{self.last}",
            "row": random.choice(self.rows),
            "base": self.revision,
            "figure": str(self.last % 10**9),
        }
        content = {"user": self.user, "seen": self.revision, "entries": [entry]}
        if self.is_saved(content) and random.random() < SENT_AGAIN:
            self.is_saved(content)

    def is_saved(self, content: dict[str, Any]) -> bool:
        """Send one entry, and write down that the portal has acknowledged it."""
        with self.client.post(
            self.address, name="o", json=content, headers=self.headers, catch_response=True
        ) as response:
            answer = response.json() if response.status_code == 200 else {"results": []}
            if [result["is"] for result in answer["results"]] != ["saved"]:
                response.failure(f"{response.status_code} {response.error}: {answer['results']}")
                return False
        self.revision = answer["revision"]
        acknowledged.extend({"address": self.address} | entry for entry in content["entries"])
        return True
