"""The letter that sends a report back, and which reports are plain enough to approve at once."""

from datetime import datetime

import pytest

from indicators.kinds import Severity
from reporting.reviewing import Point, Remark, letter, read_letter, why_not_at_once
from reporting.workflow import WAITING, State

AT = datetime(2026, 12, 3, 10, 12)


def point(place: str, figure: str, text: str) -> Point:
    return Point(place, figure, Remark(1, text, "Trần Minh Hạnh", AT))


def test_a_letter_tells_the_reason_and_then_every_remark() -> None:
    points = [
        point("cả báo cáo", "", "Thiếu kế hoạch."),
        point("phần 1 Công tác chỉ đạo", "", "Thiếu quý IV."),
        point("dòng 1.1 Số văn bản", "trống", "Hai\ndòng."),
    ]
    assert letter("Còn sai.", points).split("\n") == [
        "Còn sai.",
        "",
        "Ý kiến cần xử lý (3):",
        "1. Cả báo cáo: Thiếu kế hoạch. – Trần Minh Hạnh, 10:12 03/12/2026",
        "2. Phần 1 Công tác chỉ đạo: Thiếu quý IV. – Trần Minh Hạnh, 10:12 03/12/2026",
        "3. Dòng 1.1 Số văn bản (đang ghi: trống): Hai",
        "dòng. – Trần Minh Hạnh, 10:12 03/12/2026",
    ]


def test_a_letter_without_remarks_is_the_reason() -> None:
    assert letter("Còn sai.", []) == "Còn sai."


@pytest.mark.parametrize("state", sorted(WAITING))
@pytest.mark.parametrize(
    ("checked", "comments", "held_by", "why"),
    [
        ({}, 0, "", ""),
        ({Severity.NOTE: 4}, 0, "", ""),
        ({Severity.WARNING: 2}, 0, "", "có 2 cảnh báo"),
        ({Severity.ERROR: 1, Severity.WARNING: 2}, 0, "", "có 1 lỗi, có 2 cảnh báo"),
        (None, 0, "", "chưa được kiểm tra khi gửi"),
        ({}, 3, "", "còn 3 ý kiến"),
        ({}, 1, "Lê An", "còn 1 ý kiến, Lê An đang xem xét"),
    ],
)
def test_only_plain_reports_are_approved_at_once(
    state: State,
    checked: dict[Severity, int] | None,
    comments: int,
    held_by: str,
    why: str,
) -> None:
    assert why_not_at_once(state, checked, comments, held_by) == why


@pytest.mark.parametrize("state", sorted(set(State) - WAITING))
def test_what_does_not_wait_is_not_asked_about(state: State) -> None:
    assert why_not_at_once(state, {}, 0, "") is None


NAMES = ["1.1 Số văn bản", "1.1 Số văn bản: đã ban hành", "1 Công tác chỉ đạo"]


def test_a_letter_is_read_as_it_was_written() -> None:
    points = [
        point("cả báo cáo", "", "Thiếu kế hoạch."),
        point("phần 1 Công tác chỉ đạo", "", "Xem:\n3. Dòng khác: không – phải, ý."),
        point("dòng 1.1 Số văn bản: đã ban hành", "1.234", "Hai (2) – ba?"),
        point("dòng 1.1 Số văn bản", "trống", "Ghi gì?"),
    ]
    reason, told = read_letter(letter("Còn sai.\n\nXem lại.", points), NAMES)
    assert reason == "Còn sai.\n\nXem lại."
    assert [(one.place.lower(), one.figure, one.text) for one in told] == [
        (one.place.lower(), one.figure, one.remark.text) for one in points
    ]
    assert {one.signed for one in told} == {"Trần Minh Hạnh, 10:12 03/12/2026"}


@pytest.mark.parametrize(
    "text",
    [
        "Còn sai.",
        "Còn sai.\n\nÝ kiến cần xử lý (1):\n1. Xem lại.",
        # One remark less than it says, one unsigned, one of a row that the form does not have.
        letter("Sai.", [point("dòng 1.1 Số văn bản", "", "A")] * 2).rsplit("\n", 1)[0],
        letter("Sai.", [point("dòng 1.1 Số văn bản", "", "A")]).partition(" –")[0],
        letter("Sai.", [point("dòng 9 Số khác", "", "A")]),
    ],
)
def test_what_is_not_plainly_such_a_letter_is_left_whole(text: str) -> None:
    assert read_letter(text, NAMES) == (text, ())
