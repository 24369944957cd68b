"""The acts on people: invite, change, let go and take back; give and end roles, name deputies."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from reporting.access import may_give, visible_people
from reporting.actions.accounts import lift_lockout
from reporting.actions.jobs import EMAIL_CHANGED, INVITING, enqueue_on_commit
from reporting.actions.record import About, Changes, changes_between, in_words, remember
from reporting.actions.second_factor import take_second_factor
from reporting.actions.single_sign_on import unlink
from reporting.models import Agency, Membership, RecordLine, User
from reporting.queries.agencies import province_of
from reporting.queries.lockout import lock_of_account
from reporting.queries.people import open_on, province_of_person
from reporting.refusals import NotYours, ReasonMissing, StalePerson, WrongState
from reporting.tidings import MailChoice, Subject
from reporting.usernames import suggested
from reporting.workflow import Role

LONGEST_STAND_IN = 90
ONE_CLICK = timedelta(minutes=1)
LABELS = {
    "username": "tên đăng nhập",
    "full_name": "họ và tên",
    "email": "e-mail",
    "phone": "điện thoại",
    "mail": "nhận thư",
    "is_active": "đang làm việc",
    "is_staff": "vào trang quản trị",
    "is_superuser": "quản trị hệ thống",
}
# Letters and figures that are not taken for one another when read aloud or copied by hand.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Invited:
    """A new account, with its first password where it got one: shown once, kept nowhere."""

    person: User
    password: str = ""


@transaction.atomic
def invite_person(
    *,
    person: User,
    roles: Sequence[tuple[Role, Agency]],
    by_mail: bool,
    by: User,
    via: str = "page",
) -> Invited:
    """Store ``person``, an account not saved yet, with its roles; it gets a letter with a link to
    choose a password, or a first password. Without a username it gets one from its name.

    Raises ValidationError with a sentence for each fault, and as ``give_role``.
    """
    if not roles:
        raise ValidationError("Hãy giao ít nhất một vai trò: không có vai trò thì không thấy gì.")
    if by_mail and not person.email:
        raise ValidationError({"email": "Chưa có e-mail để gửi thư mời; hoặc chọn mật khẩu đầu."})
    _require_once(person, by=by)
    if not person.username:
        taken = {name.lower() for name in User.objects.values_list("username", flat=True)}
        person.username = suggested(person.full_name, taken)
    password = "" if by_mail else _readable_password()
    person.must_change_password = not by_mail
    person.set_password(password or None)
    person.full_clean(exclude=["password"])
    person.save()
    remember(
        Subject.PERSON,
        "invite",
        f"lập tài khoản {person.username} cho {person}, "
        + ("mời qua thư" if by_mail else "cấp mật khẩu đầu"),
        by=by,
        via=via,
        about=About(province=province_of(roles[0][1]), agency=roles[0][1], person=person),
    )
    for role, agency in roles:
        give_role(person=person, role=role, agency=agency, by=by, via=via)
    if by_mail:
        enqueue_on_commit(INVITING, user_id=person.pk)
    return Invited(person, password)


def _require_once(person: User, *, by: User) -> None:
    """Raise where ``by`` has just made an account for a person of this name: a double click."""
    since = timezone.now() - ONE_CLICK
    made = RecordLine.objects.filter(
        act="invite", by=by, at__gte=since, person__full_name=person.full_name
    ).first()
    if made is not None:
        raise ValidationError(
            f"Ông/bà vừa lập tài khoản {made.person} ({made.person and made.person.username})."
            " Nếu là một người khác cùng tên, hãy đợi một phút rồi lập tiếp."
        )


@transaction.atomic
def invite_again(*, person: User, by: User, via: str = "page") -> None:
    """Send the link to choose a password once more; the links sent before stay good as long as
    nobody has used one. Raises NotYours or WrongState."""
    by, person = _locked(by, person)
    _require_account(person, by=by)
    _require_active(person)
    if not person.email:
        raise WrongState(f"{person} chưa có e-mail. Hãy ghi e-mail, hoặc cấp mật khẩu đầu.")
    _remember(person, "invite_again", f"gửi lại thư mời cho {person}", by=by, via=via)
    enqueue_on_commit(INVITING, user_id=person.pk)


@transaction.atomic
def give_first_password(*, person: User, by: User, via: str = "page") -> str:
    """Give the account a password to be changed at the next signing in, end its sessions (they
    hang on the password) and return it: it is shown once. Raises NotYours or WrongState."""
    by, person = _locked(by, person)
    _require_another(person, by=by, instead="Hãy đổi mật khẩu của mình ở trang «Đổi mật khẩu».")
    _require_account(person, by=by)
    _require_active(person)
    password = _readable_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    lift_lockout(person)
    _remember(person, "first_password", f"cấp mật khẩu đầu cho {person}", by=by, via=via)
    return password


@transaction.atomic
def unlock_person(*, person: User, by: User, via: str = "page") -> None:
    """Let an account that was tried in vain too often be signed in to at once. Raises NotYours or
    WrongState."""
    by, person = _locked(by, person)
    _require_account(person, by=by)
    _require_active(person)
    if lock_of_account(person.username, now=timezone.now()) is None:
        raise WrongState(f"Việc đăng nhập của {person} không bị tạm khóa, hoặc vừa hết khóa.")
    lift_lockout(person)
    _remember(person, "unlock", f"mở khóa đăng nhập cho {person}", by=by, via=via)


@transaction.atomic
def reset_second_factor(*, person: User, by: User, via: str = "page") -> None:
    """Take the second factor from who has lost their phone and their recovery codes; they set up
    another one. Raises NotYours or WrongState."""
    by, person = _locked(by, person)
    _require_another(person, by=by, instead="Hãy tắt rồi bật lại ở trang tài khoản của mình.")
    _require_account(person, by=by)
    take_second_factor(person)
    what = f"đặt lại xác thực hai bước của {person}"
    _remember(person, "second_factor_reset", what, by=by, via=via)


@transaction.atomic
def unlink_person(*, person: User, by: User, via: str = "page") -> None:
    """Take the link to the single sign-on off an account; the next signing in there makes one anew.
    Raises NotYours or WrongState."""
    by, person = _locked(by, person)
    _require_account(person, by=by)
    subject = unlink(person)
    what = f"bỏ nối {person} với {settings.OIDC_NAME} (mã {subject})"
    _remember(person, "unlink", what, by=by, via=via)


def _readable_password() -> str:
    """Return some 59 bits in three groups of four."""
    letters = [secrets.choice(_READABLE) for _ in range(12)]
    return "-".join("".join(letters[at : at + 4]) for at in (0, 4, 8))


@transaction.atomic
def give_role(
    *,
    person: User,
    role: Role,
    agency: Agency,
    by: User,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
    via: str = "page",
) -> Membership:
    """Give ``person`` a role at an agency and everything below it, for some days or until it is
    ended. Raises NotYours, WrongState, or ValidationError for an impossible day or agency and for a
    role that the person holds there already."""
    by, person = _locked(by, person)
    _require_no_operator(person, by=by)
    if not may_give(by, role, agency):
        raise NotYours(f"Ông/bà không giao được vai trò «{role.label}» tại {agency}.")
    _require_active(person)
    today = timezone.localdate()
    # A body that is still to begin may be staffed before.
    if not agency.stands_on(max(today, agency.valid_from or today)):
        ended = f"{agency} đã kết thúc hoạt động ngày {agency.valid_to:%d/%m/%Y}."
        raise ValidationError({"agency": f"{ended} Hãy chọn đơn vị kế thừa."})
    if valid_to is not None and valid_to < today:
        raise ValidationError({"valid_to": "Ngày cuối đã qua; hãy chọn từ hôm nay trở đi."})
    # One whose days are over ended by itself; it makes room for the new one.
    person.memberships.filter(
        agency=agency, role=role, stands_in_for=None, ended_at=None, valid_to__lt=today
    ).update(ended_by=by, ended_at=timezone.now())
    given = _membership(person, role, agency, valid_from, valid_to, by)
    remember(
        Subject.PERSON,
        "give_role",
        f"giao cho {person} vai trò {role.label} tại {agency}{_days(valid_from, valid_to)}",
        by=by,
        via=via,
        about=_about(person, agency),
        reason=reason,
    )
    return given


def _membership(
    person: User, role: Role, agency: Agency, start: date | None, end: date | None, by: User,
    stands_in_for: User | None = None,
) -> Membership:  # fmt: skip
    given = Membership(
        user=person,
        agency=agency,
        role=role.value,
        stands_in_for=stands_in_for,
        valid_from=start,
        valid_to=end,
        given_by=by,
        given_at=timezone.now(),
    )
    given.full_clean()
    given.save()
    return given


def _days(start: date | None, end: date | None) -> str:
    began = f" từ {start:%d/%m/%Y}" if start else ""
    return began + (f" đến hết {end:%d/%m/%Y}" if end else "")


@transaction.atomic
def end_role(*, membership: Membership, by: User, reason: str = "", via: str = "page") -> None:
    """End a role today, and with it what deputies hold in its place. Who gave it may, and who is
    stood in for. Raises NotYours or WrongState."""
    by, person = _locked(by, membership.user)
    held = Membership.objects.select_related("agency__parent", "ended_by").get(pk=membership.pk)
    role = Role(held.role)
    if held.ended_at is not None:
        at = timezone.localtime(held.ended_at)
        raise WrongState(f"Vai trò này đã thôi lúc {at:%H:%M ngày %d/%m/%Y} ({held.ended_by}).")
    if held.stands_in_for_id != by.pk:
        _require_no_operator(person, by=by)
        if not may_give(by, role, held.agency):
            raise NotYours(f"Ông/bà không thôi được vai trò «{role.label}» tại {held.agency}.")
    is_own = held.user_id == by.pk and held.stands_in_for_id is None
    if is_own and role is Role.REVIEWER and not by.is_superuser:
        raise NotYours(
            "Không ai tự thôi vai trò Sở Nội vụ của mình: tỉnh phải luôn còn người giữ. Hãy nhờ một"
            " chuyên viên Sở Nội vụ khác."
        )
    remember(
        Subject.PERSON,
        "end_role",
        f"thôi giao cho {person} vai trò {role.label} tại {held.agency}",
        by=by,
        via=via,
        about=_about(person, held.agency),
        changes=_end([held], by=by),
        reason=reason,
    )


def _end(held: Iterable[Membership], *, by: User) -> Changes:
    """End roles and what deputies hold in their place; return it as the record tells it."""
    ended: list[Membership] = []
    for one in held:
        ended.append(one)
        if one.stands_in_for_id is None:
            ended += Membership.objects.select_related("user", "agency").filter(
                open_on(timezone.localdate()),
                stands_in_for=one.user_id,
                agency=one.agency_id,
                role=one.role,
            )
    Membership.objects.filter(pk__in=[one.pk for one in ended], ended_at=None).update(
        ended_by=by, ended_at=timezone.now()
    )
    return [{"label": str(one), "before": "đang giao", "after": "đã thôi"} for one in ended]


@transaction.atomic
def name_deputy(
    *,
    person: User,
    deputy: User,
    agency: Agency,
    valid_from: date,
    valid_to: date,
    by: User,
    via: str = "page",
) -> Sequence[Membership]:
    """Let ``deputy`` stand in for ``person`` at an agency for some days, in every role that the
    person holds there in their own right and ``by`` may pass on; a head passes on their own.

    Raises NotYours, WrongState, or ValidationError for impossible days or an impossible deputy.
    """
    by, person, deputy = _locked(by, person, deputy)
    _require_stand_in(person, deputy, valid_from, valid_to)
    _require_no_operator(deputy, by=by)
    _require_active(person)
    held = person.memberships.filter(
        Q(valid_from=None) | Q(valid_from__lte=valid_from),
        Q(valid_to=None) | Q(valid_to__gte=valid_to),
        agency=agency,
        ended_at=None,
        stands_in_for=None,
    )
    roles = [
        role
        for role in map(Role, held.order_by("pk").values_list("role", flat=True))
        if (role is Role.HEAD and by == person) or may_give(by, role, agency)
    ]
    if not roles:
        raise NotYours(
            f"{person} không có vai trò nào tại {agency} trong những ngày đó mà ông/bà giao lại"
            " được. Người đang làm thay không cử người khác làm thay mình."
        )
    there = deputy.memberships.filter(
        Q(valid_to=None) | Q(valid_to__gte=valid_from),
        Q(valid_from=None) | Q(valid_from__lte=valid_to),
        Q(stands_in_for=None) | Q(stands_in_for=person),
        agency=agency,
        ended_at=None,
    )
    free = [role for role in roles if role.value not in set(there.values_list("role", flat=True))]
    if not free:
        raise ValidationError(
            {"deputy": f"{deputy} đã giữ {_listed(roles)} tại {agency} trong những ngày đó."}
        )
    given = [
        _membership(deputy, role, agency, valid_from, valid_to, by, stands_in_for=person)
        for role in free
    ]
    remember(
        Subject.PERSON,
        "name_deputy",
        f"cử {deputy} làm thay {person} ({_listed(free)}) tại {agency}"
        + _days(valid_from, valid_to),
        by=by,
        via=via,
        about=_about(deputy, agency),
    )
    return given


def _require_stand_in(person: User, deputy: User, start: date, end: date) -> None:
    """Raise ValidationError unless ``deputy`` can be one at all, and on such days."""
    faults: dict[str, str] = {}
    if deputy == person:
        faults["deputy"] = "Người làm thay phải là người khác."
    elif not deputy.is_active:
        faults["deputy"] = f"{deputy} đã nghỉ, không làm thay được."
    if start < timezone.localdate():
        faults["valid_from"] = "Ngày bắt đầu đã qua; hãy chọn từ hôm nay trở đi."
    if end < start:
        faults["valid_to"] = "Ngày cuối phải từ ngày bắt đầu trở đi."
    elif (end - start).days >= LONGEST_STAND_IN:
        faults["valid_to"] = (
            f"Làm thay nhiều nhất {LONGEST_STAND_IN} ngày; lâu hơn thì giao hẳn vai trò."
        )
    if faults:
        raise ValidationError(faults)


def _listed(roles: Iterable[Role]) -> str:
    return ", ".join(role.label for role in roles)


@transaction.atomic
def change_person(
    *,
    person: User,
    values: Mapping[str, str],
    seen: Mapping[str, str],
    by: User,
    via: str = "page",
) -> bool:
    """Write what ``by`` changed of an account, their own or one they look after; return whether
    anything changed. ``seen`` is what they saw of the same before.

    Raises NotYours, StalePerson where somebody else has changed it meanwhile, or ValidationError.
    """
    by, person = _locked(by, person)
    if by != person:
        _require_account(person, by=by)
    before = {name: getattr(person, name) for name in values}
    stale = [name for name in values if before[name] not in (seen[name], values[name])]
    if stale:
        told = "; ".join(f"{LABELS[name]} nay là «{in_words(before[name])}»" for name in stale)
        raise StalePerson(f"Người khác vừa sửa: {told}. Hãy xem lại rồi lưu lần nữa.")
    for name, value in values.items():
        setattr(person, name, value)
    # What was not touched is as it was allowed to be: an old username, say.
    person.full_clean(exclude={field.name for field in User._meta.fields} - values.keys())
    changes = _in_words(before, values)
    if not changes:
        return False
    person.save(update_fields=list(values))
    own = by == person
    what = "sửa tài khoản của mình" if own else f"sửa tài khoản của {person}"
    line = _remember(person, "change", what, by=by, via=via, changes=changes)
    if own and before.get("email", "") not in ("", person.email):
        enqueue_on_commit(EMAIL_CHANGED, line_id=line.pk)
    return True


def _in_words(before: Mapping[str, object], after: Mapping[str, object]) -> Changes:
    def worded(values: Mapping[str, object]) -> Mapping[str, object]:
        chosen = values.get("mail")
        return {**values, "mail": MailChoice(str(chosen)).label} if chosen else values

    labels = {name: label for name, label in LABELS.items() if name in after}
    return changes_between(worded(before), worded(after), labels)


@transaction.atomic
def deactivate_person(*, person: User, reason: str, by: User, via: str = "page") -> None:
    """Let a person go: the account is shut, all its roles end, its sessions with it. What they
    could do until then stays on their page. Raises NotYours, WrongState or ReasonMissing."""
    by, person = _locked(by, person)
    _require_another(person, by=by, instead="Hãy nhờ một chuyên viên Sở Nội vụ khác.")
    _require_account(person, by=by)
    _require_active(person)
    if not reason:
        raise ReasonMissing("Hãy ghi lý do, ví dụ «chuyển công tác từ 01/8/2026».")
    person.is_active = False
    person.save(update_fields=["is_active"])
    changes = _shut(person, by=by)
    what = f"cho {person} nghỉ, khóa tài khoản"
    _remember(person, "deactivate", what, by=by, via=via, changes=changes, reason=reason)


@transaction.atomic
def reactivate_person(*, person: User, by: User, via: str = "page") -> None:
    """Open the account again; roles are given anew, and a password by letter or by hand. Raises
    NotYours or WrongState."""
    by, person = _locked(by, person)
    _require_account(person, by=by)
    if person.is_active:
        raise WrongState(f"{person} đang làm việc; tài khoản không bị khóa.")
    person.is_active = True
    person.save(update_fields=["is_active"])
    _remember(person, "reactivate", f"cho {person} trở lại, mở tài khoản", by=by, via=via)


@transaction.atomic
def record_account(
    *, person: User, before: Mapping[str, object] | None, by: User, via: str = "admin"
) -> None:
    """Record what an operator stored of an account on the pages of administration; ``before`` is
    what stood there, None of a new one. Of an account that is shut now the roles end."""
    after = {name: getattr(person, name) for name in LABELS}
    if before is None:
        what = f"lập tài khoản {person.username} cho {person}"
        _remember(person, "invite", what, by=by, via=via)
        return
    changes = list(_in_words(before, after))
    if not person.is_active:
        changes += _shut(person, by=by)
    if changes:
        _remember(person, "change", f"sửa tài khoản của {person}", by=by, via=via, changes=changes)


@transaction.atomic
def record_password(*, person: User, by: User, via: str = "admin") -> None:
    """Record that an operator gave an account a password, or took it away, on the pages of
    administration."""
    given = person.has_usable_password()
    if given:
        lift_lockout(person)
    what = f"cấp mật khẩu đầu cho {person}" if given else f"bỏ mật khẩu của {person}"
    _remember(person, "first_password" if given else "no_password", what, by=by, via=via)


def _shut(person: User, *, by: User) -> Changes:
    """End the roles of an account that is shut; neither an old session nor the old password comes
    back with it. Return what changed of the roles."""
    person.set_unusable_password()
    person.save(update_fields=["password"])
    return _end(_open_roles(person), by=by)


def _open_roles(person: User) -> Sequence[Membership]:
    held = person.memberships.filter(open_on(timezone.localdate()))
    return list(held.select_related("user", "agency__parent__parent").order_by("pk"))


def _locked(*people: User) -> list[User]:
    """Return the people as they are stored, and let nobody else act on them or take their roles
    until the transaction ends."""
    found = {
        one.pk: one
        for one in User.objects.select_for_update(no_key=True)
        .filter(pk__in={person.pk for person in people})
        .order_by("pk")
    }
    return [found[person.pk] for person in people]


def why_no_account(person: User, *, by: User) -> str:
    """Return the sentence why ``by`` can't do anything to the account; empty if they can."""
    try:
        _require_account(person, by=by)
    except NotYours as refusal:
        return str(refusal)
    return ""


def _require_account(person: User, *, by: User) -> None:
    """Raise NotYours unless ``by`` may give every role of the person: who can shut an account or
    give it a password could otherwise act in roles that are not theirs to give."""
    _require_no_operator(person, by=by)
    if by.is_superuser:
        return
    if not visible_people(by).filter(pk=person.pk).exists():
        raise NotYours("Người này không thuộc phạm vi của ông/bà.")
    if not all(may_give(by, Role(one.role), one.agency) for one in _open_roles(person)):
        raise NotYours(
            f"{person} còn vai trò mà ông/bà không giao được, nên ông/bà không sửa, khóa hay cấp"
            " mật khẩu cho tài khoản này. Hãy đề nghị quản trị hệ thống."
        )


def _require_no_operator(person: User, *, by: User) -> None:
    if (person.is_staff or person.is_superuser) and not by.is_superuser:
        raise NotYours(f"{person} là quản trị hệ thống; tài khoản này do quản trị hệ thống giữ.")


def _require_active(person: User) -> None:
    if not person.is_active:
        raise WrongState(f"{person} đã nghỉ. Hãy cho trở lại trước.")


def _require_another(person: User, *, by: User, instead: str) -> None:
    if person == by:
        raise NotYours(f"Việc này không làm với tài khoản của chính mình. {instead}")


def _about(person: User, agency: Agency) -> About:
    return About(province=province_of(agency), agency=agency, person=person)


def _remember(
    person: User,
    act: str,
    what: str,
    *,
    by: User,
    via: str,
    changes: Changes = (),
    reason: str = "",
) -> RecordLine:
    about = About(province=province_of_person(person), person=person)
    return remember(
        Subject.PERSON, act, what, by=by, via=via, about=about, changes=changes, reason=reason
    )
