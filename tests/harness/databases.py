"""Databases beside the services' own."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from onex.local.platform import Platform
from tests.harness.emptying import admin_url


@contextmanager
def empty_database(servers: Platform, name: str) -> Iterator[str]:
    """The address of a new, empty database until the block ends; a service's own role may make none, so the superuser does."""
    admin = admin_url(servers)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield f"{admin.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
