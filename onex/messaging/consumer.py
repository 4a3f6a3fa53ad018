"""Steps 6 and 7 of an event's life: a batch of messages, one transaction, one acknowledgement.

`@consumes(CertificateIssued)` makes a method a nameko entrypoint that is given `(session, heard)`, where `heard` is a list
of events nobody has handled before. What the method changes and says, and the claim of the events, commit together.
"""

import functools
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import eventlet
import kombu
from eventlet.event import Event as Signal
from nameko.extensions import Entrypoint
from sqlalchemy import text

from onex.chassis import logs, metrics, trace
from onex.chassis.acting import work_as
from onex.chassis.database import Database, UnitOfWork
from onex.contracts.catalogue import PACKED
from onex.contracts.event import Event, Undecodable
from onex.messaging import doors, inbox, packs, parking
from onex.messaging.deliveries import Deliveries
from onex.messaging.heard import ATTEMPT, Heard, read
from onex.messaging.publisher import NotConfirmed, Outgoing, Publisher
from onex.messaging.retry import MAX_STARTS, DatabaseAway, Park, Retry, decide, is_database_away
from onex.messaging.steps import Step, reached
from onex.messaging.topology import delay_exchange, queue_of

log = logs.get(__name__)
BATCH = 1000
LINGER_MS = 20
# After a batch of so many more are on their way, in bursts: to wait for the end of one makes fewer and larger transactions.
MANY, LINGER_FOR_MANY_MS, PAUSE_MS = 100, 400, 100
IDLE_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0
HEARTBEAT_S = 60
PATIENCE_S = 40.0  # a frozen broker holds a consumer no longer than this
STOP_WITHIN_S = 8.0  # a batch in hand is finished and acked; one that takes longer is delivered again
SUSPECT_DELIVERIES = 2
Pair = tuple[Any, Heard[Any]]


class Consumes(Entrypoint):
    """The queue of one event in one service, and the door that hears it."""

    def __init__(
        self, contract: type[Event], *, batch: int = BATCH, linger_ms: int = LINGER_MS, **options: Any
    ) -> None:
        self.contract, self.batch, self.linger_ms = contract, batch, linger_ms
        # Two batches lie ready here; the next is delivered while one is handled.
        self._ahead = max(2, 2 * batch // packs.MOST_EVENTS) if contract in PACKED else 2 * batch
        self._stopping = False
        self._received: deque[list[Any]] = deque()
        self._last_size = 0
        super().__init__(**options)

    def setup(self) -> None:
        self._database: Database = self.container.config["database"]
        self._url: str = self.container.config["amqp_url"]
        self.service = self._database.service
        self.queue = queue_of(self.service, self.contract)
        self._labels = (self.service, self.contract.producer, self.contract.name)
        self._retries: Publisher | None = None
        self._ended = Signal()
        self.connected = False

    def start(self) -> None:
        self.container.config["consumers"].append(self)
        self.container.spawn_managed_thread(self._run, identifier=self.queue)

    def stop(self) -> None:
        self._stopping = True
        with eventlet.Timeout(STOP_WITHIN_S, False):
            self._ended.wait()

    def _run(self) -> None:
        try:
            self._consume_until_stopped()
        finally:
            self._ended.send()

    def _consume_until_stopped(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._stopping:
            started = time.monotonic()
            try:
                self._consume()
            except Exception as error:  # the broker or the database went away: what was not acked comes again
                log.warning(
                    "consumer_interrupted", queue=self.queue, error=type(error).__name__, detail=str(error)[:300]
                )
                if time.monotonic() - started > LONGEST_PAUSE_S:
                    pause_s = FIRST_PAUSE_S
                eventlet.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            finally:
                self.connected = False

    def _consume(self) -> None:
        # While the database is away nothing is taken from the queue: each delivery in vain would count against a message.
        with self._database.session() as session:
            session.execute(text("SELECT 1"))
        name = f"onex-{self.service}-{self.contract.name}"
        options = {"client_properties": {"connection_name": name}, "read_timeout": 60, "write_timeout": 30}
        connection = kombu.Connection(self._url, heartbeat=HEARTBEAT_S, connect_timeout=10, transport_options=options)
        self._received.clear()
        try:
            with _patience():
                connection.connect()
                channel: Any = connection.default_channel
                channel.auto_decode = False  # a body stays the bytes that were published
                channel.basic_qos(0, self._ahead, False)
                channel.basic_consume(self.queue, callback=self._receive)
            deliveries = Deliveries(connection.connection, channel.channel_id)
            self.connected = True
            while not self._stopping:
                self._gather(connection, deliveries)
                if self._received:
                    with _heartbeats(connection):
                        self._settle(channel, self._next_batch())
        finally:
            if self._retries:
                self._retries.close()
                self._retries = None
            connection.collect()

    def _receive(self, message: Any) -> None:
        self._received.append(packs.opened(message))

    def _waiting(self) -> int:
        """How many events have been received and not been taken yet."""
        return sum(map(len, self._received))

    def _next_batch(self) -> list[list[Any]]:
        """What was received first: as many as a batch takes, and no pack in parts, as it is acknowledged as a whole."""
        taken = [self._received.popleft()]
        size = len(taken[0])
        while self._received and size + len(self._received[0]) <= self.batch:
            size += len(self._received[0])
            taken.append(self._received.popleft())
        self._last_size = size
        return taken

    def _settle(self, channel: Any, batch: Sequence[Sequence[Any]]) -> None:
        """Step 6, and its last act: what ended committed, handed to a delay tier, or parked is acknowledged.

        Each item of the batch is what one delivery brought, a message or the messages of a pack.
        """
        started = time.perf_counter()
        reached(Step.RECEIVED)
        if any(_deliveries(brought[0]) >= SUSPECT_DELIVERIES for brought in batch):
            # One of them may be what kills the process. Acked one by one, so that it takes no other down again.
            for brought in batch:
                for message in brought:
                    self._take([message])
                channel.basic_ack(brought[0].delivery_tag)
        else:
            self._take([message for brought in batch for message in brought])
            channel.basic_ack(batch[-1][0].delivery_tag, multiple=True)
        reached(Step.ACKNOWLEDGED)
        metrics.event_batch_seconds.labels(self.service, self.contract.name).observe(time.perf_counter() - started)

    def _gather(self, connection: Any, deliveries: Deliveries) -> None:
        """A batch of events, or all that the broker sends ahead, or what came within the linger and before a pause."""
        linger_s = (self.linger_ms if self._last_size < MANY else LINGER_FOR_MANY_MS) / 1000
        linger_ends = time.monotonic() + linger_s if self._received else None
        while self._waiting() < self.batch and len(self._received) < self._ahead and not self._stopping:
            # When it has ended, what lies in the socket already is still taken.
            wait_s = (
                IDLE_S if linger_ends is None else max(0.0001, min(linger_ends - time.monotonic(), PAUSE_MS / 1000))
            )
            try:
                self._received.extend(map(packs.opened, deliveries.read(wait_s)))
            except TimeoutError:
                connection.heartbeat_check()
                self._keep_retries_alive()
                if linger_ends is not None or self._received:
                    return
                continue
            if linger_ends is None and self._received:
                linger_ends = time.monotonic() + linger_s

    def _take(self, messages: Sequence[Any]) -> None:
        """Step 7: a batch that fails is taken one by one, so that a bad message never hurts another."""
        pairs: list[Pair] = []
        for message in messages:
            try:
                pairs.append((message, read(self.contract, message.headers or {}, message.body)))
            except Undecodable as error:
                self._park(message, Park("undecodable", str(error)))
        if len(pairs) == 1:
            self._handle_alone(pairs[0])
        elif pairs:
            try:
                self._handle(pairs)
            except Exception as error:
                if is_database_away(error):
                    raise DatabaseAway(str(type(error).__name__)) from None
                log.info("batch_taken_one_by_one", queue=self.queue, size=len(pairs), error=type(error).__name__)
                for pair in pairs:
                    self._handle_alone(pair)

    def _handle(self, pairs: Sequence[Pair]) -> None:
        """One transaction: claim, hand the new ones to the door, commit."""
        heard_by_id = {heard.event_id: heard for _, heard in pairs}
        with self._database.session() as session:
            with session.begin():
                new = inbox.claim(session, self.queue, list(heard_by_id))
                reached(Step.CLAIMED)
                fresh = [heard for event_id, heard in heard_by_id.items() if event_id in new]
                if fresh:
                    doors.call(self, session, fresh)
                reached(Step.HANDLED)
        reached(Step.DONE)
        self._count(pairs, fresh)

    def _handle_alone(self, pair: Pair) -> None:
        """One message in a transaction of its own, so that a bad one never hurts another."""
        message, heard = pair
        try:
            if _deliveries(message) >= SUSPECT_DELIVERIES and not self._may_start(heard):
                self._park(message, Park("process_died", f"started {MAX_STARTS} times and never finished"))
                log.error("event_parked", **self._about(pair), code="process_died")
                return
            self._handle([pair])
        except Exception as error:
            if is_database_away(error):
                raise DatabaseAway(str(type(error).__name__)) from None
            attempts = _attempts(message)
            verdict = decide(error, attempts)
            if isinstance(verdict, Retry):
                self._retry_later(message, attempts + 1, verdict.delay_s)
                log.warning("event_retried", **self._about(pair), delay_s=verdict.delay_s, error=type(error).__name__)
            else:
                self._park(message, verdict)
                log.error("event_parked", **self._about(pair), code=verdict.code, exc_info=error)

    def _may_start(self, heard: Heard[Any]) -> bool:
        """Whether what may have killed its process is started once more; its starts are counted before it is."""
        with self._database.transaction() as session:
            if inbox.is_claimed(session, self.queue, heard.event_id):
                return True  # it was finished, only not acknowledged
            starts = inbox.note_start(session, self.queue, heard.event_id)
            reached(Step.START_NOTING)
        reached(Step.START_NOTED)
        return starts <= MAX_STARTS

    def _retry_later(self, message: Any, attempts: int, delay_s: int) -> None:
        """Confirmed by the broker before the original is acked: dying in between delivers twice, never not at all."""
        told = (message.headers or {}).items()
        headers = {
            name: value for name, value in told if not name.startswith("x-")
        }  # the broker's own notes stay behind
        headers[ATTEMPT] = attempts
        outgoing = Outgoing(delay_exchange(delay_s), self.queue, headers, bytes(message.body))
        reached(Step.HANDING_OVER)
        with _patience():
            if self._retries is None:
                self._retries = Publisher(self._url, f"onex-{self.service}-retries")
            self._retries.publish([outgoing])
        reached(Step.HANDED_OVER)
        metrics.events_retried.labels(*self._labels).inc()

    def _keep_retries_alive(self) -> None:
        if self._retries:
            try:
                self._retries.keep_alive()
            except Exception:  # nothing of it is under way: the next retry makes a new one
                self._retries.close()
                self._retries = None

    def _park(self, message: Any, verdict: Park) -> None:
        with self._database.transaction() as session:
            attempts, body = _attempts(message) + 1, bytes(message.body)
            parking.park(session, self.queue, message.headers or {}, body, verdict.code, verdict.reason, attempts)
            reached(Step.PARKING)
        reached(Step.PARKED)
        metrics.events_parked.labels(*self._labels).inc()

    def _count(self, pairs: Sequence[Pair], fresh: Sequence[Heard[Any]]) -> None:
        metrics.events_handled.labels(*self._labels).inc(len(fresh))
        metrics.events_duplicate.labels(*self._labels).inc(len(pairs) - len(fresh))
        if fresh:
            newest = max(heard.occurred_at for heard in fresh)
            metrics.event_lag.labels(*self._labels).set(max(0.0, time.time() - newest.timestamp()))
            traces = list({trace.trace_id(heard.traceparent) for heard in fresh})[:20]
            log.info(
                "events_handled",
                queue=self.queue,
                count=len(fresh),
                duplicates=len(pairs) - len(fresh),
                trace_ids=traces,
            )

    def _about(self, pair: Pair) -> dict[str, Any]:
        _, heard = pair
        return {"queue": self.queue, "event_id": str(heard.event_id), "trace_id": trace.trace_id(heard.traceparent)}


@contextmanager
def _patience() -> Iterator[None]:
    """Gives up on a broker that takes the bytes and never answers; socket time-outs do not reach a green socket."""
    with eventlet.Timeout(PATIENCE_S, NotConfirmed(f"the broker did not answer within {PATIENCE_S} s")):
        yield


@contextmanager
def _heartbeats(connection: Any) -> Iterator[None]:
    """Tells the broker that we live while a door takes its time; nobody else writes to the connection meanwhile."""

    def beat() -> None:
        while connection.connected:
            try:
                connection.connection.send_heartbeat()
            except Exception:  # the acknowledgement will find the connection gone, and say so
                return
            eventlet.sleep(HEARTBEAT_S / 4)

    beating = eventlet.spawn_after(HEARTBEAT_S / 4, beat)
    try:
        yield
    finally:
        beating.cancel()
        beating.kill()


def _attempts(message: Any) -> int:
    value = (message.headers or {}).get(ATTEMPT, 0)
    return value if isinstance(value, int) else 0


def _deliveries(message: Any) -> int:
    """How often the broker delivered this message before; quorum queues count it, RabbitMQ 4 under two names."""
    if not message.may_have(b"-count"):
        return 0
    counts = [message.headers.get(name) for name in ("x-delivery-count", "x-acquired-count")]
    return max((count for count in counts if isinstance(count, int)), default=0)


def consumes(contract: type[Event], **options: Any) -> Callable[[Any], Any]:
    """Make a method the door for `contract`; see the module's docstring."""

    def decorate(method: Callable[..., Any]) -> Any:
        @functools.wraps(method)
        def door(worker: Any, session: UnitOfWork, heard: list[Heard[Any]]) -> Any:
            # Here, and not around the call: nameko runs the door in a green thread that inherits no context.
            work_as(session, method.__name__, None, contract.type())
            with trace.follow(heard[0].traceparent):
                return method(worker, session, heard)

        return Consumes.decorator(contract, **options)(door)

    return decorate


def contracts_of(worker: type) -> list[type[Event]]:
    """What a worker class consumes; one door an event, so that the inbox can tell them apart."""
    found = [
        entrypoint.contract
        for name in dir(worker)
        for entrypoint in getattr(getattr(worker, name), "nameko_entrypoints", ())
        if isinstance(entrypoint, Consumes)
    ]
    if len(set(found)) != len(found):
        raise TypeError(f"{worker.__name__} has two doors for one event")
    return found
