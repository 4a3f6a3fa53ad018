"""nameko's own HTTP, as its documentation shows it: `@http`, a session, one look-up.

`python -m benchmarks.peers.nameko_web <port>`
"""

# ruff: noqa: E402 - eventlet patches before anything else is imported

import eventlet

eventlet.monkey_patch()

import os
import sys
from typing import Any

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")

import orjson
from nameko.extensions import DependencyProvider
from nameko.runners import ServiceRunner
from nameko.web.handlers import http
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.peers.bare_inquiry import FIND

_QUERY = text(FIND.replace("%s", ":number"))


class Database(DependencyProvider):
    """A session a worker."""

    def setup(self) -> None:
        url = os.environ["BENCH_DATABASE_URL"].replace("://", "+psycopg://", 1)
        self._make = sessionmaker(create_engine(url, pool_size=10))
        self._open: dict[Any, Session] = {}

    def get_dependency(self, worker_ctx: Any) -> Session:
        self._open[worker_ctx] = self._make()
        return self._open[worker_ctx]

    def worker_teardown(self, worker_ctx: Any) -> None:
        self._open.pop(worker_ctx).close()


class InquiryService:
    name = "inquiry"

    session = Database()

    @http("POST", "/certificates/v1/inquiries")
    def inquire(self, request: Any) -> tuple[int, dict[str, str], str]:
        row = self.session.execute(_QUERY, {"number": orjson.loads(request.get_data())["number"]}).first()
        body = orjson.dumps({"found": row is not None, "certificate": list(row[1:]) if row else None})
        return 200, {"Content-Type": "application/json"}, body.decode()  # it takes text only


if __name__ == "__main__":
    runner = ServiceRunner({"WEB_SERVER_ADDRESS": f"127.0.0.1:{sys.argv[1]}"})
    runner.add_service(InquiryService)
    runner.start()
    runner.wait()
