"""The small cast of the tests: two provinces, their agencies, six people and one open round."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from django.utils import timezone

from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.actions.agencies import enter_user
from reporting.actions.figures import save_figures
from reporting.actions.findings import answer_findings
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


# The province and its agencies


@pytest.fixture
def minh_hoa(db: None) -> Agency:
    return agency("MH", "Tỉnh Minh Họa", AgencyKind.PROVINCE)


@pytest.fixture
def so_cong_thuong(minh_hoa: Agency) -> Agency:
    return agency("MH.SCT", "Sở Công Thương", AgencyKind.DEPARTMENT, minh_hoa)


@pytest.fixture
def so_noi_vu(minh_hoa: Agency) -> Agency:
    return agency("MH.SNV", "Sở Nội vụ", AgencyKind.DEPARTMENT, minh_hoa, functions="noi_vu")


@pytest.fixture
def cong_an(minh_hoa: Agency) -> Agency:
    return agency("MH.CA", "Công an tỉnh", AgencyKind.VERTICAL, minh_hoa)


@pytest.fixture
def xa_minh_an(minh_hoa: Agency) -> Agency:
    return agency("MH.X001", "UBND xã Minh An", AgencyKind.COMMUNE, minh_hoa)


@pytest.fixture
def tinh_khac(db: None) -> Agency:
    return agency("TK", "Tỉnh Khác", AgencyKind.PROVINCE)


@pytest.fixture
def so_khac(tinh_khac: Agency) -> Agency:
    return agency("TK.SCT", "Sở Công Thương Tỉnh Khác", AgencyKind.DEPARTMENT, tinh_khac)


# The people


@pytest.fixture
def hoa(so_cong_thuong: Agency) -> User:
    """The clerk of Sở Công Thương."""
    return person("hoa", "Nguyễn Thị Hoa", (Role.CLERK, so_cong_thuong))


@pytest.fixture
def thu(xa_minh_an: Agency) -> User:
    """The clerk of the commune."""
    return person("thu", "Lê Thị Thu", (Role.CLERK, xa_minh_an))


@pytest.fixture
def hanh(minh_hoa: Agency) -> User:
    """The reviewer of Minh Họa."""
    return person("hanh", "Trần Minh Hạnh", (Role.REVIEWER, minh_hoa))


@pytest.fixture
def dat(minh_hoa: Agency) -> User:
    """A leader of Minh Họa, who may only look."""
    return person("dat", "Phạm Quốc Đạt", (Role.VIEWER, minh_hoa))


@pytest.fixture
def khac(tinh_khac: Agency) -> User:
    """The reviewer of the other province."""
    return person("khac", "Võ Văn Khác", (Role.REVIEWER, tinh_khac))


@pytest.fixture
def mai(minh_hoa: Agency) -> User:
    """The catalogue manager."""
    return person("mai", "Đỗ Thị Mai", (Role.MANAGER, minh_hoa))


@pytest.fixture
def quantri(db: None) -> User:
    """The operator, who enters accounts and rounds but reads no report."""
    return enter_user(
        username="quantri",
        full_name="Đỗ Mạnh Hùng",
        password=PASSWORD,
        roles=[],
        is_operator=True,
    )


# The open round and its four submissions


@pytest.fixture
def open_quarter(
    minh_hoa: Agency,
    so_cong_thuong: Agency,
    so_noi_vu: Agency,
    cong_an: Agency,
    xa_minh_an: Agency,
    hoa: User,
    thu: User,
    hanh: User,
) -> Round:
    """A round that takes figures today, opened to the four agencies of Minh Họa. What people were
    told of the opening is forgotten: tests look at what comes after it."""
    round_ = opened_round(minh_hoa, "MH-QUY", by=hanh)
    Notice.objects.all().delete()
    return round_


@pytest.fixture
def report(open_quarter: Round, so_cong_thuong: Agency) -> Submission:
    """The submission of Sở Công Thương, not started."""
    return report_of(open_quarter, so_cong_thuong)


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
