"""What a reviewer compares a report with, and the reports that wait beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from indicators.catalogue.spelling import says
from reporting.collation import by_kind_and_name
from reporting.filing import cells_of, whose
from reporting.models import Filing, Look, Submission, User
from reporting.snapshot import Cell
from reporting.workflow import WAITING


def last_look(submission: Submission, *, by: User) -> Look | None:
    """Return how far ``by`` has seen the report; None where they never looked. One query."""
    return Look.objects.filter(submission=submission, user=by).first()


@dataclass(frozen=True, slots=True)
class FiledBefore:
    """The handing in before the last one."""

    number: int
    at: datetime
    cells: Mapping[str, Cell]


def filed_before(submission: Submission) -> FiledBefore | None:
    """Return the handing in before the last one of a report; None where there was one at most. One
    query."""
    found = Filing.objects.filter(submission=submission).order_by("-number")[1:2]
    for number, at, content in found.values_list("number", "at", "content"):
        return FiledBefore(number, timezone.localtime(at), cells_of(content))
    return None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A report that waits beside the one on the page."""

    pk: int
    agency: str


@dataclass(frozen=True, slots=True)
class Line:
    """Where a report stands among those that wait, in the desk's order. ``place`` counts from 1; 0
    where the report itself does not wait, or was not asked for."""

    place: int = 0
    length: int = 0
    before: Neighbour | None = None
    after: Neighbour | None = None

    @property
    def next(self) -> Neighbour | None:
        """What a reviewer goes on with: the one after this, after the last what was passed over."""
        return self.after or self.before


def line_of(submission: Submission, *, state: str = "", search: str = "") -> Line:
    """Return where the report stands among those of its round that wait, of one state and with
    ``search`` in the agency's name where that is asked for. One query."""
    states = frozenset({state}) if state in WAITING else WAITING
    found = Submission.objects.filter(
        Q(state__in=states) | Q(pk=submission.pk), round=submission.round_id
    ).order_by("agency__code", "form_version__code", "-capacity")
    every = [_Waiting(*one) for one in found.values_list("pk", "state", *_NAMED)]
    every.sort(key=lambda one: by_kind_and_name(one.kind, one.agency))
    wanted = {one.pk for one in every if one.state in states and says(search, one.agency)}
    line = [one for one in every if one.pk in wanted or one.pk == submission.pk]
    at = [one.pk for one in line].index(submission.pk)
    return Line(
        place=at + 1 if submission.pk in wanted else 0,
        length=len(wanted),
        before=_neighbour(line[:at][-1:]),
        after=_neighbour(line[at + 1 :][:1]),
    )


_NAMED = ("agency_name", "capacity", "agency_kind")


class _Waiting(NamedTuple):
    pk: int
    state: str
    agency: str
    capacity: str
    kind: str


def _neighbour(found: Sequence[_Waiting]) -> Neighbour | None:
    if not found:
        return None
    return Neighbour(found[0].pk, whose(found[0].agency, found[0].capacity))
