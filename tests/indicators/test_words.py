"""Text on its way in."""

import pytest

from indicators.words import clean


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a b  ", "a b"),
        ("a\r\nb", "a\nb"),
        ("\u0111a\u0302\u0301t", "đất"),
        ("a\x00b", "ab"),
        ("\u00a0", ""),
    ],
)
def test_text_is_cleaned_on_its_way_in(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
