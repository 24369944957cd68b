"""Attached files are on the disk before anything says that they are there."""

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from cchc_portal.storage import AttachedFiles


def test_a_file_and_every_folder_that_leads_to_it_are_written_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        written.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    name = AttachedFiles(location=tmp_path).save("minh-chung/2026/a.pdf", ContentFile(b"%PDF"))
    assert (tmp_path / name).read_bytes() == b"%PDF"
    folder = tmp_path / "minh-chung"
    assert written == [folder / "2026" / "a.pdf", folder / "2026", folder, tmp_path]
