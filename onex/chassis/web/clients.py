"""From which address a request came: the connection's own, or what a trusted proxy says of it.

Anyone may send an X-Forwarded-For header, so it is read only where the connection comes from a proxy that the operator
named, and then from its end: what stands before the first address that is no such proxy was said by a stranger.

Where no proxy was named and a neighbour passes requests on, nobody knows their clients. They are not taken for one: a
limit for one client must not close the door to all because a setting was forgotten.
"""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from onex.chassis import settings

_REMEMBERED = 20_000
_NEAR = [
    ip_network(one)
    for one in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
]
_IPV6_PREFIX = 64  # what one household or company is given
Address = IPv4Address | IPv6Address


class Clients:
    """Names the client of a request: an IPv4 address, or the /64 network of an IPv6 one; empty where nobody knows."""

    def __init__(self, trusted: str = "") -> None:
        """`trusted`: networks of proxies, with commas between them. Raises ValueError for what is no network."""
        self._trusted = [ip_network(one.strip(), strict=False) for one in trusted.split(",") if one.strip()]
        self._named = lru_cache(_REMEMBERED)(self._name)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Clients":
        """As ONEX_TRUSTED_PROXIES says; raises SettingError."""
        meaning = "the networks of the proxies before this service, such as 172.16.0.0/12, with commas between them"
        return settings.read(environ, "ONEX_TRUSTED_PROXIES", cls, meaning, cls())

    def of(self, environ: Mapping[str, Any]) -> str:
        """The client of the request with this WSGI environment."""
        return self._named(environ.get("REMOTE_ADDR") or "", environ.get("HTTP_X_FORWARDED_FOR") or "")

    def _name(self, peer: str, forwarded: str) -> str:
        address = _address(peer)
        if forwarded and not self._trusted and address is not None and any(address in one for one in _NEAR):
            return ""
        hops = forwarded.split(",")[-20:] if self._is_proxy(address) else []
        while hops and self._is_proxy(address):
            said = _address(hops.pop().strip())
            if said is None:
                break  # no address: the proxy that passed it on is all we know
            address = said
        return _network(address)

    def _is_proxy(self, address: Address | None) -> bool:
        return address is not None and any(address in one for one in self._trusted)


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text[1:-1] if text.startswith("[") else text)
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def _network(address: Address | None) -> str:
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), _IPV6_PREFIX), strict=False))
    return str(address) if address is not None else ""
