"""Every move from every state by every person, tried on a real report: what the table of moves.csv
allows works and stands in the record; anything else is a sentence or 404 and changes nothing."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from reporting.actions.submissions import make_move
from reporting.models import Agency, Submission, User
from reporting.refusals import NotYours, Refused, WrongState
from reporting.workflow import MOVES, Role, State
from tests.cast import answered, person, stored, typed
from tests.reporting.actions.acts import everything

with (Path(__file__).parent / "moves.csv").open(encoding="utf-8", newline="") as lines:
    TABLE = {(line["move"], line["role"]): line for line in csv.DictReader(lines)}
# The moves that are one button; the others have a page of their own or come with a saving.
BUTTONS = [name for name in MOVES if name not in {"start", "present", "submit", "return"}]


def allowed(move: str, state: State, role: str, *, is_signed: bool) -> bool:
    line = TABLE.get((move, role))
    column = "from_where_signed" if is_signed else "from"
    return line is not None and state.value in line[column].split()


@pytest.fixture
def people(
    report: Submission, hoa: User, thu: User, hanh: User, dat: User, khac: User, mai: User
) -> Mapping[str, tuple[User, str]]:
    """Everybody with the role that bears on the report of Sở Công Thương; none bears from afar."""
    head = person("head", "Lý Văn Trưởng", (Role.HEAD, report.agency))
    other_head = person("other", "Hồ Thị Khác", (Role.HEAD, thu.memberships.get().agency))
    operator = person("operator", "Đỗ Mạnh Hùng")
    return {
        "clerk": (hoa, "clerk"),
        "head": (head, "head"),
        "reviewer": (hanh, "reviewer"),
        "viewer": (dat, "viewer"),
        "manager": (mai, ""),
        "other clerk": (thu, ""),
        "other head": (other_head, ""),
        "other reviewer": (khac, ""),
        "nobody": (operator, ""),
    }


@pytest.fixture(params=[False, True], ids=["unsigned", "signed"])
def is_signed(request: pytest.FixtureRequest, report: Submission) -> bool:
    """Whether Sở Công Thương wants its head to sign; its report is ready to be handed in."""
    Agency.objects.filter(pk=report.agency_id).update(wants_signature=request.param)
    typed(report, {"1.1": "3", "1.2": "2"})
    answered(report)
    return bool(request.param)


@contextmanager
def standing(report: Submission, state: State) -> Iterator[Submission]:
    """Put the report into ``state`` for one try; nothing of it stays."""
    with transaction.atomic():
        Submission.objects.filter(pk=report.pk).update(
            state=state.value, mends=state is State.RETURNED
        )
        yield stored(report)
        transaction.set_rollback(True)


def require_made(report: Submission, before: Submission, move: str, by: User) -> None:
    """The state is the table's, and the record says who made the move from where."""
    after = stored(report)
    assert after.state == TABLE[move, "clerk"]["to"]
    line = after.transitions.last()
    assert line is not None
    assert (line.move, line.source, line.target, line.by) == (move, before.state, after.state, by)
    assert (after.revision, after.state_by) == (before.revision + 1, by)


@pytest.mark.parametrize("move", MOVES)
def test_a_move_is_made_where_the_table_says_and_nowhere_else(
    report: Submission, people: Mapping[str, tuple[User, str]], is_signed: bool, move: str
) -> None:
    for state in State:
        for name, (by, role) in people.items():
            with standing(report, state) as before:
                stands = everything(report)
                may = allowed(move, state, role, is_signed=is_signed)
                refusal = try_to(move, before, by)
                assert (refusal is None) is may, (state, name, refusal)
                if refusal is not None:
                    assert str(refusal).endswith((".", "»."))
                    if role and _holds(move, role):
                        assert isinstance(refusal, WrongState)
                    assert everything(report) == stands
                else:
                    require_made(report, before, move, by)


def try_to(move: str, report: Submission, by: User) -> Refused | None:
    """Make a move as a page would; return why it was refused."""
    try:
        make_move(
            submission=report,
            move=MOVES[move],
            by=by,
            revision=report.revision,
            reason="Số liệu mục 1 chưa khớp.",
        )
    except Refused as refusal:
        return refusal
    return None


def _holds(move: str, role: str) -> bool:
    """The role may make the move from some state, so that only the state can be in the way."""
    line = TABLE[move, role]
    return bool(line["from"] and line["from_where_signed"])


@pytest.mark.parametrize("move", BUTTONS)
def test_a_button_answers_as_the_table_says(
    report: Submission,
    people: Mapping[str, tuple[User, str]],
    is_signed: bool,
    move: str,
    client: Client,
) -> None:
    for state in State:
        for name, (by, role) in people.items():
            client.force_login(by)
            with standing(report, state) as before:
                stands = everything(report)
                response = client.post(
                    f"/bao-cao/{report.pk}/viec/{move}/",
                    {"revision": before.revision, "reason": "Số liệu mục 1 chưa khớp."},
                )
                if allowed(move, state, role, is_signed=is_signed):
                    assert response.status_code == 302, (state, name)
                    require_made(report, before, move, by)
                else:
                    assert response.status_code == (409 if role else 404), (state, name)
                    assert everything(report) == stands
                    assert role == "" or response.context["error"].endswith((".", "»."))


def test_the_letter_sends_back_as_the_table_says(
    report: Submission, people: Mapping[str, tuple[User, str]], is_signed: bool, client: Client
) -> None:
    for state in State:
        for name, (by, role) in people.items():
            client.force_login(by)
            with standing(report, state) as before:
                stands = everything(report)
                response = client.post(
                    f"/bao-cao/{report.pk}/tra-lai/",
                    {"revision": before.revision, "reason": "Số liệu mục 1 chưa khớp."},
                )
                if allowed("return", state, role, is_signed=is_signed):
                    assert response.status_code == 302, (state, name)
                    require_made(report, before, "return", by)
                else:
                    assert response.status_code == (409 if role else 404), (state, name)
                    assert everything(report) == stands


def test_handing_in_goes_to_whom_it_must(
    report: Submission, people: Mapping[str, tuple[User, str]], is_signed: bool, client: Client
) -> None:
    for state in State:
        for name, (by, role) in people.items():
            client.force_login(by)
            with standing(report, state) as before:
                stands = everything(report)
                response = client.post(f"/bao-cao/{report.pk}/gui/", {"revision": before.revision})
                move = "present" if is_signed and role != "head" else "submit"
                if allowed(move, state, role, is_signed=is_signed):
                    assert response.status_code == 302, (state, name)
                    require_made(report, before, move, by)
                    assert report.filings.count() == (1 if move == "submit" else 0)
                else:
                    assert response.status_code == (409 if role else 404), (state, name)
                    assert everything(report) == stands


def test_who_holds_no_role_is_told_so(report: Submission, hoa: User) -> None:
    with pytest.raises(NotYours) as refusal:
        make_move(submission=report, move=MOVES["approve"], by=hoa, revision=0)
    assert str(refusal.value) == "Vai trò của ông/bà tại đơn vị này không cho phép: duyệt."
