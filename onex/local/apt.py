"""Installing a Debian or Ubuntu package, as root, saying so, without a system service being started by it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from onex.local.errors import RequirementMissing

POLICY = Path("/usr/sbin/policy-rc.d")
NO_SERVICES = "#!/bin/sh\n# Written by OneX while it installs a package; removed right after.\nexit 101\n"


def available(path: str | None = None, *, is_root: bool | None = None) -> bool:
    """Whether packages can be installed: we are root, apt-get is there. The parameters stand in for this machine's."""
    root = os.geteuid() == 0 if is_root is None else is_root
    return root and shutil.which("apt-get", path=path) is not None


@contextmanager
def no_services_started(policy: Path = POLICY) -> Iterator[None]:
    """Debian asks policy-rc.d before a package may start its service; a policy that is there already is left alone."""
    if policy.exists():
        yield
        return
    policy.write_text(NO_SERVICES)
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink(missing_ok=True)


def install(packages: Sequence[str], why: str) -> None:
    """Install `packages` with apt-get. Raises RequirementMissing with apt's last words when that fails."""
    print(f"Installing {' '.join(packages)} with apt-get ({why}) …", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with no_services_started():
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        ):
            done = subprocess.run(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            # An update may fail for one of several sources; whether the package can be had shows in the install.
            if done.returncode != 0 and "install" in command:
                tail = "\n".join(done.stdout.decode(errors="replace").splitlines()[-8:])
                raise RequirementMissing(f"{' '.join(command)} failed:\n{tail}")


def keep_stopped(service: str) -> None:
    """Stop the system service that a package just installed may have started, and keep it from starting at boot."""
    for command in (["invoke-rc.d", service, "stop"], ["update-rc.d", service, "disable"]):
        if shutil.which(command[0]):
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
