"""Run a command with DATABASE_URL naming a PostgreSQL server, REPLICA_URL one that follows it.

    python -m tests.with_replica python -m tests.replica

Both are throwaway clusters, as ``with_postgres`` starts them: the second is copied from the first
by pg_basebackup and follows it by streaming replication.
"""

import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.with_postgres import NAME, NO_SERVER, NoServerError, Server, cluster, run


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        with (
            tempfile.TemporaryDirectory(prefix="pg-") as first,
            tempfile.TemporaryDirectory(prefix="pg-") as second,
            cluster(Path(first)) as url,
            follower(Path(second), of=Path(first)) as replica,
        ):
            return run(command, DATABASE_URL=url, REPLICA_URL=replica)
    except NoServerError as error:
        print(f"with_replica: {error}", file=sys.stderr)
        return NO_SERVER


@contextmanager
def follower(directory: Path, *, of: Path) -> Iterator[str]:
    """Run a server that follows the one in ``of``; yield its URL."""
    server = Server(directory)
    source = ("-h", of, "-p", "5432", "-U", NAME)
    server.run("pg_basebackup", *source, "-D", server.data, "-R", "-X", "stream", "-c", "fast")
    server.configure()
    try:
        server.start()
        yield server.url
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
