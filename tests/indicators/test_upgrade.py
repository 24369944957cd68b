"""A database of the release before rows said who is asked: completed by loading, never changed."""

from collections.abc import Callable
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from indicators.actions.record import CatalogueRefused
from indicators.actions.versions import load_indicators, load_version
from indicators.catalogue.written import SCHEME, VersionSheet
from indicators.models import FormVersion, Function, Row, Rule, VersionEvent
from indicators.queries.definitions import form_definition, written
from tests.cast import form
from tests.indicators.actions.acts import everything
from tests.indicators.catalogue.test_written import FIRST_HASHES
from tests.indicators.sheets import (
    HEAD,
    RULE,
    as_released_before,
    indicator_lines,
    rows,
    sheet,
    spoilt,
)

pytestmark = pytest.mark.django_db

# What the portal asks for now: more is said of who reports, and there is a rule.
NOW = replace(
    sheet("1.1", "asked", "so huyen"),
    rows=[
        row | {"reporter": "noi_vu"} if row["key"] == "1.1.a" else row
        for row in spoilt("1.1", "asked", "so huyen")
    ],
    rules=[RULE],
)


def as_before(version: FormVersion, content_hash: str) -> None:
    """Leave the version as the release before had left it."""
    version.rows.update(asked="")
    version.rows.exclude(across_agencies="designated").update(reporter="")
    FormVersion.objects.filter(pk=version.pk).update(scheme=1, content_hash=content_hash)
    VersionEvent.objects.filter(version=version).delete()


@pytest.fixture
def old() -> FormVersion:
    """The small form, published by the release before."""
    load_indicators(indicator_lines())
    first = as_released_before(NOW)
    load_version(replace(first, rules=[]))
    as_before(form("THU-2026"), first.content_hash(1))
    return form("THU-2026")


def load() -> str:
    out = StringIO()
    call_command("load_catalogue", stdout=out)
    return out.getvalue()


def test_the_real_forms_are_completed_once() -> None:
    after = {code: written(form(code)) for code in FIRST_HASHES}
    ids = list(Row.objects.order_by("pk").values_list("pk", "key"))
    for code, content_hash in FIRST_HASHES.items():
        as_before(form(code), content_hash)
    Function.objects.all().delete()
    assert load().startswith("Danh mục: 5 phiên bản biểu mẫu (0 mới)")
    for code, first in FIRST_HASHES.items():
        version = form(code)
        assert written(version) == after[code]
        assert (version.scheme, version.content_hash) == (SCHEME, after[code].content_hash())
        event = version.events.get()
        assert (event.act, event.by, event.via) == ("complete", None, "folder")
        assert event.changes == [f"mã băm: {first} → {version.content_hash}"]
    assert list(Row.objects.order_by("pk").values_list("pk", "key")) == ids
    before = everything()
    load()
    assert everything() == before


def test_what_was_empty_is_filled_in_and_rules_are_added(old: FormVersion) -> None:
    assert load_version(NOW) is False
    assert written(form("THU-2026")) == NOW
    assert form("THU-2026").content_hash == NOW.content_hash()
    assert form("THU-2026").published_at == old.published_at


def test_a_form_without_anything_to_fill_in_is_sealed_anew(old: FormVersion) -> None:
    same = written(old)
    load_version(same)
    assert (form("THU-2026").scheme, form("THU-2026").content_hash) == (SCHEME, same.content_hash())
    assert written(form("THU-2026")) == same


def test_who_reads_the_form_reads_it_completed(old: FormVersion) -> None:
    """Also in a process that has read it before."""
    assert form_definition(old).by_key["1.1"].asked == frozenset()
    load_version(NOW)
    found = form_definition(form("THU-2026"))
    assert found.by_key["1.1"].asked == {"so", "huyen"}
    assert [rule.code for rule in found.rules] == ["dung-han"]


def test_a_form_that_was_renamed_meanwhile_is_completed_too(old: FormVersion) -> None:
    load_version(replace(NOW, head=replace(HEAD, form_name="Tên mới")))
    assert form("THU-2026").scheme == SCHEME
    assert form("THU-2026").form.name == "Biểu thử"


def completed(**cells: str) -> VersionSheet:
    """Return what is asked now, with row 1.1.a said otherwise."""
    return replace(
        NOW, rows=[{**row, **cells} if row["key"] == "1.1.a" else row for row in NOW.rows]
    )


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (completed(label="- Tất cả"), "dòng 1.1.a, label: «- Tổng số» → «- Tất cả»"),
        (completed(asked="so", unit="Việc"), "dòng 1.1.a, unit: «Hồ sơ» → «Việc»"),
        (
            replace(NOW, rows=spoilt("1.2", "reporter", "tu_phap")),
            "dòng 1.2, reporter: «noi_vu» → «tu_phap»",
        ),
        (replace(NOW, rows=NOW.rows[:-1]), "dòng 1.2: bị bỏ"),
        (replace(NOW, head=replace(HEAD, title="KHÁC")), "title: "),
    ],
)
def test_anything_else_is_refused_and_nothing_is_filled_in(
    old: FormVersion, changed: VersionSheet, found: str
) -> None:
    before = everything()
    with pytest.raises(CatalogueRefused) as refusal:
        load_version(changed)
    assert str(refusal.value).startswith("THU-2026 đã công bố ngày ")
    assert found in str(refusal.value)
    assert everything() == before


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            completed(asked="phong"),
            "dòng 3 (1.1.a): «phong» không phải các mã trong danh mục. Hãy ghi mã loại đơn vị",
        ),
        (
            completed(reporter="phong"),
            "dòng 3 (1.1.a): «phong» không phải các mã trong danh mục. Hãy ghi mã chức năng",
        ),
        (
            replace(NOW, rules=[{**RULE, "condition": "[9] > [8]"}]),
            "quy tắc 1 (dung-han): Quy tắc gọi dòng không có: 9",
        ),
    ],
)
def test_what_makes_no_sense_is_not_filled_in(
    old: FormVersion, changed: VersionSheet, sentence: str
) -> None:
    before = everything()
    with pytest.raises(CatalogueRefused) as refusal:
        load_version(changed)
    assert sentence in str(refusal.value)
    assert everything() == before


@pytest.mark.parametrize(
    "tamper",
    [
        lambda version: version.rows.filter(key="1.1.a").update(label="- Sửa lén"),
        lambda version: version.rows.filter(key="1.1.a").update(reporter="noi_vu"),
        lambda version: version.rows.filter(key="1.2").delete(),
    ],
)
def test_what_was_tampered_with_is_not_sealed_anew(
    old: FormVersion, tamper: Callable[[FormVersion], object]
) -> None:
    tamper(old)
    before = everything()
    with pytest.raises(CatalogueRefused, match="không còn khớp mã băm khi công bố"):
        load_version(NOW)
    assert everything() == before


def test_rules_that_nobody_published_are_not_sealed(old: FormVersion) -> None:
    """The first scheme did not cover rules: one that is there came in past the portal."""
    Rule.objects.create(version=old, position=1, **{**RULE, "code": "la"})
    before = everything()
    with pytest.raises(CatalogueRefused, match="quy tắc la: bị bỏ"):
        load_version(NOW)
    assert everything() == before


def test_one_form_that_cannot_be_completed_keeps_the_others_as_they_were() -> None:
    for code, content_hash in FIRST_HASHES.items():
        as_before(form(code), content_hash)
    form("PL2-XA-QN-2022").rows.filter(key="1").update(label="Sửa lén")
    before = everything()
    with pytest.raises(CommandError, match=r"^Nội dung của PL2-XA-QN-2022 "):
        load()
    assert everything() == before


def test_the_small_form_says_something_to_fill_in() -> None:
    """Otherwise the tests above would try nothing."""
    assert as_released_before(NOW).rows == rows()
    assert NOW.rows != rows()
