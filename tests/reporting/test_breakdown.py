"""An agency's own lines under a figure: read, refused, added up."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.definition import RowDefinition
from indicators.kinds import AcrossAgencies, Kind
from reporting.breakdown import (
    LONGEST_LABEL,
    MOST_LINES,
    Line,
    box_lines,
    breakdown_attempt,
    may_be_broken_down,
    may_be_filled,
    off_by,
    posted_lines,
    read_lines,
)
from reporting.numbers import Unreadable
from reporting.snapshot import EMPTY, Cell, Detail, FigureStatus
from tests.reporting.forms_by_hand import row

COUNT = row("count")
AMOUNT = row("amount", Kind.AMOUNT)
RATE = row("rate", Kind.PERCENT, AcrossAgencies.RATE)
CHOICE = row("choice", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có")
TEXT = row("text", Kind.TEXT, AcrossAgencies.NONE)
HEADING = row("heading", Kind.HEADING, AcrossAgencies.NONE, indicator="")
COMPUTED = row("computed", formula="[count] + [count]")

ADOPTION = Detail("Nuôi con nuôi", Decimal(4), "04")
COPIES = Detail("Cấp bản sao", Decimal(1200), "1.200")


def made(
    shown: Cell,
    *lines: tuple[str, str],
    note: str | None = None,
    fill: bool = False,
) -> Cell:
    """Return what the posted lines make of a cell."""
    labels, numbers = [label for label, _ in lines], [number for _, number in lines]
    attempt = breakdown_attempt(COUNT, 0, posted_lines(labels, numbers), note, fill=fill)
    return attempt.make(shown)


def sentences(
    *lines: tuple[str, str], fill: bool = False, kind: Kind = Kind.COUNT
) -> Sequence[str]:
    posted = [Line(label, number) for label, number in lines]
    return read_lines(posted, row("x", kind), (), fill=fill).sentences


@pytest.mark.parametrize(
    ("of", "broken_down", "filled"),
    [
        (COUNT, True, True),
        (AMOUNT, True, True),
        (RATE, True, False),
        (CHOICE, False, False),
        (TEXT, False, False),
        (HEADING, False, False),
        (COMPUTED, False, False),
    ],
    ids=lambda value: getattr(value, "key", ""),
)
def test_lines_stand_under_typed_numbers_and_add_up_where_these_are_counted(
    of: RowDefinition, broken_down: bool, filled: bool
) -> None:
    assert (may_be_broken_down(of), may_be_filled(of)) == (broken_down, filled)


def test_lines_keep_the_order_of_the_page_and_empty_ones_are_none() -> None:
    assert posted_lines([" b ", "", "a"], ["1", " ", ""]) == (Line("b", "1"), Line("a", ""))


def test_a_box_without_its_partner_is_a_line_with_an_empty_one() -> None:
    assert posted_lines(["a"], ["1", "2"]) == (Line("a", "1"), Line("", "2"))


def test_signs_that_cannot_be_seen_are_left_out() -> None:
    assert posted_lines(["Nuôi\u200b con\n nuôi\x00"], ["\ufeff4"]) == (Line("Nuôi con nuôi", "4"),)


def test_what_was_written_stands_in_the_boxes() -> None:
    details = (ADOPTION, Detail("b", Decimal("1234.5")), Detail("c", None))
    assert box_lines(details) == (
        Line("Nuôi con nuôi", "04"),
        Line("b", "1.234,5"),
        Line("c", ""),
    )


def test_numbers_are_read_as_those_of_the_row() -> None:
    lines = (("Nuôi con nuôi", "04"), ("Cấp bản sao", "1.200"), ("Khác", ""))
    assert made(EMPTY, *lines).details == (ADOPTION, COPIES, Detail("Khác", None))


def test_lines_alone_leave_the_figure_as_it_is() -> None:
    seven = Cell(number=Decimal(7), written="7")
    assert made(seven, ("Nuôi con nuôi", "04")) == Cell(
        number=Decimal(7), written="7", details=(ADOPTION,)
    )
    assert made(EMPTY, ("Nuôi con nuôi", "04")) == Cell(
        status=FigureStatus.NOTE, details=(ADOPTION,)
    )


def test_the_sum_becomes_the_figure_where_that_is_asked() -> None:
    nil = Cell(status=FigureStatus.NIL, note="tạm tính")
    assert made(nil, ("Nuôi con nuôi", "04"), ("Cấp bản sao", "1.200"), fill=True) == Cell(
        number=Decimal(1204), written="1.204", note="tạm tính", details=(ADOPTION, COPIES)
    )


def test_decimals_are_added_exactly() -> None:
    lines = [Line(str(place), "0,1") for place in range(3)]
    attempt = breakdown_attempt(AMOUNT, 0, lines, None, fill=True)
    assert attempt.make(EMPTY).number == Decimal("0.3")


def test_a_figure_that_is_the_sum_already_stays_as_it_was_written() -> None:
    four = Cell(number=Decimal(4), written="04 hồ sơ")
    assert made(four, ("Nuôi con nuôi", "04"), fill=True).written == "04 hồ sơ"


def test_an_emptied_line_disappears_and_the_last_one_leaves_nothing() -> None:
    shown = Cell(status=FigureStatus.NOTE, details=(ADOPTION, COPIES))
    assert made(shown, ("", ""), ("Cấp bản sao", "1.200")).details == (COPIES,)
    assert made(shown, ("", ""), ("", "")) == EMPTY


def test_lines_left_as_they_stand_make_nothing_whatever_is_in_them() -> None:
    """A paper may hold what the portal would not read, and numbers without their writing."""
    odd = (Detail("Chứng thực", Decimal("12.125")), Detail("Khác", None, "như năm trước"))
    shown = Cell(number=Decimal(7), written="7", details=odd)
    assert made(shown, ("Chứng thực", "12,125"), ("Khác", "như năm trước"), note="") is shown


def test_the_note_is_kept_with_the_lines() -> None:
    assert made(EMPTY, ("Nuôi con nuôi", "04"), note=" tạm tính ").note == "tạm tính"


def test_a_note_that_was_not_posted_is_left_alone() -> None:
    assert made(Cell(note="cũ", status=FigureStatus.NOTE), ("a", "1")).note == "cũ"


@pytest.mark.parametrize(
    ("lines", "kind", "said"),
    [
        ([("a", "x")], Kind.COUNT, "Dòng chi tiết 1: «x» có chữ"),
        ([("a", "1"), ("b", "5,5")], Kind.COUNT, "Dòng chi tiết 2: «5,5» có phần thập phân"),
        ([("a", "5,356")], Kind.COUNT, "có thể là 5 phẩy 356 hoặc 5 nghìn 356"),
        ([("a", "kps")], Kind.COUNT, "«kps» không phải là số; không có việc nào thì ghi 0."),
        ([("a", "101")], Kind.PERCENT, "vượt quá 100 %"),
        ([("", "3")], Kind.COUNT, "Dòng chi tiết 1: số 3 chưa có nội dung"),
        ([("đ" * 301, "3")], Kind.COUNT, "nội dung dài 301 ký tự; nhiều nhất 300."),
    ],
)
def test_a_line_that_cannot_be_taken_over_says_why(
    lines: list[tuple[str, str]], kind: Kind, said: str
) -> None:
    [sentence] = sentences(*lines, kind=kind)
    assert said in sentence


def test_all_that_is_wrong_is_told_at_once_and_each_line_keeps_its_own() -> None:
    lines = [Line("a", "x"), Line("b", "2"), Line("", "3")]
    found = read_lines(lines, COUNT, (), fill=False)
    assert [bool(line.sentence) for line in found.lines] == [True, False, True]
    assert [(line.label, line.number) for line in found.lines] == [
        ("a", "x"),
        ("b", "2"),
        ("", "3"),
    ]
    with pytest.raises(Unreadable) as refusal:
        made(EMPTY, ("a", "x"), ("b", "2"), ("", "3"), note="đ" * 2001)
    assert [line[:15] for line in str(refusal.value).splitlines()] == [
        "Dòng chi tiết 1",
        "Dòng chi tiết 3",
        "Ghi chú dài 200",
    ]


def test_as_many_lines_and_letters_as_may_be_are_taken() -> None:
    lines = [("đ" * LONGEST_LABEL, "1")] * MOST_LINES
    assert sentences(*lines) == []
    assert sentences(*lines, ("a", "1")) == ["Có 51 dòng chi tiết; nhiều nhất 50 dòng."]


def test_only_lines_with_numbers_are_added_up() -> None:
    """A line without a number is not one of zero."""
    [sentence] = sentences(("a", "1"), ("b", ""), fill=True)
    assert sentence.startswith("Dòng chi tiết 2: chưa có số nên chưa cộng được")
    assert sentences(("a", "1"), ("b", "")) == []
    assert sentences(fill=True) == ["Chưa có dòng chi tiết nào để cộng vào ô số."]


def test_a_sum_that_no_cell_holds_is_refused() -> None:
    [sentence] = sentences(("a", "999999999999"), ("b", "1"), fill=True)
    assert sentence.startswith("Cộng các dòng chi tiết là 1.000.000.000.000, lớn hơn")
    assert sentences(("a", "999999999999"), ("b", "1")) == []


@pytest.mark.parametrize(
    ("cell", "of", "said"),
    [
        (Cell(number=Decimal(5)), COUNT, "Cộng các dòng chi tiết là 4, còn ô số là 5."),
        (Cell(number=Decimal(4)), COUNT, ""),
        (EMPTY, COUNT, "Cộng các dòng chi tiết là 4, còn ô số để trống."),
        (
            Cell(status=FigureStatus.NIL),
            COUNT,
            "Cộng các dòng chi tiết là 4, còn ô số ghi «Không phát sinh».",
        ),
        (Cell(number=Decimal(5)), RATE, ""),
    ],
)
def test_lines_that_do_not_make_the_figure_are_told_with_both_numbers(
    cell: Cell, of: RowDefinition, said: str
) -> None:
    assert off_by(replace(cell, details=(ADOPTION,)), of) == said
    assert off_by(replace(cell, details=(ADOPTION, Detail("b", None))), of) == ""
    assert off_by(cell, of) == ""


def test_lines_of_nothing_agree_with_nothing_arisen() -> None:
    nothing = Detail("a", Decimal(0))
    assert off_by(Cell(status=FigureStatus.NIL, details=(nothing,)), COUNT) == ""
