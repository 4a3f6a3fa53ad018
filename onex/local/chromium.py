"""The browser in which the tests look at pages: Chromium, and a font with Chinese characters for it."""

import os
import shutil
import sys
from pathlib import Path

from onex.local import apt
from onex.local.errors import LocalError, RequirementMissing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

HOW_TO_GET_CHROMIUM = """\
Chromium is missing; the tests open the public pages in a real browser. Any one of these will do:
  1. install it:       sudo apt-get install chromium fonts-wqy-zenhei    (run as root, this command does it by itself)
  2. use one you have: export ONEX_CHROMIUM=/path/to/chromium    (Google Chrome does as well)"""


def ensure(path: str | None = None, *, is_root: bool | None = None) -> Path:
    """The browser's program: ONEX_CHROMIUM, else what PATH has, else, as root with apt, Debian's package.

    Raises RequirementMissing with each way to get it. The parameters stand in for this machine's.
    """
    named = os.environ.get("ONEX_CHROMIUM")
    if named:
        if not os.access(named, os.X_OK):
            raise RequirementMissing(f"ONEX_CHROMIUM names {named}, which is not a program.\n{HOW_TO_GET_CHROMIUM}")
        return Path(named)
    browser = _on_path(path)
    if browser is None and apt.available(path, is_root=is_root):
        apt.install(["chromium", "fonts-wqy-zenhei"], why="the browser of the tests, with a Chinese font")
        browser = _on_path(path)
    if browser is None:
        raise RequirementMissing(HOW_TO_GET_CHROMIUM)
    return browser


def _on_path(path: str | None) -> Path | None:
    found = next(filter(None, (shutil.which(name, path=path) for name in NAMES)), None)
    return Path(found) if found else None


if __name__ == "__main__":
    try:
        print(ensure())
    except LocalError as error:
        sys.exit(str(error))
