"""Saying what an indicator means, and what it came out of: every change is recorded."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from indicators.actions.indicators import (
    Description,
    StaleIndicator,
    describe,
    described,
    last_event,
    link,
    unlink,
)
from indicators.actions.record import CatalogueRefused
from indicators.kinds import Change, Meaning
from indicators.models import Indicator, IndicatorEvent, IndicatorLink
from reporting.models import User

pytestmark = pytest.mark.django_db

PUBLISHED = "chi_dao.van_ban.so_luong"


@pytest.fixture
def new(db: None) -> Indicator:
    """An indicator that no form uses."""
    return Indicator.objects.create(code="moi", name="Mới", unit="Hồ sơ", kind="count")


@pytest.fixture
def used(db: None) -> Indicator:
    """An indicator of published forms."""
    return Indicator.objects.get(code=PUBLISHED)


def stored(indicator: Indicator) -> Description:
    return described(Indicator.objects.get(pk=indicator.pk))


def told(indicator: Indicator) -> list[list[str]]:
    return [event.changes for event in indicator.events.all()]


def linked(older: Indicator, newer: Indicator, by: User) -> IndicatorLink:
    return link(older=older, newer=newer, change=Change.MERGED, meaning=Meaning.BREAK, by=by)


def test_what_changed_is_stored_and_told_with_old_and_new(new: Indicator, mai: User) -> None:
    wanted = replace(
        described(new),
        name="Số hồ sơ",
        definition="Đếm hồ sơ.",
        legal_basis="QĐ 468",
        kind="amount",
    )
    changes = describe(indicator=new, description=wanted, seen=0, note="Rà soát", by=mai)
    assert changes == [
        "tên: «Mới» → «Số hồ sơ»",
        "loại số liệu: «số đếm» → «số tiền»",
        "định nghĩa, cách tính: «trống» → «Đếm hồ sơ.»",
        "căn cứ pháp lý: «trống» → «QĐ 468»",
    ]
    assert stored(new) == wanted
    [event] = IndicatorEvent.objects.filter(indicator=new)
    assert (event.by, event.changes, event.note) == (mai, changes, "Rà soát")


def test_nothing_is_written_where_nothing_changes(new: Indicator, mai: User) -> None:
    assert describe(indicator=new, description=described(new), seen=0, by=mai) == ()
    assert told(new) == []


def test_a_second_writer_is_told_of_the_first(new: Indicator, mai: User, hanh: User) -> None:
    first = replace(described(new), definition="Của người thứ nhất")
    describe(indicator=new, description=first, seen=0, by=hanh)
    with pytest.raises(StaleIndicator, match="Trần Minh Hạnh"):
        describe(
            indicator=new,
            description=replace(described(new), definition="Của người thứ hai"),
            seen=0,
            by=mai,
        )
    assert stored(new) == first
    assert len(told(new)) == 1


def test_the_next_change_starts_from_the_last_line_of_the_record(new: Indicator, mai: User) -> None:
    describe(indicator=new, description=replace(described(new), name="Một"), seen=0, by=mai)
    seen = last_event(new)
    describe(indicator=new, description=replace(described(new), name="Hai"), seen=seen, by=mai)
    assert told(new)[-1] == ["tên: «Một» → «Hai»"]


@pytest.mark.parametrize("changes", [{"kind": "amount"}, {"unit": "Hồ sơ"}])
def test_what_published_figures_stand_under_stays(
    used: Indicator, mai: User, changes: dict[str, str]
) -> None:
    before = described(used)
    with pytest.raises(CatalogueRefused, match=f"«{PUBLISHED}» nên không đổi được"):
        describe(
            indicator=used,
            description=replace(before, definition="Mới", **changes),
            seen=last_event(used),
            by=mai,
        )
    assert stored(used) == before
    assert told(used) == []


def test_the_words_on_a_published_indicator_may_change(used: Indicator, mai: User) -> None:
    wanted = replace(described(used), name="Số văn bản", definition="Đếm văn bản.")
    describe(indicator=used, description=wanted, seen=0, by=mai)
    assert stored(used) == wanted


def test_an_indicator_keeps_a_name(new: Indicator, mai: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        describe(indicator=new, description=replace(described(new), name=""), seen=0, by=mai)
    assert list(refusal.value.message_dict) == ["name"]
    assert (stored(new).name, told(new)) == ("Mới", [])


def test_a_link_is_told_by_both_ends(new: Indicator, used: Indicator, mai: User) -> None:
    made = link(
        older=used,
        newer=new,
        change=Change.SPLIT,
        meaning=Meaning.SAME,
        note="Công văn 1",
        by=mai,
    )
    assert (made.older, made.newer, made.change, made.meaning) == (used, new, "split", "same")
    sentence = f"nối: «{PUBLISHED}» tách thành «moi» (cùng ý nghĩa)"
    assert told(new) == told(used) == [[sentence]]
    assert {event.note for event in IndicatorEvent.objects.all()} == {"Công văn 1"}


def test_two_indicators_are_linked_once(new: Indicator, used: Indicator, mai: User) -> None:
    linked(used, new, mai)
    with pytest.raises(CatalogueRefused, match="đã được nối với nhau"):
        linked(used, new, mai)
    assert len(told(new)) == 1


def test_an_indicator_does_not_come_out_of_itself(new: Indicator, mai: User) -> None:
    with pytest.raises(CatalogueRefused, match="không nối với chính nó"):
        linked(new, new, mai)
    assert told(new) == []


def test_two_indicators_did_not_come_out_of_each_other(
    new: Indicator, used: Indicator, mai: User
) -> None:
    linked(used, new, mai)
    with pytest.raises(CatalogueRefused, match="bị ghi ngược"):
        linked(new, used, mai)
    assert IndicatorLink.objects.filter(older=new).count() == 0


def test_a_link_taken_back_is_told_by_both_ends(new: Indicator, used: Indicator, mai: User) -> None:
    unlink(link=linked(used, new, mai), by=mai)
    assert not IndicatorLink.objects.filter(newer=new).exists()
    sentence = f"bỏ liên hệ: «{PUBLISHED}» gộp vào «moi» (đứt chuỗi số liệu)"
    assert told(new)[-1] == told(used)[-1] == [sentence]


def test_a_link_is_taken_back_once(new: Indicator, used: Indicator, mai: User) -> None:
    made = linked(used, new, mai)
    again = IndicatorLink.objects.get(pk=made.pk)
    unlink(link=made, by=mai)
    with pytest.raises(CatalogueRefused, match="đã được bỏ rồi"):
        unlink(link=again, by=mai)
    assert len(told(new)) == 2


def test_a_link_changes_what_a_page_was_drawn_from(
    new: Indicator, used: Indicator, mai: User
) -> None:
    linked(used, new, mai)
    assert last_event(new) > 0
    with pytest.raises(StaleIndicator):
        describe(indicator=new, description=replace(described(new), name="X"), seen=0, by=mai)
