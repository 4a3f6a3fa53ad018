"""Whoever changes the log or a certificate behind the platform's back is found by the audit."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text

from onex.chassis.invariants import Connection, Fault, Kind
from services.certificates.log import replay
from tests.certificates.given import Pilot
from tests.certificates.log.test_log import issue, sequence


@pytest.fixture
def connection(pilot: Pilot) -> Iterator[Connection]:
    for count in (1, 299, 400):
        issue(pilot, count)
        sequence(pilot)
    with psycopg.connect(pilot.certificates.database.dsn) as connection:
        yield connection


def audit(connection: Connection) -> list[Fault]:
    return [*replay.complete(connection), *replay.waiting(connection), *replay.faults(connection)]


def tamper(connection: Connection, *statements: str) -> None:
    """As one who owns the database can: the triggers are set aside."""
    for table in ("log_entry", "log_head"):
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
    for statement in statements:
        connection.execute(statement.encode())
    for table in ("log_entry", "log_head"):
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
    connection.commit()


def test_an_honest_log_has_no_fault(connection: Connection) -> None:
    assert audit(connection) == []


ALTERATIONS = {
    "an entry altered": ("UPDATE log_entry SET entry = set_byte(entry, 20, 1 # get_byte(entry, 20)) WHERE index = 311",),
    "an entry removed": ("DELETE FROM log_entry WHERE index = 311",),
    "the last entry removed": ("DELETE FROM log_entry WHERE index = 699",),
    "all entries removed": ("DELETE FROM log_entry",),
    "two entries swapped": (
        "UPDATE log_entry SET index = -1 WHERE index = 5", "UPDATE log_entry SET index = 5 WHERE index = 6",
        "UPDATE log_entry SET index = 6 WHERE index = -1",
    ),
    "a certificate altered": (
        "UPDATE certificate SET credential = replace(credential, 'Moumou', 'Mumu') WHERE id ="
        " (SELECT certificate_id FROM log_entry WHERE index = 42)",
    ),
    "a certificate removed": ("DELETE FROM certificate WHERE id = (SELECT certificate_id FROM log_entry WHERE index = 42)",),
    "a certificate slipped in": (
        "CREATE TEMP TABLE one AS SELECT * FROM certificate LIMIT 1",
        "UPDATE one SET id = gen_random_uuid(), result_id = gen_random_uuid(), number = 'x', status_list = 9",
        "INSERT INTO certificate SELECT * FROM one", "DROP TABLE one",
    ),
    "a tile altered": (
        "UPDATE log_tile SET hashes = set_byte(hashes, 40, 1 # get_byte(hashes, 40)) WHERE (level, index) = (0, 1)",
    ),
    "a tile removed": ("DELETE FROM log_tile WHERE (level, index) = (0, 2)",),
    "a head altered": ("UPDATE log_head SET root_hash = set_byte(root_hash, 0, 1 # get_byte(root_hash, 0)) WHERE size = 300",),
    "a head slipped in": ("INSERT INTO log_head SELECT size + 1, root_hash, note, signed_at FROM log_head WHERE size = 1",),
    "a head's note altered": ("UPDATE log_head SET note = replace(note, 'log', 'Log') WHERE size = 300",),
    "the last head removed": ("DELETE FROM log_head WHERE size = 700",),
    "a tile lengthened": ("UPDATE log_tile SET hashes = hashes || '0' WHERE (level, index) = (0, 0)",),
    "the last tile lengthened": ("UPDATE log_tile SET hashes = hashes || hashes WHERE (level, index) = (0, 2)",),
    "an upper tile altered": (
        "UPDATE log_tile SET hashes = set_byte(hashes, 40, 1 # get_byte(hashes, 40)) WHERE (level, index) = (1, 0)",
    ),
    "an upper tile removed": ("DELETE FROM log_tile WHERE level = 1",),
    "a tile slipped in": ("INSERT INTO log_tile VALUES (0, 3, '0')",),
    "another level slipped in": ("INSERT INTO log_tile VALUES (2, 0, '0')",),
    "a certificate made valid for another": (
        "UPDATE certificate SET learner_id = gen_random_uuid() WHERE id ="
        " (SELECT certificate_id FROM log_entry WHERE index = 42)",
    ),
    "a certificate revoked without a word": (
        "UPDATE certificate SET state = 'revoked' WHERE id = (SELECT certificate_id FROM log_entry WHERE index = 42)",
    ),
    "a longer head signed": ("INSERT INTO log_head SELECT 9999, root_hash, note, signed_at FROM log_head WHERE size = 1",),
}  # fmt: skip


@pytest.mark.rule("PP-29")
@pytest.mark.parametrize("statements", ALTERATIONS.values(), ids=ALTERATIONS.keys())
def test_every_alteration_is_found(connection: Connection, statements: tuple[str, ...]) -> None:
    tamper(connection, *statements)
    assert audit(connection)


def test_the_fault_names_the_certificate_whose_credential_was_altered(connection: Connection) -> None:
    (altered,) = connection.execute("SELECT certificate_id FROM log_entry WHERE index = 42").fetchone() or ("",)
    tamper(connection, *ALTERATIONS["a certificate altered"])
    (fault,) = audit(connection)
    assert (fault.kind, fault.record) == (Kind.ALTERED, str(altered))
    assert "entry 42" in fault.detail


def test_a_certificate_that_waits_to_be_logged_is_no_fault(pilot: Pilot, connection: Connection) -> None:
    issue(pilot, 3)
    assert audit(connection) == []
    with pilot.certificates.database.transaction() as session:
        session.execute(text("DELETE FROM log_pending"))
    assert {fault.kind for fault in audit(connection)} == {Kind.MISSING}
    assert all(uuid.UUID(fault.record) for fault in audit(connection))
