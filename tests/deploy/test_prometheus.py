"""Prometheus asks every process, and its alerts ask for figures that exist."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Metric
from prometheus_client.registry import REGISTRY

from onex.chassis import metrics  # noqa: F401  (registers every figure of the platform)
from onex.chassis.settings import SERVICES
from tests.deploy.conftest import DEPLOY

FOLDER = DEPLOY / "prometheus"


def jobs() -> dict[str, Any]:
    return {job["job_name"]: job for job in yaml.safe_load((FOLDER / "prometheus.yml").read_text())["scrape_configs"]}


@pytest.mark.parametrize("kind", ["worker", "web"])
def test_each_services_worker_and_web_are_found_however_many_there_are(kind: str, compose: dict[str, Any]) -> None:
    (lookup,) = jobs()[kind]["dns_sd_configs"]
    assert lookup["names"] == [f"{service}-{kind}" for service in SERVICES]
    assert (lookup["type"], lookup["port"]) == ("A", 8000)
    assert set(lookup["names"]) <= set(compose["services"])


def test_broker_and_database_are_asked_where_they_answer(compose: dict[str, Any]) -> None:
    asked = {name: job["static_configs"][0]["targets"] for name, job in jobs().items() if "static_configs" in job}
    assert asked["rabbitmq"] == asked["rabbitmq-queues"] == ["rabbitmq:15692"]
    assert "prometheus.tcp.port = 15692" in (DEPLOY / "rabbitmq" / "rabbitmq.conf").read_text()
    assert "rabbitmq_prometheus" in (DEPLOY / "rabbitmq" / "enabled_plugins").read_text()
    assert asked["postgres"] == ["postgres-exporter:9187"]
    assert "postgres-exporter" in compose["services"]


def names_of(metric: Metric) -> set[str]:
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(metric.type, ("",))
    return {metric.name + ending for ending in endings}


def test_every_figure_of_ours_that_an_alert_asks_for_exists() -> None:
    exist = {name for metric in REGISTRY.collect() for name in names_of(metric)}
    rules = [rule for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
    asked = {name for rule in rules for name in re.findall(r"\bonex_\w+", rule["expr"])}
    assert asked
    assert asked <= exist
    for rule in rules:
        assert rule["labels"]["severity"] in ("warning", "critical"), rule["alert"]
        assert rule["annotations"]["action"], rule["alert"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", str(FOLDER / "prometheus.yml")),
        ("test", "rules", str(Path(__file__).with_name("alerts.test.yml"))),
    ],
)
def test_prometheus_itself_accepts_the_configuration_and_the_alerts_come_when_they_must(
    arguments: tuple[str, ...],
) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian's package `prometheus` has it)")
    checked = subprocess.run([promtool, *arguments], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
