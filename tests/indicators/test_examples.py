"""The page on how conditions are written says how they are written."""

import re

import pytest

from indicators.formulas import LONGEST, BadFormula, parse_check
from indicators.formulas.examples import WRITINGS, Writing

OPERATIONS = {
    *("percent", "abs", "min", "max", "if", "and", "or", "not"),
    *("children", "previous", "last_year", "year_to_date", "elsewhere", "chosen", "given"),
}


def operations(writing: Writing) -> list[str]:
    """Return the words that a writing explains."""
    return re.findall("[a-z_]+(?=[(])|(?<=… )[a-z]+(?= …)", writing.form)


@pytest.mark.parametrize("writing", WRITINGS, ids=lambda one: one.form)
def test_an_example_can_be_read_and_uses_what_it_explains(writing: Writing) -> None:
    parse_check(writing.example)
    assert [word for word in operations(writing) if word not in writing.example] == []
    assert len(writing.example) < LONGEST


def test_every_operation_is_explained_and_no_other() -> None:
    assert {word for writing in WRITINGS for word in operations(writing)} == OPERATIONS


def test_the_language_offers_these_operations() -> None:
    with pytest.raises(BadFormula) as refused:
        parse_check("nhieu_hon([1], [2])")
    assert [word for word in OPERATIONS - {"and", "or"} if word not in str(refused.value)] == []


def test_every_comparison_is_explained() -> None:
    told = " ".join(writing.form for writing in WRITINGS).split()
    assert [sign for sign in ("=", "<>", "<", "<=", ">", ">=") if sign not in told] == []
