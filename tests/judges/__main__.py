"""Have outside judges look at every page of the portal: ``make judges``.

    python -m tests.judges [PART-OF-AN-ADDRESS]

Fills a throwaway database with the example data, serves it on loopback as an installation does
(gunicorn, compressed static files, no debugging), and exits with 1 where any judge finds a fault.
With a part of an address only the pages there are looked at, and Lighthouse is left out.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from tests.judges.eyes import Eyes, Judged
from tests.judges.lighthouse import LEAST, judged_speed
from tests.judges.links import judged_links
from tests.judges.markup import judged_markup
from tests.judges.pages import PAGES, Seen
from tests.served import Portal

PROCESSES = 2
# Small enough for a file that is too large to be sent at once.
MOST_MEGABYTES = "1"
MOST_TOLD = 200

_eyes: Eyes


def main(part: str) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cchc-judges-") as name:
        directory = Path(name)
        portal = Portal(
            directory,
            f"sqlite:///{directory / 'portal.sqlite3'}",
            DEBUG="off",
            EVIDENCE_MAX_MB=MOST_MEGABYTES,
        )
        prepared = filled(portal)
        told(began, f"the example portal is ready at {portal.address}")
        portal.start()
        try:
            faults = judged(portal.address, prepared, directory, part, began)
        finally:
            portal.stop()
    for fault in faults[:MOST_TOLD]:
        print("FAULT", fault)
    told(began, f"{len(faults)} faults")
    return 1 if faults else 0


def filled(portal: Portal) -> Mapping[str, Any]:
    """Make the example portal, in all states; return what ``prepared`` says of it."""
    portal.prepare()
    portal.run("manage.py", "collectstatic", "--noinput", "-v0")
    portal.run("manage.py", "load_catalogue")
    portal.run("manage.py", "load_demo")
    found: Mapping[str, Any] = json.loads(portal.run("-m", "tests.judges.prepared"))
    return found


def judged(
    address: str, prepared: Mapping[str, Any], directory: Path, part: str, began: float
) -> list[str]:
    names, sessions = prepared["names"], prepared["sessions"]
    wanted = [seen for seen in PAGES if part in seen.address]
    pages = seen_by_axe(address, names, sessions, wanted)
    faults = [f"{page.name}: {fault}" for page in pages for fault in page.faults]
    told(began, f"axe-core and eyes: {len(pages)} pages at 1440 and 390, {len(faults)} faults")

    files = written(directory / "html", pages, prepared["letters"])
    errors, warned = judged_markup(files)
    told(began, f"Nu HTML checker: {len(files)} documents, {len(errors)} errors")
    for words, count in warned.most_common(10):
        print(f"    warned {count} times: {words}")

    astray, count = judged_links(pages, sessions)
    told(began, f"links: {count} kinds followed, {len(astray)} lead nowhere")
    slow = [] if part else judged_by_lighthouse(address, names, sessions)
    if not part:
        told(began, f"Lighthouse: {len(slow)} scores too low")
    return [*faults, *errors, *astray, *slow]


def seen_by_axe(
    address: str, names: Mapping[str, object], sessions: Mapping[str, str], wanted: Sequence[Seen]
) -> list[Judged]:
    """Look at the pages in two processes, each with a browser of its own."""
    with ProcessPoolExecutor(
        PROCESSES, get_context("spawn"), initializer=open_eyes, initargs=(address, names, sessions)
    ) as pool:
        return list(pool.map(look, [PAGES.index(seen) for seen in wanted]))


def open_eyes(address: str, names: Mapping[str, object], sessions: Mapping[str, str]) -> None:
    global _eyes  # noqa: PLW0603 - one browser for all pages that this process looks at
    _eyes = Eyes(address, names, sessions)


def look(number: int) -> Judged:
    return _eyes.judge(PAGES[number])


def written(folder: Path, pages: Sequence[Judged], letters: Sequence[str]) -> dict[Path, str]:
    """Write down what is to be checked, each document once."""
    folder.mkdir()
    documents = [(text, page.name) for page in pages for text in page.html]
    documents += [(text, "a letter") for text in letters]
    found: dict[Path, str] = {}
    for text, name in documents:
        path = folder / f"{sha256(text.encode()).hexdigest()[:16]}.html"
        path.write_text(text, encoding="utf-8")
        found.setdefault(path, name)
    return found


def judged_by_lighthouse(
    address: str, names: Mapping[str, object], sessions: Mapping[str, str]
) -> list[str]:
    faults = []
    print(f"{'':34}{'performance':>12}{'accessibility':>14}{'best practices':>15}   measured")
    for one in judged_speed(address, names, sessions):
        figures = "".join(
            f"{one.scores[what]:>{12 + index}.0f}" for index, what in enumerate(LEAST)
        )
        metrics = ", ".join(f"{name} {value:.3g}" for name, value in one.metrics.items())
        print(f"{one.page + ', ' + one.preset:34}{figures}   {metrics} ({one.turns})")
        if not one.is_kept:
            faults.append(f"Lighthouse, {one.page}, {one.preset}: {dict(one.scores)} {one.faults}")
    return faults


def told(began: float, words: str) -> None:
    print(f"{time.monotonic() - began:6.0f} s  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
