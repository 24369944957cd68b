"""The office of a province that asks for reports and answers them."""

from datetime import date

from indicators.kinds import AgencyKind
from reporting.models import Agency

# The function by which forms name the Sở Nội vụ.
HOME_AFFAIRS = "noi_vu"


def home_affairs(province: Agency, day: date) -> Agency | None:
    """Return the Sở Nội vụ of ``province`` as it stands on ``day``; None where it is not among the
    agencies. One query."""
    found = Agency.objects.filter(
        Agency.standing_on(day),
        parent=province,
        kind=AgencyKind.DEPARTMENT.value,
        functions__contains=HOME_AFFAIRS,
    )
    return next((one for one in found if HOME_AFFAIRS in one.functions.split()), None)
