"""On what a figure was measured: without it no figure means anything."""

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Any

import kombu
import psycopg

PACKAGES = ("nameko", "eventlet", "kombu", "amqp", "sqlalchemy", "psycopg", "pynacl", "orjson", "requests", "urllib3")


def describe(postgres_url: str, amqp_url: str) -> dict[str, Any]:
    """CPUs, memory, load, and the versions of what took part. Names no address and no path of the machine."""
    with psycopg.connect(postgres_url) as connection:
        postgres = connection.info.parameter_status("server_version")
    with kombu.Connection(amqp_url) as broker:
        broker.connect()
        rabbitmq = broker.connection.server_properties["version"]
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "cpu_model": _first_value(Path("/proc/cpuinfo"), "model name"),
        "memory_gib": round(memory_bytes() / 2**30, 1),
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        "postgresql": postgres,
        "rabbitmq": rabbitmq,
        "packages": versions,
    }


def memory_bytes() -> int:
    """What the machine has of it."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _first_value(file: Path, name: str) -> str:
    for line in file.read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"
