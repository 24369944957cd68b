"""When a report that is not handed in is reminded of, and in which words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from reporting.tidings import NoticeKind

_SOON, _LAST = 5, 1
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a report stands from its due day. Each stage is told once; ``name`` tells it from the
    others of the same due day, ``days`` are those left, below 0 those that have passed."""

    kind: NoticeKind
    name: str
    days: int

    @property
    def is_repeated(self) -> bool:
        """It says of an overdue report what was said a week ago."""
        return self.days < -7


def stage_on(today: date, due: date) -> Stage | None:
    """Return the one stage that is true on a day, so that days on which nothing ran leave no pile;
    None while there is time.

    >>> due = date(2026, 12, 17)
    >>> stage_on(date(2026, 12, 11), due)
    >>> [stage_on(date(2026, 12, day), due).name for day in (12, 15, 16, 17, 18, 24, 25)]
    ['soon', 'soon', 'last', 'last', 'late-0', 'late-0', 'late-1']
    """
    days = (due - today).days
    if days > _SOON:
        return None
    if days > _LAST:
        return Stage(NoticeKind.DUE, "soon", days)
    if days >= 0:
        return Stage(NoticeKind.DUE, "last", days)
    return Stage(NoticeKind.OVERDUE, f"late-{(-days - 1) // 7}", days)


class _Words(NamedTuple):
    """How a reminder calls the day, what to do by then and what was not done."""

    day: str
    to_do: str
    undone: str


_FIRST = _Words("hạn nộp", "Hãy nhập đủ, kiểm tra rồi gửi báo cáo đến Sở Nội vụ.", "chưa gửi")
_AGAIN = _Words("hạn gửi lại", "Hãy sửa và gửi lại báo cáo bị trả lại.", "chưa gửi lại")


def subject(
    stage: Stage, round_name: str, due: date, whose: Sequence[str], *, mends: bool = False
) -> str:
    """Say how urgent it is, and of which reports; ``mends`` where they were sent back.

    >>> due = date(2026, 12, 17)
    >>> subject(Stage(NoticeKind.DUE, "soon", 5), "Quý IV", due, ["Sở Y tế"])
    'Còn 5 ngày đến hạn nộp 17/12/2026: Quý IV, Sở Y tế'
    >>> subject(Stage(NoticeKind.OVERDUE, "late-0", -2), "Quý IV", due, ["Sở Y tế", "Sở Nội vụ"])
    'Quá hạn nộp 2 ngày (17/12/2026): Quý IV, 2 báo cáo chưa gửi'
    >>> subject(Stage(NoticeKind.DUE, "last", 1), "Quý IV", due, ["Sở Y tế"], mends=True)
    'Ngày mai 17/12/2026 là hạn gửi lại: Quý IV, Sở Y tế'
    """
    words = _AGAIN if mends else _FIRST
    of = whose[0] if len(whose) == 1 else f"{len(whose)} báo cáo {words.undone}"
    return f"{_urgency(stage.days, due, words.day)}: {round_name}, {of}"


def _urgency(days: int, due: date, called: str) -> str:
    if days < 0:
        return f"Quá {called} {-days} ngày ({due:%d/%m/%Y})"
    if days == 0:
        return f"Hôm nay {due:%d/%m/%Y} là {called}"
    if days == 1:
        return f"Ngày mai {due:%d/%m/%Y} là {called}"
    return f"Còn {days} ngày đến {called} {due:%d/%m/%Y}"


def text(whose: Sequence[str], shut: str, *, mends: bool = False) -> str:
    """Say what to do, and name the reports where they are several; ``shut`` is why they take no
    figures today."""
    words = _AGAIN if mends else _FIRST
    to_do = shut or words.to_do
    if len(whose) == 1:
        return to_do
    named = ", ".join(whose[:_MOST_NAMED])
    more = len(whose) - _MOST_NAMED
    return f"{to_do}\n{words.undone.capitalize()}: {named}" + (
        f" và {more} báo cáo khác." if more > 0 else "."
    )
