"""The frozen text of a handing in: the same figures give the same bytes, and say them again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.kinds import Capacity
from reporting.filing import (
    Filed,
    about_of,
    cells_of,
    content_of,
    differences,
    is_nil,
    sha256_of,
)
from reporting.snapshot import Cell, Detail, FigureStatus, SubmissionSnapshot
from tests.reporting.forms_by_hand import form_of, row

FILED = Filed(
    round="MH-2026-Q1",
    agency="MH.SCT",
    agency_name="Sở Công Thương",
    form="THU",
    form_hash="ab" * 32,
    capacity=Capacity.OWN.value,
    report_number="12/BC-SCT",
    report_date=date(2026, 3, 10),
)
FORM = form_of(row("1"), row("2"), row("3"))
HASH = "af08655d525f9036db67b17601762f04fa4b53cc8c441dd47443ed6ebf78f5bc"
NIL, OUT = Cell(status=FigureStatus.NIL), Cell(status=FigureStatus.OUT_OF_SCOPE)


def snapshot(cells: Mapping[str, Cell]) -> SubmissionSnapshot:
    return SubmissionSnapshot(form=FORM, cells=cells)


def test_the_text_and_its_hash_never_change() -> None:
    """Were this to fail, no receipt of the past could be checked any more."""
    text = content_of(FILED, snapshot({"1": Cell(number=Decimal("5356.0"), written="5.356")}))
    assert text == (
        '{"about":{"agency":"MH.SCT","agency_name":"Sở Công Thương","capacity":"own","form":"THU",'
        '"form_hash":"' + "ab" * 32 + '","received_on":"","report_date":"2026-03-10",'
        '"report_number":"12/BC-SCT","round":"MH-2026-Q1","signer_name":"","signer_title":""},'
        '"figures":{"1":{"number":"5356","reading":"as_is","status":"reported","written":"5.356"}},'
        '"scheme":1}'
    )
    assert sha256_of(text) == HASH


def test_the_order_in_which_figures_were_typed_says_nothing() -> None:
    one, other = Cell(number=Decimal(1)), Cell(number=Decimal(2))
    assert content_of(FILED, snapshot({"1": one, "2": other})) == content_of(
        FILED, snapshot({"2": other, "1": one})
    )


@pytest.mark.parametrize(
    "changed",
    [
        replace(FILED, agency_name="Sở Công thương"),
        replace(FILED, report_date=None),
        replace(FILED, received_on=date(2026, 3, 9)),
        replace(FILED, form_hash="cd" * 32),
    ],
)
def test_whatever_changes_changes_the_hash(changed: Filed) -> None:
    figures = snapshot({"1": Cell(number=Decimal(1))})
    assert sha256_of(content_of(changed, figures)) != sha256_of(content_of(FILED, figures))


cells = st.builds(
    Cell,
    number=st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-9999)
    | st.none(),
    note=st.text(max_size=20),
    choice=st.sampled_from(["", "1"]),
    details=st.lists(
        st.builds(Detail, label=st.text(min_size=1, max_size=9), number=st.none()), max_size=2
    ).map(tuple),
)


@given(st.dictionaries(st.sampled_from(["1", "2", "3"]), cells))
def test_what_was_frozen_is_read_back_as_it_was(stood: dict[str, Cell]) -> None:
    text = content_of(FILED, snapshot(stood))
    told = {key: cell for key, cell in stood.items() if not cell.is_empty}
    assert cells_of(text) == told
    assert content_of(FILED, snapshot(cells_of(text))) == text
    assert differences(FORM, cells_of(text), stood) == []


def test_what_stood_around_the_figures_is_read_back() -> None:
    about = about_of(content_of(FILED, snapshot({})))
    assert (about["agency_name"], about["report_date"], about["signer_name"]) == (
        "Sở Công Thương",
        "2026-03-10",
        "",
    )


def test_two_handings_in_differ_in_the_order_of_the_form() -> None:
    before = {"1": Cell(number=Decimal(3)), "3": Cell(number=Decimal(1), written="1")}
    after = {"3": Cell(number=Decimal(1), written="01"), "2": NIL, "1": Cell(number=Decimal(4))}
    found = differences(FORM, before, after)
    assert [(one.row.key, one.before.number, one.after.status) for one in found] == [
        ("1", Decimal(3), FigureStatus.REPORTED),
        ("2", None, FigureStatus.NIL),
    ]


@pytest.mark.parametrize(
    ("stood", "expected"),
    [
        ({}, False),
        ({"1": NIL}, True),
        ({"1": NIL, "2": OUT}, True),
        ({"1": OUT}, False),
        ({"1": NIL, "2": Cell(number=Decimal(0))}, False),
        ({"1": NIL, "2": Cell(status=FigureStatus.NOTE, note="Chờ số")}, True),
    ],
)
def test_a_report_of_nothing_says_so_everywhere(stood: Mapping[str, Cell], expected: bool) -> None:
    assert is_nil(snapshot(stood)) is expected
