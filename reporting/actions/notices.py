"""What people are told when something happens, kept in the transaction of the act; who has read it.

Each ``tell_of_…`` costs a fixed number of queries, however many people it reaches. Who did the act
is not told of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from indicators.words import clean
from reporting.access import FILLS_IN
from reporting.actions.jobs import DELIVERY, enqueue_on_commit
from reporting.actions.record import in_words
from reporting.models import Notice, Round, Submission, User
from reporting.queries.recipients import holders
from reporting.tidings import ASK_TO_ACT, REMINDERS, NoticeKind
from reporting.workflow import HANDED_IN, WAITING, Move, Role, RoundStatus

_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Tiding:
    """One thing to tell. ``key`` names it: nobody is told it twice. ``path`` is the page that it
    leads to; ``text`` may be longer, the reason of a return for instance."""

    kind: NoticeKind
    key: str
    subject: str
    path: str
    text: str = ""
    round: Round | None = None
    submission: Submission | None = None


def tell(tiding: Tiding, people: Iterable[User]) -> None:
    """Tell each of ``people``; who has been told under this key already is passed over."""
    tell_each((person, tiding) for person in people)


def tell_each(told: Iterable[tuple[User, Tiding]]) -> None:
    """Tell each person their own tiding, and have the letters written once all this stands."""
    now = timezone.now()
    notices = [
        Notice(
            user=person,
            kind=tiding.kind.value,
            key=tiding.key,
            subject=_in_one_line(tiding.subject),
            text=clean(tiding.text),
            path=tiding.path,
            round=tiding.round,
            submission=tiding.submission,
            at=now,
        )
        for person, tiding in told
    ]
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        enqueue_on_commit(DELIVERY)


def _in_one_line(text: str) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= _LONGEST_SUBJECT else f"{line[: _LONGEST_SUBJECT - 1]}…"


@dataclass(frozen=True, slots=True)
class _News:
    """What is said of a move, and to whom: at the agency, or in the province that judges."""

    kind: NoticeKind
    roles: Collection[Role]
    words: str


_OF_MOVES: Mapping[str, _News] = {
    "present": _News(NoticeKind.TO_SIGN, {Role.HEAD}, "Báo cáo chờ ông/bà ký"),
    "decline": _News(NoticeKind.DECLINED, FILLS_IN, "Lãnh đạo chưa ký, chuyển lại để sửa"),
    "submit": _News(NoticeKind.HANDED_IN, {Role.REVIEWER}, "Đơn vị đã gửi báo cáo"),
    "return": _News(NoticeKind.RETURNED, FILLS_IN, "Sở Nội vụ trả lại báo cáo để sửa"),
    "reopen": _News(NoticeKind.RETURNED, FILLS_IN, "Sở Nội vụ mở lại báo cáo đã duyệt để sửa"),
    "approve": _News(NoticeKind.APPROVED, FILLS_IN, "Sở Nội vụ đã duyệt báo cáo"),
}


def tell_of_move(submission: Submission, move: Move, *, by: User, reason: str = "") -> None:
    """Tell those whom a move concerns, after it was made; what earlier moves asked of anybody
    counts as read. Reports entered from paper are nobody's news."""
    if submission.round.is_archive:
        return
    if not (move.sources <= WAITING and move.target in WAITING):
        _settle(submission)
    if move.target in HANDED_IN and move.sources.isdisjoint(HANDED_IN):
        _settle_reminders(submission.round)
    news = _OF_MOVES.get(move.name)
    if news is None:
        return
    at = submission.round.province_id if Role.REVIEWER in news.roles else submission.agency_id
    tell(
        Tiding(
            kind=news.kind,
            key=f"{move.name}-{submission.pk}-{submission.revision}",
            subject=f"{news.words}: {submission.round.name}, {submission.whose}",
            path=reverse("submission", args=[submission.pk]),
            text=reason if move.needs_reason else "",
            round=submission.round,
            submission=submission,
        ),
        _without(by, holders([at], news.roles, timezone.localdate())[at]),
    )


def _settle(submission: Submission) -> None:
    """Nobody is asked, in the portal or by mail, for what has been done meanwhile."""
    _close(Notice.objects.filter(submission=submission, kind__in=ASK_TO_ACT))


def _settle_reminders(round_: Round) -> None:
    """Nobody is reminded who has nothing left to hand in to a round. Four queries."""
    asked = by_person(round_.submissions.exclude(state__in=HANDED_IN), FILLS_IN)
    reminders = Notice.objects.filter(round=round_, kind__in=REMINDERS)
    _close(reminders.exclude(user__in=[person.pk for person in asked]))


def _close(notices: QuerySet[Notice]) -> None:
    notices.filter(read_at=None).update(read_at=timezone.now())


def tell_of_opening(round_: Round, submissions: Iterable[Submission], *, by: User | None) -> None:
    """Tell those who fill in which reports a round asks of them; ``submissions`` are new."""
    if round_.is_archive:
        return
    asked = by_person(submissions, FILLS_IN)
    key = f"opened-{min((one.pk for mine in asked.values() for one in mine), default=0)}"
    due = f"; hạn nộp {round_.due_on:%d/%m/%Y}" if round_.due_on else ""
    tell_each(
        (
            person,
            Tiding(
                kind=NoticeKind.OPENED,
                key=key,
                subject=f"Mở đợt: {round_.name}, {_which(mine)}{due}",
                path=page_of(mine),
                text=_days_of_entry(round_),
                round=round_,
            ),
        )
        for person, mine in asked.items()
        if person != by
    )


def _days_of_entry(round_: Round) -> str:
    if not (round_.opens_on and round_.closes_on):
        return ""
    return f"Nhập từ ngày {round_.opens_on:%d/%m/%Y} đến hết ngày {round_.closes_on:%d/%m/%Y}."


def tell_of_extension(
    round_: Round, submissions: Iterable[Submission], until: date, reason: str, *, by: User | None
) -> None:
    """Tell those who fill in ``submissions`` of a round that these may come until a day."""
    if round_.is_archive:
        return
    moment = _moment()
    tell_each(
        (
            person,
            Tiding(
                kind=NoticeKind.EXTENDED,
                key=f"extended-{mine[0].pk}-{moment}",
                subject=f"Gia hạn đến hết ngày {until:%d/%m/%Y}: {round_.name}, {_which(mine)}",
                path=page_of(mine),
                text=reason,
                round=round_,
            ),
        )
        for person, mine in by_person(submissions, FILLS_IN).items()
        if person != by
    )


# The days that people act by, as they are told of them; facts name them alike.
_DAYS = {
    "due_on": "Hạn nộp",
    "closes_on": "Nhập và gửi đến hết ngày",
    "edit_until": "Sửa và gửi lại báo cáo bị trả lại đến hết ngày",
}


_GRANTED = "Đơn vị đã được gia hạn đến ngày muộn hơn thì theo ngày gia hạn."


def tell_of_new_days(
    round_: Round, before: Mapping[str, object], *, by: User | None, is_reopened: bool = False
) -> None:
    """Tell those who have yet to hand in to an open round, or to mend, which days it has now, where
    they are not as in ``before`` (queries.rounds.facts), or where it takes figures again."""
    days = {name: getattr(round_, name) for name in _DAYS}
    is_moved = any(before.get(name) != day for name, day in days.items())
    is_told = is_reopened or (is_moved and round_.status == RoundStatus.OPEN)
    if round_.is_archive or not is_told:
        return
    moment, what = _moment(), "Mở lại đợt" if is_reopened else "Đổi hạn"
    told = [
        f"{label}: {_day(days[name])}"
        + (f" (trước là {_day(before.get(name))})" if before.get(name) != days[name] else "")
        for name, label in _DAYS.items()
    ]
    asked = by_person(round_.submissions.exclude(state__in=HANDED_IN), FILLS_IN)
    tell_each(
        (
            person,
            Tiding(
                kind=NoticeKind.RESCHEDULED,
                key=f"rescheduled-{round_.pk}-{moment}",
                subject=f"{what}: {round_.name}, {_which(mine)}",
                path=page_of(mine),
                text="\n".join([*told, _GRANTED]),
                round=round_,
            ),
        )
        for person, mine in asked.items()
        if person != by
    )


def _day(day: object) -> str:
    return in_words(day) if day else "không giới hạn"


def _moment() -> str:
    """Name an act by when it happens: the same may be decided again, and is told again."""
    return f"{timezone.now():%Y%m%d%H%M%S%f}"


def tell_of_cancelling(round_: Round, reason: str, *, by: User | None) -> None:
    """Tell all who fill in reports of a round that it asks for none any more; what it was asking
    for counts as read."""
    if round_.is_archive:
        return
    _close(Notice.objects.filter(round=round_))
    asked = by_person(round_.submissions.all(), FILLS_IN)
    tell(
        Tiding(
            kind=NoticeKind.CANCELLED,
            key=f"cancelled-{round_.pk}",
            subject=f"Đợt báo cáo đã hủy: {round_.name}",
            path=reverse("my-reports"),
            text=f"{reason}\nKhông phải nhập hay gửi tiếp; số đã nhập được giữ để tra cứu.",
            round=round_,
        ),
        _without(by, asked),
    )


def by_person(
    submissions: Iterable[Submission], roles: Collection[Role]
) -> Mapping[User, Sequence[Submission]]:
    """Return for each person who is told at the agencies of ``submissions`` those of them."""
    found = list(submissions)
    people = holders({one.agency_id for one in found}, roles, timezone.localdate())
    told: dict[User, list[Submission]] = defaultdict(list)
    for one in found:
        for person in people[one.agency_id]:
            told[person].append(one)
    return told


def _which(mine: Sequence[Submission]) -> str:
    return mine[0].whose if len(mine) == 1 else f"ông/bà có {len(mine)} báo cáo"


def page_of(mine: Sequence[Submission]) -> str:
    """Return the page of the one report, or of the list of several."""
    if len(mine) == 1:
        return reverse("submission", args=[mine[0].pk])
    return reverse("my-reports")


def _without(by: User | None, people: Iterable[User]) -> Sequence[User]:
    return [person for person in people if person != by]


def mark_read(*, notice: Notice, by: User) -> None:
    """Keep that ``by``, whose notice it is, has read it."""
    Notice.objects.filter(pk=notice.pk, user=by, read_at=None).update(read_at=timezone.now())


def mark_all_read(*, until: int, by: User) -> int:
    """Keep that ``by`` has read all that was told up to the notice ``until``, the last that the
    page has shown; return how many were new."""
    unread = Notice.objects.filter(user=by, pk__lte=until, read_at=None)
    return unread.update(read_at=timezone.now())
