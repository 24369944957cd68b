"""What one agency's figure adds to the province's, and if nothing, why."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple, assert_never

from indicators.definition import FormDefinition, RowDefinition
from indicators.formulas import Percent, Ratio, keys, ratio
from indicators.kinds import AcrossAgencies, AgencyKind, Capacity, Kind, Labelled, Scope
from reporting.snapshot import FigureStatus
from reporting.workflow import HANDED_IN, State


class Standing(Labelled):
    """Whether a figure is in the total; every reason for not being there has its own words."""

    COUNTED = "counted", "Đã cộng"
    NIL = "nil", "Không phát sinh"
    BLANK = "blank", "Bỏ trống"
    OUT_OF_SCOPE = "out_of_scope", "Không thuộc phạm vi"
    NOT_APPROVED = "not_approved", "Đã gửi, chưa được duyệt"
    NOT_HANDED_IN = "not_handed_in", "Chưa gửi báo cáo"
    NO_PARTS = "no_parts", "Thiếu tử số hoặc mẫu số"
    NOT_OFFERED = "not_offered", "Mã ngoài các lựa chọn"
    OTHER_UNIT = "other_unit", "Biểu dùng đơn vị tính khác, không cộng được"
    INCLUDED = "included", "Đã nằm trong số của huyện"
    PROVINCE_WIDE = "province_wide", "Là số của toàn tỉnh, không cộng với từng đơn vị"
    VERTICAL = "vertical", "Ngành dọc, không cộng vào số của tỉnh"
    NOT_DESIGNATED = "not_designated", "Không phải cơ quan được giao báo cáo"
    NOT_ASKED = "not_asked", "Biểu không giao đơn vị báo cáo"

    @property
    def is_missing(self) -> bool:
        """Expected in the total, and not there."""
        return self in MISSING


# Expected to stand in the total; the others are outside it by rule.
EXPECTED = frozenset(
    {
        Standing.COUNTED,
        Standing.NIL,
        Standing.BLANK,
        Standing.NOT_APPROVED,
        Standing.NOT_HANDED_IN,
        Standing.NO_PARTS,
        Standing.NOT_OFFERED,
        Standing.OTHER_UNIT,
    }
)
REPORTED = frozenset({Standing.COUNTED, Standing.NIL})
# Expected, with nothing there yet.
MISSING = EXPECTED - REPORTED
_MISSING = MISSING - {Standing.NOT_OFFERED, Standing.OTHER_UNIT}


class Basis(Labelled):
    """Which reports a total stands on."""

    APPROVED = "duyet", "Báo cáo đã duyệt"
    HANDED_IN = "gui", "Cả báo cáo đã gửi, chưa duyệt (tạm tính)"

    @property
    def states(self) -> frozenset[State]:
        return frozenset({State.APPROVED}) if self is Basis.APPROVED else HANDED_IN


class Grouping(Labelled):
    """By what the agencies of a total are told apart."""

    KIND = "loai", "Loại đơn vị"
    AREA = "dia-ban", "Địa bàn"
    DISTRICT = "huyen", "Huyện"

    @property
    def in_sentence(self) -> str:
        return self.label[:1].lower() + self.label[1:]


class Reported(NamedTuple):
    """One figure as it comes from the store."""

    submission_id: int
    row_id: int
    status: str
    number: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    choice: str = ""


class Source(NamedTuple):
    """One expected submission: whose it is (``code`` is the agency's), under which form, and
    whether it ``is_taken`` into totals, which depends on its state and on what they stand on.

    ``within`` is the agency id of the district above a commune, where there is one: what the
    district reports holds what its communes do. ``sent`` orders the reports by their last handing
    in, a later one above an earlier.
    """

    submission_id: int
    agency_id: int
    agency: str
    kind: AgencyKind
    functions: frozenset[str]
    form: FormDefinition
    state: State
    is_taken: bool
    capacity: Capacity = Capacity.BOTH
    area: str = ""
    district: str = ""
    within: int | None = None
    sent: int = 0
    code: str = ""

    @property
    def is_approved(self) -> bool:
        return self.state is State.APPROVED


class Contribution(NamedTuple):
    """One agency's part in one total.

    Who reported although its form does not ask it (not ``is_asked``) counts like any other.
    """

    source: Source
    row: RowDefinition
    standing: Standing
    number: Decimal | None = None
    parts: Ratio | None = None
    choice: str = ""
    is_asked: bool = True


def group_of(source: Source, by: Grouping) -> str:
    """Return the name of the group that ``source`` belongs to; "" where it belongs to none."""
    match by:
        case Grouping.KIND:
            return source.kind.label
        case Grouping.AREA:
            return source.area
        case Grouping.DISTRICT:
            return source.district
        case _:
            assert_never(by)


# Most cells hold a number and nothing else; such a figure is that number.
Given = Decimal | Reported
# By row, then by submission: a total reads one row's figures of all submissions.
Figures = Mapping[int, Mapping[int, Given]]


@dataclass(frozen=True, slots=True)
class Question:
    """How one form asks for a target: by a row of its own, or by the two parts of its rate.

    ``row`` is what a breakdown names: the own row, else the row of the rate's whole. ``answer_id``
    is the own row's, None where the form has only the parts. What is the same for all agencies of
    a form is settled here, once: a round has tens of thousands of cells.
    """

    row: RowDefinition
    answer_id: int | None
    rate: Percent | None
    rows: Mapping[str, RowDefinition]
    only: str
    asks_all: bool
    with_vertical: bool
    is_rate: bool
    answers: Mapping[str, str]
    # Whose figure in this form is the whole province's, where the target adds everybody's own.
    speaks_for_all: str
    is_alike: bool

    @property
    def is_plain(self) -> bool:
        """The form asks everybody for a figure that is simply taken."""
        return self.asks_all and self.is_alike and not self.only


def question(
    target: RowDefinition, layout: FormDefinition, form: FormDefinition
) -> Question | None:
    """Return how ``form`` asks for ``target``, a row of ``layout``; None if it does not.

    Forms are joined by indicator. A form without the rate itself still asks for it where it asks
    for both its parts. Rows that their own form does not add over agencies are left out.
    """
    own = form.by_indicator.get(target.indicator)
    if own is not None and own.across_agencies is AcrossAgencies.NONE:
        return None
    if own is not None and isinstance(own.formula, Percent):
        rows = {key: form.by_key[key] for key in keys(own.formula)}
        return _asked(target, own, own.formula, rows)
    if isinstance(target.formula, Percent):
        joined = {
            key: form.by_indicator.get(layout.by_key[key].indicator) for key in keys(target.formula)
        }
        found = {key: row for key, row in joined.items() if row is not None and row.is_added}
        if len(found) == len(joined):
            whole = next(keys(target.formula.whole))
            return _asked(target, own or found[whole], target.formula, found)
    return _asked(target, own, None, {}) if own is not None else None


def _asked(
    target: RowDefinition,
    row: RowDefinition,
    rate: Percent | None,
    rows: Mapping[str, RowDefinition],
) -> Question:
    return Question(
        row=row,
        answer_id=row.id if row.indicator == target.indicator else None,
        rate=rate,
        rows=rows,
        only=target.designated,
        asks_all=not (row.asked or row.designated),
        with_vertical=target.vertical,
        is_rate=target.kind is Kind.PERCENT,
        answers={option.code: option.label for option in row.options},
        speaks_for_all="" if target.designated else row.designated,
        is_alike=row.indicator != target.indicator or measured_alike(row, target),
    )


def measured_alike(one: RowDefinition, other: RowDefinition) -> bool:
    """Say whether figures of two rows of one indicator are of one measure. Counts are, whatever
    their unit is called on paper; amounts only in the same unit: triệu đồng is not tỷ đồng."""
    if Kind.AMOUNT not in {one.kind, other.kind}:
        return one.kind is other.kind
    return one.unit.casefold().split() == other.unit.casefold().split()


# No agency is of this kind: a row that asks nobody for a figure of their own goes on asking nobody.
_NOBODY = frozenset({"-"})


def as_added(row: RowDefinition) -> RowDefinition:
    """Return the same row as if every agency's own figure were added, whoever is designated."""
    ways = {Kind.PERCENT: AcrossAgencies.RATE, Kind.CHOICE: AcrossAgencies.CHOICES}
    way = ways.get(row.kind, AcrossAgencies.SUM)
    asked = (row.asked or _NOBODY) if row.designated else row.asked
    reporters = () if row.designated else row.reporters
    return replace(row, across_agencies=way, asked=asked, reporters=reporters)


def rows_behind(
    target: RowDefinition, layout: FormDefinition, forms: Iterable[FormDefinition]
) -> frozenset[int]:
    """Return the ids of the rows, in ``forms``, that a total of ``target`` may stand on."""
    asked = [how for form in forms if (how := question(target, layout, form)) is not None]
    own = {how.answer_id for how in asked if how.answer_id is not None}
    return frozenset(own | {row.id for how in asked for row in how.rows.values()})


def contributions(
    target: RowDefinition, layout: FormDefinition, sources: Sequence[Source], figures: Figures
) -> list[Contribution]:
    """Return what each source whose form asks for ``target``, a row of ``layout``, adds to it."""
    asked: dict[int, tuple[Question | None, Mapping[int, Given]]] = {}
    for source in sources:
        if source.form.id not in asked:
            how = question(target, layout, source.form)
            given = figures.get(how.answer_id, _NONE) if how and how.answer_id else _NONE
            asked[source.form.id] = how, given
    districts = {
        source.agency_id
        for source in sources
        if source.kind is _DISTRICT and _is_asked(source, asked[source.form.id][0])
    }
    found = []
    for source in sources:
        how, given = asked[source.form.id]
        if how is None or (source.capacity is _PROVINCE and how.only not in source.functions):
            continue
        figure = given.get(source.submission_id)
        if how.is_plain and is_plain(source, districts):
            found.append(_inside(how, source, figures, figure))
        else:
            found.append(_with_care(how, source, figures, figure, districts))
    return found


def _is_asked(source: Source, how: Question | None) -> bool:
    """Say whether the form asks this very agency: a district that is not asked for a row holds
    nothing of its communes in it."""
    return how is not None and _scope(how, source) is not Scope.OUTSIDE


def _scope(how: Question, source: Source) -> Scope:
    return how.row.scope(source.kind, source.functions, source.capacity)


def is_plain(source: Source, districts: Collection[int] = ()) -> bool:
    """Say that nothing of its own keeps a source out of a total; ``districts`` report their
    communes' figures with their own."""
    return (
        source.is_taken
        and source.kind is not _VERTICAL
        and source.capacity is not _PROVINCE
        and source.within not in districts
    )


def _with_care(
    how: Question,
    source: Source,
    figures: Figures,
    figure: Given | None,
    districts: Collection[int],
) -> Contribution:
    """Return the part of a source that may stand outside the total. Whom its form does not ask
    is not missed, but what it has filed is not dropped."""
    outside = _outside(how, source, districts)
    if outside is None:
        part = _inside(how, source, figures, figure)
    else:
        part = Contribution(source, how.row, outside)
    if how.asks_all or _scope(how, source) is not Scope.OUTSIDE:
        return part
    if part.standing in _MISSING and part.number is None:
        part = part._replace(standing=Standing.NOT_ASKED)
    return part._replace(is_asked=False)


def _inside(how: Question, source: Source, figures: Figures, figure: Given | None) -> Contribution:
    """Return what a source's figure, if there is one, adds to the total it can stand in."""
    if not how.is_alike and figure is not None and status_of(figure) not in _SILENT:
        return Contribution(source, how.row, Standing.OTHER_UNIT, number_of(figure))
    if how.is_rate:
        return _rate(how, source, figures, figure)
    if figure is None:
        return Contribution(source, how.row, Standing.BLANK)
    if how.answers:
        return _choice(how, source, figure)
    if isinstance(figure, Decimal):
        return Contribution(source, how.row, _COUNTED, figure)
    if figure.number is None:
        return Contribution(source, how.row, _SILENT.get(figure.status, Standing.BLANK))
    return Contribution(source, how.row, _COUNTED, figure.number)


def _outside(how: Question, source: Source, districts: Collection[int]) -> Standing | None:
    """Return why nothing of a source can stand in the total, whatever it has filed."""
    if how.only and (how.only not in source.functions or source.capacity is _OWN):
        return Standing.NOT_DESIGNATED
    # An agency that is named to speak for the province is heard, whatever its kind.
    if source.kind is _VERTICAL and not how.with_vertical and not how.only:
        return Standing.VERTICAL
    if how.speaks_for_all in source.functions and source.capacity is not _OWN:
        return Standing.PROVINCE_WIDE
    if source.within in districts and not how.only:
        return Standing.INCLUDED
    if source.is_taken:
        return None
    return Standing.NOT_APPROVED if source.state in HANDED_IN else Standing.NOT_HANDED_IN


_NONE: Mapping[int, Given] = {}
# Reaching an enumeration's member takes longer than looking a figure up.
_COUNTED = Standing.COUNTED
_VERTICAL, _DISTRICT = AgencyKind.VERTICAL, AgencyKind.DISTRICT
_OWN, _PROVINCE = Capacity.OWN, Capacity.PROVINCE

_SILENT: Mapping[str, Standing] = {
    FigureStatus.NIL.value: Standing.NIL,
    FigureStatus.OUT_OF_SCOPE.value: Standing.OUT_OF_SCOPE,
}


def _rate(how: Question, source: Source, figures: Figures, figure: Given | None) -> Contribution:
    """A rate enters a total by its part and whole; a bare percentage cannot be added, and
    counts only where one agency reports for the whole province."""
    row = how.row
    filed, typed = None, _UNKNOWN
    if isinstance(figure, Decimal):
        filed = figure
    elif figure is not None:
        if figure.status in _SILENT:
            return Contribution(source, row, _SILENT[figure.status])
        filed, typed = figure.number, Ratio(figure.numerator, figure.denominator)
    parts = ratio(how.rate, _numbers(how.rows, source, figures)) if how.rate else typed
    if parts.is_complete or typed.is_complete:
        found = parts if parts.is_complete else typed
        return Contribution(source, row, _COUNTED, filed, found)
    if filed is None:
        return Contribution(source, row, _why_no_rate(how, source, figures))
    standing = Standing.COUNTED if how.only else Standing.NO_PARTS
    return Contribution(source, row, standing, number=filed)


_UNKNOWN = Ratio(None, None)


def _why_no_rate(how: Question, source: Source, figures: Figures) -> Standing:
    """Tell a part left blank from parts that are not the agency's, and from nothing at all."""
    given = [figures.get(row.id, _NONE).get(source.submission_id) for row in how.rows.values()]
    statuses = {status_of(figure) for figure in given if figure is not None}
    if FigureStatus.OUT_OF_SCOPE.value in statuses:
        return Standing.OUT_OF_SCOPE
    answered = statuses & {FigureStatus.REPORTED.value, FigureStatus.NIL.value}
    return Standing.NO_PARTS if answered else Standing.BLANK


def _numbers(
    rows: Mapping[str, RowDefinition], source: Source, figures: Figures
) -> Mapping[str, Decimal]:
    """The numbers behind a rate, by the keys its formula calls them; 0 where nothing arose, as
    the sums of those rows take it."""
    found = {}
    for key, row in rows.items():
        figure = figures.get(row.id, _NONE).get(source.submission_id)
        number = figure if isinstance(figure, Decimal) or figure is None else number_of(figure)
        if number is not None:
            found[key] = number
    return found


def number_of(figure: Given) -> Decimal | None:
    """Return the number of a figure as sums take it: 0 where nothing arose."""
    if isinstance(figure, Decimal):
        return figure
    return Decimal(0) if figure.status == FigureStatus.NIL else figure.number


def status_of(figure: Given) -> str:
    """Return what a figure says: a bare number is reported."""
    return _REPORTED if isinstance(figure, Decimal) else figure.status


_REPORTED = FigureStatus.REPORTED.value


def _choice(how: Question, source: Source, figure: Given) -> Contribution:
    if isinstance(figure, Decimal):
        return Contribution(source, how.row, Standing.NOT_OFFERED, number=figure)
    if figure.status in _SILENT:
        return Contribution(source, how.row, _SILENT[figure.status])
    answer = how.answers.get(figure.choice)
    if answer is not None:
        return Contribution(source, how.row, _COUNTED, choice=answer)
    standing = Standing.BLANK if figure.number is None else Standing.NOT_OFFERED
    return Contribution(source, how.row, standing, number=figure.number)
