"""The trial worker on a machine whose clock is off by ONEX_TRIAL_CLOCK_DAYS: `python -m tests.fault.jumped_worker …`."""

# ruff: noqa: I001 - the trial worker patches the standard library when it is imported, before anything else

from tests.messaging import trial_worker

import os
import sys
from datetime import UTC, datetime, timedelta

import time_machine

if __name__ == "__main__":
    days = timedelta(days=int(os.environ["ONEX_TRIAL_CLOCK_DAYS"]))
    time_machine.travel(datetime.now(UTC) + days, tick=True).start()
    trial_worker.main(*sys.argv[1:])
