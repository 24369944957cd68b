"""What the same machine does at best: the barest answer, the barest write, one clerk alone."""

import gzip
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.test import Client
from django.utils.crypto import get_random_string

from reporting.models import Figure, User
from tests.load.crowd import SESSION, TOKEN
from tests.served import ROOT, free_port

TURNS = 200


def bare_answer() -> float:
    """Return the milliseconds of an answer that nothing is done for."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:cchc_portal.serving"]
    command += ["--bind", f"127.0.0.1:{port}", "tests.load.bare:application"]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        return milliseconds(lambda: asked(f"http://127.0.0.1:{port}", "GET", "/"))
    finally:
        server.terminate()
        server.wait()


def bare_write() -> float:
    """Return the milliseconds of one figure written and committed, on the disk."""
    figure = Figure.objects.order_by("pk")[0]

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE reporting_figure SET note = note WHERE id = %s", [figure.pk])

    return milliseconds(write)


def alone(address: str, clerk: dict[str, Any]) -> tuple[float, float]:
    """Return the milliseconds of the form page and of a cell saved while nobody else is there."""
    client = Client()
    client.force_login(User.objects.get(pk=clerk["user"]))
    token = get_random_string(32)
    headers = {
        "Cookie": f"{SESSION}={client.cookies['sessionid'].value}; {TOKEN}={token}",
        "X-CSRFToken": token,
        "X-Forwarded-Proto": "https",
        "Origin": urlsplit(address)._replace(scheme="https").geturl(),
        "Accept-Encoding": "gzip",
        "Content-Type": "application/json",
    }
    page = milliseconds(lambda: asked(address, "GET", clerk["address"], headers))
    numbers = iter(range(TURNS + 1))

    def save() -> None:
        number = next(numbers)
        entry = {
            "name": f"aloneatnight.{number + 1}",
            "row": clerk["rows"][0],
            "base": 999_999,
            "note": f"Trang {number}",
        }
        content = {"user": clerk["user"], "seen": 999_999, "entries": [entry]}
        answer = asked(address, "POST", f"{clerk['address']}o/", headers, json.dumps(content))
        if [result["is"] for result in json.loads(answer)["results"]] != ["saved"]:
            raise SystemExit(f"A clerk alone cannot save: {answer!r}")

    return page, milliseconds(save)


def milliseconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TURNS + 1):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken[1:])


def asked(
    address: str,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    body: str | None = None,
) -> bytes:
    server = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    server.request(method, path, body, headers or {})
    response = server.getresponse()
    content = response.read()
    if response.status != 200:
        raise SystemExit(f"{path} answers {response.status}")
    server.close()
    is_packed = response.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(content) if is_packed else content
