"""What is said about a cell: by whom, when, and who settles it."""

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.queries.definitions import form_definition
from reporting.actions.comments import add_comment, resolve_comment, why_no_comment
from reporting.models import Comment, Submission, User
from reporting.queries.comments import comments_of, open_comments, open_counts
from reporting.refusals import (
    AlreadyResolved,
    CommentUnfit,
    NoSuchRow,
    NotYours,
    RoundClosed,
    WrongState,
)
from reporting.workflow import Role
from tests.cast import brought_to, moved, person, stored, submitted
from tests.reporting.actions.acts import close, everything


def say(report: Submission, by: User, text: str = "Xem lại số này.", key: str = "1.1") -> Comment:
    return add_comment(submission=stored(report), row_key=key, text=text, by=by)


def resolve(report: Submission, comment: Comment, by: User) -> Comment:
    return resolve_comment(submission=stored(report), comment_id=comment.pk, by=by)


def open_texts(report: Submission) -> dict[int | None, list[str]]:
    return {row: [one.text for one in said] for row, said in open_comments(report).items()}


def row_id(report: Submission, key: str) -> int:
    return form_definition(report.form_version).by_key[key].id


def test_a_comment_is_kept_with_who_and_when(report: Submission, hanh: User) -> None:
    submitted(report, {"1.1": "3"})
    before = everything(report)
    comment = say(report, hanh, " Sao ít\r\nthế?\x00 ")
    [kept] = comments_of(report, row_id(report, "1.1"))
    assert (kept.text, kept.by, kept.at) == ("Sao ít\nthế?", hanh, comment.at)
    assert (kept.resolved_by, kept.resolved_at) == (None, None)
    # Neither figures nor states are touched: nobody's page is out of date by it.
    assert everything(report) == before


@pytest.mark.parametrize(
    ("state", "refused"), [("draft", WrongState), ("submitted", None), ("approved", None)]
)
def test_the_reviewer_speaks_of_what_was_handed_in(
    report: Submission, hanh: User, state: str, refused: type[Exception] | None
) -> None:
    brought_to(state, report, {"1.1": "3"})
    if refused is None:
        say(report, hanh)
        assert why_no_comment(stored(report), by=hanh) == ""
    else:
        with pytest.raises(refused) as refusal:
            say(report, hanh)
        assert str(refusal.value) == why_no_comment(stored(report), by=hanh)
        assert "Sở Nội vụ ghi ý kiến được từ khi đơn vị gửi báo cáo" in str(refusal.value)
    assert Comment.objects.count() == (refused is None)


def test_both_speak_of_what_was_sent_back(report: Submission, hoa: User, hanh: User) -> None:
    submitted(report, {"1.1": "3"})
    moved(report, "return", by=hanh, reason="Xem lại.")
    say(report, hanh)
    say(report, hoa, "Đã kiểm tra, đúng 3.")
    texts = [comment.text for comment in comments_of(report, row_id(report, "1.1"))]
    assert texts == ["Xem lại số này.", "Đã kiểm tra, đúng 3."]


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_the_agency_answers_only_while_it_may_edit(
    report: Submission, hoa: User, state: str
) -> None:
    brought_to("draft", report, {"1.1": "3"})
    resolve(report, say(report, hoa), hoa)
    brought_to(state, report, {})
    with pytest.raises(WrongState) as refusal:
        say(report, hoa)
    assert "Đơn vị ghi ý kiến được khi báo cáo còn nhập được số liệu." in str(refusal.value)
    assert Comment.objects.count() == 1


def test_the_agency_does_not_answer_in_a_closed_round(report: Submission, hoa: User) -> None:
    close(report.round)
    with pytest.raises(WrongState) as refusal:
        say(report, hoa)
    assert isinstance(refusal.value.__cause__, RoundClosed)
    assert Comment.objects.count() == 0


def test_the_head_answers_too(report: Submission) -> None:
    head = person("head", "Giám đốc", (Role.HEAD, report.agency))
    say(report, head)
    assert Comment.objects.get().by == head


@pytest.mark.parametrize("who", ["thu", "dat", "khac", "quantri"])
@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_others_say_nothing_and_settle_nothing(
    report: Submission, hoa: User, who: str, state: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    comment = say(report, hoa)
    brought_to(state, report, {"1.1": "3"})
    with pytest.raises(NotYours) as refusal:
        say(report, by)
    assert str(refusal.value) == "Ông/bà được xem báo cáo này nhưng không ghi được ý kiến."
    with pytest.raises(NotYours):
        resolve(report, comment, by)
    assert Comment.objects.get().resolved_at is None


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "đ" * 2001])
def test_a_comment_says_something_but_not_too_much(
    report: Submission, hoa: User, text: str
) -> None:
    with pytest.raises(CommentUnfit):
        say(report, hoa, text)
    assert Comment.objects.count() == 0


def test_a_comment_of_two_thousand_letters_is_kept_whole(report: Submission, hoa: User) -> None:
    assert say(report, hoa, "đ" * 2000).text == "đ" * 2000


def test_a_row_of_another_form_is_none(report: Submission, hoa: User) -> None:
    with pytest.raises(NoSuchRow):
        say(report, hoa, key="9.9.9")


def test_the_reviewer_marks_anybodys_as_done(report: Submission, hoa: User, hanh: User) -> None:
    comment = say(report, hoa)
    done = resolve(report, comment, hanh)
    assert (done.resolved_by, done.resolved_at is not None) == (hanh, True)


def test_who_wrote_it_marks_it_as_done_in_any_state(report: Submission, hoa: User) -> None:
    comment = say(report, hoa)
    brought_to("submitted", report, {"1.1": "3"})
    assert resolve(report, comment, hoa).resolved_by == hoa


def test_the_agency_does_not_settle_what_the_reviewer_asks(
    report: Submission, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    comment = say(report, hanh)
    with pytest.raises(NotYours):
        resolve(report, comment, hoa)
    assert open_texts(report) == {row_id(report, "1.1"): ["Xem lại số này."]}


def test_who_has_left_the_agency_settles_nothing(report: Submission, hoa: User) -> None:
    comment = say(report, hoa)
    hoa.memberships.all().delete()
    with pytest.raises(NotYours):
        resolve(report, comment, User.objects.get(pk=hoa.pk))


def test_the_second_who_marks_it_is_told_who_was_first(
    report: Submission, hoa: User, hanh: User
) -> None:
    comment = say(report, hoa)
    first = resolve(report, comment, hanh).resolved_at
    with pytest.raises(AlreadyResolved) as refusal:
        resolve(report, comment, hoa)
    assert str(refusal.value).startswith("Trần Minh Hạnh đã đánh dấu ý kiến này là xong lúc ")
    now = Comment.objects.get()
    assert (now.resolved_by, now.resolved_at) == (hanh, first)


def test_a_comment_is_settled_in_its_own_report_only(
    report: Submission, noi_vu_report: Submission, hoa: User, hanh: User
) -> None:
    comment = say(report, hoa)
    with pytest.raises(NotYours):
        resolve(noi_vu_report, comment, hanh)
    assert Comment.objects.get().resolved_at is None


def test_open_comments_are_counted_by_row(
    report: Submission, noi_vu_report: Submission, hoa: User
) -> None:
    say(report, hoa)
    say(report, hoa, "Hỏi lại.")
    # A double click says it once.
    say(report, hoa, "Hỏi lại.")
    done = say(report, hoa, key="1.2.a")
    say(report, hoa, key="1")
    resolve(report, done, hoa)
    text = "Xem lại số này."
    both = [text, "Hỏi lại."]
    assert open_texts(report) == {row_id(report, "1.1"): both, row_id(report, "1"): [text]}
    assert open_counts([report.pk, noi_vu_report.pk]) == {report.pk: 3}
    assert open_comments(noi_vu_report) == {}


def test_the_whole_report_is_spoken_of_without_a_row(
    report: Submission, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    said = say(report, hanh, "Chưa thấy kế hoạch kèm theo.", key="")
    assert said.row is None
    [open_one] = open_comments(report)[None]
    assert (open_one.text, open_one.by, open_one.id) == (said.text, "Trần Minh Hạnh", said.pk)
    resolve(report, said, hanh)
    assert open_comments(report) == {}


def test_open_comments_cost_one_query_whatever_their_number(
    report: Submission, hoa: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 2, 3):
        say(report, hoa, f"Lần {number}.")
        say(report, hoa, f"Lần {number}.", key="")
        with django_assert_num_queries(1):
            assert len(open_comments(report)[None]) == number
        with django_assert_num_queries(1):
            assert open_counts([report.pk]) == {report.pk: 2 * number}
