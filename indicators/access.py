"""The door to the catalogue: what is published is for everyone signed in, drafts for managers.

Who manages the catalogue is the account's to say (``manages_catalogue``); this app knows no roles.
"""

from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from indicators.models import FormVersion
from indicators.queries.versions import SHOWN_TO_ALL


class Person(Protocol):
    """What this app asks of an account."""

    @property
    def manages_catalogue(self) -> bool: ...


class CatalogueRequest(HttpRequest):
    """A request of somebody signed in: its user is an account, which this app knows only as a
    ``Person``."""

    user: Any


def visible_versions(user: Person) -> QuerySet[FormVersion]:
    """Return the versions that ``user`` may look at."""
    versions = FormVersion.objects.select_related("form")
    return versions if user.manages_catalogue else versions.filter(status__in=SHOWN_TO_ALL)


def version_for(user: Person, code: str) -> FormVersion:
    """Return the version if ``user`` may look at it; raise Http404 otherwise."""
    found = visible_versions(user).filter(code=code).first()
    if found is None:
        raise Http404("Không có phiên bản biểu mẫu này, hoặc bản thảo chưa công bố.")
    return found


def managed_version(user: Person, code: str) -> FormVersion:
    """Return the version if ``user`` may change the catalogue; raise Http404 otherwise."""
    require_manager(user)
    return version_for(user, code)


def require_manager(user: Person) -> None:
    """Raise Http404 unless ``user`` manages the catalogue."""
    if not user.manages_catalogue:
        raise Http404("Không có trang này, hoặc trang chỉ dành cho quản trị danh mục.")
