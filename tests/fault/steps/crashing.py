"""Arms steps, and knows who died at which."""

import signal
from collections import Counter
from enum import StrEnum
from pathlib import Path

from onex.messaging.steps import Step


class Way(StrEnum):
    """How a process ends at a step."""

    KILLED = "killed"
    STOPPED = "stopped"  # asked to stop, right there; it ends in its orderly way

    @property
    def signal(self) -> signal.Signals:
        return signal.SIGKILL if self is Way.KILLED else signal.SIGTERM


class Crashes:
    """The folder that ONEX_CRASH_AT names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(exist_ok=True)

    @property
    def setting(self) -> dict[str, str]:
        return {"ONEX_CRASH_AT": str(self.folder)}

    def arm(self, step: Step, passing: int = 1, way: Way = Way.KILLED) -> None:
        """The process that makes the `passing`-th passing of the step from now on ends there."""
        draft = self.folder / "draft"
        draft.write_text(f"{passing} {way.signal.value}")
        draft.replace(self.folder / step)

    def is_armed(self, step: Step) -> bool:
        return (self.folder / step).exists()

    def disarm(self) -> None:
        for step in Step:
            (self.folder / step).unlink(missing_ok=True)

    def deaths(self) -> list[str]:
        """The step, the signal and the program of each death, oldest first."""
        file = self.folder / "deaths"
        return file.read_text().splitlines() if file.exists() else []


def counted(deaths: list[str]) -> dict[str, Counter[str]]:
    """By way how often somebody died at which step."""
    counts = {str(way): Counter[str]() for way in Way}
    for death in deaths:
        step, number, _ = death.split(" ", 2)
        counts[next(way for way in Way if way.signal == int(number))][step] += 1
    return counts
