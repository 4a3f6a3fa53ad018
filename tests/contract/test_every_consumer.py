"""Each golden sample against every consumer: no service is surprised by what another may say."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from onex.chassis.problems import NotYetKnown
from onex.chassis.settings import SERVICES
from onex.cli.services import worker_of
from onex.contracts.event import Event
from onex.contracts.golden import Golden, samples_of
from onex.messaging.consumer import contracts_of
from onex.messaging.heard import Heard, read
from tests.harness.service import Service

CASES = [
    pytest.param(name, contract, golden, id=f"{name}-{golden.name}")
    for name in SERVICES
    for contract in contracts_of(worker_of(name))
    for golden in samples_of(contract)
]


def opened(service: Service, contract: type[Event], golden: Golden) -> Heard[Any]:
    """The sample as this service would hear it: what is sealed is sealed with the platform's own key."""
    heard = read(contract, golden.headers, golden.body_bytes)
    sealed = {
        field.name: service.vault.seal_person("张三", "RIC", "11010519491231002X")
        for field in dataclasses.fields(contract)
        if field.name.startswith("sealed_")
    }
    return dataclasses.replace(heard, event=dataclasses.replace(heard.event, **sealed))


@pytest.mark.parametrize(("name", "contract", "golden"), CASES)
def test_a_golden_sample_is_handled_and_when_it_comes_again_nothing_is_said_twice(
    service: Callable[[str], Service], name: str, contract: type[Event], golden: Golden
) -> None:
    one = service(name)
    heard = opened(one, contract, golden)
    try:
        one.hear(heard)
    except NotYetKnown:
        return  # it would be tried again later
    said = one.said()
    one.hear(heard)
    assert one.said() == said
