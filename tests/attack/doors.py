"""Every door of every service, as its app itself lists them: a door made tomorrow is attacked tomorrow."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask

from onex.chassis.access import Role
from onex.chassis.settings import SERVICES
from tests.harness.service import Service

YEAR = "2026"
NOBODY = uuid.UUID("00000000-0000-7000-8000-000000000000")


@dataclass(frozen=True)
class Door:
    """One method of one address. `roles` is empty where anyone may enter."""

    method: str
    rule: str
    roles: frozenset[Role]
    body: dict[str, Any] | None
    """The JSON Schema of its body, None for a door that takes no JSON."""
    takes_file: bool

    @property
    def reads_json(self) -> bool:
        return self.body is not None

    def path(self, value: object = NOBODY) -> str:
        """Its address with `value` wherever a value is wanted."""
        parts = [
            part if not part.startswith("<") else YEAR if value is NOBODY and part.startswith("<int:") else str(value)
            for part in self.rule.split("/")
        ]
        return "/".join(parts)


def doors_of(service: Service) -> Iterator[Door]:
    """The doors of a service's Flask app, with the bodies that its OpenAPI document promises to read."""
    app = flask_app_of(service)
    (api,) = app.extensions["flask-smorest"]["apis"].values()
    document = api["ext_obj"].spec.to_dict()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not hasattr(view, "onex_roles"):
            continue  # the OpenAPI document itself
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            described = document["paths"].get(_as_documented(rule.rule), {}).get(method.lower(), {})
            content = described.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            body = resolved(schema, document) if schema else None
            yield Door(method, rule.rule, view.onex_roles, body, "multipart/form-data" in content)


def flask_app_of(service: Service) -> Flask:
    """The service's Flask app; the inquiry door beside it is none."""
    service.call("GET", f"/{service.name}/v1/openapi.json", expect=200)
    (app,) = (one for one in service._web.routes.values() if isinstance(one, Flask))
    return app


def _as_documented(rule: str) -> str:
    parts = ["{" + p.strip("<>").split(":")[-1] + "}" if p.startswith("<") else p for p in rule.split("/")]
    return "/".join(parts)


def resolved(schema: Any, document: dict[str, Any]) -> Any:
    """The schema with what it refers to put in its place."""
    if isinstance(schema, list):
        return [resolved(one, document) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return resolved(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], document)
    return {key: resolved(value, document) for key, value in schema.items()}


def body_with(schema: dict[str, Any], text: Any = "text", number: Any = 1) -> Any:
    """A body of the schema's shape, with `text` wherever a free text stands and `number` wherever a number does."""
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return body_with(schema[choice][0], text, number)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        properties = {k: v for k, v in schema.get("properties", {}).items() if not v.get("readOnly")}
        return {name: body_with(one, text, number) for name, one in properties.items()} or {"name": text}
    if kind == "array":
        return [body_with(schema.get("items", {}), text, number)]
    if kind == "string":
        formats = {"uuid": str(NOBODY), "date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z"}
        return formats.get(schema.get("format", ""), text)
    return {"integer": number, "number": number, "boolean": True}.get(kind)


__all__ = ["NOBODY", "SERVICES", "Door", "body_with", "doors_of", "flask_app_of"]
