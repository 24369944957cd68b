"""The course of an indicator as pages tell it: pictures with their tables, and changes in words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from indicators.kinds import Kind
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
OTHER_ANSWERS = "câu trả lời khác"
# Full, lines, dots, lines the other way: the patterns of answers; the rest have these.
_ANSWERS, _REST, _SILENT = (0, 1, 2, 4), 5, 3
_WITHOUT_WHOLE = "mẫu số bằng 0"


def instead_of(cell: PrintedCell) -> str:
    """Return what is said where there is no number: nothing arose, or nothing is known."""
    if cell.text == UNDEFINED:
        return _WITHOUT_WHOLE
    return cell.text[:1].lower() + cell.text[1:] if cell.text else NOTHING


def course(name: str, title: str, found: Sequence[Reading], address: Address) -> Figure:
    """Return the line of ``found``, of one kind of period and oldest first, with its table."""
    if any(one.total.row.options for one in found):
        return _answers(name, title, found, address)
    asked = Trend(
        name=name,
        title=title,
        points=[_point(one, address) for one in found],
        unit=found[-1].unit if found else "",
        marks=list(_marks(found)),
    )
    return _with_table(trend(asked), title, found, address)


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
            yield Mark(place, _why_broken(earlier, later), Turn.BREAK)
        if earlier.place.layout.code != later.place.layout.code:
            yield Mark(place, later.place.layout.code)


def _why_broken(earlier: Reading, later: Reading) -> str:
    if earlier.place.meaning != later.place.meaning:
        return f"trước: {earlier.total.row.name()}"
    return f"đơn vị tính trước: {earlier.unit or 'không ghi'}"


def _with_table(svg: str, caption: str, found: Sequence[Reading], address: Address) -> Figure:
    """Add the table, the newest first as lists have it."""
    has_parts = any(written_parts(one.total.parts) for one in found)
    return Figure(
        svg=svg,
        caption=caption,
        head=[
            "Kỳ báo cáo",
            "Số liệu",
            *(["Tử số/mẫu số"] if has_parts else []),
            "Đã cộng",
            "Biểu mẫu, dòng",
        ],
        rows=[
            [
                Cell(one.moment.text, is_number=False),
                Cell(shown(one.total), address(one)),
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


def _answers(name: str, title: str, found: Sequence[Reading], address: Address) -> Figure:
    """Return how many agencies gave which answer in each round."""
    labels = _labels(found)
    told, rest = labels[: len(_ANSWERS)], labels[len(_ANSWERS) :]
    series = [*told, *([OTHER_ANSWERS] if rest else []), NO_ANSWER]
    patterns = [*_ANSWERS[: len(told)], *([_REST] if rest else []), _SILENT]
    stacks = [
        Stack(
            one.moment.text,
            _counts(one.total, told, has_rest=bool(rest)),
            said=coverage(one.total),
            href=address(one),
        )
        for one in found
    ]
    return _with_table(
        stacked(Stacked(name, title, series, stacks, patterns)), title, found, address
    )


def _labels(found: Sequence[Reading]) -> Sequence[str]:
    """The answers as the newest form offers them, then what only others have."""
    offered = [option.label for one in reversed(found) for option in one.total.row.options]
    given = [answer.label for one in found for answer in one.total.answers]
    return list(dict.fromkeys([*offered, *given]))


def _counts(total: Total, told: Sequence[str], *, has_rest: bool) -> Sequence[Decimal]:
    given = {answer.label: answer.agencies for answer in total.answers}
    counts = [given.get(label, 0) for label in told]
    others = sum(given.values()) - sum(counts)
    silent = total.expected - sum(given.values())
    return [Decimal(count) for count in (*counts, *([others] if has_rest else []), silent)]


def every_year(name: str, title: str, found: Sequence[Reading], address: Address) -> Figure:
    """Return the same period of several years side by side, with the table; years before the series
    broke off have no bar beside the others."""
    newest = found[-1]
    alike = [one for one in found if newest.goes_on_from(one)]
    if newest.total.row.options:
        return _answers(name, title, alike, address)
    drawn = bars(Bars(name, title, [_bar(one, address) for one in alike], newest.unit))
    left = len(found) - len(alike)
    note = f"Không vẽ {left} năm trước chỗ đứt chuỗi số liệu." if left else ""
    return replace(_with_table(drawn, title, found, address), note=note)


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
    two figures to make one."""
    numbers = [
        printed_total(one.total).number if found[-1].goes_on_from(one) else None for one in found
    ]
    if sum(number is not None for number in numbers) < 2:
        return ""
    return spark(Spark(name, title, numbers, found[-1].unit))


def change(now: Reading, before: Reading | None) -> str:
    """Say in words how a figure differs from an earlier one, as both are printed; "" where there
    is none.

    Where the earlier one stands on other agencies, it says on how many: what looks like a fall may
    be reports that have not come yet.
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
    return f"{_difference(new - old, now.total.row.kind)} {text}{_of_others(now, before)}"


def _difference(difference: Decimal, kind: Kind) -> str:
    if not difference:
        return "bằng"
    way = "tăng" if difference > 0 else "giảm"
    unit = " điểm %" if kind is Kind.PERCENT else ""
    return f"{way} {write(abs(difference))}{unit} so với"


def _of_others(now: Reading, before: Reading) -> str:
    new, old = (coverage(one.total) for one in (now, before))
    return "" if new == old else f" (kỳ ấy {old})"
