"""The service with private addresses allowed, as on a developer's machine, and subscriptions made through its door."""

import dataclasses
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from onex.chassis.access import Role
from onex.local.platform import Platform
from tests.harness.service import Service, json_of

PATH = "/notifications/v1/subscriptions"
Workers = Callable[[], AbstractContextManager[subprocess.Popen[bytes]]]


@pytest.fixture
def strict(service: Callable[[str], Service]) -> Service:
    """The service as it is set up in production."""
    one = service("notifications")
    one.settings = dataclasses.replace(one.settings, webhook_allow_private=False)
    one._web = one._config = None
    return one


@pytest.fixture
def notifications(strict: Service) -> Service:
    strict.settings = dataclasses.replace(strict.settings, webhook_allow_private=True)
    return strict


def subscribe(notifications: Service, url: str, *events: str, codes: list[str] | None = None) -> dict[str, Any]:
    """Subscribe an address to events (both, when none is named) as the tests' partner."""
    body = {"url": url, "events": list(events) or ["certificate_issued"]}
    if codes is not None:
        body["certificate_type_codes"] = codes
    answer = notifications.call("POST", PATH, role=Role.PARTNER, json=body, expect=201)
    made: dict[str, Any] = json_of(answer)
    return made


def deliveries(notifications: Service, subscription_id: str | uuid.UUID) -> list[dict[str, Any]]:
    """A subscription's deliveries, oldest first."""
    answer = notifications.call("GET", f"{PATH}/{subscription_id}/deliveries", role=Role.PARTNER, expect=200)
    items: list[dict[str, Any]] = json_of(answer)["items"]
    return items[::-1]


@pytest.fixture
def worker(servers: Platform, tmp_path: Path) -> Workers:
    """`with worker():` a process of the service runs."""

    @contextmanager
    def run() -> Iterator[subprocess.Popen[bytes]]:
        environ = os.environ | servers.environment | {"ONEX_WEBHOOK_ALLOW_PRIVATE": "1"}
        with open(tmp_path / "worker.log", "ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "onex", "run", "notifications"], env=environ, stdout=log, stderr=log
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    return run


def until(condition: Callable[[], bool], within_s: float = 30.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.05)
