"""What every side stands on: one PostgreSQL server, one RabbitMQ node, one receiver, in a folder that is thrown away."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks import machine
from benchmarks.receiver import Receiver
from onex.local.errors import LocalError
from onex.local.permissions import ADMIN
from onex.local.platform import Platform
from onex.local.postgres import SHARED_FOLDER
from onex.local.requirements import rabbitmq

SUPERUSER = "postgres"
SETTINGS = {"ONEX_WEBHOOK_ALLOW_PRIVATE": "1"}  # the receiver listens on a loopback address, over plain HTTP
MEMORY_SHARE = 0.4
"""Of the machine's memory, for a server's own buffers: the most that PostgreSQL's manual (19.4.1) sees a use for."""


def much_memory() -> dict[str, str]:
    """Settings of a server that keeps in memory what is measured; else tables that find no room there are timed at the disk."""
    return {"shared_buffers": f"{int(machine.memory_bytes() * MEMORY_SHARE) >> 20}MB"}


def free_bytes() -> int:
    """How much the disk has left where a Ground keeps its data."""
    return min(shutil.disk_usage(place).free for place in (tempfile.gettempdir(), SHARED_FOLDER.parent))


class Ground:
    """Starts the servers at the beginning of its block, and ends and removes everything at its end."""

    def __init__(self, postgres: Mapping[str, str] | None = None) -> None:
        """`postgres`: settings of its server, which win over the platform's."""
        # Nobody's settings but ours: a broker or a database from outside would not be the one the others stand on.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ONEX_")}
        self.home = Path(tempfile.mkdtemp(prefix="onex-bench-"))
        self.platform = Platform(self.home / "platform", environment=environment | SETTINGS, postgres=postgres)
        self.receiver: Receiver

    def __enter__(self) -> Self:
        try:
            self.platform.start_servers()
            self.receiver = Receiver()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.receiver.stop()
        self._remove()

    def _remove(self) -> None:
        self.platform.erase()
        shutil.rmtree(self.home, ignore_errors=True)

    def service_url(self, service: str) -> str:
        """The address of a service's database, as libpq reads it."""
        return self.platform.environment[f"ONEX_DATABASE_URL_{service.upper()}"].replace("+psycopg", "", 1)

    @property
    def postgres_url(self) -> str:
        """The superuser's address, as libpq reads it."""
        return self._database_url("postgres")

    def _database_url(self, database: str) -> str:
        password = self.platform.environment["ONEX_DATABASE_PASSWORD"]
        port = urlsplit(self.service_url("registry")).port
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/{database}"

    @property
    def amqp_url(self) -> str:
        """The administrator's address on the platform's vhost."""
        return self.platform.environment["ONEX_AMQP_ADMIN_URL"]

    def checkpoint(self) -> None:
        """Have PostgreSQL write everything down, so that no turn pays for what came before it."""
        with psycopg.connect(self.postgres_url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def make_database(self, name: str) -> str:
        """A database for a peer in the same server; its address as libpq reads it."""
        with psycopg.connect(self.postgres_url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self._database_url(name)

    def make_vhost(self, name: str) -> str:
        """A vhost for a peer on the same broker; the address at which the administrator reaches it."""
        self._rabbitmqctl("add_vhost", name)
        self._rabbitmqctl("set_permissions", "-p", name, ADMIN, ".*", ".*", ".*")
        return urlunsplit(urlsplit(self.amqp_url)._replace(path=f"/{name}"))

    def _rabbitmqctl(self, *arguments: str) -> None:
        ports = json.loads((self.platform.home / "ports.json").read_text())
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": str(self.platform.home / "rabbitmq"),  # Erlang's cookie lies there
            "ERL_EPMD_PORT": str(ports["epmd"]),
        }
        program = rabbitmq().script.with_name("rabbitmqctl")
        command = [str(program), "--node", "onex@localhost", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise LocalError(f"rabbitmqctl {arguments[0]} failed:\n{done.stdout}{done.stderr}")
