"""Form versions read from the store: in the catalogue's writing, and as frozen definitions."""

from functools import lru_cache

from indicators.catalogue.documents import definition, from_record
from indicators.catalogue.written import Document, VersionHead, VersionSheet
from indicators.definition import FormDefinition
from indicators.kinds import Status
from indicators.models import FormVersion
from indicators.resources import RowResource, RuleResource


def form_definition(version: FormVersion) -> FormDefinition:
    """Return ``version`` with its rows; a published one is read from the database once a process.

    Costs four queries for the first reading of a published version, none after; a draft, which
    carries its rows itself, none.
    """
    if version.status in {Status.DRAFT, Status.DISCARDED}:
        return definition(head_of(version), from_record(version.draft), version_id=version.pk)
    return _read_published(version.pk, version.content_hash)


def head_of(version: FormVersion) -> VersionHead:
    """Return what is said of ``version`` beside its rows."""
    return VersionHead(
        form=version.form.code,
        form_name=version.form.name,
        **{
            name: getattr(version, name)
            for name in VersionHead.__dataclass_fields__
            if name not in {"form", "form_name"}
        },
    )


def document_of(version: FormVersion) -> Document:
    """Return what a stored version holds, published or draft, in the catalogue's writing."""
    if version.status in {Status.DRAFT, Status.DISCARDED}:
        return from_record(version.draft)
    return Document(
        list(RowResource(version).export().dict), list(RuleResource(version).export().dict)
    )


def written(version: FormVersion) -> VersionSheet:
    """Return a stored version, published or draft, with its head."""
    document = document_of(version)
    return VersionSheet(head_of(version), document.rows, document.rules)


@lru_cache(maxsize=64)
def _read_published(version_id: int, content_hash: str) -> FormDefinition:
    """What is published under one hash never changes, so that it needs to be read once."""
    version = FormVersion.objects.select_related("form").get(pk=version_id)
    return definition(
        head_of(version),
        document_of(version),
        version_id=version_id,
        row_ids=dict(version.rows.values_list("key", "pk")),
        content_hash=content_hash,
    )
