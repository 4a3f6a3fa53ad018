"""`python -m onex …`. A worker's process is patched by eventlet before anything else is imported."""

import sys

if sys.argv[1:2] == ["run"]:
    import eventlet

    eventlet.monkey_patch()

from onex.cli.main import app  # noqa: E402

app(prog_name="onex")
