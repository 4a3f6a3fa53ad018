"""Brings a platform up in a process of its own, says so, and stays: for the tests that kill such a process."""

import signal
import sys
from pathlib import Path

from onex.local.platform import Platform
from tests.local.conftest import standins

if __name__ == "__main__":
    platform = Platform(Path(sys.argv[1]), programs=standins)
    platform.start_servers()
    platform.start_services()
    print("up", flush=True)
    signal.pause()
