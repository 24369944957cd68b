"""People with their roles, agencies with who holds them, and what the record says of a person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from unicodedata import normalize

from django.db.models import F, Q, QuerySet

from reporting.models import Agency, AgencyKind, Membership, RecordLine, User
from reporting.queries.agencies import province_of
from reporting.tidings import Subject
from reporting.workflow import Role

_WITH_ALL = ("user", "agency__parent", "stands_in_for", "given_by", "ended_by")
# What people did themselves and what was done about them, as far back as a page tells it.
MOST_LINES = 30


def open_on(day: date) -> Q:
    """The roles that are held on ``day`` or will be: not ended, and their days not over."""
    return Q(ended_at__isnull=True) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def province_of_person(person: User) -> Agency | None:
    """Return the province where all roles of ``person`` are or were; None of several or none."""
    held = Membership.objects.filter(user=person).select_related("agency__parent__parent")
    found = {province_of(one.agency) for one in held}
    return found.pop() if len(found) == 1 else None


def is_alike(one: str, other: str) -> bool:
    """Say whether two names or e-mails are one but for the case of letters. The upper case of
    PostgreSQL is not asked alone: it takes «ı» for «i».

    >>> is_alike("Hoa", "hoa"), is_alike("quantrı", "quantri")
    (True, False)
    """
    return normalize("NFKC", one).casefold() == normalize("NFKC", other).casefold()


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person as a list shows them, with the roles they hold today or will."""

    person: User
    roles: Sequence[Membership]
    is_deputy: bool

    @property
    def never_came(self) -> bool:
        return self.person.is_active and self.person.last_login is None


def listed_people(
    people: QuerySet[User], agencies: QuerySet[Agency], today: date
) -> list[ListedPerson]:
    """Return ``people`` with their roles at ``agencies``. Two queries."""
    held: dict[int, list[Membership]] = defaultdict(list)
    for one in (
        Membership.objects.filter(open_on(today), agency__in=agencies)
        .select_related("agency", "stands_in_for")
        .order_by("agency__code", "pk")
    ):
        held[one.user_id].append(one)
    return [
        ListedPerson(
            person,
            held[person.pk],
            any(one.stands_in_for and holds(one, today) for one in held[person.pk]),
        )
        for person in people
    ]


def holds(membership: Membership, day: date) -> bool:
    """Say of a role whose days are not over whether they have begun."""
    return membership.valid_from is None or membership.valid_from <= day


@dataclass(frozen=True, slots=True)
class RolesOfPerson:
    """The roles of one person, now or to come and past; who stands in for them."""

    now: Sequence[Membership]
    past: Sequence[Membership]
    deputies: Sequence[Membership]


def roles_of(person: User, agencies: QuerySet[Agency], today: date) -> RolesOfPerson:
    """Return the roles of ``person`` at ``agencies``, the newest past ones first. One query."""
    now: list[Membership] = []
    past: list[Membership] = []
    deputies: list[Membership] = []
    for one in (
        Membership.objects.filter(Q(user=person) | Q(stands_in_for=person), agency__in=agencies)
        .select_related(*_WITH_ALL)
        .order_by("agency__code", "pk")
    ):
        is_open = one.ended_at is None and (one.valid_to is None or one.valid_to >= today)
        if one.user_id != person.pk:
            if is_open:
                deputies.append(one)
        else:
            (now if is_open else past).append(one)
    return RolesOfPerson(now, past[::-1], deputies)


@dataclass(frozen=True, slots=True)
class RecordOfPerson:
    """What the record tells: acts about the person or by them, and their signing in and out."""

    acts: Sequence[RecordLine]
    sign_ins: Sequence[RecordLine]


def record_of_person(person: User, agencies: QuerySet[Agency]) -> RecordOfPerson:
    """Return the newest lines of the provinces among ``agencies``. Two queries."""
    lines = RecordLine.objects.filter(province__in=agencies).select_related("by", "person")
    about = lines.filter(Q(person=person) | Q(by=person)).order_by("-pk")
    return RecordOfPerson(
        list(about.exclude(subject=Subject.SIGN_IN)[:MOST_LINES]),
        list(about.filter(subject=Subject.SIGN_IN)[:MOST_LINES]),
    )


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds which role at one agency itself today or will; and the roles nobody holds."""

    agency: Agency
    held: Mapping[Role, Sequence[Membership]]
    lacks: Sequence[Role] = field(default=())


def role_holders(agencies: QuerySet[Agency], today: date) -> list[Holders]:
    """Return the agencies that exist today with who holds roles there. Two queries."""
    held: dict[int, dict[Role, list[Membership]]] = defaultdict(lambda: defaultdict(list))
    for one in (
        Membership.objects.filter(open_on(today), agency__in=agencies, user__is_active=True)
        .select_related("user", "stands_in_for")
        .order_by(F("stands_in_for").asc(nulls_first=True), "pk")
    ):
        held[one.agency_id][Role(one.role)].append(one)
    return [
        Holders(agency, held[agency.pk], _lacking(agency, held[agency.pk], today))
        for agency in agencies.filter(Agency.standing_on(today)).order_by("code")
    ]


def _lacking(
    agency: Agency, held: Mapping[Role, Sequence[Membership]], today: date
) -> Sequence[Role]:
    if agency.kind == AgencyKind.PROVINCE:
        asked = [Role.REVIEWER]
    else:
        asked = [Role.CLERK, *([Role.HEAD] if agency.wants_signature else [])]
    return [role for role in asked if not any(holds(one, today) for one in held.get(role, ()))]
