"""The record of one submission told in words."""

from collections.abc import Mapping
from decimal import Decimal

from pytest_django import DjangoAssertNumQueries

from indicators.queries.definitions import form_definition
from reporting.actions.figures import save_figures
from reporting.documents.record import CellChange, record_of
from reporting.models import Submission, User
from reporting.snapshot import Cell, Detail, FigureStatus
from tests.cast import moved, stored, typed


def test_every_act_is_told_newest_first(report: Submission, hoa: User, hanh: User) -> None:
    typed(report, {"1.1": "3"})
    moved(report, "submit", by=hoa)
    moved(report, "return", by=hanh, reason="Kiểm tra lại mục 3.4.")
    told = [(event.by, event.what, event.reason) for event in record_of(stored(report))]
    assert told == [
        ("Trần Minh Hạnh", "trả lại báo cáo", "Kiểm tra lại mục 3.4."),
        ("Nguyễn Thị Hoa", "gửi báo cáo", ""),
        *told[2:],
    ]
    assert sorted(told[2:]) == [
        ("Nguyễn Thị Hoa", "bắt đầu nhập số liệu", ""),
        ("Nguyễn Thị Hoa", "lưu 1 ô số liệu", ""),
        ("Trần Minh Hạnh", "mở đợt, giao báo cáo cho đơn vị", ""),
    ]


def test_acts_say_from_where_they_came(report: Submission) -> None:
    typed(report, {"1.1": "3"})
    assert {event.via for event in record_of(stored(report))} == {"trang nhập liệu"}


def changes(report: Submission) -> list[CellChange]:
    """Return what the newest saving changed."""
    return next(list(event.changes) for event in record_of(stored(report)) if event.changes)


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
    assert [event.via for event in record_of(stored(report)) if event.changes] == [
        "trang nhập liệu (so-lieu.xlsx)"
    ]


def test_the_record_costs_the_same_queries_however_long_it_is(
    report: Submission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    form_definition(report.form_version)
    typed(report, {"1.1": "3"})
    current = stored(report)
    with django_assert_num_queries(3):
        record_of(current)
    for number in range(4, 9):
        typed(report, {"1.1": str(number), "1.2.a": str(number)})
    current = stored(report)
    with django_assert_num_queries(3):
        assert len(record_of(current)) == 2 + 6
