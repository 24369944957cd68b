"""What Lighthouse gives the ten main pages, as an office screen and as a telephone."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.judges.eyes import chromium

HERE = Path(__file__).parent
# What people see most: address, who opens it.
MAIN_PAGES: Mapping[str, tuple[str, str]] = {
    "sign-in": ("/dang-nhap/", ""),
    "my reports": ("/bao-cao/", "congthuong"),
    "form of 207 rows": ("/bao-cao/{draft}/", "congthuong"),
    "checks": ("/bao-cao/{draft}/kiem-tra/", "congthuong"),
    "handing in": ("/bao-cao/{draft}/gui/", "congthuong"),
    "board": ("/tien-do/", "sonoivu"),
    "round": ("/dot/{round}/", "sonoivu"),
    "report under review": ("/bao-cao/{submitted}/", "sonoivu"),
    "province table": ("/dot/{round}/tong-hop/", "lanhdao"),
    "overview": ("/tong-quan/", "lanhdao"),
}
PRESETS = ("desktop", "mobile")
LEAST = {"performance": 90, "accessibility": 95, "best-practices": 95}
TURNS = 3


@dataclass(frozen=True, slots=True)
class Score:
    """What one page was given in one preset: the median of its turns, and why not more."""

    page: str
    preset: str
    scores: Mapping[str, float]
    metrics: Mapping[str, float]
    turns: int
    faults: Sequence[str]

    @property
    def is_kept(self) -> bool:
        return all(score >= LEAST[what] for what, score in self.scores.items())


def judged_speed(
    address: str, names: Mapping[str, object], sessions: Mapping[str, str]
) -> list[Score]:
    """Have each page judged; one that falls short, which on a busy machine may be chance, is
    judged again, and the median of three turns counts."""
    asked = _asked(address, names, sessions, PRESETS, list(LEAST))
    found = dict(zip(map(_of, asked), ([one] for one in _ran(asked)), strict=True))
    short = [one for one in asked if not _score(found[_of(one)]).is_kept]
    for _ in range(TURNS - 1):
        for one, again in zip(short, _half(short), strict=True):
            found[_of(one)].append(again)
    return [_score(turns) for turns in found.values()]


def judged_quality(
    address: str, names: Mapping[str, object], sessions: Mapping[str, str]
) -> list[Score]:
    """Have each page judged once as an office screen, by what does not hang on the machine."""
    asked = _asked(address, names, sessions, PRESETS[:1], ["accessibility", "best-practices"])
    return [_score([one]) for one in _ran(asked)]


def _asked(
    address: str,
    names: Mapping[str, object],
    sessions: Mapping[str, str],
    presets: Sequence[str],
    categories: Sequence[str],
) -> list[Mapping[str, Any]]:
    return [
        {
            "name": page,
            "address": f"{address}{at.format_map(names)}",
            "session": sessions.get(person, ""),
            "preset": preset,
            "categories": categories,
        }
        for page, (at, person) in MAIN_PAGES.items()
        for preset in presets
    ]


def _of(one: Mapping[str, Any]) -> tuple[str, str]:
    return one["name"], one["preset"]


def _score(turns: Sequence[Mapping[str, Any]]) -> Score:
    def medians(what: str) -> dict[str, float]:
        return {name: median(turn[what][name] for turn in turns) for name in turns[0][what]}

    faults = list(dict.fromkeys(fault for turn in turns for fault in turn["faults"]))
    first = turns[0]
    return Score(
        first["name"], first["preset"], medians("scores"), medians("metrics"), len(turns), faults
    )


def _ran(asked: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Run Lighthouse over the pages, in two processes: it waits more than it works."""
    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(_half, [asked[::2], asked[1::2]]))
    found: list[Mapping[str, Any]] = [{}] * len(asked)
    found[::2], found[1::2] = halves
    return found


def _half(asked: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    answer = subprocess.run(
        ["node", str(HERE / "lighthouse.mjs")],
        input=json.dumps({"chromium": chromium(), "pages": asked}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: list[Mapping[str, Any]] = json.loads(answer.stdout)
    return found
