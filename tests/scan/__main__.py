"""Let wapiti and sqlmap look for holes in a served portal, as people signed in and as nobody.

    python -m tests.scan [--seconds 60]

Prints what they find; what is meant to be so is told with its reason. Ends with 1 where anything
else is found, or where a scanner did not do its work. Loopback only, on a database of its own.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

FOLDER = tempfile.TemporaryDirectory(prefix="cchc-scan-")
DIRECTORY = Path(FOLDER.name)
DATABASE = f"sqlite:///{DIRECTORY}/scan.sqlite3"
os.environ["DATABASE_URL"] = DATABASE
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from django.core.management import call_command

import cchc_portal.wsgi  # noqa: F401 - starts the portal as the server does
from tests.fuzz.world import ANONYMOUS, build
from tests.served import ROOT, Portal

SCANNERS = ROOT / ".venv-scan" / "bin"
MODULES = "cookieflags,csp,http_headers,crlf,csrf,exec,file,redirect,sql,xss,permanentxss"
# Who is not let in sees the pages of signing in alone, and nothing of the portal is looked at.
LEAST_PAGES = 40
# Words of a finding, and why it is none.
MEANT = {
    "HttpOnly flag is not set in the cookie : csrftoken": "an open sheet sends it back by script",
    "Secure flag is not set": "served without HTTPS here; HTTPS=on sets it",
}
STARTS: Mapping[str, str] = {
    ANONYMOUS: "/kiem-chung/?ma=a",
    "hanh": "/dot/MH-QUY/",
    "hoa": "/bao-cao/",
    "mai": "/bieu-mau/",
    "quantri": "/quan-tri/",
}
ASKED = (
    ("hanh", "/nhat-ky/?tim=a&loai=b&tu=c&den=d"),
    ("hanh", "/dot/MH-QUY/?tim=a&trang-thai=b"),
    ("hanh", "/dot/MH-QUY/bang-so/?bieu=a&dong=b&xep=c"),
    ("hanh", "/don-vi/?tim=a&loai=b"),
    ("mai", "/chi-tieu/?tim=a"),
    (ANONYMOUS, "/kiem-chung/?ma=a"),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.scan")
    parser.add_argument("--seconds", type=int, default=60, help="for each of five people")
    seconds = parser.parse_args().seconds
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0, stdout=sys.stderr)
    sessions = {
        who: "; ".join("=".join(one) for one in cookies.items())
        for who, cookies in build().cookies.items()
    }
    portal = Portal(DIRECTORY, DATABASE, DEBUG="off")
    portal.run("manage.py", "collectstatic", "--noinput", "-v0")
    portal.start()
    try:
        found = [
            *(one for who in STARTS for one in walked(portal, who, sessions[who], seconds)),
            *(one for who, path in ASKED for one in injected(portal, path, sessions[who])),
        ]
    finally:
        portal.stop()
    wrong = [one for one in found if not any(words in one for words in MEANT)]
    for words, reason in MEANT.items():
        print(f"meant  {sum(words in one for one in found)} x {words}: {reason}")
    for one in wrong:
        print(f"WRONG  {one}")
    print(f"{len(wrong)} things found")
    return 1 if wrong else 0


def walked(portal: Portal, who: str, session: str, seconds: int) -> Iterator[str]:
    """Yield what wapiti finds by walking and attacking for so long as this person."""
    report = DIRECTORY / f"{who or 'nobody'}.json"
    command: list[str | Path] = [
        SCANNERS / "wapiti", "-u", portal.address + STARTS[who], "--scope", "domain",
        "-m", MODULES, "--max-scan-time", str(seconds // 2),
        "--max-attack-time", str(max(seconds // 2 // len(MODULES.split(",")), 2)),
        "-x", f"{portal.address}/dang-xuat/", "--flush-session", "--no-bugreport",
        "--store-session", DIRECTORY, "--store-config", DIRECTORY,
        "-f", "json", "-o", report,
    ]  # fmt: skip
    if session:
        # Not with --drop-set-cookie, which drops this one too.
        command += ["-C", session]
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, check=False, capture_output=True, timeout=seconds * 2)
    if not report.exists():
        yield f"wapiti left no report of {who or 'nobody'}"
        return
    told = json.loads(report.read_text(encoding="utf-8"))
    print(f"wapiti as {who or 'nobody'}: {told['infos']['crawled_pages_nbr']} pages", flush=True)
    if session and told["infos"]["crawled_pages_nbr"] < LEAST_PAGES:
        yield f"wapiti was not let in as {who}"
    for kind in ("vulnerabilities", "anomalies"):
        for name, cases in told[kind].items():
            for one in cases:
                yield f"{name}: {one['method']} {one['path']} {one['parameter']} {one['info']}"


def injected(portal: Portal, path: str, session: str) -> Iterator[str]:
    """Yield what sqlmap makes of the parameters of an address."""
    command: list[str | Path] = [
        SCANNERS / "sqlmap", "-u", portal.address + path, "--batch", "--smart", "--level", "2",
        "--output-dir", DIRECTORY / "sqlmap", "--disable-coloring", "--ignore-code", "*",
    ]  # fmt: skip
    if session:
        command += ["--cookie", session, "--skip", "sessionid"]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        yield f"sqlmap did not end at {path}"
        return
    tested = done.stdout.count("testing if GET parameter")
    print(f"sqlmap at {path}: {tested} parameters", flush=True)
    if "identified the following injection point" in done.stdout:
        yield f"sqlmap: {path}: {done.stdout[-600:]}"
    elif not tested:
        yield f"sqlmap did not test {path}: {done.stdout[-300:]}"


if __name__ == "__main__":
    sys.exit(main())
