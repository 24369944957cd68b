"""The written rules: what one report adds to a line of the province's table, and the line's sum."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction

from tests.rederive.tables import Figure, NotUnderstood, Report, Round, Row


class Stand(Enum):
    """Where a report stands to a line: its figure is in, it says that nothing arose, it is waited
    for, or it has nothing to do with the line."""

    IN = auto()
    NIL = auto()
    WAITED_FOR = auto()
    OUTSIDE = auto()


@dataclass(frozen=True, slots=True)
class Share:
    """What one report brings to a line. A bare percentage has a ``number`` and no parts."""

    stand: Stand
    report: Report
    number: Fraction | None = None
    part: Fraction | None = None
    whole: Fraction | None = None
    answer: str = ""

    @property
    def has_parts(self) -> bool:
        return self.part is not None and self.whole is not None


@dataclass(frozen=True, slots=True)
class Derived:
    """What a line comes to, unrounded, and on how many of how many reports it stands."""

    number: Fraction | None = None
    part: Fraction | None = None
    whole: Fraction | None = None
    answers: tuple[tuple[str, int], ...] = ()
    reported: int = 0
    expected: int = 0
    nil: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """How one form asks for a line: in a row of its own, by both parts of its rate, or both ways.
    ``row`` is the one whose columns say who is asked."""

    row: Row
    own: Row | None
    part: Row | None = None
    whole: Row | None = None


def derive(line: Row, layout: Sequence[Row], round_: Round) -> Derived:
    """Derive one line of ``layout``. Forms are joined by indicator."""
    if not line.is_added:
        return Derived()
    forms = {form: how_asked(line, layout, rows) for form, rows in round_.rows.items()}
    shares = [
        _share(line, how, report, _districts(forms, round_), round_)
        for report in round_.reports
        if (how := forms[report.form]) is not None
    ]
    return _summed(line, shares)


def how_asked(line: Row, layout: Sequence[Row], form: Sequence[Row]) -> Asked | None:
    """A form that has the indicator but adds it up in no way has no part in it. One without the
    rate itself asks for it where it asks for both its parts."""
    by_indicator = {row.indicator: row for row in form if row.indicator}
    by_key = {row.key: row for row in form}
    own = by_indicator.get(line.indicator)
    if own is not None and not own.is_added:
        return None
    if own is not None and own.rate is not None:
        part, whole = (by_key[key] for key in own.rate)
        return Asked(own, own, part, whole)
    if line.rate is not None:
        in_layout = {row.key: row for row in layout}
        found = [by_indicator.get(in_layout[key].indicator) for key in line.rate]
        parts = [row for row in found if row is not None and row.is_added]
        if len(parts) == 2:
            return Asked(own or parts[1], own, *parts)
    return Asked(own, own) if own is not None else None


def _districts(forms: Mapping[int, Asked | None], round_: Round) -> frozenset[int]:
    """The districts that are asked for the line: what they report holds their communes' figures."""
    return frozenset(
        one.agency_id
        for one in round_.reports
        if one.kind == "huyen" and (how := forms[one.form]) and _is_asked(how.row, one)
    )


def _share(
    line: Row, how: Asked, report: Report, districts: frozenset[int], round_: Round
) -> Share:
    designated = line.designated
    if designated:
        if designated not in report.functions or report.capacity == "own":
            return Share(Stand.OUTSIDE, report)
    # Outside too: a central agency, and what is said for the whole province where all are added.
    elif (
        report.capacity == "province"
        or report.district in districts
        or (report.kind == "nganh_doc" and not line.vertical)
        or (how.row.designated in report.functions and report.capacity != "own")
    ):
        return Share(Stand.OUTSIDE, report)
    share = Share(Stand.WAITED_FOR, report)
    if report.is_approved:
        share = _said(line, how, report, round_)
    is_silent = share.stand is Stand.WAITED_FOR and share.number is None
    if is_silent and not _is_asked(how.row, report):
        return Share(Stand.OUTSIDE, report)
    return share


def _is_asked(row: Row, report: Report) -> bool:
    if row.designated and row.designated in report.functions and report.capacity != "own":
        return True
    if report.capacity == "province":
        return False
    if not row.asked:
        return not row.designated
    return report.kind in row.asked or bool(report.functions & {*row.asked, *row.reporters})


def _said(line: Row, how: Asked, report: Report, round_: Round) -> Share:
    """What an approved report says in the cells that a line stands on."""
    figure = round_.figures.get((report.id, how.own.id)) if how.own else None
    if figure is not None and figure.status == "nil":
        return Share(Stand.NIL, report)
    if figure is not None and figure.status == "out_of_scope":
        return Share(Stand.OUTSIDE, report)
    if figure is not None and how.own is not None and not _alike(how.own, line):
        return Share(Stand.WAITED_FOR, report, Fraction(0))
    if line.kind == "percent":
        return _rate(line, how, report, figure, round_)
    if figure is None:
        return Share(Stand.WAITED_FOR, report)
    if how.own is not None and how.own.choices:
        words = how.own.choices.get(figure.choice, "")
        # A code that the form does not offer was filed and is in no count.
        stray = figure.number if not words else None
        return Share(Stand.IN if words else Stand.WAITED_FOR, report, stray, answer=words)
    if figure.number is None:
        return Share(Stand.WAITED_FOR, report)
    return Share(Stand.IN, report, figure.number)


def _alike(own: Row, line: Row) -> bool:
    """Figures of one indicator are of one measure where both count, or both are amounts in one
    unit."""
    if own.indicator != line.indicator:
        return True
    same_unit = own.unit == line.unit or "amount" not in {own.kind, line.kind}
    kinds = {own.kind, line.kind}
    return same_unit and (len(kinds) == 1 or "amount" in kinds)


def _rate(line: Row, how: Asked, report: Report, figure: Figure | None, round_: Round) -> Share:
    """A rate enters by its two parts: those of their own rows, else those typed into its cell. A
    bare percentage is a figure only of who reports for the whole province."""
    cells = [
        round_.figures.get((report.id, row.id)) if row else None for row in (how.part, how.whole)
    ]
    part, whole = (_counted(cell) for cell in cells)
    typed = figure.number if figure else None
    if (part is None or whole is None) and figure is not None:
        typed_parts = figure.part, figure.whole
        part, whole = (None, None) if None in typed_parts else typed_parts
    if part is not None and whole is not None:
        return Share(Stand.IN, report, typed, part, whole)
    if typed is not None:
        return Share(Stand.IN if line.designated else Stand.WAITED_FOR, report, typed)
    if any(cell is not None and cell.status == "out_of_scope" for cell in cells):
        return Share(Stand.OUTSIDE, report)
    return Share(Stand.WAITED_FOR, report)


def _counted(cell: Figure | None) -> Fraction | None:
    """Of a part of a rate nothing arising is 0; not being there is not."""
    if cell is None:
        return None
    return Fraction(0) if cell.status == "nil" else cell.number


def _summed(line: Row, shares: Sequence[Share]) -> Derived:
    stands = Counter(share.stand for share in shares)
    reported = stands[Stand.IN] + stands[Stand.NIL]
    expected = reported + stands[Stand.WAITED_FOR]
    inside = [share for share in shares if share.stand is Stand.IN]
    if line.way == "latest" and inside:
        said = [share for share in shares if share.stand in {Stand.IN, Stand.NIL}]
        last = max(said, key=lambda share: share.report.sent)
        inside = [last] if last.stand is Stand.IN else []
    if not inside:
        return Derived(reported=reported, expected=expected, nil=reported > 0)
    number, part, whole, answers = _come_to(line, inside)
    return Derived(number, part, whole, answers, reported, expected)


Sum = tuple[Fraction | None, Fraction | None, Fraction | None, tuple[tuple[str, int], ...]]


def _come_to(line: Row, inside: Sequence[Share]) -> Sum:
    way = line.way
    numbers = [share.number for share in inside if share.number is not None]
    if line.kind == "choice":
        return None, None, None, _answers(line, inside)
    if way == "sum":
        return sum(numbers, Fraction(0)), None, None, ()
    if way == "max":
        return max(numbers), None, None, ()
    if way not in {"rate", "latest", "designated"}:
        raise NotUnderstood(f"Dòng {line.key}: cách cộng «{way}».")
    if line.kind != "percent":
        return sum(numbers, Fraction(0)), None, None, ()
    if not all(share.has_parts for share in inside):
        return (numbers[0] if len(inside) == 1 else None), None, None, ()
    part = sum((share.part for share in inside if share.part is not None), Fraction(0))
    whole = sum((share.whole for share in inside if share.whole is not None), Fraction(0))
    return (100 * part / whole if whole else None), part, whole, ()


def _answers(line: Row, inside: Sequence[Share]) -> tuple[tuple[str, int], ...]:
    """Count by words: codes differ between forms."""
    counts = Counter(share.answer for share in inside)
    known = list(line.choices.values())
    order = known + sorted(words for words in counts if words not in known)
    return tuple((words, counts[words]) for words in order if counts[words])
