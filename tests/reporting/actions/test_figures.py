"""Saving figures: what is written, what is logged, what is refused."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reporting.actions.figures import save_figures
from reporting.actions.rounds import reschedule_round
from reporting.models import (
    DetailLine,
    FigureChange,
    Submission,
    Transition,
    User,
)
from reporting.queries.figures import changes_after, snapshot
from reporting.refusals import (
    NotYours,
    RoundClosed,
    WrongState,
)
from reporting.snapshot import EMPTY, Cell, Detail, FigureStatus, Reading
from reporting.workflow import Role, State
from tests.cast import (
    brought_to,
    person,
    stored,
)
from tests.reporting.actions.acts import close, everything, number, post, save


def test_the_first_entry_is_stored_and_logged_with_who_and_from_where(
    report: Submission, hoa: User
) -> None:
    keys = save_figures(
        submission=report,
        cells={"1.1": number("3")},
        by=hoa,
        via="archive",
        source="phu-luc.docx",
        reason="nhập từ giấy",
    )
    assert keys == ("1.1",)
    assert snapshot(stored(report)).cells == {"1.1": number("3")}
    change = FigureChange.objects.get(submission=report)
    assert (change.row.key, change.before, change.after) == (
        "1.1",
        None,
        {"status": "reported", "number": "3", "written": "3", "reading": "as_is"},
    )
    assert (change.by, change.via, change.source, change.reason) == (
        hoa,
        "archive",
        "phu-luc.docx",
        "nhập từ giấy",
    )


def test_the_first_saving_starts_the_report(report: Submission, hoa: User) -> None:
    save(report, {"1.1": number("3")}, hoa)
    assert stored(report).state == State.DRAFT
    moves = Transition.objects.filter(submission=report).values_list("move", "source", "target")
    assert list(moves) == [("open", "", "not_started"), ("start", "not_started", "draft")]


def test_a_later_saving_logs_old_and_new(report: Submission, hoa: User) -> None:
    save(report, {"1.1": number("3")}, hoa)
    save(report, {"1.1": number("4")}, hoa)
    last = FigureChange.objects.filter(submission=report).last()
    assert last is not None
    assert last.before is not None
    assert last.after is not None
    assert (last.before["number"], last.after["number"]) == ("3", "4")


def test_an_unchanged_cell_is_neither_written_nor_logged(report: Submission, hoa: User) -> None:
    save(report, {"1.1": number("3"), "1.2.a": number("10")}, hoa)
    before = everything(report)
    assert save(report, {"1.1": number("3")}, hoa) == ()
    assert everything(report) == before


def test_saving_nothing_does_not_start_the_report(report: Submission, hoa: User) -> None:
    save(report, {"1.1": EMPTY}, hoa)
    assert stored(report).state == State.NOT_STARTED
    assert stored(report).revision == 0


def test_a_cleared_cell_is_logged_and_gone(report: Submission, hoa: User) -> None:
    save(report, {"1.1": number("3"), "1.2.a": number("10")}, hoa)
    save(report, {"1.1": EMPTY}, hoa)
    assert snapshot(stored(report)).cells == {"1.2.a": number("10")}
    last = FigureChange.objects.filter(submission=report).last()
    assert last is not None
    assert (last.row.key, last.after) == ("1.1", None)


def test_zero_is_stored_and_is_not_blank(report: Submission, hoa: User) -> None:
    save(report, {"1.1": number("0")}, hoa)
    assert snapshot(stored(report)).cell("1.1").number == Decimal(0)


@pytest.mark.parametrize(
    "cell",
    [
        Cell(number=Decimal("999999999999.125"), written="999.999.999.999,125"),
        Cell(
            number=Decimal("79.07"),
            numerator=Decimal(34),
            denominator=Decimal(43),
            written="34/43",
            reading=Reading.CHANGED,
        ),
        Cell(status=FigureStatus.NIL, note="Dự kiến Quý IV"),
        Cell(status=FigureStatus.OUT_OF_SCOPE),
        Cell(status=FigureStatus.NOTE, note="Chờ số của Chi cục"),
        Cell(choice="1"),
        Cell(text="Đã thực hiện\nđợt 1", note="đ" * 2000),
        Cell(
            number=Decimal(10),
            written="10",
            written_unit="253/493",
            reading=Reading.CONFIRMED,
            details=(
                Detail("Nuôi con nuôi", Decimal(4), "04"),
                Detail("Chứng thực", None, ""),
                Detail("Hộ tịch", Decimal("6.5"), "6,5"),
            ),
        ),
    ],
)
def test_a_cell_is_stored_as_it_was_given(report: Submission, hoa: User, cell: Cell) -> None:
    save(report, {"1.1": cell}, hoa)
    assert snapshot(stored(report)).cells == {"1.1": cell}


def test_details_are_replaced_with_their_figure(report: Submission, hoa: User) -> None:
    first = Cell(number=Decimal(5), details=(Detail("a", Decimal(2)), Detail("b", Decimal(3))))
    second = Cell(number=Decimal(4), details=(Detail("c", Decimal(4)),))
    save(report, {"1.1": first, "1.2.a": first}, hoa)
    save(report, {"1.1": second}, hoa)
    assert snapshot(stored(report)).cells == {"1.1": second, "1.2.a": first}
    save(report, {"1.1": EMPTY}, hoa)
    assert DetailLine.objects.filter(figure__submission=report).count() == 2


def test_a_detail_without_a_figure_is_kept(report: Submission, hoa: User) -> None:
    cell = Cell(status=FigureStatus.NOTE, details=(Detail("a", Decimal(2)),))
    save(report, {"1.1": cell}, hoa)
    assert snapshot(stored(report)).cells == {"1.1": cell}


def test_figures_and_log_are_one_transaction(report: Submission, hoa: User) -> None:
    """A figure the database refuses leaves neither the other figures nor their log."""
    before = everything(report)
    impossible = Cell(status=FigureStatus.NIL, number=Decimal(5))
    with pytest.raises(IntegrityError), transaction.atomic():
        save(report, {"1.1": number("3"), "1.2.a": impossible}, hoa)
    assert everything(report) == before


def test_a_log_that_fails_leaves_no_figure(report: Submission, hoa: User) -> None:
    before = everything(report)
    with pytest.raises((IntegrityError, ValueError)), transaction.atomic():
        save_figures(
            submission=report,
            cells={"1.1": number("3")},
            by=hoa,
            via=None,  # type: ignore[arg-type]
        )
    assert everything(report) == before


# Two people at one report


@pytest.fixture
def lan(report: Submission) -> User:
    """A second clerk of Sở Công Thương."""
    return person("lan", "Phạm Thị Lan", (Role.CLERK, report.agency))


def test_a_posted_page_is_read_and_saved(report: Submission, hoa: User) -> None:
    saved = post(report, {"1.1": "3", "1.2.a": "5.356"}, hoa)
    assert (saved.keys, saved.conflicts, saved.refused) == (("1.1", "1.2.a"), [], {})
    assert (saved.revision, saved.now) == (stored(report).revision, snapshot(stored(report)))
    assert snapshot(stored(report)).cells == {
        "1.1": number("3"),
        "1.2.a": Cell(number=Decimal(5356), written="5.356", reading=Reading.CHANGED),
    }


def test_a_box_that_cannot_be_read_does_not_keep_the_others(report: Submission, hoa: User) -> None:
    saved = post(report, {"1.1": "x", "1.2.a": "10"}, hoa, notes={"1.1": "theo tháng"})
    assert saved.keys == ("1.2.a",)
    assert (saved.refused["1.1"].typed, saved.refused["1.1"].note) == ("x", "theo tháng")
    assert snapshot(stored(report)).cells == {"1.2.a": number("10")}


def test_the_second_writer_of_a_cell_is_told_with_both_values_and_the_name(
    report: Submission, hoa: User, lan: User
) -> None:
    post(report, {"1.1": "3"}, hoa, drawn_from=0)
    saved = post(report, {"1.1": "4", "1.2.a": "10"}, lan, drawn_from=0)
    assert saved.keys == ("1.2.a",)
    [conflict] = saved.conflicts
    assert (conflict.key, conflict.theirs, conflict.mine, conflict.by) == (
        "1.1",
        number("3"),
        number("4"),
        "Nguyễn Thị Hoa",
    )
    assert conflict.at == FigureChange.objects.get(submission=report, by=hoa).at
    assert snapshot(stored(report)).cells == {"1.1": number("3"), "1.2.a": number("10")}


def test_saving_again_after_being_told_overwrites_with_a_trace(
    report: Submission, hoa: User, lan: User
) -> None:
    post(report, {"1.1": "3"}, hoa, drawn_from=0)
    told = post(report, {"1.1": "4"}, lan, drawn_from=0)
    again = post(report, {"1.1": "4"}, lan, drawn_from=told.revision)
    assert (again.keys, again.conflicts) == (("1.1",), [])
    log = FigureChange.objects.filter(submission=report).values_list("by__username", "row__key")
    assert list(log) == [("hoa", "1.1"), ("lan", "1.1")]
    assert snapshot(stored(report)).cells == {"1.1": number("4")}


def test_a_page_drawn_after_a_saving_is_not_behind_it(report: Submission, hoa: User) -> None:
    for text in ("3", "4", "5"):
        saved = post(report, {"1.1": text}, hoa)
        assert (saved.keys, saved.conflicts) == (("1.1",), [])
    assert snapshot(stored(report)).cells == {"1.1": number("5")}


def test_the_same_number_written_by_both_is_no_conflict(
    report: Submission, hoa: User, lan: User
) -> None:
    post(report, {"1.1": "5356"}, hoa, drawn_from=0)
    assert post(report, {"1.1": "5.356"}, lan, drawn_from=0).conflicts == []


def test_a_note_and_a_figure_of_two_people_are_joined(
    report: Submission, hoa: User, lan: User
) -> None:
    post(report, {"1.1": "3"}, hoa, drawn_from=0)
    saved = post(report, {}, lan, notes={"1.1": "tạm tính"}, drawn_from=0)
    assert (saved.keys, saved.conflicts) == (("1.1",), [])
    assert snapshot(stored(report)).cells == {"1.1": replace(number("3"), note="tạm tính")}


def test_two_notes_on_one_row_are_a_conflict(report: Submission, hoa: User, lan: User) -> None:
    post(report, {}, hoa, notes={"1.1": "tạm tính"}, drawn_from=0)
    [conflict] = post(report, {}, lan, notes={"1.1": "chính thức"}, drawn_from=0).conflicts
    assert (conflict.theirs.note, conflict.mine.note) == ("tạm tính", "chính thức")
    assert snapshot(stored(report)).cell("1.1").note == "tạm tính"


def test_a_cell_cleared_meanwhile_is_a_conflict_too(
    report: Submission, hoa: User, lan: User
) -> None:
    seen = post(report, {"1.1": "3"}, hoa).revision
    post(report, {"1.1": ""}, hoa)
    [conflict] = post(report, {"1.1": "4"}, lan, drawn_from=seen).conflicts
    assert (conflict.theirs, conflict.mine) == (EMPTY, number("4"))


def test_changes_of_other_cells_are_no_conflict(report: Submission, hoa: User, lan: User) -> None:
    post(report, {"1.1": "3"}, hoa, drawn_from=0)
    saved = post(report, {"1.2.a": "10"}, lan, drawn_from=0)
    assert (saved.keys, saved.conflicts) == (("1.2.a",), [])


def test_a_whole_old_page_undoes_nothing_that_it_did_not_touch(
    report: Submission, hoa: User, lan: User
) -> None:
    seen = post(report, {"1.1": "3", "1.2.a": "10"}, hoa).revision
    post(report, {"1.1": "5"}, lan)
    saved = post(report, {"1.1": "3", "1.2.a": "11"}, hoa, drawn_from=seen)
    assert (saved.keys, saved.conflicts) == (("1.2.a",), [])
    assert snapshot(stored(report)).cells == {"1.1": number("5"), "1.2.a": number("11")}


def test_a_box_that_cannot_be_read_is_told_of_the_other_writer_as_well(
    report: Submission, hoa: User, lan: User
) -> None:
    """The person will correct it and save again, and must not overwrite unseen then either."""
    post(report, {"1.1": "3", "1.2.a": "10"}, hoa, drawn_from=0)
    saved = post(report, {"1.1": "x"}, lan, drawn_from=0)
    assert list(saved.refused) == ["1.1"]
    assert [(met.key, met.theirs, met.by) for met in saved.conflicts] == [
        ("1.1", number("3"), "Nguyễn Thị Hoa")
    ]


def test_a_page_of_no_known_revision_overwrites_nothing(
    report: Submission, hoa: User, lan: User
) -> None:
    """A page drawn before the database was restored may name a revision still to come."""
    post(report, {"1.1": "3"}, hoa)
    saved = post(report, {"1.1": "4"}, lan, drawn_from=999)
    assert [conflict.key for conflict in saved.conflicts] == ["1.1"]
    assert snapshot(stored(report)).cells == {"1.1": number("3")}


def test_what_a_page_showed_is_known_for_each_cell_changed_since(
    report: Submission, hoa: User, lan: User
) -> None:
    seen = post(report, {"1.1": "3", "1.2.a": "10"}, hoa).revision
    post(report, {"1.1": "4"}, lan)
    last = post(report, {"1.1": "5"}, hoa).revision
    later = changes_after(stored(report), seen)
    assert {
        key: [(saving.before, saving.by) for saving in savings] for key, savings in later.items()
    } == {"1.1": [(number("3"), str(lan)), (number("4"), "Nguyễn Thị Hoa")]}
    assert changes_after(stored(report), last) == {}


# Refusals of saving


@pytest.mark.parametrize(
    ("state", "remedy"),
    [
        ("submitted", "Hãy rút báo cáo về rồi sửa."),
        ("approved", "Muốn sửa, hãy đề nghị Sở Nội vụ mở lại."),
    ],
)
def test_a_handed_in_report_takes_no_figures_and_says_who_and_what_to_do(
    report: Submission, hoa: User, state: str, remedy: str
) -> None:
    brought_to(state, report, {"1.1": "3"})
    before = everything(report)
    with pytest.raises(WrongState) as refusal:
        save(stored(report), {"1.1": number("4")}, hoa)
    with pytest.raises(WrongState):
        post(stored(report), {"1.1": "4"}, hoa)
    assert everything(report) == before
    who = {"submitted": "Nguyễn Thị Hoa", "approved": "Trần Minh Hạnh"}[state]
    label = State(state).label
    sentence = str(refusal.value)
    assert sentence.startswith(f"Báo cáo ở trạng thái «{label}» (lúc ")
    assert sentence.endswith(f" bởi {who}) nên không sửa được số liệu. {remedy}")


def test_a_closed_round_takes_no_figures(report: Submission, hoa: User) -> None:
    close(report.round)
    before = everything(report)
    with pytest.raises(RoundClosed) as refusal:
        save(report, {"1.1": number("3")}, hoa)
    with pytest.raises(RoundClosed):
        post(report, {"1.1": "3"}, hoa)
    day = timezone.localdate() - timedelta(days=1)
    assert str(refusal.value) == (
        f"Báo cáo quý này đã đóng sau ngày {day:%d/%m/%Y}."
        " Muốn bổ sung số liệu, hãy đề nghị Sở Nội vụ gia hạn cho đơn vị."
    )
    assert everything(report) == before


def test_a_round_that_is_not_open_yet_takes_no_figures(report: Submission, hoa: User) -> None:
    day = timezone.localdate() + timedelta(days=1)
    reschedule_round(round=report.round, opens_on=day, due_on=day, closes_on=day)
    with pytest.raises(RoundClosed) as refusal:
        save(report, {"1.1": number("3")}, hoa)
    assert str(refusal.value) == (
        f"Báo cáo quý này mở nhập từ ngày {day:%d/%m/%Y}; hôm nay chưa đến ngày."
    )


@pytest.mark.parametrize("who", ["thu", "hanh", "dat", "khac", "quantri"])
def test_figures_of_another_agency_are_not_yours(
    report: Submission, request: pytest.FixtureRequest, who: str
) -> None:
    by = request.getfixturevalue(who)
    before = everything(report)
    with pytest.raises(NotYours) as refusal:
        save(report, {"1.1": number("3")}, by)
    with pytest.raises(NotYours):
        post(report, {"1.1": "3"}, by)
    assert str(refusal.value) == (
        "Ông/bà được xem báo cáo này nhưng không được nhập số liệu cho đơn vị."
    )
    assert everything(report) == before


def test_a_person_who_left_enters_nothing(report: Submission, hoa: User) -> None:
    hoa.is_active = False
    hoa.save()
    with pytest.raises(NotYours):
        save(report, {"1.1": number("3")}, hoa)


def test_the_head_and_a_clerk_of_the_province_may_enter(report: Submission) -> None:
    head = person("head", "Giám đốc", (Role.HEAD, report.agency))
    above = person("above", "Văn thư tỉnh", (Role.CLERK, report.round.province))
    assert save(report, {"1.1": number("3")}, head) == ("1.1",)
    assert save(report, {"1.1": number("4")}, above) == ("1.1",)
