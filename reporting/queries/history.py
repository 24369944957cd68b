"""What stands beside a report for its checks: earlier rounds, the year so far, other forms."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from indicators.definition import FormDefinition
from indicators.formulas import Elsewhere, Ref, When
from indicators.kinds import Capacity
from indicators.queries.definitions import form_definition
from reporting.models import Round, Submission
from reporting.queries.filed import Numbers, by_indicator, snapshots_of
from reporting.queries.submissions import Earlier, earlier_submissions
from reporting.rules.history import History, Past
from reporting.snapshot import SubmissionSnapshot
from reporting.windows import Window, end_to_end
from reporting.workflow import RoundStatus, State


def history_beside(
    submission: Submission,
    earlier: Earlier | None = None,
    read: Sequence[tuple[Submission | None, SubmissionSnapshot | None]] = (),
) -> History:
    """Return what the checks of ``submission`` compare with; ``earlier`` are its neighbours where
    they have been looked up, ``read`` those of them whose figures have been read.

    Only reports of the same province: what an agency reported in another one is not for those who
    read here. Two queries for the neighbours and one for their figures; two more for each of the
    year so far and other forms, where the form's rules ask for them.
    """
    found = earlier_submissions(submission) if earlier is None else earlier
    here = [one for one in found if one and one.round.province_id == submission.round.province_id]
    numbers = {
        one.pk: by_indicator(figures)
        for one, figures in read
        if one is not None and figures is not None
    }
    numbers |= _numbers({one.pk: one for one in here if one.pk not in numbers}.values())
    past = {one.pk: Past(str(one.round), window_of(one.round), numbers[one.pk]) for one in here}
    previous, last_year = (past.get(one.pk) if one else None for one in found)
    form = form_definition(submission.form_version)
    return History(
        window=window_of(submission.round),
        previous=previous,
        last_year=last_year,
        earlier=_earlier_this_year(submission) if _asks_for_the_year(form) else None,
        elsewhere=_elsewhere(submission, form),
    )


def window_of(round_: Round) -> Window | None:
    """Return the days that the figures of a round are of; None where they are not known."""
    if round_.data_from is None or round_.data_to is None:
        return None
    return Window(round_.data_from, round_.data_to)


def _numbers(submissions: Collection[Submission]) -> Mapping[int, Numbers]:
    """Return the numbers of reports by id and by indicator. One query, none for no report."""
    if not submissions:
        return {}
    every = snapshots_of(submissions, lambda form: [row.id for row in form.rows])
    return {pk: by_indicator(figures) for pk, figures in every.items()}


# The year so far


def _asks_for_the_year(form: FormDefinition) -> bool:
    return any(
        isinstance(one, Ref) and one.when is When.YEAR_TO_DATE for one in form.special_operands
    )


def _earlier_this_year(submission: Submission) -> Sequence[Numbers] | None:
    """Return the approved reports whose windows lie end to end from the start of the year to the
    start of this one; None where they leave a gap."""
    window = window_of(submission.round)
    if window is None:
        return None
    earlier = (
        Submission.objects.filter(
            agency=submission.agency_id,
            state=State.APPROVED.value,
            form_version__form=submission.form_version.form_id,
            round__province=submission.round.province_id,
            round__data_to__lt=window.first,
            capacity__in=Capacity(submission.capacity).comparable,
        )
        .exclude(round__status=RoundStatus.CANCELLED.value)
        .select_related("round", "form_version__form")
        .order_by("round__data_from", "pk")
    )
    reports = [(window_of(one.round), one) for one in earlier]
    found = end_to_end(reports, window.first, window.year)
    return None if found is None else list(_numbers(found).values())


# Other forms


def _elsewhere(submission: Submission, form: FormDefinition) -> Numbers:
    """Return what the agency reports under other forms in the same round, as the rules call it."""
    wanted = {one.form for one in form.special_operands if isinstance(one, Elsewhere)}
    if not wanted:
        return {}
    others = list(
        Submission.objects.filter(
            agency=submission.agency_id,
            round=submission.round_id,
            form_version__form__code__in=wanted,
            capacity__in=Capacity(submission.capacity).comparable,
        )
        .exclude(pk=submission.pk)
        .select_related("round", "form_version__form")
    )
    numbers = _numbers(others)
    return dict(_named(others, numbers))


def _named(
    others: Sequence[Submission], numbers: Mapping[int, Numbers]
) -> Iterator[tuple[str, Decimal]]:
    for one in others:
        for indicator, number in numbers[one.pk].items():
            yield f"{one.form_version.form.code}:{indicator}", number
