"""A command tied to the life of the process that starts it, by setpriv (util-linux) and env (coreutils)."""

import os
import pwd
import shutil
from collections.abc import Mapping, Sequence

from onex.local.errors import RequirementMissing

# PostgreSQL refuses to run as root. This user is on every machine and may do nothing there.
UNPRIVILEGED_USER = "nobody"


def tied(
    argv: Sequence[str],
    *,
    death_signal: str = "TERM",
    as_user: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """`argv`, which gets `death_signal` when its parent process ends in whatever way, kill -9 included.

    `as_user`: the user it runs as (the caller must be root). `environment`: its whole environment; None inherits.
    Each wrapper replaces itself by the next, so the process id is the command's own. The parent is, to be exact, the
    thread that starts it. Raises RequirementMissing where there is no setpriv.
    """
    setpriv = shutil.which("setpriv") or shutil.which("setpriv", path="/usr/bin:/bin")
    if setpriv is None:
        raise RequirementMissing("setpriv is missing: it is part of util-linux. Install that package and try again.")
    user: tuple[str, ...] = ()
    if as_user is not None:
        entry = pwd.getpwnam(as_user)
        user = (f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups")
    only: tuple[str, ...] = ()
    if environment is not None:
        only = ("/usr/bin/env", "-i", *(f"{name}={value}" for name, value in environment.items()))
    return (setpriv, *user, f"--pdeathsig={death_signal}", "--", *only, *argv)


def unprivileged_user() -> str | None:
    """The user for programs that refuse to run as root; None when we are not root."""
    return UNPRIVILEGED_USER if os.geteuid() == 0 else None
