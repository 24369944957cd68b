"""How complete rounds are, as pictures with their tables."""

from dataclasses import replace

from indicators.kinds import AcrossAgencies, Kind
from reporting.calculations.totals import Total
from reporting.documents.overview import Counted, sections, where_reports_stand, whether_in_time
from reporting.progress import Only
from tests.reporting.forms_by_hand import row
from tests.reporting.pictures.drawn import Drawn

COUNTS = {
    Only.ALL: 150,
    Only.SENT: 105,
    Only.APPROVED: 75,
    Only.RETURNED: 15,
    Only.NOT_SENT: 30,
    Only.ON_TIME: 100,
    Only.LATE: 20,
}
QUARTER = Counted("quý I năm 2026", "/tien-do/?dot=Q1", COUNTS)


def test_every_report_of_a_round_stands_somewhere() -> None:
    figure = where_reports_stand("t", [QUARTER])
    assert Drawn(figure.svg).description == (
        "quý I năm 2026: 75 đã duyệt, 30 đã gửi, chờ duyệt, 15 trả lại để sửa, 30 chưa gửi."
    )
    [line] = figure.rows
    assert [cell.text for cell in line] == ["quý I năm 2026", "150", "75", "30", "15", "30"]
    assert line[0].href == "/tien-do/?dot=Q1"


def test_what_was_sent_back_has_been_handed_in_once() -> None:
    figure = whether_in_time("d", [QUARTER])
    assert Drawn(figure.svg).description == (
        "quý I năm 2026: 100 đúng hạn, 20 gửi muộn, 30 chưa gửi lần nào."
    )


def test_a_round_without_a_due_day_is_neither_in_time_nor_late() -> None:
    assert whether_in_time("d", [replace(QUARTER, is_timed=False)]).rows == []


def test_rows_are_counted_by_section_and_by_what_they_stand_on() -> None:
    def total(key: str, reported: int, expected: int = 3) -> Total:
        return Total(
            row(key, parent="" if key in "12" else key[0]), None, None, (), reported, expected
        )

    head = Total(row("1", Kind.HEADING, AcrossAgencies.NONE, indicator=""))
    other = Total(row("2", Kind.HEADING, AcrossAgencies.NONE, indicator=""))
    found = [
        head,
        total("1.1", 3),
        total("1.2", 1),
        total("1.3", 0),
        total("1.4", 0, 0),  # asked of nobody
        other,
        total("2.1", 3),
    ]
    figure = sections("p", "Thành phần", found)
    assert [[cell.text for cell in line] for line in figure.rows] == [
        ["1. Dòng 1", "3", "1", "1", "1"],
        ["2. Dòng 2", "1", "1", "0", "0"],
    ]
    assert Drawn(figure.svg).words("figure") == ["3 dòng", "1 dòng"]
