"""The steps of an event's life as numbered points, so that a test can kill the process at each of them.

The numbers are those of docs/architecture.md. `reached(step)` does nothing unless ONEX_CRASH_AT names a folder. Then a file in it
that is named as a step, and holds how many passings are left and the number of a signal, arms that step: the process that makes
the last passing removes the file, notes its death in `deaths`, and sends itself the signal. So each armed step ends one process,
once, whichever of the platform's processes comes by.
"""

import os
import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

_folder = os.environ.get("ONEX_CRASH_AT")


class Step(StrEnum):
    """Where a process may die. The value is the name of the file that arms it."""

    # A door's transaction.
    SAID = "3.1-said"  # the change and its events are written, not committed
    COMMITTED = "3.2-committed"  # committed; nobody has been told
    # The relay.
    READ = "4.1-read"  # a batch was read from the outbox
    SENT = "4.2-sent"  # its bytes were written; no confirm has come
    CONFIRMED = "4.3-confirmed"  # the broker has it, and so has the outbox
    DELETED = "4.4-deleted"  # only the broker has it
    # The consumer.
    RECEIVED = "6.1-received"  # a batch is in hand
    CLAIMED = "6.2-claimed"  # its events are in the inbox, not committed
    HANDLED = "6.3-handled"  # the door is done, not committed
    DONE = "6.4-done"  # committed, not acknowledged
    ACKNOWLEDGED = "6.5-acknowledged"
    # What could not be handled.
    START_NOTING = "7.1-start-noting"  # that it is about to be started again is written, not committed
    START_NOTED = "7.2-start-noted"  # what may have killed its process is about to be started again
    HANDING_OVER = "7.3-handing-over"  # decided, and no delay tier has it yet
    HANDED_OVER = "7.4-handed-over"  # a tier has it, and the queue has it still
    PARKING = "7.5-parking"  # written, not committed
    PARKED = "7.6-parked"  # committed, not acknowledged
    DEAD_LETTER_PARKING = "7.7-dead-letter-parking"  # written, not committed
    DEAD_LETTER_PARKED = "7.8-dead-letter-parked"  # committed, not acknowledged
    # Jobs.
    JOB_TAKING = "8.1-job-taking"  # its start is counted, not committed
    JOB_TAKEN = "8.2-job-taken"
    JOB_STEP_WORKED = "8.3-job-step-worked"  # not committed
    JOB_STEP_COMMITTED = "8.4-job-step-committed"
    JOB_FINISHED = "8.5-job-finished"
    # Timers.
    TIMER_WORKED = "9.1-timer-worked"  # not committed
    TIMER_COMMITTED = "9.2-timer-committed"
    # Webhooks.
    DELIVERIES_WRITTEN = "10.1-deliveries-written"  # outcomes and leases, not committed
    DELIVERIES_TAKEN = "10.2-deliveries-taken"  # the lease is committed
    DELIVERY_POSTED = "10.3-delivery-posted"  # the receiver has answered, and nobody wrote it down
    DELIVERIES_SETTLED = "10.4-deliveries-settled"


def reached(step: Step) -> None:
    """Say that this process has come to `step`; it may be its last."""
    if _folder is not None:
        _die_if_armed(Path(_folder), step)


def _die_if_armed(folder: Path, step: Step) -> None:
    armed = folder / step
    try:
        left, number = map(int, armed.read_text().split())
        if left > 1:
            armed.write_text(f"{left - 1} {number}")
            return
        armed.unlink()
    except (FileNotFoundError, ValueError):  # not armed, or another process was quicker
        return
    with suppress(OSError), (folder / "deaths").open("a") as out:
        out.write(f"{step} {number} {' '.join(sys.argv[1:])}\n")
    os.kill(os.getpid(), number)
