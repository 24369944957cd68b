"""The table of moves as a truth table: every state × move × role."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from reporting.workflow import EDITABLE, MOVES, Role, State, open_moves

with (Path(__file__).parent / "moves.csv").open(encoding="utf-8", newline="") as lines:
    TABLE = list(csv.DictReader(lines))


@pytest.mark.parametrize("line", TABLE, ids=lambda line: f"{line['move']}-{line['role']}")
@pytest.mark.parametrize("state", State)
def test_a_move_is_open_where_the_table_says(line: Mapping[str, str], state: State) -> None:
    move, roles = MOVES[line["move"]], {Role(line["role"])}
    for column, is_signed in (("from", False), ("from_where_signed", True)):
        allowed = line[column].split()
        assert move.is_open_to(state, roles, is_signed=is_signed) is (state.value in allowed)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: f"{line['move']}-{line['role']}")
def test_a_move_leads_where_the_table_says(line: Mapping[str, str]) -> None:
    move = MOVES[line["move"]]
    assert (
        move.target.value,
        move.needs_reason,
        move.needs_figures,
        move.only_while_open,
    ) == (
        line["to"],
        line["reason"] == "yes",
        line["figures"] == "yes",
        line["while_open"] == "yes",
    )


def test_the_table_has_each_move_with_each_role_once() -> None:
    assert sorted((line["move"], line["role"]) for line in TABLE) == sorted(
        (move, role.value) for move in MOVES for role in Role
    )


@pytest.mark.parametrize("state", State)
def test_nothing_is_open_to_nobody(state: State) -> None:
    assert list(open_moves(state, frozenset())) == []


def test_several_roles_open_the_moves_of_each() -> None:
    names = [move.name for move in open_moves(State.SUBMITTED, {Role.CLERK, Role.REVIEWER})]
    assert names == ["withdraw", "review", "return", "approve"]


def test_every_editable_state_can_be_handed_in_or_begun() -> None:
    for handing_in in (MOVES["submit"], MOVES["present"]):
        assert MOVES["start"].sources | handing_in.sources >= EDITABLE
