"""`onex …` and `python -m onex …`. A worker's process is patched by eventlet before anything else is imported."""

import os
import sys


def main() -> None:
    """The command line."""
    if sys.argv[1:2] == ["run"]:
        # psycopg reads this when it is first imported: its compiled wait would block every green thread.
        os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")
        import eventlet

        eventlet.monkey_patch()
    from onex.cli.main import app

    app(prog_name="onex")


if __name__ == "__main__":
    main()
