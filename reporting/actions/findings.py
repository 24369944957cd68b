"""The act on findings: the agency explains them, the reviewer lets an error pass or does not."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from indicators.words import LONGEST_WORDS
from reporting.access import roles_on
from reporting.actions.submissions import locked, require_entry
from reporting.models import FindingAnswer, Submission, User
from reporting.queries.findings import weighed_findings
from reporting.refusals import AnswerUnfit, NotYours, Refused, WrongState
from reporting.rules.answers import AnswerKind, Weighed
from reporting.workflow import EDITABLE, Role, State

# Less than a word explains nothing.
FEWEST_LETTERS = 3


@transaction.atomic
def answer_findings(
    *,
    submission: Submission,
    kind: AnswerKind,
    texts: Mapping[str, str],
    by: User,
    via: str = "checks",
) -> list[FindingAnswer]:
    """Keep what ``by`` says of findings, by their names; return what is new of it.

    A blank text takes back what was said. Findings that the figures no longer give are left alone:
    there is nothing to answer. Raises NotYours, WrongState, RoundClosed, or AnswerUnfit for a text
    that is too long or says nothing; then nothing is kept.
    """
    current = locked(submission)
    _require_answer(current, kind, by=by)
    now = {one.finding.name: one for one in weighed_findings(current)}
    at, said = timezone.now(), []
    for name, text in texts.items():
        found, words = now.get(name), text.strip()
        if found is None or not found.takes(kind) or not _is_new(found, kind, words):
            continue
        if len(words) > LONGEST_WORDS:
            raise AnswerUnfit(
                f"{kind.label} cho {found.finding.code} dài {len(words)} ký tự; nhiều nhất"
                f" {LONGEST_WORDS}. Hãy viết ngắn lại."
            )
        if words and sum(letter.isalpha() for letter in words) < FEWEST_LETTERS:
            raise AnswerUnfit(
                f"{kind.label} cho {found.finding.code} là «{words}», chưa nói lên điều gì. Hãy nêu"
                " vì sao số đúng như vậy."
            )
        said.append(_answer(current, found, kind, words, by=by, at=at))
    for answer in said:
        answer.via = via
    return FindingAnswer.objects.bulk_create(said)


def _is_new(found: Weighed, kind: AnswerKind, words: str) -> bool:
    """Say whether something is said that was not said of these figures already."""
    before = found.answer(of_reviewer=kind.is_of_reviewer)
    return (words, kind if words else None) != (
        (before.text, before.kind) if before else ("", None)
    )


def _answer(
    submission: Submission, found: Weighed, kind: AnswerKind, text: str, *, by: User, at: datetime
) -> FindingAnswer:
    return FindingAnswer(
        submission=submission,
        code=found.finding.code,
        place=found.finding.place,
        found=found.finding.found,
        severity=found.finding.severity.value,
        kind=kind.value,
        text=text,
        by=by,
        at=at,
    )


def _require_answer(submission: Submission, kind: AnswerKind, *, by: User) -> None:
    """Raise unless ``by`` may answer now: the agency while it may edit; the reviewer before the
    report is handed in."""
    if kind is AnswerKind.EXPLANATION:
        require_entry(submission, by=by)
        return
    if Role.REVIEWER not in roles_on(by, submission):
        raise NotYours("Chỉ chuyên viên Sở Nội vụ mới miễn lỗi được.")
    state = State(submission.state)
    if state not in EDITABLE:
        raise WrongState(f"Báo cáo ở trạng thái «{state.label}» nên không còn lỗi nào cần miễn.")


def why_no_answer(submission: Submission, kind: AnswerKind, *, by: User) -> str:
    """Return the sentence why ``by`` can't answer findings now; empty if they can."""
    try:
        _require_answer(submission, kind, by=by)
    except Refused as refusal:
        return str(refusal)
    return ""
