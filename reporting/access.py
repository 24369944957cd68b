"""The only door to a protected object: what a person may not see answers 404, like the unknown."""

from collections.abc import Collection, Mapping

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404

from reporting.models import Agency, Evidence, Round, Submission, User
from reporting.queries.submissions import Earlier, earlier_submissions
from reporting.workflow import READERS, ROUND_READERS, Role

Person = User | AnonymousUser

FILLS_IN = frozenset({Role.CLERK, Role.HEAD})


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
    line = {agency.pk, agency.parent_id}
    if agency.parent is not None:
        line.add(agency.parent.parent_id)
    return frozenset(role for at, role in _held(user) if at in line)


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


def round_for(user: Person, code: str) -> Round:
    """Return the round if ``user`` may see the whole province; raise Http404 otherwise."""
    found = (
        Round.objects.select_related("province", "summary_version__form").filter(code=code).first()
    )
    if found is None or not may_read_round(user, found):
        raise Http404("Không có đợt báo cáo này, hoặc đợt không thuộc phạm vi của ông/bà.")
    return found
