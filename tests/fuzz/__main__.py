"""Send the portal what no honest browser sends, for some minutes, and judge every answer.

    python -m tests.fuzz [--seconds 180] [--seed 1] [--only NUMBER]

Every address of the resolver, every method, and every name that the portal's own code looks for, as
each of the people of a small province and as nobody. Prints how many requests had which answer and
which cost most; what is wrong is printed with its number, by which ``--only`` sends it again. Ends
with 1 where anything is wrong. The data live in a database of their own.
"""

import argparse
import logging
import os
import sys
import tempfile
from time import monotonic

FOLDER = tempfile.TemporaryDirectory(prefix="cchc-fuzz-")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/fuzz.sqlite3")
os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from django.core.management import call_command
from django.test.utils import setup_test_environment

import cchc_portal.wsgi  # noqa: F401 - starts the portal as the server does
from tests.fuzz.running import Fuzz
from tests.fuzz.world import build


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    said = parser.parse_args()
    logging.disable()
    setup_test_environment(debug=False)
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", stdout=sys.stderr)
    fuzz = Fuzz(build(), said.seed, pages=2, is_timed=True)
    fuzz.crawl()
    found, number, until = fuzz.asked, 0, monotonic() + said.seconds
    if said.only is not None:
        fuzz.attack(said.only)
    while said.only is None and monotonic() < until:
        fuzz.attack(number)
        number += 1
    print(f"{len(fuzz.examples)} addresses, {found} pages looked at, {fuzz.asked - found} attacks")
    print("answers: " + ", ".join(f"{n} x {status}" for status, n in sorted(fuzz.statuses.items())))
    print("most work:")
    for seconds, asked in fuzz.slowest:
        print(f"  {seconds:5.2f} s  {asked[:160]}")
    for fault in fuzz.found.values():
        print(f"\nWRONG  {fault}")
    print(f"\n{len(fuzz.found)} things wrong (seed {said.seed})")
    return 1 if fuzz.found else 0


if __name__ == "__main__":
    sys.exit(main())
