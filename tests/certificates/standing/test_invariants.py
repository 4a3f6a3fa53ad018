"""Whoever changes a standing behind the platform's back is found by the audit."""

from collections.abc import Iterator

import psycopg
import pytest

from onex.chassis.invariants import Connection
from services.certificates.standing.invariants import INVARIANTS
from tests.certificates.standing.conftest import Office, annulled

SOME = "(SELECT id FROM certificate WHERE state = '{}' LIMIT 1)"


@pytest.fixture
def connection(office: Office) -> Iterator[Connection]:
    """Certificates that were changed in every way, one annulled and waiting, and one that was never changed."""
    numbers = [office.certificate(f"考生{at}") for at in range(5)]
    for number, way in zip(numbers, (("suspend",), ("suspend", "reinstate"), ("revoke",), ("replace",)), strict=False):
        for kind in way:
            office.change(kind, number)
    result = office.pilot.result("李四")
    office.service.hear(result)
    office.service.hear(annulled(result))
    with psycopg.connect(office.service.database.dsn) as connection:
        yield connection


def found(connection: Connection) -> set[str]:
    """The invariants that do not hold."""
    return {one.name for one in INVARIANTS if list(one.faults(connection))}


def test_honest_standings_have_no_fault(connection: Connection) -> None:
    assert found(connection) == set()


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        (f"UPDATE certificate SET state = 'valid' WHERE id = {SOME.format('revoked')}", {"standings_recorded", "status_bits"}),
        (f"UPDATE certificate SET state = 'revoked' WHERE id = {SOME.format('valid')}", {"standings_recorded", "status_bits"}),
        (
            f"UPDATE certificate SET state = 'revoked' WHERE id = {SOME.format('suspended')}",
            {"standings_recorded", "status_bits"},
        ),
        (f"UPDATE certificate SET version = 9 WHERE id = {SOME.format('suspended')}", {"standings_recorded"}),
        ("UPDATE standing_change SET standing = 'valid' WHERE standing = 'suspended' AND version = 2", {"standings_recorded"}),
        ("DELETE FROM standing_change WHERE standing = 'revoked'", {"standings_recorded", "two_persons"}),
        ("UPDATE standing_change SET version = 7 WHERE version = 3", {"standings_recorded"}),
        ("DELETE FROM certificate WHERE replaces IS NOT NULL", {"replacements_linked"}),
        (
            f"UPDATE certificate SET replaces = {SOME.format('revoked')} WHERE replaces IS NOT NULL",
            {"replacements_linked"},
        ),
        ("UPDATE standing_change SET successor_id = certificate_id WHERE standing = 'replaced'", {"replacements_linked"}),
        ("UPDATE standing_proposal SET state = 'refused' WHERE kind = 'suspend'", {"two_persons"}),
        ("UPDATE standing_proposal SET state = 'approved', decided_by = 'x' WHERE state = 'proposed'", {"two_persons"}),
        ("DELETE FROM standing_proposal WHERE proposed_by = 'assessment'", {"annulments_proposed"}),
        ("UPDATE status_list SET bits = set_bit(bits, 77, 1 - get_bit(bits, 77)) WHERE purpose = 'revocation'", {"status_bits"}),
        ("DELETE FROM status_list WHERE purpose = 'suspension'", {"status_bits"}),
        ("UPDATE status_list SET credential = replace(credential, 'validUntil', 'validuntil')", {"status_bits"}),
        (
            "UPDATE status_list SET credential = (SELECT credential FROM status_list WHERE purpose = 'revocation')",
            {"status_bits"},
        ),
        ("UPDATE status_list SET credential = 'nothing'", {"status_bits"}),
        ("DELETE FROM platform_key", {"status_bits"}),
        ("UPDATE platform_key SET retired_at = valid_from", {"status_bits"}),
    ],
)  # fmt: skip
def test_what_was_altered_is_found(connection: Connection, statement: str, broken: set[str]) -> None:
    connection.execute(b"ALTER TABLE standing_change DISABLE TRIGGER USER")
    assert connection.execute(statement.encode()).rowcount
    assert found(connection) == broken
    connection.rollback()
    assert found(connection) == set()


def test_every_single_bit_that_is_turned_is_found(connection: Connection) -> None:
    (wrong,) = [one for one in INVARIANTS if one.name == "status_bits"]
    for bit in range(0, 131_072, 9_973):
        turned = (
            f"UPDATE status_list SET bits = set_bit(bits, {bit}, 1 - get_bit(bits, {bit})) WHERE purpose = 'revocation'"
        )
        connection.execute(turned.encode())
        details = [fault.detail for fault in wrong.faults(connection)]
        assert f"bit {bit ^ 7} is not what its certificate's standing says" in details
        connection.rollback()
