"""What each service's database must agree on with the others: one sorted stream of ids a book."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import psycopg

FETCH_ROWS = 5_000


@dataclass(frozen=True)
class Book:
    """A service's list of what it holds, as ids in ascending order."""

    name: str
    service: str
    query: str


PASSES = Book("passes", "assessment", "SELECT id FROM result WHERE passed AND published_at IS NOT NULL ORDER BY id")
CERTIFICATES_BY_RESULT = Book("certificates", "certificates", "SELECT result_id FROM certificate ORDER BY result_id")
CERTIFICATES = Book("certificates", "certificates", "SELECT id FROM certificate ORDER BY id")
DEPOSITS = Book("deposits", "creditbank", "SELECT certificate_id FROM deposit ORDER BY certificate_id")
NOTICES = Book(
    "notices",
    "notifications",
    "SELECT subject_id FROM notice WHERE name = 'certificate_issued' ORDER BY subject_id",
)

BOOKS = (PASSES, CERTIFICATES, DEPOSITS, NOTICES)

# Read from the end of the road to its beginning: what is at the end while we look must be at the beginning too.
PAIRS = ((CERTIFICATES, NOTICES), (CERTIFICATES, DEPOSITS), (PASSES, CERTIFICATES_BY_RESULT))


def connect(urls: Mapping[str, str], service: str) -> psycopg.Connection[tuple[uuid.UUID]]:
    """A read-only connection that sees one moment of the service's database."""
    dsn = urls[service].replace("postgresql+psycopg://", "postgresql://", 1)
    connection = psycopg.connect(dsn, application_name="onex-audit", connect_timeout=10)
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return connection


def ids(connection: psycopg.Connection[tuple[uuid.UUID]], book: Book) -> Iterator[uuid.UUID]:
    """The book's ids through a cursor on the server: memory does not grow with the table."""
    with connection.cursor(name=f"audit_{book.name}") as cursor:
        cursor.itersize = FETCH_ROWS
        cursor.execute(book.query)
        for (one,) in cursor:
            yield one
