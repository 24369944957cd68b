"""What makes a question with coded answers hard to answer rightly."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from indicators.catalogue.problems import Problem
from indicators.catalogue.slips.rows import Form, Row, at, keys_of
from indicators.definition import Option
from indicators.kinds import Kind


def single(form: Form) -> Iterator[Problem]:
    for rows in _single_options(form).values():
        if len(rows) == 1:
            option = rows[0].options[0]
            yield at(
                rows[0],
                "lua-chon-mot",
                "choices",
                f"Chỉ có một lựa chọn «{option.label} = {option.code}» nên không có gì để chọn; hãy"
                " ghi đủ các lựa chọn.",
            )


def over_several_rows(form: Form) -> Iterator[Problem]:
    for head, rows in _single_options(form).items():
        if len(rows) > 1:
            said = "; ".join(f"{row.options[0].label} = {row.options[0].code}" for row in rows)
            yield at(
                head or rows[0],
                "lua-chon-nhieu-dong",
                "choices",
                f"Một câu hỏi in rời trên {len(rows)} dòng ({said}): đơn vị dễ trả lời nhiều dòng"
                f" cùng lúc. Hãy gộp các lựa chọn của dòng {keys_of(rows)} vào một dòng.",
            )


def _single_options(form: Form) -> Mapping[Row | None, Sequence[Row]]:
    """The rows that offer one option, by the row whose question they answer together."""
    alone = [row for row in form.rows if len(row.options) == 1]
    heads = {row.above for row in alone}
    found: dict[Row | None, list[Row]] = defaultdict(list)
    for row in alone:
        found[row if row in heads else row.above].append(row)
    return found


def gaps(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        codes = [option.code for option in row.options]
        if len(codes) < 2 or not all(code.isdecimal() for code in codes):
            continue
        found = sorted(map(int, codes))
        start = min(found[0], 1)
        if found != list(range(start, start + len(found))):
            yield at(
                row,
                "lua-chon-ho",
                "choices",
                f"Mã lựa chọn là {', '.join(codes)}; chờ các số liền nhau từ 0 hoặc 1. Hãy xem có"
                " sót lựa chọn hay ghi nhầm mã.",
            )


def _denial(row: Row) -> Option | None:
    said = (option for option in row.options if re.match(r"(?:không|chưa)\b", option.label, re.I))
    return next(said, None)


def codes_of_denial(form: Form) -> Iterator[Problem]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in form.rows:
        if (denial := _denial(row)) is not None:
            found[denial.code].append(row)
    if len(found) > 1:
        said = "; ".join(f"mã {code} ở dòng {keys_of(rows)}" for code, rows in found.items())
        _, odd, *_ = found.values()
        yield at(
            odd[0],
            "lua-chon-lech-ma",
            "choices",
            f"Câu trả lời «không/chưa» mang các mã khác nhau trong một biểu: {said}. Đơn vị dễ ghi"
            " nhầm mã; hãy dùng một mã.",
        )


def not_asked_whether(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        how = next((child for child in form.under(row) if _asks_how(child)), None)
        if row.kind == Kind.HEADING and how is not None:
            yield at(
                how,
                "thieu-cau-hoi-co-khong",
                "label",
                f"Dòng này hỏi «{how.short}» nhưng không dòng nào hỏi có thực hiện hay không: đơn"
                " vị không thực hiện sẽ không biết ghi mã nào. Hãy ghi «Không = 0 Có = 1» vào đơn"
                f" vị tính của dòng {row.key} ở trên.",
            )


def _asks_how(row: Row) -> bool:
    is_how = re.match(r"(?:hình|phương|cách) thức\b", row.said) is not None
    return is_how and len(row.options) > 1 and _denial(row) is None
