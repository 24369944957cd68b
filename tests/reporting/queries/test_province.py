"""The province's totals as they come from the database."""

from decimal import Decimal

import pytest

from indicators.queries.definitions import form_definition
from reporting.actions.rounds import open_round
from reporting.calculations.contributions import Standing
from reporting.calculations.totals import Total
from reporting.models import Agency, AgencyKind, Figure, Round, Submission, User
from reporting.queries.province import layouts, province_table, row_contributions
from tests.cast import approved, form, planned_round, submitted, typed


def total(round_: Round, key: str, layout: str = "PL2-KH-2022") -> Total:
    table = province_table(round_, form(layout))
    return next(total for total in table.totals if total.row.key == key)


@pytest.mark.parametrize(
    ("agencies", "each", "sum_"),
    [(250, "0.1", "25"), (3, "999999999999.999", "2999999999999.997"), (250, "0.001", "0.25")],
)
def test_decimals_are_added_exactly_on_every_database(
    minh_hoa: Agency, hanh: User, agencies: int, each: str, sum_: str
) -> None:
    round_ = planned_round(minh_hoa, "MH-NHIEU")
    Agency.objects.bulk_create(
        Agency(
            code=f"MH.{number}", name=f"Sở {number}", kind=AgencyKind.DEPARTMENT, parent=minh_hoa
        )
        for number in range(agencies)
    )
    assert open_round(round=round_, by=hanh) == agencies
    definition = form_definition(form("PL2-KH-2022"))
    amount = next(row for row in definition.rows if row.kind == "amount")
    Figure.objects.bulk_create(
        Figure(submission=submission, row_id=amount.id, number=Decimal(each))
        for submission in round_.submissions.all()
    )
    round_.submissions.update(state="approved")
    found = total(round_, amount.key)
    assert found.number == Decimal(sum_)
    assert (found.reported, found.expected) == (agencies, agencies)


def test_only_approved_reports_are_added(
    report: Submission, noi_vu_report: Submission, commune_report: Submission
) -> None:
    approved(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "100"})
    typed(commune_report, {"1.1.3": "1000"})
    found = total(report.round, "1.1")
    assert (found.number, found.reported, found.expected) == (Decimal(3), 1, 3)


def test_two_forms_are_joined_by_indicator(report: Submission, commune_report: Submission) -> None:
    """1.1 of the departments' form and 1.1.3 of the commune's ask for the same."""
    approved(report, {"1.1": "3"})
    approved(commune_report, {"1.1.3": "4"})
    assert total(report.round, "1.1").number == Decimal(7)
    assert total(report.round, "1.1.3", "PL2-XA-QN-2022").number == Decimal(7)


def test_a_ratio_typed_on_one_form_joins_the_rows_of_another(
    report: Submission, commune_report: Submission
) -> None:
    approved(report, {"3.4.3.b": "100", "3.4.3.c": "90"})
    approved(commune_report, {"3.4.3": "30/50"})
    found = total(report.round, "3.4.3")
    assert found.parts is not None
    assert (found.parts.part, found.parts.whole) == (Decimal(120), Decimal(150))
    assert found.number == Decimal(80)


def test_a_vertical_agency_is_added_where_the_row_says_so(
    report: Submission, cong_an_report: Submission
) -> None:
    approved(report, {"1.1": "3", "3.1.4.a": "10"})
    approved(cong_an_report, {"1.1": "50", "3.1.4.a": "20"})
    assert total(report.round, "1.1").number == Decimal(3)
    assert total(report.round, "3.1.4.a").number == Decimal(30)


def test_the_designated_agency_gives_the_provinces_figure(
    report: Submission, noi_vu_report: Submission
) -> None:
    approved(report, {"4.1.3": "99"})
    approved(noi_vu_report, {"4.1.3": "2"})
    found = total(report.round, "4.1.3")
    assert (found.number, found.reported, found.expected) == (Decimal(2), 1, 1)


def test_a_communes_own_procedures_are_not_added(
    report: Submission, commune_report: Submission
) -> None:
    approved(report, {"3.1.2": "5"})
    approved(commune_report, {"3.1.1": "127"})
    assert total(report.round, "3.1.2").number == Decimal(5)


def test_nothing_anywhere_is_told_apart_from_silence(
    report: Submission, noi_vu_report: Submission
) -> None:
    approved(report, {"1.1": "không phát sinh", "1.5.a": "1"})
    approved(noi_vu_report, {"1.1": "không thuộc phạm vi", "1.5.a": "không phát sinh"})
    found = total(report.round, "1.1")
    assert (found.number, found.all_nil, found.reported, found.expected) == (None, True, 1, 2)
    assert total(report.round, "1.5.b").all_nil is False


def test_a_total_opens_to_the_cells_behind_it(
    report: Submission, noi_vu_report: Submission, cong_an_report: Submission
) -> None:
    approved(report, {"1.1": "3"})
    approved(cong_an_report, {"1.1": "50"})
    layout = form_definition(form("PL2-KH-2022"))
    found, parts = row_contributions(report.round, layout, layout.by_key["1.1"])
    assert found == total(report.round, "1.1")
    assert {(part.source.agency, part.standing, part.number) for part in parts} == {
        ("Sở Công Thương", Standing.COUNTED, Decimal(3)),
        ("Công an tỉnh", Standing.VERTICAL, None),
        ("Sở Nội vụ", Standing.NOT_HANDED_IN, None),
        ("UBND xã Minh An", Standing.NOT_HANDED_IN, None),
    }


def test_the_layouts_are_the_forms_of_the_round_the_provinces_own_first(
    open_quarter: Round,
) -> None:
    assert [version.code for version in layouts(open_quarter)] == [
        "PL2-KH-2022",
        "PL2-XA-QN-2022",
    ]


def test_an_empty_round_has_a_table_without_figures(minh_hoa: Agency) -> None:
    table = province_table(planned_round(minh_hoa, "MH-TRONG"), form("PL2-KH-2022"))
    assert (table.approved, table.expected, len(table.totals)) == (0, 0, 207)
    assert [total for total in table.totals if total.number is not None] == []


def test_a_later_approval_is_in_the_next_reading(
    report: Submission, noi_vu_report: Submission
) -> None:
    approved(report, {"1.1": "3"})
    assert total(report.round, "1.1").number == Decimal(3)
    approved(noi_vu_report, {"1.1": "4"})
    assert total(report.round, "1.1").number == Decimal(7)
