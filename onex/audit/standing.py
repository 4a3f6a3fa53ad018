"""How far everyone is: what lies in queues, outboxes and among what is parked, since when, and what was handled last.

The figures of `onex lag`. They cost little at any size: nothing here counts a table that grows.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg.rows import namedtuple_row

from onex.audit.books import connect
from onex.audit.queues import DELAY_TIERS, Depth, depths
from onex.chassis.invariants import Connection
from onex.chassis.settings import SERVICES
from onex.cli.services import consumers
from onex.messaging.topology import dead_letters_of, queue_of

COUNTED_TO = 100_000
_HANDLED = "SELECT handled_at FROM inbox WHERE consumer = %s ORDER BY event_id {} LIMIT 1"  # ids grow with time: an index look-up
_OUTBOX = (
    "SELECT lane, count(*) AS depth, EXTRACT(epoch FROM now() - min(occurred_at)) AS oldest_s FROM"
    f" (SELECT lane, occurred_at FROM outbox LIMIT {COUNTED_TO}) AS counted GROUP BY lane ORDER BY lane"
)
_PARKED = (
    "SELECT consumer, code, count(*) AS waiting, min(parked_at) AS since, min(reason) AS reason FROM parked"
    " WHERE outcome IS NULL GROUP BY consumer, code ORDER BY min(parked_at)"
)
_JOBS = (
    "SELECT id, kind, state, starts, position, total, accepted, refused, created_at FROM job"
    " WHERE state IN ('queued', 'running') ORDER BY id"
)


@dataclass(frozen=True)
class ConsumerStanding:
    """One consumer's queue and what it has handled. `depth` is None where the queue does not exist, or was not asked."""

    queue: str
    depth: Depth | None
    oldest_handled_at: datetime | None
    newest_handled_at: datetime | None


@dataclass
class ServiceStanding:
    """One service. The lists hold rows with the columns of the queries above."""

    service: str
    consumers: list[ConsumerStanding] = field(default_factory=list)
    outbox: list[Any] = field(default_factory=list)
    parked: list[Any] = field(default_factory=list)
    jobs: list[Any] = field(default_factory=list)


@dataclass
class Standing:
    services: list[ServiceStanding]
    shared: dict[str, Depth | None]
    """Delay tiers, which all consumers share, and each service's dead letters."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits anywhere."""
        queues = [one.depth for service in self.services for one in service.consumers] + list(self.shared.values())
        waits = any(one.outbox or one.parked or one.jobs for one in self.services)
        return not waits and not any(depth.ready for depth in queues if depth)


def standing(urls: Mapping[str, str], amqp_url: str, services: tuple[str, ...] = SERVICES) -> Standing:
    """Look at these services' databases and at the broker (the administrator's account)."""
    queues = {
        service: [queue_of(service, contract) for contract in contracts]
        for service, contracts in consumers().items()
        if service in services
    }
    shared = (*DELAY_TIERS, *(dead_letters_of(service) for service in services))
    found = depths(amqp_url, [*shared, *(queue for some in queues.values() for queue in some)])
    return Standing(
        [_of_service(urls, service, queues[service], found) for service in services],
        {queue: found[queue] for queue in shared},
    )


def _of_service(
    urls: Mapping[str, str], service: str, queues: list[str], found: Mapping[str, Depth | None]
) -> ServiceStanding:
    with closing(connect(urls, service)) as connection:
        return ServiceStanding(
            service,
            [
                ConsumerStanding(
                    queue, found[queue], _handled(connection, queue, "ASC"), _handled(connection, queue, "DESC")
                )
                for queue in sorted(queues)
            ],
            list(_rows(connection, _OUTBOX)),
            list(_rows(connection, _PARKED)),
            list(_rows(connection, _JOBS)),
        )


def _handled(connection: Connection, queue: str, order: str) -> datetime | None:
    row = connection.execute(_HANDLED.format(order).encode(), [queue]).fetchone()
    return row[0] if row else None


def _rows(connection: Connection, query: str) -> Iterator[Any]:
    with connection.cursor(row_factory=namedtuple_row) as cursor:
        yield from cursor.execute(query.encode())
