"""Reads a service's stream again, from its first event, an offset or a time, up to where it ended when one began.

A stream gives whole chunks: it may begin a little before what was asked for, and what came before is left out here.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import kombu

from onex.messaging import packs
from onex.messaging.heard import PREFIX
from onex.messaging.topology import stream_of

PREFETCH = 500
SILENCE_S = 1.0
END_WITHIN_S = 2.0
EMPTY_AFTER_S = 6.0
LONGEST_SILENCE_S = 30.0
OFFSET = "x-stream-offset"
Start = str | int | datetime


@dataclass(frozen=True, slots=True)
class Said:
    """One event of a stream, as it was published; those that travelled together have one offset."""

    offset: int
    headers: dict[str, Any]
    body: bytes

    @property
    def event_type(self) -> str:
        """The CloudEvents type; empty where there is none."""
        return str(self.headers.get(f"{PREFIX}type", ""))

    @property
    def occurred_at(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.headers[f"{PREFIX}time"])
        except (KeyError, TypeError, ValueError):
            return None


class StreamSilent(Exception):
    """The broker has more of the stream and does not send it."""


def read_again(url: str, producer: str, start: Start, *, until: datetime | None = None) -> Iterator[Said]:
    """What `producer` said from `start` (`first`, an offset, an aware time) on, as far as the stream reaches now.

    `until` leaves out what occurred later. The account at `url` needs read rights only. Raises StreamSilent when the
    broker stops sending in the middle for 30 s.
    """
    with _connected(url) as connection:
        end = _last_offset(connection, producer)
    if end is None or (isinstance(start, int) and start > end):
        return
    with _connected(url) as connection:
        # From a time after the last event on there is nothing, and nothing says so.
        empty_after_s = EMPTY_AFTER_S if isinstance(start, datetime) else None
        for brought in _messages(connection, producer, start, empty_after_s=empty_after_s):
            for said in brought:
                too_late = until is not None and said.occurred_at is not None and said.occurred_at > until
                if not _before(said, start) and not too_late:
                    yield said
            if brought[0].offset >= end:
                return


def _connected(url: str) -> Any:
    return kombu.Connection(url, heartbeat=60, connect_timeout=10)


def _before(said: Said, start: Start) -> bool:
    if isinstance(start, datetime):
        return said.occurred_at is not None and said.occurred_at < start
    return isinstance(start, int) and said.offset < start


def _last_offset(connection: Any, producer: str) -> int | None:
    """Where the stream ends now, or what came right after; None for an empty one.

    A silence tells the end of a stream. Where none comes, because a service goes on speaking, what is newer than this
    question tells it: whatever was said before it lies before that.
    """
    newer: list[Any] = []
    channel = connection.channel()
    held = channel.queue_declare(stream_of(producer), passive=True).message_count
    channel.basic_qos(0, 1, False)
    channel.basic_consume(stream_of(producer), callback=newer.append, arguments={OFFSET: "next"})
    asked_at = time.monotonic()
    # The count is some seconds old: a stream that it calls empty may have begun since.
    empty_after_s = None if held else EMPTY_AFTER_S
    last: int | None = None
    for brought in _messages(connection, producer, "last", empty_after_s=empty_after_s, ends_with_silence=True):
        last = brought[0].offset  # `last` gives the last chunk, whole
        # Not at the first that is newer: the stream may be a moment behind the queues from which others have heard.
        if newer and time.monotonic() - asked_at > END_WITHIN_S:
            return max(last, int(newer[0].headers[OFFSET]))
    return last


def _messages(
    connection: Any, producer: str, start: Start, *, empty_after_s: float | None, ends_with_silence: bool = False
) -> Iterator[list[Said]]:
    """What each message brought, for ever or until a silence after the first; none at all may come for `empty_after_s`."""
    received: list[Any] = []
    channel = connection.channel()
    channel.auto_decode = False
    channel.basic_qos(0, PREFETCH, False)
    channel.basic_consume(stream_of(producer), callback=received.append, arguments={OFFSET: start})
    last_at, seen = time.monotonic(), False
    while True:
        try:
            connection.drain_events(timeout=SILENCE_S)
        except TimeoutError:
            silent_s = time.monotonic() - last_at
            if (seen and ends_with_silence) or (not seen and empty_after_s is not None and silent_s > empty_after_s):
                break
            if silent_s > LONGEST_SILENCE_S:
                raise StreamSilent(f"{stream_of(producer)} gave nothing for {LONGEST_SILENCE_S:.0f} s") from None
            connection.heartbeat_check()
            continue
        for message in received:
            seen = True
            yield [_said(one) for one in packs.opened(message)]
        if received:
            channel.basic_ack(received[-1].delivery_tag, multiple=True)
            received.clear()
            last_at = time.monotonic()
    channel.close()


def _said(message: Any) -> Said:
    headers = dict(message.headers or {})
    return Said(int(headers.get(OFFSET, 0)), headers, bytes(message.body))
