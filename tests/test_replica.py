"""Which pages a replica answers, and when it is left alone. With real servers: `make replica`."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import (
    DEFAULT_DB_ALIAS,
    OperationalError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)
from django.db.utils import ConnectionRouter
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch, get_resolver

from cchc_portal import replica
from cchc_portal.replica import OLDEST, PAGES, REPLICA, WROTE, Freshness, ReadFromReplica, Router
from reporting.models import Round, User
from tests.test_errors import LOST

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
    return HttpResponse(ROUTER.db_for_read(Round))


def made(
    view: Callable[[HttpRequest], HttpResponse] = where,
    *,
    name: str = "table",
    method: str = "GET",
    cookies: str = "",
    user: User | AnonymousUser | None = None,
) -> HttpResponse | None:
    """Return what the middleware makes of a request for ``view``; None is for the primary."""
    request = RequestFactory().generic(method, "/", headers={"Cookie": cookies})
    request.user = user or AnonymousUser()
    request.resolver_match = ResolverMatch(view, (), {}, url_name=name)
    return ReadFromReplica(view).process_view(request, view, (), {})


def test_a_reading_page_is_read_from_the_replica() -> None:
    response = made()
    assert response is not None
    assert response.content == REPLICA.encode()
    assert ROUTER.db_for_read(Round) == DEFAULT_DB_ALIAS  # and nothing after it


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
    assert response.content == DEFAULT_DB_ALIAS.encode()


def test_what_came_from_the_replica_is_written_and_followed_up_in_the_primary() -> None:
    read = Round()
    read._state.db = REPLICA
    django = ConnectionRouter([ROUTER])
    assert django.db_for_read(Round, instance=read) == DEFAULT_DB_ALIAS
    assert django.db_for_write(Round, instance=read) == DEFAULT_DB_ALIAS


@pytest.mark.django_db
def test_roles_are_read_from_the_primary_and_once(hoa: User) -> None:
    """One just given is known to both makings of the page, and one just taken to neither."""
    account = User.objects.get(pk=hoa.pk)
    from_the_replica = []

    def noted(execute: Callable[..., object], *query: object) -> object:
        from_the_replica.append(replica._is_reading.get())
        return execute(*query)

    def page(_: HttpRequest) -> HttpResponse:
        return HttpResponse(str(account.roles_held))

    with connection.execute_wrapper(noted):
        response = made(page, user=account)
    assert response is not None
    assert from_the_replica == [False]


@pytest.mark.parametrize("fault", [Http404(), OperationalError("gone"), LOST])
def test_what_the_replica_cannot_answer_the_primary_does(
    fault: Exception, fresh: Freshness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "connections", THE_SAME)

    def page(request: HttpRequest) -> HttpResponse:
        raise fault

    assert made(page) is None
    # One that is not there yet may be in a moment; one that fails is left alone.
    assert fresh.is_enough() is isinstance(fault, Http404)
    assert ROUTER.db_for_read(Round) == DEFAULT_DB_ALIAS


@pytest.mark.parametrize("fault", [ZeroDivisionError(), ProgrammingError("no such column")])
def test_other_faults_are_the_pages_own(fault: Exception, fresh: Freshness) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        raise fault

    with pytest.raises(type(fault)):
        made(page)
    assert fresh.is_enough()


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


@pytest.mark.parametrize("fault", [OperationalError("gone"), LOST])
def test_servers_that_are_asked_in_vain_are_not_asked_again_at_once(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def gone() -> int:
        asked.append(1)
        raise fault

    monkeypatch.setattr(replica, "_written", gone)
    monkeypatch.setattr(replica, "connections", THE_SAME)
    known = Freshness()
    assert not known.is_enough()
    assert not known.is_enough()
    assert len(asked) == 1
