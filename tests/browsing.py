"""Somebody at a served portal with a browser, as far as HTTP goes: cookies, forms, files."""

import http.client
import re
import time
from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from reporting.models import User
from tests.served import Portal

Answer = tuple[int, bytes, str]  # status, content, where it leads


class Browser:
    """Keeps cookies as long as they are meant to be kept. ``portals`` answer by turns, as behind a
    proxy that spreads requests over several hosts."""

    def __init__(self, *portals: Portal) -> None:
        self.places = [urlsplit(portal.address).netloc for portal in portals]
        self.cookies: dict[str, str] = {}
        self.until: dict[str, float] = {}

    @classmethod
    def signed_in(cls, portal: Portal, person: User) -> "Browser":
        client = Client()
        client.force_login(person)
        browser = cls(portal)
        browser.cookies["sessionid"] = client.cookies["sessionid"].value
        return browser

    def get(self, address: str) -> bytes:
        status, content, _ = self.ask("GET", address)
        if status != 200:
            raise SystemExit(f"{address} answers {status}")
        return content

    def token_of(self, address: str) -> str:
        """Return what lets the forms of a page be posted."""
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(address).decode())
        if found is None:
            raise SystemExit(f"{address} has no form")
        return found[1]

    def ask(self, method: str, address: str, posted: Mapping[str, object] | None = None) -> Answer:
        """Ask for an address, posting a form that may hold files."""
        body = None if posted is None else encode_multipart(BOUNDARY, dict(posted))
        return self.send(method, address, body, MULTIPART_CONTENT)

    def send(
        self,
        method: str,
        address: str,
        body: bytes | None,
        content_type: str,
        more: Mapping[str, str] | None = None,
    ) -> Answer:
        self.places.append(place := self.places.pop(0))
        server = http.client.HTTPConnection(place, timeout=60)
        headers = {"Cookie": self._cookies(), **(more or {})}
        if body is not None:
            headers["Content-Type"] = content_type
        server.request(method, address, body, headers)
        response = server.getresponse()
        content = response.read()
        self._keep(response.headers.get_all("Set-Cookie") or [])
        server.close()
        return response.status, content, response.headers.get("Location", "")

    def _cookies(self) -> str:
        now = time.monotonic()
        kept = [name for name in self.cookies if self.until.get(name, now) >= now]
        return "; ".join(f"{name}={self.cookies[name]}" for name in kept)

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if age := morsel["max-age"]:
                    self.until[name] = time.monotonic() + int(age)
