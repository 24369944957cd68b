"""The hash of a form version: what it covers, by the scheme it was made under."""

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings

from indicators.catalogue.folders import read_version
from indicators.catalogue.written import (
    ROW_COLUMNS,
    RULE_COLUMNS,
    SCHEME,
    Line,
    VersionSheet,
    blank_row,
    numbered,
)
from tests.indicators.sheets import HEAD, RULE, as_released_before, head, rows, sheet

# What the release that did not ask who reports computed over the five forms.
FIRST_HASHES = {
    "BM7-2025": "e0c1d9f88303daf7889ae9e4a696070044374b1fd6b1ff70116f5daeae5956fe",
    "PL1-GL-2023": "770488a3d009749e9bb464454509d164553c1787c5adde13ec7fd645c8e43bc5",
    "PL2-KH-2021": "f09fca5fcaefc1cbadb054ee3524f21453fe3be9cfbbf6b203293ee9a3634a4c",
    "PL2-KH-2022": "9804622cdbf09ffab6243069b0ec981e2a9fe3d6af0ed5aa2d402a1a411e217f",
    "PL2-XA-QN-2022": "8a476ca365e6936048c16ce7c4c8c276dbc468032bf72ca65f88720e1074f927",
}


@pytest.mark.parametrize("code", FIRST_HASHES)
def test_the_first_scheme_gives_what_the_release_before_gave(code: str) -> None:
    """It holds as long as the real forms are completed by filling in only."""
    found = read_version(settings.BASE_DIR / "fixtures" / "catalogue" / code)
    assert as_released_before(found).content_hash(1) == FIRST_HASHES[code]


@pytest.mark.parametrize("scheme", [1, SCHEME])
def test_equal_content_has_the_same_hash(scheme: int) -> None:
    same = VersionSheet(HEAD, tuple(rows()))
    assert sheet().content_hash(scheme) == same.content_hash(scheme)


def test_the_schemes_give_different_hashes() -> None:
    assert sheet().content_hash(1) != sheet().content_hash(2)


@pytest.mark.parametrize("column", ROW_COLUMNS)
@pytest.mark.parametrize("key", [row["key"] for row in rows()])
def test_the_hash_changes_with_any_cell(key: str, column: str) -> None:
    assert sheet(key, column, "khác hẳn").content_hash() != sheet().content_hash()


@pytest.mark.parametrize("column", ROW_COLUMNS)
def test_the_first_scheme_knows_nothing_of_who_is_asked(column: str) -> None:
    changed = sheet("1.1", column, "khác hẳn").content_hash(1)
    assert (changed == sheet().content_hash(1)) is (column == "asked")


@pytest.mark.parametrize("column", RULE_COLUMNS)
def test_the_hash_changes_with_any_part_of_a_rule(column: str) -> None:
    changed = sheet(rules=[{**RULE, column: "khác hẳn"}])
    assert changed.content_hash() != sheet(rules=[RULE]).content_hash()
    assert changed.content_hash(1) == sheet().content_hash(1)


def test_the_hash_changes_with_the_number_and_order_of_rules() -> None:
    other = {**RULE, "code": "khac"}
    lists: list[list[Line]] = [[], [RULE], [RULE, other], [other, RULE]]
    assert len({sheet(rules=rules).content_hash() for rules in lists}) == 4


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in HEAD.__dataclass_fields__
        if name not in {"valid_from", "valid_to", "form_name"}
    ],
)
def test_the_hash_changes_with_any_entry_of_the_head(name: str) -> None:
    assert head(**{name: "khác hẳn"}).content_hash() != sheet().content_hash()


@pytest.mark.parametrize("scheme", [1, SCHEME])
def test_a_form_that_is_renamed_keeps_the_hash_of_its_editions(scheme: int) -> None:
    assert head(form_name="Tên mới").content_hash(scheme) == sheet().content_hash(scheme)


def test_the_hash_changes_with_its_days_of_validity() -> None:
    later = replace(HEAD, valid_from=date(2026, 1, 2))
    ended = replace(HEAD, valid_to=date(2026, 12, 31))
    hashes = {VersionSheet(changed, rows()).content_hash() for changed in (HEAD, later, ended)}
    assert len(hashes) == 3


def test_the_hash_changes_with_the_order_of_rows() -> None:
    assert VersionSheet(HEAD, rows()[::-1]).content_hash() != sheet().content_hash()


def test_text_moved_to_the_next_column_changes_the_hash() -> None:
    moved = rows()
    moved[2]["label"], moved[2]["unit"] = moved[2]["unit"], moved[2]["label"]
    assert VersionSheet(HEAD, moved).content_hash() != sheet().content_hash()


def test_a_blank_row_has_every_column_in_order() -> None:
    assert tuple(blank_row(key="1", label="Mục")) == ROW_COLUMNS
    assert {name: text for name, text in blank_row(key="1", label="Mục").items() if text} == {
        "key": "1",
        "label": "Mục",
    }


def test_rows_are_counted_anew_and_left_as_they_were() -> None:
    turned = rows()[::-1]
    assert [row["position"] for row in numbered(turned)] == ["1", "2", "3", "4", "5"]
    assert [row["key"] for row in numbered(turned)] == [row["key"] for row in turned]
    assert [row["position"] for row in turned] == ["5", "4", "3", "2", "1"]
