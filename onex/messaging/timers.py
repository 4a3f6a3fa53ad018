"""A door that time opens: one transaction, in one process of the service at a time."""

import functools
from collections.abc import Callable
from typing import Any

import eventlet
from nameko.extensions import Entrypoint
from sqlalchemy import text

from onex.chassis import logs, trace
from onex.chassis.acting import work_as
from onex.chassis.database import Database, UnitOfWork
from onex.messaging import doors
from onex.messaging.steps import Step, reached

log = logs.get(__name__)


class Every(Entrypoint):
    """Calls the method with a session every `seconds`; a method that returns True is called again at once."""

    def __init__(self, seconds: float, **options: Any) -> None:
        self.seconds = seconds
        self._stopping = False
        super().__init__(**options)

    def setup(self) -> None:
        self._database: Database = self.container.config["database"]

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run, identifier=f"timer-{self.method_name}")

    def stop(self) -> None:
        self._stopping = True

    def _run(self) -> None:
        while not self._stopping:
            more = False
            try:
                more = self._fire()
            except Exception as error:  # the next turn tries again
                log.warning("timer_failed", timer=self.method_name, error=type(error).__name__)
            if not more:
                eventlet.sleep(self.seconds)

    def _fire(self) -> bool:
        with self._database.transaction() as session:
            key = {"key": f"onex.timer.{self.method_name}"}
            if not session.execute(text("SELECT pg_try_advisory_xact_lock(hashtext(:key))"), key).scalar():
                return False
            more = doors.call(self, session) is True
            reached(Step.TIMER_WORKED)
        reached(Step.TIMER_COMMITTED)
        return more


def every(seconds: float, **options: Any) -> Callable[[Any], Any]:
    """Make a method a timer door."""

    def decorate(method: Callable[..., Any]) -> Any:
        @functools.wraps(method)
        def door(worker: Any, session: UnitOfWork) -> Any:
            work_as(session, method.__name__, None, f"every {seconds:g} s")
            with trace.follow(None):
                return method(worker, session)

        return Every.decorator(seconds, **options)(door)

    return decorate
