"""What the checks of one form need to know of the rest of the catalogue."""

from indicators.catalogue.written import Known
from indicators.models import Function, Indicator


def known() -> Known:
    """Return the indicators with their kinds and the functions with their names. Two queries."""
    return Known(
        indicators=dict(Indicator.objects.values_list("code", "kind")),
        functions=dict(Function.objects.values_list("code", "name")),
    )
