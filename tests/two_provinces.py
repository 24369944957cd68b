"""Two provinces with all that an address can name, and a mark on each thing: words and figures that
stand nowhere else, so that an answer betrays whose they are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pytest
from django.test import override_settings
from django.urls.converters import get_converters
from pytest_django.plugin import DjangoDbBlocker

from indicators.actions.drafts import begin_draft, keep_upload
from indicators.catalogue.written import Document, numbered
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.actions.comments import add_comment, resolve_comment
from reporting.actions.figures import save_figures
from reporting.actions.notices import Tiding, tell
from reporting.documents.files import submission_file
from reporting.documents.formats import FORMATS
from reporting.entry import read_cell
from reporting.models import (
    Agency,
    AgencyKind,
    Membership,
    Notice,
    Submission,
    User,
    VerificationCode,
)
from reporting.snapshot import EMPTY
from reporting.tidings import NoticeKind
from reporting.workflow import Role
from tests.answers import taken_back
from tests.cast import (
    SIGNED,
    Cast,
    agency,
    moved,
    opened_round,
    person,
    published,
    report_of,
    reviewer_of,
)
from tests.indicators.sheets import HEAD, rows
from tests.reporting.background import failed_job, failed_letter
from tests.reporting.books_by_hand import offered
from tests.reporting.files_by_hand import attached
from tests.stage import Stage

LAYOUT, INDICATOR = "PL2-KH-2022", "chi_dao.van_ban.so_luong"
# Whose a thing is to the clerk of Sở Công Thương, in Minh Họa; with the figure that tells of it.
FIGURES = {"own": "765432198", "sibling": "987654321", "elsewhere": "876543219"}
OWN, SIBLING, ELSEWHERE = FIGURES
# The sum of the first two is the province's.
PROVINCE = "province"
FIGURES[PROVINCE] = str(int(FIGURES[OWN]) + int(FIGURES[SIBLING]))
DRAFT = "draft"
# A name of a file may have other letters between the words.
MARK = re.compile(r"dau[-_](own|sibling|elsewhere|draft)[-_]([a-z]+)[-_]het", re.IGNORECASE)


def mark(whose: str, what: str) -> str:
    return f"dau-{whose}-{what}-het"


@dataclass(frozen=True, slots=True)
class Things:
    """What one agency has, and its round, by what addresses call it."""

    agency: Agency
    clerk: User
    report: Submission
    named: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class World:
    crowd: Mapping[str, User]
    things: Mapping[str, Things]
    drafts: tuple[FormVersion, FormVersion]
    job: object  # a failed one

    def named(self, whose: str, form: str = LAYOUT) -> Mapping[str, object]:
        """Return all that addresses name, of one agency and its round, and of a form."""
        return {
            **self.things[whose].named,
            **{"form": form, "layout": LAYOUT, "key": "1.1", "indicator": INDICATOR},
            **{"upload": self.drafts[0].uploads.get().pk, "job": self.job, "year": 2026},
            **{"name": "thoi", "uidb64": "MQ", "token": "abc-def"},
        }


def built() -> World:
    """Enter both provinces; media are written where the settings say."""
    cast = Cast()
    places = {OWN: cast.so_cong_thuong, SIBLING: cast.so_noi_vu, ELSEWHERE: cast.so_khac}
    for whose, at in places.items():
        at.name = f"Sở {mark(whose, 'agency')}"
        at.save()
    clerks = {
        whose: person(f"clerk-{whose}", mark(whose, "person"), (Role.CLERK, at))
        for whose, at in places.items()
    }
    crowd = cast.crowd
    commune = agency("TK.X1", f"Xã {mark(ELSEWHERE, 'agency')}", AgencyKind.COMMUNE, cast.tinh_khac)
    waiting = {OWN: cast.xa_minh_an, SIBLING: cast.xa_minh_an, ELSEWHERE: commune}
    rounds = {OWN: cast.open_quarter, SIBLING: cast.open_quarter}
    rounds[ELSEWHERE] = opened_round(cast.tinh_khac, "TK-QUY", by=cast.khac)
    rounds[ELSEWHERE].name = mark(ELSEWHERE, "round")
    rounds[ELSEWHERE].save()
    things = {}
    for whose, at in places.items():
        report = report_of(rounds[whose], at)
        named = {**_filled(whose, report, clerks[whose]), "agency": waiting[whose].pk}
        things[whose] = Things(at, clerks[whose], report, named)
    drafts = _draft("THU-MOT", cast.mai), _draft("THU-HAI", cast.mai)
    return World(crowd, things, drafts, failed_job().pk)


def _filled(whose: str, report: Submission, clerk: User) -> Mapping[str, object]:
    """Hand the report in, twice unless it is one's own, and approve it; return what that made."""
    reviewer = reviewer_of(report)
    row = form_definition(report.form_version).by_key["1.1"]
    cell = replace(read_cell(FIGURES[whose], row, EMPTY), note=mark(whose, "note"))
    save_figures(submission=report, cells={"1.1": cell}, by=clerk, via="page")
    file = attached(report, f"{mark(whose, 'file')}.pdf", by=clerk)
    moved(report, "submit", by=clerk)
    text = mark(whose, "comment")
    said = add_comment(submission=report, row_key="1.1", text=text, by=reviewer)
    if whose != OWN:
        moved(report, "return", by=reviewer, reason=mark(whose, "reason"))
        moved(report, "submit", by=clerk)
    resolve_comment(submission=report, comment_id=said.pk, by=reviewer)
    moved(report, "approve", by=reviewer)
    book = offered(report.round, reviewer)
    letter = failed_letter(clerk)
    letter.subject = mark(whose, "letter")
    letter.save()
    told = Tiding(NoticeKind.RETURNED, whose, mark(whose, "notice"), "/bao-cao/")
    tell(replace(told, round=report.round, submission=report), [clerk])
    publications = 1 if whose == OWN else 2
    if whose != SIBLING:
        for number in range(publications):
            heading = replace(SIGNED, report_number=f"{number}/BC", signer_name=mark(whose, "name"))
            reason = mark(whose, "reason") if number else ""
            published(report.round, by=reviewer, heading=heading, reason=reason)
    submission_file(report, FORMATS["csv"], by=None)
    return {
        "report": report.pk,
        "code": VerificationCode.objects.get(submission=report).code,
        "file": file.pk,
        "filing": publications,
        "publication": publications,
        "comment": said.pk,
        "round": report.round.code,
        "province": report.round.province.code,
        "office": report.agency_id,
        "agency-code": report.agency.code,
        "book": book.pk,
        "mail": letter.pk,
        "notice": Notice.objects.get(user=clerk, key=whose).pk,
        "person": clerk.pk,
        "membership": Membership.objects.get(user=clerk).pk,
    }


def _draft(code: str, by: User) -> FormVersion:
    """Return a draft with a file that waits to be taken over."""
    whole = numbered([row for row in rows() if row["key"] == "1"])
    line = {**whole[0], "label": mark(DRAFT, "row")}
    head = replace(HEAD, code=code, title=mark(DRAFT, "title"))
    version = begin_draft(head=head, document=Document([line]), by=by)
    keep_upload(
        version=version,
        file_name=f"{mark(DRAFT, 'file')}.xlsx",
        original=b"PK",
        document=Document([line]),
        by=by,
    )
    return version


@pytest.fixture(scope="module")
def world(
    stage: Stage, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Both provinces, entered once for the tests of a module; each test takes back what it does."""
    stage.set("")  # what another scene left would close the transaction that this one is in
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with media, django_db_blocker.unblock(), taken_back():
        yield built()


# What ``pk``, ``code`` and ``number`` stand for, by what comes before them in an address.
_STANDS_FOR = {
    "bao-cao": "report",
    "nguoi-dung": "person",
    "don-vi": "office",
    "thu": "mail",
    "thong-bao": "notice",
    "quyen": "book",
    "viec-nen": "job",
    "dot": "round",
    "bieu-mau": "form",
    "nap": "upload",
    "chi-tieu": "indicator",
    "kiem-chung": "code",
    "lan-gui": "filing",
    "cong-bo": "publication",
}
_CONVERTED = re.compile(r"<(?:([\w-]+):)?(\w+)>")


def addresses(routes: Mapping[str, str], named: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the name and path of every address of the portal's own with what ``named`` has, files
    in all their formats."""
    for route, name in routes.items():
        if route.startswith("quan-tri/"):
            continue
        before, path, ways = "", "", [""]
        for text, converter, what in _parts(route):
            before = text.strip("/").rpartition("/")[2] or before
            path += text
            if what == "extension":
                ways = get_converters()[converter].regex.split("|")
            elif what:
                path += str(named[_STANDS_FOR[before] if what in _ANYTHING else what])
        for way in ways:
            yield name, f"/{path}{way}"


# What an address calls whatever it is about.
_ANYTHING = {"pk", "code", "number"}


def _parts(route: str) -> Iterator[tuple[str, str, str]]:
    """Yield what an address says before each thing that it names, and the thing."""
    end = 0
    for found in _CONVERTED.finditer(route):
        yield route[end : found.start()], found[1] or "str", found[2]
        end = found.end()
    yield route[end:], "", ""
