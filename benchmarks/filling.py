"""Tables of a wanted size, filled by SQL with made-up rows whose keys lie as real ones do.

Here what all of them need, and certificates; what other services keep is filled by the `growth_*.py` that measures it.
Everybody is called the same, so that any number can be asked for with the one name.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.passes import STANDARD_VERSION, Pilot
from onex.chassis import clock
from onex.chassis.ids import new_id, new_ids
from onex.chassis.pii import Vault, mask_name
from services.certificates.credentials import keys
from services.certificates.credentials.certificate_credential import achievement, issuer
from services.certificates.credentials.mould import Mould
from services.certificates.credentials.signing import Signer
from services.certificates.issuing import numbers
from services.certificates.issuing.names import name_index, seal_name
from services.certificates.issuing.rules import LEVEL_DIGIT
from services.certificates.standing.positions import LIST_SIZE, Position

NAME = "欧阳娜娜"
COLLEGES = tuple(new_ids(50))
_SITTINGS = tuple(new_ids(500))
SPREAD = 30_000
"""Of so many certificates the numbers are known, so that none need be asked for twice."""
_AT_ONCE = 50_000
_TEO = "INSERT INTO teo (id, version, code, name_zh, name_en, admitted_at) VALUES (%s, 1, %s, %s, %s, now())"
_TYPE = (
    "INSERT INTO certificate_type (id, version, code, name_zh, name_en, teo_id, levels)"
    " VALUES (%s, 1, %s, %s, %s, %s, jsonb_build_object(%s::text, %s::text))"
)
# uuidv7 as `new_id` makes them, at the end of their index; learners, numbers and names' indexes anywhere in theirs.
_CERTIFICATES = """
    INSERT INTO certificate (id, number, result_id, learner_id, name_index, sealed_name, masked_name,
        certificate_type_id, type_code, level, standard_version, teo_id, college_id, issued_on, entered_at,
        entry_due_on, entered_late, credential, published_at, status_list, status_index, source, sitting_id)
    SELECT uuidv7(), drawn.number, uuidv7(), gen_random_uuid(), %(index)s, %(sealed)s, %(masked)s,
        kind.id, kind.code, kind.level, %(version)s, kind.teo_id,
        (CAST(%(colleges)s AS uuid[]))[1 + drawn.place %% cardinality(%(colleges)s)],
        current_date, now(), current_date + 10, false, replace(%(credential)s, '0number0', drawn.number), now(),
        (%(begun)s + drawn.place) / %(list_size)s, (%(begun)s + drawn.place) %% %(list_size)s, 'platform',
        (CAST(%(sittings)s AS uuid[]))[1 + drawn.place %% cardinality(%(sittings)s)]
    FROM drawn JOIN (
        SELECT id, code, teo_id, (SELECT jsonb_object_keys(levels) LIMIT 1) AS level FROM certificate_type
    ) AS kind ON kind.code = drawn.type_code
    ORDER BY drawn.place
"""
# What is drawn from now on lies in lists that are nobody's yet.
_NEXT_LIST = "SELECT setval('status_position', (max(status_list) + 1) * %s::bigint, false) FROM certificate"
_INBOX = "INSERT INTO inbox (consumer, event_id) SELECT %s, uuidv7() FROM generate_series(1, %s)"
_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype IN ('p', 'u', 'f') AND (conrelid = ANY (%(tables)s::regclass[]) OR confrelid = ANY (%(tables)s::regclass[]))
    ORDER BY contype <> 'f', conname
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY (%(tables)s::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
    ORDER BY 1
"""
Connection = psycopg.Connection[Any]


@contextmanager
def stripped(connection: Connection, *tables: str) -> Iterator[None]:
    """The tables emptied and, while the block fills them, without keys, indexes and triggers; all come back at its end.

    In one transaction, so that a server with `wal_level = minimal` writes the rows once and not twice.
    """
    names = [sql.Identifier(table) for table in tables]

    def each(statement: str) -> None:
        for name in names:
            connection.execute(sql.SQL(statement).format(name))  # type: ignore[arg-type]

    with connection.transaction():
        connection.execute("SET LOCAL maintenance_work_mem = '1GB'")
        connection.execute("SET LOCAL work_mem = '256MB'")
        constraints = connection.execute(_CONSTRAINTS, {"tables": list(tables)}).fetchall()  # foreign keys first
        indexes = connection.execute(_INDEXES, {"tables": list(tables)}).fetchall()
        for table, name, _ in constraints:
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))
        each("ALTER TABLE {} DISABLE TRIGGER USER")
        yield
        for table, name, definition in reversed(constraints):
            connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}".encode())
        for _, definition in indexes:
            connection.execute(definition.encode())
        each("ALTER TABLE {} ENABLE TRIGGER USER")


def pilot(connection: Connection, known: Pilot) -> None:
    """TEOs and certificate types, as the certificates service keeps them."""
    for teo in known.teos:
        connection.execute(_TEO, (teo.organization_id, teo.code, teo.name_zh, teo.name_en))
    for one in known.types:
        level = one.levels[0].level
        values = (one.certificate_type_id, one.code, one.name_zh, one.name_en, one.teo_id, level, STANDARD_VERSION)
        connection.execute(_TYPE, values)


def certificates(connection: Connection, vault: Vault, rows: int) -> list[str]:
    """`rows` certificates into the product's table, dealt out over the types; the numbers of up to SPREAD of them."""
    types = connection.execute(
        "SELECT code, (SELECT jsonb_object_keys(levels) LIMIT 1) FROM certificate_type ORDER BY code"
    ).fetchall()
    values = {
        "index": name_index(vault, NAME),
        "sealed": seal_name(vault, NAME),
        "masked": mask_name(NAME),
        "version": STANDARD_VERSION,
        "colleges": list(COLLEGES),
        "sittings": list(_SITTINGS),
        "list_size": LIST_SIZE,
        "credential": credential(),
    }
    spread: list[str] = []
    connection.execute("CREATE TEMPORARY TABLE drawn (place integer, type_code text, number text)")
    for begun in range(0, rows, _AT_ONCE):
        count = min(_AT_ONCE, rows - begun)
        drawn = []
        for nth, (code, level) in enumerate(types):
            of_type = numbers.draw_many(len(range(nth, count, len(types))), 2026, code, LEVEL_DIGIT[level])
            drawn += [(nth + place * len(types), code, number) for place, number in enumerate(of_type)]
        spread += [number for _, _, number in drawn[:: max(1, rows // SPREAD)]]
        connection.execute("TRUNCATE drawn")
        with connection.cursor() as cursor, cursor.copy("COPY drawn FROM STDIN") as writing:
            for row in drawn:
                writing.write_row(row)
        connection.execute("ANALYZE drawn")
        connection.execute(_CERTIFICATES, values | {"begun": begun})
    connection.execute("DROP TABLE drawn")
    connection.execute(_NEXT_LIST, (LIST_SIZE,))
    return spread


def inbox(connection: Connection, consumer: str, rows: int) -> None:
    """`rows` claimed events."""
    connection.execute(_INBOX, (consumer, rows))


def settle(connection: Connection, tables: Sequence[str]) -> None:
    """What autovacuum would have done by the time: else the first reads would pay for the filling."""
    for table in tables:
        connection.execute(f"VACUUM ANALYZE {table}".encode())


def credential() -> str:
    """A credential as large as a real one; its number is `0number0`."""
    public_url, now = "https://onex.example", clock.now()
    secret = keys.new_secret()
    did = f"did:web:onex.example:certificates:v1:teos:{new_id()}"
    signer = Signer(secret, f"{did}#{keys.public_multibase(keys.public_of(secret))}")
    mould = Mould(
        signer,
        issuer(did, "工业和信息化部教育与考试中心 Education and Examination Centre"),
        achievement(
            url=f"{public_url}/registry/v1/certificate-types#004-intermediate",
            type_name="Web前端开发 Web front-end development",
            type_serial="004",
            level=2,
            criteria="按1.0版职业技能等级标准考核合格。 Passed the assessment by version 1.0 of the standard.",
            version=STANDARD_VERSION,
        ),
        public_url=public_url,
    )
    return mould.credential(
        url=f"{public_url}/certificates/v1/credentials/0number0",
        holder_name=NAME,
        issued_at=now,
        created=now,
        status=Position(0, LIST_SIZE // 2),
    ).decode()
