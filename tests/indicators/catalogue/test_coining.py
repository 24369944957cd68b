"""Codes and names of new indicators."""

from collections.abc import Collection, Mapping, Sequence

import pytest

from indicators.catalogue.coining import coined, plain_name
from indicators.catalogue.problems import LONGEST
from indicators.catalogue.written import VersionSheet, blank_row
from tests.indicators.catalogue.test_matching import rows, sheet


def codes(
    *lines: str,
    found: Mapping[str, str] | None = None,
    earlier: Sequence[VersionSheet] = (),
    taken: Collection[str] = (),
) -> list[str]:
    made = coined(rows(*lines), found or {}, earlier, taken)
    return [line["code"] for line in made.values()]


def test_a_code_is_the_area_of_its_section_and_the_words_of_its_label() -> None:
    known = sheet(rows("Cải cách thể chế", "  Số VBQPPL|the_che.kiem_tra.so"))
    assert codes("Cải cách thể chế", "  - Số văn bản đã ban hành|?", earlier=[known]) == [
        "the_che.so_van_ban_da_ban_hanh"
    ]
    assert codes(
        "Mục khác", "  Số văn bản đi|?", "  Số khác|?", found={"3": "bo_may.so"}, earlier=[known]
    ) == ["bo_may.so_van_ban_di"]
    assert codes("Văn thư, lưu trữ", "  Số văn bản đến|?", earlier=[known]) == [
        "van_thu_luu_tru.so_van_ban_den"
    ]


def test_a_section_without_a_find_goes_with_the_rest_of_the_table() -> None:
    lines = ("Mục một", "  Số A|?", "Mục hai", "  Số cuộc họp đã tổ chức|?")
    assert codes(*lines, found={"2": "so_hoa.a"}) == ["so_hoa.so_cuoc_hop_da_to_chuc"]


def test_labels_that_repeat_are_told_apart_by_what_tells() -> None:
    assert codes(
        "Mục",
        "  Dịch vụ ở cấp sở", "    Tỷ lệ|?", "      Tổng số dịch vụ đang có|?",
        "  Dịch vụ ở cấp xã", "    Tỷ lệ|?", "      Tổng số dịch vụ đang có|?",
    ) == [
        "muc.dich_vu_o_cap_so.ty_le", "muc.dich_vu_o_cap_so.tong_so_dich_vu_dang_co",
        "muc.dich_vu_o_cap_xa.ty_le", "muc.dich_vu_o_cap_xa.tong_so_dich_vu_dang_co",
    ]  # fmt: skip


def test_a_short_label_takes_the_words_above_it() -> None:
    made = coined(rows("Mục", "  Thư điện tử công vụ. Trong đó:", "    - Cấp tỉnh|?"), {}, (), ())
    assert made["3"] == {
        "code": "muc.thu_dien_tu_cong_vu.cap_tinh",
        "name": "Thư điện tử công vụ: Cấp tỉnh",
        "unit": "",
        "kind": "count",
        "definition": "",
        "legal_basis": "",
    }


def test_no_code_is_used_twice() -> None:
    taken = {"muc.so_van_ban_den", "muc.so_van_ban_den_2"}
    assert codes("Mục", "  Số văn bản đến|?", taken=taken) == ["muc.so_van_ban_den_3"]
    assert codes("Mục", "  Số dòng ấy|?", "  Số dòng ấy|?") == [
        "muc.muc.so_dong_ay", "muc.muc.so_dong_ay_2",
    ]  # fmt: skip


def test_codes_and_names_fit_the_store_and_keep_what_tells_them_apart() -> None:
    words = " ".join(f"chữ{number}" for number in range(200))
    made = coined(rows(words, f"  {words} cuối|?", f"  {words} chót|?"), {}, (), ())
    found = [line["code"] for line in made.values()]
    assert len(set(found)) == 2
    assert found[0].endswith("_cuoi")
    assert found[1].endswith("_chot")
    assert all(len(code) <= LONGEST["indicator"] for code in found)
    assert all(len(line["name"]) <= 400 for line in made.values())
    one = coined(rows("Mục", f"  {'x' * 500}|?"), {}, (), ())
    assert len(one["2"]["code"]) <= LONGEST["indicator"]


def test_units_are_kept_but_not_those_of_choices() -> None:
    number = blank_row(key="1", label="Số hồ sơ đến", kind="count", unit="Hồ sơ")
    choice = blank_row(key="2", label="Hình thức khảo sát", kind="choice", unit="Có = 1")
    made = coined([number, choice], {}, (), ())
    assert [line["unit"] for line in made.values()] == ["Hồ sơ", ""]


def test_words_without_latin_letters_have_a_code_too() -> None:
    assert codes("…", "  統計|?") == ["chi_tieu.chi_tieu.chi_tieu"]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("- Tổng số TTHC. Trong đó:", "Tổng số TTHC"),
        ("+ Số VBQPPL do tỉnh ban hành, trong đó:", "Số VBQPPL do tỉnh ban hành"),
        ("a) Cấp xã", "Cấp xã"),
        ("Số A (điều chỉnh thành “Số B.”)", "Số B"),
        ("Số 1.000 đồng", "Số 1.000 đồng"),
        ("Trong đó:", "Trong đó:"),
    ],
)
def test_a_name_is_the_label_without_bullet_and_lead(label: str, name: str) -> None:
    assert plain_name(label) == name
