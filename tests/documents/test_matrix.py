"""All agencies' figures side by side: what a cell says, who shares a line, filters and order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import AcrossAgencies, AgencyKind, Capacity, Kind
from reporting.calculations.contributions import Reported, Source
from reporting.documents.matrix import (
    SHORT,
    Look,
    Matrix,
    MatrixCell,
    Wanted,
    matrix,
    matrix_rows,
    sections_of,
)
from reporting.workflow import State
from tests.reporting.calculations import test_totals
from tests.reporting.calculations.test_totals import by_cell, figure
from tests.reporting.forms_by_hand import form_of, row

COUNT = replace(row("1.1", parent="1"), label="- Số văn bản", unit="Văn bản", stt="")
RATE = row("1.2", Kind.PERCENT, AcrossAgencies.RATE, formula="percent([1.4], [1.3])", parent="1")
WHOLE, PART = row("1.3", parent="1"), row("1.4", parent="1")
CHOICE = row("2.1", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có", parent="2")
ASKED = row("2.2", asked="xa", parent="2")
WORDS = row("2.3", Kind.TEXT, AcrossAgencies.NONE, parent="2")
HEADS = [row(key, Kind.HEADING, AcrossAgencies.NONE, indicator="") for key in ("1", "2")]
LAYOUT = form_of(HEADS[0], COUNT, RATE, WHOLE, PART, HEADS[1], CHOICE, ASKED, WORDS)
EVERYBODY = Wanted()
OTHER = form_of(row("x", indicator="1.1"), row("z", indicator="z"), id=2)
THIRD = form_of(row("w", indicator="2.2"), id=3)


def report(
    pk: int,
    name: str = "",
    form: FormDefinition = LAYOUT,
    *,
    state: State = State.APPROVED,
    kind: AgencyKind = AgencyKind.DEPARTMENT,
    area: str = "",
    agency: int = 0,
) -> Source:
    source = test_totals.source(pk, form, kind=kind, functions="")
    return source._replace(
        agency=name or f"Sở {pk}",
        agency_id=agency or pk,
        area=area,
        state=state,
        is_taken=state is State.APPROVED,
    )


def laid_out(
    reports: list[Source], *figures: Reported, wanted: Wanted = EVERYBODY, section: str = ""
) -> Matrix:
    rows = matrix_rows(LAYOUT, section)
    return matrix(LAYOUT, rows, reports, by_cell(figures), wanted)


def cell(found: Matrix, key: str, line: int = 0) -> MatrixCell | None:
    place = [column.key for column in found.columns].index(key)
    return found.lines[line].cells[place]


def said(found: Matrix, key: str, line: int = 0) -> tuple[Look, str]:
    one = cell(found, key, line)
    assert one is not None
    return one.look, one.text


def names(found: Matrix) -> list[str]:
    return [line.name for line in found.lines]


# Columns


def test_rows_that_hold_a_figure_are_columns_under_their_sections() -> None:
    found = laid_out([report(1)])
    assert [column.key for column in found.columns] == ["1.1", "1.2", "1.3", "1.4", "2.1", "2.2"]
    assert [(one.key, one.name, one.columns) for one in found.sections] == [
        ("1", "1. Dòng 1", 4),
        ("2", "2. Dòng 2", 2),
    ]
    assert found.sections == sections_of(LAYOUT)


def test_a_column_without_a_number_is_called_with_the_row_above_it() -> None:
    head = laid_out([report(1)]).columns[0]
    assert (head.stt, head.label, head.unit) == ("(1)", "Số văn bản", "Văn bản")
    assert head.name == "1 Dòng 1: Số văn bản"


def test_one_section_alone() -> None:
    found = laid_out([report(1)], section="2")
    assert [column.key for column in found.columns] == ["2.1", "2.2"]
    assert [section.key for section in found.sections] == ["2"]


def test_the_provinces_figures_are_those_of_everybody_however_narrow_the_table_is() -> None:
    reports = [report(1), report(2), report(3, state=State.SUBMITTED)]
    figures = [figure(1, COUNT, "3"), figure(2, COUNT, "4")]
    found = laid_out(reports, *figures, wanted=Wanted(search="sở 1"))
    assert names(found) == ["Sở 1"]
    assert (found.columns[0].total.text, found.columns[0].coverage) == ("7", "2/3 đơn vị")
    assert (found.read, found.expected) == (2, 3)


# Cells


@pytest.mark.parametrize(
    ("of", "one", "expected"),
    [
        (COUNT, None, (Look.BLANK, "")),
        (COUNT, figure(1, COUNT, "0"), (Look.FIGURE, "0")),
        (COUNT, figure(1, COUNT, "1234567"), (Look.FIGURE, "1.234.567")),
        (COUNT, figure(1, COUNT, status="nil"), (Look.NIL, "")),
        (COUNT, figure(1, COUNT, status="out_of_scope"), (Look.OUT_OF_SCOPE, "")),
        (COUNT, figure(1, COUNT, status="note"), (Look.BLANK, "")),
        (CHOICE, figure(1, CHOICE, choice="1"), (Look.FIGURE, "Có")),
        (ASKED, None, (Look.NOT_ASKED, "")),
        (ASKED, figure(1, ASKED, "4"), (Look.FIGURE, "4")),
        (RATE, figure(1, PART, "5"), (Look.NO_PARTS, "")),
        (RATE, figure(1, RATE, "29.629"), (Look.FIGURE, "29,63")),
    ],
)
def test_each_state_of_a_cell_is_another(
    of: RowDefinition, one: Reported | None, expected: tuple[Look, str]
) -> None:
    assert said(laid_out([report(1)], *([one] if one else [])), of.key) == expected


def test_a_rate_of_nothing_is_a_dash() -> None:
    found = laid_out([report(1)], figure(1, WHOLE, "0"), figure(1, PART, "0"))
    assert said(found, "1.2") == (Look.UNDEFINED, "–")


def test_a_form_without_the_row_has_no_cell_and_another_key_leads_to_its_own_row() -> None:
    found = laid_out([report(1, form=OTHER)], figure(1, OTHER.rows[0], "4"))
    one = cell(found, "1.1")
    assert one is not None
    assert (one.submission, one.key, one.text) == (1, "x", "4")
    assert cell(found, "2.1") is None


def test_who_is_not_read_yet_has_no_cells_at_all() -> None:
    found = laid_out([report(1, state=State.RETURNED)])
    assert (found.lines[0].cells, found.lines[0].standing) == ([], "Trả lại")


def test_a_figure_outside_the_provinces_says_why() -> None:
    found = laid_out([report(1, kind=AgencyKind.VERTICAL)], figure(1, COUNT, "50"))
    one = cell(found, "1.1")
    assert one is not None
    assert (one.text, one.outside) == ("50", "Ngành dọc, không cộng vào số của tỉnh")
    assert found.columns[0].total.text == ""


def test_what_lies_far_outside_is_marked() -> None:
    reports = [report(number) for number in range(1, 10)]
    figures = [figure(number, COUNT, str(number)) for number in range(1, 9)]
    found = laid_out(reports, *figures, figure(9, COUNT, "5000"))
    sides = [one.side for line in found.lines if (one := line.cells[0])]
    assert [side.sign if side else "" for side in sides] == [""] * 8 + ["▲"]
    assert found.outliers == 1
    # Whom the table is narrowed to are no other peers.
    narrowed = laid_out(reports, *figures, figure(9, COUNT, "5000"), wanted=Wanted(search="sở 9"))
    assert narrowed.outliers == 1


def test_every_look_without_a_figure_has_words() -> None:
    assert set(SHORT) == set(Look) - {Look.FIGURE, Look.UNDEFINED}
    assert len(set(SHORT.values())) == len(SHORT)


# Lines


def test_agencies_stand_by_kind_and_in_vietnamese_order() -> None:
    found = laid_out(
        [
            report(1, "UBND xã An", kind=AgencyKind.COMMUNE),
            report(2, "Sở Đất"),
            report(3, "Công an", kind=AgencyKind.VERTICAL),
            report(4, "Sở Dân"),
        ]
    )
    assert names(found) == ["Sở Dân", "Sở Đất", "Công an", "UBND xã An"]


def test_reports_of_one_agency_that_ask_for_different_things_share_a_line() -> None:
    reports = [report(1, "Sở A", OTHER, agency=7), report(2, "Sở A", THIRD, agency=7)]
    found = laid_out(reports, figure(1, OTHER.rows[0], "3"), figure(2, THIRD.rows[0], "4"))
    assert len(found.lines) == 1
    assert (found.lines[0].forms, found.lines[0].is_split) == ("THU-2, THU-3", False)
    assert [said(found, key)[1] for key in ("1.1", "2.2")] == ["3", "4"]


def test_two_that_ask_for_the_same_are_two_lines() -> None:
    reports = [report(1, "Sở A", LAYOUT, agency=7), report(2, "Sở A", OTHER, agency=7)]
    found = laid_out(reports, figure(1, COUNT, "3"), figure(2, OTHER.rows[0], "4"))
    assert [line.forms for line in found.lines] == ["THU-1", "THU-2"]
    assert all(line.is_split for line in found.lines)
    assert [said(found, "1.1", place)[1] for place in (0, 1)] == ["3", "4"]


def test_what_an_agency_reports_for_the_province_is_a_line_of_its_own() -> None:
    own = report(1, "Sở A", OTHER, agency=7)
    whole = report(2, "Sở A (số của toàn tỉnh)", THIRD, agency=7)
    whole = whole._replace(capacity=Capacity.PROVINCE)
    assert len(laid_out([own, whole]).lines) == 2


def test_of_a_line_of_two_reports_one_may_not_be_read_yet() -> None:
    reports = [
        report(1, "Sở A", OTHER, agency=7),
        report(2, "Sở A", THIRD, agency=7, state=State.DRAFT),
    ]
    found = laid_out(reports, figure(1, OTHER.rows[0], "3"))
    assert said(found, "1.1")[0] is Look.FIGURE
    assert said(found, "2.2")[0] is Look.NOT_READ
    assert found.lines[0].standing == "Đã duyệt, Đang nhập"


# Narrowed


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), ["Sở An", "Sở Bình", "UBND xã An"]),
        (Wanted(kind="xa"), ["UBND xã An"]),
        (Wanted(area="Phía Đông"), ["Sở Bình", "UBND xã An"]),
        (Wanted(search="an"), ["Sở An", "UBND xã An"]),
        (Wanted(kind="so", area="Phía Đông", search="bình"), ["Sở Bình"]),
        (Wanted(kind="huyen"), []),
        (Wanted(only_figures=True), ["Sở Bình"]),
    ],
)
def test_the_table_is_narrowed(wanted: Wanted, expected: list[str]) -> None:
    reports = [
        report(1, "Sở An"),
        report(2, "Sở Bình", area="Phía Đông"),
        report(3, "UBND xã An", kind=AgencyKind.COMMUNE, area="Phía Đông"),
    ]
    found = laid_out(reports, figure(2, COUNT, "0"), figure(1, WHOLE, status="nil"), wanted=wanted)
    assert names(found) == expected
    assert found.kinds == [AgencyKind.DEPARTMENT, AgencyKind.COMMUNE]
    assert found.areas == ["Phía Đông"]


def test_only_columns_with_a_figure_of_who_is_shown_stay() -> None:
    reports = [report(1, "Sở An"), report(2, "Sở Bình")]
    found = laid_out(
        reports,
        figure(1, COUNT, "3"),
        figure(2, CHOICE, choice="0"),
        wanted=Wanted(search="an", only_figures=True),
    )
    assert [column.key for column in found.columns] == ["1.1"]
    assert [len(line.cells) for line in found.lines] == [1]


# Order


@pytest.mark.parametrize(
    ("key", "is_descending", "expected"),
    [
        ("1.1", True, [3, 1, 2, 4, 5, 6]),
        ("1.1", False, [2, 1, 3, 4, 5, 6]),
        ("2.1", True, [2, 1, 3, 4, 5, 6]),
        ("2.1", False, [1, 3, 2, 4, 5, 6]),
        ("nowhere", True, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_who_has_nothing_in_the_column_comes_last_either_way(
    key: str, is_descending: bool, expected: list[int]
) -> None:
    """Nine is less than ten; blank, nothing arose and not read come after all, in their order."""
    reports = [report(number) for number in range(1, 6)] + [report(6, state=State.DRAFT)]
    figures = [figure(1, COUNT, "9.5"), figure(2, COUNT, "-1"), figure(3, COUNT, "10")]
    figures += [figure(5, COUNT, status="nil")]
    figures += [figure(one, CHOICE, choice=code) for one, code in ((1, "0"), (2, "1"), (3, "0"))]
    found = laid_out(reports, *figures, wanted=Wanted(key=key, is_descending=is_descending))
    assert [line.reports[0].submission_id for line in found.lines] == expected


def test_equals_stay_in_the_order_of_their_names() -> None:
    reports = [report(number) for number in (3, 1, 2)]
    figures = [figure(number, COUNT, "5") for number in (1, 2, 3)]
    for is_descending in (True, False):
        found = laid_out(reports, *figures, wanted=Wanted(key="1.1", is_descending=is_descending))
        assert names(found) == ["Sở 1", "Sở 2", "Sở 3"]


def test_a_number_is_as_it_is_printed() -> None:
    one = cell(laid_out([report(1)], figure(1, WHOLE, "43"), figure(1, PART, "34")), "1.2")
    assert one is not None
    assert (one.text, one.number) == ("79,07", Decimal("79.07"))
