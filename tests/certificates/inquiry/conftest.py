"""A certificate to inquire about."""

import pytest

from onex.contracts.certificates import CertificateIssued
from tests.certificates.given import Pilot


@pytest.fixture
def number(pilot: Pilot) -> str:
    """The number of 欧阳娜娜's certificate."""
    pilot.certificates.hear(pilot.result("欧阳娜娜"))
    (said,) = pilot.certificates.said(CertificateIssued)
    assert isinstance(said, CertificateIssued)
    return said.number
