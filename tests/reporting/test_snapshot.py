"""Frozen figures and how a cell is recorded."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.formulas import Ratio
from indicators.kinds import AcrossAgencies, Kind
from reporting.snapshot import (
    EMPTY,
    Cell,
    Detail,
    FigureStatus,
    Reading,
    SubmissionSnapshot,
    decimal_text,
    from_record,
    merged,
    recorded,
)
from tests.reporting.forms_by_hand import form_of, row

numbers = st.none() | st.decimals(0, 10**12 - 1, places=3, allow_nan=False, allow_infinity=False)
texts = st.text(max_size=10)
cells = st.builds(
    Cell,
    status=st.sampled_from(FigureStatus),
    number=numbers,
    numerator=numbers,
    denominator=numbers,
    choice=texts,
    text=texts,
    note=texts,
    written=texts,
    written_unit=texts,
    reading=st.sampled_from(Reading),
    details=st.lists(st.builds(Detail, texts, numbers, texts), max_size=3).map(tuple),
)


@given(cells)
def test_what_was_recorded_is_read_back(cell: Cell) -> None:
    record = json.loads(json.dumps(recorded(cell)))
    assert from_record(record) == (EMPTY if cell.is_empty else cell)


@given(cells)
def test_a_record_holds_no_number_but_text(cell: Cell) -> None:
    record = recorded(cell) or {}
    assert [value for value in record.values() if isinstance(value, float | int | Decimal)] == []


def test_an_empty_cell_is_recorded_as_not_there() -> None:
    assert recorded(EMPTY) is None
    assert from_record(None) == EMPTY


def test_a_record_leaves_out_what_is_not_said() -> None:
    assert recorded(Cell(number=Decimal("29.600"), written="29,6")) == {
        "status": "reported",
        "number": "29.6",
        "written": "29,6",
        "reading": "as_is",
    }


@pytest.mark.parametrize(
    ("number", "text"),
    [("0", "0"), ("0.000", "0"), ("100", "100"), ("1E+3", "1000"), ("12.340", "12.34")],
)
def test_numbers_are_recorded_without_exponent_and_idle_zeros(number: str, text: str) -> None:
    assert decimal_text(Decimal(number)) == text


@pytest.mark.parametrize(
    ("cell", "empty", "answered"),
    [
        (EMPTY, True, False),
        (Cell(number=Decimal(0)), False, True),
        (Cell(choice="0"), False, True),
        (Cell(text="có"), False, True),
        (Cell(status=FigureStatus.NIL), False, True),
        (Cell(status=FigureStatus.OUT_OF_SCOPE), False, True),
        (Cell(status=FigureStatus.NOTE, note="Dự kiến Quý IV"), False, False),
        (Cell(details=(Detail("Nuôi con nuôi", Decimal(4)),)), False, False),
        (Cell(status=FigureStatus.NOTE), True, False),
    ],
)
def test_not_reported_is_not_zero(cell: Cell, empty: bool, answered: bool) -> None:
    assert (cell.is_empty, cell.is_answered) == (empty, answered)


def test_two_writings_of_one_number_say_the_same() -> None:
    plain = Cell(number=Decimal(5356), written="5356")
    dotted = Cell(number=Decimal(5356), written="5.356", reading=Reading.CHANGED)
    assert plain != dotted
    assert plain.says_same_as(dotted)
    assert not plain.says_same_as(Cell(number=Decimal(5356), note="tạm tính"))


FIVE, SIX = Cell(number=Decimal(5), written="5"), Cell(number=Decimal(6), written="6")
NIL = Cell(status=FigureStatus.NIL)
COPY = replace(FIVE, reading=Reading.COPIED)


def noted(cell: Cell, note: str) -> Cell:
    return replace(cell, note=note).settled()


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "expected"),
    [
        (EMPTY, FIVE, FIVE, FIVE),
        (EMPTY, FIVE, SIX, None),
        (EMPTY, FIVE, EMPTY, FIVE),
        (FIVE, FIVE, SIX, SIX),
        (FIVE, SIX, FIVE, SIX),
        (FIVE, EMPTY, FIVE, EMPTY),
        (FIVE, EMPTY, SIX, None),
        (FIVE, NIL, EMPTY, None),
        (EMPTY, FIVE, noted(EMPTY, "a"), noted(FIVE, "a")),
        (EMPTY, noted(EMPTY, "a"), FIVE, noted(FIVE, "a")),
        (EMPTY, noted(EMPTY, "a"), noted(EMPTY, "b"), None),
        (EMPTY, noted(EMPTY, "a"), noted(EMPTY, "a"), noted(EMPTY, "a")),
        (EMPTY, noted(FIVE, "a"), noted(FIVE, "b"), None),
        (noted(FIVE, "a"), noted(SIX, "a"), FIVE, SIX),
        (noted(FIVE, "a"), FIVE, noted(SIX, "a"), SIX),
        (noted(EMPTY, "a"), FIVE, EMPTY, FIVE),
        (EMPTY, FIVE, COPY, FIVE),
        (EMPTY, COPY, FIVE, FIVE),
        (EMPTY, SIX, COPY, None),
        (COPY, FIVE, noted(COPY, "a"), noted(FIVE, "a")),
    ],
)
def test_two_changes_of_one_cell_are_joined_or_contested(
    base: Cell, theirs: Cell, mine: Cell, expected: Cell | None
) -> None:
    both = merged(base, theirs, mine)
    assert (None if both.is_contested else both.cell) == expected


def test_in_a_contest_each_keeps_what_only_one_of_them_touched() -> None:
    """One saved figure and note, the other only a note: the figure is no part of the quarrel."""
    both = merged(FIVE, noted(SIX, "ghi a"), noted(FIVE, "ghi b"))
    assert (both.contested_figure, both.contested_note) == (False, True)
    assert both.cell == noted(SIX, "ghi b")
    both = merged(FIVE, noted(SIX, "ghi a"), Cell(number=Decimal(7), written="7"))
    assert (both.contested_figure, both.contested_note) == (True, False)
    assert both.cell == replace(Cell(number=Decimal(7), written="7"), note="ghi a")


@given(cells, cells)
def test_a_change_of_one_person_alone_is_taken(base: Cell, mine: Cell) -> None:
    joined = merged(base, base, mine)
    assert not joined.is_contested
    assert joined.cell.says_same_as(mine.settled())


FORM = form_of(
    row("whole"),
    row("part"),
    row("rate", Kind.PERCENT, AcrossAgencies.RATE, formula="percent([part], [whole])"),
    row("typed", Kind.PERCENT, AcrossAgencies.RATE),
)
WHOLE, PART, RATE, TYPED = FORM.rows


def filled(**cells: Cell) -> SubmissionSnapshot:
    return SubmissionSnapshot(FORM, cells)


def test_a_rate_is_computed_from_its_rows() -> None:
    snapshot = filled(whole=Cell(number=Decimal(43)), part=Cell(number=Decimal(34)))
    assert snapshot.value(RATE) == Decimal(3400) / 43
    assert snapshot.parts(RATE) == Ratio(Decimal(34), Decimal(43))


def test_a_rate_with_a_missing_part_is_missing() -> None:
    snapshot = filled(whole=Cell(number=Decimal(43)))
    assert snapshot.value(RATE) is None
    assert snapshot.parts(RATE) == Ratio(None, Decimal(43))


def test_nothing_arising_is_zero_in_a_formula() -> None:
    snapshot = filled(whole=Cell(number=Decimal(43)), part=Cell(status=FigureStatus.NIL))
    assert snapshot.value(RATE) == Decimal(0)


def test_being_out_of_scope_is_missing_in_a_formula() -> None:
    snapshot = filled(whole=Cell(number=Decimal(43)), part=Cell(status=FigureStatus.OUT_OF_SCOPE))
    assert snapshot.value(RATE) is None


def test_nothing_of_nothing_is_undefined() -> None:
    nil = Cell(status=FigureStatus.NIL)
    snapshot = filled(whole=nil, part=nil)
    assert snapshot.value(RATE) is None
    assert snapshot.parts(RATE).is_undefined


def test_a_form_filed_on_paper_shows_nothing_computed() -> None:
    cells = {"whole": Cell(number=Decimal(43)), "part": Cell(number=Decimal(34))}
    paper = SubmissionSnapshot(FORM, cells, is_paper=True)
    assert paper.value(RATE) is None
    assert paper.computed(RATE) == Decimal(3400) / 43


def test_a_filed_rate_stands_before_the_computed_one() -> None:
    snapshot = filled(
        whole=Cell(number=Decimal(43)),
        part=Cell(number=Decimal(34)),
        rate=Cell(number=Decimal("91.84")),
    )
    assert snapshot.value(RATE) == Decimal("91.84")
    assert snapshot.computed(RATE) == Decimal(3400) / 43


def test_a_typed_ratio_keeps_its_parts() -> None:
    cell = Cell(number=Decimal("79.07"), numerator=Decimal(34), denominator=Decimal(43))
    assert filled(typed=cell).parts(TYPED) == Ratio(Decimal(34), Decimal(43))


def test_only_rows_to_be_typed_count_as_answered() -> None:
    snapshot = filled(
        whole=Cell(number=Decimal(43)),
        rate=Cell(number=Decimal(5)),
        typed=Cell(status=FigureStatus.NOTE, note="sau"),
        part=Cell(status=FigureStatus.NIL),
    )
    assert snapshot.answered == 2


def test_a_row_that_is_not_there_is_an_empty_cell() -> None:
    assert filled().cell("whole") is EMPTY
