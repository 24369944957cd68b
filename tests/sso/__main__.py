"""Sign in to the portal by a real provider of OpenID Connect.

    python -m tests.sso

Fetches npm's oidc-provider (certified by the OpenID Foundation) into a folder of its own, starts it
and the portal on loopback, and goes the ways of a browser: an account that is there, one that is
not, one that is shut, one's own name the second time, giving up, an answer played again, signing
out of both. What is forged is tried in tests/reporting/views/test_single_sign_on.py: a real
provider does not lie. Exits with 1 where anything is not as it should be, with 75 without npm.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import requests

from tests.served import Portal, free_port

PACKAGE = "oidc-provider@9.13.3"
HERE = Path(__file__).resolve().parent
ACCOUNTS = """
from django.core.management import call_command
from reporting.actions.agencies import enter_user
for name in ("hoa", "thu"):
    enter_user(username=name, full_name=name.capitalize(), password="minh-hoa-cchc", roles=[])
"""
FORM = re.compile(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
BOX = re.compile(r'<input[^>]*name="([^"]+)"(?:[^>]*value="([^"]*)")?')


class Browser:
    """Pages and forms, with cookies, in one person's browser."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.page = requests.Response()
        self.been: list[str] = []

    def go(self, address: str, posted: dict[str, str] | None = None) -> requests.Response:
        """Open an address, or post to it, and follow wherever that leads."""
        method = "GET" if posted is None else "POST"
        headers = {"Referer": self.page.url} if posted is not None else {}
        self.page = self.session.request(method, address, data=posted, headers=headers, timeout=30)
        self.been = [one.url for one in (*self.page.history, self.page)]
        return self.page

    def send(self, about: str, **typed: str) -> requests.Response:
        """Send the form of the page whose text says ``about``, with what is typed."""
        for action, inside in FORM.findall(self.page.text):
            if about in inside or about in action:
                boxes = {name: unescape(value) for name, value in BOX.findall(inside)}
                return self.go(urljoin(self.page.url, unescape(action)), boxes | typed)
        raise SystemExit(f"No form «{about}» on {self.page.url}:\n{self.page.text[:2000]}")

    def sign_in(self, portal: Portal, name: str) -> requests.Response:
        self.go(f"{portal.address}/dang-nhap/chung/?next=/thong-bao/")
        if "/interaction/" in self.page.url and 'name="login"' in self.page.text:
            self.send('name="login"', login=name, password="any")
        if "/interaction/" in self.page.url:
            self.send("consent")
        return self.page

    def is_in(self, portal: Portal) -> bool:
        account = f"{portal.address}/tai-khoan/"
        return self.session.get(account, allow_redirects=False, timeout=30).status_code == 200


def installed(folder: Path) -> None:
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    subprocess.run([*command, PACKAGE], check=True)
    shutil.copy(HERE / "provider.mjs", folder)


def tried(portal: Portal) -> dict[str, bool]:
    """Go each way; return what was to be seen on it."""
    hoa, stranger, thu = Browser(), Browser(), Browser()
    arrived = hoa.sign_in(portal, "hoa")
    came_back = next(one for one in hoa.been if "/tra-ve/" in one)
    seen = {
        "an account that is there is let in, to the page asked for": arrived.url
        == f"{portal.address}/thong-bao/"
        and hoa.is_in(portal),
        "an answer played again is not heard": hoa.go(came_back).status_code == 403,
    }
    refused = stranger.sign_in(portal, "nguoi-la")
    seen["a stranger gets a sentence and no account"] = (
        refused.status_code == 403
        and "không có tài khoản mang tên «nguoi-la»" in refused.text
        and not stranger.is_in(portal)
    )
    thu.sign_in(portal, "thu")
    _shell(portal, 'User.objects.filter(username="thu").update(is_active=False)')
    seen["an account that is shut ends at once, and stays out"] = not thu.is_in(portal)
    refused = thu.sign_in(portal, "thu")
    seen["…with a sentence"] = refused.status_code == 403 and "ngừng hoạt động" in refused.text
    given_up = Browser()
    given_up.go(f"{portal.address}/dang-nhap/chung/")
    [cancel] = re.findall(r'href="([^"]+/abort)"', given_up.page.text)
    refused = given_up.go(urljoin(given_up.page.url, cancel))
    seen["who gives up there is told so"] = "đã bấm hủy ở đó" in refused.text
    hoa.go(f"{portal.address}/thong-bao/")
    left = hoa.send("/dang-xuat/")
    asked_there = "/session/end" in left.url
    left = hoa.send("xsrf", logout="yes")
    seen["signing out signs out there, and comes back"] = asked_there and left.url.startswith(
        f"{portal.address}/dang-nhap/"
    )
    again = hoa.go(f"{portal.address}/dang-nhap/chung/")
    seen["…so that the next at this machine is asked who they are"] = 'name="login"' in again.text
    links = _shell(portal, "print(*Link.objects.values_list('user__username', 'subject'))")
    seen["who was let in is linked, and nobody else"] = (
        links.strip() == "('hoa', 'hoa') ('thu', 'thu')"
    )
    return seen


def _shell(portal: Portal, code: str) -> str:
    models = "from reporting.models import Link, User\n"
    return portal.run("manage.py", "shell", "--no-imports", "-c", models + code)


def main() -> int:
    if shutil.which("npm") is None:
        sys.stderr.write("There is no npm on this machine.\n")
        return os.EX_TEMPFAIL
    with tempfile.TemporaryDirectory(prefix="cchc-sso-") as name:
        folder, port = Path(name), free_port()
        installed(folder)
        issuer = f"http://127.0.0.1:{port}"
        portal = Portal(
            folder,
            f"sqlite:///{folder / 'portal.sqlite3'}",
            OIDC_ISSUER=issuer,
            OIDC_CLIENT_ID="cong",
            OIDC_CLIENT_SECRET="bi-mat-cua-cong",
        )
        portal.environment["PORTAL_URL"] = portal.address
        back = f"{portal.address}/dang-nhap/"
        provider = subprocess.Popen(
            ["node", "provider.mjs"],
            cwd=folder,
            env={**os.environ, "PORT": str(port), "BACK": f"{back}chung/tra-ve/", "LEFT": back},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert provider.stdout is not None
            provider.stdout.readline()
            portal.prepare()
            portal.run("manage.py", "shell", "--no-imports", "-c", ACCOUNTS)
            portal.start()
            seen = tried(portal)
        finally:
            provider.terminate()
            provider.wait()
            portal.stop()
    for what, is_so in seen.items():
        print(f"{'ok   ' if is_so else 'FAILS'} {what}")
    return 0 if all(seen.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
