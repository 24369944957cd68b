"""What an installation says in its environment: read strictly, all that is wrong told at once."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ON = ("on", "true", "yes", "1")
OFF = ("off", "false", "no", "0")
SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
DATABASES = ("sqlite", "postgres", "postgresql")
LONGEST_SHOWN = 60

T = TypeVar("T")


class Environment:
    """Variables by name; one that is empty counts as not given.

    What cannot be meant is kept as a fault and answered with the default, so that whoever sets up
    an installation reads all faults at once (``refuse_faults``) and not one at each start.

    >>> said = Environment({"HTTPS": "yess", "EVIDENCE_MAX_MB": "many", "PORTAL_URL": ""})
    >>> said.flag("HTTPS", default=False), said.number("EVIDENCE_MAX_MB", 20, least=1, most=200)
    (False, 20)
    >>> for fault in said.faults:
    ...     print(fault)
    HTTPS: đang ghi «yess», cần on hoặc off.
    EVIDENCE_MAX_MB: đang ghi «many», cần một số nguyên từ 1 đến 200.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._given = {name: text.strip() for name, text in variables.items()}
        self.faults: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self._given.get(name) or default

    def flag(self, name: str, *, default: bool) -> bool:
        given = self.text(name).lower()
        if given in ON + OFF:
            return given in ON
        return self._refused(name, "on hoặc off", default) if given else default

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        given = self.text(name)
        if not given:
            return default
        if (
            given.isascii()
            and given.isdecimal()
            and len(given) < 10
            and least <= int(given) <= most
        ):
            return int(given)
        return self._refused(name, f"một số nguyên từ {least} đến {most}", default)

    def choice(self, name: str, default: str, among: Sequence[str]) -> str:
        given = self.text(name)
        if not given or given in among:
            return given or default
        return self._refused(name, f"một trong: {', '.join(among)}", default)

    def names(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """Return a list that is written with commas."""
        return [one for part in self.text(name).split(",") if (one := part.strip())] or [*default]

    def hosts(self, name: str, default: Sequence[str]) -> list[str]:
        """Return names of hosts; "*", which takes whatever a stranger calls the portal, is none."""
        given = self.names(name, default)
        if any("*" in host or "/" in host or " " in host for host in given):
            wanted = "tên máy chủ, cách nhau bằng dấu phẩy, không có «https://» hay «*»"
            return self._refused(name, wanted, [*default])
        return given

    def origins(self, name: str) -> list[str]:
        given = self.names(name)
        if all(is_origin(one) for one in given):
            return given
        return self._refused(name, "địa chỉ như https://thongke.example.vn", [])

    def origin(self, name: str, default: str) -> str:
        """Return the address of a site, without a path or a slash at its end."""
        given = self.text(name, default).rstrip("/")
        if is_origin(given):
            return given
        return self._refused(name, "địa chỉ như https://thongke.example.vn", default)

    def folder(self, name: str, default: Path) -> Path:
        """Return a folder; one that is named must say where it is from wherever it is read."""
        given = Path(self.text(name, str(default)))
        if given.is_absolute():
            return given
        return self._refused(name, "đường dẫn đầy đủ, bắt đầu bằng «/»", default)

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Return Django's settings of a database, PostgreSQL or SQLite."""
        given = self.text(name, default)
        try:
            # Of what it does not know the library warns, with the password.
            is_known = given.partition("://")[0] in DATABASES
            found = environ.Env.db_url_config(given) if is_known else {}
        except (ValueError, ImproperlyConfigured):
            found = {}
        if found.get("NAME"):
            return dict(found)
        # The address holds a password: it is not shown.
        wanted = "địa chỉ như postgres://người:mật-khẩu@máy:5432/tên hoặc sqlite:////thư-mục/tệp"
        self.faults.append(f"{name}: không đọc được, cần {wanted}.")
        return dict(environ.Env.db_url_config(default or "sqlite://:memory:"))

    def mail(self, name: str, default: str) -> dict[str, Any]:
        """Return Django's settings of what sends letters, as names and values of settings."""
        try:
            found = environ.Env.email_url_config(self.text(name, default))
        except (ValueError, KeyError, ImproperlyConfigured):
            found = {}
        if found and (found.get("EMAIL_HOST") or "smtp" not in found["EMAIL_BACKEND"]):
            return dict(found)
        wanted = "địa chỉ như smtp+tls://người:mật-khẩu@máy:587"
        self.faults.append(f"{name}: không đọc được, cần {wanted}.")
        return dict(environ.Env.email_url_config(default))

    def refuse(self, unless: object, fault: str) -> None:
        """Keep a fault of several variables together ``unless`` something holds."""
        if not unless:
            self.faults.append(fault)

    def refuse_faults(self) -> None:
        """Raise ImproperlyConfigured with every fault there was, if there was any."""
        if self.faults:
            told = "".join(f"\n  - {fault}" for fault in self.faults)
            raise ImproperlyConfigured(f"Biến môi trường chưa đúng (docs/settings.md):{told}")

    def _refused(self, name: str, wanted: str, default: T) -> T:
        self.faults.append(f"{name}: đang ghi «{self.text(name)[:LONGEST_SHOWN]}», cần {wanted}.")
        return default


def is_origin(text: str) -> bool:
    """Say whether ``text`` is the address of a site and nothing more.

    >>> is_origin("https://thongke.example.vn:8443"), is_origin("https://thongke.example.vn/cong")
    (True, False)
    """
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and f"{parts.scheme}://{parts.netloc}" == text
            and "@" not in parts.netloc
            and (parts.port or 1) > 0
        )
    except ValueError:
        return False
