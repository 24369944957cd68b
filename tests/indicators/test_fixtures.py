"""The five real forms, held to the papers they were transcribed from."""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from indicators import formulas
from indicators.catalogue.folders import read_table, read_version
from indicators.catalogue.problems import problems
from indicators.catalogue.reporters import handed_down, read_reporters
from indicators.catalogue.spelling import lowered
from indicators.catalogue.written import (
    FUNCTION_COLUMNS,
    INDICATOR_COLUMNS,
    LINK_COLUMNS,
    Document,
    Known,
    Line,
    VersionSheet,
)
from indicators.definition import FormDefinition
from indicators.kinds import Change, Meaning, Scope
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
# Rows whose reporter is not what the last column says, and why.
NOT_BY_THE_LAST_COLUMN = {
    # The form has no such column; the heading says "(thuộc thẩm quyền của Sở Nội vụ)".
    ("PL1-GL-2023", "I.4.1"): "noi_vu",
    ("PL1-GL-2023", "I.4.2"): "noi_vu",
    # Three bodies are named for the rate of three fields; each of its parts is the field of one.
    ("PL2-KH-2022", "3.4.4.a"): "tn_mt",
    ("PL2-KH-2022", "3.4.4.b"): "xay_dung",
    ("PL2-KH-2022", "3.4.4.c"): "kh_dt",
}
# Who filed the two papers with a last column, and the function they hold.
FILED = {
    "000_9572e72af2d5847b": ("PL2-KH-2022", "cong_thuong"),
    "002_9b72907d5d007b89": ("PL2-KH-2021", "tu_phap"),
}
# What every page of the papers repeats above its table.
HEADER = ("Chỉ tiêu thống kê", "Kết quả thống kê", "Đơn vị tính", "Số liệu", "STT")

with (Path(__file__).parent / "printed_rows.csv").open(encoding="utf-8", newline="") as lines:
    PRINTED = list(csv.DictReader(lines))
INDICATORS: Mapping[str, Line] = {
    line["code"]: line for line in read_table(FOLDER / "indicators.csv", INDICATOR_COLUMNS)
}
FUNCTIONS: Sequence[Line] = read_table(FOLDER / "functions.csv", FUNCTION_COLUMNS)
LINKS: Sequence[Line] = read_table(FOLDER / "links.csv", LINK_COLUMNS)
KINDS = {code: line["kind"] for code, line in INDICATORS.items()}


@pytest.fixture(params=ROWS)
def definition(request: pytest.FixtureRequest, db: None) -> FormDefinition:
    return form_definition(form(request.param))


@cache
def sheet(code: str) -> VersionSheet:
    return read_version(FOLDER / code)


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
    used: dict[str, int] = dict.fromkeys(INDICATORS, 0)
    for version in ROWS:
        for row in sheet(version).rows:
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
    written = sheet(code)
    known = Known(KINDS, {line["code"]: line["name"] for line in FUNCTIONS})
    assert problems(Document(written.rows, written.rules), known) == []


def test_a_joined_indicator_has_one_kind_on_all_its_forms() -> None:
    other = [
        (code, row["key"], row["kind"])
        for code in ROWS
        for row in sheet(code).rows
        if row["indicator"] and row["kind"] != KINDS[row["indicator"]]
    ]
    assert other == []


# Who reports


@pytest.mark.parametrize("code", ROWS)
def test_who_reports_is_what_the_last_column_says(code: str) -> None:
    rows = sheet(code).rows
    wrong = []
    for row, text in zip(rows, handed_down(rows), strict=True):
        said = read_reporters(text, FUNCTIONS)
        asked, reporter = ("", "") if row["kind"] == "heading" else (said.asked, said.reporter)
        reporter = NOT_BY_THE_LAST_COLUMN.get((code, row["key"]), reporter)
        if (row["asked"], row["reporter"]) != (asked, reporter):
            wrong.append((row["key"], row["asked"], row["reporter"], text))
    assert wrong == []


@pytest.mark.parametrize("code", ROWS)
def test_a_row_is_added_up_unless_one_body_alone_reports_it(code: str) -> None:
    rows = sheet(code).rows
    wrong = [
        row["key"]
        for row, text in zip(rows, handed_down(rows), strict=True)
        if row["kind"] != "heading"
        and (code, row["key"]) not in NOT_BY_THE_LAST_COLUMN
        and read_reporters(text, FUNCTIONS).is_designated
        != (row["across_agencies"] == "designated")
    ]
    assert wrong == []


@pytest.mark.parametrize("seed", FILED)
@pytest.mark.django_db
def test_what_a_department_filed_lies_within_what_it_is_asked(seed: str) -> None:
    code, function = FILED[seed]
    rows = form_definition(form(code)).by_key
    archive = settings.BASE_DIR / "fixtures" / "archive" / seed / "figures.csv"
    with archive.open(encoding="utf-8", newline="") as lines:
        filed = [line["key"] for line in csv.DictReader(lines) if line["status"] != "note"]
    outside = [key for key in filed if rows[key].scope("so", [function]) is Scope.OUTSIDE]
    assert outside == []


@pytest.mark.parametrize(
    ("key", "kind", "functions", "scope"),
    [
        ("2.1", "so", [], Scope.OWN),
        ("3.4.3.a", "huyen", [], Scope.OWN),
        ("3.4.3.a", "so", [], Scope.OUTSIDE),
        ("3.4.4", "so", ["xay_dung"], Scope.OWN),
        ("3.4.5.a", "nganh_doc", [], Scope.OWN),
        ("3.4.5.a", "huyen", [], Scope.OUTSIDE),
        ("4.1.1", "so", ["noi_vu"], Scope.PROVINCE),
        ("4.1.1", "so", [], Scope.OUTSIDE),
        ("7.5.2.a", "so", ["tttt"], Scope.OWN),
        ("7.5.2.a", "xa", [], Scope.OUTSIDE),
    ],
)
@pytest.mark.django_db
def test_a_row_of_2022_is_somebodys_own_the_provinces_or_not_asked(
    key: str, kind: str, functions: list[str], scope: Scope
) -> None:
    assert form_definition(form("PL2-KH-2022")).by_key[key].scope(kind, functions) is scope


def test_no_two_functions_are_called_alike() -> None:
    called = [lowered(name) for line in FUNCTIONS for name in line["called"].split("|")]
    assert len(called) == len(set(called))
    assert "" not in called


def test_every_function_has_its_own_code_and_a_name() -> None:
    codes = [line["code"] for line in FUNCTIONS]
    assert codes == sorted(set(codes))
    assert [line for line in FUNCTIONS if not line["name"]] == []


# What the indicators mean, and what came out of which


def labels(indicator: str) -> list[str]:
    """Return for each row of an indicator its label and those above it, as one text of letters."""
    found = []
    for code in ROWS:
        rows = {row["key"]: row for row in sheet(code).rows}
        for row in rows.values():
            if row["indicator"] != indicator:
                continue
            line = [row]
            while line[-1]["parent"]:
                line.append(rows[line[-1]["parent"]])
            found.append(letters(" ".join(each["label"] for each in line)))
    return found


def letters(text: str) -> str:
    return "".join(re.findall(r"[\w%+/]", text.casefold()))


def test_a_definition_quotes_the_forms_of_its_indicator() -> None:
    """All of them, unless it names those that it quotes."""
    invented = []
    for code, line in INDICATORS.items():
        enough = any if "biểu" in line["definition"].casefold() else all
        for quoted in re.findall("«([^»]*)»", line["definition"]):
            if not enough(letters(quoted) in label for label in labels(code)):
                invented.append((code, quoted))
    assert invented == []


def test_a_definition_is_a_quotation_or_the_way_of_computing() -> None:
    pattern = re.compile(
        "(?:(?:Biểu [^«»]*: )?«[^«»]*»(?:; (?:biểu [^«»]*: )?«[^«»]*»)*\\.)?"
        " ?(?:Tỷ lệ = 100 × [^«»]* ÷ [^«»]*\\.)?"
    )
    other = [line["definition"] for line in INDICATORS.values()]
    assert [text for text in other if not pattern.fullmatch(text)] == []


def test_a_rate_with_a_formula_says_it_in_the_words_of_its_rows() -> None:
    for code, line in INDICATORS.items():
        told = re.search("100 × (.*) ÷ (.*)", line["definition"])
        ways = [way for version in ROWS for way in computed(version, code)]
        assert bool(told) == bool(ways), code
        if told:
            part, whole = (letters(words) for words in told.groups())
            assert any(part in numerator and whole in below for numerator, below in ways), code


def computed(version: str, indicator: str) -> list[tuple[str, str]]:
    """Return the labels of part and whole, as letters, where a form computes the indicator."""
    rows = {row["key"]: row for row in sheet(version).rows}
    found = []
    for row in rows.values():
        if row["indicator"] == indicator and row["formula"]:
            part, whole = formulas.keys(formulas.parse(row["formula"]))
            found.append((letters(rows[part]["label"]), letters(rows[whole]["label"])))
    return found


def test_only_one_indicator_has_its_legal_basis_on_a_form() -> None:
    based = {code: line["legal_basis"] for code, line in INDICATORS.items() if line["legal_basis"]}
    assert based == {"chi_dao.danh_gia_can_bo.so_thang": "Chỉ thị số 12/CT-UBND ngày 26/5/2017"}
    for code, basis in based.items():
        assert all(letters(basis) in label for label in labels(code))


def test_links_lead_from_an_indicator_to_another_once() -> None:
    pairs = [(link["older"], link["newer"]) for link in LINKS]
    assert pairs == sorted(set(pairs))
    assert {code for pair in pairs for code in pair} <= INDICATORS.keys()
    # Nothing came out of itself, not even by way of others.
    assert {link["older"] for link in LINKS} & {link["newer"] for link in LINKS} == set()


def test_links_say_how_and_why_in_one_sentence() -> None:
    for link in LINKS:
        assert link["change"] in set(Change)
        assert link["note"].endswith(".")
        assert link["note"].count(". ") == 0


def test_a_link_breaks_the_series() -> None:
    """Where a rename keeps the meaning it is one indicator: the forms themselves show its names."""
    assert {link["meaning"] for link in LINKS} == {Meaning.BREAK}


def test_what_was_split_has_several_parts_and_what_was_merged_several_sources() -> None:
    for change, one, other in (("split", "older", "newer"), ("merged", "newer", "older")):
        links = [link for link in LINKS if link["change"] == change]
        for code in {link[one] for link in links}:
            assert len({link[other] for link in links if link[one] == code}) > 1


def test_a_newer_indicator_stands_on_no_form_before_the_older_one() -> None:
    since: dict[str, str] = {}
    for code in sorted(ROWS, key=lambda code: code[-4:]):
        for row in sheet(code).rows:
            since.setdefault(row["indicator"], code[-4:])
    assert [link for link in LINKS if since[link["newer"]] <= since[link["older"]]] == []
