"""A province's figures that follow from others of its table."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from indicators.formulas import Ratio, parse
from indicators.kinds import AcrossAgencies, Kind
from reporting.calculations.totals import Total
from reporting.documents.formats import xlsx
from reporting.printing.appendix import Appendix, Computed, Heading, province_appendix
from reporting.printing.live import with_formulas
from tests.documents.forms import form, row
from tests.documents.readers import excel_rows

RATE = "percent([2], [1])"
FORM = form(
    row("1", label="Đề ra"),
    row("2", label="Xong"),
    row("3", Kind.PERCENT, formula=RATE, across_agencies=AcrossAgencies.RATE),
    row("4", formula="[1] + [2]"),
)


def table(*numbers: str | None, parts: Ratio | None = None, all_nil: bool = False) -> Appendix:
    totals = [
        Total(one, None if number is None else Decimal(number), reported=2, expected=3)
        for one, number in zip(FORM.rows, numbers, strict=True)
    ]
    totals[1] = replace(totals[1], all_nil=all_nil)
    totals[2] = replace(totals[2], parts=parts)
    heading = Heading(agency="", place="", period="quý này")
    return with_formulas(province_appendix(FORM, totals, heading), FORM)


def computed(appendix: Appendix) -> list[str]:
    return [line.key for line in appendix.lines if line.computed]


def test_a_rate_over_rows_of_the_table_is_computed_from_them() -> None:
    found = table("27", "8", str(Decimal(800) / 27), "35")
    assert found.lines[2].computed == Computed(parse(RATE), 2)
    assert found.lines[3].computed == Computed(parse("[1] + [2]"), None)


def test_a_rate_whose_sums_reach_further_keeps_its_number_alone() -> None:
    found = table("27", "8", "31.25", "36", parts=Ratio(Decimal(10), Decimal(32)))
    assert computed(found) == []


@pytest.mark.parametrize("missing", [("27", None, "30", None), (None, "8", None, None)])
def test_what_is_not_there_is_not_computed(missing: tuple[str | None, ...]) -> None:
    assert computed(table(*missing)) == []


def test_nothing_arose_counts_as_zero() -> None:
    assert computed(table("27", None, "0", "27", all_nil=True)) == ["3", "4"]


def test_the_formula_in_the_workbook_shows_the_number_of_the_table() -> None:
    found = table("27", "8", str(Decimal(800) / 27), "35")
    content = xlsx.render(found)
    rows = excel_rows(content, 4)
    assert [read.figure for read in rows] == [Decimal(each) for each in ("27", "8", "29.63", "35")]
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    cells = [cell.value for (cell,) in sheet["D7:D10"]]
    assert cells[:2] == [27, 8]
    assert [str(cell)[:1] for cell in cells[2:]] == ["=", "="]
    assert "100*N(D8)/N(D7)" in str(cells[2])
