"""A contract's marshmallow schema, JSON Schema (2020-12) and AsyncAPI 3 message, all derived from its dataclass."""

import functools
import types
import typing
import uuid
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import EXCLUDE, Schema, ValidationError, validate
from marshmallow import fields as m

from onex.contracts.event import Event, Moment

JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


@functools.cache
def schema_of(contract: type) -> type[Schema]:
    """The marshmallow schema of an event or of a record inside one."""
    hints = typing.get_type_hints(contract)
    members: dict[str, Any] = {}
    for field in fields(contract):
        needed = field.default is MISSING and field.default_factory is MISSING
        members[field.name] = _field(hints[field.name], required=needed)
    meta = type("Meta", (), {"unknown": EXCLUDE})
    return type(f"{contract.__name__}Schema", (Schema,), members | {"Meta": meta, "__doc__": contract.__doc__})


def _field(hint: Any, **options: Any) -> m.Field[Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (option for option in arguments if option is not type(None))
        return _field(inner, allow_none=True, **options)
    if origin is tuple:
        return _ArrayField(_field(arguments[0]), **options)
    if origin is typing.Literal:
        return m.String(validate=validate.OneOf(arguments), **options)
    if is_dataclass(hint):
        return m.Nested(schema_of(typing.cast(type, hint)), **options)
    return _SIMPLE[hint](**options)


class _ArrayField(m.List):
    """A JSON array and nothing else that can be iterated."""

    def _deserialize(self, value: Any, *arguments: Any, **options: Any) -> Any:
        if type(value) is not list:
            raise self.make_error("invalid")
        return super()._deserialize(value, *arguments, **options)


def _exact(field: type[m.Field[Any]], kind: type) -> type[m.Field[Any]]:
    """The field, reading exactly what `Event.decode` reads: marshmallow alone takes "yes" for true."""
    exact: Any = Moment if kind is datetime else kind

    def _deserialize(self: m.Field[Any], value: Any, *_arguments: Any, **_options: Any) -> Any:
        try:
            return msgspec.convert(value, exact)
        except msgspec.ValidationError:
            raise ValidationError(f"Not a valid {kind.__name__}.") from None

    return type(field.__name__, (field,), {"_deserialize": _deserialize})


_SIMPLE: dict[Any, type[m.Field[Any]]] = {
    uuid.UUID: _exact(m.UUID, uuid.UUID),
    datetime: _exact(m.AwareDateTime, datetime),
    date: _exact(m.Date, date),
    str: m.String,
    int: _exact(m.Integer, int),
    bool: _exact(m.Boolean, bool),
}


def json_schema(contract: type[Event]) -> dict[str, Any]:
    """The JSON Schema of an event's body; nested records are inlined, so that the document stands alone."""
    return {
        "$schema": JSON_SCHEMA,
        "$id": f"urn:{contract.type()}",
        "title": contract.type(),
        "description": " ".join((contract.__doc__ or "").split()),
    } | _object(schema_of(typing.cast(type, contract))())


def _object(schema: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: _property(field) for name, field in schema.fields.items()},
        "required": [name for name, field in schema.fields.items() if field.required],
    }


def _property(field: Any) -> dict[str, Any]:
    if isinstance(field, m.Nested):
        inner = _object(field.schema)
        return {"anyOf": [inner, {"type": "null"}]} if field.allow_none else inner
    if isinstance(field, m.List):
        return {"type": "array", "items": _property(field.inner)}
    return OpenAPIConverter("3.1.0", _inline, _NoSpec()).field2property(field)  # type: ignore[arg-type]


def _inline(_schema: Any) -> None:
    """No schema is a component of its own."""


class _NoSpec:
    """The converter asks a specification for components; ours are inlined."""

    components = None
