"""What people write in number cells: read exactly, or refused with a sentence, never guessed."""

import csv
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.kinds import AcrossAgencies, Kind
from indicators.words import clean
from reporting.entry import box_text, read_cell
from reporting.numbers import (
    LARGEST,
    Number,
    Unreadable,
    decimals_of,
    is_rounding,
    places_written,
    read,
    rounded,
    write,
)
from reporting.snapshot import EMPTY
from tests.reporting.forms_by_hand import row

NUMBER_KINDS = (Kind.COUNT, Kind.PERCENT, Kind.AMOUNT)
ROWS = {
    **{kind: row("a", kind) for kind in NUMBER_KINDS},
    Kind.CHOICE: row("a", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có|2=Một phần"),
    Kind.TEXT: row("a", Kind.TEXT, AcrossAgencies.NONE),
}


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


# Ten thousand writings and more, near enough to numbers that many are read

# Digits, and what stands among them, several times: a writing of strange signs alone is no test.
GROUPS = ["000", "125", "1.000", "0,125", ",125", ".500,25", "34/43", "99", "100"]
USUAL = [*"0123456789" * 4, *GROUPS * 2, *".,.,.,/%= \u00a0-" * 2]
SPACES = "\t\n\r\u2007\u2009\u202f\u3000\u200b\ufeff"
SIGNS = "−–+±‰％/⁄:٫٬'’()≥~×x*"
# Full-width, Arabic, Persian and raised digits; letters; marks that join the letter before or turn
# the direction; signs outside the first plane.
STRANGE = "５٣۳²½đĐơaEe\u0301\u0323\u0336\u200e\u200f\u202e\u2066\u061c😀🇻🇳\u0000\ufffd"
PIECES = [*USUAL, *SPACES, *SIGNS, *STRANGE]
# One draw for a whole writing: a tenth of the time of a list of draws, and it shrinks as well.
WRITINGS = st.binary(min_size=1, max_size=9).map(
    lambda drawn: "".join(PIECES[place % len(PIECES)] for place in drawn)
)


def _read_or_refused(text: str, kind: Kind) -> Number | None:
    """Read ``text``; None where it is refused."""
    try:
        return read(text, kind)
    except Unreadable:
        return None


def _shown(number: Decimal, kind: Kind) -> str:
    """Write ``number`` as a person would who has been asked about thousandths."""
    return write(number) + "0" * (kind is Kind.AMOUNT and _may_be_thousands(number))


@given(WRITINGS, st.sampled_from(NUMBER_KINDS))
@settings(max_examples=5000)
def test_whatever_is_read_survives_writing_and_reading(text: str, kind: Kind) -> None:
    number = _read_or_refused(text, kind)
    if number is not None:
        assert read(_shown(number.value, kind), kind).value == number.value


@given(WRITINGS, st.sampled_from(NUMBER_KINDS))
@settings(max_examples=3000)
def test_whatever_is_refused_is_refused_with_a_whole_sentence(text: str, kind: Kind) -> None:
    if _read_or_refused(text, kind) is None:
        with pytest.raises(Unreadable, match=r"(?s)^[«N].{30,}[^.]\.$"):
            read(text, kind)


@given(WRITINGS, st.sampled_from(list(ROWS)))
@settings(max_examples=5000)
def test_whatever_a_box_takes_says_the_same_when_read_from_the_box(text: str, kind: Kind) -> None:
    row = ROWS[kind]
    try:
        cell = read_cell(clean(text), row, EMPTY)
    except Unreadable:
        return
    box = box_text(cell, row)
    if cell.number is not None and cell.numerator is None:
        assert box == write(cell.number)
        box = _shown(cell.number, kind)
    assert read_cell(clean(box), row, EMPTY).says_same_as(cell)


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.sampled_from(["/", " / ", "/\u00a0"]))
@settings(max_examples=500)
def test_a_fraction_keeps_both_its_numbers_in_the_box(one: int, other: int, slash: str) -> None:
    part, whole = sorted((Decimal(one), Decimal(other)))
    typed = f"={write(part)}{slash}{write(whole)} %"
    cell = read_cell(typed, ROWS[Kind.PERCENT], EMPTY)
    assert (cell.numerator, cell.denominator) == (part, whole)
    again = read(box_text(cell, ROWS[Kind.PERCENT]), Kind.PERCENT)
    assert (again.numerator, again.denominator, again.value) == (part, whole, cell.number)


@pytest.mark.parametrize("kind", NUMBER_KINDS)
def test_many_of_the_writings_tried_are_read_and_many_refused(kind: Kind) -> None:
    """Else the properties above would hold of nothing."""
    found: list[bool] = []

    @given(WRITINGS)
    @settings(max_examples=400)
    def count(text: str) -> None:
        found.append(_read_or_refused(text, kind) is not None)

    count()
    assert len(found) / 50 < sum(found) < len(found) * 2 / 3


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


# Rounded or cut, to the places that are written


@pytest.mark.parametrize(
    ("exact", "places", "right"),
    [
        ("29.629", 0, ["29", "30"]),
        ("29.629", 1, ["29.6"]),
        ("29.629", 2, ["29.62", "29.63"]),
        ("29.65", 1, ["29.6", "29.7"]),
        ("29.65", 2, ["29.65"]),
        # Half up, as the offices do; not to the even one.
        ("12.5", 0, ["12", "13"]),
        ("13.5", 0, ["13", "14"]),
        ("12.49", 0, ["12"]),
        ("99.995", 2, ["99.99", "100"]),
        ("100", 0, ["100"]),
        ("100", 2, ["100"]),
        ("0", 2, ["0"]),
        ("0.004", 2, ["0"]),
        ("0.005", 2, ["0", "0.01"]),
        ("66.66666666666666666666666667", 2, ["66.66", "66.67"]),
        ("-2.5", 0, ["-2", "-3"]),
    ],
)
def test_what_is_rounded_or_cut_is_right_and_nothing_else(
    exact: str, places: int, right: list[str]
) -> None:
    unit = Decimal(1).scaleb(-places)
    nearest = rounded(Decimal(exact), places)
    tried = [nearest + step * unit for step in range(-3, 4)]
    assert [one for one in tried if is_rounding(one, Decimal(exact), places)] == sorted(
        map(Decimal, right)
    )


def test_more_places_than_are_compared_are_another_number() -> None:
    assert not is_rounding(Decimal("29.63"), Decimal("29.629"), 1)
    assert is_rounding(Decimal("29.630"), Decimal("29.629"), 2)


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 2))
def test_a_rate_rounded_or_cut_is_within_one_unit_of_its_last_place(
    part: int, whole: int, places: int
) -> None:
    exact, unit = Decimal(100 * part) / whole, Decimal(1).scaleb(-places)
    cut = (exact // unit) * unit
    right = [one for one in (cut - unit, cut, cut + unit) if is_rounding(one, exact, places)]
    assert cut in right
    assert rounded(exact, places) in right
    assert all(abs(one - exact) < unit for one in right)


@pytest.mark.parametrize(
    ("written", "kind", "places"),
    [
        ("97", Kind.PERCENT, 0),
        ("97 %", Kind.PERCENT, 0),
        ("97,2", Kind.PERCENT, 1),
        ("97,2%", Kind.PERCENT, 1),
        ("97,20 %", Kind.PERCENT, 2),
        ("=97,20%", Kind.PERCENT, 2),
        ("97.20", Kind.PERCENT, 2),
        ("0,00", Kind.PERCENT, 2),
        ("100,0 % ", Kind.PERCENT, 1),
        # A dot of thousands is none of decimals.
        ("5.356", Kind.COUNT, 0),
        ("5.356", Kind.AMOUNT, 0),
        ("5.356,25", Kind.AMOUNT, 2),
        ("12,50", Kind.AMOUNT, 1),
    ],
)
def test_places_are_counted_as_they_were_written(written: str, kind: Kind, places: int) -> None:
    assert places_written(written, read(written, kind).value, kind) == places


@pytest.mark.parametrize(
    ("written", "number", "places"),
    [
        ("", "97.25", 2),
        ("", "97.20", 1),
        ("", "97", 0),
        ("34/43", "79.07", 2),
        ("1/2", "50", 0),
        # The dots are of thousands.
        ("1.235/5.356", "23.06", 2),
        ("=500/1.000", "50", 0),
    ],
)
def test_where_no_decimals_are_written_the_number_says_how_many(
    written: str, number: str, places: int
) -> None:
    assert places_written(written, Decimal(number), Kind.PERCENT) == places


@pytest.mark.parametrize("zeros", [0, 1, 2, 27, 50])
def test_idle_zeros_are_no_places(zeros: int) -> None:
    """As many as fit into a box: more places than a Decimal has digits are an error."""
    written = f"29,63{'0' * zeros}"
    places = places_written(written, read(written, Kind.PERCENT).value, Kind.PERCENT)
    assert places == 2
    assert is_rounding(Decimal("29.63"), Decimal(800) / 27, places)


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
