"""Form versions read as frozen definitions."""

from functools import lru_cache

from indicators import formulas
from indicators.definition import FormDefinition, RowDefinition, options
from indicators.kinds import AcrossAgencies, AcrossPeriods, Emphasis, Kind, Status
from indicators.models import FormVersion, Row


def form_definition(version: FormVersion) -> FormDefinition:
    """Return ``version`` with its rows; a published one is read from the database once a process.

    Costs two queries for a draft and for the first reading of a published version, none after.
    """
    if version.status == Status.DRAFT:
        return _read(version.pk)
    return _read_published(version.pk)


def _read(version_id: int) -> FormDefinition:
    version = FormVersion.objects.select_related("form").get(pk=version_id)
    places: dict[int, tuple[str, int, str]] = {}
    rows = []
    for row in version.rows.select_related("indicator").order_by("position"):
        parent, depth, section = "", 0, row.key
        if row.parent_id is not None:
            parent, parent_depth, section = places[row.parent_id]
            depth = parent_depth + 1
        places[row.pk] = (row.key, depth, section)
        rows.append(_row_definition(row, parent=parent, depth=depth, section=section))
    return FormDefinition(
        id=version.pk,
        code=version.code,
        form=version.form.code,
        form_name=version.form.name,
        edition=version.edition,
        title=version.title,
        appendix_label=version.appendix_label,
        legal_line=version.legal_line,
        label_heading=version.label_heading,
        last_heading=version.last_heading,
        content_hash=version.content_hash,
        rows=tuple(rows),
    )


def _row_definition(row: Row, *, parent: str, depth: int, section: str) -> RowDefinition:
    return RowDefinition(
        id=row.pk,
        position=row.position,
        key=row.key,
        stt=row.stt,
        label=row.label,
        unit=row.unit,
        who_reports=row.who_reports,
        parent=parent,
        depth=depth,
        section=section,
        kind=Kind(row.kind),
        options=options(row.choices),
        indicator=row.indicator.code if row.indicator else "",
        formula=formulas.parse(row.formula) if row.formula else None,
        across_agencies=AcrossAgencies(row.across_agencies),
        across_periods=AcrossPeriods(row.across_periods),
        reporter=row.reporter,
        vertical=row.vertical,
        emphasis=Emphasis(row.emphasis),
    )


# What is published never changes, so that it needs to be read once.
_read_published = lru_cache(maxsize=64)(_read)
