"""Entering, changing and moving agencies; entering people."""

from collections.abc import Sequence
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reporting.actions.agencies import (
    MOST_AT_ONCE,
    Placing,
    change_agency,
    enter_agency,
    enter_user,
    keep_agency,
    move_agencies,
)
from reporting.models import Agency, AgencyKind, Membership, RecordLine, Submission, User
from reporting.queries.agencies import mark_of, tree_of
from reporting.refusals import AgencyUnfit, NotYours, Refused, StaleAgencies
from reporting.workflow import Role
from tests.cast import PASSWORD, agency, person


@pytest.fixture
def commune(minh_hoa: Agency) -> Agency:
    district = agency("MH.H1", "UBND huyện Sơn Tây", AgencyKind.DISTRICT, minh_hoa)
    return agency("MH.H1.X1", "UBND xã Sơn Liên", AgencyKind.COMMUNE, district)


def refusal_of(entered: Agency) -> dict[str, list[str]]:
    """Try to enter an agency; return what is said of each of its fields."""
    with pytest.raises(ValidationError) as refusal:
        enter_agency(agency=entered)
    return refusal.value.message_dict


def test_three_levels_are_entered(commune: Agency) -> None:
    assert commune.parent is not None
    assert commune.parent.parent is not None
    assert commune.parent.parent.code == "MH"


def test_a_fourth_level_is_refused(commune: Agency) -> None:
    village = Agency(code="MH.H1.X1.T1", name="Thôn Một", kind="khac", parent=commune)
    assert refusal_of(village) == {
        "parent": ["Cây đơn vị có nhiều nhất ba cấp: tỉnh, huyện, xã hoặc cơ quan."]
    }


def test_a_circle_is_refused(so_cong_thuong: Agency, xa_minh_an: Agency) -> None:
    xa_minh_an.parent = so_cong_thuong
    xa_minh_an.save()
    so_cong_thuong.parent = xa_minh_an
    assert refusal_of(so_cong_thuong) == {
        "parent": ["Đơn vị không thể là cấp trên của chính mình."]
    }


def test_a_province_stands_at_the_top(minh_hoa: Agency, tinh_khac: Agency) -> None:
    minh_hoa.parent = tinh_khac
    assert refusal_of(minh_hoa) == {"parent": ["Tỉnh đứng đầu cây đơn vị, không có cấp trên."]}


def test_a_district_with_communes_does_not_sink_a_level(commune: Agency, minh_hoa: Agency) -> None:
    above = agency("MH.H2", "UBND huyện Hai", AgencyKind.DISTRICT, minh_hoa)
    district = commune.parent
    assert district is not None
    district.parent = above
    assert refusal_of(district) == {
        "parent": ["Cây đơn vị có nhiều nhất ba cấp: tỉnh, huyện, xã hoặc cơ quan."]
    }


def test_an_agency_of_no_province_is_refused(db: None) -> None:
    assert refusal_of(Agency(code="X", name="Sở X", kind="so")) == {
        "parent": ["Hãy chọn cấp trên: đơn vị không thuộc tỉnh nào sẽ không có báo cáo."]
    }


def test_a_code_is_given_once(minh_hoa: Agency) -> None:
    again = Agency(code="MH", name="Tỉnh Minh Họa", kind="tinh")
    assert list(refusal_of(again)) == ["code"]


def test_an_unknown_kind_is_refused(minh_hoa: Agency) -> None:
    village = Agency(code="X", name="X", kind="thon", parent=minh_hoa)
    assert list(refusal_of(village)) == ["kind"]


def test_a_person_signs_in_with_the_password_given(so_cong_thuong: Agency) -> None:
    hoa = person("hoa", "Nguyễn Thị Hoa", (Role.CLERK, so_cong_thuong))
    assert hoa.check_password(PASSWORD)
    assert (hoa.is_staff, hoa.is_superuser, str(hoa)) == (False, False, "Nguyễn Thị Hoa")
    assert str(Membership.objects.get()) == (
        "Nguyễn Thị Hoa: chuyên viên nhập liệu tại Sở Công Thương"
    )


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.VIEWER])
def test_who_reads_whole_rounds_does_so_at_a_province(so_cong_thuong: Agency, role: Role) -> None:
    with pytest.raises(ValidationError) as refusal:
        person("x", "X", (role, so_cong_thuong))
    assert refusal.value.message_dict == {"agency": [f"Vai trò «{role.label}» chỉ giao tại tỉnh."]}
    assert not User.objects.exists()


def test_one_role_is_given_once(so_cong_thuong: Agency) -> None:
    twice = [(Role.CLERK, so_cong_thuong)] * 2
    with pytest.raises(ValidationError, match="Người này đã có vai trò đó tại đơn vị"):
        enter_user(username="x", full_name="X", password=PASSWORD, roles=twice)
    assert not User.objects.exists()


def test_a_name_is_needed(db: None) -> None:
    with pytest.raises(ValidationError) as refusal:
        enter_user(username="x y", full_name="", password=PASSWORD, roles=[])
    assert sorted(refusal.value.message_dict) == ["full_name", "username"]


# Changing one, with its record


def fresh(found: Agency) -> Agency:
    return Agency.objects.select_related("parent__parent").get(pk=found.pk)


def test_entering_is_recorded_with_what_was_entered(minh_hoa: Agency, hanh: User) -> None:
    new = Agency(code="MH.SYT", name="Sở Y tế", kind="so", parent=minh_hoa)
    enter_agency(agency=new, by=hanh, reason="Quyết định 1/QĐ-UBND")
    line = RecordLine.objects.get(agency=new)
    assert (line.what, line.by, line.province, line.reason) == (
        "nhập đơn vị Sở Y tế (MH.SYT)",
        hanh,
        minh_hoa,
        "Quyết định 1/QĐ-UBND",
    )
    parent = {"label": "Cấp trên", "before": "trống", "after": "Tỉnh Minh Họa (MH)"}
    assert parent in line.changes


def test_a_change_is_recorded_from_old_to_new(so_cong_thuong: Agency, hanh: User) -> None:
    seen = mark_of([so_cong_thuong])
    changed = fresh(so_cong_thuong)
    changed.name, changed.wants_signature = "Sở Công Thương và Du lịch", True
    assert change_agency(agency=changed, seen=seen, by=hanh, reason="Đổi tên")
    line = RecordLine.objects.get(agency=so_cong_thuong, act="change")
    assert line.changes == [
        {"label": "Tên", "before": "Sở Công Thương", "after": "Sở Công Thương và Du lịch"},
        {"label": "Lãnh đạo ký", "before": "không", "after": "có"},
    ]
    assert (line.by, line.reason) == (hanh, "Đổi tên")


def test_no_change_leaves_no_line(so_cong_thuong: Agency, hanh: User) -> None:
    before = RecordLine.objects.count()
    found = fresh(so_cong_thuong)
    assert not change_agency(agency=found, seen=mark_of([so_cong_thuong]), by=hanh)
    assert RecordLine.objects.count() == before


def test_what_was_filed_keeps_the_old_name(report: Submission, hanh: User) -> None:
    changed = fresh(report.agency)
    changed.name, changed.area = "Tên khác", "Vùng Một"
    change_agency(agency=changed, seen=mark_of([report.agency]), by=hanh)
    kept = Submission.objects.get(pk=report.pk)
    assert (kept.agency_name, kept.agency_area) == ("Sở Công Thương", "")


@pytest.mark.parametrize(
    ("who", "refusal"), [("dat", NotYours), ("hoa", NotYours), ("khac", NotYours)]
)
def test_only_the_reviewer_of_the_province_changes(
    so_cong_thuong: Agency,
    who: str,
    refusal: type[Refused],
    request: pytest.FixtureRequest,
) -> None:
    changed = fresh(so_cong_thuong)
    changed.name = "X"
    by = request.getfixturevalue(who)
    with pytest.raises(refusal):
        change_agency(agency=changed, seen=mark_of([so_cong_thuong]), by=by)
    assert fresh(so_cong_thuong).name == "Sở Công Thương"


def test_two_people_change_one_agency_the_second_is_told(
    so_cong_thuong: Agency, hanh: User
) -> None:
    seen = mark_of([so_cong_thuong])
    first, second = fresh(so_cong_thuong), fresh(so_cong_thuong)
    first.place = "Nha Trang"
    change_agency(agency=first, seen=seen, by=hanh)
    second.name = "Sở X"
    with pytest.raises(StaleAgencies):
        change_agency(agency=second, seen=seen, by=hanh)
    assert (fresh(first).name, fresh(first).place) == ("Sở Công Thương", "Nha Trang")


def test_the_province_itself_is_the_operators(minh_hoa: Agency, hanh: User) -> None:
    changed = fresh(minh_hoa)
    changed.name = "X"
    with pytest.raises(AgencyUnfit, match="do quản trị hệ thống sửa"):
        change_agency(agency=changed, seen=mark_of([minh_hoa]), by=hanh)


def test_an_agency_is_not_changed_into_another_province(
    so_cong_thuong: Agency, tinh_khac: Agency, hanh: User
) -> None:
    changed = fresh(so_cong_thuong)
    changed.parent = tinh_khac
    with pytest.raises(ValidationError, match="cấp trên trong tỉnh"):
        change_agency(agency=changed, seen=mark_of([so_cong_thuong]), by=hanh)
    assert fresh(so_cong_thuong).parent_id != tinh_khac.pk


def test_an_unknown_function_is_refused(so_cong_thuong: Agency, hanh: User) -> None:
    changed = fresh(so_cong_thuong)
    changed.functions = "noi_vu la_la"
    with pytest.raises(ValidationError, match="Chức năng la_la không có trong danh mục"):
        change_agency(agency=changed, seen=mark_of([so_cong_thuong]), by=hanh)


# Moving many


@pytest.fixture
def communes(minh_hoa: Agency) -> list[Agency]:
    return [
        agency(f"MH.Y{number}", f"UBND xã Y{number}", AgencyKind.COMMUNE, minh_hoa)
        for number in range(5)
    ]


@pytest.fixture
def district(minh_hoa: Agency) -> Agency:
    return agency("MH.H1", "UBND huyện Sơn Tây", AgencyKind.DISTRICT, minh_hoa)


def move(
    agencies: Sequence[Agency],
    to: Placing,
    *,
    by: User,
    on: date | None = None,
    seen: str = "",
) -> int:
    """Move agencies of Minh Họa as a page just drawn would."""
    province = Agency.objects.get(code="MH")
    return move_agencies(
        province=province,
        agencies=[one.pk for one in agencies],
        to=to,
        on=on or timezone.localdate(),
        reason="Nghị quyết 1",
        seen=seen or mark_of(tree_of(province).values()),
        by=by,
    )


def test_many_are_moved_at_once_each_with_its_line(
    communes: list[Agency], district: Agency, hanh: User
) -> None:
    on = timezone.localdate() - timedelta(days=3)
    assert move(communes, Placing(parent=district, area="Vùng Một"), by=hanh, on=on) == 5
    for one in communes:
        kept = fresh(one)
        assert (kept.parent, kept.area, kept.kind) == (district, "Vùng Một", "xa")
        line = RecordLine.objects.get(agency=one, act="move")
        assert line.what == f"chuyển đơn vị {one.name} từ ngày {on:%d/%m/%Y}"
        assert [change["label"] for change in line.changes] == ["Cấp trên", "Địa bàn"]
        assert (line.by, line.reason) == (hanh, "Nghị quyết 1")


@pytest.mark.parametrize("number", [1, 5])
def test_moving_many_takes_as_many_queries_as_moving_one(
    communes: list[Agency],
    district: Agency,
    hanh: User,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    province = Agency.objects.get(code="MH")
    seen = mark_of(tree_of(province).values())
    by = User.objects.get(pk=hanh.pk)
    with django_assert_num_queries(7):
        # the savepoint's two, roles, the province locked, its tree, agencies written, lines
        move_agencies(
            province=province,
            agencies=[one.pk for one in communes[:number]],
            to=Placing(parent=district),
            on=timezone.localdate(),
            reason="Nghị quyết 1",
            seen=seen,
            by=by,
        )


def test_one_that_has_ended_keeps_all_from_moving(
    communes: list[Agency], district: Agency, hanh: User
) -> None:
    communes[2].valid_to = date(2025, 6, 30)
    communes[2].save()
    with pytest.raises(AgencyUnfit, match=r"UBND xã Y2 \(MH.Y2\) đã có ngày kết thúc 30/06/2025"):
        move(communes, Placing(parent=district), by=hanh)
    assert {fresh(one).parent_id for one in communes} == {district.parent_id}
    assert not RecordLine.objects.filter(act="move").exists()


def test_a_move_below_itself_or_a_level_too_deep_is_refused(
    communes: list[Agency], district: Agency, hanh: User
) -> None:
    move(communes[:1], Placing(parent=district), by=hanh)
    with pytest.raises(ValidationError, match="cấp trên của chính mình"):
        move([district], Placing(parent=communes[0]), by=hanh)
    with pytest.raises(ValidationError, match="cấp trên của chính mình"):
        move([district], Placing(parent=district), by=hanh)
    with pytest.raises(ValidationError, match="nhiều nhất ba cấp"):
        move([communes[1]], Placing(parent=fresh(communes[0])), by=hanh)
    with pytest.raises(ValidationError, match="nhiều nhất ba cấp"):
        move([district], Placing(parent=communes[1]), by=hanh)
    assert fresh(district).parent_id == district.parent_id


def test_a_day_to_come_or_before_the_beginning_is_refused(
    communes: list[Agency], district: Agency, hanh: User
) -> None:
    today = timezone.localdate()
    communes[0].valid_from = today - timedelta(days=5)
    communes[0].save()
    to = Placing(parent=district)
    with pytest.raises(ValidationError, match="không thể ở sau hôm nay"):
        move(communes, to, by=hanh, on=today + timedelta(days=1))
    with pytest.raises(ValidationError, match="UBND xã Y0 hoạt động từ"):
        move(communes, to, by=hanh, on=today - timedelta(days=6))
    assert move(communes, to, by=hanh, on=today - timedelta(days=5)) == 5


def test_a_tree_that_changed_meanwhile_is_told(
    communes: list[Agency], district: Agency, hanh: User
) -> None:
    seen = mark_of(tree_of(Agency.objects.get(code="MH")).values())
    Agency.objects.filter(pk=communes[4].pk).update(name="UBND xã Khác")
    with pytest.raises(StaleAgencies):
        move(communes[:1], Placing(parent=district), by=hanh, seen=seen)


def test_nothing_to_move_nobody_chosen_too_many_and_others_agencies(
    communes: list[Agency], so_khac: Agency, minh_hoa: Agency, hanh: User, khac: User
) -> None:
    with pytest.raises(ValidationError, match="đều đang như thế"):
        move(communes, Placing(kind=AgencyKind.COMMUNE), by=hanh)
    with pytest.raises(ValidationError, match="ít nhất một đơn vị"):
        move([], Placing(area="A"), by=hanh)
    with pytest.raises(ValidationError, match=f"nhiều nhất {MOST_AT_ONCE}"):
        move(communes * 100, Placing(area="A"), by=hanh)
    with pytest.raises(AgencyUnfit, match="1 đơn vị đã chọn không thuộc tỉnh này"):
        move([communes[0], so_khac], Placing(area="A"), by=hanh)
    with pytest.raises(AgencyUnfit, match="là tỉnh"):
        move([minh_hoa], Placing(area="A"), by=hanh)
    with pytest.raises(NotYours):
        move(communes, Placing(area="A"), by=khac)
    assert not RecordLine.objects.filter(act="move").exists()


# Who enters where, and the operator who corrects


@pytest.mark.parametrize("who", ["dat", "hoa", "khac"])
def test_only_the_reviewer_of_the_province_enters(
    minh_hoa: Agency, who: str, request: pytest.FixtureRequest
) -> None:
    new = Agency(code="MH.SYT", name="Sở Y tế", kind="so", parent=minh_hoa)
    with pytest.raises(NotYours):
        enter_agency(agency=new, by=request.getfixturevalue(who))
    assert not Agency.objects.filter(code="MH.SYT").exists()


def test_nothing_is_entered_below_a_body_that_has_ended(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User, quantri: User
) -> None:
    stale = fresh(so_cong_thuong)
    Agency.objects.filter(pk=so_cong_thuong.pk).update(valid_to="2025-02-28")
    new = Agency(code="MH.CC", name="Chi cục", kind="so", parent=stale)
    with pytest.raises(AgencyUnfit, match="đã có ngày kết thúc 28/02/2025"):
        enter_agency(agency=new, by=hanh)
    assert not Agency.objects.filter(code="MH.CC").exists()
    assert enter_agency(agency=new, by=quantri).pk


def test_the_act_that_corrects_any_agency_is_the_operators(
    so_cong_thuong: Agency, hanh: User, quantri: User
) -> None:
    changed = fresh(so_cong_thuong)
    changed.name = "X"
    with pytest.raises(NotYours):
        keep_agency(agency=changed, by=hanh, via="admin")
    assert fresh(so_cong_thuong).name == "Sở Công Thương"
    assert keep_agency(agency=changed, by=quantri, via="admin")
    assert fresh(so_cong_thuong).name == "X"


def test_acts_on_one_tree_take_turns_with_entering_and_correcting(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User, quantri: User
) -> None:
    new = Agency(code="MH.SYT", name="Sở Y tế", kind="so", parent=minh_hoa)
    changed = fresh(so_cong_thuong)
    changed.name = "X"
    with patch.object(
        QuerySet, "select_for_update", autospec=True, side_effect=lambda q, **_: q
    ) as lock:
        enter_agency(agency=new, by=hanh)
        assert lock.call_count == 1
        keep_agency(agency=changed, by=quantri, via="admin")
        assert lock.call_count == 2


@pytest.mark.parametrize(
    ("start", "end", "stands"),
    [
        (None, None, True),
        ("2025-03-01", None, True),
        ("2025-03-02", None, False),
        (None, "2025-03-01", True),
        (None, "2025-02-28", False),
    ],
)
def test_an_agency_stands_from_its_first_to_its_last_day(
    so_cong_thuong: Agency, start: str | None, end: str | None, stands: bool
) -> None:
    day = date(2025, 3, 1)
    Agency.objects.filter(pk=so_cong_thuong.pk).update(valid_from=start, valid_to=end)
    assert fresh(so_cong_thuong).stands_on(day) is stands
    found = Agency.objects.filter(Agency.standing_on(day), pk=so_cong_thuong.pk)
    assert found.exists() is stands
