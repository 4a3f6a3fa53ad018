"""A private RabbitMQ node: its own ports, data, cookie and port mapper; users and vhosts from a definitions file."""

import json
import os
import secrets as randomness
from collections.abc import Mapping
from pathlib import Path

from onex.local.permissions import ADMIN, PARTNERS_VHOST, PLATFORM_VHOST, USERS, definitions
from onex.local.ports import LOOPBACK
from onex.local.programs import Program
from onex.local.requirements import RabbitServer

MANAGEMENT_SETTING = "ONEX_RABBITMQ_MANAGEMENT"
# Erlang's threads spin for a while before they sleep. On a machine that they share, that takes from who has work to do.
NO_BUSY_WAITING = "+sbwt none +sbwtdcpu none +sbwtdio none"


class RabbitMQ:
    """The broker of one home. `ports` has amqp, erlang, epmd and management."""

    def __init__(
        self, home: Path, ports: Mapping[str, int], secrets: Mapping[str, str], *, management: bool = False
    ) -> None:
        self.home = home
        self.folder = home / "rabbitmq"
        self._ports = ports
        self._passwords = {user: secrets[f"ONEX_AMQP_PASSWORD_{user.upper()}"] for user in USERS}
        self._management = management

    def url(self, user: str, vhost: str = PLATFORM_VHOST) -> str:
        """The address at which `user` reaches `vhost`."""
        return f"amqp://{user}:{self._passwords[user]}@{LOOPBACK}:{self._ports['amqp']}/{vhost}"

    def configure(self) -> None:
        """Write what the node reads when it starts. Users and rights are set anew at each start; queues are kept."""
        for folder in (self.folder, self.folder / "data", self.folder / "conf.d"):
            folder.mkdir(mode=0o700, exist_ok=True)
        cookie = self.folder / ".erlang.cookie"
        if not cookie.exists():
            cookie.touch(mode=0o600)
            cookie.write_text(randomness.token_hex(32))
            cookie.chmod(0o400)
        definitions_file = self.folder / "definitions.json"
        definitions_file.touch(mode=0o600)
        definitions_file.write_text(json.dumps(definitions(self._passwords), indent=1))
        settings = [
            f"listeners.tcp.1 = {LOOPBACK}:{self._ports['amqp']}",
            # Below the folder the broker is started in: this file's grammar has no way to write a path with a space.
            f"load_definitions = {definitions_file.name}",
            # A laptop's disk: the default asks for much less than a quorum queue's log can fill.
            "disk_free_limit.absolute = 500MB",
            # The log of all quorum queues is kept in memory up to this size; the default is 512 MB.
            "raft.wal_max_size_bytes = 134217728",
            "log.console.level = info",
        ]
        if self._management:
            settings += [f"management.tcp.ip = {LOOPBACK}", f"management.tcp.port = {self._ports['management']}"]
        (self.folder / "rabbitmq.conf").write_text("\n".join(settings) + "\n")
        (self.folder / "enabled_plugins").write_text("[rabbitmq_management].\n" if self._management else "[].\n")
        # Files of a system-wide RabbitMQ must not reach into ours, so each has an empty one of our own in its place.
        (self.folder / "rabbitmq-env.conf").write_text("")
        (self.folder / "advanced.config").write_text("[].\n")

    def programs(self, server: RabbitServer) -> list[Program]:
        """Erlang's port mapper, then the broker.

        The port mapper is a program of its own because Erlang would otherwise start one in the background, which stays
        when the broker has gone.
        """
        epmd_environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "ERL_EPMD_PORT": str(self._ports["epmd"]),
            "ERL_EPMD_ADDRESS": LOOPBACK,
        }
        environment = {
            **epmd_environment,
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            # The same always, for the data folder bears it. Another checkout's is the same too, at another port mapper.
            "RABBITMQ_NODENAME": "onex@localhost",
            "RABBITMQ_DIST_PORT": str(self._ports["erlang"]),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq"),
            "RABBITMQ_CONFIG_FILES": str(self.folder / "conf.d"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "rabbitmq-env.conf"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {{127,0,0,1}} {NO_BUSY_WAITING}",
            # The start script then becomes the broker instead of waiting beside it: signals reach the broker itself.
            "RUNNING_UNDER_SYSTEMD": "true",
        }
        epmd = Program(
            name="epmd",
            argv=(str(server.epmd),),
            environment=epmd_environment,
            ready_url=f"tcp://{LOOPBACK}:{self._ports['epmd']}",
            priority=20,
            folder=self.folder,
        )
        broker = Program(
            name="rabbitmq",
            argv=(str(server.script),),
            environment=environment,
            ready_url=self.url(ADMIN, PARTNERS_VHOST),
            stop_wait_s=60,
            priority=30,
            folder=self.folder,
        )
        return [epmd, broker]
