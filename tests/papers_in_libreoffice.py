"""Let LibreOffice open the Excel and Word files of real appendices, compute anew, and save them.

    python -m tests.papers_in_libreoffice

The five papers as they were filed, a province's table and two reports that compute their rates,
each as an appendix and as a whole document across. Every STT, label, unit, figure and remark that
LibreOffice saves is compared with the appendix, and so are the names of the cells. The data live in
a database of their own that is removed at the end. Exits with 1 where something differs, with 75
(EX_TEMPFAIL) where there is no LibreOffice.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

FOLDER = tempfile.TemporaryDirectory(prefix="cchc-papers-")
os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER.name}/papers.sqlite3"
os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command
from openpyxl import load_workbook

from reporting.documents.files import appendix_of_round, appendix_of_submission
from reporting.documents.formats import FORMATS
from reporting.printing.appendix import Appendix, Letterhead, Line, Mark, Paper, on_paper
from tests import cast
from tests.documents.readers import Read, excel_rows, word_rows
from tests.documents.test_contract import in_excel, in_word
from tests.golden import SEEDS, approved_round, entered
from tests.with_libreoffice import ALWAYS, MOST_TOLD

HEAD = Letterhead("UBND TỈNH MINH HỌA", "SỞ CÔNG THƯƠNG", "Số: 12/BC-SCT", "Minh Họa, hôm nay")
MARK = Mark("K7QM-3XWP", "https://portal.example/kiem-chung/K7QM-3XWP/")
Reader = Callable[[bytes, int], Sequence[Read]]
# How each format is read back, and what it should say of a line.
READERS: Mapping[str, tuple[Reader, Callable[[Line], Read]]] = {
    "xlsx": (excel_rows, in_excel),
    "docx": (lambda content, _: word_rows(content), in_word),
}


def main() -> int:
    program = shutil.which("soffice")
    if program is None:
        sys.stderr.write("papers_in_libreoffice: no soffice on this machine.\n")
        return os.EX_TEMPFAIL
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", stdout=sys.stderr)
    papers = dict(appendices())
    different: list[str] = []
    for extension in READERS:
        folder = Path(FOLDER.name) / extension
        found = saved_again(program, folder, papers, extension)
        for name in papers:
            different += differences(name, papers, found, extension)
    cells = 5 * sum(len(appendix.lines) for appendix in papers.values())
    formulas = sum(bool(line.computed) for one in papers.values() for line in one.lines)
    told = (
        f"{len(different)} differences in {cells} cells of {len(papers)} workbooks, {formulas} of"
        f" them formulas, and in as many cells of {len(papers)} Word files."
    )
    sys.stdout.write("\n".join((*different[:MOST_TOLD], told, "")))
    return 1 if different else 0


def appendices() -> Iterator[tuple[str, Appendix]]:
    """Yield each appendix by its name, and once more as a whole document across."""
    for name, appendix in bare():
        yield name, appendix
        whole = on_paper(appendix, Paper(is_document=True, is_wide=True), HEAD)
        yield f"{name}-van-ban", replace(whole, mark=MARK)


def bare() -> Iterator[tuple[str, Appendix]]:
    for number, seed in enumerate(SEEDS):
        yield seed, entered(number, seed).appendix
    round_ = approved_round()
    yield "tinh", appendix_of_round(round_, cast.form("PL2-KH-2022"))
    reports = round_.submissions.filter(form_version__code="PL2-KH-2022").order_by("pk")
    for number, report in enumerate(reports):
        yield f"bao-cao-{number}", appendix_of_submission(cast.stored(report))


def saved_again(
    program: str, folder: Path, papers: Mapping[str, Appendix], extension: str
) -> Mapping[str, bytes]:
    """Return each file as LibreOffice saves it, with everything in it computed."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    paths = {name: folder / f"{name}.{extension}" for name in papers}
    for name, path in paths.items():
        path.write_bytes(FORMATS[extension].render(papers[name]))
    target = folder / "out"
    how = ("--convert-to", extension, "--outdir", str(target))
    home = f"-env:UserInstallation={profile.parent.as_uri()}"
    subprocess.run(
        [program, "--headless", home, *how, *map(str, paths.values())],
        check=True,
        capture_output=True,
    )
    return {name: (target / path.name).read_bytes() for name, path in paths.items()}


def differences(
    name: str, papers: Mapping[str, Appendix], found: Mapping[str, bytes], extension: str
) -> Iterator[str]:
    appendix = papers[name]
    reader, wanted_of = READERS[extension]
    read = reader(found[name], len(appendix.lines))
    if len(read) != len(appendix.lines):
        yield f"{name}.{extension}: {len(read)} rows instead of {len(appendix.lines)}"
    for line, row in zip(appendix.lines, read, strict=False):
        wanted = wanted_of(line)
        if row.unbroken != wanted.unbroken:
            yield f"{name}.{extension}, [{line.key}]: {row} instead of {wanted}"
    if extension == "xlsx" and names(found[name]) != names(FORMATS["xlsx"].render(appendix)):
        yield f"{name}.xlsx: other names of cells"


def names(content: bytes) -> Mapping[str, str]:
    """Return the cell of each name; programs quote sheets each in their own way."""
    book = load_workbook(BytesIO(content))
    return {
        name: defined.attr_text.replace("'", "")
        for name, defined in book.defined_names.items()
        if name.startswith("CT_")
    }


if __name__ == "__main__":
    sys.exit(main())
