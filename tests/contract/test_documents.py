"""docs/asyncapi.json and docs/events.md are what the contracts and the services' doors say now."""

import json
from typing import Any

import jsonschema
import pytest

from onex.cli.services import consumers
from onex.contracts import asyncapi
from onex.contracts.catalogue import CONTRACTS


@pytest.fixture(scope="module")
def heard() -> dict[str, Any]:
    return {service: list(contracts) for service, contracts in consumers().items()}


def test_the_committed_documents_are_what_is_generated(heard: dict[str, Any]) -> None:
    stale = [file.name for file, text in asyncapi.files(heard) if not file.exists() or file.read_text() != text]
    assert not stale, "run: python -m onex.contracts.asyncapi"


def test_every_reference_leads_somewhere(heard: dict[str, Any]) -> None:
    document = asyncapi.document(heard)

    def follow(reference: str) -> Any:
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [value["$ref"]] if "$ref" in value else [r for one in value.values() for r in references(one)]
        return [r for one in value for r in references(one)] if isinstance(value, list) else []

    found = references(document)
    assert len(found) > len(CONTRACTS)
    for reference in found:
        assert follow(reference)


def test_every_example_keeps_the_schemas_beside_it(heard: dict[str, Any]) -> None:
    for message in asyncapi.document(heard)["components"]["messages"].values():
        assert message["examples"]
        for example in message["examples"]:
            jsonschema.validate(example["payload"], message["payload"]["schema"])
            jsonschema.validate(example["headers"], message["headers"]["schema"])


def test_every_event_is_said_once_and_heard_by_those_whose_worker_has_a_door(heard: dict[str, Any]) -> None:
    operations = asyncapi.document(heard)["operations"]
    said = [operation["channel"]["$ref"] for operation in operations.values() if operation["action"] == "send"]
    assert len(said) == len(set(said)) == len(CONTRACTS)
    hears = {name.split(".hears.")[0] for name in operations if ".hears." in name}
    assert hears == {service for service, contracts in heard.items() if contracts}


def test_a_service_hears_only_what_some_service_says(heard: dict[str, Any]) -> None:
    for contracts in heard.values():
        assert set(contracts) <= set(CONTRACTS)


def test_the_document_is_json_a_reader_can_read() -> None:
    text = {file.name: text for file, text in asyncapi.files({})}["asyncapi.json"]
    assert json.loads(text)["asyncapi"] == "3.0.0"
    assert "老年照护" in text
