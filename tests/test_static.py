"""Static files as an installation collects and serves them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import storage
from django.core.management import call_command
from django.test import Client, override_settings
from pytest_django import Settings

from cchc_portal.storage import StaticFiles
from reporting.models import Submission, User
from tests.reporting.files_by_hand import attached, ended


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaticFiles]:
    """What collectstatic makes of the portal's and the packages' files."""
    folder = tmp_path_factory.mktemp("served") / "static"
    store = StaticFiles(location=folder)
    with override_settings(STATIC_ROOT=folder), pytest.MonkeyPatch.context() as patched:
        patched.setattr(storage.staticfiles_storage, "_wrapped", store)
        patched.setattr(
            "django.contrib.staticfiles.management.commands.collectstatic.staticfiles_storage",
            store,
        )
        call_command("collectstatic", interactive=False, verbosity=0)
        yield store


def test_scripts_import_each_other_under_the_names_of_their_contents(
    collected: StaticFiles,
) -> None:
    served = Path(collected.path(collected.stored_name("js/sheet.js"))).read_text(encoding="utf-8")
    imported = re.findall(r'from "\./([^"]+)"', served)
    assert len(imported) > 5
    for name in imported:
        assert re.fullmatch(r"[a-z]+\.[0-9a-f]{12}\.js", name)
        assert collected.exists(f"js/{name}")


def test_packages_scripts_are_served_as_they_are(collected: StaticFiles) -> None:
    name = "django_htmx/htmx-2.min.js"
    served = Path(collected.path(collected.stored_name(name))).read_bytes()
    assert served == Path(collected.path(name)).read_bytes()


@pytest.mark.parametrize(
    ("is_hashed", "kept"), [(True, "max-age=315360000, public, immutable"), (False, "max-age=60")]
)
def test_a_static_file_is_kept_as_long_as_its_name_says_and_taken_for_what_it_is(
    collected: StaticFiles, client: Client, is_hashed: bool, kept: str
) -> None:
    name = collected.stored_name("js/sheet.js") if is_hashed else "js/sheet.js"
    response = client.get(f"/static/{name}")
    assert b"".join(response) == Path(collected.path(name)).read_bytes()
    ended(response)
    assert response.status_code == 200
    said = response.headers
    assert said["Cache-Control"].startswith(kept)
    assert "no-store" not in said["Cache-Control"]
    assert said["Content-Type"].startswith("text/javascript")
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Referrer-Policy"] == said["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not response.cookies


def test_what_people_attached_has_no_address_but_its_own(
    report: Submission, hoa: User, client: Client, settings: Settings, tmp_path: Path
) -> None:
    """Whoever knows where it lies on the disk, or follows the folders from what is served."""
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path / "static", tmp_path / "media"
    settings.STATIC_ROOT.mkdir()
    file = attached(report)
    place = Path(settings.MEDIA_ROOT) / file.file.name
    assert place.is_file()
    name = place.relative_to(settings.MEDIA_ROOT)
    client.force_login(hoa)
    for path in (
        *(f"/{name}", f"/media/{name}", f"/static/{name}", f"/{place}", f"/static/{place}"),
        *(f"/static/{up}/media/{name}" for up in ("..", "%2e%2e", "..%2f..", ".%2e", "..%5c")),
        *(f"/static/../{up}/media/{name}" for up in ("..", "%2e%2e")),
    ):
        assert client.get(path).status_code == 404, path
    answer = client.get(f"/bao-cao/{report.pk}/tep/{file.pk}/")
    assert b"".join(answer) == place.read_bytes()
    ended(answer)
