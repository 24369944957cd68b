"""A form version goes out as a workbook and comes back the same."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from indicators.catalogue.files import read_file
from indicators.catalogue.titles import ALL_VOCABULARIES, TITLES
from indicators.catalogue.workbooks import GUIDE, HELP, SHEETS, TABLES, write_csv
from indicators.catalogue.written import Document
from indicators.words import clean
from tests.indicators.catalogue.books import FOLDER, FORMS, draft, form, own_workbook

RULE = {
    "code": "tong-so",
    "severity": "warning",
    "condition": "[1.5.b] + [1.5.c] <= [1.5.a]",
    "missing": "",
    "sentence": "Số đã xong nhiều hơn số được giao.",
    "instruction": "Xem lại hai số.",
}
INDICATOR = {
    "code": "thu.moi",
    "name": "Chỉ tiêu mới",
    "unit": "Hồ sơ",
    "kind": "count",
    "definition": "Gồm mọi hồ sơ.",
    "legal_basis": "",
}
ROW = {"key": "1", "label": "Số hồ sơ", "kind": "count", "across_agencies": "sum"}

# Text as the store holds it: composed, without idle space and unseen signs.
clean_text = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@'\"_x0041<>&\n \tĐạ1.0,;|"), st.characters(exclude_categories=["Cs"])
    ),
    max_size=40,
).map(clean)


def sheet(content: bytes, name: str = SHEETS["rows"]) -> Worksheet:
    found = load_workbook(BytesIO(content))[name]
    assert isinstance(found, Worksheet)
    return found


def cell(found: Worksheet, column: str, row: int) -> str:
    """Return the coordinate of a column of the sheet of rows."""
    return f"{found.cell(row, TABLES['rows'].index(column) + 1).coordinate}"


def rules_of_input(found: Any) -> list[Any]:
    return list(found.data_validations.dataValidation)


@pytest.mark.parametrize("code", FORMS)
def test_a_form_comes_back_from_its_workbook_as_it_went_out(code: str) -> None:
    document = form(code)[1]
    reading = read_file("danh-muc.xlsx", own_workbook(document), base=Document())
    assert reading.document == document
    assert (reading.table, reading.faults, reading.sheet) == (None, (), "Dòng chỉ tiêu")


@pytest.mark.parametrize("code", FORMS)
def test_the_csv_is_the_file_of_the_catalogue_to_the_byte(code: str) -> None:
    document = form(code)[1]
    content = write_csv(document)
    assert content == (FOLDER / code / "rows.csv").read_bytes()
    reading = read_file("rows.csv", content, base=Document())
    assert (reading.document.rows, reading.faults) == (document.rows, ())


def test_rules_and_new_indicators_come_back_as_well() -> None:
    document = Document(draft(ROW).rows, [RULE], [INDICATOR])
    reading = read_file("a.xlsx", own_workbook(document), base=Document())
    assert (reading.document, reading.faults) == (document, ())


@settings(max_examples=40, deadline=None)
@given(label=clean_text, stt=clean_text, unit=clean_text)
def test_any_clean_text_comes_back_from_the_workbook(label: str, stt: str, unit: str) -> None:
    document = draft({**ROW, "label": label, "stt": stt, "unit": unit})
    reading = read_file("a.xlsx", own_workbook(document), base=Document())
    assert (reading.document, reading.faults) == (document, ())


@settings(max_examples=40, deadline=None)
@given(label=clean_text, stt=clean_text, unit=clean_text)
@example(label="", stt=";\n0", unit=";")
def test_any_clean_text_comes_back_from_the_csv(label: str, stt: str, unit: str) -> None:
    document = draft({**ROW, "label": label, "stt": stt, "unit": unit})
    assert read_file("a.csv", write_csv(document), base=Document()).document.rows == document.rows


def test_every_column_has_a_title_and_a_sentence_of_help() -> None:
    columns = {column for columns in TABLES.values() for column in columns}
    assert set(TITLES) == set(HELP) == columns
    assert all(sentence.endswith(".") for sentence in HELP.values())
    for names in TABLES.values():
        assert len({TITLES[column] for column in names}) == len(names)


def test_cells_hold_words_as_text_and_no_formula() -> None:
    row = {**ROW, "stt": "1.10", "label": "=1+1", "kind": "percent", "vertical": "1"}
    found = sheet(own_workbook(draft({**row, "across_periods": "stock", "emphasis": "bold"})))
    said = {
        column: found[cell(found, column, 2)]
        for column in ("stt", "label", "kind", "across_periods", "emphasis", "vertical")
    }
    assert {column: found.value for column, found in said.items()} == {
        "stt": "1.10",
        "label": "=1+1",
        "kind": "tỷ lệ %",
        "across_periods": "thời điểm",
        "emphasis": "đậm",
        "vertical": "có",
    }
    assert {found.data_type for found in said.values()} == {"s"}
    assert {found.number_format for found in said.values()} == {"@"}


def test_another_library_reads_the_same_text() -> None:
    content = own_workbook(draft({**ROW, "stt": "1.10", "label": "=A1 _x0041_"}))
    rows = CalamineWorkbook.from_object(BytesIO(content)).get_sheet_by_name("Dòng chỉ tiêu")
    assert rows.to_python()[1][1:4] == ["1", "1.10", "=A1 _x0041_"]


def test_what_is_typed_below_the_last_line_is_text_too() -> None:
    found = sheet(own_workbook(draft(ROW)))
    formats = {found.column_dimensions[letter].number_format for letter in "ABCDEFGHIJKLMNOPQ"}
    assert formats == {"@"}


def test_titles_stay_in_sight_and_explain_themselves() -> None:
    found = sheet(own_workbook(draft(ROW)))
    titles = [found.cell(1, place + 1) for place in range(len(TABLES["rows"]))]
    assert [title.value for title in titles] == [TITLES[column] for column in TABLES["rows"]]
    assert [title.comment.text for title in titles if title.comment] == [
        HELP[column] for column in TABLES["rows"]
    ]
    assert (found.freeze_panes, found.auto_filter.ref) == ("A2", "A1:Q2")


def test_words_of_closed_lists_are_offered_to_choose_from() -> None:
    content = own_workbook(draft(ROW))
    offered = {
        str(rule.sqref): rule.formula1
        for name in ("rows", "rules", "indicators")
        for rule in rules_of_input(sheet(content, SHEETS[name]))
    }
    lists = {
        column: f'"{",".join(member.label for member in words)}"'
        for column, words in ALL_VOCABULARIES.items()
    }
    assert offered == {
        "H2:H1001": lists["kind"],
        "L2:L1001": lists["across_agencies"],
        "M2:M1001": lists["across_periods"],
        "P2:P1001": '"có"',
        "Q2:Q1001": lists["emphasis"],
        "B2:B1001": lists["severity"],
        "D2:D1001": lists["kind"],
    }
    assert max(map(len, lists.values())) < 255  # the most that Excel takes


def test_the_guide_lists_what_columns_mean_and_which_codes_there_are() -> None:
    found = sheet(own_workbook(draft(ROW)), GUIDE)
    said = {row[0].value: row[1].value for row in found.iter_rows()}
    assert said["Danh mục THU-2026: Biểu thử"] is None
    assert said["Khóa *"] == HELP["key"]
    assert said["Công thức"] == HELP["formula"]
    assert (said["huyen"], said["noi_vu"], said["số đếm"]) == (
        "UBND cấp huyện",
        "Nội vụ",
        "mã count",
    )
