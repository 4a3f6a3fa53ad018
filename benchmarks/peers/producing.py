"""A producer in a process of its own, for peers whose libraries are not the platform's.

`begin` has it connect and read its events before the clock starts; one line to it starts it.
`python -m benchmarks.peers.<peer>_producer <file of JSON lines>` prints `ready` and waits for that line.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from sqlalchemy import create_engine

from benchmarks.peers import work
from benchmarks.peers.peer import BENCH_PYTHON, CHECKOUT, Peer
from onex.local.tether import tied


class ProducedPeer(Peer):
    """A peer that is given work by `producer`, a module that `wait_for_go` is called in."""

    producer: str

    def prepare(self) -> None:
        """The tables: a part's processes would make them all at once."""
        for part, url in self.database_urls.items():
            engine = create_engine(url.replace("://", "+psycopg://", 1))
            work.create_tables(engine, part)
            engine.dispose()

    def queue(self, part: str) -> str:
        return part

    def begin(self, bodies: Sequence[bytes]) -> Callable[[], None]:
        file = self.ground.home / f"{self.path}-events.jsonl"
        file.write_bytes(b"\n".join(bodies))
        own = {**os.environ, **self.environment, "BENCH_SETTINGS": orjson.dumps(self.settings()).decode()}
        command = tied((str(BENCH_PYTHON), "-m", self.producer, str(file)))
        process = subprocess.Popen(
            command, env=own, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"the producer of {self.name} did not start")

        def say() -> None:
            process.communicate("go\n")
            if process.returncode:
                raise RuntimeError(f"the producer of {self.name} ended with {process.returncode}")

        return say


def events() -> list[dict[str, Any]]:
    """In the producer: what it is to say."""
    with open(sys.argv[1], "rb") as file:
        return [orjson.loads(line) for line in file]


def wait_for_go() -> None:
    """In the producer: says that all is prepared, and returns when the clock runs."""
    print("ready", flush=True)
    sys.stdin.readline()
