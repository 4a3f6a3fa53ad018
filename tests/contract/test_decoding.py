"""`Event.decode`, the marshmallow schema and the JSON Schema say the same of the same body."""

import types
import typing
import uuid
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from typing import Any

import jsonschema
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from onex.contracts.catalogue import CONTRACTS
from onex.contracts.event import Event, Undecodable
from onex.contracts.golden import samples_of
from onex.contracts.schema import json_schema, schema_of

ANYTHING: list[Any] = [
    None, True, False, 0, 1, -1, 2**64 - 1, 1.0, 1.5, "", "1", "true", "yes", "x", [], [1], {}, {"a": 1}, [{}], [None],
    "2026-11-01", "20261101", "2026-W44-7", "2026-13-01", "2026-11-01T00:00:00", "2026-11-01T00:00:00Z",
    "2026-11-01T00:00:00+08:00", "2026-11-01 00:00:00+00:00", "2026-11-01T00:00:00.123456789Z", "2026-11-01T25:00:00Z",
    "01930a3c-7b00-7000-8000-000000000001", "01930A3C-7B00-7000-8000-000000000001", "01930a3c7b0070008000000000000001",
    "{01930a3c-7b00-7000-8000-000000000001}", "urn:uuid:01930a3c-7b00-7000-8000-000000000001",
    "0x930a3c-7b00-7000-8000-000000000001", "０1930a3c-7b00-7000-8000-000000000001", "primary", "Primary",
]  # fmt: skip


def values(hint: Any) -> st.SearchStrategy[Any]:
    """JSON values that keep a field's annotation."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(st.none() if one is type(None) else values(one) for one in arguments))
    if origin is tuple:
        return st.lists(values(arguments[0]), max_size=3)
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if is_dataclass(hint):
        return bodies(typing.cast(type, hint))
    moments = st.datetimes(timezones=st.timezones(), min_value=datetime(1900, 1, 1))
    simple: dict[Any, st.SearchStrategy[Any]] = {
        uuid.UUID: st.uuids().map(str),
        datetime: st.one_of(moments.map(_rfc3339), st.just("2026-11-01T08:30:15.5Z")),
        date: st.dates().map(date.isoformat),
        str: st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        int: st.integers(-(2**63), 2**63 - 1),
        bool: st.booleans(),
    }
    return simple[hint]


def _rfc3339(moment: datetime) -> str:
    """To the minute: zones of long ago were off by seconds, which RFC 3339 cannot say."""
    offset = moment.strftime("%z")[:5]
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + (f"{offset[:3]}:{offset[3:]}" if offset else "Z")


def bodies(record: type) -> st.SearchStrategy[dict[str, Any]]:
    hints = typing.get_type_hints(record)
    required = {f.name: values(hints[f.name]) for f in fields(record) if f.default is MISSING}
    optional = {f.name: values(hints[f.name]) for f in fields(record) if f.default is not MISSING}
    return st.fixed_dictionaries(required, optional=optional)


def decodes(contract: type[Event], body: Any) -> bool:
    try:
        contract.decode(orjson.dumps(body))
    except Undecodable:
        return False
    return True


def loads(contract: type[Event], body: Any) -> bool:
    try:
        schema_of(contract)().load(body)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("contract", CONTRACTS)
def test_what_keeps_the_annotations_is_read_by_all_three_and_comes_back_the_same(contract: type[Event]) -> None:
    validator = jsonschema.Draft202012Validator(
        json_schema(contract), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )

    @settings(max_examples=60)
    @given(bodies(contract))
    def hold(body: dict[str, Any]) -> None:
        event = contract.decode(orjson.dumps(body))
        assert contract.decode(event.encode()) == event
        assert loads(contract, body)
        validator.validate(body)

    hold()


def _wrong_bodies(contract: type[Event]) -> list[Any]:
    """The golden sample with one field, or one field of a record inside, replaced by everything or left out."""
    golden = samples_of(contract)[0].body
    wrong: list[Any] = [None, [], [golden], "text", 1]
    for name, value in golden.items():
        wrong.append({key: kept for key, kept in golden.items() if key != name})
        wrong += [golden | {name: other} for other in ANYTHING]
        if isinstance(value, list):
            for inner in value[0]:
                wrong += [golden | {name: [value[0] | {inner: other}]} for other in ANYTHING]
                wrong.append(golden | {name: [{key: kept for key, kept in value[0].items() if key != inner}]})
    return wrong


@pytest.mark.parametrize("contract", CONTRACTS)
def test_whatever_stands_in_a_field_decode_and_marshmallow_agree_on_it(contract: type[Event]) -> None:
    disagree = [body for body in _wrong_bodies(contract) if decodes(contract, body) is not loads(contract, body)]
    assert disagree == []


@pytest.mark.parametrize("contract", CONTRACTS)
def test_what_decode_reads_the_json_schema_allows(contract: type[Event]) -> None:
    validator = jsonschema.Draft202012Validator(json_schema(contract))
    read = [body for body in _wrong_bodies(contract) if decodes(contract, body)]
    assert read
    assert [body for body in read if not validator.is_valid(body)] == []


@pytest.mark.parametrize("contract", CONTRACTS)
def test_what_the_json_schema_refuses_decode_refuses_and_names_the_field_but_not_its_value(
    contract: type[Event],
) -> None:
    golden = samples_of(contract)[0].body
    for name in golden:
        with pytest.raises(Undecodable) as caught:
            contract.decode(orjson.dumps(golden | {name: {"secret": "4711"}}))
        assert name in str(caught.value)
        assert "4711" not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"nul", b'{"a": NaN}', "{“a”: 1}".encode("gb18030")])
def test_what_is_not_json_in_utf8_is_undecodable(body: bytes) -> None:
    with pytest.raises(Undecodable, match="not JSON"):
        CONTRACTS[0].decode(body)


def test_contracts_are_told_apart_by_type_and_by_place_on_the_broker() -> None:
    assert len({contract.type() for contract in CONTRACTS}) == len(CONTRACTS)
    assert len({(contract.producer, contract.routing_key()) for contract in CONTRACTS}) == len(CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_subject_is_a_field_that_is_always_there(contract: type[Event]) -> None:
    assert contract.subject in json_schema(contract)["required"]
