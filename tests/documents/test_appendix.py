"""The neutral table: titles, lines, last column and signature."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from indicators.kinds import AcrossAgencies, AcrossPeriods, AgencyKind, Emphasis, Kind, Missing
from reporting.calculations.totals import Total
from reporting.printing.appendix import (
    Checks,
    Computed,
    Heading,
    Line,
    Signature,
    province_appendix,
    submission_appendix,
)
from reporting.printing.cells import BLANK, PrintedCell
from reporting.rules import History
from reporting.rules.history import Past
from reporting.snapshot import Cell, Detail, FigureStatus, SubmissionSnapshot
from tests.documents.forms import form, row
from tests.reporting.forms_by_hand import rule

HEADING = Heading(
    agency="UBND xã Sơn Liên",
    place="Sơn Liên",
    period="quý 1 năm 2022",
    report_number="24/BC-UBND",
    report_date=date(2022, 3, 10),
    signer_title="TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
    signer_name="Đình Văn Dây",
    notice="Bản chưa duyệt (đang nhập).",
)
UNKNOWN = Heading(agency="Sở Nội vụ", place="", period="quý này")
ROWS = (
    row("1", Kind.HEADING, stt="1.", label="Chỉ đạo", unit="", emphasis=Emphasis.BOLD),
    row("1.1", stt="1.1", label="- Số văn bản", depth=1, who_reports="Sở Nội vụ báo cáo"),
    row("1.2", Kind.PERCENT, label="Tỷ lệ", unit="%", depth=2, emphasis=Emphasis.ITALIC),
)


def test_a_submission_prints_every_row_of_its_form_in_order() -> None:
    snapshot = SubmissionSnapshot(form(*ROWS), {"1.1": Cell(number=Decimal(5356))})
    assert list(submission_appendix(snapshot, HEADING).lines) == [
        Line("1", "1.", "Chỉ đạo", "", BLANK, "", 0, is_bold=True, is_italic=False),
        Line(
            "1.1",
            "1.1",
            "- Số văn bản",
            "Văn bản",
            PrintedCell("5.356", Decimal(5356)),
            "Sở Nội vụ báo cáo",
            1,
            is_bold=False,
            is_italic=False,
        ),
        Line("1.2", "", "Tỷ lệ", "%", BLANK, "", 2, is_bold=False, is_italic=True),
    ]


def test_the_agencys_remarks_stand_over_the_forms_own_words() -> None:
    cell = Cell(note="Không phát sinh", details=(Detail("Hộ tịch", Decimal(1)),))
    appendix = submission_appendix(SubmissionSnapshot(form(*ROWS), {"1.1": cell}), HEADING)
    assert appendix.lines[1].remark == "Không phát sinh\n+ Hộ tịch: 1"


def test_a_ratio_typed_over_the_unit_is_printed_there() -> None:
    cell = Cell(number=Decimal("51.3"), written="51,3%", written_unit="253/493")
    appendix = submission_appendix(SubmissionSnapshot(form(*ROWS), {"1.2": cell}), HEADING)
    assert (appendix.lines[2].unit, appendix.lines[2].figure.text) == ("253/493", "51,3")


def test_title_and_legal_line_name_agency_period_and_report() -> None:
    appendix = submission_appendix(SubmissionSnapshot(form(*ROWS)), HEADING)
    assert appendix.title == "THỐNG KÊ QUÝ 1 NĂM 2022 CỦA UBND XÃ SƠN LIÊN"
    assert appendix.legal_line == (
        "(Kèm theo Báo cáo số 24/BC-UBND ngày 10/3/2022 của UBND xã Sơn Liên)"
    )
    assert (appendix.label, appendix.label_heading, appendix.last_heading, appendix.notice) == (
        "Phụ lục thử",
        "Chỉ tiêu",
        "Ghi chú",
        "Bản chưa duyệt (đang nhập).",
    )


def test_a_title_may_name_the_commune_without_its_committee() -> None:
    snapshot = SubmissionSnapshot(form(*ROWS, title="KẾT QUẢ {period} TẠI {AREA}"))
    assert submission_appendix(snapshot, HEADING).title == (
        "KẾT QUẢ quý 1 năm 2022 TẠI XÃ SƠN LIÊN"
    )


def test_what_is_not_known_yet_is_left_to_be_written() -> None:
    appendix = submission_appendix(SubmissionSnapshot(form(*ROWS)), UNKNOWN)
    assert appendix.legal_line == "(Kèm theo Báo cáo số …… ngày ……/……/…… của Sở Nội vụ)"
    assert appendix.signature == Signature(
        place_and_date="……………, ngày …… tháng …… năm ………",
        signer_title="THỦ TRƯỞNG ĐƠN VỊ",
        signer_name="",
    )


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2022, 3, 10), "Sơn Liên, ngày 10 tháng 3 năm 2022"),
        (date(2023, 2, 5), "Sơn Liên, ngày 05 tháng 02 năm 2023"),
        (date(2023, 12, 1), "Sơn Liên, ngày 01 tháng 12 năm 2023"),
    ],
)
def test_the_date_beside_the_place_has_the_zeros_of_decree_30(day: date, written: str) -> None:
    heading = Heading(agency="UBND xã", place="Sơn Liên", period="", report_date=day)
    appendix = submission_appendix(SubmissionSnapshot(form(*ROWS)), heading)
    assert appendix.signature.place_and_date == written


def test_a_provinces_last_column_says_on_how_many_agencies_each_total_stands() -> None:
    heading_row, counted, rate = ROWS
    totals = (
        Total(row("1", Kind.HEADING, across_agencies=AcrossAgencies.NONE)),
        Total(counted, Decimal(47), reported=2, expected=3),
        Total(rate),
    )
    appendix = province_appendix(form(heading_row, counted, rate), totals, HEADING)
    assert appendix.last_heading == "Số đơn vị đã tính"
    assert [(line.figure.text, line.remark) for line in appendix.lines] == [
        ("", ""),
        ("47", "2/3 đơn vị"),
        ("", "0/0 đơn vị"),
    ]


# What computes and checks itself

RATE = row("2", Kind.PERCENT, formula="percent([2.b], [2.a])")
PARTS = (row("2.a"), row("2.b"))
FIGURES = {"2.a": Cell(number=Decimal(27)), "2.b": Cell(number=Decimal(8))}


def computed(snapshot: SubmissionSnapshot) -> Computed | None:
    return submission_appendix(snapshot, HEADING).lines[0].computed


def test_a_figure_that_nobody_typed_says_how_it_is_computed() -> None:
    layout = form(RATE, *PARTS)
    assert RATE.formula is not None
    for cells in (FIGURES, {}, {"2": Cell(status=FigureStatus.NOTE, note="Chờ")}):
        assert computed(SubmissionSnapshot(layout, cells)) == Computed(RATE.formula, 2)


@pytest.mark.parametrize(
    "cell", [Cell(number=Decimal("29.6")), Cell(status=FigureStatus.NIL), Cell(text="chưa tính")]
)
def test_a_figure_that_was_typed_is_not_computed(cell: Cell) -> None:
    assert computed(SubmissionSnapshot(form(RATE, *PARTS), FIGURES | {"2": cell})) is None


def checks(
    *conditions: str,
    cells: dict[str, Cell] | None = None,
    history: History | None = None,
    missing: Missing = Missing.SKIP_ANY,
    is_paper: bool = False,
) -> Checks | None:
    rules = tuple(rule(text, missing=missing) for text in conditions)
    stock = row("7", indicator="ton", across_periods=AcrossPeriods.STOCK)
    other = row("8", asked=frozenset({AgencyKind.COMMUNE.value}))
    snapshot = SubmissionSnapshot(
        replace(form(RATE, *PARTS, stock, other), rules=rules),
        FIGURES if cells is None else cells,
        is_paper=is_paper,
        agency_kind=AgencyKind.DEPARTMENT.value,
    )
    return submission_appendix(snapshot, HEADING, history or History()).checks


def told(found: Checks | None) -> list[bool | None]:
    assert found is not None
    return [line.holds for line in found.rules]


def test_a_report_carries_the_rules_of_its_form_and_whether_it_keeps_them() -> None:
    found = checks("[2.b] <= [2.a]", "[2.a] <= [2.b]", "[7] >= 0", "[2] < 29.63")
    assert told(found) == [True, False, None, True]
    assert found is not None
    assert found.rules[3].words.endswith(" < 29,63")
    assert found.asked == {"2", "2.a", "2.b", "7"}
    assert checks() is None


def test_a_paper_and_a_province_are_not_checked() -> None:
    assert checks("[2.b] <= [2.a]", is_paper=True) is None
    layout = replace(form(RATE, *PARTS), rules=(rule("[2.b] <= [2.a]"),))
    totals = [Total(one) for one in layout.rows]
    appendix = province_appendix(layout, totals, HEADING)
    assert appendix.checks is None
    assert [line.computed for line in appendix.lines] == [None, None, None]


def test_a_rule_on_rows_of_others_waits_until_one_of_them_is_there() -> None:
    zero = Missing.ZERO
    found = checks("[8] > 0", "[8] > 0 or [2.a] < 0", missing=zero)
    assert told(found) == [None, False]
    assert found is not None
    assert [line.waits_for for line in found.rules] == [("8",), ()]
    given = checks("[8] > 0", cells={"8": Cell(number=Decimal(0))}, missing=zero)
    assert told(given) == [False]
    assert told(checks("[8] >= 0")) == [None]


def test_what_the_rules_read_of_other_reports_is_told_by_address() -> None:
    history = History(
        previous=Past("kỳ trước", None, {"ton": Decimal(5)}),
        earlier=[{"thu.van_ban": Decimal(20)}],
        elsewhere={"PL9:x": Decimal(12), "PL9:y": Decimal(13)},
    )
    conditions = (
        "[7] >= previous([7])",
        "[7] >= last_year([7])",
        "year_to_date([2.a]) >= 47",
        "year_to_date([7]) >= 0",
        "[7] = elsewhere([PL9:x])",
        "given([2.a])",
    )
    found = checks(*conditions, history=history)
    assert found is not None
    assert found.beside == {
        "previous 7": Decimal(5),
        "year_to_date 2.a": Decimal(20),  # before this round
        "year_to_date 7": Decimal(0),  # a stock is no sum
        "elsewhere PL9:x": Decimal(12),
    }
    assert told(found) == [None, None, True, None, None, True]
