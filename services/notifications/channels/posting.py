"""Posting over connections that are kept alive, to checked addresses only. No redirect is followed, no answer kept.

On `http.client` with one write a message: the request is a handful of headers that are all ours, and of the answer only
the status counts.
"""

import functools
import ssl
import time
from collections import OrderedDict
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from urllib.parse import quote, urlsplit

from services.notifications.channels.addresses import AddressRefused
from services.notifications.channels.connecting import Origin, Socket, Unreachable, connect

CONNECT_WITHIN_S, READ_WITHIN_S = 5.0, 15.0
MAX_ANSWER_BYTES = 16 * 1024
ORIGINS_KEPT, CONNECTIONS_AN_ORIGIN = 500, 8
# Servers close what is idle for 2 s and more. So what is used again is open, and a hang-up is a failure of the receiver.
IDLE_AT_MOST_S = 1.5
_UNQUOTED = "/?%:@!$&'()*+,;=~-._[]"  # of a path and its query; all else is written in %


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt: a status, or the stable code of what prevented one."""

    status: int | None
    error_code: str | None
    took_s: float


class Poster:
    """Posts messages; may be shared by green threads. `allow_private` as in the setting ONEX_WEBHOOK_ALLOW_PRIVATE."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._kept: OrderedDict[Origin, list[tuple[Socket, float]]] = OrderedDict()

    def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        """Post once; every failure is an answer with an error code, never an exception."""
        started = time.monotonic()
        try:
            status, code = self._post(url, headers, body), None
        except AddressRefused:
            status, code = None, "address_refused"
        except Unreachable as unreachable:
            status, code = None, unreachable.code
        except TimeoutError:
            status, code = None, "read_timeout"
        except ssl.SSLError:
            status, code = None, "tls_failed"
        except (HTTPException, OSError, ValueError):
            status, code = None, "connection_broken"
        return Answer(status, code, time.monotonic() - started)

    def _post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        origin, head = _target(url)
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        message = f"{head}{lines}Content-Length: {len(body)}\r\n\r\n".encode("ascii") + body
        connection = self._take_kept(origin) or self._connect(origin)
        reusable = False
        try:
            connection.sendall(message)
            response = HTTPResponse(connection, method="POST")
            response.begin()
            response.read(MAX_ANSWER_BYTES)
            # Only of use again once its answer has been read; a longer one costs the connection, as does a status that
            # another one follows.
            reusable = response.isclosed() and not response.will_close and response.status >= 200
            response.close()
            return response.status
        finally:  # a time-out of the caller's passes through here too
            if reusable:
                self._keep(origin, connection)
            else:
                connection.close()

    def _take_kept(self, origin: Origin) -> Socket | None:
        kept = self._kept.get(origin, [])
        while kept:
            connection, since = kept.pop()
            if time.monotonic() - since < IDLE_AT_MOST_S:
                return connection
            connection.close()
        return None

    def _keep(self, origin: Origin, connection: Socket) -> None:
        kept = self._kept.setdefault(origin, [])
        self._kept.move_to_end(origin)
        if len(kept) < CONNECTIONS_AN_ORIGIN:
            kept.append((connection, time.monotonic()))
        else:
            connection.close()
        if len(self._kept) > ORIGINS_KEPT:
            for idle, _ in self._kept.popitem(last=False)[1]:
                idle.close()

    def _connect(self, origin: Origin) -> Socket:
        connection = connect(origin, self._tls, CONNECT_WITHIN_S, allow_private=self._allow_private)
        connection.settimeout(READ_WITHIN_S)
        return connection

    @functools.cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


@functools.lru_cache(maxsize=1000)
def _target(url: str) -> tuple[Origin, str]:
    """Where a URL leads, and the request line and Host header for it. Raises ValueError, Unreachable."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    standard = 443 if secure else 80
    try:
        host = (parts.hostname or "").encode("idna").decode()
    except UnicodeError:
        raise Unreachable("host_unknown") from None
    port = parts.port or standard
    shown = f"[{host}]" if ":" in host else host
    at = shown if port == standard else f"{shown}:{port}"
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_UNQUOTED)
    return Origin(secure, host, port), f"POST {path} HTTP/1.1\r\nHost: {at}\r\nAccept-Encoding: identity\r\n"
