"""Which pages a replica answers, and when it is left alone. With real servers: `make replica`."""

from collections.abc import Callable

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch, get_resolver

from cchc_portal import replica
from cchc_portal.replica import OLDEST, PAGES, REPLICA, WROTE, Freshness, ReadFromReplica, Router
from reporting.models import Round

ROUTER = Router()
# Here there is one server alone.
THE_SAME = dict.fromkeys((DEFAULT_DB_ALIAS, REPLICA), connections[DEFAULT_DB_ALIAS])


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Freshness:
    """A replica that has everything, and that nobody asks."""
    known = Freshness(as_of=float("inf"), next_asked=float("inf"))
    monkeypatch.setattr(replica, "freshness", known)
    return known


def where(request: HttpRequest) -> HttpResponse:
    """A page that says where it is read from."""
    return HttpResponse(ROUTER.db_for_read(Round) or "primary")


def made(
    view: Callable[[HttpRequest], HttpResponse] = where,
    *,
    name: str = "table",
    method: str = "GET",
    cookies: str = "",
) -> HttpResponse | None:
    """Return what the middleware makes of a request for ``view``; None is for the primary."""
    request = RequestFactory().generic(method, "/", headers={"Cookie": cookies})
    request.resolver_match = ResolverMatch(view, (), {}, url_name=name)
    return ReadFromReplica(view).process_view(request, view, (), {})


def test_a_reading_page_is_read_from_the_replica() -> None:
    response = made()
    assert response is not None
    assert response.content == REPLICA.encode()
    assert ROUTER.db_for_read(Round) is None  # and nothing after it


@pytest.mark.parametrize(
    "other", [{"name": "submission"}, {"method": "POST"}, {"cookies": f"{WROTE}=1"}]
)
def test_others_are_the_primarys(other: dict[str, str]) -> None:
    assert made(**other) is None  # type: ignore[arg-type]


def test_every_page_has_an_address() -> None:
    assert not PAGES.difference(get_resolver().reverse_dict)


@pytest.mark.django_db
def test_a_transaction_stays_with_the_primary() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            return where(request)

    response = made(page)
    assert response is not None
    assert response.content == b"primary"


@pytest.mark.parametrize("fault", [Http404(), OperationalError("gone")])
def test_what_the_replica_cannot_answer_the_primary_does(
    fault: Exception, fresh: Freshness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "connections", THE_SAME)

    def page(request: HttpRequest) -> HttpResponse:
        raise fault

    assert made(page) is None
    # One that is not there yet may be in a moment; one that fails is left alone.
    assert fresh.is_enough() is isinstance(fault, Http404)
    assert ROUTER.db_for_read(Round) is None


def test_other_faults_are_the_pages_own() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        made(page)


@pytest.mark.parametrize(("method", "is_marked"), [("GET", False), ("HEAD", False), ("POST", True)])
def test_who_writes_is_marked(method: str, is_marked: bool) -> None:
    response = ReadFromReplica(where)(RequestFactory().generic(method, "/"))
    assert (WROTE in response.cookies) is is_marked


def test_the_mark_outlives_what_the_replica_may_lack() -> None:
    assert replica.WROTE_FOR > OLDEST + replica.ASKED_EVERY


def test_a_replica_that_never_had_everything_is_not_fresh() -> None:
    known = Freshness()
    for second in range(9):
        known.learn(now=second, written=100, replayed=0)
    assert known.as_of == float("-inf")


def test_a_replica_that_stands_still_grows_old() -> None:
    known = Freshness()
    known.learn(now=0, written=100, replayed=100)
    for second in range(1, 9):
        known.learn(now=second, written=100 + second, replayed=100)
    assert known.as_of == 0


def test_a_replica_that_follows_at_a_distance_is_as_old_as_the_distance() -> None:
    known = Freshness()
    for second in range(9):
        known.learn(now=second, written=100 * second, replayed=100 * second - 150)
    # What was written by second 6 it has had since second 8.
    assert known.as_of == 6


def test_servers_that_are_asked_in_vain_are_not_asked_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def gone() -> int:
        asked.append(1)
        raise OperationalError("gone")

    monkeypatch.setattr(replica, "_written", gone)
    monkeypatch.setattr(replica, "connections", THE_SAME)
    known = Freshness()
    assert not known.is_enough()
    assert not known.is_enough()
    assert len(asked) == 1
