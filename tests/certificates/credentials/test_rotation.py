"""Keys are changed while certificates are issued, and every certificate verifies, then and later."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from onex.chassis.access import Role
from services.certificates.credentials import genuine
from services.certificates.issuing.models import Certificate
from tests.certificates.given import Pilot
from tests.harness.service import Service, json_of

ISSUERS, BATCHES, BATCH = 3, 12, 8
LEAST_ROTATIONS = 10


def issue(pilot: Pilot) -> None:
    """Batches of passes without a pause. None has to be told again because its key retired at that moment."""
    for _ in range(BATCHES):
        pilot.certificates.hear(*[pilot.result() for _ in range(BATCH)])


def document_of(pilot: Pilot) -> dict[str, Any]:
    return dict(
        json_of(pilot.certificates.call("GET", f"/certificates/v1/issuers/{pilot.teo_id}/did.json", expect=200))
    )


def credentials_of(service: Service) -> list[dict[str, Any]]:
    with service.database.session() as session:
        return [orjson.loads(text) for text in session.scalars(select(Certificate.credential))]


def until(done: threading.Event, least: int, act: Callable[[], None]) -> int:
    """Act again and again until all is done, and at least so often; how often."""
    count = 0
    while count < least or not done.is_set():
        act()
        count += 1
    return count


@pytest.mark.rule("OP-32")
def test_no_certificate_fails_to_verify_while_keys_are_changed_under_load(pilot: Pilot) -> None:
    service, issued = pilot.certificates, threading.Event()
    path = f"/certificates/v1/issuers/{pilot.teo_id}/keys"

    def rotate() -> None:
        service.call("POST", path, role=Role.TEO, organization_id=pilot.teo_id, expect=201)

    def verify() -> None:
        credentials = credentials_of(service)  # first: every key that signed one of them is in the document by then
        document = document_of(pilot)
        for one in credentials:
            genuine.check(one, document)

    rotate()  # the app is built before threads share it
    with ThreadPoolExecutor(ISSUERS + 2) as threads:
        issuing = [threads.submit(issue, pilot) for _ in range(ISSUERS)]
        rotating = threads.submit(until, issued, LEAST_ROTATIONS, rotate)
        verifying = threads.submit(until, issued, 1, verify)
        try:
            for one in issuing:
                one.result()
        finally:
            issued.set()
        rotations, checks = rotating.result(), verifying.result()

    credentials, document = credentials_of(service), document_of(pilot)
    assert len(credentials) == ISSUERS * BATCHES * BATCH
    assert len(document["verificationMethod"]) == 2 + rotations
    assert rotations >= LEAST_ROTATIONS
    assert checks
    proofs = [genuine.check(one, document) for one in credentials]
    assert len({proof.verification_method for (proof,) in proofs}) > 1
    with service.database.engine.connect() as connection:
        assert list(genuine.faults(connection.connection.driver_connection)) == []  # type: ignore[arg-type]
