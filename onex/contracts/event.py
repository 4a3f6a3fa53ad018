"""What an event is: a past-tense fact with a version, subject and fields, written as a frozen dataclass.

The dataclass's annotations are the contract: `schema.py` derives the marshmallow schema and the JSON Schema from them, and
`decode` here checks the same things in a tenth of the time (a test holds the two equal). A contract only ever gains fields
with defaults; anything else is a new version beside the old one. Unknown fields are ignored: a reader bears a newer writer.
"""

import re
import types
import typing
import uuid
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Self

import orjson


class Undecodable(Exception):
    """A message's body does not keep its contract. The message names the field, never its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of every event. Subclasses set `producer`, `name`, `version` and `subject`, and declare fields."""

    producer: ClassVar[str]
    name: ClassVar[str]
    version: ClassVar[int] = 1
    subject: ClassVar[str]
    """The field that names what the event is about."""

    @classmethod
    def type(cls) -> str:
        """The CloudEvents `type`, such as `onex.certificates.certificate_issued.v1`."""
        return f"onex.{cls.producer}.{cls.name}.v{cls.version}"

    @classmethod
    def routing_key(cls) -> str:
        """The event's name; a later version has its own key, so that readers of the first never see it."""
        return cls.name if cls.version == 1 else f"{cls.name}.v{cls.version}"

    def encode(self) -> bytes:
        """The JSON body."""
        return orjson.dumps(self)

    @classmethod
    def decode(cls, body: bytes | memoryview) -> Self:
        """Read a JSON body; raise Undecodable when it does not keep the contract."""
        try:
            raw = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise Undecodable("the body is not JSON in UTF-8") from None
        return typing.cast(Self, _reader(cls)(raw, cls.name))


Reader = Callable[[Any, str], Any]
_readers: dict[type, Reader] = {}


def _reader(cls: type) -> Reader:
    if cls not in _readers:
        _readers[cls] = _compile(cls)
    return _readers[cls]


def _compile(cls: type) -> Reader:
    hints = typing.get_type_hints(cls)
    required: list[tuple[str, Reader]] = []
    optional: list[tuple[str, Reader]] = []
    for field in fields(cls):
        no_default = field.default is MISSING and field.default_factory is MISSING
        (required if no_default else optional).append((field.name, _value_reader(hints[field.name])))

    def read(raw: Any, where: str) -> Any:
        if not isinstance(raw, dict):
            raise Undecodable(f"{where}: an object is needed")
        name = ""
        values: dict[str, Any] = {}
        try:
            for name, convert in required:
                values[name] = convert(raw[name], name)
            for name, convert in optional:
                if name in raw:
                    values[name] = convert(raw[name], name)
        except KeyError:
            raise Undecodable(f"{where}: {name} is missing") from None
        except (ValueError, TypeError):
            raise Undecodable(f"{where}: {name} is not of its type") from None
        return cls(**values)

    return read


def _value_reader(hint: Any) -> Reader:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (_value_reader(option) for option in arguments if option is not type(None))
        return lambda raw, where: None if raw is None else inner(raw, where)
    if origin is tuple:
        item = _value_reader(arguments[0])
        return lambda raw, where: tuple(item(value, where) for value in _exactly(list, raw))
    if origin is typing.Literal:
        return lambda raw, where: _one_of(arguments, raw)
    if is_dataclass(hint):
        return _reader(typing.cast(type, hint))
    if hint in EXACT:
        exact = EXACT[hint]
        return lambda raw, where: exact(raw)
    raise TypeError(f"contracts have no fields of type {hint}")


_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def _exactly(kind: type, raw: Any) -> Any:
    if type(raw) is not kind:  # not isinstance: true is no integer here
        raise TypeError
    return raw


def _spelled(raw: Any, spelling: re.Pattern[str]) -> str:
    """The one spelling that JSON Schema's formats know; Python's own parsers take many more."""
    if not spelling.fullmatch(_exactly(str, raw)):
        raise ValueError
    return typing.cast(str, raw)


EXACT: dict[type, Callable[[Any], Any]] = {
    uuid.UUID: lambda raw: uuid.UUID(_spelled(raw, _UUID)),
    datetime: lambda raw: datetime.fromisoformat(_spelled(raw, _DATE_TIME)),
    date: lambda raw: date.fromisoformat(_spelled(raw, _DATE)),
    str: lambda raw: _exactly(str, raw),
    int: lambda raw: _exactly(int, raw),
    bool: lambda raw: _exactly(bool, raw),
}
"""How a JSON value of each simple type is read; raises ValueError or TypeError. marshmallow's fields read by it too."""


def _one_of(allowed: tuple[Any, ...], raw: Any) -> Any:
    if raw not in allowed:
        raise ValueError
    return raw
