"""What a derivation reads, by plain SQL that SQLite and PostgreSQL both understand."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import connection

_RATE = re.compile(r"percent\(\s*\[([^\[\]]+)\]\s*,\s*\[([^\[\]]+)\]\s*\)")


class NotUnderstood(Exception):
    """The catalogue or the database holds something that the written rules do not speak of."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a form; ``rate`` are the keys of the part and the whole that make it up."""

    id: int
    key: str
    kind: str
    unit: str
    indicator: str
    rate: tuple[str, str] | None
    way: str
    choices: Mapping[str, str]
    asked: frozenset[str]
    reporters: tuple[str, ...]
    vertical: bool

    @property
    def designated(self) -> str:
        """The function whose holder alone reports the province's figure; "" where there is none."""
        return self.reporters[0] if self.way == "designated" and self.reporters else ""

    @property
    def is_added(self) -> bool:
        return bool(self.indicator) and self.way != "none"


@dataclass(frozen=True, slots=True)
class Report:
    """One agency's report in the round; ``sent`` puts them in order of their last handing in."""

    id: int
    agency: str
    agency_id: int
    kind: str
    functions: frozenset[str]
    form: int
    form_code: str
    capacity: str
    state: str
    district: int | None
    sent: tuple[int, str, str, str]

    @property
    def is_approved(self) -> bool:
        return self.state == "approved"


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell that is there."""

    status: str
    number: Fraction | None
    part: Fraction | None
    whole: Fraction | None
    choice: str


@dataclass(frozen=True, slots=True)
class Round:
    """Everything that a table of one round follows from."""

    rows: Mapping[int, Sequence[Row]]
    reports: Sequence[Report]
    figures: Mapping[tuple[int, int], Figure]


def publication(round_code: str, layout: str, number: int | None) -> tuple[Mapping[str, Any], int]:
    """Return the text of a publication and the id of its form; the last one without a number."""
    found = asked(_PUBLICATIONS, round_code, layout)
    chosen = [line for line in found if number is None or line["number"] == number]
    if not chosen:
        raise NotUnderstood(f"Đợt {round_code} chưa công bố lần nào như thế theo {layout}.")
    return json.loads(chosen[-1]["content"]), chosen[-1]["form"]


def round_of(code: str, layout: int) -> Round:
    """Return what the table of a round in the rows of ``layout`` follows from."""
    reports = [_report(line) for line in asked(_REPORTS, code)]
    forms = {layout, *(report.form for report in reports)}
    return Round(
        rows={form: [_row(line) for line in asked(_ROWS, form)] for form in sorted(forms)},
        reports=reports,
        figures={(line["report"], line["line"]): _figure(line) for line in asked(_FIGURES, code)},
    )


_PUBLICATIONS = """
SELECT p.content, p.form_version_id AS form, p.number
FROM reporting_publication p
JOIN reporting_round r ON r.id = p.round_id
JOIN indicators_formversion v ON v.id = p.form_version_id
WHERE r.code = %s AND v.code = %s ORDER BY p.number
"""
_REPORTS = """
SELECT s.id, a.code AS agency, a.id AS agency_id, s.agency_kind, s.agency_functions,
       s.form_version_id AS form, v.code AS form_code, s.capacity, s.state,
       s.within_id AS above,
       (SELECT MAX(f.id) FROM reporting_filing f WHERE f.submission_id = s.id) AS filing
FROM reporting_submission s
JOIN reporting_round r ON r.id = s.round_id
JOIN indicators_formversion v ON v.id = s.form_version_id
JOIN reporting_agency a ON a.id = s.agency_id
WHERE r.code = %s
ORDER BY a.code, v.code, s.capacity
"""
_ROWS = """
SELECT r.id, r.key, r.kind, r.unit, i.code AS indicator, r.formula, r.across_agencies, r.choices,
       r.asked, r.reporter, r.vertical
FROM indicators_row r LEFT JOIN indicators_indicator i ON i.id = r.indicator_id
WHERE r.version_id = %s ORDER BY r.position
"""
_FIGURES = """
SELECT f.submission_id AS report, f.row_id AS line, f.status, f.choice, f.number, f.numerator,
       f.denominator
FROM reporting_figure f
JOIN reporting_submission s ON s.id = f.submission_id
JOIN reporting_round r ON r.id = s.round_id
WHERE r.code = %s
"""


def asked(sql: str, *values: str | int) -> list[Mapping[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, line, strict=True)) for line in cursor.fetchall()]


def exact(stored: Any) -> Fraction | None:
    """Return a stored number as it was entered: SQLite keeps it as a double, whose shortest writing
    has the fifteen digits that a figure may have.

    >>> exact(0.1), exact(None)
    (Fraction(1, 10), None)
    """
    if stored is None:
        return None
    return Fraction(repr(stored)) if type(stored) is float else Fraction(stored)


def _report(line: Mapping[str, Any]) -> Report:
    return Report(
        id=line["id"],
        agency=line["agency"],
        agency_id=line["agency_id"],
        kind=line["agency_kind"],
        functions=frozenset(line["agency_functions"].split()),
        form=line["form"],
        form_code=line["form_code"],
        capacity=line["capacity"],
        state=line["state"],
        district=line["above"],
        sent=(line["filing"] or 0, line["agency"], line["form_code"], line["capacity"]),
    )


def _row(line: Mapping[str, Any]) -> Row:
    return Row(
        id=line["id"],
        key=line["key"],
        kind=line["kind"],
        unit=" ".join(line["unit"].casefold().split()),
        indicator=line["indicator"] or "",
        rate=_rate(line["key"], line["formula"]),
        way=line["across_agencies"],
        choices=dict(_choice(text) for text in filter(None, line["choices"].split("|"))),
        asked=frozenset(line["asked"].split()),
        reporters=tuple(line["reporter"].split()),
        vertical=bool(line["vertical"]),
    )


def _figure(line: Mapping[str, Any]) -> Figure:
    return Figure(
        status=line["status"],
        number=exact(line["number"]),
        part=exact(line["numerator"]),
        whole=exact(line["denominator"]),
        choice=line["choice"],
    )


def _rate(key: str, formula: str) -> tuple[str, str] | None:
    if not formula:
        return None
    found = _RATE.fullmatch(formula.strip())
    if found is None:
        raise NotUnderstood(f"Dòng {key}: công thức «{formula}» không phải percent([a], [b]).")
    return found[1].strip(), found[2].strip()


def _choice(text: str) -> tuple[str, str]:
    code, _, words = text.partition("=")
    return code.strip(), words.strip()
