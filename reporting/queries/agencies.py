"""The agencies of a province: their tree, what hangs on them, what they came out of."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from indicators.queries.functions import called
from reporting.models import (
    Agency,
    Membership,
    RecordLine,
    Submission,
    Succession,
)
from reporting.resources import AgencyResource
from reporting.roster.columns import COLUMNS, Line
from reporting.roster.problems import Known
from reporting.workflow import RoundStatus, State

MOST_SHOWN = 60


def province_of(agency: Agency) -> Agency:
    """Return the top of an agency's tree. No query where it was fetched with what is above it."""
    while agency.parent is not None:
        agency = agency.parent
    return agency


def tree_of(province: Agency) -> dict[int, Agency]:
    """Return the province and all agencies below it by their ids, each with its parent at hand.
    One query."""
    below = Q(parent=province) | Q(parent__parent=province)
    tree = {province.pk: province} | {
        agency.pk: agency for agency in Agency.objects.filter(below).order_by("code")
    }
    for agency in tree.values():
        if agency.parent_id in tree:
            agency.parent = tree[agency.parent_id]
    return tree


def mark_of(agencies: Iterable[Agency]) -> str:
    """Return a mark of agencies as they stand: another one as soon as a value of one differs."""
    names = ("pk", *(name for name in COLUMNS if name != "parent"), "parent_id")
    values = sorted([str(getattr(agency, name)) for name in names] for agency in agencies)
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]


def lines_of(province: Agency) -> dict[str, Line]:
    """Return the agencies below the province as lines of the list, by their codes. One query."""
    written = AgencyResource(province).export().dict
    return {line["code"]: line for line in written}


def known_in(province: Agency, codes: Collection[str]) -> Known:
    """Return what a list that names ``codes`` is judged by. Three queries."""
    tree = lines_of(province)
    strange = {code.lower() for code in codes if code not in tree and code != province.code}
    lowered = Agency.objects.annotate(lowered=Lower("code")).filter(lowered__in=strange)
    return Known(
        province=province.code,
        tree=tree,
        functions=frozenset(called()),
        taken=frozenset(lowered.values_list("lowered", flat=True)),
    )


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on agencies that are to end: their reports that are not approved in open rounds,
    and the roles that people hold there."""

    reports: Sequence[Submission]
    roles: Sequence[Membership]


def hanging_on(agencies: Collection[Agency], day: date) -> Hanging:
    """Return what hangs on ``agencies`` when they end before ``day``. Two queries."""
    reports = Submission.objects.filter(
        agency__in=agencies, round__status=RoundStatus.OPEN.value
    ).exclude(state=State.APPROVED.value)
    return Hanging(
        list(reports.select_related("round", "form_version").order_by("agency_name", "round")),
        list(roles_to_hand_on(agencies, day)),
    )


def roles_to_hand_on(agencies: Collection[Agency], day: date) -> QuerySet[Membership]:
    """Return the roles at ``agencies`` that last until ``day`` or longer; not those of deputies,
    who stand in for somebody there for some days."""
    return (
        Membership.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            agency__in=agencies,
            ended_at__isnull=True,
            stands_in_for__isnull=True,
            user__is_active=True,
        )
        .select_related("user", "agency")
        .order_by("agency__code", "user__full_name", "pk")
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One merger or split: what went over into what, on which day, by which decision."""

    on: date
    legal_basis: str
    old: Sequence[Agency]
    new: Sequence[Agency]


def successions_in(province: Agency) -> list[Succession]:
    """Return all mergers and splits of a province's agencies, the oldest first. One query."""
    here = Q(successor__parent=province) | Q(successor__parent__parent=province)
    return list(
        Succession.objects.filter(here)
        .select_related("predecessor", "successor")
        .order_by("on", "pk")
    )


def chain_of(agency: Agency, successions: Sequence[Succession]) -> list[Step]:
    """Return the steps by which ``agency`` came to be and what became of it, the oldest first."""
    behind = _reached(agency.pk, [(one.successor_id, one.predecessor_id) for one in successions])
    ahead = _reached(agency.pk, [(one.predecessor_id, one.successor_id) for one in successions])
    found = [
        one for one in successions if one.successor_id in behind or one.predecessor_id in ahead
    ]
    steps: dict[tuple[date, str, int], list[Succession]] = {}
    into = [one.successor_id for one in found]
    for one in found:
        is_merger = into.count(one.successor_id) > 1
        centre = one.successor_id if is_merger else -one.predecessor_id
        steps.setdefault((one.on, one.legal_basis, centre), []).append(one)
    return [
        Step(
            on,
            basis,
            old=list(dict.fromkeys(one.predecessor for one in group)),
            new=list(dict.fromkeys(one.successor for one in group)),
        )
        for (on, basis, _), group in steps.items()
    ]


def _reached(start: int, links: Sequence[tuple[int, int]]) -> set[int]:
    """Return ``start`` and all that is reached from it along ``links``.

    >>> sorted(_reached(1, [(1, 2), (2, 3), (4, 1)]))
    [1, 2, 3]
    """
    reached, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for source, target in links:
            if source == here and target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def comes_from(agency: int, other: int, successions: Sequence[Succession]) -> bool:
    """Say whether ``other`` went over into ``agency``, over however many steps, or is it."""
    links = [(one.successor_id, one.predecessor_id) for one in successions]
    return other in _reached(agency, links)


def reports_of(agency: Agency, province: Agency) -> QuerySet[Submission]:
    """Return the reports that the province asked of the agency, newest round first."""
    return (
        Submission.objects.filter(agency=agency, round__province=province)
        .select_related("round", "form_version")
        .order_by(F("round__data_to").desc(nulls_last=True), "round__code", "form_version__code")
    )


def record_of(agency: Agency, province: Agency) -> QuerySet[RecordLine]:
    """Return what the province's record tells of the agency, newest first."""
    lines = RecordLine.objects.filter(agency=agency, province=province)
    return lines.select_related("by", "person").order_by("-pk")


def roles_at_agency(agency: Agency, day: date) -> QuerySet[Membership]:
    """Return the roles that people hold at exactly this agency on ``day``."""
    held = agency.memberships.filter(Membership.holds_on(day), user__is_active=True)
    return held.select_related("user", "stands_in_for").order_by("role", "user__full_name", "pk")
