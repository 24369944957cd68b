"""Publishing and retiring form versions; loading whole ones: all or nothing, never over what is
published."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.actions.drafts import StaleDraft, begin_draft, discard, write_draft
from indicators.actions.record import CatalogueRefused
from indicators.actions.versions import (
    load_functions,
    load_indicators,
    load_links,
    load_version,
    publish,
    retire,
)
from indicators.catalogue.comparison import differences
from indicators.catalogue.folders import read_version
from indicators.catalogue.lint import what_is_wrong
from indicators.catalogue.problems import in_words
from indicators.catalogue.written import SCHEME, Document, VersionSheet, blank_row, numbered
from indicators.kinds import Severity
from indicators.models import FormVersion, Function, Indicator, IndicatorLink, Row
from indicators.queries.definitions import document_of, form_definition, written
from indicators.queries.known import known
from indicators.queries.versions import in_force
from reporting.models import User
from tests.cast import form
from tests.indicators.actions.acts import begun, everything, published, stored
from tests.indicators.sheets import (
    HEAD,
    RULE,
    document,
    head,
    indicator_lines,
    new_indicator,
    rows,
    sheet,
    write_catalogue,
)

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "catalogue"
REAL = sorted(path.name for path in FOLDER.glob("*/"))


def load(folder: Path) -> str:
    """Run the command on ``folder``; return what it says."""
    out = StringIO()
    call_command("load_catalogue", folder=folder, stdout=out)
    return out.getvalue()


# Publishing


def test_publishing_makes_rows_of_what_was_written_and_seals_them(lan: User) -> None:
    found = document("1.1", "asked", "so huyen", rules=[RULE, {**RULE, "code": "hai"}])
    draft = begun(lan, found)
    version = publish(version=draft, revision=0, note=" Công văn 12/SNV ", by=lan)
    assert version == stored(draft)
    assert (version.status, version.draft, version.scheme) == ("published", None, SCHEME)
    assert document_of(version) == Document(found.rows, found.rules)
    assert version.content_hash == VersionSheet(HEAD, found.rows, found.rules).content_hash()
    assert version.published_at is not None
    assert [rule.code for rule in version.rules.all()] == ["dung-han", "hai"]
    event = version.events.last()
    assert event is not None
    assert (event.act, event.by, event.via, event.note, event.content, event.revision) == (
        "publish",
        lan,
        "page",
        "Công văn 12/SNV",
        None,
        1,
    )
    assert version.events.first().content == draft.draft  # type: ignore[union-attr]


def test_a_published_form_reads_as_its_draft_did(lan: User) -> None:
    draft = begun(lan, document(rules=[RULE]))
    before = form_definition(draft)
    after = form_definition(publish(version=draft, revision=0, note="x", by=lan))
    assert [replace(row, id=row.position) for row in after.rows] == list(before.rows)
    assert after.rules == before.rules
    assert replace(after, rows=(), content_hash="") == replace(before, rows=())
    assert [row.id for row in after.rows] == [
        row.pk for row in Row.objects.filter(version=draft).order_by("position")
    ]


def test_a_draft_begun_before_a_column_existed_is_sealed_with_it(lan: User) -> None:
    draft = begun(lan)
    FormVersion.objects.filter(pk=draft.pk).update(scheme=1)
    version = publish(version=draft, revision=0, note="x", by=lan)
    assert (version.scheme, version.content_hash) == (SCHEME, sheet().content_hash())


def test_parents_are_rows_of_the_same_version(lan: User) -> None:
    first, second = published(lan), published(lan, code="THU-2027")
    for version in (first, second):
        parents = {row.key: row.parent for row in version.rows.select_related("parent")}
        assert {key: parent and parent.key for key, parent in parents.items()} == {
            "1": None,
            "1.1": "1",
            "1.1.a": "1.1",
            "1.1.b": "1.1",
            "1.2": "1",
        }
        assert {parent.version_id for parent in parents.values() if parent} == {version.pk}


@pytest.mark.parametrize("column", ["label", "stt", "unit", "who_reports"])
@pytest.mark.parametrize(
    "text", ["  x ", "x\ny\tz", "=1+1", "'=x", "1,5", "None", "TRUE", "0", "«Đ»", "☃", '"', "NaN"]
)
def test_text_is_stored_as_it_was_written(lan: User, column: str, text: str) -> None:
    found = document("1.1.a", column, text)
    assert document_of(published(lan, found)).rows == found.rows


@pytest.mark.parametrize("column", ["label", "stt", "unit"])
def test_a_row_is_found_by_its_words_with_and_without_diacritics(lan: User, column: str) -> None:
    published(lan, document("1.1.a", column, "Đúng hẹn"))
    for words in ("đúng hẹn", "dung hen"):
        assert Row.objects.get(version__code="THU-2026", search__contains=words).key == "1.1.a"


@pytest.mark.parametrize("note", ["", "  \n"])
def test_publishing_needs_a_note(lan: User, note: str) -> None:
    draft = begun(lan)
    before = everything()
    with pytest.raises(CatalogueRefused, match=r"^Cần ghi chú khi công bố: văn bản ban hành"):
        publish(version=draft, revision=0, note=note, by=lan)
    assert everything() == before


def test_publishing_tells_all_errors_and_changes_nothing(lan: User) -> None:
    bad = document("1.1", "formula", "percent([1.1.b], [9])", rules=[{**RULE, "sentence": ""}])
    draft = begun(lan, replace(bad, indicators=[new_indicator("moi.mot")]))
    before = everything()
    with pytest.raises(CatalogueRefused) as refusal:
        publish(version=draft, revision=0, note="x", by=lan)
    assert str(refusal.value) == (
        "Chưa công bố được: còn 2 lỗi. dòng 2 (1.1): Công thức gọi dòng không có: 9;"
        " quy tắc 1 (dung-han): Quy tắc cần một câu nói điều gì sai và một câu nói phải làm gì."
    )
    assert everything() == before


def test_an_empty_draft_is_not_published(lan: User) -> None:
    with pytest.raises(CatalogueRefused, match=r"còn 1 lỗi\. Biểu chưa có dòng nào\.$"):
        published(lan, Document())


def test_a_proposal_nobody_looked_at_is_not_published(lan: User) -> None:
    draft = begun(lan, replace(document(), proposals={"1.1": {"kind": "vì %"}}))
    with pytest.raises(CatalogueRefused, match="Còn 1 đề xuất ở 1 dòng"):
        publish(version=draft, revision=0, note="x", by=lan)


def test_warnings_are_accepted_on_the_record(lan: User) -> None:
    slip = document("1.2", "stt", "1.1")
    draft = begun(lan, slip)
    found = what_is_wrong(slip, known())
    warnings = [problem for problem in found if problem.severity is Severity.WARNING]
    assert warnings
    version = publish(version=draft, revision=0, note="Giấy in như vậy", by=lan)
    assert version.events.get(act="publish").changes == [
        f"cảnh báo đã chấp nhận: {words}" for words in in_words(warnings, slip)
    ]


def test_a_draft_is_not_published_over_somebody_elses_work(lan: User, minh: User) -> None:
    draft = begun(lan)
    write_draft(version=stored(draft), revision=0, document=document(rules=[RULE]), by=minh)
    before = everything()
    with pytest.raises(StaleDraft, match="Đặng Quang Minh"):
        publish(version=draft, revision=0, note="x", by=lan)
    assert everything() == before


def test_new_indicators_are_made(lan: User) -> None:
    new = new_indicator("moi.mot", name="Số mới", unit="Hồ sơ", legal_basis="Quyết định 1")
    found = replace(document("1.1.a", "indicator", "moi.mot"), indicators=[new])
    version = published(lan, found)
    made = Indicator.objects.get(code="moi.mot")
    assert (made.name, made.unit, made.kind, made.legal_basis) == (
        "Số mới",
        "Hồ sơ",
        "count",
        "Quyết định 1",
    )
    assert version.rows.get(key="1.1.a").indicator == made


def test_an_indicator_that_came_into_the_catalogue_meanwhile_stays_as_it_is(lan: User) -> None:
    new = new_indicator("moi.mot", name="Tên của tôi")
    draft = begun(lan, replace(document("1.1.a", "indicator", "moi.mot"), indicators=[new]))
    load_indicators([new_indicator("moi.mot", name="Tên của người khác", unit="Hồ sơ")])
    version = publish(version=draft, revision=0, note="x", by=lan)
    there = Indicator.objects.get(code="moi.mot")
    assert (there.name, there.unit) == ("Tên của người khác", "Hồ sơ")
    assert version.rows.get(key="1.1.a").indicator == there


def test_an_indicator_of_another_kind_that_came_meanwhile_stops_publishing(lan: User) -> None:
    new = new_indicator("moi.mot")
    draft = begun(lan, replace(document("1.1.a", "indicator", "moi.mot"), indicators=[new]))
    load_indicators([new_indicator("moi.mot", kind="amount")])
    with pytest.raises(CatalogueRefused, match=r"khác loại «số tiền» của chỉ tiêu «moi\.mot»"):
        publish(version=draft, revision=0, note="x", by=lan)
    assert Indicator.objects.get(code="moi.mot").kind == "amount"


def test_what_fails_in_the_middle_leaves_nothing(lan: User) -> None:
    """The indicators are made, then a row cannot be: its place in the version is taken."""
    new = new_indicator("moi.mot")
    draft = begun(lan, replace(document("1.1.a", "indicator", "moi.mot"), indicators=[new]))
    Row.objects.create(
        version=draft, position=3, key="cũ", label="Cũ", kind="heading", across_agencies="none"
    )
    before = everything()
    with pytest.raises(CatalogueRefused, match=r"^THU-2026/rows\.csv có \d lỗi: "):
        publish(version=draft, revision=0, note="x", by=lan)
    assert everything() == before


def wide(count: int) -> Document:
    """Return a form of so many rows, each below the first, with a new indicator each."""
    lines = [blank_row(key="1", label="Mục", kind="heading", across_agencies="none")]
    lines += [
        blank_row(
            key=f"1.{place}",
            label=f"Số {place}",
            parent="1",
            kind="count",
            across_agencies="sum",
            indicator=f"moi.{place}",
        )
        for place in range(1, count)
    ]
    indicators = [new_indicator(line["indicator"]) for line in lines[1:]]
    return Document(numbered(lines), indicators=indicators)


def test_publishing_takes_as_many_queries_for_many_rows_as_for_few(lan: User) -> None:
    taken = []
    for count in (3, 250):
        rules = [
            {**RULE, "code": str(place), "condition": "[1.1] >= [1.2]"} for place in range(count)
        ]
        draft = begun(lan, replace(wide(count), rules=rules), code=f"RONG-{count}")
        with CaptureQueriesContext(connection) as queries:
            publish(version=draft, revision=0, note="x", by=lan)
        taken.append(len(queries))
        assert Row.objects.filter(version=draft).count() == count
    # SQLite takes only so many values in one insert.
    assert taken[1] - taken[0] <= 10
    assert taken[1] <= 50


# The real forms again


@pytest.mark.parametrize("code", REAL)
def test_a_real_form_is_a_draft_without_a_fault_and_the_same_again_when_published(
    lan: User, code: str
) -> None:
    original = written(form(code))
    copy = replace(original.head, code=f"{code}-LAI", note="Chép lại")
    draft = begin_draft(head=copy, document=document_of(form(code)), by=lan)
    again = publish(version=draft, revision=0, note="Chép để thử", by=lan)
    assert written(again) == replace(original, head=copy)
    assert list(differences(written(again), original)) == [
        f"code: «{code}-LAI» → «{code}»",
        f"note: «Chép lại» → «{original.head.note}»",
    ]
    found, first = form_definition(again), form_definition(form(code))
    assert [replace(row, id=0) for row in found.rows] == [replace(row, id=0) for row in first.rows]


# Retiring


def test_a_retired_version_is_in_force_to_its_last_day(lan: User) -> None:
    version = published(lan)
    before = version.content_hash
    gone = retire(version=version, last_day=date(2026, 6, 30), note=" Bãi bỏ ", by=lan)
    assert stored(gone).status == "retired"
    assert (stored(gone).retired_on, stored(gone).content_hash) == (date(2026, 6, 30), before)
    assert in_force(date(2026, 6, 30))[gone.form_id] == gone
    assert gone.form_id not in in_force(date(2026, 7, 1))
    event = gone.events.last()
    assert event is not None
    assert (event.act, event.by, event.note, event.changes) == (
        "retire",
        lan,
        "Bãi bỏ",
        ["dùng đến hết ngày 30/06/2026"],
    )
    assert document_of(gone).rows == rows()


def test_a_mistaken_publication_is_withdrawn_for_every_day(lan: User) -> None:
    version = published(lan)
    retire(version=version, last_day=date(2025, 12, 31), note="Công bố nhầm.", by=lan)
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2030, 1, 1)):
        assert version.form_id not in in_force(day)


@pytest.mark.parametrize(
    ("last_day", "note", "sentence"),
    [
        (
            date(2025, 12, 30),
            "x",
            "Ngày cuối 30/12/2025 ở trước ngày có hiệu lực 01/01/2026.",
        ),
        (date(2026, 1, 1), " ", "Cần ghi lý do: văn bản nào thay thế hoặc bãi bỏ biểu này."),
    ],
)
def test_retiring_needs_a_day_in_its_time_and_a_reason(
    lan: User, last_day: date, note: str, sentence: str
) -> None:
    version = published(lan)
    before = everything()
    with pytest.raises(CatalogueRefused) as refusal:
        retire(version=version, last_day=last_day, note=note, by=lan)
    assert str(refusal.value) == sentence
    assert everything() == before


def test_only_what_is_published_is_retired(lan: User) -> None:
    day = date(2026, 12, 31)
    draft = begun(lan, code="NHAP-2026")
    retired = retire(version=published(lan), last_day=day, note="x", by=lan)
    before = everything()
    for version, words in ((draft, "bản thảo"), (retired, "hết hiệu lực")):
        with pytest.raises(CatalogueRefused, match=f"ở trạng thái «{words}»"):
            retire(version=version, last_day=day, note="x", by=lan)
    assert everything() == before


# Loading


def test_loading_publishes_the_version_under_its_hash(tmp_path: Path) -> None:
    assert load(write_catalogue(tmp_path, sheet())) == (
        "Danh mục: 1 phiên bản biểu mẫu (1 mới), 4 chỉ tiêu mới hoặc thay đổi.\n"
    )
    version = form("THU-2026")
    assert version.status == "published"
    assert version.content_hash == sheet().content_hash()
    assert version.published_at is not None
    assert [row.key for row in version.rows.order_by("position")] == [
        "1",
        "1.1",
        "1.1.a",
        "1.1.b",
        "1.2",
    ]


def test_what_is_stored_is_written_as_it_was_read(tmp_path: Path) -> None:
    load(write_catalogue(tmp_path, sheet()))
    assert written(form("THU-2026")) == sheet()


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    load(write_catalogue(tmp_path, sheet()))
    before = everything()
    assert load(tmp_path) == (
        "Danh mục: 1 phiên bản biểu mẫu (0 mới), 0 chỉ tiêu mới hoặc thay đổi.\n"
    )
    assert everything() == before


def test_the_real_catalogue_is_loaded_once() -> None:
    before = everything()
    assert load(FOLDER) == (
        "Danh mục: 5 phiên bản biểu mẫu (0 mới), 0 chỉ tiêu mới hoặc thay đổi.\n"
    )
    assert everything() == before


def test_idle_blanks_in_a_cell_are_kept_and_change_nothing_later(tmp_path: Path) -> None:
    blanks = sheet("1.1.a", "label", "  - Tổng số ")
    load(write_catalogue(tmp_path, blanks))
    assert load(tmp_path).startswith("Danh mục: 1 phiên bản biểu mẫu (0 mới)")
    assert written(form("THU-2026")) == blanks


def test_a_changed_published_version_is_refused_with_row_old_and_new(tmp_path: Path) -> None:
    load(write_catalogue(tmp_path, sheet()))
    before = everything()
    write_catalogue(tmp_path, sheet("1.1.a", "label", "- Tất cả"))
    with pytest.raises(CommandError) as refusal:
        load(tmp_path)
    assert str(refusal.value) == (
        f"THU-2026 đã công bố ngày {timezone.localdate():%d/%m/%Y} nên không sửa được;"
        " tệp khác bản đã công bố ở 1 chỗ: dòng 1.1.a, label: «- Tổng số» → «- Tất cả»."
        " Muốn thay đổi, hãy lập phiên bản mới với mã khác."
    )
    assert everything() == before


def test_more_than_five_differences_are_counted(tmp_path: Path) -> None:
    load(write_catalogue(tmp_path, sheet()))
    changed = [row | {"who_reports": "Mọi cơ quan", "stt": "9."} for row in rows()]
    write_catalogue(tmp_path, replace(sheet(), rows=changed))
    with pytest.raises(CommandError) as refusal:
        load(tmp_path)
    assert "khác bản đã công bố ở 10 chỗ: dòng 1, stt: «1.» → «9.»" in str(refusal.value)
    assert "; và 5 chỗ nữa. Muốn thay đổi" in str(refusal.value)


def test_a_changed_head_is_refused_too(tmp_path: Path) -> None:
    load(write_catalogue(tmp_path, sheet()))
    with pytest.raises(CatalogueRefused) as refusal:
        load_version(head(title="TIÊU ĐỀ KHÁC"))
    assert "title: «THỐNG KÊ {PERIOD} CỦA {AGENCY}» → «TIÊU ĐỀ KHÁC»" in str(refusal.value)


def test_a_retired_version_is_as_frozen_as_a_published_one(lan: User) -> None:
    retire(version=published(lan), last_day=date(2026, 6, 30), note="x", by=lan)
    before = everything()
    with pytest.raises(CatalogueRefused):
        load_version(sheet("1.1.a", "label", "- Tất cả"))
    assert load_version(sheet()) is False
    assert everything() == before


@pytest.mark.parametrize("folder", [sheet(), sheet("1.1.a", "label", "- Tất cả")])
def test_a_draft_of_the_same_code_is_not_loaded_over(lan: User, folder: VersionSheet) -> None:
    draft = begun(lan, document(rules=[RULE]))
    before = everything()
    with pytest.raises(CatalogueRefused) as refusal:
        load_version(folder)
    assert str(refusal.value) == (
        "THU-2026 là mã của một bản thảo đang soạn trên trang Danh mục. Hãy bỏ bản thảo ấy (nội"
        " dung và nhật ký vẫn được giữ) rồi nạp lại, hoặc lấy mã khác cho thư mục."
    )
    assert everything() == before
    gone = discard(version=draft, revision=0, by=lan)
    assert load_version(folder) is True
    assert (written(form("THU-2026")), stored(gone).draft) == (folder, draft.draft)


def test_the_code_of_a_draft_put_aside_is_not_loaded_over(lan: User) -> None:
    gone = discard(version=begun(lan), revision=0, by=lan)
    before = everything()
    with pytest.raises(CatalogueRefused) as refusal:
        load_version(head(code=gone.code))
    assert str(refusal.value) == f"{gone.code} là mã của một bản thảo đã bỏ; hãy lấy mã khác."
    assert everything() == before


def test_rules_are_loaded_with_their_form_and_sealed_with_it(tmp_path: Path) -> None:
    ruled = sheet(rules=[RULE, {**RULE, "code": "hai"}])
    load(write_catalogue(tmp_path, ruled))
    assert written(form("THU-2026")) == ruled
    assert form("THU-2026").content_hash == ruled.content_hash()
    assert load(tmp_path).startswith("Danh mục: 1 phiên bản biểu mẫu (0 mới)")
    with pytest.raises(CatalogueRefused, match=r"quy tắc hai, severity: «error» → «note»"):
        load_version(sheet(rules=[RULE, {**RULE, "code": "hai", "severity": "note"}]))


def test_one_bad_file_of_several_leaves_nothing_of_the_others(tmp_path: Path) -> None:
    good = head(code="A-2026", form="A")
    before = everything()
    write_catalogue(tmp_path, good, sheet("1.1", "formula", "percent([1.1.b], [9])"))
    with pytest.raises(CommandError) as refusal:
        load(tmp_path)
    assert str(refusal.value) == (
        "THU-2026 có 1 lỗi: dòng 2 (1.1): Công thức gọi dòng không có: 9."
    )
    assert everything() == before


def test_an_unreadable_file_of_several_leaves_nothing_of_the_others(tmp_path: Path) -> None:
    write_catalogue(tmp_path, head(code="A-2026", form="A"), sheet())
    before = everything()
    path = tmp_path / "THU-2026" / "rows.csv"
    path.write_text("position,key\n1,1\n", encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        load(tmp_path)
    assert str(refusal.value).startswith("THU-2026/rows.csv: cột phải là position, key, stt, ")
    assert str(refusal.value).endswith("; tệp có position, key")
    assert everything() == before


def test_an_unknown_indicator_is_refused_by_name(tmp_path: Path) -> None:
    before = everything()
    write_catalogue(tmp_path, sheet("1.1.a", "indicator", "thu.la"))
    with pytest.raises(CommandError) as refusal:
        load(tmp_path)
    assert str(refusal.value) == (
        "THU-2026 có 1 lỗi: dòng 3 (1.1.a): Chỉ tiêu «thu.la» không có trong danh mục."
    )
    assert everything() == before


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    bad = [row | {"emphasis": "red", "reporter": ""} for row in rows()]
    write_catalogue(tmp_path, replace(sheet(), rows=bad))
    with pytest.raises(CommandError) as refusal:
        load(tmp_path)
    # Five unknown emphases, and one reporter that is not there.
    assert str(refusal.value).startswith(
        "THU-2026 có 6 lỗi: dòng 1 (1): «red» không có trong danh sách: thường, đậm, nghiêng;"
        " dòng 2 (1.1): «red»"
    )
    assert str(refusal.value).endswith("; và 1 chỗ nữa.")


def test_an_indicator_of_unknown_kind_is_refused() -> None:
    before = everything()
    with pytest.raises(CatalogueRefused, match=r"^indicators\.csv có 1 lỗi: dòng 1, kind: "):
        load_indicators([new_indicator("thu.la", kind="number")])
    assert everything() == before


@pytest.mark.parametrize(
    ("key", "column", "longest"),
    [("1.1.a", "stt", 20), ("1.1.a", "unit", 200), ("1.2", "reporter", 120)],
)
def test_a_cell_too_long_for_its_column_is_refused_on_every_database(
    tmp_path: Path, key: str, column: str, longest: int
) -> None:
    before = everything()
    write_catalogue(tmp_path, sheet(key, column, "x" * (longest + 1)))
    with pytest.raises(CommandError):
        load(tmp_path)
    assert everything() == before


def test_a_renamed_form_is_no_change_of_its_published_versions(tmp_path: Path) -> None:
    load(write_catalogue(tmp_path, sheet()))
    assert load_version(head(form_name="Tên mới")) is False


@pytest.mark.parametrize(
    "tamper",
    [
        lambda version: version.rows.filter(key="1.1.a").update(label="- Sửa lén"),
        lambda version: version.rows.filter(key="1.1.a").update(asked="so"),
        lambda version: version.rows.filter(key="1.2").update(vertical=False),
        lambda version: version.rows.filter(key="1.2").update(parent=None),
        lambda version: version.rows.filter(key="1.2").delete(),
        lambda version: version.rows.filter(key="1.1.b").update(position=9),
        lambda version: version.rules.update(sentence="Sửa lén"),
        lambda version: version.rules.all().delete(),
        lambda version: FormVersion.objects.filter(pk=version.pk).update(title="SỬA LÉN"),
        lambda version: FormVersion.objects.filter(pk=version.pk).update(content_hash="0"),
    ],
)
def test_a_store_that_was_tampered_with_is_told(
    lan: User, tamper: Callable[[FormVersion], object]
) -> None:
    tamper(published(lan, document(rules=[RULE])))
    before = everything()
    with pytest.raises(CatalogueRefused) as refusal:
        load_version(sheet(rules=[RULE]))
    assert str(refusal.value) == (
        "Nội dung của THU-2026 trong cơ sở dữ liệu không còn khớp mã băm khi công bố:"
        " đã có ai sửa ngoài hệ thống. Hãy khôi phục từ bản sao lưu."
    )
    assert everything() == before


def test_what_a_published_form_measures_stays_what_it_is(tmp_path: Path) -> None:
    path = load_and_return(tmp_path)
    text = path.read_text(encoding="utf-8")
    before = everything()
    path.write_text(
        text.replace("Tên thu.tong_so,,count", "Tên thu.tong_so,,amount"), encoding="utf-8"
    )
    with pytest.raises(CommandError) as refusal:
        load(tmp_path)
    assert str(refusal.value) == (
        "Không đổi được loại số liệu của chỉ tiêu mà biểu đã công bố dùng:"
        " thu.tong_so: «count» → «amount». Hãy lập chỉ tiêu mới với mã khác."
    )
    assert everything() == before


def test_an_indicator_may_be_named_better(tmp_path: Path) -> None:
    path = load_and_return(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Tên thu.tong_so", "Tổng số hồ sơ"), encoding="utf-8")
    assert load(tmp_path).endswith("1 chỉ tiêu mới hoặc thay đổi.\n")
    assert Indicator.objects.get(code="thu.tong_so").name == "Tổng số hồ sơ"


def load_and_return(folder: Path) -> Path:
    """Load a small catalogue; return the path of its indicators."""
    load(write_catalogue(folder, sheet()))
    return folder / "indicators.csv"


def test_a_head_too_long_for_its_column_is_refused(tmp_path: Path) -> None:
    before = everything()
    with pytest.raises(CommandError) as refusal:
        load(write_catalogue(tmp_path, head(edition="x" * 41)))
    assert str(refusal.value).startswith("THU-2026/version.toml: edition: ")
    assert everything() == before


def test_two_versions_of_one_form_share_it(tmp_path: Path) -> None:
    load(write_catalogue(tmp_path, sheet(), head(code="THU-2027", edition="2027")))
    versions = FormVersion.objects.filter(form__code="THU").order_by("code")
    assert [version.code for version in versions] == ["THU-2026", "THU-2027"]


@pytest.mark.parametrize("code", REAL)
def test_reading_the_real_folders_gives_what_is_stored(code: str) -> None:
    assert written(form(code)) == read_version(FOLDER / code)


# Functions and links


def test_functions_are_added_and_what_an_administrator_named_stays() -> None:
    line = {"code": "thu", "name": "Việc thử", "called": "Sở Thử|Sở Thử nghiệm"}
    assert load_functions([line]) == 1
    assert load_functions([line]) == 0
    Function.objects.filter(code="thu").update(name="Việc của tỉnh", called="Sở Thử")
    assert load_functions([line, {**line, "code": "hai"}]) == 1
    found = Function.objects.values_list("code", "name", "called")
    assert set(found.filter(code__in=["thu", "hai"])) == {
        ("thu", "Việc của tỉnh", "Sở Thử"),
        ("hai", "Việc thử", "Sở Thử|Sở Thử nghiệm"),
    }


@pytest.mark.parametrize(
    ("column", "text"), [("code", "có dấu"), ("name", ""), ("name", "x" * 121)]
)
def test_a_bad_function_is_refused(column: str, text: str) -> None:
    before = everything()
    good = {"code": "thu", "name": "Việc thử", "called": ""}
    with pytest.raises(CatalogueRefused, match=rf"^functions\.csv có 1 lỗi: dòng 2, {column}: "):
        load_functions([good, {**good, "code": "hai", column: text}])
    assert everything() == before


LINK = {
    "older": "thu.tong_so",
    "newer": "thu.dung_han",
    "change": "renamed",
    "meaning": "same",
    "note": "",
}


def test_links_are_added_once_and_said_otherwise() -> None:
    load_indicators(indicator_lines())
    assert load_links([LINK]) == 1
    assert load_links([LINK]) == 0
    assert load_links([{**LINK, "meaning": "break", "note": "Cách tính khác"}]) == 1
    link = IndicatorLink.objects.get(older__code="thu.tong_so")
    assert (link.newer.code, link.change, link.meaning, link.note) == (
        "thu.dung_han",
        "renamed",
        "break",
        "Cách tính khác",
    )


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("older", "thu.la"),
        ("newer", "thu.la"),
        ("newer", "thu.tong_so"),
        ("change", "moved"),
        ("meaning", ""),
    ],
)
def test_a_bad_link_is_refused(column: str, text: str) -> None:
    load_indicators(indicator_lines())
    before = everything()
    with pytest.raises(CatalogueRefused, match=r"^links\.csv có 1 lỗi: dòng 1"):
        load_links([{**LINK, column: text}])
    assert everything() == before


def test_a_link_to_no_indicator_says_which() -> None:
    load_indicators(indicator_lines())
    with pytest.raises(CatalogueRefused) as refusal:
        load_links([{**LINK, "newer": "thu.la"}])
    assert str(refusal.value) == "links.csv có 1 lỗi: dòng 1: Không có «thu.la»."
