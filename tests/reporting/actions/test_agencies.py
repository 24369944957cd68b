"""Entering agencies and people."""

import pytest
from django.core.exceptions import ValidationError

from reporting.actions.agencies import enter_agency, enter_user
from reporting.models import Agency, AgencyKind, Membership, User
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
