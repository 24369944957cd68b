"""Kind and choices out of the unit that the paper prints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.catalogue.problems import LONGEST
from indicators.catalogue.units import choices_in, measure, written_out
from indicators.definition import options
from indicators.kinds import Kind


@pytest.mark.parametrize(
    ("unit", "choices"),
    [
        ("Không = 0 Có = 1", "0=Không|1=Có"),
        ("Chưa =0 Có = 1", "0=Chưa|1=Có"),
        ("Chưa = 0 Hoàn thành=1", "0=Chưa|1=Hoàn thành"),
        ("Đã kết nối = 1 Chưa kết nối = 2", "1=Đã kết nối|2=Chưa kết nối"),
        ("Trực tuyến = 0 Phát phiếu = 1 Kết hợp = 2", "0=Trực tuyến|1=Phát phiếu|2=Kết hợp"),
        ("Có=1; Không=0", "1=Có|0=Không"),
        ("Có = 1, Không = 0.", "1=Có|0=Không"),
        ("Có = 1 / Không = 0", "1=Có|0=Không"),
        ("- Có = 1 - Không = 0", "1=Có|0=Không"),
        ("(Có = 1; Không = 0)", "1=Có|0=Không"),
        ("Có = 1, Chưa (đang làm) = 0", "1=Có|0=Chưa (đang làm)"),
        ("Chưa có = 0 2 cấp = 1 3 cấp = 2", "0=Chưa có|1=2 cấp|2=3 cấp"),
        ("Hoàn thành = 1", "1=Hoàn thành"),
        ("0 = Không; 1 = Có", "0=Không|1=Có"),
        ("0=Chưa có 1=2 cấp 2=3 cấp", "0=Chưa có|1=2 cấp|2=3 cấp"),
        ("Có/Không", "1=Có|0=Không"),
        ("Đã có / Chưa có", "1=Đã có|0=Chưa có"),
    ],
)
def test_a_list_of_choices_is_read_in_its_printed_order(unit: str, choices: str) -> None:
    assert choices_in(unit) == choices
    assert measure(unit, "Dòng", has_parts=False, is_title=False)[:2] == (Kind.CHOICE, choices)


@pytest.mark.parametrize(
    "unit",
    [
        *("", "=", "Có =", "= 1", "Có = một", "x = y", "Có = 1 Không", "2015 = 2016", "a|b = 1"),
        *("Có = 12345678901", "12345678901 = Có", "Đơn vị", f"{'Có' * 200} = 1"),
    ],
)
def test_what_is_no_list_of_choices_is_none(unit: str) -> None:
    assert choices_in(unit) == ""


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("%", Kind.PERCENT),
        ("Tỷ lệ %", Kind.PERCENT),
        ("Tỉ lệ", Kind.PERCENT),
        ("Phần trăm", Kind.PERCENT),
        ("(%)", Kind.PERCENT),
        ("253/493", Kind.PERCENT),
        ("Đồng", Kind.AMOUNT),
        ("Nghìn đồng", Kind.AMOUNT),
        ("Triệu đồng", Kind.AMOUNT),
        ("Tỉ đồng", Kind.AMOUNT),
        ("1.000 đồng", Kind.AMOUNT),
        ("VNĐ", Kind.AMOUNT),
        ("Hợp đồng", Kind.COUNT),
        ("Hội đồng", Kind.COUNT),
        ("Hồ sơ", Kind.COUNT),
        ("Cơ quan, đơn vị", Kind.COUNT),
        ("Tháng", Kind.COUNT),
    ],
)
def test_the_unit_decides_the_kind_whatever_the_label(unit: str, kind: Kind) -> None:
    found = measure(unit, "Tỷ lệ hồ sơ", has_parts=True, is_title=True)
    assert (found.kind, found.choices) == (kind, "")
    assert unit in found.why


@pytest.mark.parametrize(
    ("label", "has_parts", "is_title", "kind"),
    [
        ("- Tỷ lệ cơ quan được cấp chứng thư số", False, False, Kind.PERCENT),
        ("Tổng số đơn vị sự nghiệp", True, False, Kind.COUNT),
        ("Số cơ quan đã kiểm tra", True, False, Kind.HEADING),
        ("Số lượng phiếu", False, False, Kind.COUNT),
        ("Số liệu về biên chế", False, True, Kind.HEADING),
        ("Cải cách thể chế", True, True, Kind.HEADING),
        ("Cải cách thể chế", False, True, Kind.HEADING),
        ("Tên phần mềm", False, False, Kind.TEXT),
    ],
)
def test_without_a_unit_label_and_place_decide(
    label: str, has_parts: bool, is_title: bool, kind: Kind
) -> None:
    found = measure("", label, has_parts=has_parts, is_title=is_title)
    assert (found.kind, found.choices) == (kind, "")
    assert found.why.startswith("không có đơn vị tính")


def test_a_ditto_mark_repeats_the_unit_above() -> None:
    assert written_out(['"', "Hồ  sơ", '"', "''", "nt", "- nt -", "Như trên", "", "〃"]) == [
        '"', "Hồ sơ", "Hồ sơ", "Hồ sơ", "Hồ sơ", "Hồ sơ", "Hồ sơ", "", "",
    ]  # fmt: skip


PIECES = st.sampled_from(["Có", "Không", "=", " ", "0", "1", "|", ";", "(", ")", "/", "2 cấp", "%"])


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40))
def test_whatever_stands_there_choices_are_such_as_the_catalogue_reads(unit: str) -> None:
    found = measure(unit, unit, has_parts=False, is_title=False)
    assert (found.kind is Kind.CHOICE) == bool(found.choices)
    assert len(options(found.choices)) == len(found.choices.split("|")) * bool(found.choices)
    assert len(found.choices) <= LONGEST["choices"]
