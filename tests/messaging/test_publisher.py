"""Publishing in batches on a real broker, with the account of a service, which may do little."""

from collections.abc import Iterator

import pytest
from amqp.exceptions import AccessRefused, NotFound
from kombu import Connection

from onex.contracts.registry import OrganizationAdmitted
from onex.messaging import topology
from onex.messaging.publisher import NotConfirmed, Outgoing, Publisher
from tests.messaging.trial import QUEUE, Stage, message, organization


@pytest.fixture
def publisher(stage: Stage) -> Iterator[Publisher]:
    """As the registry's user."""
    one = Publisher(stage.environ["ONEX_AMQP_URL_REGISTRY"], "test")
    yield one
    one.close()


def test_a_batch_is_counted_when_the_broker_has_all_of_it(stage: Stage, publisher: Publisher) -> None:
    assert publisher.publish([message(organization(f"org-{number}")) for number in range(700)]) == 700
    assert publisher.publish([]) == 0
    assert publisher.publish([message(organization("one more"))]) == 1
    assert stage.waiting() == 701


def test_a_message_comes_out_as_it_went_in_however_large(stage: Stage, publisher: Publisher) -> None:
    large = message(b"x" * 400_000)  # more than one frame
    publisher.publish([large])
    with Connection(stage.environ["ONEX_AMQP_URL_NOTIFICATIONS"]) as connection:
        channel = connection.default_channel
        channel.auto_decode = False
        taken = channel.basic_get(QUEUE, no_ack=True)
    assert taken.body == large.body
    assert {name: value for name, value in taken.headers.items() if not name.startswith("x-")} == large.headers
    assert taken.properties["delivery_mode"] == 2
    assert taken.properties["message_id"] == large.message_id
    assert taken.properties["content_type"] == "application/json"


def test_a_message_that_no_queue_takes_is_not_confirmed(stage: Stage) -> None:
    publisher = Publisher(stage.environ["ONEX_AMQP_ADMIN_URL"], "test")
    lost = Outgoing("", "no.such.queue", {}, b"{}")
    with pytest.raises(NotConfirmed, match=r"no queue for no\.such\.queue"):
        publisher.publish([message(organization("routed")), lost])
    publisher.close()


def test_an_exchange_that_is_not_there_is_an_error_and_no_silence(stage: Stage) -> None:
    publisher = Publisher(stage.environ["ONEX_AMQP_ADMIN_URL"], "test")
    with pytest.raises(NotFound):
        publisher.publish([Outgoing("no.such.exchange", "key", {}, b"{}")])
    publisher.close()


def test_a_service_cannot_speak_for_another(publisher: Publisher) -> None:
    with pytest.raises(AccessRefused):
        publisher.publish([Outgoing("notifications.events", "organization_admitted", {}, b"{}")])


def test_a_service_makes_nothing_on_the_broker_and_reads_only_its_own_queues(stage: Stage) -> None:
    with Connection(stage.environ["ONEX_AMQP_URL_REGISTRY"]) as connection:
        with pytest.raises(AccessRefused):
            connection.channel().queue_declare("registry.of.its.own", durable=True)
        with pytest.raises(AccessRefused):
            connection.channel().basic_get(QUEUE)


def test_declaring_the_topology_again_changes_nothing_and_loses_nothing(stage: Stage) -> None:
    stage.put(organization("waiting"))
    with Connection(stage.environ["ONEX_AMQP_ADMIN_URL"]) as connection:
        for _ in range(2):
            topology.declare_platform(
                connection.default_channel, {"registry": [], "notifications": [OrganizationAdmitted]}
            )
    assert stage.waiting() == 1


def test_partners_hear_only_what_names_no_person(stage: Stage) -> None:
    with Connection(stage.environ["ONEX_AMQP_PARTNERS_ADMIN_URL"]) as connection:
        channel = connection.default_channel
        topology.declare_partners(channel)
        channel.exchange_declare(topology.exchange_of("certificates"), "topic", passive=True)
        for producer in ("assessment", "creditbank"):
            with pytest.raises(NotFound):
                connection.channel().exchange_declare(topology.exchange_of(producer), "topic", passive=True)
