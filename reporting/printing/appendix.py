"""The neutral Appendix: the table that page, Excel, Word, PDF and CSV all print from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from indicators.definition import FormDefinition, RowDefinition, RuleDefinition
from indicators.formulas import Elsewhere, Figures, Node, Ref, When, keys
from indicators.kinds import Emphasis, Kind, Missing
from reporting.calculations.totals import Total
from reporting.numbers import PRINTED_RATE_PLACES
from reporting.printing.cells import (
    PrintedCell,
    coverage,
    printed_figure,
    printed_total,
    remarks,
    written_parts,
)
from reporting.printing.notes import Found, Note, notes_of
from reporting.rules.declared import rule_in_words
from reporting.rules.history import NO_HISTORY, History
from reporting.rules.report import Report
from reporting.snapshot import SubmissionSnapshot

SPANNED_HEADING = "Kết quả thống kê"
UNIT_HEADING = "Đơn vị tính"
FIGURE_HEADING = "Số liệu"
STT_HEADING = "STT"
MARK_HEADING = "Mã kiểm chứng"
COVERAGE_HEADING = "Số đơn vị đã tính"


@dataclass(frozen=True, slots=True)
class Computed:
    """How a figure follows from others of the table, and to how many decimals it is rounded; None
    where it is shown as exact as it is."""

    formula: Node
    places: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One printed row; a figure that was typed is not ``computed``."""

    key: str
    stt: str
    label: str
    unit: str
    figure: PrintedCell
    remark: str
    depth: int
    is_bold: bool
    is_italic: bool
    computed: Computed | None = None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of the form: what it asks in words, and whether the figures keep it; None where too
    much is missing to say. It is silent until a figure of one of the rows ``waits_for`` is there,
    if any are named."""

    rule: RuleDefinition
    words: str
    holds: bool | None
    waits_for: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Checks:
    """The rules of the form with all that they read beside the table.

    ``beside`` are, by address, figures of other rounds and forms; of a year so far that part of it
    which was reported before. ``asked`` are the rows that this agency is to answer.
    """

    rules: Sequence[RuleLine]
    beside: Mapping[str, Decimal]
    asked: Collection[str]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who draws the table up and who signs it."""

    place_and_date: str
    signer_title: str
    signer_name: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What fills the placeholders of the form's title and legal line."""

    agency: str
    place: str
    period: str
    report_number: str = ""
    report_date: date | None = None
    signer_title: str = ""
    signer_name: str = ""
    notice: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a whole document begins with beside the motto of the state: the body ``above`` the
    issuing one ("" where there is none), the ``issuer``, number, place and date."""

    above: str
    issuer: str
    number: str
    place_and_date: str


@dataclass(frozen=True, slots=True)
class Mark:
    """By what a printed file is known again: a short code, and the page that tells what it is."""

    code: str
    address: str

    @property
    def words(self) -> tuple[str, str]:
        return f"Mã kiểm chứng: {self.code}", f"Kiểm chứng tại: {self.address}"


@dataclass(frozen=True, slots=True)
class Paper:
    """How an Appendix is wanted on paper: as a whole document with letterhead, or as the appendix
    of one; across or upright; one section by its key, or all of it ("")."""

    is_document: bool = False
    is_wide: bool = False
    section: str = ""


PLAIN = Paper()


@dataclass(frozen=True, slots=True)
class Appendix:
    """A whole table with what stands above and below it; of a single report also its checks, what
    was said beside its figures, and what the checks found (None where they were not asked).

    ``standing`` says in a few words on every page what keeps it from counting; "" where nothing.
    """

    label: str
    title: str
    legal_line: str
    notice: str
    label_heading: str
    last_heading: str
    lines: Sequence[Line]
    signature: Signature
    checks: Checks | None = None
    letterhead: Letterhead | None = None
    mark: Mark | None = None
    is_wide: bool = False
    notes: Sequence[Note] = ()
    found: Found | None = None
    standing: str = ""

    @property
    def foot(self) -> str:
        """What stands at the foot of every page, for none of them to be taken for more alone."""
        code = f"{MARK_HEADING} {self.mark.code}" if self.mark else ""
        return " · ".join(filter(None, (self.standing, code)))


def submission_appendix(
    snapshot: SubmissionSnapshot, heading: Heading, history: History = NO_HISTORY
) -> Appendix:
    """Lay out one submission by the form version it was filled under; ``history`` is what its
    rules compare it with. A paper is shown as it was filed: nothing is computed or checked."""
    return _appendix(
        snapshot.form,
        heading,
        last_heading=snapshot.form.last_heading,
        lines=[
            _line(
                row,
                figure=printed_figure(row, snapshot),
                unit=snapshot.cell(row.key).written_unit or row.unit,
                remark=_last_column(row, snapshot),
                computed=_computed(row, snapshot),
            )
            for row in snapshot.form.rows
        ],
        checks=None if snapshot.is_paper else _checks(Report(snapshot, history)),
        notes=tuple(notes_of(snapshot)),
    )


def province_appendix(
    layout: FormDefinition, totals: Sequence[Total], heading: Heading
) -> Appendix:
    """Lay out a province's totals; the last column says on how many agencies each stands, and of
    a rate the two sums behind it, which may reach further than the rows printed below it."""
    return _appendix(
        layout,
        heading,
        last_heading=COVERAGE_HEADING,
        lines=[
            _line(
                total.row,
                figure=printed_total(total),
                unit=total.row.unit,
                remark="; ".join(filter(None, (written_parts(total.parts), coverage(total)))),
            )
            for total in totals
        ],
    )


def on_paper(appendix: Appendix, paper: Paper, letterhead: Letterhead) -> Appendix:
    """Return ``appendix`` laid out as ``paper`` asks. A letterhead says place and date, which are
    then not said again above the signature."""
    if not paper.is_document:
        return replace(appendix, is_wide=paper.is_wide)
    return replace(
        appendix,
        is_wide=paper.is_wide,
        letterhead=letterhead,
        signature=replace(appendix.signature, place_and_date=""),
    )


def _appendix(
    form: FormDefinition,
    heading: Heading,
    *,
    last_heading: str,
    lines: Sequence[Line],
    checks: Checks | None = None,
    notes: Sequence[Note] = (),
) -> Appendix:
    return Appendix(
        label=form.appendix_label,
        title=_filled(form.title, heading),
        legal_line=_filled(form.legal_line, heading),
        notice=heading.notice,
        label_heading=form.label_heading,
        last_heading=last_heading,
        lines=lines,
        signature=Signature(
            place_and_date=f"{heading.place or '……………'}, {long_date(heading.report_date)}",
            signer_title=heading.signer_title or "THỦ TRƯỞNG ĐƠN VỊ",
            signer_name=heading.signer_name,
        ),
        checks=checks,
        notes=notes,
        standing=heading.standing,
    )


def _line(
    row: RowDefinition,
    *,
    figure: PrintedCell,
    unit: str,
    remark: str,
    computed: Computed | None = None,
) -> Line:
    return Line(
        key=row.key,
        stt=row.stt,
        label=row.label,
        unit=unit,
        figure=figure,
        remark=remark,
        depth=row.depth,
        is_bold=row.emphasis is Emphasis.BOLD,
        is_italic=row.emphasis is Emphasis.ITALIC,
        computed=computed,
    )


def _computed(row: RowDefinition, snapshot: SubmissionSnapshot) -> Computed | None:
    """Return how a figure that nobody typed is computed."""
    if row.formula is None or snapshot.is_paper or snapshot.cell(row.key).is_answered:
        return None
    return Computed(row.formula, PRINTED_RATE_PLACES if row.kind is Kind.PERCENT else None)


def _checks(report: Report) -> Checks | None:
    """Run the rules of the form; None where it has none."""
    form = report.snapshot.form
    if not form.rules:
        return None
    figures = report.figures(form.special_operands)
    return Checks(
        rules=[_rule_line(rule, report, figures) for rule in form.rules],
        beside=dict(_beside(report, figures)),
        asked=report.asked,
    )


def _rule_line(rule: RuleDefinition, report: Report, figures: Figures) -> RuleLine:
    """A rule that takes what is missing for 0 is not for an agency that none of it is asked of."""
    read = tuple(dict.fromkeys(keys(rule.test)))
    is_asked = rule.missing is not Missing.ZERO or not report.asked.isdisjoint(read)
    waits_for = () if is_asked else read
    waits = bool(waits_for) and figures.keys().isdisjoint(waits_for)
    return RuleLine(
        rule=rule,
        words=rule_in_words(rule, report.snapshot.form),
        holds=None if waits else rule.holds(figures),
        waits_for=waits_for,
    )


def _beside(report: Report, figures: Figures) -> Iterator[tuple[str, Decimal]]:
    """Yield what the rules read of other rounds and forms, as far as it is known."""
    for operand in report.snapshot.form.special_operands:
        if isinstance(operand, Ref) and operand.when is When.YEAR_TO_DATE:
            number = _before_this_round(operand.key, report)
        elif isinstance(operand, Ref | Elsewhere):
            number = figures.get(operand.address)
        else:
            continue
        if number is not None:
            yield operand.address, number


def _before_this_round(key: str, report: Report) -> Decimal | None:
    """Return what the year so far adds to the figure of this round."""
    row = report.snapshot.form.by_key.get(key)
    if row is None:
        return None
    return report.history.year_to_date(row.indicator, Decimal(0), row.across_periods)


def _last_column(row: RowDefinition, snapshot: SubmissionSnapshot) -> str:
    """The agency's remarks stand in the form's last column, over the form's own words there,
    as agencies write them on paper."""
    said = remarks(snapshot.cell(row.key))
    return "\n".join(said) if said else row.who_reports


def _filled(template: str, heading: Heading) -> str:
    """Put the heading into a title or legal line; what is not known yet is left to be written."""
    blanks = {
        "{PERIOD}": heading.period.upper(),
        "{period}": heading.period,
        "{AGENCY}": heading.agency.upper(),
        "{agency}": heading.agency,
        "{AREA}": heading.agency.removeprefix("UBND ").upper(),
        "{number}": heading.report_number or "……",
        "{date}": _short_date(heading.report_date),
    }
    for placeholder, text in blanks.items():
        template = template.replace(placeholder, text)
    return template


def _short_date(day: date | None) -> str:
    return f"{day.day}/{day.month}/{day.year}" if day else "……/……/……"


def long_date(day: date | None) -> str:
    """Write a date as Decree 30/2020/NĐ-CP asks: a leading zero for days under 10 and for
    January and February.

    >>> long_date(date(2022, 3, 10)), long_date(date(2023, 2, 5))
    ('ngày 10 tháng 3 năm 2022', 'ngày 05 tháng 02 năm 2023')
    """
    if day is None:
        return "ngày …… tháng …… năm ………"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def authority(province: str) -> str:
    """Name the body that signs for a province: "Tỉnh Minh Họa" is its UBND.

    >>> authority("Tỉnh Minh Họa"), authority("Thành phố Huế")
    ('UBND tỉnh Minh Họa', 'UBND thành phố Huế')
    """
    return f"UBND {within(province)}"


def within(province: str) -> str:
    """Name a province within a sentence: its kind is written small.

    >>> within("Tỉnh Minh Họa")
    'tỉnh Minh Họa'
    """
    return f"{province[:1].lower()}{province[1:]}"


def joined(*sentences: str) -> str:
    """Return what stands as one notice above a table."""
    return " ".join(filter(None, sentences))
