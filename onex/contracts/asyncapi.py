"""The platform's events as an AsyncAPI 3.0 document and as a page for people.

`python -m onex.contracts.asyncapi` writes both: docs/asyncapi.json and docs/events.md.
"""

import json
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

from onex.contracts.catalogue import CONTRACTS, OPEN_TO_PARTNERS, PACKED
from onex.contracts.event import Event
from onex.contracts.golden import samples_of
from onex.contracts.schema import json_schema

DOCS = Path(__file__).resolve().parents[2] / "docs"
JSON_FORMAT = "application/schema+json;version=draft-2020-12"
Consumers = Mapping[str, Iterable[type[Event]]]
_PACKED = ", ".join(contract.name for contract in PACKED)
_ATTRIBUTES = {
    "specversion": ("The CloudEvents version.", {"const": "1.0"}),
    "id": ("The event's id; the same when it is delivered again.", {"format": "uuid"}),
    "type": ("What happened, with the contract's version.", {}),
    "source": ("The service that says it.", {}),
    "subject": ("What it is about.", {}),
    "time": ("When it was said.", {"format": "date-time"}),
}


def document(consumers: Consumers) -> dict[str, Any]:
    """The AsyncAPI document; `consumers` says which events each service hears."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "OneX events",
            "version": "1",
            "description": (
                "What the five services of the 1+X certificate system say to each other and to partners. CloudEvents 1.0 "
                "in binary mode over AMQP 0-9-1: attributes in headers, JSON in the body. Delivered at least once and in "
                "any order: keep the ids you have handled, and take only newer versions of a subject. What is said by the "
                f"thousand and stays inside the platform ({_PACKED}) comes alone or, where there is more of it, up to a hundred "
                "events to a message, in the JSON batch format."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_channel_id(contract): _channel(contract) for contract in CONTRACTS},
        "operations": _operations(consumers),
        "components": {"messages": {contract.type(): _message(contract) for contract in CONTRACTS}},
    }


def _channel_id(contract: type[Event]) -> str:
    return f"{contract.producer}.{contract.routing_key()}"


def _channel(contract: type[Event]) -> dict[str, Any]:
    exchange = {"name": f"{contract.producer}.events", "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": contract.routing_key(),
        "title": _summary(contract),
        "messages": {contract.type(): {"$ref": f"#/components/messages/{contract.type()}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _operations(consumers: Consumers) -> dict[str, Any]:
    operations = {f"{contract.producer}.says.{contract.routing_key()}": ("send", contract) for contract in CONTRACTS}
    for service, heard in consumers.items():
        for contract in sorted(heard, key=lambda one: one.type()):
            operations[f"{service}.hears.{_channel_id(contract)}"] = ("receive", contract)
    return {name: _operation(action, contract) for name, (action, contract) in operations.items()}


def _operation(action: str, contract: type[Event]) -> dict[str, Any]:
    channel = f"#/channels/{_channel_id(contract)}"
    binding = {"deliveryMode": 2, "mandatory": True} if action == "send" else {"ack": True}
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{contract.type()}"}],
        "bindings": {"amqp": binding | {"bindingVersion": "0.3.0"}},
    }


def _message(contract: type[Event]) -> dict[str, Any]:
    return {
        "name": contract.type(),
        "title": _summary(contract),
        "contentType": "application/json",
        "headers": {"schemaFormat": JSON_FORMAT, "schema": headers_schema(contract)},
        "payload": {"schemaFormat": JSON_FORMAT, "schema": json_schema(contract)},
        "examples": [
            {"name": golden.name, "headers": golden.headers, "payload": golden.body} for golden in samples_of(contract)
        ],
    }


def headers_schema(contract: type[Event]) -> dict[str, Any]:
    """The JSON Schema of a message's AMQP headers."""
    own: dict[str, dict[str, Any]] = {"type": {"const": contract.type()}, "source": {"const": f"/{contract.producer}"}}
    properties = {
        f"cloudEvents_{name}": {"type": "string", "description": description} | facts | own.get(name, {})
        for name, (description, facts) in _ATTRIBUTES.items()
    }
    trace = {"type": "string", "description": "W3C Trace Context of what caused the event."}
    return {"type": "object", "properties": properties | {"traceparent": trace}, "required": list(properties)}


def table(consumers: Consumers) -> str:
    """The events as a page of Markdown."""
    lines = [
        "# Events",
        "",
        "Generated by `python -m onex.contracts.asyncapi` from the contracts; edit those. The same for machines is in",
        "[asyncapi.json](asyncapi.json). Every message is a CloudEvents 1.0 event in binary mode over AMQP: attributes in",
        "headers (`cloudEvents_id`, `cloudEvents_type`, …, `traceparent`), JSON in the body. It may come more than once and",
        "in any order.",
        "",
        f"What is said by the thousand and stays inside the platform ({_PACKED}) comes alone or, where there is more",
        "of it, up to a hundred events to a message: a JSON array of CloudEvents (`application/cloudevents-batch+json`).",
        "",
        "| event | said by | heard by | leaves the platform |",
        "|---|---|---|---|",
    ]
    for contract in CONTRACTS:
        hearers = ", ".join(service for service, heard in consumers.items() if contract in set(heard)) or "nobody yet"
        leaves = "yes" if contract in OPEN_TO_PARTNERS else "no"
        lines.append(f"| [{contract.name}](#{contract.name}) | {contract.producer} | {hearers} | {leaves} |")
    for contract in CONTRACTS:
        lines += _section(contract)
    return "\n".join(lines) + "\n"


def _section(contract: type[Event]) -> list[str]:
    doc = " ".join((contract.__doc__ or "").split())
    where = f"Type `{contract.type()}`, exchange `{contract.producer}.events`, routing key `{contract.routing_key()}`."
    lines = ["", f"## {contract.name}", "", doc, "", where, "", "| field | type | |", "|---|---|---|"]
    lines += _rows(contract, "")
    for golden in samples_of(contract)[:1]:
        lines += ["", "```json", json.dumps(golden.body, ensure_ascii=False, indent=2), "```"]
    return lines


def _rows(record: type, prefix: str) -> list[str]:
    hints = typing.get_type_hints(record)
    rows: list[str] = []
    for field in fields(record):
        needed = field.default is MISSING and field.default_factory is MISSING
        subject = "what the event is about" if field.name == getattr(record, "subject", None) else ""
        note = ", ".join(filter(None, [subject, "" if needed else "may be absent"]))
        rows.append(f"| `{prefix}{field.name}` | {_words(hints[field.name])} | {note} |")
        if typing.get_origin(hints[field.name]) is tuple and is_dataclass(
            item := typing.get_args(hints[field.name])[0]
        ):
            rows += _rows(typing.cast(type, item), f"{prefix}{field.name}[].")
    return rows


def _words(hint: Any) -> str:
    """A type as a reader says it."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join("null" if one is type(None) else _words(one) for one in arguments)
    if origin is typing.Literal:
        return ", ".join(f"`{value}`" for value in arguments)
    if origin is tuple:
        return f"list of {_words(arguments[0])}"
    simple = {"UUID": "uuid", "str": "string", "int": "integer", "bool": "true or false", "datetime": "date and time"}
    return "record" if is_dataclass(hint) else simple.get(hint.__name__, hint.__name__)


def _summary(contract: type[Event]) -> str:
    return contract.name.replace("_", " ").capitalize()


def files(consumers: Consumers) -> Sequence[tuple[Path, str]]:
    """What is written, and where."""
    machine = json.dumps(document(consumers), ensure_ascii=False, indent=1) + "\n"
    return [(DOCS / "asyncapi.json", machine), (DOCS / "events.md", table(consumers))]


def main() -> None:
    from onex.cli.services import consumers  # only this command needs the services; the contracts know none

    for file, text in files(consumers()):
        file.write_text(text)


if __name__ == "__main__":
    main()
