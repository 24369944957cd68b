"""Which figures may be carried from one report into the next, and why the others may not."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from indicators.definition import RowDefinition
from indicators.kinds import AcrossAgencies, AcrossPeriods, Kind
from reporting.carried import Offer, WhyNot, copied, looked_at, offers
from reporting.snapshot import (
    EMPTY,
    Cell,
    Detail,
    FigureStatus,
    Reading,
    SubmissionSnapshot,
    from_record,
    recorded,
)
from tests.reporting.forms_by_hand import form_of, row
from tests.reporting.test_snapshot import cells

STOCK = AcrossPeriods.STOCK
LAST_ANSWERS, ANSWERS = "1=Hoàn thành|2=Chưa hoàn thành", "0=Chưa|1=Đang làm|2=hoàn thành"
FIVE = Cell(number=Decimal(5), written="05", reading=Reading.CHANGED)


def stock(
    key: str,
    kind: Kind = Kind.COUNT,
    *,
    indicator: str | None = None,
    choices: str = "",
    asked: str = "",
    reporter: str = "",
) -> RowDefinition:
    plain = row(key, kind, indicator=indicator, choices=choices, asked=asked, reporter=reporter)
    return replace(plain, across_periods=STOCK)


def offered(
    new: RowDefinition, old: RowDefinition, cell: Cell, *, functions: tuple[str, ...] = ()
) -> Offer:
    """Return the offer for the one row ``new``, where ``old`` of another form held ``cell``."""
    [offer] = offers(
        SubmissionSnapshot(form_of(new), agency_kind="so", agency_functions=functions),
        SubmissionSnapshot(
            form_of(old, id=2), {old.key: cell}, agency_kind="so", agency_functions=functions
        ),
    )
    return offer


# What is carried


def test_a_stock_is_carried_by_its_indicator_and_marked() -> None:
    offer = offered(stock("4.2", indicator="a"), stock("3.9", indicator="a"), FIVE)
    assert (offer.row.key, offer.shown, offer.why_not) == ("4.2", "5", None)
    assert offer.cell == Cell(number=Decimal(5), written="5", reading=Reading.COPIED)


def test_note_and_details_of_the_last_report_stay_there() -> None:
    rich = replace(FIVE, note="tạm tính", details=(Detail("a", Decimal(5)),))
    assert offered(stock("a"), stock("a"), rich).cell == offered(stock("a"), stock("a"), FIVE).cell


def test_a_rate_takes_its_parts_along() -> None:
    cell = Cell(
        number=Decimal("79.07"), numerator=Decimal(34), denominator=Decimal(43), written="34/43"
    )
    rate = stock("a", Kind.PERCENT)
    assert offered(rate, rate, cell).cell == replace(cell, written="79,07", reading=Reading.COPIED)


def test_what_is_carried_is_what_was_shown() -> None:
    """A paper may hold more decimals than print."""
    rate = stock("a", Kind.PERCENT)
    offer = offered(rate, rate, Cell(number=Decimal("29.625")))
    assert (offer.shown, offer.cell.number, offer.cell.written) == (
        "29,63",
        Decimal("29.63"),
        "29,63",
    )


def test_words_are_carried_as_they_are() -> None:
    words = stock("a", Kind.TEXT)
    offer = offered(words, words, Cell(text="Đã ban hành\nQuy chế"))
    assert offer.shown == "Đã ban hành\nQuy chế"
    assert offer.cell == Cell(text="Đã ban hành\nQuy chế", reading=Reading.COPIED)


@pytest.mark.parametrize(
    "cell",
    [
        EMPTY,
        Cell(status=FigureStatus.NIL),
        Cell(status=FigureStatus.OUT_OF_SCOPE),
        Cell(status=FigureStatus.NOTE, note="Dự kiến Quý IV"),
    ],
)
def test_where_there_was_no_value_nothing_is_offered(cell: Cell) -> None:
    now, before = form_of(stock("a")), form_of(stock("a"), id=2)
    assert offers(SubmissionSnapshot(now), SubmissionSnapshot(before, {"a": cell})) == []


def test_a_zero_is_a_value() -> None:
    assert offered(stock("a"), stock("a"), Cell(number=Decimal(0))).cell.number == Decimal(0)


def test_a_row_without_indicator_has_no_last_figure() -> None:
    nameless = form_of(stock("a", indicator=""))
    now = SubmissionSnapshot(nameless)
    assert offers(now, SubmissionSnapshot(nameless, {"a": FIVE})) == []


def test_rows_that_are_computed_or_asked_of_others_are_not_offered() -> None:
    theirs = stock("theirs", asked="xa")
    computed = row("rate", Kind.PERCENT, formula="percent([a], [theirs])")
    form = form_of(stock("a"), theirs, computed)
    cells = {"a": FIVE, "theirs": FIVE, "rate": FIVE}
    now = SubmissionSnapshot(form, agency_kind="so")
    before = SubmissionSnapshot(form, cells, is_paper=True)
    assert [offer.row.key for offer in offers(now, before)] == ["a"]


# A choice goes by its words


@pytest.mark.parametrize("period", list(AcrossPeriods))
def test_an_answer_takes_the_new_forms_code_for_the_same_words(period: AcrossPeriods) -> None:
    """1 = Hoàn thành there is 2 = hoàn thành here; the code 1 would say the contrary."""
    new = replace(row("a", Kind.CHOICE, choices=ANSWERS), across_periods=period)
    offer = offered(new, row("a", Kind.CHOICE, choices=LAST_ANSWERS), Cell(choice="1"))
    assert offer.shown == "Hoàn thành"
    assert offer.cell == Cell(choice="2", written="1", reading=Reading.COPIED)
    assert offer.has_new_code
    assert offer.is_of_a_period == (period is AcrossPeriods.IN_PERIOD)


def test_the_same_code_is_no_news() -> None:
    same = stock("a", Kind.CHOICE, choices=ANSWERS)
    assert not offered(same, same, Cell(choice="1")).has_new_code


@pytest.mark.parametrize("code", ["2", "9"])
def test_an_answer_whose_words_are_not_offered_is_only_shown(code: str) -> None:
    """The code 2 would be offered, with other words."""
    new = stock("a", Kind.CHOICE, choices=ANSWERS)
    old = stock("a", Kind.CHOICE, choices=LAST_ANSWERS)
    offer = offered(new, old, Cell(choice=code))
    assert (offer.cell, offer.why_not) == (EMPTY, WhyNot.NOT_OFFERED)
    assert offer.shown == {"2": "Chưa hoàn thành", "9": "9"}[code]


# What is not carried


@pytest.mark.parametrize(
    ("period", "why_not"),
    [
        (AcrossPeriods.IN_PERIOD, WhyNot.IN_PERIOD),
        (AcrossPeriods.CUMULATIVE, WhyNot.CUMULATIVE),
        (AcrossPeriods.UNSAID, WhyNot.UNSAID),
    ],
)
def test_only_a_stock_is_still_true(period: AcrossPeriods, why_not: WhyNot) -> None:
    """What the new form says counts: its figure is the one to be written."""
    offer = offered(replace(row("a"), across_periods=period), stock("a"), FIVE)
    assert (offer.shown, offer.cell, offer.why_not) == ("5", EMPTY, why_not)


def test_another_kind_of_figure_is_not_carried() -> None:
    offer = offered(stock("a", Kind.AMOUNT), stock("a"), FIVE)
    assert (offer.cell, offer.why_not) == (EMPTY, WhyNot.OTHER_KIND)


def test_a_figure_that_the_form_computed_is_nobodys_writing() -> None:
    old = replace(row("a", Kind.PERCENT, formula="percent([part], [whole])"), across_periods=STOCK)
    four = Cell(number=Decimal(4))
    before = SubmissionSnapshot(
        form_of(old, row("part"), row("whole"), id=2),
        {"part": four, "whole": Cell(number=Decimal(5))},
    )
    now = SubmissionSnapshot(form_of(stock("a", Kind.PERCENT)))
    [offer] = offers(now, before)
    assert (offer.shown, offer.why_not) == ("80", WhyNot.COMPUTED)
    filed = replace(before, cells={"a": Cell(number=Decimal("80.5"))}, is_paper=True)
    [offer] = offers(now, filed)
    assert (offer.cell.number, offer.why_not) == (Decimal("80.5"), None)


@pytest.mark.parametrize(
    ("kind", "units", "why_not"),
    [
        (Kind.AMOUNT, ("Triệu đồng", "Tỷ đồng"), WhyNot.OTHER_UNIT),
        (Kind.AMOUNT, ("Triệu đồng", "triệu đồng"), None),
        (Kind.COUNT, ("TTHC", "Thủ tục"), None),
    ],
)
def test_money_is_carried_only_in_its_own_unit(
    kind: Kind, units: tuple[str, str], why_not: WhyNot | None
) -> None:
    new, old = (replace(stock("a", kind), unit=unit) for unit in units)
    assert offered(new, old, FIVE).why_not is why_not


def test_a_figure_written_in_a_unit_of_its_own_is_not_carried() -> None:
    offer = offered(stock("a"), stock("a"), replace(FIVE, written_unit="253/493"))
    assert offer.why_not is WhyNot.OTHER_UNIT


def test_the_provinces_figure_and_ones_own_are_two() -> None:
    designated = replace(stock("a", reporter="noi_vu"), across_agencies=AcrossAgencies.DESIGNATED)
    for new, old in ((designated, stock("a")), (stock("a"), designated)):
        offer = offered(new, old, FIVE, functions=("noi_vu",))
        assert (offer.cell, offer.why_not) == (EMPTY, WhyNot.OTHER_SCOPE)
    assert offered(designated, designated, FIVE, functions=("noi_vu",)).why_not is None
    # Who was not asked and gave its own figure all the same gave its own.
    assert offered(stock("a"), designated, FIVE).why_not is None


# Into which cell


def test_a_carried_figure_leaves_note_and_details_of_the_new_report() -> None:
    offer = offered(stock("a"), stock("a"), FIVE)
    noted = Cell(status=FigureStatus.NOTE, note="chờ số", details=(Detail("b", None),))
    assert offer.taken_into(noted) == replace(
        offer.cell, note="chờ số", details=(Detail("b", None),)
    )


@given(cells)
def test_an_answer_that_is_there_stays(cell: Cell) -> None:
    taken = offered(stock("a"), stock("a"), FIVE).taken_into(cell)
    assert (taken == cell) if cell.is_answered else (taken.number == Decimal(5))


@given(cells)
def test_what_may_not_be_carried_changes_nothing(cell: Cell) -> None:
    assert offered(row("a"), stock("a"), FIVE).taken_into(cell) == cell


# Until somebody looks at it


def test_a_carried_figure_stays_known_as_such_in_the_record() -> None:
    cell = offered(stock("a"), stock("a"), FIVE).cell
    assert (recorded(cell) or {})["reading"] == "copied"
    assert from_record(recorded(cell)) == cell


def test_carried_figures_are_listed_until_they_were_looked_at() -> None:
    cell = offered(stock("a"), stock("a"), FIVE).cell
    form = form_of(stock("a"), stock("b"))
    before = SubmissionSnapshot(form, {"a": cell, "b": FIVE})
    assert [row.key for row in copied(before)] == ["a"]
    after = replace(before, cells={key: looked_at(cell) for key, cell in before.cells.items()})
    assert copied(after) == []
    assert after.cells == {"a": replace(cell, reading=Reading.AS_IS), "b": FIVE}
