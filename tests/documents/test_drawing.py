"""Appendices rendered by processes of their own: real ones, some of them killed."""

import errno
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from pypdf import PdfReader

from reporting.documents.drawing import NotDrawn, ProcessKilled, draw, drawn
from tests.reporting.books_by_hand import works

NAMES = [f"Đơn vị {number}" for number in range(12)]


def test_each_is_rendered_by_another_process_onto_its_place(tmp_path: Path) -> None:
    asked = works(tmp_path, *NAMES[:3])
    found = list(drawn(asked, within=tmp_path))
    assert {one.work.name for one in found} == set(NAMES[:3])
    for work in asked:
        assert work.name.upper() in " ".join(PdfReader(work.place).pages[0].extract_text().split())
    assert all(one.most_memory > 10_000_000 for one in found)
    assert {path.name for path in tmp_path.iterdir()} == {"rendered"}
    assert multiprocessing.active_children() == []


def test_without_work_no_process_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reporting.documents.drawing.get_context", None)
    assert list(drawn([], within=tmp_path)) == []
    with pytest.raises(TypeError):
        list(drawn(works(tmp_path, *NAMES), within=tmp_path))


def test_a_killed_process_is_told_and_leaves_no_half_file(tmp_path: Path) -> None:
    asked = works(tmp_path, *NAMES)
    found = drawn(asked, within=tmp_path)
    next(found)
    os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)
    with pytest.raises(ProcessKilled):
        list(found)
    there = [work.place for work in asked if work.place.exists()]
    assert 0 < len(there) < len(asked)
    assert all(PdfReader(place).pages for place in there)
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("after", [0, 0.005, 0.02, 0.05, 0.1])
def test_a_process_killed_while_another_is_being_begun_is_told_like_any(
    tmp_path: Path, after: float
) -> None:
    def kill() -> None:
        while not (children := multiprocessing.active_children()):
            time.sleep(0.001)
        time.sleep(after)
        os.kill(children[0].pid or 0, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(ProcessKilled):
        list(drawn(works(tmp_path, *NAMES[:4]), within=tmp_path))
    killer.join()
    assert multiprocessing.active_children() == []
    assert [path for path in tmp_path.iterdir() if path.name != "rendered"] == []


def test_appendices_larger_than_a_pipe_holds_keep_nobody_waiting(tmp_path: Path) -> None:
    def give_up(*_: object) -> NoReturn:
        raise TimeoutError

    [one] = works(tmp_path, "Sở Y tế", way="csv")
    large = replace(one.appendix, title="Phụ lục " * 200_000)
    asked = [replace(one, appendix=large, place=tmp_path / f"{number}.csv") for number in range(6)]
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(120)
    try:
        assert len(list(drawn(asked, within=tmp_path))) == len(asked)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert all(work.place.stat().st_size > 1_000_000 for work in asked)


def test_a_full_disk_is_told_by_its_number(tmp_path: Path) -> None:
    found = drawn(works(tmp_path, *NAMES), within=tmp_path)
    next(found)
    for child in multiprocessing.active_children():
        resource.prlimit(child.pid or 0, resource.RLIMIT_FSIZE, (1000, 1000))
    with pytest.raises(OSError) as told:  # noqa: PT011 - its number is looked at
        list(found)
    assert told.value.errno == errno.EFBIG
    assert {path.name for path in tmp_path.iterdir()} == {"rendered"}


def test_who_stops_listening_ends_the_processes(tmp_path: Path) -> None:
    asked = works(tmp_path, *NAMES)
    found = drawn(asked, within=tmp_path)
    next(found)
    found.close()
    assert multiprocessing.active_children() == []
    assert not asked[-1].place.exists()


def test_an_appendix_that_cannot_be_rendered_is_named(tmp_path: Path) -> None:
    [work] = works(tmp_path, "Sở Y tế")
    broken = replace(work, appendix=replace(work.appendix, lines=None))  # type: ignore[arg-type]
    with pytest.raises(NotDrawn, match=r"^Sở Y tế \("):
        draw(replace(broken, way="csv"), tmp_path)


ORPHANS = """
import multiprocessing, sys, time
from pathlib import Path
import django; django.setup()
from reporting.documents.drawing import drawn
from tests.reporting.books_by_hand import works
if __name__ == "__main__":
    found = drawn(works(Path(sys.argv[1]), *map(str, range(9))), within=Path(sys.argv[1]))
    next(found)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    time.sleep(60)
"""


def test_processes_end_when_who_began_them_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ORPHANS, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        children = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(children) == 2
    until = time.monotonic() + 20
    while alive := [pid for pid in children if _is_alive(pid)]:
        assert time.monotonic() < until, alive
        time.sleep(0.1)


def _is_alive(pid: int) -> bool:
    """Say whether a process runs; one that has ended and that nobody has asked about does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
