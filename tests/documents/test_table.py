"""The province's table and the cells behind one total, as pages show them."""

from decimal import Decimal
from typing import Any

from indicators.formulas import Ratio
from indicators.kinds import AcrossAgencies, AgencyKind, Emphasis, Kind
from reporting.calculations.contributions import Contribution, Source, Standing
from reporting.calculations.totals import Total
from reporting.documents.table import breakdown_lines, table_lines
from reporting.workflow import State
from tests.documents.forms import form, row

RATE = row("1.2", Kind.PERCENT, unit="%", depth=1, indicator="ke_hoach.ty_le")
COUNT = row("1.1", label="Số văn bản chỉ đạo", stt="1.1", indicator="chi_dao.van_ban")


def test_a_line_shows_figure_coverage_and_the_parts_of_a_rate() -> None:
    parts = Ratio(Decimal(1010), Decimal(3000))
    (line,) = table_lines([Total(RATE, parts.percent, parts, reported=2, expected=3)])
    assert (line.figure.text, line.coverage, line.parts) == ("33,67", "2/3 đơn vị", "1.010/3.000")
    assert line.is_short


def test_a_total_on_all_agencies_is_not_short() -> None:
    (line,) = table_lines([Total(COUNT, Decimal(7), reported=3, expected=3)])
    assert not line.is_short
    assert line.parts == ""


def test_only_added_rows_open_to_the_cells_behind_them() -> None:
    heading = row("1", Kind.HEADING, across_agencies=AcrossAgencies.NONE)
    never_added = row("9", indicator="x", across_agencies=AcrossAgencies.NONE)
    lines = table_lines([Total(COUNT), Total(heading), Total(never_added)])
    assert [line.behind for line in lines] == ["1.1", "", ""]


def test_a_row_of_answers_shows_no_list_of_codes_as_its_unit() -> None:
    answer = row("3", Kind.CHOICE, choices="0=Không|1=Có", unit="Không = 0 Có = 1")
    assert [line.unit for line in table_lines([Total(answer), Total(COUNT)])] == ["", "Văn bản"]


def test_a_line_names_its_depth_emphasis_and_kind_for_the_stylesheet() -> None:
    (line,) = table_lines([Total(row("2", depth=2, emphasis=Emphasis.BOLD))])
    assert line.css.split() == ["d2", "bold", "count"]


def part(agency: str, standing: Standing, **figure: Any) -> Contribution:
    source = Source(
        submission_id=len(agency),
        agency_id=len(agency),
        agency=agency,
        kind=AgencyKind.DEPARTMENT,
        functions=frozenset(),
        form=form(COUNT, RATE),
        state=State.APPROVED,
        is_taken=True,
    )
    return Contribution(source, COUNT, standing, **figure)


def test_counted_agencies_come_first_and_each_group_in_vietnamese_order() -> None:
    lines = breakdown_lines(
        [
            part("Sở Y tế", Standing.BLANK),
            part("UBND xã Đông An", Standing.COUNTED, number=Decimal(4)),
            part("UBND xã Vĩnh An", Standing.NOT_APPROVED),
            part("UBND xã Dân Hòa", Standing.COUNTED, number=Decimal(1200)),
            part("Thanh tra tỉnh", Standing.NIL),
        ]
    )
    assert [(line.agency, line.figure, line.standing.label) for line in lines] == [
        ("UBND xã Dân Hòa", "1.200", "Đã cộng"),
        ("UBND xã Đông An", "4", "Đã cộng"),
        ("Thanh tra tỉnh", "", "Không phát sinh"),
        ("Sở Y tế", "", "Bỏ trống"),
        ("UBND xã Vĩnh An", "", "Đã gửi, chưa được duyệt"),
    ]
    assert [line.is_counted for line in lines] == [True, True, True, False, False]


def test_who_reports_without_being_asked_is_told() -> None:
    lines = breakdown_lines(
        [
            part("Sở Y tế", Standing.COUNTED, number=Decimal(4), is_asked=False),
            part("Sở Công Thương", Standing.COUNTED, number=Decimal(4)),
            part("UBND xã Minh An", Standing.NOT_ASKED, is_asked=False),
        ]
    )
    assert [(line.agency, line.is_unasked, line.standing.label) for line in lines] == [
        ("Sở Công Thương", False, "Đã cộng"),
        ("Sở Y tế", True, "Đã cộng"),
        ("UBND xã Minh An", False, "Biểu không giao đơn vị báo cáo"),
    ]


def test_an_agencys_rate_is_shown_with_its_parts() -> None:
    parts = Ratio(Decimal(8), Decimal(27))
    (line,) = breakdown_lines([part("Sở Công Thương", Standing.COUNTED, parts=parts)])
    assert line.parts == "8/27"


def test_an_agencys_answer_is_shown_in_words() -> None:
    (line,) = breakdown_lines([part("Sở Công Thương", Standing.COUNTED, choice="Có")])
    assert line.figure == "Có"


def test_a_breakdown_names_the_row_of_the_agencys_own_form() -> None:
    (line,) = breakdown_lines([part("Sở Công Thương", Standing.BLANK)])
    assert line.row == "1.1 Số văn bản chỉ đạo"
