"""The record of one submission told in words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from unittest.mock import Mock, patch

from pytest_django import DjangoAssertNumQueries

from indicators.queries.definitions import form_definition
from reporting.actions.comments import add_comment, resolve_comment
from reporting.actions.evidence import remove_file
from reporting.actions.figures import save_figures
from reporting.documents.record import CellChange, history_of, record_of
from reporting.models import Submission, User
from reporting.snapshot import Cell, Detail, FigureStatus
from reporting.workflow import Role
from tests.cast import moved, person, stored, typed
from tests.reporting.files_by_hand import attached, pdf


def test_every_act_is_told_newest_first(report: Submission, hoa: User, hanh: User) -> None:
    typed(report, {"1.1": "3"})
    moved(report, "submit", by=hoa)
    moved(report, "return", by=hanh, reason="Kiểm tra lại mục 3.4.")
    told = [(event.by, event.what, event.reason) for event in record_of(stored(report)).events]
    assert told == [
        ("Trần Minh Hạnh", "trả lại báo cáo", "Kiểm tra lại mục 3.4."),
        ("Nguyễn Thị Hoa", "gửi báo cáo", ""),
        ("Nguyễn Thị Hoa", "kiểm tra khi gửi: 1 lưu ý", ""),
        *told[3:],
    ]
    assert sorted(told[3:]) == [
        ("Nguyễn Thị Hoa", "bắt đầu nhập số liệu", ""),
        ("Nguyễn Thị Hoa", "lưu 1 ô số liệu", ""),
        ("Trần Minh Hạnh", "mở đợt, giao báo cáo cho đơn vị", ""),
    ]


def test_acts_say_from_where_they_came(report: Submission) -> None:
    typed(report, {"1.1": "3"})
    assert {event.via for event in record_of(stored(report)).events} == {"trang nhập liệu"}


def changes(report: Submission) -> list[CellChange]:
    """Return what the newest saving changed."""
    return next(list(event.changes) for event in record_of(stored(report)).events if event.changes)


def saved(report: Submission, cells: Mapping[str, Cell], by: User, source: str = "") -> None:
    save_figures(submission=report, cells=cells, by=by, via="page", source=source)


def test_a_change_tells_the_cell_before_and_after_as_it_prints(report: Submission) -> None:
    typed(report, {"3.4.1.a": "5356", "1.6": "1"})
    assert changes(report) == [
        CellChange("«Tổng số hồ sơ TTHC đã tiếp nhận»", "Hồ sơ", "trống", "5.356"),
        CellChange("1.6 Khảo sát sự hài lòng của người dân, tổ chức", "", "trống", "1"),
    ]
    typed(report, {"3.4.1.a": "5.357"})
    assert changes(report) == [
        CellChange("«Tổng số hồ sơ TTHC đã tiếp nhận»", "Hồ sơ", "5.356", "5.357")
    ]


def test_an_emptied_cell_is_told_as_empty(report: Submission, hoa: User) -> None:
    typed(report, {"1.1": "3"})
    saved(report, {"1.1": Cell()}, by=hoa)
    (change,) = changes(report)
    assert (change.before, change.after) == ("3", "trống")


def test_silence_notes_and_details_are_told(report: Submission, hoa: User) -> None:
    cells = {
        "1.1": Cell(status=FigureStatus.NIL, note="Chưa có"),
        "3.1.4": Cell(number=Decimal(5), details=(Detail("Hộ tịch", Decimal(5)),)),
    }
    saved(report, cells, by=hoa)
    assert [change.after for change in changes(report)] == [
        "Không phát sinh; Chưa có",
        "5; + Hộ tịch: 5",
    ]


def test_a_saving_names_its_source(report: Submission, hoa: User) -> None:
    saved(report, {"1.1": Cell(number=Decimal(3))}, by=hoa, source="so-lieu.xlsx")
    assert [event.via for event in record_of(stored(report)).events if event.changes] == [
        "trang nhập liệu (so-lieu.xlsx)"
    ]


def test_the_record_costs_the_same_queries_however_long_it_is(
    report: Submission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    form_definition(report.form_version)
    typed(report, {"1.1": "3"})
    current = stored(report)
    with django_assert_num_queries(11):
        record_of(current)
    for number in range(4, 9):
        typed(report, {"1.1": str(number), "1.2.a": str(number)})
        attached(report, f"{number}.pdf", pdf(str(number)))
    current = stored(report)
    with django_assert_num_queries(11):
        assert len(record_of(current).events) == 2 + 6 + 5


def test_files_that_come_and_go_are_told_with_their_row(report: Submission, hoa: User) -> None:
    made = attached(report, "Kế hoạch 31.pdf", row_key="1.6")
    attached(report, "Công văn.pdf", row_key=None)
    remove_file(evidence=made, by=hoa)
    told = [(event.by, event.what) for event in record_of(stored(report)).events][:3]
    row = "dòng 1.6 Khảo sát sự hài lòng của người dân, tổ chức"
    assert told == [
        ("Nguyễn Thị Hoa", f"gỡ tệp «Kế hoạch 31.pdf» khỏi {row}"),
        ("Nguyễn Thị Hoa", "gắn tệp «Công văn.pdf» vào cả báo cáo"),
        ("Nguyễn Thị Hoa", f"gắn tệp «Kế hoạch 31.pdf» vào {row}"),
    ]
    vias = {event.via for event in record_of(stored(report)).events if "tệp" in event.what}
    assert vias == {f"trang tài liệu kèm theo, mã băm {made.sha256[:12]}"}


def test_comments_are_told_with_their_row_and_words(
    report: Submission, hoa: User, hanh: User
) -> None:
    said = add_comment(submission=report, row_key="1.6", text="Đã khảo sát.", by=hoa)
    resolve_comment(submission=report, comment_id=said.pk, by=hanh)
    told = [
        (event.by, event.what, event.reason, event.via)
        for event in record_of(stored(report)).events
    ]
    row = "dòng 1.6 Khảo sát sự hài lòng của người dân, tổ chức"
    assert told[:2] == [
        (
            "Trần Minh Hạnh",
            f"đánh dấu đã xong ý kiến về {row}",
            "Đã khảo sát.",
            "trang của dòng",
        ),
        ("Nguyễn Thị Hoa", f"ghi ý kiến về {row}", "Đã khảo sát.", "trang của dòng"),
    ]


def test_the_history_of_a_cell_is_told_as_the_record_tells_it(
    report: Submission, hoa: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = form_definition(report.form_version).by_key["1.1"]
    typed(report, {"1.1": "3", "1.2.a": "7"})
    saved(report, {"1.1": Cell(number=Decimal(4), note="Chưa có")}, by=hoa, source="a.xlsx")
    current = stored(report)
    with django_assert_num_queries(1):
        history = history_of(current, row)
    assert [(event.via, [(c.before, c.after) for c in event.changes]) for event in history] == [
        ("trang nhập liệu (a.xlsx)", [("3", "4; Chưa có")]),
        ("trang nhập liệu", [("trống", "3")]),
    ]


def sat_down(report: Submission, by: User, key: str, minutes: int, via: str = "cell") -> None:
    """Save one cell as at so many minutes past ten."""
    at = datetime(2026, 3, 10, 10, minutes, tzinfo=UTC)
    with patch("reporting.actions.figures.timezone", Mock(now=lambda: at)):
        save_figures(submission=report, cells={key: Cell(number=Decimal(minutes))}, by=by, via=via)


def savings(report: Submission) -> list[tuple[str, int, bool]]:
    return [
        (event.by, len(event.changes), event.since is not None)
        for event in record_of(stored(report)).events
        if event.changes
    ]


def test_cells_saved_one_by_one_are_told_as_one_sitting_with_every_change(
    report: Submission, hoa: User
) -> None:
    for key, minutes in (("1.1", 1), ("1.2.a", 2), ("1.1", 16)):
        sat_down(report, hoa, key, minutes)
    assert savings(report) == [(str(hoa), 3, True)]
    [event] = [event for event in record_of(stored(report)).events if event.changes]
    assert (event.what, event.since) == (
        "lưu 2 ô số liệu",
        datetime(2026, 3, 10, 10, 1, tzinfo=UTC),
    )
    assert [(change.before, change.after) for change in event.changes] == [
        ("trống", "1"),
        ("trống", "2"),
        ("1", "16"),
    ]


def test_a_pause_another_person_or_another_way_ends_a_sitting(
    report: Submission, hoa: User
) -> None:
    lan = person("lan", "Phạm Thị Lan", (Role.CLERK, report.agency))
    sat_down(report, hoa, "1.1", 1)
    sat_down(report, hoa, "1.1", 17)
    sat_down(report, lan, "1.1", 18)
    sat_down(report, hoa, "1.1", 19)
    sat_down(report, hoa, "1.1", 20, via="page")
    assert [count for _, count, _ in savings(report)] == [1, 1, 1, 1, 1]
