"""The life of an indicator: its places in order of time, and the chain that it is part of."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.access import visible_versions
from indicators.actions.drafts import discard
from indicators.kinds import Change, Meaning
from indicators.models import FormVersion, Indicator, IndicatorLink
from indicators.queries.lineage import Lineage, Step, lineage
from reporting.models import User
from tests.indicators.actions.acts import begun, published
from tests.indicators.sheets import document

pytestmark = pytest.mark.django_db


def life(code: str) -> Lineage:
    return lineage(Indicator.objects.get(code=code), FormVersion.objects.select_related("form"))


def linked(*codes: str) -> None:
    """Enter indicators, each of which came out of the one before it."""
    made = [
        Indicator.objects.get_or_create(code=code, defaults={"name": code, "kind": "count"})[0]
        for code in codes
    ]
    for older, newer in pairwise(made):
        IndicatorLink.objects.create(
            older=older, newer=newer, change=Change.RENAMED, meaning=Meaning.SAME
        )


def pairs(steps: Sequence[Step]) -> list[str]:
    return [f"{step.older.code}→{step.newer.code}" for step in steps]


def test_an_indicator_is_told_form_by_form_in_order_of_time() -> None:
    places = life("chi_dao.van_ban.so_luong").places
    assert [(place.version.code, place.stt, place.label) for place in places] == [
        ("PL2-KH-2021", "1.2.", "Số văn bản chỉ đạo CCHC đã ban hành"),
        (
            "PL2-KH-2022",
            "1.1",
            "Số văn bản chỉ đạo CCHC đã ban hành (Kế hoạch, công văn chỉ đạo, quán triệt)",
        ),
        ("PL2-XA-QN-2022", "1.1.3.", "Số văn bản chỉ đạo CCHC đã ban hành"),
        (
            "PL1-GL-2023",
            "1",
            "Số văn bản chỉ đạo CCHC đã ban hành (Kết luận, chỉ thị, công văn chỉ đạo, quán triệt)",
        ),
    ]
    compared = [place.before and place.before.version.code for place in places]
    assert compared == [None, "PL2-KH-2021", "PL2-KH-2022", "PL2-XA-QN-2022"]


def test_a_place_is_compared_with_the_edition_before_it_of_its_own_form(mai: User) -> None:
    published(mai)
    published(mai, document("1.1.a", "label", "- Số hồ sơ"), code="KHAC-2026", form="KHAC")
    published(mai, document("1.1.a", "label", "- Tổng"), code="THU-2027", edition="2027")
    places = {place.version.code: place for place in life("thu.tong_so").places}
    before = places["THU-2027"].before
    assert before is not None
    assert (before.version.code, before.words, places["THU-2027"].words) == (
        "THU-2026",
        "Tổng số",
        "Tổng",
    )


def test_a_place_says_who_reports_there() -> None:
    places = {place.version.code: place for place in life("so_hoa.lgsp.tinh_trang").places}
    assert places["PL2-KH-2022"].reporters == ["tttt"]
    assert places["PL2-KH-2022"].across_agencies == "designated"


def test_drafts_are_for_those_who_may_see_them(mai: User, hoa: User) -> None:
    begun(mai, document("1.1.a", "stt", "1.1.1"))
    indicator = Indicator.objects.get(code="thu.tong_so")
    assert lineage(indicator, visible_versions(hoa)).places == []
    [place] = lineage(indicator, visible_versions(mai)).places
    assert (place.version.code, place.key, place.stt) == ("THU-2026", "1.1.a", "1.1.1")


def test_no_published_place_is_compared_with_a_draft_of_another_form(mai: User) -> None:
    begun(mai, code="NHAP-2025", form="NHAP", valid_from="2025-01-01")
    published(mai)
    drafted, final = life("thu.tong_so").places
    assert (drafted.version.code, final.version.code) == ("NHAP-2025", "THU-2026")
    assert final.before is None


def test_a_draft_put_aside_is_no_place(mai: User) -> None:
    draft = begun(mai)
    discard(version=draft, revision=draft.revision, by=mai)
    assert lineage(Indicator.objects.get(code="thu.tong_so"), visible_versions(mai)).places == []


def test_a_chain_is_walked_to_both_ends() -> None:
    linked("a", "b", "c", "d")
    middle = life("b")
    assert (pairs(middle.earlier), pairs(middle.later)) == (["a→b"], ["b→c", "c→d"])
    last = life("d")
    assert (pairs(last.earlier), pairs(last.later)) == (["a→b", "b→c", "c→d"], [])


def test_what_was_merged_and_split_is_all_told() -> None:
    linked("a", "c")
    linked("b", "c")
    linked("c", "d")
    linked("c", "e")
    found = life("c")
    assert sorted(pairs(found.earlier)) == ["a→c", "b→c"]
    assert sorted(pairs(found.later)) == ["c→d", "c→e"]


def test_a_circle_comes_to_an_end() -> None:
    linked("a", "b", "c", "a")
    found = life("a")
    assert pairs(found.later) == ["a→b", "b→c", "c→a"]
    assert pairs(found.earlier) == ["a→b", "b→c", "c→a"]


def test_a_step_says_where_both_stood(mai: User) -> None:
    published(mai)
    linked("thu.tong_so", "moi")
    [step] = life("moi").earlier
    assert [place.version.code for place in step.older_places] == ["THU-2026"]
    assert step.newer_places == []
    assert (step.change, step.meaning) == (Change.RENAMED, Meaning.SAME)


def test_a_life_costs_the_same_however_long(
    mai: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    linked("ngan", "ngan-2")
    linked(*(f"dai-{number}" for number in range(8)))
    versions = visible_versions(mai)
    for code in ("ngan", "dai-4", "chi_dao.van_ban.so_luong"):
        indicator = Indicator.objects.get(code=code)
        with django_assert_num_queries(3):
            lineage(indicator, versions.all())
