"""Small forms made by hand, for tests that need no database."""

from indicators import formulas
from indicators.definition import FormDefinition, RowDefinition, RuleDefinition, options
from indicators.kinds import AcrossAgencies, AcrossPeriods, Emphasis, Kind


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
        across_periods=AcrossPeriods.IN_PERIOD,
        asked=frozenset(asked.split()),
        reporters=tuple(reporter.split()),
        vertical=vertical,
        emphasis=Emphasis.PLAIN,
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
