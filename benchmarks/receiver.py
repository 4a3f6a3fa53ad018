"""A partner's webhook address: real HTTP/1.1 with keep-alive, in a process of its own, the same for every side.

`POST /<side>` is answered with 204 and counted once a webhook-id, whatever comes how often; `GET /` tells the counts and
`GET /<side>` when each webhook-id came first (time.monotonic, which all processes of a machine share).
It checks no signature: what it does itself should weigh as little as can be. `python -m benchmarks.receiver` prints its port.
"""

import asyncio
import http.client
import json
import subprocess
import sys
import time
from collections import defaultdict

from onex.local.tether import tied

_NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"
_END = b"\r\n\r\n"


class _Exchange(asyncio.Protocol):
    """One connection."""

    def __init__(self, seen: dict[str, dict[str, float]]) -> None:
        self._seen, self._buffer = seen, bytearray()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (head_ends := self._buffer.find(_END)) >= 0:
            request, *lines = bytes(self._buffer[:head_ends]).split(b"\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
            whole = head_ends + len(_END) + int(headers.get(b"content-length", b"0"))
            if len(self._buffer) < whole:
                return
            del self._buffer[:whole]
            self._answer(request, headers)

    def _answer(self, request: bytes, headers: dict[bytes, bytes]) -> None:
        assert self._transport is not None
        method, path, _ = request.split(b" ", 2)
        if method == b"POST":
            self._seen[path.decode().strip("/")].setdefault(headers[b"webhook-id"].decode(), time.monotonic())
            self._transport.write(_NO_CONTENT)
        else:
            side = path.decode().strip("/")
            told = self._seen[side] if side else {one: len(ids) for one, ids in self._seen.items()}
            body = json.dumps(told).encode()
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


class Receiver:
    """The receiver as a child process, and a connection to ask it."""

    def __init__(self) -> None:
        command = tied((sys.executable, "-m", "benchmarks.receiver"))
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self._asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    @property
    def pid(self) -> int:
        return self._process.pid

    def url(self, side: str) -> str:
        """Where the webhooks of one side go."""
        return f"http://127.0.0.1:{self.port}/{side}"

    def count(self, side: str) -> int:
        """How many different webhooks of this side have come since the receiver started."""
        self._asking.request("GET", "/")
        counts: dict[str, int] = json.loads(self._asking.getresponse().read())
        return counts.get(side, 0)

    def arrivals(self, side: str) -> dict[str, float]:
        """When each webhook of this side came first, by webhook-id."""
        self._asking.request("GET", f"/{side}")
        told: dict[str, float] = json.loads(self._asking.getresponse().read())
        return told

    def stop(self) -> None:
        self._asking.close()
        self._process.terminate()
        self._process.wait(10)


async def _serve() -> None:
    seen: dict[str, dict[str, float]] = defaultdict(dict)
    server = await asyncio.get_running_loop().create_server(lambda: _Exchange(seen), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
