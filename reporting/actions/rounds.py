"""The acts on rounds: plan one and open it to the agencies that report in it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from indicators.kinds import Capacity, Status
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.models import (
    Agency,
    AgencyKind,
    Round,
    RoundForm,
    Submission,
    Transition,
    User,
)
from reporting.workflow import RoundStatus, State


@transaction.atomic
def plan_round(
    *,
    round: Round,
    forms: Mapping[AgencyKind, Sequence[FormVersion]],
) -> Round:
    """Store a new round with the forms that each kind of agency fills in; check its dates.

    Raises django's ValidationError with a sentence for each wrong date.
    """
    round.full_clean()
    for versions in forms.values():
        require_distinct(versions)
    round.save()
    RoundForm.objects.bulk_create(
        RoundForm(round=round, agency_kind=kind.value, form_version=version)
        for kind, versions in forms.items()
        for version in versions
    )
    return round


def require_distinct(versions: Sequence[FormVersion]) -> None:
    """Raise ValidationError unless one agency may fill in all of ``versions`` in a round: they are
    published, and ask for no indicator twice, which would add the agency's figure twice."""
    asked: dict[str, str] = {}
    for version in versions:
        if version.status != Status.PUBLISHED:
            raise ValidationError(f"Biểu mẫu {version.code} chưa công bố nên chưa giao được.")
        for row in form_definition(version).rows:
            if not row.is_added:
                continue
            other = asked.setdefault(row.indicator, version.code)
            if other != version.code:
                raise ValidationError(
                    f"Biểu mẫu {version.code} và {other} cùng hỏi chỉ tiêu «{row.label}» nên không"
                    " giao cho cùng một loại đơn vị: số của đơn vị sẽ bị cộng hai lần."
                )


@transaction.atomic
def open_round(*, round: Round, by: User | None, via: str = "page") -> int:
    """Create the submissions that the round expects and lacks; return how many were made.

    Running it again makes only what is missing, so an agency added later gets its own.
    """
    forms = list(RoundForm.objects.filter(round=round).select_related("form_version"))
    below = Agency.objects.filter(parent=round.province)
    agencies = below | Agency.objects.filter(parent__parent=round.province)
    return expect(
        round=round,
        asked=[
            (agency, form.form_version, capacity)
            for agency in agencies.order_by("code")
            for form in forms
            if form.agency_kind == agency.kind and _exists_during(agency, round)
            for capacity in _capacities(round, agency, form.form_version)
        ],
        by=by,
        via=via,
    )


def _capacities(round_: Round, agency: Agency, version: FormVersion) -> Sequence[Capacity]:
    """Return in which capacities ``agency`` reports: an agency whose task it is to report the
    province's figure has a report of its own for it, where the round asks for the two apart."""
    if not round_.splits_capacities:
        return (Capacity.BOTH,)
    tasks = {row.designated for row in form_definition(version).rows if row.designated}
    if tasks.isdisjoint(agency.functions.split()):
        return (Capacity.BOTH,)
    return (Capacity.OWN, Capacity.PROVINCE)


@transaction.atomic
def expect(
    *,
    round: Round,
    asked: Iterable[tuple[Agency, FormVersion, Capacity]],
    by: User | None,
    via: str = "page",
) -> int:
    """Create the submissions of ``asked`` that are not there yet, and open the round."""
    # Two openings at once take turns, so that each makes what the other has left.
    current = Round.objects.select_for_update().get(pk=round.pk)
    if current.status == RoundStatus.PLANNED:
        round.status = RoundStatus.OPEN.value
        round.save(update_fields=["status"])
    existing = set(round.submissions.values_list("agency", "form_version", "capacity"))
    now = timezone.now()
    made = Submission.objects.bulk_create(
        Submission(
            round=round,
            agency=agency,
            form_version=version,
            capacity=capacity.value,
            agency_name=agency.name,
            agency_kind=agency.kind,
            agency_functions=agency.functions,
            agency_area=agency.area,
            place=agency.place,
            signer_title=agency.signer_title,
            state_at=now,
        )
        for agency, version, capacity in asked
        if (agency.pk, version.pk, capacity.value) not in existing
    )
    Transition.objects.bulk_create(
        Transition(
            submission=submission,
            move="open",
            target=State.NOT_STARTED.value,
            by=by,
            at=now,
            via=via,
        )
        for submission in made
    )
    return len(made)


@transaction.atomic
def reschedule_round(*, round: Round, opens_on: date, due_on: date, closes_on: date) -> None:
    """Set the days of entry of a round; raises django's ValidationError if out of order."""
    round.opens_on, round.due_on, round.closes_on = opens_on, due_on, closes_on
    round.full_clean()
    round.save(update_fields=["opens_on", "due_on", "closes_on"])


def _exists_during(agency: Agency, round_: Round) -> bool:
    """The agency existed on the day the data close; a round of unknown window expects all."""
    day = round_.data_to
    if day is None:
        return True
    began = agency.valid_from is None or agency.valid_from <= day
    return began and (agency.valid_to is None or day <= agency.valid_to)
