"""What the tests of the catalogue's acts do again and again."""

from dataclasses import replace
from datetime import date

from indicators.actions.drafts import begin_draft
from indicators.actions.versions import load_indicators, publish
from indicators.catalogue.written import Document
from indicators.models import (
    Form,
    FormVersion,
    Function,
    Indicator,
    IndicatorLink,
    Row,
    Rule,
    Upload,
    VersionEvent,
)
from reporting.models import User
from tests.indicators.sheets import HEAD, document, indicator_lines

TABLES = (
    Function,
    Indicator,
    IndicatorLink,
    Form,
    FormVersion,
    Row,
    Rule,
    VersionEvent,
    Upload,
)


def everything() -> list[object]:
    """Return the whole catalogue as values, to see that nothing has changed."""
    return [
        [
            {
                name: bytes(value) if isinstance(value, memoryview) else value
                for name, value in line.items()
            }
            for line in model._default_manager.order_by("pk").values()
        ]
        for model in TABLES
    ]


def begun(by: User, found: Document | None = None, **changes: str | date) -> FormVersion:
    """Begin a draft of the small form, with ``changes`` to its head."""
    load_indicators(indicator_lines())
    head = replace(HEAD, **changes)  # type: ignore[arg-type]
    return begin_draft(head=head, document=found or document(), by=by)


def published(by: User, found: Document | None = None, **changes: str | date) -> FormVersion:
    """Publish the small form, with ``changes`` to its head."""
    return publish(version=begun(by, found, **changes), revision=0, note="Công văn 1", by=by)


def stored(version: FormVersion) -> FormVersion:
    """Return the version as the database has it."""
    return FormVersion.objects.select_related("form").get(pk=version.pk)
