"""`python -m onex …`. A worker's process is patched by eventlet before anything else is imported."""

import os
import sys

if sys.argv[1:2] == ["run"]:
    # Read by psycopg when it is first imported, from wherever that is: its compiled wait would block every green thread.
    os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")

    import eventlet

    eventlet.monkey_patch()

from onex.cli.main import app

app(prog_name="onex")
