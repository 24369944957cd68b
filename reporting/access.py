"""The only door to a protected object: what a person may not see answers 404, like the unknown."""

from collections.abc import Collection, Mapping
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from reporting.models import (
    Agency,
    AgencyKind,
    Book,
    Evidence,
    Mail,
    Membership,
    Notice,
    Round,
    Submission,
    User,
)
from reporting.queries.record import Reads
from reporting.queries.submissions import Earlier, earlier_submissions
from reporting.workflow import READERS, ROUND_READERS, Role

Person = User | AnonymousUser

FILLS_IN = frozenset({Role.CLERK, Role.HEAD})
# A reviewer gives these; the other roles of a province are passed on by who holds them.
GIVEN_BY_REVIEWERS = frozenset({Role.CLERK, Role.HEAD, Role.VIEWER})
# These keep the list of a province's agencies.
KEEPERS = frozenset({Role.REVIEWER})


def _held(user: Person) -> Collection[tuple[int, Role]]:
    """Return the (agency id, role) pairs of ``user``; none for who is signed out or shut out."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return ()
    return user.roles_held


def holds_any(user: Person, roles: Collection[Role]) -> bool:
    """Say whether ``user`` holds one of ``roles`` anywhere."""
    return any(role in roles for _, role in _held(user))


def roles_at(user: Person, agency: Agency) -> frozenset[Role]:
    """Return the roles that ``user`` holds at ``agency`` or at a body above it.

    Costs a query only where ``agency`` was not fetched with its parent.
    """
    line = _line_of(agency)
    return frozenset(role for at, role in _held(user) if at in line)


def _line_of(agency: Agency) -> Collection[int | None]:
    """Return the ids of ``agency`` and of the bodies above it."""
    above = agency.parent
    return {agency.pk, agency.parent_id, above.parent_id if above else None}


def roles_on(user: Person, submission: Submission) -> frozenset[Role]:
    """Return the roles of ``user`` that bear on a submission, fetched with agency and round.

    Who fills in is looked up at the agency; who reads and judges, at the province that asked for
    the report: an agency that has moved since takes no old reports with it.
    """
    filling = roles_at(user, submission.agency) & FILLS_IN
    return filling | (roles_at(user, submission.round.province) & ROUND_READERS)


def covered_agencies(user: Person, roles: Collection[Role]) -> QuerySet[Agency]:
    """Return the agencies where ``user`` holds one of ``roles``, with all below them."""
    at = [agency for agency, role in _held(user) if role in roles]
    return Agency.objects.filter(Q(pk__in=at) | Q(parent__in=at) | Q(parent__parent__in=at))


def own_submissions(user: Person) -> QuerySet[Submission]:
    """Return the submissions that ``user`` fills in or signs."""
    return Submission.objects.filter(agency__in=covered_agencies(user, FILLS_IN))


def visible_rounds(user: Person) -> QuerySet[Round]:
    """Return the rounds whose whole province ``user`` may see."""
    return Round.objects.filter(province__in=covered_agencies(user, ROUND_READERS))


def may_read_round(user: Person, round_: Round) -> bool:
    return not ROUND_READERS.isdisjoint(roles_at(user, round_.province))


def earlier_for(user: Person, submission: Submission, found: Earlier | None = None) -> Earlier:
    """Return the reports of earlier rounds beside ``submission`` that ``user`` may see: an agency
    that has moved shows none of its old province's to those who read in the new one. ``found`` are
    all of them, where they have been looked up."""
    return Earlier(
        *(
            one if one and not READERS.isdisjoint(roles_on(user, one)) else None
            for one in found or earlier_submissions(submission)
        )
    )


def submission_for(user: Person, pk: int) -> Submission:
    """Return the submission if ``user`` may see it; raise Http404 otherwise."""
    found = (
        Submission.objects.select_related(
            "agency__parent", "round__province", "form_version__form", "state_by"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None or READERS.isdisjoint(roles_on(user, found)):
        raise Http404("Không có báo cáo này, hoặc báo cáo không thuộc phạm vi của ông/bà.")
    return found


def reports_of(round_: Round, wanted: Collection[int]) -> Mapping[int, Submission]:
    """Return by id the ``wanted`` submissions of a round that the person may see whole; raise
    Http404 where one of them is none of this round's."""
    found = round_.submissions.select_related("agency__parent", "form_version__form", "state_by")
    reports = found.in_bulk(list(wanted))
    if len(reports) < len(set(wanted)):
        raise Http404("Đợt này không có báo cáo ấy.")
    for report in reports.values():
        report.round = round_
    return reports


def evidence_for(user: Person, pk: int, file: int) -> Evidence:
    """Return a file of the submission ``pk`` if ``user`` may see that and the file has not been
    taken away; raise Http404 otherwise."""
    submission = submission_for(user, pk)
    found = Evidence.objects.filter(pk=file, submission=submission, removed_at=None).first()
    if found is None:
        raise Http404("Báo cáo này không có tệp ấy, hoặc tệp đã được gỡ.")
    found.submission = submission
    return found


def may_run_round(user: Person, round_: Round) -> bool:
    return Role.REVIEWER in roles_at(user, round_.province)


def run_round_for(user: Person, code: str) -> Round:
    """Return the round if ``user`` may run it: open, close, extend; raise Http404 otherwise."""
    found = round_for(user, code)
    if not may_run_round(user, found):
        raise Http404(_NO_ROUND)
    return found


def provinces_for(user: Person, roles: Collection[Role]) -> list[Agency]:
    """Return the provinces where ``user`` holds one of ``roles``, that of the newest round first;
    raise Http404 where there is none. What is entered from old papers makes no province newer."""
    newest = Max("rounds__data_to", filter=Q(rounds__is_archive=False))
    held = covered_agencies(user, roles).filter(kind=AgencyKind.PROVINCE.value)
    dated = held.annotate(newest=newest)
    found: list[Agency] = list(dated.order_by(F("newest").desc(nulls_last=True), "code"))
    if not found:
        raise Http404("Trang này dành cho Sở Nội vụ và người xem số liệu toàn tỉnh.")
    return found


def province_for(user: Person, code: str, roles: Collection[Role]) -> Agency:
    """Return the one of ``provinces_for`` with ``code``, without a code the first; raise Http404
    where there is none."""
    for province in provinces_for(user, roles):
        if code in {"", province.code}:
            return province
    raise Http404("Không có tỉnh này, hoặc tỉnh không thuộc phạm vi của ông/bà.")


def agency_for(user: Person, pk: int, roles: Collection[Role] = ROUND_READERS) -> Agency:
    """Return the agency if ``user`` holds one of ``roles`` there; raise Http404 otherwise."""
    found = Agency.objects.select_related("parent__parent").filter(pk=pk).first()
    if found is None or roles_at(user, found).isdisjoint(roles):
        raise Http404("Không có đơn vị này, hoặc đơn vị không thuộc phạm vi của ông/bà.")
    return found


def round_for(user: Person, code: str) -> Round:
    """Return the round if ``user`` may see the whole province; raise Http404 otherwise."""
    found = (
        Round.objects.select_related("province", "summary_version__form").filter(code=code).first()
    )
    if found is None or not may_read_round(user, found):
        raise Http404(_NO_ROUND)
    return found


def book_for(user: Person, code: str, pk: int) -> Book:
    """Return a book of the round if ``user`` may see that whole; raise Http404 otherwise."""
    round_ = round_for(user, code)
    found = Book.objects.select_related("form_version", "by").filter(pk=pk, round=round_).first()
    if found is None:
        raise Http404("Đợt này không có quyển phụ lục ấy.")
    found.round = round_
    return found


def may_cancel_book(user: Person, book: Book) -> bool:
    """Who asked for a book stops it, and whoever runs the round."""
    return user.pk == book.by_id or may_run_round(user, book.round)


_NO_ROUND = "Không có đợt báo cáo này, hoặc đợt không thuộc phạm vi của ông/bà."


def managed_agencies(user: Person) -> QuerySet[Agency]:
    """Return the agencies at which ``user`` gives roles and takes them back."""
    return covered_agencies(user, {Role.REVIEWER})


def roles_to_give(user: User, agency: Agency | None = None) -> frozenset[Role]:
    """Return the roles that ``user`` may give at ``agency``, and end there; without an agency those
    that they may give somewhere. A role of the whole province is passed on only by who holds it in
    their own right: a deputy makes no successors."""
    if user.is_superuser:
        return frozenset(Role if user.is_active else ())
    held = {role for _, role in _held(user)} if agency is None else roles_at(user, agency)
    if Role.REVIEWER not in held:
        return frozenset()
    line = None if agency is None else _line_of(agency)
    return GIVEN_BY_REVIEWERS | {role for at, role in user.own_roles if line is None or at in line}


def may_give(user: User, role: Role, agency: Agency) -> bool:
    """Say whether ``user`` may give ``role`` at ``agency``, and end it there."""
    return role in roles_to_give(user, agency)


def visible_people(user: Person) -> QuerySet[User]:
    """Return the people who hold, held or will hold a role where ``user`` gives roles."""
    at = managed_agencies(user)
    return User.objects.filter(pk__in=Membership.objects.filter(agency__in=at).values("user"))


def require_people_desk(user: Person) -> None:
    """Raise Http404 unless ``user`` looks after the people of a province."""
    if not holds_any(user, {Role.REVIEWER}):
        raise Http404("Trang này dành cho chuyên viên Sở Nội vụ.")


def person_for(user: Person, pk: int) -> User:
    """Return the person if ``user`` looks after them; raise Http404 otherwise."""
    found = visible_people(user).filter(pk=pk).first()
    if found is None:
        raise Http404("Không có người này, hoặc người này không thuộc phạm vi của ông/bà.")
    return found


def possible_deputies(user: User) -> QuerySet[User]:
    """Return the people whom ``user`` may let stand in for them: those who hold or held a role at
    an agency that ``user`` heads."""
    at = [agency for agency, role in user.own_roles if role is Role.HEAD]
    held = Membership.objects.filter(agency__in=at).values("user")
    return User.objects.filter(pk__in=held, is_active=True).exclude(pk=user.pk)


def notice_for(user: User, pk: int) -> Notice:
    """Return what ``user`` was told; raise Http404 for what anybody else was."""
    found = Notice.objects.filter(pk=pk, user=user).first()
    if found is None:
        raise Http404("Không có thông báo này, hoặc đây là thông báo của người khác.")
    return found


def still_theirs(day: date) -> Q:
    """The notices that tell their person of a round or a report that they may see on ``day``: one
    that tells of neither is theirs for ever. Who holds no role there any more gets no letter."""
    held = Membership.objects.filter(Membership.holds_on(day), user=OuterRef("user"))
    of_round = held.filter(
        Q(agency=OuterRef("round__province"))
        | Q(agency__parent=OuterRef("round__province"))
        | Q(agency__parent__parent=OuterRef("round__province"))
        | Q(agency__submissions__round=OuterRef("round"))
    )
    of_report = held.filter(
        Q(agency=OuterRef("round__province"))
        | Q(agency=OuterRef("submission__agency"))
        | Q(agency=OuterRef("submission__agency__parent"))
        | Q(agency=OuterRef("submission__agency__parent__parent"))
    )
    return Q(round=None) | (Q(submission=None) & Exists(of_round)) | Exists(of_report)


def visible_mails(user: User) -> QuerySet[Mail]:
    """Return the letters that ``user`` may look after: an operator all, a reviewer those to people
    of the province as it is staffed today, which tell of no other province's round; raise Http404
    for everybody else."""
    if is_operator(user):
        return Mail.objects.all()
    if not holds_any(user, {Role.REVIEWER}):
        raise Http404("Không có trang này.")
    covered = covered_agencies(user, {Role.REVIEWER})
    staff = Membership.objects.filter(Membership.holds_on(timezone.localdate()), agency__in=covered)
    elsewhere = Notice.objects.filter(mail=OuterRef("pk"), round__isnull=False).exclude(
        round__province__in=covered
    )
    return Mail.objects.filter(~Exists(elsewhere), user__in=staff.values("user"))


def mail_for(user: User, pk: int) -> Mail:
    """Return the letter if ``user`` may look after it; raise Http404 otherwise."""
    found = visible_mails(user).filter(pk=pk).first()
    if found is None:
        raise Http404("Không có thư này, hoặc thư không thuộc phạm vi của ông/bà.")
    return found


def is_operator(user: Person) -> bool:
    """Say whether ``user`` runs the portal."""
    return user.is_active and user.is_staff


def require_operator(user: Person) -> None:
    """Raise Http404 unless ``user`` runs the portal."""
    if not is_operator(user):
        raise Http404("Không có trang này.")


def journal_reads(user: Person) -> Reads:
    """Return what of the record ``user`` reads: who reads rounds, all of their provinces; who
    judges or manages forms, the catalogue's; an operator, the portal's own."""
    held = _held(user)
    return Reads(
        provinces=frozenset(at for at, role in held if role in ROUND_READERS),
        is_operator=user.is_active and user.is_staff,
        catalogue=any(role in {Role.REVIEWER, Role.MANAGER} for _, role in held),
    )


def journal_for(user: Person) -> Reads:
    """Return what of the record ``user`` reads; raise Http404 where that is nothing."""
    reads = journal_reads(user)
    if not reads:
        raise Http404("Không có trang này, hoặc trang không thuộc phạm vi của ông/bà.")
    return reads
