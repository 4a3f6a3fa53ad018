"""What is to be kept running: programs as data."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from onex.local.ports import LOOPBACK


@dataclass(frozen=True)
class Program:
    """One program to be kept running.

    `argv` must stay in the foreground. `ready_url` says how to see that it does its work: `http://` must answer 200,
    `amqp://` and `postgresql://` must accept the login, `tcp://` a connection; empty means running is enough.
    Programs stop in falling order of `priority`; those of one `group` stop together.
    `as_user`: the user it runs as, when we are root. `environment`: all of its environment, which must hold no secret,
    for it is given in arguments; None: the platform's.
    """

    name: str
    argv: tuple[str, ...]
    ready_url: str = ""
    stop_signal: str = "TERM"
    stop_wait_s: int = 20
    priority: int = 500
    group: str = ""
    folder: Path | None = None
    as_user: str | None = None
    environment: Mapping[str, str] | None = None


def onex_programs(environment: Mapping[str, str], services: Iterable[str]) -> list[Program]:
    """One worker for each service, and one web process that serves the interfaces of all five."""
    checkout = Path(__file__).resolve().parents[2]
    onex = (sys.executable, "-m", "onex")
    programs = [
        Program(
            name=service,
            argv=(*onex, "run", service),
            ready_url=f"http://{LOOPBACK}:{environment['ONEX_WORKER_PORT_' + service.upper()]}/health/ready",
            priority=100,
            group="workers",
            folder=checkout,
        )
        for service in services
    ]
    web_url = f"http://{LOOPBACK}:{environment['ONEX_WEB_PORT']}/health/ready"
    programs.append(Program("web", (*onex, "web"), ready_url=web_url, priority=200, folder=checkout))
    return programs
