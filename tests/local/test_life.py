"""Beginnings and ends: side by side, stopped, killed, started again, in folders with awkward names and rights."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from onex.local import leftovers, settings_file
from onex.local.errors import LocalError
from onex.local.platform import CHECKOUT, Platform
from tests.local.conftest import processes_of, standins, until
from tests.local.test_platform import broker, outside


def bring_up(home: Path) -> subprocess.Popen[str]:
    """A platform in a process of its own, up."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.local.up", str(home)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_two_run_side_by_side_and_killing_one_leaves_nothing_of_it(platform: Platform, folder: Path) -> None:
    home = folder / "another checkout 一X" / ".onex"
    parent = bring_up(home)
    mine = {platform.environment[name] for name in platform.environment if "PORT" in name}
    other = {value for name, value in _settings(home).items() if "PORT" in name}
    assert not mine & other
    assert len(processes_of(home)) > 9
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert until(lambda: not processes_of(home), 90), processes_of(home)
    assert platform.pid("postgres") is not None
    assert platform.pid("rabbitmq") is not None
    Platform(home).erase()
    assert not home.exists()


def test_killing_parent_and_supervisor_together_leaves_nothing(folder: Path) -> None:
    home = folder / "orphaned"
    parent = bring_up(home)
    supervisor = int((home / "supervisord.pid").read_text())
    parent.send_signal(signal.SIGSTOP)
    os.kill(supervisor, signal.SIGKILL)
    parent.kill()
    parent.wait()
    assert until(lambda: not processes_of(home), 90), processes_of(home)
    Platform(home).erase()


def test_a_second_run_has_the_data_of_the_first_even_at_other_ports(folder: Path) -> None:
    home = folder / "twice"
    with Platform(home, programs=lambda *_: []) as first:
        first.start_servers()
        before = first.environment
        with psycopg.connect(before["ONEX_DATABASE_URL_REGISTRY"].replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        channel = broker(before["ONEX_AMQP_ADMIN_URL"]).channel()
        channel.queue_declare("kept", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.connection.close()
    assert processes_of(home) == []
    assert not (home / "platform.env").exists()
    taken = urlsplit(before["ONEX_AMQP_ADMIN_URL"]).port
    with socket.create_server(("127.0.0.1", taken or 0)), Platform(home, programs=lambda *_: []) as second:
        second.start_servers()
        after = second.environment
        assert urlsplit(after["ONEX_AMQP_ADMIN_URL"]).port != taken
        assert after["ONEX_DATABASE_URL_REGISTRY"] == before["ONEX_DATABASE_URL_REGISTRY"]
        assert after["ONEX_PII_KEYS"] == before["ONEX_PII_KEYS"]
        with psycopg.connect(after["ONEX_DATABASE_URL_REGISTRY"].replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        channel = broker(after["ONEX_AMQP_ADMIN_URL"]).channel()
        channel.queue_declare("kept", passive=True)
        channel.connection.close()
    second.erase()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_a_home_that_postgresqls_user_cannot_enter_has_its_data_elsewhere(platform: Platform, folder: Path) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    environment = {**os.environ, "ONEX_AMQP_URL": platform.environment["ONEX_AMQP_ADMIN_URL"]}
    with Platform(private / "home", environment=environment, programs=lambda *_: []) as hidden:
        hidden.start_servers()
        elsewhere = (hidden.home / "postgres").resolve()
        assert private not in elsewhere.parents
        assert (elsewhere / "cluster" / "PG_VERSION").exists()
        assert hidden.names == ["postgres"]
    # A home that was removed by hand, and its passwords with it, leaves data that no later home of its path can open.
    shutil.rmtree(hidden.home)
    with Platform(private / "home", environment=environment, programs=lambda *_: []) as hidden:
        hidden.start_servers()
        assert (hidden.home / "postgres").resolve() == elsewhere
    hidden.erase()
    assert not elsewhere.exists()


def test_databases_of_another_postgresql_are_refused_and_stay(platform: Platform, folder: Path) -> None:
    environment = {**os.environ, "ONEX_AMQP_URL": platform.environment["ONEX_AMQP_ADMIN_URL"]}
    old = Platform(folder / "old", environment=environment, programs=lambda *_: [])
    cluster = old.home / "postgres" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("15\n")
    with pytest.raises(LocalError, match=r"made by PostgreSQL 15(.|\n)*make clean"):
        old.start_servers()
    assert (cluster / "PG_VERSION").read_text() == "15\n"
    old.erase()


def test_leftovers_of_this_home_are_ended_and_of_no_other(folder: Path) -> None:
    def sleeper(home: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(["sleep", "600"], env={**os.environ, leftovers.MARK: str(home)})

    ours, theirs = sleeper(folder / "ours"), sleeper(folder / "theirs")
    try:
        leftovers.end(folder / "ours")
        ours.wait(10)
        assert theirs.poll() is None
    finally:
        theirs.kill()
        theirs.wait()


def test_a_home_with_a_very_long_path_works(platform: Platform, folder: Path) -> None:
    home = folder / ("a-name-of-a-folder-that-goes-on-" * 4) / "home"
    with Platform(home, environment=outside(platform), programs=standins) as deep:
        deep.start_servers()
        deep.start_services()
        assert deep.pid("web") is not None
    assert processes_of(home) == []


def _settings(home: Path) -> dict[str, str]:
    return settings_file.read(home / "platform.env")
