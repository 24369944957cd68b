"""Derive a publication again and say where it differs.

    python -m tests.rederive --round MH-2026-Q3 --layout PL2-KH-2022 [--number N]

Reads the database of DATABASE_URL and writes nothing. Ends with 1 where anything differs.
"""

import argparse
import os
import sys
from collections.abc import Sequence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc_portal.settings")

import django

django.setup()

from tests.rederive.comparing import Comparison
from tests.rederive.tables import NotUnderstood


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Tính lại một bảng đã công bố.")
    parser.add_argument("--round", required=True, help="mã đợt")
    parser.add_argument("--layout", required=True, help="mã phiên bản biểu mẫu")
    parser.add_argument("--number", type=int, help="lần công bố; không ghi thì lần cuối")
    chosen = parser.parse_args(arguments)
    try:
        found = Comparison(chosen.round, chosen.layout, chosen.number)
    except NotUnderstood as error:
        print(error, file=sys.stderr)
        return 2
    for sentence in found.differences:
        print(sentence)
    figures = sum(len(one["figures"]) for one in found.published["reports"])
    print(
        f"{len(found.differences)} khác / {len(found.lines)} dòng"
        f" ({len(found.round.reports)} báo cáo, {figures} số liệu)"
    )
    return 1 if found.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
