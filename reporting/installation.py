"""What an installation must say before people use it, told by Django's ``check --deploy``."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def check_portal_url(**_: object) -> list[CheckMessage]:
    """Warn where letters and papers of a portal behind HTTPS would lead to the reader's machine."""
    if settings.DEBUG or not settings.HTTPS or not _is_loopback(settings.PORTAL_URL):
        return []
    return [
        Warning(
            f"PORTAL_URL is {settings.PORTAL_URL}: links in letters and the codes on printed files"
            " lead nowhere but to the machine of whoever opens them, and what is on paper stays.",
            hint="Set PORTAL_URL to the address of the portal, e.g. https://thongke.example.vn.",
            id="reporting.W001",
        )
    ]


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or "localhost"
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
