"""Texts that break what reads, keeps or shows them carelessly."""

import json
from random import Random
from typing import Any

# What no page may contain as it was sent: an element, or the end of an attribute and another one.
ELEMENT = "<x-fz>"
ATTRIBUTES = ('" fz="', "' fz='")
HEADER = "X-Fz"
ELSEWHERE = "fz.example"

TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "\ufeff",
    "\uffff",
    "\u202eđảo\u202c",
    "\u200b\u200d\u2060",
    "e" + "\u0301" * 300,
    "Đ" * 70_000,
    "𝟙𝟚𝟛",
    "\U0001f600" * 200,
    "../../../../etc/passwd",
    "..\\..\\win.ini",
    "/etc/passwd",
    "file:///etc/passwd",
    f"a\r\n{HEADER}: 1",
    f"a\n{HEADER}: 1\n\nb",
    f"{ELEMENT}<script>alert(1)</script>",
    f"{ATTRIBUTES[0]}1",
    f"{ATTRIBUTES[1]}1",
    f"javascript:alert(1)//{ELEMENT}",
    "{{ 7|add:7 }}{% load x %}{{ settings.SECRET_KEY }}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "' OR '1'='1' --",
    "1; DROP TABLE reporting_figure; --",
    "1) UNION SELECT 1,2,3 --",
    "%' ESCAPE '\\",
    "%s %(a)s {0} {a} %",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    f"//{ELSEWHERE}/",
    f"https://{ELSEWHERE}/",
    f"\\\\{ELSEWHERE}",
    f"/\\{ELSEWHERE}",
    "-1",
    "0",
    "00",
    "1e400",
    "1e9",
    "NaN",
    "-Infinity",
    "9" * 20,
    "9" * 5_000,
    str(2**31),
    str(2**63),
    "0x10",
    "1_000",
    "１２",
    "١٢",
    "²",
    "12,5",
    "1.234.567,89",
    "100%",
    "0/0",
    "=98,64%",
    "30/02/2026",
    "01/01/0001",
    "31/12/9999",
    "01/01/99999",
    "2026-13-40",
    "9999-12-31T23:59:59.999999+14:00",
    "0001-01-01T00:00",
    "true",
    "null",
    "[]",
    '{"a":1}',
    "on",
    "__all__",
    "pk",
    "?" * 500,
    "a" * 1_000 + "!",
    "((((((((((" * 50,
    "[[" * 500,
    "not " * 300 + "1",
    ("1+" * 3_000) + "1",
    "percent([1], [1])",
    "\n" * 2_000,
    "a\tb\t" * 500,
    ";" * 3_000,
)
NUMBERS = (0, -1, 1, 2**31, 2**63, 10**400, 0.1, 1e308, float("nan"), float("-inf"), True)


def text(random: Random, given: str = "") -> str:
    """Return a text: one of these, or one made of what was ``given``."""
    if given and random.random() < 0.3:
        at = random.randrange(len(given) + 1)
        return random.choice(
            (
                given[:at] + random.choice(TEXTS)[:200] + given[at:],
                given * random.randrange(2, 50),
                given[::-1],
                given[:at],
                given.upper(),
            )
        )
    return random.choice(TEXTS)


def value(random: Random, depth: int = 0) -> Any:
    """Return anything that JSON can say."""
    match random.randrange(7 if depth < 3 else 4):
        case 0:
            return None
        case 1:
            return random.choice(NUMBERS)
        case 2 | 3:
            return text(random)
        case 4:
            return [value(random, depth + 1) for _ in range(random.randrange(3))]
        case 5:
            return {text(random)[:30]: value(random, depth + 1) for _ in range(3)}
        case _:
            return [[]]


def changed(random: Random, given: Any) -> Any:
    """Return ``given`` with something wrong at one place of it."""
    match given:
        case dict() if given and random.random() < 0.85:
            name = random.choice(list(given))
            if random.random() < 0.15:
                return {one: each for one, each in given.items() if one != name}
            return given | {name: changed(random, given[name])}
        case list() if given and random.random() < 0.85:
            at = random.randrange(len(given))
            if random.random() < 0.1:
                return given * random.choice((2, 600))
            return [*given[:at], changed(random, given[at]), *given[at + 1 :]]
    return value(random)


def json_body(random: Random, given: Any) -> bytes:
    """Return a body that says it is JSON."""
    match random.randrange(12):
        case 0:
            return b"[" * 100_000
        case 1:
            return b'{"a":' * 5_000 + b"1" + b"}" * 5_000
        case 2:
            return json.dumps(given).encode()[:-3]
        case 3:
            return b'{"user":1,"user":[],"seen":0,"seen":-1,"entries":[],"entries":{}}'
        case 4:
            return json.dumps(given).encode("utf-16")
        case 5:
            return b"\xff\xfe\x00" + json.dumps(given).encode()
        case 6:
            return b'{"user": ' + b"9" * 5_000 + b"}"
        case _:
            return json.dumps(changed(random, given)).encode()
