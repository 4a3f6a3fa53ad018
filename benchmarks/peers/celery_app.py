"""Celery as its documentation shows it: a task an event, ORM rows, one commit, `delay` for what follows.

Default settings but for the queues, one a worker ("routing tasks"), and no results, which nobody would read.
`celery -A benchmarks.peers.celery_app worker -Q issuer` runs one worker: prefork, as many processes as there are CPUs.
"""

from typing import Any

from celery import Celery  # type: ignore[import-not-found]
from celery.signals import worker_process_init  # type: ignore[import-not-found]
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from benchmarks.peers import work

PARTS = ("issuer", "credit", "notices", "rows")
app = Celery("bench", broker=work.settings()["amqp_url"].replace("amqp://", "pyamqp://", 1))
app.conf.task_ignore_result = True
app.conf.task_routes = {f"bench.{part}": {"queue": part} for part in PARTS}
sessions: dict[str, sessionmaker[Any]] = {}
desks: list[work.Desk] = []


@worker_process_init.connect
def open_database(**_: Any) -> None:
    """Each process has connections of its own; the parent has made the tables."""
    for part in work.settings()["database_urls"]:
        sessions[part] = sessionmaker(create_engine(work.database_url(part)))
    desks.append(work.Desk())


@app.task(name="bench.issuer")
def issue(one: dict[str, Any]) -> None:
    """One certificate."""
    with sessions["issuer"]() as session:
        certificate, told = desks[0].issue(one, session.scalars(work.NEXT_PLACE).one())
        session.add(certificate)
        session.commit()
    credit.delay(told)
    notify.delay(told)


@app.task(name="bench.credit")
def credit(one: dict[str, Any]) -> None:
    """One deposit with its two entries."""
    deposit, *entries = work.deposit_of(one)
    with sessions["credit"]() as session:
        session.add(deposit)
        session.flush()
        session.add_all(entries)
        session.commit()


@app.task(name="bench.notices")
def notify(one: dict[str, Any]) -> None:
    """One notice, then one signed webhook where they are wanted."""
    notice = work.notice_of(one)
    notice_id, body = notice.id, notice.body
    with sessions["notices"]() as session:
        session.add(notice)
        session.commit()
    work.post(notice_id, body)


@app.task(name="bench.rows")
def row(one: dict[str, Any]) -> None:
    """One row."""
    with sessions["rows"]() as session:
        session.add(work.arrival_of(one))
        session.commit()
