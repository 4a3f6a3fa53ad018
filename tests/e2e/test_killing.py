"""Whatever dies while the main job runs, every pass becomes exactly one certificate, one deposit and one notice."""

import threading
from collections import Counter

import pytest
from rich.console import Console

from onex.chassis.settings import SERVICES
from onex.demo.story import Story
from onex.local.platform import Platform
from tests.harness.report import Found

CANDIDATES = 2_000
ROUNDS = 2


class Killer(threading.Thread):
    """Kills each worker in turn with signal 9, restarts the broker once, and goes on for some rounds."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(daemon=True)
        self.platform = platform
        self.killed: list[str] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            for round_number in range(ROUNDS):
                for service in SERVICES:
                    pid = self.platform.kill(service)
                    self.killed.append(service)
                    self.platform.wait_ready(service, replacing=pid)
                if round_number == 0:
                    self.platform.restart("rabbitmq")
                    self.killed.append("rabbitmq")
        except BaseException as error:  # told to the test, which fails with it
            self.error = error


@pytest.mark.fault
def test_killing_every_worker_and_restarting_the_broker_leaves_the_figures_equal(
    platform: Platform, quiet: Console, found: Found
) -> None:
    killer = Killer(platform)
    told = Story(platform, quiet, CANDIDATES, on_assessing=killer.start).tell()
    killer.join(300)
    assert killer.error is None
    assert not killer.is_alive()
    assert killer.killed.count("rabbitmq") == 1
    assert len(killer.killed) == ROUNDS * len(SERVICES) + 1
    figures = told.report.figures
    found(
        size=f"{CANDIDATES:,} candidates",
        broken=", ".join(f"{n} × {name}" for name, n in Counter(killer.killed).items()),
    )
    found(**{name: figures[name] for name in ("passes", "certificates", "deposits", "notices")})
    assert figures["passes"] == figures["certificates"] == figures["deposits"] == figures["notices"]
    assert told.is_good
