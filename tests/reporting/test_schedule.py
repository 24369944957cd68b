"""The days of a round: what stops them, what is odd, where the round stands, its year."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reporting.schedule import Days, Stage, doubts, faults, months, stage
from reporting.workflow import RoundStatus

GOOD = Days(
    data_from=date(2025, 12, 15),
    data_to=date(2026, 3, 13),
    opens_on=date(2026, 3, 2),
    due_on=date(2026, 3, 18),
    closes_on=date(2026, 3, 20),
    edit_until=date(2026, 3, 31),
)


def test_good_days_have_no_fault_and_no_doubt() -> None:
    assert faults(GOOD) == {}
    assert doubts(GOOD) == ()


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (
            {"data_from": date(2026, 3, 14)},
            {
                "data_to": "Ngày chốt số liệu 13/03/2026 ở trước ngày đầu kỳ số liệu 14/03/2026;"
                " hãy ghi từ ngày 14/03/2026 trở đi."
            },
        ),
        (
            {"opens_on": date(2026, 3, 19)},
            {
                "due_on": "Hạn nộp 18/03/2026 ở trước ngày mở nhập 19/03/2026; hãy ghi từ ngày"
                " 19/03/2026 trở đi."
            },
        ),
        (
            {"closes_on": date(2026, 3, 17)},
            {
                "closes_on": "Ngày đóng 17/03/2026 ở trước hạn nộp 18/03/2026; hãy ghi từ ngày"
                " 18/03/2026 trở đi."
            },
        ),
        (
            {"edit_until": date(2026, 3, 19)},
            {
                "edit_until": "Hạn sửa báo cáo bị trả lại 19/03/2026 ở trước ngày đóng 20/03/2026;"
                " hãy ghi từ ngày 20/03/2026 trở đi."
            },
        ),
        ({"due_on": None}, {"due_on": "Đợt nhập trên cổng cần ngày này; hãy ghi ngày/tháng/năm."}),
        (
            {"data_from": None},
            {"data_from": "Kỳ số liệu cần cả ngày đầu và ngày chốt; hãy ghi nốt ngày này."},
        ),
        (
            {"data_from": date(1999, 12, 31)},
            {
                "data_from": "Năm 1999 không thể là năm của đợt; hãy ghi năm từ 2000 đến 2100.",
            },
        ),
        # One day may be all of them, and entry may open long before the data close.
        ({"opens_on": GOOD.due_on, "closes_on": GOOD.due_on, "edit_until": GOOD.due_on}, {}),
        ({"opens_on": date(2026, 1, 1)}, {}),
        ({"edit_until": None}, {}),
    ],
)
def test_each_fault_is_told_at_the_day_to_mend(
    given: Mapping[str, Any], found: Mapping[str, str]
) -> None:
    told = faults(replace(GOOD, **given))
    assert told == {name: [sentence] for name, sentence in found.items()}


def test_all_faults_are_told_at_once() -> None:
    days = Days(
        data_from=date(2026, 3, 14),
        data_to=date(2026, 3, 13),
        opens_on=date(2026, 4, 1),
        due_on=date(2026, 3, 18),
        closes_on=date(2101, 3, 17),
        edit_until=date(2026, 3, 1),
    )
    assert sorted(faults(days)) == ["closes_on", "data_to", "due_on", "edit_until"]


def test_an_archive_needs_no_days() -> None:
    assert faults(Days(), is_archive=True) == {}
    assert sorted(faults(Days())) == ["closes_on", "due_on", "opens_on"]


@pytest.mark.parametrize(
    ("data_to", "due_on", "doubt"),
    [
        # Friday to Wednesday: Monday, Tuesday, Wednesday.
        (date(2026, 3, 13), date(2026, 3, 18), ""),
        (date(2026, 3, 14), date(2026, 3, 17), "chỉ có 2 ngày làm việc"),
        (date(2026, 3, 13), date(2026, 3, 13), "chỉ có 0 ngày làm việc"),
        (date(2026, 3, 14), date(2026, 3, 10), "Hạn nộp 10/03/2026 ở trước ngày chốt số liệu"),
    ],
)
def test_a_due_day_too_close_to_the_closing_of_the_data_is_doubted(
    data_to: date, due_on: date, doubt: str
) -> None:
    found = doubts(replace(GOOD, data_to=data_to, due_on=due_on))
    assert len(found) == bool(doubt)
    assert all(doubt in sentence for sentence in found)


@pytest.mark.parametrize(
    ("status", "today", "expected"),
    [
        (RoundStatus.PLANNED, date(2026, 3, 10), Stage.PLANNED),
        (RoundStatus.OPEN, date(2026, 3, 1), Stage.COMING),
        (RoundStatus.OPEN, date(2026, 3, 2), Stage.TAKING),
        (RoundStatus.OPEN, date(2026, 3, 20), Stage.TAKING),
        (RoundStatus.OPEN, date(2026, 3, 21), Stage.PAST),
        (RoundStatus.CLOSED, date(2026, 3, 10), Stage.CLOSED),
        (RoundStatus.CANCELLED, date(2026, 3, 10), Stage.CANCELLED),
    ],
)
def test_where_a_round_stands(status: RoundStatus, today: date, expected: Stage) -> None:
    assert stage(status, GOOD, today) is expected


def test_a_round_without_days_stands_as_it_was_decided() -> None:
    assert stage(RoundStatus.OPEN, Days(), date(2026, 3, 1)) is Stage.TAKING


def test_a_year_holds_windows_and_days_month_by_month() -> None:
    january, february, march, april, *rest = months(GOOD, 2026)
    assert [january.number, rest[-1].number] == [1, 12]
    assert (january.has_data, january.has_entry, january.marks) == (True, False, [])
    assert february.has_data
    assert (march.has_data, march.has_entry) == (True, True)
    assert march.marks == [
        (2, "mở nhập"),
        (13, "chốt số liệu"),
        (18, "hạn nộp"),
        (20, "đóng"),
        (31, "hết sửa"),
    ]
    assert not any((april.has_data, april.has_entry, april.marks))
    *_, december = months(GOOD, 2025)
    assert (december.has_data, december.marks) == (True, [(15, "đầu kỳ")])
