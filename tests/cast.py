"""The small cast of the tests: two provinces, their agencies, six people and one open round."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property

import pytest
from django.utils import timezone

from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.actions.agencies import enter_user
from reporting.actions.figures import save_figures
from reporting.actions.findings import answer_findings
from reporting.actions.people import deactivate_person, end_role, name_deputy
from reporting.actions.publications import publish
from reporting.actions.rounds import open_round, plan_round
from reporting.actions.submissions import Heading, make_move
from reporting.entry import read_cell
from reporting.models import Agency, AgencyKind, Notice, Publication, Round, Submission, User
from reporting.publication import mark_of
from reporting.queries.findings import weighed_findings
from reporting.queries.province import round_heading
from reporting.queries.publications import publishable
from reporting.rules.answers import AnswerKind, Said
from reporting.snapshot import EMPTY
from reporting.workflow import MOVES, Role

PASSWORD = "minh-hoa-cchc"
SIGNED = Heading(report_number="31/BC-UBND", report_date=date(2026, 3, 20))


def agency(
    code: str, name: str, kind: AgencyKind, parent: Agency | None = None, functions: str = ""
) -> Agency:
    """Return one agency that has been there before anything is recorded."""
    found = Agency(
        code=code,
        name=name,
        kind=kind.value,
        parent=parent,
        functions=functions,
        place="Minh Họa",
        signer_title="GIÁM ĐỐC",
    )
    found.full_clean()
    found.save()
    return found


def person(username: str, full_name: str, *roles: tuple[Role, Agency]) -> User:
    """Enter one account with its roles; the password is ``PASSWORD``."""
    return enter_user(username=username, full_name=full_name, password=PASSWORD, roles=roles)


def clerk_of(at: Agency) -> User:
    """Return the clerk of exactly this agency, entered when there is none yet."""
    found = User.objects.filter(memberships__agency=at, memberships__role=Role.CLERK).first()
    return found or person(f"clerk-{at.code}", f"Văn thư {at.name}", (Role.CLERK, at))


def reviewer_of(submission: Submission) -> User:
    province = submission.round.province
    found = User.objects.filter(memberships__agency=province, memberships__role=Role.REVIEWER)
    return found.order_by("pk")[0]


def typed(
    submission: Submission, figures: Mapping[str, str], by: User | None = None
) -> Sequence[str]:
    """Save ``figures`` (row key → what a clerk types) over what stands there."""
    rows = form_definition(submission.form_version).by_key
    return save_figures(
        submission=submission,
        cells={key: read_cell(text, rows[key], EMPTY) for key, text in figures.items()},
        by=by or clerk_of(submission.agency),
        via="page",
    )


def submitted(submission: Submission, figures: Mapping[str, str]) -> Submission:
    """Type ``figures`` and hand the report in; return it as stored."""
    typed(submission, figures)
    return moved(submission, "submit", by=clerk_of(submission.agency))


def approved(submission: Submission, figures: Mapping[str, str]) -> Submission:
    """Type ``figures``, hand the report in and approve it; return it as stored."""
    return moved(submitted(submission, figures), "approve", by=reviewer_of(submission))


def brought_to(state: str, submission: Submission, figures: Mapping[str, str]) -> None:
    """Take the report to ``draft``, ``submitted``, ``returned`` or ``approved`` with these
    figures."""
    typed(submission, figures)
    if state in {"submitted", "returned", "approved"}:
        moved(submission, "submit", by=clerk_of(submission.agency))
    if state == "returned":
        moved(submission, "return", by=reviewer_of(submission), reason="Xem lại.")
    if state == "approved":
        moved(submission, "approve", by=reviewer_of(submission))


def moved(submission: Submission, name: str, *, by: User, reason: str = "") -> Submission:
    """Take the submission as it is stored now through one move; what the checks find is answered
    before it is handed in."""
    if name == "submit":
        answered(submission)
    current = stored(submission)
    return make_move(
        submission=current, move=MOVES[name], by=by, revision=current.revision, reason=reason
    )


def answered(submission: Submission) -> None:
    """Let the clerk explain every warning, and the reviewer waive every error."""
    current = stored(submission)
    for kind, by in (
        (AnswerKind.EXPLANATION, clerk_of(submission.agency)),
        (AnswerKind.WAIVER, reviewer_of(current)),
    ):
        said = {
            one.finding.name: Said("Đúng theo hồ sơ.", one.finding.found)
            for one in weighed_findings(current)
            if one.is_open and one.takes(kind)
        }
        if said:
            answer_findings(submission=current, kind=kind, said=said, by=by)


def stored(submission: Submission) -> Submission:
    """Return the submission as the database has it."""
    return Submission.objects.select_related(
        "agency__parent", "round__province", "form_version__form", "state_by"
    ).get(pk=submission.pk)


def published(
    round_: Round,
    layout: str = "PL2-KH-2022",
    *,
    by: User | None = None,
    seen: str = "",
    reason: str = "",
    heading: Heading = SIGNED,
) -> Publication:
    """Publish the province's table as it stands now."""
    version = form(layout)
    now = publishable(round_, version).content(round_heading(round_, notice=""), 0)
    reviewers = User.objects.filter(
        memberships__agency=round_.province, memberships__role=Role.REVIEWER
    )
    return publish(
        round=round_,
        layout=version,
        heading=heading,
        seen=seen or mark_of(now),
        by=by or reviewers.order_by("pk")[0],
        reason=reason,
    )


def form(code: str) -> FormVersion:
    """Return one of the real forms."""
    return FormVersion.objects.select_related("form").get(code=code)


def planned_round(
    province: Agency, code: str, *, name: str = "Báo cáo quý này", data_to_days_ago: int = 0
) -> Round:
    """Plan a round that is open today, with the usual forms; its submissions are not made yet."""
    today = timezone.localdate()
    department = form("PL2-KH-2022")
    return plan_round(
        round=Round(
            province=province,
            code=code,
            name=name,
            period_kind="quy",
            period_text="quý này",
            data_from=today - timedelta(days=90 + data_to_days_ago),
            data_to=today - timedelta(days=data_to_days_ago),
            opens_on=today - timedelta(days=10),
            due_on=today + timedelta(days=5),
            closes_on=today + timedelta(days=10),
            summary_version=department,
        ),
        forms={
            AgencyKind.DEPARTMENT: [department],
            AgencyKind.VERTICAL: [department],
            AgencyKind.COMMUNE: [form("PL2-XA-QN-2022")],
        },
        by=None,
    )


def opened_round(province: Agency, code: str, *, by: User, data_to_days_ago: int = 0) -> Round:
    """Plan a round and open it to the agencies of the province that are there."""
    round_ = planned_round(province, code, data_to_days_ago=data_to_days_ago)
    open_round(round=round_, by=by)
    return round_


def report_of(round_: Round, at: Agency) -> Submission:
    """Return the agency's submission in a round."""
    return stored(Submission.objects.get(round=round_, agency=at))


class Cast:
    """The small cast; each of it is entered when it is first asked for.

    One pickles with all that has been entered (``tests.stage``).
    """

    # The province and its agencies

    @cached_property
    def minh_hoa(self) -> Agency:
        return agency("MH", "Tỉnh Minh Họa", AgencyKind.PROVINCE)

    @cached_property
    def so_cong_thuong(self) -> Agency:
        return agency("MH.SCT", "Sở Công Thương", AgencyKind.DEPARTMENT, self.minh_hoa)

    @cached_property
    def so_noi_vu(self) -> Agency:
        return agency("MH.SNV", "Sở Nội vụ", AgencyKind.DEPARTMENT, self.minh_hoa, "noi_vu")

    @cached_property
    def cong_an(self) -> Agency:
        return agency("MH.CA", "Công an tỉnh", AgencyKind.VERTICAL, self.minh_hoa)

    @cached_property
    def xa_minh_an(self) -> Agency:
        return agency("MH.X001", "UBND xã Minh An", AgencyKind.COMMUNE, self.minh_hoa)

    @cached_property
    def tinh_khac(self) -> Agency:
        return agency("TK", "Tỉnh Khác", AgencyKind.PROVINCE)

    @cached_property
    def so_khac(self) -> Agency:
        return agency("TK.SCT", "Sở Công Thương Tỉnh Khác", AgencyKind.DEPARTMENT, self.tinh_khac)

    # The people

    @cached_property
    def hoa(self) -> User:
        return person("hoa", "Nguyễn Thị Hoa", (Role.CLERK, self.so_cong_thuong))

    @cached_property
    def thu(self) -> User:
        return person("thu", "Lê Thị Thu", (Role.CLERK, self.xa_minh_an))

    @cached_property
    def hanh(self) -> User:
        return person("hanh", "Trần Minh Hạnh", (Role.REVIEWER, self.minh_hoa))

    @cached_property
    def dat(self) -> User:
        return person("dat", "Phạm Quốc Đạt", (Role.VIEWER, self.minh_hoa))

    @cached_property
    def khac(self) -> User:
        return person("khac", "Võ Văn Khác", (Role.REVIEWER, self.tinh_khac))

    @cached_property
    def mai(self) -> User:
        return person("mai", "Đỗ Thị Mai", (Role.MANAGER, self.minh_hoa))

    @cached_property
    def quantri(self) -> User:
        return enter_user(
            username="quantri",
            full_name="Đỗ Mạnh Hùng",
            password=PASSWORD,
            roles=[],
            is_operator=True,
        )

    # The open round

    @cached_property
    def open_quarter(self) -> Round:
        agencies = (self.so_cong_thuong, self.so_noi_vu, self.cong_an, self.xa_minh_an)
        people = (self.hoa, self.thu, self.hanh)
        assert all((*agencies, *people))  # there before it opens
        round_ = opened_round(self.minh_hoa, "MH-QUY", by=self.hanh)
        Notice.objects.all().delete()
        return round_

    @cached_property
    def report(self) -> Submission:
        return report_of(self.open_quarter, self.so_cong_thuong)

    @cached_property
    def crowd(self) -> Mapping[str, User]:
        """Everybody who might come to Sở Công Thương and its report of the open round, by what
        they are to it. Nobody is told of it."""
        own, province, today = self.report.agency, self.minh_hoa, timezone.localdate()
        below = agency("MH.SCT.1", "Chi cục Quản lý thị trường", AgencyKind.OTHER, own)
        found = {
            "own_clerk": self.hoa,
            "head": person("son", "Bùi Văn Sơn", (Role.HEAD, own)),
            "deputy": person("thay", "Vũ Thị Thay", (Role.CLERK, self.so_noi_vu)),
            "reviewer": self.hanh,
            "viewer": self.dat,
            "manager": self.mai,
            "operator": self.quantri,
            "other_clerk": self.thu,
            "lower_clerk": person("chicuc", "Đinh Thị Chi", (Role.CLERK, below)),
            "other_reviewer": self.khac,
            "other_viewer": person("xem", "Hồ Thị Xem", (Role.VIEWER, self.tinh_khac)),
            "former_clerk": person("cu", "Trịnh Văn Cũ", (Role.CLERK, own)),
            "former_reviewer": person("cuu", "Phan Thị Cựu", (Role.REVIEWER, province)),
            "gone": person("nghi", "Mai Văn Nghỉ", (Role.CLERK, own)),
        }
        name_deputy(
            person=found["head"],
            deputy=found["deputy"],
            agency=own,
            valid_from=today,
            valid_to=today,
            by=found["head"],
        )
        for who in ("former_clerk", "former_reviewer"):
            end_role(membership=found[who].memberships.get(), by=self.quantri)
        deactivate_person(person=found["gone"], reason="Chuyển công tác.", by=self.hanh)
        Notice.objects.all().delete()
        return found


# The same, as the tests ask for them


@pytest.fixture
def minh_hoa(cast: Cast) -> Agency:
    return cast.minh_hoa


@pytest.fixture
def so_cong_thuong(cast: Cast) -> Agency:
    return cast.so_cong_thuong


@pytest.fixture
def so_noi_vu(cast: Cast) -> Agency:
    return cast.so_noi_vu


@pytest.fixture
def cong_an(cast: Cast) -> Agency:
    return cast.cong_an


@pytest.fixture
def xa_minh_an(cast: Cast) -> Agency:
    return cast.xa_minh_an


@pytest.fixture
def tinh_khac(cast: Cast) -> Agency:
    return cast.tinh_khac


@pytest.fixture
def so_khac(cast: Cast) -> Agency:
    return cast.so_khac


@pytest.fixture
def hoa(cast: Cast) -> User:
    """The clerk of Sở Công Thương."""
    return cast.hoa


@pytest.fixture
def thu(cast: Cast) -> User:
    """The clerk of the commune."""
    return cast.thu


@pytest.fixture
def hanh(cast: Cast) -> User:
    """The reviewer of Minh Họa."""
    return cast.hanh


@pytest.fixture
def dat(cast: Cast) -> User:
    """A leader of Minh Họa, who may only look."""
    return cast.dat


@pytest.fixture
def khac(cast: Cast) -> User:
    """The reviewer of the other province."""
    return cast.khac


@pytest.fixture
def mai(cast: Cast) -> User:
    """The catalogue manager."""
    return cast.mai


@pytest.fixture
def quantri(cast: Cast) -> User:
    """The operator, who enters accounts and rounds but reads no report."""
    return cast.quantri


@pytest.fixture
def crowd(cast: Cast) -> Mapping[str, User]:
    """Everybody who might come to the report of Sở Công Thương."""
    return cast.crowd


@pytest.fixture
def open_quarter(cast: Cast) -> Round:
    """A round that takes figures today, opened to the four agencies of Minh Họa. What people were
    told of the opening is forgotten: tests look at what comes after it."""
    return cast.open_quarter


@pytest.fixture
def report(open_quarter: Round, cast: Cast) -> Submission:
    """The submission of Sở Công Thương, not started."""
    return cast.report


@pytest.fixture
def noi_vu_report(open_quarter: Round, so_noi_vu: Agency) -> Submission:
    """The submission of Sở Nội vụ, which holds the function noi_vu."""
    return report_of(open_quarter, so_noi_vu)


@pytest.fixture
def cong_an_report(open_quarter: Round, cong_an: Agency) -> Submission:
    """The submission of a central vertical agency."""
    return report_of(open_quarter, cong_an)


@pytest.fixture
def commune_report(open_quarter: Round, xa_minh_an: Agency) -> Submission:
    """The submission of the commune, on the commune's form."""
    return report_of(open_quarter, xa_minh_an)
