"""How totals, parts and rates stand to each other on paper, and where they do not fit."""

from collections.abc import Iterator, Sequence

from indicators.catalogue.problems import Problem
from indicators.catalogue.slips.rows import (
    A_COUNT,
    A_TOTAL,
    Form,
    Row,
    at,
    ends_with_in_it,
    keys_of,
)
from indicators.catalogue.slips.units import alike
from indicators.kinds import AcrossAgencies, Kind, Severity


def rates_not_computed(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        if parts := _uncomputed(form, row):
            yield at(
                row,
                "ty-le-chua-tinh",
                "formula",
                f"Tỷ lệ chưa có công thức, mà các số của nó có vẻ đã in ở dòng {keys_of(parts)};"
                " hãy chọn dòng tử số và dòng mẫu số để tỷ lệ được tính, không phải gõ tay.",
            )


def rates_without_parts(form: Form) -> Iterator[Problem]:
    bare = [
        row
        for row in form.rows
        if row.kind == Kind.PERCENT
        and not row.line["formula"]
        and row.line["across_agencies"] == AcrossAgencies.RATE
        and not _uncomputed(form, row)
    ]
    if bare:
        yield at(
            bare[0],
            "ty-le-thieu-phan",
            "formula",
            f"{len(bare)} tỷ lệ không có dòng số phần và dòng tổng trên biểu: {keys_of(bare)}. Tỷ"
            " lệ của tỉnh chỉ tính được khi đơn vị ghi cả hai số (ví dụ 34/43); hãy thêm hai dòng,"
            " hoặc dặn đơn vị.",
            Severity.NOTE,
        )


def _uncomputed(form: Form, row: Row) -> Sequence[Row]:
    """The figures that a rate without formula seems to be made of: a «Tổng số …» and a «Số …» of
    its unit, under the rate or directly after it."""
    if row.kind != Kind.PERCENT or row.line["formula"]:
        return ()
    siblings = form.under(row.above)
    place = siblings.index(row) + 1
    after = siblings[place : place + 2]
    for rows in (form.under(row), after if after and A_TOTAL.match(after[0].said) else ()):
        counted = [part for part in rows if part.is_counted and A_COUNT.match(part.said)]
        total = next((part for part in counted if A_TOTAL.match(part.said)), None)
        parts = [part for part in counted if total and alike(part.unit, total.unit)]
        if len(parts) > 1:
            return parts
    return ()


_OPPOSITES = (("đúng hạn", "trễ hạn"), ("đúng hạn", "quá hạn"), ("trước hạn", "quá hạn"))


def parts_of_another_kind(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        below = [part for part in form.under(row) if part.kind != Kind.HEADING]
        asked = [part for part in below if part.kind == Kind.CHOICE]
        if opposite := _opposite(row, below):
            why = f"nói về «{opposite[0]}» nhưng các dòng dưới nói về «{opposite[1]}»"
        elif row.is_counted and asked:
            why = f"là {row.kind_in_words} nhưng dòng {keys_of(asked)} dưới nó là câu hỏi có mã"
        else:
            continue
        yield at(
            row,
            "tong-khong-noi-phan",
            "label",
            f"Dòng này {why}: các phần không cộng thành tổng. Hãy sửa tên, hoặc tách thành hai"
            " mục.",
        )


def _opposite(row: Row, below: Sequence[Row]) -> tuple[str, str] | None:
    for pair in (*_OPPOSITES, *((other, word) for word, other in _OPPOSITES)):
        word, other = pair
        is_said = word in row.said and other not in row.said
        if is_said and _says(below, other) and not _says(below, word):
            return pair
    return None


def _says(rows: Sequence[Row], word: str) -> bool:
    return any(word in row.said for row in rows)


def parts_promised(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        if ends_with_in_it(row) and not form.under(row):
            yield at(
                row,
                "trong-do-khong-co-phan",
                "label",
                "Tên dòng kết thúc bằng «Trong đó» nhưng không có dòng nào dưới nó. Hãy xem các"
                " dòng sau có phải là phần của nó không, hoặc bỏ chữ «Trong đó».",
            )


def totals_that_do_not_say(form: Form) -> Iterator[Problem]:
    if not any(form.says_in_it(row) for row in form.rows):
        return
    silent = [
        row
        for row in form.rows
        if row.is_counted
        and not form.says_in_it(row)
        and sum(part.kind == row.kind for part in form.under(row)) > 1
    ]
    if silent:
        yield at(
            silent[0],
            "dong-cha-khong-noi-trong-do",
            "label",
            f"Các tổng khác của biểu nói «Trong đó», dòng {keys_of(silent)} cũng có phần ở dưới mà"
            " không nói. Nếu các dòng dưới nằm trong tổng, hãy thêm «Trong đó».",
            Severity.NOTE,
        )


def totals_below_parts(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        above = row.above
        if above is None or not (
            row.is_counted and above.is_counted and alike(row.unit, above.unit)
        ):
            continue
        is_part = A_COUNT.match(above.said) and not A_TOTAL.match(above.said)
        if A_TOTAL.match(row.said) and is_part:
            yield at(
                row,
                "tong-duoi-phan",
                "parent",
                f"«{row.short}» đứng dưới dòng {above.key} «{above.short}» như một phần của nó; chờ"
                " tổng ở trên, hoặc hai dòng ngang nhau. Hãy chọn lại dòng cha.",
            )


def parts_named_as_total(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        twin = next((part for part in form.under(row) if part.name == row.name), None)
        if twin is not None and row.kind != Kind.HEADING:
            others = keys_of(part for part in form.under(row) if part is not twin)
            rest = f", mà tổng còn gồm dòng {others}" if others else ""
            yield at(
                row,
                "phan-trung-tong",
                "label",
                f"Dòng tổng và phần {twin.key} của nó cùng một tên{rest}; hãy đặt cho dòng tổng một"
                " tên bao gồm mọi phần.",
            )
