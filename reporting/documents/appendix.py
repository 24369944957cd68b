"""The neutral Appendix: the table that page, Excel, PDF and CSV all print from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import Emphasis
from reporting.calculations.totals import Total
from reporting.documents.cells import (
    PrintedCell,
    coverage,
    printed_figure,
    printed_total,
    remarks,
    written_parts,
)
from reporting.snapshot import SubmissionSnapshot

SPANNED_HEADING = "Kết quả thống kê"
UNIT_HEADING = "Đơn vị tính"
FIGURE_HEADING = "Số liệu"
STT_HEADING = "STT"
COVERAGE_HEADING = "Số đơn vị đã tính"


@dataclass(frozen=True, slots=True)
class Line:
    """One printed row."""

    key: str
    stt: str
    label: str
    unit: str
    figure: PrintedCell
    remark: str
    depth: int
    is_bold: bool
    is_italic: bool


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


@dataclass(frozen=True, slots=True)
class Appendix:
    """A whole table with what stands above and below it."""

    label: str
    title: str
    legal_line: str
    notice: str
    label_heading: str
    last_heading: str
    lines: Sequence[Line]
    signature: Signature


def submission_appendix(snapshot: SubmissionSnapshot, heading: Heading) -> Appendix:
    """Lay out one submission by the form version it was filled under."""
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
            )
            for row in snapshot.form.rows
        ],
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


def _appendix(
    form: FormDefinition, heading: Heading, *, last_heading: str, lines: Sequence[Line]
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
            place_and_date=f"{heading.place or '……………'}, {_long_date(heading.report_date)}",
            signer_title=heading.signer_title or "THỦ TRƯỞNG ĐƠN VỊ",
            signer_name=heading.signer_name,
        ),
    )


def _line(row: RowDefinition, *, figure: PrintedCell, unit: str, remark: str) -> Line:
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
    )


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


def _long_date(day: date | None) -> str:
    """Write a date as Decree 30/2020/NĐ-CP asks: a leading zero for days under 10 and for
    January and February.

    >>> _long_date(date(2022, 3, 10)), _long_date(date(2023, 2, 5))
    ('ngày 10 tháng 3 năm 2022', 'ngày 05 tháng 02 năm 2023')
    """
    if day is None:
        return "ngày …… tháng …… năm ………"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
