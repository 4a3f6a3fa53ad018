"""Golden samples: what was once sent is read for ever."""

import dataclasses
import hashlib
from typing import Any

import jsonschema
import orjson
import pytest

from onex.contracts.asyncapi import headers_schema
from onex.contracts.catalogue import CONTRACTS
from onex.contracts.event import Event
from onex.contracts.golden import SAMPLES_FOLDER, Golden, samples_of
from onex.contracts.schema import json_schema, schema_of
from onex.messaging.heard import headers_of, read

EVERY = [(contract, golden) for contract in CONTRACTS for golden in samples_of(contract)]
by_name = pytest.mark.parametrize(("contract", "golden"), EVERY, ids=[golden.name for _, golden in EVERY])
CHECKED = jsonschema.Draft202012Validator.FORMAT_CHECKER


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_contract_has_a_sample(contract: type[Event]) -> None:
    assert samples_of(contract)


def test_every_sample_is_of_a_contract_and_none_was_ever_edited() -> None:
    """A new sample adds its line to SHA256SUMS; no line there ever changes."""
    sums = dict(reversed(line.split("  ")) for line in (SAMPLES_FOLDER / "SHA256SUMS").read_text().splitlines())
    files = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in SAMPLES_FOLDER.glob("*.json")}
    assert files == sums
    assert {f"{golden.name}.json" for _, golden in EVERY} == set(files)


@by_name
def test_a_sample_is_read_and_written_again_to_the_same_json(contract: type[Event], golden: Golden) -> None:
    heard = read(contract, golden.headers, golden.body_bytes)
    written = orjson.loads(heard.event.encode())
    assert {name: written[name] for name in golden.body} == golden.body
    gained = {f.name: f.default for f in dataclasses.fields(contract) if f.name in set(written) - set(golden.body)}
    assert all(getattr(heard.event, name) == default for name, default in gained.items())
    source, subject = golden.headers["cloudEvents_source"], str(getattr(heard.event, contract.subject))
    again = headers_of(
        heard.event_id, contract.type(), source, subject, heard.occurred_at, golden.headers["traceparent"]
    )
    assert again == golden.headers


@by_name
def test_a_sample_keeps_the_published_schemas(contract: type[Event], golden: Golden) -> None:
    jsonschema.validate(golden.body, json_schema(contract), format_checker=CHECKED)
    jsonschema.validate(golden.headers, headers_schema(contract), format_checker=CHECKED)
    assert schema_of(contract)().validate(golden.body) == {}


@by_name
def test_a_reader_bears_a_newer_writer(contract: type[Event], golden: Golden) -> None:
    newer = golden.body | {"a_field_of_tomorrow": {"deep": [1]}}
    assert contract.decode(orjson.dumps(newer)) == contract.decode(golden.body_bytes)
    jsonschema.validate(newer, json_schema(contract), format_checker=CHECKED)


@by_name
def test_a_field_that_may_be_absent_is_its_default_when_it_is(contract: type[Event], golden: Golden) -> None:
    defaults = {field.name: field.default for field in dataclasses.fields(contract)}
    optional = {name for name, field in schema_of(contract)().fields.items() if not field.required}
    older = {name: value for name, value in golden.body.items() if name not in optional}
    event: Any = contract.decode(orjson.dumps(older))
    assert all(getattr(event, name) == defaults[name] for name in optional)


@by_name
def test_an_event_that_leaves_the_platform_or_not_names_no_person_in_the_open(
    contract: type[Event], golden: Golden
) -> None:
    personal = {"name", "candidate_name", "document_number", "identity_number", "phone"}
    assert personal.isdisjoint(golden.body)
