"""What one agency's figure adds to the province's, and if nothing, why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from indicators.definition import FormDefinition, RowDefinition
from indicators.formulas import Percent, Ratio, ratio
from indicators.kinds import AcrossAgencies, Kind, Labelled
from reporting.snapshot import FigureStatus


class Standing(Labelled):
    """Whether a figure is in the total; every reason for not being there has its own words."""

    COUNTED = "counted", "Đã cộng"
    NIL = "nil", "Không phát sinh"
    BLANK = "blank", "Bỏ trống"
    OUT_OF_SCOPE = "out_of_scope", "Không thuộc phạm vi"
    NOT_APPROVED = "not_approved", "Báo cáo chưa được duyệt"
    NO_PARTS = "no_parts", "Chỉ ghi tỷ lệ, thiếu tử số và mẫu số"
    NOT_OFFERED = "not_offered", "Mã ngoài các lựa chọn"
    VERTICAL = "vertical", "Ngành dọc, không cộng vào số của tỉnh"
    NOT_DESIGNATED = "not_designated", "Không phải cơ quan được giao báo cáo"


# Expected to stand in the total; the others are outside it by rule.
EXPECTED = frozenset(
    {
        Standing.COUNTED,
        Standing.NIL,
        Standing.BLANK,
        Standing.NOT_APPROVED,
        Standing.NO_PARTS,
        Standing.NOT_OFFERED,
    }
)
REPORTED = frozenset({Standing.COUNTED, Standing.NIL})


class Reported(NamedTuple):
    """One figure as it comes from the store."""

    submission_id: int
    row_id: int
    status: str
    number: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    choice: str


@dataclass(frozen=True)
class Source:
    """One expected submission: whose it is, under which form, and whether it is approved."""

    submission_id: int
    agency: str
    is_vertical: bool
    functions: frozenset[str]
    form: FormDefinition
    is_approved: bool


class Contribution(NamedTuple):
    """One agency's part in one total."""

    source: Source
    row: RowDefinition
    standing: Standing
    number: Decimal | None = None
    parts: Ratio | None = None
    choice: str = ""


Figures = Mapping[tuple[int, int], Reported]


def by_cell(figures: Iterable[Reported]) -> Figures:
    """Index figures by (submission, row)."""
    return {(figure.submission_id, figure.row_id): figure for figure in figures}


def contributions(
    target: RowDefinition, sources: Sequence[Source], figures: Figures
) -> list[Contribution]:
    """Return what each source adds to ``target``, joined by indicator across forms.

    A source is left out when its form does not ask for the indicator, or says that its own
    row is not to be added over agencies although the target is.
    """
    found = []
    for source in sources:
        row = source.form.by_indicator.get(target.indicator)
        if row is None:
            continue
        if row.across_agencies is AcrossAgencies.NONE is not target.across_agencies:
            continue
        found.append(_contribution(target, row, source, figures))
    return found


def _contribution(
    target: RowDefinition, row: RowDefinition, source: Source, figures: Figures
) -> Contribution:
    designated = target.across_agencies is AcrossAgencies.DESIGNATED
    if designated and target.reporter not in source.functions:
        return Contribution(source, row, Standing.NOT_DESIGNATED)
    if source.is_vertical and not target.vertical:
        return Contribution(source, row, Standing.VERTICAL)
    if not source.is_approved:
        return Contribution(source, row, Standing.NOT_APPROVED)
    figure = figures.get((source.submission_id, row.id))
    if figure is not None and figure.status in _SILENT:
        return Contribution(source, row, _SILENT[figure.status])
    if row.kind is Kind.PERCENT:
        return _rate(row, source, figure, figures, bare_counts=designated)
    if figure is not None and row.kind is Kind.CHOICE:
        return _choice(row, source, figure)
    if figure is None or figure.number is None:
        return Contribution(source, row, Standing.BLANK)
    return Contribution(source, row, Standing.COUNTED, number=figure.number)


_SILENT: Mapping[str, Standing] = {
    FigureStatus.NIL.value: Standing.NIL,
    FigureStatus.OUT_OF_SCOPE.value: Standing.OUT_OF_SCOPE,
}


def _rate(
    row: RowDefinition,
    source: Source,
    figure: Reported | None,
    figures: Figures,
    *,
    bare_counts: bool,
) -> Contribution:
    """A rate enters a total by its part and whole; a bare percentage cannot be added, and
    counts only where one agency reports for the whole province."""
    if isinstance(row.formula, Percent):
        parts = ratio(row.formula, _FormNumbers(source, figures))
    else:
        parts = Ratio(figure.numerator if figure else None, figure.denominator if figure else None)
    filed = figure.number if figure else None
    if parts.is_complete:
        return Contribution(source, row, Standing.COUNTED, number=filed, parts=parts)
    if filed is None:
        return Contribution(source, row, Standing.BLANK)
    standing = Standing.COUNTED if bare_counts else Standing.NO_PARTS
    return Contribution(source, row, standing, number=filed)


def _choice(row: RowDefinition, source: Source, figure: Reported) -> Contribution:
    option = row.option(figure.choice)
    if option is not None:
        return Contribution(source, row, Standing.COUNTED, choice=option.label)
    standing = Standing.BLANK if figure.number is None else Standing.NOT_OFFERED
    return Contribution(source, row, standing, number=figure.number)


class _FormNumbers(Mapping[str, Decimal]):
    """The numbers of one submission by row key, looked up only when a formula asks."""

    def __init__(self, source: Source, figures: Figures) -> None:
        self._source = source
        self._figures = figures

    def __getitem__(self, key: str) -> Decimal:
        row = self._source.form.by_key[key]
        figure = self._figures.get((self._source.submission_id, row.id))
        if figure is None or figure.number is None:
            raise KeyError(key)
        return figure.number

    def __iter__(self) -> Iterator[str]:
        return iter(self._source.form.by_key)

    def __len__(self) -> int:
        return len(self._source.form.by_key)
