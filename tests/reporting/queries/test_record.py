"""The record searched: all tables as one list, page by page, and who reads what of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock, patch

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from indicators.models import VersionEvent
from indicators.queries.definitions import form_definition
from indicators.tracing import traced
from reporting.access import journal_reads
from reporting.actions.comments import add_comment, resolve_comment
from reporting.actions.record import About, remember
from reporting.models import (
    Agency,
    Comment,
    FigureChange,
    RecordLine,
    Round,
    Submission,
    Transition,
    User,
)
from reporting.queries.names import agencies_named, people_named
from reporting.queries.record import Mark, Reads, Wanted, every, mark_from, search
from reporting.tidings import RecordKind, Subject
from reporting.workflow import Role
from tests.cast import approved, moved, opened_round, person, typed
from tests.reporting.files_by_hand import attached, pdf

AT = datetime(2026, 3, 12, 8, 0, 0, 1, tzinfo=UTC)


def line(what: str, *, at: datetime = AT, **about: Any) -> RecordLine:
    """Write a line of the record as at a moment of the past."""
    with patch("reporting.actions.record.timezone", Mock(now=lambda: at)):
        by = about.pop("by", None)
        subject = about.pop("subject", Subject.SYSTEM)
        return remember(subject, "act", what, by=by, via="page", about=About(**about))


def change(report: Submission, key: str, after: int, at: datetime = AT) -> FigureChange:
    """Write a change of a cell as at a moment of the past."""
    return FigureChange.objects.create(
        submission=report,
        row=report.form_version.rows.get(key=key),
        revision=after,
        before=None,
        after={"status": "reported", "number": str(after)},
        at=at,
        via="cell",
    )


def pages(reads: Reads, wanted: Wanted, limit: int) -> Iterator[list[Mark]]:
    after: Mark | None = None
    while True:
        page = search(reads, wanted, after=after, limit=limit)
        yield [one.mark for one in page.lines]
        if page.after is None:
            return
        after = mark_from(str(page.after))


def acts(reads: Reads, wanted: Wanted | None = None) -> list[Any]:
    return [one.act for one in search(reads, wanted or Wanted(), limit=500).lines]


@pytest.fixture
def reads(hanh: User) -> Reads:
    return journal_reads(hanh)


# Pages


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_no_line_is_lost_or_doubled_where_many_are_of_one_moment(
    report: Submission, commune_report: Submission, minh_hoa: Agency, reads: Reads, limit: int
) -> None:
    for number in range(1, 4):
        change(report, "1.1", number)
        line(f"việc {number}", province=minh_hoa)
        Transition.objects.create(
            submission=commune_report, move="start", target="draft", at=AT, via="page"
        )
        change(report, "1.1", number + 10, at=AT + timedelta(microseconds=number))
    wanted = Wanted(first=AT.date(), last=AT.date())
    found = [mark for page in pages(reads, wanted, limit) for mark in page]
    assert len(found) == len(set(found)) == 12
    assert found == sorted(found, reverse=True)
    assert found == [one.mark for one in search(reads, wanted, limit=100).lines]
    assert [one.mark for one in every(reads, wanted, limit=100, chunk=limit)] == found
    assert [one.mark for one in every(reads, wanted, limit=5, chunk=limit)] == found[:5]


def test_an_act_of_now_does_not_move_the_next_page(
    report: Submission, minh_hoa: Agency, reads: Reads
) -> None:
    for number in range(6):
        line(f"việc {number}", province=minh_hoa, at=AT + timedelta(minutes=number))
    wanted = Wanted(kind=RecordKind.SYSTEM)
    first = search(reads, wanted, limit=3)
    line("việc mới", province=minh_hoa, at=AT + timedelta(hours=1))
    second = search(reads, wanted, after=first.after, limit=3)
    told = [one.act.what for one in (*first.lines, *second.lines)]
    assert told == [f"việc {number}" for number in range(5, -1, -1)]
    assert second.after is None


def test_an_empty_record_is_one_empty_page(minh_hoa: Agency, hanh: User) -> None:
    page = search(replace(journal_reads(hanh), catalogue=False), Wanted())
    assert (page.lines, page.after) == ([], None)


def test_a_page_that_is_just_full_has_no_next(minh_hoa: Agency, reads: Reads) -> None:
    for number in range(3):
        line(f"việc {number}", province=minh_hoa)
    assert search(reads, Wanted(kind=RecordKind.SYSTEM), limit=3).after is None


@pytest.mark.parametrize(
    "text", ["", "1-2", "a-b-c", "1-2-3-4", "-1-2-3", "1-2-" + "9" * 19, "¹-2-3"]
)
def test_a_nonsense_mark_is_none(text: str) -> None:
    assert mark_from(text) is None


def test_a_mark_keeps_the_microsecond() -> None:
    mark = Mark(AT, 3, 17)
    assert mark_from(str(mark)) == mark


@pytest.mark.parametrize("times", [1, 3])
def test_the_search_costs_the_same_queries_however_much_is_found(
    report: Submission,
    reads: Reads,
    hoa: User,
    hanh: User,
    times: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(times):
        typed(report, {"1.1": str(number + 1)})
        attached(report, f"{number}.pdf", pdf(str(number)), row_key="1.6")
        add_comment(submission=report, row_key="1.6", text="Xem.", by=hoa)
        line("việc", province=report.round.province, agency=report.agency)
    # One for each of the twelve tables, one for the forms.
    with django_assert_num_queries(13):
        for found in search(reads, Wanted()).lines:
            assert found.act.by is None or str(found.act.by)


# Who reads what


def test_each_reader_reads_the_own_province_and_no_other(
    report: Submission,
    minh_hoa: Agency,
    tinh_khac: Agency,
    so_khac: Agency,
    hanh: User,
    dat: User,
    khac: User,
) -> None:
    typed(report, {"1.1": "3"})
    line("ở đây", province=minh_hoa)
    opened_round(tinh_khac, "TK-QUY", by=khac)
    line("ở kia", province=tinh_khac)
    of_none = line("của cổng")
    for who, own in ((hanh, minh_hoa), (dat, minh_hoa), (khac, tinh_khac)):
        found = [one for one in acts(journal_reads(who)) if not isinstance(one, VersionEvent)]
        provinces = {
            one.province if isinstance(one, RecordLine) else one.submission.round.province
            for one in found
        }
        assert provinces == {own}
        assert of_none not in found


def test_an_operator_reads_accounts_and_the_portal_and_nothing_of_reports(
    report: Submission, minh_hoa: Agency, quantri: User
) -> None:
    typed(report, {"1.1": "3"})
    shown = [line("của cổng")]
    for subject in (Subject.AGENCY, Subject.PERSON, Subject.SIGN_IN):
        shown.append(line("của tỉnh", subject=subject, province=minh_hoa))
    for subject in (Subject.ROUND, Subject.SYSTEM):
        line("của tỉnh", subject=subject, province=minh_hoa)
    reads = journal_reads(quantri)
    assert acts(reads) == shown[::-1]
    assert acts(reads, Wanted(report=report)) == []


def test_the_catalogue_is_read_by_reviewers_and_managers_only(
    minh_hoa: Agency, hanh: User, dat: User, mai: User, hoa: User, quantri: User
) -> None:
    wanted = Wanted(kind=RecordKind.CATALOGUE)
    counts = [len(acts(journal_reads(who), wanted)) for who in (hanh, mai)]
    assert counts[0] == counts[1] > 0
    assert [acts(journal_reads(who), wanted) for who in (dat, hoa, quantri)] == [[], [], []]
    assert {type(one) for one in acts(journal_reads(mai))} == {VersionEvent}


@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD])
def test_who_fills_in_reads_nothing(so_cong_thuong: Agency, role: Role) -> None:
    assert not journal_reads(person("lan", "Lan", (role, so_cong_thuong)))


def test_who_left_reads_nothing(quantri: User, hanh: User) -> None:
    for who in (quantri, hanh):
        who.is_active = False
        who.save()
        assert not journal_reads(who)


# What is looked for


@pytest.fixture
def told(
    report: Submission, commune_report: Submission, open_quarter: Round, hoa: User, hanh: User
) -> Mapping[str, Any]:
    """Something in each table of the record, and its searches."""
    typed(report, {"1.1": "3", "3.4.1.a": "5"})
    typed(commune_report, {"1.1.3": "1"})
    attached(report, "Kế hoạch Đợt 1.pdf", row_key="1.6")
    said = add_comment(submission=report, row_key="1.1", text="Xem lại số văn bản.", by=hoa)
    resolve_comment(submission=report, comment_id=said.pk, by=hanh)
    moved(report, "submit", by=hoa)
    moved(report, "return", by=hanh, reason="Đề nghị kiểm tra mục 3.4.")
    extended = line(
        "gia hạn cho Sở Công Thương",
        subject=Subject.ROUND,
        province=open_quarter.province,
        agency=report.agency,
        round=open_quarter,
        by=hanh,
        at=timezone.now(),
    )
    account = line(
        "giao vai trò chuyên viên",
        subject=Subject.PERSON,
        province=open_quarter.province,
        person=hoa,
        by=hanh,
        at=timezone.now(),
    )
    return {"comment": said, "extended": extended, "account": account}


def kinds(found: list[Any]) -> set[str]:
    return {type(one).__name__ for one in found}


def test_a_kind_is_of_its_tables_and_subjects(told: Mapping[str, Any], reads: Reads) -> None:
    found = {kind: kinds(acts(reads, Wanted(kind=kind))) for kind in RecordKind}
    assert found == {
        RecordKind.FIGURES: {"FigureChange"},
        RecordKind.STATES: {"Transition"},
        RecordKind.CHECKS: {"CheckRun"} | ({"FindingAnswer"} & found[RecordKind.CHECKS]),
        RecordKind.COMMENTS: {"Comment"},
        RecordKind.FILES: {"Evidence"},
        RecordKind.CATALOGUE: {"VersionEvent"},
        RecordKind.ROUNDS: {"RecordLine"},
        RecordKind.AGENCIES: set(),
        RecordKind.PEOPLE: {"RecordLine"},
        RecordKind.SIGN_INS: set(),
        RecordKind.SYSTEM: set(),
    }
    assert acts(reads, Wanted(kind=RecordKind.ROUNDS))[0] == told["extended"]
    assert acts(reads, Wanted(kind=RecordKind.PEOPLE)) == [told["account"]]


def test_a_comment_stands_when_it_was_said_and_when_it_was_settled(
    told: Mapping[str, Any], reads: Reads, hoa: User, hanh: User
) -> None:
    wanted = Wanted(kind=RecordKind.COMMENTS)
    lines = search(reads, wanted).lines
    assert [(one.act, one.ends) for one in lines] == [
        (told["comment"], True),
        (told["comment"], False),
    ]
    for who, ends in ((hoa, False), (hanh, True)):
        own = search(reads, replace(wanted, people=[who.pk])).lines
        assert [one.ends for one in own] == [ends]


def test_people_are_who_acted_and_whom_an_act_was_on(
    told: Mapping[str, Any], reads: Reads, hoa: User, thu: User
) -> None:
    found = acts(reads, Wanted(people=[hoa.pk]))
    assert told["account"] in found
    assert told["extended"] not in found
    assert {one.by_id for one in found if not isinstance(one, RecordLine | Comment)} == {hoa.pk}
    assert kinds(acts(reads, Wanted(people=[thu.pk]))) == {"FigureChange", "Transition"}
    assert acts(reads, Wanted(people=[])) == []


def test_an_agency_a_round_and_a_report(
    told: Mapping[str, Any], report: Submission, commune_report: Submission, reads: Reads
) -> None:
    of_agency = acts(reads, Wanted(agencies=[report.agency_id]))
    of_report = acts(reads, Wanted(report=report))
    assert of_agency == of_report
    assert told["extended"] in of_report
    assert {one.submission for one in of_report if not isinstance(one, RecordLine)} == {report}
    of_round = acts(reads, Wanted(round=report.round_id))
    assert {one.submission for one in of_round if not isinstance(one, RecordLine)} >= {
        report,
        commune_report,
    }
    assert told["account"] not in of_round
    assert acts(reads, Wanted(round=report.round_id + 7777)) == []


def test_a_row_of_a_report(told: Mapping[str, Any], report: Submission, reads: Reads) -> None:
    rows = form_definition(report.form_version).by_key
    found = acts(reads, Wanted(report=report, row=rows["1.1"]))
    assert kinds(found) == {"FigureChange", "Comment"}
    assert {one.row.key for one in found} == {"1.1"}
    assert kinds(acts(reads, Wanted(report=report, row=rows["1.6"]))) == {"Evidence"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("kiểm tra mục 3.4", {"Transition"}),
        ("ĐỀ NGHỊ", {"Transition"}),
        ("đề nghị", {"Transition"}),
        ("trả lại báo cáo", {"Transition"}),
        ("Kế hoạch Đợt", {"Evidence"}),
        ("xem lại số văn bản", {"Comment"}),
        ("gia hạn", {"RecordLine"}),
        ("Tổng số hồ sơ TTHC đã tiếp nhận", {"FigureChange"}),
        ("lưu ô số liệu", {"FigureChange"}),
        ("không có ở đâu cả", set()),
        ("3%4", set()),
    ],
)
def test_words_of_the_act_of_its_reason_of_its_row(
    told: Mapping[str, Any],
    report: Submission,
    reads: Reads,
    words: str,
    expected: set[str],
) -> None:
    assert kinds(acts(reads, Wanted(words=words, report=report))) == expected


def test_days_are_those_of_the_portal(minh_hoa: Agency, reads: Reads) -> None:
    """23:59 in Hanoi is 16:59 of Greenwich."""
    before = line("trước", province=minh_hoa, at=datetime(2026, 3, 11, 16, 59, 59, tzinfo=UTC))
    first = line("đầu ngày", province=minh_hoa, at=datetime(2026, 3, 11, 17, 0, tzinfo=UTC))
    last = line("cuối ngày", province=minh_hoa, at=datetime(2026, 3, 12, 16, 59, 59, tzinfo=UTC))
    day = AT.date()
    assert acts(reads, Wanted(kind=RecordKind.SYSTEM, first=day, last=day)) == [last, first]
    assert acts(reads, Wanted(kind=RecordKind.SYSTEM, last=day)) == [last, first, before]


def test_all_that_one_request_did_is_found_by_its_name(report: Submission, reads: Reads) -> None:
    with traced("yeucau-0001"):
        typed(report, {"1.1": "3"})
    typed(report, {"1.1": "4"})
    found = acts(reads, Wanted(request="yeucau-0001"))
    assert kinds(found) == {"FigureChange", "Transition"}
    assert len(found) == 2
    assert acts(reads, Wanted(request="yeucau-0002")) == []


@pytest.mark.parametrize("before", [None, {"status": "reported", "number": "3"}])
def test_a_line_that_only_keeps_the_name_of_an_entry_is_not_shown(
    report: Submission, reads: Reads, before: Mapping[str, str] | None
) -> None:
    row = report.form_version.rows.get(key="1.1")
    FigureChange.objects.create(
        submission=report, row=row, revision=1, before=before, after=before, at=AT, via="cell"
    )
    assert acts(reads, Wanted(kind=RecordKind.FIGURES)) == []
    shown = change(report, "1.1", 2)
    assert acts(reads, Wanted(kind=RecordKind.FIGURES)) == [shown]


def test_a_handing_in_says_its_number_and_hash(report: Submission, reads: Reads, hoa: User) -> None:
    approved(report, {"1.1": "3"})
    filing = report.filings.get()
    found = acts(reads, Wanted(kind=RecordKind.STATES, report=report))
    numbers = [(one.move, one.number, one.sha256) for one in found]
    assert ("submit", 1, filing.sha256) in numbers
    assert {number for move, number, _ in numbers if move != "submit"} == {None}


# Names


def test_names_are_found_without_case_and_diacritics_and_a_code_wins(
    open_quarter: Round, so_cong_thuong: Agency, so_noi_vu: Agency, hoa: User, reads: Reads
) -> None:
    assert agencies_named("so cong thuong", reads) == {so_cong_thuong.pk}
    assert agencies_named("SỞ", reads) == {so_cong_thuong.pk, so_noi_vu.pk}
    assert agencies_named("sơ", reads) == set()
    assert agencies_named("mh.sct", reads) == {so_cong_thuong.pk}
    assert people_named("nguyen thi", reads) == people_named("HOA", reads) == {hoa.pk}
    assert agencies_named("không có", reads) == people_named("không có", reads) == set()


def test_names_of_other_provinces_are_as_unknown(
    so_khac: Agency, khac: User, hanh: User, quantri: User, reads: Reads
) -> None:
    assert agencies_named("Tỉnh Khác", reads) == people_named("Khác", reads) == set()
    assert people_named("quantri", reads) == {quantri.pk}
    everywhere = journal_reads(quantri)
    assert agencies_named("Sở Công Thương Tỉnh Khác", everywhere) == {so_khac.pk}
    assert people_named("Khác", everywhere) == {khac.pk}


def test_a_deputy_who_is_gone_is_still_found(hanh: User, hoa: User, reads: Reads) -> None:
    hoa.memberships.update(valid_to=timezone.localdate() - timedelta(days=400))
    assert people_named("hoa", reads) == {hoa.pk}
