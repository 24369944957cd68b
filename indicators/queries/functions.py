"""What papers call the functions that they name agencies by."""

from collections.abc import Mapping

from indicators.models import Function


def called() -> Mapping[str, str]:
    """Return the first name that papers use for each function, "Sở Nội vụ" for ``noi_vu``; its own
    name where they use none. One query."""
    found = Function.objects.values_list("code", "name", "called")
    return {code: names.split("|")[0] or name for code, name, names in found}
