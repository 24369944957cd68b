"""The course of an indicator as pages tell it: pictures with their tables, and changes in words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from indicators.kinds import AcrossAgencies, AcrossPeriods, Kind
from reporting.calculations.courses import Reading
from reporting.calculations.totals import Total
from reporting.numbers import write
from reporting.pictures import (
    Bar,
    Bars,
    Cell,
    Figure,
    Mark,
    Point,
    Spark,
    Stack,
    Stacked,
    Trend,
    Turn,
    bars,
    spark,
    stacked,
    trend,
)
from reporting.printing.cells import (
    UNDEFINED,
    PrintedCell,
    coverage,
    printed_total,
    written_parts,
)

# Where the page behind one reading is.
Address = Callable[[Reading], str]

NOTHING = "chưa có số"
NO_ANSWER = "chưa trả lời"
NOTHING_AROSE = "không phát sinh"
OTHER_ANSWERS = "câu trả lời khác"
# Full, lines, dots, lines the other way: the patterns of answers, the last of which is that of
# nothing where anybody said so; the rest have these.
_ANSWERS, _REST, _SILENT = (0, 1, 2, 4), 5, 3
_WITHOUT_WHOLE = "mẫu số bằng 0"


def instead_of(cell: PrintedCell) -> str:
    """Return what is said where there is no number: nothing arose, or nothing is known."""
    if cell.text == UNDEFINED:
        return _WITHOUT_WHOLE
    return cell.text[:1].lower() + cell.text[1:] if cell.text else NOTHING


def course(name: str, title: str, found: Sequence[Reading], address: Address) -> Figure:
    """Return the line of ``found``, of one kind of period and oldest first, with its table. One
    axis has one unit, that of the newest: what was measured otherwise stands in the table alone."""
    drawn = [one for one in found if found[-1].is_measured_like(one)]
    if any(one.total.row.options for one in drawn):
        svg = _answers(name, title, drawn, address)
    else:
        asked = Trend(
            name=name,
            title=title,
            points=[_point(one, address) for one in drawn],
            unit=drawn[-1].unit if drawn else "",
            marks=list(_marks(drawn)),
        )
        svg = trend(asked)
    return replace(_with_table(svg, title, found, address), note=_measured_otherwise(found))


def _point(reading: Reading, address: Address) -> Point:
    cell = printed_total(reading.total)
    return Point(
        label=reading.moment.label,
        number=cell.number,
        name=reading.moment.text,
        note=coverage(reading.total),
        instead=instead_of(cell),
        href=address(reading),
        is_partial=reading.is_partial,
    )


def _marks(found: Sequence[Reading]) -> Iterator[Mark]:
    for place, (earlier, later) in enumerate(pairwise(found), start=1):
        if not later.goes_on_from(earlier):
            yield Mark(place, f"trước: {earlier.total.row.name()}", Turn.BREAK)
        if earlier.place.layout.code != later.place.layout.code:
            yield Mark(place, later.place.layout.code)


def _measured_otherwise(found: Sequence[Reading]) -> str:
    """Say which of ``found`` are not drawn, because they are measured otherwise than the newest."""
    is_left = [not found[-1].is_measured_like(one) for one in found]
    number = sum(is_left)
    if not number:
        return ""
    ways = dict.fromkeys(
        _way_measured(one) for one, left in zip(found, is_left, strict=True) if left
    )
    # Several that all lie before what is drawn need no counting.
    who = "Các" if number > 1 and all(is_left[:number]) else str(number)
    return f"{who} kỳ trước {', '.join(ways)}, có trong bảng, không vẽ chung."


def _way_measured(reading: Reading) -> str:
    row = reading.total.row
    if row.options:
        return "là câu trả lời lựa chọn"
    if row.kind is Kind.PERCENT:
        return "là tỷ lệ %"
    unit = reading.unit
    # An abbreviation keeps its capitals.
    inside = unit[:1].lower() + unit[1:] if unit[1:2].islower() else unit
    return f"ghi bằng {inside}" if unit else "không ghi đơn vị tính"


def _unit(reading: Reading) -> str:
    """The unit as the table of readings that are measured differently has it."""
    row = reading.total.row
    return row.kind.label if row.options else reading.unit or "không ghi"


def _with_table(svg: str, caption: str, found: Sequence[Reading], address: Address) -> Figure:
    """Add the table, the newest first as lists have it."""
    has_parts = any(written_parts(one.total.parts) for one in found)
    has_units = not all(found[-1].is_measured_like(one) for one in found)
    return Figure(
        svg=svg,
        caption=caption,
        head=[
            "Kỳ báo cáo",
            "Số liệu",
            *(["Đơn vị tính"] if has_units else []),
            *(["Tử số/mẫu số"] if has_parts else []),
            "Đã cộng",
            "Biểu mẫu, dòng",
        ],
        rows=[
            [
                Cell(one.moment.text, is_number=False),
                Cell(shown(one.total), address(one)),
                *([Cell(_unit(one), is_number=False)] if has_units else []),
                *([Cell(written_parts(one.total.parts))] if has_parts else []),
                Cell(coverage(one.total)),
                Cell(f"{one.place.layout.code}, {one.total.row.key}", is_number=False),
            ]
            for one in reversed(found)
        ],
    )


def shown(total: Total) -> str:
    """What the round's own table prints, with its unit where that is a sign; words where nothing
    would be printed, so that a link has a name."""
    cell = printed_total(total)
    sign = " %" if cell.is_number and total.row.kind is Kind.PERCENT else ""
    return cell.text + sign if cell.text else NOTHING


def _answers(name: str, title: str, found: Sequence[Reading], address: Address) -> str:
    """Draw how many agencies gave which answer in each round."""
    labels = _labels(found)
    has_nil = any(_nil(one.total) for one in found)
    *own, last = _ANSWERS
    patterns = own if has_nil else [*own, last]
    told = labels[: len(patterns)]
    has_rest = len(labels) > len(told)
    # What not every picture needs: its name, its pattern.
    others = [(OTHER_ANSWERS, _REST)] * has_rest + [(NOTHING_AROSE, last)] * has_nil
    series = [*told, *(name for name, _ in others), NO_ANSWER]
    patterns = [*patterns[: len(told)], *(pattern for _, pattern in others), _SILENT]
    stacks = [
        Stack(
            one.moment.text,
            _counts(one.total, told, has_rest=has_rest, has_nil=has_nil),
            said=coverage(one.total),
            href=address(one),
        )
        for one in found
    ]
    return stacked(Stacked(name, title, series, stacks, patterns))


def _labels(found: Sequence[Reading]) -> Sequence[str]:
    """The answers as the newest form offers them, then what only others have."""
    offered = [option.label for one in reversed(found) for option in one.total.row.options]
    given = [answer.label for one in found for answer in one.total.answers]
    return list(dict.fromkeys([*offered, *given]))


def _counts(
    total: Total, told: Sequence[str], *, has_rest: bool, has_nil: bool
) -> Sequence[Decimal]:
    given = {answer.label: answer.agencies for answer in total.answers}
    counts = [given.get(label, 0) for label in told]
    others = [sum(given.values()) - sum(counts)] if has_rest else []
    nil = [_nil(total)] if has_nil else []
    silent = total.expected - total.reported
    return [Decimal(count) for count in (*counts, *others, *nil, silent)]


def _nil(total: Total) -> int:
    """How many agencies said that nothing arose: who has reported and is behind no answer. Where
    the latest answer holds for all, those behind it were not asked for more."""
    is_one_for_all = total.row.across_agencies is AcrossAgencies.LATEST and total.answers
    return 0 if is_one_for_all else total.reported - sum(one.agencies for one in total.answers)


def every_year(name: str, title: str, found: Sequence[Reading], address: Address) -> Figure:
    """Return the same period of several years side by side, with the table; years before the series
    broke off, or were measured otherwise, have no bar beside the others."""
    newest = found[-1]
    alike = [one for one in found if newest.goes_on_from(one)]
    svg = (
        _answers(name, title, alike, address)
        if newest.total.row.options
        else bars(Bars(name, title, [_bar(one, address) for one in alike], newest.unit))
    )
    left = sum(newest.is_measured_like(one) for one in found) - len(alike)
    notes = [f"Không vẽ {left} năm trước chỗ đứt chuỗi số liệu."] if left else []
    if otherwise := _measured_otherwise(found):
        notes.append(otherwise)
    return replace(_with_table(svg, title, found, address), note=" ".join(notes))


def _bar(reading: Reading, address: Address) -> Bar:
    cell = printed_total(reading.total)
    return Bar(
        label=f"{reading.moment.text} ({coverage(reading.total)})",
        number=cell.number,
        instead=instead_of(cell),
        href=address(reading),
    )


def sparkle(name: str, title: str, found: Sequence[Reading]) -> str:
    """Return the course as small as a word, what broke off from it left out; "" where there are no
    two figures to make one. What is counted from the start of the year begins anew with it: no line
    joins two years, unless by the same period of both."""
    numbers = [
        printed_total(one.total).number if found[-1].goes_on_from(one) else None for one in found
    ]
    if sum(number is not None for number in numbers) < 2:
        return ""
    anew = {
        place
        for place, (earlier, later) in enumerate(pairwise(found), start=1)
        if _begins_anew(earlier, later)
    }
    return spark(Spark(name, title, numbers, found[-1].unit, anew))


def _begins_anew(earlier: Reading, later: Reading) -> bool:
    one, other = earlier.moment, later.moment
    is_cumulative = later.place.row.across_periods is AcrossPeriods.CUMULATIVE
    is_other_year = one.data_to.year != other.data_to.year
    return is_cumulative and is_other_year and not other.is_year_after(one)


def change(now: Reading, before: Reading | None) -> str:
    """Say in words how a figure differs from an earlier one, as both are printed; "" where there
    is none.

    Where the earlier one stands on other agencies, it says on how many: what looks like a fall may
    be reports that have not come yet. Of what grows with each agency no difference is told then.
    """
    if before is None:
        return ""
    text = before.moment.text
    if not now.goes_on_from(before):
        return f"không so với {text}: đứt chuỗi số liệu"
    new, old = printed_total(now.total).number, printed_total(before.total).number
    if new is None:
        return ""
    if old is None:
        return f"{text}: {instead_of(printed_total(before.total))}"
    if not _stand_alike(now.total, before.total):
        return _incomparable(now.total, before.total, text)
    return f"{_difference(new - old, now.total.row.kind)} {text}{_of_others(now, before)}"


_GROWING = frozenset({AcrossAgencies.SUM, AcrossAgencies.MAX})
# Rounds whose sums are compared differ at most by one agency in so many.
_PART = 10


def _stand_alike(now: Total, before: Total) -> bool:
    """Rates stand beside each other whoever is behind them; sums do not."""
    if now.row.across_agencies not in _GROWING:
        return True
    apart = now.reported * before.expected - before.reported * now.expected
    return _PART * abs(apart) <= now.expected * before.expected


def _incomparable(now: Total, before: Total, text: str) -> str:
    then = f"{before.reported}/{before.expected}"
    if now.reported * before.expected < before.reported * now.expected:
        return f"chưa so được: mới có {coverage(now)}, {text} có {then}"
    return f"không so được: có {coverage(now)}, {text} mới có {then}"


def _difference(difference: Decimal, kind: Kind) -> str:
    if not difference:
        return "bằng"
    way = "tăng" if difference > 0 else "giảm"
    unit = " điểm %" if kind is Kind.PERCENT else ""
    return f"{way} {write(abs(difference))}{unit} so với"


def _of_others(now: Reading, before: Reading) -> str:
    new, old = (coverage(one.total) for one in (now, before))
    return "" if new == old else f" (kỳ ấy {old})"
