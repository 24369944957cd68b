"""Frozen figures: what checks, sums and exporters read, and how a cell is recorded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from indicators.definition import FormDefinition, RowDefinition
from indicators.formulas import Percent, Ratio, evaluate, ratio
from indicators.kinds import Capacity, Kind, Labelled, Scope


class FigureStatus(Labelled):
    """What a cell that is there says; a cell that is not there says nothing."""

    REPORTED = "reported", "đã báo cáo"
    NIL = "nil", "Không phát sinh"
    OUT_OF_SCOPE = "out_of_scope", "Không thuộc phạm vi"
    NOTE = "note", "chỉ ghi chú"


class Reading(Labelled):
    """How the text of a cell became its value."""

    AS_IS = "as_is", "đọc nguyên văn"
    CHANGED = "changed", "đọc có chuyển đổi"
    CONFIRMED = "confirmed", "người nhập xác nhận"
    COPIED = "copied", "lấy lại số kỳ trước"


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of the agency's own breakdown."""

    label: str
    number: Decimal | None
    written: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """The content of one figure, apart from where it stands."""

    status: FigureStatus = FigureStatus.REPORTED
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    choice: str = ""
    text: str = ""
    note: str = ""
    written: str = ""
    written_unit: str = ""
    reading: Reading = Reading.AS_IS
    details: tuple[Detail, ...] = ()

    @property
    def has_value(self) -> bool:
        """There is an answer: a number, a choice or words."""
        return self.number is not None or bool(self.choice or self.text)

    @property
    def is_empty(self) -> bool:
        """Nothing at all was put here, so that the cell need not exist."""
        return not (
            self.has_value
            or self.note
            or self.details
            or self.status in {FigureStatus.NIL, FigureStatus.OUT_OF_SCOPE}
        )

    @property
    def is_answered(self) -> bool:
        """The agency has said something about this row: a value, or that there is none."""
        return self.has_value or self.status in {FigureStatus.NIL, FigureStatus.OUT_OF_SCOPE}

    def says_same_as(self, other: "Cell") -> bool:
        """Equal but for the way it was written (``5356`` and ``5.356`` say the same)."""
        return replace(self, written="", reading=Reading.AS_IS) == replace(
            other, written="", reading=Reading.AS_IS
        )

    def settled(self) -> "Cell":
        """A cell with nothing but a note or details says so in its status."""
        if self.is_answered:
            return self
        noted = bool(self.note or self.details)
        return replace(self, status=FigureStatus.NOTE if noted else FigureStatus.REPORTED)


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Merged:
    """Two changes of one cell joined. In a contested half ``cell`` holds mine."""

    cell: Cell
    contested_figure: bool
    contested_note: bool

    @property
    def is_contested(self) -> bool:
        return self.contested_figure or self.contested_note


def merged(base: Cell, theirs: Cell, mine: Cell) -> Merged:
    """Join two changes of one cell that was ``base``; figure and note count apart.

    What only one of the two people touched is theirs; what both touched differently is contested.
    A figure that they gave and I only copied is theirs: somebody has looked at it.
    """
    only_copied = mine.reading is Reading.COPIED and _same_figure(theirs, mine)
    figure = theirs if only_copied or _same_figure(mine, base) else mine
    note = theirs.note if mine.note == base.note else mine.note
    return Merged(
        replace(figure, note=note).settled(),
        contested_figure=not (
            _same_figure(mine, base) or _same_figure(theirs, base) or _same_figure(theirs, mine)
        ),
        contested_note=mine.note != base.note and theirs.note not in {base.note, mine.note},
    )


def _same_figure(one: Cell, other: Cell) -> bool:
    return replace(one, note="").settled().says_same_as(replace(other, note="").settled())


@dataclass(frozen=True)
class SubmissionSnapshot:
    """All figures of one submission with the form they were filled under.

    A form that was filed on paper (``is_paper``) shows what stood there and nothing computed: a
    rate left blank beside its parts stays blank.

    ``agency_kind``, ``agency_functions`` and ``capacity`` say whose figures they are; without a
    kind (a form that is only tried) every row is asked for.
    """

    form: FormDefinition
    cells: Mapping[str, Cell] = field(default_factory=dict)
    is_paper: bool = False
    agency_kind: str = ""
    agency_functions: Collection[str] = ()
    capacity: Capacity = Capacity.BOTH

    def cell(self, key: str) -> Cell:
        return self.cells.get(key, EMPTY)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The rows to be answered by this agency."""
        return frozenset(
            row.key
            for row in self.form.rows
            if row.is_answered and self.scope(row) is not Scope.OUTSIDE
        )

    def scope(self, row: RowDefinition) -> Scope:
        """What ``row`` is to the agency."""
        if not self.agency_kind:
            return Scope.OWN
        return row.scope(self.agency_kind, self.agency_functions, self.capacity)

    @cached_property
    def typed(self) -> frozenset[str]:
        """The rows to be typed by this agency."""
        functions = " ".join(self.agency_functions)
        return self.form.typed_by(self.agency_kind, functions, self.capacity)

    @cached_property
    def operands(self) -> Mapping[str, Decimal]:
        """What formulas read, by row key: the reported numbers, and 0 where nothing arose."""
        found = {}
        for key, cell in self.cells.items():
            if cell.number is not None:
                found[key] = cell.number
            elif cell.status is FigureStatus.NIL:
                found[key] = Decimal(0)
        return found

    def parts(self, row: RowDefinition) -> Ratio:
        """The part and the whole behind a rate: typed with it, or computed from the form's rows."""
        if isinstance(row.formula, Percent):
            return ratio(row.formula, self.operands)
        cell = self.cell(row.key)
        return Ratio(cell.numerator, cell.denominator)

    def value(self, row: RowDefinition) -> Decimal | None:
        """The number of a row: as filed where it was filed, else computed by its formula."""
        filed = self.cell(row.key).number
        return filed if filed is not None or self.is_paper else self.computed(row)

    def computed(self, row: RowDefinition) -> Decimal | None:
        """What the form's formula makes of the filed figures, unrounded; None without one."""
        return evaluate(row.formula, self.operands) if row.formula else None

    @property
    def answered(self) -> int:
        """How many of the rows to be typed have an answer."""
        return sum(self.cell(row.key).is_answered for row in self.form.typed_rows)


def recorded(cell: Cell) -> dict[str, Any] | None:
    """Return ``cell`` as it stands in the record: decimal text, no empty entries."""
    if cell.is_empty:
        return None
    entries = {
        "status": cell.status.value,
        "number": decimal_text(cell.number),
        "numerator": decimal_text(cell.numerator),
        "denominator": decimal_text(cell.denominator),
        "choice": cell.choice,
        "text": cell.text,
        "note": cell.note,
        "written": cell.written,
        "written_unit": cell.written_unit,
        "reading": cell.reading.value,
        "details": [
            {"label": line.label, "number": decimal_text(line.number), "written": line.written}
            for line in cell.details
        ],
    }
    return {name: entry for name, entry in entries.items() if entry not in (None, "", [])}


def from_record(entries: Mapping[str, Any] | None) -> Cell:
    """Return the cell that ``recorded`` wrote."""
    if entries is None:
        return EMPTY
    return Cell(
        status=FigureStatus(entries["status"]),
        number=decimal_or_none(entries.get("number")),
        numerator=decimal_or_none(entries.get("numerator")),
        denominator=decimal_or_none(entries.get("denominator")),
        choice=entries.get("choice", ""),
        text=entries.get("text", ""),
        note=entries.get("note", ""),
        written=entries.get("written", ""),
        written_unit=entries.get("written_unit", ""),
        reading=Reading(entries.get("reading", Reading.AS_IS)),
        details=tuple(
            Detail(line["label"], decimal_or_none(line["number"]), line["written"])
            for line in entries.get("details", ())
        ),
    )


def decimal_text(number: Decimal | None) -> str | None:
    """Write a Decimal without exponent and without idle zeros.

    >>> decimal_text(Decimal("29.600")), decimal_text(Decimal("5E+3")), decimal_text(None)
    ('29.6', '5000', None)
    """
    if number is None:
        return None
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal_or_none(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def answers_with_number(kind: Kind) -> bool:
    return kind in {Kind.COUNT, Kind.PERCENT, Kind.AMOUNT}
