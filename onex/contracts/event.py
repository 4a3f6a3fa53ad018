"""What an event is: a past-tense fact with a version, subject and fields, written as a frozen dataclass.

The dataclass's annotations are the contract: `schema.py` derives the marshmallow schema and the JSON Schema from them, and
`decode` checks the same things as msgspec reads the body (a test holds them equal). A contract only ever gains fields with
defaults; anything else is a new version beside the old one. Unknown fields are ignored: a reader bears a newer writer.
"""

import functools
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self, cast

import msgspec
import orjson

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its zone."""


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
            return cast(Self, _decoder(cast(type, cls)).decode(body))
        except msgspec.ValidationError as error:
            raise Undecodable(f"{cls.name}: {_without_values(str(error))}") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Undecodable("the body is not JSON in UTF-8") from None


@functools.cache
def _decoder(cls: type) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(cls)


_MISSING = re.compile(r"Object missing required field `(\w+)`")
_PLACE = re.compile(r"`\$\.?(.+)`$")


def _without_values(error: str) -> str:
    """msgspec's message, told by the field alone: it may quote what stands there."""
    if missing := _MISSING.match(error):
        return f"{missing[1]} is missing"
    place = _PLACE.search(error)
    return f"{place[1]} is not of its type" if place else "an object is needed"
