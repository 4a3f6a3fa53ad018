"""Folders outside pytest's own, which only root may enter."""

import tempfile
from pathlib import Path


def passable(prefix: str) -> Path:
    """A new folder that PostgreSQL's own user may pass through, when we are root."""
    home = Path(tempfile.mkdtemp(prefix=prefix))
    home.chmod(0o711)
    return home
