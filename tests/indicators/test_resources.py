"""The catalogue's tables through django-import-export: out, and in again."""

from collections.abc import Mapping

import pytest
import tablib
from django.db.models import CharField, Model
from pytest_django import DjangoAssertNumQueries

from indicators.actions.versions import load_indicators
from indicators.catalogue.problems import LONGEST, LONGEST_OF_INDICATOR, LONGEST_OF_RULE
from indicators.catalogue.written import INDICATOR_COLUMNS, ROW_COLUMNS
from indicators.models import FormVersion, Indicator, Row, Rule
from indicators.resources import IndicatorResource, NewIndicatorResource, RowResource
from tests.cast import form
from tests.indicators.sheets import indicator_lines, new_indicator, rows, spoilt

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty() -> FormVersion:
    """A version without rows, of a form that has others."""
    version = FormVersion.objects.get(code="BM7-2025")
    version.pk, version.code = None, "BM7-MOI"
    version.save()
    load_indicators(indicator_lines())
    return version


def table(lines: list[dict[str, str]]) -> tablib.Dataset:
    dataset = tablib.Dataset(*([line[column] for column in ROW_COLUMNS] for line in lines))
    dataset.headers = list(ROW_COLUMNS)
    return dataset


def test_rows_go_out_under_the_catalogues_columns() -> None:
    found = RowResource(form("PL2-KH-2022")).export()
    assert tuple(found.headers) == ROW_COLUMNS
    assert [found[place][1] for place in (0, 1, 206)] == ["1", "1.1", "7.9"]


def test_rows_come_in_as_they_went_out(empty: FormVersion) -> None:
    result = RowResource(empty).import_data(table(rows()))
    assert result.totals["new"] == 5
    assert list(RowResource(empty).export().dict) == rows()


def test_what_goes_out_comes_in_again_without_a_change(empty: FormVersion) -> None:
    RowResource(empty).import_data(table(rows()))
    before = list(Row.objects.filter(version=empty).order_by("pk").values())
    result = RowResource(empty).import_data(RowResource(empty).export())
    assert (result.totals["new"], result.totals["update"]) == (0, 5)
    assert list(Row.objects.filter(version=empty).order_by("pk").values()) == before


def test_a_row_that_moved_below_another_is_there_after_the_import(empty: FormVersion) -> None:
    RowResource(empty).import_data(table(rows()))
    for parent in ("1", ""):
        moved = spoilt("1.1.a", "parent", parent)
        RowResource(empty).import_data(table(moved))
        assert list(RowResource(empty).export().dict) == moved


def test_a_trial_leaves_nothing(empty: FormVersion) -> None:
    result = RowResource(empty).import_data(table(rows()), dry_run=True)
    assert result.totals["new"] == 5
    assert not empty.rows.exists()


@pytest.mark.parametrize(
    ("column", "text", "sentence"),
    [
        ("indicator", "thu.la", "Không có «thu.la»."),
        ("parent", "1.2", "Không có «1.2»."),
        # A row of another version is none of this one.
        ("parent", "4.3.1", "Không có «4.3.1»."),
    ],
)
def test_a_reference_to_nothing_is_told(
    empty: FormVersion, column: str, text: str, sentence: str
) -> None:
    result = RowResource(empty).import_data(table(spoilt("1.1.a", column, text)))
    [row] = result.invalid_rows
    assert (row.number, row.error.message_dict) == (3, {column: [sentence]})


@pytest.mark.parametrize(("column", "text"), [("unit", "x" * 201), ("kind", "number")])
def test_what_a_column_cannot_hold_is_refused_on_every_database(
    empty: FormVersion, column: str, text: str
) -> None:
    result = RowResource(empty).import_data(table(spoilt("1.1.a", column, text)))
    assert [list(row.error.message_dict) for row in result.invalid_rows] == [[column]]


def test_many_rows_take_as_many_queries_as_few(
    empty: FormVersion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lines = RowResource(form("PL1-GL-2023")).export()
    with django_assert_max_num_queries(25):
        RowResource(empty).import_data(lines)
    assert empty.rows.count() == 209


def indicators(*lines: dict[str, str]) -> tablib.Dataset:
    dataset = tablib.Dataset(*(tuple(line.values()) for line in lines))
    dataset.headers = list(INDICATOR_COLUMNS)
    return dataset


def test_indicators_are_added_changed_and_left() -> None:
    load_indicators(indicator_lines())
    first, second, *_ = indicator_lines()
    result = IndicatorResource().import_data(
        indicators(first, second | {"name": "Tên mới"}, new_indicator("moi.mot"))
    )
    assert (result.totals["new"], result.totals["update"], result.totals["skip"]) == (1, 1, 1)
    assert Indicator.objects.get(code=second["code"]).name == "Tên mới"
    assert Indicator.objects.get(code="moi.mot").name == "Mới"


def test_an_indicator_that_is_there_is_no_new_one() -> None:
    load_indicators(indicator_lines())
    before = list(Indicator.objects.order_by("pk").values())
    result = NewIndicatorResource().import_data(indicators(new_indicator("thu.tong_so")))
    assert result.has_errors()
    assert list(Indicator.objects.order_by("pk").values()) == before


def test_an_indicator_written_twice_is_refused() -> None:
    result = IndicatorResource().import_data(
        indicators(new_indicator("moi.mot"), new_indicator("moi.mot"))
    )
    assert result.has_errors()
    assert not Indicator.objects.filter(code="moi.mot").exists()


@pytest.mark.parametrize(
    ("model", "longest"),
    [(Row, LONGEST), (Rule, LONGEST_OF_RULE), (Indicator, LONGEST_OF_INDICATOR)],
)
def test_what_is_too_long_is_told_before_a_column_refuses_it(
    model: type[Model], longest: Mapping[str, int]
) -> None:
    """SQLite would keep any length. Words out of lists are as long as their lists."""
    columns = {field.name: field for field in model._meta.fields}
    assert {
        name: field.max_length
        for name, field in columns.items()
        if isinstance(field, CharField) and not field.choices
    } == {name: most for name, most in longest.items() if not columns[name].is_relation}


def test_the_code_of_an_indicator_fits_wherever_it_is_written() -> None:
    assert LONGEST["indicator"] == Indicator._meta.get_field("code").max_length
