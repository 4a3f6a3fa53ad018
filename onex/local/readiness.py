"""Whether a program does its work: asked at its own door, over the protocol it serves."""

import http.client
import socket
from contextlib import suppress
from urllib.parse import unquote, urlsplit

import amqp
import psycopg

ANSWER_WAIT_S = 3.0


def answers(url: str) -> bool:
    """Whether what is at `url` is ready: see Program.ready_url for what each scheme asks. A dead server is no error."""
    parts = urlsplit(url)
    ask = {"http": _http, "amqp": _amqp, "amqps": _amqp, "postgresql": _postgresql, "tcp": _tcp}[parts.scheme]
    return ask(url)


def _http(url: str) -> bool:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWER_WAIT_S)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _amqp(url: str) -> bool:
    parts = urlsplit(url)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port or 5672}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path.removeprefix("/")) or "/",
        connect_timeout=ANSWER_WAIT_S,
        read_timeout=ANSWER_WAIT_S,
        write_timeout=ANSWER_WAIT_S,
        ssl=parts.scheme == "amqps",
    )
    try:
        connection.connect()
        return True
    except (OSError, amqp.AMQPError):
        return False
    finally:
        with suppress(OSError, amqp.AMQPError):
            connection.close()


def _postgresql(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=int(ANSWER_WAIT_S)).close()
        return True
    except psycopg.OperationalError:
        return False


def _tcp(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=ANSWER_WAIT_S).close()
        return True
    except OSError:
        return False
