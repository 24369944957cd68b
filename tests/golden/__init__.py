"""The five filed forms: what is written on the papers, and what the portal keeps of them.

``written/`` was copied from the papers' number column by machine and owes nothing to
``fixtures/``; ``appendix/`` holds how the portal prints each form, as CSV.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from reporting.demo.archive import enter_filed_form, read_filed_form
from reporting.documents.files import appendix_of_round, appendix_of_submission
from reporting.models import AgencyKind, Figure, FigureChange, Round, Submission, Transition
from reporting.printing.appendix import Appendix
from reporting.workflow import Role
from tests.cast import agency, approved, form, opened_round, person, report_of

FOLDER = Path(__file__).parent
CONG_THUONG = "000_9572e72af2d5847b"
DAN_TOC = "001_8f3c16bf5b21494c"
TU_PHAP = "002_9b72907d5d007b89"
BIEU_7 = "003_ed731f0ff9b7d378"
SON_LIEN = "004_c34d5b07c44b199d"
SEEDS = (CONG_THUONG, DAN_TOC, TU_PHAP, BIEU_7, SON_LIEN)

# By hand: every writing that is not plainly its number, what it means and how it prints.
MEANINGS = {
    "29,6": ("29.6", "29,6"),
    "8,33": ("8.33", "8,33"),
    "8,7": ("8.7", "8,7"),
    "91,84": ("91.84", "91,84"),
    "22,83": ("22.83", "22,83"),
    "12,12": ("12.12", "12,12"),
    "13,79": ("13.79", "13,79"),
    "5.356": ("5356", "5.356"),
    "5.346": ("5346", "5.346"),
    "4.910": ("4910", "4.910"),
    "4.627": ("4627", "4.627"),
    "0.00": ("0", "0"),
    "16.90": ("16.9", "16,9"),
    "100.00": ("100", "100"),
    "100%": ("100", "100"),
    "44%": ("44", "44"),
    "26%": ("26", "26"),
    "51,3%": ("51.3", "51,3"),
    "=100%": ("100", "100"),
    "=98,64%": ("98.64", "98,64"),
    "=45,26%": ("45.26", "45,26"),
    "=84,58%": ("84.58", "84,58"),
    "34/43": ("34", "34"),
    "08 tháng": ("8", "8"),
    "1 14 CTS": ("1", "1"),
    **{f"0{digit}": (str(digit), str(digit)) for digit in range(1, 10)},
}


@dataclass(frozen=True, slots=True)
class Written:
    """One filled number cell of a paper; ``row`` counts the table's rows from 1."""

    row: int
    stt: str
    label: str
    written: str

    @property
    def value(self) -> Decimal:
        return Decimal(self._meaning[0])

    @property
    def printed(self) -> str:
        return self._meaning[1]

    @property
    def _meaning(self) -> tuple[str, str]:
        if self.written in MEANINGS:
            return MEANINGS[self.written]
        assert self.written == str(int(self.written)), f"{self.written} needs a meaning"
        return self.written, self.written


@cache
def written(seed: str) -> Sequence[Written]:
    """Return the filled cells of one paper, from top to bottom."""
    with (FOLDER / "written" / f"{seed}.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Written(int(line["row"]), line["stt"], line["label"], line["written"])
            for line in csv.DictReader(lines)
        ]


@dataclass(frozen=True)
class Filed:
    """One filed form as the portal's tables hold it, and what the portal makes of it."""

    submission: Submission
    figures: Mapping[str, Figure]
    details: Mapping[str, Sequence[tuple[str, Decimal | None, str]]]
    changes: Mapping[str, Sequence[FigureChange]]
    transitions: Sequence[Transition]
    appendix: Appendix
    exported: Sequence[Mapping[str, Any]]


@pytest.fixture(scope="session")
def filed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Mapping[str, Filed]:
    """Enter the five forms through the archive, read everything back, and leave no trace.

    Tests that ask for it are marked ``django_db``: a run without such a test has no test database.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        found = {seed: entered(number, seed) for number, seed in enumerate(SEEDS)}
        transaction.set_rollback(True)
    return found


def entered(number: int, seed: str) -> Filed:
    """Enter one paper through the archive, in a province of its own."""
    form_on_paper = read_filed_form(settings.BASE_DIR / "fixtures" / "archive" / seed)
    province = agency(f"P{number}", form_on_paper.about["province"], AgencyKind.PROVINCE)
    clerk = person(
        f"luutru{number}",
        "Người nhập báo cáo giấy",
        (Role.CLERK, province),
        (Role.REVIEWER, province),
    )
    stored = enter_filed_form(form_on_paper, province=province, by=clerk)
    submission = Submission.objects.select_related(
        "agency", "round__province", "form_version__form", "state_by"
    ).get(pk=stored.pk)
    changes: dict[str, list[FigureChange]] = {}
    for change in submission.changes.select_related("row", "by"):
        changes.setdefault(change.row.key, []).append(change)
    figures = submission.figures.select_related("row").order_by("row__position")
    out = StringIO()
    call_command("export_figures", submission=submission.pk, json=True, stdout=out)
    return Filed(
        submission=submission,
        figures={figure.row.key: figure for figure in figures},
        details={
            figure.row.key: [(line.label, line.number, line.written) for line in lines]
            for figure in figures
            if (lines := list(figure.details.all()))
        },
        changes=changes,
        transitions=list(submission.transitions.select_related("by")),
        appendix=appendix_of_submission(submission),
        exported=json.loads(out.getvalue()),
    )


@pytest.fixture(scope="session")
def round_appendix(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Appendix:
    """The province's table over three approved reports of four."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = appendix_of_round(approved_round(), form("PL2-KH-2022"))
        transaction.set_rollback(True)
    return found


def approved_round() -> Round:
    """Sở Công Thương and Sở Nội vụ answer on the department's form, a commune on its own."""
    province = agency("T", "Tỉnh Minh Họa", AgencyKind.PROVINCE)
    trade = agency("T.SCT", "Sở Công Thương", AgencyKind.DEPARTMENT, province)
    home = agency("T.SNV", "Sở Nội vụ", AgencyKind.DEPARTMENT, province, functions="noi_vu")
    commune = agency("T.X1", "UBND xã Minh An", AgencyKind.COMMUNE, province)
    agency("T.X2", "UBND xã Tân An", AgencyKind.COMMUNE, province)
    hanh = person("hanh-t", "Trần Minh Hạnh", (Role.REVIEWER, province))
    round_ = opened_round(province, "T-QUY", by=hanh)
    approved(
        report_of(round_, trade),
        {"1.1": "1.200", "1.2.a": "27", "1.2.b": "8", "1.6": "1", "1.3.2.a": "không phát sinh"},
    )
    approved(report_of(round_, home), {"1.1": "34", "1.2.a": "3", "1.2.b": "2", "1.6": "0"})
    approved(report_of(round_, commune), {"1.1.3": "6"})
    return round_
