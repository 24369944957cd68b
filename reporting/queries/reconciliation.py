"""The differences between a province's figures, and what was said of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.models import Round, Settlement
from reporting.queries.province import gathered, rounds_within
from reporting.reconciling import Difference, differences


@dataclass(frozen=True, slots=True)
class Weighed:
    """One difference with the last that was said of it; None where nothing stands."""

    difference: Difference
    said: Settlement | None

    @property
    def is_settled(self) -> bool:
        return self.said is not None and self.said.found == self.difference.found

    @property
    def is_stale(self) -> bool:
        """What was said, was said of other figures."""
        return self.said is not None and not self.is_settled


def weighed(round_: Round, layout: FormVersion) -> Sequence[Weighed]:
    """Return the differences of a round in the rows of ``layout``, those still to be settled first.
    Six queries and the forms', however many rounds lie inside it."""
    now, *within = gathered([round_, *rounds_within(round_)])
    found = differences(form_definition(layout), now, within)
    said = {
        one.name: one
        for one in Settlement.objects.filter(round=round_).select_related("by").order_by("pk")
    }
    standing = {name: one for name, one in said.items() if one.text}
    every = [Weighed(one, standing.get(one.name)) for one in found]
    return sorted(every, key=lambda one: one.is_settled)
