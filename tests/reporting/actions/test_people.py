"""Inviting people, giving and ending roles, deputies, leaving and coming back."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from reporting.access import (
    GIVEN_BY_REVIEWERS,
    may_give,
    roles_at,
    roles_to_give,
    visible_people,
)
from reporting.actions import people
from reporting.actions.accounts import accept_invitation, choose_password, invitations
from reporting.actions.people import (
    LONGEST_STAND_IN,
    change_person,
    deactivate_person,
    end_role,
    give_first_password,
    give_role,
    invite_again,
    invite_person,
    name_deputy,
    reactivate_person,
)
from reporting.models import Agency, Membership, RecordLine, User
from reporting.people_forms import RoleForm
from reporting.refusals import (
    InvitationOver,
    NotYours,
    ReasonMissing,
    Refused,
    StalePerson,
    WrongState,
)
from reporting.workflow import Role
from tests.cast import person
from tests.reporting.background import work

TODAY = timezone.localdate
DAY = timedelta(days=1)


def anew(user: User) -> User:
    """Return the person as a later request reads them."""
    return User.objects.get(pk=user.pk)


def everything() -> list[object]:
    tables = (User, Membership, RecordLine)
    return [list(model._default_manager.order_by("pk").values()) for model in tables]


def refused(kind: type[Refused], act: Callable[[], object]) -> str:
    """Try an act; return the sentence of its refusal, having seen that nothing changed."""
    before = everything()
    with pytest.raises(kind) as refusal:
        act()
    assert everything() == before
    return str(refusal.value)


def faults(act: Callable[[], object]) -> dict[str, list[str]]:
    """Try an act; return what is said of each box, having seen that nothing changed."""
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        act()
    assert everything() == before
    return refusal.value.message_dict


@pytest.fixture
def lan(minh_hoa: Agency) -> User:
    """A second reviewer of Minh Họa."""
    return person("lan", "Phạm Thị Lan", (Role.REVIEWER, minh_hoa))


@pytest.fixture
def son(so_cong_thuong: Agency) -> User:
    """The head of Sở Công Thương."""
    return person("son", "Bùi Văn Sơn", (Role.HEAD, so_cong_thuong))


# Inviting


def invited(by: User, agency: Agency, **more: object) -> User:
    fields = {"full_name": "Đỗ Đức Đạt", "email": "dat@example.vn"} | more
    return invite_person(
        person=User(**fields), roles=[(Role.CLERK, agency)], by_mail=True, by=by
    ).person


def test_an_invited_person_chooses_a_password_by_the_letter_once(
    hanh: User,
    so_cong_thuong: Agency,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        new = invited(hanh, so_cong_thuong)
    work()
    assert (new.username, new.has_usable_password(), new.must_change_password) == (
        "datdd",
        False,
        False,
    )
    [letter] = mail.outbox
    assert letter.to == ["dat@example.vn"]
    raw = letter.message().as_bytes().decode("utf-8")
    for kind in ("plain", "html"):
        assert f'Content-Type: text/{kind}; charset="utf-8"' in raw
    assert "Kính gửi ông/bà Đỗ Đức Đạt" in letter.body
    link = re.search(r"/loi-moi/\w+/([\w-]+)/", str(letter.body))
    assert link is not None
    assert raw.count(link[0]) == 3  # the text, and the HTML's address and words
    token = link[1]
    accept_invitation(person=new, token=token, password="rất khó đoán 2026")
    assert anew(new).check_password("rất khó đoán 2026")
    refused(
        InvitationOver, lambda: accept_invitation(person=new, token=token, password="của kẻ khác 1")
    )


def test_the_record_tells_the_invitation_and_holds_no_secret(
    hanh: User,
    so_cong_thuong: Agency,
    minh_hoa: Agency,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        new = invited(hanh, so_cong_thuong)
        given = give_first_password(person=new, by=hanh)
    work()
    token = re.search(r"/loi-moi/\w+/([\w-]+)/", str(mail.outbox[0].body))
    assert token is not None
    lines = RecordLine.objects.filter(person=new).order_by("pk")
    assert [(line.act, line.by, line.province) for line in lines] == [
        ("invite", hanh, minh_hoa),
        ("give_role", hanh, minh_hoa),
        ("first_password", hanh, minh_hoa),
        ("invitation_sent", None, minh_hoa),
    ]
    assert lines[1].what == ("giao cho Đỗ Đức Đạt vai trò chuyên viên nhập liệu tại Sở Công Thương")
    told = str(list(lines.values()))
    assert given not in told
    assert token[1] not in told


def test_a_mail_server_that_fails_loses_nothing(
    hanh: User,
    so_cong_thuong: Agency,
    settings: object,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.EMAIL_BACKEND = "tests.reporting.actions.test_people.Broken"  # type: ignore[attr-defined]
    with django_capture_on_commit_callbacks(execute=True):
        new = invited(hanh, so_cong_thuong)
    work()
    last = RecordLine.objects.filter(person=new).latest("pk")
    assert (last.act, last.what) == (
        "invitation_not_sent",
        "chưa gửi được thư mời đến dat@example.vn",
    )
    with django_capture_on_commit_callbacks(execute=True):
        invite_again(person=new, by=hanh)
    work()
    assert RecordLine.objects.filter(person=new, act="invitation_not_sent").count() == 2
    # The queue tries again by itself, for the same person.
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    assert [job.args_kwargs["kwargs"] for job in waiting] == [
        {"user_id": new.pk, "attempt": 2},
        {"user_id": new.pk, "attempt": 2},
    ]


class Broken:
    """A mail server that is not there."""

    def __init__(self, **options: object) -> None:
        pass

    def send_messages(self, letters: object) -> int:
        raise ConnectionRefusedError(111, "Connection refused")


@pytest.mark.parametrize("change", ["password", "email", "time", "other"])
def test_a_link_is_worthless_after(
    hanh: User, so_cong_thuong: Agency, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = invited(hanh, so_cong_thuong)
    token = invitations.make_token(new)
    assert invitations.check_token(anew(new), token)
    if change == "password":
        choose_password(password="rất khó đoán 2026", by=new)
    if change == "email":
        seen = {"email": new.email}
        change_person(person=new, values={"email": "khac@example.vn"}, seen=seen, by=hanh)
    if change == "time":
        late = invitations._now() + 7 * DAY + timedelta(seconds=1)
        monkeypatch.setattr(invitations, "_now", lambda: late)
    checked = hanh if change == "other" else anew(new)
    assert not invitations.check_token(checked, token)


def test_a_link_opens_no_account_that_was_shut(hanh: User, so_cong_thuong: Agency) -> None:
    new = invited(hanh, so_cong_thuong)
    token = invitations.make_token(new)
    deactivate_person(person=new, reason="Mời nhầm.", by=hanh)
    refused(
        InvitationOver, lambda: accept_invitation(person=new, token=token, password="khó đoán 26")
    )


def test_a_double_click_makes_one_account(hanh: User, so_cong_thuong: Agency) -> None:
    invited(hanh, so_cong_thuong)
    with pytest.raises(ValidationError, match=r"vừa lập tài khoản Đỗ Đức Đạt \(datdd\)"):
        invited(hanh, so_cong_thuong)
    assert User.objects.filter(full_name="Đỗ Đức Đạt").count() == 1


def test_usernames_that_are_taken_get_a_number(
    hanh: User, so_cong_thuong: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "ONE_CLICK", timedelta(0))
    assert [invited(hanh, so_cong_thuong).username for _ in range(2)] == ["datdd", "datdd2"]
    User.objects.filter(username="datdd2").update(username="DatDD2")
    assert invited(hanh, so_cong_thuong).username == "datdd3"


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"email": ""}, "email"),
        ({"full_name": "", "username": "x"}, "full_name"),
        ({"username": "hanh"}, "username"),
        ({"username": "a b"}, "username"),
        ({"email": "không phải"}, "email"),
    ],
)
def test_what_no_account_can_be_is_told_at_its_box(
    hanh: User, so_cong_thuong: Agency, fields: dict[str, str], at: str
) -> None:
    assert list(faults(lambda: invited(hanh, so_cong_thuong, **fields))) == [at]


def test_nobody_is_invited_without_a_role_or_to_another_province(
    hanh: User, so_khac: Agency
) -> None:
    with pytest.raises(ValidationError, match="ít nhất một vai trò"):
        invite_person(person=User(full_name="A"), roles=[], by_mail=False, by=hanh)
    refused(NotYours, lambda: invited(hanh, so_khac))


# Who may give what


@pytest.mark.parametrize(
    ("role", "who", "allowed"),
    [
        (Role.CLERK, "hanh", True),
        (Role.HEAD, "hanh", True),
        (Role.VIEWER, "hanh", True),
        (Role.REVIEWER, "hanh", True),
        (Role.MANAGER, "hanh", False),
        (Role.CLERK, "hoa", False),
        (Role.CLERK, "dat", False),
        (Role.MANAGER, "mai", False),
        (Role.CLERK, "khac", False),
        (Role.MANAGER, "quantri", True),
    ],
)
def test_roles_are_given_by_reviewers_and_passed_on_by_who_holds_them(
    minh_hoa: Agency,
    thu: User,
    role: Role,
    who: str,
    allowed: bool,
    request: pytest.FixtureRequest,
) -> None:
    by = request.getfixturevalue(who)
    if allowed:
        give_role(person=thu, role=role, agency=minh_hoa, by=by)
        assert role in roles_at(anew(thu), minh_hoa)
    else:
        refused(NotYours, lambda: give_role(person=thu, role=role, agency=minh_hoa, by=by))


def test_a_reviewer_who_manages_the_catalogue_names_a_manager(
    hanh: User, thu: User, minh_hoa: Agency, quantri: User
) -> None:
    give_role(person=hanh, role=Role.MANAGER, agency=minh_hoa, by=quantri)
    give_role(person=thu, role=Role.MANAGER, agency=minh_hoa, by=hanh)
    assert anew(thu).manages_catalogue


def test_a_deputy_gives_what_a_reviewer_gives_but_makes_no_reviewer(
    hanh: User, lan: User, thu: User, minh_hoa: Agency, so_cong_thuong: Agency
) -> None:
    name_deputy(
        person=hanh, deputy=thu, agency=minh_hoa, valid_from=TODAY(), valid_to=TODAY(), by=hanh
    )
    give_role(person=lan, role=Role.CLERK, agency=so_cong_thuong, by=thu)
    assert not may_give(anew(thu), Role.REVIEWER, minh_hoa)
    assert roles_to_give(anew(thu)) == GIVEN_BY_REVIEWERS
    kept = Membership.objects.get(user=hanh, role=Role.REVIEWER)
    refused(NotYours, lambda: end_role(membership=kept, by=thu))


def test_what_is_offered_is_what_may_be_given(
    hanh: User, hoa: User, quantri: User, minh_hoa: Agency, so_khac: Agency
) -> None:
    """The boxes ask the same rule as the act."""
    give_role(person=hanh, role=Role.MANAGER, agency=minh_hoa, by=quantri)
    expected = {
        hanh: GIVEN_BY_REVIEWERS | {Role.REVIEWER, Role.MANAGER},
        hoa: frozenset(),
        quantri: frozenset(Role),
    }
    for giver in map(anew, expected):
        assert roles_to_give(giver) == expected[giver]
        assert {role for role in Role if may_give(giver, role, minh_hoa)} == expected[giver]
        offered = RoleForm(user=giver, offered=()).fields["role"].widget.choices
        assert {value for value, _ in offered if value} == {role.value for role in expected[giver]}
    assert roles_to_give(anew(hanh), so_khac) == frozenset()


def test_an_operators_account_is_changed_by_operators_only(
    hanh: User, quantri: User, minh_hoa: Agency, so_cong_thuong: Agency, son: User
) -> None:
    held = give_role(person=quantri, role=Role.CLERK, agency=minh_hoa, by=quantri)
    for act in (
        lambda: give_role(person=quantri, role=Role.VIEWER, agency=minh_hoa, by=hanh),
        lambda: end_role(membership=held, by=hanh),
        lambda: give_first_password(person=quantri, by=hanh),
        lambda: invite_again(person=quantri, by=hanh),
        lambda: deactivate_person(person=quantri, reason="x", by=hanh),
        lambda: change_person(
            person=quantri, values={"email": "x@x.vn"}, seen={"email": ""}, by=hanh
        ),
        lambda: stand_in(son, quantri, so_cong_thuong, by=hanh),
    ):
        assert "quản trị hệ thống" in refused(NotYours, act)


def test_an_account_with_roles_elsewhere_is_touched_by_nobody_who_could_not_give_them(
    hanh: User, khac: User, thu: User, mai: User, so_khac: Agency
) -> None:
    """A password given to somebody opens all that they may do: that of another province too."""
    give_role(person=thu, role=Role.CLERK, agency=so_khac, by=khac)
    for whose in (thu, mai, khac):
        refused(NotYours, lambda whose=whose: give_first_password(person=whose, by=hanh))  # type: ignore[misc]
        refused(NotYours, lambda whose=whose: deactivate_person(person=whose, reason="x", by=hanh))  # type: ignore[misc]


def test_a_person_is_seen_where_they_hold_or_held_a_role(
    hanh: User, khac: User, thu: User, mai: User
) -> None:
    assert set(visible_people(hanh)) == {hanh, thu, mai}
    assert set(visible_people(khac)) == {khac}
    end_role(membership=Membership.objects.get(user=thu), by=hanh)
    assert thu in visible_people(hanh)
    assert not visible_people(mai).exists()


# Roles in time


def test_a_role_holds_from_its_first_to_its_last_day(
    hanh: User, thu: User, minh_hoa: Agency
) -> None:
    held = give_role(
        person=thu,
        role=Role.VIEWER,
        agency=minh_hoa,
        valid_from=TODAY() + DAY,
        valid_to=TODAY() + 2 * DAY,
        by=hanh,
    )
    assert Role.VIEWER not in roles_at(anew(thu), minh_hoa)
    Membership.objects.filter(pk=held.pk).update(valid_from=TODAY(), valid_to=TODAY())
    assert Role.VIEWER in roles_at(anew(thu), minh_hoa)
    Membership.objects.filter(pk=held.pk).update(
        valid_from=TODAY() - 2 * DAY, valid_to=TODAY() - DAY
    )
    assert Role.VIEWER not in roles_at(anew(thu), minh_hoa)
    again = give_role(person=thu, role=Role.VIEWER, agency=minh_hoa, by=hanh)
    assert again.pk != held.pk
    assert Membership.objects.get(pk=held.pk).ended_by == hanh


def test_a_role_that_was_ended_is_kept_and_given_again(hanh: User, hoa: User) -> None:
    held = Membership.objects.get(user=hoa)
    end_role(membership=held, by=hanh, reason="Chuyển công tác.")
    held.refresh_from_db()
    assert held.ended_by == hanh
    assert held.ended_at is not None
    assert not roles_at(anew(hoa), held.agency)
    line = RecordLine.objects.get(act="end_role")
    assert (line.what, line.reason, line.by, line.person, line.agency) == (
        "thôi giao cho Nguyễn Thị Hoa vai trò chuyên viên nhập liệu tại Sở Công Thương",
        "Chuyển công tác.",
        hanh,
        hoa,
        held.agency,
    )
    assert "đã thôi lúc" in refused(WrongState, lambda: end_role(membership=held, by=hanh))
    give_role(person=hoa, role=Role.CLERK, agency=held.agency, by=hanh)
    assert Membership.objects.filter(user=hoa).count() == 2


def test_a_role_held_already_a_closed_agency_a_day_gone_by_are_told(
    hanh: User, hoa: User, thu: User, so_cong_thuong: Agency, xa_minh_an: Agency
) -> None:
    again = faults(lambda: give_role(person=hoa, role=Role.CLERK, agency=so_cong_thuong, by=hanh))
    assert again == {"__all__": ["Người này đã có vai trò đó tại đơn vị."]}
    past = faults(
        lambda: give_role(
            person=thu, role=Role.CLERK, agency=so_cong_thuong, valid_to=TODAY() - DAY, by=hanh
        )
    )
    assert list(past) == ["valid_to"]
    xa_minh_an.valid_to = TODAY() - DAY
    xa_minh_an.save()
    gone = faults(lambda: give_role(person=hoa, role=Role.CLERK, agency=xa_minh_an, by=hanh))
    assert "đã kết thúc hoạt động" in gone["agency"][0]
    low = faults(lambda: give_role(person=thu, role=Role.VIEWER, agency=so_cong_thuong, by=hanh))
    assert list(low) == ["agency"]


def test_nobody_ends_their_own_last_reviewer_role(hanh: User, lan: User) -> None:
    mine = Membership.objects.get(user=hanh)
    assert "tự thôi" in refused(NotYours, lambda: end_role(membership=mine, by=hanh))
    end_role(membership=mine, by=lan)
    left = Membership.objects.get(user=lan)
    # Hạnh no longer may: the page that she has open offers it still.
    refused(NotYours, lambda: end_role(membership=left, by=hanh))


# Deputies


def stand_in(
    whose: User, deputy: User, agency: Agency, by: User, first: int = 0, last: int = 4
) -> list[Membership]:
    return list(
        name_deputy(
            person=whose,
            deputy=deputy,
            agency=agency,
            valid_from=TODAY() + first * DAY,
            valid_to=TODAY() + last * DAY,
            by=by,
        )
    )


@pytest.mark.parametrize("by_head", [True, False])
def test_a_deputy_signs_for_some_days_and_no_longer(
    son: User, hoa: User, hanh: User, so_cong_thuong: Agency, by_head: bool
) -> None:
    by = son if by_head else hanh
    [given] = stand_in(son, hoa, so_cong_thuong, by)
    assert (given.role, given.stands_in_for, given.given_by) == (Role.HEAD, son, by)
    assert Role.HEAD in roles_at(anew(hoa), so_cong_thuong)
    assert Role.HEAD not in {role for _, role in anew(hoa).own_roles}
    line = RecordLine.objects.get(act="name_deputy")
    assert (line.person, line.by, line.agency) == (hoa, by, so_cong_thuong)
    assert line.what.startswith("cử Nguyễn Thị Hoa làm thay Bùi Văn Sơn (lãnh đạo đơn vị) tại Sở")
    Membership.objects.filter(pk=given.pk).update(
        valid_from=TODAY() - 2 * DAY, valid_to=TODAY() - DAY
    )
    assert Role.HEAD not in roles_at(anew(hoa), so_cong_thuong)


def test_a_head_passes_on_their_own_role_only(
    son: User, hoa: User, thu: User, so_cong_thuong: Agency, xa_minh_an: Agency
) -> None:
    Membership.objects.create(user=son, agency=so_cong_thuong, role=Role.CLERK)
    assert [one.role for one in stand_in(son, thu, so_cong_thuong, by=son)] == [Role.HEAD]
    refused(NotYours, lambda: stand_in(hoa, thu, so_cong_thuong, by=son))
    refused(NotYours, lambda: stand_in(thu, hoa, xa_minh_an, by=son))


def test_a_reviewer_lets_somebody_stand_in_with_all_roles_at_the_agency(
    son: User, thu: User, hanh: User, so_cong_thuong: Agency
) -> None:
    give_role(person=son, role=Role.CLERK, agency=so_cong_thuong, by=hanh)
    given = stand_in(son, thu, so_cong_thuong, by=hanh)
    assert {one.role for one in given} == {Role.HEAD, Role.CLERK}


def test_there_are_no_chains_of_deputies(
    son: User, hoa: User, thu: User, hanh: User, so_cong_thuong: Agency
) -> None:
    stand_in(son, hoa, so_cong_thuong, by=son)
    assert "không cử người khác" in refused(
        NotYours, lambda: stand_in(hoa, thu, so_cong_thuong, by=hoa)
    )
    assert [one.role for one in stand_in(hoa, thu, so_cong_thuong, by=hanh)] == [Role.CLERK]


@pytest.mark.parametrize(
    ("first", "last", "at"),
    [(-1, 3, "valid_from"), (3, 2, "valid_to"), (0, LONGEST_STAND_IN, "valid_to")],
)
def test_impossible_days_are_told(
    son: User, hoa: User, so_cong_thuong: Agency, first: int, last: int, at: str
) -> None:
    told = faults(lambda: stand_in(son, hoa, so_cong_thuong, by=son, first=first, last=last))
    assert list(told) == [at]


def test_the_longest_standing_in_is_allowed_and_not_twice(
    son: User, hoa: User, thu: User, so_cong_thuong: Agency
) -> None:
    assert stand_in(son, hoa, so_cong_thuong, by=son, last=LONGEST_STAND_IN - 1)
    assert list(faults(lambda: stand_in(son, hoa, so_cong_thuong, by=son))) == ["deputy"]
    assert list(faults(lambda: stand_in(son, son, so_cong_thuong, by=son))) == ["deputy"]
    thu.is_active = False
    thu.save()
    assert list(faults(lambda: stand_in(son, thu, so_cong_thuong, by=son))) == ["deputy"]


def test_standing_in_ends_by_who_is_stood_in_for_and_with_their_role(
    son: User, hoa: User, thu: User, hanh: User, so_cong_thuong: Agency
) -> None:
    [first] = stand_in(son, hoa, so_cong_thuong, by=son)
    refused(NotYours, lambda: end_role(membership=first, by=thu))
    end_role(membership=first, by=son)
    assert Role.HEAD not in roles_at(anew(hoa), so_cong_thuong)
    [second] = stand_in(son, hoa, so_cong_thuong, by=son, first=2)
    end_role(membership=Membership.objects.get(user=son), by=hanh)
    second.refresh_from_db()
    assert second.ended_by == hanh
    line = RecordLine.objects.filter(act="end_role").latest("pk")
    assert [change["label"] for change in line.changes] == [
        "Bùi Văn Sơn: lãnh đạo đơn vị tại Sở Công Thương",
        "Nguyễn Thị Hoa: lãnh đạo đơn vị tại Sở Công Thương",
    ]


# Accounts


def test_a_first_password_is_readable_ends_the_sessions_and_is_to_be_changed(
    hanh: User, hoa: User
) -> None:
    client = Client()
    client.force_login(hoa)
    given = give_first_password(person=hoa, by=hanh)
    assert re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}", given)
    assert anew(hoa).check_password(given)
    assert anew(hoa).must_change_password
    assert client.get("/bao-cao/").headers["Location"] == "/dang-nhap/?next=/bao-cao/"
    assert give_first_password(person=hoa, by=hanh) != given
    choose_password(password="của riêng Hoa 2026", by=hoa)
    assert not anew(hoa).must_change_password


def test_nobody_gives_themselves_a_first_password_or_leave(hanh: User) -> None:
    refused(NotYours, lambda: give_first_password(person=hanh, by=hanh))
    refused(NotYours, lambda: deactivate_person(person=hanh, reason="x", by=hanh))


def test_who_leaves_can_do_nothing_and_their_page_still_tells_it(
    hanh: User, son: User, hoa: User, so_cong_thuong: Agency
) -> None:
    stand_in(son, hoa, so_cong_thuong, by=son)
    client = Client()
    client.force_login(son)
    refused(ReasonMissing, lambda: deactivate_person(person=son, reason="", by=hanh))
    deactivate_person(person=son, reason="Nghỉ hưu.", by=hanh)
    assert client.get("/bao-cao/").headers["Location"].startswith("/dang-nhap/")
    assert Role.HEAD not in roles_at(anew(hoa), so_cong_thuong)
    line = RecordLine.objects.get(act="deactivate")
    assert (line.reason, len(line.changes)) == ("Nghỉ hưu.", 2)
    refused(WrongState, lambda: deactivate_person(person=son, reason="x", by=hanh))
    refused(WrongState, lambda: give_first_password(person=son, by=hanh))
    refused(
        WrongState, lambda: give_role(person=son, role=Role.HEAD, agency=so_cong_thuong, by=hanh)
    )
    reactivate_person(person=son, by=hanh)
    assert anew(son).is_active
    assert anew(son).roles_held == ()
    refused(WrongState, lambda: reactivate_person(person=son, by=hanh))


def test_a_change_is_recorded_from_and_to_and_only_what_changed(hanh: User, hoa: User) -> None:
    seen = {"email": "", "phone": ""}
    values = {"email": "hoa@example.vn", "phone": ""}
    assert change_person(person=hoa, values=values, seen=seen, by=hanh)
    line = RecordLine.objects.get(act="change")
    assert line.changes == [{"label": "e-mail", "before": "trống", "after": "hoa@example.vn"}]
    assert line.what == "sửa tài khoản của Nguyễn Thị Hoa"
    assert not change_person(person=hoa, values=values, seen=values, by=hanh)
    assert RecordLine.objects.filter(act="change").count() == 1


def test_an_old_username_that_none_could_choose_today_stops_no_other_change(hoa: User) -> None:
    User.objects.filter(pk=hoa.pk).update(username="hòa")
    assert change_person(person=hoa, values={"phone": "0901"}, seen={"phone": ""}, by=hoa)
    assert anew(hoa).phone == "0901"


def test_two_people_at_one_box_the_second_is_told(hanh: User, hoa: User) -> None:
    seen = {"phone": ""}
    change_person(person=hoa, values={"phone": "0901"}, seen=seen, by=hoa)
    told = refused(
        StalePerson,
        lambda: change_person(person=hoa, values={"phone": "0902"}, seen=seen, by=hanh),
    )
    assert "điện thoại nay là «0901»" in told


def test_an_e_mail_that_is_none_is_told(hanh: User, hoa: User) -> None:
    told = faults(
        lambda: change_person(person=hoa, values={"email": "x"}, seen={"email": ""}, by=hanh)
    )
    assert list(told) == ["email"]


def test_the_record_of_people_only_grows(hanh: User, hoa: User) -> None:
    give_first_password(person=hoa, by=hanh)
    with pytest.raises(Exception, match="never changed"), connection.cursor() as cursor:
        cursor.execute("UPDATE reporting_recordline SET what = 'khác'")
