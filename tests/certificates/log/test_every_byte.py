"""Not one byte of a certificate or of the log can be changed without the audit's finding just that one."""

import random
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import psycopg
import pytest
from sqlalchemy import Date, DateTime, Integer, LargeBinary, Text, Uuid, text

from onex.chassis import clock
from onex.chassis.invariants import Connection
from onex.transparency.proofs import ProofFile, ProofFileWrong
from services.certificates.issuing.models import Certificate
from services.certificates.log import queries, rows
from services.certificates.log.verifying import is_good, verify
from tests.certificates.given import Pilot
from tests.certificates.log.test_log import issue, sequence
from tests.certificates.log.test_replay import audit
from tests.certificates.log.test_verify import bundle_of, evidence_of

COUNT = 1_000
Alter = Callable[[bytes, int], bytes]


@pytest.fixture
def connection(pilot: Pilot) -> Iterator[Connection]:
    issue(pilot, COUNT)
    sequence(pilot)
    with psycopg.connect(pilot.certificates.database.dsn) as connection:
        yield connection


def turned(whole: bytes, place: int, dice: random.Random) -> bytes:
    """`whole` with another byte at `place`, any one with which it is still text, as PostgreSQL stores no other."""
    for turn in dice.sample(range(1, 256), 255):
        altered = bytearray(whole)
        altered[place] ^= turn
        try:
            if "\0" not in altered.decode():
                return bytes(altered)
        except UnicodeDecodeError:
            continue
    raise AssertionError("no other byte fits here")


@pytest.mark.rule("PP-29")
def test_every_single_byte_changed_in_a_thousand_certificates_is_found(connection: Connection) -> None:
    """Each certificate altered in one byte at a time: by and by at every place of a credential, then at random ones."""
    dice = random.Random(1)
    stored = connection.execute("SELECT id, credential FROM certificate ORDER BY id").fetchall()
    longest = max(len(credential.encode()) for _, credential in stored)
    rounds = -(-longest // COUNT)
    places = [[turn * COUNT + at for at in range(COUNT)] for turn in range(rounds)]
    places.append([dice.randrange(longest) for _ in range(COUNT)])
    for some in places:
        altered = {}
        for (certificate_id, credential), place in zip(stored, some, strict=True):
            whole = credential.encode()
            if place < len(whole):
                altered[certificate_id] = turned(whole, place, dice).decode()
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE certificate SET credential = %s WHERE id = %s",
                [(text, certificate_id) for certificate_id, text in altered.items()],
            )
        # The audit ends its transaction after each page, and with it what was altered here: the log has but one page.
        assert {fault.record for fault in audit(connection)} == {str(one) for one in altered}
    assert audit(connection) == []


@pytest.mark.rule("PP-29")
def test_every_single_byte_changed_in_a_thousand_log_entries_is_found(connection: Connection) -> None:
    dice = random.Random(2)
    stored = connection.execute("SELECT index, entry FROM log_entry ORDER BY index").fetchall()
    longest = max(len(entry) for _, entry in stored)
    assert longest < COUNT, "one round reaches every byte"
    for place_of in (lambda at: at % longest, lambda at: dice.randrange(longest)):
        altered = {}
        for index, entry in stored:
            changed = bytearray(entry)
            changed[place_of(index) % len(entry)] ^= dice.randrange(1, 256)
            altered[index] = bytes(changed)
        connection.execute("ALTER TABLE log_entry DISABLE TRIGGER USER")
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE log_entry SET entry = %s WHERE index = %s", [(entry, index) for index, entry in altered.items()]
            )
        found = {fault.record for fault in audit(connection)}
        assert {f"entry {index}" for index in altered} <= found
    assert audit(connection) == []


OTHERS: dict[type, str] = {
    Uuid: "gen_random_uuid()",
    Text: "coalesce({0}, '') || 'x'",
    LargeBinary: "set_byte({0}, 0, 1 # get_byte({0}, 0))",
    Date: "{0} + 1",
    DateTime: "{0} + interval '1 microsecond'",
    Integer: "{0} + 1",
}


@pytest.mark.rule("PP-29")
def test_every_column_of_a_certificate_is_sealed_by_its_entry_or_there_is_a_reason(connection: Connection) -> None:
    columns = Certificate.__table__.columns
    assert {*rows.SEALED, *rows.NOT_SEALED} == set(columns.keys())
    ((certificate_id,),) = connection.execute("SELECT certificate_id FROM log_entry WHERE index = 42").fetchall()
    for name in rows.SEALED:
        other = next(sql for kind, sql in OTHERS.items() if isinstance(columns[name].type, kind))
        # Alone, without what the database itself would have against it.
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            f"UPDATE certificate SET {name} = {other.format(name)} WHERE id = %s".encode(), [certificate_id]
        )
        assert audit(connection), name
    assert audit(connection) == []


def test_a_row_is_sealed_the_same_whatever_the_connection_is_set_to(connection: Connection) -> None:
    query = f"SELECT id, {rows.DIGEST} FROM certificate ORDER BY id LIMIT 5"
    plain: list[Any] = connection.execute(query.encode()).fetchall()
    for setting in (
        "TimeZone = 'Asia/Shanghai'",
        "DateStyle = 'German'",
        "IntervalStyle = 'iso_8601'",
        "bytea_output = escape",
    ):
        connection.execute(f"SET {setting}".encode())
    assert connection.execute(query.encode()).fetchall() == plain
    assert all(isinstance(one, uuid.UUID) for one, _ in plain)


@pytest.mark.rule("PP-29", "PP-45")
def test_every_single_byte_changed_in_a_thousand_files_is_refused_by_who_verifies_them(pilot: Pilot) -> None:
    """One byte of each certificate, then one of each log proof: by and by at every place, with any other value."""
    issue(pilot, COUNT)
    sequence(pilot)
    dice, now, service = random.Random(3), clock.now(), pilot.certificates
    with service.database.session() as session:
        head = queries.head(session)
        assert head is not None
        some = session.execute(text("SELECT number, credential FROM certificate ORDER BY id")).all()
        ids = {one: of for of, one in session.execute(text("SELECT id, number FROM certificate"))}
        proofs = [queries.proof(session, queries.entries_of(session, ids[one.number])[0], head).text for one in some]
    evidence = evidence_of(bundle_of(pilot, some[0].number))
    shift = dice.randrange(COUNT)
    for at, (one, proof) in enumerate(zip(some, proofs, strict=True)):
        whole, file = one.credential.encode(), proof.encode()
        evidence.proofs = [ProofFile.parse(proof)]
        assert is_good(verify(orjson.loads(whole), evidence, now))
        try:
            altered = orjson.loads(turned(whole, (at * 7 + shift) % len(whole), dice))
        except ValueError:
            pass  # no reader gets further
        else:
            assert not is_good(verify(altered, evidence, now)), one.number
        try:
            evidence.proofs = [ProofFile.parse(turned(file, (at + shift) % len(file), dice).decode())]
        except ProofFileWrong:
            continue
        assert not is_good(verify(orjson.loads(whole), evidence, now)), one.number
