"""No webhook knocks inside: private, loopback, link-local, multicast and reserved addresses, in every disguise."""

import ipaddress
import socket
from typing import Any

import pytest

from services.notifications.channels import addresses
from services.notifications.channels.addresses import AddressRefused, is_public, resolve
from services.notifications.channels.posting import Poster
from tests.fakes.receiver import Receiver

REFUSED = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "64:ff9b:1::a00:1", "100::1", "2001:db8::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    "2002:7f00:1::", "2002:a00:1::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2001:4860:4860::8888",
    "64:ff9b::101:101", "2002:101:101::1",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_not(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]".strip("[]")])
def test_every_spelling_of_this_machine_is_refused_when_it_is_resolved(host: str) -> None:
    with pytest.raises(AddressRefused):
        resolve(host, 443, allow_private=False)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", answer)
    with pytest.raises(AddressRefused):
        resolve("two-faced.example", 443, allow_private=False)


def test_a_host_that_turns_private_after_the_subscription_is_not_connected_to() -> None:
    with Receiver() as inside:
        url = inside.url.replace("127.0.0.1", "localhost")
        answer = Poster(allow_private=False).post(url, {}, b"{}")
        assert (answer.status, answer.error_code) == (None, "address_refused")
        assert (inside.connections, inside.attempts) == (0, [])
        assert Poster(allow_private=True).post(url, {}, b"{}").status == 200
