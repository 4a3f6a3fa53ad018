"""The command line, and queues on the real broker that nobody but the test reads."""

from collections.abc import Callable

import kombu
import pytest

from onex.cli.services import consumers
from onex.local.platform import Platform
from onex.messaging.topology import queue_of
from tests.cli.broker import Broker
from tests.cli.command import Command
from tests.harness.service import Service


@pytest.fixture
def onex(servers: Platform) -> Command:
    return Command(servers)


@pytest.fixture
def broker(servers: Platform) -> Broker:
    """The platform's broker with every work queue empty."""
    url = servers.environment["ONEX_AMQP_ADMIN_URL"]
    with kombu.Connection(url) as connection:
        for service, contracts in consumers().items():
            for contract in contracts:
                connection.default_channel.queue_purge(queue_of(service, contract))
    return Broker(url)


@pytest.fixture
def services(service: Callable[[str], Service]) -> Callable[[str], Service]:
    """Every service's database is empty; `services("registry")` gives one."""
    for name in ("registry", "assessment", "certificates", "creditbank", "notifications"):
        service(name)
    return service
