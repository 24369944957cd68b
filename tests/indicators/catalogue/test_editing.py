"""The edits of a draft: what changes, what goes along, and what stays as it was."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from indicators.catalogue import editing
from indicators.catalogue.folders import read_version
from indicators.catalogue.problems import unreadable
from indicators.catalogue.written import Document, blank_row, numbered

SEEDS = ("BM7-2025", "PL1-GL-2023", "PL2-KH-2021", "PL2-KH-2022", "PL2-XA-QN-2022")


def document(*written: str) -> Document:
    """Return a draft of rows written as ``key<parent`` with a label of its own."""
    rows = []
    for text in written:
        key, _, parent = text.partition("<")
        row = blank_row(
            key=key,
            parent=parent,
            stt=f"{key}.",
            label=f"Dòng {key}",
            kind="count",
            across_agencies="sum",
        )
        rows.append(row)
    return Document(rows=numbered(rows))


def shape(changed: Document) -> str:
    """Return the keys with their parents, as ``document`` writes them."""
    return " ".join(
        f"{row['key']}<{row['parent']}" if row["parent"] else row["key"] for row in changed.rows
    )


TREE = ("1", "1.1<1", "1.1.a<1.1", "1.1.b<1.1", "1.2<1", "2", "2.1<2")


@pytest.mark.parametrize(
    ("edit", "key", "expected"),
    [
        (editing.moved_up, "1.2", "1 1.2<1 1.1<1 1.1.a<1.1 1.1.b<1.1 2 2.1<2"),
        (editing.moved_up, "2", "2 2.1<2 1 1.1<1 1.1.a<1.1 1.1.b<1.1 1.2<1"),
        (editing.moved_down, "1.1", "1 1.2<1 1.1<1 1.1.a<1.1 1.1.b<1.1 2 2.1<2"),
        (editing.moved_down, "1.1.a", "1 1.1<1 1.1.b<1.1 1.1.a<1.1 1.2<1 2 2.1<2"),
        (editing.indented, "1.2", "1 1.1<1 1.1.a<1.1 1.1.b<1.1 1.2<1.1 2 2.1<2"),
        (editing.indented, "2", "1 1.1<1 1.1.a<1.1 1.1.b<1.1 1.2<1 2<1 2.1<2"),
        (editing.outdented, "1.1.a", "1 1.1<1 1.1.b<1.1 1.1.a<1 1.2<1 2 2.1<2"),
        (editing.outdented, "1.1", "1 1.2<1 1.1 1.1.a<1.1 1.1.b<1.1 2 2.1<2"),
        (editing.removed, "1.1", "1 1.2<1 2 2.1<2"),
        (editing.removed, "1.1.b", "1 1.1<1 1.1.a<1.1 1.2<1 2 2.1<2"),
    ],
)
def test_a_row_moves_with_all_that_belongs_to_it(
    edit: Callable[[Document, str], Document], key: str, expected: str
) -> None:
    changed = edit(document(*TREE), key)
    assert shape(changed) == expected
    assert [row["position"] for row in changed.rows] == [
        str(place) for place in range(1, len(changed.rows) + 1)
    ]


@pytest.mark.parametrize(
    ("edit", "key", "sentence"),
    [
        (editing.moved_up, "1.1", "Dòng này đã đứng đầu trong mục của nó."),
        (editing.moved_down, "1.2", "Dòng này đã đứng cuối trong mục của nó."),
        (editing.moved_down, "2", "Dòng này đã đứng cuối trong mục của nó."),
        (editing.indented, "1", "Không có dòng cùng cấp phía trên để dòng này thuộc về."),
        (editing.outdented, "2", "Dòng này đã ở cấp cao nhất."),
        (editing.removed, "9", "Không còn dòng «9» trong bản thảo."),
    ],
)
def test_an_edit_that_makes_no_sense_says_why(
    edit: Callable[[Document, str], Document], key: str, sentence: str
) -> None:
    with pytest.raises(editing.CannotEdit, match=sentence.replace("(", r"\(")):
        edit(document(*TREE), key)


@given(
    st.lists(
        st.tuples(st.sampled_from([*editing.MOVES.values(), editing.removed]), st.integers(0, 6)),
        max_size=12,
    )
)
def test_whatever_is_moved_the_draft_stays_readable(
    edits: Sequence[tuple[Callable[[Document, str], Document], int]],
) -> None:
    changed = document(*TREE)
    for edit, place in edits:
        if place < len(changed.rows):
            try:
                changed = edit(changed, changed.rows[place]["key"])
            except editing.CannotEdit:
                continue
    if changed.rows:
        assert list(unreadable(changed.rows)) == []


def test_up_and_down_again_changes_nothing() -> None:
    before = document(*TREE)
    assert editing.moved_down(editing.moved_up(before, "1.2"), "1.2") == before


def test_in_and_out_again_changes_nothing_at_the_end_of_a_part() -> None:
    before = document(*TREE)
    again = editing.outdented(editing.indented(before, "1.2"), "1.2")
    assert again.rows == before.rows


def test_a_new_key_is_carried_wherever_the_old_one_stood() -> None:
    rows = [dict(row) for row in document("1", "1.1<1", "1.1.a<1.1", "1.1.b<1.1").rows]
    rows[1] |= {"kind": "percent", "formula": "percent([1.1.b], [1.1.a])"}
    rule = {
        "code": "Q1",
        "severity": "warning",
        "condition": "[1.1.b] <= [1.1.a]",
        "sentence": "s",
        "instruction": "i",
    }
    before = Document(rows, [rule], proposals={"1.1.a": {"kind": "vì đơn vị tính"}})
    after = editing.changed(before, "1.1.b", {"key": "1.1.x", "label": "Số khác"})
    assert shape(after) == "1 1.1<1 1.1.a<1.1 1.1.x<1.1"
    assert after.rows[1]["formula"] == "percent([1.1.x], [1.1.a])"
    assert after.rules[0]["condition"] == "[1.1.x] <= [1.1.a]"
    assert after.rows[3]["label"] == "Số khác"
    assert after.proposals == before.proposals
    renamed = editing.changed(before, "1.1", {"key": "7"})
    assert shape(renamed) == "1 7<1 1.1.a<7 1.1.b<7"


def test_a_key_of_another_row_is_refused() -> None:
    with pytest.raises(editing.CannotEdit, match=r"Khóa «1\.2» đã dùng"):
        editing.changed(document(*TREE), "1.1", {"key": "1.2"})


def test_a_row_that_was_edited_has_been_seen() -> None:
    asked = {"1.1": {"kind": "a", "formula": "b"}, "1.2": {"kind": "c"}}
    before = Document(document(*TREE).rows, proposals=asked)
    assert editing.changed(before, "1.1", {"unit": "Văn bản"}).proposals == {"1.2": {"kind": "c"}}
    assert editing.accepted(before, keys={"1.2"}).proposals == {"1.1": asked["1.1"]}
    assert editing.accepted(before, columns={"kind"}).proposals == {"1.1": {"formula": "b"}}
    assert editing.accepted(before, keys={"1.1"}, columns={"formula"}).proposals == {
        "1.1": {"kind": "a"},
        "1.2": {"kind": "c"},
    }
    assert editing.accepted(before).proposals == {}
    assert editing.removed(before, "1.1").proposals == {"1.2": {"kind": "c"}}


def test_a_doubtful_proposal_is_taken_only_with_its_row() -> None:
    asked = {"1.1": {"kind": "vì", "indicator": "chỉ gần giống «Dòng khác», dòng 3 của X"}}
    before = Document(document(*TREE).rows, proposals=asked)
    left = {"1.1": {"indicator": asked["1.1"]["indicator"]}}
    assert editing.accepted(before).proposals == left
    assert editing.accepted(before, columns={"indicator"}).proposals == asked
    assert editing.accepted(before, keys={"1.1"}).proposals == {}


def test_what_was_decided_stays_when_the_table_comes_again() -> None:
    read = document(*TREE)
    decided = editing.changed(read, "1.1.a", {"kind": "amount", "indicator": "thu.moi"})
    decided = editing.with_new_indicators(decided, set(), make={"thu.moi"})
    rows = [dict(row) for row in read.rows]
    rows[4]["label"] = "Dòng 1.2 sửa lại"
    asked = {row["key"]: {"kind": "vì"} for row in rows}
    again = editing.with_decisions(Document(rows, proposals=asked), decided)
    assert [row["kind"] for row in again.rows] == [row["kind"] for row in decided.rows]
    assert again.rows[4]["label"] == "Dòng 1.2 sửa lại"
    assert again.proposals == {"1.2": {"kind": "vì"}}
    assert again.indicators == decided.indicators


def test_a_bullet_put_in_between_moves_formulas_and_rules_along() -> None:
    def table(*labels: str) -> list[dict[str, str]]:
        rows = [dict(row) for row in document("1", "1.1<1").rows]
        rows[1] |= {"label": "Tỷ lệ", "kind": "percent"}
        for letter, label in zip("abc", labels, strict=False):
            part = {**rows[0], "key": f"1.1.{letter}", "parent": "1.1", "stt": "", "label": label}
            rows.append(part)
        return numbered(rows)

    old = table("- Tổng số", "- Đúng hạn")
    old[1]["formula"] = "percent([1.1.b], [1.1.a])"
    rule = {"code": "Q", "severity": "note", "condition": "[1.1.b] <= [1.1.a]"}
    rule |= {"sentence": "s", "instruction": "i"}
    new = Document(table("- Mới", "- Tổng số", "- Đúng hạn"), proposals={"1.1.a": {"kind": "vì"}})
    both = editing.with_decisions(new, Document(old, [rule]))
    assert both.rows[1]["formula"] == "percent([1.1.c], [1.1.b])"
    assert both.rules[0]["condition"] == "[1.1.c] <= [1.1.b]"
    assert both.proposals == {"1.1.a": {"kind": "vì"}}


def test_a_code_is_made_of_the_rows_words_where_none_is_written() -> None:
    rows = [dict(row) for row in document("1", "1.1<1", "1.2<1").rows]
    rows[1] |= {"label": "Số hồ sơ giấy", "indicator": "mot_cua.ho_so_giay"}
    rows[2] |= {"label": "Số máy quét"}
    made, code = editing.with_code(Document(rows), "1.2", {"mot_cua.ho_so_giay"})
    assert code.endswith("so_may_quet")
    assert made.rows[2]["indicator"] == code
    assert editing.with_code(made, "1.2", ()) == (made, code)


@pytest.mark.parametrize(
    ("after", "below", "key", "expected"),
    [
        ("1.1", False, "1.3", "1 1.1<1 1.1.a<1.1 1.1.b<1.1 1.3<1 1.2<1 2 2.1<2"),
        ("1.1", True, "1.1.1", "1 1.1<1 1.1.a<1.1 1.1.b<1.1 1.1.1<1.1 1.2<1 2 2.1<2"),
        ("1.1.a", False, "1.1.c", "1 1.1<1 1.1.a<1.1 1.1.c<1.1 1.1.b<1.1 1.2<1 2 2.1<2"),
        ("2", False, "3", "1 1.1<1 1.1.a<1.1 1.1.b<1.1 1.2<1 2 2.1<2 3"),
        ("", False, "3", "1 1.1<1 1.1.a<1.1 1.1.b<1.1 1.2<1 2 2.1<2 3"),
    ],
)
def test_a_new_row_gets_a_free_key_and_its_place(
    after: str, below: bool, key: str, expected: str
) -> None:
    before = document(*TREE)
    assert editing.next_key(before, after=after, below=below) == key
    added = editing.added(before, {"key": key, "label": "Mới"}, after=after, below=below)
    assert shape(added) == expected
    assert list(unreadable(added.rows)) == []
    with pytest.raises(editing.CannotEdit, match="đã dùng"):
        editing.added(before, {"key": "1.1", "label": "Mới"}, after=after, below=below)


@pytest.mark.parametrize("code", SEEDS)
def test_counting_a_real_form_anew_keeps_it_readable(code: str) -> None:
    sheet = read_version(Path(settings.BASE_DIR) / "fixtures" / "catalogue" / code)
    before = Document(sheet.rows, sheet.rules)
    after = editing.renumbered(before)
    assert list(unreadable(after.rows)) == []
    # Twice is once, and what was counted right stays.
    assert editing.renumbered(after) == after
    kept = sum(
        (old["key"], old["stt"]) == (new["key"], new["stt"])
        for old, new in zip(before.rows, after.rows, strict=True)
    )
    assert len(before.rows) - kept == {"PL1-GL-2023": 8, "PL2-XA-QN-2022": 4}.get(code, 0)


def test_the_communes_wrong_numbers_are_counted_right() -> None:
    sheet = read_version(Path(settings.BASE_DIR) / "fixtures" / "catalogue" / "PL2-XA-QN-2022")
    after = editing.renumbered(Document(sheet.rows))
    assert [row["stt"] for row in after.rows if row["parent"] == "1.2"] == [
        "1.2.1.",
        "1.2.2.",
        "1.2.3.",
        "1.2.4.",
    ]


def test_a_new_indicator_follows_its_rows_words_until_it_has_its_own() -> None:
    rows = [dict(row) for row in document("1", "1.1<1").rows]
    rows[1] |= {"label": "- Số hồ sơ mơi", "unit": "Hồ sợ", "indicator": "thu.moi"}
    made = editing.with_new_indicators(Document(rows), set(), make={"thu.moi"})
    right = editing.changed(made, "1.1", {"label": "- Số hồ sơ mới", "unit": "Hồ sơ"})
    assert [(line["name"], line["unit"]) for line in right.indicators] == [
        ("Số hồ sơ mới", "Hồ sơ")
    ]
    own = replace(right, indicators=[{**right.indicators[0], "name": "Hồ sơ mới cả năm"}])
    again = editing.changed(own, "1.1", {"label": "- Số hồ sơ", "unit": "Bộ"})
    assert [(line["name"], line["unit"]) for line in again.indicators] == [
        ("Hồ sơ mới cả năm", "Bộ")
    ]


def test_new_indicators_stay_in_step_with_the_rows_that_use_them() -> None:
    rows = [dict(row) for row in document("1", "1.1<1").rows]
    rows[0] |= {"indicator": "thu.cu"}
    rows[1] |= {"indicator": "thu.moi", "unit": "Hồ sơ", "label": "- Số hồ sơ mới:"}
    before = Document(rows)
    made = editing.with_new_indicators(before, {"thu.cu"}, make={"thu.moi"})
    [line] = made.indicators
    assert (line["code"], line["name"], line["unit"], line["kind"]) == (
        "thu.moi",
        "Số hồ sơ mới",
        "Hồ sơ",
        "count",
    )
    amount = editing.changed(made, "1.1", {"kind": "amount"})
    assert editing.with_new_indicators(amount, {"thu.cu"}).indicators[0]["kind"] == "amount"
    other = editing.changed(made, "1.1", {"indicator": "thu.khac"})
    assert editing.with_new_indicators(other, {"thu.cu"}).indicators == []
    assert editing.with_new_indicators(made, {"thu.cu", "thu.moi"}).indicators == []
    assert editing.with_new_indicators(before, {"thu.cu"}).indicators == []
