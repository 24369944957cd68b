"""Errors stop handing in unless waived, warnings unless explained; all of it is on the record."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import F

from reporting.actions.findings import Kept, answer_findings
from reporting.actions.submissions import make_move
from reporting.documents.record import record_of
from reporting.models import Agency, CheckedFinding, CheckRun, Round, Submission, User
from reporting.queries.findings import asking_to_pass, checked_counts, last_check
from reporting.refusals import AnswerUnfit, FindingsOpen, NotYours, RoundClosed, WrongState
from reporting.rules.answers import AnswerKind
from reporting.workflow import MOVES, Role
from tests.cast import moved, person, stored, typed
from tests.guards import record_open
from tests.reporting.checked import (
    ERROR,
    GOOD,
    NOTE,
    STRANGE,
    WARNING,
    WRONG,
    checked_form,
    found,
    report,
    said,
    seen,
)

__all__ = ["checked_form", "report"]
YEAR = timedelta(days=365)
EXPLANATION, WAIVER = AnswerKind.EXPLANATION, AnswerKind.WAIVER


def hand_in(report: Submission, by: User) -> Submission:
    now = stored(report)
    return make_move(submission=now, move=MOVES["submit"], by=by, revision=now.revision)


def say(report: Submission, kind: AnswerKind, texts: Mapping[str, str], by: User) -> Kept:
    return answer_findings(
        submission=stored(report),
        kind=kind,
        said=seen(report, texts, of_reviewer=kind.is_of_reviewer),
        by=by,
    )


def explain(report: Submission, by: User, **texts: str) -> int:
    named = {ERROR if name == "error" else WARNING: text for name, text in texts.items()}
    return len(say(report, EXPLANATION, named, by).answers)


def waive(report: Submission, by: User, text: str = "Đã kiểm tra hồ sơ.") -> int:
    return len(say(report, WAIVER, {ERROR: text}, by).answers)


def test_an_error_stops_handing_in_and_nothing_is_kept(report: Submission, hoa: User) -> None:
    typed(report, WRONG)
    with pytest.raises(FindingsOpen) as refusal:
        hand_in(report, hoa)
    assert str(refusal.value) == (
        "Còn 1 lỗi phải sửa hoặc được Sở Nội vụ miễn nên báo cáo chưa gửi được."
    )
    assert stored(report).state == "draft"
    assert not CheckRun.objects.exists()


def test_a_reviewer_waives_an_error_by_name_with_a_reason(
    report: Submission, hoa: User, hanh: User
) -> None:
    typed(report, WRONG)
    assert waive(report, hanh) == 1
    hand_in(report, hoa)
    assert stored(report).state == "submitted"
    [kept] = CheckedFinding.objects.filter(severity="error")
    [answer] = kept.answers.all()
    assert (kept.code, kept.keys, kept.found) == ("Q01", "1.1.b 1.1.a", "5, lớn hơn 4")
    assert (answer.text, answer.by, answer.kind) == (
        "Đã kiểm tra hồ sơ.",
        hanh,
        "waiver",
    )
    told = [(event.by, event.what, event.reason) for event in record_of(stored(report)).events]
    assert (
        "Trần Minh Hạnh",
        "miễn lỗi Q01, dòng «Đúng hạn» (số khi đó: 5, lớn hơn 4)",
        "Đã kiểm tra hồ sơ.",
    ) in told
    assert ("Nguyễn Thị Hoa", "kiểm tra khi gửi: 1 lỗi", "") in told


def test_only_a_reviewer_waives_and_only_the_agency_explains(
    report: Submission, hoa: User, hanh: User, dat: User
) -> None:
    typed(report, WRONG | {"1.1.a": "4"})
    for who in (hoa, dat):
        with pytest.raises(NotYours, match="Chỉ chuyên viên Sở Nội vụ"):
            waive(report, who)
    for who in (hanh, dat):
        with pytest.raises(NotYours):
            explain(report, who, warning="Đúng.")
    assert said(report) == []


def test_an_agency_asks_for_an_error_to_be_waived_and_the_reviewer_answers(
    report: Submission, hoa: User, hanh: User
) -> None:
    typed(report, WRONG)
    assert explain(report, hoa, error="Hồ sơ tồn kỳ trước.") == 1
    assert found(report)[ERROR].is_open
    assert asking_to_pass([report.pk]) == {report.pk}
    assert waive(report, hanh) == 1
    assert not found(report)[ERROR].is_open
    assert asking_to_pass([report.pk]) == frozenset()
    hand_in(report, hoa)
    checked = last_check(stored(report))
    assert checked is not None
    assert {answer.text for answer in checked.found[0].said} == {
        "Hồ sơ tồn kỳ trước.",
        "Đã kiểm tra hồ sơ.",
    }


def test_a_reviewer_may_say_that_an_error_is_not_waived_and_change_their_mind(
    report: Submission, hoa: User, hanh: User
) -> None:
    typed(report, WRONG)
    explain(report, hoa, error="Hồ sơ tồn kỳ trước.")
    refused = {ERROR: "Hồ sơ tồn tính cả hai dòng."}
    say(report, AnswerKind.REFUSAL, refused, hanh)
    assert found(report)[ERROR].standing == "Sở Nội vụ không miễn"
    assert asking_to_pass([report.pk]) == frozenset()
    assert waive(report, hanh) == 1
    assert found(report)[ERROR].standing == "đã miễn"
    say(report, AnswerKind.REFUSAL, refused, hanh)
    assert found(report)[ERROR].is_open
    with pytest.raises(FindingsOpen):
        hand_in(report, hoa)


@pytest.mark.parametrize("text", [".", "-", "12", "ok", "…?"])
def test_what_says_nothing_is_no_explanation(report: Submission, hoa: User, text: str) -> None:
    typed(report, STRANGE)
    with pytest.raises(AnswerUnfit, match="chưa nói lên điều gì"):
        explain(report, hoa, warning=text)
    assert said(report) == []


def test_a_waiver_is_for_errors_alone(report: Submission, hoa: User, hanh: User) -> None:
    typed(report, STRANGE)
    answers = {WARNING: "Bỏ qua."}
    kept = say(report, WAIVER, answers, hanh)
    assert (kept.answers, said(report)) == ([], [])


def test_a_warning_stops_handing_in_until_it_is_explained(report: Submission, hoa: User) -> None:
    typed(report, STRANGE)
    with pytest.raises(FindingsOpen, match="Còn 1 cảnh báo chưa giải trình nên"):
        hand_in(report, hoa)
    assert explain(report, hoa, warning="  Chiến dịch cấp đổi.  ") == 1
    hand_in(report, hoa)
    assert said(report) == [("Q02", "1.1.a", "explanation", "Chiến dịch cấp đổi.", "hoa")]


def test_errors_and_warnings_are_told_together(report: Submission, hoa: User) -> None:
    typed(report, {"1.1.a": "150", "1.1.b": "151"})
    with pytest.raises(FindingsOpen) as refusal:
        hand_in(report, hoa)
    assert str(refusal.value) == (
        "Còn 1 lỗi phải sửa hoặc được Sở Nội vụ miễn và 1 cảnh báo chưa giải trình nên báo cáo chưa"
        " gửi được."
    )


def test_a_note_stops_nothing(report: Submission, hoa: User) -> None:
    typed(report, {"1.1.a": "7", "1.1.b": "7"})
    assert NOTE in found(report)
    assert hand_in(report, hoa).state == "submitted"


def test_what_was_said_of_other_figures_settles_nothing(report: Submission, hoa: User) -> None:
    typed(report, STRANGE)
    explain(report, hoa, warning="Chiến dịch.")
    assert not found(report)[WARNING].is_open
    typed(report, {"1.1.a": "900"})
    now = found(report)[WARNING]
    assert now.is_open
    assert now.said == ()
    [before] = now.outdated
    assert (before.text, before.found) == ("Chiến dịch.", "150, lớn hơn 100")
    typed(report, {"1.1.a": "150"})
    assert not found(report)[WARNING].is_open


def test_what_was_said_may_be_changed_and_taken_back_and_all_of_it_stays(
    report: Submission, hoa: User
) -> None:
    typed(report, STRANGE)
    assert explain(report, hoa, warning="Một.") == 1
    assert explain(report, hoa, warning="Một.") == 0
    assert explain(report, hoa, warning="Hai.") == 1
    assert explain(report, hoa, warning=" ") == 1
    assert found(report)[WARNING].is_open
    assert [text for *_, text, _ in said(report)] == ["Một.", "Hai.", ""]
    told = [event.what for event in record_of(stored(report)).events]
    assert "rút lại lời đã ghi cho Q02, dòng «Tổng số» (số khi đó: 150, lớn hơn 100)" in told


def test_a_finding_that_is_not_there_takes_no_answer(report: Submission, hoa: User) -> None:
    typed(report, GOOD)
    assert explain(report, hoa, warning="Đúng.") == 0
    texts = {"Q99 1.1.a": "Gì.", "": "Gì.", "C02": "Gì."}
    kept = say(report, EXPLANATION, texts, hoa)
    assert (kept.answers, said(report)) == ([], [])


def test_a_text_too_long_is_refused_and_nothing_is_kept(report: Submission, hoa: User) -> None:
    typed(report, STRANGE)
    with pytest.raises(AnswerUnfit, match="Q02 dài 5000 ký tự"):
        explain(report, hoa, warning="x" * 5000)
    assert said(report) == []


def test_nothing_is_said_after_handing_in(report: Submission, hoa: User, hanh: User) -> None:
    typed(report, GOOD)
    hand_in(report, hoa)
    with pytest.raises(WrongState):
        explain(report, hoa, warning="Đúng.")
    with pytest.raises(WrongState, match="không còn lỗi nào cần miễn"):
        waive(report, hanh)


def test_each_handing_in_keeps_its_own_findings(report: Submission, hoa: User) -> None:
    typed(report, STRANGE)
    explain(report, hoa, warning="Chiến dịch.")
    hand_in(report, hoa)
    moved(report, "withdraw", by=hoa)
    typed(report, GOOD)
    hand_in(report, hoa)
    first, second = CheckRun.objects.order_by("pk")
    assert [one.code for one in first.findings.exclude(severity="note")] == ["Q02"]
    assert [one.code for one in second.findings.exclude(severity="note")] == []
    assert checked_counts([report.pk]) == {report.pk: {}}


def test_a_rule_that_asks_otherwise_today_marks_what_it_found_before(
    report: Submission, hoa: User
) -> None:
    typed(report, STRANGE)
    explain(report, hoa, warning="Chiến dịch.")
    hand_in(report, hoa)
    checked = last_check(stored(report))
    assert checked is not None
    assert checked.changed == frozenset()
    with record_open():
        CheckedFinding.objects.filter(code="Q02").update(version="0000")
    checked = last_check(stored(report))
    assert checked is not None
    assert checked.changed == {"Q02"}
    [weighed] = [one for one in checked.found if one.finding.code == "Q02"]
    now = found(report)[WARNING].finding
    assert replace(weighed.finding, version="") == replace(now, version="")
    assert [answer.text for answer in weighed.said] == ["Chiến dịch."]


def test_a_report_entered_from_paper_is_checked_but_not_stopped(
    report: Submission, hoa: User
) -> None:
    report.round.is_archive = True
    report.round.save(update_fields=["is_archive"])
    typed(report, WRONG)
    hand_in(report, hoa)
    assert CheckedFinding.objects.filter(severity="error", answers=None).count() == 1


def test_a_round_that_is_closed_takes_no_explanation(report: Submission, hoa: User) -> None:
    typed(report, STRANGE)
    Round.objects.filter(pk=report.round_id).update(
        opens_on=F("opens_on") - YEAR, due_on=F("due_on") - YEAR, closes_on=F("closes_on") - YEAR
    )
    with pytest.raises(RoundClosed):
        explain(report, hoa, warning="Đúng.")


# Two people, and figures that change meanwhile


def test_a_box_left_as_it_was_drawn_takes_nothing_back(
    report: Submission, so_cong_thuong: Agency, hoa: User
) -> None:
    typed(report, {"1.1.a": "150", "1.1.b": "151"})
    colleague = person("lan", "Vũ Thị Lan", (Role.CLERK, so_cong_thuong))
    page = seen(report, {ERROR: "", WARNING: "Chiến dịch."})
    explain(report, colleague, error="Tồn kỳ trước.")
    kept = answer_findings(submission=stored(report), kind=EXPLANATION, said=page, by=hoa)
    assert [answer.code for answer in kept.answers] == ["Q02"]
    assert found(report)[ERROR].said[0].text == "Tồn kỳ trước."


def test_over_a_colleagues_words_nothing_is_written_unseen(
    report: Submission, so_cong_thuong: Agency, hoa: User
) -> None:
    typed(report, STRANGE)
    colleague = person("lan", "Vũ Thị Lan", (Role.CLERK, so_cong_thuong))
    page = seen(report, {WARNING: "Của tôi."})
    explain(report, colleague, warning="Của Lan.")
    kept = answer_findings(submission=stored(report), kind=EXPLANATION, said=page, by=hoa)
    assert kept.answers == []
    assert kept.missed == [
        "Q02: Vũ Thị Lan vừa ghi «Của Lan.»; hãy xem lại rồi ghi lần nữa nếu cần. Nội dung đã gõ:"
        " «Của tôi.»."
    ]


def test_what_is_said_of_figures_that_have_changed_is_not_kept(
    report: Submission, hoa: User, hanh: User
) -> None:
    typed(report, WRONG)
    page = seen(report, {ERROR: "Đã xem hồ sơ."}, of_reviewer=True)
    typed(report, {"1.1.b": "99999"})
    kept = answer_findings(submission=stored(report), kind=WAIVER, said=page, by=hanh)
    assert kept.answers == []
    assert kept.missed == [
        "Q01: số đã đổi từ khi ông/bà mở trang, nay là 99.999, lớn hơn 4; hãy xem lại rồi ghi cho"
        " số mới. Nội dung đã gõ: «Đã xem hồ sơ.»."
    ]
    typed(report, GOOD)
    kept = answer_findings(submission=stored(report), kind=WAIVER, said=page, by=hanh)
    assert kept.missed == ["Q01 1.1.b: không còn điều này. Nội dung đã gõ: «Đã xem hồ sơ.»."]


def test_who_fills_in_a_report_waives_none_of_its_errors(
    report: Submission, minh_hoa: Agency, so_cong_thuong: Agency, hoa: User
) -> None:
    typed(report, WRONG)
    both = person("ca-hai", "Lý Văn Cả", (Role.CLERK, so_cong_thuong), (Role.REVIEWER, minh_hoa))
    with pytest.raises(NotYours, match="không tự miễn lỗi"):
        waive(report, both)


def test_a_figure_that_was_changed_asks_for_no_waiver_any_more(
    report: Submission, hoa: User
) -> None:
    typed(report, WRONG)
    explain(report, hoa, error="Tồn kỳ trước.")
    assert asking_to_pass([report.pk]) == {report.pk}
    typed(report, {"1.1.b": "3"})
    assert asking_to_pass([report.pk]) == frozenset()


def test_who_asks_again_of_the_new_figure_waits_for_an_answer(
    report: Submission, hoa: User
) -> None:
    typed(report, WRONG)
    explain(report, hoa, error="Tồn kỳ trước.")
    typed(report, {"1.1.b": "99"})
    explain(report, hoa, error="Tồn cả hai kỳ trước.")
    assert asking_to_pass([report.pk]) == {report.pk}


def test_an_error_that_was_mended_in_its_other_figure_asks_for_nothing(
    report: Submission, hoa: User
) -> None:
    typed(report, WRONG)
    explain(report, hoa, error="Tồn kỳ trước.")
    typed(report, {"1.1.a": "99.999"})
    assert ERROR not in found(report)
    assert asking_to_pass([report.pk]) == frozenset()
