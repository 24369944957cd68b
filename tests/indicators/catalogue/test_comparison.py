"""Two versions side by side: each change alone, the real forms, and what holds for any two."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from indicators.catalogue.comparison import (
    Comparison,
    HeadChange,
    Pair,
    RowChange,
    RulePair,
    compare,
    differences,
    draft_differences,
    row_differences,
    word_parts,
)
from indicators.catalogue.folders import read_version
from indicators.catalogue.written import Document, Line, VersionSheet, blank_row, numbered
from indicators.kinds import Kind
from tests.indicators.sheets import HEAD, RULE, rows

FOLDER = settings.BASE_DIR / "fixtures" / "catalogue"
FORMS = ("BM7-2025", "PL1-GL-2023", "PL2-KH-2021", "PL2-KH-2022", "PL2-XA-QN-2022")

# A form with two sections: key, STT, label, indicator; headings have no indicator.
FORM = (
    "1|1.|Chỉ đạo|",
    "1.1|1.1.|Kế hoạch|",
    "1.1.a||- Số nhiệm vụ|nhiem_vu",
    "1.1.b||- Đã xong|xong",
    "1.2|1.2.|Số văn bản|van_ban",
    "1.3|1.3.|Kiểm tra|",
    "1.3.a||- Số cuộc|cuoc",
    "2|2.|Thủ tục|",
    "2.1|2.1.|Số hồ sơ|ho_so",
)


def lines(*texts: str) -> list[Line]:
    """Return rows; the parent is the longest key above that begins their own."""
    found: list[dict[str, str]] = []
    for text in texts:
        key, stt, label, indicator = text.split("|")
        above = [row["key"] for row in found if key.startswith(f"{row['key']}.")]
        found.append(
            blank_row(
                key=key,
                stt=stt,
                label=label,
                parent=max(above, key=len, default=""),
                kind="count" if indicator else "heading",
                indicator=indicator,
            )
        )
    return list(numbered(found))


def sheet(rows: Sequence[Line], *rules: Line) -> VersionSheet:
    return VersionSheet(HEAD, rows, rules)


def edited(key: str, /, **columns: str) -> list[Line]:
    """Return FORM with other text in one row."""
    return [{**row, **columns} if row["key"] == key else row for row in lines(*FORM)]


def changed(old: Sequence[Line], new: Sequence[Line]) -> list[str]:
    """Return what changed, one line a row: key before, key after, changes."""
    return [in_short(pair) for pair in compare(sheet(old), sheet(new)).pairs if pair.changes]


def in_short(pair: Pair) -> str:
    before, after = (row["key"] if row else "–" for row in (pair.old, pair.new))
    return f"{before} → {after}: {', '.join(pair.changes)}"


# One change alone


@pytest.mark.parametrize(
    ("key", "columns", "change"),
    [
        ("1.2", {"stt": "1.4."}, RowChange.RENUMBERED),
        ("1.2", {"label": "Số văn bản đã ban hành"}, RowChange.RENAMED),
        ("1.3", {"label": "Thanh tra"}, RowChange.RENAMED),
        ("1.2", {"unit": "Văn bản"}, RowChange.REUNITED),
        ("1.2", {"kind": "amount"}, RowChange.REKINDED),
        ("1.2", {"choices": "0=Không"}, RowChange.REKINDED),
        ("1.2", {"formula": "percent([1.1.b], [1.1.a])"}, RowChange.REFIGURED),
        ("1.2", {"across_agencies": "max"}, RowChange.REFIGURED),
        ("1.2", {"across_periods": "stock"}, RowChange.REFIGURED),
        ("1.2", {"who_reports": "Sở Nội vụ báo cáo"}, RowChange.REASSIGNED),
        ("1.2", {"asked": "so huyen"}, RowChange.REASSIGNED),
        ("1.2", {"reporter": "noi_vu"}, RowChange.REASSIGNED),
        ("1.2", {"vertical": "1"}, RowChange.REASSIGNED),
        ("1.2", {"indicator": "van_ban_moi"}, RowChange.REINDICATED),
        ("1.2", {"indicator": ""}, RowChange.REINDICATED),
        ("1.2", {"key": "1.9"}, RowChange.REKEYED),
        ("1.2", {"emphasis": "bold"}, RowChange.RESTYLED),
        ("1.2", {"stt": "1.2"}, RowChange.RESTYLED),
        ("1.2", {"label": "- SỐ VĂN BẢN:"}, RowChange.RESTYLED),
    ],
)
def test_a_change_alone_is_named_alone(
    key: str, columns: dict[str, str], change: RowChange
) -> None:
    old, new = lines(*FORM), edited(key, **columns)
    now = columns.get("key", key)
    assert changed(old, new) == [f"{key} → {now}: {change}"]
    assert changed(new, old) == [f"{now} → {key}: {change}"]


def test_who_is_asked_is_a_set() -> None:
    assert changed(edited("1.2", asked="so huyen"), edited("1.2", asked="huyen so")) == []


def test_a_row_put_in_between_moves_no_other() -> None:
    new = lines(*FORM[:4], "1.4|1.2.|Số mới|moi", "1.2|1.3.|Số văn bản|van_ban", *FORM[5:])
    assert changed(lines(*FORM), new) == ["– → 1.4: added", "1.2 → 1.2: renumbered"]


def test_a_removed_row_stands_where_it_stood() -> None:
    new = lines(*FORM[:4], *FORM[5:])
    pairs = compare(sheet(lines(*FORM)), sheet(new)).pairs
    assert [in_short(pair) for pair in pairs][3:6] == [
        "1.1.b → 1.1.b: ",
        "1.2 → –: removed",
        "1.3 → 1.3: ",
    ]


def test_a_removed_row_does_not_follow_its_neighbour_into_another_section() -> None:
    new = lines(*FORM[:4], "1.3|1.3.|Kiểm tra|", FORM[7], FORM[8], "2.2|2.2.|Số văn bản|van_ban")
    assert changed(lines(*FORM), new) == [
        "1.3.a → –: removed",
        "1.2 → 2.2: moved, renumbered",
    ]


def test_the_first_row_removed_comes_first() -> None:
    assert changed(lines(*FORM), lines(*FORM[7:]))[0] == "1 → –: removed"


def test_of_two_that_changed_places_one_moved() -> None:
    new = lines(*FORM[:2], FORM[3], FORM[2], *FORM[4:])
    assert changed(lines(*FORM), new) == ["1.1.b → 1.1.b: moved"]


def test_what_stands_under_a_moved_heading_does_not_move_itself() -> None:
    new = lines(FORM[0], FORM[5], FORM[6], *FORM[1:5], *FORM[7:])
    assert changed(lines(*FORM), new) == ["1.3 → 1.3: moved"]


def test_a_row_under_another_parent_has_moved() -> None:
    new = lines(*FORM[:6], "1.3.b||- Đã xong|xong", FORM[6], *FORM[7:])
    without = [row for row in new if row["key"] != "1.1.b"]
    assert changed(lines(*FORM), without) == ["1.1.b → 1.3.b: moved"]


def test_a_section_put_before_moves_and_rekeys_nothing() -> None:
    new = lines(
        "1|1.|Mới|",
        *(f"2{text[1:].replace('|1.', '|2.')}" for text in FORM[:7]),
        *(f"3{text[1:].replace('|2.', '|3.')}" for text in FORM[7:]),
    )
    found = compare(sheet(lines(*FORM)), sheet(new))
    assert {change: n for change, n in found.counts.items() if n} == {
        RowChange.ADDED: 1,
        RowChange.RENUMBERED: 6,
    }


def test_a_formula_whose_rows_have_other_keys_is_the_same_formula() -> None:
    old = edited("1.2", formula="percent([1.1.b], [1.1.a])")
    new = [
        {**row, "formula": row["formula"].replace("1.1", "1.9")}
        for row in lines(*(text.replace("1.1", "1.9") for text in FORM))
    ]
    new[4] = {**new[4], "formula": "percent([1.9.b], [1.9.a])"}
    assert changed(old, new) == ["1.1 → 1.9: renumbered"]
    new[4] = {**new[4], "formula": "percent([1.9.a], [1.9.b])"}
    assert changed(old, new) == ["1.1 → 1.9: renumbered", "1.2 → 1.2: refigured"]


# Which row is which


def test_the_indicator_says_which_row_it_is_whatever_its_name_and_key() -> None:
    new = lines(*FORM[:4], "1.7|1.7.|Văn bản đi|van_ban", *FORM[5:])
    assert changed(lines(*FORM), new) == ["1.2 → 1.7: renumbered, renamed"]


def test_a_name_tells_more_than_a_key() -> None:
    """The key of a heading was given to a new one before it."""
    new = lines(
        *FORM[:5], "1.3|1.3.|Thanh tra|", "1.4|1.4.|Kiểm tra|", "1.4.a||- Số cuộc|cuoc", *FORM[7:]
    )
    assert changed(lines(*FORM), new) == ["– → 1.3: added", "1.3 → 1.4: renumbered"]


@pytest.mark.parametrize(
    "name", ["- Kiểm tra", "KIỂM TRA. Trong đó:", "Việc (điều chỉnh thành “Kiểm tra”)"]
)
def test_a_name_written_otherwise_is_the_name(name: str) -> None:
    new = lines(*FORM[:5], f"1.8|1.8.|{name}|", "1.8.a||- Số cuộc|cuoc", *FORM[7:])
    assert [pair for pair in changed(lines(*FORM), new) if "added" in pair] == []


def test_a_heading_with_another_name_and_key_is_known_by_its_rows() -> None:
    new = lines(*FORM[:5], "1.8|1.8.|Thanh tra|", "1.8.a||- Số cuộc|cuoc", *FORM[7:])
    assert changed(lines(*FORM), new) == ["1.3 → 1.8: renumbered, renamed"]


def test_a_heading_goes_to_another_section_with_its_name() -> None:
    new = lines(*FORM[:5], *FORM[7:], "2.2|2.2.|Kiểm tra|", "2.2.a||- Số đoàn|doan")
    assert changed(lines(*FORM), new) == [
        "1.3.a → –: removed",
        "1.3 → 2.2: moved, renumbered",
        "– → 2.2.a: added",
    ]


def test_a_heading_that_became_a_figure_is_one_row_if_it_is_called_much_the_same() -> None:
    new = lines(*FORM[:5], "1.3|1.3.|Số cuộc kiểm tra|so_cuoc", *FORM[6:])
    assert changed(lines(*FORM), new) == ["1.3 → 1.3: renamed, rekinded, reindicated"]
    other = lines(*FORM[:5], "1.3|1.3.|Số phiếu|so_cuoc", *FORM[6:])
    assert changed(lines(*FORM), other) == [
        "1.3 → –: removed",
        "– → 1.3: added",
        "1.3.a → 1.3.a: moved",
    ]


def test_two_indicators_of_one_key_are_two_rows_unless_they_have_one_name() -> None:
    other = edited("1.2", indicator="khac", label="Số phiếu")
    assert changed(lines(*FORM), other) == ["1.2 → –: removed", "– → 1.2: added"]


def test_rows_of_one_name_are_joined_in_their_order() -> None:
    twice = lines("1|1.|Mục|", "1.1|1.1.|Cấp|", "1.2|1.2.|Cấp|")
    assert changed(twice, twice) == []
    assert changed(twice, twice[:2]) == ["1.2 → –: removed"]


def test_of_two_rows_with_one_key_only_one_lives_on() -> None:
    """A key stands twice only in a draft that cannot be kept yet."""
    twice = lines("1|1.|Mục|", "1.1|1.1.|Cấp|", "1.1|1.1.|Bậc|")
    one = lines("1|1.|Mục|", "1.1|1.1.|Hạng|")
    assert changed(twice, one) == ["1.1 → 1.1: renamed", "1.1 → –: removed"]


# Head, rules and the whole


def test_the_head_is_compared_as_text() -> None:
    old, new = (
        sheet(rows()),
        VersionSheet(replace(HEAD, title="B", valid_to=date(2026, 12, 31)), rows()),
    )
    assert compare(old, new).head == [
        HeadChange("title", HEAD.title, "B"),
        HeadChange("valid_to", "", "2026-12-31"),
    ]
    assert not compare(old, new).is_empty


def test_rules_are_joined_by_code() -> None:
    other = RULE | {"code": "khac"}
    graver = RULE | {"severity": "note", "sentence": "Khác."}
    assert compare(sheet([], RULE), sheet([], RULE)).is_empty
    assert compare(sheet([], RULE), sheet([], graver, other)).rules == [
        RulePair(RULE, graver, ("severity", "sentence")),
        RulePair(None, other),
    ]
    assert compare(sheet([], RULE), sheet([])).rules == [RulePair(RULE, None)]


def test_a_row_that_changed_makes_a_comparison_not_empty() -> None:
    assert not compare(sheet(lines(*FORM)), sheet(lines(*FORM[:-1]))).is_empty


def version(code: str) -> VersionSheet:
    return read_version(FOLDER / code)


@pytest.fixture(scope="module")
def khanh_hoa() -> Comparison:
    return compare(version("PL2-KH-2021"), version("PL2-KH-2022"))


def test_khanh_hoa_2021_and_2022_in_numbers(khanh_hoa: Comparison) -> None:
    counts = {change.value: number for change, number in khanh_hoa.counts.items()}
    assert counts == {
        "added": 86,
        "removed": 39,
        "moved": 28,
        "renumbered": 31,
        "renamed": 49,
        "reunited": 15,
        "rekinded": 4,
        "refigured": 14,
        "reassigned": 73,
        "reindicated": 7,
        "rekeyed": 3,
        "restyled": 10,
    }


@pytest.mark.parametrize(
    "line",
    [
        "1.1 → –: removed",
        "1.2 → 1.1: renumbered, renamed",
        "1.1.a → 1.2.a: moved",
        "1.3 → 1.3: renamed",
        "1.4 → –: removed",
        "– → 1.4: added",
        "– → 1.5.d: added",
        "3.4 → 3.3: renumbered",
        "4.1.4 → 4.1.5: renumbered, renamed, reunited, reassigned",
        "4.1.4.a → 4.1.5.a: reunited",
        "7.3 → –: removed",
        "7.6.1 → 7.5.1: renumbered",
        "7.6.1.a → 7.5.1.a: ",
        "3.4.4 → 7.8.1: moved, renumbered, renamed, reassigned",
    ],
)
def test_khanh_hoa_2021_and_2022_row_by_row(khanh_hoa: Comparison, line: str) -> None:
    assert line in [in_short(pair) for pair in khanh_hoa.pairs]


def test_the_rows_of_a_dropped_heading_are_read_where_it_stood(khanh_hoa: Comparison) -> None:
    order = [in_short(pair).partition(":")[0] for pair in khanh_hoa.pairs]
    at = order.index("7.5 → –")
    assert order[at - 1 : at + 5] == [
        "7.4 → 7.4",
        "7.5 → –",
        "7.5.a → –",
        "7.5.b → –",
        "7.5.c → –",
        "7.6 → 7.5",
    ]


@pytest.mark.parametrize("code", FORMS)
def test_a_form_beside_itself_shows_no_change(code: str) -> None:
    found = compare(version(code), version(code))
    assert found.is_empty
    assert [pair.new for pair in found.pairs] == list(version(code).rows)
    assert set(found.counts.values()) == {0}


@pytest.mark.parametrize("old", FORMS)
@pytest.mark.parametrize("new", FORMS)
def test_every_row_of_two_forms_is_there_once(old: str, new: str) -> None:
    assert_complete(version(old).rows, version(new).rows)


def assert_complete(old: Sequence[Line], new: Sequence[Line]) -> None:
    """All rows of both are in the pairs, those of the newer in their order; what is new or gone is
    said to be so, and nothing else is."""
    pairs = compare(sheet(old), sheet(new)).pairs
    assert [pair.new for pair in pairs if pair.new is not None] == list(new)
    assert Counter(id(pair.old) for pair in pairs if pair.old is not None) == Counter(map(id, old))
    for pair in pairs:
        assert (pair.old is None) == (RowChange.ADDED in pair.changes)
        assert (pair.new is None) == (RowChange.REMOVED in pair.changes)


WORD = st.sampled_from(["", "1", "1.1", "1.2", "2", "số", "hồ sơ"])
ROWS = st.lists(
    st.builds(
        blank_row,
        key=WORD,
        parent=WORD,
        stt=WORD,
        label=WORD,
        indicator=st.sampled_from(["", "", "a", "b", "c"]),
        kind=st.sampled_from([Kind.HEADING.value, Kind.COUNT.value]),
        formula=st.sampled_from(["", "percent([1], [1.1])"]),
    ),
    max_size=9,
)


@given(ROWS, ROWS)
def test_any_two_lists_of_rows_are_shown_whole(old: list[Line], new: list[Line]) -> None:
    assert_complete(old, new)


@given(ROWS)
def test_any_rows_beside_themselves_show_no_change(rows: list[Line]) -> None:
    assert compare(sheet(rows), sheet(rows)).is_empty


# Words inside a label


@pytest.mark.parametrize(
    ("old", "new", "left", "right"),
    [
        ("Số hồ sơ", "Số hồ sơ", [("Số hồ sơ", False)], [("Số hồ sơ", False)]),
        ("", "Số", [], [("Số", True)]),
        ("Số cũ", "Số", [("Số ", False), ("cũ", True)], [("Số", False)]),
        (
            "- Số TTHC cấp huyện:",
            "- Số TTHC cấp huyện (cả ngành dọc)",
            [("- Số TTHC cấp ", False), ("huyện:", True)],
            [("- Số TTHC cấp ", False), ("huyện (cả ngành dọc)", True)],
        ),
        (
            "Kiểm tra CCHC",
            "Kiểm tra công tác CCHC",
            [("Kiểm tra ", False), ("CCHC", False)],
            [("Kiểm tra ", False), ("công tác ", True), ("CCHC", False)],
        ),
    ],
)
def test_the_words_that_changed_are_marked(
    old: str, new: str, left: list[tuple[str, bool]], right: list[tuple[str, bool]]
) -> None:
    assert word_parts(old, new) == (left, right)


@given(st.text("ab \n", max_size=12), st.text("ab \n", max_size=12))
def test_marked_words_are_the_text_whole(old: str, new: str) -> None:
    left, right = word_parts(old, new)
    assert ["".join(text for text, _ in side) for side in (left, right)] == [
        old if old.strip() else "",
        new if new.strip() else "",
    ]


# In sentences, for refusals and the record


def test_differences_name_head_rows_and_rules() -> None:
    new = VersionSheet(replace(HEAD, title="B"), edited("1.2", unit="Văn bản"), [RULE])
    assert list(differences(sheet(lines(*FORM)), new)) == [
        f"title: «{HEAD.title}» → «B»",
        "dòng 1.2, unit: «» → «Văn bản»",
        "quy tắc dung-han: được thêm",
    ]
    assert list(differences(new, new)) == []


def test_row_differences_name_rows_by_key() -> None:
    new = lines(*FORM[:4], "1.5|1.5.|Mới|moi", *FORM[5:])
    assert list(row_differences(lines(*FORM), new)) == ["dòng 1.2: bị bỏ", "dòng 1.5: được thêm"]
    assert list(row_differences(lines(*FORM), lines(*reversed(FORM)))) != []


@pytest.mark.parametrize(
    "new", [[*lines(*FORM[:2]), *lines(*FORM[:1])], list(reversed(lines(*FORM[:2])))]
)
def test_row_differences_see_order_and_repetition(new: list[Line]) -> None:
    assert "thứ tự hoặc số lần của các dòng" in list(row_differences(lines(*FORM[:2]), new))


def test_draft_differences_tell_what_was_settled() -> None:
    line = {
        "code": "moi",
        "name": "Mới",
        "unit": "",
        "kind": "count",
        "definition": "",
        "legal_basis": "",
    }
    old = Document(lines(*FORM), [RULE], [line], {"1.2": {"kind": "tên", "unit": "đơn vị"}})
    new = Document(
        edited("1.2", kind="amount", across_periods="in_period", asked="xa"),
        [RULE | {"severity": "note"}],
        [line | {"name": "Khác"}],
        {"1.2": {"unit": "đơn vị"}},
    )
    assert list(draft_differences(old, new)) == [
        "dòng 1.2, loại số liệu: «số đếm» → «số tiền»",
        "dòng 1.2, qua các kỳ: «trống» → «trong kỳ»",
        "dòng 1.2, đơn vị báo cáo số của mình: «trống» → «xa»",
        "quy tắc dung-han, mức: «lỗi» → «lưu ý»",
        "chỉ tiêu mới moi, tên chỉ tiêu: «Mới» → «Khác»",
        "dòng 1.2: đã xem đề xuất loại số liệu",
    ]
    without_code = replace(old, indicators=[line | {"code": ""}])
    assert list(draft_differences(old, without_code)) == [
        "chỉ tiêu mới moi: bị bỏ",
        "chỉ tiêu mới chưa có mã: được thêm",
    ]
    assert list(draft_differences(old, Document(lines(*FORM), [], [line], old.proposals))) == [
        "quy tắc dung-han: bị bỏ"
    ]


def test_rules_that_only_change_places_are_a_difference() -> None:
    rules = [{**RULE, "code": code} for code in ("Q1", "Q2")]
    turned = Document(rules=rules[::-1])
    assert list(draft_differences(Document(rules=rules), turned)) == ["thứ tự quy tắc"]
    assert list(draft_differences(turned, turned)) == []
