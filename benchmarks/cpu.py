"""CPU time by group of processes, children that have ended included; and one CPU for two that wait for each other."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psutil


@contextmanager
def one_for_both(pid: int) -> Iterator[None]:
    """This process and `pid`, with whatever either starts meanwhile, share one CPU during the block.

    Where two processes take turns over a socket, a scheduler may keep them on one CPU or on two for minutes, and to wake
    another CPU can take as long as a look-up: of two connections that do the same, one would be twice as fast by chance.
    """
    own = os.sched_getaffinity(0)
    one = {max(own)}
    for process in (0, pid):
        os.sched_setaffinity(process, one)
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)


class Meter:
    """Reads the CPU time that groups of processes use from its making on. A group is a process with its descendants."""

    def __init__(self, groups: Mapping[str, int | None]) -> None:
        """`groups`: the process id of each group's root; a group without one (None) is left out."""
        self._roots = {name: psutil.Process(pid) for name, pid in groups.items() if pid is not None}
        self._before = {name: _seconds(root) for name, root in self._roots.items()}

    def us_per_item(self, count: int) -> dict[str, float]:
        """Microseconds of CPU an item, by group."""
        used = {name: _seconds(root) - self._before[name] for name, root in self._roots.items()}
        return {name: seconds / count * 1e6 for name, seconds in used.items()}


def _seconds(root: psutil.Process) -> float:
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:  # ended between the two looks; its parent has its time now
            continue
        # What a process waited for is in its own figure, what its ended children used in the other two.
        total += times.user + times.system + times.children_user + times.children_system
    return total
