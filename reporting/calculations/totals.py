"""The province's figure of each row: contributions folded by the row's declared way."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import assert_never

from indicators.definition import FormDefinition, RowDefinition
from indicators.formulas import Ratio
from indicators.kinds import AcrossAgencies, Kind
from reporting.calculations.contributions import (
    EXPECTED,
    REPORTED,
    Contribution,
    Figures,
    Reported,
    Source,
    Standing,
    contributions,
    is_plain,
    question,
)


@dataclass(frozen=True, slots=True)
class Answers:
    """How many agencies gave one answer."""

    label: str
    agencies: int


@dataclass(frozen=True, slots=True)
class Total:
    """One province figure with what it stands on: ``reported`` of ``expected`` agencies.

    ``number`` is unrounded. All are None or empty when nobody has reported. ``without`` are the
    codes of the forms in the round that have no such indicator.
    """

    row: RowDefinition
    number: Decimal | None = None
    parts: Ratio | None = None
    answers: tuple[Answers, ...] = ()
    reported: int = 0
    expected: int = 0
    all_nil: bool = False
    without: tuple[str, ...] = ()


def province_totals(
    layout: FormDefinition, sources: Sequence[Source], figures: Figures
) -> tuple[Total, ...]:
    """Return one total for each row of ``layout``, in its order."""
    return _totals(layout.rows, layout, sources, figures)


def province_total(
    row: RowDefinition, layout: FormDefinition, sources: Sequence[Source], figures: Figures
) -> Total:
    """Return the total of one row of ``layout``, as ``province_totals`` has it."""
    return _totals([row], layout, sources, figures)[0]


def _totals(
    rows: Iterable[RowDefinition],
    layout: FormDefinition,
    sources: Sequence[Source],
    figures: Figures,
) -> tuple[Total, ...]:
    groups = _by_form(sources)
    return tuple(
        _total_of(row, layout, groups, figures) if row.is_added else Total(row) for row in rows
    )


def total(row: RowDefinition, parts: Sequence[Contribution]) -> Total:
    """Fold the contributions to one row into its total."""
    standings = Counter(part.standing for part in parts)
    return _folded(row, _counted(row, parts), standings)


def _counted(row: RowDefinition, parts: Sequence[Contribution]) -> list[Contribution]:
    """Return those that make the figure. Of a row whose latest figure holds, none does where the
    last to write said that nothing arose."""
    in_total = Standing.COUNTED
    counted = [part for part in parts if part.standing is in_total]
    if row.across_agencies is AcrossAgencies.LATEST and counted:
        said = [part for part in parts if part.standing in REPORTED]
        return counted if max(said, key=order_sent).standing is in_total else []
    return counted


def lacking(
    row: RowDefinition, layout: FormDefinition, sources: Iterable[Source]
) -> tuple[str, ...]:
    """Return the codes of the forms that add nothing to ``row``: they lack it, or their own way is
    not to add it."""
    forms = {source.form.code: source.form for source in sources}
    return tuple(
        sorted(code for code, form in forms.items() if question(row, layout, form) is None)
    )


def by_group(
    layout: FormDefinition,
    sources: Sequence[Source],
    figures: Figures,
    group_of: Callable[[Source], str],
) -> Mapping[str, Sequence[Total]]:
    """Return the totals of each group of sources by its name, in the order of the sources: what
    stands outside the whole stands outside its group."""
    groups: dict[str, list[Total]] = {group_of(source): [] for source in sources}
    for row in layout.rows:
        shares: dict[str, list[Contribution]] = {name: [] for name in groups}
        for part in contributions(row, layout, sources, figures) if row.is_added else ():
            shares[group_of(part.source)].append(part)
        for name, parts in shares.items():
            groups[name].append(total(row, parts))
    return groups


# Most cells of a round are numbers that are simply added. They are added without saying of each
# what it adds, which takes as long as reading them all.


@dataclass(frozen=True, slots=True)
class _Group:
    """The sources of one form: all of them, those that nothing of their own keeps out of a total,
    with their ids, and the others."""

    form: FormDefinition
    sources: Sequence[Source]
    plain: Sequence[Source]
    ids: Sequence[int]
    others: Sequence[Source]


def _by_form(sources: Sequence[Source]) -> Sequence[_Group]:
    found: dict[int, list[Source]] = {}
    for source in sources:
        found.setdefault(source.form.id, []).append(source)
    # Whether a commune counts beside its district depends on what both are asked.
    districts = {source.within for source in sources if source.within is not None}
    plain = {
        source.submission_id
        for source in sources
        if is_plain(source, districts) and source.agency_id not in districts
    }
    return [
        _Group(
            form=group[0].form,
            sources=group,
            plain=[source for source in group if source.submission_id in plain],
            ids=[source.submission_id for source in group if source.submission_id in plain],
            others=[source for source in group if source.submission_id not in plain],
        )
        for group in found.values()
    ]


def _total_of(
    row: RowDefinition, layout: FormDefinition, groups: Sequence[_Group], figures: Figures
) -> Total:
    numbers: list[Decimal] = []
    standings: Counter[Standing] = Counter()
    singly: list[Source] = []
    for group in groups:
        how = question(row, layout, group.form) if row.across_agencies in _OF_NUMBERS else None
        if how is None or how.answer_id is None or how.is_rate or how.answers or not how.is_plain:
            singly += group.sources
            continue
        singly += group.others
        given = figures.get(how.answer_id, {})
        found = [given[pk] for pk in group.ids if pk in given]
        bare = [figure for figure in found if isinstance(figure, Decimal)]
        numbers += bare
        standings[Standing.COUNTED] += len(bare)
        standings[Standing.BLANK] += len(group.ids) - len(found)
        if len(bare) < len(found):
            singly += [
                one for one in group.plain if isinstance(given.get(one.submission_id), Reported)
            ]
    parts = contributions(row, layout, singly, figures)
    standings.update(part.standing for part in parts)
    total = _folded(row, _counted(row, parts), standings, numbers)
    return replace(total, without=lacking(row, layout, [group.sources[0] for group in groups]))


# Ways that need no more of a figure than its number.
_OF_NUMBERS = frozenset({AcrossAgencies.SUM, AcrossAgencies.MAX})


def _folded(
    row: RowDefinition,
    counted: Sequence[Contribution],
    standings: Counter[Standing],
    numbers: Sequence[Decimal] = (),
) -> Total:
    """Return the total of what counts: contributions, and bare ``numbers`` beside them."""
    reported = sum(standings[standing] for standing in REPORTED)
    expected = sum(standings[standing] for standing in EXPECTED)
    if not counted and not numbers:
        return Total(row, reported=reported, expected=expected, all_nil=reported > 0)
    number, ratio, answers = _fold(row, counted, numbers)
    return Total(row, number, ratio, answers, reported, expected)


def _fold(
    row: RowDefinition, counted: Sequence[Contribution], numbers: Sequence[Decimal]
) -> tuple[Decimal | None, Ratio | None, tuple[Answers, ...]]:
    """Return the number, the ratio behind it and the answers counted, as far as each applies."""
    match row.across_agencies:
        case AcrossAgencies.SUM:
            return sum(numbers, _sum(counted)), None, ()
        case AcrossAgencies.MAX:
            return max([*numbers, *_numbers(counted)]), None, ()
        case AcrossAgencies.RATE:
            ratio = _rate_of_sums(counted)
            return ratio.percent, ratio, ()
        case AcrossAgencies.CHOICES:
            return None, None, _answers(row, counted)
        case AcrossAgencies.LATEST:
            return _latest(row, counted)
        case AcrossAgencies.DESIGNATED:
            return _designated(row, counted)
        case AcrossAgencies.NONE:
            return None, None, ()
        case _:
            assert_never(row.across_agencies)


def _latest(
    row: RowDefinition, counted: Sequence[Contribution]
) -> tuple[Decimal | None, Ratio | None, tuple[Answers, ...]]:
    """The figure of the report that was handed in last: what is one and the same for all, and best
    known to who wrote last."""
    last = max(counted, key=order_sent)
    if row.kind is Kind.CHOICE:
        return None, None, _answers(row, [last])
    if last.parts is not None:
        return last.parts.percent, last.parts, ()
    return last.number, None, ()


def order_sent(part: Contribution) -> tuple[object, ...]:
    """The order of handing in; of reports of no known time that of their agencies' codes, which is
    the same in every database."""
    source = part.source
    return source.sent, source.code, source.form.code, source.capacity.value


def _designated(
    row: RowDefinition, counted: Sequence[Contribution]
) -> tuple[Decimal | None, Ratio | None, tuple[Answers, ...]]:
    """The figure of the agency named on the form; several of them are added like any others,
    but bare percentages of several are no figure at all."""
    if row.kind is Kind.CHOICE:
        return None, None, _answers(row, counted)
    if row.kind is not Kind.PERCENT:
        return _sum(counted), None, ()
    if all(part.parts is not None for part in counted):
        ratio = _rate_of_sums(counted)
        return ratio.percent, ratio, ()
    return (counted[0].number, None, ()) if len(counted) == 1 else (None, None, ())


def _numbers(counted: Sequence[Contribution]) -> list[Decimal]:
    return [part.number for part in counted if part.number is not None]


def _sum(counted: Sequence[Contribution]) -> Decimal:
    return sum(_numbers(counted), Decimal(0))


def _rate_of_sums(counted: Sequence[Contribution]) -> Ratio:
    """Add parts and wholes apart: a province's rate is never a mean of rates."""
    ratios = [part.parts for part in counted if part.parts is not None]
    return Ratio(
        part=sum((ratio.part for ratio in ratios if ratio.part is not None), Decimal(0)),
        whole=sum((ratio.whole for ratio in ratios if ratio.whole is not None), Decimal(0)),
    )


def _answers(row: RowDefinition, counted: Sequence[Contribution]) -> tuple[Answers, ...]:
    """Count agencies by the words of their answer: codes differ between forms, words join them."""
    counts = Counter(part.choice for part in counted)
    labels = [option.label for option in row.options]
    labels += sorted(label for label in counts if label not in labels)
    return tuple(Answers(label, counts[label]) for label in labels if counts[label])
