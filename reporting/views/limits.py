"""How often one address, or one person, may ask for what costs much or could be guessed at.

Counted in this process alone: where several serve the portal, each lets the same number through.
"""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from django.core.cache import cache
from django.http import HttpRequest

from reporting.views.requests import address_of

# One house has one of these, and any number of addresses in it.
_IPV6_HOUSE = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times within so many seconds, counted from the first."""

    name: str
    most: int
    seconds: int

    @property
    def minutes(self) -> int:
        return self.seconds // 60

    def is_reached(self, who: str) -> bool:
        found: int = cache.get(self._key(who), 0)
        return found >= self.most

    def count(self, who: str) -> None:
        key = self._key(who)
        if not cache.add(key, 1, self.seconds):
            try:
                cache.incr(key)
            except ValueError:  # it ran out between the two
                cache.set(key, 1, self.seconds)

    def _key(self, who: str) -> str:
        return f"limit:{self.name}:{who}"


def house(address: str) -> str:
    """Return who an address is counted as: all of one house are one."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _IPV6_HOUSE), strict=False).network_address)
    return str(found)


def house_of(request: HttpRequest) -> str:
    """Return who a request counts as coming from."""
    return house(address_of(request))
