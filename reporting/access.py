"""The only door to a protected object: what a person may not see answers 404, like the unknown."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404

from reporting.models import Agency, Membership, Round, Submission, User
from reporting.workflow import READERS, ROUND_READERS, Role

Person = User | AnonymousUser


def roles_at(user: Person, agency: Agency) -> frozenset[Role]:
    """Return the roles that ``user`` holds at ``agency`` or at a body above it. One query,
    when ``agency`` was fetched with its parent."""
    if not (user.is_authenticated and user.is_active):
        return frozenset()
    line = [agency.pk, agency.parent_id]
    if agency.parent is not None:
        line.append(agency.parent.parent_id)
    held = Membership.objects.filter(
        user=user, agency__in=[pk for pk in line if pk is not None]
    ).values_list("role", flat=True)
    return frozenset(Role(role) for role in held)


def covered_agencies(user: Person, roles: Collection[Role]) -> QuerySet[Agency]:
    """Return the agencies where ``user`` holds one of ``roles``, with all below them."""
    if not (user.is_authenticated and user.is_active):
        return Agency.objects.none()
    held = Membership.objects.filter(user=user, role__in=list(roles)).values("agency")
    return Agency.objects.filter(Q(pk__in=held) | Q(parent__in=held) | Q(parent__parent__in=held))


def visible_submissions(user: Person) -> QuerySet[Submission]:
    return Submission.objects.filter(agency__in=covered_agencies(user, READERS))


def own_submissions(user: Person) -> QuerySet[Submission]:
    """Return the submissions that ``user`` fills in or signs."""
    return Submission.objects.filter(agency__in=covered_agencies(user, {Role.CLERK, Role.HEAD}))


def visible_rounds(user: Person) -> QuerySet[Round]:
    """Return the rounds whose whole province ``user`` may see."""
    return Round.objects.filter(province__in=covered_agencies(user, ROUND_READERS))


def submission_for(user: Person, pk: int) -> Submission:
    """Return the submission if ``user`` may see it; raise Http404 otherwise."""
    found = (
        visible_submissions(user)
        .select_related("agency__parent", "round__province", "form_version", "state_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("Không có báo cáo này, hoặc báo cáo không thuộc phạm vi của ông/bà.")
    return found


def round_for(user: Person, code: str) -> Round:
    """Return the round if ``user`` may see the whole province; raise Http404 otherwise."""
    found = (
        visible_rounds(user).select_related("province", "summary_version").filter(code=code).first()
    )
    if found is None:
        raise Http404("Không có đợt báo cáo này, hoặc đợt không thuộc phạm vi của ông/bà.")
    return found
