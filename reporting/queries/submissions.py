"""Submissions as lists show them, and the neighbours of one submission in time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from indicators.kinds import Kind
from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import Source
from reporting.models import AgencyKind, Round, Submission
from reporting.snapshot import FigureStatus
from reporting.workflow import State

_ANSWERED = (
    Q(figures__row__formula="")
    & ~Q(figures__row__kind=Kind.HEADING.value)
    & (
        Q(figures__number__isnull=False)
        | Q(figures__status__in=[FigureStatus.NIL.value, FigureStatus.OUT_OF_SCOPE.value])
        | ~Q(figures__choice="")
        | ~Q(figures__text="")
    )
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One submission as a list shows it: how much of its form is answered, and if it is late."""

    submission: Submission
    answered: int
    typed: int
    is_late: bool

    @property
    def state(self) -> State:
        return State(self.submission.state)


def listed(submissions: QuerySet[Submission], today: date) -> list[Listed]:
    """Return ``submissions`` with all that a list prints, newest round first. One query, and
    the forms'."""
    found = (
        submissions.annotate(answered=Count("figures", filter=_ANSWERED))
        .select_related("agency", "round", "form_version__form", "state_by")
        .order_by(
            F("round__data_to").desc(nulls_last=True),
            "round__code",
            "agency__code",
            "form_version__code",
        )
    )
    return [
        Listed(
            submission,
            answered=submission.answered,
            typed=len(form_definition(submission.form_version).typed_rows),
            is_late=is_late(submission, today),
        )
        for submission in found
    ]


def of_round(round_: Round) -> QuerySet[Submission]:
    return Submission.objects.filter(round=round_)


def waiting_in(round_: Round) -> int:
    """Return how many submissions of the round wait to be looked at."""
    return of_round(round_).filter(state=State.SUBMITTED.value).count()


def is_late(submission: Submission, today: date) -> bool:
    """Not handed in although the round's due date has passed."""
    due = submission.round.due_on
    return (
        due is not None
        and due < today
        and submission.state
        not in {
            State.SUBMITTED,
            State.APPROVED,
        }
    )


def previous_submission(submission: Submission) -> Submission | None:
    """Return the agency's last approved submission of an earlier round, of the same form if
    there is one, else of any; None when there is none or the round's window is unknown."""
    if submission.round.data_to is None:
        return None
    same_form = Exists(
        Submission.objects.filter(
            pk=OuterRef("pk"), form_version__form=submission.form_version.form_id
        )
    )
    return (
        Submission.objects.filter(
            agency=submission.agency_id,
            state=State.APPROVED.value,
            round__data_to__lt=submission.round.data_to,
        )
        .annotate(same_form=same_form)
        .select_related("round", "form_version__form")
        .order_by("-same_form", "-round__data_to")
        .first()
    )


def sources(submissions: Iterable[Submission]) -> Sequence[Source]:
    """Return submissions, fetched with their form version, as sources of totals."""
    return [
        Source(
            submission_id=submission.pk,
            agency=submission.agency_name,
            is_vertical=submission.agency_kind == AgencyKind.VERTICAL,
            functions=frozenset(submission.agency_functions.split()),
            form=form_definition(submission.form_version),
            is_approved=submission.state == State.APPROVED,
        )
        for submission in submissions
    ]
