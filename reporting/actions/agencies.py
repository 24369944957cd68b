"""The acts on agencies and people: enter, change and move agencies, give a person an account."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from reporting.access import KEEPERS, roles_at
from reporting.actions.record import About, changes_between, line_of, remember
from reporting.models import Agency, AgencyKind, Membership, RecordLine, User
from reporting.queries.agencies import mark_of, province_of, tree_of
from reporting.refusals import AgencyUnfit, NotYours, StaleAgencies
from reporting.roster.columns import TITLES
from reporting.roster.tree import why_misplaced
from reporting.tidings import Subject
from reporting.workflow import Role

MOST_AT_ONCE = 300
_ELSEWHERE = "Hãy chọn cấp trên trong tỉnh."
# What the record calls the values of an agency.
LABELS = {**TITLES, "parent": "Cấp trên"}


@transaction.atomic
def enter_agency(
    *,
    agency: Agency,
    by: User | None = None,
    reason: str = "",
    via: str = "page",
) -> Agency:
    """Store a new agency. ``by`` is None for a command, which stands outside a tree like an
    operator.

    Raises NotYours, AgencyUnfit, or django's ValidationError with a sentence for each fault.
    """
    if by is not None and not by.is_superuser:
        tree = locked_tree(province_of(agency), by=by)
        if agency.parent_id not in tree:
            raise ValidationError({"parent": _ELSEWHERE})
        agency.parent = tree[agency.parent_id]
        require_going_on(agency.parent)
    agency.full_clean()
    agency.save()
    remember(
        Subject.AGENCY,
        "enter",
        f"nhập đơn vị {agency.name} ({agency.code})",
        by=by,
        via=via,
        about=About(province=province_of(agency), agency=agency),
        changes=changes_between({}, told(agency), LABELS),
        reason=reason,
    )
    return agency


@transaction.atomic
def change_agency(
    *, agency: Agency, seen: str, by: User, reason: str = "", via: str = "page"
) -> bool:
    """Store ``agency`` with its new values, if it still stands as the page with the mark ``seen``
    showed it; say whether anything has changed.

    Raises NotYours, AgencyUnfit, StaleAgencies, or django's ValidationError.
    """
    stored = Agency.objects.select_related("parent__parent").get(pk=agency.pk)
    province = province_of(stored)
    tree = locked_tree(province, by=by)
    stored = tree[agency.pk]
    require_below(stored)
    require_seen([stored], seen)
    if agency.parent_id not in tree:
        raise ValidationError({"parent": _ELSEWHERE})
    return _store(stored, agency, by=by, via=via, reason=reason)


@transaction.atomic
def keep_agency(*, agency: Agency, by: User, via: str) -> bool:
    """Store an agency as an operator leaves it, who may correct any; say whether it has changed.
    Raises NotYours, or django's ValidationError."""
    if not by.is_superuser:
        raise NotYours("Chỉ quản trị hệ thống được sửa mọi đơn vị.")
    standing = Agency.objects.select_related("parent__parent").get(pk=agency.pk)
    _locked(province_of(standing))
    return _store(Agency.objects.get(pk=agency.pk), agency, by=by, via=via)


def _store(stored: Agency, agency: Agency, *, by: User, via: str, reason: str = "") -> bool:
    changes = changes_between(told(stored), told(agency), LABELS)
    if not changes:
        return False
    agency.full_clean()
    agency.save()
    remember(
        Subject.AGENCY,
        "change",
        f"sửa đơn vị {agency.name}",
        by=by,
        via=via,
        about=About(province=province_of(agency), agency=agency),
        changes=changes,
        reason=reason,
    )
    return True


@dataclass(frozen=True, slots=True)
class Placing:
    """Where many agencies are moved to; None leaves what each of them has."""

    parent: Agency | None = None
    kind: AgencyKind | None = None
    area: str | None = None


@transaction.atomic
def move_agencies(
    *,
    province: Agency,
    agencies: Collection[int],
    to: Placing,
    on: date,
    reason: str,
    seen: str,
    by: User,
    via: str = "page",
) -> int:
    """Move agencies, by their ids, below another one, to another area or kind; all or none. Return
    how many have changed. ``on`` is the day that the decision names: past reports keep what they
    were filed with.

    ``seen`` is the mark of the whole tree. Raises NotYours, AgencyUnfit, StaleAgencies, or django's
    ValidationError. A fixed number of queries.
    """
    tree = locked_tree(province, by=by)
    chosen = require_chosen(tree, agencies)
    require_seen(tree.values(), seen)
    _require_movable(chosen, on)
    before = {agency.pk: told(agency) for agency in chosen}
    for agency in chosen:
        agency.parent = tree[to.parent.pk] if to.parent else agency.parent
        agency.kind = to.kind.value if to.kind else agency.kind
        agency.area = agency.area if to.area is None else to.area
    _require_places(tree)
    changes = {
        agency: changed
        for agency in chosen
        if (changed := changes_between(before[agency.pk], told(agency), LABELS))
    }
    if not changes:
        raise ValidationError("Các đơn vị đã chọn đều đang như thế; không có gì để chuyển.")
    Agency.objects.bulk_update(changes, ["parent", "kind", "area"])
    RecordLine.objects.bulk_create(
        line_of(
            Subject.AGENCY,
            "move",
            f"chuyển đơn vị {agency.name} từ ngày {on:%d/%m/%Y}",
            by=by,
            via=via,
            about=About(province=province, agency=agency),
            changes=changed,
            reason=reason,
        )
        for agency, changed in changes.items()
    )
    return len(changes)


def _require_movable(chosen: Collection[Agency], on: date) -> None:
    if on > timezone.localdate():
        raise ValidationError(
            {"on": "Việc chuyển có hiệu lực ngay, nên ngày không thể ở sau hôm nay."}
        )
    for agency in chosen:
        require_going_on(agency)
        if agency.valid_from and on < agency.valid_from:
            raise ValidationError({"on": before_beginning(agency)})


def _require_places(tree: Mapping[int, Agency]) -> None:
    """Raise ValidationError where an agency would stand too deep, below itself, or elsewhere."""
    parents = {agency.pk: agency.parent_id for agency in tree.values()}
    for agency in tree.values():
        if why := why_misplaced(agency.pk, parents):
            raise ValidationError({"parent": f"{agency.name}: {why}"})


# What all acts on the tree share


def locked_tree(province: Agency, *, by: User) -> dict[int, Agency]:
    """Return the province's agencies as stored, and let no second writer at them until the
    transaction ends: acts on one tree take turns. Raises NotYours."""
    if KEEPERS.isdisjoint(roles_at(by, province)):
        raise NotYours("Chỉ chuyên viên Sở Nội vụ của tỉnh được sửa danh sách đơn vị.")
    return tree_of(_locked(province))


def _locked(province: Agency) -> Agency:
    return Agency.objects.select_for_update(no_key=True).get(pk=province.pk)


def require_chosen(tree: Mapping[int, Agency], agencies: Collection[int]) -> list[Agency]:
    """Return the chosen agencies, which stand below the province of ``tree``."""
    if not agencies:
        raise ValidationError("Hãy chọn ít nhất một đơn vị.")
    if len(agencies) > MOST_AT_ONCE:
        raise ValidationError(
            f"Đã chọn {len(agencies)} đơn vị; mỗi lần nhiều nhất {MOST_AT_ONCE}. Hãy chia thành"
            " nhiều lần."
        )
    if strange := [pk for pk in agencies if pk not in tree]:
        raise AgencyUnfit(f"{len(strange)} đơn vị đã chọn không thuộc tỉnh này.")
    chosen = [tree[pk] for pk in dict.fromkeys(agencies)]
    for agency in chosen:
        require_below(agency)
    return chosen


def require_below(agency: Agency) -> None:
    if agency.kind == AgencyKind.PROVINCE:
        raise AgencyUnfit(f"{agency.name} là tỉnh; tỉnh do quản trị hệ thống sửa.")


def require_going_on(agency: Agency) -> None:
    if agency.valid_to is not None:
        raise AgencyUnfit(
            f"{agency.name} ({agency.code}) đã có ngày kết thúc {agency.valid_to:%d/%m/%Y}. Nếu"
            " ngày ấy chưa đúng, hãy sửa đơn vị trước."
        )


def require_seen(agencies: Collection[Agency], seen: str) -> None:
    if mark_of(agencies) != seen:
        raise StaleAgencies(
            "Đơn vị đã thay đổi sau khi ông/bà mở trang này nên chưa ghi gì. Hãy xem lại nội dung"
            " mới rồi thực hiện lại."
        )


def before_beginning(agency: Agency) -> str:
    return f"{agency.name} hoạt động từ {agency.valid_from:%d/%m/%Y}; hãy chọn ngày sau ngày đó."


def told(agency: Agency) -> dict[str, object]:
    """Return what the record tells of an agency, in words."""
    return {
        "code": agency.code,
        "name": agency.name,
        "kind": AgencyKind(agency.kind).label,
        "parent": agency.parent and f"{agency.parent.name} ({agency.parent.code})",
        "functions": agency.functions,
        "area": agency.area,
        "place": agency.place,
        "signer_title": agency.signer_title,
        "wants_signature": agency.wants_signature,
        "valid_from": agency.valid_from,
        "valid_to": agency.valid_to,
    }


@transaction.atomic
def enter_user(
    *,
    username: str,
    full_name: str,
    password: str,
    roles: Iterable[tuple[Role, Agency]],
    is_operator: bool = False,
) -> User:
    """Store a new account with its roles. An operator may enter the administration pages."""
    user = User(
        username=username, full_name=full_name, is_staff=is_operator, is_superuser=is_operator
    )
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    for role, agency in roles:
        membership = Membership(user=user, agency=agency, role=role.value)
        membership.full_clean()
        membership.save()
    return user
