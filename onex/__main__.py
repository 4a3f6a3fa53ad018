"""`onex …` and `python -m onex …`. A worker's process is patched by eventlet before anything else is imported."""

import sys

from onex import green


def main() -> None:
    """The command line."""
    if sys.argv[1:2] == ["run"]:
        green.patch()
    from onex.cli.main import app

    app(prog_name="onex")


if __name__ == "__main__":
    main()
