"""A draft as JSON in the store; what is written as the frozen definition that all above read."""

from collections.abc import Mapping, Sequence
from typing import Any

from indicators import formulas
from indicators.catalogue.problems import MOST_READ, WAYS
from indicators.catalogue.written import (
    INDICATOR_COLUMNS,
    ROW_COLUMNS,
    RULE_COLUMNS,
    Document,
    Line,
    VersionHead,
    numbered,
)
from indicators.definition import FormDefinition, Option, RowDefinition, RuleDefinition, options
from indicators.kinds import AcrossAgencies, AcrossPeriods, Emphasis, Kind, Missing, Severity


def recorded(document: Document) -> dict[str, Any]:
    """Return ``document`` as it is kept in the store, its rows counted anew."""
    return {
        "rows": numbered(document.rows),
        "rules": [dict(rule) for rule in document.rules],
        "indicators": [dict(line) for line in document.indicators],
        "proposals": {key: dict(said) for key, said in document.proposals.items() if said},
    }


def from_record(content: Mapping[str, Any] | None) -> Document:
    """Return the draft kept as ``content``; columns that are newer than it are empty."""
    said = content or {}
    return Document(
        rows=_lines(said.get("rows", ()), ROW_COLUMNS),
        rules=_lines(said.get("rules", ()), RULE_COLUMNS),
        indicators=_lines(said.get("indicators", ()), INDICATOR_COLUMNS),
        proposals=said.get("proposals", {}),
    )


def _lines(found: Sequence[Line], columns: Sequence[str]) -> list[Line]:
    return [{**dict.fromkeys(columns, ""), **line} for line in found]


def definition(
    head: VersionHead,
    document: Document,
    *,
    version_id: int,
    row_ids: Mapping[str, int] | None = None,
    content_hash: str = "",
) -> FormDefinition:
    """Return what is written as pages read a form. The ids of a draft's rows are positions: nothing
    is stored under them.

    What cannot be understood yet is left out: a formula that cannot be read is none, a rule that
    cannot be read is not tried. ``problems`` says so.
    """
    places: dict[str, tuple[int, str]] = {}
    rows = []
    for position, row in enumerate(document.rows, start=1):
        depth, section = 0, row["key"]
        if row["parent"] in places:
            above, section = places[row["parent"]]
            depth = above + 1
        places[row["key"]] = (depth, section)
        row_id = row_ids[row["key"]] if row_ids else position
        rows.append(_row(row, row_id, position, depth, section))
    return FormDefinition(
        id=version_id,
        code=head.code,
        form=head.form,
        form_name=head.form_name,
        edition=head.edition,
        title=head.title,
        appendix_label=head.appendix_label,
        legal_line=head.legal_line,
        label_heading=head.label_heading,
        last_heading=head.last_heading,
        content_hash=content_hash,
        rows=tuple(rows),
        rules=tuple(rules(document.rules, rows)),
    )


def _row(row: Line, row_id: int, position: int, depth: int, section: str) -> RowDefinition:
    kind = Kind(row["kind"])
    way = AcrossAgencies(row["across_agencies"])
    return RowDefinition(
        id=row_id,
        position=position,
        key=row["key"],
        stt=row["stt"],
        label=row["label"],
        unit=row["unit"],
        who_reports=row["who_reports"],
        parent=row["parent"],
        depth=depth,
        section=section,
        kind=kind,
        options=_options(row["choices"]),
        indicator=row["indicator"],
        formula=_formula(row["formula"]),
        across_agencies=way if way in WAYS[kind] else AcrossAgencies.NONE,
        across_periods=AcrossPeriods(row["across_periods"]),
        asked=frozenset(row["asked"].split()),
        reporters=tuple(row["reporter"].split()),
        vertical=row["vertical"] == "1",
        emphasis=Emphasis(row["emphasis"]),
    )


def _options(text: str) -> tuple[Option, ...]:
    try:
        return options(text)
    except ValueError:
        return ()


def _formula(text: str) -> formulas.Node | None:
    try:
        return formulas.parse(text) if text else None
    except formulas.BadFormula:
        return None


def rules(lines: Sequence[Line], rows: Sequence[RowDefinition]) -> list[RuleDefinition]:
    """Return the rules that can be read; ``rows`` are those of the form. Of two with one code only
    the first is: findings are told apart by it."""
    found: dict[str, RuleDefinition] = {}
    labels = {(row.key, option.code): option.label for row in rows for option in row.options}
    for line in lines:
        try:
            test = formulas.parse_check(line["condition"])
            severity, missing = Severity(line["severity"]), Missing(line["missing"])
        except ValueError:
            continue
        bound = formulas.with_children(
            test,
            lambda key: children(rows, key),
            lambda key, code: labels.get((key, code), ""),
        )
        if line["code"] in found or sum(1 for _ in formulas.keys(bound)) > 2 * MOST_READ:
            continue
        found[line["code"]] = RuleDefinition(
            code=line["code"],
            severity=severity,
            condition=line["condition"],
            test=bound,
            sentence=line["sentence"],
            instruction=line["instruction"],
            missing=missing,
        )
    return list(found.values())


def children(rows: Sequence[RowDefinition], key: str) -> tuple[str, ...]:
    """Return the keys of the rows directly below ``key`` whose figures add up to it: those of its
    own kind, or of counts where it is a heading."""
    kinds = {row.kind for row in rows if row.key == key} - {Kind.HEADING} or {Kind.COUNT}
    return tuple(row.key for row in rows if row.parent == key and row.kind in kinds)
