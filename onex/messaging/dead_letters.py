"""What the broker gave up delivering is parked like everything else an operator must see.

A message lands in `<consumer>.dead` when it was delivered too often without an answer (see topology.DELIVERY_LIMIT) or was
rejected by hand. Here it is parked under the queue it came from, so that a replay sends it there again.
"""

from typing import Any

import eventlet
import kombu
from eventlet.event import Event as Signal
from nameko.extensions import DependencyProvider

from onex.chassis import logs
from onex.chassis.database import Database
from onex.messaging import packs, parking
from onex.messaging.steps import Step, reached
from onex.messaging.topology import dead_letters_of

log = logs.get(__name__)
HEARTBEAT_S = 60
LONGEST_WAIT_S = 1.0
PAUSE_S = 5.0
STOP_WITHIN_S = 3.0
AT_ONCE = 100


class DeadLetters(DependencyProvider):
    """Parks the service's dead letters; every worker has one (see access_keys.py)."""

    def __init__(self) -> None:
        self._stopping = False

    def setup(self) -> None:
        self._database: Database = self.container.config["database"]
        self._url: str = self.container.config["amqp_url"]
        self._queue = dead_letters_of(self._database.service)
        self._ended = Signal()

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run, identifier=self._queue)

    def stop(self) -> None:
        self._stopping = True
        with eventlet.Timeout(STOP_WITHIN_S, False):
            self._ended.wait()

    def _run(self) -> None:
        try:
            while not self._stopping:
                try:
                    self._drain()
                except Exception as error:  # what was not acked comes again
                    log.warning("dead_letters_interrupted", queue=self._queue, error=type(error).__name__)
                    eventlet.sleep(PAUSE_S)
        finally:
            self._ended.send()

    def _drain(self) -> None:
        options = {"client_properties": {"connection_name": f"onex-{self._queue}"}}
        connection = kombu.Connection(self._url, heartbeat=HEARTBEAT_S, connect_timeout=10, transport_options=options)
        try:
            connection.connect()
            channel: Any = connection.default_channel
            channel.auto_decode = False
            channel.basic_qos(0, AT_ONCE, False)
            channel.basic_consume(self._queue, callback=lambda message: self._park(channel, message))
            while not self._stopping:
                try:
                    connection.drain_events(timeout=LONGEST_WAIT_S)
                except TimeoutError:
                    connection.heartbeat_check()
        finally:
            connection.collect()

    def _park(self, channel: Any, message: Any) -> None:
        headers = message.headers or {}
        origin, reason = origin_of(headers, self._queue)
        with self._database.transaction() as session:
            for one in packs.opened(message):
                parking.park(session, origin, one.headers or {}, bytes(one.body), "dead_lettered", reason, attempts=0)
            reached(Step.DEAD_LETTER_PARKING)
        reached(Step.DEAD_LETTER_PARKED)
        channel.basic_ack(message.delivery_tag)
        log.error("event_parked", queue=origin, code="dead_lettered", reason=reason)


def origin_of(headers: dict[str, Any], otherwise: str) -> tuple[str, str]:
    """The queue a dead letter came from, and why it died there, as the broker's newest `x-death` entry says."""
    deaths = headers.get("x-death")
    newest = deaths[0] if isinstance(deaths, list) and deaths and isinstance(deaths[0], dict) else {}
    queue, reason = newest.get("queue"), newest.get("reason")
    return (queue if isinstance(queue, str) else otherwise), f"the broker gave it up: {reason or 'unknown'}"
