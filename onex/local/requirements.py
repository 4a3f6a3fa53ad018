"""Where the RabbitMQ server comes from: the one that is installed, else Debian's package, else a clear refusal."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from onex.local import apt
from onex.local.errors import RequirementMissing

# Debian's /usr/sbin/rabbitmq-server insists on changing user; the script it calls runs as anybody.
DEBIAN_SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")

HOW_TO_GET_RABBITMQ = """\
RabbitMQ is missing. There are three ways to get it; any one will do:
  1. install it:       sudo apt-get install rabbitmq-server    (the platform then runs a private copy, not the system's;
                       run as root, this command does it by itself)
  2. use one you have: make two vhosts in it, `onex` and `partners`, and a user with all rights on both, then
                       export ONEX_AMQP_URL=amqp://user:password@host:5672/onex
  3. use Docker:       docker run -d --name onex-rabbitmq -p 127.0.0.1:5672:5672 rabbitmq:4
                       docker exec onex-rabbitmq rabbitmqctl await_startup
                       for vhost in onex partners; do docker exec onex-rabbitmq rabbitmqctl add_vhost $vhost;
                         docker exec onex-rabbitmq rabbitmqctl set_permissions -p $vhost guest '.*' '.*' '.*'; done
                       export ONEX_AMQP_URL=amqp://guest:guest@127.0.0.1:5672/onex"""


@dataclass(frozen=True)
class RabbitServer:
    """An installed RabbitMQ: the script that starts it, and Erlang's port mapper, which it cannot do without."""

    script: Path
    epmd: Path


def installed_rabbitmq(path: str | None = None, debian_script: Path = DEBIAN_SCRIPT) -> RabbitServer | None:
    """The RabbitMQ server that is on this machine, or None. `path` stands in for PATH.

    Raises RequirementMissing when the server is there without the part of Erlang it needs.
    """
    found: str | None = str(debian_script) if debian_script.exists() else shutil.which("rabbitmq-server", path=path)
    if found is None:
        return None
    epmd = _epmd(path)
    if epmd is None:
        raise RequirementMissing(
            f"{found} is there, but not Erlang's epmd, without which it does not run. Is erl on PATH?"
        )
    return RabbitServer(Path(found), epmd)


def _epmd(path: str | None) -> Path | None:
    on_path = shutil.which("epmd", path=path)
    if on_path:
        return Path(on_path)
    erl = shutil.which("erl", path=path)
    # In an Erlang that was built from source epmd lies beside the virtual machine: <root>/erts-<version>/bin/epmd.
    beside = sorted(Path(erl).resolve().parent.parent.glob("erts-*/bin/epmd")) if erl else []
    return beside[-1] if beside else None


def rabbitmq(
    path: str | None = None, *, is_root: bool | None = None, debian_script: Path = DEBIAN_SCRIPT
) -> RabbitServer:
    """The RabbitMQ server to run privately; as root with apt it is installed if it is not there.

    Raises RequirementMissing with each way to get it. The parameters stand in for this machine's.
    """
    server = installed_rabbitmq(path, debian_script)
    if server is None and apt.available(path, is_root=is_root):
        apt.install(["rabbitmq-server"], why="the message broker; run privately, no system service is left running")
        apt.keep_stopped("rabbitmq-server")
        server = installed_rabbitmq(path, debian_script)
    if server is None:
        raise RequirementMissing(HOW_TO_GET_RABBITMQ)
    return server
