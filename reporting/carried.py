"""Which figures of one report may be carried into a later one of the same agency, or why not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import assert_never

from indicators.definition import Option, RowDefinition
from indicators.kinds import AcrossPeriods, Kind, Labelled, Scope
from reporting.numbers import PRINTED_RATE_PLACES, rounded, write
from reporting.snapshot import EMPTY, Cell, Reading, SubmissionSnapshot


class WhyNot(Labelled):
    """Why a figure is not carried over: the words that end «không lấy lại: …»."""

    IN_PERIOD = "in_period", "số trong kỳ phải nhập mới"
    CUMULATIVE = "cumulative", "số lũy kế phải nhập mới"
    UNSAID = "unsaid", "biểu không nói số này là số thời điểm"
    COMPUTED = "computed", "kỳ trước biểu tự tính số này"
    OTHER_KIND = "other_kind", "kỳ trước dòng này nhận loại số liệu khác"
    OTHER_UNIT = "other_unit", "kỳ trước số này ghi theo đơn vị tính khác"
    OTHER_SCOPE = "other_scope", "kỳ trước không cùng phạm vi (số của cả tỉnh, số của đơn vị)"
    NOT_OFFERED = "not_offered", "biểu kỳ này không có lựa chọn với lời như vậy"


@dataclass(frozen=True, slots=True)
class Offer:
    """What the last figure of a row is worth to the new report.

    ``shown`` is the last figure as it prints; ``cell`` what the row would hold, EMPTY where the
    figure is not carried, for the reason ``why_not``.
    """

    row: RowDefinition
    shown: str
    cell: Cell = EMPTY
    why_not: WhyNot | None = None

    @property
    def has_new_code(self) -> bool:
        """The same words stand under another code than on the last form."""
        return bool(self.cell.choice) and self.cell.choice != self.cell.written

    @property
    def is_of_a_period(self) -> bool:
        """The answer was about the last period alone, and may well be another today."""
        return self.row.across_periods is AcrossPeriods.IN_PERIOD

    def taken_into(self, stands: Cell) -> Cell:
        """Return ``stands`` with the figure carried into it; an answer that is there stays, and so
        do note and details."""
        if self.why_not or stands.is_answered:
            return stands
        return replace(self.cell, note=stands.note, details=stands.details)


def offers(now: SubmissionSnapshot, before: SubmissionSnapshot) -> Sequence[Offer]:
    """Return, in the order of the form of ``now``, an offer for each row that the agency is to fill
    in, answered or not, and whose indicator had a value ``before``, under whatever form."""
    last = before.form.by_indicator
    found = []
    for row in now.form.typed_rows:
        old = last.get(row.indicator) if row.indicator else None
        if old is not None and now.scope(row) is not Scope.OUTSIDE:
            shown = _shown(old, before)
            if shown:
                found.append(_offer(row, old, now, before, shown))
    return found


def copied(snapshot: SubmissionSnapshot) -> Sequence[RowDefinition]:
    """Return the rows whose figure was carried over and has not been looked at since."""
    return [
        row for row in snapshot.form.typed_rows if snapshot.cell(row.key).reading is Reading.COPIED
    ]


def looked_at(stands: Cell) -> Cell:
    """Return a cell that was carried over as one that somebody stands for; others as they are."""
    return replace(stands, reading=Reading.AS_IS) if stands.reading is Reading.COPIED else stands


def _shown(old: RowDefinition, before: SubmissionSnapshot) -> str:
    """Print the last figure: of a choice its words, which mean the same under every form."""
    cell = before.cell(old.key)
    if cell.choice:
        option = old.option(cell.choice)
        return option.label if option else cell.choice
    value = before.value(old)
    return cell.text if value is None else write(_printed(value, old.kind))


def _printed(number: Decimal, kind: Kind) -> Decimal:
    return rounded(number, PRINTED_RATE_PLACES) if kind is Kind.PERCENT else number


def _offer(
    row: RowDefinition,
    old: RowDefinition,
    now: SubmissionSnapshot,
    before: SubmissionSnapshot,
    shown: str,
) -> Offer:
    cell = before.cell(old.key)
    why_not = _why_not(row, old, cell)
    of_province = Scope.PROVINCE in {now.scope(row), before.scope(old)}
    if why_not is None and of_province and now.scope(row) is not before.scope(old):
        why_not = WhyNot.OTHER_SCOPE
    if why_not is not None:
        return Offer(row, shown, why_not=why_not)
    return Offer(row, shown, _carried(row, old, cell))


def _why_not(row: RowDefinition, old: RowDefinition, cell: Cell) -> WhyNot | None:
    if row.kind is not old.kind:
        return WhyNot.OTHER_KIND
    if row.kind is Kind.CHOICE:
        return None if _same_words(row, old, cell) else WhyNot.NOT_OFFERED
    if old.is_derived and not cell.has_value:
        return WhyNot.COMPUTED
    if _in_another_unit(row, old, cell):
        return WhyNot.OTHER_UNIT
    match row.across_periods:
        case AcrossPeriods.STOCK:
            return None
        case AcrossPeriods.IN_PERIOD:
            return WhyNot.IN_PERIOD
        case AcrossPeriods.CUMULATIVE:
            return WhyNot.CUMULATIVE
        case AcrossPeriods.UNSAID:
            return WhyNot.UNSAID
        case _:
            assert_never(row.across_periods)


def _in_another_unit(row: RowDefinition, old: RowDefinition, cell: Cell) -> bool:
    """A thousand times too much or too little; what is counted goes by many names (TTHC, thủ tục)
    without being another number."""
    if cell.written_unit:
        return True
    return row.kind is Kind.AMOUNT and row.unit.casefold() != old.unit.casefold()


def _same_words(row: RowDefinition, old: RowDefinition, cell: Cell) -> Option | None:
    """Return the answer of ``row`` with the words of the last answer: its code may be another."""
    last = old.option(cell.choice)
    if last is None:
        return None
    words = last.label.casefold()
    return next((option for option in row.options if option.label.casefold() == words), None)


def _carried(row: RowDefinition, old: RowDefinition, cell: Cell) -> Cell:
    """Return the figure alone, without the last report's note and details."""
    if option := _same_words(row, old, cell):
        return Cell(choice=option.code, written=cell.choice, reading=Reading.COPIED)
    if cell.number is None:
        return Cell(text=cell.text, reading=Reading.COPIED)
    number = _printed(cell.number, row.kind)
    return Cell(
        number=number,
        numerator=cell.numerator,
        denominator=cell.denominator,
        written=write(number),
        reading=Reading.COPIED,
    )
