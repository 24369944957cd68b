"""What was typed into the boxes of a form, and what it became."""

from decimal import Decimal

import pytest

from indicators.kinds import AcrossAgencies, Kind
from reporting.entry import (
    Entries,
    Refusal,
    box_text,
    figure_field,
    note_field,
    read_cell,
    read_entries,
)
from reporting.numbers import Unreadable
from reporting.snapshot import EMPTY, Cell, Detail, FigureStatus, Reading
from tests.reporting.forms_by_hand import form_of, row

COUNT = row("count")
RATE = row("rate", Kind.PERCENT, AcrossAgencies.RATE)
CHOICE = row("choice", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có")
TEXT = row("text", Kind.TEXT, AcrossAgencies.NONE)
HEADING = row("heading", Kind.HEADING, AcrossAgencies.NONE, indicator="")
COMPUTED = row("computed", Kind.PERCENT, AcrossAgencies.RATE, formula="percent([count], [count])")
FORM = form_of(COUNT, RATE, CHOICE, TEXT, HEADING, COMPUTED)

FIVE = Cell(number=Decimal(5), written="5")
NIL = Cell(status=FigureStatus.NIL)


def posted(**boxes: str) -> dict[str, str]:
    """Name the boxes as the page does: ``count`` is its figure, ``count_note`` its note."""
    names = {}
    for name, text in boxes.items():
        key = name.removesuffix("_note")
        of = FORM.by_key[key]
        names[note_field(of) if name.endswith("_note") else figure_field(of)] = text
    return names


def test_a_plain_number_is_read_as_it_is() -> None:
    assert read_entries(FORM, posted(count="5"), {}) == Entries({"count": FIVE})


def test_a_changed_writing_is_kept_beside_the_value() -> None:
    assert read_entries(FORM, posted(count="5.356"), {}).cells == {
        "count": Cell(number=Decimal(5356), written="5.356", reading=Reading.CHANGED)
    }


def test_a_ratio_keeps_numerator_and_denominator() -> None:
    assert read_entries(FORM, posted(rate="34/43"), {}).cells == {
        "rate": Cell(
            number=Decimal("79.07"),
            numerator=Decimal(34),
            denominator=Decimal(43),
            written="34/43",
            reading=Reading.CHANGED,
        )
    }


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("không phát sinh", FigureStatus.NIL),
        ("Không phát sinh.", FigureStatus.NIL),
        ("KHÔNG PHÁT SINH", FigureStatus.NIL),
        ("Chưa phát sinh", FigureStatus.NIL),
        ("kps", FigureStatus.NIL),
        ("Không thuộc phạm vi", FigureStatus.OUT_OF_SCOPE),
        ("KTPV", FigureStatus.OUT_OF_SCOPE),
    ],
)
@pytest.mark.parametrize("key", ["count", "rate", "choice", "text"])
def test_having_nothing_may_be_written_in_any_box(
    key: str, text: str, status: FigureStatus
) -> None:
    assert read_entries(FORM, posted(**{key: text}), {}).cells == {key: Cell(status=status)}


def test_an_offered_choice_is_taken_and_another_refused() -> None:
    assert read_entries(FORM, posted(choice="0"), {}).cells == {"choice": Cell(choice="0")}
    assert read_entries(FORM, posted(choice="2"), {}) == Entries(
        refused={
            "choice": Refusal(
                "2", "«2» không có trong các lựa chọn của dòng này (0 = Không, 1 = Có)."
            )
        }
    )


def test_words_are_taken_up_to_two_thousand_letters() -> None:
    assert read_entries(FORM, posted(text="ă" * 2000), {}).cells == {"text": Cell(text="ă" * 2000)}
    refused = read_entries(FORM, posted(text="ă" * 2001), {}).refused
    assert refused["text"].sentence == "Câu trả lời dài 2001 ký tự; nhiều nhất 2000."


def test_a_box_left_as_it_was_is_no_entry() -> None:
    base = {"count": Cell(number=Decimal(5356), written="5.356", reading=Reading.CHANGED)}
    assert read_entries(FORM, posted(count="5.356", count_note=""), base) == Entries()


def test_a_box_that_was_not_posted_is_no_entry() -> None:
    assert read_entries(FORM, {}, {"count": FIVE, "choice": Cell(choice="1")}) == Entries()


def test_a_box_made_empty_clears_the_cell() -> None:
    assert read_entries(FORM, posted(count="  "), {"count": FIVE}).cells == {"count": EMPTY}


def test_a_cleared_figure_leaves_its_note() -> None:
    base = {"count": Cell(number=Decimal(5), written="5", note="tạm tính")}
    assert read_entries(FORM, posted(count=""), base).cells == {
        "count": Cell(status=FigureStatus.NOTE, note="tạm tính")
    }


def test_a_note_alone_is_an_entry() -> None:
    assert read_entries(FORM, posted(count_note=" Dự kiến Quý IV "), {}).cells == {
        "count": Cell(status=FigureStatus.NOTE, note="Dự kiến Quý IV")
    }


def test_a_note_beside_a_figure_leaves_the_figure() -> None:
    assert read_entries(FORM, posted(count="5", count_note="ước"), {"count": FIVE}).cells == {
        "count": Cell(number=Decimal(5), written="5", note="ước")
    }


def test_a_note_that_is_too_long_is_refused_and_kept() -> None:
    refused = read_entries(FORM, posted(count="7", count_note="a" * 2001), {}).refused
    assert refused == {
        "count": Refusal("7", "Ghi chú dài 2001 ký tự; nhiều nhất 2000.", "a" * 2001)
    }


def test_the_agencys_own_details_stay_under_a_changed_figure() -> None:
    details = (Detail("Nuôi con nuôi", Decimal(4)),)
    base = {"count": Cell(number=Decimal(4), written="4", details=details)}
    assert read_entries(FORM, posted(count="5"), base).cells["count"].details == details


def test_a_number_after_nothing_makes_it_reported() -> None:
    assert read_entries(FORM, posted(count="5"), {"count": NIL}).cells == {"count": FIVE}


def test_good_boxes_are_taken_while_bad_ones_are_refused() -> None:
    entries = read_entries(FORM, posted(count="5", rate="101", choice="1", text="x"), {})
    assert list(entries.cells) == ["count", "choice", "text"]
    assert entries.refused["rate"].typed == "101"


def test_headings_and_computed_rows_take_nothing() -> None:
    forged = {f"f{HEADING.id}": "5", f"f{COMPUTED.id}": "5", f"n{HEADING.id}": "x", "f999": "1"}
    assert read_entries(FORM, forged, {}) == Entries()


def test_a_heading_refuses_a_number_with_a_sentence() -> None:
    with pytest.raises(Unreadable, match="Dòng tiêu đề không nhận số liệu"):
        read_cell("5", HEADING, EMPTY)


def test_the_writing_kept_fits_its_column() -> None:
    """Twelve, a lot of blanks, and 345: one number in 200 letters at most."""
    cell = read_cell("12" + " " * 500 + "345", COUNT, EMPTY)
    assert (cell.number, cell.written) == (Decimal(12345), "12 345")


@pytest.mark.parametrize(
    ("cell", "of", "text"),
    [
        (EMPTY, COUNT, ""),
        (FIVE, COUNT, "5"),
        (Cell(number=Decimal("5356.000")), COUNT, "5.356"),
        (NIL, COUNT, "Không phát sinh"),
        (Cell(status=FigureStatus.OUT_OF_SCOPE), COUNT, "Không thuộc phạm vi"),
        (Cell(status=FigureStatus.NOTE, note="x"), COUNT, ""),
        (Cell(number=Decimal("98.640")), RATE, "98,64"),
        (
            Cell(number=Decimal("79.07"), numerator=Decimal(34), denominator=Decimal(43)),
            RATE,
            "34/43",
        ),
        (
            Cell(number=Decimal("91.84"), numerator=Decimal(4910), denominator=Decimal(5356)),
            RATE,
            "91,84",
        ),
        (Cell(choice="0"), CHOICE, "0"),
        (Cell(text="đã làm"), TEXT, "đã làm"),
    ],
)
def test_a_box_shows_what_typed_again_gives_the_same(cell: Cell, of: object, text: str) -> None:
    target = next(row for row in FORM.rows if row is of)
    assert box_text(cell, target) == text
    if text and cell.number != Decimal("91.84"):
        assert read_cell(text, target, EMPTY).says_same_as(
            Cell(cell.status, cell.number, cell.numerator, cell.denominator, cell.choice, cell.text)
        )
