"""Compares the five databases: every published pass is one certificate, one deposit and one notice, none of them altered.

1. Compare the books of each road (books.py) by a merge; what differs is a doubt (doubts.py).
2. Ask every service what must hold inside it (services/<name>/audit.py).
3. Look at the outboxes and at what is parked.
4. Look at the doubts again, after a moment; what is still missing and not on its way is lost.

Only reads, in transactions that are read-only; memory does not grow with the tables.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta

from onex.audit.books import ROADS, Reader, connect
from onex.audit.doubts import Doubts, compared, on_the_road
from onex.audit.queues import DELAY_TIERS, depths
from onex.audit.report import Finding, Report
from onex.chassis import clock
from onex.chassis.invariants import Connection, Kind, stream
from onex.chassis.settings import SERVICES
from onex.cli.services import audit_of

LOOK_AGAIN_EVERY_S = 1.0
BOOKS = (
    ("passes", "assessment"),
    ("certificates", "certificates"),
    ("deposits", "creditbank"),
    ("notices", "notifications"),
)
"""Those of the main job, with their services: the four figures that must be equal."""


@dataclass(frozen=True)
class Terms:
    """How thorough and how patient an audit is."""

    signatures: bool = True
    """Also what is costly: verify every credential's signature."""
    patience_s: float = 10.0
    """So long may what is missing still arrive while the audit looks."""
    grace_s: float = 120.0
    """What came to be less than this ago is under way, not missing: a consumer that hangs may hold it."""
    stuck_after_s: float = 300.0
    """An event that has not left its outbox for so long is stuck."""
    amqp_url: str | None = None
    """The broker, with the administrator's account, to see whether queues hold anything; without it only time tells."""


def audit(
    urls: Mapping[str, str],
    terms: Terms | None = None,
    *,
    on_finding: Callable[[Finding], None] = lambda finding: None,
    on_step: Callable[[str], None] = lambda step: None,
) -> Report:
    """Audit the databases at these addresses (by service). Read-only; safe while the platform runs.

    `on_finding` is given every finding; the report keeps the first thousand. `on_step` is told what is looked at now.
    """
    terms, report = terms or Terms(), Report(on_finding=on_finding)
    doubts = []
    for road in ROADS:
        on_step(f"{road.left} → {road.right}")
        doubts.append(compared(urls, road, report.figures))
    for service in SERVICES:
        with closing(connect(urls, service)) as connection:
            for invariant in audit_of(service).INVARIANTS:
                if terms.signatures or not invariant.costly:
                    on_step(f"{service}: {invariant.holds}")
                    for fault in invariant.faults(connection):
                        report.add(Finding(fault.kind, service, invariant.name, fault.record, fault.detail))
                    connection.rollback()  # the next one looks at a moment of its own: no transaction lasts for minutes
            _look_at_messages(report, service, connection, terms)
    on_step("what differs, once more")
    _settle(report, urls, doubts, terms)
    return report


def count_books(urls: Mapping[str, str]) -> dict[str, int]:
    """How many records each book of the main job holds now: what to show while waiting, cheaper than comparing them."""
    counts: dict[str, int] = {}
    for name, service in BOOKS:
        with closing(Reader(urls, service, name)) as reader:
            counts[name] = _number(reader.connection, f"SELECT count(*) FROM ({reader.book.query}) AS book")
            if service == "creditbank":
                counts[name] -= _number(reader.connection, _WAITING)
    return counts


def audit_until_clean(
    urls: Mapping[str, str], wait_s: float, every_s: float = 1.0, terms: Terms | None = None
) -> Report:
    """Audit until all agrees and nothing waits, or the time is up; returns the last report, which is a whole one."""
    terms = terms or Terms()
    quick = replace(terms, signatures=False, patience_s=0.0)
    deadline = time.monotonic() + wait_s
    while time.monotonic() < deadline and not audit(urls, quick).is_clean:
        time.sleep(every_s)  # what is under way arrives meanwhile
    return audit(urls, terms)


_WAITING = "SELECT count(*) FROM waiting_certificate"
_STUCK = (
    "SELECT id, lane || ': ' || type || ' of ' || subject || ' waits since ' || occurred_at FROM outbox"
    " WHERE occurred_at < now() - make_interval(secs => %s)"
)
_PARKED = "SELECT id, consumer, code || ' since ' || parked_at FROM parked WHERE outcome IS NULL"


def _look_at_messages(report: Report, service: str, connection: Connection, terms: Terms) -> None:
    """Figures of what waits; what waits too long or was set aside is a finding."""
    report.unsent[service] = _number(connection, "SELECT count(*) FROM outbox")
    report.parked[service] = _number(connection, "SELECT count(*) FROM parked WHERE outcome IS NULL")
    for event_id, what in stream(connection, _STUCK, [terms.stuck_after_s]):
        report.add(Finding(Kind.STUCK, service, "outbox", str(event_id), what))
    for parked_id, consumer, what in stream(connection, _PARKED):
        report.add(Finding(Kind.PARKED, service, consumer, str(parked_id), what))
    if service == "creditbank":
        report.waiting_for_credit = _number(connection, _WAITING)
        report.figures["deposits"] -= report.waiting_for_credit
    if service == "notifications":
        states = connection.execute("SELECT state, count(*) FROM delivery GROUP BY state").fetchall()
        report.deliveries = dict(states)


def _settle(report: Report, urls: Mapping[str, str], all_doubts: list[Doubts], terms: Terms) -> None:
    """Step 4."""
    in_doubt = [doubts for doubts in all_doubts if doubts.open]
    deadline = time.monotonic() + terms.patience_s
    while any(doubts.may_settle for doubts in in_doubt) and time.monotonic() < deadline:
        time.sleep(min(LOOK_AGAIN_EVERY_S, terms.patience_s))  # what is under way arrives meanwhile
        for doubts in in_doubt:
            doubts.look_again(urls)
    waiting = _waiting_messages(terms, in_doubt)
    for doubts in in_doubt:
        busy = any(waiting.get(queue, 0) for queue in (*doubts.road.queues, *DELAY_TIERS))
        _judge(report, urls, doubts, busy, terms)


def _judge(report: Report, urls: Mapping[str, str], doubts: Doubts, busy: bool, terms: Terms) -> None:
    """What is lost, doubled or altered is a finding; what is parked was one already; the rest is under way."""
    road = doubts.road
    young_after = clock.now() - timedelta(seconds=terms.grace_s)
    hopes = on_the_road(urls, doubts, busy=busy, young_after=young_after)
    lost = 0
    for one in doubts.open.values():
        if one.kind is Kind.MISSING and str(one.id) in hopes.parked:
            continue
        if one.kind is Kind.MISSING and hopes.is_under_way(one):
            report.under_way[road.right] += 1
        else:
            lost += 1
            report.add(Finding(one.kind, road.consumer, road.right, str(one.id), one.detail))
    if doubts.more and lost:
        # Too many to look at twice. As some of those that were looked at are wrong, these are not taken to be right.
        report.add(Finding(Kind.MISSING, road.consumer, road.right, f"{doubts.more} more", "not looked at twice"))
    elif doubts.more:
        report.under_way[road.right] += doubts.more


def _waiting_messages(terms: Terms, in_doubt: list[Doubts]) -> dict[str, int]:
    if not terms.amqp_url or not in_doubt:
        return {}
    queues = {queue for doubts in in_doubt for queue in doubts.road.queues} | set(DELAY_TIERS)
    return {queue: depth.ready for queue, depth in depths(terms.amqp_url, queues).items() if depth}


def _number(connection: Connection, query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])
