"""Who may see and do what: every address, method and person, tried with real objects."""

import json
import re
from collections.abc import Mapping

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reporting.access import (
    covered_agencies,
    earlier_for,
    holds_any,
    may_read_round,
    own_submissions,
    province_for,
    provinces_for,
    roles_at,
    round_for,
    submission_for,
    visible_rounds,
)
from reporting.books import BookState
from reporting.documents.files import submission_file
from reporting.documents.formats import FORMATS
from reporting.models import (
    Agency,
    AgencyKind,
    Book,
    Comment,
    Evidence,
    ExportRecord,
    Figure,
    FigureChange,
    FindingAnswer,
    Look,
    Membership,
    Notice,
    Publication,
    RecordLine,
    Round,
    Settlement,
    Submission,
    Succession,
    Transition,
    User,
    VerificationCode,
)
from reporting.queries.submissions import Earlier
from reporting.urls import urlpatterns
from reporting.workflow import ROUND_ACTS, ROUND_READERS, Role
from tests.answers import ANONYMOUS, answers, expected, lines_of, named
from tests.cast import (
    agency,
    approved,
    brought_to,
    clerk_of,
    opened_round,
    person,
    published,
    report_of,
    reviewer_of,
    stored,
)
from tests.reporting.background import failed_job, failed_letter
from tests.reporting.books_by_hand import book_in, offered
from tests.reporting.files_by_hand import attached

# Pages that show a form version have their lines in the catalogue's table.
OF_THE_CATALOGUE = {
    "paper",
    "blank-file",
    "trial",
    "trial-file",
    "rule-book",
    "rule-book-file",
    "rule-trial",
}
OF_PROBES = {"healthz", "readyz", "metrics"}
OWN_NAMES = {str(pattern.name) for pattern in urlpatterns} - OF_THE_CATALOGUE | OF_PROBES
# What is posted to the page of a row, by what the table calls it.
OF_A_ROW = {"nil": {"act": "nil"}, "comment": {"comment": "Xem."}}
# What is posted besides to other pages.
OF_A_PAGE = {"comments": {"comment": "Xem."}}

TABLE = lines_of("access_table.csv")
# Who has no column answers as another does, except here.
LIKE = {
    "head": "own_clerk",
    "deputy": "own_clerk",
    "manager": "other_clerk",
    "lower_clerk": "other_clerk",
    "other_viewer": "other_clerk",
    "former_clerk": "other_clerk",
    "former_reviewer": "other_clerk",
    "gone": "anonymous",
}
UNLIKE = {
    **{
        (name, "GET"): {"other_viewer": "200"}
        for name in (
            *("overview", "trend", "board", "board-file", "calendar", "calendar-year"),
            *("agencies", "agencies-file"),
        )
    },
    **{
        (name, "GET"): {"other_viewer": "200", "manager": "200"}
        for name in ("journal", "journal-file")
    },
    **{("notice", method): {"head": "404", "deputy": "404"} for method in ("GET", "POST")},
}


def address(line: Mapping[str, str], report: Submission) -> str:
    """Return the path of a line of the table, for the report of Sở Công Thương and its round."""
    arguments: dict[str, dict[str, object]] = {
        "submission": {"pk": report.pk},
        "cells": {"pk": report.pk},
        "read-cells": {"pk": report.pk},
        "checks": {"pk": report.pk},
        "checks-file": {"pk": report.pk},
        "submit": {"pk": report.pk},
        "move": {"pk": report.pk, "name": line["move"]},
        "previous": {"pk": report.pk},
        "nil": {"pk": report.pk},
        "paste": {"pk": report.pk},
        "record": {"pk": report.pk},
        "as-it-stood": {"pk": report.pk},
        "journal-file": {"extension": "csv"},
        "comments": {"pk": report.pk},
        "seen": {"pk": report.pk},
        "return": {"pk": report.pk},
        "letter": {"pk": report.pk},
        "row": {"pk": report.pk, "key": "1.1"},
        "evidence": {"pk": report.pk},
        "evidence-file": {"pk": report.pk, "file": _file_of(report)},
        "evidence-removal": {"pk": report.pk, "file": _file_of(report)},
        "submission-file": {"pk": report.pk, "extension": "csv"},
        "letter-file": {"pk": report.pk, "extension": "docx"},
        "receipt-file": {"pk": report.pk, "number": 1, "extension": "docx"},
        "reminder-file": {
            "code": report.round.code,
            "agency": report.agency_id,
            "extension": "docx",
        },
        "reminders-file": {"code": report.round.code},
        "filing": {"pk": report.pk, "number": 1},
        "filing-file": {"pk": report.pk, "number": 1, "extension": "csv"},
        "calendar-year": {"year": 2026},
        **{f"round-{act}": {"code": report.round.code} for act in ROUND_ACTS},
        "board-file": {"extension": "csv"},
        "round": {"code": report.round.code},
        "approvals": {"code": report.round.code},
        "table": {"code": report.round.code},
        "over-time": {"code": report.round.code},
        "publication": _publication(report),
        "publication-row": _publication(report) | {"key": "1.1"},
        "publication-file": _publication(report) | {"extension": "csv"},
        "breakdown": {"code": report.round.code},
        "matrix": {"code": report.round.code},
        "matrix-file": {"code": report.round.code, "extension": "csv"},
        "ranking": {"code": report.round.code},
        "verified": {"code": _code_of(report) if line["name"] == "verified" else ""},
        "round-file": {"code": report.round.code, "extension": "csv"},
        "books": {"code": report.round.code},
        "book-cancel": {"code": report.round.code, "pk": _book(report, "book-cancel", line)},
        "book-file": {"code": report.round.code, "pk": _book(report, "book-file", line)},
        "invitation": {"uidb64": "MQ", "token": "abc-def"},
        "reset": {"uidb64": "MQ", "token": "abc-def"},
        "account-act": {"name": line["move"]},
        "person": {"pk": _clerk()},
        "person-edit": {"pk": _clerk()},
        "person-act": {"pk": _clerk(), "name": line["move"]},
        "notice": {"pk": getattr(Notice.objects.filter(user=_clerk()).first(), "pk", 0)},
        "mail-again": {"pk": failed_letter(clerk_of(report.agency)).pk},
        "job-again": {"pk": failed_job().pk},
        "agencies-file": {"extension": "csv"},
        "agency": {"pk": report.agency_id},
        "agency-edit": {"pk": report.agency_id},
        "agency-track": {"pk": report.agency_id},
        "agency-split": {"pk": report.agency_id},
        "agency-end": {"pk": report.agency_id},
    }
    path = reverse(line["name"], kwargs=arguments.get(line["name"], {}))
    return f"{path}?dong=1.1" if line["name"] == "breakdown" else path


def _publication(report: Submission) -> dict[str, object]:
    return {"code": report.round.code, "layout": "PL2-KH-2022", "number": 1}


def _book(report: Submission, name: str, line: Mapping[str, str]) -> int:
    """Return a book of the reviewer's that can be stopped, or downloaded."""
    if line["name"] != name:
        return 0
    reviewer = reviewer_of(report)
    if name == "book-file":
        return offered(report.round, reviewer).pk
    return book_in(BookState.WAITING, report.round, reviewer).pk


def _file_of(report: Submission) -> int:
    return Evidence.objects.filter(submission=report).values_list("pk", flat=True).first() or 0


def _code_of(report: Submission) -> str:
    submission_file(report, FORMATS["csv"], by=None)
    return VerificationCode.objects.get(submission=report).code


def _clerk() -> int:
    return User.objects.values_list("pk", flat=True).get(username="hoa")


KEPT = (
    Submission,
    Figure,
    FigureChange,
    FindingAnswer,
    Transition,
    ExportRecord,
    Evidence,
    Comment,
    Membership,
    User,
    Round,
    RecordLine,
    Agency,
    Succession,
    Look,
    Publication,
    Settlement,
    VerificationCode,
    Book,
)


def arranged(line: Mapping[str, str], report: Submission) -> str:
    """Bring the report to where a line of the table wants it; return the path of the line."""
    if line["name"].startswith("evidence-"):
        attached(report)
    brought_to(line["state"], report, {"1.1": "3"})
    if line["name"].startswith("publication"):
        published(report.round)
    return address(line, report)


def posting(line: Mapping[str, str], report: Submission, who: User | None) -> Mapping[str, str]:
    """Return what is sent to a line of the table, with the kind of it."""
    row = next(iter(Figure.objects.filter(submission=report))).row_id
    revision = stored(report).revision
    if line["name"] in {"cells", "read-cells"}:
        entry = {"name": "pagepage.1", "row": row, "base": revision, "figure": "4"}
        sent = {"user": who.pk if who else 0, "seen": 0, "entries": [entry]}
        return {"data": json.dumps(sent), "content_type": "application/json"}
    posted = {"revision": revision, "reason": "Vì sai.", f"f{row}": "4"}
    posted |= OF_A_ROW.get(line["move"], {}) | OF_A_PAGE.get(line["name"], {})
    if line["name"] == "approvals":
        posted["chon"] = f"{report.pk}-{revision}"
    body = "&".join(f"{name}={value}" for name, value in posted.items())
    return {"data": body, "content_type": "application/x-www-form-urlencoded"}


@pytest.mark.one_database
@pytest.mark.parametrize("line", TABLE, ids=named)
def test_everybody_gets_the_answer_of_the_table(
    line: Mapping[str, str], crowd: Mapping[str, User], report: Submission
) -> None:
    path = arranged(line, report)
    sent = {who: posting(line, report, user) for who, user in crowd.items()}
    sent[ANONYMOUS] = posting(line, report, None)
    found = answers(line["method"], path, sent, crowd, untouched=KEPT)
    assert found == expected(line, crowd, like=LIKE, unlike=UNLIKE)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", sorted(OWN_NAMES))
def test_every_address_has_its_line_in_the_table(name: str, method: str) -> None:
    assert (name, method) in {(line["name"], line["method"]) for line in TABLE}


def test_the_table_names_no_address_that_is_gone() -> None:
    assert {line["name"] for line in TABLE} == OWN_NAMES


SUBMISSION_PATHS = (
    "",
    "gui/",
    "dan/",
    "ky-truoc/",
    "khong-phat-sinh/",
    "dong/1.1/",
    "nhat-ky/",
    "lan-gui/1/",
    "lan-gui/1/phu-luc.csv",
    "luc/",
    "y-kien/",
    "tra-lai/",
    "thu-tra-lai/",
    "tep/",
    "phu-luc.csv",
    "phu-luc.xlsx",
    "phu-luc.pdf",
)
ROUND_PATHS = (
    "",
    "tong-hop/",
    "tong-hop/dong/?dong=1.1",
    "doi-chieu/",
    "qua-ky/",
    "quyen/",
    "cong-bo/",
    "cong-bo/PL2-KH-2022/1/",
    "cong-bo/PL2-KH-2022/1/dong/1.1/",
    "cong-bo/PL2-KH-2022/1/phu-luc.csv",
    "phu-luc.csv",
    "sua/",
    "mo/",
    "dong/",
    "mo-lai/",
    "huy/",
    "gia-han/",
)


def shape(content: bytes, name: str) -> str:
    """Return a page without what differs from request to request: the token and the address."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", content.decode())
    return text.replace(name, "?")


def headers_of(response: HttpResponseBase) -> dict[str, str]:
    """Return what an answer says beside the page, without the name of the request, always new."""
    return {name: text for name, text in response.headers.items() if name != "X-Request-ID"}


@pytest.mark.parametrize("path", SUBMISSION_PATHS)
def test_anothers_report_looks_like_one_that_does_not_exist(
    report: Submission, thu: User, client: Client, path: str
) -> None:
    client.force_login(thu)
    theirs = client.get(f"/bao-cao/{report.pk}/{path}")
    unknown = client.get(f"/bao-cao/{report.pk + 7777}/{path}")
    assert (theirs.status_code, unknown.status_code) == (404, 404)
    assert shape(theirs.content, str(report.pk)) == shape(unknown.content, str(report.pk + 7777))
    assert headers_of(theirs) == headers_of(unknown)


@pytest.mark.parametrize("path", ROUND_PATHS)
def test_anothers_round_looks_like_one_that_does_not_exist(
    report: Submission, khac: User, client: Client, path: str
) -> None:
    client.force_login(khac)
    theirs = client.get(f"/dot/MH-QUY/{path}")
    unknown = client.get(f"/dot/KHONG-CO/{path}")
    assert (theirs.status_code, unknown.status_code) == (404, 404)
    assert shape(theirs.content, "MH-QUY") == shape(unknown.content, "KHONG-CO")


def test_the_404_says_why_in_vietnamese(report: Submission, thu: User, client: Client) -> None:
    client.force_login(thu)
    assert "Không có báo cáo này, hoặc báo cáo không thuộc phạm vi của ông/bà." in (
        client.get(f"/bao-cao/{report.pk}/").content.decode()
    )


@pytest.mark.parametrize(
    "path",
    [
        "/bao-cao/99999999999999999999999/",
        "/bao-cao/0/",
        "/bao-cao/-1/",
        "/bao-cao/1/phu-luc.exe",
        "/bao-cao/1/viec/../",
        "/dot/a'b/",
        "/dot/MH-QUY/phu-luc.odt",
        "/khong-co/",
    ],
)
def test_a_nonsense_address_is_not_found(
    report: Submission, hanh: User, client: Client, path: str
) -> None:
    client.force_login(hanh)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/bao-cao/1%00/", "/dot/%00/", "/dang-nhap/?next=%00"])
def test_an_address_with_a_nul_is_no_error_of_the_server(
    hanh: User, client: Client, path: str
) -> None:
    client.force_login(hanh)
    assert client.get(path).status_code in {200, 400, 404}


def test_a_person_who_left_is_signed_out(report: Submission, hoa: User, client: Client) -> None:
    client.force_login(hoa)
    hoa.is_active = False
    hoa.save()
    response = client.get(f"/bao-cao/{report.pk}/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/dang-nhap/")


def test_a_role_that_was_taken_away_shows_nothing_any_more(
    report: Submission, hoa: User, client: Client
) -> None:
    client.force_login(hoa)
    assert client.get(f"/bao-cao/{report.pk}/").status_code == 200
    Membership.objects.filter(user=hoa).delete()
    assert client.get(f"/bao-cao/{report.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("quantri", 200), ("hanh", 302), ("hoa", 302), ("dat", 302)],
)
def test_only_operators_enter_the_administration(
    report: Submission, request: pytest.FixtureRequest, client: Client, who: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get("/quan-tri/").status_code == status


@pytest.mark.parametrize(
    "model", ["figure", "figurechange", "submission", "transition", "exportrecord", "detailline"]
)
def test_figures_and_records_have_no_page_of_administration(
    quantri: User, client: Client, model: str
) -> None:
    client.force_login(quantri)
    assert client.get(f"/quan-tri/reporting/{model}/").status_code == 404


# The door itself


@pytest.fixture
def tree(minh_hoa: Agency) -> tuple[Agency, Agency, Agency]:
    district = agency("MH.H1", "UBND huyện Sơn Tây", AgencyKind.DISTRICT, minh_hoa)
    return minh_hoa, district, agency("MH.H1.X1", "UBND xã Sơn Liên", AgencyKind.COMMUNE, district)


@pytest.mark.parametrize(("place", "expected"), [(0, [1, 1, 1]), (1, [0, 1, 1]), (2, [0, 0, 1])])
def test_a_role_covers_its_agency_and_all_below_but_nothing_above(
    tree: tuple[Agency, Agency, Agency], place: int, expected: list[int]
) -> None:
    user = person("lan", "Phạm Thị Lan", (Role.CLERK, tree[place]))
    held = [roles_at(user, stored) for stored in tree]
    assert held == [frozenset({Role.CLERK}) if covered else frozenset() for covered in expected]
    covered = set(covered_agencies(user, {Role.CLERK}))
    assert [stored in covered for stored in tree] == [bool(one) for one in expected]


def test_roles_at_several_levels_are_added(tree: tuple[Agency, Agency, Agency]) -> None:
    user = person("lan", "Lan", (Role.VIEWER, tree[0]), (Role.CLERK, tree[2]))
    assert roles_at(user, tree[2]) == {Role.VIEWER, Role.CLERK}
    assert roles_at(user, tree[1]) == {Role.VIEWER}


def test_nobody_holds_a_role(report: Submission) -> None:
    nobody = AnonymousUser()
    assert roles_at(nobody, report.agency) == frozenset()
    assert not covered_agencies(nobody, set(Role)).exists()
    assert not holds_any(nobody, set(Role))
    assert not may_read_round(nobody, report.round)
    assert not visible_rounds(nobody).exists()
    assert not own_submissions(nobody).exists()
    with pytest.raises(Http404):
        submission_for(nobody, report.pk)
    with pytest.raises(Http404):
        round_for(nobody, report.round.code)


def test_an_operator_reads_no_report_by_being_superuser(report: Submission, quantri: User) -> None:
    assert quantri.is_superuser
    assert not holds_any(quantri, set(Role))
    assert not visible_rounds(quantri).exists()
    with pytest.raises(Http404):
        submission_for(quantri, report.pk)


def test_two_roles_show_a_report_once(report: Submission, hoa: User) -> None:
    Membership.objects.create(user=hoa, agency=report.agency, role=Role.HEAD)
    Membership.objects.create(user=hoa, agency=report.round.province, role=Role.CLERK)
    again = User.objects.get(pk=hoa.pk)
    assert list(own_submissions(again).filter(agency=report.agency)) == [report]
    assert holds_any(again, {Role.HEAD})
    assert not holds_any(again, {Role.REVIEWER})


def test_a_clerk_of_the_province_sees_its_reports_but_not_its_rounds(
    report: Submission, commune_report: Submission
) -> None:
    above = person("above", "Văn thư tỉnh", (Role.CLERK, report.round.province))
    assert set(own_submissions(above)) >= {report, commune_report}
    assert not visible_rounds(above).exists()


LANDINGS = ("/tien-do/", "/don-vi/", "/don-vi/moi/", "/dot/lich/", "/dot/moi/")


@pytest.mark.parametrize("page", LANDINGS)
def test_every_page_begins_with_the_province_of_the_newest_round(
    minh_hoa: Agency,
    tinh_khac: Agency,
    so_cong_thuong: Agency,
    hanh: User,
    khac: User,
    client: Client,
    page: str,
) -> None:
    """Minh Họa has an agency and more rounds, older ones, and the newest of all on paper."""
    for code, days in (("MH-1", 200), ("MH-2", 100), ("MH-CU", 1)):
        opened_round(minh_hoa, code, by=hanh, data_to_days_ago=days)
    Round.objects.filter(code="MH-CU").update(is_archive=True)
    opened_round(tinh_khac, "TK-1", by=khac, data_to_days_ago=30)
    both = person("hai", "Hai Tỉnh", (Role.REVIEWER, minh_hoa), (Role.REVIEWER, tinh_khac))
    client.force_login(both)
    assert provinces_for(both, ROUND_READERS) == [tinh_khac, minh_hoa]
    found = client.get(page).context
    assert found["province"] == tinh_khac
    assert list(found.get("provinces", [])) == [tinh_khac, minh_hoa]
    assert client.get(page, {"tinh": "MH"}).context["province"] == minh_hoa
    assert client.get(page, {"tinh": "XX"}).status_code == 404


def test_a_province_is_none_of_who_holds_another_role_there(hanh: User, minh_hoa: Agency) -> None:
    assert province_for(hanh, "MH", {Role.REVIEWER}) == minh_hoa
    for code in ("", "MH"):
        with pytest.raises(Http404, match="Trang này dành cho"):
            province_for(hanh, code, {Role.VIEWER})


def test_provinces_do_not_see_each_other(
    open_quarter: Round, report: Submission, so_khac: Agency, hanh: User, khac: User
) -> None:
    theirs = opened_round(so_khac.parent or so_khac, "TK-QUY", by=khac)
    assert set(visible_rounds(hanh)) == {open_quarter}
    assert set(visible_rounds(khac)) == {theirs}
    assert submission_for(khac, report_of(theirs, so_khac).pk).agency == so_khac
    assert may_read_round(khac, theirs)
    assert not may_read_round(khac, open_quarter)
    with pytest.raises(Http404):
        submission_for(khac, report.pk)
    with pytest.raises(Http404):
        submission_for(hanh, report_of(theirs, so_khac).pk)


def test_the_door_fetches_what_the_page_needs_at_once(
    report: Submission, hanh: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reviewer = User.objects.get(pk=hanh.pk)
    with django_assert_num_queries(2):  # the report with all around it, and the roles
        found = submission_for(reviewer, report.pk)
        assert (found.agency.parent, found.round.province.name, found.form_version.code) == (
            found.round.province,
            "Tỉnh Minh Họa",
            "PL2-KH-2022",
        )


def test_who_reads_in_the_new_province_sees_no_report_of_the_old_beside_a_new_one(
    report: Submission, tinh_khac: Agency, so_khac: Agency, hanh: User, khac: User, hoa: User
) -> None:
    """The agency has moved: its own clerk sees the round before, the new province's reader not."""
    approved(report, {"1.1": "987654"})
    agency_ = report.agency
    agency_.parent = tinh_khac
    agency_.save()
    now = report_of(opened_round(tinh_khac, "TK-SAU", by=khac, data_to_days_ago=-30), agency_)
    assert earlier_for(hoa, now).previous == report
    assert earlier_for(khac, now) == Earlier()
    client = Client()
    client.force_login(khac)
    for path in ("", "dong/1.1/"):
        assert "987.654" not in client.get(f"/bao-cao/{now.pk}/{path}").content.decode()


def test_a_report_stays_with_the_province_that_asked_for_it(
    report: Submission, tinh_khac: Agency, hanh: User, khac: User, hoa: User
) -> None:
    """The agency moves to another province; its old report is judged where it was filed."""
    moved_agency = report.agency
    moved_agency.parent = tinh_khac
    moved_agency.full_clean()
    moved_agency.save()
    assert submission_for(hanh, report.pk) == report
    assert submission_for(hoa, report.pk) == report
    with pytest.raises(Http404):
        submission_for(khac, report.pk)
