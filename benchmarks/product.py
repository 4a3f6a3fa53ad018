"""The product's side of the pipeline: its five workers as `onex up` starts them."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import psycopg

from benchmarks.cpu import Meter
from benchmarks.ground import Ground
from benchmarks.passes import CREDIT_HUNDREDTHS, STANDARD_VERSION, Pilot, new_passes
from benchmarks.rounds import Round
from benchmarks.watch import wait_for, watch
from onex.chassis.access import Caller, Role
from onex.chassis.database import Database
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from onex.chassis.settings import SERVICES, Settings
from onex.cli.migrate import migrate_everything
from onex.demo.client import Caller as Client
from onex.demo.client import until_heard
from onex.messaging import outbox
from services.creditbank.proposals.actions import approve, propose
from services.registry.identity.actions import register_client

NAME = "onex"
WARM_UP = 100
HEARD_WITHIN_S = 60.0
# (stage, service whose database is looked at, what is counted)
_STAGES = (
    ("issued", "certificates", "SELECT count(*) FROM certificate WHERE id > %s"),
    ("booked", "creditbank", "SELECT count(*) FROM deposit WHERE id > %s"),
    ("noticed", "notifications", "SELECT count(*) FROM notice WHERE event_id > %s AND name = 'certificate_issued'"),
)


class Product:
    """Prepared by `start`; each `turn` is one round."""

    def __init__(self, ground: Ground, pilot: Pilot, *, webhooks: bool = True) -> None:
        """`webhooks`: whether the receiver is subscribed, so that notices are also delivered."""
        self._ground, self._pilot, self._webhooks = ground, pilot, webhooks
        self._looking: dict[str, psycopg.Connection[Any]] = {}

    def start(self) -> None:
        """Migrate, start the workers, make the pilot known, have its credit approved, subscribe the receiver."""
        platform = self._ground.platform
        migrate_everything(platform.environment)
        platform.start_services()
        self.vault = Vault.of(Settings.for_service("assessment", platform.environment))
        self._assessment = self._database("assessment")
        for service in ("assessment", "certificates", "creditbank", "notifications"):
            self._looking[service] = psycopg.connect(self._ground.service_url(service), autocommit=True)
        self._found()
        self.turn(WARM_UP)

    def turn(self, count: int) -> Round:
        """`count` published passes until the last credit is booked and the last notice delivered."""
        passes = new_passes(self._pilot, self.vault, count)
        mark, delivered_before = new_id(), self._ground.receiver.count(NAME)
        with self._assessment.session() as session:
            for one in passes:
                outbox.append(session, one)
            outbox.flush(session)
            meter = Meter({name: self._ground.platform.pid(name) for name in (*SERVICES, "postgres", "rabbitmq")})
            started = time.monotonic()
            session.commit()
        stages = {stage: self._counting(service, query, mark) for stage, service, query in _STAGES}
        if self._webhooks:
            stages["delivered"] = lambda: self._ground.receiver.count(NAME) - delivered_before
        seconds = watch(stages, count, started)
        self._come_to_rest()
        return Round(NAME, count, seconds | {"complete": max(seconds.values())}, meter.us_per_item(count))

    def _come_to_rest(self) -> None:
        """Until nothing is under way that the next side would have to share the machine with.

        The product goes on after the clock has stopped: its outboxes are emptied. The meter is read after it.
        """
        for service in self._looking:
            self._wait_for(service, "SELECT 1 - LEAST(count(*), 1) FROM outbox", 1)
        self._wait_for("notifications", "SELECT 1 - LEAST(count(*), 1) FROM delivery WHERE state = 'pending'", 1)

    def stop(self) -> None:
        """The platform itself ends with the ground."""
        for connection in self._looking.values():
            connection.close()

    def _counting(self, service: str, query: str, mark: uuid.UUID) -> Callable[[], int]:
        # Ids grow with time, so what came after the mark is a stretch at the end of an index.
        return lambda: int(self._looking[service].execute(query, (mark,)).fetchone()[0])  # type: ignore[index]

    def _database(self, service: str) -> Database:
        return Database(Settings.for_service(service, self._ground.platform.environment).database_url, service)

    def _found(self) -> None:
        """The pilot, by the registry's events; its credit, by the credit bank's actions; the subscription, by HTTP.

        What it takes to be admitted is not measured here, so the registry only says that it happened.
        """
        with self._database("registry").transaction() as session:
            for event in (*self._pilot.teos, *self._pilot.types):
                outbox.append(session, event)
            secret = register_client(session, "partner-bench", Role.PARTNER, by="benchmark")
        self._wait_for("certificates", "SELECT count(*) FROM issuer_key", len(self._pilot.teos))
        for service in ("certificates", "creditbank"):
            self._wait_for(service, "SELECT count(*) FROM certificate_type", len(self._pilot.types))
        with self._database("creditbank").transaction() as session:
            for kind in self._pilot.types:
                body = {
                    "certificate_type_id": kind.certificate_type_id,
                    "level": kind.levels[0].level,
                    "standard_version": STANDARD_VERSION,
                    "credit_hundredths": CREDIT_HUNDREDTHS,
                    "hours": 64,
                    "rationale": "按学习时长与能力水平折算",
                }
                proposal = propose(session, body, by=Caller("teo", Role.TEO, kind.teo_id, None, None))
                approve(session, proposal.id, by=Caller("operator", Role.OPERATOR, None, None, None))
        if not self._webhooks:
            return
        partner = Client(self._ground.platform.url, "partner-bench", secret)
        subscription = {"url": self._ground.receiver.url(NAME), "events": ["certificate_issued"]}
        until_heard(lambda: partner.post("/notifications/v1/subscriptions", subscription))

    def _wait_for(self, service: str, query: str, count: int, *values: Any) -> None:
        wait_for(self._looking[service], query, count, HEARD_WITHIN_S, *values)
