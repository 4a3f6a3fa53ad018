"""What `onex lag` prints, a worker's metrics say too."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from onex.local.platform import Platform
from tests.cli.broker import Broker
from tests.cli.command import Command, environment
from tests.cli.test_parked import set_aside
from tests.harness.service import Service

WITHIN_S = 60.0


def until(condition: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + WITHIN_S
    while not (found := condition()):
        assert time.monotonic() < deadline, f"this never came true: {what}"
        time.sleep(0.1)
    return found


@pytest.fixture
def metrics(servers: Platform, tmp_path: Path) -> Iterator[Callable[[], dict[str, float]]]:
    """The metrics of a real worker of assessment, by line."""
    environ = environment(servers)
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "onex", "run", "assessment"], env=environ, stdout=log, stderr=subprocess.STDOUT
        )

    def read() -> dict[str, float]:
        url = f"http://127.0.0.1:{environ['ONEX_WORKER_PORT_ASSESSMENT']}/metrics"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            assert worker.poll() is None, (tmp_path / "worker.log").read_text()[-3000:]
            return {}
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line[:1] != "#"}

    yield read
    worker.kill()
    worker.wait()


def test_the_figures_of_lag_are_metrics_of_the_worker(
    onex: Command,
    services: Callable[[str], Service],
    broker: Broker,
    metrics: Callable[[], dict[str, float]],
) -> None:
    assessment = services("assessment")
    set_aside(assessment, "certificate_type_unknown", count=3)
    with assessment.database.transaction() as session:
        session.execute(text("UPDATE parked SET parked_at = now() - interval '1 hour'"))
    label = '{service="assessment"}'
    seen = until(lambda: (m := metrics()) and m.get(f"onex_parked_events{label}") == 3 and m, "the parked are counted")
    assert 3600 <= seen[f"onex_parked_oldest_seconds{label}"] < 3900
    assert seen[f"onex_jobs_open{label}"] == 0
    until(
        lambda: 'onex_outbox_events{lane="platform",service="assessment"}' in metrics(), "the relay counts its outbox"
    )

    def all_read() -> bool:
        (service,) = json.loads(onex("lag", "--json", "--service", "assessment"))["services"]
        assert [row["waiting"] for row in service["parked"]] == [3]
        return all(one["readers"] == 1 for one in service["consumers"])

    until(all_read, "lag sees the worker read every queue")
