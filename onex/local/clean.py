"""`make clean`: removes the platform's data on this machine, wherever it lies."""

import sys

from onex.local.errors import LocalError
from onex.local.platform import DEFAULT_HOME, Platform

if __name__ == "__main__":
    if DEFAULT_HOME.exists():
        try:
            Platform(DEFAULT_HOME).erase()
        except LocalError as error:
            sys.exit(str(error))
