"""Submissions as lists show them, and the neighbours of one submission in time."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from indicators.kinds import Scope
from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import Source
from reporting.models import AgencyKind, Figure, Round, Submission
from reporting.snapshot import FigureStatus
from reporting.workflow import State

_ANSWERED = (
    Q(number__isnull=False)
    | Q(status__in=[FigureStatus.NIL.value, FigureStatus.OUT_OF_SCOPE.value])
    | ~Q(choice="")
    | ~Q(text="")
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One submission as a list shows it: how many of the rows asked of its agency are answered,
    and if it is late."""

    submission: Submission
    answered: int
    typed: int
    is_late: bool

    @property
    def state(self) -> State:
        return State(self.submission.state)


def listed(submissions: QuerySet[Submission], today: date) -> list[Listed]:
    """Return ``submissions`` with all that a list prints, newest round first. Two queries,
    and the forms'."""
    found = list(
        submissions.select_related("agency", "round", "form_version__form", "state_by").order_by(
            F("round__data_to").desc(nulls_last=True),
            "round__code",
            "agency__code",
            "form_version__code",
        )
    )
    asked = _asked_rows(found)
    answered = _answered(asked)
    return [
        Listed(
            submission,
            answered=answered[submission.pk],
            typed=len(asked[submission.pk]),
            is_late=is_late(submission, today),
        )
        for submission in found
    ]


def _asked_rows(submissions: Iterable[Submission]) -> Mapping[int, Set[int]]:
    """Return, by submission, the ids of the rows that its agency is to fill in."""
    found: dict[int, Set[int]] = {}
    known: dict[tuple[int, str, str], Set[int]] = {}
    for submission in submissions:
        kind, functions = submission.agency_kind, submission.agency_functions
        place = submission.form_version_id, kind, functions
        if place not in known:
            known[place] = {
                row.id
                for row in form_definition(submission.form_version).typed_rows
                if row.scope(kind, functions.split()) is not Scope.OUTSIDE
            }
        found[submission.pk] = known[place]
    return found


def _answered(asked: Mapping[int, Set[int]]) -> Counter[int]:
    """Return how many of the rows ``asked`` of each submission are answered. Counted here: what
    is asked differs from agency to agency, and grouping in the store takes no less time."""
    given = Figure.objects.filter(_ANSWERED, submission__in=list(asked))
    pairs = given.values_list("submission_id", "row_id").iterator(chunk_size=5000)
    return Counter(submission for submission, row in pairs if row in asked[submission])


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
    earlier = _approved_for(submission).filter(round__data_to__lt=submission.round.data_to)
    return earlier.order_by("-same_form", "-round__data_to").first()


def same_period_last_year(submission: Submission) -> Submission | None:
    """Return the agency's approved submission of the same kind of period a year before: one whose
    data end in the same month. As with ``previous_submission``, of the same form if there is one.
    """
    ends = submission.round.data_to
    if ends is None:
        return None
    alike = _approved_for(submission).filter(
        round__period_kind=submission.round.period_kind,
        round__data_to__year=ends.year - 1,
        round__data_to__month=ends.month,
    )
    return alike.order_by("-same_form", "-round__data_to").first()


def _approved_for(submission: Submission) -> QuerySet[Submission]:
    """The agency's approved submissions, each with ``same_form``."""
    same_form = Exists(
        Submission.objects.filter(
            pk=OuterRef("pk"), form_version__form=submission.form_version.form_id
        )
    )
    return (
        Submission.objects.filter(agency=submission.agency_id, state=State.APPROVED.value)
        .annotate(same_form=same_form)
        .select_related("round", "form_version__form")
    )


def sources(submissions: Iterable[Submission]) -> Sequence[Source]:
    """Return submissions, fetched with their form version, as sources of totals."""
    return [
        Source(
            submission_id=submission.pk,
            agency=submission.agency_name,
            kind=AgencyKind(submission.agency_kind),
            functions=frozenset(submission.agency_functions.split()),
            form=form_definition(submission.form_version),
            is_approved=submission.state == State.APPROVED,
        )
        for submission in submissions
    ]
