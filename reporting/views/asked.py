"""What the addresses of the tables over all agencies of a round ask for."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from indicators.kinds import AgencyKind
from indicators.words import clean
from reporting.calculations.contributions import Basis

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """The form whose rows are shown, which reports are read, and to what the table is narrowed;
    ``row`` is the one that is ranked, ``order`` the column that agencies are sorted by."""

    layout: str = ""
    basis: Basis = Basis.APPROVED
    kind: str = ""
    area: str = ""
    search: str = ""
    section: str = ""
    only_figures: str = ""
    row: str = ""
    order: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """Read the address; what it cannot mean is left out."""
        said = {part: clean(request.GET.get(name, ""))[:LONGEST] for name, part in _PARTS.items()}
        basis = said.pop("basis")
        if said["kind"] not in set(AgencyKind):
            said["kind"] = ""
        return cls(**said, basis=Basis(basis) if basis in set(Basis) else Basis.APPROVED)

    @property
    def query(self) -> str:
        """The same as an address."""
        said = {name: str(getattr(self, part)) for name, part in _PARTS.items()}
        if not self.is_provisional:
            said["so"] = ""
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def is_provisional(self) -> bool:
        return self.basis is not Basis.APPROVED

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.area or self.search or self.section or self.only_figures)

    @property
    def key(self) -> str:
        """The column that agencies are sorted by."""
        return self.order.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        return self.order.startswith("-")


# The parts of an address and what each asks for.
_PARTS = {
    "bieu": "layout",
    "so": "basis",
    "loai": "kind",
    "dia-ban": "area",
    "tim": "search",
    "phan": "section",
    "co-so": "only_figures",
    "dong": "row",
    "xep": "order",
}
