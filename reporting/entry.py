"""What a person typed into a form's boxes, read into cells once, with everything refused kept."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import assert_never

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import Kind
from indicators.words import LONGEST_WORDS, clean
from reporting.numbers import PRINTED_RATE_PLACES, Unreadable, read, rounded, write
from reporting.snapshot import EMPTY, Cell, FigureStatus, Reading

_SILENT_WRITINGS = {
    "không phát sinh": FigureStatus.NIL,
    "chưa phát sinh": FigureStatus.NIL,
    "khong phat sinh": FigureStatus.NIL,
    "kps": FigureStatus.NIL,
    "không thuộc phạm vi": FigureStatus.OUT_OF_SCOPE,
    "khong thuoc pham vi": FigureStatus.OUT_OF_SCOPE,
    "ktpv": FigureStatus.OUT_OF_SCOPE,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken over: what stands in its boxes, and the sentence why."""

    typed: str
    sentence: str
    note: str = ""


@dataclass(frozen=True)
class Entries:
    """One posted page: the touched cells that were understood, and the boxes refused."""

    cells: Mapping[str, Cell] = field(default_factory=dict)
    refused: Mapping[str, Refusal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one person makes of the cell ``key``, which they saw as of the saving ``base``.

    ``make`` turns what the person saw into what it shall be, or raises Unreadable; then ``typed``
    and ``note`` stay in the boxes (None: a box left alone). ``entry`` names the attempt, as
    PAGE.NUMBER, where a page may send it twice.
    """

    key: str
    base: int
    make: Callable[[Cell], Cell]
    typed: str | None = None
    note: str | None = None
    entry: str = ""

    @property
    def page(self) -> str:
        """The open page that the attempt comes from; "" where pages have no names."""
        return name_parts(self.entry)[0]

    @property
    def number(self) -> int:
        """The place of the attempt among those of its page."""
        return name_parts(self.entry)[1]


def name_parts(entry: str) -> tuple[str, int]:
    """Return the page that an entry names, and its number there: a page numbers upwards.

    >>> name_parts("k3v9x2m1.17"), name_parts("")
    (('k3v9x2m1', 17), ('', 0))
    """
    page, _, number = entry.partition(".")
    return page, int(number or 0)


def figure_field(row: RowDefinition) -> str:
    """The name of the box that holds the figure of ``row``."""
    return f"f{row.id}"


def note_field(row: RowDefinition) -> str:
    return f"n{row.id}"


def box_text(cell: Cell, row: RowDefinition) -> str:
    """Return what stands in the box of ``row`` while its cell holds ``cell``."""
    if cell.status in {FigureStatus.NIL, FigureStatus.OUT_OF_SCOPE}:
        return cell.status.label
    if cell.choice or row.kind is Kind.TEXT:
        return cell.choice or cell.text
    if cell.number is None:
        return ""
    if cell.numerator is not None and cell.denominator:
        rate = rounded(100 * cell.numerator / cell.denominator, PRINTED_RATE_PLACES)
        if rate == cell.number:
            return f"{write(cell.numerator)}/{write(cell.denominator)}"
    return write(cell.number)


def read_entries(
    form: FormDefinition, posted: Mapping[str, str], base: Mapping[str, Cell]
) -> Entries:
    """Read every posted box of ``form`` that differs from what the page showed (``base``).

    A box that was not posted, or was left as it was, is not an entry.
    """
    cells: dict[str, Cell] = {}
    refused: dict[str, Refusal] = {}
    for attempt in posted_attempts(form, posted, base=0):
        shown = base.get(attempt.key, EMPTY)
        try:
            cell = attempt.make(shown)
        except Unreadable as error:
            refused[attempt.key] = refusal(attempt, form, shown, error)
            continue
        if cell != shown:
            cells[attempt.key] = cell
    return Entries(cells, refused)


def refusal(attempt: Attempt, form: FormDefinition, shown: Cell, error: Unreadable) -> Refusal:
    """Return what stands in the boxes of an attempt that made nothing of ``shown``."""
    return Refusal(
        box_text(shown, form.by_key[attempt.key]) if attempt.typed is None else attempt.typed,
        str(error),
        shown.note if attempt.note is None else attempt.note,
    )


def posted_attempts(
    form: FormDefinition, posted: Mapping[str, str], base: int
) -> Iterator[Attempt]:
    """Yield what each posted box of ``form`` makes of its cell."""
    for row in form.typed_rows:
        figure, note = posted.get(figure_field(row)), posted.get(note_field(row))
        if figure is not None or note is not None:
            yield box_attempt(row, base, figure, note)


def box_attempt(
    row: RowDefinition, base: int, figure: str | None, note: str | None, entry: str = ""
) -> Attempt:
    """Return what the boxes of one row make of its cell; None is a box that was left alone."""
    return Attempt(
        key=row.key,
        base=base,
        make=partial(_read_boxes, row, figure, note),
        typed=None if figure is None else clean(figure),
        note=None if note is None else clean(note),
        entry=entry,
    )


def _read_boxes(row: RowDefinition, figure: str | None, note: str | None, shown: Cell) -> Cell:
    """A box that stands as the person saw it makes nothing of its cell, whatever is in it."""
    cell = shown
    if figure is not None and clean(figure) != clean(box_text(shown, row)):
        cell = read_cell(clean(figure), row, shown)
    if note is not None and clean(note) != clean(shown.note):
        if len(clean(note)) > LONGEST_WORDS:
            raise Unreadable(f"Ghi chú dài {len(clean(note))} ký tự; nhiều nhất {LONGEST_WORDS}.")
        cell = replace(cell, note=clean(note))
    return cell.settled() if cell != shown else shown


def read_cell(typed: str, row: RowDefinition, shown: Cell) -> Cell:
    """Return the cell that ``typed`` makes of ``shown``; raise Unreadable with a sentence."""
    blank = replace(
        shown,
        status=FigureStatus.REPORTED,
        number=None,
        numerator=None,
        denominator=None,
        choice="",
        text="",
        written="",
        written_unit="",
        reading=Reading.AS_IS,
    )
    if not typed:
        return blank
    silent = _SILENT_WRITINGS.get(typed.lower().rstrip("."))
    if silent is not None:
        return replace(blank, status=silent)
    match row.kind:
        case Kind.COUNT | Kind.PERCENT | Kind.AMOUNT:
            number = read(typed, row.kind)
            return replace(
                blank,
                number=number.value,
                numerator=number.numerator,
                denominator=number.denominator,
                written=" ".join(typed.split()),
                reading=Reading.CHANGED if number.changed else Reading.AS_IS,
            )
        case Kind.CHOICE:
            return replace(blank, choice=_offered(typed, row))
        case Kind.TEXT:
            if len(typed) > LONGEST_WORDS:
                raise Unreadable(f"Câu trả lời dài {len(typed)} ký tự; nhiều nhất {LONGEST_WORDS}.")
            return replace(blank, text=typed)
        case Kind.HEADING:
            raise Unreadable("Dòng tiêu đề không nhận số liệu; hãy ghi vào các dòng bên dưới.")
        case _:
            assert_never(row.kind)


def _offered(typed: str, row: RowDefinition) -> str:
    if row.option(typed) is None:
        offered = ", ".join(f"{option.code} = {option.label}" for option in row.options)
        raise Unreadable(f"«{typed}» không có trong các lựa chọn của dòng này ({offered}).")
    return typed
