"""How many messages lie in queues, without touching them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import kombu
from amqp.exceptions import NotFound

from onex.messaging.topology import RETRY_DELAYS_S, delay_exchange

DELAY_TIERS = tuple(delay_exchange(delay_s) for delay_s in RETRY_DELAYS_S)


class Depth(NamedTuple):
    """A queue as the broker counts it. What a consumer holds and has not acknowledged is not in it."""

    ready: int
    consumers: int


def depths(url: str, queues: Iterable[str]) -> dict[str, Depth | None]:
    """The depth of each queue at `url` (the administrator's account); None for a queue that does not exist."""
    found: dict[str, Depth | None] = {}
    with kombu.Connection(url, connect_timeout=10) as connection:
        for queue in queues:
            channel: Any = connection.channel()
            try:
                answer = channel.queue_declare(queue, passive=True)
                found[queue] = Depth(int(answer.message_count), int(answer.consumer_count))
                channel.close()
            except NotFound:  # the broker has closed the channel
                found[queue] = None
    return found
