"""Who is told: the people who hold a role at an agency on a day."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from reporting.models import Agency, Membership, User
from reporting.workflow import Role


def holders(
    agencies: Collection[int], roles: Collection[Role], day: date
) -> Mapping[int, Sequence[User]]:
    """Return for each agency who holds one of ``roles`` there on ``day``, deputies included; who
    holds it at the nearest body above only where nobody does at the agency itself. Two queries."""
    lines = {
        line[0]: line
        for line in Agency.objects.filter(pk__in=agencies).values_list(
            "pk", "parent", "parent__parent"
        )
    }
    held: dict[int, dict[int, User]] = defaultdict(dict)
    for membership in Membership.objects.filter(
        Membership.holds_on(day),
        role__in=roles,
        agency__in={at for line in lines.values() for at in line if at},
        user__is_active=True,
    ).select_related("user"):
        held[membership.agency_id][membership.user_id] = membership.user
    return {
        agency: list(next((held[at] for at in line if at in held), {}).values())
        for agency, line in lines.items()
    }
