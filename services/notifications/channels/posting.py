"""Posting over connections that are kept alive, to checked addresses only. No redirect is followed, no answer kept."""

import socket
import time
from dataclasses import dataclass
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from services.notifications.channels.addresses import AddressRefused, resolve

CONNECT_WITHIN_S, READ_WITHIN_S = 5.0, 15.0
MAX_ANSWER_BYTES = 16 * 1024
HOSTS_KEPT, CONNECTIONS_A_HOST = 500, 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt: a status, or the stable code of what prevented one."""

    status: int | None
    error_code: str | None
    took_s: float


class _Checked:
    """Mixed into urllib3's connections: connects to an address that was checked. TLS still verifies the host's name."""

    allow_private = False
    host: str
    port: int
    timeout: Any
    socket_options: Any

    def _new_conn(self) -> socket.socket:
        try:
            pairs = resolve(self.host.strip("[]"), self.port, allow_private=self.allow_private)
        except (OSError, UnicodeError) as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error  # type: ignore[arg-type]
        last: OSError | None = None
        for family, address in pairs:
            one = socket.socket(family, socket.SOCK_STREAM)
            try:
                one.settimeout(self.timeout)
                for option in self.socket_options or ():
                    one.setsockopt(*option)
                one.connect(address)
                return one
            except OSError as error:
                one.close()
                last = error
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, "timed out") from last
        raise NewConnectionError(self, "not connected") from last  # type: ignore[arg-type]


class _PublicHTTP(_Checked, HTTPConnection):
    pass


class _PublicHTTPS(_Checked, HTTPSConnection):
    pass


class _AnyHTTP(_Checked, HTTPConnection):
    allow_private = True


class _AnyHTTPS(_Checked, HTTPSConnection):
    allow_private = True


class Poster:
    """Posts messages; may be shared by green threads. `allow_private` as in the setting ONEX_WEBHOOK_ALLOW_PRIVATE."""

    def __init__(self, *, allow_private: bool) -> None:
        plain, secure = (_AnyHTTP, _AnyHTTPS) if allow_private else (_PublicHTTP, _PublicHTTPS)
        self._pools = PoolManager(num_pools=HOSTS_KEPT, maxsize=CONNECTIONS_A_HOST, retries=False)
        self._pools.pool_classes_by_scheme = {
            "http": type("HTTPPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("HTTPSPool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
        self._timeout = Timeout(connect=CONNECT_WITHIN_S, read=READ_WITHIN_S)

    def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        """Post once; every failure is an answer with an error code, never an exception."""
        started = time.monotonic()
        try:
            response = self._pools.urlopen(
                "POST", url, body=body, headers=headers, redirect=False, retries=False, preload_content=False,
                timeout=self._timeout,
            )  # fmt: skip
            status = response.status
            # A connection is only of use again once its answer has been read; a longer one costs the connection.
            if len(response.read(MAX_ANSWER_BYTES, decode_content=False)) < MAX_ANSWER_BYTES:
                response.release_conn()
            else:
                response.close()
            return Answer(status, None, time.monotonic() - started)
        except AddressRefused:
            code = "address_refused"
        except NameResolutionError:
            code = "host_unknown"
        except NewConnectionError:
            code = "connect_failed"
        except ConnectTimeoutError:
            code = "connect_timeout"
        except ReadTimeoutError:
            code = "read_timeout"
        except SSLError:
            code = "tls_failed"
        except (HTTPError, OSError, ValueError):
            code = "connection_broken"
        return Answer(None, code, time.monotonic() - started)
