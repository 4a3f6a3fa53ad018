"""Sequencing, killed before any statement and done by two at once: each entry has one place, no head contradicts another."""

import threading
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from onex.transparency import notes
from services.certificates.log import actions, queries, replay
from tests.certificates.given import Pilot
from tests.certificates.log.test_log import Monitor, issue, rows, sequence


def audit(pilot: Pilot) -> list[Any]:
    with psycopg.connect(pilot.certificates.database.dsn) as connection:
        return [*replay.complete(connection), *replay.waiting(connection), *replay.faults(connection)]


def sequence_once(pilot: Pilot) -> bool:
    certificates = pilot.certificates
    with certificates.database.transaction() as session:
        return actions.sequence(session, certificates.vault, certificates.settings.public_url)


def test_killed_before_any_statement_nothing_is_lost_and_no_head_is_seen_that_does_not_hold(pilot: Pilot) -> None:
    monitor = Monitor(pilot)
    issue(pilot, 300)
    sequence(pilot)
    size, kills = monitor.head().size, 0
    engine = pilot.certificates.database.engine
    while True:
        issue(pilot, 5)
        left = kills

        def kill(connection: Any, cursor: Any, *_: Any) -> None:
            """The server ends our connection, as it does when the process is gone."""
            nonlocal left
            if left == 0:
                with psycopg.connect(pilot.certificates.database.dsn, autocommit=True) as other:
                    other.execute(
                        "SELECT pg_terminate_backend(%s)", [connection.connection.driver_connection.info.backend_pid]
                    )
            left -= 1

        event.listen(engine, "before_cursor_execute", kill)
        try:
            sequence_once(pilot)
            break
        except DBAPIError:
            kills += 1
            assert kills < 50
        finally:
            event.remove(engine, "before_cursor_execute", kill)
        assert monitor.head().size == size
    assert kills >= 5
    assert monitor.head().size == 300 + 5 * (kills + 1)
    assert audit(pilot) == []


def test_two_sequencers_and_an_issuer_at_once_leave_one_log_without_gaps(pilot: Pilot) -> None:
    monitor, failures, done = Monitor(pilot), [], threading.Event()

    def work() -> None:
        try:
            while not done.is_set() or sequence_once(pilot):
                sequence_once(pilot)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        issue(pilot, 40)
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert monitor.head().size == 400
    assert audit(pilot) == []
    heads = [note for (note,) in rows(pilot, "SELECT note FROM log_head ORDER BY size")]
    assert all(notes.open_note(note.encode(), monitor.keys) for note in heads)


def test_how_long_the_oldest_entry_has_waited_is_measured(pilot: Pilot) -> None:
    with pilot.certificates.database.session() as session:
        assert queries.oldest_waiting_s(session) == 0
        issue(pilot, 2)
    with pilot.certificates.database.session() as session:
        assert 0 <= queries.oldest_waiting_s(session) < 600
        pilot.certificates.fire("measure_log")
    sequence(pilot)
    with pilot.certificates.database.session() as session:
        assert queries.oldest_waiting_s(session) == 0


@pytest.mark.parametrize("step", [1, 7, 300])
def test_a_log_taken_in_steps_is_the_log_taken_at_once(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(actions, "STEP", step)
    issue(pilot, 30 if step < 300 else 600)
    sequence(pilot)
    assert audit(pilot) == []
