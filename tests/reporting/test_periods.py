"""The calendar of Decree 09/2019/NĐ-CP, and when a round takes figures."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from reporting.periods import (
    EntryDays,
    Period,
    PeriodKind,
    all_periods,
    first_months,
    last_day,
    last_half,
    month,
    period_of,
    quarter,
    rhythm,
    usual,
    why_shut,
)
from reporting.workflow import RoundStatus

OPENS, CLOSES, EDITS = date(2026, 3, 1), date(2026, 3, 20), date(2026, 3, 31)
ROUND = EntryDays("Quý I", RoundStatus.OPEN, OPENS, CLOSES, EDITS)
MORE_TIME = "Muốn bổ sung số liệu, hãy đề nghị Sở Nội vụ gia hạn cho đơn vị."
CLOSED = f"Quý I đã đóng sau ngày 20/03/2026. {MORE_TIME}"


@pytest.mark.parametrize(
    ("period", "kind", "name", "code", "data_from", "data_to", "due_on"),
    [
        (
            quarter(1, 2022), PeriodKind.QUARTER, "Quý I năm 2022", "2022-Q1",
            date(2021, 12, 15), date(2022, 3, 14), date(2022, 3, 17),
        ),
        (
            quarter(2, 2022), PeriodKind.QUARTER, "Quý II năm 2022", "2022-Q2",
            date(2022, 3, 15), date(2022, 6, 14), date(2022, 6, 17),
        ),
        (
            quarter(3, 2022), PeriodKind.QUARTER, "Quý III năm 2022", "2022-Q3",
            date(2022, 6, 15), date(2022, 9, 14), date(2022, 9, 17),
        ),
        (
            quarter(4, 2022), PeriodKind.QUARTER, "Quý IV năm 2022", "2022-Q4",
            date(2022, 9, 15), date(2022, 12, 14), date(2022, 12, 17),
        ),
        (
            first_months(6, 2023), PeriodKind.HALF, "6 tháng đầu năm 2023", "2023-6T",
            date(2022, 12, 15), date(2023, 6, 14), date(2023, 6, 17),
        ),
        (
            first_months(9, 2023), PeriodKind.NINE_MONTHS, "9 tháng năm 2023", "2023-9T",
            date(2022, 12, 15), date(2023, 9, 14), date(2023, 9, 17),
        ),
        (
            first_months(12, 2023), PeriodKind.YEAR, "Năm 2023", "2023-NAM",
            date(2022, 12, 15), date(2023, 12, 14), date(2023, 12, 17),
        ),
        (
            last_half(2026), PeriodKind.HALF, "6 tháng cuối năm 2026", "2026-6TC",
            date(2026, 6, 15), date(2026, 12, 14), date(2026, 12, 17),
        ),
        (
            month(1, 2026), PeriodKind.MONTH, "Tháng 1 năm 2026", "2026-T01",
            date(2025, 12, 15), date(2026, 1, 14), date(2026, 1, 17),
        ),
        (
            month(12, 2026), PeriodKind.MONTH, "Tháng 12 năm 2026", "2026-T12",
            date(2026, 11, 15), date(2026, 12, 14), date(2026, 12, 17),
        ),
    ],
)  # fmt: skip
def test_a_period_has_the_days_of_the_decree(
    period: Period,
    kind: PeriodKind,
    name: str,
    code: str,
    data_from: date,
    data_to: date,
    due_on: date,
) -> None:
    assert period == Period(kind, name, code, data_from, data_to, due_on)


def test_the_quarters_tile_the_year() -> None:
    quarters = [quarter(number, 2024) for number in (1, 2, 3, 4)]
    year = first_months(12, 2024)
    assert (quarters[0].data_from, quarters[-1].data_to) == (year.data_from, year.data_to)
    for earlier, later in pairwise(quarters):
        assert later.data_from == earlier.data_to + timedelta(days=1)


def test_the_usual_four_reports_overlap() -> None:
    assert [period.code for period in rhythm(2024)] == ["2024-Q1", "2024-6T", "2024-Q3", "2024-NAM"]
    first, half, _, year = rhythm(2024)
    assert first.data_from == half.data_from == year.data_from


def test_the_months_and_the_halves_tile_the_year() -> None:
    year = first_months(12, 2024)
    for parts in (
        [month(number, 2024) for number in range(1, 13)],
        [first_months(6, 2024), last_half(2024)],
    ):
        assert (parts[0].data_from, parts[-1].data_to) == (year.data_from, year.data_to)
        for earlier, later in pairwise(parts):
            assert later.data_from == earlier.data_to + timedelta(days=1)


def test_the_province_reports_three_days_after_its_agencies() -> None:
    assert quarter(1, 2026).province_due_on == date(2026, 3, 20)
    assert first_months(12, 2026).province_due_on == date(2026, 12, 20)


def test_a_third_report_is_of_the_quarter_or_of_nine_months() -> None:
    assert [[period.code for period in choices] for choices in usual(2026)] == [
        ["2026-Q1"],
        ["2026-6T"],
        ["2026-Q3", "2026-9T"],
        ["2026-NAM"],
    ]


def test_a_period_is_found_by_its_code() -> None:
    found = [period_of(period.code) for period in all_periods(2026)]
    assert found == list(all_periods(2026))
    assert len({period.code for period in all_periods(2026)}) == 20


@pytest.mark.parametrize(
    "code", ["", "2026", "2026-", "2026-Q5", "2026-T13", "1999-Q1", "2101-Q1", "abcd-Q1", "٢٠٢٦-Q1"]
)
def test_a_code_of_no_period_finds_none(code: str) -> None:
    assert period_of(code) is None


@pytest.mark.parametrize(
    ("given", "today", "sentence"),
    [
        ({}, date(2026, 2, 28), "Quý I mở nhập từ ngày 01/03/2026; hôm nay chưa đến ngày."),
        ({}, OPENS, ""),
        ({}, CLOSES, ""),
        ({}, date(2026, 3, 21), CLOSED),
        ({"status": RoundStatus.PLANNED}, OPENS, "Quý I chưa mở."),
        ({"status": RoundStatus.CLOSED}, OPENS, f"Sở Nội vụ đã đóng Quý I. {MORE_TIME}"),
        ({"status": RoundStatus.CLOSED}, date(2026, 3, 21), CLOSED),
        (
            {"status": RoundStatus.CANCELLED, "extended_until": EDITS, "mends": True},
            OPENS,
            "Quý I đã hủy; số đã nhập được giữ nguyên để tra cứu.",
        ),
        # More time for one agency holds in a closed round too, to its last day.
        ({"extended_until": date(2026, 3, 25)}, date(2026, 3, 25), ""),
        ({"status": RoundStatus.CLOSED, "extended_until": CLOSES}, CLOSES, ""),
        (
            {"extended_until": date(2026, 3, 25)},
            date(2026, 3, 26),
            "Thời gian gia hạn cho đơn vị đã hết sau ngày 25/03/2026."
            " Muốn bổ sung số liệu, hãy liên hệ Sở Nội vụ.",
        ),
        # More time is no earlier beginning.
        (
            {"extended_until": EDITS},
            date(2026, 2, 28),
            "Quý I mở nhập từ ngày 01/03/2026; hôm nay chưa đến ngày.",
        ),
        # More time that ends before the round closes takes nothing away.
        ({"extended_until": date(2026, 3, 10)}, date(2026, 3, 15), ""),
        # What was sent back is mended after the closing, until the last day of corrections.
        ({"mends": True}, date(2026, 3, 21), ""),
        ({"mends": True, "status": RoundStatus.CLOSED}, EDITS, ""),
        (
            {"mends": True},
            date(2026, 4, 1),
            f"Quý I chỉ sửa được báo cáo bị trả lại đến hết ngày 31/03/2026. {MORE_TIME}",
        ),
        ({"mends": True, "edit_until": None}, date(2027, 1, 1), ""),
        ({"mends": True, "extended_until": date(2026, 4, 5)}, date(2026, 4, 5), ""),
    ],
)
def test_a_report_takes_figures_on_the_days_that_are_its_own(
    given: Mapping[str, Any], today: date, sentence: str
) -> None:
    assert why_shut(replace(ROUND, **given), today) == sentence


@pytest.mark.parametrize("status", [RoundStatus.OPEN, RoundStatus.CLOSED])
@pytest.mark.parametrize("mends", [False, True])
@pytest.mark.parametrize("granted", [None, date(2026, 3, 25), date(2026, 4, 5)])
@pytest.mark.parametrize("edits", [None, EDITS])
def test_the_last_day_is_the_one_on_which_the_report_is_shut(
    status: RoundStatus, mends: bool, granted: date | None, edits: date | None
) -> None:
    """Pages tell this one day: the day before it is open, the day after it is shut."""
    entry = replace(ROUND, status=status, mends=mends, extended_until=granted, edit_until=edits)
    day = last_day(entry)
    if day is None:
        assert mends or status is RoundStatus.CLOSED
        assert bool(why_shut(entry, OPENS)) is bool(why_shut(entry, date(2050, 1, 1)))
        return
    assert why_shut(entry, day) == ""
    assert why_shut(entry, day + timedelta(days=1)) != ""


def test_a_round_that_was_cancelled_has_no_last_day() -> None:
    assert last_day(replace(ROUND, status=RoundStatus.CANCELLED)) is None


def test_a_round_without_dates_is_never_closed() -> None:
    assert why_shut(EntryDays("Lưu trữ", RoundStatus.OPEN), date(2026, 3, 21)) == ""
