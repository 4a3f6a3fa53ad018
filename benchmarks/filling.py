"""Tables of a wanted size, filled by SQL with made-up rows whose keys lie as real ones do.

Everybody is called the same, so that any number can be asked for with the one name.
"""

from collections.abc import Sequence
from typing import Any

import orjson
import psycopg

from benchmarks.passes import STANDARD_VERSION, Pilot
from onex.chassis import clock
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault, mask_name
from services.certificates.credentials import keys
from services.certificates.credentials.certificate_credential import achievement, certificate_credential, issuer
from services.certificates.credentials.signing import Signer
from services.certificates.issuing import numbers
from services.certificates.issuing.names import name_index, seal_name

NAME = "欧阳娜娜"
_AT_ONCE = 50_000
_TEO = "INSERT INTO teo (id, version, code, name_zh, name_en, admitted_at) VALUES (%s, 1, %s, %s, %s, now())"
_TYPE = (
    "INSERT INTO certificate_type (id, version, code, name_zh, name_en, teo_id, levels)"
    " VALUES (%s, 1, %s, %s, %s, %s, jsonb_build_object(%s::text, %s::text))"
)
# uuidv7 as `new_id` makes them, at the end of their index; results and learners anywhere in theirs.
_CERTIFICATES = """
    INSERT INTO certificate (id, number, result_id, learner_id, name_index, sealed_name, masked_name,
        certificate_type_id, type_code, level, standard_version, teo_id, college_id, issued_on, entered_at,
        entry_due_on, entered_late, credential)
    SELECT uuidv7(), drawn.number, uuidv7(), gen_random_uuid(), %(index)s, %(sealed)s, %(masked)s,
        kind.id, kind.code, %(level)s, %(version)s, kind.teo_id, colleges.ids[1 + drawn.place %% 50], current_date,
        now(), current_date + 10, false, replace(%(credential)s, '0number0', drawn.number)
    FROM generate_series(1, %(rows)s) AS series (place)
    JOIN drawn ON drawn.place = series.place
    CROSS JOIN (SELECT id, code, teo_id FROM certificate_type ORDER BY id LIMIT 1) AS kind
    CROSS JOIN (SELECT array_agg(gen_random_uuid()) AS ids FROM generate_series(1, 50)) AS colleges
"""
_INBOX = "INSERT INTO inbox (consumer, event_id) SELECT %s, uuidv7() FROM generate_series(1, %s)"


def pilot(connection: psycopg.Connection[Any], known: Pilot) -> None:
    """TEOs and certificate types, as the certificates service keeps them."""
    for teo in known.teos:
        connection.execute(_TEO, (teo.organization_id, teo.code, teo.name_zh, teo.name_en))
    for one in known.types:
        level = one.levels[0].level
        values = (one.certificate_type_id, one.code, one.name_zh, one.name_en, one.teo_id, level, STANDARD_VERSION)
        connection.execute(_TYPE, values)


def certificates(connection: psycopg.Connection[Any], vault: Vault, rows: int) -> list[str]:
    """`rows` certificates into the product's table; returns up to 10,000 of their numbers, spread over all."""
    spread: list[str] = []
    kind = connection.execute(
        "SELECT code, (SELECT jsonb_object_keys(levels) LIMIT 1) FROM certificate_type ORDER BY id"
    )
    code, level = kind.fetchone()  # type: ignore[misc]
    values = {
        "index": name_index(vault, NAME),
        "sealed": seal_name(vault, NAME),
        "masked": mask_name(NAME),
        "level": level,
        "version": STANDARD_VERSION,
        "credential": credential(),
    }
    connection.execute("CREATE TEMPORARY TABLE IF NOT EXISTS drawn (place bigint, number text)")
    for begun in range(0, rows, _AT_ONCE):
        count = min(_AT_ONCE, rows - begun)
        drawn = numbers.draw_many(count, 2026, code, 2)
        spread += drawn[:: max(1, rows // 10_000)]
        connection.execute("TRUNCATE drawn")
        with connection.cursor() as cursor, cursor.copy("COPY drawn FROM STDIN") as writing:
            for place, number in enumerate(drawn, 1):
                writing.write_row((place, number))
        connection.execute("ANALYZE drawn")
        connection.execute(_CERTIFICATES, values | {"rows": count})
    return spread


def inbox(connection: psycopg.Connection[Any], consumer: str, rows: int) -> None:
    """`rows` claimed events."""
    connection.execute(_INBOX, (consumer, rows))


def settle(connection: psycopg.Connection[Any], tables: Sequence[str]) -> None:
    """What autovacuum would have done by the time: else the first reads would pay for the filling."""
    for table in tables:
        connection.execute(f"VACUUM ANALYZE {table}")  # type: ignore[call-overload]


def credential() -> str:
    """A credential as large as a real one; its number is `0number0`."""
    public_url, now = "https://onex.example", clock.now()
    secret = keys.new_secret()
    did = f"did:web:onex.example:certificates:v1:teos:{new_id()}"
    unsigned = certificate_credential(
        url=f"{public_url}/certificates/v1/credentials/0number0",
        issuer=issuer(did, "工业和信息化部教育与考试中心 Education and Examination Centre"),
        achievement=achievement(
            url=f"{public_url}/registry/v1/certificate-types#004-intermediate",
            type_name="Web前端开发 Web front-end development",
            type_serial="004",
            level=2,
            criteria="按1.0版职业技能等级标准考核合格。 Passed the assessment by version 1.0 of the standard.",
            version=STANDARD_VERSION,
        ),
        holder_name=NAME,
        salt="0" * 32,
        issued_at=now,
    )
    signer = Signer(secret, f"{did}#{keys.public_multibase(keys.public_of(secret))}")
    return orjson.dumps(signer.sign(unsigned, now)).decode()
