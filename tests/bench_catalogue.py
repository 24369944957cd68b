"""The catalogue's part of the budgets: reading a file with its preview, publishing, searching."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from time import process_time
from urllib.parse import quote_plus

import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget

from indicators.actions.drafts import begin_draft
from indicators.actions.versions import publish
from indicators.catalogue.spelling import search_text
from indicators.catalogue.workbooks import write_workbook
from indicators.catalogue.written import ROW_COLUMNS, Document, VersionSheet
from indicators.models import FormVersion, Indicator, Row
from indicators.queries.definitions import written
from indicators.queries.known import known
from reporting.models import AgencyKind, User
from reporting.workflow import Role
from tests import cast
from tests.bench_forms import large_form
from tests.budgets import Budget, milliseconds

ROWS = 250
SEARCHED = 10_000
_names = count(1)


def catalogue() -> list[Budget]:
    """Measure with a form of 250 rows."""
    province = cast.agency("D", "Tỉnh Danh Mục", AgencyKind.PROVINCE)
    manager = cast.person("danhmuc", "Đỗ Thị Mai", (Role.MANAGER, province))
    sheet = written(large_form(ROWS))
    return [*uploading(sheet, manager), *publishing(sheet, manager), *searching(sheet, manager)]


class BareRows(ModelResource):
    """The rows of one version without anything of our own."""

    indicator = Field("indicator", "indicator", ForeignKeyWidget(Indicator, field="code"))
    parent = Field("parent", "parent", ForeignKeyWidget(Row, field="key"))

    def __init__(self, version: FormVersion) -> None:
        super().__init__()
        self.version = version

    def get_queryset(self) -> QuerySet[Row]:
        return self.version.rows.all()

    def init_instance(self, row: object = None) -> Row:
        return Row(version=self.version)

    class Meta:
        model = Row
        import_id_fields = ("key",)
        fields = ROW_COLUMNS


def draft_of(sheet: VersionSheet, manager: User, *, is_empty: bool = False) -> FormVersion:
    head = replace(sheet.head, code=f"NHAP-{next(_names)}", valid_from=date(2027, 1, 1))
    rows = () if is_empty else sheet.rows
    return begin_draft(head=head, document=Document(rows), by=manager)


def uploading(sheet: VersionSheet, manager: User) -> list[Budget]:
    """A file posted, read, compared and previewed, against a dry run of the same rows through a
    bare resource of the library: one column a field, references looked up as its guide shows."""
    version = draft_of(sheet, manager, is_empty=True)
    client = signed_in(manager)
    book = write_workbook(
        document=Document(sheet.rows), head=sheet.head, functions=known().functions
    )
    printed = "\n".join(
        "\t".join((row["stt"], row["label"], row["unit"], row["who_reports"])) for row in sheet.rows
    )
    dataset = tablib.Dataset(
        *([row[column] for column in ROW_COLUMNS] for row in sheet.rows), headers=ROW_COLUMNS
    )

    def posted(data: dict[str, object]) -> None:
        response = client.post(f"/bieu-mau/{version.code}/nap/", data, follow=True)
        if response.status_code != 200 or not response.redirect_chain:
            raise SystemExit(f"The upload was answered {response.status_code}.")

    def dry_run() -> None:
        result = BareRows(version).import_data(dataset, dry_run=True)
        if result.has_errors() or len(result.rows) != len(sheet.rows):
            raise SystemExit("The dry run failed.")

    file, table, bare = milliseconds(
        lambda: posted({"file": SimpleUploadedFile("bieu.xlsx", book)}),
        lambda: posted({"pasted": printed}),
        dry_run,
        turns=7,
    )
    rows = len(sheet.rows)
    return [
        Budget(f"workbook of {rows} rows, uploaded and previewed", file, "ms", 3, bare),
        Budget(f"printed table of {rows} rows, proposed and previewed", table, "ms", 3, bare),
    ]


def publishing(sheet: VersionSheet, manager: User) -> list[Budget]:
    """A draft checked, turned into rows and sealed."""
    times = []
    for _ in range(5):
        version = draft_of(sheet, manager)
        began = process_time()
        publish(version=version, revision=0, note="Đo đạc.", by=manager)
        times.append(1000 * (process_time() - began))
    return [Budget(f"publishing {len(sheet.rows)} rows", sorted(times)[2], "ms", most=1000)]


def searching(sheet: VersionSheet, manager: User) -> list[Budget]:
    """The whole page of a search among ten thousand rows of published versions."""
    with transaction.atomic():
        fill_up(sheet, manager)
    found, nothing, plain = (
        milliseconds(page(manager, f"/chi-tieu/?tim={quote_plus(words)}"), turns=11)[0]
        for words in ("hồ sơ loại 77", "không có ở đâu", "ho so")
    )
    last = page(manager, "/chi-tieu/?tim=ho+so")
    with CaptureQueriesContext(connection) as queries:
        last()
    rows = Row.objects.count()
    return [
        Budget(f"search page, {rows} rows, few found", found, "ms", most=50),
        Budget("  nothing found", nothing, "ms", most=50),
        Budget("  without diacritics, nearly all found", plain, "ms", most=50),
        Budget("  its queries", len(queries), "", most=10),
    ]


def fill_up(sheet: VersionSheet, manager: User) -> None:
    """Publish copies of the form until there are ten thousand rows to search."""
    pattern = list(cast.form(sheet.head.code).rows.order_by("position"))
    while Row.objects.count() < SEARCHED:
        version = draft_of(sheet, manager, is_empty=True)
        version.status, version.content_hash, version.draft = "published", "0" * 64, None
        version.save()
        for row in pattern:
            row.pk, row.version, row.parent = None, version, None
            row.search = search_text(row.stt, row.label, row.unit)
        Row.objects.bulk_create(pattern)


def signed_in(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def page(user: User, address: str) -> Callable[[], None]:
    client = signed_in(user)

    def fetched() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address} answers {response.status_code}.")

    return fetched
