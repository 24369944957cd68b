"""Loading the catalogue: all or nothing, again without effect, never over what is published."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from indicators.actions.versions import CatalogueRefused, load_version, written
from indicators.catalogue import VersionSheet, read_version
from indicators.models import Form, FormVersion, Indicator, Row
from tests.cast import form
from tests.indicators.sheets import head, rows, sheet, write_catalogue

pytestmark = pytest.mark.django_db


def load(folder: Path) -> str:
    """Run the command on ``folder``; return what it says."""
    out = StringIO()
    call_command("load_catalogue", folder=folder, stdout=out)
    return out.getvalue()


def everything() -> list[object]:
    """Return the whole catalogue as values, to see that nothing has changed."""
    tables = (Indicator, Form, FormVersion, Row)
    return [list(model._default_manager.order_by("pk").values()) for model in tables]


def test_loading_publishes_the_version_under_its_hash(tmp_path: Path) -> None:
    assert load(write_catalogue(tmp_path, sheet())) == (
        "Danh mục: 1 phiên bản biểu mẫu (1 mới), 4 chỉ tiêu mới hoặc thay đổi.\n"
    )
    version = form("THU-2026")
    assert version.status == "published"
    assert version.content_hash == sheet().content_hash
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
    folder = Path(settings.BASE_DIR) / "fixtures" / "catalogue"
    assert load(folder) == (
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
    write_catalogue(tmp_path, VersionSheet(sheet().head, changed))
    with pytest.raises(CommandError) as refusal:
        load(tmp_path)
    assert "khác bản đã công bố ở 10 chỗ: dòng 1, stt: «1.» → «9.»" in str(refusal.value)
    assert "; và 5 chỗ nữa. Muốn thay đổi" in str(refusal.value)


def test_a_changed_head_is_refused_too(tmp_path: Path) -> None:
    load(write_catalogue(tmp_path, sheet()))
    with pytest.raises(CatalogueRefused) as refusal:
        load_version(head(title="TIÊU ĐỀ KHÁC"))
    assert "title: «THỐNG KÊ {PERIOD} CỦA {AGENCY}» → «TIÊU ĐỀ KHÁC»" in str(refusal.value)


def test_a_retired_version_is_as_frozen_as_a_published_one(tmp_path: Path) -> None:
    load(write_catalogue(tmp_path, sheet()))
    FormVersion.objects.filter(code="THU-2026").update(status="retired")
    with pytest.raises(CatalogueRefused):
        load_version(sheet("1.1.a", "label", "- Tất cả"))
    assert load_version(sheet()) is False
    assert form("THU-2026").status == "retired"


def test_a_draft_may_change_until_it_is_published(tmp_path: Path) -> None:
    load(write_catalogue(tmp_path, sheet()))
    FormVersion.objects.filter(code="THU-2026").update(status="draft")
    changed = sheet("1.1.a", "label", "- Tất cả")
    assert load_version(changed) is True
    assert written(form("THU-2026")) == changed
    assert form("THU-2026").status == "published"


def test_one_bad_file_of_several_leaves_nothing_of_the_others(tmp_path: Path) -> None:
    good = head(code="A-2026", form="A")
    before = everything()
    write_catalogue(tmp_path, good, sheet("1.1", "formula", "percent([1.1.b], [9])"))
    with pytest.raises(CommandError) as refusal:
        load(tmp_path)
    assert str(refusal.value) == ("THU-2026 có 1 lỗi: dòng 2 (1.1): công thức gọi dòng không có: 9")
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
        "THU-2026 có 1 lỗi: dòng 3 (1.1.a): chỉ tiêu «thu.la» không có trong danh mục"
    )
    assert everything() == before


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    spoilt = rows()
    for row in spoilt:
        row["emphasis"] = "red"
    spoilt[4]["reporter"] = ""
    write_catalogue(tmp_path, VersionSheet(sheet().head, spoilt))
    with pytest.raises(CommandError) as refusal:
        load(tmp_path)
    # Five unknown emphases, and one reporter that is not there.
    assert str(refusal.value).startswith(
        "THU-2026 có 6 lỗi: dòng 1 (1): emphasis «red» không có trong , bold, italic; dòng 2"
    )
    assert str(refusal.value).endswith("; và 1 chỗ nữa")


def test_an_indicator_of_unknown_kind_is_refused(tmp_path: Path) -> None:
    before = everything()
    path = write_catalogue(tmp_path, sheet()) / "indicators.csv"
    path.write_text("code,name,unit,kind\nthu.la,Lạ,,number\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"^indicators\.csv có 1 lỗi: dòng 1: "):
        load(tmp_path)
    assert everything() == before


@pytest.mark.parametrize(
    ("key", "column", "longest"),
    [("1.1.a", "stt", 20), ("1.1.a", "unit", 200), ("1.2", "reporter", 30)],
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


def test_a_store_that_was_tampered_with_is_told(tmp_path: Path) -> None:
    load(write_catalogue(tmp_path, sheet()))
    Row.objects.filter(version__code="THU-2026", key="1.1.a").update(label="- Sửa lén")
    with pytest.raises(CommandError) as refusal:
        load(tmp_path)
    assert str(refusal.value) == (
        "Nội dung của THU-2026 trong cơ sở dữ liệu không còn khớp mã băm khi công bố:"
        " đã có ai sửa ngoài hệ thống. Hãy khôi phục từ bản sao lưu."
    )


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


def test_reading_the_real_folders_gives_what_is_stored() -> None:
    for folder in sorted(Path(settings.BASE_DIR).glob("fixtures/catalogue/*/")):
        assert written(form(folder.name)) == read_version(folder)
