"""What a reviewer compares a report with, and the line of those that wait."""

from collections.abc import Sequence

import pytest
from pytest_django import DjangoAssertNumQueries

from reporting.models import Look, Round, Submission, User
from reporting.queries.reviews import Line, filed_before, last_look, line_of
from tests.cast import moved, stored, submitted, typed


@pytest.fixture
def line(
    report: Submission,
    noi_vu_report: Submission,
    cong_an_report: Submission,
    commune_report: Submission,
) -> Sequence[Submission]:
    """All four agencies have handed in; here in the desk's order."""
    for one, key in ((commune_report, "1.1.3"), (cong_an_report, "1.1")):
        submitted(one, {key: "3"})
    for one in (noi_vu_report, report):
        submitted(one, {"1.1": "3"})
    return [report, noi_vu_report, cong_an_report, commune_report]


def told(line: Line) -> tuple[str, int, int, str]:
    before, after = line.before, line.after
    return (
        before.agency if before else "",
        line.place,
        line.length,
        after.agency if after else "",
    )


def test_those_that_wait_follow_one_another_as_on_the_desk(line: Sequence[Submission]) -> None:
    assert [told(line_of(stored(one))) for one in line] == [
        ("", 1, 4, "Sở Nội vụ"),
        ("Sở Công Thương", 2, 4, "Công an tỉnh"),
        ("Sở Nội vụ", 3, 4, "UBND xã Minh An"),
        ("Công an tỉnh", 4, 4, ""),
    ]


def test_a_report_that_was_judged_stands_beside_the_line(
    line: Sequence[Submission], hanh: User
) -> None:
    moved(line[1], "approve", by=hanh)
    assert told(line_of(stored(line[1]))) == ("Sở Công Thương", 0, 3, "Công an tỉnh")
    after = line_of(stored(line[1])).next
    assert after is not None
    assert after.pk == line[2].pk


def test_after_the_last_of_the_line_comes_what_was_passed_over(
    line: Sequence[Submission], hanh: User
) -> None:
    moved(line[3], "approve", by=hanh)
    after = line_of(stored(line[3])).next
    assert after is not None
    assert after.agency == "Công an tỉnh"
    for one in line[:3]:
        moved(one, "approve", by=hanh)
    assert line_of(stored(line[3])).next is None


@pytest.mark.parametrize(
    ("state", "search", "told_of_it"),
    [
        ("in_review", "", ("", 0, 1, "Sở Nội vụ")),
        ("submitted", "", ("", 1, 3, "Công an tỉnh")),
        ("", "sở", ("", 1, 2, "Sở Nội vụ")),
        ("", "XÃ", ("", 0, 1, "UBND xã Minh An")),
        ("submitted", "nội vụ", ("", 0, 0, "")),
        ("", "so noi", ("", 0, 1, "Sở Nội vụ")),
        ("", "só", ("", 0, 0, "")),
        # What no waiting report can be is no filter of the line.
        ("approved", "", ("", 1, 4, "Sở Nội vụ")),
        ("late", "", ("", 1, 4, "Sở Nội vụ")),
    ],
)
def test_the_desks_filter_is_kept(
    line: Sequence[Submission],
    hanh: User,
    state: str,
    search: str,
    told_of_it: tuple[str, int, int, str],
) -> None:
    moved(line[1], "review", by=hanh)
    assert told(line_of(stored(line[0]), state=state, search=search)) == told_of_it


def test_a_line_costs_one_query_whatever_its_length(
    report: Submission,
    noi_vu_report: Submission,
    cong_an_report: Submission,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for waiting, one in enumerate((report, noi_vu_report, cong_an_report), start=1):
        submitted(one, {"1.1": "3"})
        current = stored(report)
        with django_assert_num_queries(1):
            assert line_of(current).length == waiting


def test_a_first_handing_in_has_none_before_it(report: Submission, hoa: User) -> None:
    typed(report, {"1.1": "3"})
    assert filed_before(report) is None
    submitted(report, {"1.1": "3"})
    assert filed_before(report) is None


def test_the_handing_in_before_the_last_is_read_from_its_frozen_text(
    report: Submission, hoa: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for text in ("3", "4", "5"):
        submitted(report, {"1.1": text})
        if text != "5":
            moved(report, "withdraw", by=hoa)
    with django_assert_num_queries(1):
        before = filed_before(report)
    assert before is not None
    assert (before.number, str(before.cells["1.1"].number)) == (2, "4")


def test_a_look_is_ones_own(report: Submission, open_quarter: Round, hanh: User, dat: User) -> None:
    submitted(report, {"1.1": "3"})
    moved(report, "review", by=hanh)
    look = last_look(report, by=hanh)
    assert isinstance(look, Look)
    assert look.revision == stored(report).revision
    assert last_look(report, by=dat) is None
