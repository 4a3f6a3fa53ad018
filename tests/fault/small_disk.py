"""A disk so small that a test can fill it: a tablespace on a tmpfs, with some tables on it."""

import os
import pwd
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from onex.local.tether import unprivileged_user

SIZE = "4m"
BLOCK = bytes(8192)


class SmallDisk:
    """The disk under some tables."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave not a block on it."""
        with suppress(OSError), self._ballast.open("ab", buffering=0) as out:
            while True:
                out.write(BLOCK)

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)


@contextmanager
def under(admin_url: str, database_url: str, tables: Sequence[str], folder: Path) -> Iterator[SmallDisk]:
    """Put these tables of the database on a small disk for the block. Skips where nothing may be mounted."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder.mkdir()
    user = pwd.getpwnam(unprivileged_user() or "root")
    options = f"size={SIZE},mode=0700,uid={user.pw_uid},gid={user.pw_gid}"
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mount.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {mount.stderr.strip()}")
    (folder / "space").mkdir()
    os.chown(folder / "space", user.pw_uid, user.pw_gid)
    disk = SmallDisk(folder)
    where = _in_database(admin_url, database_url)
    try:
        with psycopg.connect(admin_url, autocommit=True) as server:
            server.execute(sql.SQL("CREATE TABLESPACE small LOCATION {}").format(sql.Literal(str(folder / "space"))))
        _move(where, tables, "small")
        yield disk
    finally:
        disk.free()
        _move(where, tables, "pg_default")
        with psycopg.connect(admin_url, autocommit=True) as server:
            server.execute("DROP TABLESPACE IF EXISTS small")
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def _in_database(admin_url: str, database_url: str) -> str:
    return f"{admin_url.rpartition('/')[0]}/{database_url.rpartition('/')[2]}"


def _move(where: str, tables: Sequence[str], tablespace: str) -> None:
    with psycopg.connect(where, autocommit=True) as server:
        for table in tables:
            statement = sql.SQL("ALTER TABLE {} SET TABLESPACE {}")
            server.execute(statement.format(sql.Identifier(table), sql.Identifier(tablespace)))


def admin_url(environ: dict[str, str]) -> str:
    """The superuser's address of the platform's own PostgreSQL."""
    server = environ["ONEX_DATABASE_URL_REGISTRY"].rpartition("@")[2].partition("/")[0]
    return f"postgresql://postgres:{environ['ONEX_DATABASE_PASSWORD']}@{server}/postgres"
