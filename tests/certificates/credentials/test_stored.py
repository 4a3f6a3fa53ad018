"""A stored credential that is not the one that was signed, or says something else than its row, is found."""

import pytest
from sqlalchemy import text

from onex.chassis.invariants import Fault, Kind
from services.certificates.credentials import genuine
from tests.certificates.given import Pilot


def faults(pilot: Pilot) -> list[Fault]:
    with pilot.certificates.database.engine.connect() as connection:
        return list(genuine.faults(connection.connection.driver_connection))  # type: ignore[arg-type]


def test_nothing_is_found_where_nothing_was_altered(pilot: Pilot) -> None:
    pilot.certificates.hear(*[pilot.result() for _ in range(3)])
    assert faults(pilot) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("credential = replace(credential, '004-2', '004-3')", "signature_mismatch"),
        ("credential = replace(credential, 'eddsa-jcs-2022', 'eddsa-rdfc-2022')", "unsupported_option"),
        ("credential = '{}'", "no_proof"),
        ("credential = 'x'", "cannot be read"),
        ("number = '260042F40ZR1ANEEBA66'", "says another number"),
        ("level = 'advanced'", "says another type or level"),
        ("standard_version = '3.0'", "says another standard"),
        ("issued_on = issued_on + 1", "says another day of issue"),
        ("status_index = (status_index + 1) % 131072", "says another place in the status lists"),
        ("status_list = status_list + 1", "says another status list"),
    ],
)
def test_an_alteration_is_found_in_its_certificate_alone(pilot: Pilot, change: str, why: str) -> None:
    pilot.certificates.hear(*[pilot.result() for _ in range(3)])
    altered = text(
        f"UPDATE certificate SET {change} WHERE id = (SELECT min(id::text)::uuid FROM certificate) RETURNING id"
    )
    with pilot.certificates.database.transaction() as session:
        certificate_id = session.scalars(altered).one()
    assert faults(pilot) == [Fault(Kind.ALTERED, str(certificate_id), f"its credential: {why}")]
