"""The platform whose services reach PostgreSQL and RabbitMQ only through the fault proxy.

Two homes: the servers run in one, the services in the other, so that each is supervised and can be killed by itself.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from onex.chassis.settings import SERVICES
from onex.cli.migrate import migrate_everything
from onex.local import ports
from onex.local.platform import Platform
from tests.fault.steps.crashing import Crashes

CHECKOUT = Path(__file__).resolve().parents[3]
START_WITHIN_S = 20.0


class Proxy:
    """The proxy's process. `ports` says behind which port of its own each target is."""

    def __init__(self, targets: Mapping[str, int]) -> None:
        self.ports: dict[str, int] = {}
        for name in ("control", *targets):
            self.ports[name] = ports.choose(self.ports.values())
        pairs = [f"{self.ports[name]}={target}" for name, target in targets.items()]
        command = [sys.executable, "-m", "tests.fault.chaos.proxy", str(self.ports["control"]), *pairs]
        self._process = subprocess.Popen(command, cwd=CHECKOUT)
        deadline = time.monotonic() + START_WITHIN_S
        while True:
            try:
                self._control = socket.create_connection(("127.0.0.1", self.ports["control"]))
                break
            except ConnectionRefusedError:
                assert self._process.poll() is None, "the proxy died"
                assert time.monotonic() < deadline, "the proxy does not answer"
                time.sleep(0.05)
        self._answers = self._control.makefile("r")

    def do(self, target: str, what: str, share: float = 1.0, seed: int = 0) -> int:
        """Do this to a share of the target's connections; returns how many were hit."""
        asked = {"port": self.ports[target], "do": what, "share": share, "seed": seed}
        self._control.sendall(json.dumps(asked).encode() + b"\n")
        return int(self._answers.readline())

    def heal(self) -> None:
        for target in self.ports:
            if target != "control":
                self.do(target, "heal")

    def close(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()


class Proxied:
    """Both platforms and the proxy between them; everything ends with the block."""

    def __init__(self, folder: Path) -> None:
        given = {name: value for name, value in os.environ.items() if not name.startswith("ONEX_")}
        given["ONEX_WEBHOOK_ALLOW_PRIVATE"] = "1"
        self.crashes = Crashes(folder / "crashes")
        given |= self.crashes.setting
        self.folder, self._given = folder, given
        self.servers = Platform(folder / "servers", services=(), environment=given)

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _start(self) -> None:
        self.servers.start_servers()
        direct = self.servers.environment
        migrate_everything(direct)
        self.proxy = Proxy(
            {
                "postgres": urlsplit(direct["ONEX_DATABASE_URL_REGISTRY"]).port or 0,
                "amqp": urlsplit(direct["ONEX_AMQP_ADMIN_URL"]).port or 0,
            }
        )
        through = {name: self._through(value) for name, value in direct.items()}
        through["ONEX_AMQP_URL"] = through[
            "ONEX_AMQP_ADMIN_URL"
        ]  # says that the broker is not this platform's to start
        self.services = Platform(self.folder / "services", environment=self._given | through)
        self.services.start_servers()
        self.services.start_services()

    def _through(self, value: str) -> str:
        parts = urlsplit(value)
        target = {"amqp": "amqp", "postgresql+psycopg": "postgres"}.get(parts.scheme)
        if target is None:
            return value
        account = parts.netloc.rpartition("@")[0]
        return urlunsplit(parts._replace(netloc=f"{account}@127.0.0.1:{self.proxy.ports[target]}"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if hasattr(self, "services"):
            self.services.stop()
        if hasattr(self, "proxy"):
            self.proxy.close()
        self.servers.stop()

    def erase(self) -> None:
        """Remove both homes."""
        if hasattr(self, "services"):
            self.services.erase()
        self.servers.erase()

    @contextmanager
    def workers_stopped(self) -> Iterator[None]:
        """All workers are stopped in their orderly way for the block, and started again after it."""
        supervisor = self.services._running()
        for name in SERVICES:
            supervisor.end(name)
        yield
        for name in SERVICES:
            supervisor.begin(name)

    def platform_of(self, name: str) -> Platform:
        """Where the program of this name runs."""
        return self.servers if name in ("postgres", "rabbitmq") else self.services
