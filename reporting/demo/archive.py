"""The filed forms under fixtures/archive, entered as approved submissions of archive rounds."""

import csv
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from indicators.definition import RowDefinition
from indicators.kinds import Capacity
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.actions.agencies import enter_agency
from reporting.actions.figures import save_figures
from reporting.actions.rounds import expect, plan_round
from reporting.actions.submissions import Heading, hand_in, make_move
from reporting.models import Agency, AgencyKind, Round, Submission, User
from reporting.numbers import Unreadable, read
from reporting.periods import Period, PeriodKind, first_months, quarter
from reporting.snapshot import (
    Cell,
    Detail,
    FigureStatus,
    Reading,
    answers_with_number,
    decimal_or_none,
)
from reporting.workflow import MOVES

VIA = "archive"


@dataclass(frozen=True, slots=True)
class FiledForm:
    """One folder of the archive: what the paper says of itself, and its figures by row key."""

    name: str
    about: Mapping[str, Any]
    figures: Mapping[str, Mapping[str, str]]


def read_filed_form(folder: Path) -> FiledForm:
    about = tomllib.loads((folder / "submission.toml").read_text(encoding="utf-8"))
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as lines:
        figures = {line["key"]: line for line in csv.DictReader(lines)}
    return FiledForm(folder.name, about, figures)


@transaction.atomic
def enter_filed_form(filed: FiledForm, *, province: Agency, by: User) -> Submission:
    """Enter one filed form and take it to its approval; ``by`` is clerk and reviewer there."""
    about = filed.about
    version = FormVersion.objects.select_related("form").get(code=about["version"])
    agency = _agency(about, province)
    round_ = _round(about, province, version, by=by)
    expect(round=round_, asked=[(agency, version, Capacity.BOTH)], by=by, via=VIA)
    submission = Submission.objects.select_related("agency__parent", "round").get(
        round=round_, agency=agency
    )
    submission.source_document = f"{filed.name}.txt – {about['source']}"
    submission.save(update_fields=["source_document"])
    rows = form_definition(version).by_key
    save_figures(
        submission=submission,
        cells={key: archived_cell(figure, rows[key]) for key, figure in filed.figures.items()},
        by=by,
        via=VIA,
        source=submission.source_document,
    )
    sent = hand_in(
        submission=submission,
        heading=_heading(about),
        by=by,
        revision=submission.revision,
        via=VIA,
    )
    return make_move(submission=sent, move=MOVES["approve"], by=by, revision=sent.revision, via=VIA)


def archived_cell(figure: Mapping[str, str], row: RowDefinition) -> Cell:
    """Return the cell that a line of ``figures.csv`` describes."""
    return Cell(
        status=FigureStatus(figure["status"] or FigureStatus.REPORTED),
        number=decimal_or_none(figure["value"] or None),
        numerator=decimal_or_none(figure["numerator"] or None),
        denominator=decimal_or_none(figure["denominator"] or None),
        choice=figure["choice"],
        text=figure["text"],
        note=figure["note"],
        written=figure["written"],
        written_unit=figure["written_unit"],
        reading=_reading(figure, row),
        details=tuple(
            Detail(line["label"], decimal_or_none(line["number"]), line["written"])
            for line in json.loads(figure["details"] or "[]")
        ),
    )


def _reading(figure: Mapping[str, str], row: RowDefinition) -> Reading:
    """Compare what the person entering the paper decided with what the reader makes of it."""
    written, value = figure["written"], figure["value"]
    if written in {figure["choice"], value, ""}:
        return Reading.AS_IS
    if not (value and answers_with_number(row.kind)):
        return Reading.CONFIRMED
    try:
        number = read(written, row.kind)
    except Unreadable:
        return Reading.CONFIRMED
    if number.value != Decimal(value):
        return Reading.CONFIRMED
    return Reading.CHANGED if number.changed else Reading.AS_IS


def _agency(about: Mapping[str, Any], province: Agency) -> Agency:
    found = Agency.objects.filter(parent=province, name=about["agency"]).first()
    initials = "".join(word[0].upper() for word in about["agency"].split() if word[0].isalpha())
    return found or enter_agency(
        agency=Agency(
            code=f"{province.code}.{initials}",
            name=about["agency"],
            kind=AgencyKind(about["agency_kind"]).value,
            parent=province,
            place=about.get("place", ""),
        )
    )


def _round(about: Mapping[str, Any], province: Agency, version: FormVersion, *, by: User) -> Round:
    found = Round.objects.filter(code=about["round_code"]).first()
    window = _window(about["round_code"])
    return found or plan_round(
        round=Round(
            province=province,
            code=about["round_code"],
            name=about["round_name"],
            period_kind=(window.kind if window else PeriodKind.OTHER).value,
            period_text=about["period"] or "kỳ không ghi",
            data_from=window.data_from if window else None,
            data_to=window.data_to if window else None,
            is_archive=True,
            notice="Nhập lại từ báo cáo giấy.",
            summary_version=version,
        ),
        forms={AgencyKind(about["agency_kind"]): [version]},
        by=by,
        via=VIA,
    )


def _window(code: str) -> Period | None:
    """Return the decree's window of a round code such as KH-2022-Q1; None if it names none."""
    _, _, period = code.partition("-")
    year, _, part = period.partition("-")
    if part.startswith("Q") and year.isdecimal():
        return quarter(int(part[1:]), int(year))
    if part == "NAM" and year.isdecimal():
        return first_months(12, int(year))
    return None


def _heading(about: Mapping[str, Any]) -> Heading:
    day = about.get("report_date")
    return Heading(
        report_number=about["report_number"],
        report_date=day if isinstance(day, date) else None,
        signer_title=about.get("signer_title", ""),
        signer_name=about.get("signer_name", ""),
    )
