"""Agencies ranked by one row: places, reasons without a place, answers, the province's line."""

from indicators.definition import RowDefinition
from indicators.kinds import AgencyKind, Kind
from reporting.calculations.contributions import Reported, Source
from reporting.documents.matrix import Wanted
from reporting.documents.ranking import UNDEFINED, Ranking, choices, ranking
from reporting.workflow import State
from tests.documents.test_matrix import (
    ASKED,
    CHOICE,
    COUNT,
    EVERYBODY,
    LAYOUT,
    OTHER,
    PART,
    RATE,
    WHOLE,
    report,
)
from tests.reporting.calculations.test_totals import by_cell, figure


def ranked(
    of: RowDefinition,
    reports: list[Source],
    *figures: Reported,
    wanted: Wanted = EVERYBODY,
) -> Ranking:
    return ranking(of, LAYOUT, reports, by_cell(figures), wanted)


def rates(*parts: tuple[str, str]) -> list[Reported]:
    """Parts and wholes of reports 1, 2, …"""
    return [
        one
        for pk, (part, whole) in enumerate(parts, start=1)
        for one in (figure(pk, PART, part), figure(pk, WHOLE, whole))
    ]


def reports_of(number: int) -> list[Source]:
    return [report(pk) for pk in range(1, number + 1)]


def lines(found: Ranking) -> list[tuple[int | None, str, str, str]]:
    return [
        (rank, one.name, one.parts, one.figure) if one else (None, "Toàn tỉnh", "", found.figure)
        for rank, one in found.lines
    ]


def asides(found: Ranking) -> dict[str, list[str]]:
    return {group.reason: [one.name for one in group.agencies] for group in found.asides}


def test_a_rate_is_told_with_its_parts_and_equals_share_a_place() -> None:
    found = ranked(
        RATE, reports_of(4), *rates(("34", "43"), ("1", "2"), ("50", "100"), ("90", "100"))
    )
    assert lines(found) == [
        (1, "Sở 4", "90/100", "90"),
        (2, "Sở 1", "34/43", "79,07"),
        (None, "Toàn tỉnh", "", "71,43"),
        (3, "Sở 2", "1/2", "50"),
        (3, "Sở 3", "50/100", "50"),
    ]
    assert (found.parts, found.coverage) == ("175/245", (4, 4))


def test_two_in_the_middle_leave_a_place_out() -> None:
    found = ranked(RATE, reports_of(4), *rates(("9", "10"), ("8", "10"), ("4", "5"), ("7", "10")))
    assert [rank for rank, one in found.lines if one] == [1, 2, 2, 4]


def test_what_is_equal_on_paper_is_equal_in_rank() -> None:
    found = ranked(RATE, reports_of(2), *rates(("33333", "100000"), ("333333", "1000000")))
    assert [rank for rank, one in found.lines if one] == [1, 1]


def test_who_has_no_rate_has_no_place_and_a_reason() -> None:
    reports = [*reports_of(6), report(7, state=State.RETURNED), report(8, form=OTHER)]
    reports.append(report(9, "Công an", kind=AgencyKind.VERTICAL))
    found = ranked(
        RATE,
        reports,
        *rates(("0", "0"), ("1", "4")),
        figure(3, RATE, status="nil"),
        figure(4, RATE, status="out_of_scope"),
        figure(5, RATE, "80"),
        figure(9, PART, "1"),
        figure(9, WHOLE, "2"),
    )
    assert [line[1] for line in lines(found)] == ["Sở 2", "Toàn tỉnh"]
    assert asides(found) == {
        UNDEFINED: ["Sở 1"],
        "Không phát sinh": ["Sở 3"],
        "Không thuộc phạm vi": ["Sở 4"],
        "Thiếu tử số hoặc mẫu số": ["Sở 5"],
        "Bỏ trống": ["Sở 6"],
        "Chưa gửi báo cáo": ["Sở 7"],
        "Ngành dọc, không cộng vào số của tỉnh": ["Công an"],
    }
    assert found.absent == 1
    shown = {one.name: (one.parts, one.figure) for group in found.asides for one in group.agencies}
    assert (shown["Sở 1"], shown["Sở 5"], shown["Công an"]) == (
        ("0/0", ""),
        ("", "80"),
        ("1/2", "50"),
    )


def test_nothing_in_numerator_is_zero_and_has_the_last_place() -> None:
    found = ranked(RATE, reports_of(2), *rates(("1", "2")), *rates(("1", "2"), ("0", "9"))[2:])
    assert [line[:1] + line[2:] for line in lines(found) if line[0]] == [
        (1, "1/2", "50"),
        (2, "0/9", "0"),
    ]


def test_central_agencies_are_ranked_among_themselves() -> None:
    reports = [report(1), report(2, "Công an", kind=AgencyKind.VERTICAL)]
    found = ranked(RATE, reports, *rates(("1", "2"), ("3", "4")), wanted=Wanted(kind="nganh_doc"))
    assert lines(found) == [(1, "Công an", "3/4", "75"), (None, "Toàn tỉnh", "", "50")]
    assert asides(found) == {}


def test_ranks_are_those_among_whom_the_page_is_narrowed_to() -> None:
    reports = [report(1), report(2, area="Phía Đông"), report(3, area="Phía Đông")]
    figures = rates(("3", "4"), ("1", "2"), ("1", "4"))
    found = ranked(RATE, reports, *figures, wanted=Wanted(area="Phía Đông"))
    assert [line[:2] for line in lines(found)] == [
        (1, "Sở 2"),
        (None, "Toàn tỉnh"),
        (2, "Sở 3"),
    ]


def test_a_count_is_ranked_below_the_provinces_sum() -> None:
    found = ranked(COUNT, reports_of(3), figure(1, COUNT, "5"), figure(2, COUNT, "1200"))
    assert lines(found) == [
        (None, "Toàn tỉnh", "", "1.205"),
        (1, "Sở 2", "", "1.200"),
        (2, "Sở 1", "", "5"),
    ]
    assert asides(found) == {"Bỏ trống": ["Sở 3"]}


def test_a_percentage_that_its_parts_do_not_make_is_told() -> None:
    found = ranked(RATE, reports_of(1), *rates(("34", "43")), figure(1, RATE, "80"))
    placed = found.lines[0].placed or found.lines[1].placed
    assert placed is not None
    assert (placed.figure, placed.filed) == ("79,07", "80")


def test_answers_are_groups_in_the_order_of_the_form() -> None:
    answers = [figure(pk, CHOICE, choice=code) for pk, code in ((1, "1"), (2, "0"), (3, "1"))]
    found = ranked(CHOICE, reports_of(4), *answers)
    assert [(one.reason, [each.name for each in one.agencies]) for one in found.answers] == [
        ("Không", ["Sở 2"]),
        ("Có", ["Sở 1", "Sở 3"]),
    ]
    assert (found.lines, asides(found)) == ([], {"Bỏ trống": ["Sở 4"]})


def test_what_is_not_handed_in_is_said_so() -> None:
    reports = [report(1, state=State.DRAFT)]
    found = ranked(COUNT, reports)
    assert asides(found) == {"Chưa gửi báo cáo": ["Sở 1"]}


def test_who_is_not_asked_is_no_silent_zero() -> None:
    assert asides(ranked(ASKED, reports_of(1))) == {"Biểu không giao đơn vị báo cáo": ["Sở 1"]}


def test_an_agency_with_two_reports_of_the_row_is_told_apart() -> None:
    reports = [report(1, "Sở A", agency=7), report(2, "Sở A", OTHER, agency=7), report(3)]
    found = ranked(COUNT, reports, figure(1, COUNT, "3"), figure(2, OTHER.rows[0], "4"))
    assert [(one.form, one.is_twice) for _, one in found.lines if one] == [
        ("THU-2", True),
        ("THU-1", True),
    ]


def test_the_chooser_offers_rates_first_in_each_section() -> None:
    found = choices(LAYOUT)
    assert [(one.section, [key for key, _ in one.rows]) for one in found] == [
        ("1. Dòng 1", ["1.2", "1.1", "1.3", "1.4"]),
        ("2. Dòng 2", ["2.1", "2.2"]),
    ]
    assert LAYOUT.by_key["1.2"].kind is Kind.PERCENT
