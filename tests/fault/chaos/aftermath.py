"""What must be true when everything that broke is back."""

import time
from collections import Counter

import kombu

from onex.audit.audit import Terms, audit, audit_until_clean
from onex.chassis.invariants import Kind
from onex.chassis.settings import SERVICES
from onex.cli.services import consumers
from onex.messaging.topology import RETRY_DELAYS_S, dead_letters_of, delay_exchange, queue_of
from tests.fault.chaos.flow import Flow
from tests.fault.chaos.proxied import Proxied
from tests.harness.report import Found

DRAINED_WITHIN_S = 60.0


def nothing_lost_and_nothing_doubled(flow: Flow, certificates: int, found: Found, since: float | None = None) -> None:
    """Within 60 s of the last fault every book agrees, and the partner has every notice of at least so many passes.

    `since`: when the last fault was over, on the monotonic clock; else it is now.
    """
    since = since or time.monotonic()
    deadline = since + DRAINED_WITHIN_S
    audit_until_clean(flow.direct, deadline - time.monotonic(), terms=Terms(signatures=False))
    drained_after_s = time.monotonic() - since
    report = audit(flow.direct)
    figures, kinds = report.figures, Counter[Kind]()
    for (_, _, kind), count in report.finding_counts.items():
        kinds[kind] += count
    new = figures["passes"] - flow.before["passes"]
    found(
        certificates=figures["certificates"] - flow.before["certificates"], lost=kinds[Kind.MISSING],
        doubled=kinds[Kind.DOUBLED] + kinds[Kind.ORPHANED], altered=kinds[Kind.ALTERED], parked=sum(report.parked.values()),
        longest_drain_s=drained_after_s,
    )  # fmt: skip
    assert report.is_clean, f"{report.finding_counts} {figures} {report.unsent} {report.parked} {report.deliveries}"
    assert figures["passes"] == figures["certificates"] == figures["deposits"] == figures["notices"]
    assert new >= certificates
    while len(flow.receiver.received) < new or flow.stream.seen < figures["notices"]:
        assert time.monotonic() < deadline, "the partner was not told of everything in time"
        time.sleep(0.2)
    assert drained_after_s <= DRAINED_WITHIN_S
    assert len(flow.receiver.received) == new
    assert flow.receiver.forged == 0
    found(webhooks=new, webhooks_repeated=flow.receiver.deliveries - new)


def nothing_is_left(proxied: Proxied) -> None:
    """The workers stop, so that no message is in anyone's hands: then every queue is empty. They are started again."""
    with proxied.workers_stopped():
        assert messages_left(proxied.servers.environment["ONEX_AMQP_ADMIN_URL"]) == {}
    for name in SERVICES:
        proxied.services.wait_ready(name)


def messages_left(admin_url: str) -> dict[str, int]:
    """What the platform's queues hold, without those that hold nothing."""
    names = {queue_of(name, contract) for name, contracts in consumers().items() for contract in contracts}
    names |= {dead_letters_of(name) for name in consumers()}
    names |= {delay_exchange(delay_s) for delay_s in RETRY_DELAYS_S}
    with kombu.Connection(admin_url) as connection:
        channel = connection.default_channel
        found = {name: channel.queue_declare(name, passive=True).message_count for name in names}
    return {name: count for name, count in found.items() if count}
