"""Public inquiries a second, and how long one waits, beside a bare WSGI function and nameko's own HTTP."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from rich.console import Console

from benchmarks import figures, filling, machine
from benchmarks.cpu import Meter
from benchmarks.ground import Ground
from benchmarks.passes import new_pilot
from benchmarks.peers.peer import CHECKOUT
from benchmarks.rounds import Round, take_turns
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from onex.cli.migrate import migrate_everything
from onex.local import ports
from onex.local.tether import tied

NAME, BARE, NAMEKO = "onex", "bare WSGI", "nameko's HTTP"
PATH = "/certificates/v1/inquiries"
CONNECTIONS = 32
ROWS = 10_000
READY_WITHIN_S = 60.0


class Server:
    """One side: a web server on its own port, and the load put on it."""

    def __init__(self, name: str, ground: Ground, command: Callable[[int], Sequence[str]], port: int) -> None:
        self.name, self._ground, self._port = name, ground, port
        own = {
            "BENCH_DATABASE_URL": ground.service_url("certificates"),
            "ONEX_WEB_SERVICES": "certificates",
            "ONEX_WEB_PORT": str(port),
            # All inquiries come from one address. Not 0, which would leave the counting out.
            "ONEX_INQUIRY_REQUESTS_A_MINUTE": "1000000000",
        }
        with open(ground.home / f"web-{port}.log", "wb") as log:
            self._process = subprocess.Popen(
                tied(tuple(command(port))),
                env={**os.environ, **ground.platform.environment, **own},
                cwd=CHECKOUT,
                stdout=log,
                stderr=log,
            )

    def wait_ready(self, requests: Any) -> None:
        """Until it answers an inquiry."""
        deadline = time.monotonic() + READY_WITHIN_S
        while True:
            try:
                self.turn(1, 1, requests)
                return
            except subprocess.CalledProcessError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self._ground.home / f"web-{self._port}.log").read_text()[-2000:]
                    raise RuntimeError(f"{self.name} does not answer: {error.stderr}\n{log}") from None
                time.sleep(0.2)  # it is still starting: asked again

    def turn(self, count: int, connections: int, requests: Any) -> Round:
        """`count` inquiries over so many connections."""
        meter = Meter({"server": self._process.pid, "postgres": self._ground.platform.pid("postgres")})
        arguments = (str(self._port), str(connections), str(count), str(requests))
        command = (sys.executable, "-m", "benchmarks.http_load", *arguments)
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
        seen = json.loads(done.stdout)
        latency = {"p50": seen["p50"], "p99": seen["p99"]}
        return Round(self.name, count, {"answered": seen["seconds"]}, meter.us_per_item(count), latency)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)


def measure(rounds: int, inquiries: int, console: Console) -> dict[str, Any]:
    """All servers up at once; each has its turn while the others have nothing to do."""
    with Ground() as ground:
        about = machine.describe(ground.postgres_url, ground.amqp_url)
        environment = ground.platform.environment
        migrate_everything(environment)
        vault = Vault.of(Settings.for_service("certificates", environment))
        with psycopg.connect(ground.service_url("certificates"), autocommit=True) as connection:
            filling.pilot(connection, new_pilot())
            numbers = filling.certificates(connection, vault, ROWS)
            filling.settle(connection, ("certificate",))
        ground.checkpoint()
        requests = ground.home / "inquiries.jsonl"
        requests.write_text("".join(json.dumps(request(number)) + "\n" for number in numbers), encoding="utf-8")
        python = sys.executable
        port: list[int] = []
        for _ in range(3):
            port.append(ports.choose(port))
        sides = [
            Server(NAME, ground, lambda _: (python, "-m", "onex", "web"), port[0]),
            Server(BARE, ground, lambda at: (python, "-m", "benchmarks.peers.bare_web", str(at)), port[1]),
            Server(NAMEKO, ground, lambda at: (python, "-m", "benchmarks.peers.nameko_web", str(at)), port[2]),
        ]
        try:
            for side in sides:
                side.wait_ready(requests)
                side.turn(max(100, inquiries // 10), CONNECTIONS, requests)

            def turn(side: Server) -> Callable[[], Round]:
                def take() -> Round:
                    # The slowest gets a quarter: on all sides a rate is that of the whole turn.
                    one = side.turn(inquiries // 4 if side.name == NAMEKO else inquiries, CONNECTIONS, requests)
                    console.print(
                        f"  {one.side:<14}{one.per_second('answered'):>9,.0f}/s  p99 {one.latency_ms['p99']:.1f} ms"
                    )
                    return one

                return take

            taken = take_turns({side.name: turn(side) for side in sides}, rounds)
        finally:
            for side in sides:
                side.stop()
    return figures.of("verify", about, taken, NAME)


def request(number: str) -> str:
    """An inquiry as it goes over the socket."""
    body = json.dumps({"number": number, "name": filling.NAME})  # ASCII, so characters are bytes
    head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}"
