"""Files of NAME=value lines that a shell can read too, kept from other users' eyes (mode 0600)."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path


def read(file: Path) -> dict[str, str]:
    """The settings in `file`; none if there is no such file."""
    if not file.exists():
        return {}
    settings: dict[str, str] = {}
    for word in shlex.split(file.read_text(), comments=True):
        name, equals, value = word.partition("=")
        if equals:
            settings[name] = value
    return settings


def write(file: Path, settings: Mapping[str, str]) -> None:
    """Replace `file` in one step; only its owner may read it."""
    text = "".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items())
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
