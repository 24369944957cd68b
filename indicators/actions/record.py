"""The record of form versions: one line for each act, written with what it says."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from indicators.kinds import Act
from indicators.models import FormVersion, VersionEvent

SHOWN = 5


class CatalogueRefused(Exception):
    """The catalogue was not changed; ``str()`` is the sentence that says why."""


def remember(
    version: FormVersion,
    act: Act,
    *,
    by: AbstractBaseUser | None,
    via: str,
    note: str = "",
    changes: Sequence[str] = (),
) -> VersionEvent:
    """Write one line of the record, with the draft as it stands now."""
    return VersionEvent.objects.create(
        version=version,
        act=act.value,
        by=cast(Any, by),  # which model an account is of, the portal says
        at=timezone.now(),
        via=via,
        note=note,
        changes=list(changes),
        content=version.draft,
        revision=version.revision,
    )


def first(found: Sequence[str]) -> str:
    """Return the first few of ``found`` without their full stops, and how many more there are."""
    more = f"; và {len(found) - SHOWN} chỗ nữa" if len(found) > SHOWN else ""
    return "; ".join(words.removesuffix(".") for words in found[:SHOWN]) + more
