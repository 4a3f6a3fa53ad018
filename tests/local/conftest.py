"""One platform for all tests of this folder: real PostgreSQL, real RabbitMQ, stand-ins for the services."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import psutil
import pytest

from onex.local.platform import Platform
from onex.local.programs import Program

STANDIN = str(Path(__file__).with_name("standin.py"))


def standins(environment: Mapping[str, str], services: Sequence[str]) -> list[Program]:
    """What `onex_programs` makes, with a small HTTP server in the place of each service."""
    ports = {name: environment[f"ONEX_WORKER_PORT_{name.upper()}"] for name in services}
    ports["web"] = environment["ONEX_WEB_PORT"]
    return [
        Program(
            name=name,
            argv=(sys.executable, STANDIN, port),
            ready_url=f"http://127.0.0.1:{port}/health/ready",
            group="" if name == "web" else "workers",
            priority=200 if name == "web" else 100,
        )
        for name, port in ports.items()
    ]


def until(condition: Callable[[], bool], wait_s: float = 60.0) -> bool:
    """Whether `condition` came true before the bound."""
    deadline = time.monotonic() + wait_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)  # between two looks at a condition
    return True


def processes_of(home: Path) -> list[str]:
    """The processes whose arguments or environment name this home, as a person would find them with ps."""
    found: list[str] = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), *process.environ().values()]
            named = any(str(home) in word for word in words) and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            continue
        if named and process.pid != os.getpid():
            found.append(f"{process.pid} {process.name()}")
    return found


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user can pass through, as a checkout outside /root is."""
    made = Path(tempfile.mkdtemp(prefix="onex-test-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def platform(folder: Path) -> Iterator[Platform]:
    with Platform(folder / "home", programs=standins) as running:
        running.start_servers()
        running.start_services()
        yield running
    running.erase()
