"""Handing in and moving submissions: what is written, what is logged, what is refused."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from indicators.queries.definitions import form_definition
from reporting.actions.submissions import Heading, hand_in, make_move
from reporting.entry import read_cell
from reporting.models import (
    Round,
    Submission,
    Transition,
    User,
)
from reporting.queries.figures import snapshot
from reporting.refusals import (
    NothingReported,
    NotYours,
    ReasonMissing,
    RoundClosed,
    StaleSubmission,
    WrongState,
)
from reporting.snapshot import EMPTY, Cell, FigureStatus
from reporting.workflow import MOVES, Role, State
from tests.cast import (
    approved,
    brought_to,
    moved,
    person,
    report_of,
    stored,
    submitted,
    typed,
)
from tests.reporting.actions.acts import close, everything, number, save

# Heading


# The signer's title is that of the agency, known since the round was opened.
HEADING = Heading("31/BC-SCT", date(2022, 3, 10), "GIÁM ĐỐC", "Nguyễn Văn A")


def sent(report: Submission, heading: Heading = HEADING, *, by: User) -> Submission:
    return hand_in(submission=report, heading=heading, by=by, revision=stored(report).revision)


def test_handing_in_stores_the_heading_and_records_it(report: Submission, hoa: User) -> None:
    typed(report, {"1.1": "3"})
    sent(report, by=hoa)
    found = stored(report)
    assert found.state == State.SUBMITTED
    assert (
        Heading(found.report_number, found.report_date, found.signer_title, found.signer_name)
        == HEADING
    )
    last = Transition.objects.filter(submission=report).last()
    assert last is not None
    assert (last.move, last.by, last.reason) == (
        "submit",
        hoa,
        "Số báo cáo: trống → 31/BC-SCT; Ngày báo cáo: trống → 10/03/2022;"
        " Người ký: trống → Nguyễn Văn A",
    )


def test_a_changed_heading_is_recorded_with_old_and_new(
    report: Submission, hoa: User, hanh: User
) -> None:
    typed(report, {"1.1": "3"})
    sent(report, by=hoa)
    moved(report, "return", by=hanh, reason="Sai số.")
    sent(report, replace(HEADING, report_number="32/BC-SCT"), by=hoa)
    last = Transition.objects.filter(submission=report).last()
    assert last is not None
    assert last.reason == "Số báo cáo: 31/BC-SCT → 32/BC-SCT"


def test_a_report_that_is_not_handed_in_keeps_its_heading_too(
    report: Submission, hoa: User
) -> None:
    save(report, {"1.1": Cell(status=FigureStatus.NOTE, note="Chờ")}, hoa)
    before = everything(report)
    with pytest.raises(NothingReported):
        sent(report, by=hoa)
    assert everything(report) == before


def test_the_heading_of_a_handed_in_report_is_fixed(report: Submission, hoa: User) -> None:
    submitted(report, {"1.1": "3"})
    with pytest.raises(WrongState):
        sent(report, by=hoa)
    assert stored(report).report_number == ""


def test_the_heading_of_another_agency_is_not_yours(report: Submission, thu: User) -> None:
    typed(report, {"1.1": "3"})
    with pytest.raises(NotYours):
        sent(report, by=thu)
    assert stored(report).report_number == ""


def test_a_closed_round_takes_no_heading(report: Submission, hoa: User) -> None:
    typed(report, {"1.1": "3"})
    close(report.round)
    with pytest.raises(RoundClosed):
        sent(report, by=hoa)
    assert stored(report).report_number == ""


def test_a_stale_page_hands_nothing_in(report: Submission, hoa: User) -> None:
    typed(report, {"1.1": "3"})
    seen = stored(report).revision
    typed(report, {"1.1": "4"})
    with pytest.raises(StaleSubmission):
        hand_in(submission=report, heading=HEADING, by=hoa, revision=seen)
    assert stored(report).state == State.DRAFT


# Moves


def test_every_move_leaves_a_line_in_the_record(report: Submission, hoa: User, hanh: User) -> None:
    typed(report, {"1.1": "3"})
    moved(report, "submit", by=hoa)
    moved(report, "withdraw", by=hoa)
    moved(report, "submit", by=hoa)
    moved(report, "return", by=hanh, reason="  Xem lại mục 1.1. ")
    moved(report, "submit", by=hoa)
    moved(report, "approve", by=hanh)
    moved(report, "reopen", by=hanh, reason="Sai số hồ sơ.")
    lines = Transition.objects.filter(submission=report)
    assert [(line.move, line.source, line.target, line.by, line.reason) for line in lines] == [
        ("open", "", "not_started", hanh, ""),
        ("start", "not_started", "draft", hoa, ""),
        ("submit", "draft", "submitted", hoa, ""),
        ("withdraw", "submitted", "draft", hoa, ""),
        ("submit", "draft", "submitted", hoa, ""),
        ("return", "submitted", "returned", hanh, "Xem lại mục 1.1."),
        ("submit", "returned", "submitted", hoa, ""),
        ("approve", "submitted", "approved", hanh, ""),
        ("reopen", "approved", "returned", hanh, "Sai số hồ sơ."),
    ]
    last = lines.last()
    assert last is not None
    found = stored(report)
    assert (found.state, found.state_by, found.state_at) == ("returned", hanh, last.at)


def test_a_reopened_report_can_be_corrected_and_handed_in_again(
    report: Submission, hanh: User
) -> None:
    approved(report, {"1.1": "3"})
    moved(report, "reopen", by=hanh, reason="Sai.")
    approved(stored(report), {"1.1": "4"})
    assert snapshot(stored(report)).cell("1.1").number == Decimal(4)


def test_a_page_drawn_before_a_report_went_back_and_forth_is_stale(
    report: Submission, hoa: User, hanh: User
) -> None:
    """No figure has changed, but the reviewer has not seen that it was taken back."""
    submitted(report, {"1.1": "3"})
    seen = stored(report).revision
    moved(report, "withdraw", by=hoa)
    moved(report, "submit", by=hoa)
    refused(StaleSubmission, report, "approve", hanh, revision=seen)


def test_a_returned_report_may_be_mended_after_the_round_has_closed(
    report: Submission, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    close(report.round)
    moved(report, "return", by=hanh, reason="Sai mục 1.1.")
    assert save(stored(report), {"1.1": number("4")}, hoa) == ("1.1",)
    assert sent(report, by=hoa).state == State.SUBMITTED


def refused(
    kind: type[Exception], submission: Submission, name: str, by: User, **given: object
) -> str:
    """Try a move that must be refused with nothing changed; return its sentence."""
    before = everything(submission)
    current = stored(submission)
    with pytest.raises(kind) as refusal:
        make_move(
            submission=current,
            move=MOVES[name],
            by=by,
            revision=given.get("revision", current.revision),  # type: ignore[arg-type]
            reason=str(given.get("reason", "")),
        )
    assert type(refusal.value) is kind
    assert everything(submission) == before
    return str(refusal.value)


def test_handing_in_twice_is_told_that_it_is_done(report: Submission, hoa: User) -> None:
    submitted(report, {"1.1": "3"})
    sentence = refused(WrongState, report, "submit", hoa)
    assert re.fullmatch(
        r"Báo cáo đã ở trạng thái «Đã gửi» \(lúc \d\d:\d\d ngày \d\d/\d\d/\d{4}"
        r" bởi Nguyễn Thị Hoa\), không cần làm lại\.",
        sentence,
    )


def test_a_draft_cannot_be_approved_and_the_sentence_says_what_is_needed(
    report: Submission, hanh: User
) -> None:
    typed(report, {"1.1": "3"})
    sentence = refused(WrongState, report, "approve", hanh)
    assert sentence.startswith("Báo cáo đang ở trạng thái «Đang nhập» (lúc ")
    assert sentence.endswith("khi báo cáo ở trạng thái «Đã gửi» hoặc «Đang xem xét».")


def test_of_two_approvals_the_second_is_told_who_was_first(report: Submission, hanh: User) -> None:
    other = person("minh", "Đỗ Minh", (Role.REVIEWER, report.round.province))
    submitted(report, {"1.1": "3"})
    moved(report, "approve", by=other)
    sentence = refused(WrongState, report, "approve", hanh)
    assert "bởi Đỗ Minh" in sentence
    assert Transition.objects.filter(submission=report, move="approve").count() == 1


def test_a_move_on_a_stale_page_is_refused(report: Submission, hoa: User, hanh: User) -> None:
    submitted(report, {"1.1": "3"})
    seen = stored(report).revision
    moved(report, "withdraw", by=hoa)
    submitted(stored(report), {"1.1": "4"})
    sentence = refused(StaleSubmission, report, "approve", hanh, revision=seen)
    assert sentence.startswith("Báo cáo đã thay đổi sau khi ông/bà mở trang này. Nay ở trạng thái ")
    # Who did what since, and what to do next.
    assert "«Đã gửi» (lúc " in sentence
    assert sentence.endswith(" bởi Nguyễn Thị Hoa). Hãy xem lại số liệu mới rồi thực hiện lại.")


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
@pytest.mark.parametrize(
    ("name", "label"), [("return", "trả lại"), ("reopen", "mở lại báo cáo đã duyệt")]
)
def test_returning_and_reopening_need_a_reason(
    report: Submission, hanh: User, name: str, label: str, reason: str
) -> None:
    brought_to({"return": "submitted", "reopen": "approved"}[name], report, {"1.1": "3"})
    sentence = refused(ReasonMissing, report, name, hanh, reason=reason)
    assert sentence == f"Cần ghi lý do để {label}; đơn vị sẽ đọc lý do này."


def test_a_report_of_notes_alone_is_not_handed_in(report: Submission, hoa: User) -> None:
    save(report, {"1.1": Cell(status=FigureStatus.NOTE, note="Chờ số của Chi cục")}, hoa)
    sentence = refused(NothingReported, report, "submit", hoa)
    assert sentence == (
        "Báo cáo chưa có số liệu nào nên chưa gửi được."
        " Hãy nhập số liệu, hoặc ghi «không phát sinh» ở những dòng không có việc."
    )


def test_a_report_that_was_emptied_is_not_handed_in(report: Submission, hoa: User) -> None:
    save(report, {"1.1": number("3")}, hoa)
    save(report, {"1.1": EMPTY}, hoa)
    refused(NothingReported, report, "submit", hoa)


def test_a_report_never_begun_is_not_handed_in(report: Submission, hoa: User) -> None:
    refused(WrongState, report, "submit", hoa)


def test_nothing_to_report_is_an_answer(report: Submission) -> None:
    assert submitted(report, {"1.1": "không phát sinh"}).state == State.SUBMITTED


@pytest.mark.parametrize("who", ["thu", "hanh", "dat", "khac", "quantri"])
def test_only_the_agency_hands_in(
    report: Submission, request: pytest.FixtureRequest, who: str
) -> None:
    typed(report, {"1.1": "3"})
    by = request.getfixturevalue(who)
    assert refused(NotYours, report, "submit", by) == (
        "Vai trò của ông/bà tại đơn vị này không cho phép: gửi Sở Nội vụ."
    )


@pytest.mark.parametrize("name", ["approve", "return"])
@pytest.mark.parametrize("who", ["hoa", "thu", "dat", "khac", "quantri"])
def test_only_the_reviewer_of_the_province_judges(
    report: Submission, request: pytest.FixtureRequest, who: str, name: str
) -> None:
    submitted(report, {"1.1": "3"})
    refused(NotYours, report, name, request.getfixturevalue(who), reason="Vì.")


@pytest.mark.parametrize("name", ["submit", "withdraw"])
def test_a_closed_round_lets_nobody_hand_in_or_take_back(
    report: Submission, hoa: User, name: str
) -> None:
    brought_to({"submit": "draft", "withdraw": "submitted"}[name], report, {"1.1": "3"})
    close(report.round)
    refused(RoundClosed, report, name, hoa)


def test_the_reviewer_goes_on_after_the_round_has_closed(report: Submission, hanh: User) -> None:
    submitted(report, {"1.1": "3"})
    close(report.round)
    assert moved(report, "approve", by=hanh).state == State.APPROVED


def test_an_archive_round_without_dates_is_never_closed(
    open_quarter: Round, report: Submission, hoa: User
) -> None:
    open_quarter.is_archive = True
    open_quarter.opens_on = open_quarter.due_on = open_quarter.closes_on = None
    open_quarter.save()
    rows = form_definition(report.form_version).by_key
    cell = read_cell("3", rows["1.1"], EMPTY)
    assert save(report_of(open_quarter, report.agency), {"1.1": cell}, hoa) == ("1.1",)
