"""Makes a process fit for a worker: eventlet patches it before anything else is imported."""

import os


def patch() -> None:
    """Call it first of all; `onex/messaging/worker.py` refuses to run in a process where it was not."""
    # psycopg reads this when it is first imported: its compiled wait would block every green thread.
    os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")
    import eventlet

    eventlet.monkey_patch()
