"""A learner with two certificates, and doors that remember no earlier test's misses."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.certificates import CertificateIssued
from services.certificates.inquiry import pages
from tests.certificates.given import Pilot
from tests.certificates.inquiry.browsing import address, browser, phone, violations
from tests.harness.service import json_of

__all__ = ["DOOR", "SHOWN", "Learner", "address", "browser", "learner", "phone", "violations"]
DOOR = "/certificates/v1/presentations"
SHOWN = f"{DOOR}/shown"


@dataclass
class Learner:
    """欧阳娜娜, who has two certificates."""

    pilot: Pilot
    learner_id: Any
    numbers: list[str]

    def call(self, method: str, path: str, expect: int, **options: Any) -> TestResponse:
        return self.pilot.certificates.call(
            method, path, role=Role.LEARNER, learner_id=self.learner_id, expect=expect, **options
        )

    def make(self, *fields: str, number: str | None = None, expect: int = 201, **changes: Any) -> Any:
        """A link to one certificate, unless the changes say otherwise."""
        body = {
            "certificates": [{"number": number or self.numbers[0], "fields": list(fields or ("certificate_type",))}],
            "expires_at": (clock.now() + timedelta(days=7)).isoformat(),
        }
        return json_of(self.call("POST", DOOR, expect, json=body | changes))

    def shown(self, made: Any, expect: int = 200) -> Any:
        """What the link shows to a program that was given it."""
        return json_of(self.pilot.certificates.call("GET", f"{SHOWN}?{made['url'].partition('?')[2]}", expect=expect))


@pytest.fixture
def learner(pilot: Pilot) -> Learner:
    pilot.certificates.call("GET", pages.PATH, expect=200)  # the app is made
    pilot.certificates._web.routes["/certificates"].extensions[pages._LIMITS].forget()
    first = pilot.result("欧阳娜娜")
    second = pilot.result("欧阳娜娜", level="advanced")
    pilot.certificates.hear(first, second)
    of_result = {one.result_id: one.number for one in pilot.certificates.said(CertificateIssued)}  # type: ignore[attr-defined]
    return Learner(pilot, first.learner_id, [of_result[first.result_id], of_result[second.result_id]])
