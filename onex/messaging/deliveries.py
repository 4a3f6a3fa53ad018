"""What the broker delivers on a connection, read in large pieces: one read for hundreds of messages, where py-amqp takes
three reads and a table of headers for each (see frames.py).
"""

from typing import Any

from onex.messaging import frames
from onex.messaging.frames import Delivery

PIECE = 256 * 1024


class Deliveries:
    """Reads a connection of py-amqp from now on in its place. Everything but deliveries is handed to it as it comes."""

    def __init__(self, connection: Any, channel_id: int) -> None:
        self._connection, self._channel_id = connection, channel_id
        self._data = b""
        self._tag: int | None = None  # of the delivery whose content comes next
        self._properties = b""
        self._body: list[bytes] = []
        self._missing = -1  # bytes of its body; -1 before its header came

    def read(self, timeout_s: float) -> list[Delivery]:
        """Wait for a piece and return the deliveries that it completes, in their order.

        Raises TimeoutError when nothing comes in time, OSError when the connection is gone, and what py-amqp raises
        when the broker closes the channel or the connection.
        """
        transport = self._connection.transport
        rest, transport._read_buffer = transport._read_buffer, b""
        if not rest:
            with transport.having_timeout(timeout_s) as sock:
                rest = sock.recv(PIECE)
            if not rest:
                raise ConnectionResetError("the broker closed the connection")
        self._data += rest
        return self._take_frames()

    def _take_frames(self) -> list[Delivery]:
        complete: list[Delivery] = []
        data, at = self._data, 0
        while frame := frames.next_frame(data, at):
            kind, channel_id, begins, ends = frame
            payload = data[begins:ends]
            at = ends + 1
            if not self._is_ours(kind, channel_id, payload):
                self._data = data[at:]  # py-amqp may raise
                self._connection.on_inbound_frame((kind, channel_id, payload))
            elif self._missing == 0 and self._tag is not None:
                complete.append(Delivery(self._tag, self._properties, b"".join(self._body)))
                self._tag, self._body, self._missing = None, [], -1
        self._data = data[at:]
        self._connection.bytes_recv += 1  # by which py-amqp sees that the broker lives
        return complete

    def _is_ours(self, kind: int, channel_id: int, payload: bytes) -> bool:
        """Take a frame that is part of a delivery."""
        if channel_id != self._channel_id:
            return False
        if kind == frames.METHOD:
            self._tag = frames.delivery_tag(payload)
        elif self._tag is None:
            return False
        elif kind == frames.HEADER:
            self._properties, self._missing = frames.properties(payload), frames.body_size(payload)
        elif kind == frames.BODY:
            self._body.append(payload)
            self._missing -= len(payload)
        return self._tag is not None
