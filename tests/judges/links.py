"""Whether the links of the pages lead somewhere: one of each kind, by each person."""

import re
from collections.abc import Iterable, Mapping
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qsl, urlsplit
from urllib.request import Request, urlopen

from django.urls import resolve
from django.urls.exceptions import Resolver404

from tests.judges.eyes import Judged

SECONDS = 60


def judged_links(judged: Iterable[Judged], sessions: Mapping[str, str]) -> tuple[list[str], int]:
    """Follow one link of each kind; return those that lead nowhere, and how many were followed."""
    chosen: dict[tuple[str, ...], tuple[str, Judged]] = {}
    for page in judged:
        for link in page.links:
            chosen.setdefault((page.by, *_kind(link)), (link, page))
    faults = []
    for link, page in chosen.values():
        if why := _refusal(link, sessions.get(page.by, "")):
            faults.append(f"{page.name}: {link} answers {why}")
    return faults, len(chosen)


def _kind(link: str) -> tuple[str, ...]:
    """Return by which view and with which words of the query a link is answered."""
    parts = urlsplit(link)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return (re.sub(r"\d+", "1", parts.path),)
    extension = str(match.kwargs.get("extension", ""))
    return (match.view_name, extension, *sorted(name for name, _ in parse_qsl(parts.query)))


def _refusal(link: str, session: str) -> str:
    request = Request(link, headers={"Cookie": f"sessionid={session}"} if session else {})  # noqa: S310 - our own server
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            answer.read()
    except HTTPError as error:
        return str(error.code)
    except (URLError, HTTPException, TimeoutError) as error:
        return str(error)
    return ""
