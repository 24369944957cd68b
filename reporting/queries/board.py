"""The board: where every agency of a province stands in each of some rounds."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import FilteredRelation, Q, Value
from django.db.models.functions import Coalesce, NullIf

from indicators.catalogue.spelling import says
from indicators.kinds import Capacity
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.collation import by_kind_and_name, vietnamese
from reporting.models import Agency, AgencyKind, Round, Submission
from reporting.numbers import rounded
from reporting.progress import Facts, Only, Progress, progress_of, wanted_by
from reporting.queries.submissions import filed_in
from reporting.workflow import RoundStatus, State


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the board is narrowed to; ``only`` asks where the agency stands in the round ``at``."""

    kind: str = ""
    area: str = ""
    search: str = ""
    only: Only = Only.ALL
    at: int | None = None


class Placed(NamedTuple):
    """One report in a cell."""

    progress: Progress
    pk: int


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One agency: its reports by the id of their round, the worst of each round first. A round that
    expects nothing of it is not there."""

    pk: int
    name: str
    kind: AgencyKind
    area: str
    reports: Mapping[int, Sequence[Placed]]

    def fits(self, wanted: Wanted) -> bool:
        if wanted.only is Only.ALL or wanted.at is None:
            return True
        return any(wanted.only in one.progress.only for one in self.reports.get(wanted.at, ()))


# What the totals of a round count, in the order in which they are told.
COUNTED = (
    Only.ALL,
    Only.SENT,
    Only.ON_TIME,
    Only.LATE,
    Only.NOT_SENT,
    Only.OVERDUE,
    Only.RETURNED,
    Only.APPROVED,
)
_TIMED = frozenset({Only.ON_TIME, Only.LATE, Only.OVERDUE})


@dataclass(frozen=True, slots=True)
class Totals:
    """The reports of one round, counted. ``timed`` are those of which it is known whether they
    came in time: what was handed in at least once, and what is overdue."""

    counts: Mapping[Only, int]
    timed: int

    @property
    def percent_on_time(self) -> Decimal | None:
        """The part handed in on time of those ``timed``, to one decimal; None of none."""
        on_time = Decimal(self.counts[Only.ON_TIME])
        return rounded(100 * on_time / self.timed, 1) if self.timed else None


@dataclass(frozen=True, slots=True)
class Board:
    """All agencies that were asked for, by kind and in Vietnamese order; ``totals`` of each round
    are those of the ``agencies`` that kind, area and search leave, wherever they stand."""

    rows: Sequence[BoardRow]
    totals: Mapping[int, Totals]
    agencies: int
    kinds: Sequence[AgencyKind]
    areas: Sequence[str]


def rounds_of(province: Agency) -> list[Round]:
    """Return the rounds of ``province`` that were opened once, newest first. One query."""
    return list(Round.objects.filter(province=province).exclude(status=RoundStatus.PLANNED.value))


def board(province: Agency, rounds: Sequence[Round], wanted: Wanted, today: date) -> Board:
    """Return where the agencies of ``province`` stand in ``rounds``. Five queries, and the forms'
    where this process has not read them yet, whatever the number of agencies and rounds."""
    reports = _reports(rounds, today)
    agencies = _agencies(province, rounds, wanted.at, today)
    chosen = [one for one in agencies if _is_chosen(one, wanted)]
    rows = [
        BoardRow(one.pk, one.name, AgencyKind(one.kind), one.area, reports.get(one.pk, {}))
        for one in chosen
    ]
    return Board(
        rows=[row for row in rows if row.fits(wanted)],
        totals={one.pk: _totals(rows, one) for one in rounds},
        agencies=len(rows),
        kinds=list(dict.fromkeys(AgencyKind(one.kind) for one in agencies)),
        areas=sorted({one.area for one in agencies if one.area}, key=vietnamese),
    )


Reports = Mapping[int, Mapping[int, Sequence[Placed]]]
# What the number of rows asked of an agency depends on: form version, kind, functions, capacity.
Whose = tuple[int, str, str, str]


def _reports(rounds: Sequence[Round], today: date) -> Reports:
    """Return the reports of ``rounds`` by agency and round. They are read as plain values: there
    may be tens of thousands. Four queries and the forms'."""
    terms = {one.pk: (one.due_on, one.edit_until, RoundStatus(one.status)) for one in rounds}
    submissions = Submission.objects.filter(round__in=list(terms)).values_list(
        "pk",
        "agency_id",
        "round_id",
        "state",
        "answered",
        "form_version_id",
        "agency_kind",
        "agency_functions",
        "capacity",
    )
    stored = list(submissions.iterator(chunk_size=5000))
    typed = _typed_rows({line[5:] for line in stored})
    filings = filed_in(terms)
    own_terms = _own_terms(rounds)
    found: dict[int, dict[int, list[Placed]]] = defaultdict(dict)
    for line in stored:
        pk, agency, round_, state, answered = line[:5]
        due_on, edit_until, status = terms[round_]
        extended_until, mends = own_terms.get(pk, (None, False))
        filed = filings.get(pk)
        facts = Facts(
            _STATES[state],
            answered,
            typed[line[5:]],
            wanted_by(due_on, edit_until, extended_until, mends=mends),
            extended_until,
            # Without a due day nothing is in time or late.
            filed.is_late if filed and due_on else None,
            filed is not None and filed.is_nil,
            status,
        )
        found[agency].setdefault(round_, []).append(Placed(progress_of(facts, today), pk))
    for placed in (cell for of_agency in found.values() for cell in of_agency.values()):
        if len(placed) > 1:
            placed.sort(key=_worst_first)
    return found


# Looked up tens of thousands of times.
_STATES = {state.value: state for state in State}


def _worst_first(one: Placed) -> tuple[object, ...]:
    return *one.progress.rank, one.pk


def _typed_rows(wanted: Collection[Whose]) -> Mapping[Whose, int]:
    """Return how many rows each is to type. One query and the forms'."""
    versions = FormVersion.objects.select_related("form").in_bulk({whose[0] for whose in wanted})
    return {
        (pk, kind, functions, capacity): len(
            form_definition(versions[pk]).typed_by(kind, functions, Capacity(capacity))
        )
        for pk, kind, functions, capacity in wanted
    }


def _own_terms(rounds: Sequence[Round]) -> Mapping[int, tuple[date | None, bool]]:
    """Return, by id, until when the few reports were extended that were, and whether they are being
    mended: read apart, because a date and a flag of each of all would cost more. One query."""
    found = Submission.objects.filter(round__in=[one.pk for one in rounds])
    few = found.filter(Q(extended_until__isnull=False) | Q(mends=True))
    return {
        pk: (extended_until, mends)
        for pk, extended_until, mends in few.values_list("pk", "extended_until", "mends")
    }


class _Named(NamedTuple):
    """An agency as a row of the board."""

    pk: int
    name: str
    kind: str
    area: str


def _agencies(
    province: Agency, rounds: Sequence[Round], at: int | None, today: date
) -> list[_Named]:
    """Return who has reports in ``rounds``, and who exists today and has none: by kind,
    departments before communes, and in Vietnamese order within a kind. Who was asked in the round
    ``at`` is called, and stands, as it was then. One query."""
    asked = Submission.objects.filter(round__in=[one.pk for one in rounds])
    below = Q(parent=province) | Q(parent__parent=province)
    # What was filed on paper is expected of nobody else.
    has_own = any(not one.is_archive for one in rounds)
    expected = below & Agency.standing_on(today) if has_own else Q(pk=None)
    found = Agency.objects.filter(expected | Q(pk__in=asked.values("agency")))
    asked_then = FilteredRelation("submissions", condition=Q(submissions__round=at))
    # The oldest reports do not say in which area their agency was: it is then where it is today.
    as_it_was = [
        Coalesce(NullIf(f"asked_then__agency_{part}", Value("")), part)
        for part in ("name", "kind", "area")
    ]
    lines = found.annotate(asked_then=asked_then).order_by().values_list("pk", *as_it_was)
    # Who answers twice in the round comes twice.
    named = {pk: _Named(pk, *line) for pk, *line in lines}
    return sorted(named.values(), key=lambda one: by_kind_and_name(one.kind, one.name))


def _is_chosen(agency: _Named, wanted: Wanted) -> bool:
    return (
        wanted.kind in {"", agency.kind}
        and wanted.area in {"", agency.area}
        and says(wanted.search, agency.name)
    )


def _totals(rows: Sequence[BoardRow], round_: Round) -> Totals:
    cells = filter(None, (row.reports.get(round_.pk) for row in rows))
    counted = Counter(one.progress.only for cell in cells for one in cell)
    return Totals(
        counts={only: sum(n for among, n in counted.items() if only in among) for only in COUNTED},
        timed=sum(n for among, n in counted.items() if not _TIMED.isdisjoint(among)),
    )


class Told(NamedTuple):
    """What the file of the board tells of a report beside where it stands."""

    form: str
    capacity: str
    state_at: datetime
    filed_at: datetime | None
    received_on: date | None


def told_of(rounds: Sequence[Round]) -> Mapping[int, Told]:
    """Return, by id, what is told of the reports of ``rounds``, with their first handing in. One
    query."""
    found = Submission.objects.filter(round__in=[one.pk for one in rounds]).annotate(
        first=FilteredRelation("filings", condition=Q(filings__number=1))
    )
    told = found.values_list(
        "pk", "form_version__code", "capacity", "state_at", "first__at", "first__received_on"
    )
    return {pk: Told(*line) for pk, *line in told.iterator(chunk_size=5000)}
