"""One row of a form over all reports of a round: what each says in it, and the province's figure.

A total says of a figure outside of it only why it is outside. Here the figure itself is wanted
too: an officer who compares agencies wants to see what a central agency has written.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import AcrossAgencies, Kind, Scope
from reporting.calculations.contributions import (
    Contribution,
    Figures,
    Source,
    Standing,
    as_added,
    contributions,
    question,
)
from reporting.calculations.outliers import Side, outliers
from reporting.calculations.totals import Total, total


@dataclass(frozen=True, slots=True)
class Column:
    """One row of the layout: the province's figure and, by report, what each says. A report whose
    form does not ask for it is not there; ``unadded`` are those whose own form adds the row to
    nothing; ``marks`` tell whose figure is unlike those of its peers, agencies of the same kind:
    a commune is no measure for a department, nor a department for the whole province."""

    total: Total
    parts: Mapping[int, Contribution]
    unadded: frozenset[int]
    marks: Mapping[int, Side]

    @property
    def row(self) -> RowDefinition:
        return self.total.row

    def why_outside(self, part: Contribution) -> str:
        """Say why a figure is not in the province's; "" of one that is, and where there is no such
        figure or none of the province."""
        if part.standing is _COUNTED and not self.unadded:
            return ""
        if not self.row.is_added:
            return ""
        if part.source.submission_id in self.unadded:
            return "Không cộng vào số của tỉnh"
        is_in = part.standing is _COUNTED or not has_figure(part)
        return "" if is_in else part.standing.label


def columns(
    wanted: Iterable[RowDefinition],
    layout: FormDefinition,
    sources: Sequence[Source],
    figures: Figures,
) -> Iterator[Column]:
    """Yield one column for each row ``wanted`` of ``layout``."""
    alone = _Alone(layout, sources)
    for target in wanted:
        yield _column(target, alone, figures)


def has_figure(part: Contribution) -> bool:
    """Say whether there is something to print: a number, an answer or the parts of a rate."""
    return part.number is not None or part.parts is not None or bool(part.choice)


def value(part: Contribution) -> Decimal | None:
    """Return what a figure is compared by: a rate as it follows from its parts, where they are
    there; None of answers in words and of 0/0."""
    if part.parts is not None and part.parts.is_complete:
        return part.parts.percent
    return part.number


def rows_read(
    wanted: Iterable[RowDefinition], layout: FormDefinition, sources: Iterable[Source]
) -> frozenset[int]:
    """Return the ids of the rows, of whatever form, that the columns of ``wanted`` are made of."""
    alone = _Alone(layout, sources)
    found: set[int] = set()
    for target in wanted:
        freed = alone.row(target)
        for form in alone.forms.values():
            how = question(freed, alone.layout, form)
            if how is not None:
                found.update(row.id for row in how.rows.values())
                found.add(how.row.id)
    return frozenset(found)


# Reaching an enumeration's member takes longer than comparing with it, tens of thousands of times.
_COUNTED, _DESIGNATED = Standing.COUNTED, AcrossAgencies.DESIGNATED
# Outside by rule, whatever has been filed: these have their figures looked up.
_BY_RULE = frozenset(
    {
        Standing.VERTICAL,
        Standing.NOT_DESIGNATED,
        Standing.INCLUDED,
        Standing.PROVINCE_WIDE,
        Standing.OTHER_UNIT,
    }
)


class _Alone:
    """The same forms as if every row were added over all agencies: by them a report says what
    stands in it, whether a total takes it or not."""

    def __init__(self, layout: FormDefinition, sources: Iterable[Source]) -> None:
        self.own = layout
        self.sources = list(sources)
        self.forms = {
            form.id: _freed(form)
            for form in {one.form.id: one.form for one in self.sources}.values()
        }
        self.layout = self.forms.get(layout.id) or _freed(layout)
        self._freed = {
            one.submission_id: one._replace(form=self.forms[one.form.id], within=None)
            for one in self.sources
        }

    def row(self, target: RowDefinition) -> RowDefinition:
        """``target`` as a row that nobody's figure stands outside of."""
        return replace(as_added(target), vertical=True)

    def parts(
        self, target: RowDefinition, wanted: Iterable[int], figures: Figures
    ) -> Sequence[Contribution]:
        sources = [self._freed[pk] for pk in wanted]
        return contributions(self.row(target), self.layout, sources, figures) if sources else ()


def _freed(form: FormDefinition) -> FormDefinition:
    def freed(row: RowDefinition) -> RowDefinition:
        is_free = not row.indicator or (row.is_added and not row.designated)
        return row if is_free else as_added(row)

    return replace(form, rows=tuple(map(freed, form.rows)))


def _column(target: RowDefinition, alone: _Alone, figures: Figures) -> Column:
    asked = contributions(target, alone.own, alone.sources, figures) if target.is_added else []
    summed = total(target, asked) if target.is_added else Total(target)
    parts = {part.source.submission_id: part for part in asked}
    by_rule = [pk for pk, part in parts.items() if part.standing in _BY_RULE]
    for found in alone.parts(target, by_rule, figures):
        pk = found.source.submission_id
        standing = parts[pk].standing if has_figure(found) else found.standing
        parts[pk] = found._replace(standing=standing)
    others = [one.submission_id for one in alone.sources if one.submission_id not in parts]
    unadded = {found.source.submission_id: found for found in alone.parts(target, others, figures)}
    parts |= unadded
    figured = frozenset(pk for pk, part in unadded.items() if has_figure(part))
    return Column(summed, parts, figured, _marks(target, parts.values()))


def _marks(target: RowDefinition, parts: Iterable[Contribution]) -> Mapping[int, Side]:
    if target.kind is Kind.CHOICE:
        return {}
    peers: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for part in parts:
        number = value(part)
        is_own = part.row.across_agencies is not _DESIGNATED or not _is_of_province(part)
        if number is not None and is_own:
            peers[part.source.kind.value][part.source.submission_id] = number
    return {pk: side for values in peers.values() for pk, side in outliers(values).items()}


def _is_of_province(part: Contribution) -> bool:
    """The figure is said for the whole province, so that no agency's own stands beside it."""
    source = part.source
    return part.row.scope(source.kind, source.functions, source.capacity) is Scope.PROVINCE
