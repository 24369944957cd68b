"""The codes on paper: what people mistype is told, and nothing can be guessed."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.verification.codes import (
    ALPHABET,
    LENGTH,
    NoCode,
    check_character,
    grouped,
    new_code,
    read_code,
)

drawn = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1).map(
    lambda characters: characters + check_character(characters)
)


@given(drawn)
def test_a_code_is_read_however_it_is_written(characters: str) -> None:
    code = grouped(characters)
    assert read_code(code) == code
    assert read_code(f"  {code.lower().replace('-', ' – ')}\n") == code
    assert read_code(f"https://thongke.example.vn/kiem-chung/{code}/?x=1") == code


@given(drawn, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_any_wrong_character_is_told(characters: str, at: int, wrong: str) -> None:
    mistyped = characters[:at] + wrong + characters[at + 1 :]
    if mistyped != characters:
        with pytest.raises(NoCode, match=r"^Mã gõ sai: «.+» có ít nhất một ký tự sai"):
            read_code(mistyped)


@given(drawn)
def test_any_two_characters_that_changed_places_are_told(characters: str) -> None:
    for one, other in combinations(range(LENGTH), 2):
        swapped = list(characters)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        mistyped = "".join(swapped)
        if mistyped != characters:
            with pytest.raises(NoCode):
                read_code(mistyped)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "^Chưa có mã"),
        (" - ", "^Chưa có mã"),
        ("K7QM-3XWP-9T4", "có 11 ký tự, mã kiểm chứng có đúng 12 ký tự"),
        ("K7QM-3XWP-9T4A-2", "có 13 ký tự"),
        ("K7QM-3XWP-9T40", "trong mã không có «0»"),
        ("IO1l", "trong mã không có «IO1L»"),
        ("Ｋ7QM-3XWP-9T4Đ", "trong mã không có «Đ»"),
        ("<script>", "trong mã không có «<I>»"),
        ("9" * 100_000, "có 300 ký tự"),
        ("\x00" * 12, "không có «\x00»"),
    ],
)
def test_what_is_no_code_is_told_in_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(NoCode, match=sentence):
        read_code(typed)


def test_codes_are_drawn_at_random_from_all_characters() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert {sign for code in codes for sign in code} == {*ALPHABET, "-"}
    assert not {*"01ILO"} & {*ALPHABET}
    assert len(ALPHABET) ** (LENGTH - 1) > 2**54
