"""The days of one round: the order they must stand in, what is odd about them, where it stands."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from indicators.kinds import Labelled
from reporting.periods import EARLIEST_YEAR, LATEST_YEAR, is_possible_year
from reporting.workflow import RoundStatus

FEWEST_WORKING_DAYS = 3
_SATURDAY = 5


class Stage(Labelled):
    """Where a round stands today, for people: what was decided, and what its days make of it."""

    PLANNED = "planned", "Đang chuẩn bị"
    COMING = "coming", "Đã giao, chưa đến ngày nhập"
    TAKING = "taking", "Đang mở"
    PAST = "past", "Hết ngày nhập, chưa đóng"
    ARCHIVE = "archive", "Lưu trữ"
    CLOSED = "closed", "Đã đóng"
    CANCELLED = "cancelled", "Đã hủy"


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a round, by the names of its columns; an archive of papers may have none."""

    data_from: date | None = None
    data_to: date | None = None
    opens_on: date | None = None
    due_on: date | None = None
    closes_on: date | None = None
    edit_until: date | None = None


def stage(status: RoundStatus, days: Days, today: date, *, is_archive: bool = False) -> Stage:
    """Return where a round stands on a day."""
    if status is not RoundStatus.OPEN:
        return Stage(status.value)
    if is_archive:
        return Stage.ARCHIVE
    if days.opens_on is not None and today < days.opens_on:
        return Stage.COMING
    if days.closes_on is not None and today > days.closes_on:
        return Stage.PAST
    return Stage.TAKING


def in_stages(status: RoundStatus) -> str:
    """Say what was decided of a round in the words of its stages, which pages show beside it."""
    return stage(status, Days(), date.min).label


# Each later day with the one it may not precede, as a sentence calls them.
_ORDER = (
    ("data_from", "ngày đầu kỳ số liệu", "data_to", "Ngày chốt số liệu"),
    ("opens_on", "ngày mở nhập", "due_on", "Hạn nộp"),
    ("due_on", "hạn nộp", "closes_on", "Ngày đóng"),
    ("closes_on", "ngày đóng", "edit_until", "Hạn sửa báo cáo bị trả lại"),
)
_DAYS_OF_ENTRY = ("opens_on", "due_on", "closes_on")


def faults(days: Days, *, is_archive: bool = False) -> Mapping[str, Sequence[str]]:
    """Return all that is wrong with the days, in sentences by the name of the day to mend. Entry
    may well open before the data close: early filing is normal."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in (field.name for field in fields(days)):
        day: date | None = getattr(days, name)
        if day is None and name in _DAYS_OF_ENTRY and not is_archive:
            found[name].append("Đợt nhập trên cổng cần ngày này; hãy ghi ngày/tháng/năm.")
        if day is not None and not is_possible_year(day.year):
            found[name].append(
                f"Năm {day.year} không thể là năm của đợt; hãy ghi năm từ {EARLIEST_YEAR} đến"
                f" {LATEST_YEAR}."
            )
    if (days.data_from is None) is not (days.data_to is None):
        missing = "data_from" if days.data_from is None else "data_to"
        found[missing].append("Kỳ số liệu cần cả ngày đầu và ngày chốt; hãy ghi nốt ngày này.")
    for first, its_name, later, later_name in _ORDER:
        start, end = getattr(days, first), getattr(days, later)
        if start is not None and end is not None and end < start:
            found[later].append(
                f"{later_name} {end:%d/%m/%Y} ở trước {its_name} {start:%d/%m/%Y}; hãy ghi từ ngày"
                f" {start:%d/%m/%Y} trở đi."
            )
    return found


def doubts(days: Days) -> Sequence[str]:
    """Return what is odd about the days and may yet be meant."""
    if days.data_to is None or days.due_on is None:
        return ()
    if days.due_on < days.data_to:
        return (
            f"Hạn nộp {days.due_on:%d/%m/%Y} ở trước ngày chốt số liệu {days.data_to:%d/%m/%Y}:"
            " đơn vị phải gửi khi kỳ số liệu chưa hết.",
        )
    left = working_days(days.data_to, days.due_on)
    if left < FEWEST_WORKING_DAYS:
        return (
            f"Từ ngày chốt số liệu {days.data_to:%d/%m/%Y} đến hạn nộp {days.due_on:%d/%m/%Y} chỉ"
            f" có {left} ngày làm việc (chưa trừ ngày lễ); nên để ít nhất {FEWEST_WORKING_DAYS}.",
        )
    return ()


def working_days(after: date, until: date) -> int:
    """Count the days from Monday to Friday after one day, to the other; holidays are not known.

    >>> working_days(date(2026, 3, 14), date(2026, 3, 17))  # Saturday to Tuesday
    2
    """
    span = ((after + timedelta(days=number + 1)) for number in range((until - after).days))
    return sum(day.weekday() < _SATURDAY for day in span)


@dataclass(frozen=True, slots=True)
class Month:
    """What one month of a year has of a round: its windows, and its days with their names."""

    number: int
    has_data: bool
    has_entry: bool
    marks: Sequence[tuple[int, str]]


_MARKS = (
    ("data_from", "đầu kỳ"),
    ("opens_on", "mở nhập"),
    ("data_to", "chốt số liệu"),
    ("due_on", "hạn nộp"),
    ("closes_on", "đóng"),
    ("edit_until", "hết sửa"),
)


def months(days: Days, year: int) -> Iterator[Month]:
    """Yield the twelve months of ``year`` as a round passes through them."""
    for number in range(1, 13):
        first = date(year, number, 1)
        last = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
        marks = [
            (day.day, label)
            for name, label in _MARKS
            if (day := getattr(days, name)) is not None and first <= day <= last
        ]
        yield Month(
            number=number,
            has_data=_meets(days.data_from, days.data_to, first, last),
            has_entry=_meets(days.opens_on, days.closes_on, first, last),
            marks=sorted(marks, key=lambda mark: mark[0]),
        )


def _meets(start: date | None, end: date | None, first: date, last: date) -> bool:
    return start is not None and end is not None and start <= last and first <= end
