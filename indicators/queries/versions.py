"""Which version of a form is in force, and which there are."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from django.db.models import F, Q

from indicators.catalogue.written import VersionSheet
from indicators.kinds import Status
from indicators.models import Form, FormVersion
from indicators.queries.definitions import written

SHOWN_TO_ALL = (Status.PUBLISHED.value, Status.RETIRED.value)


def in_force(on: date) -> Mapping[int, FormVersion]:
    """Return, by form, the version that is filled in ``on`` that day: of those published whose days
    include it, the one that came into force last. One query."""
    dated = (
        FormVersion.objects.filter(status__in=SHOWN_TO_ALL, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .filter(Q(retired_on=None) | Q(retired_on__gte=on))
        .select_related("form")
        .order_by("form__code", "-valid_from", F("published_at").desc(nulls_last=True))
    )
    found: dict[int, FormVersion] = {}
    for version in dated:
        found.setdefault(version.form_id, version)
    return found


def earlier_sheets(form: Form | None) -> Sequence[VersionSheet]:
    """Return what a new draft of ``form`` is compared with: its own published versions first, the
    newest before the older, then those of other forms. One query, and what was not read before."""
    versions = FormVersion.objects.filter(status__in=SHOWN_TO_ALL).order_by("-valid_from", "code")
    own = form.pk if form else None
    return [
        _written_once(version.pk, version.content_hash)
        for version in sorted(versions, key=lambda version: version.form_id != own)
    ]


@lru_cache(maxsize=64)
def _written_once(version_id: int, content_hash: str) -> VersionSheet:  # noqa: ARG001
    """The hash is part of the call, so that a version completed later is read anew."""
    return written(FormVersion.objects.select_related("form").get(pk=version_id))
