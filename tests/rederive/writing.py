"""How a derived number is written: rounded half up once, the Vietnamese way."""

from fractions import Fraction


def half_up(number: Fraction, places: int) -> Fraction:
    """Round to ``places`` decimals, the half away from nothing.

    >>> half_up(Fraction("29.625"), 2), half_up(Fraction("29.6249"), 2)
    (Fraction(2963, 100), Fraction(1481, 50))
    """
    scale = 10**places
    nearest = (2 * abs(number) * scale + 1) // 2
    return Fraction(nearest if number >= 0 else -nearest, scale)


def plain(number: Fraction) -> str:
    """Write a number of few decimals with a point and nothing idle.

    >>> plain(Fraction("29.60")), plain(Fraction(5000))
    ('29.6', '5000')
    """
    decimals = 0
    while (number * 10**decimals).denominator != 1:
        decimals += 1
        if decimals > 12:
            raise ValueError(f"{number} has no end")
    digits = str(abs(int(number * 10**decimals))).rjust(decimals + 1, "0")
    sign = "-" if number < 0 else ""
    whole, rest = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def vietnamese(number: Fraction) -> str:
    """Write a number with dots between thousands and a comma before decimals.

    >>> vietnamese(Fraction("1234567.5")), vietnamese(Fraction(999)), vietnamese(Fraction("-1000"))
    ('1.234.567,5', '999', '-1.000')
    """
    whole, _, rest = plain(abs(number)).partition(".")
    groups: list[str] = []
    while whole:
        whole, group = whole[:-3], whole[-3:]
        groups.insert(0, group)
    sign = "-" if number < 0 else ""
    return sign + ".".join(groups) + ("," + rest if rest else "")
