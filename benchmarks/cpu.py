"""CPU time by group of processes, children that have ended included."""

from collections.abc import Mapping

import psutil


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
