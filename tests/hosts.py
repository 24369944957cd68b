"""Two hosts that serve one portal, each with what a host has of its own: processes, static files, a
folder of ``var``; they share the database, the uploaded files, and the key that signs.

    python tests/with_postgres.py python -m tests.hosts

Every request of a person goes to the other host than the one before, which is harder than what a
proxy does. Prints what was tried; ends with 1 where something was not so.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

from cchc_portal.passwords import Argon2
from indicators.queries.definitions import form_definition
from reporting.models import AgencyKind, Evidence, Submission, User
from reporting.workflow import Role
from tests import cast
from tests.browsing import Browser
from tests.served import Portal
from tests.twins import throwaway

HOSTS, CELLS, MOST_TRIES = 2, 20, 30
Told = tuple[str, bool]


def main() -> int:
    with (
        throwaway(),
        tempfile.TemporaryDirectory(prefix="cchc-hosts-") as path,
        ExitStack() as stack,
    ):
        call_command("load_catalogue", stdout=sys.stderr)
        report, clerk, reviewer = entered()
        directory = Path(path)
        portals = [stack.enter_context(served(directory, number)) for number in range(HOSTS)]
        told = [
            *typed_by_turns(portals, report, clerk),
            *files_are_everywhere(portals, report, clerk),
            *books_are_everywhere(portals, reviewer, report),
            *failures_are_counted_together(portals),
            *static_names_are_the_same(directory, portals),
        ]
    for words, is_so in told:
        print(f"{'so' if is_so else 'NOT SO':8}{words}")
    return 0 if all(is_so for _, is_so in told) else 1


def entered() -> tuple[Submission, User, User]:
    province = cast.agency("V", "Tỉnh Đông Người", AgencyKind.PROVINCE)
    at = cast.agency("V.1", "Sở Công Thương", AgencyKind.DEPARTMENT, province)
    reviewer = cast.person("duyet", "Trần Minh Hạnh", (Role.REVIEWER, province))
    hasher = Argon2()
    round_ = cast.opened_round(province, "V-NAY", by=reviewer)
    report = cast.report_of(round_, at)
    clerk = cast.clerk_of(at)
    User.objects.update(password=hasher.encode(cast.PASSWORD, hasher.salt()))
    return report, clerk, reviewer


@contextmanager
def served(directory: Path, number: int) -> Iterator[Portal]:
    own = directory / f"host-{number}"
    own.mkdir()
    server = urlsplit(os.environ["DATABASE_URL"])
    portal = Portal(
        own,
        server._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        DEBUG="off",
        MEDIA_ROOT=str(directory / "media"),
    )
    portal.run("manage.py", "collectstatic", "--noinput", "-v0")
    portal.start()
    try:
        yield portal
    finally:
        portal.stop()


def sign_in(browser: Browser, person: str, password: str = cast.PASSWORD) -> int:
    token = browser.token_of("/dang-nhap/")
    posting = {"csrfmiddlewaretoken": token, "username": person, "password": password}
    return browser.ask("POST", "/dang-nhap/", posting)[0]


# What has to be so


def typed_by_turns(portals: list[Portal], report: Submission, clerk: User) -> Iterator[Told]:
    browser = Browser(*portals)
    address = f"/bao-cao/{report.pk}/"
    status = sign_in(browser, clerk.username)
    pages = [browser.get("/bao-cao/") for _ in portals]
    is_in = status == 302 and all(address.encode() in page for page in pages)
    yield "who signs in is signed in at each", is_in
    browser.token_of(address)
    rows = [row for row in form_definition(report.form_version).typed_rows if row.kind == "count"]
    revision, saved = 0, 0
    for number, row in enumerate(rows[:CELLS]):
        entry = {"name": f"twohosts.{number + 1}", "row": row.id, "base": revision, "figure": "12"}
        content = {"user": clerk.pk, "seen": revision, "entries": [entry]}
        status, answer, _ = post_json(browser, f"{address}o/", content)
        result = json.loads(answer) if status == 200 else {"results": []}
        saved += [one["is"] for one in result["results"]] == ["saved"]
        revision = result.get("revision", revision)
    yield f"{saved} of {CELLS} cells saved by turns, revision {revision}", saved == CELLS


def post_json(browser: Browser, address: str, content: object) -> tuple[int, bytes, str]:
    body = json.dumps(content).encode()
    return browser.send(
        "POST", address, body, "application/json", {"X-CSRFToken": browser.cookies["csrftoken"]}
    )


def files_are_everywhere(portals: list[Portal], report: Submission, clerk: User) -> Iterator[Told]:
    browser = Browser(*portals)
    sign_in(browser, clerk.username)
    paper = browser.get(f"/bao-cao/{report.pk}/phu-luc.pdf")
    address = f"/bao-cao/{report.pk}/tep/"
    posting = {
        "csrfmiddlewaretoken": browser.token_of(address),
        "files": SimpleUploadedFile("cong-van.pdf", paper, "application/pdf"),
    }
    status, _, _ = browser.ask("POST", address, posting)
    place = f"{address}{Evidence.objects.get().pk}/"
    same = [browser.get(place) == paper for _ in portals]
    yield f"a file brought to one host comes from each: {status}, {same}", all(same)
    papers = {browser.get(f"/bao-cao/{report.pk}/phu-luc.xlsx") for _ in portals}
    yield "an appendix is the same bytes from each", len(papers) == 1


def books_are_everywhere(
    portals: list[Portal], reviewer: User, report: Submission
) -> Iterator[Told]:
    cast.moved(report, "submit", by=cast.clerk_of(report.agency))
    cast.moved(report, "approve", by=reviewer)
    browser = Browser(*portals)
    sign_in(browser, reviewer.username)
    address = f"/dot/{report.round.code}/quyen/"
    posting = {"csrfmiddlewaretoken": browser.token_of(address), "dang": "quyen"}
    status, _, _ = browser.ask("POST", address, posting)
    portals[0].run("manage.py", "db_worker", "--batch", "--no-startup-delay", "-v0")
    found = re.search(r'href="([^"]+/tep/)"', browser.get(address).decode())
    books = {browser.get(found[1]) for _ in portals} if found else set()
    words = f"a book asked for at one host ({status}) and made at one comes from each"
    yield words, len(books) == 1 and all(book.startswith(b"%PDF") for book in books)


def failures_are_counted_together(portals: list[Portal]) -> Iterator[Told]:
    """As many wrong passwords are heard by both hosts together as by one alone."""
    tries = [
        tries_until_locked(Browser(*there), name)
        for there, name in ((portals[:1], "nguoi-thu-nhat"), (portals, "nguoi-thu-hai"))
    ]
    words = f"wrong passwords until one waits: {tries[0]} at one host, {tries[1]} at both"
    yield words, tries[0] == tries[1] < MOST_TRIES


def tries_until_locked(browser: Browser, name: str) -> int:
    for number in range(1, MOST_TRIES):
        if sign_in(browser, name, "khong-dung") != 200:
            return number
    return MOST_TRIES


def static_names_are_the_same(directory: Path, portals: list[Portal]) -> Iterator[Told]:
    manifests = [
        (directory / f"host-{number}" / "static" / "staticfiles.json").read_bytes()
        for number in range(HOSTS)
    ]
    yield "static files have the same names at each", len(set(manifests)) == 1
    browser = Browser(*portals)
    links = re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.get("/dang-nhap/").decode())
    answers = {browser.ask("GET", link)[0] for link in links for _ in portals}
    yield f"{len(links)} of them, named by one, come from the other: {answers}", answers == {200}


if __name__ == "__main__":
    sys.exit(main())
