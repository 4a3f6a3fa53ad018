"""The service with a published certificate type, and proposals made and approved through its doors."""

from collections.abc import Callable
from typing import Any

import pytest

from onex.chassis import clock
from onex.chassis.access import Role
from tests.creditbank.samples import TEO, TYPE, published
from tests.harness.service import Service, json_of

PATH = "/creditbank/v1/proposals"


@pytest.fixture
def creditbank(service: Callable[[str], Service]) -> Service:
    one = service("creditbank")
    one.hear(published(clock.today()))
    return one


def body(level: str = "primary", standard: str = "1.0", credit_hundredths: int = 250) -> dict[str, Any]:
    return {
        "certificate_type_id": str(TYPE),
        "level": level,
        "standard_version": standard,
        "credit_hundredths": credit_hundredths,
        "hours": 64,
        "rationale": "64 hours of training and assessment, as in comparable courses.",
    }


def propose(creditbank: Service, **of: Any) -> dict[str, Any]:
    answer = creditbank.call("POST", PATH, role=Role.TEO, organization_id=TEO, json=body(**of), expect=201)
    made: dict[str, Any] = json_of(answer)
    return made


def approve(creditbank: Service, **of: Any) -> dict[str, Any]:
    """Propose and approve a standard's credit record."""
    made = propose(creditbank, **of)
    answer = creditbank.call("POST", f"{PATH}/{made['id']}/approval", role=Role.MINISTRY, expect=200)
    approved: dict[str, Any] = json_of(answer)
    return approved
