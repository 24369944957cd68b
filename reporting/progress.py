"""What one report, as a cell of the board, says at a glance: how far it is and whether in time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from indicators.kinds import Labelled
from reporting.workflow import HANDED_IN, RoundStatus, State


class Stage(Labelled):
    """How far a report is. Its codes are those of the states, which style sheets know, too. The
    order counts: of several reports of one agency in one round the first speaks for all."""

    NOT_STARTED = State.NOT_STARTED.value, "chưa nhập"
    DRAFT = State.DRAFT.value, "đang nhập"
    RETURNED = State.RETURNED.value, "trả lại để sửa"
    SIGNING = State.SIGNING.value, "chờ lãnh đạo ký"
    SUBMITTED = State.SUBMITTED.value, "đã gửi, chờ xem xét"
    IN_REVIEW = State.IN_REVIEW.value, "đang xem xét"
    APPROVED = State.APPROVED.value, "đã duyệt"
    CANCELLED = "cancelled", "đợt đã hủy"

    @property
    def sign(self) -> str:
        """What a cell shows of it: told apart without colour. A draft shows how full it is."""
        return _SIGNS[self]


_SIGNS = {
    Stage.NOT_STARTED: "–",
    Stage.DRAFT: "%",
    Stage.RETURNED: "↩",
    Stage.SIGNING: "✎",
    Stage.SUBMITTED: "↑",
    Stage.IN_REVIEW: "◎",
    Stage.APPROVED: "✓",
    Stage.CANCELLED: "×",
}
_ORDER = {stage: place for place, stage in enumerate(Stage)}
_SENT = frozenset(map(str, HANDED_IN))
OVERDUE_SIGN, LATE_SIGN, NIL_SIGN = "!", "muộn", "KPS"
NOT_EXPECTED_SIGN, NOT_EXPECTED = "·", "không giao báo cáo"


class Only(Labelled):
    """Which agencies the board is narrowed to, by where they stand in one round."""

    ALL = "", "Mọi tình trạng"
    NOT_SENT = "chua-gui", "Chưa gửi"
    OVERDUE = "qua-han", "Quá hạn"
    NOT_STARTED = "chua-nhap", "Chưa nhập"
    SIGNING = "cho-ky", "Chờ lãnh đạo ký"
    RETURNED = "tra-lai", "Trả lại để sửa"
    SENT = "da-gui", "Đã gửi"
    WAITING = "cho-duyet", "Đã gửi, chờ duyệt"
    ON_TIME = "dung-han", "Lần gửi đầu đúng hạn"
    LATE = "gui-muon", "Gửi muộn"
    NIL = "khong-phat-sinh", "Không phát sinh"
    APPROVED = "da-duyet", "Đã duyệt"


class Facts(NamedTuple):
    """What a report's standing follows from. ``wanted_by`` is the day of ``wanted_by`` below.
    ``is_late`` is that of the first handing in, None where it was never handed in: what is sent
    back is mended in its own time. ``is_nil`` is that of the last."""

    state: State
    answered: int
    typed: int
    wanted_by: date | None = None
    extended_until: date | None = None
    is_late: bool | None = None
    is_nil: bool = False
    round_status: RoundStatus = RoundStatus.OPEN


@dataclass(frozen=True)
class Progress:
    """Where one report stands. ``percent`` is of the rows asked of the agency; ``is_late`` as in
    ``Facts``."""

    stage: Stage
    percent: int = 0
    is_overdue: bool = False
    is_late: bool | None = None
    is_nil: bool = False
    extended_until: date | None = None

    @property
    def is_sent(self) -> bool:
        return self.stage in _SENT

    @cached_property
    def sign(self) -> str:
        """A few letters, as «! 40 %», «✓ muộn», «✓ KPS»."""
        drawn = f"{self.percent} %" if self.stage is Stage.DRAFT else self.stage.sign
        marks = (
            OVERDUE_SIGN if self.is_overdue else "",
            drawn,
            LATE_SIGN if self.is_sent and self.is_late else "",
            NIL_SIGN if self.is_sent and self.is_nil else "",
        )
        return " ".join(filter(None, marks))

    @cached_property
    def words(self) -> str:
        """The whole of it, as «đang nhập 40 %, quá hạn»."""
        is_draft = self.stage is Stage.DRAFT
        told = [f"{self.stage.label} {self.percent} %" if is_draft else self.stage.label]
        if self.is_sent and self.is_late is not None:
            told.append("gửi muộn" if self.is_late else "gửi đúng hạn")
        if self.is_sent and self.is_nil:
            told.append("không phát sinh")
        if self.extended_until is not None and not self.is_sent:
            told.append(f"gia hạn đến hết ngày {self.extended_until:%d/%m/%Y}")
        if self.is_overdue:
            told.append("quá hạn")
        return ", ".join(told)

    @cached_property
    def css(self) -> str:
        return f"{self.stage.value} late" if self.is_overdue else self.stage.value

    @cached_property
    def only(self) -> frozenset[Only]:
        """What the report is among. Kept, because every cell of a board is counted by it."""
        return frozenset(only for only, fits in _FITS.items() if fits(self))

    @cached_property
    def rank(self) -> tuple[bool, int, int]:
        """The worst first: what is overdue, then what is least far."""
        return not self.is_overdue, _ORDER[self.stage], self.percent


# The same few thousand facts stand in the cells of every board.
@lru_cache(maxsize=65536)
def progress_of(facts: Facts, today: date) -> Progress:
    """Return where a report stands ``today``."""
    if facts.round_status is RoundStatus.CANCELLED:
        return Progress(Stage.CANCELLED)
    return Progress(
        Stage(facts.state.value),
        percent=percent_of(facts.answered, facts.typed),
        is_overdue=is_overdue(facts.state, facts.wanted_by, today),
        is_late=facts.is_late,
        is_nil=facts.is_nil,
        extended_until=facts.extended_until,
    )


def percent_of(answered: int, typed: int) -> int:
    """Return how full a report is. Only a full one says 100, and none that was begun says 0.

    >>> percent_of(0, 30), percent_of(1, 250), percent_of(12, 30), percent_of(249, 250)
    (0, 1, 40, 99)
    >>> percent_of(30, 30), percent_of(0, 0)
    (100, 100)
    """
    if answered >= typed:
        return 100
    return max(100 * answered // typed, 1) if answered else 0


def wanted_by(
    due_on: date | None,
    edit_until: date | None,
    extended_until: date | None,
    *,
    mends: bool,
) -> date | None:
    """Return the last day on which a report is in time: the round's due day; of one that was sent
    back (``mends``) the last day of mending, if there is one; or a later day granted to the agency.

    >>> due, edit, granted = date(2027, 3, 17), date(2027, 3, 25), date(2027, 3, 20)
    >>> wanted_by(due, edit, granted, mends=False), wanted_by(due, edit, granted, mends=True)
    (datetime.date(2027, 3, 20), datetime.date(2027, 3, 25))
    >>> wanted_by(due, None, granted, mends=True), wanted_by(None, None, granted, mends=False)
    (None, None)
    """
    day = edit_until if mends else due_on
    return max(day, extended_until) if day and extended_until else day


def is_overdue(state: State, day: date | None, today: date) -> bool:
    """Say that a report is not handed in although the last day for it has passed."""
    return state not in HANDED_IN and day is not None and day < today


_FITS: dict[Only, Callable[[Progress], bool]] = {
    Only.ALL: lambda _: True,
    Only.NOT_SENT: lambda one: one.stage in {Stage.NOT_STARTED, Stage.DRAFT, Stage.SIGNING},
    Only.OVERDUE: lambda one: one.is_overdue,
    Only.NOT_STARTED: lambda one: one.stage is Stage.NOT_STARTED,
    Only.SIGNING: lambda one: one.stage is Stage.SIGNING,
    Only.RETURNED: lambda one: one.stage is Stage.RETURNED,
    Only.SENT: lambda one: one.is_sent,
    Only.WAITING: lambda one: one.stage in {Stage.SUBMITTED, Stage.IN_REVIEW},
    Only.ON_TIME: lambda one: one.is_late is False,
    Only.LATE: lambda one: one.is_late is True,
    Only.NIL: lambda one: one.is_sent and one.is_nil,
    Only.APPROVED: lambda one: one.stage is Stage.APPROVED,
}


def is_settled(approved: int, expected: int) -> bool:
    """Say whether at least half of a round's reports are approved: earlier, a sum of the province
    says more of who was quick than of the province.

    >>> is_settled(73, 147), is_settled(74, 147), is_settled(0, 0)
    (False, True, False)
    """
    return expected > 0 and 2 * approved >= expected
