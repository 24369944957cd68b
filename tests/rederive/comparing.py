"""A publication held against what is derived: every difference in a sentence."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from tests.rederive.rules import Derived, derive
from tests.rederive.tables import Figure, Report, Round, Row, publication, round_of
from tests.rederive.writing import half_up, plain, vietnamese

# A quotient is published with 28 digits.
_CLOSE = Fraction(1, 10**26)


class Comparison:
    """One publication, derived again when this is made; ``differences`` and how many lines were
    compared."""

    def __init__(self, round_code: str, layout: str, number: int | None = None) -> None:
        self.published, form = publication(round_code, layout, number)
        self.round = round_of(round_code, form)
        self.lines: Sequence[Mapping[str, Any]] = self.published["appendix"]["lines"]
        self.differences = [*self._of_lines(self.round.rows[form]), *self._of_reports()]

    def _of_lines(self, layout: Sequence[Row]) -> Iterator[str]:
        printed = [line["key"] for line in self.lines]
        if printed != [row.key for row in layout]:
            yield f"Bảng in {len(printed)} dòng, biểu có {len(layout)} dòng, hoặc thứ tự khác."
        totals = self.published["totals"]
        by_key = {row.key: row for row in layout}
        for line in self.lines:
            row = by_key.get(line["key"])
            if row is not None:
                found = derive(row, layout, self.round)
                yield from _of_line(row, found, line, totals.get(row.key, {}))

    def _of_reports(self) -> Iterator[str]:
        """The figures frozen beside the table are those of the reports."""
        frozen = {
            (one["agency"], one["form"], one["capacity"]): one for one in self.published["reports"]
        }
        for report in self.round.reports:
            name = (report.agency, report.form_code, report.capacity)
            one = frozen.pop(name, None)
            if one is None:
                yield f"Báo cáo {name} không đứng sau bảng công bố."
                continue
            if one["state"] != report.state or one["is_taken"] is not report.is_approved:
                yield f"Báo cáo {name}: công bố ghi {one['state']}, nay là {report.state}."
            stored = _stored(report, self.round) if report.is_approved else {}
            for key in sorted({*stored, *one["figures"]}):
                if stored.get(key) != one["figures"].get(key):
                    yield (
                        f"Báo cáo {name} dòng {key}: công bố ghi {one['figures'].get(key)!r},"
                        f" trong bảng số liệu là {stored.get(key)!r}."
                    )
        for name in frozen:
            yield f"Báo cáo {name} đứng sau bảng công bố nhưng không có trong đợt."


def _of_line(
    row: Row, found: Derived, line: Mapping[str, Any], total: Mapping[str, Any]
) -> Iterator[str]:
    text, number = printed(row, found)
    expected: dict[str, tuple[object, object]] = {
        "chữ in": (line["text"], text),
        "số in": (line["number"], number),
        "cột cuối": (line["remark"], stands_on(row, found)),
        "câu trả lời": (total.get("answers"), [list(answer) for answer in found.answers]),
        "số đơn vị đã báo cáo": (total.get("reported"), found.reported),
        "số đơn vị phải báo cáo": (total.get("expected"), found.expected),
        "không phát sinh": (total.get("nil"), found.nil),
    }
    for what, (said, derived) in expected.items():
        if said != derived:
            yield f"Dòng {row.key}, {what}: công bố {said!r}, tính lại {derived!r}."
    unrounded = {"number": found.number, "part": found.part, "whole": found.whole}
    for what, value in unrounded.items():
        if not _is_same(total.get(what), value):
            yield f"Dòng {row.key}, {what}: công bố {total.get(what)}, tính lại {value}."


def printed(row: Row, found: Derived) -> tuple[str, str | None]:
    """Return what the figure of a line prints, in words and as a number."""
    if found.answers:
        return " / ".join(f"{count} {words}" for words, count in found.answers), None
    if found.number is not None:
        shown = half_up(found.number, 2) if row.kind == "percent" else found.number
        return vietnamese(shown), plain(shown)
    if found.part is not None and found.whole == 0:
        return "–", None
    return ("Không phát sinh" if found.nil else ""), None


def stands_on(row: Row, found: Derived) -> str:
    """Return what the last column prints."""
    if row.kind == "heading":
        return ""
    if not row.is_added:
        return "không cộng"
    coverage = f"{found.reported}/{found.expected} đơn vị"
    if found.part is None or found.whole is None:
        return coverage
    return f"{vietnamese(found.part)}/{vietnamese(found.whole)}; {coverage}"


def _is_same(said: str | None, derived: Fraction | None) -> bool:
    if said is None or derived is None:
        return said is None and derived is None
    return abs(Fraction(said) - derived) <= _CLOSE * abs(derived)


def _stored(report: Report, round_: Round) -> Mapping[str, str | Mapping[str, str]]:
    """Return the figures of a report as a publication writes them."""
    found = {}
    for row in round_.rows[report.form]:
        figure = round_.figures.get((report.id, row.id))
        if figure is not None:
            found[row.key] = _frozen(figure)
    return found


def _frozen(figure: Figure) -> str | Mapping[str, str]:
    """A cell with a number and nothing else is that number."""
    is_bare = figure.status == "reported" and figure.part is None and not figure.choice
    if is_bare and figure.number is not None:
        return plain(figure.number)
    numbers = (
        ("number", figure.number),
        ("numerator", figure.part),
        ("denominator", figure.whole),
    )
    said = {name: plain(number) for name, number in numbers if number is not None}
    said |= {"choice": figure.choice} if figure.choice else {}
    return {"status": figure.status} | said
