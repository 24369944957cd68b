"""The acts by which agencies end: alone, merged into another one, split into several."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from indicators.kinds import Labelled
from reporting.actions.agencies import (
    LABELS,
    before_beginning,
    enter_agency,
    locked_tree,
    require_chosen,
    require_going_on,
    require_seen,
    told,
)
from reporting.actions.people import give_role
from reporting.actions.record import About, changes_between, line_of
from reporting.models import Agency, RecordLine, Succession, User
from reporting.queries.agencies import (
    comes_from,
    roles_to_hand_on,
    successions_in,
)
from reporting.refusals import ReasonMissing, Refused, sentences
from reporting.tidings import Subject
from reporting.workflow import Role

ONE_DAY = timedelta(days=1)


class Way(Labelled):
    """How agencies go over into others: only where some are split off does the old one stay."""

    MERGE = "merge", "sáp nhập"
    DIVIDE = "divide", "chia"
    SPLIT_OFF = "split_off", "tách"


@dataclass(frozen=True, slots=True)
class Reform:
    """What a decision makes of agencies: ``old`` go over into ``new`` from the day ``on``.

    ``old`` are ids; ``new`` are agencies that are there or unsaved ones that are entered with it.
    ``roles`` are pairs of a role's id and the place in ``new`` of the agency at which the person is
    given the same one.
    """

    way: Way
    old: Sequence[int]
    new: Sequence[Agency]
    on: date
    legal_basis: str
    roles: Collection[tuple[int, int]] = ()

    @property
    def is_end(self) -> bool:
        return self.way is not Way.SPLIT_OFF


@dataclass(frozen=True, slots=True)
class Reformed:
    """What a decision has made: the successors, and a sentence for each chosen role that could not
    be given at one."""

    new: Sequence[Agency]
    refused: Sequence[str]


@transaction.atomic
def end_agency(
    *,
    province: Agency,
    agency: int,
    on: date,
    reason: str,
    seen: str,
    by: User,
    via: str = "page",
) -> Agency:
    """End an agency before the day ``on``, with no other in its place.

    Raises NotYours, AgencyUnfit, StaleAgencies, ReasonMissing, or django's ValidationError.
    """
    tree = locked_tree(province, by=by)
    [ending] = require_chosen(tree, [agency])
    require_seen([ending], seen)
    _require_end(ending, on, tree.values(), successions_in(province))
    if not reason.strip():
        raise ReasonMissing("Cần ghi lý do hoặc văn bản kết thúc hoạt động của đơn vị.")
    what = f"kết thúc hoạt động của {ending.name} từ ngày {on:%d/%m/%Y}"
    _end(province, [ending], on, what, by=by, via=via, reason=reason)
    return ending


@transaction.atomic
def reorganise(
    *, province: Agency, reform: Reform, seen: str, by: User, via: str = "page"
) -> Reformed:
    """Carry a merger or a split out, with all that belongs to it. A role that can't be handed on
    stops nothing else.

    ``seen`` is the mark of the whole tree. Raises NotYours, AgencyUnfit, StaleAgencies, or django's
    ValidationError.
    """
    old = require_reform(province, reform, seen=seen, by=by)
    for agency in reform.new:
        if agency._state.adding:
            enter_agency(agency=agency, by=by, reason=reform.legal_basis, via=via)
    Succession.objects.bulk_create(
        Succession(
            predecessor=before, successor=after, on=reform.on, legal_basis=reform.legal_basis
        )
        for before in old
        for after in reform.new
    )
    what = f"{reform.way.label} từ ngày {reform.on:%d/%m/%Y}: {_named(old)} → {_named(reform.new)}"
    ended = old if reform.is_end else []
    _end(province, ended, reform.on, what, by=by, via=via, reason=reform.legal_basis)
    RecordLine.objects.bulk_create(
        line_of(
            Subject.AGENCY,
            "succeed",
            what,
            by=by,
            via=via,
            about=About(province=province, agency=agency),
            reason=reform.legal_basis,
        )
        for agency in (*old, *reform.new)
        if agency not in ended
    )
    refused = _hand_on(reform, old, by=by, via=via)
    return Reformed(reform.new, refused)


def require_reform(province: Agency, reform: Reform, *, seen: str, by: User) -> list[Agency]:
    """Return the old agencies as stored, or raise as the act would: a page shows what a decision
    does before it is made. The tree stays locked until the transaction ends."""
    tree = locked_tree(province, by=by)
    old = require_chosen(tree, reform.old)
    require_seen(tree.values(), seen)
    _require_new(reform)
    successions = successions_in(province)
    for agency in old:
        _require_end(agency, reform.on, tree.values(), successions, goes_on=not reform.is_end)
    for successor in reform.new:
        if successor._state.adding:
            successor.valid_from = reform.on
            successor.full_clean()
        else:
            [there] = require_chosen(tree, [successor.pk])
            _require_successor(there, old, reform.on)
            _require_no_circle(successor, old, successions)
    return old


def _require_new(reform: Reform) -> None:
    """Raise where the successors are too few or named twice: one that changes its name alone is
    changed, not replaced."""
    codes = [agency.code for agency in reform.new]
    if len(set(codes)) < len(codes):
        raise ValidationError("Mỗi đơn vị mới một mã; có mã được ghi hai lần.")
    if reform.way is Way.DIVIDE and len(reform.new) < 2:
        raise ValidationError("Chia cần ít nhất hai đơn vị mới. Nếu chỉ đổi tên, hãy sửa đơn vị.")
    if not reform.new:
        raise ValidationError("Hãy ghi đơn vị mới, hoặc chọn đơn vị tiếp nhận.")
    is_new = any(agency._state.adding for agency in reform.new)
    if reform.way is Way.MERGE and is_new and len(reform.old) < 2:
        raise ValidationError(
            "Một đơn vị nhập vào một đơn vị mới thì chỉ là đổi tên: hãy sửa đơn vị ấy, hoặc chọn"
            " thêm đơn vị kết thúc."
        )


def _require_end(
    agency: Agency,
    on: date,
    tree: Collection[Agency],
    successions: Sequence[Succession],
    *,
    goes_on: bool = False,
) -> None:
    """Raise unless ``agency`` may end before ``on``, or have others split off on it."""
    require_going_on(agency)
    came = [one.on for one in successions if one.successor_id == agency.pk]
    if agency.valid_from and on <= agency.valid_from:
        raise ValidationError({"on": before_beginning(agency)})
    if came and on <= max(came):
        raise ValidationError(
            {
                "on": f"{agency.name} đã nhận đơn vị khác từ {max(came):%d/%m/%Y}; hãy chọn ngày"
                " sau ngày đó."
            }
        )
    below = [one for one in tree if one.parent_id == agency.pk and one.stands_on(on)]
    if below and not goes_on:
        named = ", ".join(one.name for one in below[:5]) + (", …" if len(below) > 5 else "")
        raise ValidationError(
            f"{agency.name} còn {len(below)} đơn vị trực thuộc đang hoạt động: {named}. Hãy chuyển"
            " hoặc kết thúc các đơn vị đó trước."
        )


def _require_successor(successor: Agency, old: Collection[Agency], on: date) -> None:
    if successor in old:
        raise ValidationError(
            f"{successor.name} không thể nhập vào chính mình: đơn vị tiếp nhận thì không chọn trong"
            " các đơn vị kết thúc."
        )
    require_going_on(successor)
    if successor.valid_from and on < successor.valid_from:
        raise ValidationError({"on": before_beginning(successor)})


def _require_no_circle(
    successor: Agency, old: Collection[Agency], successions: Sequence[Succession]
) -> None:
    for agency in old:
        if comes_from(agency.pk, successor.pk, successions):
            raise ValidationError(
                f"{successor.name} trước đây đã nhập vào {agency.name} (trực tiếp hoặc qua đơn vị"
                " khác) nên không thể tiếp nhận ngược lại. Hãy lập đơn vị mới."
            )


def _named(agencies: Collection[Agency]) -> str:
    return ", ".join(f"{agency.name} ({agency.code})" for agency in agencies)


def _end(
    province: Agency,
    agencies: Collection[Agency],
    on: date,
    what: str,
    *,
    by: User,
    via: str,
    reason: str,
) -> None:
    """Write the last day of agencies, with a line of the record for each."""
    lines = []
    for agency in agencies:
        before = told(agency)
        agency.valid_to = on - ONE_DAY
        lines.append(
            line_of(
                Subject.AGENCY,
                "end",
                what,
                by=by,
                via=via,
                about=About(province=province, agency=agency),
                changes=changes_between(before, told(agency), LABELS),
                reason=reason,
            )
        )
    Agency.objects.bulk_update(agencies, ["valid_to"])
    RecordLine.objects.bulk_create(lines)


def _hand_on(reform: Reform, old: Collection[Agency], *, by: User, via: str) -> Sequence[str]:
    """Give people at the successors the roles they hold at the old agencies, where that was chosen;
    return a sentence for each role that could not be given."""
    holders = roles_to_hand_on(old, reform.on).order_by().values("user")
    # All at once, in one order: an act on two of them does not wait crosswise for this one.
    list(
        User.objects.select_for_update(no_key=True)
        .filter(Q(pk=by.pk) | Q(pk__in=holders))
        .order_by("pk")
    )
    held = {role.pk: role for role in roles_to_hand_on(old, reform.on)}
    given: set[tuple[int, int, str]] = set()
    refused: list[str] = []
    for pk, place in sorted(reform.roles):
        if pk not in held or place not in range(len(reform.new)):
            continue
        role, at = held[pk], reform.new[place]
        if (role.user_id, place, role.role) in given:
            continue
        given.add((role.user_id, place, role.role))
        try:
            give_role(
                person=role.user,
                role=Role(role.role),
                agency=at,
                valid_from=max(reform.on, role.valid_from or reform.on),
                valid_to=role.valid_to,
                by=by,
                reason=reform.legal_basis,
                via=via,
            )
        except (Refused, ValidationError) as refusal:
            named = f"{role.user}, {Role(role.role).label} tại {at.name}"
            refused.append(f"Chưa giao vai trò cho {named}: {' '.join(sentences(refusal))}")
    return refused
