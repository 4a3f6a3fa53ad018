"""Fixtures of documents: certificates that were issued, with what they were issued for."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from onex.contracts.assessment import ResultPublished
from onex.contracts.certificates import CertificateIssued
from tests.certificates.given import Pilot

Issue = Callable[..., str]


@pytest.fixture
def issue(pilot: Pilot) -> Issue:
    """`issue("张三", sitting_id=…)`: the number of a new certificate, which is in the log."""

    def issued(name: str = "张三", document: str = "11010519491231002X", **changes: Any) -> str:
        result: ResultPublished = pilot.result(name, document, **changes)
        pilot.certificates.hear(result)
        pilot.certificates.fire("sequence_log")
        said = pilot.certificates.said(CertificateIssued)
        return next(str(one.number) for one in said if one.result_id == result.result_id)  # type: ignore[attr-defined]

    return issued


def stand(pilot: Pilot, number: str, state: str, *, replaces: str | None = None) -> None:
    """The certificate's standing, as if it had been changed; `replaces` makes it the successor of another."""
    with pilot.certificates.database.transaction() as session:
        session.execute(
            text(
                "UPDATE certificate SET state = :state, replaces = COALESCE((SELECT id FROM certificate WHERE number = :old),"
                " replaces) WHERE number = :number"
            ),
            {"state": state, "old": replaces, "number": number},
        )


def learner(pilot: Pilot, document: str) -> uuid.UUID:
    return pilot.certificates.vault.learner_id("RIC", document)
