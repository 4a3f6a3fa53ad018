"""`onex audit`: what it prints, what it writes, and how it ends."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audit.main_road import MainRoad, main_road
from tests.cli.broker import Broker
from tests.cli.command import Command
from tests.harness.service import Service


@pytest.fixture
def road(service: Callable[[str], Service], broker: Broker) -> MainRoad:
    return main_road(service)


def test_it_prints_the_figures_and_ends_well_when_all_agree(onex: Command, road: MainRoad) -> None:
    said = onex("audit")
    figures = [line.split("│")[2].strip() for line in said.splitlines() if line.startswith("│")]
    assert figures[:4] == [str(road.candidates)] * 4
    assert "All figures agree." in said


def test_it_names_what_is_wrong_and_ends_with_1(onex: Command, road: MainRoad, tmp_path: Path) -> None:
    (lost,) = road.sql(
        "certificates",
        "DELETE FROM certificate WHERE id = (SELECT id FROM certificate ORDER BY id LIMIT 1) RETURNING id, result_id",
    )
    file = tmp_path / "findings.csv"
    said = onex("audit", "--patience", "0", "--grace", "0", "--csv", str(file), expect=1)
    assert "1 missing in certificates: certificates" in said
    assert str(lost.result_id) in said
    assert "The figures differ." in said
    with file.open(newline="") as sheet:
        found = {(line["kind"], line["service"], line["record"]) for line in csv.DictReader(sheet)}
    assert found == {
        ("missing", "certificates", str(lost.result_id)),
        ("orphaned", "creditbank", str(lost.id)),
        ("orphaned", "notifications", str(lost.id)),
        ("altered", "certificates", str(road.ids["teo"])),  # the TEO's kept counts
        ("altered", "certificates", str(lost.id)),  # the log has an entry of it, or waits to have
    }


def test_what_is_under_way_is_no_fault_unless_it_was_waited_for(onex: Command, road: MainRoad) -> None:
    road.assess()
    said = onex("audit", "--patience", "0")
    assert "No record is wrong." in said
    assert "under way to certificates" in said
    onex("audit", "--patience", "0", "--wait", "1", expect=1)


def test_a_server_that_is_away_is_said_in_a_sentence(servers: object, onex: Command) -> None:
    onex.environ = {**onex.environ, "ONEX_DATABASE_URL_CREDITBANK": "postgresql+psycopg://x:x@127.0.0.1:1/x"}
    assert "PostgreSQL does not answer as it should" in onex("audit", expect=2)
    onex.environ = {**onex.environ, "ONEX_AMQP_ADMIN_URL": "amqp://x:x@127.0.0.1:1/x"}
    assert "RabbitMQ does not answer as it should" in onex("replay", "registry", expect=2)
