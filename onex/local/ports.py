"""Free TCP ports on the loopback, remembered so that addresses are the same from one run to the next."""

import json
import random
import socket
from collections.abc import Iterable
from pathlib import Path

LOOPBACK = "127.0.0.1"
LOWEST_PORT = 10240
EPHEMERAL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Connections of the last run that are still in TIME_WAIT do not count: a server would not mind them.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _first_ephemeral_port() -> int:
    try:
        return int(EPHEMERAL_RANGE.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 32768


def choose(taken: Iterable[int]) -> int:
    """A free port that is not among `taken`.

    It lies below the range from which the system draws ports for outgoing connections: a client that keeps trying
    a server which is being restarted would otherwise, sooner or later, be given that very port and connect to itself.
    """
    avoid = set(taken)
    below = _first_ephemeral_port()
    if below > LOWEST_PORT + 1000:
        for port in random.sample(range(LOWEST_PORT, below), 500):
            if port not in avoid and is_free(port):
                return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as any_port:
        any_port.bind((LOOPBACK, 0))
        return int(any_port.getsockname()[1])


def remembered(file: Path, names: Iterable[str]) -> dict[str, int]:
    """A free port for each name: the one written in `file` if it is still free, else a new one, which is written."""
    try:
        known: dict[str, int] = json.loads(file.read_text())
    except (OSError, ValueError):
        known = {}
    ports: dict[str, int] = {}
    for name in names:
        port = known.get(name)
        if not isinstance(port, int) or port in ports.values() or not is_free(port):
            port = choose([*ports.values(), *known.values()])
        ports[name] = port
    file.write_text(json.dumps(ports, indent=2) + "\n")
    return ports
