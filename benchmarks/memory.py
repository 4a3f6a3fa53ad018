"""The most memory that a process held at once, its children included."""

from pathlib import Path

import psutil

_RESET = "5"  # what the kernel takes for "begin the peak anew" (proc(5), clear_refs)


class Peak:
    """Watches a process and its descendants from its making on."""

    def __init__(self, pid: int | None) -> None:
        """Raises RuntimeError where there is no such process."""
        if pid is None:
            raise RuntimeError("there is no process to watch")
        root = psutil.Process(pid)
        self._pids = [one.pid for one in (root, *root.children(recursive=True))]
        for one in self._pids:
            Path(f"/proc/{one}/clear_refs").write_text(_RESET, encoding="ascii")

    def mib(self) -> float:
        """The most of resident memory since then, in MiB: the sum of each process's own peak."""
        return sum(peak_mib(pid) for pid in self._pids)


def peak_mib(pid: int | str = "self") -> float:
    """The most of resident memory that a process ever held, in MiB.

    Not what getrusage tells: that is at least the memory of the process that started this one.
    """
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} tells no peak of its memory")
