"""Static files as an installation collects and serves them."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import storage
from django.core.management import call_command
from pytest_django import Settings

from cchc_portal.storage import StaticFiles


@pytest.fixture
def collected(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> StaticFiles:
    """What collectstatic makes of the portal's and the packages' files."""
    settings.STATIC_ROOT = tmp_path
    store = StaticFiles(location=tmp_path)
    monkeypatch.setattr(storage.staticfiles_storage, "_wrapped", store)
    monkeypatch.setattr(
        "django.contrib.staticfiles.management.commands.collectstatic.staticfiles_storage", store
    )
    call_command("collectstatic", interactive=False, verbosity=0)
    return store


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
