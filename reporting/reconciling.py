"""A province's figures held against each other: where two that should agree do not, by how much,
and who may be the cause."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from indicators.definition import FormDefinition, RowDefinition, RuleDefinition
from indicators.formulas import Check, Node, Number, Ref, keys, value_of, walk
from indicators.kinds import (
    AcrossAgencies,
    AcrossPeriods,
    AgencyKind,
    Capacity,
    Kind,
    Labelled,
)
from reporting.calculations.contributions import (
    MISSING,
    Contribution,
    Figures,
    Source,
    as_added,
    contributions,
)
from reporting.calculations.over_time import accumulated, number_of_total
from reporting.calculations.totals import Total, province_totals, total
from reporting.numbers import write
from reporting.rules import Report
from reporting.rules.declared import broken_rules
from reporting.snapshot import Cell, FigureStatus, SubmissionSnapshot
from reporting.windows import Window, fewest

LONGEST_NAME = 400


class Comparison(Labelled):
    """What is held against what."""

    PROVINCE = "tinh", "Số của toàn tỉnh và số của các đơn vị"
    LONGER = "dot-dai", "Đợt dài và đợt ngắn nằm trong"
    TILED = "cong-dot", "Đợt dài và các đợt ngắn nối nhau"
    PARTS = "muc-con", "Mục cha và các mục con"
    DISTRICT = "huyen", "Huyện và các xã của huyện"


@dataclass(frozen=True)
class Gathered:
    """The reports of one round with their figures, as totals are made of them."""

    code: str
    name: str
    window: Window | None
    sources: Sequence[Source]
    figures: Figures

    def totals(self, layout: FormDefinition) -> Sequence[Total]:
        return self._totals.setdefault(
            layout.id, province_totals(layout, self.sources, self.figures)
        )

    @cached_property
    def _totals(self) -> dict[int, Sequence[Total]]:
        return {}

    def contributions(self, row: RowDefinition, layout: FormDefinition) -> list[Contribution]:
        return contributions(row, layout, self.sources, self.figures)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two figures of the province that should agree and do not.

    ``left`` and ``right`` are called by ``left_name`` and ``right_name``; ``sentence`` says what
    should be. ``missing`` are the agencies whose figures one side lacks. ``name`` is the same for
    the same two figures, whatever they come to.
    """

    comparison: Comparison
    row: RowDefinition
    name: str
    left_name: str
    left: Decimal
    right_name: str
    right: Decimal
    sentence: str
    missing: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """It may settle itself: somebody's figures are still to come."""
        return bool(self.missing)

    @property
    def anchor(self) -> str:
        """A mark of it in the address of its page."""
        return sha256(self.name.encode()).hexdigest()[:10]

    @property
    def left_written(self) -> str:
        return write(self.left)

    @property
    def right_written(self) -> str:
        return write(self.right)

    @property
    def gap_written(self) -> str:
        """By how much the left figure is above the right one, with its sign."""
        gap = self.left - self.right
        return f"+{write(gap)}" if gap > 0 else f"−{write(-gap)}"

    @property
    def found(self) -> str:
        """The two figures as what was said of them keeps them."""
        return f"{self.left_written} / {self.right_written}"


def differences(
    layout: FormDefinition, now: Gathered, shorter: Sequence[Gathered]
) -> list[Difference]:
    """Return where figures of a round disagree with each other, or with those of ``shorter``, the
    rounds whose windows lie inside its own, in the rows of ``layout``."""
    within = [
        one for one in shorter if one.window and now.window and one.window.is_within(now.window)
    ]
    return [
        *_province_wide(layout, now),
        *_longer(layout, now, within),
        *_tiled(layout, now, within),
        *_parts(layout, now),
        *_districts(layout, now),
    ]


# The designated agency's figure and what the agencies say of themselves


def _province_wide(layout: FormDefinition, now: Gathered) -> Iterator[Difference]:
    """An agency that speaks for the province in the same report as for itself leaves its own
    figure unsaid: then the others together may only not exceed the province."""
    for row, whole in zip(layout.rows, now.totals(layout), strict=True):
        left = number_of_total(whole)
        if not row.designated or left is None or row.kind not in _NUMBERS:
            continue
        own, is_all, missing = _own_figures(row, layout, now)
        right = number_of_total(own)
        if right is None:
            continue
        if right > left or (is_all and right != left):
            yield Difference(
                comparison=Comparison.PROVINCE,
                row=row,
                name=_named(Comparison.PROVINCE, row.indicator),
                left_name="Cơ quan được giao báo cáo",
                left=left,
                right_name=f"Các đơn vị cộng lại ({own.reported}/{own.expected})",
                right=right,
                sentence="Số của toàn tỉnh phải bằng các đơn vị cộng lại."
                if is_all
                else "Các đơn vị khác cộng lại không thể lớn hơn số của toàn tỉnh.",
                missing=missing,
            )


def _own_figures(
    row: RowDefinition, layout: FormDefinition, now: Gathered
) -> tuple[Total, bool, tuple[str, ...]]:
    """Return the sum of the agencies' own figures, whether that of the designated one is in it, and
    who is missing from it: of those that speak for themselves alone, by forms in which nobody is
    designated for this row."""
    own = [
        source
        for source in now.sources
        if source.capacity is Capacity.OWN
        or (source.capacity is Capacity.BOTH and row.designated not in source.functions)
    ]
    forms = {source.form.id: source.form for source in own}
    freed = {pk: _freed(form, row.indicator) for pk, form in forms.items()}
    alone = replace(now, sources=[one._replace(form=freed[one.form.id]) for one in own])
    added = as_added(row)
    parts = alone.contributions(added, layout)
    is_all = any(row.designated in source.functions for source in own)
    return total(added, parts), is_all, _lacking(parts)


def _freed(form: FormDefinition, indicator: str) -> FormDefinition:
    rows = [
        as_added(row) if row.indicator == indicator and row.designated else row for row in form.rows
    ]
    return replace(form, rows=tuple(rows))


# Rounds inside one another


def _longer(
    layout: FormDefinition, now: Gathered, shorter: Sequence[Gathered]
) -> Iterator[Difference]:
    """What is counted over a longer time, or from the start of the year, is no less."""
    for other in shorter:
        if other.window == now.window:
            continue
        pairs = zip(layout.rows, now.totals(layout), other.totals(layout), strict=True)
        for row, long, short in pairs:
            if row.kind not in _NUMBERS or row.across_periods not in _GROWING:
                continue
            left, right = number_of_total(long), number_of_total(short)
            if left is None or right is None or left >= right:
                continue
            yield Difference(
                comparison=Comparison.LONGER,
                row=row,
                name=_named(Comparison.LONGER, row.indicator, other.code),
                left_name=_of(now, long),
                left=left,
                right_name=_of(other, short),
                right=right,
                sentence=f"Số của đợt dài không thể nhỏ hơn số của {other.name}.",
                missing=_lost(row, layout, now, [other]),
            )


def _tiled(
    layout: FormDefinition, now: Gathered, shorter: Sequence[Gathered]
) -> Iterator[Difference]:
    """Where shorter rounds lie end to end over the whole, the fewest of them are compared."""
    tiles = _tiles(now, shorter)
    if not tiles:
        return
    totals = [one.totals(layout) for one in tiles]
    codes = "+".join(one.code for one in tiles)
    for row, long, *short in zip(layout.rows, now.totals(layout), *totals, strict=True):
        whole = accumulated(row, short)
        if whole is None or whole.lacking or row.kind not in _NUMBERS:
            continue
        left, right = number_of_total(long), whole.number
        if left is None or right is None or left == right:
            continue
        how = "bằng số của đợt cuối" if whole.is_last else "bằng các đợt nối nhau cộng lại"
        yield Difference(
            comparison=Comparison.TILED,
            row=row,
            name=_named(Comparison.TILED, row.indicator, codes),
            left_name=_of(now, long),
            left=left,
            right_name=tiles[-1].name if whole.is_last else f"{len(tiles)} đợt cộng lại",
            right=right,
            sentence=f"Số của đợt dài phải {how}.",
            missing=_lost(row, layout, now, tiles),
        )


def _tiles(now: Gathered, shorter: Sequence[Gathered]) -> Sequence[Gathered]:
    if now.window is None:
        return ()
    return fewest([(one.window, one) for one in shorter if one.window], now.window)


# Figures of one round


def _parts(layout: FormDefinition, now: Gathered) -> Iterator[Difference]:
    """The form's own comparisons between rows, asked of the province's totals."""
    rules = tuple(rule for rule in layout.rules if _is_of_sums(rule, layout))
    totals = {one.row.key: one for one in now.totals(layout)}
    cells = {key: _cell(one) for key, one in totals.items() if number_of_total(one) is not None}
    snapshot = SubmissionSnapshot(replace(layout, rules=rules), cells, is_paper=True)
    report = Report(snapshot)
    tests = {rule.code: rule.test for rule in rules}
    for finding in broken_rules(report):
        test = tests[finding.code]
        if not isinstance(test, Check):
            continue
        figures = report.figures(())
        left, right = (value_of(side, fills=True)(figures) for side in (test.left, test.right))
        row = layout.by_key[next(iter(keys(test)))]
        if left is None or right is None:
            continue
        yield Difference(
            comparison=Comparison.PARTS,
            row=row,
            name=_named(Comparison.PARTS, layout.form, finding.code),
            left_name=_called(test.left, layout),
            left=left,
            right_name=_called(test.right, layout),
            right=right,
            sentence=f"{finding.sentence} {finding.formula}.",
            missing=tuple(
                dict.fromkeys(
                    name
                    for key in finding.keys
                    for name in _missing(layout.by_key[key], layout, now)
                )
            ),
        )


def _is_of_sums(rule: RuleDefinition, layout: FormDefinition) -> bool:
    """A comparison of rows with rows that holds of sums where it holds of every report: one with a
    number of its own does so only among rates."""
    if not isinstance(rule.test, Check):
        return False
    rows = [layout.by_key[key] for key in rule.keys if key in layout.by_key]
    sides = [list(keys(rule.test.left)), list(keys(rule.test.right))]
    has_number = any(isinstance(node, Number) for node in walk(rule.test))
    return (
        all(sides)
        and all(isinstance(one, Ref) and not one.when for one in rule.operands)
        and all(row.is_added for row in rows)
        and (not has_number or all(row.kind is Kind.PERCENT for row in rows))
    )


def _called(side: Node, layout: FormDefinition) -> str:
    return "; ".join(layout.names[key] for key in dict.fromkeys(keys(side)))


def _cell(of: Total) -> Cell:
    if of.number is None:
        return Cell(status=FigureStatus.NIL)
    return Cell(number=of.number)


def _districts(layout: FormDefinition, now: Gathered) -> Iterator[Difference]:
    """A district's figure holds its communes': together they are no more."""
    districts = [source for source in now.sources if source.kind is AgencyKind.DISTRICT]
    for district in districts:
        below = replace(
            now,
            sources=[
                source._replace(within=None)
                for source in now.sources
                if source.within == district.agency_id
            ],
        )
        if not below.sources:
            continue
        alone = replace(now, sources=[district])
        pairs = zip(layout.rows, alone.totals(layout), below.totals(layout), strict=True)
        for row, whole, communes in pairs:
            left, right = number_of_total(whole), number_of_total(communes)
            if row.across_agencies is not AcrossAgencies.SUM or left is None or right is None:
                continue
            if right > left:
                yield Difference(
                    comparison=Comparison.DISTRICT,
                    row=row,
                    name=_named(Comparison.DISTRICT, row.indicator, district.agency),
                    left_name=district.agency,
                    left=left,
                    right_name=f"Các xã cộng lại ({communes.reported}/{communes.expected})",
                    right=right,
                    sentence="Các xã cộng lại không thể lớn hơn số của huyện.",
                )


# Who may be the cause


def _missing(row: RowDefinition, layout: FormDefinition, of: Gathered) -> tuple[str, ...]:
    return _lacking(of.contributions(row, layout))


def _lacking(parts: Sequence[Contribution]) -> tuple[str, ...]:
    return tuple(part.source.agency for part in parts if part.standing in MISSING)


def _named(comparison: Comparison, *parts: str) -> str:
    """Return a name that what was said of a difference is kept under, no longer than that holds."""
    name = ":".join((comparison.value, *parts))
    return name if len(name) <= LONGEST_NAME else sha256(name.encode()).hexdigest()


def _lost(
    row: RowDefinition, layout: FormDefinition, now: Gathered, others: Sequence[Gathered]
) -> tuple[str, ...]:
    """Who reported in one of the other rounds and is missing from this one, or the reverse."""
    here = set(_missing(row, layout, now))
    there = {name for other in others for name in _missing(row, layout, other)}
    return tuple(sorted(here ^ there))


def _of(gathered: Gathered, stands_on: Total) -> str:
    return f"{gathered.name} ({stands_on.reported}/{stands_on.expected} đơn vị)"


_NUMBERS = frozenset({Kind.COUNT, Kind.AMOUNT})
_GROWING = frozenset({AcrossPeriods.IN_PERIOD, AcrossPeriods.CUMULATIVE})
