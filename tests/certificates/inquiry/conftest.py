"""A certificate to inquire about, and doors that remember no earlier test's misses."""

import pytest

from onex.contracts.certificates import CertificateIssued
from services.certificates.inquiry import pages
from tests.certificates.given import Pilot
from tests.certificates.inquiry.browsing import address, browser, phone, violations

__all__ = ["address", "browser", "number", "phone", "violations"]


@pytest.fixture
def number(pilot: Pilot) -> str:
    """The number of 欧阳娜娜's certificate."""
    pilot.certificates.hear(pilot.result("欧阳娜娜"))
    (said,) = pilot.certificates.said(CertificateIssued)
    assert isinstance(said, CertificateIssued)
    return said.number


@pytest.fixture(autouse=True)
def nothing_missed_yet(pilot: Pilot) -> None:
    pilot.certificates.call("GET", pages.PATH, expect=200)  # the app is made
    app = pilot.certificates._web.routes["/certificates"]
    app.extensions[pages._LIMITS].forget()
