"""The five real forms, held to the papers they were transcribed from."""

import csv
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings

from indicators import formulas
from indicators.catalogue import INDICATOR_COLUMNS, problems, read_table, read_version
from indicators.definition import FormDefinition
from indicators.queries.definitions import form_definition
from tests.cast import form

FOLDER = settings.BASE_DIR / "fixtures" / "catalogue"
ROWS = {
    "PL2-KH-2022": 207,
    "PL2-KH-2021": 160,
    "PL1-GL-2023": 209,
    "BM7-2025": 25,
    "PL2-XA-QN-2022": 121,
}
ON_TIME_AT_PROVINCIAL_AGENCIES = {
    "PL2-KH-2022": "3.4.1",
    "PL2-KH-2021": "3.4.6.a",
    "PL1-GL-2023": "III.3.1",
    "PL2-XA-QN-2022": "3.4.1",
}
# What every page of the papers repeats above its table.
HEADER = ("Chỉ tiêu thống kê", "Kết quả thống kê", "Đơn vị tính", "Số liệu", "STT")

with (Path(__file__).parent / "printed_rows.csv").open(encoding="utf-8", newline="") as lines:
    PRINTED = list(csv.DictReader(lines))


@pytest.fixture(params=ROWS)
def definition(request: pytest.FixtureRequest, db: None) -> FormDefinition:
    return form_definition(form(request.param))


def indicators() -> Mapping[str, str]:
    table = read_table(FOLDER / "indicators.csv", INDICATOR_COLUMNS)
    return {line["code"]: line["kind"] for line in table}


def test_the_folders_are_the_five_forms() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(ROWS)


def test_each_form_has_as_many_rows_as_its_paper(definition: FormDefinition) -> None:
    assert len(definition.rows) == ROWS[definition.code]


@pytest.mark.parametrize(
    "line", PRINTED, ids=[f"{line['version']}-{line['key']}" for line in PRINTED]
)
@pytest.mark.django_db
def test_a_row_stands_as_on_the_paper(line: Mapping[str, str]) -> None:
    row = form_definition(form(line["version"])).by_key[line["key"]]
    assert {
        "version": line["version"],
        "key": row.key,
        "stt": row.stt,
        "label": row.label,
        "unit": row.unit,
        "last_column": row.who_reports,
    } == line


def test_the_first_and_the_last_row_are_those_of_the_paper(definition: FormDefinition) -> None:
    printed = [line["key"] for line in PRINTED if line["version"] == definition.code]
    assert [definition.rows[0].key, definition.rows[-1].key] == [printed[0], printed[-1]]


def test_no_header_of_a_page_break_became_a_row(definition: FormDefinition) -> None:
    assert [row.key for row in definition.rows if row.label in HEADER or row.unit in HEADER] == []


def test_no_half_of_a_row_cut_by_a_page_break_is_left(definition: FormDefinition) -> None:
    """A second half would begin in lower case or have no label at all."""
    halves = [row.key for row in definition.rows if not row.label.lstrip("- ")[:1].isupper()]
    assert halves == []


def test_all_text_is_composed(definition: FormDefinition) -> None:
    texts = [text for row in definition.rows for text in (row.label, row.unit, row.who_reports)]
    assert [text for text in texts if text != unicodedata.normalize("NFC", text)] == []


def test_there_are_301_indicators_and_152_join_forms() -> None:
    used: dict[str, int] = dict.fromkeys(indicators(), 0)
    for version in ROWS:
        for row in read_version(FOLDER / version).rows:
            if row["indicator"]:
                used[row["indicator"]] += 1
    assert len(used) == 301
    assert sum(times >= 2 for times in used.values()) == 152
    assert [code for code, times in used.items() if times == 0] == []


def test_no_indicator_stands_twice_in_a_form(definition: FormDefinition) -> None:
    codes = [row.indicator for row in definition.rows if row.indicator]
    assert len(codes) == len(set(codes))


def test_the_on_time_rate_of_provincial_agencies_joins_four_forms(db: None) -> None:
    found = {}
    for code in ROWS:
        row = form_definition(form(code)).by_indicator.get("tthc.dung_han.cap_tinh.ty_le")
        if row is not None:
            found[code] = row.key
    assert found == ON_TIME_AT_PROVINCIAL_AGENCIES


def test_every_formula_reads_rows_of_its_own_form(definition: FormDefinition) -> None:
    asked = {
        key
        for row in definition.rows
        if row.formula is not None
        for key in formulas.keys(row.formula)
    }
    assert asked - definition.by_key.keys() == set()


def test_no_formula_reads_a_computed_row_or_a_heading(definition: FormDefinition) -> None:
    """A rate of rates would be evaluated over what is filed, which is nothing."""
    asked = [
        definition.by_key[key]
        for row in definition.rows
        if row.formula is not None
        for key in formulas.keys(row.formula)
    ]
    assert [row.key for row in asked if not row.is_typed] == []


@pytest.mark.parametrize("code", ROWS)
def test_the_files_have_no_problem(code: str) -> None:
    assert list(problems(read_version(FOLDER / code), indicators())) == []


def test_a_joined_indicator_has_one_kind_on_all_its_forms() -> None:
    kinds = indicators()
    other = [
        (code, row["key"], row["kind"])
        for code in ROWS
        for row in read_version(FOLDER / code).rows
        if row["indicator"] and row["kind"] != kinds[row["indicator"]]
    ]
    assert other == []
