"""Processes that an earlier run of this very platform left behind, found by a mark that only its programs carry.

The mark is an environment variable which the supervisor gives to everything it starts and children inherit, so a
process that bears this home in it was started for this home, whatever its arguments say. Nothing else is touched.
"""

from contextlib import suppress
from pathlib import Path

import psutil

MARK = "ONEX_PLATFORM_HOME"
GRACE_S = 20.0


def of(home: Path) -> list[psutil.Process]:
    """The processes that were started for the platform at `home`, without the caller and its ancestors."""
    me = psutil.Process()
    ours = {me.pid, *(parent.pid for parent in me.parents())}
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        if process.pid in ours:
            continue
        try:
            if process.environ().get(MARK) == str(home) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue  # gone in the meantime, or another user's
    return found


def end(home: Path, grace_s: float = GRACE_S) -> None:
    """End what is left of earlier runs at `home`: asked to stop first, killed after `grace_s` seconds."""
    left = of(home)
    for process in left:
        _signal(process, "terminate")
    _, alive = psutil.wait_procs(left, timeout=grace_s)
    for process in alive:
        _signal(process, "kill")
    psutil.wait_procs(alive, timeout=grace_s)


def _signal(process: psutil.Process, how: str) -> None:
    with suppress(psutil.NoSuchProcess):
        getattr(process, how)()
