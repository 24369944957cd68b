"""Rounds as lists and their own pages show them: counts, who is asked, what is unfinished."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from indicators.kinds import Capacity, Status
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from indicators.queries.versions import in_force
from reporting.collation import by_kind_and_name, vietnamese
from reporting.models import Agency, AgencyKind, RecordLine, Round, RoundForm, Submission
from reporting.periods import Period, PeriodKind, usual
from reporting.tidings import Subject
from reporting.workflow import HANDED_IN, WAITING, RoundStatus, State


def rounds_with_counts(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Annotate rounds with ``expected``, ``waiting`` and ``approved`` submissions, newest first.
    One query."""
    counted = rounds.select_related("province").annotate(
        expected=Count("submissions"),
        waiting=Count("submissions", filter=Q(submissions__state__in=WAITING)),
        approved=Count("submissions", filter=Q(submissions__state=State.APPROVED.value)),
    )
    # Counting groups the query, and a grouped query forgets the order of the model.
    return counted.order_by(F("data_to").desc(nulls_last=True), "code")


# What is decided of a round, for its record and for telling two editors apart

FACTS: Mapping[str, str] = {
    "name": "Tên đợt",
    "period_kind": "Loại kỳ",
    "period_text": "Kỳ in trên phụ lục",
    "data_from": "Số liệu từ ngày",
    "data_to": "Số liệu đến ngày",
    "opens_on": "Mở nhập từ ngày",
    "due_on": "Hạn nộp",
    "closes_on": "Đóng sau ngày",
    "edit_until": "Sửa báo cáo bị trả lại đến hết ngày",
    "notice": "Lưu ý in kèm",
    "splits_capacities": "Tách số của toàn tỉnh",
    "is_archive": "Nhập lại từ báo cáo giấy",
    "summary_version": "Biểu tổng hợp của tỉnh",
} | {f"forms_{kind.value}": f"Biểu của {kind.label}" for kind in AgencyKind}


def facts(round_: Round) -> Mapping[str, object]:
    """Return what stands decided of a round, by the names of ``FACTS``. One query, and the
    version's where it was not fetched."""
    assigned = defaultdict(list)
    lines = RoundForm.objects.filter(round=round_).order_by("form_version__code")
    for kind, code in lines.values_list("agency_kind", "form_version__code"):
        assigned[f"forms_{kind}"].append(code)
    columns = {name: getattr(round_, name) for name in FACTS if not name.startswith("forms_")}
    return columns | {
        "period_kind": PeriodKind(round_.period_kind).label,
        "summary_version": round_.summary_version.code,
        **{name: ", ".join(codes) for name, codes in assigned.items()},
    }


def seen_as(status: str, found: Mapping[str, object]) -> str:
    """Return what a page posts back of the round that it showed: other facts, another text."""
    shown = [status, *(f"{name}={found.get(name, '')}" for name in FACTS)]
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()


def last_act(round_: Round) -> RecordLine | None:
    """Return the last line of the record that is about the round itself."""
    lines = RecordLine.objects.filter(round=round_, subject=Subject.ROUND.value).select_related(
        "by"
    )
    return lines.order_by("-pk").first()


def ending_of(round_: Round) -> RecordLine | None:
    """Return the line of the record that tells who closed or cancelled the round, and why."""
    lines = RecordLine.objects.filter(round=round_, act__in=("close", "cancel"))
    return lines.select_related("by").order_by("-pk").first()


# Opening


class Asked(NamedTuple):
    """One report that a round asks for."""

    agency: Agency
    version: FormVersion
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class Share:
    """What the agencies of one kind are asked for by an opening."""

    kind: AgencyKind
    agencies: int
    reports: int
    forms: Sequence[str]


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a round would do: the reports it would ask for, how many it has asked for
    already, and the agencies that no form is assigned to."""

    missing: Sequence[Asked]
    standing: int
    unasked: Sequence[Agency]

    @property
    def shares(self) -> Sequence[Share]:
        """The missing reports by kind of agency."""
        found = defaultdict(list)
        for asked in self.missing:
            found[AgencyKind(asked.agency.kind)].append(asked)
        return [
            Share(
                kind=kind,
                agencies=len({asked.agency.pk for asked in found[kind]}),
                reports=len(found[kind]),
                forms=sorted({asked.version.code for asked in found[kind]}),
            )
            for kind in AgencyKind
            if kind in found
        ]


@dataclass(frozen=True, slots=True)
class Expected:
    """The reports that a round has asked for: the kinds of their agencies then, and in which
    capacities each agency answers each form."""

    count: int
    kinds: Mapping[int, str]
    capacities: Mapping[tuple[int, int], Collection[str]]

    @classmethod
    def of(cls, round_: Round) -> "Expected":
        """Return what stands in ``round_``. One query."""
        found = list(
            Submission.objects.filter(round=round_).values_list(
                "agency", "agency_kind", "form_version", "capacity"
            )
        )
        capacities = defaultdict(set)
        for agency, _, version, capacity in found:
            capacities[agency, version].add(capacity)
        kinds = {agency: kind for agency, kind, _, _ in found}
        return cls(len(found), kinds, capacities)

    def answers(self, agency: Agency, version: FormVersion, capacity: Capacity) -> bool:
        """Say whether the agency answers the form so already, or answers it all in one report (or
        in two) where the other way was asked for: its figures would be added twice."""
        stands = self.capacities.get((agency.pk, version.pk), ())
        splits = Capacity.BOTH not in stands
        return capacity in stands or (bool(stands) and splits is (capacity is Capacity.BOTH))


def opening_of(round_: Round) -> Opening:
    """Return what opening ``round_`` now would do; an agency that has a report in it is asked as it
    was then, whatever it has become. Three queries, and the forms'."""
    forms = defaultdict(list)
    for line in RoundForm.objects.filter(round=round_).select_related("form_version"):
        forms[line.agency_kind].append(line.form_version)
    at = round_.province_id
    below = Agency.objects.filter(Q(parent=at) | Q(parent__parent=at)).select_related("parent")
    there = [agency for agency in below.order_by("code") if _is_expected(agency, round_)]
    standing = Expected.of(round_)
    asked = [
        Asked(agency, version, capacity)
        for agency in there
        for version in forms[standing.kinds.get(agency.pk, agency.kind)]
        for capacity in _capacities(round_, agency, version)
    ]
    return Opening(
        missing=[
            one for one in asked if not standing.answers(one.agency, one.version, one.capacity)
        ],
        standing=standing.count,
        unasked=sorted(
            (agency for agency in there if not forms[agency.kind]),
            key=lambda agency: vietnamese(agency.name),
        ),
    )


def _is_expected(agency: Agency, round_: Round) -> bool:
    """The agency existed on the day the data close; a round of unknown window expects all."""
    return round_.data_to is None or agency.stands_on(round_.data_to)


def _capacities(round_: Round, agency: Agency, version: FormVersion) -> Sequence[Capacity]:
    """Return in which capacities ``agency`` reports: an agency whose task it is to report the
    province's figure has a report of its own for it, where the round asks for the two apart."""
    if not round_.splits_capacities:
        return (Capacity.BOTH,)
    tasks = {row.designated for row in form_definition(version).rows if row.designated}
    if tasks.isdisjoint(agency.functions.split()):
        return (Capacity.BOTH,)
    return (Capacity.OWN, Capacity.PROVINCE)


# Closing and extending


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The reports of a round in one state that is not the last."""

    state: State
    whose: Sequence[str]


def unfinished_in(round_: Round) -> Sequence[Unfinished]:
    """Return what is not approved in a round, by state, agencies in Vietnamese order. One query."""
    found = defaultdict(list)
    left = Submission.objects.filter(round=round_).exclude(state=State.APPROVED.value)
    for submission in left.only("agency_name", "capacity", "state", "round"):
        found[State(submission.state)].append(submission.whose)
    return [
        Unfinished(state, sorted(found[state], key=vietnamese)) for state in State if state in found
    ]


@dataclass(frozen=True, slots=True)
class Extensible:
    """One agency of a round: where its reports stand, and until when it has been given time."""

    pk: int
    name: str
    kind: AgencyKind
    states: Sequence[tuple[State, int]]
    until: date | None

    @property
    def is_approved(self) -> bool:
        return [state for state, _ in self.states] == [State.APPROVED]

    @property
    def is_handed_in(self) -> bool:
        return all(state in HANDED_IN for state, _ in self.states)

    @property
    def has_begun(self) -> bool:
        return [state for state, _ in self.states] != [State.NOT_STARTED]


def agencies_of(round_: Round) -> Sequence[Extensible]:
    """Return the agencies of a round by kind and in Vietnamese order. One query."""
    lines = defaultdict(list)
    for line in Submission.objects.filter(round=round_).values_list(
        "agency", "agency_name", "agency_kind", "state", "extended_until"
    ):
        lines[line[0]].append(line)
    found = []
    for pk, own in lines.items():
        counts = Counter(state for _, _, _, state, _ in own)
        found.append(
            Extensible(
                pk=pk,
                name=own[0][1],
                kind=AgencyKind(own[0][2]),
                states=[(state, counts[state]) for state in State if counts[state]],
                until=max((until for *_, until in own if until), default=None),
            )
        )
    return sorted(found, key=lambda one: by_kind_and_name(one.kind.value, one.name))


def extensions_of(round_: Round) -> Sequence[RecordLine]:
    """Return the extensions given in a round, the last first. One query."""
    return list(
        RecordLine.objects.filter(round=round_, act="extend")
        .select_related("by", "agency")
        .order_by("-pk")
    )


# Planning


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a new round of a period would be: its code, and the forms of the round before in the
    editions that are in force when the data close."""

    code: str
    summary: FormVersion | None
    forms: Mapping[AgencyKind, Sequence[FormVersion]]


def suggestion(province: Agency, period: Period | None) -> Suggestion:
    """Return what to fill a new round of ``province`` in with. Four queries at most."""
    rounds = Round.objects.filter(province=province, is_archive=False)
    counted = rounds.exclude(status=RoundStatus.CANCELLED.value).order_by(
        F("data_to").desc(nulls_last=True), "-pk"
    )
    alike = counted.filter(period_kind=period.kind.value) if period else counted.none()
    last = alike.first() or counted.first()
    forms: dict[AgencyKind, list[FormVersion]] = {}
    summary = None
    if last is not None:
        right = in_force(period.data_to) if period else {}
        summary = right.get(last.summary_version.form_id, last.summary_version)
        for line in last.forms.select_related("form_version").order_by("pk"):
            version = line.form_version
            chosen = forms.setdefault(AgencyKind(line.agency_kind), [])
            chosen.append(right.get(version.form_id, version))
    return Suggestion(_free_code(province, period) if period else "", summary, forms)


def not_in_force(versions: Sequence[FormVersion], day: date) -> Sequence[str]:
    """Return a sentence for each of ``versions`` that is not the one in force on ``day``: entry of
    old papers may want it, a slip of the list may not. One query."""
    right = in_force(day)
    return [
        f"{version.code}: phiên bản có hiệu lực ngày {day:%d/%m/%Y}"
        f"{f' là {right[version.form_id].code}' if version.form_id in right else ' chưa có'}."
        for version in versions
        if right.get(version.form_id) != version
    ]


def _free_code(province: Agency, period: Period) -> str:
    """Return a code that no round has: a period that was cancelled may be planned again."""
    base = f"{province.code.replace('.', '-')}-{period.code}"
    taken = set(Round.objects.filter(code__startswith=base).values_list("code", flat=True))
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def assignable_versions(round_: Round | None = None) -> Sequence[FormVersion]:
    """Return the forms that a round may be given, each form's newest edition first, with those that
    ``round_`` has been given already. One query."""
    wanted = Q(status=Status.PUBLISHED.value)
    if round_ is not None:
        own = RoundForm.objects.filter(round=round_).values("form_version")
        wanted |= Q(pk=round_.summary_version_id) | Q(pk__in=own)
    found = FormVersion.objects.filter(wanted).select_related("form")
    return list(found.order_by("form__code", "-valid_from", "code"))


# The year


def rounds_of_year(province: Agency, year: int) -> Sequence[Round]:
    """Return the rounds of a province that have days in ``year``. One query."""
    within = (date(year, 1, 1), date(year, 12, 31))
    touches = Q(data_to__range=within) | Q(due_on__range=within) | Q(closes_on__range=within)
    return list(Round.objects.filter(touches, province=province).order_by("data_to", "code"))


def lacking(rounds: Sequence[Round], year: int) -> Sequence[Sequence[Period]]:
    """Return what the usual rhythm of ``year`` asks for and ``rounds`` do not have, each as the
    periods of which one is enough. A cancelled round fills no place."""
    taken = {
        (round_.period_kind, round_.data_to.year, round_.data_to.month)
        for round_ in rounds
        if round_.data_to is not None and round_.status != RoundStatus.CANCELLED
    }
    return [
        choices
        for choices in usual(year)
        if not any(
            (period.kind.value, period.data_to.year, period.data_to.month) in taken
            for period in choices
        )
    ]
