"""What the processes of an installation take, read while it works."""

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

Trees = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Reading:
    """Seconds since the beginning; the bytes of memory and the processor seconds of each tree, and
    the processor seconds of the whole machine."""

    at: float
    memory: Mapping[str, int]
    used: Mapping[str, float]
    busy: float


class Watch:
    """Reads again and again, until it is stopped, what process trees take. What processes share
    (PSS) is counted in parts, so that sums are true."""

    def __init__(self, trees: Trees, every: float) -> None:
        self.trees, self.every = trees, every
        self.began = time.monotonic()
        self.first = self._reading()
        self.readings: list[Reading] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go_on)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def seconds(self) -> float:
        return self.readings[-1].at

    @property
    def used(self) -> dict[str, float]:
        """The processor seconds of each tree, and of all else on the machine."""
        last = self.readings[-1]
        found = {name: last.used[name] - self.first.used[name] for name in self.trees}
        return found | {"others on this machine": last.busy - self.first.busy - sum(found.values())}

    def _go_on(self) -> None:
        while not self._ended.wait(self.every):
            self.readings.append(self._reading())

    def _reading(self) -> Reading:
        return Reading(
            time.monotonic() - self.began,
            {name: memory(roots) for name, roots in self.trees.items()},
            {name: processor_seconds(roots) for name, roots in self.trees.items()},
            _busy_seconds(),
        )


def memory(roots: Sequence[int]) -> int:
    total = 0
    for process in processes(roots):
        with suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss
    return total


def processor_seconds(roots: Sequence[int]) -> float:
    """Return what a tree has used so far, what has ended in it included."""
    total = 0.0
    for process in processes(roots):
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])  # its own, and of its children that ended
    return total


def processes(roots: Sequence[int]) -> list[psutil.Process]:
    found = []
    for root in roots:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(root)
            found += [process, *process.children(recursive=True)]
    return found


def _busy_seconds() -> float:
    """Return the processor time that the whole machine has used, whoever by."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)
