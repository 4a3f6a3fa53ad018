"""What an event is: a past-tense fact with a version, subject and fields, written as a frozen dataclass.

The dataclass's annotations are the contract: `schema.py` derives the marshmallow schema and the JSON Schema from them, and
`decode` here checks the same things in a tenth of the time (a test holds the two equal). A contract only ever gains fields
with defaults; anything else is a new version beside the old one. Unknown fields are ignored: a reader bears a newer writer.
"""

import functools
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
        return typing.cast(Self, _reader(typing.cast(type, cls), cls.name)(raw))


Reader = Callable[[Any], Any]
"""Makes a value of its JSON; raises ValueError or TypeError, or Undecodable where it can name the field itself."""


@functools.cache
def _reader(cls: type, where: str) -> Reader:
    """The reader of a record that is found under the name `where`. Made once: most of the checks are decided here."""
    hints = typing.get_type_hints(cls)
    required: list[tuple[str, Reader]] = []
    optional: list[tuple[str, Reader]] = []
    for field in fields(cls):
        no_default = field.default is MISSING and field.default_factory is MISSING
        (required if no_default else optional).append((field.name, _value_reader(hints[field.name], field.name)))

    def read(raw: Any) -> Any:
        if not isinstance(raw, dict):
            raise Undecodable(f"{where}: an object is needed")
        name = ""
        values: dict[str, Any] = {}
        try:
            for name, convert in required:
                values[name] = convert(raw[name])
            for name, convert in optional:
                if name in raw:
                    values[name] = convert(raw[name])
        except KeyError:
            raise Undecodable(f"{where}: {name} is missing") from None
        except (ValueError, TypeError):
            raise Undecodable(f"{where}: {name} is not of its type") from None
        return cls(**values)

    return read


def _value_reader(hint: Any, where: str) -> Reader:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (_value_reader(option, where) for option in arguments if option is not type(None))
        return lambda raw: None if raw is None else inner(raw)
    if origin is tuple:
        item = _value_reader(arguments[0], where)
        return lambda raw: tuple([item(value) for value in _list(raw)])
    if origin is typing.Literal:
        return functools.partial(_one_of, arguments)
    if is_dataclass(hint):
        return _reader(typing.cast(type, hint), where)
    if hint in EXACT:
        return EXACT[hint]
    raise TypeError(f"contracts have no fields of type {hint}")


# The one spelling that JSON Schema's formats know; Python's own parsers take many more.
_is_uuid = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}").fullmatch
_is_date = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_is_date_time = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
).fullmatch


@functools.lru_cache(maxsize=1000)  # organizations, types and plans come again and again
def _uuid(raw: Any) -> uuid.UUID:
    if not _is_uuid(raw):  # TypeError for what is no text
        raise ValueError
    return uuid.UUID(raw)


def _date_time(raw: Any) -> datetime:
    if not _is_date_time(raw):
        raise ValueError
    return datetime.fromisoformat(raw)


def _date(raw: Any) -> date:
    if not _is_date(raw):
        raise ValueError
    return date.fromisoformat(raw)


# Not isinstance below: true is no integer here.
def _str(raw: Any) -> str:
    if type(raw) is not str:
        raise TypeError
    return raw


def _int(raw: Any) -> int:
    if type(raw) is not int:
        raise TypeError
    return raw


def _bool(raw: Any) -> bool:
    if type(raw) is not bool:
        raise TypeError
    return raw


def _list(raw: Any) -> list[Any]:
    if type(raw) is not list:
        raise TypeError
    return raw


def _one_of(allowed: tuple[Any, ...], raw: Any) -> Any:
    if raw not in allowed:
        raise ValueError
    return raw


EXACT: dict[type, Reader] = {
    uuid.UUID: _uuid, datetime: _date_time, date: _date, str: _str, int: _int, bool: _bool,
}  # fmt: skip
"""How a JSON value of each simple type is read; raises ValueError or TypeError. marshmallow's fields read by it too."""
