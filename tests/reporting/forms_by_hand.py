"""Small forms made by hand, for tests that need no database."""

from collections.abc import Mapping

from indicators import formulas
from indicators.definition import FormDefinition, RowDefinition, RuleDefinition, options
from indicators.kinds import AcrossAgencies, AcrossPeriods, Emphasis, Kind, Missing, Severity


def row(
    key: str,
    kind: Kind = Kind.COUNT,
    across: AcrossAgencies = AcrossAgencies.SUM,
    *,
    indicator: str | None = None,
    formula: str = "",
    choices: str = "",
    asked: str = "",
    reporter: str = "",
    parent: str = "",
    vertical: bool = False,
    across_periods: AcrossPeriods = AcrossPeriods.IN_PERIOD,
) -> RowDefinition:
    """Return a row whose indicator is its key unless another is named."""
    return RowDefinition(
        id=sum(ord(letter) * 1000**place for place, letter in enumerate(key)),
        position=1,
        key=key,
        stt=f"{key}.",
        label=f"Dòng {key}",
        unit="",
        who_reports="",
        parent=parent,
        depth=0,
        section=parent or key,
        kind=kind,
        options=options(choices),
        indicator=key if indicator is None else indicator,
        formula=formulas.parse(formula) if formula else None,
        across_agencies=across,
        across_periods=across_periods,
        asked=frozenset(asked.split()),
        reporters=tuple(reporter.split()),
        vertical=vertical,
        emphasis=Emphasis.PLAIN,
    )


def rule(
    condition: str,
    sentence: str = "Câu.",
    instruction: str = "Sửa.",
    *,
    code: str = "Q01",
    severity: Severity = Severity.WARNING,
    missing: Missing = Missing.SKIP_ANY,
    children: Mapping[str, tuple[str, ...]] | None = None,
) -> RuleDefinition:
    """Return a rule; ``children`` are the rows below those whose children it adds up."""
    test = formulas.parse_check(condition)
    return RuleDefinition(
        code=code,
        severity=severity,
        condition=condition,
        test=formulas.with_children(test, (children or {}).__getitem__),
        sentence=sentence,
        instruction=instruction,
        missing=missing,
    )


def form_of(
    *rows: RowDefinition, id: int = 1, rules: tuple[RuleDefinition, ...] = ()
) -> FormDefinition:
    return FormDefinition(
        id=id,
        code=f"THU-{id}",
        form="THU",
        form_name="Biểu thử",
        edition="2026",
        title="",
        appendix_label="",
        legal_line="",
        label_heading="",
        last_heading="",
        content_hash="",
        rows=rows,
        rules=rules,
    )
