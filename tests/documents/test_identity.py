"""The hash of an appendix: of all that it prints, and of nothing else."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from reporting.documents.drawing import WAYS
from reporting.printing.appendix import Appendix, Checks, Letterhead, Mark
from reporting.printing.identity import hash_of, hash_of_parts
from tests.reporting.books_by_hand import small_appendix

PLAIN = small_appendix("Sở Y tế")
FIRST = PLAIN.lines[0]
OTHERS = {
    "title": replace(PLAIN, title=PLAIN.title + " "),
    "figure": replace(
        PLAIN, lines=[replace(FIRST, figure=replace(FIRST.figure, text="7")), *PLAIN.lines[1:]]
    ),
    "order": replace(PLAIN, lines=PLAIN.lines[::-1]),
    "fewer": replace(PLAIN, lines=PLAIN.lines[:-1]),
    "across": replace(PLAIN, is_wide=True),
    "mark": replace(PLAIN, mark=Mark("K7QM", "https://thongke.example.vn/K7QM")),
    "letterhead": replace(PLAIN, letterhead=Letterhead("", "SỞ Y TẾ", "1/BC-SYT", "Minh Họa")),
    "checks": replace(PLAIN, checks=Checks((), {}, frozenset({"1.1"}))),
    "other checks": replace(PLAIN, checks=Checks((), {}, frozenset({"1.1", "1.2"}))),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=list(OTHERS))
def test_whatever_is_printed_otherwise_has_another_hash(other: Appendix) -> None:
    assert hash_of(other) != hash_of(PLAIN)
    assert len({hash_of(one) for one in OTHERS.values()}) == len(OTHERS)


def test_the_same_content_has_the_same_hash_whatever_holds_it() -> None:
    same = replace(small_appendix("Sở Y tế"), lines=tuple(PLAIN.lines))
    assert hash_of(same) == hash_of(PLAIN)


def test_two_processes_find_the_same_hash_though_their_sets_are_in_another_order() -> None:
    asked = frozenset(f"1.{number}" for number in range(40))
    program = (
        "from dataclasses import replace\n"
        "from reporting.printing.appendix import Checks\n"
        "from reporting.printing.identity import hash_of\n"
        "from tests.reporting.books_by_hand import small_appendix\n"
        f"asked = frozenset({sorted(asked)!r})\n"
        "print(hash_of(replace(small_appendix('Sở Y tế'), checks=Checks((), {}, asked))))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{program}"],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {hash_of(replace(PLAIN, checks=Checks((), {}, asked)))}


def test_where_one_text_ends_counts() -> None:
    assert hash_of_parts(["ab", "c"]) != hash_of_parts(["a", "bc"])
    assert hash_of_parts(["", "a"]) != hash_of_parts(["a"])


def test_there_is_a_way_to_render_every_format_and_the_leaves_of_a_book() -> None:
    assert set(WAYS) >= {"leaves", "pdf", "xlsx", "csv"}
