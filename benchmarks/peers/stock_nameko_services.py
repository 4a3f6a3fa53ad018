"""Stock nameko as its documentation shows it: one event, ORM rows, one commit; default settings throughout.

`python -m benchmarks.peers.stock_nameko_services issuer` runs one service.
"""

import sys

if __name__ == "__main__":
    import eventlet

    eventlet.monkey_patch()

import os
import signal
from typing import Any

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")  # as in the product: else a query holds all green threads

from nameko.events import EventDispatcher, event_handler
from nameko.extensions import DependencyProvider
from nameko.runners import ServiceRunner
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.peers import work

MAX_WORKERS = 10  # nameko's default
# Each worker keeps its connection, and an id is taken before the commit that would make the ORM read it again: both are
# what a nameko user learns in the first week, and both make this side faster.


class Database(DependencyProvider):
    """A session a worker, as nameko's documentation and nameko-sqlalchemy have it."""

    def setup(self) -> None:
        part = self.container.service_name
        engine = create_engine(work.database_url(part), pool_size=MAX_WORKERS)
        work.create_tables(engine, part)
        self._make = sessionmaker(engine)
        self._open: dict[Any, Session] = {}

    def get_dependency(self, worker_ctx: Any) -> Session:
        self._open[worker_ctx] = self._make()
        return self._open[worker_ctx]

    def worker_teardown(self, worker_ctx: Any) -> None:
        self._open.pop(worker_ctx).close()


class Desk(DependencyProvider):
    def setup(self) -> None:
        self._desk = work.Desk()

    def get_dependency(self, worker_ctx: Any) -> work.Desk:
        return self._desk


class IssuerService:
    name = "issuer"

    session = Database()
    desk = Desk()
    dispatch = EventDispatcher()

    @event_handler("assessment", "result_published")
    def on_result(self, one: dict[str, Any]) -> None:
        """One certificate."""
        certificate, told = self.desk.issue(one, self.session.scalars(work.NEXT_PLACE).one())
        self.session.add(certificate)
        self.session.commit()
        self.dispatch("certificate_issued", told)


class CreditService:
    name = "credit"

    session = Database()

    @event_handler("issuer", "certificate_issued")
    def on_certificate(self, one: dict[str, Any]) -> None:
        """One deposit with its two entries."""
        deposit, *entries = work.deposit_of(one)
        self.session.add(deposit)
        self.session.flush()
        self.session.add_all(entries)
        self.session.commit()


class NoticesService:
    name = "notices"

    session = Database()

    @event_handler("issuer", "certificate_issued")
    def on_certificate(self, one: dict[str, Any]) -> None:
        """One notice, then one signed webhook where they are wanted."""
        notice = work.notice_of(one)
        notice_id, body = notice.id, notice.body
        self.session.add(notice)
        self.session.commit()
        work.post(notice_id, body)


class RowsService:
    name = "rows"

    session = Database()

    @event_handler("issuer", "certificate_issued")
    def on_certificate(self, one: dict[str, Any]) -> None:
        """One row."""
        self.session.add(work.arrival_of(one))
        self.session.commit()


def main(part: str) -> None:
    """Run one service until SIGTERM."""
    runner = ServiceRunner({"AMQP_URI": work.settings()["amqp_url"]})
    classes = {one.name: one for one in (IssuerService, CreditService, NoticesService, RowsService)}
    runner.add_service(classes[part])
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(runner.stop))
    runner.start()
    runner.wait()


if __name__ == "__main__":
    main(sys.argv[1])
