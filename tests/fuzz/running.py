"""Sends requests, each in a transaction that is rolled back: all of them meet the same portal."""

import re
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from time import process_time
from typing import Any
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from indicators.models import Row
from tests.fuzz import names
from tests.fuzz.asking import Asked, Example, nasty, plain
from tests.fuzz.judge import Answer, faults, fingerprint, watched
from tests.fuzz.pages import read
from tests.fuzz.world import World

# Who needs longer than this much work for one request keeps others waiting.
MOST_SECONDS = 8.0
STARTS = ("/", "/quan-tri/", "/bieu-mau/", "/chi-tieu/", "/dang-nhap/", "/kiem-chung/")


@dataclass
class Fuzz:
    """What is asked, by name of address, and what was found to be wrong."""

    world: World
    seed: int
    # So many pages of one address are looked at, by each person.
    pages: int = 1
    is_timed: bool = False
    examples: dict[str, list[tuple[str, Example]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    asked: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    found: dict[str, str] = field(default_factory=dict)
    slowest: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before = fingerprint()
        self.row = Row.objects.get(version__code="PL2-KH-2022", key="1.1").pk

    def ask(self, asked: Asked, number: int | None = None) -> Answer:
        """Send a request, judge the answer, and take back what it did."""
        client = Client(raise_request_exception=False)
        client.cookies.load(dict(self.world.cookies[asked.who]))
        headers: dict[str, Any] = {_meta(name): text for name, text in asked.headers.items()}
        if (cookie := headers.pop("HTTP_COOKIE", "")) and "sessionid" not in cookie:
            client.cookies.load({"x": cookie[:200]})
        began = process_time()
        with transaction.atomic():
            with watched() as writes:
                response = client.generic(
                    asked.method,
                    asked.path,
                    asked.body,
                    asked.content_type,
                    QUERY_STRING=asked.query,
                    **headers,
                )
                body = _read(response)
            answer = Answer(
                response,
                body,
                process_time() - began,
                bool(writes),
                _trace(getattr(response, "exc_info", None)),
            )
            for fault in faults(asked, answer, self.before):
                self._note(fault, asked, number)
            if self.is_timed and answer.seconds > MOST_SECONDS:
                self._note(f"slow\n    {answer.seconds:.1f} s of work", asked, number)
            transaction.set_rollback(True)
        self.asked += 1
        self.statuses[response.status_code] += 1
        told = (answer.seconds, f"#{number} {asked}")
        self.slowest = sorted([*self.slowest, told], reverse=True)[:8]
        return answer

    def _note(self, fault: str, asked: Asked, number: int | None) -> None:
        """Keep the first request of each fault at each address."""
        try:
            at = resolve(unquote(asked.path)).view_name
        except Resolver404:
            at = "no address"
        kind = fault.strip().splitlines()[-1][:160] if "Traceback" in fault else fault[:80]
        self.found.setdefault(f"{at}: {kind}", f"#{number} {asked}\n    {fault}")

    def crawl(self) -> None:
        """Look at every page that each person finds a way to; remember its forms. An address that
        no page leads to is asked by made-up parts."""
        for who in self.world.cookies:
            self._crawl(who)
        for pattern, route in routes(get_resolver()):
            name = _full_name(pattern, route)
            if name not in self.examples:
                path = "/" + re.sub(r"\^|\$|\\Z", "", made_up(route))
                for who in self.world.cookies:
                    self.examples[name].append((who, self._example(name, path)))

    def _crawl(self, who: str) -> None:
        seen = set[str]()
        waiting = list(STARTS)
        looked: Counter[str] = Counter()
        while waiting:
            parts = urlsplit(waiting.pop(0))
            try:
                name = resolve(unquote(parts.path)).view_name
            except Resolver404:
                continue
            address = f"{parts.path}?{parts.query}"
            if address in seen or looked[name] >= self.pages or name == "logout":
                continue
            seen.add(address)
            looked[name] += 1
            example = self._example(name, parts.path, query=parse_qsl(parts.query))
            answer = self.ask(plain(example, who))
            if answer.response.status_code in {200, 405}:
                self.examples[name].append((who, example))
            if location := answer.response.headers.get("Location"):
                waiting.append(urljoin(parts.path, location))
            if answer.response.headers.get("Content-Type", "").startswith("text/html"):
                waiting += self._read(who, parts.path, answer.body.decode("utf-8", "replace"))

    def _read(self, who: str, path: str, page: str) -> Iterator[str]:
        links, forms = read(page)
        for link in links:
            yield urljoin(path, link)
        for form in forms:
            action = urlsplit(urljoin(path, form.action) or path)
            try:
                name = resolve(unquote(action.path)).view_name
            except Resolver404:
                continue
            example = self._example(
                name, action.path, parse_qsl(action.query), form.pairs[:60], form.files
            )
            if sum(bool(one.pairs) for of, one in self.examples[name] if of == who) < 3:
                self.examples[name].append((who, example))
            if form.method == "GET":
                yield action.path

    def _example(
        self,
        name: str,
        path: str,
        query: Sequence[tuple[str, str]] = (),
        pairs: Sequence[tuple[str, str]] = (),
        files: Sequence[str] = (),
    ) -> Example:
        looked_for = sorted(names.names_of(resolve(unquote(path)).func))
        return Example(name, path, query, pairs, files, looked_for, self._json(looked_for))

    def _json(self, looked_for: Sequence[str]) -> object:
        """Return what an open sheet posts to a view that looks for it."""
        if "entries" not in looked_for:
            return None
        entry = {"name": "fuzzfuzz.1", "row": self.row, "base": 0, "figure": "4", "note": "x"}
        return {"user": self.world.people["hoa"].pk, "seen": 0, "entries": [entry]}

    def attack(self, number: int) -> None:
        """Send one nasty request, mostly by somebody who may enter there. Addresses follow one
        another; the same number of the same seed is the same request."""
        random = Random(f"{self.seed}/{number}")
        names = sorted(self.examples)
        who, example = random.choice(self.examples[names[number % len(names)]])
        if random.random() < 0.15:
            who = random.choice([*self.world.cookies])
        self.ask(nasty(random, example, who), number)


def _meta(name: str) -> str:
    return f"HTTP_{name.upper().replace('-', '_')}"


def _trace(raised: Any) -> str:
    """Return the end of the trace of what was raised, if anything was."""
    return "".join(traceback.format_exception(*raised)[-8:]) if raised else ""


def _read(response: object) -> bytes:
    parts = getattr(response, "streaming_content", None)
    return b"".join(parts) if parts is not None else bytes(response.content)  # type: ignore[attr-defined]


def routes(of: URLResolver, before: str = "") -> Iterator[tuple[URLPattern, str]]:
    for pattern in of.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield pattern, route


def _full_name(pattern: URLPattern, route: str) -> str:
    try:
        return resolve("/" + made_up(route)).view_name
    except Resolver404:
        return str(pattern.name or route)


MADE_UP: Mapping[str, str] = {
    "int": "1",
    "slug": "MH-QUY",
    "uuid": "00000000-0000-0000-0000-000000000000",
    "path": "a/b",
}


def made_up(route: str) -> str:
    """Return an address of the route: its parts are made up, an ending is the route's first."""

    def part(match: re.Match[str]) -> str:
        kind = match[1] or "str"
        if kind.endswith("format") or kind == "writing":
            return "docx" if "letter" in kind else "xlsx"
        return MADE_UP.get(kind, "a")

    return re.sub(r"<(?:([\w-]+):)?\w+>", part, route)
