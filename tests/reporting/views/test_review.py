"""The reviewer's way through reports: changes, comments, the letter, the line, many at once."""

from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reporting.actions.comments import add_comment, resolve_comment
from reporting.models import Agency, Comment, Look, Submission, Transition, User
from reporting.sheet import Only
from reporting.workflow import Role
from tests.cast import (
    clerk_of,
    moved,
    opened_round,
    person,
    report_of,
    reviewer_of,
    stored,
    submitted,
    typed,
)
from tests.reporting.views.pages import sheet_row


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


@pytest.fixture
def hoas(hoa: User) -> Client:
    client = Client()
    client.force_login(hoa)
    return client


@pytest.fixture
def lan(minh_hoa: Agency) -> User:
    """A second reviewer of Minh Họa."""
    return person("lan", "Lý Thị Lan", (Role.REVIEWER, minh_hoa))


@pytest.fixture
def waiting(
    report: Submission, noi_vu_report: Submission, cong_an_report: Submission
) -> list[Submission]:
    """Three reports that wait, in the desk's order."""
    reports = [report, noi_vu_report, cong_an_report]
    for one in reports:
        submitted(one, {"1.1": "3"})
    return reports


def say(report: Submission, by: User, text: str = "Xem lại.", key: str = "1.1") -> Comment:
    return add_comment(submission=stored(report), row_key=key, text=text, by=by)


def text_of(response: Any) -> str:
    return unescape(str(response.content.decode()))


def now(report: Submission) -> str:
    return str(stored(report).revision)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# What changed, what is new


@pytest.fixture
def corrected(report: Submission, hanh: User) -> Submission:
    """Handed in, sent back, and handed in again with one cell corrected and one filled in."""
    submitted(report, {"1.1": "12", "1.2.a": "5"})
    moved(report, "return", by=hanh, reason="Xem lại.")
    return submitted(report, {"1.1": "15", "1.2.b": "2"})


def test_the_reviewer_sees_what_was_corrected(corrected: Submission, hanhs: Client) -> None:
    response = hanhs.get(f"/bao-cao/{corrected.pk}/")
    assert sheet_row(response, "1.1").was == "12 → 15"
    assert sheet_row(response, "1.2.a").was == ""
    assert "lần trước: 12 → 15" in text_of(response)
    assert "mới từ lần ông/bà xem" in text_of(response)
    counts = dict(response.context["sheet"].filters)
    assert (counts[Only.CHANGED], counts[Only.NEW]) == (2, 2)


@pytest.mark.parametrize("only", ["doi", "moi"])
def test_only_what_changed_is_shown_when_asked(
    corrected: Submission, hanhs: Client, only: str
) -> None:
    sheet = hanhs.get(f"/bao-cao/{corrected.pk}/", {"loc": only}).context["sheet"]
    rows = [row for section in sheet.sections for row in section.rows]
    kept = [row.key for row in rows if not {"off", "above"}.intersection(row.css.split())]
    assert kept == ["1.1", "1.2.b"]


def test_who_never_looked_is_told_of_nothing_new(
    corrected: Submission, lan: User, client: Client
) -> None:
    client.force_login(lan)
    response = client.get(f"/bao-cao/{corrected.pk}/")
    assert Only.NEW not in dict(response.context["sheet"].filters)
    assert "mới từ lần ông/bà xem" not in text_of(response)


def test_the_agency_sees_what_it_corrected_and_no_looks(
    corrected: Submission, hoas: Client
) -> None:
    response = hoas.get(f"/bao-cao/{corrected.pk}/")
    assert "lần trước: 12 → 15" in text_of(response)
    assert "Đã xem hết" not in text_of(response)
    assert "review.js" not in text_of(response)


def test_all_seen_leaves_nothing_new(corrected: Submission, hanhs: Client) -> None:
    response = hanhs.post(
        f"/bao-cao/{corrected.pk}/da-xem/", {"revision": now(corrected)}, follow=True
    )
    assert response.redirect_chain == [(f"/bao-cao/{corrected.pk}/", 302)]
    assert dict(response.context["sheet"].filters)[Only.NEW] == 0
    assert "không có ô nào mới" in text_of(response)


def test_what_came_since_is_not_marked_as_seen(
    corrected: Submission, hoa: User, hanhs: Client
) -> None:
    drawn = now(corrected)
    moved(corrected, "withdraw", by=hoa)
    submitted(corrected, {"1.1": "16"})
    before = list(Look.objects.values())
    response = hanhs.post(f"/bao-cao/{corrected.pk}/da-xem/", {"revision": drawn})
    assert response.status_code == 409
    assert "Hãy xem phần mới rồi đánh dấu lại." in response.context["error"]
    assert list(Look.objects.values()) == before


def test_the_second_reviewer_is_told_who_is_at_it_and_may_still_act(
    report: Submission, hanh: User, lan: User, hanhs: Client, client: Client
) -> None:
    submitted(report, {"1.1": "3"})
    moved(report, "review", by=hanh)
    own = text_of(hanhs.get(f"/bao-cao/{report.pk}/"))
    assert "Trần Minh Hạnh đang xem xét báo cáo này từ" in own
    assert "Ông/bà vẫn duyệt hoặc trả lại được" not in own
    client.force_login(lan)
    page = client.get(f"/bao-cao/{report.pk}/")
    assert "Ông/bà vẫn duyệt hoặc trả lại được" in text_of(page)
    response = client.post(f"/bao-cao/{report.pk}/viec/approve/", {"revision": now(report)})
    assert response.status_code == 302
    assert stored(report).state == "approved"


@pytest.mark.parametrize("act", ["viec/approve/", "viec/review/", "tra-lai/"])
def test_who_acts_on_an_old_page_is_told_who_was_first(
    report: Submission, lan: User, hanhs: Client, act: str
) -> None:
    submitted(report, {"1.1": "3"})
    drawn = now(report)
    moved(report, "review", by=lan)
    transitions = Transition.objects.count()
    response = hanhs.post(f"/bao-cao/{report.pk}/{act}", {"revision": drawn, "reason": "Sai."})
    assert response.status_code == 409
    assert "«Đang xem xét» (lúc " in response.context["error"]
    assert "bởi Lý Thị Lan)" in response.context["error"]
    assert Transition.objects.count() == transitions


def test_open_comments_stand_beneath_their_row_for_both(
    report: Submission, hoa: User, hanh: User, hanhs: Client, hoas: Client
) -> None:
    submitted(report, {"1.1": "3"})
    moved(report, "return", by=hanh, reason="Xem.")
    say(report, hanh, "Sao <b>ít</b> thế?")
    say(report, hanh, "Thiếu kế hoạch.", key="")
    done = say(report, hanh, "Đã rõ.")
    resolve_comment(submission=stored(report), comment_id=done.pk, by=hanh)
    for client in (hanhs, hoas):
        html = client.get(f"/bao-cao/{report.pk}/").content.decode()
        assert "<b>Ý kiến:</b> Sao &lt;b&gt;ít&lt;/b&gt; thế?" in html
        assert "Ý kiến về cả báo cáo (1)" in html
        assert "Đã rõ." not in html
        assert "2 chưa xong" in html


def test_a_section_leads_to_what_is_said_about_it(
    report: Submission, hanh: User, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    say(report, hanh, key="1")
    html = hanhs.get(f"/bao-cao/{report.pk}/").content.decode()
    assert f'href="/bao-cao/{report.pk}/y-kien/?phan=1#p-1">1 ý kiến<' in html


# The page of comments


def threads(response: Any) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    return [
        (
            section.key,
            [(one.key, [it.comment.text for it in one.comments]) for one in section.threads],
        )
        for section in response.context["sections"]
    ]


def test_comments_are_listed_by_section(report: Submission, hanh: User, hanhs: Client) -> None:
    submitted(report, {"1.1": "3"})
    for text, key in (("a", "3.4"), ("b", "1.1"), ("c", ""), ("d", "1"), ("e", "1.1")):
        say(report, hanh, text, key=key)
    response = hanhs.get(f"/bao-cao/{report.pk}/y-kien/")
    assert threads(response) == [
        ("", [("", ["c"])]),
        ("1", [("1", ["d"]), ("1.1", ["b", "e"])]),
        ("3", [("3.4", ["a"])]),
    ]


def test_settled_talk_is_found_apart_and_a_new_word_opens_it_again(
    report: Submission, hanh: User, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    comment = say(report, hanh, "a")
    resolve_comment(submission=stored(report), comment_id=comment.pk, by=hanh)
    address = f"/bao-cao/{report.pk}/y-kien/"
    assert threads(hanhs.get(address)) == []
    assert "Không còn ý kiến nào chưa xong." in text_of(hanhs.get(address))
    assert threads(hanhs.get(address, {"loc": "xong"})) == [("1", [("1.1", ["a"])])]
    say(report, hanh, "b")
    assert threads(hanhs.get(address)) == [("1", [("1.1", ["a", "b"])])]


@pytest.mark.parametrize(("row", "key"), [("", None), ("1", "1")])
def test_the_whole_report_and_a_section_are_spoken_of(
    report: Submission, hanhs: Client, row: str, key: str | None
) -> None:
    submitted(report, {"1.1": "3"})
    response = hanhs.post(f"/bao-cao/{report.pk}/y-kien/", {"row": row, "comment": "Thiếu."})
    assert response.status_code == 302
    comment = Comment.objects.get()
    assert (comment.row and comment.row.key, comment.text) == (key, "Thiếu.")


@pytest.mark.parametrize("text", ["", " ", "đ" * 2001])
def test_a_comment_that_says_nothing_or_too_much_is_refused_and_kept_in_its_box(
    report: Submission, hanhs: Client, text: str
) -> None:
    submitted(report, {"1.1": "3"})
    response = hanhs.post(f"/bao-cao/{report.pk}/y-kien/", {"row": "1", "comment": text})
    assert response.status_code == 422
    assert (response.context["typed"], response.context["place"]) == (text.strip(), "1")
    assert not Comment.objects.exists()


def test_a_row_of_no_form_is_not_spoken_of(report: Submission, hanhs: Client) -> None:
    submitted(report, {"1.1": "3"})
    response = hanhs.post(f"/bao-cao/{report.pk}/y-kien/", {"row": "99", "comment": "Thiếu."})
    assert response.status_code == 409
    assert not Comment.objects.exists()


def test_the_agency_may_not_answer_what_waits_and_loses_no_word(
    report: Submission, hoas: Client
) -> None:
    submitted(report, {"1.1": "3"})
    response = hoas.post(f"/bao-cao/{report.pk}/y-kien/", {"comment": "Đã <i>sửa</i>."})
    assert response.status_code == 409
    assert '<p class="typed">Đã &lt;i&gt;sửa&lt;/i&gt;.</p>' in response.content.decode()


@pytest.mark.parametrize("wanted", ["x", "", "²", "9" * 40, "0"])
def test_a_forged_comment_is_not_settled(
    report: Submission, hanh: User, hanhs: Client, wanted: str
) -> None:
    submitted(report, {"1.1": "3"})
    say(report, hanh)
    response = hanhs.post(f"/bao-cao/{report.pk}/y-kien/", {"resolve": wanted})
    assert response.status_code == 409
    assert Comment.objects.get().resolved_at is None


def test_comments_cost_the_same_whatever_their_number(
    report: Submission, hanh: User, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    counts = []
    for key in ("1.1", "1.2.a", ""):
        say(report, hanh, key=key)
        with CaptureQueriesContext(connection) as captured:
            hanhs.get(f"/bao-cao/{report.pk}/y-kien/")
        counts.append(len(captured))
    assert counts == [7, 7, 7]


# Sending back


def post_return(client: Client, report: Submission, **more: Any) -> Any:
    posted = {
        "revision": now(report),
        "reason": "Còn sai.",
        "seen": list(Comment.objects.filter(resolved_at=None).values_list("pk", flat=True)),
    }
    return client.post(f"/bao-cao/{report.pk}/tra-lai/", posted | more)


def test_the_letter_is_read_before_it_goes(report: Submission, hanh: User, hanhs: Client) -> None:
    submitted(report, {"1.1": "3"})
    say(report, hanh, "Sao <b>ít</b> thế?")
    say(report, hanh, "Thiếu kế hoạch.", key="")
    say(report, hanh, "Thiếu quý IV.", key="1")
    page = hanhs.get(f"/bao-cao/{report.pk}/tra-lai/")
    lines = page.context["preview"].splitlines()
    assert [line.split(": ")[0] for line in lines[3:]] == [
        "1. Cả báo cáo",
        "2. Phần 1 Công tác chỉ đạo điều hành CCHC",
        lines[5].split(": ")[0],
    ]
    assert "(đang ghi: 3): Sao <b>ít</b> thế? – Trần Minh Hạnh, " in lines[5]
    assert "Sao &lt;b&gt;ít&lt;/b&gt; thế?" in page.content.decode()
    assert post_return(hanhs, report, reason=page.context["reason"]).status_code == 302
    last = Transition.objects.filter(submission=report).last()
    assert last is not None
    assert last.reason == page.context["preview"]


def test_no_letter_is_promised_where_nothing_can_be_sent_back(
    report: Submission, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    address = f"/bao-cao/{report.pk}/tra-lai/"
    assert "Thư đơn vị sẽ nhận" in text_of(hanhs.get(address))
    moved(report, "approve", by=reviewer_of(report))
    page = text_of(hanhs.get(address))
    assert "Không trả lại được lúc này" in page
    assert "Thư đơn vị sẽ nhận" not in page


def test_without_comments_the_reviewer_writes_the_reason(report: Submission, hanhs: Client) -> None:
    submitted(report, {"1.1": "3"})
    assert hanhs.get(f"/bao-cao/{report.pk}/tra-lai/").context["reason"] == ""
    response = post_return(hanhs, report, reason=" \n")
    assert response.status_code == 422
    assert response.context["error"] == "Cần ghi lý do để trả lại; đơn vị sẽ đọc lý do này."
    assert stored(report).state == "submitted"


def test_looking_at_the_letter_again_sends_nothing(report: Submission, hanhs: Client) -> None:
    submitted(report, {"1.1": "3"})
    response = post_return(hanhs, report, reason="Xem lại mục 1.", preview="1")
    assert (response.status_code, response.context["preview"]) == (200, "Xem lại mục 1.")
    assert stored(report).state == "submitted"


@pytest.mark.parametrize(
    ("reason", "kept"),
    [("a\x00b", "ab"), ("đ" * 2001, "đ" * 2000), ("🙂", "🙂"), (" một\r\nhai ", "một\nhai")],
)
def test_a_reason_of_any_letters_is_kept(
    report: Submission, hanhs: Client, reason: str, kept: str
) -> None:
    submitted(report, {"1.1": "3"})
    assert post_return(hanhs, report, reason=reason).status_code == 302
    last = Transition.objects.filter(submission=report).last()
    assert last is not None
    assert last.reason == kept


def test_a_comment_that_was_not_read_is_shown_before_the_letter_goes(
    report: Submission, lan: User, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    comment = say(report, lan, "Vừa ghi.")
    response = post_return(hanhs, report, seen=[])
    assert response.status_code == 409
    assert "Vừa ghi." in response.context["preview"]
    assert response.context["reason"] == "Còn sai."
    assert stored(report).state == "submitted"
    # The page drawn again carries it: the second time it goes.
    assert f'name="seen" value="{comment.pk}"' in response.content.decode()
    assert post_return(hanhs, report).status_code == 302


def test_the_second_to_send_back_is_told_who_was_first_and_keeps_the_words(
    report: Submission, lan: User, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    drawn = now(report)
    moved(report, "approve", by=lan)
    response = post_return(hanhs, report, revision=drawn, reason="Sai <b>1.1</b>.")
    assert response.status_code == 409
    assert "bởi Lý Thị Lan)" in response.context["error"]
    assert "Sai &lt;b&gt;1.1&lt;/b&gt;." in response.content.decode()
    assert stored(report).state == "approved"


def test_figures_that_were_not_seen_are_looked_at_before_they_are_sent_back(
    report: Submission, hoa: User, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    drawn = now(report)
    moved(report, "withdraw", by=hoa)
    submitted(report, {"1.1": "4"})
    response = post_return(hanhs, report, revision=drawn)
    assert response.status_code == 409
    assert response.context["why_not"].endswith("Hãy xem lại bảng số liệu trước.")
    assert 'name="reason"' not in response.content.decode()


@pytest.mark.parametrize("revision", ["", "x", "²", "9" * 40])
def test_a_forged_revision_sends_nothing_back(
    report: Submission, hanhs: Client, revision: str
) -> None:
    submitted(report, {"1.1": "3"})
    assert post_return(hanhs, report, revision=revision).status_code == 409
    assert stored(report).state == "submitted"


def test_the_sheet_leads_to_the_letter_and_back(
    report: Submission, hanh: User, hanhs: Client, hoas: Client
) -> None:
    submitted(report, {"1.1": "3"})
    assert f'href="/bao-cao/{report.pk}/tra-lai/"' in text_of(hanhs.get(f"/bao-cao/{report.pk}/"))
    moved(report, "return", by=hanh, reason="Xem lại <b>1.1</b>.\nDòng hai.")
    for client in (hanhs, hoas):
        assert f'href="/bao-cao/{report.pk}/thu-tra-lai/"' in text_of(
            client.get(f"/bao-cao/{report.pk}/")
        )
        letter = client.get(f"/bao-cao/{report.pk}/thu-tra-lai/")
        assert "Xem lại &lt;b&gt;1.1&lt;/b&gt;.\nDòng hai." in letter.content.decode()
        assert letter.context["letter"].by == hanh


def test_the_last_letter_counts(report: Submission, hanh: User, hanhs: Client) -> None:
    for reason in ("Một.", "Hai."):
        submitted(report, {"1.1": "3"})
        moved(report, "return", by=hanh, reason=reason)
    assert hanhs.get(f"/bao-cao/{report.pk}/thu-tra-lai/").context["letter"].reason == "Hai."


# From one report that waits to the next


def test_a_waiting_report_says_its_place_and_leads_to_its_neighbours(
    waiting: Sequence[Submission], hanhs: Client
) -> None:
    html = hanhs.get(f"/bao-cao/{waiting[1].pk}/").content.decode()
    assert "Báo cáo chờ duyệt <b>2/3</b>" in html
    assert f'href="/bao-cao/{waiting[0].pk}/" data-key="k"' in html
    assert f'href="/bao-cao/{waiting[2].pk}/" data-key="j"' in html


def test_the_desks_filter_goes_along(waiting: Sequence[Submission], hanhs: Client) -> None:
    desk = hanhs.get("/dot/MH-QUY/", {"tim": "sở", "chon": "1"})
    passed = "?ds=tim%3Ds%25E1%25BB%259F"
    assert f'href="/bao-cao/{waiting[0].pk}/{passed}"' in desk.content.decode()
    html = hanhs.get(f"/bao-cao/{waiting[0].pk}/{passed}").content.decode()
    assert "Báo cáo chờ duyệt <b>1/2</b>" in html
    assert f'href="/bao-cao/{waiting[1].pk}/{passed}" data-key="j"' in html
    assert 'href="/dot/MH-QUY/?tim=s%E1%BB%9F"' in html


@pytest.mark.parametrize(
    "place", ["nhat-ky/", "luc/", "lan-gui/1/", "kiem-tra/", "tep/", "thu-tra-lai/", "y-kien/"]
)
def test_the_reports_own_pages_lead_back_to_the_desk(
    waiting: Sequence[Submission], hanhs: Client, hoas: Client, hanh: User, place: str
) -> None:
    one = waiting[0]
    moved(one, "return", by=hanh, reason="Xem lại.")
    moved(one, "submit", by=clerk_of(one.agency))
    passed = "?ds=tim%3Ds%25E1%25BB%259F"
    crumbs = text_of(hanhs.get(f"/bao-cao/{one.pk}/{place}{passed}")).partition("<h1")[0]
    assert 'href="/dot/MH-QUY/?tim=s%E1%BB%9F"' in crumbs
    assert f'href="/bao-cao/{one.pk}/{passed}"' in crumbs
    assert f'href="/bao-cao/{one.pk}/{place}{passed}"' in text_of(
        hanhs.get(f"/bao-cao/{one.pk}/{passed}")
    ) or place in {"luc/", "lan-gui/1/"}
    own = text_of(hoas.get(f"/bao-cao/{one.pk}/{place}")).partition("<h1")[0]
    assert "/dot/MH-QUY/" not in own


@pytest.mark.parametrize("ds", ["%00", "x" * 5000, "trang-thai=%3Cscript%3E", "a&b=c;d", "%"])
def test_a_strange_filter_breaks_nothing(
    waiting: Sequence[Submission], hanhs: Client, ds: str
) -> None:
    response = hanhs.get(f"/bao-cao/{waiting[0].pk}/", {"ds": ds})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().split("<main")[-1]


def test_the_clerk_sees_no_line(waiting: Sequence[Submission], hoas: Client) -> None:
    response = hoas.get(f"/bao-cao/{waiting[0].pk}/")
    assert response.context["line"] is None
    assert 'data-key="j"' not in text_of(response)


@pytest.mark.parametrize("act", ["viec/approve/", "tra-lai/"])
def test_the_next_that_waits_comes_after_one_is_judged(
    waiting: Sequence[Submission], hanhs: Client, act: str
) -> None:
    for place, report in ((1, 2), (2, 0), (0, None)):
        one = waiting[place]
        response = hanhs.post(
            f"/bao-cao/{one.pk}/{act}", {"revision": now(one), "reason": "Sai.", "ds": ""}
        )
        wanted = "/dot/MH-QUY/" if report is None else f"/bao-cao/{waiting[report].pk}/"
        assert response.headers["Location"] == wanted


def test_taking_a_report_up_stays_with_it(waiting: Sequence[Submission], hanhs: Client) -> None:
    one = waiting[0]
    response = hanhs.post(f"/bao-cao/{one.pk}/viec/review/", {"revision": now(one), "ds": "tim=sở"})
    assert response.headers["Location"].startswith(f"/bao-cao/{one.pk}/?ds=")


def test_the_reviewers_page_costs_the_same_whatever_it_holds(
    report: Submission,
    noi_vu_report: Submission,
    cong_an_report: Submission,
    hanh: User,
    hanhs: Client,
) -> None:
    submitted(report, {"1.1": "3"})
    moved(report, "return", by=hanh, reason="Sai.")
    submitted(report, {"1.1": "4"})
    say(report, hanh)
    with CaptureQueriesContext(connection) as one:
        hanhs.get(f"/bao-cao/{report.pk}/")
    moved(report, "return", by=hanh, reason="Sai.")
    submitted(report, {"1.1": "5", "1.2.a": "3", "1.2.b": "2"})
    for key in ("", "1", "1.2.a"):
        say(report, hanh, key=key)
    submitted(noi_vu_report, {"1.1": "3"})
    submitted(cong_an_report, {"1.1": "3"})
    with CaptureQueriesContext(connection) as more:
        hanhs.get(f"/bao-cao/{report.pk}/")
    assert len(one) == len(more)


# Many at once


def chosen(*reports: Submission) -> list[str]:
    return [f"{report.pk}-{now(report)}" for report in reports]


def approve(client: Client, *reports: Submission, **more: Any) -> Any:
    return client.post("/dot/MH-QUY/duyet/", {"chon": chosen(*reports)} | more, follow=True)


def offered(response: Any) -> dict[str, str | None]:
    return {one.submission.agency_name: one.why_not_at_once for one in response.context["reports"]}


def test_the_desk_offers_plain_reports_and_says_why_not_others(
    report: Submission,
    cong_an_report: Submission,
    noi_vu_report: Submission,
    hanh: User,
    hanhs: Client,
) -> None:
    for one in (report, cong_an_report):
        submitted(one, {"1.1": "3"})
    typed(noi_vu_report, {"1.1": "3"})
    say(report, hanh)
    response = hanhs.get("/dot/MH-QUY/")
    assert offered(response) == {
        "Sở Công Thương": "còn 1 ý kiến",
        "Sở Nội vụ": None,
        "Công an tỉnh": "",
        "UBND xã Minh An": None,
    }
    html = response.content.decode()
    assert f'value="{chosen(cong_an_report)[0]}" aria-label="Duyệt Công an tỉnh">' in html
    assert html.count('name="chon"') == 1
    assert "xem riêng: còn 1 ý kiến" in html
    assert 'aria-label="Duyệt Công an tỉnh" checked>' in text_of(hanhs.get("/dot/MH-QUY/?chon=1"))


def test_a_viewer_is_offered_nothing(waiting: Sequence[Submission], dat: User) -> None:
    client = Client()
    client.force_login(dat)
    response = client.get("/dot/MH-QUY/")
    assert set(offered(response).values()) == {None}
    assert 'name="chon"' not in response.content.decode()
    refused = approve(client, waiting[0])
    assert refused.status_code == 409
    assert stored(waiting[0]).state == "submitted"


def test_chosen_reports_are_approved_and_told_one_by_one(
    report: Submission, cong_an_report: Submission, hanh: User, hanhs: Client
) -> None:
    for one in (report, cong_an_report):
        submitted(one, {"1.1": "3"})
    say(report, hanh)
    response = approve(hanhs, report, cong_an_report, ds="tim=c%C3%B4ng")
    assert response.redirect_chain == [("/dot/MH-QUY/?tim=c%C3%B4ng", 302)]
    assert said(response) == [
        "Đã duyệt 1 báo cáo.",
        "1 báo cáo không duyệt được: Sở Công Thương –"
        " Còn 1 ý kiến chưa xong. Hãy đánh dấu đã xong ở trang «Ý kiến» rồi duyệt, hoặc trả lại để"
        " đơn vị sửa.",
    ]
    assert [stored(one).state for one in (report, cong_an_report)] == ["submitted", "approved"]


def test_nothing_chosen_keeps_the_desk_with_a_sentence(
    waiting: Sequence[Submission], hanhs: Client
) -> None:
    response = hanhs.post("/dot/MH-QUY/duyet/", {"ds": "tim=s%E1%BB%9F"})
    assert response.status_code == 422
    assert "Chưa chọn báo cáo nào." in response.context["error"]
    assert len(response.context["reports"]) == 2


@pytest.mark.parametrize("forged", ["0-1", "x", "", "1", "1-", "-1-1", "9" * 40 + "-1", "²-1"])
def test_what_is_none_of_the_round_is_not_found_and_nothing_is_approved(
    waiting: Sequence[Submission], hanhs: Client, forged: str
) -> None:
    response = hanhs.post("/dot/MH-QUY/duyet/", {"chon": [*chosen(waiting[0]), forged]})
    assert response.status_code == 404
    assert stored(waiting[0]).state == "submitted"


def test_a_report_of_another_round_is_none_of_this_one(
    waiting: Sequence[Submission], minh_hoa: Agency, hanh: User, hanhs: Client
) -> None:
    other = report_of(
        opened_round(minh_hoa, "MH-TRUOC", by=hanh, data_to_days_ago=90), waiting[0].agency
    )
    submitted(other, {"1.1": "3"})
    response = hanhs.post("/dot/MH-QUY/duyet/", {"chon": chosen(other, waiting[0])})
    assert response.status_code == 404
    assert [stored(one).state for one in (other, waiting[0])] == ["submitted", "submitted"]


def test_the_desk_costs_the_same_for_one_and_three_that_wait(
    report: Submission, noi_vu_report: Submission, cong_an_report: Submission, hanhs: Client
) -> None:
    counts = []
    for one in (report, noi_vu_report, cong_an_report):
        submitted(one, {"1.1": "3"})
        with CaptureQueriesContext(connection) as captured:
            hanhs.get("/dot/MH-QUY/")
        counts.append(len(captured))
    assert counts[0] == counts[2]
