"""The catalogue from its folder: loaded once, then only compared."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from indicators.models import FormVersion, Indicator, Row

pytestmark = pytest.mark.django_db

FOLDER = settings.BASE_DIR / "fixtures" / "catalogue"


def load(folder: Path | None = None) -> str:
    out = StringIO()
    call_command("load_catalogue", *(["--folder", str(folder)] if folder else []), stdout=out)
    return out.getvalue()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The catalogue in a folder of its own, to be changed."""
    return Path(shutil.copytree(FOLDER, tmp_path / "catalogue"))


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_five_forms_are_published_with_all_their_rows() -> None:
    assert {
        version.code: (version.rows.count(), version.status)
        for version in FormVersion.objects.all()
    } == {
        "PL2-KH-2022": (207, "published"),
        "PL2-KH-2021": (160, "published"),
        "PL1-GL-2023": (209, "published"),
        "BM7-2025": (25, "published"),
        "PL2-XA-QN-2022": (121, "published"),
    }
    assert Indicator.objects.count() == 301
    assert all(len(version.content_hash) == 64 for version in FormVersion.objects.all())


def test_loading_again_changes_nothing() -> None:
    before = list(Row.objects.values_list("pk", "key"))
    assert load() == ("Danh mục: 5 phiên bản biểu mẫu (0 mới), 0 chỉ tiêu mới hoặc thay đổi.\n")
    assert list(Row.objects.values_list("pk", "key")) == before


def test_a_new_form_in_the_folder_is_added(copy: Path) -> None:
    shutil.copytree(copy / "BM7-2025", copy / "BM7-2026")
    changed(copy / "BM7-2026" / "version.toml", '"BM7-2025"', '"BM7-2026"')
    assert load(copy).startswith("Danh mục: 6 phiên bản biểu mẫu (1 mới)")
    assert FormVersion.objects.get(code="BM7-2026").rows.count() == 25


def test_a_published_form_is_not_changed_and_the_difference_is_told(copy: Path) -> None:
    changed(copy / "BM7-2025" / "rows.csv", "Số lượng DVCTT toàn trình", "Số DVCTT toàn trình")
    with pytest.raises(CommandError) as refusal:
        load(copy)
    assert str(refusal.value).startswith("BM7-2025 đã công bố ngày ")
    assert "label: «Số lượng DVCTT toàn trình» → «Số DVCTT toàn trình»" in str(refusal.value)
    assert Row.objects.filter(label="Số lượng DVCTT toàn trình").exists()


def test_one_bad_form_keeps_everything_else_out_too(copy: Path) -> None:
    shutil.copytree(copy / "BM7-2025", copy / "BM7-2026")
    changed(copy / "BM7-2026" / "version.toml", '"BM7-2025"', '"BM7-2026"')
    shutil.copytree(copy / "BM7-2025", copy / "BM7-2027")
    changed(copy / "BM7-2027" / "version.toml", '"BM7-2025"', '"BM7-2027"')
    changed(copy / "BM7-2027" / "rows.csv", ",percent,", ",per cent,")
    with pytest.raises(CommandError, match=r"^BM7-2027 có .* lỗi: "):
        load(copy)
    assert not FormVersion.objects.filter(code="BM7-2026").exists()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^Không mở được tệp .*indicators\.csv: "):
        load(tmp_path / "nowhere")
