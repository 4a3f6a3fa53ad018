"""Runs a service's worker: events, timers, jobs and the outbox relay, in one eventlet process.

Call it only after `onex.green.patch()` (see `onex/__main__.py`).
"""

import signal
import socket
from typing import Any

import eventlet
import eventlet.wsgi
from nameko.runners import ServiceRunner
from psycopg import waiting
from sqlalchemy import text

from onex.chassis import collector, jobs, logs, metrics
from onex.chassis.database import Database
from onex.chassis.health import HealthDoors
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from onex.messaging import parking
from onex.messaging.topology import PARTNERS, PLATFORM

log = logs.get(__name__)
GAUGES_EVERY_S = 10.0


def configuration(settings: Settings) -> dict[str, Any]:
    """What the worker's extensions find in their container's config."""
    lane_urls = {PLATFORM: settings.amqp_url}
    if settings.partners_amqp_url:
        lane_urls[PARTNERS] = settings.partners_amqp_url
    return {
        "AMQP_URI": settings.amqp_url,
        "amqp_url": settings.amqp_url,
        "lane_urls": lane_urls,
        "settings": settings,
        "database": Database(settings.database_url, settings.service, pool_size=settings.database_pool_size),
        "vault": Vault.of(settings),
        "consumers": [],
    }


def run(worker: type, settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; what is not finished then is delivered again."""
    if waiting.wait is not waiting.wait_select:
        raise RuntimeError("psycopg's compiled wait would block every green thread: call onex.green.patch() first")
    logs.configure(settings.service, "worker")
    config = configuration(settings)
    runner = ServiceRunner(config)
    runner.add_service(worker)

    def stop(*_: Any) -> None:
        eventlet.spawn_n(runner.stop)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    runner.start()
    _open_health(settings, config)
    collector.spare()
    log.info("worker_started", port=settings.worker_port)
    runner.wait()
    log.info("worker_stopped")


def _open_health(settings: Settings, config: dict[str, Any]) -> None:
    database: Database = config["database"]

    def database_answers() -> bool:
        with database.session() as session:
            session.execute(text("SELECT 1"))
        return True

    def consumers_listen() -> bool:
        return all(consumer.connected for consumer in config["consumers"])

    def count_what_waits() -> None:
        while True:
            try:
                with database.session() as session:
                    parked, oldest_s = parking.standing(session)
                    metrics.parked.labels(settings.service).set(parked)
                    metrics.parked_oldest.labels(settings.service).set(oldest_s)
                    metrics.jobs_open.labels(settings.service).set(jobs.count_open(session))
            except Exception as error:  # a figure that is late, nothing more
                log.warning("what_waits_not_counted", error=type(error).__name__)
            eventlet.sleep(GAUGES_EVERY_S)

    doors = HealthDoors({"database": database_answers, "broker": consumers_listen})
    listener = eventlet.listen(("0.0.0.0", settings.worker_port), reuse_port=False, family=socket.AF_INET)
    eventlet.spawn_n(eventlet.wsgi.server, listener, doors, log_output=False)
    eventlet.spawn_n(count_what_waits)
