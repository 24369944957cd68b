"""The tables of access, and what the portal answers each person of the crowd."""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from reporting.models import User
from tests.reporting.files_by_hand import ended

ANONYMOUS = "anonymous"
# These answers change nothing.
UNTOUCHED = {"401", "404", "405", "409", "422", "login"}
_WRITES = ("INSERT", "UPDATE", "DELETE")


def lines_of(table: str) -> Sequence[Mapping[str, str]]:
    """Return the lines of a table of access."""
    with (Path(__file__).parent / table).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def named(line: Mapping[str, str]) -> str:
    """Return what a line of a table of access is about."""
    about = line.get("state") or line.get("object") or ""
    return f"{line['name']}-{line['method']}-{about}{line.get('move', '')}"


def expected(
    line: Mapping[str, str],
    crowd: Collection[str],
    *,
    like: Mapping[str, str],
    unlike: Mapping[tuple[str, str], Mapping[str, str]],
) -> Mapping[str, str]:
    """Return the answer to each person: of their own column, or of whom they are like."""
    other = unlike.get((line["name"], line["method"]), {})
    return {
        who: other.get(who) or line[who if who in line else like[who]]
        for who in (ANONYMOUS, *crowd)
    }


def answers(
    method: str,
    path: str,
    sent: Mapping[str, Mapping[str, Any]],
    crowd: Mapping[str, User],
    *,
    untouched: Collection[type[Model]],
) -> Mapping[str, str]:
    """Return what each person is answered, everybody finding the same; assert that a refusal has
    changed nothing in the tables of ``untouched``."""
    found = {}
    for who, request in sent.items():
        with taken_back():
            client = browser_of(crowd.get(who))
            with taken_back(), watched() as writes:
                response = client.generic(method, path, **request)
                answer = str(response.status_code)
                if _leads_to_the_door(response, path):
                    answer = "login"
                ended(response)
                changed = everything(untouched) if writes and answer in UNTOUCHED else None
            assert changed is None or changed == everything(untouched), (who, answer, writes)
        found[who] = answer
    return found


def browser_of(user: User | None) -> Client:
    """Return the browser of a person who has signed in; of nobody, one that has not."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def _leads_to_the_door(response: Any, path: str) -> bool:
    door = reverse("login")
    return bool(response.headers.get("Location") == f"{door}?next={quote(path)}")


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back whatever is done."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Return the statements that write, as they come."""
    writes: list[str] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.lstrip().upper().startswith(_WRITES):
            writes.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield writes


def everything(tables: Collection[type[Model]]) -> list[object]:
    return [list(model._default_manager.order_by("pk").values()) for model in tables]
