"""The acts on the catalogue: load and publish form versions."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from indicators.catalogue import (
    INDICATOR_COLUMNS,
    ROW_COLUMNS,
    VersionHead,
    VersionSheet,
    differences,
    problems,
)
from indicators.kinds import Status
from indicators.models import Form, FormVersion, Indicator, Row
from indicators.resources import IndicatorResource, RowResource

SHOWN = 5


class CatalogueRefused(Exception):
    """The catalogue was not changed; ``str()`` is the sentence that says why."""


@transaction.atomic
def load_indicators(rows: Sequence[Mapping[str, str]]) -> int:
    """Add and update indicators by code; return how many changed. Raises CatalogueRefused."""
    _require_same_kinds(rows)
    result = _import(IndicatorResource(), INDICATOR_COLUMNS, rows, "indicators.csv")
    return int(result.totals["new"] + result.totals["update"])


@transaction.atomic
def load_version(sheet: VersionSheet) -> bool:
    """Bring a form version into the catalogue as a published one; False if it is there already.

    Raises CatalogueRefused if the sheet has problems, or differs from what is published.
    """
    head = sheet.head
    version = FormVersion.objects.filter(code=head.code).select_related("form").first()
    if version is not None and version.status != Status.DRAFT:
        _require_unchanged(version, sheet)
        return False
    found = list(problems(sheet, dict(Indicator.objects.values_list("code", "kind"))))
    if found:
        raise CatalogueRefused(f"{head.code} có {len(found)} lỗi: {_first(found)}")
    version = _write_head(version, head)
    version.rows.all().delete()
    _import(RowResource(version), ROW_COLUMNS, sheet.rows, f"{head.code}/rows.csv")
    publish(version=version)
    return True


def publish(*, version: FormVersion) -> None:
    """Freeze a draft under the hash of its content."""
    version.content_hash = written(version).content_hash
    version.status = Status.PUBLISHED.value
    version.published_at = timezone.now()
    version.save(update_fields=["content_hash", "status", "published_at"])


def written(version: FormVersion) -> VersionSheet:
    """Return a stored version in the catalogue's writing."""
    head = VersionHead(
        form=version.form.code,
        form_name=version.form.name,
        **{
            name: getattr(version, name)
            for name in VersionHead.__dataclass_fields__
            if name not in {"form", "form_name"}
        },
    )
    return VersionSheet(head, list(RowResource(version).export().dict))


def _require_same_kinds(rows: Sequence[Mapping[str, str]]) -> None:
    """What an indicator of a published form measures stays what it is: figures hang on it."""
    kinds = dict(
        Row.objects.exclude(version__status=Status.DRAFT.value)
        .exclude(indicator=None)
        .values_list("indicator__code", "indicator__kind")
    )
    found = [
        f"{row['code']}: «{kinds[row['code']]}» → «{row['kind']}»"
        for row in rows
        if kinds.get(row["code"], row["kind"]) != row["kind"]
    ]
    if found:
        raise CatalogueRefused(
            f"Không đổi được loại số liệu của chỉ tiêu mà biểu đã công bố dùng: {_first(found)}."
            " Hãy lập chỉ tiêu mới với mã khác."
        )


def _require_unchanged(version: FormVersion, sheet: VersionSheet) -> None:
    """Raise unless the sheet, the store and the hash of what was published agree."""
    if written(version).content_hash != version.content_hash:
        raise CatalogueRefused(
            f"Nội dung của {version.code} trong cơ sở dữ liệu không còn khớp mã băm khi công bố:"
            " đã có ai sửa ngoài hệ thống. Hãy khôi phục từ bản sao lưu."
        )
    if sheet.content_hash == version.content_hash:
        return
    found = list(differences(written(version), sheet))
    raise CatalogueRefused(
        f"{version.code} đã công bố ngày {timezone.localtime(version.published_at):%d/%m/%Y} nên"
        f" không sửa được; tệp khác bản đã công bố ở {len(found)} chỗ: {_first(found)}."
        " Muốn thay đổi, hãy lập phiên bản mới với mã khác."
    )


def _write_head(version: FormVersion | None, head: VersionHead) -> FormVersion:
    form, _ = Form.objects.update_or_create(code=head.form, defaults={"name": head.form_name})
    version = version or FormVersion(code=head.code)
    version.form = form
    for name in VersionHead.__dataclass_fields__:
        if name not in {"form", "form_name"}:
            setattr(version, name, getattr(head, name))
    _require_fitting(version, head.code)
    version.save()
    return version


def _require_fitting(version: FormVersion, code: str) -> None:
    """Refuse what a column cannot hold: SQLite would keep any length."""
    try:
        version.form.clean_fields()
        version.clean_fields(exclude=["form"])
    except ValidationError as error:
        found = "; ".join(f"{name}: {' '.join(said)}" for name, said in error.message_dict.items())
        raise CatalogueRefused(f"{code}/version.toml: {found}") from error


def _import(
    resource: Any, columns: Sequence[str], rows: Iterable[Mapping[str, str]], name: str
) -> Any:
    """Run an import and turn everything it found wrong into one refusal."""
    dataset = tablib.Dataset(*([row[column] for column in columns] for row in rows))
    dataset.headers = list(columns)
    result = resource.import_data(dataset)
    found = [
        f"dòng {number}: {error.error}"
        for number, errors in result.row_errors()
        for error in errors
    ]
    found += [f"dòng {row.number}: {row.error_dict}" for row in result.invalid_rows]
    if found:
        raise CatalogueRefused(f"{name} có {len(found)} lỗi: {_first(found)}")
    return result


def _first(found: Sequence[str]) -> str:
    more = f"; và {len(found) - SHOWN} chỗ nữa" if len(found) > SHOWN else ""
    return "; ".join(islice(found, SHOWN)) + more
