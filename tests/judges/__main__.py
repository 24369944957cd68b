"""Have outside judges look at every page of the portal: ``make judges``.

    python -m tests.judges [--chosen] [PART-OF-AN-ADDRESS]

Fills a throwaway database with the example data, serves it on loopback as an installation does
(gunicorn, compressed static files, no debugging), and exits with 1 where any judge finds a fault.
With a part of an address only the pages there are looked at, and Lighthouse is left out. With
``--chosen``, as CI runs it: of each page its first state and its first refused posting, without
the walk by keyboard and the links; of Lighthouse, no performance.
"""

import argparse
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

from tests.judges.eyes import Judged, look, open_eyes
from tests.judges.lighthouse import LEAST, Score, judged_quality, judged_speed
from tests.judges.links import judged_links
from tests.judges.markup import judged_markup
from tests.judges.pages import PAGES, Seen, chosen
from tests.served import Portal

PROCESSES = 2
# Small enough for a file that is too large to be sent at once.
MOST_MEGABYTES = "1"
MOST_TOLD = 200
# What is chosen for CI is judged with fewer: its example is there in a third of the time.
FEW_COMMUNES = 27


def main(part: str, *, is_chosen: bool) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cchc-judges-") as name:
        directory = Path(name)
        portal = Portal(
            directory,
            f"sqlite:///{directory / 'portal.sqlite3'}",
            DEBUG="off",
            EVIDENCE_MAX_MB=MOST_MEGABYTES,
        )
        prepared = filled(portal, *([FEW_COMMUNES] if is_chosen else []))
        told(began, f"the example portal is ready at {portal.address}")
        portal.start()
        try:
            judge = judged_as_chosen if is_chosen else judged
            faults = judge(portal.address, prepared, directory, part, began)
        finally:
            portal.stop()
    for fault in faults[:MOST_TOLD]:
        print("FAULT", fault)
    told(began, f"{len(faults)} faults")
    return 1 if faults else 0


def filled(portal: Portal, *communes: int) -> Mapping[str, Any]:
    """Make the example portal, in all states; return what ``prepared`` says of it."""
    portal.prepare()
    portal.run("manage.py", "collectstatic", "--noinput", "-v0")
    file = portal.directory / "prepared.json"
    portal.run("-m", "tests.judges.prepared", str(file), *map(str, communes))
    found: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def judged(
    address: str, prepared: Mapping[str, Any], directory: Path, part: str, began: float
) -> list[str]:
    names, sessions = prepared["names"], prepared["sessions"]
    wanted = [seen for seen in PAGES if part in seen.address]
    pages, faults = judged_pages(address, prepared, directory, wanted, began)
    astray, count = judged_links(pages, sessions)
    told(began, f"links: {count} kinds followed, {len(astray)} lead nowhere")
    if part:
        return [*faults, *astray]
    return [*faults, *astray, *judged_by_lighthouse(judged_speed(address, names, sessions), began)]


def judged_as_chosen(
    address: str, prepared: Mapping[str, Any], directory: Path, part: str, began: float
) -> list[str]:
    wanted = [seen for seen in chosen(PAGES) if part in seen.address]
    _, faults = judged_pages(address, prepared, directory, wanted, began, has_keys=False)
    if part:
        return faults
    scores = judged_quality(address, prepared["names"], prepared["sessions"])
    return [*faults, *judged_by_lighthouse(scores, began)]


def judged_pages(
    address: str,
    prepared: Mapping[str, Any],
    directory: Path,
    wanted: Sequence[Seen],
    began: float,
    *,
    has_keys: bool = True,
) -> tuple[list[Judged], list[str]]:
    """Let axe, the eyes and the Nu HTML checker judge; return the pages, and all faults."""
    pages = seen_by_axe(address, prepared["names"], prepared["sessions"], wanted, has_keys)
    faults = [f"{page.name}: {fault}" for page in pages for fault in page.faults]
    told(began, f"axe-core and eyes: {len(pages)} states at 1440 and 390, {len(faults)} faults")

    files = written(directory / "html", pages, prepared["letters"])
    errors, warned = judged_markup(files)
    told(began, f"Nu HTML checker: {len(files)} documents, {len(errors)} errors")
    for words, count in warned.most_common(10):
        print(f"    warned {count} times: {words}")
    return pages, [*faults, *errors]


def seen_by_axe(
    address: str,
    names: Mapping[str, object],
    sessions: Mapping[str, str],
    wanted: Sequence[Seen],
    has_keys: bool,
) -> list[Judged]:
    """Look at the pages in two processes, each with a browser of its own."""
    settings = (address, names, sessions, has_keys)
    with ProcessPoolExecutor(
        PROCESSES, get_context("spawn"), initializer=open_eyes, initargs=settings
    ) as pool:
        return list(pool.map(look, [PAGES.index(seen) for seen in wanted]))


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


def judged_by_lighthouse(scores: Sequence[Score], began: float) -> list[str]:
    asked = [what for what in LEAST if what in scores[0].scores]
    print(f"{'':30}" + "".join(f"{what:>16}" for what in asked) + "   measured (turns)")
    for one in scores:
        figures = "".join(f"{one.scores[what]:>16.0f}" for what in asked)
        metrics = ", ".join(f"{name} {value:.4g}" for name, value in one.metrics.items())
        print(f"{one.page + ', ' + one.preset:30}{figures}   {metrics} ({one.turns})")
    faults = [
        f"Lighthouse, {one.page}, {one.preset}: {dict(one.scores)} {one.faults}"
        for one in scores
        if not one.is_kept
    ]
    told(began, f"Lighthouse: {len(scores)} pages and presets, {len(faults)} fall short")
    return faults


def told(began: float, words: str) -> None:
    print(f"{time.monotonic() - began:6.0f} s  {words}", flush=True)


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.judges")
    parser.add_argument("part", nargs="?", default="")
    parser.add_argument("--chosen", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    wanted = asked()
    sys.exit(main(wanted.part, is_chosen=wanted.chosen))
