"""Blocks copied from Excel and Word: which row each line is, and what writing them would do.

``pastes/`` holds the blocks, and in ``cases.csv`` what becomes of each of their figures.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.catalogue.documents import definition
from indicators.definition import FormDefinition
from indicators.kinds import Kind
from reporting.entry import read_cell
from reporting.pasted.blocks import MOST_LINES, MOST_SIGNS, Unpastable, read_block
from reporting.pasted.names import label_words, names_of
from reporting.pasted.placing import Counting, Pasted, place
from reporting.pasted.preview import Effect, Preview, PreviewLine, preview
from reporting.pasted.rates import agrees
from reporting.snapshot import EMPTY, Cell, SubmissionSnapshot
from tests.golden import BIEU_7, CONG_THUONG, DAN_TOC, SON_LIEN, TU_PHAP, written
from tests.indicators.catalogue.books import FORMS
from tests.indicators.catalogue.books import form as form_of_files
from tests.reporting.forms_by_hand import form_of, row

FOLDER = Path(__file__).parent / "pastes"
DEPARTMENT = "PL2-KH-2022"
PAPERS = {
    CONG_THUONG: ("seed-000", DEPARTMENT),
    DAN_TOC: ("seed-001", "PL1-GL-2023"),
    TU_PHAP: ("seed-002", "PL2-KH-2021"),
    BIEU_7: ("seed-003", "BM7-2025"),
    SON_LIEN: ("seed-004", "PL2-XA-QN-2022"),
}
# Of the figures of each paper: in boxes, on rows the form computes, on headings.
FIGURES = {
    CONG_THUONG: (62, 7, 6),
    DAN_TOC: (142, 4, 0),
    TU_PHAP: (59, 0, 1),
    BIEU_7: (12, 5, 0),
    SON_LIEN: (10, 0, 3),
}
NAME = "Số văn bản chỉ đạo CCHC đã ban hành (Kế hoạch, công văn chỉ đạo, quán triệt)"


@cache
def form(code: str) -> FormDefinition:
    sheet, document = form_of_files(code)
    return definition(sheet.head, document, version_id=1)


def block(name: str) -> str:
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return lines.read()


def cases() -> Mapping[tuple[str, str, str], Sequence[Mapping[str, str]]]:
    found = defaultdict(list)
    with (FOLDER / "cases.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            found[line["block"], line["form"], line["start"]].append(line)
    return found


CASES = cases()


def destinations(pasted: Pasted) -> dict[str, tuple[str, str]]:
    """Return, by the number of a line, what its figure becomes and on which row."""
    return (
        {str(line.line_number): ("placed", line.row_key) for line in pasted.placed}
        | {str(line.line_number): ("computed", line.row_key) for line in pasted.computed}
        | {str(line.line_number): ("left", line.row_key) for line in pasted.left}
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_each_figure_goes_where_the_cases_say(case: tuple[str, str, str]) -> None:
    name, code, start = case
    pasted = place(block(name), form(code), start=start)
    assert destinations(pasted) == {
        line["line"]: (line["becomes"], line["row"]) for line in CASES[case]
    }
    texts = {str(line.line_number): line.written for line in (*pasted.placed, *pasted.computed)}
    assert texts == {
        line["line"]: line["written"] for line in CASES[case] if line["becomes"] != "left"
    }
    whys = {str(line.line_number): line.why for line in pasted.left}
    assert [line for line in CASES[case] if line["says"] not in whys.get(line["line"], "")] == []


def test_every_block_has_its_cases() -> None:
    names = {path.stem for path in FOLDER.glob("*.tsv")}
    assert names == {name for name, _, _ in CASES} | {name for name, _ in PAPERS.values()}


# The five papers


def on_rows(pasted: Pasted) -> dict[str, str]:
    """Return every figure with a known row, whatever becomes of it."""
    known = {line.row_key: line.written for line in (*pasted.placed, *pasted.computed)}
    return known | {line.row_key: line.text.split()[-1] for line in pasted.left if line.row_key}


@pytest.mark.parametrize("seed", PAPERS)
def test_a_whole_paper_puts_every_figure_on_its_row(seed: str) -> None:
    name, code = PAPERS[seed]
    pasted = place(block(name), form(code))
    on_paper = {form(code).rows[line.row - 1].key: line.written for line in written(seed)}
    assert on_rows(pasted) == on_paper
    assert [line for line in pasted.left if not line.row_key] == []
    assert (len(pasted.placed), len(pasted.computed), len(pasted.left)) == FIGURES[seed]


def test_all_figures_of_the_five_papers_were_looked_for() -> None:
    assert sum(map(sum, FIGURES.values())) == 311
    assert sum(len(written(seed)) for seed in PAPERS) == 311


@pytest.mark.parametrize("seed", PAPERS)
@pytest.mark.parametrize("code", FORMS)
def test_a_paper_on_another_form_is_placed_only_by_its_names(seed: str, code: str) -> None:
    """What two forms call by one name is placed; nothing lands on a row called otherwise."""
    name, _ = PAPERS[seed]
    lines = {line.number: line for line in read_block(block(name), names_of(form(code))).lines}
    pasted = place(block(name), form(code))
    for found in (*pasted.placed, *pasted.computed):
        label = lines[found.line_number].label
        said, called = label_words(label), label_words(form(code).by_key[found.row_key].label)
        assert said[: len(called)] == called or called[-len(said) :] == said
    figures = (*pasted.placed, *pasted.computed, *pasted.left)
    assert len(figures) == len(written(seed))


@pytest.mark.parametrize("seed", PAPERS)
def test_the_figure_column_of_a_paper_as_printed_is_told_from_boxes(seed: str) -> None:
    code = PAPERS[seed][1]
    texts = {line.row: line.written for line in written(seed)}
    column = "\n".join(texts.get(place, "") for place in range(1, len(form(code).rows) + 1))
    first = form(code).rows[0].key
    pasted = place(column, form(code), start=first)
    assert pasted.counting is Counting.PRINTED
    assert on_rows(pasted) == {form(code).rows[place - 1].key: texts[place] for place in texts}


@pytest.mark.parametrize("code", FORMS)
def test_a_column_of_all_boxes_needs_no_start(code: str) -> None:
    typed = form(code).typed_rows
    column = "\n".join(row.options[0].code if row.options else "1" for row in typed)
    pasted = place(column, form(code))
    assert [line.row_key for line in pasted.placed] == [row.key for row in typed]
    assert pasted.counting is Counting.BOXES


@pytest.mark.parametrize("code", FORMS)
def test_every_row_of_a_form_finds_itself(code: str) -> None:
    rows = form(code).rows
    table = "\n".join(f"{row.stt}\t{row.label}\t{row.unit}\t1\t" for row in rows)
    found = destinations(place(table, form(code)))
    assert {number: key for number, (_, key) in found.items()} == {
        str(number): row.key for number, row in enumerate(rows, start=1)
    }


# Columns


def test_where_both_ways_are_possible_the_printed_one_is_shown_and_the_other_offered() -> None:
    pasted = place("27\n8\n\n5", form(DEPARTMENT), start="1.2.a")
    assert (pasted.counting, pasted.other) == (Counting.PRINTED, Counting.BOXES)
    assert [line.row_key for line in pasted.placed] == ["1.2.a", "1.2.b", "1.3.1"]
    other = place("27\n8\n\n5", form(DEPARTMENT), start="1.2.a", counting=pasted.other)
    assert (other.counting, other.other) == (Counting.BOXES, Counting.PRINTED)
    assert [line.row_key for line in other.placed] == ["1.2.a", "1.2.b", "1.3.1.a"]


def test_where_both_ways_are_the_same_none_is_offered() -> None:
    pasted = place("27\n8", form(DEPARTMENT), start="1.2.a")
    assert (pasted.counting, pasted.other, pasted.blank) == (None, None, 0)


def test_a_wrong_rate_in_the_column_says_that_it_is_one_of_boxes() -> None:
    assert place("3\n4\n1", form(DEPARTMENT), start="1.2").counting is Counting.BOXES


def test_a_column_needs_to_know_where_it_begins() -> None:
    for start in ("", "9.9.9"):
        with pytest.raises(Unpastable, match="Hãy chọn dòng bắt đầu"):
            place("27\n8", form(DEPARTMENT), start=start)


def test_what_goes_beyond_the_last_row_is_left() -> None:
    last = form(DEPARTMENT).typed_rows[-1].key
    pasted = place("1\n2", form(DEPARTMENT), start=last)
    assert [line.row_key for line in pasted.placed] == [last]
    assert [(line.line_number, line.text) for line in pasted.left] == [(2, "2")]
    assert "hết dòng" in pasted.left[0].why


# Blocks that are refused whole


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Chưa có nội dung nào"),
        ("\t\n \xa0\n", "Chưa có nội dung nào"),
        ("1\n" * 5_000, r"Khối dán có 5\.000 dòng; nhiều nhất 2\.000"),
        ("x" * 10_000_000, r"Khối dán có 10\.000\.000 ký tự; nhiều nhất 500\.000"),
        (("1\t" * 30 + "1\n") * 1_000, r"1\.000 dòng, 31 cột"),
        (f"{NAME}\n- Số nhiệm vụ đã hoàn thành", "không có cột số liệu nào có số"),
        (f"{NAME}\t12\t13", r"2 cột số \(cột 2, cột 3\)"),
        ("12\t13\n14\t15", r"2 cột số \(cột 1, cột 2\)"),
        ("Nhiệm vụ\t\nVăn bản\t", "không có cột số liệu nào có số|không có số nào"),
    ],
)
def test_a_block_that_cannot_be_read_is_refused_with_what_was_found(
    text: str, sentence: str
) -> None:
    with pytest.raises(Unpastable, match=sentence):
        place(text, form(DEPARTMENT), start="1.1")


def test_the_limits_themselves_are_taken() -> None:
    names = names_of(form(DEPARTMENT))
    assert len(read_block("1\n" * MOST_LINES, names).lines) == MOST_LINES
    assert read_block("x" * MOST_SIGNS, names).lines[0].figure == "x" * MOST_SIGNS


def test_a_line_without_a_name_is_left() -> None:
    pasted = place(f"1.1\t{NAME}\tVăn bản\t13\n1.2\t\tVăn bản\t14", form(DEPARTMENT))
    assert [(line.line_number, line.text) for line in pasted.left] == [(2, "1.2 Văn bản 14")]
    assert "không có tên chỉ tiêu" in pasted.left[0].why


def test_what_stands_around_a_table_is_told() -> None:
    text = f"BIỂU SỐ LIỆU\n1.1\t{NAME}\tVăn bản\t13\t\nNơi nhận:\t\t\t\t\n"
    pasted = place(text, form(DEPARTMENT))
    assert [line.row_key for line in pasted.placed] == ["1.1"]
    assert set(pasted.aside) == {"BIỂU SỐ LIỆU", "Nơi nhận:"}


LABELS = st.sampled_from([*(row.label for row in form(DEPARTMENT).rows[:60]), "lạ"])
CELLS = st.one_of(LABELS, st.sampled_from(["", "1", "29,6", "Văn bản", "1.1", "x"]), st.text())
BLOCKS = st.lists(st.lists(CELLS, max_size=6).map("\t".join), max_size=40).map("\n".join)


@given(text=st.one_of(st.text(), BLOCKS), start=st.sampled_from(["", "1", "1.2.a", "7.9"]))
def test_no_text_breaks_it_and_no_row_is_given_two_lines(text: str, start: str) -> None:
    try:
        pasted = place(text, form(DEPARTMENT), start=start)
    except Unpastable:
        return
    kept = (*pasted.placed, *pasted.computed)
    rows = {line.row_key for line in kept}
    lines = {line.line_number for line in kept} | {line.line_number for line in pasted.left}
    assert len(rows) == len(kept)
    assert len(lines) == len(kept) + len(pasted.left)
    preview(pasted, SubmissionSnapshot(form(DEPARTMENT)))


# What writing would do


def previewed(text: str, cells: Mapping[str, str] | None = None) -> Preview:
    """Return what ``text`` would make of a report of a department with these ``cells``."""
    rows = form(DEPARTMENT).by_key
    stands = {key: read_cell(typed, rows[key], EMPTY) for key, typed in (cells or {}).items()}
    snapshot = SubmissionSnapshot(form(DEPARTMENT), stands, agency_kind="department")
    return preview(place(text, form(DEPARTMENT), start="1.1"), snapshot)


def by_key(found: Preview) -> dict[str, PreviewLine]:
    return {line.row.key: line for line in found.lines}


def test_a_preview_says_what_happens_to_each_row() -> None:
    found = previewed(block("seed-000"), {"1.1": "13", "1.2.a": "30", "3.4.1.a": "5356"})
    lines = by_key(found)
    assert (lines["1.1"].effect, lines["1.2.a"].effect) == (Effect.SAME, Effect.REPLACED)
    assert (lines["1.2.b"].effect, lines["1.2.b"].now) == (Effect.NEW, "")
    assert (lines["1.2.a"].now, lines["1.2.a"].understood) == ("30", "27")
    # 5.356 and 5356 say the same: nothing to write.
    assert (lines["3.4.1.a"].effect, lines["3.4.1.a"].now) == (Effect.SAME, "5.356")
    assert lines["1.6"].understood == "0 = Không"
    assert lines["1.2.b"].within == "1.2"
    assert (found.taken, found.replaced, found.same, found.refused) == (60, 1, 2, 0)
    positions = [line.row.position for line in found.lines]
    assert positions == sorted(positions)


def test_what_cannot_be_read_is_refused_with_the_sentence_of_the_sheet() -> None:
    lines = by_key(previewed("x\n\n5,356\n-"))
    assert {key: line.effect for key, line in lines.items()} == dict.fromkeys(
        ("1.1", "1.2.a", "1.2.b"), Effect.REFUSED
    )
    assert "có chữ" in lines["1.1"].why
    assert "5 nghìn 356" in lines["1.2.a"].why
    assert "không phải là số" in lines["1.2.b"].why


def test_two_numbers_in_one_cell_or_in_one_row_are_not_read_as_thousands() -> None:
    lines = by_key(previewed(f'1.1\t{NAME}\tVăn bản\t"5\n700"\t'))
    assert (lines["1.1"].effect, lines["1.1"].understood) == (Effect.REFUSED, "")
    assert "nhiều dòng chữ" in lines["1.1"].why
    found = previewed(f"1.1\t{NAME}\tVăn bản\t5\t\n\t\tVăn bản\t700\t")
    assert by_key(found)["1.1"].understood == "5"
    assert [line.text for line in found.left] == ["Văn bản 700"]


def test_nothing_happened_is_an_answer() -> None:
    line = by_key(previewed("kps"))["1.1"]
    assert (line.effect, line.understood) == (Effect.NEW, "Không phát sinh")


def test_a_unit_or_details_that_the_form_does_not_have_are_pointed_out() -> None:
    lines = by_key(previewed(block("whole-rows")))
    assert lines["1.1"].remarks == []
    assert lines["1.2.b"].remarks == ["Khối dán ghi đơn vị «Việc», biểu ghi «Nhiệm vụ»."]
    text = "\t- Số nhiệm vụ đề ra trong kế hoạch + Đợt 1: 20 + Đợt 2: 7\tNHIỆM VỤ\t27\t"
    assert by_key(previewed(text))["1.2.a"].remarks == [
        "Phần chi tiết «+ Đợt 1: 20 + Đợt 2: 7» không được ghi theo."
    ]


def test_a_row_that_is_not_asked_of_the_agency_is_pointed_out() -> None:
    pasted = place("4", form(DEPARTMENT), start="1.4.a")
    snapshot = SubmissionSnapshot(form(DEPARTMENT), {}, agency_kind="department")
    [line] = preview(pasted, snapshot).lines
    assert list(line.remarks) == ["Biểu không giao dòng này cho đơn vị."]


@pytest.mark.parametrize(
    ("rate", "cells", "is_same", "sentence"),
    [
        ("29,6", "27\n8", True, "Tự tính được 29,63 %, khớp với khối dán."),
        ("29.63%", "27\n8", True, "khớp"),
        ("8/27", "27\n8", True, "khớp"),
        ("31", "27\n8", False, "Tự tính được 29,63 %, khác khối dán; hãy xem lại"),
        ("29,6", "27\n", False, "còn thiếu số để tính"),
        ("một nửa", "27\n8", False, "khác khối dán"),
    ],
)
def test_a_computed_rate_is_compared_and_never_written(
    rate: str, cells: str, is_same: bool, sentence: str
) -> None:
    snapshot = SubmissionSnapshot(form(DEPARTMENT))
    pasted = place(f"{rate}\n{cells}", form(DEPARTMENT), start="1.2", counting=Counting.PRINTED)
    found = preview(pasted, snapshot)
    assert [(line.row.key, line.agrees) for line in found.compared] == [("1.2", is_same)]
    assert sentence in found.compared[0].sentence
    assert found.differing == (not is_same)
    assert "1.2" not in by_key(found)


def test_a_rate_is_computed_from_the_block_and_what_stands_already() -> None:
    found = previewed("\n29,6\n27", {"1.2.b": "8"})
    assert [line.agrees for line in found.compared] == [True]


@pytest.mark.parametrize(
    ("typed", "computed", "expected"),
    [
        ("29,6", "29.63", True),
        ("29", "29.63", True),
        ("30", "29.63", True),
        ("29.7", "29.63", False),
        ("28", "29.63", False),
        ("29,5", "29.63", False),
        ("100.00", "99.99", False),
        ("100.00", "99.991", False),
        ("99.99", "99.991", True),
        ("abc", "29.63", None),
    ],
)
def test_a_rate_rounded_or_cut_to_the_places_written_is_no_difference(
    typed: str, computed: str, expected: bool | None
) -> None:
    rate = row("r", Kind.PERCENT, formula="[a]")
    snapshot = SubmissionSnapshot(form_of(rate, row("a")), {"a": Cell(number=Decimal(computed))})
    assert agrees(typed, rate, snapshot) is expected


def test_a_computed_sum_is_compared_as_it_is() -> None:
    total = row("t", formula="[a] + [b]")
    parts = {"a": Cell(number=Decimal(5000)), "b": Cell(number=Decimal(356))}
    snapshot = SubmissionSnapshot(form_of(total, row("a"), row("b")), parts)
    assert agrees("5.356", total, snapshot) is True
    assert agrees("5.355", total, snapshot) is False
