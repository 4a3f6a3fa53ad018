"""A full disk, a connection lost in the middle of a batch, a clock that jumps: each has an answer, and nothing is lost."""

import os
import socket
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from onex.chassis import jobs
from onex.messaging import outbox
from onex.messaging.relay import OutboxStore
from services.certificates.inquiry.connections import Connections
from tests.fault import small_disk
from tests.harness.report import Found
from tests.messaging import jobs_of_stage
from tests.messaging.trial import Process, Stage, organization, until

pytestmark = pytest.mark.fault
ALL_RETRIES_S = "120"


def say_and_record(stage: Stage, name: str) -> None:
    """A fact and its event in one transaction."""
    with stage.speaker_db.transaction() as session:
        session.execute(text("INSERT INTO trial (name) VALUES (:name)"), {"name": name})
        outbox.append(session, organization(name, does="好" * 20_000))


def say_and_record_until_refused(stage: Stage) -> None:
    for number in range(1000):
        say_and_record(stage, f"too-much-{number}")


def test_when_the_disk_under_the_outbox_is_full_the_change_fails_with_its_event_and_both_go_through_later(
    stage: Stage, listener: Process, found: Found
) -> None:
    address = stage.environ["ONEX_DATABASE_URL_REGISTRY"]
    with small_disk.under(small_disk.admin_url(stage.environ), address, ["outbox"], stage.folder / "small") as disk:
        disk.fill()
        with pytest.raises(OperationalError) as caught:
            say_and_record_until_refused(stage)
        assert isinstance(caught.value.orig, psycopg.errors.DiskFull)
        with stage.speaker_db.session() as session:
            facts = set(session.scalars(text("SELECT name FROM trial")))
        assert stage.unsent() == len(facts), "no change without its event, no event without its change"
        disk.free()
        say_and_record(stage, "with-room-again")
        stage.start("speaker").ready()
        stage.until_recorded([*facts, "with-room-again"])
        found(broken="a full disk", facts=len(facts), events_heard=len(stage.recorded) - 1)
        assert stage.unsent() == 0


def test_while_the_disk_under_a_consumers_tables_is_full_events_wait_and_none_is_lost(
    stage: Stage, found: Found
) -> None:
    address = stage.environ["ONEX_DATABASE_URL_NOTIFICATIONS"]
    names = [f"org-{number}" for number in range(300)]
    tables = ["inbox", "trial"]
    with small_disk.under(small_disk.admin_url(stage.environ), address, tables, stage.folder / "small") as disk:
        disk.fill()
        listener = stage.start("listener", ONEX_TRIAL_RETRIES=ALL_RETRIES_S).ready()
        stage.put(*(organization(name) for name in names))
        until(lambda: listener.said("event_retried") >= len(names), "each was tried in vain")
        assert stage.recorded == []
        disk.free()
        found(broken="a full disk", tried_in_vain=listener.said("event_retried"))
        stage.until_recorded(names)
        found(events=len(names), handled=len(stage.recorded), parked=len(stage.parked()))
        assert stage.parked() == []
        stage.nothing_left_in(listener)


def test_a_job_whose_disk_is_full_for_many_tries_goes_on_when_there_is_room(stage: Stage, found: Found) -> None:
    address = stage.environ["ONEX_DATABASE_URL_REGISTRY"]
    tables = ["trial"]
    with small_disk.under(small_disk.admin_url(stage.environ), address, tables, stage.folder / "small") as disk:
        disk.fill()
        job_id = jobs_of_stage.accept(stage, steps=50)
        worker = stage.start("speaker", module="tests.messaging.job_worker").ready()
        until(lambda: worker.said("job_interrupted") > 2 * jobs.MAX_STARTS, "it was tried in vain")
        job = jobs_of_stage.job(stage, job_id)
        assert (job.state, job.failure_code) == ("running", None)
        disk.free()
        until(lambda: jobs_of_stage.job(stage, job_id).state == "done", "the job is done")
        found(broken="a full disk", tried_in_vain=worker.said("job_interrupted"), steps=50)
        assert jobs_of_stage.steps_done(stage) == jobs_of_stage.job(stage, job_id).accepted == 50


def test_a_connection_lost_in_the_middle_of_a_batch_undoes_it_and_the_batch_is_done_once(
    stage: Stage, found: Found
) -> None:
    listener = stage.start("listener", ONEX_TRIAL_SLOW_S="2").ready()
    names = [f"org-{number}" for number in range(100)]
    stage.put(*(organization(name) for name in names), organization("slow", does="slow"))
    with psycopg.connect(small_disk.admin_url(stage.environ), autocommit=True) as server:
        query = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'onex-notifications' AND datname = 'notifications' AND xact_start IS NOT NULL"
            " AND state = 'idle in transaction' AND query LIKE '%INSERT INTO inbox%'"
        )
        cut = until(lambda: server.execute(query).fetchall(), "the batch is in the middle of its transaction")
    until(lambda: listener.said("consumer_interrupted"), "the consumer noticed")
    stage.until_recorded([*names, "slow"])
    found(broken=f"{len(cut)} connection ended by the server", events=len(names) + 1, handled=len(stage.recorded))
    assert stage.parked() == []
    stage.nothing_left_in(listener)


def test_a_server_that_vanished_without_a_word_is_given_up_within_a_minute(stage: Stage) -> None:
    """Nobody answers and nobody says so: only the kernel's clocks on the connection can tell."""
    store = OutboxStore(stage.speaker_db.dsn, "platform", "test")
    with stage.speaker_db.session() as session:
        pooled = session.connection().connection.driver_connection
        inquiry = Connections(stage.speaker_db.dsn, "trial", size=1)._open()
        for connection in (pooled, store._connection, inquiry._connection):
            assert connection is not None
            with socket.socket(fileno=os.dup(connection.fileno())) as one:
                asked = {
                    name: one.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))
                    for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
                }
            assert asked["TCP_KEEPIDLE"] + asked["TCP_KEEPINTVL"] * asked["TCP_KEEPCNT"] <= 60
            assert 0 < asked["TCP_USER_TIMEOUT"] <= 60_000
    store.close()
    inquiry.close()


@pytest.mark.parametrize(("first", "then"), [("1", "-1"), ("-1", "1")])
def test_a_clock_that_jumps_by_a_day_loses_and_doubles_nothing(
    stage: Stage, found: Found, first: str, then: str
) -> None:
    """Relay and consumer run with their clocks off by `first` days, and are restarted with theirs off by `then`."""
    expected: list[str] = []
    for days in (first, then):
        speaker, listener = (
            stage.start(part, module="tests.fault.jumped_worker", ONEX_TRIAL_CLOCK_DAYS=days).ready()
            for part in ("speaker", "listener")
        )
        day = datetime.now(UTC) + timedelta(days=int(days))
        assert listener.said(day.strftime("%Y-%m-%d")), "its clock is off"
        names = [f"org-{days}-{number}" for number in range(600)]
        stage.say(organization(f"waits-{days}", does="wait"), *(organization(name) for name in names))
        until(lambda listener=listener: listener.said("event_retried"), "one is in a delay tier")  # type: ignore[misc]
        stage.record("awaited")
        expected += [*names, f"waits-{days}", "awaited"]
        stage.until_recorded(expected)
        found(broken=f"clocks off by {first} days, then by {then}", events=len(expected), handled=len(stage.recorded))
        with stage.listener_db.transaction() as session:
            session.execute(text("DELETE FROM trial WHERE name = 'awaited'"))
        expected.remove("awaited")
        speaker.end()
        listener.end()
    assert stage.unsent() == 0
    assert stage.parked() == []
