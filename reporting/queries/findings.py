"""The findings of a submission as they stand, what was said of them, and those of handing in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from django.utils import timezone

from indicators.formulas import keys
from indicators.kinds import Severity
from indicators.queries.definitions import form_definition
from reporting.models import CheckedFinding, CheckRun, FigureChange, FindingAnswer, Submission
from reporting.queries.figures import snapshot
from reporting.queries.history import history_beside
from reporting.rules import Finding, History, findings, rule_version
from reporting.rules.answers import Answer, AnswerKind, Weighed, weighed
from reporting.rules.finding import finding_name
from reporting.snapshot import SubmissionSnapshot


def weighed_findings(
    submission: Submission,
    now: SubmissionSnapshot | None = None,
    history: History | None = None,
) -> list[Weighed]:
    """Run all checks on ``submission`` as it stands, each finding with what was said of it; ``now``
    and ``history`` are its figures and what stands beside them where they have been read. Six
    queries at most, with the figures; see ``history_beside``."""
    found = findings(now or snapshot(submission), history or history_beside(submission))
    return weighed(found, answers_of(submission))


def answers_of(submission: Submission) -> Mapping[str, Sequence[Answer]]:
    """Return the last thing that each side said of each finding, by the finding's name; nothing for
    what was taken back. One query."""
    found = defaultdict(list)
    for answer in last_answers(submission):
        found[finding_name(answer.code, answer.place)].append(answer_read(answer))
    return found


def last_answers(submission: Submission) -> list[FindingAnswer]:
    """Return what counts of all that was said of findings. One query."""
    last: dict[tuple[str, str, bool], FindingAnswer] = {}
    for answer in submission.finding_answers.select_related("by").order_by("pk"):
        side = AnswerKind(answer.kind).is_of_reviewer
        last[answer.code, answer.place, side] = answer
    return [answer for answer in last.values() if answer.text]


def answer_read(answer: FindingAnswer) -> Answer:
    return Answer(
        AnswerKind(answer.kind),
        answer.text,
        answer.found,
        str(answer.by),
        timezone.localtime(answer.at),
    )


# As it was handed in


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found when a report was handed in; ``changed`` are the codes of rules that ask
    something else today."""

    at: datetime
    by: str
    found: Sequence[Weighed]
    changed: frozenset[str]


def last_check(submission: Submission) -> Checked | None:
    """Return the findings of the last handing in; None where there was none. Four queries."""
    run = CheckRun.objects.filter(submission=submission).select_related("by").last()
    if run is None:
        return None
    form = form_definition(submission.form_version)
    stored = list(run.findings.prefetch_related("answers__by").order_by("position"))
    return Checked(
        at=timezone.localtime(run.at),
        by=str(run.by),
        found=[_weighed(one) for one in stored],
        changed=frozenset(
            one.code for one in stored if rule_version(form, one.code) != one.version
        ),
    )


def _weighed(stored: CheckedFinding) -> Weighed:
    finding = Finding(
        code=stored.code,
        severity=Severity(stored.severity),
        keys=tuple(stored.keys.split()),
        sentence=stored.sentence,
        instruction=stored.instruction,
        found=stored.found,
        expected=stored.expected,
        formula=stored.formula,
        version=stored.version,
    )
    return Weighed(finding, said=tuple(map(answer_read, stored.answers.all())))


def checked_counts(submissions: Iterable[int]) -> Mapping[int, Mapping[Severity, int]]:
    """Return, for the last handing in of each of these submissions, how many findings of each
    severity there were. Two queries."""
    runs = CheckRun.objects.filter(submission__in=list(submissions))
    last = dict(
        runs.order_by()
        .values("submission")
        .annotate(last=Max("pk"))
        .values_list("last", "submission")
    )
    counted: dict[int, dict[Severity, int]] = defaultdict(dict)
    for pk in last.values():
        counted[pk] = {}
    found = CheckedFinding.objects.filter(run__in=list(last)).values_list("run", "severity")
    for run, severity, count in found.annotate(count=Count("pk")).order_by():
        counted[last[run]][Severity(severity)] = count
    return counted


def asking_to_pass(submissions: Iterable[int]) -> frozenset[int]:
    """Return which of these submissions ask the reviewer to let an error pass, and wait for an
    answer: nobody has answered since, nor has a figure that the check reads been changed. Two
    queries and the forms'."""
    asked: dict[tuple[int, str, str], FindingAnswer] = {}
    answers = FindingAnswer.objects.filter(
        submission__in=list(submissions), severity=Severity.ERROR.value
    ).select_related("submission__form_version__form")
    for answer in answers.order_by("pk"):
        name = answer.submission_id, answer.code, answer.place
        if answer.text and answer.kind == AnswerKind.EXPLANATION:
            asked[name] = answer
        elif answer.kind != AnswerKind.EXPLANATION or not answer.text:
            asked.pop(name, None)
    changed = _last_changes({answer.submission_id for answer in asked.values()})
    return frozenset(
        answer.submission_id
        for answer in asked.values()
        if all(
            changed.get((answer.submission_id, key), answer.at) <= answer.at
            for key in _read_by(answer)
        )
    )


def _read_by(answer: FindingAnswer) -> Iterator[str]:
    """Yield the rows whose figures the check of ``answer`` reads, as far as they are typed."""
    form = form_definition(answer.submission.form_version)
    rule = next((rule for rule in form.rules if rule.code == answer.code), None)
    for key in rule.keys if rule else (answer.place,):
        yield key
        row = form.by_key.get(key)
        if row is not None and row.formula is not None:
            yield from keys(row.formula)


def _last_changes(submissions: Iterable[int]) -> Mapping[tuple[int, str], datetime]:
    """Return when each cell of these submissions was last changed, by submission and row key."""
    found = FigureChange.objects.filter(submission__in=list(submissions)).order_by()
    last = found.values("submission", "row__key").annotate(last=Max("at"))
    return {
        (submission, key): at
        for submission, key, at in last.values_list("submission", "row__key", "last")
    }
