"""Stock nameko's side of the pipeline: three services in a process each, with databases and a vhost of their own."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import kombu
import orjson
import psycopg
from amqp.exceptions import NotFound
from nameko.standalone.events import event_dispatcher

from benchmarks.cpu import Meter
from benchmarks.ground import Ground
from benchmarks.passes import CREDIT_HUNDREDTHS, STANDARD_VERSION, Pilot, new_passes
from benchmarks.rounds import Round
from benchmarks.watch import watch
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from onex.local.tether import tied

NAME = "stock nameko"
PATH = "stock-nameko"
WARM_UP = 100
READY_WITHIN_S = 60.0
# (stage, service whose database is looked at, its table)
_STAGES = (("issued", "certificates", "certificate"), ("booked", "creditbank", "deposit"))
_NOTICED = ("noticed", "notifications", "notice")
_QUEUES = {
    "certificates": "evt-assessment-result_published--certificates.on_result",
    "creditbank": "evt-certificates-certificate_issued--creditbank.on_certificate",
    "notifications": "evt-certificates-certificate_issued--notifications.on_certificate",
}


class StockNameko:
    """Prepared by `start`; each `turn` is one round."""

    def __init__(self, ground: Ground, pilot: Pilot) -> None:
        self._ground, self._pilot = ground, pilot
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._looking: dict[str, psycopg.Connection[Any]] = {}

    def start(self) -> None:
        """Make vhost and databases, start the services, wait until each reads its queue."""
        environment = self._ground.platform.environment
        self._vault = Vault.of(Settings.for_service("assessment", environment))
        self._amqp_url = self._ground.make_vhost(PATH)
        urls = {service: self._ground.make_database(f"stock_nameko_{service}") for service in _QUEUES}
        settings = json.dumps(self._settings(urls))
        for service, url in urls.items():
            command = tied((sys.executable, "-m", "benchmarks.peers.stock_nameko_services", service))
            own = {**os.environ, **environment, "BENCH_SETTINGS": settings}
            with open(self._ground.home / f"stock-nameko-{service}.log", "wb") as log:
                self._processes[service] = subprocess.Popen(command, env=own, stdout=log, stderr=log)
            self._looking[service] = psycopg.connect(url, autocommit=True)
        self._wait_until_they_listen()
        self.turn(WARM_UP)

    def turn(self, count: int) -> Round:
        """`count` published passes until the last credit is booked and the last notice delivered."""
        events = [orjson.loads(one.encode()) for one in new_passes(self._pilot, self._vault, count)]
        mark, delivered_before = new_id(), self._ground.receiver.count(PATH)
        pid = self._ground.platform.pid
        processes = {name: process.pid for name, process in self._processes.items()}
        meter = Meter(processes | {"postgres": pid("postgres"), "rabbitmq": pid("rabbitmq")})
        producer = threading.Thread(target=self._dispatch, args=(events,))
        started = time.monotonic()
        producer.start()
        stages = {stage: self._counting(service, table, mark) for stage, service, table in (*_STAGES, _NOTICED)}
        stages["delivered"] = lambda: self._ground.receiver.count(PATH) - delivered_before
        seconds = watch(stages, count, started)
        producer.join()
        return Round(NAME, count, seconds | {"complete": max(seconds.values())}, meter.us_per_item(count))

    def stop(self) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.wait(20)
        for connection in self._looking.values():
            connection.close()

    def _dispatch(self, events: list[Any]) -> None:
        dispatch = event_dispatcher({"AMQP_URI": self._amqp_url})
        for event in events:
            dispatch("assessment", "result_published", event)

    def _settings(self, urls: dict[str, str]) -> dict[str, Any]:
        criteria = f"按{STANDARD_VERSION}版职业技能等级标准考核合格。"
        criteria += f" Passed the assessment by version {STANDARD_VERSION} of the vocational skill level standard."
        return {
            "amqp_url": self._amqp_url,
            "database_urls": {service: url.replace("://", "+psycopg://", 1) for service, url in urls.items()},
            "webhook_url": self._ground.receiver.url(PATH),
            "webhook_secret": "whsec_c3RvY2stbmFtZWtvLXN0b2NrLW5hbWVrby0=",
            "credit_hundredths": CREDIT_HUNDREDTHS,
            "teos": [{"id": str(t.organization_id), "name": f"{t.name_zh} {t.name_en}"} for t in self._pilot.teos],
            "types": [
                {
                    "id": str(kind.certificate_type_id),
                    "code": kind.code,
                    "name": f"{kind.name_zh} {kind.name_en}",
                    "level": kind.levels[0].level,
                    "version": STANDARD_VERSION,
                    "criteria": criteria,
                }
                for kind in self._pilot.types
            ],
        }

    def _counting(self, service: str, table: str, mark: Any) -> Callable[[], int]:
        query = f"SELECT count(*) FROM {table} WHERE id > %s"
        return lambda: int(self._looking[service].execute(query, (mark,)).fetchone()[0])  # type: ignore[index]

    def _wait_until_they_listen(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        waiting = dict(_QUEUES)
        while waiting:
            for service, queue in list(waiting.items()):
                if self._consumers_of(queue):
                    del waiting[service]
                elif self._processes[service].poll() is not None or time.monotonic() > deadline:
                    log = (self._ground.home / f"stock-nameko-{service}.log").read_text()[-3000:]
                    raise RuntimeError(f"stock nameko's {service} does not listen:\n{log}")
            time.sleep(0.1)

    def _consumers_of(self, queue: str) -> int:
        with kombu.Connection(self._amqp_url) as connection:
            try:
                return int(connection.default_channel.queue_declare(queue, passive=True).consumer_count)
            except NotFound:
                return 0
