"""The only place that knows dots, commas and percent signs: reads, rounds and writes numbers.

Vietnamese writing puts a dot between thousands and a comma before decimals. People also
write the other way round, add a percent sign, a leading ``=`` or zero. What can mean only one
thing for the kind of row is read, and the reading says whether the text was changed; what
could mean two things is refused with a sentence, never guessed.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache

from indicators.kinds import Kind

# SQLite keeps a decimal as a double: 15 significant digits survive, a 16th may not.
SIGNIFICANT_DIGITS = 15
PLACES = 3
LARGEST = Decimal(10) ** (SIGNIFICANT_DIGITS - PLACES) - 1
PRINTED_RATE_PLACES = 2
LONGEST_TEXT = 60

_DECIMALS = {Kind.COUNT: 0, Kind.PERCENT: 2, Kind.AMOUNT: 3}
_EXAMPLE = {
    Kind.COUNT: "một số nguyên, ví dụ 5356 hoặc 5.356",
    Kind.PERCENT: "một tỷ lệ từ 0 đến 100, ví dụ 29,6 hoặc 34/43",
    Kind.AMOUNT: "một số tiền, ví dụ 1.250 hoặc 1.250,5",
}

_INTEGER = re.compile(r"[0-9]+")
_DOT_THOUSANDS = re.compile(r"([1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?")
_SPACE_THOUSANDS = re.compile(r"([1-9][0-9]{0,2}(?: [0-9]{3})+)(?:,([0-9]+))?")
_ENGLISH = re.compile(
    r"([1-9][0-9]{0,2}(?:,[0-9]{3})+)\.([0-9]+)|([1-9][0-9]{0,2}(?:,[0-9]{3}){2,})"
)
_COMMA_DECIMAL = re.compile(r"([0-9]+),([0-9]+)")
_DOT_DECIMAL = re.compile(r"([0-9]+)\.([0-9]+)")
_WRITTEN_DECIMALS = re.compile(r"[.,](\d+)\s*(?:%\s*)?$")
_FRACTION = re.compile(r"([^/]*[0-9][^/]*)/(.*[0-9].*)")


class Unreadable(ValueError):
    """The text is refused; the message is a Vietnamese sentence that says what to write instead."""


@dataclass(frozen=True, slots=True)
class Number:
    """What was understood. ``changed`` says that the text was not plainly the number."""

    value: Decimal
    changed: bool = False
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def read(text: str, kind: Kind) -> Number:
    """Return the number that ``text`` means in a cell of ``kind`` (count, percent or amount).

    Raises Unreadable. The value is exact, has at most three decimals and fifteen digits.

    >>> read("5.356", Kind.COUNT).value, read("=98,64%", Kind.PERCENT).value
    (Decimal('5356'), Decimal('98.64'))
    >>> read("34/43", Kind.PERCENT)
    Number(value=Decimal('79.07'), changed=True, numerator=Decimal('34'), denominator=Decimal('43'))
    >>> read("5,356", Kind.COUNT)
    Traceback (most recent call last):
    ...
    reporting.numbers.Unreadable: «5,356» có thể là 5 phẩy 356 hoặc 5 nghìn 356. Nếu là hàng \
nghìn, hãy ghi 5.356 hoặc 5356.
    """
    written = " ".join(text.split())
    if len(written) > LONGEST_TEXT:
        raise Unreadable(f"Nội dung dài {len(written)} ký tự; ô này chỉ nhận {_EXAMPLE[kind]}.")
    body = written.removeprefix("=").strip()
    if fraction := _FRACTION.fullmatch(body.removesuffix("%").strip()):
        return _read_fraction(written, fraction[1], fraction[2], kind)
    bare = body.removesuffix("%").strip()
    if bare != body and kind is not Kind.PERCENT:
        raise Unreadable(f"«{written}» có dấu %, nhưng ô này nhận {_EXAMPLE[kind]}.")
    value, changed = _read_plain(written, bare, kind)
    _check_range(written, value, kind)
    return Number(value, changed=changed or bare != written)


def _read_plain(written: str, bare: str, kind: Kind) -> tuple[Decimal, bool]:
    """Return the value of a text without signs around it, and whether it was read with a change."""
    if _INTEGER.fullmatch(bare):
        return Decimal(bare), len(bare) > 1 and bare.startswith("0")
    if match := _DOT_THOUSANDS.fullmatch(bare):
        if kind is Kind.PERCENT and not match[2]:
            raise Unreadable(
                f"«{written}» là hàng nghìn theo cách viết Việt Nam, nhưng ô này nhận"
                f" {_EXAMPLE[kind]}. Phần thập phân ghi sau dấu phẩy."
            )
        return _decimal(written, match[1].replace(".", ""), match[2] or "", kind), True
    if match := _SPACE_THOUSANDS.fullmatch(bare):
        return _decimal(written, match[1].replace(" ", ""), match[2] or "", kind), True
    if match := _ENGLISH.fullmatch(bare):
        whole = (match[1] or match[3]).replace(",", "")
        return _decimal(written, whole, match[2] or "", kind), True
    if match := _COMMA_DECIMAL.fullmatch(bare):
        whole, decimals = match[1], match[2]
        _require_clear(written, whole, decimals, kind)
        return _decimal(written, whole, decimals, kind), False
    if match := _DOT_DECIMAL.fullmatch(bare):
        _require_clear(written, match[1], match[2], kind)
        return _decimal(written, match[1], match[2], kind), True
    raise Unreadable(_why_not(written, bare, kind))


def _require_clear(written: str, whole: str, decimals: str, kind: Kind) -> None:
    """Refuse three decimals after one to three digits, which may be thousands as well; a zero
    has no thousands, and a rate has neither."""
    if kind is Kind.PERCENT or len(decimals) != 3 or len(whole) > 3 or not int(whole):
        return
    thousands = int(whole)
    fraction = f" Nếu là số thập phân, hãy ghi {thousands},{decimals}0."
    raise Unreadable(
        f"«{written}» có thể là {thousands} phẩy {decimals} hoặc {thousands} nghìn {decimals}."
        f" Nếu là hàng nghìn, hãy ghi {thousands}.{decimals} hoặc {thousands}{decimals}."
        + (fraction if kind is Kind.AMOUNT else "")
    )


def _decimal(written: str, whole: str, decimals: str, kind: Kind) -> Decimal:
    allowed = _DECIMALS[kind]
    needed = decimals.rstrip("0")
    if len(needed) > allowed:
        raise Unreadable(
            f"«{written}» có phần thập phân, nhưng ô này nhận {_EXAMPLE[kind]}."
            if allowed == 0
            else f"«{written}» có {len(needed)} chữ số thập phân; ô này nhận nhiều nhất {allowed}."
        )
    return Decimal(f"{whole}.{needed}" if needed else whole)


def _check_range(written: str, value: Decimal, kind: Kind) -> None:
    if kind is Kind.PERCENT and value > 100:
        raise Unreadable(f"«{written}» vượt quá 100 %; ô này nhận {_EXAMPLE[kind]}.")
    if value > LARGEST:
        raise Unreadable(
            f"«{written}» lớn hơn {write(LARGEST)}, mức cao nhất của một ô;"
            " hãy kiểm tra lại đơn vị tính."
        )


def _read_fraction(written: str, part: str, whole: str, kind: Kind) -> Number:
    if kind is not Kind.PERCENT:
        raise Unreadable(
            f"«{written}» gồm hai số, nhưng ô này nhận {_EXAMPLE[kind]}."
            " Hãy ghi mỗi số vào dòng của nó."
        )
    try:
        numerator, denominator = (read(number, Kind.COUNT).value for number in (part, whole))
    except Unreadable as error:
        raise Unreadable(
            f"«{written}» không đọc được; tỷ lệ ghi bằng hai số nguyên, tử số/mẫu số, ví dụ 34/43."
        ) from error
    if denominator == 0:
        raise Unreadable(
            f"«{written}» có mẫu số bằng 0 nên không tính được tỷ lệ;"
            " nếu không có việc nào, hãy ghi «không phát sinh»."
        )
    if numerator > denominator:
        raise Unreadable(f"«{written}» có tử số lớn hơn mẫu số nên tỷ lệ vượt quá 100 %.")
    return Number(
        rounded(100 * numerator / denominator, PRINTED_RATE_PLACES),
        changed=True,
        numerator=numerator,
        denominator=denominator,
    )


def _why_not(written: str, bare: str, kind: Kind) -> str:
    expected = _EXAMPLE[kind]
    if bare.startswith(("-", "\u2212")) and bare.strip("-\u2212 ")[:1].isdigit():
        return f"«{written}» là số âm; ô này nhận {expected}."
    if not bare.strip("-\u2013\u2014. \u2026"):
        return (
            f"«{written}» không phải là số. Chưa có số thì để trống; không có việc nào thì ghi 0"
            " hoặc «không phát sinh»."
        )
    if any(sign.isalpha() for sign in bare):
        return (
            f"«{written}» có chữ, nhưng ô này nhận {expected}."
            " Không có việc nào thì ghi «không phát sinh» (kps); chưa có số thì để trống; lời giải"
            " thích ghi ở phần ghi chú."
        )
    return f"«{written}» không đọc được; ô này nhận {expected}."


def rounded(number: Decimal, places: int) -> Decimal:
    """Round half up to ``places`` decimals, as the offices do.

    >>> rounded(Decimal("29.625"), 2)
    Decimal('29.63')
    """
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def is_rounding(written: Decimal, exact: Decimal, places: int) -> bool:
    """Say whether ``written`` is ``exact`` rounded half up, or cut, to ``places`` decimals: offices
    do either.

    >>> [is_rounding(Decimal(text), Decimal("29.629"), 1) for text in ("29.6", "29.7", "29.5")]
    [True, False, False]
    >>> [is_rounding(Decimal(text), Decimal("29.65"), 1) for text in ("29.6", "29.7")]
    [True, True]
    """
    unit = Decimal(1).scaleb(-places)
    return written in {
        exact.quantize(unit, rounding=ROUND_HALF_UP),
        exact.quantize(unit, rounding=ROUND_DOWN),
    }


def places_written(written: str, value: Decimal, kind: Kind) -> int:
    """Return to how many decimals a number was written: "97,20 %" has two.

    >>> places_written("97,20 %", Decimal("97.2"), Kind.PERCENT)
    2
    >>> places_written("5.356", Decimal(5356), Kind.COUNT)
    0
    """
    decimals = _WRITTEN_DECIMALS.search(written)
    # In "1.235/5.356" the dots are of thousands.
    if kind is not Kind.PERCENT or decimals is None or "/" in written:
        return decimals_of(value)
    return min(len(decimals[1]), _DECIMALS[kind])


def decimals_of(number: Decimal) -> int:
    """Return how many decimals ``number`` needs, idle zeros left out.

    >>> [decimals_of(Decimal(text)) for text in ("29.600", "5356.000", "1E+3")]
    [1, 0, 0]
    """
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def is_beyond_spreadsheets(number: Decimal) -> bool:
    """Say whether a spreadsheet would lose digits of ``number``: it keeps fifteen.

    >>> is_beyond_spreadsheets(Decimal("123456789012345.000"))
    False
    >>> is_beyond_spreadsheets(Decimal("1234567890123456"))
    True
    """
    return len(number.normalize().as_tuple().digits) > SIGNIFICANT_DIGITS


@lru_cache(maxsize=8192)
def write(number: Decimal) -> str:
    """Write a number the Vietnamese way, idle zeros and the sign of zero left out. A page writes
    each of its figures several times.

    >>> write(Decimal("5356.000")), write(Decimal("29.600")), write(Decimal("1234567.5"))
    ('5.356', '29,6', '1.234.567,5')
    >>> write(Decimal("-0.00"))
    '0'
    """
    return f"{number or 0:,.{decimals_of(number)}f}".translate(_TO_VIETNAMESE)


_TO_VIETNAMESE = str.maketrans({",": ".", ".": ","})
