"""Who may do what: each act with its roles, each agency with who holds them; and as a list."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from reporting.access import FILLS_IN, GIVEN_BY_REVIEWERS
from reporting.actions.record import About, remember
from reporting.documents.files import File
from reporting.documents.formats import xlsx
from reporting.documents.formats.listing import Listing, render_listing
from reporting.documents.names import file_stem
from reporting.models import Agency, Membership, User
from reporting.queries.people import Holders, holds
from reporting.tidings import Subject
from reporting.workflow import MOVES, READERS, ROUND_READERS, Move, Role

EVERYBODY = frozenset(Role)
YES = "được"


@dataclass(frozen=True, slots=True)
class Duty:
    """One act and, in the order of the roles, what each may: "được", a condition, or nothing."""

    what: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Duties:
    """The acts on one kind of thing."""

    on: str
    duties: Sequence[Duty]


def duties() -> Sequence[Duties]:
    """Return every act of the portal by what it is on, from the tables that the acts ask."""
    return [
        Duties(
            "Báo cáo của đơn vị",
            [
                _duty("Xem báo cáo, tải phụ lục, xem nhật ký", READERS),
                _duty("Nhập số liệu, đính kèm tài liệu, giải trình cảnh báo", FILLS_IN),
                *(_of_move(move) for move in MOVES.values()),
                _duty("Ghi ý kiến về một dòng", FILLS_IN | {Role.REVIEWER}),
                _duty("Miễn lỗi", {Role.REVIEWER}),
            ],
        ),
        Duties(
            "Đợt báo cáo và số của tỉnh",
            [_duty("Xem tiến độ, số tổng hợp; tải phụ lục của tỉnh", ROUND_READERS)],
        ),
        Duties(
            "Danh mục biểu mẫu",
            [
                _duty("Xem biểu mẫu, chỉ tiêu đã công bố", EVERYBODY),
                _duty("Soạn, công bố, thôi dùng biểu mẫu", {Role.MANAGER}),
            ],
        ),
        Duties(
            "Người dùng",
            [
                _duty("Mời người dùng, sửa tài khoản, cho nghỉ, trở lại", {Role.REVIEWER}),
                *(_of_giving(role) for role in Role),
                _duty("Cử người làm thay người khác", {Role.REVIEWER}),
                _duty("Cử người làm thay mình", {Role.HEAD}),
            ],
        ),
    ]


def _duty(what: str, roles: Collection[Role], words: str = YES) -> Duty:
    return Duty(what, [words if role in roles else "" for role in Role])


def _of_giving(role: Role) -> Duty:
    words = YES if role in GIVEN_BY_REVIEWERS else f"khi cũng là {role.label}"
    if role is Role.REVIEWER:
        words = "khi không phải làm thay"
    return _duty(f"Giao và thôi vai trò {role.label}", {Role.REVIEWER}, words)


def _of_move(move: Move) -> Duty:
    plain, signed = move.made_by(is_signed=False), move.made_by(is_signed=True)
    words = {
        (True, True): YES,
        (False, True): "khi lãnh đạo đơn vị ký trước khi gửi",
        (True, False): "khi không cần lãnh đạo ký",
        (False, False): "",
    }
    return Duty(move.label, [words[role in plain, role in signed] for role in Role])


def days_told(membership: Membership, today: date) -> str:
    """Return for how long a role is held, and in whose place; empty of one without an end."""
    parts = []
    if membership.stands_in_for is not None:
        parts.append(f"làm thay {membership.stands_in_for}")
    if membership.valid_from is not None and not holds(membership, today):
        parts.append(f"từ {membership.valid_from:%d/%m/%Y}")
    if membership.valid_to is not None:
        parts.append(f"đến hết {membership.valid_to:%d/%m/%Y}")
    return " ".join(parts)


HEADINGS = (
    ("Mã đơn vị", 14),
    ("Đơn vị", 44),
    ("Vai trò", 24),
    ("Họ và tên", 28),
    ("Tên đăng nhập", 18),
    ("E-mail", 30),
    ("Ghi chú", 40),
)


@transaction.atomic
def who_may_file(
    holders: Sequence[Holders], *, today: date, province: Agency | None, by: User
) -> File:
    """Return who holds which role at which agency as a workbook, and record that it left."""
    listing = Listing(
        name="Ai làm gì",
        title="Người giữ vai trò tại các đơn vị",
        notes=[f"Ngày {today:%d/%m/%Y}: {len(holders)} đơn vị."],
        headings=HEADINGS,
        rows=list(_rows(holders, today)),
    )
    name = f"{file_stem('AiLamGi', f'{today:%Y-%m-%d}')}.xlsx"
    file = File(name, xlsx.CONTENT_TYPE, render_listing(listing))
    what = (
        f"tải danh sách người giữ vai trò tại {len(holders)} đơn vị: tệp {name},"
        f" mã băm {file.sha256}"
    )
    about = About(province=province)
    remember(Subject.PERSON, "export", what, by=by, via="page", about=about)
    return file


def _rows(holders: Sequence[Holders], today: date) -> Iterator[list[str]]:
    for one in holders:
        place = [one.agency.code, one.agency.name]
        for role in Role:
            for held in one.held.get(role, ()):
                who = [held.user.full_name, held.user.username, held.user.email]
                yield [*place, role.label, *who, days_told(held, today)]
        for role in one.lacks:
            yield [*place, role.label, "", "", "", "Chưa có người"]
