"""Connecting to a host at an address that was checked. TLS still verifies the host's name."""

import socket
import ssl
from dataclasses import dataclass

from services.notifications.channels.addresses import resolve

Socket = socket.socket


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port: what a connection is kept for. `host` is ASCII, an IPv6 address without brackets."""

    secure: bool
    host: str
    port: int


class Unreachable(Exception):
    """No connection came about; `code` says why: host_unknown, connect_timeout, connect_failed, tls_failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def connect(origin: Origin, tls: ssl.SSLContext, within_s: float, *, allow_private: bool) -> Socket:
    """A connection to the first of the host's addresses that takes one; raises Unreachable, AddressRefused."""
    try:
        pairs = resolve(origin.host, origin.port, allow_private=allow_private)
    except (OSError, UnicodeError):
        raise Unreachable("host_unknown") from None
    code = "connect_failed"
    for family, address in pairs:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(within_s)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.connect(address)
            return tls.wrap_socket(connection, server_hostname=origin.host) if origin.secure else connection
        except BaseException as error:  # a time-out of the caller's passes through here too
            connection.close()
            if isinstance(error, ssl.SSLError | ssl.CertificateError):
                raise Unreachable("tls_failed") from error
            if not isinstance(error, OSError):
                raise
            code = "connect_timeout" if isinstance(error, TimeoutError) else "connect_failed"
    raise Unreachable(code)
