"""One request, as bytes; made from what a page holds, or at random."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

from tests.fuzz import names, texts
from tests.fuzz.uploads import upload

URLENCODED = "application/x-www-form-urlencoded"
METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "FZ")
# Beside those that the code looks for: what proxies, browsers and frameworks act upon.
HEADERS = (
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Content-Encoding",
    "Cookie",
    "Forwarded",
    "Host",
    "HX-Current-URL",
    "HX-History-Restore-Request",
    "HX-Request",
    "HX-Target",
    "If-Modified-Since",
    "If-None-Match",
    "Origin",
    "Range",
    "Referer",
    "X-CSRFToken",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-HTTP-Method-Override",
    "X-Original-URL",
    "X-Request-ID",
    "X-Requested-With",
    "X-Rewrite-URL",
)


@dataclass(frozen=True, slots=True)
class Example:
    """One address as it was found on a page, or made up, with what a form there would post."""

    name: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    pairs: Sequence[tuple[str, str]] = ()
    files: Sequence[str] = ()
    looked_for: Sequence[str] = ()
    json: Any = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and who sends it."""

    who: str
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str = URLENCODED
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        body = f" {self.content_type} {self.body[:300]!r}" if self.body else ""
        headers = f" {dict(self.headers)}" if self.headers else ""
        address = f"{self.path[:200]}{'?' if self.query else ''}{self.query[:300]}"
        return f"{self.who or 'nobody'}: {self.method} {address}{headers}{body}"


def quoted(text: str) -> str:
    """Percent-encode a text, what is no UTF-8 of it included."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def form(pairs: Sequence[tuple[str, str]]) -> str:
    return "&".join(f"{quoted(name)}={quoted(text)}" for name, text in pairs)


def plain(example: Example, who: str) -> Asked:
    """Return the request that looks at an address as it was found."""
    return Asked(who, "GET", example.path, form(example.query))


def nasty(random: Random, example: Example, who: str) -> Asked:
    """Return a request to the address with something wrong in one or some of its parts."""
    usual = "POST" if example.pairs or example.files or example.json is not None else "GET"
    method = usual if random.random() < 0.8 else random.choice(METHODS)
    query = list(example.query)
    if method == "GET" or random.random() < 0.2:
        query = _pairs(random, example, [*query, *example.pairs][:40])
    path = _path(random, example.path) if random.random() < 0.12 else example.path
    body, kind = b"", URLENCODED
    if method not in {"GET", "HEAD", "OPTIONS"}:
        body, kind = _body(random, example)
    return Asked(who, method, path, _query(random, query), body, kind, _headers(random))


def _path(random: Random, path: str) -> str:
    parts = path.strip("/").split("/")
    parts[random.randrange(len(parts))] = quoted(texts.text(random)[:300])
    return "/" + "/".join(parts) + random.choice(("/", "", "//", "/."))


def _pairs(
    random: Random, example: Example, given: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return the pairs with some changed, missing, doubled or added."""
    pairs = list(given)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        at = random.randrange(len(pairs) + 1)
        if at == len(pairs) or random.random() < 0.3:
            pool = random.choice((example.looked_for, names.everywhere())) or names.everywhere()
            pairs.append((random.choice(pool), texts.text(random)))
        elif random.random() < 0.15:
            del pairs[at]
        elif random.random() < 0.15:
            pairs.insert(at, (pairs[at][0], texts.text(random, pairs[at][1])))
        else:
            pairs[at] = (pairs[at][0], texts.text(random, pairs[at][1]))
    if random.random() < 0.02:
        pairs += [(f"x{number}", "1") for number in range(3_000)]
    return pairs


def _query(random: Random, pairs: Sequence[tuple[str, str]]) -> str:
    query = form(pairs)
    if random.random() < 0.03:
        query += random.choice(("&%", "&=%FF%FE", "&a=%C0%AF", ";;;", "&" * 2_000, "%00=1"))
    return query[:60_000]


def _headers(random: Random) -> dict[str, str]:
    if random.random() < 0.7:
        return {}
    name = random.choice(HEADERS)
    text = texts.text(random).replace("\r", "").replace("\n", "")[:4_000]
    if name == "Cookie":
        text = f"{random.choice(('sessionid', 'csrftoken', 'messages', 'x'))}={text}"
    # A server hands headers over as bytes of Latin-1.
    return {name: text.encode("utf-8", "surrogatepass").decode("latin-1")}


def _body(random: Random, example: Example) -> tuple[bytes, str]:
    if example.json is not None and random.random() < 0.85:
        return texts.json_body(random, example.json), "application/json"
    pairs = _pairs(random, example, example.pairs)
    if example.files or random.random() < 0.15:
        return _multipart(random, pairs, example.files or ("file",))
    body = form(pairs).encode()
    match random.randrange(15):
        case 0:
            kinds = ("", "text/plain", "application/json", "multipart/form-data", "a/b;;=")
            return body, random.choice(kinds)
        case 1:
            return body, f"{URLENCODED}; charset={texts.text(random)[:20]!r}"
        case 2:
            return texts.json_body(random, dict(pairs)), "application/json"
        case 3:
            body = random.randbytes(300)
        case 4:
            body = b"%FF%FE=%C0%AF&%=&=&&;" + body
        case 5:
            body = body + b"&" + form(pairs[::-1]).encode()
    return body, URLENCODED


def _multipart(
    random: Random, pairs: Sequence[tuple[str, str]], files: Sequence[str]
) -> tuple[bytes, str]:
    end = "fz-boundary"
    parts = [
        (f'form-data; name="{_in_quotes(name)}"', text.encode("utf-8", "surrogatepass"))
        for name, text in pairs
    ]
    for name in files:
        called, content = upload(random)
        parts.append((f'form-data; name="{name}"; filename="{_in_quotes(called)}"', content))
    body = b"".join(
        b"--%s\r\nContent-Disposition: %s\r\n\r\n%s\r\n"
        % (end.encode(), said.encode("utf-8", "surrogatepass"), content)
        for said, content in parts
    )
    body += f"--{end}--\r\n".encode()
    match random.randrange(14):
        case 0:
            body = body[: len(body) // 2]
        case 1:
            end = "another"
        case 2:
            body = body.replace(b"form-data", b"attachment", 1)
        case 3:
            body = body.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1)
        case 4:
            return body, "multipart/form-data"
        case 5:
            return body, f"multipart/form-data; boundary={'x' * 500}"
    return body, f"multipart/form-data; boundary={end}"


def _in_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "")
