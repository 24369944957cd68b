"""What the checks find in the five papers as they were filed, each judged by hand."""

import csv
from pathlib import Path

import pytest

from indicators.catalogue.documents import definition
from indicators.catalogue.folders import read_version
from indicators.catalogue.written import Document
from reporting.demo.archive import archived_cell, read_filed_form
from reporting.rules import findings
from reporting.snapshot import SubmissionSnapshot

FIXTURES = Path(__file__).parents[3] / "fixtures"
FOLDERS = sorted((FIXTURES / "archive").glob("*/"))

with (Path(__file__).parent / "seeds.csv").open(encoding="utf-8", newline="") as lines:
    JUDGED = list(csv.DictReader(lines))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name)[:3])
def test_a_paper_gives_what_was_judged_and_nothing_else(folder: Path) -> None:
    filed = read_filed_form(folder)
    sheet = read_version(FIXTURES / "catalogue" / filed.about["version"])
    form = definition(sheet.head, Document(sheet.rows, sheet.rules), version_id=1)
    paper = SubmissionSnapshot(
        form,
        {key: archived_cell(line, form.by_key[key]) for key, line in filed.figures.items()},
        is_paper=True,
        agency_kind=filed.about["agency_kind"],
    )
    judged = [(line["code"], line["place"]) for line in JUDGED if folder.name[:3] == line["seed"]]
    assert sorted((one.code, one.place) for one in findings(paper)) == sorted(judged)


def test_each_finding_is_judged_a_slip_or_an_honest_warning() -> None:
    assert {line["judged"] for line in JUDGED} == {"slip", "honest"}
    assert all(line["why"] for line in JUDGED)
