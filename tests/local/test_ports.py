"""Ports: free, remembered, chosen anew when taken."""

import socket
from pathlib import Path

import pytest

from onex.local import ports


def test_ports_are_the_same_from_one_run_to_the_next(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = ports.remembered(file, ["postgres", "amqp", "web"])
    assert len(set(first.values())) == 3
    assert ports.remembered(file, ["postgres", "amqp", "web"]) == first


def test_only_a_port_that_is_taken_is_chosen_anew(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = ports.remembered(file, ["postgres", "amqp"])
    with socket.create_server(("127.0.0.1", first["amqp"])):
        second = ports.remembered(file, ["postgres", "amqp"])
    assert second["postgres"] == first["postgres"]
    assert second["amqp"] != first["amqp"]


@pytest.mark.parametrize("content", ["", "{", '{"web": "http"}', '{"web": null}'])
def test_a_damaged_memory_is_made_anew(tmp_path: Path, content: str) -> None:
    file = tmp_path / "ports.json"
    file.write_text(content)
    chosen = ports.remembered(file, ["web"])
    assert ports.is_free(chosen["web"])
    assert ports.remembered(file, ["web"]) == chosen


def test_two_names_never_share_a_port(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    one = ports.choose([])
    file.write_text(f'{{"web": {one}, "amqp": {one}}}')
    chosen = ports.remembered(file, ["web", "amqp"])
    assert chosen["web"] == one != chosen["amqp"]


def test_no_port_is_one_the_system_gives_to_outgoing_connections() -> None:
    with socket.socket() as outgoing:
        outgoing.bind(("127.0.0.1", 0))
        lowest = int(ports.EPHEMERAL_RANGE.read_text().split()[0])
        assert outgoing.getsockname()[1] >= lowest > ports.choose([])
