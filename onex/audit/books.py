"""The roads of the platform: which service's book must say what another's says, and by which event it comes to know."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

from onex.audit.compare import Row
from onex.chassis.invariants import Book, Connection, stream
from onex.chassis.settings import SERVICES
from onex.cli.services import audit_of
from onex.contracts.assessment import ResultAnnulled, ResultPublished
from onex.contracts.certificates import CertificateIssued, CertificateStandingChanged
from onex.contracts.event import Event
from onex.contracts.pilot import FeeAgreed, FeeCeilingPublished, OrganizationExited, QuotaFiled, SiteStandingChanged
from onex.contracts.registry import AgreementSigned, CertificateTypePublished, OrganizationAdmitted, SiteFiled
from onex.messaging.topology import queue_of


@dataclass(frozen=True)
class Road:
    """From a book of the service that says `contract`, to the book of a service that hears it."""

    left: str
    right: str
    consumer: str
    contract: type[Event]
    later: type[Event] | None = None
    """What may be said of a record afterwards, and makes it a newer version."""

    @property
    def contracts(self) -> tuple[type[Event], ...]:
        """All that travels on it."""
        return (self.contract, self.later) if self.later else (self.contract,)

    @property
    def queues(self) -> tuple[str, ...]:
        return tuple(queue_of(self.consumer, contract) for contract in self.contracts)


ROADS = (
    Road("standings by notice", "standings noticed", "notifications", CertificateStandingChanged),
    Road("standings", "standings heard", "creditbank", CertificateStandingChanged),
    Road("certificates by notice", "notices", "notifications", CertificateIssued),
    Road("certificates by credit", "deposits", "creditbank", CertificateIssued),
    Road("passes", "certificates", "certificates", ResultPublished, ResultAnnulled),
    Road("organizations", "organizations copied", "assessment", OrganizationAdmitted),
    Road("agreements", "agreements copied", "assessment", AgreementSigned),
    Road("sites", "sites copied", "assessment", SiteFiled),
    Road("site standings", "site standings copied", "assessment", SiteStandingChanged),
    Road("quotas", "quotas copied", "assessment", QuotaFiled),
    Road("fee ceilings", "fee ceilings copied", "assessment", FeeCeilingPublished),
    Road("fee agreements", "fee agreements copied", "assessment", FeeAgreed),
    Road("exits", "exits copied", "assessment", OrganizationExited),
    Road("TEO exits", "TEO exits copied", "certificates", OrganizationExited),
    Road("TEOs", "TEOs copied", "certificates", OrganizationAdmitted),
    Road("certificate types", "certificate types copied", "assessment", CertificateTypePublished),
    Road("certificate types", "certificate types copied", "certificates", CertificateTypePublished),
    Road("certificate types", "certificate types copied", "creditbank", CertificateTypePublished),
)
"""Those of the main job from their end to their beginning; the copies of what the registry says after them."""


class Reader:
    """A book of a service, read through a connection that sees one moment of its database."""

    def __init__(self, urls: Mapping[str, str], service: str, name: str) -> None:
        self.connection = connect(urls, service)
        self.book = book_of(service, name)
        cursor = self.connection.execute(f"SELECT * FROM ({self.book.query}) AS book LIMIT 0".encode())
        self.columns = tuple(column.name for column in cursor.description or ())
        self.count = 0

    def rows(self) -> Iterator[Row]:
        """All rows in ascending order of ids, counted as they pass."""
        for row in stream(self.connection, self.book.query):
            self.count += 1
            yield row

    def rows_of(self, ids: Sequence[Any]) -> list[Row]:
        """The rows of these ids, in the same order."""
        query = f"SELECT * FROM ({self.book.query}) AS book WHERE id = ANY (%s::uuid[]) ORDER BY id"
        return self.connection.execute(query.encode(), [list(ids)]).fetchall()

    def close(self) -> None:
        self.connection.close()


def book_of(service: str, name: str) -> Book:
    """The book of that name; raises LookupError where the service keeps none."""
    for book in audit_of(service).BOOKS:
        if book.name == name:
            return book
    raise LookupError(f"{service} keeps no book of {name}")


def check_columns(left: Reader, right: Reader) -> None:
    """Raise ValueError where two books that are compared do not say the same things."""
    if left.columns != right.columns or left.columns[:2] != ("id", "since"):
        raise ValueError(f"{left.book.name} {left.columns} and {right.book.name} {right.columns} cannot be compared")


def connect(urls: Mapping[str, str], service: str) -> Connection:
    """A read-only connection that sees one moment of the service's database, from its first query on."""
    assert service in SERVICES
    dsn = urls[service].replace("postgresql+psycopg://", "postgresql://", 1)
    connection: Connection = psycopg.connect(dsn, application_name="onex-audit", connect_timeout=10)
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.adapters.register_loader("uuid", TextLoader)  # in the order in which PostgreSQL sorts them, and cheaper
    return connection
