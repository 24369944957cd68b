"""The shelf: whole files or none, cleared by age and size."""

import errno
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reporting.documents.shelf import Shelf, written_whole

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def put(path: Path, *, days_ago: int, size: int = 10) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    at = (NOW - timedelta(days=days_ago)).timestamp()
    os.utime(path, (at, at))
    return path


def test_a_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "rendered" / "ab" / "abc.pdf"
    with written_whole(place, within=tmp_path) as target:
        target.write(b"whole")
        target.flush()
        assert not place.exists()
    assert place.read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["rendered"]


def test_what_goes_wrong_leaves_nothing_and_what_was_there_stays(tmp_path: Path) -> None:
    place = put(tmp_path / "books" / "a.pdf", days_ago=1)
    with pytest.raises(TypeError), written_whole(place, within=tmp_path) as target:
        target.writelines([b"half", "no bytes"])  # type: ignore[list-item]
    assert place.read_bytes() == b"x" * 10
    assert [path.name for path in tmp_path.iterdir()] == ["books"]


FULL = """
import resource, sys
from pathlib import Path
from reporting.documents.shelf import written_whole
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    with written_whole(Path(sys.argv[1]) / "a.pdf", within=Path(sys.argv[1])) as target:
        target.write(b"x" * 100_000)
except OSError as fault:
    print(fault.errno)
"""


def test_a_disk_that_takes_no_more_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    """The kernel refuses to let a file grow, as a full disk does."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, check=True, text=True
    )
    assert int(done.stdout) == errno.EFBIG
    assert list(tmp_path.iterdir()) == []


def test_unfinished_work_is_cleared_at_its_end_and_before_it_begins_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(tmp_path / "unfinished" / "book-7" / "left", days_ago=0)
    put(tmp_path / "unfinished" / "book-8" / "anothers", days_ago=0)
    with shelf.unfinished("book-7") as folder:
        assert list(folder.iterdir()) == []
        (folder / "half").write_bytes(b"x")
    assert [path.name for path in (tmp_path / "unfinished").iterdir()] == ["book-8"]


def test_only_work_that_nobody_has_touched_for_long_is_taken_for_left_behind(
    tmp_path: Path,
) -> None:
    for name, days in (("old", 2), ("new", 0)):
        folder = put(tmp_path / "unfinished" / name / "half", days_ago=days).parent
        at = (NOW - timedelta(days=days)).timestamp()
        os.utime(folder, (at, at))
    Shelf(tmp_path).clear_unfinished(NOW - timedelta(days=1))
    assert [path.name for path in (tmp_path / "unfinished").iterdir()] == ["new"]


def test_what_is_long_unused_goes_then_the_longest_unused_of_what_is_too_much(
    tmp_path: Path,
) -> None:
    shelf = Shelf(tmp_path)
    places = {days: put(shelf.rendered(f"{days:02}a", "pdf"), days_ago=days) for days in range(5)}
    put(shelf.rendered("99a", "xlsx"), days_ago=99)
    gone = shelf.clear_rendered(NOW, unused_for=timedelta(days=30), most_bytes=35)
    assert gone == 3
    assert [days for days, place in places.items() if place.exists()] == [0, 1, 2]


def test_what_is_found_counts_as_in_use(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    place = put(shelf.rendered("aba", "pdf"), days_ago=99)
    assert shelf.found(place)
    assert not shelf.found(shelf.rendered("abb", "pdf"))
    assert shelf.clear_rendered(NOW, unused_for=timedelta(days=30), most_bytes=100) == 0
