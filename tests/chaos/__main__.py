"""Let fifty clerks type while the portal's processes are killed, and look for what was lost.

    python -m tests.chaos [KILLS [SEED]]

gunicorn's master and workers, the two workers of background jobs, single connections of PostgreSQL
and all of it are killed (SIGKILL) in turn, at random moments, while clerks type, hand in, withdraw
and attach, a reviewer approves, returns, publishes and asks for books, and backups are made. What
people were told was done is then looked for in the database itself, and in each backup put back
into an empty place. Prints figures; exits with 1 where anything is lost, with 75 where no
PostgreSQL can be had.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from tests.chaos import judge
from tests.chaos.clerks import Clerk, Person, Reviewer
from tests.chaos.ledger import Ledger, now
from tests.chaos.machine import Machine, letters_in
from tests.served import ROOT, Portal
from tests.with_postgres import NO_SERVER, NoServerError, cluster

KILLS = 20
EVERY = 4  # seconds
PATIENCE = 180  # seconds until all that was typed must be acknowledged, and all jobs be done
REST = 420  # a book whose maker was killed is taken up after three minutes
MOST_BACKUPS = 3
MOST_TOLD = 20
KEPT = ROOT / "var" / "chaos.log"  # what the portal said, where anything is wrong
# Put in for now, or for a time that has come; what failed is tried again later.
_WAITING = """
SELECT id FROM django_tasks_database_dbtaskresult WHERE status = 'READY'
AND (run_after < now() OR run_after > now() + interval '1 year')
"""


def main(kills: int = KILLS, seed: int = 1) -> int:
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        with (
            tempfile.TemporaryDirectory(prefix="pg-") as files,
            tempfile.TemporaryDirectory(prefix="cchc-chaos-") as directory,
            cluster(Path(files)) as url,
        ):
            keep_its_word(url)
            trial = Trial(Path(directory), Path(files), url, random.Random(seed))
            try:
                wrong = trial.run(kills)
            finally:
                trial.machine.stop()
            told = trial.told()
            if wrong:
                KEPT.parent.mkdir(exist_ok=True)
                shutil.copy(trial.portal.log, KEPT)
    except NoServerError as error:
        print(f"chaos: {error}", file=sys.stderr)
        return NO_SERVER
    cores = len(os.sched_getaffinity(0))
    print(told, f"{time.monotonic() - began:.0f} s on {cores} cores, seed {seed}", sep="\n")
    print(f"lost or wrong: {len(wrong)}", *wrong[:MOST_TOLD], sep="\n  ")
    return 1 if wrong else 0


def keep_its_word(url: str) -> None:
    """A throwaway server does not wait for its disk; here it does, as an installation's."""
    with closing(connected(url)) as connection, connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"ALTER SYSTEM SET {name} = on")
        cursor.execute("SELECT pg_reload_conf()")


class Trial:
    """One portal with its people, from the first entry to the verdict."""

    def __init__(self, directory: Path, files: Path, url: str, randomness: random.Random) -> None:
        self.directory, self.url, self.random = directory, url, randomness
        self.portal = Portal(
            directory,
            url,
            DEBUG="off",
            SECRET_KEY=f"{randomness.getrandbits(256):064x}",
            EMAIL_URL=f"filemail:///{directory / 'mail'}",
        )
        self.machine = Machine(self.portal, files, randomness)
        self.backups = Backups(self.portal, url)
        self.people: list[Person] = []
        self.ended_alone: Counter[str] = Counter()

    def run(self, kills: int) -> list[str]:
        self.portal.prepare()
        self.portal.run("manage.py", "collectstatic", "--noinput", "-v0")
        accounts = json.loads(self.portal.run("-m", "tests.chaos.people"))
        self.machine.start()
        over = threading.Event()
        self.people = self.enter(accounts, over)
        for each in (*self.people, self.backups):
            each.start()
        self.strike(kills)
        self.backups.finish()
        over.set()
        for person in self.people:
            person.join(PATIENCE)
        left = [f"{person} still waits" for person in self.people if person.is_alive()]
        self.come_to_rest()
        return [*left, *self.verdict()]

    def enter(self, told: dict[str, Any], over: threading.Event) -> list[Person]:
        host = urlsplit(self.portal.address).netloc
        clerks = [
            Clerk(told["rows"], host, account, self.random.getrandbits(32), over)
            for account in told["clerks"]
        ]
        seed = self.random.getrandbits(32)
        return [*clerks, Reviewer(told["round"], clerks, host, told["reviewer"], seed, over)]

    def strike(self, kills: int) -> None:
        """Kill something about every ``EVERY`` seconds, each kind as often as any other."""
        blows = [number % len(Machine.KILLS) for number in range(kills)]
        self.random.shuffle(blows)
        for blow in blows:
            time.sleep(self.random.uniform(0.5 * EVERY, 1.5 * EVERY))
            self.machine.strike(blow)
            self.ended_alone.update(self.machine.mend())

    def come_to_rest(self) -> None:
        """Do what the timers do, again and again, until nothing waits that could be done."""
        end = time.monotonic() + REST
        while time.monotonic() < end:
            for command in ("prune_books", "remind"):
                self.portal.run("manage.py", command)
            for _ in range(10):
                self.ended_alone.update(self.machine.mend())
                time.sleep(2)
                if not self.unfinished():
                    return

    def unfinished(self) -> list[str]:
        return [
            *(f"job {one} waits and is not done" for (one,) in self.rows(_WAITING)),
            *judge.books_wrong(self.rows, self.media),
            *judge.letters_waiting(self.rows),
        ]

    # The verdict

    def verdict(self) -> list[str]:
        everything = self.ledger
        return [
            *everything.strange,
            *judge.faults(self.rows, everything, self.media),
            *judge.figures_lost(self.rows, everything),
            *judge.letters_wrong(self.rows, letters_in(self.directory / "mail")),
            *self.unfinished(),
            *self.jobs_lost(),
            *self.published_wrong(),
            *self.backups.wrong,
            *self.backups.judged(everything),
        ]

    def jobs_lost(self) -> list[str]:
        """A job whose worker was killed stands as broken off, for an operator to see: no more of
        them than workers that ended."""
        [(broken,)] = self.rows(
            "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'RUNNING'"
        )
        killed = sum(self.machine.killed[name] for name in ("mail worker", "book worker"))
        ended = killed + self.ended_alone.total() + self.machine.killed["database"]
        return [f"{broken} jobs broken off by {ended} killed workers"] if broken > ended else []

    def published_wrong(self) -> list[str]:
        done = self.portal.try_out("check_publications")
        return [] if done.returncode == 0 else [f"check_publications: {done.stderr}"]

    @property
    def media(self) -> Path:
        return self.directory / "media"

    @property
    def ledger(self) -> Ledger:
        ledgers = [person.ledger for person in self.people]
        return Ledger(
            saved=[one for each in ledgers for one in each.saved],
            acts=[one for each in ledgers for one in each.acts],
            attached=[one for each in ledgers for one in each.attached],
            taken_out=[one for each in ledgers for one in each.taken_out],
            unsure=sum((each.unsure for each in ledgers), Counter()),
            sent_again=sum(each.sent_again for each in ledgers),
            requests=sum(each.requests for each in ledgers),
            unanswered=sum(each.unanswered for each in ledgers),
            away=sum(each.away for each in ledgers),
            strange=[one for each in ledgers for one in each.strange],
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return rows_of(self.url, query)

    def told(self) -> str:
        all_, kills = self.ledger, self.machine.killed
        acts = Counter(act.what for act in all_.acts)
        acts.update({"attach": len(all_.attached), "take out": len(all_.taken_out)})
        backups = self.backups
        return "\n".join(
            [
                f"{len(self.people) - 1} clerks, {kills.total()} kills: {named(kills)}",
                f"{all_.requests} requests, {all_.unanswered} without an answer,"
                f" {all_.away} answered 503",
                f"{len(all_.saved)} entries acknowledged, postings sent again {all_.sent_again}",
                f"acts acknowledged: {named(acts)}; unanswered {all_.unsure.total()}",
                f"processes that ended by themselves, started again: {self.ended_alone.total()}",
                f"backups made and put back {len(backups.made)}, broken off {backups.broken_off}",
            ]
        )


class Backups(threading.Thread):
    """Backups made one after the other while everything goes on, and what is in them."""

    def __init__(self, portal: Portal, url: str) -> None:
        super().__init__(daemon=True)
        self.portal, self.url = portal, url
        self.folder, self.key = portal.directory / "backups", portal.directory / "key"
        self.is_over = threading.Event()
        self.made: list[tuple[float, Path]] = []
        self.broken_off = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        self.folder.mkdir()
        subprocess.run(["age-keygen", "-o", self.key], check=True, capture_output=True)
        public = self.key.with_suffix(".pub")
        told = subprocess.run(["age-keygen", "-y", self.key], check=True, capture_output=True)
        public.write_bytes(told.stdout)
        while len(self.made) < MOST_BACKUPS and not (self.is_over.is_set() and self.made):
            self.make(public)
            self.is_over.wait(EVERY)

    def make(self, public: Path) -> None:
        before, moment = set(self.folder.iterdir()), now()
        done = self.portal.try_out("backup", str(self.folder), "--recipients", str(public))
        new = set(self.folder.iterdir()) - before
        if done.returncode == 0 and len(new) == 1:
            self.made.append((moment, new.pop()))
            return
        self.broken_off += 1
        if new or len(done.stderr.splitlines()) != 1:
            self.wrong.append(f"a backup ended with {new}: {done.stderr[-500:]}")

    def finish(self) -> None:
        """Wait for one more where none could be made yet."""
        self.is_over.set()
        self.join(PATIENCE)
        if not self.made:
            self.wrong.append("no backup could be made")

    def judged(self, ledger: Ledger) -> Iterator[str]:
        """Put each backup into an empty place, and look there for what was acknowledged before it
        was begun."""
        for number, (moment, path) in enumerate(self.made):
            media = self.portal.directory / f"restored-{number}"
            url = urlsplit(self.url)._replace(path=f"/restored_{number}").geturl()
            with closing(connected(self.url)) as connection, connection.cursor() as cursor:
                cursor.execute(f"CREATE DATABASE restored_{number} TEMPLATE template0")
            arguments = ("restore", str(path), "--identity", str(self.key))
            done = self.portal.try_out(*arguments, DATABASE_URL=url, MEDIA_ROOT=str(media))
            if done.returncode:
                yield f"{path.name}: {done.stderr}"
                continue
            for fault in judge.faults(partial(rows_of, url), ledger.before(moment), media):
                yield f"{path.name}: {fault}"


def connected(url: str) -> Any:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def rows_of(url: str, query: str) -> list[tuple[Any, ...]]:
    with closing(connected(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def named(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
