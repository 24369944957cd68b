"""How complete rounds are, and on whom the rows of a table stand: pictures with their tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.calculations.totals import Total
from reporting.numbers import write
from reporting.pictures import Cell, Figure, Stack, Stacked, stacked
from reporting.progress import Only

# Patterns: what is done is full, what is missing empty.
_FULL, _LINES, _DOTS, _EMPTY = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Counted:
    """The reports of one round, counted; ``is_timed`` says that there is a day to be late for."""

    text: str
    href: str
    counts: Mapping[Only, int]
    is_timed: bool = True

    @property
    def expected(self) -> int:
        return self.counts[Only.ALL]

    @property
    def waiting(self) -> int:
        return self.counts[Only.SENT] - self.counts[Only.APPROVED]

    @property
    def never_sent(self) -> int:
        return self.expected - self.counts[Only.ON_TIME] - self.counts[Only.LATE]


def where_reports_stand(name: str, rounds: Sequence[Counted]) -> Figure:
    """Return how far the reports of ``rounds`` are, the newest first."""
    caption = "Báo cáo của từng đợt đang ở đâu"
    shown = [
        (
            one,
            (
                one.counts[Only.APPROVED],
                one.waiting,
                one.counts[Only.RETURNED],
                one.counts[Only.NOT_SENT],
            ),
        )
        for one in rounds
    ]
    series = ("đã duyệt", "đã gửi, chờ duyệt", "trả lại để sửa", "chưa gửi")
    return _figure(name, caption, series, (_FULL, _LINES, _DOTS, _EMPTY), shown)


def whether_in_time(name: str, rounds: Sequence[Counted]) -> Figure:
    """Return whether the reports of ``rounds`` were handed in in time, the newest first; what is
    sent back has been handed in once."""
    caption = "Lần gửi đầu của từng đợt đúng hạn hay muộn"
    shown = [
        (one, (one.counts[Only.ON_TIME], one.counts[Only.LATE], one.never_sent))
        for one in rounds
        if one.is_timed
    ]
    series = ("đúng hạn", "gửi muộn", "chưa gửi lần nào")
    return _figure(name, caption, series, (_FULL, _DOTS, _EMPTY), shown)


def _figure(
    name: str,
    caption: str,
    series: Sequence[str],
    patterns: Sequence[int],
    shown: Sequence[tuple[Counted, Sequence[int]]],
) -> Figure:
    stacks = [
        Stack(
            one.text,
            [Decimal(part) for part in parts],
            said=f"{write(Decimal(parts[0]))}/{write(Decimal(one.expected))}",
            href=one.href,
        )
        for one, parts in shown
    ]
    return Figure(
        svg=stacked(Stacked(name, caption, series, stacks, patterns)),
        caption=caption,
        head=["Đợt", "Phải báo cáo", *(one[:1].upper() + one[1:] for one in series)],
        rows=[
            [Cell(one.text, one.href), *(_number(number) for number in (one.expected, *parts))]
            for one, parts in shown
        ],
        note=f"Cuối mỗi dòng: {series[0]}/phải báo cáo.",
    )


def sections(name: str, caption: str, totals: Sequence[Total]) -> Figure:
    """Return on how many agencies the rows of each section of a table stand."""
    heads = {total.row.key: total.row for total in totals}
    counted: dict[str, list[int]] = {}
    for total in totals:
        # What nobody was asked for can't be missing.
        if total.row.is_added and total.expected:
            place = 0 if total.reported == total.expected else 1 if total.reported else 2
            counted.setdefault(total.row.section, [0, 0, 0])[place] += 1
    named = {key: f"{heads[key].stt} {heads[key].label}".strip() for key in counted}
    series = ("đủ mọi đơn vị", "một phần đơn vị", "chưa có số")
    stacks = [
        Stack(
            named[key], [Decimal(part) for part in parts], said=f"{write(Decimal(sum(parts)))} dòng"
        )
        for key, parts in counted.items()
    ]
    return Figure(
        svg=stacked(Stacked(name, caption, series, stacks, (_FULL, _LINES, _EMPTY))),
        caption=caption,
        head=["Phần của biểu", "Số dòng", *(one[:1].upper() + one[1:] for one in series)],
        rows=[
            [
                Cell(named[key], is_number=False),
                *(_number(number) for number in (sum(parts), *parts)),
            ]
            for key, parts in counted.items()
        ],
    )


def _number(count: int) -> Cell:
    return Cell(write(Decimal(count)))
