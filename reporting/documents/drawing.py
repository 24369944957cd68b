"""Appendices rendered by processes of their own, which have no database: they get the neutral
Appendix and leave its bytes on the shelf."""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import django

from reporting.documents.formats import FORMATS, pdf
from reporting.documents.shelf import written_whole
from reporting.printing.appendix import Appendix

WORKERS = 2
# Minutes of work that nobody waits at: pages that somebody does wait for go first.
_NICE = 10
# Beside the one being rendered each process has another, so that it does not wait for the next.
_AT_ONCE = 2
# The pages of a PDF as a book takes them; every other way is a format of files.
LEAVES = "leaves"
WAYS: Mapping[str, Callable[[Appendix], bytes]] = {
    LEAVES: pdf.render_leaves,
    **{format_.extension: format_.render for format_ in FORMATS.values()},
}


class NotDrawn(Exception):
    """An appendix can't be rendered; the text names it."""


class ProcessKilled(Exception):
    """A process that renders is gone, and nobody had asked it to go."""


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

    Raises NotDrawn, OSError where a file can't be written, and ProcessKilled. Whoever stops
    listening ends the processes, which finish what they have begun.
    """
    hands: list[_Hand] = []
    try:
        for work in works:
            if len(hands) < WORKERS:
                hands.append(_Hand(within))
            min(hands, key=lambda hand: len(hand.given)).give(work)
            if all(len(hand.given) >= _AT_ONCE for hand in hands) and len(hands) == WORKERS:
                yield from _ended(hands)
        while any(hand.given for hand in hands):
            yield from _ended(hands)
    finally:
        for hand in hands:
            hand.pipe.close()
        for hand in hands:
            hand.process.join()


def _ended(hands: Sequence["_Hand"]) -> Iterator[Drawn]:
    """Wait until at least one work is rendered, and yield those that are."""
    busy = {hand.pipe: hand for hand in hands if hand.given}
    for pipe in connection.wait(list(busy)):
        yield busy[pipe].take()  # type: ignore[index]


class _Hand:
    """A process that renders what it is given, one after the other, and the way to it.

    It is begun afresh, so that it inherits no connection and no lock. All is given and taken by the
    one thread that began it: a pool of the standard library has threads of its own, and one that
    sees a process die while another process is being begun breaks the latter off half-way.
    """

    def __init__(self, within: Path) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, within), daemon=True)
        self.process.start()
        # Nobody but the process holds its end, which is closed when it is gone.
        theirs.close()
        # Works whose end has not been taken yet, in their order.
        self.given: deque[Work] = deque()

    def give(self, work: Work) -> None:
        """Raises ProcessKilled."""
        try:
            self.pipe.send(work)
        except ConnectionError as gone:
            raise ProcessKilled(work.name) from gone
        self.given.append(work)

    def take(self) -> Drawn:
        """Return the work that was rendered first. Raises NotDrawn, OSError or ProcessKilled."""
        try:
            end: int | Exception = self.pipe.recv()
        except (EOFError, ConnectionError) as gone:
            raise ProcessKilled(f"process {self.process.pid}") from gone
        work = self.given.popleft()
        if isinstance(end, Exception):
            raise end
        return Drawn(work, end)


def _work(pipe: connection.Connection, within: Path) -> None:
    """Render what comes until nobody listens any more.

    The process ends when its parent is gone, and not by the key that stops what runs at a terminal:
    the parent first finishes what it has begun.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    django.setup()
    with suppress(EOFError, ConnectionError):
        while True:
            pipe.send(_end_of(pipe.recv(), within))


def _end_of(work: Work, within: Path) -> int | Exception:
    """Return what goes back: little, so that it finds room in the pipe and the process comes to
    read its next work, which may be larger than the pipe holds, while that is being written."""
    try:
        return draw(work, within).most_memory
    except (NotDrawn, OSError) as fault:
        return fault


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
        raise NotDrawn(f"{work.name} ({type(fault).__name__}: {fault!s:.300})") from fault
    with written_whole(work.place, within=within) as target:
        target.write(content)
    return Drawn(work, getrusage(RUSAGE_SELF).ru_maxrss * 1024)
