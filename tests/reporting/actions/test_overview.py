"""Choosing the figures that leaders see first."""

import pytest

from reporting.actions.overview import choose_key_indicators
from reporting.models import Agency, KeyIndicator, RecordLine, User
from reporting.refusals import NotYours, Refused, StaleAgencies

DOCUMENTS = "chi_dao.van_ban.so_luong"
PLAN = "chi_dao.ke_hoach.ty_le_hoan_thanh"


def chosen(province: Agency) -> list[str]:
    found = KeyIndicator.objects.filter(province=province).order_by("position")
    return list(found.values_list("indicator__code", flat=True))


def test_the_choice_stands_in_its_order_and_in_the_record(minh_hoa: Agency, hanh: User) -> None:
    assert choose_key_indicators(province=minh_hoa, codes=[PLAN, DOCUMENTS], seen=[], by=hanh)
    assert chosen(minh_hoa) == [PLAN, DOCUMENTS]
    line = RecordLine.objects.get(act="key_indicators")
    assert (line.what, line.province) == ("chọn 2 chỉ tiêu trọng tâm", minh_hoa)
    assert line.changes[0]["before"] == "trống"
    assert line.changes[0]["after"].startswith("Tỷ lệ hoàn thành kế hoạch cải cách hành chính")
    seen = [PLAN, DOCUMENTS]
    assert choose_key_indicators(province=minh_hoa, codes=[DOCUMENTS], seen=seen, by=hanh)
    assert chosen(minh_hoa) == [DOCUMENTS]
    assert choose_key_indicators(province=minh_hoa, codes=[], seen=[DOCUMENTS], by=hanh)
    assert chosen(minh_hoa) == []


def test_the_same_choice_is_no_change(minh_hoa: Agency, hanh: User) -> None:
    choose_key_indicators(province=minh_hoa, codes=[PLAN], seen=[], by=hanh)
    assert not choose_key_indicators(province=minh_hoa, codes=[PLAN], seen=[PLAN], by=hanh)
    assert RecordLine.objects.filter(act="key_indicators").count() == 1


def test_two_who_choose_at_once_the_second_is_told(minh_hoa: Agency, hanh: User) -> None:
    choose_key_indicators(province=minh_hoa, codes=[PLAN], seen=[], by=hanh)
    with pytest.raises(StaleAgencies, match="Người khác vừa chọn lại"):
        choose_key_indicators(province=minh_hoa, codes=[DOCUMENTS], seen=[], by=hanh)
    assert chosen(minh_hoa) == [PLAN]


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (["khong.co"], "Ô 1: không có chỉ tiêu mang mã «khong.co»."),
        ([PLAN, DOCUMENTS, PLAN], "Ô 3: chỉ tiêu «Tỷ lệ hoàn thành kế hoạch cải cách hành chính"),
        ([PLAN] * 11, "Chọn nhiều nhất 10 chỉ tiêu; đang chọn 11."),
    ],
)
def test_what_cannot_be_chosen_is_told(
    minh_hoa: Agency, hanh: User, codes: list[str], told: str
) -> None:
    with pytest.raises(Refused) as refusal:
        choose_key_indicators(province=minh_hoa, codes=codes, seen=[], by=hanh)
    assert str(refusal.value).startswith(told)
    assert chosen(minh_hoa) == []


@pytest.mark.parametrize("who", ["dat", "hoa", "khac"])
def test_only_the_provinces_reviewer_chooses(
    minh_hoa: Agency, who: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    with pytest.raises(NotYours):
        choose_key_indicators(province=minh_hoa, codes=[PLAN], seen=[], by=by)
