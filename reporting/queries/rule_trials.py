"""The rules of a form version tried on what was filed in past rounds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from indicators.definition import FormDefinition
from indicators.formulas import keys
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.models import Round, Submission
from reporting.queries.filed import rows_of, snapshots_of
from reporting.queries.histories import histories_of
from reporting.rules import NO_HISTORY
from reporting.rules.trials import Filed, Outcome, outcomes
from reporting.workflow import HANDED_IN

# More rounds are neither read nor drawn in good time.
MOST_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class TriedRound:
    """What the rules would have said of the ``reports`` reports of one round: an outcome for each
    rule, in their order."""

    round: Round
    reports: int
    outcomes: Sequence[Outcome]


@dataclass(frozen=True, slots=True)
class Tried:
    """Rules tried on the last rounds, the newest first; ``versions`` are the forms that the reports
    were filed under, ``has_more`` says that there are older rounds."""

    versions: Sequence[FormVersion]
    rounds: Sequence[TriedRound]
    has_more: bool


def tried(version: FormVersion, form: FormDefinition, rounds: QuerySet[Round]) -> Tried:
    """Try the rules of ``form``, which has the rows of ``version`` and some or all of its rules, on
    the reports of ``rounds`` that were handed in or approved.

    They are those under any version of the same form. Where there is none, the form is a new one:
    then those under the forms that share half of its indicators.

    Three queries, and four at most for each round; those of the forms on top, once a process.
    """
    versions = _filed_under(version, form, rounds)
    filed = _handed_in(rounds).filter(form_version__in=versions)
    found = rounds.filter(pk__in=filed.values("round")).select_related("province")
    latest = list(found[: MOST_ROUNDS + 1])
    shown = latest[:MOST_ROUNDS]
    reports = _by_round(filed.filter(round__in=shown)) if shown else {}
    return Tried(
        versions=versions,
        rounds=[_tried_round(form, one, reports[one.pk]) for one in shown],
        has_more=len(latest) > MOST_ROUNDS,
    )


def _handed_in(rounds: QuerySet[Round]) -> QuerySet[Submission]:
    return Submission.objects.filter(round__in=rounds.values("pk"), state__in=HANDED_IN)


def _filed_under(
    version: FormVersion, form: FormDefinition, rounds: QuerySet[Round]
) -> list[FormVersion]:
    used = FormVersion.objects.filter(pk__in=_handed_in(rounds).values("form_version"))
    found = list(used.select_related("form").order_by("code"))
    own = [one for one in found if one.form_id == version.form_id]
    return own or [one for one in found if _is_alike(form_definition(one), form)]


def _is_alike(old: FormDefinition, form: FormDefinition) -> bool:
    shared = old.by_indicator.keys() & form.by_indicator.keys()
    return bool(shared) and 2 * len(shared) >= len(form.by_indicator)


def _by_round(submissions: QuerySet[Submission]) -> Mapping[int, Sequence[Submission]]:
    found: dict[int, list[Submission]] = defaultdict(list)
    fetched = submissions.select_related("round", "form_version__form")
    for one in fetched.order_by("agency__code", "pk"):
        found[one.round_id].append(one)
    return found


def _tried_round(
    form: FormDefinition, round_: Round, submissions: Collection[Submission]
) -> TriedRound:
    named = {key for rule in form.rules for key in keys(rule.test) if key in form.by_key}
    named |= set(_computed_from(form, named))
    indicators = {form.by_key[key].indicator for key in named} - {""}
    snapshots = snapshots_of(
        submissions,
        lambda old: rows_of(
            old, indicators=indicators, named=named if old.id == form.id else frozenset()
        ),
    )
    beside = histories_of(form, round_, submissions)
    reports = [
        Filed(one.pk, one.whose, snapshots[one.pk], beside.get(one.pk, NO_HISTORY))
        for one in submissions
    ]
    return TriedRound(round_, len(reports), outcomes(form, reports))


def _computed_from(form: FormDefinition, named: Iterable[str]) -> Iterable[str]:
    for key in named:
        formula = form.by_key[key].formula
        if formula is not None:
            yield from (one for one in keys(formula) if one in form.by_key)
