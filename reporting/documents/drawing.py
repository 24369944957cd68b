"""Appendices rendered by processes of their own, which have no database: they get the neutral
Appendix and leave its bytes on the shelf."""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import django

from reporting.documents.formats import FORMATS, pdf
from reporting.documents.shelf import written_whole
from reporting.printing.appendix import Appendix

WORKERS = 2
# Beside those being rendered so many are ready to be, so that no process waits for the next.
_READY = 2
# The pages of a PDF as a book takes them; every other way is a format of files.
LEAVES = "leaves"
WAYS: Mapping[str, Callable[[Appendix], bytes]] = {
    LEAVES: pdf.render_leaves,
    **{format_.extension: format_.render for format_ in FORMATS.values()},
}


class NotDrawn(Exception):
    """An appendix can't be rendered; the text names it."""


@dataclass(frozen=True, slots=True)
class Work:
    """One appendix to be rendered in one of the ``WAYS``, and where its file goes."""

    name: str
    appendix: Appendix
    way: str
    place: Path


@dataclass(frozen=True, slots=True)
class Drawn:
    """An appendix that is rendered, by a process that has taken so many bytes of memory at most."""

    work: Work
    most_memory: int


def drawn(works: Iterable[Work], *, within: Path) -> Generator[Drawn]:
    """Render ``works`` in several processes and yield each once its file is there, in any order.
    What is unfinished lies in the folder ``within``. Without any work no process is begun.

    Raises NotDrawn, OSError where a file can't be written, and BrokenProcessPool where a process
    was killed. Whoever stops listening ends the processes, which finish what they have begun.
    """
    waiting = deque[Future[Drawn]]()
    pool: ProcessPoolExecutor | None = None
    try:
        for work in works:
            pool = pool or _pool()
            waiting.append(pool.submit(draw, work, within))
            if len(waiting) >= WORKERS + _READY:
                yield from _ended(waiting)
        while waiting:
            yield from _ended(waiting)
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _ended(waiting: deque[Future[Drawn]]) -> Iterator[Drawn]:
    """Wait until at least one is rendered, and yield those that are."""
    ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in ended:
        waiting.remove(future)
        yield future.result()


def _pool() -> ProcessPoolExecutor:
    """Return processes that are begun afresh: none inherits a connection or a lock."""
    return ProcessPoolExecutor(
        WORKERS,
        mp_context=get_context("spawn"),
        initializer=_begin,
    )


def _begin() -> None:
    """Get ready in a new process. It ends when its parent wants it to or is gone, and not by the
    key that stops what runs at a terminal: the parent first finishes what it has begun."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    django.setup()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def draw(work: Work, within: Path) -> Drawn:
    """Render one appendix onto the shelf. Raises NotDrawn or OSError."""
    try:
        content = WAYS[work.way](work.appendix)
    except OSError:
        raise
    except Exception as fault:
        # Some exceptions don't survive the way to the parent; a text does.
        raise NotDrawn(f"{work.name} ({type(fault).__name__}: {fault})") from fault
    with written_whole(work.place, within=within) as target:
        target.write(content)
    return Drawn(work, getrusage(RUSAGE_SELF).ru_maxrss * 1024)
