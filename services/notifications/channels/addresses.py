"""Which network addresses a webhook may reach: public ones only, so that no partner can make us knock inside (SSRF).

The host is resolved, its addresses are checked, and the connection goes to the address that was checked: nothing is
resolved twice, so an answer that changes in between (DNS rebinding) gains nothing.
"""

import ipaddress
import re
import socket
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any

Address = IPv4Address | IPv6Address
# No top-level domain is a number, so a host whose last part is one is meant as an address (WHATWG URL, 3.5).
_LOOKS_LIKE_IPV4 = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\Z")
_DOT = str.maketrans("。", ".")  # what IDNA takes for a dot besides the ones that NFKC makes plain
_NAT64 = ip_network("64:ff9b::/96")
# Special ranges (IANA) that one Python version or another takes for public ones.
_SPECIAL = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20",
        "5f00::/16", "fec0::/10",
    )
)  # fmt: skip


class AddressRefused(Exception):
    """The address is not a public one; the message names no address, as it is shown to the partner."""


def is_public(address: Address) -> bool:
    """Whether a webhook may go there: globally reachable unicast.

    An IPv6 address that carries an IPv4 address inside is judged by that one, which is where the packet ends up.
    """
    inner = _inside(address)
    if inner is not None:
        return is_public(inner)
    special = any(address.version == network.version and address in network for network in _SPECIAL)
    return address.is_global and not (special or address.is_multicast or address.is_reserved)


def _inside(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def check_literal(host: str) -> None:
    """Refuse a host that is written as an address which is not public, or that names this machine."""
    name = unicodedata.normalize("NFKC", host).translate(_DOT).rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        raise AddressRefused("The host is not a public one.")
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        if _LOOKS_LIKE_IPV4.search(name):  # 127.1, 2130706433, 0x7f.1: what C takes for an address
            raise AddressRefused("The host's address must be written as four decimal numbers.") from None
        return  # a name: what it resolves to is checked when it is connected to
    if not is_public(address):
        raise AddressRefused("The host's address is not a public one.")


def resolve(host: str, port: int, *, allow_private: bool) -> list[tuple[int, Any]]:
    """The (family, socket address) pairs of a host, in the order to try them.

    Raises OSError when it has none, AddressRefused when any of them is not public (unless `allow_private`).
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    pairs: list[tuple[int, Any]] = [(family, address) for family, _, _, _, address in found]
    for _, address in pairs:
        if not allow_private and not is_public(ipaddress.ip_address(str(address[0]).partition("%")[0])):
            raise AddressRefused("The host's address is not a public one.")
    return pairs
