"""The catalogue from its folder: loaded once, then only compared."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from indicators.models import (
    FormVersion,
    Function,
    Indicator,
    IndicatorLink,
    Row,
    Rule,
    VersionEvent,
)

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


def test_every_form_has_its_publishing_on_the_record() -> None:
    assert {
        (event.version.code, event.act, event.by, event.via)
        for event in VersionEvent.objects.select_related("version")
    } == {(version.code, "publish", None, "folder") for version in FormVersion.objects.all()}


def test_functions_come_with_the_names_that_papers_use() -> None:
    assert Function.objects.get(code="noi_vu").name == "Nội vụ"
    assert "Sở TT&TT" in Function.objects.get(code="tttt").called.split("|")


def test_functions_links_and_rules_are_read_where_there_are_any(copy: Path) -> None:
    (copy / "functions.csv").write_text("code,name,called\nthu,Việc thử,Sở Thử\n", encoding="utf-8")
    older, newer = sorted(Indicator.objects.values_list("code", flat=True))[:2]
    (copy / "links.csv").write_text(
        f"older,newer,change,meaning,note\n{older},{newer},merged,break,Để thử\n",
        encoding="utf-8",
    )
    shutil.copytree(copy / "BM7-2025", copy / "BM7-2026")
    changed(copy / "BM7-2026" / "version.toml", '"BM7-2025"', '"BM7-2026"')
    (copy / "BM7-2026" / "rules.csv").write_text(
        "code,severity,condition,missing,sentence,instruction\n"
        "thu,warning,[4.4.2] <= [4.4.1],,Phần lớn hơn tổng.,Xem lại.\n",
        encoding="utf-8",
    )
    load(copy)
    assert Function.objects.get(code="thu").called == "Sở Thử"
    assert IndicatorLink.objects.get(older__code=older, newer__code=newer).note == "Để thử"
    assert [rule.condition for rule in Rule.objects.filter(version__code="BM7-2026")] == [
        "[4.4.2] <= [4.4.1]"
    ]


@pytest.mark.parametrize("name", ["functions.csv", "links.csv"])
def test_a_catalogue_may_have_no_functions_and_no_links(copy: Path, name: str) -> None:
    (copy / name).unlink(missing_ok=True)
    assert load(copy).startswith("Danh mục: 5 phiên bản biểu mẫu (0 mới)")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "functions.csv",
            "code,name\nthu,Việc thử\n",
            "functions.csv: cột phải là code, name, called",
        ),
        ("functions.csv", "code,name,called\nthu,,\n", "functions.csv có 1 lỗi: dòng 1, name: "),
        (
            "links.csv",
            "older,newer,change,meaning,note\nla,lung,merged,break,\n",
            "links.csv có 1 lỗi: dòng 1: Không có «la».",
        ),
    ],
)
def test_a_bad_list_beside_the_forms_stops_everything(
    copy: Path, name: str, text: str, sentence: str
) -> None:
    shutil.copytree(copy / "BM7-2025", copy / "BM7-2026")
    changed(copy / "BM7-2026" / "version.toml", '"BM7-2025"', '"BM7-2026"')
    (copy / name).write_text(text, encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        load(copy)
    assert sentence in str(refusal.value)
    assert not FormVersion.objects.filter(code="BM7-2026").exists()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^Không mở được tệp .*indicators\.csv: "):
        load(tmp_path / "nowhere")
