"""A database that is full of certificates already is migrated: each gets a bit of its own."""

from collections.abc import Iterator

import psycopg
import pytest

from onex.chassis import migrating
from onex.local.platform import Platform
from services.certificates.standing.positions import LIST_SIZE
from tests.harness.databases import empty_database

FILLED = """
    INSERT INTO certificate (id, number, result_id, learner_id, name_index, sealed_name, masked_name, certificate_type_id,
        type_code, level, standard_version, teo_id, issued_on, entered_at, credential)
    SELECT gen_random_uuid(), 'N' || n, gen_random_uuid(), gen_random_uuid(), '\\x00', '', '', gen_random_uuid(), '004',
        'primary', '1', gen_random_uuid(), '2026-03-02', now(), '{}' FROM generate_series(1, %s) AS n
"""


@pytest.fixture
def database_url(servers: Platform) -> Iterator[str]:
    with empty_database(servers, "full_of_certificates") as url:
        yield url


@pytest.mark.parametrize(("count", "full", "next_number"), [(0, 0, 0), (1_000, 0, LIST_SIZE)])
def test_certificates_that_were_there_get_bits_of_their_own(
    database_url: str, count: int, full: int, next_number: int
) -> None:
    url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    migrating.upgrade("certificates", url, "0005")
    with psycopg.connect(database_url) as connection:
        connection.execute(FILLED.encode(), [count])
    migrating.upgrade("certificates", url, "0006")
    with psycopg.connect(database_url) as connection:
        places = connection.execute("SELECT status_list, status_index, number FROM certificate ORDER BY id").fetchall()
        assert connection.execute("SELECT nextval('status_position')").fetchone() == (next_number,)
    assert sorted(place[:2] for place in places) == [(full, index) for index in range(count)]
    # Not in the order of the ids, from which the order of issue could be told.
    assert count == 0 or [place[1] for place in places] != list(range(count))
