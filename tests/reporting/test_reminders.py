"""When a report is reminded of, and in which words."""

from datetime import date, timedelta

import pytest

from reporting.reminders import Stage, stage_on, subject, text
from reporting.tidings import NoticeKind

DUE = date(2026, 12, 17)


@pytest.mark.parametrize(
    ("days_left", "name"),
    [
        (6, None),
        (5, "soon"),
        (2, "soon"),
        (1, "last"),
        (0, "last"),
        (-1, "late-0"),
        (-7, "late-0"),
        (-8, "late-1"),
        (-15, "late-2"),
    ],
)
def test_each_day_has_one_stage(days_left: int, name: str | None) -> None:
    stage = stage_on(DUE - timedelta(days=days_left), DUE)
    assert (stage and stage.name) == name
    if stage:
        assert stage.kind is (NoticeKind.DUE if days_left >= 0 else NoticeKind.OVERDUE)
        assert stage.is_repeated is (days_left < -7)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (5, "Còn 5 ngày đến hạn nộp 17/12/2026: Quý IV, Sở Y tế"),
        (1, "Ngày mai 17/12/2026 là hạn nộp: Quý IV, Sở Y tế"),
        (0, "Hôm nay 17/12/2026 là hạn nộp: Quý IV, Sở Y tế"),
        (-3, "Quá hạn nộp 3 ngày (17/12/2026): Quý IV, Sở Y tế"),
    ],
)
def test_the_subject_counts_the_days(days: int, words: str) -> None:
    assert subject(Stage(NoticeKind.DUE, "x", days), "Quý IV", DUE, ["Sở Y tế"]) == words


def test_several_reports_are_counted_and_named_up_to_a_limit() -> None:
    whose = [f"Xã {number}" for number in range(1, 24)]
    assert subject(Stage(NoticeKind.DUE, "x", 5), "Quý IV", DUE, whose).endswith(
        "Quý IV, 23 báo cáo chưa gửi"
    )
    named = text(whose, "")
    assert "Hãy nhập đủ" in named
    assert "Xã 20 và 3 báo cáo khác." in named
    assert "Xã 21" not in named


def test_what_was_sent_back_is_to_be_mended() -> None:
    whose = ["Sở Y tế", "Sở Xây dựng"]
    words = subject(Stage(NoticeKind.OVERDUE, "x", -3), "Quý IV", DUE, whose, mends=True)
    assert words == "Quá hạn gửi lại 3 ngày (17/12/2026): Quý IV, 2 báo cáo chưa gửi lại"
    assert text(whose, "", mends=True) == (
        "Hãy sửa và gửi lại báo cáo bị trả lại.\nChưa gửi lại: Sở Y tế, Sở Xây dựng."
    )
    assert text(whose[:1], "Đợt đã đóng.", mends=True) == "Đợt đã đóng."


def test_what_takes_no_figures_says_why_instead() -> None:
    assert text(["Sở Y tế"], "Đợt đã đóng.") == "Đợt đã đóng."
