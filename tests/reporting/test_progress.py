"""What one report says in a cell of the board: a table of cases."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from reporting.progress import Facts, Only, Progress, Stage, progress_of, wanted_by
from reporting.workflow import RoundStatus, State

TODAY = date(2027, 3, 20)
TYPED = 30

with Path(__file__).with_name("progress.csv").open(encoding="utf-8", newline="") as lines:
    CASES = [pytest.param(line, id=line["case"]) for line in csv.DictReader(lines)]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def read(line: Mapping[str, str]) -> Progress:
    mends, extended_until = line["mends"] == "yes", day(line["extended_until"])
    facts = Facts(
        State(line["state"]),
        int(line["answered"]),
        TYPED,
        wanted_by(day(line["due"]), day(line["edit_until"]), extended_until, mends=mends),
        extended_until,
        is_late={"": None, "yes": True, "no": False}[line["is_late"]],
        is_nil=line["is_nil"] == "yes",
        round_status=RoundStatus(line["round"]),
    )
    return progress_of(facts, TODAY)


@pytest.mark.parametrize("line", CASES)
def test_a_report_says_where_it_stands(line: Mapping[str, str]) -> None:
    found = read(line)
    assert (found.sign, found.words, found.css) == (line["sign"], line["words"], line["css"])
    assert found.is_overdue == (line["rank"] == "first")


def test_every_state_has_a_stage_and_no_two_stages_one_sign() -> None:
    assert {state.value for state in State} == {stage.value for stage in Stage} - {"cancelled"}
    assert len({stage.sign for stage in Stage}) == len(Stage)


def test_of_two_reports_the_worse_comes_first() -> None:
    told = [
        Progress(Stage.APPROVED, 100, is_late=False),
        Progress(Stage.SUBMITTED, 100, is_late=True),
        Progress(Stage.DRAFT, 60),
        Progress(Stage.DRAFT, 40),
        Progress(Stage.SIGNING, 100, is_overdue=True),
        Progress(Stage.NOT_STARTED, 0),
        Progress(Stage.RETURNED, 90, is_late=False),
    ]
    assert [one.sign for one in sorted(told, key=lambda one: one.rank)] == [
        "! ✎",
        "–",
        "40 %",
        "60 %",
        "↩",
        "↑ muộn",
        "✓",
    ]


@pytest.mark.parametrize(
    ("progress", "among"),
    [
        (Progress(Stage.NOT_STARTED), {Only.NOT_SENT, Only.NOT_STARTED}),
        (
            Progress(Stage.DRAFT, 40, is_overdue=True),
            {Only.NOT_SENT, Only.OVERDUE},
        ),
        (Progress(Stage.SIGNING), {Only.NOT_SENT, Only.SIGNING}),
        (Progress(Stage.RETURNED, is_late=False), {Only.RETURNED, Only.ON_TIME}),
        (Progress(Stage.RETURNED, is_late=True, is_nil=True), {Only.RETURNED, Only.LATE}),
        (Progress(Stage.SUBMITTED, is_late=False), {Only.SENT, Only.WAITING, Only.ON_TIME}),
        (Progress(Stage.SUBMITTED), {Only.SENT, Only.WAITING}),
        (
            Progress(Stage.IN_REVIEW, is_late=True, is_nil=True),
            {Only.SENT, Only.WAITING, Only.LATE, Only.NIL},
        ),
        (Progress(Stage.APPROVED, is_late=False), {Only.SENT, Only.APPROVED, Only.ON_TIME}),
        (Progress(Stage.CANCELLED), set()),
    ],
)
def test_what_a_report_is_among(progress: Progress, among: set[Only]) -> None:
    assert progress.only == {Only.ALL} | among


def test_every_way_to_narrow_the_board_finds_something() -> None:
    """None of them is forgotten in the table of what fits."""
    every = [
        Progress(stage, is_overdue=over, is_late=late, is_nil=True)
        for stage in Stage
        for over in (True, False)
        for late in (True, False, None)
    ]
    assert set[Only]().union(*(one.only for one in every)) == set(Only)
