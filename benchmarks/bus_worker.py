"""The product's side of the bus measure: a service that only says, and one that only records what it hears.

Both are what real services are: nameko workers with the platform's relay and consumer, on their own databases and least-rights
accounts. `python -m benchmarks.bus_worker certificates|creditbank`
"""

# ruff: noqa: E402 - eventlet patches before anything else is imported, as in onex/__main__.py

from onex import green

green.patch()

import sys

from onex.chassis.database import UnitOfWork, copy_in
from onex.chassis.ids import new_id
from onex.chassis.settings import Settings
from onex.contracts.certificates import CertificateIssued
from onex.messaging import worker
from onex.messaging.consumer import consumes
from onex.messaging.heard import Heard
from onex.messaging.relay import Relay


class Speaker:
    name = "certificates"

    relay = Relay()


class Listener:
    name = "creditbank"

    @consumes(CertificateIssued)
    def on_certificates(self, session: UnitOfWork, heard: list[Heard[CertificateIssued]]) -> None:
        """One row an event."""
        rows = ((new_id(), one.event.certificate_id, one.json.decode()) for one in heard)
        copy_in(session, "arrival", ("id", "certificate_id", "body"), rows)


if __name__ == "__main__":
    service = sys.argv[1]
    worker.run({"certificates": Speaker, "creditbank": Listener}[service], Settings.for_service(service))
