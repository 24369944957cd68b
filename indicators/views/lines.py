"""The rows and rules of a form version in words that a page can show: formulas, who reports."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indicators.catalogue.comparison import word_parts
from indicators.definition import FormDefinition, RowDefinition
from indicators.formulas import Elsewhere, Node, Test
from indicators.formulas.words import named, words
from indicators.kinds import AcrossAgencies, AcrossPeriods, AgencyKind
from indicators.queries.lineage import Place

EVERYONE = "mọi đơn vị"
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words; ``key`` is the row that they name, or ""."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row as a page prints it; ``css`` are its depth, kind and emphasis."""

    section: str
    key: str
    stt: str
    label: str
    css: str
    unit: str
    kind: str
    options: str
    who_reports: str
    reporters: Sequence[str]
    indicator: str
    formula: Sequence[Piece]
    ways: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as a page prints it."""

    code: str
    severity: str
    condition: Sequence[Piece]
    missing: str
    sentence: str
    instruction: str


def lines(form: FormDefinition, functions: Mapping[str, str]) -> Sequence[Line]:
    """Return the rows of ``form``; ``functions`` are what papers call each function."""
    return [_line(row, functions) for row in form.rows]


def rule_lines(form: FormDefinition) -> Sequence[RuleLine]:
    return [
        RuleLine(
            rule.code,
            rule.severity.label,
            list(pieces(rule.test)),
            rule.missing.label,
            rule.sentence,
            rule.instruction,
        )
        for rule in form.rules
    ]


def _line(row: RowDefinition, functions: Mapping[str, str]) -> Line:
    return Line(
        section=row.section,
        key=row.key,
        stt=row.stt,
        label=row.label,
        css=f"d{min(row.depth, _DEEPEST)} {row.kind} {row.emphasis}".strip(),
        unit=row.unit,
        kind=row.kind.label,
        options="; ".join(f"{option.code} = {option.label}" for option in row.options),
        who_reports=row.who_reports,
        reporters=who(row.asked, row.reporters, row.across_agencies, functions)
        if row.is_answered
        else (),
        indicator=row.indicator,
        formula=[Piece("= "), *pieces(row.formula)] if row.formula else (),
        ways=ways(row.across_agencies, row.across_periods) if row.is_answered else "",
    )


def who(
    asked: Collection[str],
    reporters: Sequence[str],
    across: str,
    functions: Mapping[str, str],
) -> Sequence[str]:
    """Return in words who is asked for a row: first whose figure is the province's, then whose own
    figures are wanted.

    >>> who([], ["noi_vu"], "designated", {"noi_vu": "Sở Nội vụ"})
    ['Sở Nội vụ báo cáo số của tỉnh']
    >>> who(["xa", "so"], [], "sum", {})
    ['Sở, ban, ngành', 'UBND cấp xã']
    """
    found = [f"{functions.get(code, code)} báo cáo số của tỉnh" for code in reporters]
    if not asked:
        return found if found and across == AcrossAgencies.DESIGNATED else [*found, EVERYONE]
    found += [kind.label for kind in AgencyKind if kind in asked]
    return found + sorted(
        functions.get(code, code) for code in asked if code not in set(AgencyKind)
    )


def ways(across_agencies: AcrossAgencies, across_periods: AcrossPeriods) -> str:
    """Return how a row adds up, over agencies and over rounds, in words."""
    said = across_agencies.label
    return f"{said}, {across_periods.label}" if across_periods else said


def pieces(tree: Node | Test) -> Iterator[Piece]:
    """Yield a formula as people write it, the rows that it reads apart.

    >>> from indicators.formulas import parse, parse_check
    >>> "".join(piece.text for piece in pieces(parse("percent([1.b], [1.a] + [2])")))
    '[1.b] ÷ ([1.a] + [2]) × 100'
    >>> "".join(piece.text for piece in pieces(parse_check("[b] <= previous([b])")))
    '[b] ≤ [b] kỳ trước'
    """
    for word in words(tree):
        if isinstance(word, str):
            yield Piece(word)
        else:
            yield Piece(named(word, "[{}]".format), "" if isinstance(word, Elsewhere) else word.key)


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """One row that an indicator stood in, as its page prints it: the words in parts, each with
    whether it changed since the place before."""

    place: Place
    reporters: Sequence[str]
    was: Sequence[tuple[str, bool]]
    label: Sequence[tuple[str, bool]]
    is_renamed: bool
    is_measured_anew: bool


def shown_places(places: Sequence[Place], functions: Mapping[str, str]) -> Sequence[ShownPlace]:
    """Return the places of an indicator with the words that changed from one to the next."""
    return [_shown_place(place, place.before or place, functions) for place in places]


def _shown_place(place: Place, before: Place, functions: Mapping[str, str]) -> ShownPlace:
    was, label = word_parts(before.words, place.words)
    return ShownPlace(
        place,
        reporters=who(place.asked, place.reporters, place.across_agencies, functions),
        was=was,
        label=label,
        is_renamed=before.words != place.words,
        is_measured_anew=before.unit != place.unit,
    )
