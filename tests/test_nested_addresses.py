"""An address that names two things, the second of them another one's: nobody is led to it."""

import re
from collections.abc import Callable, Mapping
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from reporting.actions.accounts import invitation_path, reset_path
from reporting.models import User
from tests.answers import ANONYMOUS, answers
from tests.reporting.test_access import KEPT
from tests.test_addresses import ROUTES
from tests.two_provinces import ELSEWHERE, LAYOUT, OWN, SIBLING, World

FORM = "application/x-www-form-urlencoded"
# What an address names besides a thing: the way of a file, an act.
WAYS = {"extension", "name"}

Named = dict[str, object]


def nested() -> set[str]:
    """Return the names of all addresses that name two things or more."""
    return {
        name
        for route, name in ROUTES.items()
        if len(set(re.findall(r"<(?:[\w-]+:)?(\w+)>", route)) - WAYS) > 1
    }


def named_within(world: World) -> Mapping[str, tuple[Named, Named]]:
    """Return by the name of an address a first thing with what it has, and what only another has
    (of the same kind; the clerk of both and the reviewer may see that other one, too)."""
    own, sibling, elsewhere = (world.things[one].named for one in (OWN, SIBLING, ELSEWHERE))
    first, second = world.drafts
    report: Named = {"pk": own["report"]}
    round_: Named = {"code": own["round"]}
    file = {"file": own["file"]}, {"file": sibling["file"]}
    filing = {"number": own["filing"]}, {"number": sibling["filing"]}
    book = {"pk": own["book"]}, {"pk": elsewhere["book"]}
    publication = tuple(
        {"layout": LAYOUT, "number": one["publication"]} for one in (own, elsewhere)
    )
    upload = {"pk": first.uploads.get().pk}, {"pk": second.uploads.get().pk}

    def both(parent: Named, *children: Mapping[str, object], **more: object) -> tuple[Named, Named]:
        mine, theirs = ({**parent, **child, **more} for child in children)
        return mine, theirs

    return {
        "row": both(report, {"key": "1.1"}, {"key": "7.7.7"}),
        "evidence-file": both(report, *file),
        "evidence-removal": both(report, *file),
        "filing": both(report, *filing),
        "filing-file": both(report, *filing, extension="csv"),
        "receipt-file": both(report, *filing, extension="docx"),
        "reminder-file": both(
            round_,
            {"agency": own["agency"]},
            {"agency": elsewhere["agency"]},
            extension="docx",
        ),
        "book-cancel": both(round_, *book),
        "book-file": both(round_, *book),
        "publication": both(round_, *publication),
        "publication-row": both(round_, *publication, key="1.1"),
        "publication-file": both(round_, *publication, extension="csv"),
        "upload-preview": both({"code": first.code}, *upload),
        "upload-original": both({"code": first.code}, *upload),
    }


# These have tests of their own.
LINKS = {"reset", "invitation"}  # a person and a word that is theirs
OF_DJANGO = {"admin:view_on_site"}  # nothing has a page outside the administration: always 404


def test_every_address_of_two_things_is_tried(world: World, db: None) -> None:
    assert nested() == set(named_within(world)) | LINKS | OF_DJANGO


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", sorted(nested() - LINKS - OF_DJANGO))
def test_what_another_has_is_not_found(name: str, method: str, world: World, db: None) -> None:
    mine, theirs = (reverse(name, kwargs=one) for one in named_within(world)[name])
    request = {"data": "comment=a", "content_type": FORM}
    ask = partial(answers, method, crowd=world.crowd, untouched=KEPT)
    found = ask(theirs, dict.fromkeys((ANONYMOUS, *world.crowd), request))
    outside = {ANONYMOUS: "login" if method == "GET" else "401"}
    outside["gone"] = outside[ANONYMOUS]
    assert {who: found[who] for who in outside} == outside
    # An address that only takes the other method says so before it looks.
    inside = {found[who] for who in world.crowd if who not in outside}
    assert inside in ({"404"}, {"405"})
    if inside == {"404"}:  # while somebody is led to what is its own
        answered = ask(mine, dict.fromkeys(("own_clerk", "reviewer", "manager"), request))
        assert set(answered.values()) & {"200", "302", "409", "422"}


@pytest.mark.parametrize("path_of", [invitation_path, reset_path])
def test_a_link_to_a_password_is_worth_nothing_for_another_person(
    path_of: Callable[[User], str], world: World, db: None, client: Client
) -> None:
    own, other = (world.things[one].clerk for one in (OWN, ELSEWHERE))
    begin, number, word, end = re.split(r"(?<=/)([^/]+)/([^/]+)(?=/$)", path_of(own))
    theirs = path_of(other).split("/")[-3]
    assert theirs != number
    assert client.get(f"{begin}{theirs}/{word}{end}").status_code == 410
    page = client.get(f"{begin}{number}/{word}{end}").headers["Location"]  # the word is kept here
    posted = {"new_password1": "mat-khau-dai-2026", "new_password2": "mat-khau-dai-2026"}
    assert client.post(page.replace(number, theirs), posted).status_code == 410
    assert User.objects.get(pk=other.pk).password == other.password
    assert client.post(page, posted).status_code == 302
    assert User.objects.get(pk=own.pk).password != own.password
