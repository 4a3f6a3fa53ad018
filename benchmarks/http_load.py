"""A small fast HTTP client: N connections with keep-alive, each with one request under way, until all were answered.

One epoll loop in a process of its own, so that it costs the server's side as little as can be; the same for every side.
`python -m benchmarks.http_load <port> <connections> <count> <file, one request a line as a JSON string>` prints JSON.
"""

import json
import selectors
import socket
import sys
import time
from itertools import cycle, islice
from typing import Any

from benchmarks.rounds import percentile

_END = b"\r\n\r\n"


def main(port: int, connections: int, count: int, requests: list[bytes]) -> dict[str, Any]:
    """Send `count` requests, taken in turn; raises RuntimeError at an answer that is not 200."""
    selector = selectors.EpollSelector()
    buffers: dict[socket.socket, bytearray] = {}
    sent_at: dict[socket.socket, float] = {}
    waits: list[float] = []
    todo = islice(cycle(requests), count)
    for _ in range(connections):
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(one, selectors.EVENT_READ)
        buffers[one] = bytearray()
    clock = time.perf_counter
    started = clock()

    def send(one: socket.socket) -> None:
        if (request := next(todo, None)) is not None:
            sent_at[one] = clock()
            one.sendall(request)

    for one in buffers:
        send(one)
    while len(waits) < count:
        for key, _ in selector.select():
            one = key.fileobj  # type: ignore[assignment]
            buffer = buffers[one]
            data = one.recv(65536)
            if not data:
                raise RuntimeError("the server closed a connection")
            buffer += data
            if _whole(buffer):
                if buffer[9:12] != b"200":
                    raise RuntimeError(f"not answered with 200: {bytes(buffer[:300])!r}")
                waits.append(clock() - sent_at[one])
                buffer.clear()
                send(one)
    seconds = clock() - started
    return {"seconds": seconds, "p50": percentile(waits, 0.5) * 1e3, "p99": percentile(waits, 0.99) * 1e3}


def _whole(buffer: bytearray) -> bool:
    head_ends = buffer.find(_END)
    if head_ends < 0:
        return False
    head = bytes(buffer[:head_ends]).lower()
    at = head.find(b"content-length:")
    if at < 0:
        raise RuntimeError("an answer without its length")
    length = int(head[at + 15 :].split(b"\r\n", 1)[0])
    return len(buffer) >= head_ends + len(_END) + length


if __name__ == "__main__":
    with open(sys.argv[4], encoding="utf-8") as file:
        lines = [json.loads(line).encode() for line in file]
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), lines)))
