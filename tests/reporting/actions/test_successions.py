"""Agencies that end, merge and split: what is written, and what is refused."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from reporting.actions.agencies import Placing, move_agencies
from reporting.actions.rounds import open_round
from reporting.actions.successions import Reform, Way, end_agency, reorganise
from reporting.models import (
    Agency,
    AgencyKind,
    Membership,
    RecordLine,
    Submission,
    Succession,
    User,
)
from reporting.queries.agencies import (
    chain_of,
    hanging_on,
    mark_of,
    successions_in,
    tree_of,
)
from reporting.refusals import AgencyUnfit, NotYours, ReasonMissing, StaleAgencies
from reporting.workflow import Role
from tests.cast import agency, approved, person, planned_round

ON = date(2025, 3, 1)
BASIS = "Nghị quyết 25/NQ-HĐND"


@pytest.fixture
def three(minh_hoa: Agency) -> list[Agency]:
    return [
        agency(f"MH.{code}", name, AgencyKind.DEPARTMENT, minh_hoa)
        for code, name in (("GTVT", "Sở GTVT"), ("XD", "Sở Xây dựng"), ("NN", "Sở Nông nghiệp"))
    ]


def new(code: str, name: str = "", kind: str = "so") -> Agency:
    return Agency(
        code=code, name=name or f"Sở {code}", kind=kind, parent=Agency.objects.get(code="MH")
    )


def seen() -> str:
    return mark_of(tree_of(Agency.objects.get(code="MH")).values())


def merge(
    old: Sequence[Agency],
    into: Agency,
    *,
    by: User,
    on: date = ON,
    roles: Sequence[tuple[int, int]] = (),
) -> Agency:
    reform = Reform(Way.MERGE, [one.pk for one in old], [into], on, BASIS, roles)
    province = Agency.objects.get(code="MH")
    return reorganise(province=province, reform=reform, seen=seen(), by=by).new[0]


def split(
    old: Agency,
    into: Sequence[Agency],
    *,
    by: User,
    way: Way = Way.DIVIDE,
    on: date = ON,
    roles: Sequence[tuple[int, int]] = (),
) -> Sequence[Agency]:
    reform = Reform(way, [old.pk], into, on, BASIS, roles)
    province = Agency.objects.get(code="MH")
    return reorganise(province=province, reform=reform, seen=seen(), by=by).new


def end(found: Agency, *, by: User, on: date = ON, reason: str = "Giải thể") -> Agency:
    return end_agency(
        province=Agency.objects.get(code="MH"),
        agency=found.pk,
        on=on,
        reason=reason,
        seen=mark_of([Agency.objects.get(pk=found.pk)]),
        by=by,
    )


def days(found: Agency) -> tuple[date | None, date | None]:
    kept = Agency.objects.get(pk=found.pk)
    return kept.valid_from, kept.valid_to


def everything() -> list[object]:
    tables = (Agency, Succession, Membership, RecordLine)
    return [list(model._default_manager.order_by("pk").values()) for model in tables]


# What is written


def test_several_merge_into_a_new_one(three: list[Agency], hanh: User) -> None:
    made = merge(three[:2], new("MH.SXD", "Sở Xây dựng"), by=hanh)
    assert [days(one) for one in three[:2]] == [(None, date(2025, 2, 28))] * 2
    assert days(made) == (ON, None)
    assert days(three[2]) == (None, None)
    assert [
        (one.predecessor, one.successor, one.on, one.legal_basis)
        for one in successions_in(made.parent or made)
    ] == [
        (three[0], made, ON, BASIS),
        (three[1], made, ON, BASIS),
    ]


def test_a_merger_stands_in_the_record_of_each(three: list[Agency], hanh: User) -> None:
    made = merge(three[:2], new("MH.SXD", "Sở Mới"), by=hanh)
    told = "sáp nhập từ ngày 01/03/2025: Sở GTVT (MH.GTVT), Sở Xây dựng (MH.XD) → Sở Mới (MH.SXD)"
    for one in three[:2]:
        line = RecordLine.objects.get(agency=one, act="end")
        assert (line.what, line.reason, line.by) == (told, BASIS, hanh)
        assert line.changes == [
            {"label": "Hoạt động đến", "before": "trống", "after": "28/02/2025"}
        ]
    assert RecordLine.objects.get(agency=made, act="succeed").what == told
    assert RecordLine.objects.filter(agency=made, act="enter").count() == 1


def test_one_goes_over_into_another_that_is_there(three: list[Agency], hanh: User) -> None:
    assert merge([three[0]], three[1], by=hanh) == three[1]
    assert days(three[0]) == (None, date(2025, 2, 28))
    assert days(three[1]) == (None, None)
    assert RecordLine.objects.filter(agency=three[1], act="succeed").count() == 1


def test_one_is_divided_and_one_splits_off(three: list[Agency], hanh: User) -> None:
    one, other = split(three[0], [new("MH.A"), new("MH.B")], by=hanh)
    assert days(three[0]) == (None, date(2025, 2, 28))
    assert [days(one), days(other)] == [(ON, None)] * 2
    [left] = split(three[1], [new("MH.C")], by=hanh, way=Way.SPLIT_OFF)
    assert days(three[1]) == (None, None)
    assert days(left) == (ON, None)
    assert RecordLine.objects.get(agency=three[1], act="succeed").what.startswith("tách từ ngày")


def test_one_ends_alone(three: list[Agency], hanh: User) -> None:
    end(three[0], by=hanh)
    assert days(three[0]) == (None, date(2025, 2, 28))
    line = RecordLine.objects.get(agency=three[0], act="end")
    assert (line.what, line.reason) == (
        "kết thúc hoạt động của Sở GTVT từ ngày 01/03/2025",
        "Giải thể",
    )


def test_the_chain_is_told_over_several_steps(three: list[Agency], hanh: User) -> None:
    made = merge(three[:2], new("MH.SXD"), by=hanh)
    last = split(made, [new("MH.A"), new("MH.B")], by=hanh, on=date(2026, 1, 1))
    agency("MH.Z", "Sở Z", AgencyKind.DEPARTMENT, three[0].parent)
    found = chain_of(three[0], successions_in(Agency.objects.get(code="MH")))
    assert [(step.on, list(step.old), list(step.new)) for step in found] == [
        (ON, [three[0]], [made]),
        (date(2026, 1, 1), [made], list(last)),
    ]
    whole = chain_of(made, successions_in(Agency.objects.get(code="MH")))
    assert [(list(step.old), list(step.new)) for step in whole] == [
        (three[:2], [made]),
        ([made], list(last)),
    ]
    assert chain_of(three[2], successions_in(Agency.objects.get(code="MH"))) == []


def test_reports_of_the_old_stay_and_the_next_round_asks_the_new(
    report: Submission, noi_vu_report: Submission, hanh: User
) -> None:
    province = report.round.province
    tomorrow = timezone.localdate() + timedelta(days=1)
    made = merge([report.agency, noi_vu_report.agency], new("MH.M"), by=hanh, on=tomorrow)
    kept = Submission.objects.get(pk=report.pk)
    assert (kept.agency, kept.agency_name) == (report.agency, "Sở Công Thương")
    next_round = planned_round(province, "MH-SAU", data_to_days_ago=-30)
    open_round(round=next_round, by=hanh)
    asked = set(next_round.submissions.values_list("agency__code", flat=True))
    assert "MH.M" in asked
    assert asked.isdisjoint({"MH.SCT", "MH.SNV"})
    open_round(round=report.round, by=hanh)
    assert not report.round.submissions.filter(agency=made).exists()


def test_what_hangs_on_the_old_is_found(
    report: Submission, noi_vu_report: Submission, hoa: User, hanh: User
) -> None:
    approved(noi_vu_report, {"1.1": "3"})
    old = [report.agency, noi_vu_report.agency]
    found = hanging_on(old, timezone.localdate())
    assert list(found.reports) == [report]
    assert hoa in [role.user for role in found.roles]


def test_people_are_given_the_same_roles_at_the_successor(three: list[Agency], hanh: User) -> None:
    an = person("an", "An", (Role.CLERK, three[0]), (Role.CLERK, three[1]))
    binh = person("binh", "Bình", (Role.HEAD, three[1]))
    chi = person("chi", "Chi", (Role.CLERK, three[0]))
    held = {(role.user.username, role.agency.code): role.pk for role in Membership.objects.all()}
    chosen = [held["an", "MH.GTVT"], held["an", "MH.XD"], held["binh", "MH.XD"]]
    made = merge(three[:2], new("MH.SXD"), by=hanh, roles=[(pk, 0) for pk in chosen])
    given = Membership.objects.filter(agency=made).order_by("pk")
    assert [(one.user, one.role, one.valid_from, one.given_by) for one in given] == [
        (an, "clerk", ON, hanh),
        (binh, "head", ON, hanh),
    ]
    assert not given.filter(user=chi).exists()
    assert Membership.objects.filter(agency=three[0], ended_at=None).count() == 2
    line = RecordLine.objects.get(person=binh, act="give_role")
    assert line.what == "giao cho Bình vai trò lãnh đạo đơn vị tại Sở MH.SXD từ 01/03/2025"
    assert line.reason == BASIS


def test_roles_that_are_not_there_to_be_handed_on_are_not_given(
    three: list[Agency], hoa: User, hanh: User
) -> None:
    """A forged id, a role at another agency, a place that is none, one that has ended."""
    gone = person("an", "An", (Role.CLERK, three[0])).memberships.get()
    gone.ended_at = timezone.now()
    gone.save()
    elsewhere = hoa.memberships.get()
    made = merge(
        three[:2],
        new("MH.SXD"),
        by=hanh,
        roles=[(gone.pk, 0), (elsewhere.pk, 0), (9999, 0), (elsewhere.pk, 7)],
    )
    assert not Membership.objects.filter(agency=made).exists()


def test_who_has_the_role_at_the_successor_gets_no_second(three: list[Agency], hanh: User) -> None:
    an = person("an", "An", (Role.CLERK, three[0]), (Role.CLERK, three[1]))
    first = an.memberships.get(agency=three[0])
    merge([three[0]], three[1], by=hanh, roles=[(first.pk, 0)])
    assert Membership.objects.filter(agency=three[1], user=an).count() == 1


def test_a_role_whose_days_are_over_at_the_successor_is_given_anew(
    three: list[Agency], hanh: User
) -> None:
    an = person("an", "An", (Role.CLERK, three[0]), (Role.CLERK, three[1]))
    an.memberships.filter(agency=three[1]).update(valid_to=timezone.localdate() - timedelta(1))
    first = an.memberships.get(agency=three[0])
    merge([three[0]], three[1], by=hanh, roles=[(first.pk, 0)])
    assert (three[1].pk, Role.CLERK) in User.objects.get(pk=an.pk).roles_held
    assert an.memberships.get(agency=three[1], ended_at=None).given_by == hanh


def test_a_role_that_cannot_be_handed_on_is_told_and_stops_no_other(
    three: list[Agency], hanh: User
) -> None:
    an = person("an", "An", (Role.CLERK, three[0]))
    an.is_staff = True
    an.save()
    binh = person("binh", "Bình", (Role.CLERK, three[0]))
    roles = [(role.pk, 0) for role in Membership.objects.filter(agency=three[0])]
    reform = Reform(Way.MERGE, [three[0].pk], [three[1]], ON, BASIS, roles)
    done = reorganise(province=Agency.objects.get(code="MH"), reform=reform, seen=seen(), by=hanh)
    assert done.refused == [
        "Chưa giao vai trò cho An, chuyên viên nhập liệu tại Sở Xây dựng: An là quản trị hệ thống;"
        " tài khoản này do quản trị hệ thống giữ."
    ]
    assert [one.user for one in Membership.objects.filter(agency=three[1])] == [binh]
    assert days(three[0]) == (None, date(2025, 2, 28))


# What is refused, and changes nothing


def test_into_itself(three: list[Agency], hanh: User) -> None:
    before = everything()
    with pytest.raises(ValidationError, match="không thể nhập vào chính mình"):
        merge(three[:2], three[1], by=hanh)
    assert everything() == before


def test_an_agency_that_has_ended_neither_ends_again_nor_takes_others_in(
    three: list[Agency], hanh: User
) -> None:
    end(three[0], by=hanh)
    before = everything()
    for act in (
        lambda: end(three[0], by=hanh, on=date(2026, 1, 1)),
        lambda: merge(three[:2], new("MH.N"), by=hanh, on=date(2026, 1, 1)),
        lambda: merge([three[1]], Agency.objects.get(pk=three[0].pk), by=hanh),
        lambda: split(three[0], [new("MH.A"), new("MH.B")], by=hanh),
    ):
        with pytest.raises(AgencyUnfit, match="đã có ngày kết thúc 28/02/2025"):
            act()
    assert everything() == before


def test_a_circle_over_several_steps(three: list[Agency], hanh: User) -> None:
    one, two, last = three
    merge([one], two, by=hanh)
    merge([two], last, by=hanh, on=date(2025, 4, 1))
    # The first was set going again by hand.
    Agency.objects.filter(pk=one.pk).update(valid_to=None)
    before = everything()
    with pytest.raises(ValidationError, match="Sở GTVT trước đây đã nhập vào Sở Nông nghiệp"):
        merge([last], Agency.objects.get(pk=one.pk), by=hanh, on=date(2025, 5, 1))
    assert everything() == before


def test_a_day_before_the_beginning_or_before_others_were_taken_in(
    three: list[Agency], hanh: User
) -> None:
    Agency.objects.filter(pk=three[0].pk).update(valid_from=ON)
    with pytest.raises(ValidationError, match="Sở GTVT hoạt động từ 01/03/2025"):
        end(three[0], by=hanh, on=ON)
    with pytest.raises(ValidationError, match="Sở GTVT hoạt động từ 01/03/2025"):
        merge([three[1]], Agency.objects.get(pk=three[0].pk), by=hanh, on=ON - timedelta(days=1))
    merge([three[2]], three[1], by=hanh)
    with pytest.raises(ValidationError, match="đã nhận đơn vị khác từ 01/03/2025"):
        end(three[1], by=hanh, on=ON)
    end(three[0], by=hanh, on=ON + timedelta(days=1))
    assert days(three[0]) == (ON, ON)


def test_a_district_does_not_end_over_the_heads_of_its_communes(
    minh_hoa: Agency, hanh: User
) -> None:
    district = agency("MH.H1", "UBND huyện Một", AgencyKind.DISTRICT, minh_hoa)
    commune = agency("MH.H1.X", "UBND xã X", AgencyKind.COMMUNE, district)
    with pytest.raises(ValidationError, match="còn 1 đơn vị trực thuộc đang hoạt động: UBND xã X"):
        end(district, by=hanh)
    move_agencies(
        province=minh_hoa,
        agencies=[commune.pk],
        to=Placing(parent=minh_hoa),
        on=timezone.localdate(),
        reason="Bỏ cấp huyện",
        seen=seen(),
        by=hanh,
    )
    end(district, by=hanh)
    assert days(district) == (None, date(2025, 2, 28))


def test_too_few_and_named_twice(three: list[Agency], hanh: User) -> None:
    before = everything()
    with pytest.raises(ValidationError, match="ít nhất hai đơn vị mới"):
        split(three[0], [new("MH.A")], by=hanh)
    with pytest.raises(ValidationError, match="Hãy ghi đơn vị mới"):
        split(three[0], [], by=hanh, way=Way.SPLIT_OFF)
    with pytest.raises(ValidationError, match="chỉ là đổi tên"):
        merge([three[0]], new("MH.A"), by=hanh)
    with pytest.raises(ValidationError, match="có mã được ghi hai lần"):
        split(three[0], [new("MH.A"), new("MH.A")], by=hanh)
    assert everything() == before


def test_a_faulty_successor(three: list[Agency], hanh: User) -> None:
    before = everything()
    bad = new("MH.A")
    bad.functions = "la_la"
    with pytest.raises(ValidationError, match="Chức năng la_la không có trong danh mục"):
        merge(three[:2], bad, by=hanh)
    taken = new("MH.NN")
    with pytest.raises(ValidationError):
        merge(three[:2], taken, by=hanh)
    assert everything() == before


def test_others_provinces_and_other_people(
    three: list[Agency], so_khac: Agency, minh_hoa: Agency, hanh: User, khac: User, dat: User
) -> None:
    before = everything()
    with pytest.raises(AgencyUnfit, match="không thuộc tỉnh này"):
        merge([three[0], so_khac], new("MH.A"), by=hanh)
    with pytest.raises(AgencyUnfit, match="không thuộc tỉnh này"):
        merge([three[0]], so_khac, by=hanh)
    with pytest.raises(AgencyUnfit, match="là tỉnh"):
        merge([three[0]], minh_hoa, by=hanh)
    with pytest.raises(AgencyUnfit, match="là tỉnh"):
        end(minh_hoa, by=hanh)
    for who in (khac, dat):
        with pytest.raises(NotYours):
            end(three[0], by=who)
        with pytest.raises(NotYours):
            merge(three[:2], new("MH.A"), by=who)
    assert everything() == before


def test_a_reason_is_needed_to_end_and_a_page_that_is_out_of_date_is_told(
    three: list[Agency], hanh: User
) -> None:
    with pytest.raises(ReasonMissing):
        end(three[0], by=hanh, reason=" ")
    reform = Reform(Way.MERGE, [three[0].pk], [three[1]], ON, BASIS)
    mark, province = seen(), Agency.objects.get(code="MH")
    Agency.objects.filter(pk=three[2].pk).update(area="Vùng Một")
    with pytest.raises(StaleAgencies):
        reorganise(province=province, reform=reform, seen=mark, by=hanh)
    assert days(three[0]) == (None, None)
