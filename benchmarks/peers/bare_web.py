"""Serves bare_inquiry under granian, with the settings that `onex web` has. `python -m benchmarks.peers.bare_web <port>`"""

import sys

from granian.constants import Interfaces
from granian.server import Server

if __name__ == "__main__":
    Server(
        "benchmarks.peers.bare_inquiry:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        log_access=False,
    ).serve()
