"""One service in a test: its real database, its web app with real tokens, and its worker's doors."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from joserfc.jwk import OKPKey
from sqlalchemy import text
from werkzeug.test import Client as WsgiClient
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from onex.chassis import access, clock, trace
from onex.chassis.access import Caller, Role
from onex.chassis.database import Database
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from onex.chassis.web.limits import Buckets
from onex.cli.services import web_of, worker_of
from onex.contracts.catalogue import CONTRACTS
from onex.contracts.event import Event
from onex.contracts.registry import AccessKeyPublished
from onex.messaging import inbox
from onex.messaging.consumer import Consumes
from onex.messaging.heard import Heard
from onex.messaging.job_runner import JobRunner
from onex.messaging.provided import Provided
from onex.messaging.topology import queue_of
from onex.messaging.worker import configuration
from tests.harness.emptying import Emptying

KEY = OKPKey.generate_key("Ed25519")
KEY_ID = KEY.thumbprint()
ACCESS_KEY = AccessKeyPublished(key_id=KEY_ID, public_key=str(KEY.as_dict(private=False)["x"]))


class Service:
    """A service without its processes: HTTP by WSGI calls, events by its doors, both on its real database."""

    def __init__(self, name: str, environ: Mapping[str, str]) -> None:
        self.name = name
        self.settings = Settings.for_service(name, environ)
        self.vault = Vault.of(self.settings)
        self.database = Database(self.settings.database_url, name, pool_size=5)
        self.worker_class = worker_of(name)
        self._web: Any = None
        self._emptying: Emptying | None = None
        self._config: dict[str, Any] | None = None

    def clean(self) -> None:
        """Empty every table, so that the next test starts from nothing but an access key."""
        with self.database.transaction() as session:
            self._emptying = self._emptying or Emptying(session)
            self._emptying.run(session)
        for app in self._web.routes.values() if self._web else ():
            if "onex-limits" in getattr(app, "extensions", {}):
                app.extensions["onex-limits"] = Buckets()  # nobody has knocked yet
        self.hear(ACCESS_KEY)

    def hear(self, *events: Event | Heard[Any]) -> list[Heard[Any]]:
        """Give events of one kind to the worker's door as the consumer does: one transaction, claimed in the inbox.

        Returns them with their envelopes, so that a test can deliver them again.
        """
        heard = [one if isinstance(one, Heard) else envelope(one) for one in events]
        contract = type(heard[0].event)
        worker, method = self._door(contract)
        with self.database.transaction() as session:
            new = inbox.claim(session, queue_of(self.name, contract), [one.event_id for one in heard])
            fresh = [one for one in heard if one.event_id in new]
            if fresh:
                getattr(worker, method)(session, fresh)
        return heard

    def fire(self, timer_method: str) -> Any:
        """Call a timer's door once, in a transaction."""
        with self.database.transaction() as session:
            return getattr(self.worker(), timer_method)(session)

    def worker(self) -> Any:
        """The worker's object with what its process would provide."""
        self._config = self._config or configuration(self.settings)
        worker = self.worker_class()
        for name in dir(self.worker_class):
            extension = getattr(self.worker_class, name)
            if isinstance(extension, Provided):
                setattr(worker, name, self._config[extension.key])
        return worker

    def _door(self, contract: type[Event]) -> tuple[Any, str]:
        for name in dir(self.worker_class):
            for entrypoint in getattr(getattr(self.worker_class, name), "nameko_entrypoints", ()):
                if isinstance(entrypoint, Consumes) and entrypoint.contract is contract:
                    return self.worker(), name
        raise LookupError(f"{self.name} does not consume {contract.type()}")

    def said(self, contract: type[Event] | None = None) -> list[Event]:
        """The events in the outbox, oldest first, of one kind or all."""
        by_type = {known.type(): known for known in CONTRACTS}
        with self.database.session() as session:
            rows = session.execute(text("SELECT type, body FROM outbox ORDER BY id")).all()
        events = [by_type[row.type].decode(bytes(row.body)) for row in rows]
        return [event for event in events if contract is None or isinstance(event, contract)]

    def run_jobs(self) -> None:
        """Run every open job to its end, as the worker's runner does."""
        with self.database.session() as session:
            ids = list(session.scalars(text("SELECT id FROM job WHERE state IN ('queued','running') ORDER BY id")))
        for job_id in ids:
            self.run_job(job_id)

    def run_job(self, job_id: uuid.UUID, factories: Mapping[str, Any] | None = None) -> None:
        """Run one job, by factories of the test's own where it gives any."""
        own = (one.factories for one in vars(self.worker_class).values() if isinstance(one, JobRunner))
        runner = JobRunner(factories or next(own))
        runner._database, runner._vault = self.database, self.vault
        runner._run_job(job_id)

    def call(
        self, method: str, path: str, *, role: Role | None = None, organization_id: uuid.UUID | None = None,
        province_code: str | None = None, learner_id: uuid.UUID | None = None, client_id: str | None = None,
        token: str | None = None, expect: int | None = None, headers: Mapping[str, str] | None = None, **options: Any,
    ) -> TestResponse:  # fmt: skip
        """An HTTP request to the service; `role` and scope make a real token. `expect` asserts the status."""
        if self._web is None:
            self._web = web_of(self.name, self.settings)
        if role is not None:
            token = self.token(role, organization_id, province_code, learner_id, client_id)
        every = dict(headers or {}) | ({"Authorization": f"Bearer {token}"} if token else {})
        app = max((p for p in self._web.routes if path == p or path.startswith(p + "/")), key=len)
        answer = WsgiClient(self._web.routes[app], Response).open(path, method=method, headers=every, **options)
        if expect is not None:
            assert answer.status_code == expect, (
                f"{method} {path}: {answer.status_code} {answer.get_data(as_text=True)[:800]}"
            )
        return answer

    def token(
        self, role: Role, organization_id: uuid.UUID | None = None, province_code: str | None = None,
        learner_id: uuid.UUID | None = None, client_id: str | None = None, *, lifetime_s: int = 900,
    ) -> str:  # fmt: skip
        """An access token as the registry would sign it; without a `client_id` each organization has one client a role."""
        client_id = client_id or f"test-{role}-{organization_id or ''}"
        who = Caller(client_id, role, organization_id, province_code, learner_id)
        return access.sign(who, KEY, KEY_ID, self.settings.public_url, int(time.time()), lifetime_s)


def envelope(event: Event) -> Heard[Any]:
    """The event as if its producer had just said it."""
    return Heard(new_id(), event, clock.now(), trace.new_traceparent())


def json_of(answer: TestResponse) -> Any:
    return orjson.loads(answer.get_data())
