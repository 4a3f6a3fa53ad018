"""Sends what is due, in the worker. Any number of workers may send beside each other.

The life of a delivery:
1. The transaction that notes an event puts in its deliveries and wakes the senders (queue.add).
2. A sender takes what is due and moves its next attempt ahead by a lease; committed (queue.take).
3. The message is signed and posted; the receiver answers.
4. The outcome is written: delivered, tried again later, or given up; committed (queue.settle).

| the process dies | then |
|---|---|
| before 2 is committed | the delivery is due as before |
| between 2 and 3 | it is due again when the lease ends |
| between 3 and 4 | it is sent again when the lease ends, with the same `webhook-id`: the receiver knows it |
| after 4 | nothing is left to do |

One that is asked to stop starts no attempt any more, gives those under way a few seconds, writes their outcomes and gives back
what it had taken and not tried: nothing is sent twice for it, unless a receiver takes longer.

So a delivery is made at least once. What was taken too long ago to finish within its lease is not started any more.
Each subscription has a lane of its own. A receiver that fails or is slow has one attempt in flight and nothing queued, so
it takes one of many green threads and holds up nobody; its first quick success gives it its full lane back.
"""

import time
import uuid
from collections import deque
from contextlib import suppress
from typing import Any

import eventlet
import psycopg
from eventlet.event import Event
from eventlet.greenpool import GreenPool
from eventlet.queue import Empty, Full, LightQueue
from nameko.extensions import DependencyProvider

from onex.chassis import logs, metrics
from onex.chassis.database import NOT_FOR_EVER, Database
from onex.messaging.steps import Step, reached
from services.notifications.channels.posting import CONNECT_WITHIN_S, READ_WITHIN_S, Answer, Poster
from services.notifications.deliveries import queue, rules
from services.notifications.deliveries.attempt import Attempts, settled
from services.notifications.deliveries.queue import LEASE_S, Due, Settled

log = logs.get(__name__)
POOL_SIZE = 64
POLL_S = 1.0
LINGER_S = 0.02
PAUSE_S = 1.0
GAUGE_EVERY_S = 10.0
ATTEMPT_WITHIN_S = CONNECT_WITHIN_S + READ_WITHIN_S
START_WITHIN_S = LEASE_S - ATTEMPT_WITHIN_S
REFILL_AT = rules.QUEUED // 2
LAST_ANSWERS_WITHIN_S = 5.0
STOP_WITHIN_S = LAST_ANSWERS_WITHIN_S + 3.0  # of a container's 30 s (docker-compose.yml)
SETTLE_AT = 100  # outcomes are written so many at a time, or when there is nothing else to do


class Lane:
    """One subscription in this process: what was taken for it, and how its receiver does."""

    def __init__(self, failing: bool) -> None:
        self.queue: deque[tuple[Due, float]] = deque()
        self.in_flight = 0
        self.failing = failing
        self.last_took_s = 0.0

    def may_start(self) -> bool:
        limit = rules.in_flight_at_most(failing=self.failing, last_took_s=self.last_took_s)
        return bool(self.queue) and self.in_flight < limit

    def room(self) -> int:
        """How many more to take; none before half the queue is used up, so that few big takes are made."""
        most = rules.queued_at_most(failing=self.failing, last_took_s=self.last_took_s)
        held = len(self.queue) + self.in_flight
        return max(0, most - held) if held <= min(most, REFILL_AT) else 0


class Sender(DependencyProvider):
    """The sender as a part of the service's worker; woken by NOTIFY, with a poll behind it for what is due by time."""

    def __init__(self) -> None:
        self._stopping = False

    def setup(self) -> None:
        config = self.container.config
        self._database: Database = config["database"]
        poster = Poster(allow_private=config["settings"].webhook_allow_private)
        self._attempts = Attempts(config["vault"], poster)
        self._pool = GreenPool(POOL_SIZE)
        self._lanes: dict[uuid.UUID, Lane] = {}
        self._outcomes: list[Settled] = []
        self._unused: list[uuid.UUID] = []
        self._wake: Any = LightQueue(1)
        self._ended = Event()

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run, identifier="sender")
        self.container.spawn_managed_thread(self._listen, identifier="sender-listen")

    def stop(self) -> None:
        """Returns when the sender has ended; its threads are killed after that."""
        self._stopping = True
        self._call()
        with eventlet.Timeout(STOP_WITHIN_S, False):
            self._ended.wait()

    def _call(self) -> None:
        with suppress(Full):  # it will wake anyway
            self._wake.put_nowait(None)

    def _listen(self) -> None:
        while not self._stopping:
            try:
                name = f"onex-{self._database.service}-sender"
                with psycopg.connect(
                    self._database.dsn, autocommit=True, application_name=name, connect_timeout=10, **NOT_FOR_EVER
                ) as connection:
                    connection.execute(f"LISTEN {queue.CHANNEL}")
                    while not self._stopping:
                        for _ in connection.notifies(timeout=POLL_S, stop_after=1):
                            self._call()
            except Exception as error:  # the poll goes on meanwhile
                log.warning("sender_deaf", error=type(error).__name__)
                eventlet.sleep(PAUSE_S)

    def _run(self) -> None:
        gauge_at = 0.0
        while not self._stopping:
            try:
                if time.monotonic() >= gauge_at:
                    gauge_at = time.monotonic() + GAUGE_EVERY_S
                    self._count_pending()
                taken = self._turn()
            except Exception as error:  # the database went away: outcomes are kept, leases hold or end
                log.warning("sender_interrupted", error=type(error).__name__)
                eventlet.sleep(PAUSE_S)
                continue
            for due in taken:
                lane = self._lanes.setdefault(due.subscription_id, Lane(due.failing_since is not None))
                lane.queue.append((due, time.monotonic()))
            self._start_attempts()
            self._wait()
        self._finish()
        self._ended.send()

    def _finish(self) -> None:
        with eventlet.Timeout(LAST_ANSWERS_WITHIN_S, False):
            self._pool.waitall()
        for lane in self._lanes.values():
            self._give_back(lane)
        try:
            self._turn()
        except Exception as error:  # the leases end
            log.warning("sender_interrupted", error=type(error).__name__)

    def _turn(self) -> list[Due]:
        """Steps 4 and 2, in one transaction: write what was found out, take what is due unless it ends."""
        outcomes, unused = self._outcomes, self._unused
        self._outcomes, self._unused = [], []
        try:
            with self._database.transaction() as session:
                queue.settle(session, outcomes)
                queue.release(session, unused)
                room = {key: lane.room() for key, lane in self._lanes.items()}
                taken = [] if self._stopping else queue.take(session, room)
                if outcomes or taken:
                    reached(Step.DELIVERIES_WRITTEN)
        except Exception:
            self._outcomes, self._unused = outcomes + self._outcomes, unused + self._unused
            raise
        if outcomes:
            reached(Step.DELIVERIES_SETTLED)
        if taken:
            reached(Step.DELIVERIES_TAKEN)
        return taken

    def _start_attempts(self) -> None:
        """Start what may start, one a lane in turns, while there are green threads left."""
        ready = deque(lane for lane in self._lanes.values() if lane.may_start())
        while ready and self._pool.free() > 0:
            lane = ready.popleft()
            lane.in_flight += 1
            self._pool.spawn_n(self._drain, lane)
            if lane.may_start() and lane.in_flight < len(lane.queue) + 1:
                ready.append(lane)
        for key in [key for key, lane in self._lanes.items() if not lane.queue and not lane.in_flight]:
            if not self._lanes[key].failing and self._lanes[key].last_took_s <= rules.SLOW_S:
                del self._lanes[key]

    def _drain(self, lane: Lane) -> None:
        """One green thread of a lane: attempt after attempt, while the lane may have as many threads as it has."""
        try:
            while lane.queue and not self._stopping:
                due, taken_at = lane.queue.popleft()
                if time.monotonic() - taken_at > START_WITHIN_S:
                    self._unused.append(due.id)
                    continue
                self._attempt(lane, due)
                if lane.in_flight > rules.in_flight_at_most(failing=lane.failing, last_took_s=lane.last_took_s):
                    self._give_back(lane)
                    return
        finally:
            lane.in_flight -= 1
            self._call()

    def _attempt(self, lane: Lane, due: Due) -> None:
        """Step 3. Whatever it ends in is an outcome; one that never ends is ended."""
        started = time.monotonic()
        patience = eventlet.Timeout(ATTEMPT_WITHIN_S)
        try:
            one, answer = self._attempts.make(due)
        except eventlet.Timeout as timeout:
            if timeout is not patience:
                raise
            answer = Answer(None, "read_timeout", time.monotonic() - started)
            one = settled(due, answer)
        except Exception as error:  # ours to repair; the receiver is tried again meanwhile
            log.exception("attempt_failed", delivery_id=str(due.id), error=type(error).__name__)
            answer = Answer(None, "internal", time.monotonic() - started)
            one = settled(due, answer)
        finally:
            patience.cancel()
        reached(Step.DELIVERY_POSTED)
        lane.failing, lane.last_took_s = one.outcome is not rules.Outcome.DELIVERED, answer.took_s
        metrics.webhook_deliveries.labels(one.outcome.value).inc()
        self._outcomes.append(one)
        if len(self._outcomes) % SETTLE_AT == 0:
            self._call()

    def _give_back(self, lane: Lane) -> None:
        """Nothing stays queued here for a receiver that began to fail or to be slow, nor at the end."""
        self._unused.extend(due.id for due, _ in lane.queue)
        lane.queue.clear()

    def _wait(self) -> None:
        try:
            self._wake.get(timeout=POLL_S)
            eventlet.sleep(LINGER_S)  # what ends a moment later is written with it
        except Empty:
            pass

    def _count_pending(self) -> None:
        with self._database.transaction() as session:
            metrics.webhooks_pending.set(queue.pending(session))
