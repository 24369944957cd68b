"""What people write in number cells: read exactly, or refused with a sentence, never guessed."""

import csv
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.kinds import Kind
from reporting.numbers import (
    LARGEST,
    Number,
    Unreadable,
    decimals_of,
    read,
    rounded,
    write,
)

NUMBER_KINDS = (Kind.COUNT, Kind.PERCENT, Kind.AMOUNT)


def _unescaped(text: str) -> str:
    r"""Signs that cannot be told from others in a table are written there as \u00a0."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


with (Path(__file__).parent / "numbers.csv").open(encoding="utf-8", newline="") as lines:
    CASES = [
        {name: _unescaped(text) for name, text in line.items()} for line in csv.DictReader(lines)
    ]
READ = [case for case in CASES if not case["refusal"]]
REFUSED = [case for case in CASES if case["refusal"]]


def _id(case: Mapping[str, str]) -> str:
    return f"{case['kind']}:{case['text']}"


@pytest.mark.parametrize("case", READ, ids=_id)
def test_a_writing_is_read_as_the_table_says(case: Mapping[str, str]) -> None:
    assert read(case["text"], Kind(case["kind"])) == Number(
        Decimal(case["value"]),
        changed=case["changed"] == "yes",
        numerator=Decimal(case["numerator"]) if case["numerator"] else None,
        denominator=Decimal(case["denominator"]) if case["denominator"] else None,
    )


@pytest.mark.parametrize("case", REFUSED, ids=_id)
def test_a_writing_is_refused_as_the_table_says(case: Mapping[str, str]) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(case["text"], Kind(case["kind"]))
    assert case["refusal"] in str(refusal.value)


@pytest.mark.parametrize("case", REFUSED, ids=_id)
def test_a_refusal_is_a_whole_sentence(case: Mapping[str, str]) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(case["text"], Kind(case["kind"]))
    assert str(refusal.value)[0] in "«N"
    assert str(refusal.value).endswith(".")


def test_an_empty_text_is_no_number() -> None:
    with pytest.raises(Unreadable, match="không phải là số"):
        read("", Kind.COUNT)


counts = st.integers(0, int(LARGEST)).map(Decimal)
percents = st.integers(0, 10_000).map(lambda cents: Decimal(cents) / 100)
amounts = st.integers(0, int(LARGEST) * 1000).map(lambda thousandths: Decimal(thousandths) / 1000)


def _may_be_thousands(amount: Decimal) -> bool:
    return 1 <= amount < 1000 and decimals_of(amount) == 3


@given(counts)
def test_a_written_count_is_read_back(number: Decimal) -> None:
    assert read(write(number), Kind.COUNT).value == number


@given(percents)
def test_a_written_percentage_is_read_back(number: Decimal) -> None:
    assert read(write(number), Kind.PERCENT).value == number


@given(st.one_of(amounts, st.integers(0, 2_000_000).map(lambda amount: Decimal(amount) / 1000)))
def test_a_written_amount_is_read_back_or_refused_but_never_misread(number: Decimal) -> None:
    if _may_be_thousands(number):
        with pytest.raises(Unreadable, match="hãy ghi"):
            read(write(number), Kind.AMOUNT)
        assert read(write(number) + "0", Kind.AMOUNT).value == number
    else:
        assert read(write(number), Kind.AMOUNT).value == number


@given(st.text(max_size=70), st.sampled_from(NUMBER_KINDS))
def test_any_text_is_read_or_refused(text: str, kind: Kind) -> None:
    """Anything but Unreadable would be an error of the server."""
    try:
        number = read(text, kind)
    except Unreadable:
        return
    assert 0 <= number.value <= LARGEST


@given(st.text("0123456789.,/%=- \u00a0", max_size=20), st.sampled_from(NUMBER_KINDS))
def test_what_is_read_has_the_decimals_and_digits_of_its_kind(text: str, kind: Kind) -> None:
    try:
        number = read(text, kind)
    except Unreadable:
        return
    assert decimals_of(number.value) <= {Kind.COUNT: 0, Kind.PERCENT: 2, Kind.AMOUNT: 3}[kind]
    assert 0 <= number.value <= (100 if kind is Kind.PERCENT else LARGEST)


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        ("29.625", 2, "29.63"),
        ("29.6249", 2, "29.62"),
        ("0.125", 2, "0.13"),
        ("0.135", 2, "0.14"),
        ("45.2685", 2, "45.27"),
        ("99.995", 2, "100.00"),
        ("5356", 2, "5356.00"),
        ("2.5", 0, "3"),
    ],
)
def test_halves_are_rounded_up(number: str, places: int, expected: str) -> None:
    assert str(rounded(Decimal(number), places)) == expected


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("0.000", "0"),
        ("999", "999"),
        ("1000", "1.000"),
        ("1E+3", "1.000"),
        ("0.5", "0,5"),
        ("1234567.125", "1.234.567,125"),
        ("100.00", "100"),
        ("-19", "-19"),
    ],
)
def test_a_number_is_written_the_vietnamese_way(number: str, text: str) -> None:
    assert write(Decimal(number)) == text
