"""What is neither GET nor POST: HEAD is answered as GET and writes nothing, all else is refused."""

from collections.abc import Mapping
from typing import Any

from django.test import Client

from tests.answers import ANONYMOUS, browser_of, taken_back, watched
from tests.reporting.files_by_hand import ended
from tests.test_addresses import FORM, ROUTES, filled
from tests.two_provinces import OWN, World, addresses

TAKEN_BY_NONE = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
# One of these may look at whatever is looked at.
PEOPLE = (ANONYMOUS, "reviewer", "manager", "operator", "own_clerk")
# What a look leaves: who was here, how often.
_ASIDE = ("django_session", "reporting_tally")


def paths(world: World) -> Mapping[str, str]:
    """Return every address with things of one agency or a draft in it, a file in one format."""
    found = dict(addresses(ROUTES, world.named(OWN, world.drafts[0].code)))
    found |= {route: filled(route) for route in ROUTES if route.startswith("quan-tri/")}
    assert len(found) == len(ROUTES)
    return found


def asked(client: Client, method: str, path: str, body: str = "") -> tuple[Any, list[str]]:
    """Return what is answered, and what was written, which is taken back."""
    with taken_back(), watched() as writes:
        response = client.generic(method, path, body, FORM)
        ended(response)
    said = response.headers
    answer = response.status_code, said.get("Allow"), said.get("Location")
    return answer, [one for one in writes if not any(table in one for table in _ASIDE)]


def test_no_address_takes_a_method_that_no_page_takes(world: World, db: None) -> None:
    wrong = []
    for who in PEOPLE:
        client = browser_of(world.crowd.get(who))
        for path in paths(world).values():
            for method in TAKEN_BY_NONE:
                found = asked(client, method, path, "act=x&revision=0")
                if found != ((405, "GET, HEAD, POST", None), []):
                    wrong.append((who, method, path, *found))
    assert not wrong


def test_head_is_answered_as_get_and_writes_nothing(world: World, db: None) -> None:
    """Each address by everybody up to the first who may look at it."""
    browsers = {who: browser_of(world.crowd.get(who)) for who in PEOPLE}
    wrong, looked_at = [], 0
    for name, path in paths(world).items():
        for who, client in browsers.items():
            wanted, _ = asked(client, "GET", path)
            found, writes = asked(client, "HEAD", path)
            # What is taken out stands in the record: such a file is sent, or not asked for.
            is_recorded = name.endswith("-file") and found == (405, "GET", None)
            if writes or wanted[0] >= 500 or not (found == wanted or is_recorded):
                wrong.append((who, path, wanted, found, *writes))
            if who != ANONYMOUS and wanted[0] == 200:
                looked_at += 1
                break
    assert not wrong
    assert looked_at > 100
