"""What every answer of the portal must be, whatever was asked."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http.response import HttpResponseBase

from tests.fuzz.asking import Asked
from tests.fuzz.texts import ATTRIBUTES, ELEMENT, HEADER

# What only the inside of the portal knows: a trace, a query, a place on its disk.
INSIDE = re.compile(
    rb"Traceback \(most recent|site-packages|psycopg\.|sqlite3\.|django\.(?:db|core|http)\."
    rb"|no such (?:table|column)|violates (?:unique|check|not-null)|UNIQUE constraint"
    rb'|SELECT "|INSERT INTO|' + re.escape(str(settings.BASE_DIR)).encode()
)
VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.I
)
# Of these a refusal may leave a line: how often was asked, who tried to sign in.
_MAY_GROW = {"reporting.tally", "reporting.recordline"}
# Of many boxes, these save what can be read and give back what cannot: no typing is lost.
_KEEPS_THE_READABLE = {"submission", "previous", "nil", "paste"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer read to its end, with what it cost in seconds of work and what it wrote."""

    response: HttpResponseBase
    body: bytes
    seconds: float
    wrote: bool
    trace: str = ""


def faults(asked: Asked, answer: Answer, before: str) -> Iterator[str]:
    """Say everything that is wrong with an answer; ``before`` is the state that it was given in."""
    response, body = answer.response, answer.body
    status, kind = response.status_code, response.headers.get("Content-Type", "")
    if status >= 500:
        yield f"{status}\n{answer.trace}"
    if found := INSIDE.search(body):
        yield f"tells what only the inside knows: {found[0]!r}"
    yield from _headers(asked, response)
    if kind.startswith("text/html"):
        yield from _reflected(body.decode("utf-8", "replace"))
    elif kind == "application/json" and body:
        yield from _reflected_in_json(json.loads(body))
    if status >= 400:
        has_words = VIETNAMESE.search(_words(body, kind))
        if asked.method != "HEAD" and not has_words and (status, body) != (401, b""):
            yield f"{status} without Vietnamese words: {body[:80]!r}"
        match = getattr(response, "resolver_match", None)
        keeps_some = status == 422 and match is not None and match.view_name in _KEEPS_THE_READABLE
        if answer.wrote and not keeps_some and fingerprint() != before:
            yield f"{status}, and yet something was changed"


def _words(body: bytes, kind: str) -> str:
    if kind == "application/json" and body:
        return json.dumps(json.loads(body), ensure_ascii=False)
    return body.decode("utf-8", "replace")


EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
}
# What a browser would run or draw as the portal's own, if it were opened.
_ACTIVE = ("text/html", "image/svg", "text/xml", "application/xml", "application/xhtml")


def _headers(asked: Asked, response: HttpResponseBase) -> Iterator[str]:
    said = response.headers
    if HEADER in said:
        yield "a header was put in"
    for name, wanted in EVERYWHERE.items():
        if wanted not in said.get(name, ""):
            yield f"{name}: {said.get(name)}"
    if "unsafe" in said.get("Content-Security-Policy", ""):
        yield "a policy that lets anything run"
    if "Content-Disposition" in said and said["Content-Type"].startswith(_ACTIVE):
        yield f"a download as {said['Content-Type']}"
    if (host := urlsplit(said.get("Location", "")).netloc) not in {"", "testserver"}:
        yield f"leads to {host}"
    for cookie in response.cookies.values():
        if cookie.key == settings.SESSION_COOKIE_NAME and cookie.value and not cookie["httponly"]:
            yield "a session's cookie that scripts can read"
        if not cookie["samesite"]:
            yield f"the cookie {cookie.key} goes with requests from anywhere"


def _reflected(page: str) -> Iterator[str]:
    for sign in (ELEMENT, *ATTRIBUTES):
        if sign in page:
            yield f"gives back {sign} as markup: …{page[max(page.index(sign) - 80, 0) :][:160]}…"


def _reflected_in_json(value: Any) -> Iterator[str]:
    """A text with tags of the portal's own is put into the page as markup."""
    match value:
        case str() if re.search(r"</(?:p|div|span|li|ul|a|td)>", value):
            yield from _reflected(value)
        case dict():
            for one in value.values():
                yield from _reflected_in_json(one)
        case list():
            for one in value:
                yield from _reflected_in_json(one)


def fingerprint() -> str:
    """Return the hash of all that the portal keeps, of what a refusal may leave behind apart."""
    digest = sha256()
    for app in ("indicators", "reporting"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model._meta.label_lower not in _MAY_GROW:
                # What PostgreSQL's driver gives of bytes would be written as where it lies.
                rows = [
                    [bytes(one) if isinstance(one, memoryview) else one for one in row]
                    for row in model._base_manager.order_by("pk").values_list()
                ]
                digest.update(repr((model._meta.label_lower, rows)).encode("utf-8", "replace"))
    return digest.hexdigest()


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collect the statements that write."""
    found: list[str] = []

    def look(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if str(sql).lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            found.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found
