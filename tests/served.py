"""The portal as it is installed: gunicorn on a database, a process that can be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
# What ``tests.settings`` signs with: a session made by a test's own client holds here too.
SECRET_KEY = "tests-only: long enough for HTTPS=on"


class Portal:
    """One gunicorn, started as ``make demo`` does; its files and its log are in ``directory``."""

    def __init__(self, directory: Path, database: str, **environment: str) -> None:
        self.directory = directory
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "cchc_portal.settings",
            "DATABASE_URL": database,
            "STATIC_ROOT": str(directory / "static"),
            "MEDIA_ROOT": str(directory / "media"),
            "SECRET_KEY": SECRET_KEY,
            "DEBUG": "on",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> str:
        """Run Python beside the portal, on its database; return what it prints."""
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def try_out(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one of the portal's commands, however it ends."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            env=self.environment | environment,
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )

    def prepare(self) -> None:
        """Bring the tables and the static files, as an installation does."""
        self.run("manage.py", "migrate", "-v0")

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.launch()
        for _ in range(300):
            if self.answers():
                return
            time.sleep(0.1)
        raise SystemExit(f"The portal did not start:\n{self.log.read_text()}")

    def launch(self) -> None:
        command = [sys.executable, "-m", "cchc_portal.serving"]
        command += ["--bind", f"127.0.0.1:{self.port}"]
        with self.log.open("a") as log:
            # A group of its own, so that a kill reaches master and workers at once.
            self.process = subprocess.Popen(
                command,
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def answers(self) -> bool:
        # Behind a proxy that ends TLS, as HTTPS=on takes it to be, or without.
        asked = Request(f"{self.address}/dang-nhap/", headers={"X-Forwarded-Proto": "https"})  # noqa: S310 - our own server
        with suppress(OSError, HTTPException), urlopen(asked, timeout=5):  # noqa: S310
            return True
        return False

    def kill(self) -> None:
        """End master and workers in the middle of whatever they are doing (kill -9)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait()
        self.process = None

    @property
    def log(self) -> Path:
        return self.directory / "portal.log"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
