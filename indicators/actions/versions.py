"""The acts on form versions: publish and retire one; load whole ones from folders."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import tablib
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from indicators.actions.drafts import locked_draft
from indicators.actions.record import CatalogueRefused, first, remember
from indicators.catalogue.comparison import differences
from indicators.catalogue.documents import from_record
from indicators.catalogue.lint import what_is_wrong
from indicators.catalogue.problems import in_words, problems
from indicators.catalogue.written import (
    FUNCTION_COLUMNS,
    INDICATOR_COLUMNS,
    LINK_COLUMNS,
    ROW_COLUMNS,
    RULE_COLUMNS,
    SCHEME,
    Document,
    Line,
    VersionHead,
    VersionSheet,
)
from indicators.kinds import Act, Severity, Status
from indicators.models import Form, FormVersion, Function, IndicatorEvent, Row
from indicators.queries.definitions import written
from indicators.queries.known import known
from indicators.queries.versions import SHOWN_TO_ALL
from indicators.resources import (
    FunctionResource,
    IndicatorResource,
    LinkResource,
    NewIndicatorResource,
    RowResource,
    RuleResource,
)

# What may be filled in where a version was published before the catalogue asked for it, by the
# scheme it was sealed under; its rules as well, where it has none.
_FILLED_LATER = {1: frozenset({"asked", "reporter"}), 2: frozenset[str]()}


@transaction.atomic
def publish(
    *,
    version: FormVersion,
    revision: int,
    note: str,
    by: AbstractBaseUser | None,
    via: str = "page",
) -> FormVersion:
    """Check a draft, make its new indicators and its rows, and freeze it under its hash.

    Raises CatalogueRefused if the draft has changed since ``revision``, has errors, or no note
    says why it is published; then nothing is changed.
    """
    current = locked_draft(version, revision)
    if not note.strip():
        raise CatalogueRefused(
            "Cần ghi chú khi công bố: văn bản ban hành, điều gì thay đổi, và giải thích các cảnh"
            " báo còn lại nếu có."
        )
    around = known()
    document = _without(around.indicators, from_record(current.draft))
    found = what_is_wrong(document, around)
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    if errors:
        raise CatalogueRefused(
            f"Chưa công bố được: còn {len(errors)} lỗi. {first(in_words(errors, document))}."
        )
    accepted = [problem for problem in found if problem.severity is Severity.WARNING]
    _freeze(current, document)
    remember(
        current,
        Act.PUBLISH,
        by=by,
        via=via,
        note=note.strip(),
        changes=[f"cảnh báo đã chấp nhận: {words}" for words in in_words(accepted, document)],
    )
    return current


@transaction.atomic
def retire(
    *,
    version: FormVersion,
    last_day: date,
    note: str,
    by: AbstractBaseUser | None,
    via: str = "page",
) -> FormVersion:
    """Take a published version out of use after ``last_day``; what was filed under it stays.

    Raises CatalogueRefused if it is not published, the day lies before its first, or no note says
    why.
    """
    current = FormVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if current.status != Status.PUBLISHED:
        raise CatalogueRefused(
            f"{current.code} ở trạng thái «{Status(current.status).label}»; chỉ phiên bản đã công"
            " bố mới cho hết hiệu lực."
        )
    # The day before the first says that it is never in force: how a mistaken one is withdrawn.
    if last_day < current.valid_from - timedelta(days=1):
        raise CatalogueRefused(
            f"Ngày cuối {last_day:%d/%m/%Y} ở trước ngày có hiệu lực {current.valid_from:%d/%m/%Y}."
        )
    if not note.strip():
        raise CatalogueRefused("Cần ghi lý do: văn bản nào thay thế hoặc bãi bỏ biểu này.")
    current.status, current.retired_on = Status.RETIRED.value, last_day
    current.save(update_fields=["status", "retired_on"])
    remember(
        current,
        Act.RETIRE,
        by=by,
        via=via,
        note=note.strip(),
        changes=[f"dùng đến hết ngày {last_day:%d/%m/%Y}"],
    )
    return current


def _without(known_codes: Collection[str], document: Document) -> Document:
    """Leave out the new indicators that another form has brought into the catalogue meanwhile:
    the rows use those, and whether they are of the same kind is checked."""
    new = [line for line in document.indicators if line["code"] not in known_codes]
    return replace(document, indicators=new)


def _freeze(version: FormVersion, document: Document) -> None:
    """Turn what a draft has written into rows and rules, and seal it."""
    _import(NewIndicatorResource(), INDICATOR_COLUMNS, document.indicators, "Chỉ tiêu mới")
    _import(RowResource(version), ROW_COLUMNS, document.rows, f"{version.code}/rows.csv")
    _import(RuleResource(version), RULE_COLUMNS, document.rules, f"{version.code}/rules.csv")
    version.draft = None
    version.scheme = SCHEME
    version.status = Status.PUBLISHED.value
    version.content_hash = written(version).content_hash()
    version.published_at = timezone.now()
    version.revision += 1
    version.save()


# Loading from folders


@transaction.atomic
def load_functions(rows: Sequence[Line]) -> int:
    """Add the functions whose codes are new; return how many. Raises CatalogueRefused.

    One that is there is left as it is: an administrator may have named it otherwise.
    """
    there = set(Function.objects.values_list("code", flat=True))
    ours = [row for row in rows if row["code"] not in there]
    return _changed(_import(FunctionResource(), FUNCTION_COLUMNS, ours, "functions.csv"))


@transaction.atomic
def load_indicators(rows: Sequence[Line]) -> int:
    """Add and update indicators by code; return how many changed. Raises CatalogueRefused.

    What a person has described on the page is left as it is: the folder came before.
    """
    _require_same_kinds(rows)
    described = _described()
    ours = [row for row in rows if row["code"] not in described]
    return _changed(_import(IndicatorResource(), INDICATOR_COLUMNS, ours, "indicators.csv"))


@transaction.atomic
def load_links(rows: Sequence[Line]) -> int:
    """Add and update what came out of which indicator; return how many changed. A person's links
    are left as they are, those that were cut included."""
    described = _described()
    ours = [row for row in rows if described.isdisjoint({row["older"], row["newer"]})]
    return _changed(_import(LinkResource(), LINK_COLUMNS, ours, "links.csv"))


def _described() -> set[str]:
    """Return the indicators that somebody has described or linked on their page."""
    return set(IndicatorEvent.objects.values_list("indicator__code", flat=True))


@transaction.atomic
def load_version(sheet: VersionSheet) -> bool:
    """Bring a form version into the catalogue as a published one; False if it is there already.

    Raises CatalogueRefused if the sheet has problems, differs from what is published, or its code
    is that of a draft: a person's work is not loaded over.
    """
    head = sheet.head
    version = FormVersion.objects.select_for_update(no_key=True).filter(code=head.code).first()
    if version is not None and version.status in SHOWN_TO_ALL:
        _require_unchanged(version, sheet)
        return False
    if version is not None:
        raise CatalogueRefused(_taken(version))
    document = _usable(sheet)
    version = _write_head(head)
    _freeze(version, document)
    remember(version, Act.PUBLISH, by=None, via="folder", note=head.note)
    return True


def _taken(version: FormVersion) -> str:
    """Say why a draft's code keeps a folder out, and what to do."""
    if version.status == Status.DISCARDED:
        return f"{version.code} là mã của một bản thảo đã bỏ; hãy lấy mã khác."
    return (
        f"{version.code} là mã của một bản thảo đang soạn trên trang Danh mục. Hãy bỏ bản thảo ấy"
        " (nội dung và nhật ký vẫn được giữ) rồi nạp lại, hoặc lấy mã khác cho thư mục."
    )


def _usable(sheet: VersionSheet) -> Document:
    document = Document(sheet.rows, sheet.rules)
    if found := in_words(problems(document, known()), document):
        raise CatalogueRefused(f"{sheet.head.code} có {len(found)} lỗi: {first(found)}.")
    return document


def _require_same_kinds(rows: Sequence[Line]) -> None:
    """What an indicator of a published form measures stays what it is: figures hang on it."""
    kinds = dict(
        Row.objects.exclude(indicator=None).values_list("indicator__code", "indicator__kind")
    )
    found = [
        f"{row['code']}: «{kinds[row['code']]}» → «{row['kind']}»"
        for row in rows
        if kinds.get(row["code"], row["kind"]) != row["kind"]
    ]
    if found:
        raise CatalogueRefused(
            f"Không đổi được loại số liệu của chỉ tiêu mà biểu đã công bố dùng: {first(found)}."
            " Hãy lập chỉ tiêu mới với mã khác."
        )


def _require_unchanged(version: FormVersion, sheet: VersionSheet) -> None:
    """Raise unless the sheet, the store and the hash of what was published agree."""
    stored = written(version)
    if stored.content_hash(version.scheme) != version.content_hash:
        raise CatalogueRefused(
            f"Nội dung của {version.code} trong cơ sở dữ liệu không còn khớp mã băm khi công bố:"
            " đã có ai sửa ngoài hệ thống. Hãy khôi phục từ bản sao lưu."
        )
    if version.scheme < SCHEME and _only_fills_in(stored, sheet, version.scheme):
        _fill_in(version, sheet)
        return
    if sheet.content_hash() == stored.content_hash():
        return
    found = list(differences(stored, sheet))
    raise CatalogueRefused(
        f"{version.code} đã công bố ngày {timezone.localtime(version.published_at):%d/%m/%Y} nên"
        f" không sửa được; tệp khác bản đã công bố ở {len(found)} chỗ: {first(found)}."
        " Muốn thay đổi, hãy lập phiên bản mới với mã khác."
    )


def _only_fills_in(stored: VersionSheet, sheet: VersionSheet, scheme: int) -> bool:
    """Say whether ``sheet`` differs from what was published before a column existed only by
    filling in what was left empty."""
    head = replace(sheet.head, form_name=stored.head.form_name)  # no part of what is sealed
    if stored.head != head or stored.rules or len(stored.rows) != len(sheet.rows):
        return False
    return all(
        before[column] == after[column]
        or (column in _FILLED_LATER[scheme] and not before[column] and bool(after[column]))
        for before, after in zip(stored.rows, sheet.rows, strict=True)
        for column in ROW_COLUMNS
    )


def _fill_in(version: FormVersion, sheet: VersionSheet) -> None:
    """Complete a version that was published before a column existed, and seal it anew."""
    _usable(sheet)
    rows = {row.key: row for row in version.rows.all()}
    filled = sorted(_FILLED_LATER[version.scheme])
    for line in sheet.rows:
        for column in filled:
            setattr(rows[line["key"]], column, line[column])
    if filled:
        Row.objects.bulk_update(rows.values(), filled)
    _import(RuleResource(version), RULE_COLUMNS, sheet.rules, f"{version.code}/rules.csv")
    before, version.scheme = version.content_hash, SCHEME
    version.content_hash = written(version).content_hash()
    version.save(update_fields=["scheme", "content_hash"])
    remember(
        version,
        Act.COMPLETE,
        by=None,
        via="folder",
        changes=[f"mã băm: {before} → {version.content_hash}"],
    )


def _write_head(head: VersionHead) -> FormVersion:
    form, _ = Form.objects.update_or_create(code=head.form, defaults={"name": head.form_name})
    version = FormVersion(code=head.code, form=form)
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
    found = [str(error.error) for error in result.base_errors]
    found += [
        f"dòng {number}: {error.error}"
        for number, errors in result.row_errors()
        for error in errors
    ]
    found += [
        f"dòng {row.number}, {column}: {' '.join(said)}"
        for row in result.invalid_rows
        for column, said in row.error.message_dict.items()
    ]
    if found:
        raise CatalogueRefused(f"{name} có {len(found)} lỗi: {first(found)}.")
    return result


def _changed(result: Any) -> int:
    return int(result.totals["new"] + result.totals["update"])
