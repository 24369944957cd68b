"""A draft in the store and back, and as the definition that pages read, faults and all."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.catalogue.documents import definition, from_record, recorded
from indicators.catalogue.written import (
    INDICATOR_COLUMNS,
    ROW_COLUMNS,
    RULE_COLUMNS,
    Document,
    Line,
    blank_row,
    numbered,
)
from indicators.definition import FormDefinition, Option, RowDefinition, RuleDefinition
from indicators.formulas import Percent, Ref, parse_check
from indicators.kinds import AcrossAgencies, AcrossPeriods, Emphasis, Kind, Severity
from tests.indicators.sheets import HEAD, RULE, document, new_indicator, rows


def lines(columns: tuple[str, ...]) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries(dict.fromkeys(columns, st.text(max_size=5))), max_size=3)


proposals = st.dictionaries(
    st.text(max_size=5), st.dictionaries(st.text(max_size=5), st.text(max_size=5), min_size=1)
)


def draft(found: Document) -> FormDefinition:
    return definition(HEAD, found, version_id=7)


@given(lines(ROW_COLUMNS), lines(RULE_COLUMNS), lines(INDICATOR_COLUMNS), proposals)
def test_a_draft_comes_back_from_the_store_as_it_was(
    found_rows: list[Line],
    rules: list[Line],
    indicators: list[Line],
    said: dict[str, dict[str, str]],
) -> None:
    kept = Document(numbered(found_rows), rules, indicators, said)
    assert from_record(json.loads(json.dumps(recorded(kept)))) == kept


def test_rows_are_counted_anew_when_they_are_kept() -> None:
    kept = from_record(recorded(Document(rows()[::-1])))
    assert [row["position"] for row in kept.rows] == ["1", "2", "3", "4", "5"]
    assert [row["key"] for row in kept.rows] == ["1.2", "1.1.b", "1.1.a", "1.1", "1"]


def test_proposals_that_are_settled_are_not_kept() -> None:
    kept = recorded(replace(document(), proposals={"1": {}, "1.1": {"kind": "vì %"}}))
    assert kept["proposals"] == {"1.1": {"kind": "vì %"}}


@pytest.mark.parametrize("content", [None, {}, {"rows": []}])
def test_nothing_kept_is_an_empty_draft(content: dict[str, list[Line]] | None) -> None:
    assert from_record(content) == Document([], [], [])


def test_a_draft_older_than_a_column_has_it_empty() -> None:
    content = recorded(replace(document(rules=[RULE]), indicators=[new_indicator("moi.mot")]))
    for line, column in [
        *((row, "asked") for row in content["rows"]),
        (content["rules"][0], "instruction"),
        (content["indicators"][0], "legal_basis"),
    ]:
        del line[column]
    del content["proposals"]
    kept = from_record(content)
    assert kept.rows == rows()
    assert kept.rules == [{**RULE, "instruction": ""}]
    assert kept.indicators == [new_indicator("moi.mot")]
    assert kept.proposals == {}


def test_a_draft_reads_as_a_form() -> None:
    found = draft(document(rules=[RULE]))
    assert (found.id, found.code, found.form, found.content_hash) == (7, "THU-2026", "THU", "")
    assert (found.title, found.last_heading) == (HEAD.title, HEAD.last_heading)
    assert found.rules == (
        RuleDefinition(
            "dung-han",
            Severity.ERROR,
            RULE["condition"],
            parse_check(RULE["condition"]),
            RULE["sentence"],
            RULE["instruction"],
        ),
    )
    assert found.by_key["1.1"] == RowDefinition(
        id=2,
        position=2,
        key="1.1",
        stt="1.1",
        label="Tỷ lệ",
        unit="%",
        who_reports="Cơ quan báo cáo",
        parent="1",
        depth=1,
        section="1",
        kind=Kind.PERCENT,
        options=(),
        indicator="thu.ty_le",
        formula=Percent(Ref("1.1.b"), Ref("1.1.a")),
        across_agencies=AcrossAgencies.RATE,
        across_periods=AcrossPeriods.IN_PERIOD,
        asked=frozenset(),
        reporters=(),
        vertical=False,
        emphasis=Emphasis.PLAIN,
    )
    last = found.by_key["1.2"]
    assert last.options == (Option("0", "Trực tuyến"), Option("1", "Phát phiếu"))
    assert (last.designated, last.vertical, last.emphasis) == ("noi_vu", True, Emphasis.ITALIC)


def test_who_is_asked_is_read_as_words() -> None:
    found = draft(document("1.1.a", "asked", "so  huyen noi_vu")).by_key["1.1.a"]
    assert found.asked == {"so", "huyen", "noi_vu"}


def test_ids_are_positions() -> None:
    """Nothing is stored under them: a preview only needs each to be another."""
    assert [row.id for row in draft(document()).rows] == [1, 2, 3, 4, 5]


def test_a_row_knows_how_deep_it_stands_and_in_which_section() -> None:
    tree = {
        "1": "",
        "1.1": "1",
        "1.1.1": "1.1",
        "1.1.1.a": "1.1.1",
        "1.2": "1",
        "2": "",
        "2.1": "2",
    }
    found = draft(
        Document(
            [
                blank_row(key=key, parent=parent, label="x", kind="heading", across_agencies="none")
                for key, parent in tree.items()
            ]
        )
    )
    assert {row.key: (row.depth, row.section) for row in found.rows} == {
        "1": (0, "1"),
        "1.1": (1, "1"),
        "1.1.1": (2, "1"),
        "1.1.1.a": (3, "1"),
        "1.2": (1, "1"),
        "2": (0, "2"),
        "2.1": (1, "2"),
    }


@pytest.mark.parametrize(
    ("key", "column", "text", "read"),
    [
        ("1.1", "formula", "percent(", "formula"),
        ("1.2", "choices", "0=Không|Có", "options"),
    ],
)
def test_what_cannot_be_understood_yet_is_left_out(
    key: str, column: str, text: str, read: str
) -> None:
    whole, without = draft(document()), draft(document(key, column, text))
    assert getattr(whole.by_key[key], read)
    assert not getattr(without.by_key[key], read)
    assert [row for row in without.rows if row.key != key] == [
        row for row in whole.rows if row.key != key
    ]


@pytest.mark.parametrize("way", ["sum", "max", "choices"])
def test_a_way_that_a_kind_cannot_be_added_in_is_none(way: str) -> None:
    """Otherwise a preview would add percentages up."""
    found = draft(document("1.1", "across_agencies", way))
    assert found.by_key["1.1"].across_agencies is AcrossAgencies.NONE


@pytest.mark.parametrize(
    ("column", "text"), [("condition", "[1.1.a] <="), ("condition", ""), ("severity", "fatal")]
)
def test_a_rule_that_cannot_be_read_is_not_tried(column: str, text: str) -> None:
    good = {**RULE, "code": "tot"}
    found = draft(document(rules=[{**RULE, column: text}, good]))
    assert [rule.code for rule in found.rules] == ["tot"]


def test_of_two_rules_with_one_code_the_first_is_tried() -> None:
    """Findings are told apart by the code of their rule."""
    found = draft(document(rules=[RULE, {**RULE, "sentence": "Câu khác."}]))
    assert [rule.sentence for rule in found.rules] == [RULE["sentence"]]


def test_an_empty_draft_is_a_form_without_rows() -> None:
    assert draft(Document()).rows == ()
