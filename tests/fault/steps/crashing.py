"""Arms steps, and knows who died at which."""

from pathlib import Path

from onex.messaging.steps import Step


class Crashes:
    """The folder that ONEX_CRASH_AT names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(exist_ok=True)

    @property
    def setting(self) -> dict[str, str]:
        return {"ONEX_CRASH_AT": str(self.folder)}

    def arm(self, step: Step, passing: int = 1) -> None:
        """The process that makes the `passing`-th passing of the step from now on dies there."""
        draft = self.folder / "draft"
        draft.write_text(str(passing))
        draft.replace(self.folder / step)

    def is_armed(self, step: Step) -> bool:
        return (self.folder / step).exists()

    def disarm(self) -> None:
        for step in Step:
            (self.folder / step).unlink(missing_ok=True)

    def deaths(self) -> list[str]:
        """The step and the program of each death, oldest first."""
        file = self.folder / "deaths"
        return file.read_text().splitlines() if file.exists() else []
