"""The calendar of the reporting regime: data windows and due dates by Decree 09/2019/NĐ-CP."""

from dataclasses import dataclass
from datetime import date, timedelta

from indicators.kinds import Labelled
from reporting.workflow import RoundStatus


class PeriodKind(Labelled):
    """The periods of the regime. Their windows overlap, so rounds are compared, never added."""

    QUARTER = "quy", "Quý"
    HALF = "6_thang", "6 tháng"
    NINE_MONTHS = "9_thang", "9 tháng"
    YEAR = "nam", "Năm"
    MONTH = "thang", "Tháng"
    OTHER = "khac", "Kỳ khác"


@dataclass(frozen=True, slots=True)
class Period:
    """One period with the days its data are taken from and to, and when agencies hand in."""

    kind: PeriodKind
    name: str
    code: str
    data_from: date
    data_to: date
    due_on: date

    @property
    def province_due_on(self) -> date:
        """The day by which the Sở Nội vụ reports what the agencies have handed in."""
        return self.due_on + _DAYS_TO_ADD_UP

    @property
    def in_sentence(self) -> str:
        """The name as it stands inside a sentence: «báo cáo quý I năm 2026»."""
        return self.name[:1].lower() + self.name[1:]


_ROMAN = ("", "I", "II", "III", "IV")
# Agencies hand in three days after the data close (Article 12 and local practice).
_DAYS_TO_DUE = timedelta(days=3)
_DAYS_TO_ADD_UP = timedelta(days=3)
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


def quarter(number: int, year: int) -> Period:
    """Return quý ``number``: from the 15th before the quarter to the 14th of its last month.

    >>> quarter(1, 2022).data_from, quarter(1, 2022).data_to, quarter(1, 2022).due_on
    (datetime.date(2021, 12, 15), datetime.date(2022, 3, 14), datetime.date(2022, 3, 17))
    """
    start = date(year - 1, 12, 15) if number == 1 else date(year, 3 * number - 3, 15)
    return _period(
        PeriodKind.QUARTER,
        f"Quý {_ROMAN[number]} năm {year}",
        f"{year}-Q{number}",
        start,
        date(year, 3 * number, 14),
    )


def first_months(months: int, year: int) -> Period:
    """Return the first 6 or 9 months, or the year: from 15/12 of the year before.

    >>> first_months(12, 2023).data_to, first_months(6, 2023).name
    (datetime.date(2023, 12, 14), '6 tháng đầu năm 2023')
    """
    kind, name, code = {
        6: (PeriodKind.HALF, f"6 tháng đầu năm {year}", f"{year}-6T"),
        9: (PeriodKind.NINE_MONTHS, f"9 tháng năm {year}", f"{year}-9T"),
        12: (PeriodKind.YEAR, f"Năm {year}", f"{year}-NAM"),
    }[months]
    return _period(kind, name, code, date(year - 1, 12, 15), date(year, months, 14))


def last_half(year: int) -> Period:
    """Return the second half of a year: from 15/6.

    >>> last_half(2026).data_from, last_half(2026).data_to
    (datetime.date(2026, 6, 15), datetime.date(2026, 12, 14))
    """
    return _period(
        PeriodKind.HALF,
        f"6 tháng cuối năm {year}",
        f"{year}-6TC",
        date(year, 6, 15),
        date(year, 12, 14),
    )


def month(number: int, year: int) -> Period:
    """Return one month: from the 15th of the month before to its 14th.

    >>> month(1, 2026).data_from, month(1, 2026).due_on, month(1, 2026).code
    (datetime.date(2025, 12, 15), datetime.date(2026, 1, 17), '2026-T01')
    """
    start = date(year - 1, 12, 15) if number == 1 else date(year, number - 1, 15)
    return _period(
        PeriodKind.MONTH,
        f"Tháng {number} năm {year}",
        f"{year}-T{number:02d}",
        start,
        date(year, number, 14),
    )


def _period(kind: PeriodKind, name: str, code: str, start: date, end: date) -> Period:
    return Period(kind, name, code, start, end, end + _DAYS_TO_DUE)


def short_name(kind: PeriodKind, data_to: date) -> str:
    """Return how a picture calls the period whose data close on a day, as short as can be.

    >>> day = date(2026, 6, 14)
    >>> [short_name(kind, day) for kind in (PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR)]
    ['QII/26', '6T/26', '2026']
    >>> short_name(PeriodKind.HALF, date(2026, 12, 14)), short_name(PeriodKind.OTHER, day)
    ('6TC/26', '14/6/26')
    """
    year = f"{data_to:%y}"
    match kind:
        case PeriodKind.QUARTER:
            return f"Q{_ROMAN[_quarter_of(data_to.month)]}/{year}"
        case PeriodKind.HALF:
            return f"{'6T' if data_to.month <= 6 else '6TC'}/{year}"
        case PeriodKind.NINE_MONTHS:
            return f"9T/{year}"
        case PeriodKind.YEAR:
            return str(data_to.year)
        case PeriodKind.MONTH:
            return f"T{data_to.month}/{year}"
        case PeriodKind.OTHER:
            return f"{data_to.day}/{data_to.month}/{year}"


def name_in_every_year(kind: PeriodKind, month: int) -> str:
    """Return what the periods of a kind whose data close in ``month`` are called in every year.

    >>> name_in_every_year(PeriodKind.QUARTER, 9), name_in_every_year(PeriodKind.HALF, 12)
    ('quý III', '6 tháng cuối năm')
    >>> name_in_every_year(PeriodKind.YEAR, 12), name_in_every_year(PeriodKind.OTHER, 5)
    ('cả năm', 'kỳ chốt số liệu tháng 5')
    """
    match kind:
        case PeriodKind.QUARTER:
            return f"quý {_ROMAN[_quarter_of(month)]}"
        case PeriodKind.HALF:
            return "6 tháng đầu năm" if month <= 6 else "6 tháng cuối năm"
        case PeriodKind.NINE_MONTHS:
            return "9 tháng"
        case PeriodKind.YEAR:
            return "cả năm"
        case PeriodKind.MONTH:
            return f"tháng {month}"
        case PeriodKind.OTHER:
            return f"kỳ chốt số liệu tháng {month}"


def _quarter_of(month: int) -> int:
    return (month + 2) // 3


def usual(year: int) -> tuple[tuple[Period, ...], ...]:
    """Return the usual four reports of a year; a third is of the quarter, or of nine months."""
    return (
        (quarter(1, year),),
        (first_months(6, year),),
        (quarter(3, year), first_months(9, year)),
        (first_months(12, year),),
    )


def rhythm(year: int) -> tuple[Period, ...]:
    """Return the usual four reports of a year: quý I, 6 tháng, quý III, năm."""
    return tuple(choices[0] for choices in usual(year))


def all_periods(year: int) -> tuple[Period, ...]:
    """Return every period that the decree knows in a year."""
    return (
        *(quarter(number, year) for number in range(1, 5)),
        *(first_months(months, year) for months in (6, 9, 12)),
        last_half(year),
        *(month(number, year) for number in range(1, 13)),
    )


def period_of(code: str) -> Period | None:
    """Return the period of a code such as ``2026-Q1``; None where it names none.

    >>> period_of("2026-6TC").name, period_of("2026-Q5"), period_of("quý I")
    ('6 tháng cuối năm 2026', None, None)
    """
    year = code[:4]
    if not (year.isascii() and year.isdecimal() and is_possible_year(int(year))):
        return None
    return next((period for period in all_periods(int(year)) if period.code == code), None)


def is_possible_year(year: int) -> bool:
    """Say whether a round can be of this year; any other is a slip of the pen."""
    return EARLIEST_YEAR <= year <= LATEST_YEAR


@dataclass(frozen=True, slots=True)
class EntryDays:
    """When one report takes figures: the round's days, and what was granted to this report.

    A round without days (an archive of paper reports) is never closed by them. ``mends`` says that
    the report was handed in and sent back: it is corrected until ``edit_until``, after the round
    has closed too, because otherwise nobody could mend what the reviewer has just asked for.
    """

    name: str
    status: RoundStatus
    opens_on: date | None = None
    closes_on: date | None = None
    edit_until: date | None = None
    extended_until: date | None = None
    mends: bool = False


def why_shut(entry: EntryDays, today: date) -> str:
    """Return the sentence why a report takes no figures today, and what its agency does then; empty
    if it takes them."""
    return " ".join(filter(None, _shut(entry, today)))


def how_shut(entry: EntryDays, today: date) -> str:
    """Return why a report takes no figures today, without what to do; empty if it takes them."""
    return _shut(entry, today)[0]


_Shut = tuple[str, str]
_OPEN: _Shut = "", ""


def _shut(entry: EntryDays, today: date) -> _Shut:
    if entry.status is RoundStatus.CANCELLED:
        return f"{entry.name} đã hủy; số đã nhập được giữ nguyên để tra cứu.", ""
    if entry.status is RoundStatus.PLANNED:
        return f"{entry.name} chưa mở.", ""
    is_early = entry.opens_on is not None and today < entry.opens_on
    if entry.extended_until is not None and today <= entry.extended_until and not is_early:
        return _OPEN
    return _why_not_mended(entry, today) if entry.mends else _why_not_taken(entry, today)


def last_day(entry: EntryDays) -> date | None:
    """Return the one day after which ``why_shut`` will shut a report, or has; None where no day
    does: nothing bounds it, or the round was closed or cancelled by hand.

    >>> from dataclasses import replace
    >>> closes, edits, granted = date(2026, 3, 20), date(2026, 3, 31), date(2026, 3, 25)
    >>> days = EntryDays("Quý I", RoundStatus.OPEN, closes_on=closes, edit_until=edits)
    >>> last_day(days).day, last_day(replace(days, mends=True)).day
    (20, 31)
    >>> last_day(replace(days, extended_until=granted)).day
    25
    """
    if entry.status in {RoundStatus.PLANNED, RoundStatus.CANCELLED}:
        return None
    if entry.mends:
        day = entry.edit_until
    elif entry.status is RoundStatus.CLOSED:
        return entry.extended_until
    else:
        day = entry.closes_on
    return max(day, entry.extended_until) if day and entry.extended_until else day


def _why_not_taken(entry: EntryDays, today: date) -> _Shut:
    if entry.opens_on is not None and today < entry.opens_on:
        return f"{entry.name} mở nhập từ ngày {entry.opens_on:%d/%m/%Y}; hôm nay chưa đến ngày.", ""
    is_past = entry.closes_on is not None and today > entry.closes_on
    if entry.extended_until is not None and (is_past or entry.status is RoundStatus.CLOSED):
        return (
            f"Thời gian gia hạn cho đơn vị đã hết sau ngày {entry.extended_until:%d/%m/%Y}.",
            "Muốn bổ sung số liệu, hãy liên hệ Sở Nội vụ.",
        )
    if is_past:
        return f"{entry.name} đã đóng sau ngày {entry.closes_on:%d/%m/%Y}.", _ASK_FOR_MORE_TIME
    if entry.status is RoundStatus.CLOSED:
        return f"Sở Nội vụ đã đóng {entry.name}.", _ASK_FOR_MORE_TIME
    return _OPEN


def _why_not_mended(entry: EntryDays, today: date) -> _Shut:
    if entry.edit_until is None or today <= entry.edit_until:
        return _OPEN
    return (
        f"{entry.name} chỉ sửa được báo cáo bị trả lại đến hết ngày {entry.edit_until:%d/%m/%Y}.",
        _ASK_FOR_MORE_TIME,
    )


_ASK_FOR_MORE_TIME = "Muốn bổ sung số liệu, hãy đề nghị Sở Nội vụ gia hạn cho đơn vị."
