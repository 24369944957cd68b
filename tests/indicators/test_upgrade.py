"""A database of an earlier release: completed by loading, never changed.

Under the first scheme of the hash rows did not say who is asked, under the second rules did not
say what a missing figure does, and the five real forms had none.
"""

from collections.abc import Callable, Mapping
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
from tests.guards import record_open
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


# What the release before the rules computed over the five forms.
SECOND_HASHES = {
    "BM7-2025": "e297116c4134f62b82902c173baae1fcb36549b49e1b213f055b8d4d8285d33a",
    "PL1-GL-2023": "02dff6d9184e5968bd4cc1927fb00177890a1e4f8765434a9ddf442622c30643",
    "PL2-KH-2021": "5e4a778e6dc54f5d0e2757023bb10c63c6514fcb84c365dfc66627dd66d3dfdb",
    "PL2-KH-2022": "b81c9aa0f6c1a914f92f6904157c52a880ba3e75992d7450fa9f72bfa49a15e9",
    "PL2-XA-QN-2022": "18abd85f3b8dff676477d125b81a63954c2126b431e4d878027420d7f4af4f9f",
}


def as_before(version: FormVersion, content_hash: str, scheme: int = 1) -> None:
    """Leave the version as the release that sealed under ``scheme`` had left it."""
    version.rules.all().delete()
    if scheme == 1:
        version.rows.update(asked="")
        version.rows.exclude(across_agencies="designated").update(reporter="")
    FormVersion.objects.filter(pk=version.pk).update(scheme=scheme, content_hash=content_hash)
    with record_open():
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


@pytest.mark.parametrize(("scheme", "hashes"), [(1, FIRST_HASHES), (2, SECOND_HASHES)])
def test_the_real_forms_are_completed_once(scheme: int, hashes: Mapping[str, str]) -> None:
    after = {code: written(form(code)) for code in hashes}
    ids = list(Row.objects.order_by("pk").values_list("pk", "key"))
    for code, content_hash in hashes.items():
        as_before(form(code), content_hash, scheme)
        assert written(form(code)).content_hash(scheme) == content_hash
    if scheme == 1:
        Function.objects.all().delete()
    assert load().startswith("Danh mục: 5 phiên bản biểu mẫu (0 mới)")
    for code, first in hashes.items():
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


# Sealed under the second scheme: rows are complete, rules may come


def sealed_second(sheet: VersionSheet) -> FormVersion:
    """Publish the small form as the release before had: who is asked is said, under its hash."""
    load_indicators(indicator_lines())
    load_version(sheet)
    version = form("THU-2026")
    hashed = sheet.content_hash(2)
    FormVersion.objects.filter(pk=version.pk).update(scheme=2, content_hash=hashed)
    with record_open():
        VersionEvent.objects.filter(version=version).delete()
    return form("THU-2026")


@pytest.fixture
def second() -> FormVersion:
    """The small form of now, but for its rules."""
    return sealed_second(replace(NOW, rules=[]))


def test_rules_come_to_a_form_that_has_none(second: FormVersion) -> None:
    rows = list(second.rows.values())
    assert load_version(NOW) is False
    after = form("THU-2026")
    assert written(after) == NOW
    assert list(after.rows.values()) == rows
    assert (after.scheme, after.content_hash) == (SCHEME, NOW.content_hash())
    assert (after.status, after.published_at) == (second.status, second.published_at)
    event = after.events.get()
    assert (event.act, event.by, event.via) == ("complete", None, "folder")
    assert event.changes == [f"mã băm: {second.content_hash} → {NOW.content_hash()}"]


def test_they_come_once(second: FormVersion) -> None:
    load_version(NOW)
    before = everything()
    load_version(NOW)
    assert everything() == before


def test_who_has_read_the_form_reads_it_with_its_rules(second: FormVersion) -> None:
    assert form_definition(second).rules == ()
    load_version(NOW)
    assert [rule.code for rule in form_definition(form("THU-2026")).rules] == ["dung-han"]


def test_what_a_rule_does_where_figures_are_missing_comes_with_it(second: FormVersion) -> None:
    load_version(replace(NOW, rules=[{**RULE, "missing": "zero"}]))
    [rule] = form_definition(form("THU-2026")).rules
    assert rule.missing == "zero"


def test_a_form_without_rules_in_the_folder_either_is_sealed_anew(second: FormVersion) -> None:
    same = written(second)
    load_version(same)
    assert (form("THU-2026").scheme, form("THU-2026").content_hash) == (SCHEME, same.content_hash())
    assert written(form("THU-2026")) == same


@pytest.mark.parametrize("rules", [[], [RULE]])
@pytest.mark.parametrize(
    "empty", [{"1.1": {"asked": ""}}, {"1.1.a": {"reporter": ""}}, {"1.1.b": {"unit": ""}}]
)
def test_nothing_but_rules_is_filled_in(
    empty: Mapping[str, Mapping[str, str]], rules: list[dict[str, str]]
) -> None:
    """Who is asked was there to be said already: what is empty was left so on purpose."""
    stored = [{**row, **empty.get(row["key"], {})} for row in NOW.rows]
    assert stored != list(NOW.rows)
    sealed_second(replace(NOW, rows=stored, rules=[]))
    before = everything()
    with pytest.raises(CatalogueRefused, match=r"^THU-2026 đã công bố ngày "):
        load_version(replace(NOW, rules=rules))
    assert everything() == before


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (completed(label="- Tất cả"), "dòng 1.1.a, label: «- Tổng số» → «- Tất cả»"),
        (completed(asked="so"), "dòng 1.1.a, asked: «» → «so»"),
        (completed(reporter=""), "dòng 1.1.a, reporter: «noi_vu» → «»"),
        (replace(NOW, rows=NOW.rows[:-1]), "dòng 1.2: bị bỏ"),
        (replace(NOW, head=replace(HEAD, title="KHÁC")), "title: "),
    ],
)
def test_no_other_change_comes_in_along_with_rules(
    second: FormVersion, changed: VersionSheet, found: str
) -> None:
    before = everything()
    with pytest.raises(CatalogueRefused) as refusal:
        load_version(changed)
    assert found in str(refusal.value)
    assert everything() == before


def test_rules_that_make_no_sense_are_not_filled_in(second: FormVersion) -> None:
    before = everything()
    with pytest.raises(CatalogueRefused, match="quy tắc 1 \\(dung-han\\): Quy tắc gọi dòng không"):
        load_version(replace(NOW, rules=[{**RULE, "condition": "[9] > [8]"}]))
    assert everything() == before


@pytest.mark.parametrize(
    "tamper",
    [
        lambda version: version.rows.filter(key="1.1.a").update(label="- Sửa lén"),
        lambda version: version.rows.filter(key="1.1.a").update(asked="xa"),
        lambda version: version.rows.filter(key="1.2").delete(),
        lambda version: Rule.objects.create(version=version, position=1, **RULE),
    ],
)
def test_what_is_not_what_the_old_hash_says_is_not_sealed_anew(
    second: FormVersion, tamper: Callable[[FormVersion], object]
) -> None:
    tamper(second)
    before = everything()
    with pytest.raises(CatalogueRefused, match="không còn khớp mã băm khi công bố"):
        load_version(NOW)
    assert everything() == before


def test_a_form_with_rules_of_its_own_is_left_alone() -> None:
    version = sealed_second(NOW)
    before = everything()
    assert load_version(NOW) is False
    assert everything() == before
    assert (form("THU-2026").scheme, form("THU-2026").content_hash) == (2, version.content_hash)


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([], "quy tắc dung-han: bị bỏ"),
        ([RULE, {**RULE, "code": "khac"}], "quy tắc khac"),
        ([{**RULE, "condition": "[1.1.b] < [1.1.a]"}], "quy tắc dung-han"),
        ([{**RULE, "missing": "zero"}], "quy tắc dung-han"),
    ],
)
def test_rules_of_its_own_are_never_replaced(rules: list[dict[str, str]], found: str) -> None:
    sealed_second(NOW)
    before = everything()
    with pytest.raises(CatalogueRefused) as refusal:
        load_version(replace(NOW, rules=rules))
    assert found in str(refusal.value)
    assert everything() == before


def test_a_form_of_this_release_is_never_completed() -> None:
    load_indicators(indicator_lines())
    load_version(replace(NOW, rules=[]))
    before = everything()
    with pytest.raises(CatalogueRefused, match="quy tắc dung-han"):
        load_version(NOW)
    assert everything() == before


@pytest.mark.parametrize("tampered", ["PL2-XA-QN-2022", "BM7-2025"])
def test_one_form_without_its_rules_keeps_the_others_without_theirs(tampered: str) -> None:
    for code, content_hash in SECOND_HASHES.items():
        as_before(form(code), content_hash, 2)
    form(tampered).rows.filter(position=1).update(label="Sửa lén")
    before = everything()
    with pytest.raises(CommandError, match=rf"^Nội dung của {tampered} "):
        load()
    assert everything() == before


def test_the_small_form_says_something_to_fill_in() -> None:
    """Otherwise the tests above would try nothing."""
    assert as_released_before(NOW).rows == rows()
    assert NOW.rows != rows()
