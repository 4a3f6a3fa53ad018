"""Compares the five databases: every published pass is one certificate, one deposit and one notice, and nothing is stuck."""

import time
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from onex.audit.books import BOOKS, PAIRS, Book, connect, ids
from onex.audit.compare import Difference, differences
from onex.chassis.settings import SERVICES

SHOWN = 100


@dataclass(frozen=True)
class Finding:
    """One record that is missing, orphaned or doubled in a book."""

    kind: Difference
    book: str
    id: uuid.UUID


@dataclass
class Report:
    """What an audit saw."""

    figures: dict[str, int] = field(default_factory=dict)
    unsent: dict[str, int] = field(default_factory=dict)
    parked: dict[str, int] = field(default_factory=dict)
    deliveries: dict[str, int] = field(default_factory=dict)
    waiting_for_credit: int = 0
    findings: list[Finding] = field(default_factory=list)
    finding_counts: Counter[tuple[str, Difference]] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        """Whether everything agrees and nothing waits."""
        nothing_waits = not any(self.unsent.values()) and not any(self.parked.values()) and not self.waiting_for_credit
        return nothing_waits and not self.finding_counts and not self.deliveries.get("pending")


def audit(urls: Mapping[str, str]) -> Report:
    """Compare the databases at these addresses (by service). Read-only; safe while the platform runs."""
    report = Report()
    for left, right in PAIRS:
        with ExitStack() as open_books:
            # The right book is opened first: whatever is in it was in the left one before.
            seen_right = _counted(report, right, open_books, urls)
            seen_left = _counted(report, left, open_books, urls)
            for kind, one in differences(seen_left, seen_right):
                report.finding_counts[right.name, kind] += 1
                if len(report.findings) < SHOWN:
                    report.findings.append(Finding(kind, right.name, one))
    for service in SERVICES:
        with connect(urls, service) as connection:
            report.unsent[service] = _number(connection, "SELECT count(*) FROM outbox")
            report.parked[service] = _number(connection, "SELECT count(*) FROM parked WHERE outcome IS NULL")
            if service == "creditbank":
                report.waiting_for_credit = _number(connection, "SELECT count(*) FROM waiting_certificate")
            if service == "notifications":
                rows = connection.execute("SELECT state, count(*) FROM delivery GROUP BY state").fetchall()
                report.deliveries = dict(rows)  # type: ignore[arg-type]
    return report


def count_books(urls: Mapping[str, str]) -> dict[str, int]:
    """How many records each book holds now: what to show while waiting, cheaper than comparing them."""
    counts: dict[str, int] = {}
    for book in BOOKS:
        with connect(urls, book.service) as connection:
            counts[book.name] = _number(connection, f"SELECT count(*) FROM ({book.query}) AS book")
    return counts


def audit_until_clean(urls: Mapping[str, str], wait_s: float, every_s: float = 1.0) -> Report:
    """Audit again and again until all agrees or the time is up; returns the last report."""
    deadline = time.monotonic() + wait_s
    while not (report := audit(urls)).is_clean and time.monotonic() < deadline:
        time.sleep(every_s)
    return report


def _counted(report: Report, book: Book, stack: ExitStack, urls: Mapping[str, str]) -> Iterable[uuid.UUID]:
    connection = stack.enter_context(connect(urls, book.service))
    connection.execute("SELECT 1")  # the moment that is looked at is this one
    report.figures[book.name] = 0
    return _counting(report, book, ids(connection, book))


def _counting(report: Report, book: Book, stream: Iterable[uuid.UUID]) -> Iterable[uuid.UUID]:
    for one in stream:
        report.figures[book.name] += 1
        yield one


def _number(connection: object, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])  # type: ignore[attr-defined]
