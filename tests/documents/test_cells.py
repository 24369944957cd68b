"""How one figure prints."""

from decimal import Decimal

import pytest

from indicators.formulas import Ratio
from indicators.kinds import AcrossAgencies, Kind
from reporting.calculations.totals import Answers, Total
from reporting.printing.cells import (
    BLANK,
    PrintedCell,
    coverage,
    printed_figure,
    printed_number,
    printed_total,
    remarks,
)
from reporting.snapshot import Cell, Detail, FigureStatus, Reading, SubmissionSnapshot
from tests.documents.forms import form, row

COUNT = row("1")
RATE = row("2", Kind.PERCENT, formula="percent([2.b], [2.a])")
WHOLE, PART = row("2.a"), row("2.b")
ANSWER = row("3", Kind.CHOICE, choices="0=Không|1=Có")
FORM = form(COUNT, RATE, WHOLE, PART, ANSWER)


def printed(key: str, *, is_paper: bool = False, **cells: Cell) -> PrintedCell:
    """Print the row ``key`` of a submission; cells are given as row_2_a=…"""
    found = {name.removeprefix("row_").replace("_", "."): cell for name, cell in cells.items()}
    return printed_figure(FORM.by_key[key], SubmissionSnapshot(FORM, found, is_paper=is_paper))


def number(text: str) -> Cell:
    return Cell(number=Decimal(text))


# Rounding, once


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        ("29.62962962962963", "29,63"),
        ("29.625", "29,63"),  # half up, not to the even neighbour
        ("29.6249", "29,62"),
        ("29.6", "29,6"),
        ("100.000", "100"),
        ("0.004", "0"),
        ("99.995", "100"),
    ],
)
def test_a_rate_prints_at_most_two_decimals_rounded_half_up(exact: str, shown: str) -> None:
    assert printed_number(Decimal(exact), Kind.PERCENT).text == shown


@pytest.mark.parametrize(
    ("exact", "shown"),
    [("5356.000", "5.356"), ("1234567", "1.234.567"), ("0", "0"), ("999", "999")],
)
def test_a_count_prints_with_dots_between_thousands(exact: str, shown: str) -> None:
    assert printed_number(Decimal(exact), Kind.COUNT).text == shown


def test_an_amount_keeps_its_three_decimals() -> None:
    assert printed_number(Decimal("1250.125"), Kind.AMOUNT).text == "1.250,125"


def test_the_number_of_a_cell_is_the_one_its_text_shows() -> None:
    cell = printed_number(Decimal("66.666666"), Kind.PERCENT)
    assert (cell.text, cell.number, cell.decimals) == ("66,67", Decimal("66.67"), 2)


def test_idle_zeros_ask_for_no_decimals() -> None:
    assert printed_number(Decimal("29.600"), Kind.PERCENT).decimals == 1
    assert printed_number(Decimal("5356.000"), Kind.COUNT).decimals == 0


# One figure of one agency


def test_what_was_not_reported_prints_nothing() -> None:
    assert printed("1") == BLANK == PrintedCell("", None)


def test_zero_is_printed() -> None:
    assert printed("1", row_1=number("0")) == PrintedCell("0", Decimal(0))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (FigureStatus.NIL, "Không phát sinh"),
        (FigureStatus.OUT_OF_SCOPE, "Không thuộc phạm vi"),
    ],
)
def test_a_silent_answer_prints_its_words_and_no_number(status: FigureStatus, words: str) -> None:
    assert printed("1", row_1=Cell(status=status)) == PrintedCell(words, None)


def test_a_remark_without_a_figure_leaves_the_figure_blank() -> None:
    assert printed("1", row_1=Cell(status=FigureStatus.NOTE, note="Dự kiến Quý IV")) == BLANK


def test_an_answer_by_code_prints_its_code() -> None:
    assert printed("3", row_3=Cell(choice="0")) == PrintedCell("0", Decimal(0))


def test_an_answer_in_words_prints_its_words() -> None:
    assert printed("1", row_1=Cell(text="Đang làm")) == PrintedCell("Đang làm", None)


def test_a_rate_left_blank_is_computed_from_its_parts() -> None:
    cell = printed("2", row_2_a=number("27"), row_2_b=number("8"))
    assert cell == PrintedCell("29,63", Decimal("29.63"))


def test_a_filed_rate_is_printed_as_filed_even_where_its_parts_say_otherwise() -> None:
    cell = printed("2", row_2=number("29.6"), row_2_a=number("27"), row_2_b=number("8"))
    assert cell == PrintedCell("29,6", Decimal("29.6"))


def test_a_rate_with_one_part_missing_is_blank() -> None:
    assert printed("2", row_2_a=number("27")) == BLANK


def test_a_rate_of_nothing_prints_a_dash() -> None:
    assert printed("2", row_2_a=number("0"), row_2_b=number("0")) == PrintedCell("–", None)


def test_on_paper_nothing_is_computed() -> None:
    assert printed("2", is_paper=True, row_2_a=number("27"), row_2_b=number("8")) == BLANK
    assert printed("2", is_paper=True, row_2_a=number("0"), row_2_b=number("0")) == BLANK


# The province's figure


def test_a_total_prints_its_number() -> None:
    assert printed_total(Total(COUNT, Decimal(13206))) == PrintedCell("13.206", Decimal(13206))


def test_a_total_rate_is_rounded_for_print() -> None:
    total = Total(RATE, Decimal(1000) / 30, Ratio(Decimal(10), Decimal(30)))
    assert printed_total(total).text == "33,33"


def test_a_total_of_answers_counts_the_agencies() -> None:
    total = Total(ANSWER, answers=(Answers("Không", 3), Answers("Có", 12)))
    assert printed_total(total) == PrintedCell("3 Không / 12 Có", None)


def test_a_total_rate_of_nothing_prints_a_dash() -> None:
    assert printed_total(Total(RATE, parts=Ratio(Decimal(0), Decimal(0)))).text == "–"


def test_a_total_of_only_silent_answers_says_so() -> None:
    assert printed_total(Total(COUNT, reported=2, expected=3, all_nil=True)).text == (
        "Không phát sinh"
    )


def test_a_total_of_nobody_is_blank() -> None:
    assert printed_total(Total(COUNT, expected=3)) == BLANK


@pytest.mark.parametrize(
    ("total", "words"),
    [
        (Total(COUNT, Decimal(5), reported=2, expected=3), "2/3 đơn vị"),
        (Total(COUNT, expected=0), "0/0 đơn vị"),
        (Total(row("4", across_agencies=AcrossAgencies.NONE)), "không cộng"),
        (Total(row("5", Kind.HEADING, across_agencies=AcrossAgencies.NONE)), ""),
    ],
)
def test_a_total_says_on_how_many_agencies_it_stands(total: Total, words: str) -> None:
    assert coverage(total) == words


# The last column


def test_remarks_are_the_note_then_the_details_then_the_writing() -> None:
    cell = Cell(
        number=Decimal(34),
        note="Tính đến 14/9",
        written="34/43",
        reading=Reading.CONFIRMED,
        details=(Detail("Hộ tịch", Decimal(1200)), Detail("Cấp bản sao", None)),
    )
    assert remarks(cell) == [
        "Tính đến 14/9",
        "+ Hộ tịch: 1.200",
        "+ Cấp bản sao",
        "Ghi trên báo cáo: 34/43",
    ]


def test_a_figure_that_was_only_carried_over_says_so_after_all_else() -> None:
    cell = Cell(number=Decimal(5), written="5", note="tạm tính", reading=Reading.COPIED)
    assert remarks(cell) == ["tạm tính", "Lấy lại số kỳ trước, chưa xem lại"]


@pytest.mark.parametrize("reading", [Reading.AS_IS, Reading.CHANGED])
def test_writing_that_the_number_tells_is_not_repeated(reading: Reading) -> None:
    assert remarks(Cell(number=Decimal(5356), written="5.356", reading=reading)) == []
