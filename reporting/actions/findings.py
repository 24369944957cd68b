"""The act on findings: the agency explains them, the reviewer lets an error pass or does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from indicators.words import LONGEST_WORDS
from reporting.access import FILLS_IN, roles_on
from reporting.actions.submissions import locked, require_entry
from reporting.models import FindingAnswer, Submission, User
from reporting.queries.findings import weighed_findings
from reporting.refusals import AnswerUnfit, NotYours, Refused, WrongState
from reporting.rules.answers import AnswerKind, Said, Weighed
from reporting.workflow import EDITABLE, Role, State

# Less than a word explains nothing.
FEWEST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of what somebody said of findings; of the rest, why it was not, in sentences
    that hold the words."""

    answers: Sequence[FindingAnswer]
    missed: Sequence[str] = ()


@transaction.atomic
def answer_findings(
    *,
    submission: Submission,
    kind: AnswerKind,
    said: Mapping[str, Said],
    by: User,
    via: str = "checks",
) -> Kept:
    """Keep what ``by`` says of findings, by their names.

    A box left as it was drawn says nothing; one that was emptied takes back what was said. What is
    said of figures that have changed meanwhile, or over a colleague's words, is not kept. Raises
    NotYours, WrongState, RoundClosed, or AnswerUnfit for a text that is too long or says nothing;
    then nothing is kept.
    """
    current = locked(submission)
    _require_answer(current, kind, by=by)
    now = {one.finding.name: one for one in weighed_findings(current)}
    at = timezone.now()
    answers, missed = [], []
    for name, one in said.items():
        if one.is_untouched:
            continue
        found, text = now.get(name), one.text.strip()
        if found is None or not found.takes(kind):
            missed += [f"{name}: không còn điều này. Nội dung đã gõ: «{one.text}»."] * bool(
                one.text
            )
            continue
        if why := _why_moved(found, kind, one):
            missed.append(why)
            continue
        _require_fit(found, kind, text)
        answers.append(_answer(current, found, kind, text, by=by, at=at, via=via))
    return Kept(FindingAnswer.objects.bulk_create(answers), missed)


def _why_moved(found: Weighed, kind: AnswerKind, said: Said) -> str:
    """Say what has changed since the person looked; "" where nothing has."""
    code, typed = found.finding.code, f" Nội dung đã gõ: «{said.text}»." if said.text else ""
    if said.found != found.finding.found:
        return (
            f"{code}: số đã đổi từ khi ông/bà mở trang, nay là {found.finding.found}; hãy xem lại"
            f" rồi ghi cho số mới.{typed}"
        )
    stands = found.answer(of_reviewer=kind.is_of_reviewer)
    if (stands.text if stands else "") != said.before:
        words = f"{stands.by} vừa ghi «{stands.text}»" if stands else "người khác vừa rút lại"
        return f"{code}: {words}; hãy xem lại rồi ghi lần nữa nếu cần.{typed}"
    return ""


def _require_fit(found: Weighed, kind: AnswerKind, text: str) -> None:
    code = found.finding.code
    if len(text) > LONGEST_WORDS:
        raise AnswerUnfit(
            f"{kind.label} cho {code} dài {len(text)} ký tự; nhiều nhất {LONGEST_WORDS}. Hãy viết"
            " ngắn lại."
        )
    if text and sum(letter.isalpha() for letter in text) < FEWEST_LETTERS:
        raise AnswerUnfit(
            f"{kind.label} cho {code} là «{text}», chưa nói lên điều gì. Hãy nêu vì sao số đúng"
            " như vậy."
        )


def _answer(
    submission: Submission,
    found: Weighed,
    kind: AnswerKind,
    text: str,
    *,
    by: User,
    at: datetime,
    via: str,
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
        via=via,
    )


def _require_answer(submission: Submission, kind: AnswerKind, *, by: User) -> None:
    """Raise unless ``by`` may answer now: the agency while it may edit; the reviewer before the
    report is handed in."""
    if kind is AnswerKind.EXPLANATION:
        require_entry(submission, by=by)
        return
    roles = roles_on(by, submission)
    if Role.REVIEWER not in roles:
        raise NotYours("Chỉ chuyên viên Sở Nội vụ mới miễn lỗi được.")
    if not FILLS_IN.isdisjoint(roles):
        raise NotYours("Người nhập báo cáo không tự miễn lỗi của báo cáo ấy được.")
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
