"""The one table of moves: which state leads where, for whom, under which conditions."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from indicators.kinds import Labelled


class Role(Labelled):
    """What a person may do at an agency and at all agencies below it."""

    CLERK = "clerk", "chuyên viên nhập liệu"
    HEAD = "head", "lãnh đạo đơn vị"
    REVIEWER = "reviewer", "chuyên viên Sở Nội vụ"
    VIEWER = "viewer", "lãnh đạo tỉnh"
    MANAGER = "manager", "quản trị danh mục"


class State(Labelled):
    """Where a submission stands."""

    NOT_STARTED = "not_started", "Chưa nhập"
    DRAFT = "draft", "Đang nhập"
    SIGNING = "signing", "Chờ lãnh đạo ký"
    SUBMITTED = "submitted", "Đã gửi"
    IN_REVIEW = "in_review", "Đang xem xét"
    RETURNED = "returned", "Trả lại"
    APPROVED = "approved", "Đã duyệt"


EDITABLE = frozenset({State.NOT_STARTED, State.DRAFT, State.RETURNED})
HANDED_IN = frozenset({State.SUBMITTED, State.IN_REVIEW, State.APPROVED})
# Handed in, and not judged yet.
WAITING = frozenset({State.SUBMITTED, State.IN_REVIEW})
# Who has it to do something with.
HELD_BY = {
    State.NOT_STARTED: "đơn vị, chưa nhập",
    State.DRAFT: "đơn vị, đang nhập",
    State.SIGNING: "lãnh đạo đơn vị",
    State.SUBMITTED: "Sở Nội vụ, chờ xem xét",
    State.IN_REVIEW: "Sở Nội vụ",
    State.RETURNED: "đơn vị, để sửa",
    State.APPROVED: "Sở Nội vụ, đã duyệt xong",
}


class RoundStatus(Labelled):
    """What was decided of a round; its days say the rest."""

    PLANNED = "planned", "Đang chuẩn bị"
    OPEN = "open", "Đã mở"
    CLOSED = "closed", "Đã đóng"
    CANCELLED = "cancelled", "Đã hủy"


@dataclass(frozen=True, slots=True)
class RoundAct:
    """Something the Sở Nội vụ does with a round. ``label`` is what its button says, ``verb`` how a
    sentence does."""

    name: str
    label: str
    verb: str
    sources: frozenset[RoundStatus]


_NOT_CANCELLED = frozenset({RoundStatus.PLANNED, RoundStatus.OPEN, RoundStatus.CLOSED})
ROUND_ACTS = {
    act.name: act
    for act in (
        RoundAct(
            name="open",
            label="Mở đợt, giao báo cáo",
            verb="mở đợt",
            sources=frozenset({RoundStatus.PLANNED, RoundStatus.OPEN}),
        ),
        RoundAct(name="change", label="Sửa đợt", verb="sửa đợt", sources=_NOT_CANCELLED),
        RoundAct(
            name="extend",
            label="Gia hạn cho đơn vị",
            verb="gia hạn",
            sources=frozenset({RoundStatus.OPEN, RoundStatus.CLOSED}),
        ),
        RoundAct(
            name="reconcile",
            label="Đối chiếu số của tỉnh",
            verb="ghi chú đối chiếu",
            sources=frozenset({RoundStatus.OPEN, RoundStatus.CLOSED}),
        ),
        RoundAct(
            name="publish",
            label="Công bố số của tỉnh",
            verb="công bố",
            sources=frozenset({RoundStatus.OPEN, RoundStatus.CLOSED}),
        ),
        RoundAct(
            name="close",
            label="Đóng đợt",
            verb="đóng đợt",
            sources=frozenset({RoundStatus.OPEN}),
        ),
        RoundAct(
            name="reopen",
            label="Mở lại đợt",
            verb="mở lại đợt",
            sources=frozenset({RoundStatus.CLOSED}),
        ),
        RoundAct(name="cancel", label="Hủy đợt", verb="hủy đợt", sources=_NOT_CANCELLED),
    )
}


# Any of these may look at the submissions of the agencies their role covers.
READERS = frozenset({Role.CLERK, Role.HEAD, Role.REVIEWER, Role.VIEWER})
# These see the whole round of a province: its list, its table.
ROUND_READERS = frozenset({Role.REVIEWER, Role.VIEWER})
# Held at the province: what they read or change is not one agency's.
PROVINCIAL = ROUND_READERS | {Role.MANAGER}


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a submission; ``done`` is how the record tells it afterwards.

    ``roles_where_signed`` may make it at an agency that wants its head to sign, where that differs.
    """

    name: str
    label: str
    done: str
    sources: frozenset[State]
    target: State
    roles: frozenset[Role]
    roles_where_signed: frozenset[Role] | None = None
    needs_reason: bool = False
    needs_figures: bool = False
    needs_answers: bool = False
    needs_no_remarks: bool = False
    only_while_open: bool = False

    @property
    def in_sentence(self) -> str:
        """The label as it stands inside a sentence; names keep their capitals."""
        return self.label[:1].lower() + self.label[1:]

    def made_by(self, *, is_signed: bool) -> frozenset[Role]:
        """The roles that may make it at an agency that wants signing, or at one that does not."""
        return (
            self.roles
            if self.roles_where_signed is None or not is_signed
            else (self.roles_where_signed)
        )

    def is_open_to(self, state: State, roles: Collection[Role], *, is_signed: bool = False) -> bool:
        return state in self.sources and not self.made_by(is_signed=is_signed).isdisjoint(roles)


MOVES = {
    move.name: move
    for move in (
        Move(
            name="start",
            label="Bắt đầu nhập",
            done="bắt đầu nhập số liệu",
            sources=frozenset({State.NOT_STARTED}),
            target=State.DRAFT,
            roles=frozenset({Role.CLERK, Role.HEAD}),
            only_while_open=True,
        ),
        Move(
            name="present",
            label="Trình lãnh đạo ký",
            done="trình lãnh đạo ký",
            sources=frozenset({State.DRAFT, State.RETURNED}),
            target=State.SIGNING,
            roles=frozenset(),
            roles_where_signed=frozenset({Role.CLERK, Role.HEAD}),
            needs_figures=True,
            needs_answers=True,
            only_while_open=True,
        ),
        Move(
            name="recall",
            label="Lấy lại để sửa",
            done="lấy lại báo cáo đang chờ ký để sửa",
            sources=frozenset({State.SIGNING}),
            target=State.DRAFT,
            roles=frozenset({Role.CLERK, Role.HEAD}),
        ),
        Move(
            name="decline",
            label="Chưa ký, chuyển lại",
            done="chưa ký, chuyển báo cáo lại chuyên viên",
            sources=frozenset({State.SIGNING}),
            target=State.DRAFT,
            roles=frozenset({Role.HEAD}),
            needs_reason=True,
        ),
        Move(
            name="submit",
            label="Gửi Sở Nội vụ",
            done="gửi báo cáo",
            sources=frozenset({State.DRAFT, State.RETURNED, State.SIGNING}),
            target=State.SUBMITTED,
            roles=frozenset({Role.CLERK, Role.HEAD}),
            roles_where_signed=frozenset({Role.HEAD}),
            needs_figures=True,
            needs_answers=True,
            only_while_open=True,
        ),
        Move(
            name="withdraw",
            label="Rút lại để sửa",
            done="rút báo cáo về để sửa",
            sources=frozenset({State.SUBMITTED}),
            target=State.DRAFT,
            roles=frozenset({Role.CLERK, Role.HEAD}),
            only_while_open=True,
        ),
        Move(
            name="review",
            label="Nhận xem xét",
            done="nhận xem xét báo cáo",
            sources=frozenset({State.SUBMITTED}),
            target=State.IN_REVIEW,
            roles=frozenset({Role.REVIEWER}),
        ),
        Move(
            name="release",
            label="Thôi xem xét",
            done="thôi xem xét, để báo cáo chờ người khác",
            sources=frozenset({State.IN_REVIEW}),
            target=State.SUBMITTED,
            roles=frozenset({Role.REVIEWER}),
        ),
        Move(
            name="return",
            label="Trả lại",
            done="trả lại báo cáo",
            sources=WAITING,
            target=State.RETURNED,
            roles=frozenset({Role.REVIEWER}),
            needs_reason=True,
        ),
        Move(
            name="approve",
            label="Duyệt",
            done="duyệt báo cáo",
            sources=WAITING,
            target=State.APPROVED,
            roles=frozenset({Role.REVIEWER}),
            needs_no_remarks=True,
        ),
        Move(
            name="reopen",
            label="Mở lại báo cáo đã duyệt",
            done="mở lại báo cáo đã duyệt",
            sources=frozenset({State.APPROVED}),
            target=State.RETURNED,
            roles=frozenset({Role.REVIEWER}),
            needs_reason=True,
        ),
    )
}


def open_moves(state: State, roles: Collection[Role], *, is_signed: bool = False) -> Iterator[Move]:
    """Yield the moves that a person with ``roles`` may make from ``state``, in table order, at an
    agency that wants its head to sign (``is_signed``) or at one that does not."""
    return (move for move in MOVES.values() if move.is_open_to(state, roles, is_signed=is_signed))
