"""People and agencies by the name that somebody types, among those whose record they read."""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from indicators.catalogue.spelling import says
from reporting.models import Agency, Round, User
from reporting.queries.record import Reads
from reporting.workflow import Role


def agencies_named(words: str, reads: Reads) -> Collection[int]:
    """Return the ids of the agencies with ``words`` in their name, or of the one with that code.
    One query."""
    at = reads.provinces
    found = Agency.objects.all()
    if not reads.is_operator:
        found = found.filter(Q(pk__in=at) | Q(parent__in=at) | Q(parent__parent__in=at))
    return _named(words, found.values_list("pk", "code", "name"))


def people_named(words: str, reads: Reads) -> Collection[int]:
    """Return the ids of the people with ``words`` in their name, or of the one who signs in by it.
    One query."""
    at = reads.provinces
    found = User.objects.all()
    if not reads.is_operator:
        known = Q(memberships__agency__in=at) | Q(memberships__agency__parent__in=at)
        known |= Q(memberships__agency__parent__parent__in=at) | Q(is_staff=True)
        if reads.catalogue:
            known |= Q(memberships__role=Role.MANAGER.value)
        found = found.filter(known).distinct()
    return _named(words, found.values_list("pk", "username", "full_name"))


def rounds_read(reads: Reads) -> QuerySet[Round]:
    """Return the rounds whose record is read, newest first."""
    return Round.objects.filter(province__in=reads.provinces)


def _named(words: str, found: Iterable[tuple[int, str, str]]) -> Collection[int]:
    lines = list(found)
    exact = {pk for pk, code, _ in lines if code.casefold() == words.casefold()}
    return exact or {pk for pk, _, name in lines if says(words, name)}
