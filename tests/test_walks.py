"""Everybody opens all that their province has, pages and files: nothing in it tells of the other
province, nor of another agency who only fills in for one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from reporting.actions.people import deactivate_person, end_role, give_role
from reporting.models import Round, User
from reporting.workflow import Role
from tests.answers import browser_of, taken_back
from tests.marks import FIGURE, marks_in
from tests.reporting.files_by_hand import ended
from tests.test_addresses import ROUTES, filled
from tests.two_provinces import DRAFT, ELSEWHERE, OWN, PROVINCE, SIBLING, World, addresses

Marks = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    name: str
    path: str
    status: int
    marks: Marks


# What is told of a report and nothing else.
OF_REPORTS = {FIGURE, "note", "comment", "reason", "file", "name"}
# A PDF says what the other formats of the same say, and takes as long as all of them: one a kind.
DRAWN = {"submission-file", "matrix-file", "receipt-file", "letter-file"}
# What is the same for everybody.
UNMARKED = {
    *("blank-file", "trial-file", "version-file", "rule-book-file", "agencies-blank"),
    "book-file",  # one made by hand
}
FILES = ("-file", "-blank", "-original")
# Their addresses name no thing: they are of the province of who asks.
OF_ANY_PROVINCE = {"journal-file", "board-file", "agencies-file", "agencies-blank", "who-may-file"}


def walked(world: World, user: User, *, draws: bool = False) -> list[Answer]:
    """Return what is answered at every address with what Sở Công Thương has; but at that of a code,
    which is for everybody who holds it."""
    Round.objects.update(due_on=timezone.localdate() - timedelta(days=1))  # somebody is late
    client, found = browser_of(user), []
    for name, path in places(world):
        if path.endswith(".pdf") and not (draws and name in DRAWN):
            continue
        found.append(answer_to(client, path, name))
    assert not [one for one in found if one.status >= 500]
    return found


def answer_to(client: Client, path: str, name: str = "") -> Answer:
    with taken_back():
        response = client.get(path)
        found = Answer(name, path, response.status_code, frozenset(marks_in(response)))
        ended(response)
    return found


def places(world: World) -> Iterator[tuple[str, str]]:
    published = dict.fromkeys(addresses(ROUTES, world.named(OWN)))
    drafts = dict.fromkeys(addresses(ROUTES, world.named(OWN, world.drafts[0].code)))
    returned = dict.fromkeys(addresses(ROUTES, world.named(SIBLING)))
    yield from (one for one in published | drafts if one[0] != "verified")
    yield from (one for one in returned if one[0] in {"letter", "letter-file"})
    yield from ((route, filled(route)) for route in ROUTES if route.startswith("quan-tri/"))


def seen(walk: list[Answer]) -> Marks:
    return frozenset().union(*(one.marks for one in walk))


def of(whose: str, *what: str) -> Marks:
    return frozenset((whose, one) for one in what)


def strange(walk: list[Answer], *known: str) -> list[tuple[str, Marks]]:
    """Return what bears the mark of anybody else."""
    marks = {mark for one in walk for mark in one.marks if mark[0] not in known}
    return [(one.path, one.marks & marks) for one in walk if one.marks & marks]


def test_the_reviewer_sees_all_of_the_province_and_nothing_of_another(
    world: World, db: None
) -> None:
    walk = walked(world, world.crowd["reviewer"], draws=True)
    assert not strange(walk, OWN, SIBLING, PROVINCE)
    found = seen(walk)
    assert found >= of(OWN, *OF_REPORTS - {"reason"}, "agency", "person", "letter")
    assert found >= of(SIBLING, "reason")
    files = {one for one in walk if one.status == 200 and one.name.endswith(FILES)}
    assert {one.name for one in files if not one.marks} == UNMARKED
    assert {one.path.rpartition(".")[2] for one in files if one.marks} >= {
        *("xlsx", "docx", "pdf", "csv", "zip")
    }
    summed = {one.name for one in walk if (PROVINCE, FIGURE) in one.marks}
    assert summed >= {"table", "round-file", "overview", "matrix", "round-publish"}


def test_the_viewer_sees_nothing_of_another_province(world: World, db: None) -> None:
    walk = walked(world, world.crowd["viewer"])
    assert not strange(walk, OWN, SIBLING, PROVINCE)
    assert seen(walk) >= of(OWN, *OF_REPORTS - {"reason"}) | of(SIBLING, "reason")


@pytest.mark.parametrize("who", ["clerk", "head"])
def test_who_fills_in_sees_nothing_of_another_agency(who: str, world: World, db: None) -> None:
    """Of Sở Nội vụ the name alone, which has the report and says so on the receipt."""
    user = world.things[OWN].clerk if who == "clerk" else world.crowd[who]
    walk = walked(world, user)
    theirs = [one for one in walk if one.name != "receipt-file"]
    assert not strange(theirs, OWN)
    assert seen(walk) - seen(theirs) == of(SIBLING, "agency")
    assert seen(theirs) >= of(OWN, *OF_REPORTS - {"reason", "name"}, "agency", "person")


def test_the_clerk_of_another_agency_sees_their_own_alone(world: World, db: None) -> None:
    walk = walked(world, world.things[SIBLING].clerk)
    assert not strange(walk, SIBLING)
    assert seen(walk) >= of(SIBLING, "agency", "person", "reason")


def test_the_operator_sees_nothing_of_any_report(world: World, db: None) -> None:
    walk = walked(world, world.crowd["operator"])
    assert not [
        (one.path, one.marks) for one in walk if {what for _, what in one.marks} & OF_REPORTS
    ]
    for whose in (OWN, ELSEWHERE):
        assert seen(walk) >= of(whose, "agency", "person", "letter")


@pytest.mark.parametrize("who", ["former_reviewer", "manager"])
def test_who_has_no_role_here_sees_nothing(who: str, world: World, db: None) -> None:
    walk = walked(world, world.crowd[who])
    assert not strange(walk, *([DRAFT] if who == "manager" else []))
    assert bool(seen(walk)) == (who == "manager")
    assert {one.name for one in walk if one.status == 200} >= {"my-reports", "forms", "notices"}


def files_of(world: World, user: User) -> dict[str, str]:
    """Return the addresses of all files that are sent to a person, each in one format."""
    Round.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    named = {**world.named(SIBLING, world.drafts[0].code), "publication": 1}
    every = dict(reversed([*addresses(ROUTES, named)]))
    files = {name: path for name, path in every.items() if name.endswith(FILES)}
    client = browser_of(user)
    return {name: path for name, path in files.items() if answer_to(client, path).status == 200}


def _end(user: User, world: World) -> None:
    end_role(membership=user.memberships.get(), by=world.crowd["operator"])


def _run_out(user: User, world: World) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    user.memberships.update(valid_from=yesterday, valid_to=yesterday)


def _move(user: User, world: World) -> None:
    """To the other province: who looked after one looks after that one now, all others fill in."""
    role, there = Role.CLERK, world.things[ELSEWHERE].agency
    if user == world.crowd["reviewer"]:
        role, there = Role.REVIEWER, there.parent or there
    _end(user, world)
    give_role(person=user, role=role, agency=there, by=world.crowd["operator"])


def _leave(user: User, world: World) -> None:
    deactivate_person(person=user, reason="Nghỉ hưu.", by=world.crowd["operator"])


ENDS = ((_end, 404), (_run_out, 404), (_move, 404), (_leave, 302))


def test_no_file_is_sent_to_who_may_no_longer_see_it(world: World, db: None) -> None:
    """In a session that began while they might."""
    people = (world.crowd["reviewer"], world.things[SIBLING].clerk, world.crowd["manager"])
    sent = {user: files_of(world, user) for user in people}
    assert set().union(*sent.values()) == {one for one in ROUTES.values() if one.endswith(FILES)}
    wrong: list[object] = []
    for user, files in sent.items():
        client = browser_of(user)
        for ends, status in ENDS:
            with taken_back():
                ends(user, world)
                found = [answer_to(client, path, name) for name, path in files.items()]
            of_there = [one for one in found if ends is _move and one.name in OF_ANY_PROVINCE]
            wrong += strange(of_there, ELSEWHERE)
            wrong += [
                (user, ends, one) for one in found if one not in of_there and one.status != status
            ]
    assert not wrong
