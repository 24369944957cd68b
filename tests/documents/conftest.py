"""Appendices rendered once, however many tests read them."""

import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from reporting.documents.formats import FORMATS
from reporting.printing.appendix import Appendix
from tests.golden import Filed

Render = Callable[[str, str], bytes]
Pdf = Callable[[str], Path]


@pytest.fixture(scope="session")
def appendices(filed: Mapping[str, Filed], round_appendix: Appendix) -> Mapping[str, Appendix]:
    """The five filed forms by their seed, and a round's table as "round"."""
    return {seed: form.appendix for seed, form in filed.items()} | {"round": round_appendix}


@pytest.fixture(scope="session")
def rendered(appendices: Mapping[str, Appendix]) -> Render:
    """Give the bytes of an appendix in a format."""
    return cache(lambda name, extension: FORMATS[extension].render(appendices[name]))


@pytest.fixture(scope="session")
def pdf_file(rendered: Render, tmp_path_factory: pytest.TempPathFactory) -> Pdf:
    """Give an appendix as a PDF file, for the tools that read files only."""
    folder = tmp_path_factory.mktemp("pdf")

    def file(name: str) -> Path:
        path = folder / f"{name}.pdf"
        if not path.exists():
            path.write_bytes(rendered(name, "pdf"))
        return path

    return file


def poppler(program: str, *arguments: str | Path) -> str:
    """Run one of poppler's programs and return what it prints."""
    done = subprocess.run(
        [program, *map(str, arguments)], capture_output=True, check=True, text=True
    )
    return done.stdout
