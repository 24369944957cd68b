"""The machine that the portal runs on: its processes, killed one by one and started again."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from tests.served import ROOT, Portal
from tests.with_postgres import Server

QUEUES = ("default", "books")


class Machine:
    """gunicorn, one worker for each queue, and the PostgreSQL whose files are in ``cluster``."""

    def __init__(self, portal: Portal, cluster: Path, randomness: random.Random) -> None:
        self.portal, self.cluster, self.random = portal, cluster, randomness
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self.killed: Counter[str] = Counter()

    def start(self) -> None:
        self.portal.start()
        for queue in QUEUES:
            self.start_worker(queue)

    def stop(self) -> None:
        for worker in self.workers.values():
            worker.kill()
            worker.wait()
        self.portal.kill()

    # What is killed

    def kill_web_worker(self) -> None:
        """Its master starts another."""
        if self.portal.process and (workers := children(self.portal.process.pid)):
            kill(self.random.choice(workers))

    def kill_web_master(self) -> None:
        """Its workers answer for a moment yet; then they are ended, as systemd does."""
        if self.portal.process:
            self.portal.process.kill()
            self.wait()
            self.portal.kill()
        self.portal.launch()

    def kill_mail_worker(self) -> None:
        self.kill_worker("default")

    def kill_book_worker(self) -> None:
        self.kill_worker("books")

    def kill_worker(self, queue: str) -> None:
        self.workers[queue].kill()
        self.workers[queue].wait()
        self.wait()
        self.start_worker(queue)

    def kill_database_backend(self) -> None:
        """The postmaster then ends all others, and recovers."""
        clients = [pid for pid in children(self.postmaster) if "postgres: portal" in title(pid)]
        if clients:
            kill(self.random.choice(clients))

    def kill_database(self) -> None:
        postmaster = self.postmaster
        family = [postmaster, *children(postmaster)]
        for pid in family:
            kill(pid)
        # Remains that nobody has taken away yet look alive to the one that is started next.
        while any(Path(f"/proc/{pid}").exists() for pid in family):
            time.sleep(0.05)
        self.wait()
        self.start_database()

    KILLS = (
        kill_web_worker,
        kill_web_master,
        kill_mail_worker,
        kill_book_worker,
        kill_database_backend,
        kill_database,
    )

    def strike(self, number: int) -> None:
        """Kill the ``number``-th kind of process, and start what does not start by itself."""
        blow = self.KILLS[number % len(self.KILLS)]
        self.killed[blow.__name__.removeprefix("kill_").replace("_", " ")] += 1
        blow(self)

    # What is started

    def start_worker(self, queue: str) -> None:
        with (self.portal.directory / f"worker-{queue}.log").open("a") as log:
            self.workers[queue] = subprocess.Popen(
                [sys.executable, "manage.py", "db_worker", "--queue-name", queue],
                env=self.portal.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_database(self) -> None:
        Server(self.cluster).start()

    def mend(self) -> list[str]:
        """Start again, as systemd does, what has ended by itself; return which."""
        ended = [queue for queue, worker in self.workers.items() if worker.poll() is not None]
        for queue in ended:
            self.start_worker(queue)
        if self.portal.process is None or self.portal.process.poll() is not None:
            self.portal.launch()
            ended.append("web")
        return ended

    def wait(self) -> None:
        time.sleep(self.random.uniform(0.3, 2))

    @property
    def postmaster(self) -> int:
        return int((self.cluster / "data" / "postmaster.pid").read_text().split()[0])


def children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def title(pid: int) -> str:
    """Return what a process calls itself, "" where there is none."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    return ""


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def letters_in(folder: Path) -> Counter[int]:
    """Count in how many letters, kept as files, each notice is told."""
    told: Counter[int] = Counter()
    for file in folder.glob("*"):
        for letter in re.split(r"^-{79}$", file.read_text(errors="replace"), flags=re.MULTILINE):
            told.update({int(one) for one in re.findall(r"/thong-bao/(\d+)/", letter)})
    return told
