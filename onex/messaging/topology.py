"""Every name on the broker, and the declaration of all of it.

Services hold no right to configure anything: `onex migrate` declares the topology with the administrator's account.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from onex.contracts.catalogue import OPEN_TO_PARTNERS
from onex.contracts.event import Event

RETRY_DELAYS_S = (1, 5, 30, 300, 1800)
PLATFORM, PARTNERS = "platform", "partners"  # outbox lanes; each is a vhost
DELIVERY_LIMIT = 100  # ours parks an event that kills its process long before
STREAM_MAX_AGE = "365D"
RETIRED_QUEUES = (
    "notifications.creditbank.credit_deposited",
    "notifications.registry.certificate_type_published",
)  # nobody takes from them any more, so they would only grow


def exchange_of(producer: str) -> str:
    """The topic exchange a service says its events on; a stock nameko event handler expects this name."""
    return f"{producer}.events"


def stream_of(producer: str) -> str:
    """The stream that keeps everything a service says."""
    return f"{producer}.stream"


def queue_of(consumer: str, contract: type[Event]) -> str:
    """The consumer's work queue for one event."""
    return f"{consumer}.{contract.producer}.{contract.routing_key()}"


def dead_letters_of(consumer: str) -> str:
    return f"{consumer}.dead"


def delay_exchange(delay_s: int) -> str:
    """Published here with a queue's name as routing key, a message is in that queue after the delay."""
    return f"onex.delay.{delay_s}"


def declare_platform(channel: Any, consumers: Mapping[str, Iterable[type[Event]]]) -> None:
    """Declare the platform's vhost: exchanges, streams, delay tiers, and every consumer's queues and bindings."""
    for service in consumers:
        _declare_voice(channel, service)
    for delay_s in RETRY_DELAYS_S:
        _declare_delay(channel, delay_s)
    for queue in RETIRED_QUEUES:
        channel.queue_delete(queue)
    for consumer, contracts in consumers.items():
        dead = dead_letters_of(consumer)
        channel.queue_declare(dead, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        for contract in contracts:
            queue = queue_of(consumer, contract)
            arguments = _safe_quorum("", dead) | {"x-delivery-limit": DELIVERY_LIMIT}
            channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)
            channel.queue_bind(queue, exchange_of(contract.producer), contract.routing_key())


def declare_partners(channel: Any) -> None:
    """Declare the partners' vhost: the same exchanges and streams of what partners may hear."""
    for producer in {contract.producer for contract in OPEN_TO_PARTNERS}:
        _declare_voice(channel, producer)


def _declare_voice(channel: Any, producer: str) -> None:
    exchange, stream = exchange_of(producer), stream_of(producer)
    channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
    arguments = {"x-queue-type": "stream", "x-max-age": STREAM_MAX_AGE}
    channel.queue_declare(stream, durable=True, auto_delete=False, arguments=arguments)
    channel.queue_bind(stream, exchange, "#")


def _declare_delay(channel: Any, delay_s: int) -> None:
    name = delay_exchange(delay_s)
    arguments = _safe_quorum("", None) | {"x-message-ttl": delay_s * 1000}
    channel.exchange_declare(name, "fanout", durable=True, auto_delete=False)
    channel.queue_declare(name, durable=True, auto_delete=False, arguments=arguments)
    channel.queue_bind(name, name)


def _safe_quorum(dead_letter_exchange: str, dead_letter_key: str | None) -> dict[str, Any]:
    """A quorum queue whose dead letters are confirmed before they leave it."""
    arguments: dict[str, Any] = {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": dead_letter_exchange,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    if dead_letter_key is not None:
        arguments["x-dead-letter-routing-key"] = dead_letter_key
    return arguments
